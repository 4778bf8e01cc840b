"""Bars with intervals: what carries a conclusion, assumption by assumption.

What lives here: the data of the picture, its layout. What may not: which assumptions are shown.

Each row has its words above its bars, over the whole width, so that no phrase is squeezed into a column. The
look of a bar is the grade of its evidence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parley.report import words
from parley.report.pictures.fills import GRADES, badge, graded, label, whisker
from parley.report.pictures.frame import EDGE, LINE, NOTE, TEXT, TITLE, WIDTH, frame, paragraph
from parley.report.pictures.scales import Scale, around, scale
from parley.report.pictures.svg import Element, element
from parley.report.pictures.text import text_width
from parley.report.pictures.theme import LIGHT

__all__ = ["MOST_ROWS", "Bar", "BarChart", "BarRow", "bar_chart"]

MOST_ROWS, MOST_COLUMNS = 10, 2
BADGE = 17.0
HEIGHT = 13.0  # of a bar
INSIDE = WIDTH - EDGE  # where the columns end
LEFT = EDGE + BADGE + 9  # where they begin
APART = 16.0  # between two columns
_LEGEND = {"A": "A counted", "B": "B read off", "C": "C judged", None: "no grade"}
_UNTOLD = "not told from 0"


@dataclass(frozen=True, slots=True)
class Bar:
    """A number as a bar from 0, with its interval and the words at its end.

    ``value`` None is a number that does not exist: only its words are written. ``told`` is False where it
    cannot be told from 0: an outline.
    """

    value: float | None
    low: float | None
    high: float | None
    text: str
    told: bool = True


@dataclass(frozen=True, slots=True)
class BarRow:
    """One assumption: its words, the grade of its evidence (A, B, C or None), a bar for each column."""

    label: str
    grade: str | None
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Rows of bars in one or two columns, each column with a head and a scale of its own.

    ``notes`` stand below; ``description`` says what the picture shows to those who cannot see it.

    Raises
    ------
    ValueError
        There are no rows or more than ten, no columns or more than two, a row has not one bar for each
        column, a grade is none, a number is not finite, an interval does not hold its value.

    Examples
    --------
    >>> BarChart("Cruxes", ("a", "b"), (BarRow("x", "A", (Bar(1.0, 0.0, 2.0, "1"),)),))
    Traceback (most recent call last):
    ...
    ValueError: the row 'x' has 1 bars for 2 columns
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[BarRow, ...]
    notes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.rows) <= MOST_ROWS:
            raise ValueError(f"a bar chart has 1 to {MOST_ROWS} rows, not {len(self.rows)}")
        if not 1 <= len(self.heads) <= MOST_COLUMNS:
            raise ValueError(f"a bar chart has 1 or {MOST_COLUMNS} columns, not {len(self.heads)}")
        for row in self.rows:
            if len(row.bars) != len(self.heads):
                raise ValueError(
                    f"the row {row.label!r} has {len(row.bars)} bars for {len(self.heads)} columns"
                )
            if row.grade not in GRADES:
                raise ValueError(f"the row {row.label!r} has a grade {row.grade!r}; there are A, B, C, None")
            for bar in row.bars:
                _checked(row, bar)


def _checked(row: BarRow, bar: Bar) -> None:
    known = [each for each in (bar.low, bar.value, bar.high) if each is not None]
    if not all(math.isfinite(each) for each in known):
        raise ValueError(f"a bar of the row {row.label!r} has a number that is not finite: {known}")
    if known != sorted(known):
        raise ValueError(f"the interval of a bar of the row {row.label!r} does not hold its value: {known}")


def bar_chart(chart: BarChart, theme: str = "auto") -> str:
    """Draw bars with intervals.

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
    >>> row = BarRow("how fast they learn", "C", (Bar(25.0, 21.0, 29.0, "25 ±4"),))
    >>> picture = bar_chart(BarChart("What carries it", ("of 100 readings",), (row,)))
    >>> picture[:4], "25 ±4" in picture
    ('<svg', True)
    """
    inside = WIDTH - 2 * EDGE
    parts, top = paragraph(chart.title, EDGE, EDGE - 2, inside, size=TITLE, kind="title", lines=4)
    axes = [_axis(chart, number) for number in range(len(chart.heads))]
    drawn, top = _heads(chart, axes, top + 6)
    parts += drawn
    for row in chart.rows:
        drawn, top = _row(row, axes, top + 9)
        parts += drawn
    parts += [each for axis in axes for each in _ticks(axis, top + 5)]
    top += 5 + 4 + TEXT * LINE
    drawn, top = _legend(chart, top + 6)
    parts += drawn
    for note in chart.notes:
        drawn, top = paragraph(note, EDGE, top + 5, inside, size=NOTE, kind="note", lines=6)
        parts += drawn
    return frame(parts, round(top + EDGE + 2), title=chart.title, description=chart.description, theme=theme)


# --- columns --------------------------------------------------------------------------------------------


def _axis(chart: BarChart, column: int) -> Scale:
    """Return the scale of a column; behind the longest bar there is room for its words."""
    width = (INSIDE - LEFT - APART * (len(chart.heads) - 1)) / len(chart.heads)
    start = LEFT + column * (width + APART)
    bars = [row.bars[column] for row in chart.rows]
    known = [0.0, *(each for bar in bars for each in (bar.value, bar.low, bar.high) if each is not None)]
    room = max(text_width(words.clean(bar.text), NOTE) for bar in bars)
    end = start + max(width - room - 5, width / 3)
    low, high = min(known), max(known)
    if high - low <= words.NOISE:
        low, high = around(0.0, 0.0, floor=0.0)
    return scale(low, high, start, end, most=5)


def _heads(chart: BarChart, axes: Sequence[Scale], top: float) -> tuple[list[Element], float]:
    parts: list[Element] = []
    bottom = top
    for number, (head, axis) in enumerate(zip(chart.heads, axes, strict=True)):
        right = axes[number + 1].start - APART if number + 1 < len(axes) else INSIDE
        width = right - axis.start
        drawn, low = paragraph(head, axis.start, top, width, size=NOTE, kind="soft", lines=4)
        parts += drawn
        bottom = max(bottom, low)
    return parts, bottom


def _ticks(axis: Scale, y: float) -> Iterator[Element]:
    """Draw the axis below a column, and the numbers along it that stand clear of each other."""
    yield element("line", class_="axis", x1=axis.start, y1=y, x2=axis.end, y2=y, stroke=LIGHT["soft"])
    taken = -math.inf
    for tick, text in zip(axis.ticks, axis.labels, strict=True):
        place, half = axis.place(tick), text_width(text, NOTE) / 2
        yield element("line", class_="axis", x1=place, y1=y, x2=place, y2=y + 4, stroke=LIGHT["soft"])
        if place - half >= taken + 6 and place + half <= WIDTH - EDGE:
            taken = place + half
            yield label(text, place, y + 4 + NOTE, anchor="middle", kind="soft")


# --- one row --------------------------------------------------------------------------------------------


def _row(row: BarRow, axes: Sequence[Scale], top: float) -> tuple[list[Element], float]:
    """Draw the words of a row, its grade, its bars below."""
    parts = badge(row.grade, EDGE, top + TEXT * LINE / 2 + 1)
    drawn, top = paragraph(row.label, LEFT, top, INSIDE - LEFT, lines=3)
    parts += drawn
    for bar, axis in zip(row.bars, axes, strict=True):
        parts += _bar(bar, row.grade, axis, top + 5)
    return parts, top + 5 + HEIGHT


def _bar(bar: Bar, grade: str | None, axis: Scale, top: float) -> Iterator[Element]:
    zero, middle = axis.place(0.0), top + HEIGHT / 2
    end = zero
    if bar.value is not None:
        end = axis.place(bar.value)
        yield from graded(min(zero, end), top, abs(end - zero), HEIGHT, grade, told=bar.told)
    yield element(
        "line", class_="axis", x1=zero, y1=top - 2, x2=zero, y2=top + HEIGHT + 2, stroke=LIGHT["soft"]
    )
    if bar.low is not None and bar.high is not None:
        yield from whisker(axis.place(bar.low), axis.place(bar.high), middle)
        end = axis.place(bar.high)
    yield label(bar.text, max(end, zero) + 5, middle + NOTE * 0.36, kind="" if bar.told else "soft")


# --- what the looks mean --------------------------------------------------------------------------------


def _legend(chart: BarChart, top: float) -> tuple[list[Element], float]:
    """Draw what each look means that occurs in the picture, in as many lines as it takes."""
    told = {row.grade for row in chart.rows}
    entries: list[tuple[str | None, str, bool]] = [
        (grade, text, True) for grade, text in _LEGEND.items() if grade in told
    ]
    if any(not bar.told for row in chart.rows for bar in row.bars):
        entries.append(("A", _UNTOLD, False))
    parts: list[Element] = []
    x, step = EDGE, NOTE * LINE + 3
    for grade, text, known in entries:
        width = 22 + text_width(text, NOTE)
        if x > EDGE and x + width > INSIDE:
            x, top = EDGE, top + step
        parts += graded(x, top + 2.5, 17, 11, grade, told=known)
        parts.append(label(text, x + 22, top + 12, kind="note"))
        x += width + 16
    return parts, top + step
