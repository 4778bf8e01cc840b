"""The answer in two sentences: it says what the numbers say, no more, and reads like a newspaper's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import parley
from parley.findings import (
    Answer,
    Findings,
    Share,
    Spread,
    Verdict,
)
from parley.findings.comparison import overall
from parley.report.document.model import runs
from parley.report.sentences import (
    answer,
    fails,
    grammar,
    guesses,
    history,
    limits,
    sure,
)
from tests.report.states import STATES, page, share

GOLDEN = Path(__file__).parent / "golden" / "sentences"
JARGON = (
    *("robust", "equilibri", "quantile", "certif", "utilit", "payoff", "game", "strategic", "bayes"),
    *("quantal", "residual", "sobol", "median", "likelihood", "draws"),
)


def shown(text: str) -> str:
    return "".join(each for each, _ in runs(text))


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
    assert "only fewer" not in sentence
    assert not re.search(r"at (least|most) (more|fewer)|to (more|fewer)", sentence)
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


def test_policies_are_explained_where_the_scenario_is_known() -> None:
    meant = {"short list": "posture short", "status quo": "posture as usual", "pause": "posture pause"}
    assert answer.meanings(STATES["best-of-all"](), meant) == (
        "“short list” stands for: posture short.",
        "“status quo” stands for: posture as usual.",
    )
    assert answer.meanings(STATES["nothing-compared"](), meant) == ()
    assert answer.meanings(STATES["robust"](), {}) == ()


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


def test_the_flagship_is_easy_to_read(flagship: Findings) -> None:
    """Flesch's reading ease: 50 is the edge of plain English, a quality newspaper has about 45 to 55."""
    said = [word for sentence in prose(flagship) for word in re.findall(r"[A-Za-z']+", shown(sentence))]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", each.lower())))) for each in said)
    sentences = sum(len(re.findall(r"[.](?: |$)", shown(each))) or 1 for each in prose(flagship))
    ease = 206.835 - 1.015 * len(said) / sentences - 84.6 * syllables / len(said)
    assert ease >= 50
