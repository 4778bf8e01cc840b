"""Places of dots, strips, dumbbells: every value where it belongs, whatever the values."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.site.render.dots import INSIDE, LEFT, PILE, Row, domain, dot_picture, dot_table, pile, ticks
from parley.site.render.formats import chance, number
from parley.site.render.marks import dumbbell, room_bar, strip

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)
_PLACE = re.compile(r"M([\d.]+)-([\d.]+)h0")


@given(VALUES)
def test_each_dot_stands_within_a_dot_of_its_value_and_on_no_other(values: list[float]) -> None:
    low, high = domain(values)
    path, size = pile(sorted(values), low, high)
    places = [(float(x), float(y)) for x, y in _PLACE.findall(path)]
    assert len(places) == len(values)
    assert len(set(places)) == len(values)
    for value, (x, y) in zip(sorted(values), places, strict=True):
        assert abs(x - (LEFT + (value - low) / (high - low) * INSIDE)) <= size + 0.1
        assert 0 < y < PILE + 0.1


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_an_axis_has_two_to_eight_round_ticks_within_its_ends(low: float, width: float) -> None:
    high = low + width
    if high - low < 1e-9 * max(abs(low), 1):
        return
    found = ticks(low, high)
    assert 2 <= len(found) <= 8
    assert all(low - width * 1e-6 <= each <= high + width * 1e-6 for each in found)


def test_the_picture_marks_the_advice_by_more_than_colour_and_the_authors_median() -> None:
    rows = [Row("A", "wait", False, (1.0, 2.0), 1.5), Row("B", "go", True, (3.0, 4.0))]
    drawn = dot_picture(rows, "Title", "Words")
    assert drawn.count('class="row advised"') == 1
    assert drawn.count('class="before"') == 1
    assert "<title>Title</title><desc>Words</desc>" in drawn
    assert 'role="img"' in drawn


def test_a_long_name_is_cut_with_an_ellipsis() -> None:
    assert "…" in dot_picture([Row("A", "x" * 80, True, (1.0,))], "t", "d")


def test_a_policy_without_an_answer_has_no_dots_and_no_numbers() -> None:
    row = Row("A", "wait", True, ())
    assert 'd=""' in dot_picture([row], "t", "d")
    assert dot_table(row) == ("–", "–")


def test_a_strip_breaks_where_nothing_was_solved_and_marks_every_flip() -> None:
    drawn = strip(
        [(0.0, 0.1), (0.2, None), (0.4, 0.6), (1.0, 0.9)],
        0.0,
        1.0,
        author=0.5,
        judged=(0.2, 0.8),
        flips=(0.3, 0.35),
    )
    line = re.search(r'class="share" d="([^"]*)"', drawn)
    assert line is not None
    assert line.group(1).count("M") == 2
    assert drawn.count('class="flip"') == 2
    assert 'class="judged" x="60" width="180"' in drawn


@pytest.mark.parametrize(("author", "reader"), [(0.0, 0.0), (1.0, 1.0), (0.5, 0.5), (0.63, 0.6), (0.0, 1.0)])
def test_the_words_of_a_dumbbell_stay_in_the_picture_and_apart(author: float, reader: float) -> None:
    drawn = dumbbell(author, reader, "A", "C", "t")
    places = [float(each) for each in re.findall(r'x="([\d.]+)" y="42"', drawn)]
    assert len(places) == 2
    assert all(38 <= each <= 282 for each in places)
    assert places[1] - places[0] >= 75


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="is no share"):
        dumbbell(0.5, share, "A", "B", "t")


def test_no_room_is_drawn_otherwise_than_much_room() -> None:
    assert room_bar(None) != room_bar(100.0)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_number_is_not_written(value: float) -> None:
    with pytest.raises(ValueError, match="is no number"):
        number(value)


@given(st.floats(0, 1))
def test_a_chance_in_words_is_near_the_chance(value: float) -> None:
    words = chance(value)
    if "in" in words:
        top, below = map(int, words.split(", ", 1)[1].replace(",", "").split(" in "))
        assert abs(top / below - value) <= 0.03 * max(value, 0.1) + 1e-12
