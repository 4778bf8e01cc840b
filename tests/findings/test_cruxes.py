"""The assumptions that carry a conclusion are found in scenarios in which they were planted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import parley
from parley.errors import FindingsError
from parley.findings import CriterionCruxes, Crux, Findings
from parley.findings.sensitivity import cruxes
from parley.findings.sensitivity.cruxes import MOST, size
from parley.scenario.model import Scenario
from parley.study.evaluator import Evaluator
from tests.findings.closed_forms import Gaussian

PLANTED = """---
parley: 1
title: A planted truth
question: Shall we go?
---
Going gains something and costs something.

```parley
players: {us: We, them: They}
parameters:
  a: {normal: {mean: 0, sd: 1}, confidence: A}
  b: {normal: {mean: 0, sd: 1}, confidence: B}
  c: {normal: {mean: 0, sd: 1}, confidence: C}
  d: {normal: {mean: 0, sd: 1}}
  sure: {value: 3}
TOGETHER
switches:
  mood: {options: {good: 50%, bad: rest}, text: "how the day goes"}
  frame: {options: [one, other], default: one}
story:
  - {player: us, move: act, options: [stay, go]}
  - {player: them, move: reply, options: [yes, no, never]}
  - outcomes: {stayed: act is stay, gone: reply is yes, lost: reply is no, over: otherwise}
payoffs:
  us: {stayed: 0, gone: GONE, lost: GONE, over: GONE}
  them: {rank: [gone, lost, over, stayed]}
compare:
  player: us
  policies: {stay: {act: stay}, go: {act: go}, idle: {act: stay}}
  recommend: go
  by: [BY]
```
"""


def planted(tmp_path: Path, gone: str, *, together: str = "", by: str = "payoff(us)") -> Scenario:
    text = PLANTED.replace("TOGETHER", together).replace("GONE", gone).replace("[BY]", f"[{by}]")
    path = tmp_path / "planted.md"
    path.write_text(text, encoding="utf-8")
    return parley.load(path)


def found(scenario: Scenario, *, readings: int = 1024, seed: int = 7) -> CriterionCruxes:
    results = parley.run(scenario, draws=512, seed=seed)
    answer = cruxes(results, Evaluator(scenario, seed=seed), readings=readings)
    assert answer is not None
    return answer.criteria[0]


def named(item: CriterionCruxes) -> dict[str, Crux]:
    return {each.name: each for each in item.cruxes}


def shares(item: CriterionCruxes) -> list[float]:
    found = [each.margin.shapley.value for each in item.cruxes if each.margin is not None]
    return [value for value in found if value is not None]


def test_a_linear_margin_with_a_switch(tmp_path: Path) -> None:
    """Variances 1, 4, 4, 0 and 1 of the switch: closed forms for every index."""
    item = found(planted(tmp_path, "a + 2 * b - 2 * c + (1 if mood is good else -1)"))
    by_name = named(item)
    assert list(by_name) == [each.name for each in item.cruxes]
    assert {item.cruxes[0].name, item.cruxes[1].name} == {"b", "c"}
    assert set(by_name) == {"a", "b", "c", "d", "mood", "ranking of them"}
    for name, true in {"a": 0.1, "b": 0.4, "c": 0.4, "d": 0.0, "mood": 0.1, "ranking of them": 0.0}.items():
        influence = by_name[name].margin
        assert influence is not None
        for index in (influence.first, influence.total, influence.shapley):
            assert index.value == pytest.approx(true, abs=0.04)
    assert sum(shares(item)) == pytest.approx(1, abs=1e-12)
    assert not by_name["d"].reversed.distinct
    # One of two normal numbers with correlation r redrawn: the sign changes with chance arccos(r) / pi.
    assert item.reversed.low is not None
    assert item.reversed.high is not None
    assert item.reversed.low < 0.5 < item.reversed.high
    assert by_name["b"].reversed.value == pytest.approx(np.arccos(0.6) / np.pi, abs=0.04)
    assert (by_name["mood"].kind, by_name["mood"].text) == ("switch", "how the day goes")
    assert (by_name["ranking of them"].kind, by_name["ranking of them"].text) == ("ranking", "They")
    assert item.against == ("stay",)


def test_numbers_judged_together(tmp_path: Path) -> None:
    """Correlated normal numbers: Owen & Prieur's Shapley effects, Kucherenko's indices, and PAWN."""
    rank = 0.5
    item = found(
        planted(tmp_path, "a + 2 * b + 2 * c", together=f"together: [{{vary: [a, b], rank: {rank}}}]")
    )
    truth = Gaussian(np.random.default_rng(0), 3, joined=False)
    truth.weight = np.array([1.0, 2.0, 2.0])
    truth.covariance[0, 1] = truth.covariance[1, 0] = 2 * np.sin(np.pi * rank / 6)
    known = truth.known()
    by_name = named(item)
    for place, name in enumerate("abc"):
        influence = by_name[name].margin
        assert influence is not None
        assert influence.first.value == pytest.approx(known.first[place], abs=0.06)
        assert influence.total.value == pytest.approx(known.total[place], abs=0.03)
        assert influence.shapley.value == pytest.approx(known.shapley[place], abs=0.05)
    assert by_name["a"].together == ("b",)
    for name in "ab":
        shift = by_name[name].pawn
        assert shift is not None
        assert shift.index > 2 * shift.noise
    assert by_name["c"].pawn is None


def test_what_rests_on_judgement(tmp_path: Path) -> None:
    """First, or deciding one reading in twenty, with grade C or none."""
    by_name = named(found(planted(tmp_path, "a + 2 * b + 2 * c + 0.02 * d")))
    assert {name for name, each in by_name.items() if each.rests_on_judgement} == {"c"}
    by_name = named(
        found(planted(tmp_path, "100 + 0.001 * a + 2 * d"))
    )  # ungraded, decides nothing, but first
    assert {name for name, each in by_name.items() if each.rests_on_judgement} == {"d"}


def test_a_constant_margin_says_so(tmp_path: Path) -> None:
    item = found(planted(tmp_path, "sure"), readings=256)
    assert item.steady
    assert item.decided
    assert item.ahead == 1
    assert all(each.margin is None and each.decision is None for each in item.cruxes)
    assert not any(each.rests_on_judgement for each in item.cruxes)


def test_a_settled_decision_still_has_a_margin(tmp_path: Path) -> None:
    item = found(planted(tmp_path, "20 + a + 3 * b"), readings=256)
    assert (item.decided, item.steady, item.ahead) == (True, False, 1)
    assert item.cruxes[0].name == "b"
    assert item.cruxes[0].decision is None
    assert item.cruxes[0].reversed.high == pytest.approx(3 / 256)


def test_undefined_readings_are_counted(tmp_path: Path) -> None:
    """A chance given something that never happens is undefined: in half the readings."""
    scenario = planted(tmp_path, "a", by="{quantity: payoff(us) + 0 * log(1 if mood is good else 0)}")
    results = parley.run(scenario, draws=64, seed=7)
    assert np.isnan(results.criteria[0, "go"]).any() or np.isinf(results.criteria[0, "go"]).any()
    answer = cruxes(results, Evaluator(scenario, seed=7), readings=256)
    assert answer is not None
    item = answer.criteria[0]
    assert 0.4 < item.undefined / answer.solved < 0.6
    assert item.cruxes[0].name == "a"


def test_nothing_to_compare_and_nothing_uncertain(tmp_path: Path) -> None:
    scenario = planted(tmp_path, "a")
    alone = parley.run(scenario, draws=16, policies=["go"])
    assert cruxes(alone, Evaluator(scenario)) is None
    sure = parley.load(scenario.path, {**dict.fromkeys("abcd", "1"), "mood": "good"})
    sure = replace(sure, payoffs={**sure.payoffs, "them": sure.payoffs["us"]})
    probe = Evaluator(sure)
    assert probe.inputs == ()
    assert cruxes(parley.run(sure, draws=16), probe) is None


def test_only_what_is_compared_is_solved_and_must_be_there(tmp_path: Path) -> None:
    scenario = planted(tmp_path, "a + b")
    results = parley.run(scenario, draws=64, seed=7)
    with pytest.raises(FindingsError, match="the probe does not solve the policy 'stay'"):
        cruxes(results, Evaluator(scenario, ["go", "idle"], seed=7), readings=64)
    with pytest.raises(FindingsError, match="40 readings are not a positive multiple of 16"):
        cruxes(results, Evaluator(scenario, seed=7), readings=40)
    # A criterion may name a policy besides those that are compared.
    both = planted(tmp_path, "a + b", by="{quantity: payoff(us) - payoff(us | idle)}")
    assert found(both, readings=64).against == ("stay",)


def test_the_same_bits_again_and_in_a_file(tmp_path: Path) -> None:
    scenario = planted(tmp_path, "a + 2 * b * c", together="together: [{vary: [a, b], rank: 0.4}]")
    results = parley.run(scenario, draws=256, seed=3)
    one, two = (parley.assess(results, Evaluator(scenario, seed=3, threads=n)) for n in (1, 2))
    assert one == two
    assert one.cruxes is not None
    assert Findings.from_json(one.to_json()) == one


def test_the_size_of_the_design() -> None:
    assert size(39, 8, 4096) == 1024
    assert size(1000, 0, 10**6) == 256
    assert size(3, 0, 10**6) == 4096
    assert size(3, 0, 16) == 16
    assert MOST > 1024 * (2 * 39 + 8 + 1)


@pytest.mark.parametrize("number", range(12))
def test_the_driver_ranks_first(tmp_path: Path, number: int) -> None:
    rng = np.random.default_rng(number)
    weights = rng.uniform(0.1, 0.6, 4) * rng.choice([-1, 1], 4)
    driver = int(rng.integers(4))
    weights[driver] = 1.0
    terms = " + ".join(f"({weight:.3f}) * {name}" for weight, name in zip(weights, "abcd", strict=True))
    item = found(planted(tmp_path, f"{rng.uniform(-1, 1):.3f} + {terms}"), readings=512, seed=number)
    assert item.cruxes[0].name == "abcd"[driver]
