"""Tornadoes: bars from the share as stated, each end in a lane of its own."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.report.pictures.fills import GRADES
from parley.report.pictures.frame import EDGE, WIDTH
from parley.report.pictures.tornado import End, TornadoChart, TornadoRow, tornado
from tests.report.pictures.charts import GOLDEN
from tests.report.pictures.marks import HOSTILE, apart, elements, safe, spans, whirl


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_the_picture_is_known_byte_for_byte(theme: str) -> None:
    golden = (GOLDEN / f"tornado-{theme}.svg").read_text(encoding="utf-8")
    assert tornado(whirl(), theme) == golden, "python -m tests.report.pictures.regenerate, and look at it"


def bars(picture: str) -> list[tuple[float, float, float]]:
    """Return left end, right end and height of each bar of a row of grade A."""
    found = [each.attrib for each in elements(picture, "rect") if each.attrib["height"] == "10"]
    return [(float(each["x"]), float(each["x"]) + float(each["width"]), float(each["y"])) for each in found]


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
@settings(max_examples=40, deadline=None)
def test_bars_reach_from_the_share_as_judged_to_that_of_each_end(
    stated: float, low: float, high: float
) -> None:
    row = TornadoRow("x", "A", (End(low, None, "l"), End(high, None, "h")))
    picture = tornado(TornadoChart("t", "h", stated, "s", (row,)))
    axis = next(each.attrib for each in elements(picture, "line") if each.attrib["class"] == "axis")
    left, right = float(axis["x1"]), float(axis["x2"])
    drawn = bars(picture)
    for (start, end, _), share in zip(drawn, (low, high), strict=True):
        assert start == pytest.approx(left + (right - left) * min(stated, share) / 100, abs=0.1)
        assert end == pytest.approx(left + (right - left) * max(stated, share) / 100, abs=0.2)
    assert drawn[1][2] - drawn[0][2] >= 10  # lanes never cover each other


ENDS = st.lists(
    st.builds(End, st.one_of(st.none(), st.floats(0, 100)), st.floats(0, 60), st.text(max_size=12)),
    min_size=1,
    max_size=4,
).map(tuple)
ROWS = st.lists(
    st.builds(TornadoRow, st.text(max_size=200), st.sampled_from(GRADES), ENDS), min_size=1, max_size=10
).map(tuple)


@given(st.floats(0, 100), ROWS)
@settings(max_examples=40, deadline=None)
def test_nothing_is_outside_or_covered_whatever_it_shows(stated: float, rows: tuple[TornadoRow, ...]) -> None:
    picture = tornado(TornadoChart("t", "h", stated, "as judged: 40", rows))
    safe(picture)
    apart(picture)


@pytest.mark.parametrize("share", [30.0, 70.0])
def test_words_stand_beyond_the_interval(share: float) -> None:
    row = TornadoRow("x", "A", (End(share, 8.0, "words"),))
    picture = tornado(TornadoChart("t", "h", 50.0, "s", (row,)))
    left, right, *_ = next(each for each in spans(picture) if each[3] == "words")
    line = next(each.attrib for each in elements(picture, "line") if each.attrib.get("class") == "ring")
    assert right < float(line["x1"]) if share < 50 else left > float(line["x2"])


@pytest.mark.parametrize("share", [0.0, 100.0])
def test_words_without_room_stand_on_the_other_side(share: float) -> None:
    row = TornadoRow("x", "A", (End(share, 0.0, "at 12.5: some words"),))
    picture = tornado(TornadoChart("t", "h", 50.0, "s", (row,)))
    left, right, *_ = next(each for each in spans(picture) if each[3] == "at 12.5: some words")
    assert EDGE <= left < right <= WIDTH - EDGE
    ((start, end, _),) = bars(picture)
    assert right < start or left > end


def test_a_hostile_name_is_text() -> None:
    row = TornadoRow(HOSTILE, "C", (End(1.0, 1.0, HOSTILE[:9]),))
    safe(tornado(TornadoChart(HOSTILE, HOSTILE, 50.0, HOSTILE[:9], (row,), (HOSTILE,), HOSTILE)))


def test_what_cannot_be_drawn_is_refused() -> None:
    row = whirl().rows[0]
    for rows, said in [
        ((), "1 to 10 rows, not 0"),
        ((row,) * 11, "1 to 10 rows, not 11"),
        ((replace(row, ends=()),), "0 ends"),
        ((replace(row, grade="Z"),), "grade 'Z'"),
        ((replace(row, ends=(End(101.0, None, ""),)),), "101.0 of 100"),
        ((replace(row, ends=(End(math.nan, None, ""),)),), "nan of 100"),
        ((replace(row, ends=(End(1.0, -1.0, ""),)),), "error of -1.0"),
    ]:
        with pytest.raises(ValueError, match=said):
            replace(whirl(), rows=rows)


def test_it_is_light_and_quick() -> None:
    text = "loss to Washington from a tainted failure, against a clean one (B)"
    row = TornadoRow(text, "C", (End(0.0, 5.0, "at 0.123: <1"), End(100.0, 5.0, "at 12.3: 100")))
    chart = replace(whirl(), rows=(row,) * 10)
    assert len(tornado(chart).encode()) < 60_000
    began = time.process_time()
    for _ in range(10):
        tornado(chart)
    assert (time.process_time() - began) / 10 < 0.030
