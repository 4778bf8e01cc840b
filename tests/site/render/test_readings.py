"""Curves and runs: every value where it belongs, nothing shown as a reader's that is not."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.site.model.effect import Effect
from parley.site.model.setting import Setting
from parley.site.render.article import Answer
from parley.site.render.compose import answer, article_page
from parley.site.render.curve import curve, curve_picture
from parley.site.render.dots import INSIDE, LEFT, Row, domain, dot_picture
from parley.site.render.environment import render
from parley.site.render.runs import Pairing, runs_picture
from tests.site.render import golden, samples

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)
_POINT = re.compile(r"L([\d.]+) ([\d.]+)")
_COLUMN = re.compile(r"M([\d.]+) ([\d.]+)V([\d.]+)")


def shown(effect: Effect, status: str = "author") -> Answer:
    return answer(samples.edition(), effect, status=status, before=samples.effect())


def without_runs(effect: Effect) -> Effect:
    first = effect.criteria[0]
    bare = tuple(replace(each, runs=()) for each in first.policies)
    return replace(effect, criteria=(replace(first, policies=bare),))


def test_the_three_pictures_are_drawn_as_they_were() -> None:
    for name, svg in golden.pictures().items():
        assert svg == (golden.PICTURES / f"{name}.svg").read_text(encoding="utf-8"), name


@given(VALUES)
def test_a_curve_rises_through_every_value_from_none_to_all(values: list[float]) -> None:
    low, high = domain(values)
    path, x, y = curve(sorted(values), low, high, 50.0, 150.0, 0.5)
    points = [(float(one), float(other)) for one, other in _POINT.findall(path)]
    assert len(points) == len(values) - 1
    assert points == sorted(points, key=lambda point: (point[0], -point[1]))
    for (at, up), (rank, value) in zip(points, list(enumerate(sorted(values)))[1:], strict=True):
        assert abs(at - (LEFT + (value - low) / (high - low) * INSIDE)) <= 0.051
        assert abs(up - (150 - (rank + 0.5) / len(values) * 100)) <= 0.051
    assert path.startswith("M10 150H")
    assert path.endswith("V50H330")
    assert (LEFT <= x <= LEFT + INSIDE, y) == (True, 100.0)


def test_the_curves_stand_on_the_axis_of_the_dots() -> None:
    rows = [Row("A", "wait", False, (1.0, 2.0, 9.0)), Row("B", "go", True, (3.0, 4.0, 5.0))]
    axes = [
        re.findall(r'<text x="([^"]*)"[^>]*>([^<]*)', re.findall(r'class="grid">(.*?)</g>', svg)[0])
        for svg in (dot_picture(rows, "t", "d", (12.0,)), curve_picture(rows, "t", "d", (12.0,)))
    ]
    assert axes[0] == axes[1]
    assert axes[0]


def test_letters_stand_on_their_curves_at_heights_of_their_own() -> None:
    same = tuple(float(each) for each in range(50))
    drawn = curve_picture([Row(each, each, False, same) for each in "ABCDE"], "t", "d")
    tags = re.findall(r'class="tag" x="[\d.]+" y="([\d.]+)">(\w)', drawn)
    assert [letter for _, letter in tags] == list("ABCDE")
    heights = [float(y) for y, _ in tags]
    assert min(after - before for before, after in pairwise(heights)) >= 14


def test_a_policy_without_an_answer_has_no_curve_and_no_letter() -> None:
    drawn = curve_picture([Row("A", "wait", True, ()), Row("B", "go", False, (1.0, 2.0))], "t", "d")
    assert 'class="line moved" d=""' in drawn
    assert drawn.count("></text>") == 1


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=120), st.booleans())
def test_columns_are_grouped_and_as_long_as_the_difference(runs: list[tuple[int, int]], higher: bool) -> None:
    ours, theirs = (tuple(float(value) for value in column) for column in zip(*runs, strict=True))
    pair = Pairing.of(ours, theirs, higher=higher)
    assert pair.better == sum((one > other) == higher and one != other for one, other in runs)
    rows = [Row("A", "wait", False, theirs), Row("B", "go", True, ours)]
    drawn = runs_picture(rows, pair, "t", "d")
    up, down = (
        [
            tuple(map(float, each))
            for each in _COLUMN.findall(re.findall(f'class="{kind}" d="([^"]*)"', drawn)[0])
        ]
        for kind in ("up", "down")
    )
    same = re.findall(r"M([\d.]+) [\d.]+v4", re.findall('class="same" d="([^"]*)"', drawn)[0])
    assert (len(up), len(same), len(down)) == (pair.better, pair.same, pair.worse)
    places = [x for x, *_ in up] + [float(x) for x in same] + [x for x, *_ in down]
    assert places == sorted(places), "better, the same, worse"
    gains = sorted((abs(gain) for gain in pair.gains if gain), reverse=True)
    lengths = sorted((abs(end - start) - 1 for _, start, end in up + down), reverse=True)
    for length, gain in zip(lengths, gains, strict=True):
        assert length == pytest.approx(gain * lengths[0] / gains[0], abs=0.21)
    assert all(end < start for _, start, end in up)
    assert all(end > start for _, start, end in down)


def test_a_mark_is_of_the_same_run_in_every_row() -> None:
    rows = [Row("A", "wait", False, (4.0, 1.0)), Row("B", "go", True, (2.0, 3.0))]
    drawn = runs_picture(rows, Pairing.of((2.0, 3.0), (4.0, 1.0), higher=True), "t", "d")
    marks = re.findall(r'class="each" d="M([\d.]+) 20v9[^"]*"/><path class="now" d="M([\d.]+) ', drawn)
    assert [first == now for first, now in marks] == [True, True]


def test_the_runs_say_what_the_sentence_says() -> None:
    found = shown(samples.effect())
    assert found.runs is not None
    assert found.runs.words == "In 63 of 100 runs C ends better than A, in 29 worse, in 8 the same."
    assert "63 of 100 runs, worse in 29, the same in 8" in found.sentence
    assert found.runs.shown


@pytest.mark.parametrize("status", ["estimate", "queued", "unknown", "failed"])
def test_the_authors_runs_are_never_shown_as_the_readers(status: str) -> None:
    found = shown(samples.effect(), status)
    assert found.runs is not None
    assert not found.runs.shown
    assert found.runs.words == "Single runs wait for the exact answer: an estimate knows none."
    assert set(re.findall(r'class="(?:each|now|up|down|same)" d="([^"]*)"', found.runs.picture)) == {""}
    assert "shown" not in json.loads(found.data)


def test_a_solved_answer_hands_its_own_runs_to_the_script() -> None:
    effect = samples.effect("q_other=0.5", better=0.3, worse=0.6, chip="flips")
    data = json.loads(shown(effect, "solved").data)
    assert data["shown"] == [list(each.runs) for each in effect.criteria[0].policies]
    assert data["runs"] == [list(each.runs) for each in samples.effect().criteria[0].policies]


def test_an_answer_from_before_there_were_runs_says_so() -> None:
    found = shown(without_runs(samples.effect()))
    assert found.runs is not None
    assert (found.runs.shown, found.runs.words) == (False, "No single runs are kept of this answer.")
    page = article_page(
        samples.edition(), samples.around(), replace(samples.numbers(), effect=without_runs(samples.effect()))
    )
    assert "data-waits" in render("article.html", page=page)


def test_fewer_than_a_hundred_runs_are_told() -> None:
    effect = samples.effect()
    first = effect.criteria[0]
    few = tuple(replace(each, runs=each.runs[:31]) for each in first.policies)
    found = shown(replace(effect, criteria=(replace(first, policies=few),)))
    assert found.runs is not None
    assert re.match(r"In \d+ of 31 runs C ends better", found.runs.words)
    assert found.runs.words.endswith("Only so many runs have an answer for every policy.")
    assert found.runs.few


def test_runs_of_different_readings_are_refused() -> None:
    effect = samples.effect()
    first = effect.criteria[0]
    odd = (replace(first.policies[0], runs=(1.0,)), *first.policies[1:])
    with pytest.raises(ValueError, match=r"\[1, 100\] runs"):
        shown(replace(effect, criteria=(replace(first, policies=odd),)))


def test_a_page_of_an_estimate_holds_no_run() -> None:
    page = article_page(
        samples.edition(),
        samples.around(),
        samples.numbers(),
        setting=Setting((("q_other", 0.5),)),
        effect=without_runs(samples.effect("q_other=0.5")),
        status="estimate",
    )
    assert "Single runs wait for the exact answer" in render("article.html", page=page)
