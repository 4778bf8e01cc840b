"""How sure, what is a guess, what history says and what nothing can say, in sentences."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.findings import (
    AssumptionShift,
    Bounds,
    CaseFinding,
    CriterionCruxes,
    CriterionShift,
    Crux,
    Cruxes,
    Findings,
    Forecaster,
    History,
    Index,
    Multiplicity,
    Quantiles,
    Reweighting,
    Spread,
    Survival,
)
from parley.report.sentences import (
    answer,
    guesses,
    history,
    limits,
    sure,
)
from tests.report.states import STATES, share, state, won

ROBUST = state(won(0.97))


# What it rests on


def test_other_equilibria_are_told() -> None:
    base = state(won(0.97))
    bounds = Bounds(share(0.97), share(0.3), share(0.99), 900)
    one = Multiplicity(32, 64, 128, 0, 1, 0, 0, 0, True, (), (Survival("x", "y", bounds, bounds),))
    for found, said in (
        (one, "no other outcome was found"),
        (replace(one, several=5, survives=True), "it is the same whichever outcome"),
        (replace(one, several=5, survives=False), "it can change where the same reasons"),
    ):
        text = " ".join(sure.sure(replace(base, multiplicity=found))).lower()
        assert said in text
        assert "was not searched" not in text


@given(st.floats(0.01, 0.99), st.floats(0.0007, 0.3))
def test_the_sampling_error_told_is_never_too_small(value: float, error: float) -> None:
    base = ROBUST
    assert base.verdict is not None
    item = replace(base.verdict.answers[0], against_baseline=share(value, error))
    found = sure.sure(replace(base, verdict=replace(base.verdict, answers=(item,))))
    assert int(re.findall(r"at most (\d+) of 100", found[0])[0]) >= 100 * error - 1e-6


def test_nothing_is_sure_without_an_answer() -> None:
    for name in ("withheld", "nothing-compared"):
        assert sure.sure(STATES[name]()) == ()
        assert answer.by_criterion(STATES[name]()) == ()


def test_the_standing_words_say_what_a_share_is_not() -> None:
    assert "not a probability" in " ".join(limits.STANDING)
    assert "not a probability" in sure.not_a_probability(state(won(0.97)))


# What history says


def case(name: str, **other: object) -> CaseFinding:
    chance = Spread(0.5, 0.4, 0.5, 0.6, 0.01, 64, 0)
    found = CaseFinding(
        name, "story", None, None, None, {}, "peace", {}, chance, {}, 1.0, 0.25, 0, 0, (), None
    )
    return replace(found, **other)  # type: ignore[arg-type]


def told(*cases: CaseFinding, **other: object) -> History:
    coin = Forecaster("coin", "a coin", len(cases), 1.0, 0.25, 0.8, 0.2, 0.1)
    found = History(64, cases, len(cases), len(cases), False, 0.8, 0.2, None, None, (coin,), None, ())
    return replace(found, **other)  # type: ignore[arg-type]


def weighted(after: float, **other: object) -> Reweighting:
    shift = CriterionShift(
        "net worth", "payoff(us)", ("wait",), share(0.7), share(after), after - 0.7, 0.02, 0.1, 0.1
    )
    moved = AssumptionShift(
        "p", "parameter", "chance of peace", None, Quantiles(0, 0.1, 1), Quantiles(0, 0.2, 1), {}, 0.2, 0.01
    )
    found = Reweighting(("a",), (), True, 64, 0, 0, 40.0, 0.1, False, (shift,), (), (moved,))
    return replace(found, **other)  # type: ignore[arg-type]


def said_of(found: History) -> str:
    return " ".join(history.history(replace(state(won(0.97)), history=found)))


def test_history_is_one_paragraph() -> None:
    assert said_of(told(case("a"), case("b", used_for=("p",)), reweighting=(weighted(0.3),))) == (
        "The model was held against two cases from history (a, b), which is a check for nonsense, not a "
        "test. It did as well as somebody who gave what then happened 57 chances in 100 each time (a coin: "
        "50). One of the two cases had already been used to set numbers, so that the model agrees with them "
        "proves little. If each reading of the argument is trusted as far as it foretold the cases, “short "
        "list” does better in 30 of 100 readings instead of 70 by the net worth; that changes the answer. "
        "Most of all the cases move the chance of peace, from 10% to 20%."
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (told(case("a"), enough=True), "enough for a test"),
        (told(case("a", log_score=None), log_score=None), "It holds impossible what happened in “a”."),
        (told(case("a", used_for=("p",))), "The case had already been used"),
        (told(case("a"), reweighting=(weighted(0.7),)), "changes no answer that can be seen"),
        (told(case("a"), reweighting=(weighted(0.75),)), "; the answer stays the same."),
        (
            told(case("a"), reweighting=(weighted(0.3, effective=0.0),)),
            "No reading allows all cases together",
        ),
        (told(case("a"), reweighting=(weighted(0.3, scarce=True),)), "too few are left to say"),
    ],
)
def test_what_history_cannot_say(found: History, said: str) -> None:
    assert said in said_of(found)


def test_history_in_short() -> None:
    assert history.in_short(told(case("a", used_for=("p",)))) == (
        "The model was held against one case from history, too few for a test, and it was built with it in "
        "view."
    )
    assert history.in_short(told(*map(case, "abc"), enough=True)) == (
        "The model was held against three cases from history."
    )


# Where the doubt comes from


def crux(name: str, reversed_in: float, **other: object) -> Crux:
    low = max(0.0, reversed_in - 0.02)
    found = Crux(
        name,
        "parameter",
        None,
        "",
        "C",
        (),
        Index(reversed_in, low, reversed_in + 0.02),
        None,
        None,
        None,
        True,
    )
    return replace(found, **other)  # type: ignore[arg-type]


def with_cruxes(*cruxes: Crux, **other: object) -> Findings:
    item = CriterionCruxes(
        "net worth", "payoff(us)", ("wait",), 0.6, Index(0.4, 0.3, 0.5), False, False, 0, cruxes
    )
    item = replace(item, **other)  # type: ignore[arg-type]
    return replace(state(won(0.6)), cruxes=Cruxes("short list", 512, 4096, False, (item,)))


def test_doubt_names_what_decides_most() -> None:
    named = (crux("t_ttp", 0.3, text="chance of peace"), crux("sigma", 0.2, rests_on_judgement=False))
    found = sure.sure(with_cruxes(*named, crux("precision", 0.1), crux("agency", 0.0)))
    assert found[1] == (
        "The doubt comes mostly from the chance of peace and `sigma`: judged anew alone, they turn 30 and 20 "
        "of 100 readings."
    )
    assert found[2].endswith(", two of the three that decide most among them.")
    one = sure.sure(with_cruxes(crux("sigma", 0.2)))
    assert one[1] == "The doubt comes mostly from `sigma`: judged anew alone, it turns 20 of 100 readings."
    settled = sure.sure(with_cruxes(crux("sigma", 0.0), decided=True))
    assert settled[1] == "Hardly anything that is left uncertain changes which policy does better."


def test_guesses_are_those_that_decide() -> None:
    found = with_cruxes(crux("agency", 0.1), crux("t_ttp", 0.3), crux("sigma", 0.4, rests_on_judgement=False))
    assert [each.name for each in guesses.weighty(found)] == ["t_ttp", "agency"]
    assert guesses.guesses(found).endswith(
        "two rest on judgement alone (grade C or none); they all bear on the answer:"
    )
    assert guesses.guesses(with_cruxes()).endswith(
        "none of that decides anything that can be told from chance."
    )


def test_how_much_rests_on_judgement() -> None:
    base = state(won(0.97))
    one, *_ = guesses.judged(base)
    for assumptions, said in (
        ((), "Nothing in the argument is uncertain"),
        ((one,), "The one thing that the argument leaves uncertain rests on judgement"),
        ((replace(one, confidence="A"),), "leaves uncertain does not rest on judgement"),
        ((one, one), "Both things that the argument leaves uncertain rest"),
        (
            (one, replace(one, confidence="A")),
            "Of the two things that the argument leaves uncertain, one rests",
        ),
    ):
        assert said in guesses.resting(replace(base, assumptions=assumptions))
