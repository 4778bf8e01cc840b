"""What every picture has: a size, a style, a name and a description for those who cannot see it, notes.

What lives here: the root element. What may not: axes and shapes.

A picture is as wide as its column, up to a comfortable size, and 440 units wide inside: on a phone of 360
pixels its smallest letters have 10 pixels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from parley.report import words
from parley.report.pictures.svg import Element, element, render
from parley.report.pictures.text import wrap
from parley.report.pictures.theme import DARK, LIGHT, style_sheet

__all__ = ["EDGE", "LINE", "NOTE", "TEXT", "TITLE", "WIDTH", "frame", "paragraph"]

WIDTH = 440.0
EDGE = 10.0  # between the picture and its border
TITLE, TEXT, NOTE = 16.0, 13.5, 12.5  # sizes of the font, as in the style sheet
LINE = 1.3  # distance of lines, in sizes of the font


def paragraph(
    text: str, x: float, top: float, width: float, *, size: float = TEXT, kind: str = "", lines: int = 4
) -> tuple[list[Element], float]:
    """Set a text in lines of its own, from the left.

    Parameters
    ----------
    text
        What it says.
    x, top, width
        Its column.
    size, kind
        Of the font; ``kind`` is a class of the style sheet.
    lines
        At most so many, see :func:`parley.report.pictures.text.wrap`.

    Returns
    -------
    elements, bottom
        One element for each line, and where the last one ends.
    """
    found = []
    for line in wrap(words.clean(text), size, width, lines=lines, bold=kind == "title"):
        top += size * LINE
        fill = LIGHT["soft" if kind in ("soft", "note") else "ink"]
        plain = {"font_size": size, "font_weight": "600" if kind == "title" else None}
        found.append(element("text", line, class_=kind or None, x=x, y=top - size * 0.3, fill=fill, **plain))
    return found, top


def frame(parts: list[Element], height: float, *, title: str, description: str, theme: str = "auto") -> str:
    """Put the parts of a picture together.

    Parameters
    ----------
    parts
        What is drawn, from the back to the front.
    height
        In units; the width is :data:`WIDTH`.
    title, description
        For a screen reader: what the picture is, and what it shows, in words.
    theme
        See :func:`parley.report.pictures.theme.style_sheet`.

    Returns
    -------
    str
        One SVG element, for a file of its own or inside a page. It has no script and refers to nothing
        outside. Its names within a page follow from its content.

    Raises
    ------
    ValueError
        When there is no such theme.
    """
    title, description = words.clean(title), words.clean(description)
    style = element("style", style_sheet(theme))
    night = {LIGHT[name]: DARK[name] for name in LIGHT} if theme == "dark" else {}
    back = element("rect", class_="paper", width=WIDTH, height=height, fill=LIGHT["paper"], rx=6)
    drawn = _coloured(element("g", back, *parts, aria_hidden="true"), night)
    body = render(drawn)
    name = "p" + hashlib.sha256("\0".join((title, description, theme, body)).encode()).hexdigest()[:10]
    root = element(
        "svg",
        element("title", title, id=f"{name}-t"),
        element("desc", description, id=f"{name}-d"),
        style,
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:.0f} {height:.0f}",
        class_=f"parley-picture {theme}",
        role="img",
        aria_labelledby=f"{name}-t",
        aria_describedby=f"{name}-d",
        font_family="Arial, sans-serif",
    )
    return render(root) + "\n"


def _coloured(item: Element, colours: Mapping[str, str]) -> Element:
    """Put other colours into the attributes of an element and all in it."""
    if not colours:
        return item
    return Element(
        item.tag,
        tuple((name, colours.get(value, value)) for name, value in item.attributes),
        tuple(each if isinstance(each, str) else _coloured(each, colours) for each in item.children),
    )
