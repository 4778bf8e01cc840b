"""Every published result is an expectation of a shipped scenario, or has a test of its own."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from parley import catalog
from parley.scenario.model import Expectation, Scenario

ROUNDED = 5.1e-11  # the table has ten decimals
SIX_TOWNS = "test_models:test_the_published_strategies_are_an_equilibrium_with_six_towns"

# Model -> the scenarios that carry it.
SHELF: Mapping[str, tuple[str, ...]] = {
    "M0": ("which-event-first",),
    "M1": ("fearon-1995/risk-return", "fearon-1995/bargaining-range"),
    "M2": ("powell-2006/commitment-problem",),
    "M3": ("kydd-walter-2002/spoilers",),
    "M4": ("bapat-2011/incentive-to-misrepresent",),
    "M5": ("bueno-de-mesquita-2005/conciliation",),
    "M6": ("bueno-de-mesquita-dickson-2007/propaganda-of-the-deed",),
    "M7": ("signorino-1999/strategic-probit",),
    "M8": (
        "mckelvey-palfrey-1995/asymmetric-matching-pennies",
        "mckelvey-palfrey-1992/centipede-four",
        "mckelvey-palfrey-1992/centipede-six",
    ),
    "M9": ("kreps-wilson-1982/reputation",),
    "M10": ("cho-kreps-1987/beer-quiche",),
    "M11": ("lewis-schultz-2003/audience-costs",),
    "M12": ("kydd-2003/biased-mediator",),
}

# Model, quantity (a pattern for all of it), the test in this folder that takes another route.
ROUTES: tuple[tuple[str, str, str], ...] = (
    # An estimate from observed play is no quantity of a game.
    (
        "M8",
        r"centipede \d-move AQRE lambda MLE.*",
        "test_estimates:test_the_precision_per_dollar_is_that_of_the_brief",
    ),
    # A count, to be met exactly: sums of chances have rounding errors.
    ("M9", r"first market with entry possible.*", SIX_TOWNS),
    # A count of equilibria is no quantity of one equilibrium.
    ("M10", r"pooling equilibria at prior \.9.*", "test_models:test_both_habits_last_where_most_are_strong"),
    ("M10", r"pooling equilibria at prior \.3", "test_models:test_no_habit_lasts_where_most_are_weak"),
    # The challenger's small errors vanish in an extrapolation, and all equilibria are wanted.
    ("M11", r"Pr\(back down\)", "test_lewis_schultz:test_backing_down_is_as_likely_as_war_by_symmetry"),
    ("M11", r".*", "test_lewis_schultz:test_every_published_equilibrium_to_a_millionth"),
    # Infinity is no number that can be found within a tolerance.
    ("M12", r"maximum bias", "test_models:test_there_may_be_no_bias_too_large"),
)

# Inputs that are no parameter of ours but follow from such: tau = l / (g + l), dq = q_after - q.
DERIVED = {("M3", "tau"), ("M5", "dq")}


@dataclass(frozen=True)
class Row:
    model: str
    quantity: str
    inputs: str
    value: float
    tolerance: float

    @property
    def route(self) -> str | None:
        """Return the test that takes another route."""
        found = (
            test
            for model, quantity, test in ROUTES
            if model == self.model and re.fullmatch(quantity, self.quantity)
        )
        return next(found, None)

    @property
    def numbers(self) -> set[float]:
        """Return the numbers for which it was published."""
        found: set[float] = set()
        for name, bounds, number in re.findall(
            r"([A-Za-z_0-9]+)\s*(?:~U\[([^\]]*)\]|=\s*(-?[\d.]+))", self.inputs
        ):
            if (self.model, name) not in DERIVED:
                found.update(map(float, bounds.split(",") if bounds else [number]))
        return found


def rows() -> list[Row]:
    path = Path(__file__).with_name("model_tests.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(r["model"], r["quantity"], r["inputs"], float(r["expected"]), float(r["tolerance"]))
            for r in csv.DictReader(file)
        ]


ROWS = rows()


@cache
def loaded(name: str) -> Scenario:
    return catalog.load(catalog.locate(name))


@cache
def expectations(model: str) -> tuple[tuple[Expectation, frozenset[float]], ...]:
    """Return all expectations of a model's scenarios, each with the numbers for which it holds."""
    found = []
    for name in SHELF[model]:
        scenario = loaded(name)
        certain = {
            key: item.judgement.numbers[0]
            for key, item in scenario.parameters.items()
            if item.judgement.shape == "fixed"
        }
        for each in scenario.expected:
            given: dict[str, str | float] = {**certain, **each.set}
            numbers = map(as_number, given.values())
            found.append((each, frozenset(number for number in numbers if number is not None)))
    return tuple(found)


def as_number(value: str | float) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def says(expectation: Expectation, given: frozenset[float], row: Row) -> bool:
    """Whether the expectation is of that value, no looser, and for those inputs."""
    same = abs(expectation.value - row.value) <= ROUNDED
    return same and expectation.tolerance <= row.tolerance and row.numbers <= given


def matched(model: str) -> dict[int, int]:
    """Give every row an expectation of its own as far as possible (augmenting paths): expectation -> row."""
    wanted = [row for row in ROWS if row.model == model and row.route is None]
    offered = expectations(model)
    owner: dict[int, int] = {}

    def place(row: int, tried: set[int]) -> bool:
        for number, (expectation, given) in enumerate(offered):
            if number not in tried and says(expectation, given, wanted[row]):
                tried.add(number)
                if number not in owner or place(owner[number], tried):
                    owner[number] = row
                    return True
        return False

    for row in range(len(wanted)):
        place(row, set())
    return owner


def test_the_table_is_whole() -> None:
    assert len(ROWS) == 111
    assert {row.model for row in ROWS} == {f"M{number}" for number in range(13)}
    assert set(SHELF) == {row.model for row in ROWS}
    assert {test for _, _, test in ROUTES} == {row.route for row in ROWS} - {None}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.model}: {row.quantity} [{row.inputs}]")
def test_every_published_result_is_reproduced_somewhere(row: Row) -> None:
    if row.route is not None:
        module, name = row.route.split(":")
        assert callable(getattr(import_module(f"tests.catalog.{module}"), name))
        if math.isfinite(row.value) and not row.value.is_integer():
            assert repr(row.value) in Path(__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
        return
    assert math.isfinite(row.value)
    assert any(says(*each, row) for each in expectations(row.model)), (
        f"no scenario of {row.model} expects this"
    )


@pytest.mark.parametrize("model", SHELF)
def test_no_expectation_stands_for_two_results(model: str) -> None:
    wanted = [row for row in ROWS if row.model == model and row.route is None]
    assert len(matched(model)) == len(wanted)
