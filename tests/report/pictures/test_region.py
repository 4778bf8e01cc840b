"""Regions in the plane of two numbers: cells, dots, outlines."""

from __future__ import annotations

import math
import re
import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.report.pictures.region import Axis, Outline, RegionChart, level, region_chart
from tests.report.pictures.charts import GOLDEN
from tests.report.pictures.marks import HOSTILE, apart, elements, plane, safe, spans


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_the_picture_is_known_byte_for_byte(theme: str) -> None:
    golden = (GOLDEN / f"region-{theme}.svg").read_text(encoding="utf-8")
    assert region_chart(plane(), theme) == golden, (
        "python -m tests.report.pictures.regenerate, and look at it"
    )


def paths(picture: str, kind: str) -> list[ET.Element]:
    return [each for each in elements(picture, "path") if each.attrib.get("class") == kind]


def corners(path: str) -> tuple[float, float, float, float]:
    """Return left, right, upper and lower end of a rectangle's path."""
    found = re.fullmatch(r"M([\d.]+),([\d.]+)H([\d.]+)V([\d.]+)H\1Z", path)
    assert found is not None, path
    left, top, right, low = map(float, found.groups())
    return left, right, top, low


def field(picture: str) -> tuple[float, float, float, float]:
    """Return the ends of the plane."""
    return next(corners(each.attrib["d"]) for each in paths(picture, "axis") if "H" in each.attrib["d"])


def outlines(picture: str) -> list[tuple[float, float, float, float]]:
    wide = [each for each in paths(picture, "ring") if each.attrib.get("stroke-width") == "2.4"]
    return [corners(each.attrib["d"]) for each in wide if "Z" in each.attrib["d"]]


def square(low: float | None, high: float | None) -> RegionChart:
    """Four cells of edges 0, 1, 3, 4, 8 along both numbers, and an outline."""
    side = Axis("x", (0.0, 1.0, 3.0, 4.0, 8.0), 3.0)
    counts = ((5,) * 4,) * 4
    outline = Outline((low, high), (low, high), "here")
    return RegionChart("t", side, side, counts, counts, (outline,))


@pytest.mark.parametrize(
    ("low", "high", "start", "end"),
    [
        (None, 3.0, 0.0, 0.5),
        (2.0, None, 0.375, 1.0),
        (0.5, 6.0, 0.125, 0.875),
        (-9.0, 99.0, 0.0, 1.0),
    ],
)
def test_an_outline_lies_where_its_bounds_are_on_the_stretched_axes(
    low: float | None, high: float | None, start: float, end: float
) -> None:
    picture = region_chart(square(low, high))
    left, right, top, bottom = field(picture)
    ((x1, x2, y1, y2),) = outlines(picture)
    assert (x1, x2) == pytest.approx((left + start * (right - left), left + end * (right - left)), abs=0.1)
    assert (y2, y1) == pytest.approx(
        (bottom - start * (bottom - top), bottom - end * (bottom - top)), abs=0.1
    )


def test_an_outline_that_neither_number_bounds_is_words_alone() -> None:
    picture = region_chart(square(None, None))
    assert outlines(picture) == []
    assert "here" in [text for *_, text in spans(picture)]


def test_the_middle_of_both_numbers_is_marked() -> None:
    picture = region_chart(square(None, 3.0))
    left, right, top, bottom = field(picture)
    (mark,) = elements(picture, "circle")
    assert float(mark.attrib["cx"]) == pytest.approx((left + right) / 2, abs=0.1)
    assert float(mark.attrib["cy"]) == pytest.approx((top + bottom) / 2, abs=0.1)


@given(st.integers(1, 500), st.floats(0, 1))
def test_a_cell_has_more_dots_where_more_readings_fail(count: int, share: float) -> None:
    failed = round(share * count)
    dots = level(count, failed)
    assert [0.0, 0.1, 0.3, 0.5, 0.7, 0.9][dots] <= failed / count + 1e-9
    assert dots == 5 or failed / count < [0.1, 0.3, 0.5, 0.7, 0.9][dots] + 1e-9
    assert failed == count or level(count, failed + 1) >= dots


