"""The page of an estimation says what there is to say, and nothing that is not so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from xml.etree import ElementTree

import pytest

import parley
from parley.report.fit import meaning, render_fit
from parley.report.fit_picture import profile_chart
from parley.report.pictures import line_chart
from parley.study import Fit, fit
from parley.study.fit_model import WHOLE, Interval

Columns = Mapping[str, Sequence[object]]


def page(found: Fit, width: int = 100) -> str:
    """The page with every run of blanks as one, so that lines may break anywhere."""
    return " ".join(render_fit(found, width).split())


def choice(worth: str, parameters: str, plays: Columns, *names: str, curve: int = 0) -> Fit:
    scenario = parley.loads(
        "parley: 1\ntitle: A choice\nplayers: {a: {text: Somebody, stake: 1}}\nprecision: care\n"
        f"parameters: {parameters}\n"
        "story: [{player: a, move: act, options: [good, bad]}, {outcomes: [end]}]\n"
        f"payoffs: {{a: {worth} if act is good else 0}}\n"
    )
    return fit(scenario, plays, names, curve=curve)


def seen(good: float, bad: float) -> Columns:
    return {"act": ["good", "bad"], "count": [good, bad]}


@pytest.fixture(scope="module")
def plain() -> Fit:
    parameters = "{care: {value: 1, unit: per franc}, worth: {range: [1, 3]}, idle: 7}"
    return choice("worth + 0 * idle", parameters, seen(75, 25), "care", curve=9)


def test_a_plain_fit_is_told_in_full(plain: Fit) -> None:
    text = page(plain)
    for said in (
        "Fitted to the table: 100 plays in 2 rows, 1 number estimated by maximum likelihood.",
        "care 0.5493 per franc 0.115 0.3305 to 0.7853 0.3230 to 0.7756",
        "care 0.5493 per franc is the precision of Somebody: of two options whose consequences differ by 1, "
        "the better one is taken 63 times in 100 (odds 1.7 to 1).",
        "Log-likelihood -56.23 (AIC 114.5, BIC 117.1",
        "If everybody chose at random it would be -69.31: the model is better than chance.",
        "it gives what was seen 57 of 100, random play 50 of 100.",
        "act is good 75.0% 75.0% 75 75.0",
        "No test of fit: there are as many estimates as shares",
        "Uncertain and not estimated, so held at the median: worth 2.",
        "As the scenario states them: idle 7.",
        "All those at the estimates are certified",
    ):
        assert said in text, said
    assert "rough" not in text
    assert "whole number" not in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_fit_the_width_and_hold_no_escapes(plain: Fit, width: int) -> None:
    lines = render_fit(plain, width).splitlines()
    assert max(len(line) for line in lines) <= width
    assert not any(line.endswith(" ") for line in lines)
    assert "\x1b" not in render_fit(plain, width)
    assert "\x1b" in render_fit(plain, width, colour=True)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (choice("1", "{care: 1}", seen(10, 0), "care"), "care is not pinned down"),
        (choice("1", "{care: 1}", seen(10, 12), "care"), "These data look like random play."),
        (
            choice("1", "{care: {range: [0.5, 1]}}", seen(90, 10), "care"),
            "care is at the high end of what may be tried (1): the likelihood still rises there",
        ),
        (
            choice("b * b", "{care: 1, b: 0.5}", seen(90, 10), "b"),
            "The likelihood has several peaks: 2 were found from 6 starts; two are equally high",
        ),
        (choice("1", "{care: 1}", seen(70.5, 25), "care"), "The plays are not a whole number"),
        (choice("1", "{care: 1}", seen(10, 12), "care"), "the model is no better than chance"),
        (
            choice("x", "{care: 1, x: 0}", {"act": ["good", "bad"] * 2, "x": [0, 0, 1, 1]}, "care"),
            "Given by the data, row by row: x.",
        ),
    ],
)
def test_what_is_amiss_is_said(found: Fit, said: str) -> None:
    assert said in page(found)


def test_a_misfit_names_the_worst_cell() -> None:
    plays: Columns = {"act": ["good", "bad", "good", "bad"], "x": [1, 1, 2, 2], "count": [90, 10, 40, 60]}
    text = page(choice("x", "{care: 1, x: 0}", plays, "care"))
    assert "with 1 degree of freedom: were the model true, fewer than 1 of 1,000 samples" in text
    assert "It misses something. The worst of it: act is" in text
    plays = {"act": ["good", "bad", "good", "bad"], "x": [1, 1, 2, 2], "count": [73, 27, 88, 12]}
    assert "Nothing in these shares speaks against it." in page(choice("x", "{care: 1, x: 0}", plays, "care"))


def test_a_precision_is_told_per_stake_and_by_the_kind_of_errors(plain: Fit) -> None:
    one = replace(plain.estimates[0], value=2.0)
    assert "differ by 1, the better one is taken 88 times in 100 (odds 7.4 to 1)" in "".join(meaning(one))
    whole = replace(one, stakes=(WHOLE,))
    assert "differ by a tenth of all that is at stake for a player" in "".join(meaning(whole))
    assert "55 times in 100 (odds 1.2 to 1)" in "".join(meaning(whole))
    # Phi(2 / sqrt 2) = 0.9214
    assert "92 times in 100 (odds 12 to 1)" in "".join(meaning(replace(one, errors=("normal",))))
    by_switch = "".join(meaning(replace(one, errors=("logistic", "normal"))))
    assert "odds" not in by_switch
    assert list(meaning(replace(one, precision_of=(), text=None))) == []


def test_a_hostile_name_drives_no_terminal(plain: Fit) -> None:
    bad = replace(plain, title="\x1b[31mred\n", data="\x1b]0;x\x07.csv")
    assert "\x1b" not in render_fit(bad)
    assert "\x07" not in render_fit(bad)


def test_the_profile_is_a_picture(plain: Fit) -> None:
    (one,) = plain.estimates
    chart = profile_chart(plain, one)
    assert chart.x_title == "care (per franc)"
    curve, level = chart.panels[0].lines
    assert curve.values == tuple(point.drop for point in one.curve)
    assert set(level.values) == {-plain.level / 2}
    assert [mark.x for mark in chart.panels[0].marks] == [one.value, one.profile.low, one.profile.high]
    picture = ElementTree.fromstring(line_chart(chart))
    assert picture.tag.endswith("svg")
    open_ = replace(one, profile=Interval(None, one.profile.high))
    assert len(profile_chart(plain, open_).panels[0].marks) == 2
