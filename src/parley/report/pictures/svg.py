"""Elements of a picture, and their text.

What lives here: escaping, attributes, coordinates. What may not: what a picture shows.

Whatever stands in a text or an attribute is escaped, so that no title can close its element or open another;
signs that XML cannot hold become a replacement character. Coordinates have one decimal: the same picture is
the same bytes on every machine.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Element", "coordinate", "element", "points", "render"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9:-]*")
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIGITS = 12  # what differs further behind the point is rounding of the machine
_LARGEST = 1e6

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Element:
    """An element with attributes in order, and children that are elements or text."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Element | str, ...]


def element(tag: str, *children: Element | str | None, **attributes: Value | None) -> Element:
    """Make an element.

    Parameters
    ----------
    tag
        Its name.
    children
        Elements and text; None is left out.
    attributes
        ``stroke_width`` is the attribute ``stroke-width``, ``class_`` is ``class``; None is left out. Numbers
        that are not whole are coordinates, see :func:`coordinate`.

    Raises
    ------
    ValueError
        When a name is none of XML's, or a number is not finite.

    Examples
    --------
    >>> render(element("text", "a < b", x=1.25, class_="note"))
    '<text x="1.3" class="note">a &lt; b</text>'
    """
    written = []
    for key, value in attributes.items():
        name = key.removesuffix("_").replace("_", "-")
        if value is not None:
            written.append((_named(name), value if isinstance(value, str) else coordinate(value)))
    return Element(_named(tag), tuple(written), tuple(child for child in children if child is not None))


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of an element or attribute")
    return name


def coordinate(value: float) -> str:
    """Write a coordinate with at most one decimal.

    Raises
    ------
    ValueError
        When it is not finite, or lies beyond any picture.

    Examples
    --------
    >>> coordinate(12.0), coordinate(0.1 + 0.2), coordinate(-0.04), coordinate(3)
    ('12', '0.3', '0', '3')
    """
    if not (math.isfinite(value) and abs(value) <= _LARGEST):
        raise ValueError(f"{value} is no place in a picture")
    # Halves are rounded up, after the last bits of the machine are gone.
    tenths = math.floor(round(value * 10, _DIGITS - 2) + 0.5)
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths / 10:.1f}"


def points(pairs: Iterable[tuple[float, float]]) -> str:
    """Write the points of a line, ``x,y`` after ``x,y``.

    >>> points([(0, 1), (2.55, 3)])
    '0,1 2.6,3'
    """
    return " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in pairs)


def render(root: Element) -> str:
    r"""Write an element and all in it as text.

    Examples
    --------
    >>> render(element("title", "</title><script>alert('\x1b')</script>"))
    "<title>&lt;/title&gt;&lt;script&gt;alert('\ufffd')&lt;/script&gt;</title>"
    """
    parts: list[str] = []
    _write(root, parts)
    return "".join(parts)


def _write(item: Element | str, parts: list[str]) -> None:
    if isinstance(item, str):
        parts.append(_escaped(item))
        return
    parts.append(f"<{item.tag}")
    parts += [f' {name}="{_escaped(value, quotes=True)}"' for name, value in item.attributes]
    if not item.children:
        parts.append("/>")
        return
    parts.append(">")
    for child in item.children:
        _write(child, parts)
    parts.append(f"</{item.tag}>")


def _escaped(text: str, *, quotes: bool = False) -> str:
    text = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if quotes:
        text = text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return text
