"""Options on a grid, weighted chances, and the normal distribution in expressions."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import parley
from parley.game import inspect
from parley.scenario import loads
from parley.scenario.grid import grid_labels
from parley.scenario.model import Span
from parley.scenario.yaml import Entry, Mapping, Scalar
from tests.game.stories import scenario

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "offer.md"
SPAN = Span("<text>", 1, 1)

DEMAND = """
players: {a: A, b: B}
precision: 2000
parameters: {p: 0.5, cost: 0.1, decay: 3}
story:
  - {nature: dread, options: {from: 0.005, to: 0.395, by: 0.01WEIGHT}, seen by: [b]}
  - {player: a, move: more, options: {from: 0, to: 0.4, by: 0.01}}
  - {player: b, move: answer, options: [yield, fight]}
  - outcomes: {peace: answer is yield, war: otherwise}
payoffs:
  a: {peace: p + more, war: p - cost}
  b: {peace: 1 - p - more, war: 1 - p - dread}
quantities: {demand: E(more), war: P(war), low: P(dread < 0.1), odds: E(Phi(more))}
"""


def measured(text: str) -> dict[str, float]:
    results = parley.run(scenario(text), draws=16)
    assert all((proof.status == 0).all() for proof in results.proofs.values())
    return {name: float(values[0]) for (name, _), values in results.quantities.items()}


def grid(**ends: str) -> tuple[str, ...] | str:
    def scalar(text: str) -> Scalar:
        return Scalar(text, True, False, SPAN)

    entries = tuple(Entry(scalar(key), scalar(value)) for key, value in ends.items())
    return grid_labels(Mapping(entries, False, SPAN))


def test_a_demand_on_a_grid_is_the_one_in_closed_form() -> None:
    """Fearon 1995 with costs uniform on [0, 0.4]: demand .65, Pr(war) .375 (types at midpoints of cells)."""
    found = measured(DEMAND.replace("WEIGHT", ""))
    assert found["demand"] == pytest.approx(0.15, abs=2e-3)  # neighbours differ by 2.5e-4
    assert found["war"] == pytest.approx(0.375, abs=5e-3)
    assert found["low"] == pytest.approx(0.25, abs=1e-12)


def test_chances_are_proportional_to_weights() -> None:
    found = measured(DEMAND.replace("WEIGHT", ", weight: exp(-decay * dread)"))
    types = 0.005 + 0.01 * np.arange(40)
    weights = np.exp(-3 * types)
    assert found["low"] == pytest.approx(weights[types < 0.1].sum() / weights.sum(), abs=1e-12)


def test_the_normal_distribution_in_an_expression() -> None:
    text = DEMAND.replace("WEIGHT", "").replace("E(Phi(more))", "E(Phi(0 - 1.96))")
    assert measured(text)["odds"] == pytest.approx(0.5 * math.erfc(1.96 / math.sqrt(2)), abs=1e-15)
    varied = text.replace("Phi(0 - 1.96)", "Phi(decay - 4)").replace("decay: 3", "decay: {range: [2, 3]}")
    results = parley.run(scenario(varied), draws=16)
    (values,) = (each for (name, _), each in results.quantities.items() if name == "odds")
    assert np.all((values > 0.5 * math.erfc(2 / math.sqrt(2))) & (values < 0.5 * math.erfc(1 / math.sqrt(2))))


def test_in_a_repeat_the_weight_sees_the_option_and_not_the_round_before() -> None:
    text = """
players: {a: A}
story:
  - repeat: 2
    story:
      - {nature: step, options: {from: 1, to: 2, weight: step}, seen by: [a]}
  - {player: a, move: act, options: [x, y]}
  - outcomes: [end]
payoffs: {a: {end: 0}}
quantities: {two: P(step is 2), both: P(times(step is 2) = 2)}
"""
    found = measured(text)
    assert found["two"] == pytest.approx(2 / 3, abs=1e-12)
    assert found["both"] == pytest.approx(4 / 9, abs=1e-12)


@pytest.mark.parametrize(
    ("ends", "what"),
    [
        ({"from": "0", "to": "1", "by": "0.3"}, "do not come to 1"),
        ({"from": "1", "to": "1"}, "must be the larger"),
        ({"from": "0", "to": "1", "by": "0"}, "above 0"),
        ({"from": "0", "to": "1", "by": "-1"}, "above 0"),
        ({"from": "0", "to": "1000"}, "1,001 numbers"),
        ({"from": "0", "to": "1e999999999"}, "written out"),
        ({"from": "nan", "to": "1"}, "written out"),
        ({"from": "a", "to": "1"}, "written out"),
    ],
)
def test_what_is_no_grid_is_refused_in_words(ends: dict[str, str], what: str) -> None:
    found = grid(**ends)
    assert isinstance(found, str)
    assert what in found


def test_a_grid_is_exact_and_writes_its_numbers_plainly() -> None:
    assert grid(**{"from": "0", "to": "0.3", "by": "0.1"}) == ("0", "0.1", "0.2", "0.3")
    assert grid(**{"from": "-0.50", "to": "0.50", "by": "0.5"}) == ("-0.5", "0", "0.5")
    assert grid(**{"from": "1e2", "to": "300", "by": "100"}) == ("100", "200", "300")


@given(st.integers(-500, 500), st.integers(1, 999), st.sampled_from(["1", "0.01", "0.25", "3", "1e-3"]))
def test_numbers_of_a_grid_are_evenly_spaced(first: int, count: int, step: str) -> None:
    labels = grid(**{"from": str(first), "to": f"{first + count * float(step):.6f}", "by": step})
    assert isinstance(labels, tuple)
    assert len(labels) == count + 1 == len(set(labels))
    numbers = np.array([float(each) for each in labels])
    assert np.allclose(np.diff(numbers), float(step), atol=1e-9)


@pytest.mark.parametrize(
    ("weight", "fault"), [("reserve - decay", "negative"), ("0 * decay", "all weights are 0")]
)
def test_negative_and_vanishing_weights_are_reported(weight: str, fault: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("exp(-decay * reserve)", weight)
    assert any(fault in each.message for each in inspect(loads(text)))
