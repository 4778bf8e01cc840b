"""A horizontal axis with its numbers, and where zero is on it.

What lives here: the axis of pictures whose values run from left to right. What may not: what stands above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from parley.report.pictures.frame import EDGE, TEXT, WIDTH
from parley.report.pictures.scales import Scale, around, scale
from parley.report.pictures.svg import Element, element
from parley.report.pictures.text import text_width
from parley.report.pictures.theme import LIGHT

__all__ = ["LARGEST", "across", "numbers", "upright"]

LARGEST = 1e300  # beyond this, differences are no numbers any more
_CLEAR = 9.0  # between two numbers


def across(
    low: float,
    high: float,
    start: float,
    end: float,
    *,
    floor: float | None = None,
    ceiling: float | None = None,
) -> Scale:
    """Return an axis from left to right that holds two numbers, with as many ticks as fit beside each other.

    Parameters
    ----------
    low, high
        The smallest and the largest number, which may be equal.
    start, end
        Where the axis begins and ends, in units of the picture.
    floor, ceiling
        Beyond which no number can lie, such as 0 and 1 of chances.

    Examples
    --------
    >>> across(-30.0, 0.3, 10, 430).labels
    ('-30', '-20', '-10', '0')
    """
    low, high = around(low, high, floor=floor, ceiling=ceiling)
    for most in (6, 5, 4, 3, 2):
        found = scale(low, high, start, end, most=most)
        if _clear(found):
            break
    return found


def _clear(x: Scale) -> bool:
    """Whether the numbers along an axis stand clear of each other."""
    places = [_written(x, tick, label) for tick, label in zip(x.ticks, x.labels, strict=True)]
    return all(after[0] - after[1] - before[0] - before[1] >= _CLEAR for before, after in pairwise(places))


def _written(x: Scale, tick: float, label: str) -> tuple[float, float]:
    """Return where the middle of a tick's number stands, inside the picture, and half its width."""
    half = text_width(label, TEXT) / 2
    return min(max(x.place(tick), EDGE + half), WIDTH - EDGE - half), half


def numbers(x: Scale, y: float) -> Iterator[Element]:
    """Draw an axis at a height: its line, its ticks, its numbers, which end 23 units below it."""
    colour = LIGHT["soft"]
    yield element("line", class_="axis", x1=x.start, y1=y, x2=x.end, y2=y, stroke=colour)
    for tick, label in zip(x.ticks, x.labels, strict=True):
        place = x.place(tick)
        yield element("line", class_="axis", x1=place, y1=y, x2=place, y2=y + 4, stroke=colour)
        yield element(
            "text",
            label,
            class_="soft",
            x=_written(x, tick, label)[0],
            y=y + 5 + TEXT,
            text_anchor="middle",
            fill=colour,
            font_size=TEXT,
        )


def upright(x: float, top: float, bottom: float, kind: str = "axis") -> Element:
    """Draw an upright line; ``kind`` is ``axis``, ``grid`` or ``mark`` (dashed)."""
    colour = LIGHT["ink" if kind == "mark" else "grid" if kind == "grid" else "soft"]
    dashes = "4 3" if kind == "mark" else None
    return element("line", class_=kind, x1=x, y1=top, x2=x, y2=bottom, stroke=colour, stroke_dasharray=dashes)
