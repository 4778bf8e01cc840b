"""Pictures of answers for the tests; run as a module it writes their golden pictures anew."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

from parley.report.pictures.comparison import Comparison, Range, comparison
from parley.report.pictures.dots import DotPlot, dot_plot
from parley.report.pictures.frame import WIDTH
from parley.report.pictures.ledger import Cell, LedgerStrip, ledger_strip
from parley.report.pictures.text import text_width
from tests.report.pictures.charts import GOLDEN

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text></svg><script>alert(1)</script><image href='https://example.org'/>"
TAGS = {"svg", "title", "desc", "style", "g", "rect", "text", "line", "polygon", "circle", "path"}


def dots() -> DotPlot:
    """Twenty dots on both sides of zero, two of them at it."""
    values = (-9.0, -4.0, -3.0, -2.5, -1.0, 0.0, 0.0, *(0.25 * n for n in range(1, 14)))
    return DotPlot(
        'In 70 of 100 readings "go & see" does better than "wait"',
        "worth, in <days>",
        values,
        '"wait" does better',
        '"go & see" does better',
        ("Each dot stands for 5 of 100 readings.",),
        "13 of 20 dots.",
    )


def policies() -> Comparison:
    """Three policies, one of them undefined everywhere, and two pairs."""
    return Comparison(
        'By worth, "go" is most often the best: in 70 of 100 readings',
        "worth (more is better)",
        (
            Range("wait & see", -2.0, -1.0, 0.0, 1.0, 2.0, "30 of 100"),
            Range("go (recommended)", -1.0, None, 0.5, None, 2.5, "70 of 100", marked=True),
            Range("a policy that nobody can measure", None, None, None, None, None, "no candidate"),
        ),
        "best in",
        (Range("against wait & see", -0.5, 0.1, 0.5, 1.0, 1.5, "70 of 100"),),
        "go beside each other one",
        "better in",
        ("Ring: the middle reading.",),
        "Two policies.",
    )


def claims() -> LedgerStrip:
    """One claim of every kind, word and grade."""
    return LedgerStrip(
        "Ten claims",
        (
            Cell("C1", "derived", "robust", 0.96, "96"),
            Cell("C2", "derived", "leans", 0.7, "70"),
            Cell("C3", "assumed", grade="A"),
            Cell("C4", "derived", "open", 0.5, "50"),
            Cell("C5", "derived", "fails", 0.1, "10"),
            Cell("C6", "derived"),
            Cell("C7", "assumed", grade="B"),
            Cell("C8", "assumed", grade="C"),
            Cell("C9", "assumed"),
            Cell("<C>", "unmodelled"),
        ),
        ("A box is filled as far as a claim holds.",),
        "Ten claims.",
    )


DRAWN: dict[str, Callable[[str], str]] = {
    "dots": lambda theme: dot_plot(dots(), theme),
    "comparison": lambda theme: comparison(policies(), theme),
    "claims": lambda theme: ledger_strip(claims(), theme),
}


def inside(picture: str) -> ET.Element:
    """Return a picture's root once nothing in it leaves the picture or asks for anything outside."""
    root = ET.fromstring(picture)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= TAGS
    assert "href" not in re.sub(r">[^<]*<", "><", picture)
    height = float(root.attrib["viewBox"].split()[3])
    for left, top, right, bottom in _boxes(root):
        assert left >= 0
        assert right <= WIDTH
        assert top >= 0
        assert bottom <= height
    return root


def _boxes(root: ET.Element) -> Iterator[tuple[float, float, float, float]]:
    for each in root.iter(f"{SVG}text"):
        size, said = float(each.attrib["font-size"]), each.text or ""
        width = text_width(said, size, bold="font-weight" in each.attrib)
        x, y = float(each.attrib["x"]), float(each.attrib["y"])
        left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[each.attrib.get("text-anchor", "start")]
        yield left, y - size, left + width, y + 0.2 * size
    for each in root.iter(f"{SVG}circle"):
        x, y, r = (float(each.attrib[name]) for name in ("cx", "cy", "r"))
        yield x - r, y - r, x + r, y + r
    for each in root.iter(f"{SVG}rect"):
        x, y = float(each.attrib.get("x", 0)), float(each.attrib.get("y", 0))
        yield x, y, x + float(each.attrib["width"]), y + float(each.attrib["height"])


def main() -> None:
    """Write the golden pictures anew; look at them before you keep them."""
    for name, draw in DRAWN.items():
        (GOLDEN / f"{name}-auto.svg").write_text(draw("auto"), encoding="utf-8")


if __name__ == "__main__":
    main()
