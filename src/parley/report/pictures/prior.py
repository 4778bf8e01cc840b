"""One assumption: what was judged, what was observed, and where both leave it, on one axis.

What lives here: the record of such a picture, and how it is drawn. What may not: judgements, findings.

A strip shows five quantiles: a thin bar holds nine of ten readings, a thick one half of them, a mark the
middle. What was observed is a ring.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parley.report import words
from parley.report.pictures.frame import EDGE, LINE, NOTE, TEXT, TITLE, WIDTH, frame, paragraph
from parley.report.pictures.scales import LINEAR, LOG, Scale, around, scale
from parley.report.pictures.svg import Element, element
from parley.report.pictures.text import text_width, wrap
from parley.report.pictures.theme import LIGHT, LINES

__all__ = ["Prior", "Strip", "prior"]

_LABELS = 158.0  # the column of words
_FAR = 1e9  # times; beyond that a logarithmic axis is all but empty
_ROW_GAP = 12.0
_WIDE = 60.0  # times that the largest number may be the smallest on an even axis
_BADGE = 11.0  # half the width of the grade


@dataclass(frozen=True, slots=True)
class Strip:
    """What is thought of a number at one stage, or what was observed.

    ``values`` are the 5, 25, 50, 75 and 95 % quantiles, or the 5, 50 and 95 % ones, or one number that was
    observed; none where it is open, as before any count with a prior that says nothing.
    """

    label: str
    values: tuple[float, ...]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Prior:
    """An assumption in stages.

    ``grade`` is a letter, or None where the author gave none. ``floor`` and ``ceiling`` are what the number
    cannot pass.

    Raises
    ------
    ValueError
        When there is no strip or there are more than can be told apart, none has a number, or a strip has
        other than none, one, three or five finite numbers in order.
    """

    title: str
    axis: str
    strips: tuple[Strip, ...]
    grade: str | None = None
    floor: float | None = None
    ceiling: float | None = None
    notes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.strips) <= LINES:
            raise ValueError(f"an assumption has 1 to {LINES} strips, not {len(self.strips)}")
        for strip in self.strips:
            if len(strip.values) not in (0, 1, 3, 5):
                count = len(strip.values)
                raise ValueError(f"the strip {strip.label!r} has {count} numbers, not 0, 1, 3 or 5")
            if not all(math.isfinite(value) for value in strip.values):
                raise ValueError(f"the strip {strip.label!r} has a number that is not finite")
            if any(after < before for before, after in pairwise(strip.values)):
                raise ValueError(f"the quantiles of the strip {strip.label!r} are not in order")
        if not any(strip.values for strip in self.strips):
            raise ValueError("an assumption has a number")


def prior(shown: Prior, theme: str = "auto") -> str:
    """Draw an assumption.

    Parameters
    ----------
    shown
        What it shows.
    theme
        ``auto`` (as the reader's machine is set), ``light`` or ``dark``.

    Returns
    -------
    str
        One SVG element, see :func:`parley.report.pictures.frame.frame`.

    Raises
    ------
    ValueError
        When there is no such theme.

    Examples
    --------
    >>> judged = Strip("as judged", (0.05, 0.1, 0.2, 0.3, 0.5))
    >>> prior(Prior("chance of rain", "chance", (judged, Strip("counted", (0.25,), "3 of 12")), "A"))[:4]
    '<svg'
    """
    inside = WIDTH - 2 * EDGE
    parts, top = paragraph(
        shown.title, EDGE, EDGE - 2, inside - 3 * _BADGE, size=TITLE, kind="title", lines=4
    )
    parts += _badge(shown.grade)
    top = max(top, EDGE + 2 * _BADGE)
    axis = _axis(shown)
    first = top + 8
    rows: list[Element] = []
    top = first
    for number, strip in enumerate(shown.strips):
        drawn, top = _row(strip, number, axis, top)
        rows += drawn
        top += _ROW_GAP
    parts += _grid(axis, first - 2, top - 4)
    parts += rows
    top += 4 + TEXT
    if shown.axis:
        width = WIDTH - EDGE - axis.start
        drawn, top = paragraph(shown.axis, axis.start, top, width, kind="soft", lines=2)
        parts += drawn
    for note in shown.notes:
        drawn, top = paragraph(note, EDGE, top + 4, inside, size=NOTE, kind="note", lines=6)
        parts += drawn
    return frame(parts, round(top + EDGE + 2), title=shown.title, description=shown.description, theme=theme)


def _badge(grade: str | None) -> Iterator[Element]:
    """Draw the grade at the upper right: a letter in a ring, a dashed ring without one."""
    x, y = WIDTH - EDGE - _BADGE - 1, EDGE + _BADGE
    dashes = None if grade else "2.5 2.5"
    ink = LIGHT["ink"]
    yield element(
        "circle",
        class_="ring",
        cx=x,
        cy=y,
        r=_BADGE,
        fill="none",
        stroke=ink,
        stroke_width=1.4,
        stroke_dasharray=dashes,
    )
    if grade:
        letter = words.clean(grade)[:1]
        yield element("text", letter, x=x, y=y + TEXT * 0.36, text_anchor="middle", fill=ink, font_size=TEXT)


def _axis(shown: Prior) -> Scale:
    values = [value for strip in shown.strips for value in strip.values]
    low, high = min(values), max(values)
    left, right = EDGE + _LABELS + 14, WIDTH - EDGE - 8
    if low > high / _FAR and high > _WIDE * low > 0 and shown.ceiling is None:
        return _fitting(low / 1.3, high * 1.3, left, right, LOG)
    low, high = around(low, high, floor=shown.floor, ceiling=shown.ceiling)
    return _fitting(low, high, left, right, LINEAR)


def _fitting(low: float, high: float, left: float, right: float, kind: str) -> Scale:
    """Return an axis with as many numbers as stand clear of each other."""
    for most in (6, 5, 4, 3, 2):
        found = scale(low, high, left, right, kind=kind, most=most)
        ends = [
            (found.place(tick), text_width(label, NOTE) / 2)
            for tick, label in zip(found.ticks, found.labels, strict=True)
        ]
        if all(b - a >= half + other + 8 for (a, half), (b, other) in pairwise(ends)):
            break
    return found


def _grid(axis: Scale, top: float, bottom: float) -> Iterator[Element]:
    end = -math.inf
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        x, half = axis.place(tick), text_width(label, NOTE) / 2
        yield element("line", class_="grid", x1=x, y1=top, x2=x, y2=bottom, stroke=LIGHT["grid"])
        middle = min(max(x, EDGE + half), WIDTH - EDGE - half)
        if middle - half < end + 4:
            continue  # no room for another number
        end, soft = middle + half, LIGHT["soft"]
        y = bottom + NOTE + 2
        yield element(
            "text", label, class_="note", x=middle, y=y, text_anchor="middle", fill=soft, font_size=NOTE
        )
    soft = LIGHT["soft"]
    yield element("line", class_="axis", x1=axis.start, y1=bottom, x2=axis.end, y2=bottom, stroke=soft)


def _row(strip: Strip, number: int, axis: Scale, top: float) -> tuple[list[Element], float]:
    """Draw one stage: its words, its strip."""
    parts: list[Element] = []
    y = top
    for text in wrap(words.clean(strip.label), TEXT, _LABELS, lines=3):
        y += TEXT * LINE
        parts.append(element("text", text, x=EDGE, y=y - TEXT * 0.3, fill=LIGHT["ink"], font_size=TEXT))
    said = [text for text in (_numbers(strip.values), strip.detail) if text]
    for text in (row for each in said for row in wrap(words.clean(each), NOTE, _LABELS, lines=3)):
        y += NOTE * LINE
        soft = LIGHT["soft"]
        parts.append(
            element("text", text, class_="note", x=EDGE, y=y - NOTE * 0.3, fill=soft, font_size=NOTE)
        )
    parts += _strip(strip.values, number, axis, (top + y) / 2 + 1)
    return parts, y


def _numbers(values: Sequence[float]) -> str:
    """Write the middle with the ends of the thin bar."""
    if len(values) == 1:
        return words.figure(values[0])
    if not values or values[0] == values[-1]:
        return words.figure(values[0]) if values else ""
    low, middle, high = words.figures((values[0], values[len(values) // 2], values[-1]))
    return f"{middle} ({low} to {high})"


def _strip(values: Sequence[float], number: int, axis: Scale, y: float) -> Iterator[Element]:
    if not values:
        return
    kind, colour = f"f{number + 1}", LIGHT[f"line{number + 1}"]
    x = [axis.place(value) for value in values]
    if len(x) == 1:
        yield element(
            "circle", class_="ring", cx=x[0], cy=y, r=5, fill="none", stroke=LIGHT["ink"], stroke_width=1.8
        )
        return
    bars = [(x[0], x[-1], 4.0, "0.45")]
    if len(x) == 5:
        bars.append((x[1], x[3], 11.0, "0.8"))
    for left, right, height, opacity in bars:
        wide = max(right - left, 1.0)
        start = (left + right - wide) / 2
        yield element(
            "rect",
            class_=kind,
            x=start,
            y=y - height / 2,
            width=wide,
            height=height,
            rx=1.5,
            fill=colour,
            fill_opacity=opacity,
        )
    middle, paper, ink = x[len(x) // 2], LIGHT["paper"], LIGHT["ink"]
    yield element("circle", class_="middle", cx=middle, cy=y, r=4, fill=paper, stroke=ink, stroke_width=1.6)
