"""Line charts: what is in them, where it stands, what they weigh."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.report.pictures import Dot, Line, LineChart, Mark, Panel, chart_table, line_chart
from parley.report.pictures.frame import WIDTH
from parley.report.pictures.strokes import thinned
from parley.report.pictures.text import text_width
from parley.report.pictures.theme import LINES
from tests.report.pictures.charts import GOLDEN, XS, small

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_the_picture_is_known_byte_for_byte(theme: str) -> None:
    golden = (GOLDEN / f"small-{theme}.svg").read_text(encoding="utf-8")
    assert line_chart(small(), theme) == golden, "python -m tests.report.pictures.charts, and look at it"


def test_it_speaks_to_a_screen_reader() -> None:
    root = ET.fromstring(line_chart(small()))
    named = {each.attrib["id"]: each for each in root.iter() if "id" in each.attrib}
    assert root.attrib["role"] == "img"
    assert named[root.attrib["aria-labelledby"]].text == "How war & peace depend on <cost>"
    assert named[root.attrib["aria-describedby"]].text == "War becomes likelier."
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]


def test_two_pictures_of_a_page_have_names_of_their_own() -> None:
    one, other = line_chart(small()), line_chart(replace(small(), description="Another."))
    names = [set(re.findall(r' id="([^"]+)"', each)) for each in (one, other)]
    assert names[0].isdisjoint(names[1])
    assert line_chart(small()) == one


def test_it_asks_nothing_of_the_world() -> None:
    hostile = "</text></svg><script>alert(1)</script><image href='https://example.org'/>"
    line = Line(hostile, XS)
    chart = LineChart(
        hostile, hostile, XS, (Panel(hostile, (line,), marks=(Mark(2.0, hostile),)),), notes=(hostile,)
    )
    tags = {each.tag.removeprefix(SVG) for each in ET.fromstring(line_chart(chart)).iter()}
    assert tags <= {
        "svg",
        "title",
        "desc",
        "style",
        "g",
        "rect",
        "text",
        "line",
        "polyline",
        "polygon",
        "circle",
    }
    assert "href" not in re.sub(r">[^<]*<", "><", line_chart(chart))
    assert "<script" not in chart_table(chart, "html") + chart_table(chart, "markdown")


def series(jumpy: float) -> tuple[float, ...]:
    return tuple((x * jumpy) % 1.7 for x in range(600))


def test_it_is_light_and_quick() -> None:
    xs = tuple(float(x) for x in range(600))
    lines = tuple(Line(f"policy number {n}", series(0.013 + n / 100)) for n in range(LINES))
    chart = LineChart("Large", "x", xs, tuple(Panel("y", lines) for _ in range(2)))
    line_chart(chart)
    began = time.process_time()
    written = [line_chart(chart) for _ in range(5)]
    assert len(written[0].encode()) < 60_000
    assert (
        time.process_time() - began
    ) / 5 < 0.09  # 30 ms for a picture of usual size; this one is thrice that


def test_a_picture_of_usual_size_takes_30_ms() -> None:
    line_chart(small())
    began = time.process_time()
    for _ in range(20):
        line_chart(small())
    assert (time.process_time() - began) / 20 < 0.030


NAMES = st.lists(st.text("abcdefghij mnopq", min_size=1, max_size=60), min_size=1, max_size=LINES)
VALUES = st.floats(-1e4, 1e4)


@settings(max_examples=40, deadline=None)
@given(NAMES, st.data())
def test_names_at_line_ends_are_inside_and_never_cover_each_other(
    names: list[str], data: st.DataObject
) -> None:
    ends = data.draw(st.lists(VALUES, min_size=len(names), max_size=len(names)))
    lines = tuple(Line(name, (0.0, end)) for name, end in zip(names, ends, strict=True))
    root = ET.fromstring(line_chart(LineChart("t", "x", (0.0, 1.0), (Panel("y", lines),))))
    rows: dict[str, list[tuple[float, float]]] = {}
    for text in root.iter(f"{SVG}text"):
        if re.fullmatch(r"f\d", text.attrib.get("class", "")):
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            assert x + text_width(text.text or "", 13.0) <= WIDTH
            rows.setdefault(text.attrib["class"], []).append((y - 10, y + 3))
    blocks = sorted((min(top for top, _ in each), max(low for _, low in each)) for each in rows.values())
    assert all(below[0] >= above[1] for above, below in pairwise(blocks))


def test_a_gap_parts_a_line_and_a_jump_joins_it_thinly() -> None:
    def runs(line: Line) -> tuple[int, int]:
        root = ET.fromstring(line_chart(LineChart("t", "x", XS, (Panel("y", (line,)),))))
        kinds = [each.attrib["class"] for each in root.iter(f"{SVG}polyline")]
        return sum("line" in kind.split() for kind in kinds), sum("jump" in kind.split() for kind in kinds)

    steps = tuple(0.0 if x < 5 else 1.0 for x in XS)
    assert runs(Line("", steps)) == (1, 0)
    assert runs(Line("", steps, jumps=((4.0, 5.0),))) == (2, 1)
    assert runs(Line("", tuple(None if x == 5 else 1.0 for x in XS))) == (2, 0)
    assert runs(Line("", tuple(None for _ in XS))) == (0, 0)
    over = tuple(None if x == 5 else y for x, y in zip(XS, steps, strict=True))
    assert runs(Line("", over, jumps=((4.0, 6.0),))) == (2, 1)


def test_a_ring_stands_where_it_was_published() -> None:
    panel = Panel("y", (Line("", XS),), dots=(Dot(5.0, 5.0, 0),))
    root = ET.fromstring(line_chart(LineChart("t", "x", XS, (panel,))))
    ring = next(each for each in root.iter(f"{SVG}circle") if each.attrib["class"] == "ring")
    line = next(each for each in root.iter(f"{SVG}polyline"))
    (ax, ay), (bx, by) = [map(float, pair.split(",")) for pair in line.attrib["points"].split()]
    assert float(ring.attrib["cx"]) == pytest.approx((ax + bx) / 2, abs=0.1)
    assert float(ring.attrib["cy"]) == pytest.approx((ay + by) / 2, abs=0.1)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 200)), min_size=2, max_size=40))
def test_thinning_keeps_every_point_near(run: list[tuple[float, float]]) -> None:
    kept = thinned(run)
    assert kept[0] == run[0]
    assert kept[-1] == run[-1]

    def away(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
        length = ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
        if not length:
            return float(((point[0] - a[0]) ** 2 + (point[1] - a[1]) ** 2) ** 0.5)
        across = (b[0] - a[0]) * (a[1] - point[1]) - (a[0] - point[0]) * (b[1] - a[1])
        return float(abs(across) / length)

    for point in run:
        assert min(away(point, a, b) for a, b in pairwise(kept)) <= 0.07


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"xs": (0.0,)}, "two points"),
        ({"xs": (1.0, 0.0)}, "two points"),
        ({"xs": (0.0, 1.0), "kind": "log"}, "logarithmic"),
        ({"panels": ()}, "has a panel"),
        ({"panels": (Panel("y", ()),)}, "1 to 6 lines"),
        ({"panels": (Panel("y", (Line("a", (1.0, 2.0)),) * 7),)}, "1 to 6 lines"),
        ({"panels": (Panel("y", (Line("a", (1.0,)),)),)}, "1 values for 2 points"),
        ({"panels": (Panel("y", (Line("a", (1.0, float("nan"))),)),)}, "leave a gap"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change: dict[str, object], said: str) -> None:
    sound = LineChart("t", "x", (0.0, 1.0), (Panel("y", (Line("a", (1.0, 2.0)),)),))
    with pytest.raises(ValueError, match=said):
        replace(sound, **change)  # type: ignore[arg-type]


def test_the_table_has_the_numbers_of_the_picture() -> None:
    text = chart_table(small(), "markdown")
    assert text.splitlines()[0].startswith("| cost (millions) | chance of war: hold |")
    assert "| 3 | 0.300 (0.240 to 0.360) | no value |" in text
    html = chart_table(small(), "html", rows=3)
    table = ET.fromstring(html)
    assert len(table.findall("tbody/tr")) == 3
    assert table.findtext("caption") == "How war & peace depend on <cost>"
    with pytest.raises(ValueError, match="html, markdown"):
        chart_table(small(), "latex")
