"""The sentences of a report: they say what the numbers say, no more, and read like a newspaper's."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import parley
from parley.findings import (
    Answer,
    Assumption,
    Bounds,
    CriterionFlips,
    Findings,
    JointFlip,
    JointMove,
    Multiplicity,
    Share,
    Spread,
    Survival,
    SwitchOption,
    Verdict,
)
from parley.findings.comparison import overall
from parley.findings.debate import ClaimMove, Debate, Move, Objection, Shift
from parley.findings.flip_model import Crossing, Flip
from parley.findings.statistics import word
from parley.report.document.model import runs
from parley.report.sentences import (
    answer,
    fails,
    grammar,
    guesses,
    history,
    limits,
    objections,
    reverse,
    sure,
)
from tests.report.states import STATES, page, state, won

GOLDEN = Path(__file__).parent / "golden" / "sentences"
JARGON = (
    *("robust", "equilibri", "quantile", "certif", "utilit", "payoff", "game", "strategic", "bayes"),
    *("quantal", "residual", "sobol", "median", "likelihood", "draws"),
)


def shown(text: str) -> str:
    return "".join(each for each, _ in runs(text))


def share(value: float, error: float = 0.02, ties: float = 0.0) -> Share:
    lower, upper = max(0.0, value - error), min(1.0, value + error)
    return Share(value, error, ties, lower, upper, 4096, 0, word(lower, upper))


# Golden texts


@pytest.mark.parametrize("name", STATES)
def test_every_state_is_golden(name: str) -> None:
    """After an intended change: ``python -m tests.report.regenerate``, and read the difference."""
    assert page(STATES[name]()) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_no_golden_text_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(STATES)


def test_every_word_of_a_verdict_has_a_state() -> None:
    verdicts = [each.verdict for each in (made() for made in STATES.values())]
    assert {each.word for each in verdicts if each} == set(answer.TITLES)
    assert {each.best_word for each in verdicts if each} == set(answer.TITLES)
    assert None in verdicts


@pytest.mark.parametrize("name", STATES)
def test_the_answer_is_two_short_sentences_without_jargon(name: str) -> None:
    findings = STATES[name]()
    for sentence in answer.answer(findings):
        said = shown(sentence)
        assert grammar.length(sentence) <= grammar.MOST_WORDS
        assert said.rstrip("*").endswith(".")
        assert "  " not in said
        assert ",," not in said
        assert not re.search(r"[a-z]\. [A-Z]", said)
        if name != "unnamed":
            assert not [word for word in JARGON if word in said.lower()]


# Numbers


@given(st.floats(0, 1), st.integers(0, 2))
def test_a_share_of_readings_never_says_more_than_it_is(value: float, decimals: int) -> None:
    said = grammar.of_readings(value, decimals)
    assert ("all readings" in said) == (value == 1.0)
    assert ("none of" in said) == (value == 0.0)
    if 0.0 < value < 1.0:
        number = float(re.findall(r"[\d.]+", said)[0])
        if said.startswith("more than"):
            assert 100 * value > number
        elif said.startswith("fewer than"):
            assert 100 * value < number
        else:
            assert abs(100 * value - number) <= 0.5 / 10**decimals + 1e-9


@given(st.floats(0, 1), st.floats(0.001, 0.2))
def test_a_fraction_is_said_only_within_the_error(value: float, error: float) -> None:
    said = grammar.roughly(share(value, error))
    fractions = {"a quarter": 1 / 4, "a third": 1 / 3, "half": 1 / 2, "two thirds": 2 / 3}
    fractions["three quarters"] = 3 / 4
    found = re.fullmatch(r"about (.+) of the readings", said)
    if found:
        assert abs(fractions[found[1]] - value) <= min(error, 0.02)
    else:
        assert said == grammar.of_readings(value)


@given(st.floats(0.0, 1.0), st.floats(0.0007, 0.3))
def test_one_criterion_tells_its_share_and_its_error_and_never_less(value: float, error: float) -> None:
    found = share(value, error)
    verdict = made_up([found])
    said = shown(next(answer._verdict_forms(verdict)))
    if value in (0.0, 1.0):
        assert ("none of 4,096 readings" if value == 0.0 else "all 4,096 readings") in said
        return
    given_or_taken = re.search(r"give or take ([\d.]+)", said)
    assert given_or_taken is not None
    assert float(given_or_taken[1]) >= 100 * error - 1e-6
    assert "in all" not in said
    assert "in none" not in said


def made_up(shares: list[Share], names: list[str] | None = None) -> Verdict:
    spread = Spread(0.1, -0.2, 0.1, 0.3, 0.01, 4096, 0)
    answers = tuple(
        Answer(
            criterion=names[place] if names else f"worth {place}",
            expression=f"P(x{place})",
            higher=True,
            against_baseline=each,
            best=each,
            margin=spread,
            margin_over_rivals=spread,
            rival="wait",
            rival_ties=(),
            best_share={"wait": 1.0 - (each.share or 0.0), "act": each.share},
        )
        for place, each in enumerate(shares)
    )
    said = overall([each.word for each in shares])
    return Verdict("us", "act", "wait", ("wait", "act"), said, said, answers)


SHARES = st.builds(share, st.floats(0, 1) | st.sampled_from([0.0, 1.0]), st.floats(0.001, 0.3))
NAMES = st.text("abc ,;:.'*`-", min_size=1, max_size=120).filter(lambda text: text.strip(" ,;:.*`'-") != "")


@given(st.lists(SHARES, min_size=1, max_size=5), st.lists(NAMES, min_size=5, max_size=5))
def test_whatever_the_names_the_answer_has_45_words_and_no_markup_of_theirs(
    shares: list[Share], names: list[str]
) -> None:
    verdict = made_up(shares, names)
    sentence = grammar.shortest([f"**x:** {form}." for form in answer._verdict_forms(verdict)])
    assert grammar.length(sentence) <= grammar.MOST_WORDS
    assert [text for text, style in runs(sentence) if style == "strong"] == ["x:"]
    beside = answer._beside(verdict)
    assert grammar.length(beside) <= grammar.MOST_WORDS
    assert all(style == "" or text.startswith("P(") for text, style in runs(beside))


@given(st.lists(SHARES, min_size=2, max_size=2))
def test_two_criteria_are_never_swapped(shares: list[Share]) -> None:
    verdict = made_up(shares, ["alpha", "beta"])
    said = shown(next(answer._verdict_forms(verdict)))
    first, second = (_told(said, name) for name in ("alpha", "beta"))
    if first is not None and second is not None and shares[0].share != shares[1].share:
        close = abs((shares[0].share or 0) - (shares[1].share or 0)) < 0.021
        assert close or (first < second) == ((shares[0].share or 0) < (shares[1].share or 0))


def _told(said: str, name: str) -> float | None:
    """Return the share that a sentence tells of a measure, in hundredths."""
    amount = r"(?:only |more than |fewer than )?(all|none|\d+)"
    behind = re.search(rf"in {amount}[^,;]*? by the {name}", said)
    found = behind or re.search(rf"by the {name},[^;]*? in {amount}", said)
    if found is None:
        return None
    return {"all": 100.0, "none": 0.0}[found[1]] if found[1].isalpha() else float(found[1])


@given(st.lists(st.floats(1e-6, 1e6), min_size=2, max_size=4))
def test_amounts_are_told_apart(values: list[float]) -> None:
    assume(all(abs(a - b) > 1e-4 * max(a, b) for a in values for b in values if a != b))
    written = grammar.alike(values)
    assert len(set(written)) == len(set(values))


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1.0, "strikes per month", "1 strike per month"),
        (2.0, "strikes per month", "2 strikes per month"),
        (1.0, "losses", "1 loss"),
        (1.0, "colonies", "1 colony"),
        (1.0, "share of the public", "100% of the public"),
        (1.3, "share of the public", "1.3 (share of the public)"),
        (0.3, "the good in dispute", "0.3 of the good in dispute"),
        (0.3, "weight on your gains", "0.3 (weight on your gains)"),
        (0.3, "per month", "0.3 per month"),
        (12.0, "km", "12 km"),
        (0.00012, None, "0.00012"),
    ],
)
def test_units(value: float, unit: str | None, expected: str) -> None:
    assert grammar.amount(value, unit) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chance of peace", "the chance of peace"),
        ("yearly loss, in all", "the yearly loss, in all,"),
        ("what it costs", "what it costs"),
        ("the group gives in", "“the group gives in”"),
        ("your gain", "your gain"),
        ("mediator's share", "the mediator's share"),
        ("Sharif's cost", "Sharif's cost"),
        ("Loss of face", "“Loss of face”"),
        ("where they stand", "“where they stand”"),
        ("part of the loss; the rest is the rift", "the part of the loss"),
        ("  ", "`x`"),
        (None, "`x`"),
    ],
)
def test_phrases_become_nouns(text: str | None, expected: str) -> None:
    assert grammar.noun(text, "x") == expected


# What would change it


@given(
    st.floats(0.5, 100),
    st.floats(0.5, 100),
    st.sampled_from(["above", "below"]),
    st.floats(0, 1),
)
def test_a_flip_says_on_which_side_the_recommendation_wins(
    value: float, middle: float, worse: str, stated: float
) -> None:
    assume(abs(value - middle) > 0.02 * middle)
    at = Crossing(value, None, None, 0.5, outside=False, fails=worse, several=False)
    flip = made_up_flip(middle, at)
    said = reverse.flip(flip, against(stated, flip), "act")
    side = "above" if middle < value else "below"
    assert f"were {side} about" in said or f"is {side} about" in said
    # The claim is about the side on which the middle does not lie.
    wins = worse != side
    if wins:
        assert "would do better" in said or "does better" in said
    else:
        assert "would no longer do better" in said or "would do worse" in said
    assert ("no longer" in said) == (not wins and stated > 0.5)


def made_up_flip(middle: float, at: Crossing | None, **other: object) -> Flip:
    found = Flip(
        name="B",
        kind="parameter",
        text="loss to us",
        unit="strikes",
        low=1.0,
        middle=middle,
        high=142.0,
        outside=(0.3, 426.0),
        compared=192,
        undefined=0,
        broken=0,
        share=0.9,
        share_error=0.05,
        beyond=0.0,
        several=0.0,
        fails="below",
        values=None,
        threshold=at,
        break_even=None,
        curve=(),
    )
    return replace(found, **other)  # type: ignore[arg-type]


def against(stated: float, *flips: Flip, **other: object) -> CriterionFlips:
    found = CriterionFlips("net worth", "payoff(us)", ("wait",), share(stated), flips, (), None)
    return replace(found, **other)  # type: ignore[arg-type]


def test_the_flip_of_the_brief() -> None:
    at = Crossing(19.08, 17.3, 23.6, 0.72, outside=False, fails="below", several=False)
    flip = made_up_flip(12.0, at, text="cost of a tainted failure", unit="ordinary strikes")
    said = Assumption("B", "parameter", None, "", None, 3.26, 12.0, 43.6, "C", (), None, None, ())
    assert reverse.flip(flip, against(0.34, flip), "short list", said) == (
        "If the cost of a tainted failure were above about 19 ordinary strikes (the argument takes 12, "
        "mostly 3.3 to 44), “short list” would do better than “wait” in most readings."
    )


def test_numbers_that_turn_nothing_are_summed_up() -> None:
    near = made_up_flip(12.0, None, name="p", text="chance of peace", share=0.3)
    still = made_up_flip(12.0, None, name="q", share=0.0)
    far = made_up_flip(12.0, Crossing(500.0, None, None, 1.0, outside=True, fails="above", several=False))
    found = state(won(0.97))
    assert reverse.changing(found, against(0.97, near, still)) == (
        "No single number turns most readings, wherever in its range it lies; nearest to that comes the "
        "chance of peace, which turns 30 of 100 readings.",
    )
    assert reverse.changing(found, against(0.97, still)) == (
        "No single number turns more than 1 of 100 readings, wherever in its range it lies.",
    )
    assert reverse.changing(found, against(0.97)) == (
        "No number is uncertain here, so none could lie elsewhere.",
    )
    beyond = reverse.changing(found, against(0.97, far))
    assert beyond[0] == "The loss to us would turn it only beyond what the argument thinks possible."


def test_only_the_nearest_numbers_have_a_sentence() -> None:
    at = Crossing(19.0, None, None, 0.7, outside=False, fails="below", several=True)
    many = [made_up_flip(12.0, at, name=f"n{place}") for place in range(7)]
    said = reverse.changing(state(won(0.97)), against(0.3, *many))
    assert len(said) == 6
    assert said[-1] == "Two more numbers turn it less readily."
    assert "though not everywhere beyond" in said[0]


def test_switches() -> None:
    spread = Spread(0.1, -0.2, 0.1, 0.3, 0.01, 192, 0)
    turns = SwitchOption("agency", "off", False, share(0.4), spread, -0.3, 0.02)
    still = SwitchOption("aid", "on", False, share(0.7), spread, 0.0, 0.02)
    stated = SwitchOption("agency", "on", True, share(0.7), spread, 0.0, 0.0)
    said = reverse.changing(state(won(0.97)), against(0.7, options=(turns, still, stated)))
    assert said[:2] == (
        "With “the promise binds” set to “off”, “short list” does better in 40 of 100 readings instead of 70, which "
        "turns most of them.",
        "Setting “aid” otherwise changes nothing that can be told from chance.",
    )


def test_joint_moves() -> None:
    moves = (
        JointMove("B", "parameter", "strikes", 12.0, 8.1, 0.3),
        JointMove("p", "parameter", None, 0.1, 0.2, 0.8),
    )
    flip = JointFlip(False, -0.4, moves, 0.52, 0.001, -0.001, moves, 0.52)
    known = {
        "p": Assumption("p", "parameter", "chance of it", "", None, 0.0, 0.1, 1.0, "C", (), None, None, ())
    }
    assert reverse.central(against(0.3, joint=flip), "act", known) == (
        "With every number at its middle “act” does worse than “wait”; it would do better if `B` went from "
        "12 down to 8.1 strikes and the chance of it went from 10% up to 20% at once."
    )
    none = replace(flip, supports=True, moves=())
    assert "and no move of up to three numbers" in str(reverse.central(against(0.3, joint=none), "act", {}))
    assert reverse.central(against(0.3), "act", {}) is None


# Objections


def objection(*moves: Move, **other: object) -> Objection:
    found = Objection("leak", "Lists leak.", None, None, (), "leans", moves, (), 0)
    return replace(found, **other)  # type: ignore[arg-type]


def move(before: float, after: float, error: float = 0.01) -> Move:
    change = Shift(before, after, after - before, error, 4096)
    return Move("net worth", "payoff(us)", ("wait",), share(before), share(after), change, change)


def test_an_objection_bites_where_the_word_changes() -> None:
    assert objections.objection(objection(move(0.97, 0.3)), "act") == (
        "**It bites.** “Lists leak.”: granted, “act” does better in 30 of 100 readings instead of 97 by the "
        "net worth, and the answer turns from clearly for it to against it."
    )
    assert objections.objection(objection(move(0.75, 0.7)), "act").endswith(
        "“act” does better in 70 of 100 readings instead of 75 by the net worth, and the answer stays mostly "
        "for it."
    )
    still = objections.objection(objection(move(0.7, 0.7)), "act")
    assert still.endswith("it changes nothing in the answer that can be told from chance.")
    claims = (ClaimMove("C1", "x", share(0.7), share(0.2)),)
    assert objections.objection(objection(move(0.7, 0.7), claims=claims)).endswith(
        "though one claim is judged otherwise (“C1”)."
    )
    withheld = objections.objection(objection(move(0.97, 0.3), verdict="withheld", uncertified=1))
    assert "1 reading cannot be solved" in withheld


def test_objections_are_summed_up() -> None:
    bites, not_at_all = objection(move(0.97, 0.3)), objection(move(0.7, 0.7))
    record = state(won(0.97)).provenance

    def summed(*found: Objection) -> str:
        return objections.summary(Debate("t", None, "act", "leans", 64, found, {}, record))

    assert summed(bites) == "The one objection stated changes the answer, if it is granted."
    assert summed(not_at_all) == "The one objection stated does not change the answer, if it is granted."
    assert (
        summed(bites, not_at_all)
        == "Of the two objections stated, one changes the answer if granted: “leak”."
    )
    assert summed(not_at_all, not_at_all).endswith("none changes the answer, even if it is granted.")


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


def test_nothing_is_sure_without_an_answer() -> None:
    for name in ("withheld", "nothing-compared"):
        assert sure.sure(STATES[name]()) == ()
        assert answer.by_criterion(STATES[name]()) == ()


def test_the_standing_words_say_what_a_share_is_not() -> None:
    assert "not a probability" in " ".join(limits.STANDING)
    assert "not a probability" in sure.not_a_probability(state(won(0.97)))


# On a real argument


@pytest.fixture(scope="module")
def flagship() -> Findings:
    return parley.assess(parley.run(parley.load("taliban-talks"), draws=64, seed=7))


def prose(findings: Findings) -> list[str]:
    return [
        *answer.answer(findings),
        *answer.by_criterion(findings),
        *answer.caveats(findings),
        *sure.sure(findings),
        *re.split(r"(?<=\.) ", sure.not_a_probability(findings)),
        *(fails.failing(findings, each) for each in findings.discovery or ()),
        guesses.guesses(findings),
        *map(guesses.guess, guesses.weighty(findings)),
        *history.history(findings),
        *limits.STANDING,
        *limits.unsaid(findings),
        *limits.left_out(findings),
    ]


def test_the_flagship_reads_easily(flagship: Findings) -> None:
    lengths = [grammar.length(each) for each in prose(flagship)]
    assert sum(lengths) / len(lengths) <= 30
    assert max(lengths) <= 60


def test_the_answer_of_the_flagship(flagship: Findings) -> None:
    first, second = answer.answer(flagship)
    assert first.startswith("**It depends on what counts:** by the chance that a failure is clean, ")
    assert "“pause”" in second
