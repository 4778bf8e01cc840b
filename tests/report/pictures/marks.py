"""What tests of several pictures look at: elements, where text stands; small data for the golden ones."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from parley.report.pictures.bars import Bar, BarChart, BarRow
from parley.report.pictures.chart import Judged
from parley.report.pictures.flip import FlipChart, Turn
from parley.report.pictures.frame import WIDTH
from parley.report.pictures.region import Axis, Outline, RegionChart
from parley.report.pictures.text import text_width
from parley.report.pictures.tornado import End, TornadoChart, TornadoRow

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {
    *("svg", "title", "desc", "style", "g", "rect", "text", "line"),
    *("polyline", "polygon", "circle", "path"),
}
HOSTILE = "</text></svg><script>alert(1)</script><image href='https://example.org'/>\x1b[31m"


def elements(picture: str, tag: str) -> list[ET.Element]:
    """Return the elements of one kind, in the order in which they are drawn."""
    return list(ET.fromstring(picture).iter(f"{SVG}{tag}"))


def spans(picture: str) -> list[tuple[float, float, float, str]]:
    """Return left and right end, base line and words of every text."""
    found = []
    for each in elements(picture, "text"):
        text, size = each.text or "", float(each.attrib.get("font-size", 13.5))
        width = text_width(text, size, bold=each.attrib.get("font-weight") == "600")
        left = {"start": 0.0, "middle": width / 2, "end": width}[each.attrib.get("text-anchor", "start")]
        x = float(each.attrib["x"]) - left
        found.append((x, x + width, float(each.attrib["y"]), text))
    return found


def safe(picture: str) -> None:
    """Assert that a picture holds nothing but shapes, refers to nothing, and that all text lies inside."""
    root = ET.fromstring(picture)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= ALLOWED
    assert not any("href" in name or name.startswith("on") for each in root.iter() for name in each.attrib)
    assert "\x1b" not in picture
    height = float(root.attrib["viewBox"].split()[3])
    for left, right, base, text in spans(picture):
        assert left >= -0.1, text
        assert right <= WIDTH + 0.1, text
        assert 0 < base < height, text


def apart(picture: str) -> None:
    """Assert that no two texts cover each other."""
    texts = spans(picture)
    for number, (left, right, base, text) in enumerate(texts):
        for other_left, other_right, other_base, other in texts[:number]:
            clear = right <= other_left + 0.2 or other_right <= left + 0.2 or abs(base - other_base) >= 11
            assert clear, (text, other)


def bars() -> BarChart:
    """Every look: three grades and none, told and not told from 0, a number that does not exist."""
    return BarChart(
        "What <carries> it & what does not",
        ("changes it in, of 100 readings", "part of the doubt"),
        (
            BarRow("counted", "A", (Bar(40.0, 30.0, 50.0, "40 ±10"), Bar(50.0, 40.0, 60.0, "50 ±10"))),
            BarRow("read off", "B", (Bar(20.0, 10.0, 30.0, "20 ±10"), Bar(30.0, 20.0, 40.0, "30 ±10"))),
            BarRow("judged", "C", (Bar(20.0, 10.0, 30.0, "20 ±10"), Bar(20.0, 10.0, 30.0, "20 ±10"))),
            BarRow(
                "no grade and a phrase that goes on and on over more than one line of the picture",
                None,
                (Bar(10.0, 5.0, 15.0, "10 ±5"), Bar(1.0, -9.0, 11.0, "1 ±10", told=False)),
            ),
            BarRow("nothing", "C", (Bar(None, None, None, "n/a", told=False), Bar(0.0, None, None, "0"))),
        ),
        notes=("A note.",),
        description="Counted carries most.",
    )


def flips() -> FlipChart:
    """A curve with a gap, both turning points, one with an open end, and a stretch outside."""
    return FlipChart(
        "loss <B>",
        "B (strikes)",
        "of 100 readings, those in which it is ahead",
        (0.5, 1.0, 2.0, 5.0, 20.0, 50.0),
        (0.0, 10.0, None, 40.0, 70.0, 100.0),
        (0.0, 5.0, None, 30.0, 60.0, 95.0),
        (2.0, 15.0, None, 50.0, 80.0, 100.0),
        (1.0, 20.0),
        Judged(1.5, 4.0, 15.0),
        half=Turn(8.0, 6.0, 11.0, "half of the readings turn at 8 (6 to 11)"),
        average=Turn(5.0, 3.0, None, "on average it turns at 5 (above 3)"),
        kind="log",
        notes=("A note.",),
        description="It turns at 8.",
    )


def whirl() -> TornadoChart:
    """Ends on both sides and on one, a share that does not exist, a number without a grade."""
    return TornadoChart(
        "What each number does",
        "of 100 readings, those in which it is ahead",
        40.0,
        "as judged: 40",
        (
            TornadoRow("loss", "C", (End(10.0, 5.0, "at 1: 10"), End(90.0, 5.0, "at 9: 90"))),
            TornadoRow("rate", "A", (End(60.0, None, "at 0: 60"), End(70.0, 4.0, "at 1: 70"))),
            TornadoRow("nothing", None, (End(None, None, "at 2: n/a"), End(40.0, 3.0, "at 3: 40"))),
        ),
        notes=("A note.",),
        description="The loss moves it most.",
    )


def plane() -> RegionChart:
    """Every number of dots, a cell without a reading, two outlines, one of them open."""
    return RegionChart(
        "Where it fails",
        Axis("loss (strikes)", (0.5, 1.0, 2.0, 4.0), 1.5),
        Axis("precision <lambda>", (0.1, 10.0, 20.0), 5.05),
        ((10, 10, 10), (10, 10, 0)),
        ((10, 8, 6), (4, 2, 0)),
        (
            Outline((None, 2.0), (None, 10.0), "mostly where loss is at most 2"),
            Outline((3.0, None), (None, None), "and where it is at least 3"),
        ),
        ("A note.",),
        "It fails at the lower left.",
    )
