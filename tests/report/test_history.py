"""What is said of history is short, plain, and never more than the numbers bear."""

from __future__ import annotations

from dataclasses import replace

import pytest

import parley
from parley.findings import (
    AssumptionShift,
    Calibration,
    CriterionShift,
    Findings,
    History,
    Quantiles,
    Reweighting,
    Share,
)
from parley.findings.history import history
from parley.report import history as told
from parley.report import render
from parley.study.evaluator import Evaluator


@pytest.fixture(scope="module")
def flagship() -> Findings:
    results = parley.run(parley.load("taliban-talks"), draws=1024, seed=7)
    found = history(results, Evaluator(results.scenario, seed=7))
    return replace(parley.assess(results), history=found)


@pytest.fixture(scope="module")
def found(flagship: Findings) -> History:
    assert flagship.history is not None
    return flagship.history


def share(value: float, word: str = "open") -> Share:
    return Share(value, 0.01, 0.0, value - 0.01, value + 0.01, 1024, 0, word)


def criterion(**other: object) -> CriterionShift:
    known = CriterionShift(
        "net worth", "payoff(us)", ("b",), share(0.34), share(0.24, "fails"), -0.103, 0.0121, 1.0, -1.0
    )
    return replace(known, **other)  # type: ignore[arg-type]


def weighted(**other: object) -> Reweighting:
    known = Reweighting(("a", "b"), (), True, 1024, 0, 0, 700.9, 0.01, False, (), (), ())
    return replace(known, **other)  # type: ignore[arg-type]


def said(item: Reweighting) -> list[str]:
    return [str(line) for line in told.reweighted(item)]


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_the_section_fits_the_page(flagship: Findings, width: int) -> None:
    text = render(flagship, width, show=["history"])
    section = text[text.index("HISTORY") : text.index("PROOF")]
    assert all(len(line) <= width for line in section.splitlines())
    if width >= 100:
        assert len(section.rstrip().splitlines()) <= 18
    assert "4 cases: a sanity check, not a test" in section
    assert "All 4 cases have set numbers already" in section


def test_it_is_on_the_brief_page_where_there_is_room(flagship: Findings) -> None:
    roomy = render(replace(flagship, claims=()), 100)
    assert "\nHISTORY" in roomy
    assert "--show history" not in " ".join(roomy.split())
    for width in (60, 100):
        text = render(flagship, width)
        assert ("\nHISTORY" in text) != ("--show history" in " ".join(text.split()))
        assert "istory" not in render(replace(flagship, history=None), width).split("NOTES")[-1]


def test_a_reader_sees_forecasters_on_the_same_cases_alone(found: History) -> None:
    (line,) = told.score(found)
    assert "(a coin: 50, the other cases: 40, always status quo:" in line
    fewer = replace(found, forecasters=tuple(replace(each, cases=3) for each in found.forecasters[:1]))
    assert "a coin" not in next(iter(told.score(fewer)))


def test_a_change_is_shown_with_its_error_rounded_up() -> None:
    lines = said(weighted(criteria=(criterion(),)))
    assert lines[0] == (
        "Weighted by the chance each reading gives the 2 cases: 700 of 1,024 readings are left in effect."
    )
    assert lines[1] == "net worth: better in 34 -> 24 of 100 (-10 ±2); open -> fails."


def test_a_change_within_its_error_is_none() -> None:
    item = criterion(after=share(0.33), change=-0.01, error=0.02)
    assert said(weighted(criteria=(item,)))[1] == (
        "net worth: better in 34 -> 33 of 100 (not to be told from no change); open as before."
    )


def test_only_what_moves_notably_is_named() -> None:
    def shift(name: str, size: float, error: float | None) -> AssumptionShift:
        sides = Quantiles(0.1, 0.2, 0.3), Quantiles(0.2, 0.3, 0.4)
        return AssumptionShift(name, "parameter", None, None, *sides, {}, size, error)

    some = (shift("a", 0.2, 0.01), shift("b", 0.019, 0.001), shift("c", 0.3, 0.4), shift("d", 0.3, None))
    assert said(weighted(assumptions=some))[-1] == (
        "What moves: a 0.200 (0.100 to 0.300) -> 0.300 (0.200 to 0.400)."
    )
    assert said(weighted(assumptions=some[1:]))[-1] == "No assumption moves notably."
    switch = AssumptionShift(
        "kind", "switch", None, None, None, None, {"mild": (0.5, 0.8), "hard": (0.5, 0.2)}, 0.3, 0.01
    )
    assert said(weighted(assumptions=(switch,)))[-1] == "What moves: kind is mild in 50 -> 80 of 100."


def test_counting_again_and_thin_weights_are_said() -> None:
    lines = " ".join(said(weighted(independent=False, scarce=True, undefined=12, left_out=("c",))))
    assert "counting again what has set numbers already" in lines
    assert "too few to rely on" in lines
    assert "12 readings have no chance for some case" in lines
    assert "c is left out of the weights" in lines


def test_calibration_is_a_sentence_once_there_is_any(found: History) -> None:
    assert list(told.calibrated(found)) == []
    fine = replace(found, calibration=Calibration(24, (), 0.4))
    assert list(told.calibrated(fine)) == [
        "Calibration: over 24 cases it is as sure as it should be (Spiegelhalter's z 0.40)."
    ]
    off = replace(found, calibration=Calibration(24, (), 2.5))
    assert "too sure of itself or not sure enough" in next(iter(told.calibrated(off)))


def test_one_case_is_one_case(found: History) -> None:
    one = replace(found, cases=found.cases[:1])
    assert told.remark(one) == "1 case: a sanity check, not a test"
    assert next(iter(told.used(one))).startswith("* The only case has set numbers already (pi_peace)")
