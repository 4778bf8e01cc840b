"""Policies side by side by one criterion, and the recommended one beside each other reading by reading.

What lives here: data and layout of that picture. What may not: where its numbers come from.

The ranges of two policies overlap wherever the readings differ much, also where one of them is better in
every reading: what is good or bad for one is so for the other. The lower half of the picture therefore has
the differences themselves, both policies taken in the same reading.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from parley.report import words
from parley.report.pictures.axis import LARGEST, across, numbers, upright
from parley.report.pictures.frame import EDGE, LINE, NOTE, TEXT, WIDTH, frame, paragraph
from parley.report.pictures.scales import Scale
from parley.report.pictures.svg import Element, element
from parley.report.pictures.table import alike
from parley.report.pictures.text import text_width, wrap
from parley.report.pictures.theme import LIGHT

__all__ = ["Comparison", "Range", "comparison", "comparison_rows"]

_BAR = 17.0  # height of a row's bars
_GAP = 9.0  # between two rows
_ASIDE = 12.0  # between the plot and the words beside it


@dataclass(frozen=True, slots=True)
class Range:
    """How a number is spread over the readings: a row of the picture.

    ``low``, ``middle``, ``high`` are the 5, 50 and 95 % quantiles, ``quarter`` and ``three_quarters`` those
    of 25 and 75 %; all are None where no reading has a value, the quarters also where they are not known.
    ``said`` stands at the right of the row; ``marked`` is the recommended policy.

    Raises
    ------
    ValueError
        When the numbers are not in order, or one has no place on an axis.

    Examples
    --------
    >>> Range("wait", 3.0, None, 2.0, None, 4.0, "")
    Traceback (most recent call last):
    ...
    ValueError: the range of 'wait' is not in order: 3.0, 2.0, 4.0
    """

    name: str
    low: float | None
    quarter: float | None
    middle: float | None
    three_quarters: float | None
    high: float | None
    said: str
    marked: bool = False

    def __post_init__(self) -> None:
        known = self.known()
        wrong = next((each for each in known if not (math.isfinite(each) and abs(each) <= LARGEST)), None)
        if wrong is not None:
            raise ValueError(f"{wrong} has no place in a picture; leave it out (None)")
        if any(after < before for before, after in pairwise(known)):
            listed = ", ".join(str(each) for each in known)
            raise ValueError(f"the range of {self.name!r} is not in order: {listed}")
        if (self.low is None) != (self.high is None) or (self.low is None) != (self.middle is None):
            raise ValueError(f"the range of {self.name!r} has some of its ends, not both and its middle")

    def known(self) -> tuple[float, ...]:
        """Return the numbers there are, from the lowest to the highest."""
        every = (self.low, self.quarter, self.middle, self.three_quarters, self.high)
        return tuple(each for each in every if each is not None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Policies by one criterion, and the differences of the recommended one to the others.

    ``x_title`` names the criterion, ``beside`` what ``said`` counts. ``pairs`` are differences, positive in
    favour of the recommended; ``pairs_title`` stands over them, ``pairs_beside`` over their ``said``. There
    may be none.

    Raises
    ------
    ValueError
        When there is no policy.
    """

    title: str
    x_title: str
    rows: tuple[Range, ...]
    beside: str
    pairs: tuple[Range, ...] = ()
    pairs_title: str = ""
    pairs_beside: str = ""
    notes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("a comparison has a policy")


def comparison(of: Comparison, theme: str = "auto") -> str:
    """Draw policies side by side: a row for each, its middle, its bars, and words at the right.

    Parameters
    ----------
    of
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
    >>> wait = Range("wait", 1.0, 2.0, 3.0, 4.0, 5.0, "all", marked=True)
    >>> go = Range("go", 0.0, 1.0, 2.0, 3.0, 4.0, "none")
    >>> picture = comparison(Comparison("Two", "points", (wait, go), "best in"))
    >>> picture.count('class="middle')
    2
    """
    inside = WIDTH - 2 * EDGE
    parts, top = paragraph(of.title, EDGE, EDGE - 2, inside, kind="title", size=16.0, lines=5)
    drawn, top = _block(of.rows, of.beside, top + 6, zero=False)
    parts += drawn
    drawn, top = paragraph(of.x_title, EDGE, top + 4, inside, lines=4)
    parts += drawn
    if of.pairs:
        drawn, top = _lines(of.pairs_title, top + 14, inside, strong=True)
        parts += drawn
        drawn, top = _block(of.pairs, of.pairs_beside, top + 4, zero=True)
        parts += drawn
    for note in of.notes:
        drawn, top = paragraph(note, EDGE, top + 6, inside, size=NOTE, kind="note", lines=8)
        parts += drawn
    return frame(parts, round(top + EDGE + 2), title=of.title, description=of.description, theme=theme)


def comparison_rows(of: Comparison) -> tuple[tuple[str, ...], ...]:
    """Return the table behind the picture: name, 5, 25, 50, 75 and 95 %, what is said; a row for each.

    Examples
    --------
    >>> comparison_rows(Comparison("One", "points", (Range("go", 0.0, None, 2.0, None, 4.0, "all"),), "best"))
    (('go', '0', 'n/a', '2', 'n/a', '4', 'all'),)
    """
    found = []
    for block in (of.rows, of.pairs):
        every = [
            each for row in block for each in (row.low, row.quarter, row.middle, row.three_quarters, row.high)
        ]
        written = alike(every)
        for place, row in enumerate(block):
            found.append((words.clean(row.name), *written[5 * place : 5 * place + 5], words.clean(row.said)))
    return tuple(found)


