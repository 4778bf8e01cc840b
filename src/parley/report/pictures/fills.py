"""Fills that tell areas apart without colour: solid, half tone, hatched, dotted, outline.

What lives here: areas of a few fixed looks. What may not: what a look stands for in one picture.

Hatching is drawn stroke by stroke, not by a pattern element: a pattern needs a name, and names of several
pictures on one page could meet.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from parley.report import words
from parley.report.pictures.frame import NOTE
from parley.report.pictures.svg import Element, coordinate, element
from parley.report.pictures.theme import LIGHT

__all__ = ["GRADES", "badge", "graded", "hatch", "label", "lines_path", "whisker"]

GRADES = ("A", "B", "C", None)
_STEP = 5.0  # between two strokes of a hatching
_INVISIBLE = 0.05  # shorter strokes are left out
_LETTER = NOTE  # the smallest that can still be read on a phone
_UNGRADED = "\N{EN DASH}"


def lines_path(strokes: Sequence[tuple[float, float, float, float]]) -> str:
    """Return the path of straight strokes, each ``x1, y1, x2, y2``.

    >>> lines_path([(0, 0, 2.5, 1), (3, 3, 3, 3)])
    'M0,0L2.5,1M3,3L3,3'
    """
    return "".join(
        f"M{coordinate(ax)},{coordinate(ay)}L{coordinate(bx)},{coordinate(by)}" for ax, ay, bx, by in strokes
    )


def hatch(
    x: float, y: float, width: float, height: float, *, step: float = _STEP
) -> list[tuple[float, float, float, float]]:
    """Return the strokes of a hatching at 45 degrees that fill a rectangle.

    Parameters
    ----------
    x, y, width, height
        The rectangle.
    step
        Between two strokes, along the horizontal.

    Returns
    -------
    list of tuple
        ``x1, y1, x2, y2`` of each stroke, all within the rectangle. Strokes of neighbours meet: they lie
        where ``x + y`` is a multiple of the step.

    Examples
    --------
    >>> hatch(0, 0, 4, 4, step=4)
    [(0, 4, 4, 0)]
    """
    found = []
    first = math.floor((x + y) / step) + 1
    last = math.ceil((x + y + width + height) / step) - 1
    for number in range(first, last + 1):
        total = number * step
        left = max(x, total - (y + height))
        right = min(x + width, total - y)
        if right - left >= _INVISIBLE:
            found.append((left, total - left, right, total - right))
    return found


def graded(
    x: float, y: float, width: float, height: float, grade: str | None, *, line: int = 0, told: bool = True
) -> list[Element]:
    """Draw a bar in the look of the grade of its evidence.

    Parameters
    ----------
    x, y, width, height
        The bar.
    grade
        A is solid, B a half tone, C hatched; without a grade it is dotted. What rests on a weak ground never
        looks as heavy as what was counted.
    line
        Whose colour it has, from 0.
    told
        False for what cannot be told from 0: a dashed outline, whatever the grade.

    Raises
    ------
    ValueError
        When there is no such grade.
    """
    if grade not in GRADES:
        raise ValueError(f"there is no grade {grade!r}; there are A, B, C and None")
    colour = LIGHT[f"line{line + 1}"]
    box: dict[str, float] = {"x": x, "y": y, "width": width, "height": height}
    if told and grade == "A":
        return [element("rect", class_=f"f{line + 1}", fill=colour, **box)]
    stroke = {"class_": f"s{line + 1}", "stroke": colour, "fill": "none"}
    dashes = None if told else "3 2"
    outline = element("rect", stroke_width=1.2, stroke_dasharray=dashes, **stroke, **box)
    if not told:
        return [outline]
    if grade == "B":
        return [element("rect", class_=f"f{line + 1}", fill=colour, fill_opacity="0.45", **box), outline]
    if grade == "C":
        path = lines_path(hatch(x, y, width, height))
        return [element("path", d=path, stroke_width=1.3, **stroke), outline]
    dots = [(each, y + height / 2, each, y + height / 2) for each in _along(x, width)]
    return [
        element("path", d=lines_path(dots), stroke_width=2.4, stroke_linecap="round", **stroke),
        outline,
    ]


def _along(x: float, width: float) -> list[float]:
    """Return the places of dots along a bar."""
    count = int(max(width - 3.0, 0.0) // _STEP)
    return [x + 4.0 + _STEP * number for number in range(count)]


def badge(grade: str | None, x: float, middle: float, size: float = 17.0, *, line: int = 0) -> list[Element]:
    """Draw the letter of a grade in a box of its look, its middle at a height; without a grade a dash.

    Parameters
    ----------
    grade
        A, B, C or None.
    x
        Its left edge.
    middle
        Of its height.
    size
        Its width and height.
    line
        Whose colour it has, from 0.
    """
    top = middle - size / 2
    solid = grade == "A"
    letter = element(
        "text",
        grade or _UNGRADED,
        class_="paper" if solid else "halo",
        x=x + size / 2,
        y=middle + _LETTER * 0.36,
        text_anchor="middle",
        fill=LIGHT["paper" if solid else "ink"],
        font_size=_LETTER,
        font_weight="700",
    )
    if grade is None:  # dots would touch the dash
        colour = {"class_": f"s{line + 1}", "stroke": LIGHT[f"line{line + 1}"], "fill": "none"}
        return [element("rect", x=x, y=top, width=size, height=size, stroke_width=1.2, **colour), letter]
    return [*graded(x, top, size, size, grade, line=line), letter]


def whisker(left: float, right: float, middle: float, half: float = 3.5) -> Iterator[Element]:
    """Draw an interval: a thin line with ends, on a line of paper so that it is seen on any fill.

    Parameters
    ----------
    left, right
        Its ends.
    middle
        Its height.
    half
        Half the height of its ends.
    """
    strokes = [
        (left, middle, right, middle),
        *((x, middle - half, x, middle + half) for x in (left, right)),
    ]
    for ax, ay, bx, by in strokes[:1]:
        yield element(
            "line",
            x1=ax,
            y1=ay,
            x2=bx,
            y2=by,
            stroke=LIGHT["paper"],
            stroke_width=3.4,
            style="stroke:var(--paper)",
        )
    for ax, ay, bx, by in strokes:
        yield element(
            "line", class_="ring", x1=ax, y1=ay, x2=bx, y2=by, stroke=LIGHT["ink"], stroke_width=1.4
        )


def label(
    text: str, x: float, y: float, *, anchor: str = "start", size: float = NOTE, kind: str = ""
) -> Element:
    """Write one line of text.

    Parameters
    ----------
    text
        What it says.
    x, y
        Where its base line begins, ends or has its middle.
    anchor
        ``start``, ``middle`` or ``end``: which of those.
    size
        Of the font.
    kind
        A class of the style sheet: ``soft`` is lighter, ``halo`` stands clear of what lies behind.
    """
    return element(
        "text",
        words.clean(text),
        class_=kind or None,
        x=x,
        y=y,
        text_anchor=None if anchor == "start" else anchor,
        fill=LIGHT["soft" if kind in ("soft", "note") else "ink"],
        font_size=size,
    )
