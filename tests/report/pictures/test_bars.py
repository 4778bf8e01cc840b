"""Bars: how long they are, what they look like, what stands beside them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.report.pictures.bars import Bar, BarChart, BarRow, bar_chart
from parley.report.pictures.fills import GRADES, graded, hatch
from parley.report.pictures.svg import render
from tests.report.pictures.charts import GOLDEN
from tests.report.pictures.marks import HOSTILE, apart, bars, elements, safe, spans


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_the_picture_is_known_byte_for_byte(theme: str) -> None:
    golden = (GOLDEN / f"bars-{theme}.svg").read_text(encoding="utf-8")
    assert bar_chart(bars(), theme) == golden, "python -m tests.report.pictures.regenerate, and look at it"


def one(value: float, low: float, high: float, *, told: bool = True) -> str:
    fixed = BarRow("whole", "A", (Bar(100.0, 100.0, 100.0, "100"),))
    row = BarRow("this", "A", (Bar(value, low, high, "x", told=told),))
    return bar_chart(BarChart("t", ("of 100",), (fixed, row)))


def solid(picture: str) -> list[tuple[float, float]]:
    """Return left edge and width of the solid bars, badges and legend left out."""
    shapes = [each.attrib for each in elements(picture, "rect") if each.attrib.get("class") == "f1"]
    return [(float(each["x"]), float(each["width"])) for each in shapes if each["height"] == "13"]


@given(st.floats(0, 100), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_a_bar_is_as_long_as_its_number_and_its_line_as_its_interval(
    value: float, below: float, above: float
) -> None:
    low, high = value * (1 - below), value + (100 - value) * above
    picture = one(value, low, high)
    (start, whole), (left, width) = solid(picture)
    assert left == pytest.approx(start, abs=0.1)
    assert width == pytest.approx(whole * value / 100, abs=0.2)
    line = [each.attrib for each in elements(picture, "line") if each.attrib.get("class") == "ring"][3]
    assert float(line["x1"]) == pytest.approx(start + whole * low / 100, abs=0.1)
    assert float(line["x2"]) == pytest.approx(start + whole * high / 100, abs=0.1)


def test_what_is_not_told_from_nothing_is_an_outline() -> None:
    assert len(solid(one(40.0, 20.0, 60.0))) == 2
    outline = one(40.0, -20.0, 100.0, told=False)
    assert len(solid(outline)) == 1
    assert "not told from 0" in outline
    assert any(each.attrib.get("stroke-dasharray") == "3 2" for each in elements(outline, "rect"))


def test_every_grade_has_a_look_of_its_own_without_colour() -> None:
    looks = {grade: "".join(render(each) for each in graded(0, 0, 40, 12, grade)) for grade in GRADES}
    assert len(set(looks.values())) == len(GRADES)
    # The share of the area that is inked falls with the grade.
    strokes = hatch(0, 0, 40, 12)
    inked = sum(((c - a) ** 2 + (d - b) ** 2) ** 0.5 * 1.3 for a, b, c, d in strokes) / (40 * 12)
    assert 1.0 > 0.45 > inked
    with pytest.raises(ValueError, match="no grade 'D'"):
        graded(0, 0, 1, 1, "D")


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 90), st.floats(0, 90), st.floats(2, 12))
@settings(deadline=None)
def test_hatching_stays_inside_and_slants(
    x: float, y: float, width: float, height: float, step: float
) -> None:
    for ax, ay, bx, by in hatch(x, y, width, height, step=step):
        assert x - 1e-9 <= ax < bx <= x + width + 1e-9
        assert y - 1e-9 <= by < ay <= y + height + 1e-9
        assert bx - ax == pytest.approx(ay - by, abs=1e-9)


NUMBERS = st.lists(st.floats(-1e5, 1e5), min_size=3, max_size=3).map(sorted)


@given(st.lists(st.tuples(st.text(max_size=300), st.sampled_from(GRADES), NUMBERS), min_size=1, max_size=10))
@settings(max_examples=40, deadline=None)
def test_nothing_is_outside_or_covered_whatever_it_shows(
    rows: list[tuple[str, str | None, list[float]]],
) -> None:
    drawn = tuple(
        BarRow(text, grade, (Bar(numbers[1], numbers[0], numbers[2], "12 ±3"),) * 2)
        for text, grade, numbers in rows
    )
    picture = bar_chart(BarChart("t", ("one", "two"), drawn))
    safe(picture)
    apart(picture)


def test_a_hostile_name_is_text() -> None:
    row = BarRow(HOSTILE, "C", (Bar(1.0, 0.0, 2.0, HOSTILE[:8]),))
    safe(bar_chart(BarChart(HOSTILE, (HOSTILE,), (row,), (HOSTILE,), HOSTILE)))


def test_the_looks_that_occur_are_named() -> None:
    texts = [text for *_, text in spans(bar_chart(bars()))]
    assert {"A counted", "B read off", "C judged", "no grade", "not told from 0"} <= set(texts)
    alone = [text for *_, text in spans(one(1.0, 0.0, 2.0))]
    assert "A counted" in alone
    assert "C judged" not in alone


@pytest.mark.parametrize(
    ("bar", "said"),
    [
        (Bar(1.0, 2.0, 3.0, ""), "does not hold its value"),
        (Bar(float("nan"), None, None, ""), "not finite"),
    ],
)
def test_numbers_that_cannot_be_drawn_are_refused(bar: Bar, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        BarChart("t", ("h",), (BarRow("x", "A", (bar,)),))


def test_rows_beyond_ten_and_unknown_grades_are_refused() -> None:
    row = BarRow("x", "A", (Bar(1.0, None, None, ""),))
    with pytest.raises(ValueError, match="1 to 10 rows, not 11"):
        BarChart("t", ("h",), (row,) * 11)
    with pytest.raises(ValueError, match="has a grade 'Z'"):
        BarChart("t", ("h",), (BarRow("x", "Z", row.bars),))
    with pytest.raises(ValueError, match="1 or 2 columns, not 3"):
        BarChart("t", ("h",) * 3, (row,))


def test_it_is_light_and_quick() -> None:
    text = "loss to Washington from a tainted failure, against a clean one (B)"
    row = BarRow(text, "C", (Bar(90.0, 80.0, 100.0, "90 ±10"),) * 2)
    chart = BarChart(text, (text, text), (row,) * 10, (text * 3,))
    picture = bar_chart(chart)
    assert len(picture.encode()) < 60_000
    began = time.process_time()
    for _ in range(10):
        bar_chart(chart)
    assert (time.process_time() - began) / 10 < 0.030
