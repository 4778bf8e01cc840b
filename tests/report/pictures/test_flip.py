"""Flip curves: where the curve, its turning points and the two kinds of ground stand."""

from __future__ import annotations

import math
import re
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.report.pictures.chart import Judged
from parley.report.pictures.flip import FlipChart, Turn, flip_chart
from tests.report.pictures.charts import GOLDEN
from tests.report.pictures.marks import HOSTILE, apart, elements, flips, safe, spans


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_the_picture_is_known_byte_for_byte(theme: str) -> None:
    golden = (GOLDEN / f"flip-{theme}.svg").read_text(encoding="utf-8")
    assert flip_chart(flips(), theme) == golden, "python -m tests.report.pictures.regenerate, and look at it"


def straight(value: float = 50.0, low: float = 40.0, high: float = 60.0) -> FlipChart:
    """The share is the value, from 0 to 100."""
    ends = (0.0, 100.0)
    turn = Turn(value, low, high, "half turn")
    return FlipChart("t", "x", "y", ends, ends, ends, ends, (20.0, 80.0), Judged(30.0, 50.0, 60.0), half=turn)


def corners(picture: str) -> tuple[float, float, float, float]:
    """Return left and right end of the plot, and the heights of 0 and 100."""
    line = next(each for each in elements(picture, "polyline") if "line" in each.attrib["class"])
    (left, zero), (right, hundred) = [map(float, pair.split(",")) for pair in line.attrib["points"].split()]
    return left, right, zero, hundred


@given(st.floats(0, 100), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_a_turning_point_stands_on_the_half_line_with_its_interval(
    value: float, below: float, above: float
) -> None:
    low, high = value * (1 - below), value + (100 - value) * above
    picture = flip_chart(straight(value, low, high))
    left, right, zero, hundred = corners(picture)
    mark = next(each for each in elements(picture, "circle") if each.attrib["class"] == "judged" and
                float(each.attrib["cy"]) > hundred)  # fmt: skip
    assert float(mark.attrib["cx"]) == pytest.approx(left + (right - left) * value / 100, abs=0.1)
    assert float(mark.attrib["cy"]) == pytest.approx((zero + hundred) / 2, abs=0.1)
    line = next(each.attrib for each in elements(picture, "line") if each.attrib.get("class") == "ring")
    assert float(line["x1"]) == pytest.approx(left + (right - left) * low / 100, abs=0.1)
    assert float(line["x2"]) == pytest.approx(left + (right - left) * high / 100, abs=0.1)


def test_what_is_possible_is_shaded_and_the_rest_hatched() -> None:
    picture = flip_chart(straight())
    left, right, *_ = corners(picture)
    ground = next(each.attrib for each in elements(picture, "rect") if each.attrib.get("class") == "soft")
    assert float(ground["x"]) == pytest.approx(left + 0.2 * (right - left), abs=0.1)
    assert float(ground["width"]) == pytest.approx(0.6 * (right - left), abs=0.1)
    (hatching,) = elements(picture, "path")
    places = [float(x) for x in re.findall(r"[ML]([\d.]+),", hatching.attrib["d"])]
    shaded = float(ground["x"]), float(ground["x"]) + float(ground["width"])
    assert all(left - 0.1 <= x <= shaded[0] + 0.1 or shaded[1] - 0.1 <= x <= right + 0.1 for x in places)
    assert min(places) < shaded[0] - 10
    assert max(places) > shaded[1] + 10
    assert not elements(flip_chart(replace(straight(), possible=(0.0, 100.0))), "path")


def test_an_interval_without_an_end_reaches_the_border() -> None:
    picture = flip_chart(replace(straight(), half=Turn(50.0, None, None, "half turn")))
    left, right, *_ = corners(picture)
    line = next(each.attrib for each in elements(picture, "line") if each.attrib.get("class") == "ring")
    assert (float(line["x1"]), float(line["x2"])) == pytest.approx((left, right), abs=0.1)


SHARES = st.one_of(st.none(), st.floats(0, 100))


@given(
    st.dictionaries(st.floats(1e-9, 1e9), SHARES, min_size=2, max_size=20),
    st.sampled_from(["linear", "log"]),
    st.text(max_size=200),
)
@settings(max_examples=60, deadline=None)
def test_nothing_is_outside_or_covered_whatever_it_shows(
    points: dict[float, float | None], kind: str, text: str
) -> None:
    pairs = sorted(points.items(), key=lambda pair: pair[0])
    xs, shares = tuple(x for x, _ in pairs), tuple(share for _, share in pairs)
    turn = Turn(xs[0], None, xs[-1], text)
    picture = flip_chart(
        FlipChart(
            text, text, text, xs, shares, shares, shares, (xs[0], xs[-1]), Judged(xs[0], xs[0], xs[-1]),
            half=turn, average=turn, kind=kind, notes=(text,), description=text,
        )
    )  # fmt: skip
    safe(picture)
    apart(picture)


def test_a_hostile_name_is_text() -> None:
    turn = Turn(8.0, 6.0, 11.0, HOSTILE)
    chart = replace(flips(), title=HOSTILE, x_title=HOSTILE, y_title=HOSTILE, half=turn, notes=(HOSTILE,))
    safe(flip_chart(chart))


def test_the_words_of_both_turning_points_stand_above() -> None:
    texts = [text for *_, text in spans(flip_chart(flips()))]
    assert "half of the readings turn at 8 (6 to 11)" in texts
    assert "on average it turns at 5 (above 3)" in texts


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"xs": (1.0, 1.0, 2.0, 3.0, 4.0, 5.0)}, "each further than the one before"),
        ({"xs": (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)}, "no 0.0"),
        ({"shares": (0.0,)}, "1 shares for 6 points"),
        ({"shares": (0.0, 10.0, None, 40.0, 70.0, 100.5)}, "100.5 of 100"),
        ({"possible": (0.0, math.inf)}, "not finite"),
        ({"half": Turn(math.nan, None, None, "")}, "not finite"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(flips(), **change)  # type: ignore[arg-type]


def test_it_is_light_and_quick() -> None:
    xs = tuple(float(x) for x in range(1, 101))
    shares = tuple(50 + 40 * math.sin(x) for x in xs)
    low, high = tuple(each - 8 for each in shares), tuple(each + 8 for each in shares)
    chart = replace(flips(), xs=xs, shares=shares, low=low, high=high)
    assert len(flip_chart(chart).encode()) < 60_000
    began = time.process_time()
    for _ in range(10):
        flip_chart(chart)
    assert (time.process_time() - began) / 10 < 0.030