def test_each_cell_has_its_dots_and_its_tint() -> None:
    picture = region_chart(replace(plane(), outlines=()))
    dots = [len(re.findall("h0", each.attrib["d"])) for each in paths(picture, "ring")]
    assert dots[0] == 5 + 4 + 3 + 2 + 1  # all cells; then those of the legend
    tints = [each.attrib["fill-opacity"] for each in paths(picture, "f2")][:5]
    assert sorted(tints) == tints
    assert len(set(tints)) == 5
    assert "hatched: no reading" in [text for *_, text in spans(picture)]
    full = replace(plane(), counts=((10,) * 3,) * 2)
    assert "hatched: no reading" not in [text for *_, text in spans(region_chart(full))]


def test_the_first_row_is_the_lowest_and_the_first_column_the_leftmost() -> None:
    side = Axis("x", (0.0, 1.0, 2.0), 1.0)
    picture = region_chart(RegionChart("t", side, side, ((9, 9), (9, 9)), ((9, 0), (0, 0))))
    left, right, top, bottom = field(picture)
    cell = corners(next(each.attrib["d"] for each in paths(picture, "f2")))
    assert cell == pytest.approx((left, (left + right) / 2, (top + bottom) / 2, bottom), abs=0.1)


EDGES = st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=13, unique=True).map(sorted)


@given(EDGES, EDGES, st.text(max_size=200), st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_is_outside_or_covered_whatever_it_shows(
    across: list[float], up: list[float], text: str, data: st.DataObject
) -> None:
    bound = st.none() | st.floats(-1e9, 1e9)
    pair = st.tuples(bound, bound)
    counts = tuple(tuple((a + b) % 7 for a in range(len(across) - 1)) for b in range(len(up) - 1))
    picture = region_chart(
        RegionChart(
            text,
            Axis(text, tuple(across), across[0]),
            Axis(text, tuple(up), up[-1]),
            counts,
            counts,
            tuple(Outline(data.draw(pair), data.draw(pair), text) for _ in range(2)),
            (text,),
        )
    )
    safe(picture)
    apart(picture)


def test_a_hostile_name_is_text() -> None:
    side = Axis(HOSTILE, (0.0, 1.0), 0.5)
    outline = Outline((None, 1.0), (None, None), HOSTILE)
    safe(region_chart(RegionChart(HOSTILE, side, side, ((1,),), ((1,),), (outline,), (HOSTILE,), HOSTILE)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"across": Axis("x", (0.0,), 0.0)}, "not 0"),
        ({"across": Axis("x", tuple(map(float, range(14))), 0.0)}, "not 13"),
        ({"across": Axis("x", (0.0, 1.0, 1.0, 2.0), 0.0)}, "do not increase"),
        ({"up": Axis("x", (0.0, 1.0, math.inf), 0.0)}, "not finite"),
        ({"counts": ((10, 10), (10, 10))}, "not one count for each cell"),
        ({"failures": ((11, 0, 0), (0, 0, 0))}, "11 of 10 readings"),
        ({"outlines": (Outline((None, None), (None, None), ""),) * 3}, "at most 2 outlines, not 3"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(plane(), **change)  # type: ignore[arg-type]


def test_numbers_along_the_axes_stand_apart() -> None:
    texts = spans(region_chart(square(None, 3.0)))
    row = sorted((left, right) for left, right, base, text in texts if text in ("0", "1", "3", "4", "8"))
    assert len(row) == 10
    below = sorted(each for each in texts if each[3] in ("0", "1", "3", "4", "8"))[5:]
    assert all(after[0] > before[1] for before, after in pairwise(sorted(below)[1:]))


def test_it_is_light_and_quick() -> None:
    side = Axis("loss to Washington from a tainted failure", tuple(map(float, range(13))), 6.0)
    counts = ((10,) * 12,) * 12
    chart = RegionChart("t", side, side, counts, counts, plane().outlines)
    assert len(region_chart(chart).encode()) < 60_000
    began = time.process_time()
    for _ in range(10):
        region_chart(chart)
    assert (time.process_time() - began) / 10 < 0.030
