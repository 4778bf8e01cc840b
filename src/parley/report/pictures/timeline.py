"""A time line of cases: what happened when, and what chance the model gave it.

What lives here: the records of such a picture, and how it is drawn. What may not: scores, findings.

Time runs down. Each case has a line of its own, as near to its date as the lines before it allow, and a strip
from 0 to 1 on which a dot is the chance that the model gave to what happened.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from parley.report import words
from parley.report.pictures.frame import EDGE, LINE, NOTE, TEXT, WIDTH, frame, paragraph
from parley.report.pictures.svg import Element, element, points
from parley.report.pictures.text import spread, text_width, wrap
from parley.report.pictures.theme import LIGHT

__all__ = ["Case", "Timeline", "moment", "timeline"]

_AXIS = EDGE + 48.0  # where time runs
_TEXT_LEFT = _AXIS + 30.0
_STRIP = 104.0  # the strip of chances
_GAP = 12.0  # between two cases
_AIR = 1.12  # how much longer the axis is than all cases one below the other
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHLY = 2.0  # years; a shorter axis has months on it
_TICKS = 6
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)  # years; a date has four digits


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    ``date`` is what the author wrote. ``chance`` is what the model gave to what happened, ``low`` to ``high``
    where it lies in nine of ten readings; None where it gave none. ``beside`` is what another forecaster gave
    it. With ``used`` the case has set a number of the model already.
    """

    name: str
    happened: str
    date: str | None = None
    chance: float | None = None
    low: float | None = None
    high: float | None = None
    beside: float | None = None
    used: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Cases over time. ``beside`` names the other forecaster, where there is one.

    Raises
    ------
    ValueError
        When there is no case, or a chance is none.
    """

    title: str
    cases: tuple[Case, ...]
    beside: str = ""
    notes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if not self.cases:
            raise ValueError("a time line has a case")
        for case in self.cases:
            for value in (case.chance, case.low, case.high, case.beside):
                if value is not None and not (math.isfinite(value) and -1e-9 <= value <= 1 + 1e-9):
                    raise ValueError(f"{value} of the case {case.name!r} is no chance")


def moment(date: str | None) -> float | None:
    """Return a date as a number of years: a day, the middle of a month or year; None when it is none of them.

    Parameters
    ----------
    date
        ``2013``, ``2013-11`` or ``2013-11-01``.

    Examples
    --------
    >>> moment("2013"), moment("2013-07-02"), moment("in spring"), moment("2013-02-30")
    (2013.5, 2013.4986301369863, None, None)
    """
    parts = (date or "").strip().split("-")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    if len(parts[0]) != 4:
        return None
    year, month, day = (int(part) for part in (*parts, "1", "1")[:3])
    try:
        first = datetime.date(year, month, day)
        start = datetime.date(year, 1, 1)
    except ValueError:
        return None
    length = 366 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 365
    inside = (first - start).days + (0.5 * length if len(parts) == 1 else 15.0 if len(parts) == 2 else 0.0)
    return year + inside / length


def timeline(shown: Timeline, theme: str = "auto") -> str:
    """Draw a time line.

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
    >>> timeline(Timeline("History", (Case("truce", "war", "2013-11", 0.4),)))[:4]
    '<svg'
    """
    inside = WIDTH - 2 * EDGE
    parts, top = paragraph(shown.title, EDGE, EDGE - 2, inside, size=16.0, kind="title", lines=4)
    strip = any(case.chance is not None for case in shown.cases)
    right = WIDTH - EDGE - (_STRIP + 14 if strip else 0.0)
    if strip:
        parts += _scale(top + 4)
        top += 22
    dated = sorted((each for each in shown.cases if moment(each.date) is not None), key=_when)
    undated = [case for case in shown.cases if moment(case.date) is None]
    if dated:
        drawn, top = _axis(dated, top + 10, right)
        parts += drawn
    if undated:
        if dated:
            drawn, top = paragraph("without a date", _TEXT_LEFT, top + 6, right - _TEXT_LEFT, kind="soft")
            parts += drawn
        for case in undated:
            block = _Block(case, right)
            parts.append(_dot(_TEXT_LEFT - 11, top + 8 + TEXT * LINE / 2, used=case.used))
            parts += block.drawn(top + 8)
            top += 8 + block.height
    drawn, top = _key(shown, top + 8)
    parts += drawn
    for note in shown.notes:
        drawn, top = paragraph(note, EDGE, top + 4, inside, size=NOTE, kind="note", lines=6)
        parts += drawn
    return frame(parts, round(top + EDGE + 2), title=shown.title, description=shown.description, theme=theme)


def _when(case: Case) -> float:
    found = moment(case.date)
    return 0.0 if found is None else found


# --- the axis -------------------------------------------------------------------------------------------


def _axis(cases: Sequence[Case], top: float, right: float) -> tuple[list[Element], float]:
    """Draw the axis with its cases below a place, and return where it ends."""
    blocks = [_Block(case, right) for case in cases]
    heights = [block.height + _GAP for block in blocks]
    length = sum(heights) * (_AIR if len(cases) > 1 else 1.0)
    first, last = _when(cases[0]), _when(cases[-1])
    room = heights[0] / 2, heights[-1] / 2

    def place(when: float) -> float:
        if last == first:
            return top + length / 2
        return top + room[0] + (when - first) / (last - first) * (length - room[0] - room[1])

    wanted = [place(_when(case)) for case in cases]
    middles = spread(wanted, heights, top, top + length)
    bottom = top + length
    soft = LIGHT["soft"]
    parts = [element("line", class_="axis", x1=_AXIS, y1=top, x2=_AXIS, y2=bottom, stroke=soft)]
    parts += _ticks(first, last, place, top, bottom)
    for case, block, at, middle in zip(cases, blocks, wanted, middles, strict=True):
        start = middle - block.height / 2
        line = start + TEXT * LINE / 2
        parts.append(
            element(
                "polyline",
                class_="axis",
                points=points([(_AXIS, at), (_AXIS + 20, line), (_TEXT_LEFT - 4, line)]),
                stroke=soft,
                fill="none",
            )
        )
        parts.append(_dot(_AXIS, at, used=case.used))
        parts += block.drawn(start)
    return parts, bottom


def _ticks(
    first: float, last: float, place: Callable[[float], float], top: float, bottom: float
) -> Iterator[Element]:
    """Write years beside the axis, months where it is short."""
    above = -math.inf
    for when, label in _labels(first, last):
        y = place(when) if last > first else (top + bottom) / 2
        if not top - 1 <= y <= bottom + 1 or y < above + NOTE * 1.2:
            continue
        above, soft = y, LIGHT["soft"]
        yield element("line", class_="axis", x1=_AXIS - 4, y1=y, x2=_AXIS, y2=y, stroke=soft)
        yield element(
            "text",
            label,
            class_="note",
            x=_AXIS - 7,
            y=y + NOTE * 0.35,
            text_anchor="end",
            fill=soft,
            font_size=NOTE,
        )


def _labels(first: float, last: float) -> list[tuple[float, str]]:
    """Return the round moments between two moments, a little beyond them where none lies between."""
    years = last - first
    if years == 0:
        return [(first, str(math.floor(first)))]
    if years >= _MONTHLY:
        step = next(each for each in _STEPS if years / each <= _TICKS)
        start = math.ceil(first / step) * step
        return [(float(year), str(year)) for year in range(start, math.floor(last) + 1, step)]
    count = max(1, round(years * 12))
    step = next(each for each in (1, 2, 3, 6, 12) if count / each <= _TICKS)
    start = math.floor(first * 12 / step) * step
    found = []
    for number in range(start, math.ceil(last * 12) + 1, step):
        year, month = divmod(number, 12)
        found.append((number / 12, _MONTHS[month] if month else str(year)))
    return found


def _dot(x: float, y: float, *, used: bool, size: float = 4.2) -> Element:
    """Draw a case: filled, or hollow when it has set a number already."""
    fill = LIGHT["paper" if used else "ink"]
    kind = "middle" if used else "judged"
    width = 1.6 if used else None
    return element(
        "circle",
        class_=kind,
        cx=x,
        cy=y,
        r=size,
        fill=fill,
        stroke=LIGHT["ink"] if used else None,
        stroke_width=width,
    )


# --- one case -------------------------------------------------------------------------------------------


class _Block:
    """The words of a case, and its strip."""

    def __init__(self, case: Case, right: float) -> None:
        self.case = case
        width = right - _TEXT_LEFT
        self.head = wrap(words.clean(case.name), TEXT, width, lines=2)
        said = [text for text in (case.date or "", case.happened) if text]
        self.rows = wrap(words.clean(": ".join(said)), NOTE, width, lines=3) if said else []
        self.rows += wrap(words.clean(case.note), NOTE, width, lines=3) if case.note else []

    @property
    def height(self) -> float:
        return TEXT * LINE * len(self.head) + NOTE * LINE * len(self.rows)

    def drawn(self, top: float) -> Iterator[Element]:
        y = top
        for text in self.head:
            y += TEXT * LINE
            yield element("text", text, x=_TEXT_LEFT, y=y - TEXT * 0.3, fill=LIGHT["ink"], font_size=TEXT)
        for text in self.rows:
            y += NOTE * LINE
            soft = LIGHT["soft"]
            yield element(
                "text", text, class_="note", x=_TEXT_LEFT, y=y - NOTE * 0.3, fill=soft, font_size=NOTE
            )
        yield from self._strip(top + TEXT * LINE / 2)

    def _strip(self, y: float) -> Iterator[Element]:
        case = self.case
        if case.chance is None:
            return
        yield element(
            "line",
            class_="grid",
            x1=_chance(0.0),
            y1=y,
            x2=_chance(1.0),
            y2=y,
            stroke=LIGHT["grid"],
            stroke_width=1,
        )
        if case.low is not None and case.high is not None:
            yield element(
                "line",
                class_="s1",
                x1=_chance(case.low),
                y1=y,
                x2=_chance(case.high),
                y2=y,
                stroke=LIGHT["line1"],
                stroke_width=2.6,
                stroke_opacity="0.5",
            )
        if case.beside is not None:
            x = _chance(case.beside)
            yield element(
                "line", class_="ring", x1=x, y1=y - 6, x2=x, y2=y + 6, stroke=LIGHT["ink"], stroke_width=1.2
            )
        blue = LIGHT["line1"]
        yield element("circle", class_="f1", cx=_chance(case.chance), cy=y, r=4.2, fill=blue)


def _chance(value: float) -> float:
    """Return the place of a chance on the strip."""
    return WIDTH - EDGE - 6 - _STRIP + _STRIP * min(max(value, 0.0), 1.0)


def _scale(top: float) -> Iterator[Element]:
    """Write the ends and the middle of the strip above it."""
    for value, label in ((0.0, "0"), (0.5, "0.5"), (1.0, "1")):
        yield element(
            "text",
            label,
            class_="note",
            x=_chance(value),
            y=top + NOTE,
            text_anchor="middle",
            fill=LIGHT["soft"],
            font_size=NOTE,
        )


def _key(shown: Timeline, top: float) -> tuple[list[Element], float]:
    """Explain the marks, as far as they occur."""
    entries: list[tuple[Element, str]] = []
    chances = [case for case in shown.cases if case.chance is not None]
    if chances:
        blue = LIGHT["line1"]
        entries.append(
            (element("circle", class_="f1", cx=0, cy=0, r=4.2, fill=blue), "chance the model gave it")
        )
    if any(case.beside is not None for case in chances):
        bar = element("line", class_="ring", x1=0, y1=-6, x2=0, y2=6, stroke=LIGHT["ink"], stroke_width=1.2)
        entries.append((bar, words.clean(shown.beside)))
    if any(case.used for case in shown.cases):
        entries.append((_dot(0, 0, used=True), "set a number already: no test"))
    parts: list[Element] = []
    x, y = EDGE + 5.0, top + NOTE * 0.7
    for sign, text in entries:
        said = wrap(text, NOTE, WIDTH - 2 * EDGE - 16, lines=1)[0]
        width = text_width(said, NOTE)
        if x > EDGE + 5 and x + 11 + width > WIDTH - EDGE:
            x, y = EDGE + 5.0, y + NOTE * LINE + 2
        parts.append(element("g", sign, transform=f"translate({x:.1f} {y:.1f})"))
        soft = LIGHT["soft"]
        parts.append(
            element("text", said, class_="note", x=x + 11, y=y + NOTE * 0.35, fill=soft, font_size=NOTE)
        )
        x += 11 + width + 18
    return parts, y + NOTE * 0.7 if entries else top