# --- a block of rows over one axis ----------------------------------------------------------------------


def _block(rows: tuple[Range, ...], beside: str, top: float, *, zero: bool) -> tuple[list[Element], float]:
    """Draw rows over an axis of their own, and return where its numbers end."""
    aside = max([text_width(words.clean(row.said), NOTE) for row in rows] + [text_width(beside, NOTE)])
    aside = min(aside, 120.0)
    known = [each for row in rows for each in row.known()] + ([0.0] if zero else [])
    x = across(min(known), max(known), EDGE + 4, WIDTH - EDGE - aside - _ASIDE) if known else None
    parts: list[Element] = []
    names: list[Element] = []
    parts.append(_aside(wrap(words.clean(beside), NOTE, aside, lines=1)[0], top + NOTE))
    begin = top + (NOTE * LINE if zero else 0.0)
    if zero and x is not None:
        parts += _better(x, top + NOTE)
    place = begin
    for row in rows:
        beneath = aside + _ASIDE if not zero and row is rows[0] else 0.0  # the words over the column
        drawn, place = _lines(row.name, place, WIDTH - 2 * EDGE - beneath, strong=row.marked)
        names += drawn
        middle = place + 2 + _BAR / 2
        for number, said in enumerate(wrap(words.clean(row.said), NOTE, aside, lines=2)):
            parts.append(_aside(said, middle + NOTE * (0.35 + LINE * number), strong=row.marked))
        names += _bars(row, x, middle)
        place = middle + _BAR / 2 + _GAP
    if x is None:
        return [*parts, *names], place
    bottom = place - _GAP / 2
    grid = [upright(x.place(tick), begin + 4, bottom, "grid") for tick in x.ticks]
    line = [upright(x.place(0.0), begin + 2, bottom, "mark")] if zero else []
    return [*grid, *line, *parts, *names, *numbers(x, bottom)], bottom + 24


def _aside(text: str, y: float, *, strong: bool = False) -> Element:
    return element(
        "text",
        text,
        class_=None if strong else "note",
        x=WIDTH - EDGE,
        y=y,
        text_anchor="end",
        fill=LIGHT["ink" if strong else "soft"],
        font_size=NOTE,
        font_weight="600" if strong else None,
    )


def _lines(text: str, top: float, width: float, *, strong: bool) -> tuple[list[Element], float]:
    """Write the name of a row or a block, clear of the grid behind it."""
    found = []
    for line in wrap(words.clean(text), TEXT, width, lines=3, bold=strong):
        top += TEXT * LINE
        wide = text_width(line, TEXT, bold=strong) + 3
        back = element(
            "rect",
            class_="paper",
            x=EDGE,
            y=top - TEXT * LINE + 1,
            width=wide,
            height=TEXT * LINE,
            fill=LIGHT["paper"],
        )
        found += [
            back,
            element(
                "text",
                line,
                x=EDGE,
                y=top - TEXT * 0.3,
                fill=LIGHT["ink"],
                font_size=TEXT,
                font_weight="600" if strong else None,
            ),
        ]
    return found, top


def _bars(row: Range, x: Scale | None, middle: float) -> Iterator[Element]:
    """Draw nine readings in ten as a thin bar, the middle half as a thick one, the middle one as a ring."""
    if x is None or row.low is None or row.high is None or row.middle is None:
        text = "no value in any reading"
        yield element(
            "text",
            text,
            class_="note",
            x=EDGE + 4,
            y=middle + NOTE * 0.35,
            fill=LIGHT["soft"],
            font_size=NOTE,
        )
        return
    number = 1 if row.marked else 6
    kind, colour = f"f{number}", LIGHT[f"line{number}"]
    quarter = row.middle if row.quarter is None else row.quarter
    three_quarters = row.middle if row.three_quarters is None else row.three_quarters
    for low, high, half, opacity in (
        (row.low, quarter, 2.0, "0.5"),
        (quarter, three_quarters, 6.5, "0.85" if row.marked else "0.5"),
        (three_quarters, row.high, 2.0, "0.5"),
    ):
        if low < high:
            yield element(
                "rect",
                class_=kind,
                x=x.place(low),
                y=middle - half,
                width=x.place(high) - x.place(low),
                height=2 * half,
                fill=colour,
                fill_opacity=opacity,
            )
    yield element(
        "circle",
        class_=f"middle s{number}",
        cx=x.place(row.middle),
        cy=middle,
        r=4.6,
        fill=LIGHT["paper"],
        stroke=colour,
        stroke_width=2,
    )


def _better(x: Scale, y: float) -> Iterator[Element]:
    """Say over the line of no difference which side is the good one."""
    place = x.place(0.0)
    for text, right in (("\N{LEFTWARDS ARROW} worse", False), ("better \N{RIGHTWARDS ARROW}", True)):
        room = (x.end - place if right else place - EDGE) - 5
        if text_width(text, NOTE) <= room:
            yield element(
                "text",
                text,
                class_="note",
                x=place + (5 if right else -5),
                y=y,
                text_anchor="start" if right else "end",
                fill=LIGHT["soft"],
                font_size=NOTE,
            )
