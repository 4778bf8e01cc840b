"""Where the texts of a picture stand, for tests that nothing covers anything."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import combinations

from parley.report.pictures.frame import WIDTH
from parley.report.pictures.text import text_width

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {
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
    "path",
}
HOSTILE = "</text></svg><script>alert(1)</script><image href='https://example.org'/>"


@dataclass(frozen=True)
class Box:
    """The area of a text: letters without the space between lines."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def boxes(svg: str) -> list[Box]:
    """Return the areas of all texts, by the widths that the pictures themselves reckon with."""
    found = []
    for each in ET.fromstring(svg).iter(f"{SVG}text"):
        text, size = each.text or "", float(each.attrib["font-size"])
        bold = each.attrib.get("font-weight") == "600"
        width = text_width(text, size, bold=bold)
        x, y = float(each.attrib["x"]), float(each.attrib["y"])
        x -= {"middle": width / 2, "end": width}.get(each.attrib.get("text-anchor", ""), 0.0)
        if text:
            found.append(Box(text, x, y - 0.74 * size, x + width, y + 0.2 * size))
    return found


def assert_clear(svg: str) -> None:
    """Nothing covers anything, nothing stands outside, nothing comes from elsewhere."""
    root = ET.fromstring(svg)
    height = float(root.attrib["viewBox"].split()[3])
    found = boxes(svg)
    for box in found:
        assert box.left >= 0, box
        assert box.right <= WIDTH, box
        assert 0 <= box.top < box.bottom <= height, box
    for one, other in combinations(found, 2):
        across = min(one.right, other.right) - max(one.left, other.left)
        down = min(one.bottom, other.bottom) - max(one.top, other.top)
        assert across <= 0.2 or down <= 0.2, (one, other)
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= DRAWN
    assert "href" not in re.sub(r">[^<]*<", "><", svg)
    assert "<script" not in svg
