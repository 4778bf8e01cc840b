"""Rounding that never overstates, and the sentences that carry the answer."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parley import catalog
from parley.findings import Findings, Share, assess
from parley.findings.judgements import in_words, number, percent, set_in_words, switch_in_words
from parley.findings.statistics import word
from parley.report import words
from parley.scenario.model import Draw, Expression, Judgement, Switch
from parley.scenario.syntax import Number
from tests.findings.synthetic import SPAN, results


@pytest.fixture(scope="module")
def findings() -> Findings:
    return assess(results())


@given(st.floats(0, 1))
def test_a_share_is_all_or_none_only_when_it_is(share: float) -> None:
    text = words.of_hundred(share)
    assert (text == "all") == (share == 1.0)
    assert (text == "none") == (share == 0.0)
    assert not text.startswith(("100 ", "0 "))


@given(st.floats(1e-9, 1))
def test_an_error_is_never_rounded_down(error: float) -> None:
    hundredths = int(words.give_or_take(error).removeprefix("give or take "))
    assert hundredths >= 100 * error - 1e-6
    assert hundredths <= max(1.0, 100 * error + 1)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.9996, "more than 99 of 100"),
        (0.995, "more than 99 of 100"),
        (0.994, "99 of 100"),
        (0.006, "1 of 100"),
        (0.004, "fewer than 1 of 100"),
        (0.5, "50 of 100"),
        (None, "n/a"),
    ],
)
def test_shares_in_words(share: float | None, expected: str) -> None:
    assert words.of_hundred(share) == expected


def test_readings_in_words() -> None:
    def share(value: float | None, error: float | None = 0.01) -> str:
        return words.readings(Share(value, error, 0.0, 0.0, 1.0, 4096, 0, "open"))

    assert share(0.63) == "in 63 of 100 readings (give or take 1)"
    assert share(1.0) == "in all 4,096 readings"
    assert share(0.0) == "in none of 4,096 readings"
    assert share(None) == "in no reading that can be compared"
    assert share(0.5, None) == "in 50 of 100 readings (sampling error unknown)"


def share_of(held: int, error: float, count: int = 4096) -> Share:
    value = held / count
    lower, upper = value - error, value + error
    return Share(value, error, 0.0, lower, upper, count, 0, word(lower, upper))


@given(st.integers(1, 4095), st.floats(0.0008, 0.2))
def test_a_readers_own_subtraction_agrees_with_the_word(held: int, error: float) -> None:
    share = share_of(held, error)
    # Nearer to a threshold than this no three decimals can tell.
    assume(all(abs(bound - at) > 3e-5 for bound in (share.lower, share.upper) for at in (0.9, 0.6, 0.4)))
    found = re.fullmatch(
        r"in (?:(?:more|fewer) than )?([\d.]+) of 100 readings \(give or take ([\d.]+)\)",
        words.readings(share),
    )
    assert found is not None
    middle, around = Fraction(found[1]), Fraction(found[2])
    low, high = float((middle - around) / 100), float((middle + around) / 100)
    assert word(low, high) == share.word


def test_a_decimal_more_only_where_it_is_needed() -> None:
    assert words.readings(share_of(3736, 0.0105)) == "in 91.2 of 100 readings (give or take 1.1)"
    assert words.readings(share_of(3850, 0.0105)) == "in 94 of 100 readings (give or take 2)"


@given(st.text(), st.integers(2, 80))
def test_shortened_text_fits(text: str, width: int) -> None:
    short = words.shorten(text, width)
    assert len(short) <= width
    assert "\n" not in short
    if len(words.clean(text)) <= width:
        assert short == words.clean(text)


@given(st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), min_size=1, max_size=5))
def test_figures_beside_each_other_have_the_same_decimals(values: list[float | None]) -> None:
    written = words.figures(values)
    assert len(written) == len(values)
    assert all(text == "n/a" for text, value in zip(written, values, strict=True) if value is None)
    assert "-0" not in {text.rstrip("0").rstrip(".") for text in written}
    sizes = [abs(value) for value in values if value is not None]
    portions = all(value is None or 0 <= value <= 1 for value in values)
    if sizes and 1e-3 <= max(sizes) < 1e9 and not portions:
        decimals = {len(text.partition(".")[2]) for text in written if text != "n/a"}
        assert len(decimals) == 1


@given(st.floats(-1e15, 1e15))
def test_a_number_is_written_close_to_what_it_is(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=6e-3)


def test_precision_in_the_words_of_odds() -> None:
    base = results()
    found = assess(replace(base, precision={name: np.full(base.draw.size, 4.0) for name in base.players}))
    assert words.precisions(found) == (
        "At precision 4, for everybody: between two options whose consequences differ by a tenth of all that "
        "is at stake for a player, it takes the better one 60 times in 100 (odds 1.5 to 1).",
    )


def test_headline_says_first_when_the_answers_differ(findings: Findings) -> None:
    assert words.headline(findings) == (
        'The answers differ: "short list" is better than "status quo" on a clean failure, but worse on net '
        "worth to Washington."
    )


@pytest.mark.parametrize("word", ["robust", "leans", "open", "fails"])
def test_headline_of_agreeing_criteria(findings: Findings, word: str) -> None:
    verdict = findings.verdict
    assert verdict is not None
    answers = tuple(
        replace(item, against_baseline=replace(item.against_baseline, word=word))
        for item in verdict.answers
        if item.against_baseline is not None
    )
    text = words.headline(replace(findings, verdict=replace(verdict, word=word, answers=answers)))
    assert text.startswith(words.HEADLINES[word])
    assert "but" not in text
    assert "on a clean failure and net worth to Washington" in text


def test_headline_when_the_recommendation_is_the_baseline(findings: Findings) -> None:
    verdict = findings.verdict
    assert verdict is not None
    answers = tuple(replace(item, against_baseline=None, margin=None) for item in verdict.answers)
    changed = replace(findings, verdict=replace(verdict, word="fails", answers=answers))
    assert "is not the best of the 3 compared on" in words.headline(changed)
    assert "is the best of 3 in" in words.answer(changed, answers[0])
    assert words.best_of_all(changed, answers[0]) is None


def test_ties_are_named(findings: Findings) -> None:
    verdict = findings.verdict
    assert verdict is not None
    item = replace(verdict.answers[0], rival="pause", rival_ties=("sue",), best_share={"pause": 0.4})
    text = words.best_of_all(findings, item)
    assert text is not None
    assert text.endswith('most often the best is "pause", tied with "sue" (in 40 of 100 each).')
    always = words.best_of_all(findings, replace(item, best_share={"pause": 0.5}))
    assert always == 'Of all 3 policies the best is always "pause", tied with "sue".'
    own = words.best_of_all(findings, replace(item, rival_ties=("short list",)))
    assert own is not None
    assert own.endswith('(give or take 1), tied with "pause" (in 40 of 100).')


def test_without_the_objection_says_what_stays_set(findings: Findings) -> None:
    assert findings.verdict is not None
    item = findings.verdict.answers[0]
    assert "Without the objection: in" in (words.unchallenged(findings, item) or "")
    record = replace(findings.provenance, overrides={"p": "0.3", "q": "range 1 2"})
    said = words.unchallenged(replace(findings, provenance=record), item)
    assert said is not None
    assert said.startswith("Without the objection, but with p=0.3 and q=range 1 2 as set: in")


def test_an_unknown_method_is_told_as_it_is(findings: Findings) -> None:
    assert words.method(findings).startswith("better options are chosen more often")
    record = replace(findings.provenance, concept="level-k", design="by hand")
    assert words.method(replace(findings, provenance=record)) == "level-k; by hand"


def test_headline_without_a_verdict(findings: Findings) -> None:
    assert "needs the recommended policy" in words.headline(replace(findings, verdict=None))
    assert "Nothing is recommended" in words.headline(replace(findings, verdict=None, measures=()))


def test_the_command_does_the_run_again(findings: Findings) -> None:
    record = replace(findings.provenance, path="my file.md", overrides={"p": "0.3"})
    command = words.command(replace(findings, provenance=record, left_out=("pause",), policies=("a b",)))
    assert shlex.split(command) == [
        *("parley", "run", "my file.md", "--draws", "1024", "--seed", "7", "--set", "p=0.3"),
        *("--policy", "a b"),
    ]


def test_a_shipped_scenario_is_called_by_its_name(findings: Findings) -> None:
    for name in catalog.names():
        record = replace(findings.provenance, path=str(catalog.locate(name)))
        assert words.command(replace(findings, provenance=record)).startswith(f"parley run {name} ")


@pytest.mark.parametrize(
    ("shape", "numbers", "expected"),
    [
        ("fixed", (12.0,), "12"),
        ("uniform", (1.0, 3.0), "1 to 3"),
        ("loguniform", (1.0, 20.0), "1 to 20, even in proportion"),
        ("logtriangular", (1.0, 2.0, 4.0), "1 to 4, likeliest 2, in proportion"),
        ("pert", (0.0, 1.0, 3.0), "0 to 3, mostly near 1"),
        ("lognormal", (0.3, 0.45), "median 0.3, sigma 0.45 (lognormal)"),
        ("beta", (2.5, 10.5), "mean 0.192 (beta 2.5, 10.5)"),
        ("gamma", (2.0, 3.0), "mean 6 (gamma 2, 3)"),
        ("exponential", (2.0,), "mean 2 (exponential)"),
        ("choice", (1.0, 2.0, 0.5, 0.5), "one of 1, 2"),
        ("choice", (1.0, 2.0, 0.3, 0.7), "one of 1 (30%), 2 (70%)"),
    ],
)
def test_judgements_in_words(shape: str, numbers: tuple[float, ...], expected: str) -> None:
    assert in_words(Judgement(shape, numbers, None, None, None, SPAN)) == expected


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ((0.0, 5.0), "kept within 0 to 5"),
        ((None, 5.0), "kept at or below 5"),
        ((0.0, None), "kept at or above 0"),
    ],
)
def test_truncation_in_words(bounds: tuple[float | None, float | None], expected: str) -> None:
    assert in_words(Judgement("normal", (1.0, 2.0), bounds, None, None, SPAN)).endswith(expected)


def test_switches_and_settings_in_words() -> None:
    switch = Switch("s", ("yes", "no"), "yes", (0.3, 0.7), None, None, (), (), None, None, SPAN)
    assert switch_in_words(switch) == "yes 30%, no 70%"
    assert set_in_words(Draw(None, None, "off", SPAN)) == "off"
    assert set_in_words(Draw(None, Expression("2 * q", Number(0, 0, 1), SPAN), None, SPAN)) == "2 * q"
    assert percent(0.005) == "0.5%"


def test_a_chance_is_written_as_none_or_all_only_when_it_is() -> None:
    assert words.figures((0.0, 0.0002, 0.5, 0.9996, 1.0)) == ["0.000", "<0.001", "0.500", ">0.999", "1.000"]


def test_ties_and_undefined_readings_are_said(findings: Findings) -> None:
    verdict = findings.verdict
    assert verdict is not None
    item = verdict.answers[0]
    assert item.against_baseline is not None
    tied = replace(item, against_baseline=replace(item.against_baseline, ties=0.25, undefined=4))
    assert "Ties, in 25 of 100, count as half a win." in words.answer(findings, tied)
    assert "Undefined in 4 of 1,028 readings" in words.answer(findings, tied)
    level = replace(item, against_baseline=replace(item.against_baseline, ties=1.0))
    assert "All are ties" in words.answer(findings, level)
