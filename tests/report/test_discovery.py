"""Where it fails, as it is read: every number stands for what was measured, whole numbers never overstate."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.findings import (
    DecisionTree,
    Failure,
    Findings,
    Portion,
    Region,
    Restriction,
    TreeQuestion,
    assess,
)
from parley.report import render
from parley.report.discovery import bound, failing, opinion, where
from tests.findings.synthetic import results

B = Restriction("B", "parameter", "price of a tainted failure", "ordinary strikes", None, 11.0, (), 0.0, 0.5)
REGION = Region(
    (B,),
    Portion(0.403, 0.011, 2048),
    Portion(0.849, 0.02, 900),
    Portion(0.9151, 0.013, 825),
    0.7,
    0.4,
    0.8,
    0.9,
    0.7,
)
FAILURE = Failure(
    "net worth",
    "payoff(us)",
    ("status quo",),
    "found",
    Portion(0.44, 0.01, 4096),
    0,
    0,
    2048,
    2048,
    9,
    (REGION,),
    None,
    (),
    None,
)


@pytest.fixture(scope="module")
def findings() -> Findings:
    return assess(results(64))


def test_the_sentence_of_a_region(findings: Findings) -> None:
    assert failing(findings, FAILURE) == (
        '"short list" does worse than "status quo" in 44 of 100 readings (give or take 1), mostly where '
        '"price of a tainted failure" (B) is at most 11 ordinary strikes.',
        "These are 40 of 100 readings; they hold 85 of 100 of its failures, and it fails in 92 of 100 of "
        "them (each give or take 2).",
    )


def test_a_second_region_is_elsewhere(findings: Findings) -> None:
    off = Restriction("binds", "switch", "the promise binds", None, None, None, ("off", "unclear"), 0.0, 0.5)
    second = replace(
        REGION, restrictions=(off,), mass=Portion(0.1, 0.01, 2048), coverage=Portion(0.12, 0.021, 900)
    )
    said = failing(findings, replace(FAILURE, regions=(REGION, second)))[2]
    assert said == (
        'Elsewhere it fails mostly where "the promise binds" (binds) is "off" or "unclear": 10 of 100 '
        "readings, which hold 12 of 100 of its failures; it fails in 92 of 100 of them (each give or take 3)."
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"word": "never", "share": Portion(0.0, 0.001, 4096)}, "in none of 4,096 readings."),
        (
            {"word": "never", "share": Portion(0.001, 0.001, 4096)},
            "in fewer than 1 of 100 readings (give or take 1): too few to say where.",
        ),
        ({"word": "always", "share": Portion(1.0, 0.001, 4096)}, "in all 4,096 readings."),
        (
            {"word": "always", "share": Portion(0.997, 0.001, 4096)},
            "in more than 99 of 100 readings (give or take 1).",
        ),
        (
            {"word": "few"},
            "in 44 of 100 readings (give or take 1): too few readings to say where (more: --draws).",
        ),
        (
            {"word": "few", "share": Portion(None, None, 0)},
            "in no reading that can be compared: too few readings",
        ),
        ({"word": "none"}, "in 44 of 100 readings (give or take 1), and no simple region tells where."),
        ({"against": ("a", "b")}, '"short list" does worse than the best of its rivals in 44'),
    ],
)
def test_other_answers(findings: Findings, change: dict[str, object], said: str) -> None:
    failure = replace(FAILURE, regions=(REGION,) if "against" in change else (), **change)  # type: ignore[arg-type]
    assert said in failing(findings, failure)[0]


def test_the_best_that_could_not_be_named_is_told(findings: Findings) -> None:
    none = replace(FAILURE, word="none", regions=())
    assert failing(findings, replace(none, best=REGION))[1] == (
        'The best one found, where "price of a tainted failure" (B) is at most 11 ordinary strikes, holds '
        "85 of 100 of its failures in 40 of 100 readings (each give or take 2)."
    )
    assert failing(findings, none)[1].startswith("None of the 9 things that vary")


def test_what_is_left_out_is_counted(findings: Findings) -> None:
    said = failing(findings, replace(FAILURE, level=12, undefined=1004))
    assert said[2:] == (
        "Ties, in 12 readings, are no failures.",
        "1,004 of 5,100 readings cannot be compared and are left out.",
    )


def test_a_ranking_says_what_its_numbers_mean() -> None:
    liking = Restriction("gov: war", "ranking", "Government's liking of war", None, 0.4, None, (), 0.0, 0.1)
    assert where((liking,)) == "Government's liking of war (0 the worst ending, 1 the best) is at least 0.4"


@given(st.floats(min_value=1e-12, max_value=1e15) | st.floats(min_value=-1e15, max_value=-1e-12))
def test_a_bound_is_written_in_full(value: float) -> None:
    assert float(bound(value).replace(",", "")) == value


@given(st.integers(1, 999), st.integers(-8, 8))
def test_a_round_bound_stays_short(digits: int, power: int) -> None:
    text = bound(float(f"{digits}e{power}"))
    assert len(re.sub(r"e.*|[^0-9]", "", text).strip("0")) <= 3


def asked(*names: str) -> DecisionTree:
    questions = tuple(TreeQuestion(name, "parameter", None, None, 1.0, None) for name in names)
    portions = (Portion(0.87, 0.01, 9), Portion(0.83, 0.01, 9), Portion(0.56, 0.01, 9))
    return DecisionTree(None, questions, 4, *portions)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("B",), "agrees that B matters most. Of"),
        (("B", "B", "q"), "agrees that B matters most; it asks about q too."),
        (("q", "B", "r"), "disagrees: it asks about q first, then about B and r."),
        ((), "finds nothing worth asking."),
    ],
)
def test_the_tree_agrees_or_not(names: tuple[str, ...], said: str) -> None:
    assert said in (opinion(replace(FAILURE, tree=asked(*names))) or "")


def test_the_tree_beside_no_region() -> None:
    none = replace(FAILURE, word="none", regions=())
    assert "asks about q and r." in (opinion(replace(none, tree=asked("q", "r"))) or "")
    assert "finds nothing to ask either." in (opinion(replace(none, tree=asked())) or "")
    assert opinion(none) is None


def test_the_page_has_it_and_withholds_it() -> None:
    base = results(1024)
    assert "\nWHERE IT FAILS" in render(assess(base), 100)
    status = np.zeros(1024, np.int8)
    status[:200] = 1
    proofs = {name: replace(proof, status=status) for name, proof in base.proofs.items()}
    assert "\nWHERE IT FAILS" not in render(assess(replace(base, proofs=proofs)), 100)
