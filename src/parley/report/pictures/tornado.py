"""The tornado: where a share moves when one number after the other is put to either end.

What lives here: the data of the picture, its layout. What may not: which numbers are shown, where they end.

Both ends have a lane of their own, so that a number that moves the share to one side at both ends can be told
from one that moves it to either.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from parley.report import words
from parley.report.pictures.fills import GRADES, badge, graded, label, whisker
from parley.report.pictures.frame import EDGE, LINE, NOTE, TEXT, TITLE, WIDTH, frame, paragraph
from parley.report.pictures.scales import LINEAR, Scale
from parley.report.pictures.svg import Element, element
from parley.report.pictures.text import text_width
from parley.report.pictures.theme import LIGHT

__all__ = ["MOST_LANES", "MOST_ROWS", "End", "TornadoChart", "TornadoRow", "tornado"]

MOST_ROWS, MOST_LANES = 10, 4
LANE = 16.0
BAR = 10.0
HALF = 50.0
_BADGE = 17.0
_LEFT = EDGE + _BADGE + 9
_TICKS = (0.0, 25.0, HALF, 75.0, 100.0)
_APART = 5.0  # between a bar and its words


@dataclass(frozen=True, slots=True)
class End:
    """The share, of 100, with a number at one place, the half-width of its interval, and words.

    ``share`` None is one that does not exist: only the words are written.
    """

    share: float | None
    error: float | None
    text: str


@dataclass(frozen=True, slots=True)
class TornadoRow:
    """One assumption: its words, the grade of its evidence, and the share at each of its ends."""

    label: str
    grade: str | None
    ends: tuple[End, ...]


@dataclass(frozen=True, slots=True)
class TornadoChart:
    """Rows of bars from the share as it was ``stated``, of 100.

    Raises
    ------
    ValueError
        There are no rows or more than ten, a row has no ends or more than four, a grade is none, a share is
        not from 0 to 100, an error is negative or not finite.

    Examples
    --------
    >>> TornadoChart("t", "ahead", 50.0, "as judged", (TornadoRow("x", "A", ()),))
    Traceback (most recent call last):
    ...
    ValueError: the row 'x' has 0 ends; there are 1 to 4
    """

    title: str
    head: str
    stated: float
    stated_text: str
    rows: tuple[TornadoRow, ...]
    notes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.rows) <= MOST_ROWS:
            raise ValueError(f"a tornado has 1 to {MOST_ROWS} rows, not {len(self.rows)}")
        shares = [self.stated]
        for row in self.rows:
            if not 1 <= len(row.ends) <= MOST_LANES:
                raise ValueError(
                    f"the row {row.label!r} has {len(row.ends)} ends; there are 1 to {MOST_LANES}"
                )
            if row.grade not in GRADES:
                raise ValueError(f"the row {row.label!r} has a grade {row.grade!r}; there are A, B, C, None")
            shares += [end.share for end in row.ends if end.share is not None]
            errors = [end.error for end in row.ends if end.error is not None]
            wrong = next((each for each in errors if not 0 <= each < math.inf), None)
            if wrong is not None:
                raise ValueError(f"the row {row.label!r} has an error of {wrong}")
        wrong = next((each for each in shares if not 0 <= each <= 100), None)
        if wrong is not None:
            raise ValueError(f"a share of {wrong} of 100 is none")


def tornado(chart: TornadoChart, theme: str = "auto") -> str:
    """Draw a tornado.

    Parameters
    ----------
    chart
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
    >>> row = TornadoRow("loss", "C", (End(2.0, 2.0, "at 3: 2"), End(72.0, 6.0, "at 45: 72")))
    >>> picture = tornado(TornadoChart("What each does", "ahead", 34.0, "34 as judged", (row,)))
    >>> picture[:4], "at 45: 72" in picture
    ('<svg', True)
    """
    inside = WIDTH - 2 * EDGE
    parts, top = paragraph(chart.title, EDGE, EDGE - 2, inside, size=TITLE, kind="title", lines=4)
    drawn, top = paragraph(chart.head, EDGE, top + 4, inside, size=NOTE, kind="soft", lines=3)
    parts += drawn
    x = Scale(0.0, 100.0, _LEFT, WIDTH - EDGE - 12, LINEAR, _TICKS, tuple(f"{each:.0f}" for each in _TICKS))
    place = x.place(chart.stated)
    width = text_width(words.clean(chart.stated_text), NOTE)
    middle = min(max(place, EDGE + width / 2), WIDTH - EDGE - width / 2)
    top += NOTE + 5
    parts.append(label(chart.stated_text, middle, top - 1, anchor="middle"))
    for row in chart.rows:
        drawn, top = _row(row, x, place, top + 6)
        parts += drawn
    parts += _axis(x, top + 5)
    top += 5 + 4 + TEXT * LINE
    for note in chart.notes:
        drawn, top = paragraph(note, EDGE, top + 5, inside, size=NOTE, kind="note", lines=6)
        parts += drawn
    return frame(parts, round(top + EDGE + 2), title=chart.title, description=chart.description, theme=theme)


def _axis(x: Scale, y: float) -> Iterator[Element]:
    """Draw the axis, and the numbers along it."""
    yield element("line", class_="axis", x1=x.start, y1=y, x2=x.end, y2=y, stroke=LIGHT["soft"])
    for tick, text in zip(x.ticks, x.labels, strict=True):
        at = x.place(tick)
        yield element("line", class_="axis", x1=at, y1=y, x2=at, y2=y + 4, stroke=LIGHT["soft"])
        yield label(text, at, y + 4 + NOTE, anchor="middle", kind="" if tick == HALF else "soft")


def _lines(x: Scale, top: float, bottom: float) -> Iterator[Element]:
    """Draw grid and half line behind the lanes of a row, not through its words."""
    for tick in x.ticks:
        at, kind, colour = x.place(tick), "grid", LIGHT["grid"]
        if tick == HALF:
            kind, colour = "mark", LIGHT["ink"]
        yield element("line", class_=kind, x1=at, y1=top, x2=at, y2=bottom, stroke=colour)


def _row(row: TornadoRow, x: Scale, stated: float, top: float) -> tuple[list[Element], float]:
    parts = badge(row.grade, EDGE, top + TEXT * LINE / 2 + 1)
    drawn, top = paragraph(row.label, _LEFT, top, WIDTH - EDGE - _LEFT, lines=3)
    parts += drawn
    top += 4
    bottom = top + LANE * len(row.ends)
    parts += _lines(x, top, bottom)
    for lane, end in enumerate(row.ends):
        parts += _lane(end, row.grade, 1 - lane % 2, x, stated, top)
        top += LANE
    ink = {"class_": "ring", "stroke": LIGHT["ink"]}
    parts.append(element("line", x1=stated, y1=bottom - LANE * len(row.ends), x2=stated, y2=bottom, **ink))
    return parts, bottom


def _lane(end: End, grade: str | None, line: int, x: Scale, stated: float, top: float) -> Iterator[Element]:
    """Draw one end: its bar from the share as stated, its interval, its words where there is room."""
    middle = top + LANE / 2
    low = high = stated
    if end.share is not None:
        at = x.place(end.share)
        low, high = min(stated, at), max(stated, at)
        yield from graded(low, middle - BAR / 2, high - low, BAR, grade, line=line)
        if end.error is not None:
            left, right = (x.place(min(max(end.share + side * end.error, 0.0), 100.0)) for side in (-1, 1))
            yield from whisker(left, right, middle, 3.0)
            low, high = min(low, left), max(high, right)
    yield from _words(end, low, high, middle, leftwards=end.share is not None and x.place(end.share) < stated)


def _words(end: End, low: float, high: float, middle: float, *, leftwards: bool) -> Iterator[Element]:
    """Write the words of an end beyond its bar, on the other side of it where there is no room.

    A patch of paper keeps the lines behind from being read as a part of the words.
    """
    width = text_width(words.clean(end.text), NOTE)
    left, right = low - _APART - width >= EDGE, high + _APART + width <= WIDTH - EDGE
    start = WIDTH - EDGE - width
    if right and not (leftwards and left):
        start = high + _APART
    elif left:
        start = low - _APART - width
    yield element(
        "rect", class_="paper", x=start - 1, y=middle - 6, width=width + 2, height=12, fill=LIGHT["paper"]
    )
    if left and start < low:
        yield label(end.text, low - _APART, middle + NOTE * 0.36, anchor="end")
    else:
        yield label(end.text, start, middle + NOTE * 0.36)
