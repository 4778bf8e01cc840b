"""The flip curve: in how many readings a recommendation is ahead, wherever one number is put.

What lives here: the data of the picture, its layout. What may not: where curves and turning points come from.

Above the line at one half the recommendation is ahead in most readings. What its author thinks possible is
shaded; what lies outside is hatched.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from parley.report.pictures.chart import Band, Judged, Line
from parley.report.pictures.fills import hatch, label, lines_path, whisker
from parley.report.pictures.frame import EDGE, LINE, NOTE, TEXT, TITLE, WIDTH, frame, paragraph
from parley.report.pictures.scales import LINEAR, LOG, Scale, scale
from parley.report.pictures.strokes import areas, curve, reached
from parley.report.pictures.svg import Element, element
from parley.report.pictures.text import text_width
from parley.report.pictures.theme import LIGHT, marker

__all__ = ["FlipChart", "Turn", "flip_chart"]

PLOT = 170.0
HALF = 50.0
_TICKS = (0.0, 25.0, HALF, 75.0, 100.0)
GAP = 13.0  # between a mark and its words
_JUDGED = 11.0  # below the plot: the bar of what is judged
_HATCHING = 7.0
_LOW_TURN = 9.0  # above the axis: where the turning point of the average stands
_SHAPES = (0, 3)  # circle and diamond, of the marks of lines
MOST_TURNS = len(_SHAPES)


@dataclass(frozen=True, slots=True)
class Turn:
    """A value at which something turns, with its interval (None: no end was found), and words."""

    value: float
    low: float | None
    high: float | None
    text: str


@dataclass(frozen=True, slots=True)
class FlipChart:
    """A curve of shares in hundredths along the values of one number.

    ``shares``, ``low`` and ``high`` go with ``xs``; None where no reading has an answer. ``possible`` are
    the ends of what is thought possible, ``judged`` where the number likely lies. ``half`` is the turning
    point of the share (one half), ``average`` that of the mean margin.

    Raises
    ------
    ValueError
        Fewer than two points, or they do not increase; series of other lengths; a number that is not finite
        or a share beyond 0 to 100; a log axis with a point at 0 or below.

    Examples
    --------
    >>> FlipChart("B", "B", "ahead", (0.0, 1.0), (20.0, 120.0), (None, None), (None, None), (0.0, 1.0),
    ...     Judged(0.2, 0.5, 0.8))
    Traceback (most recent call last):
    ...
    ValueError: a share of 120.0 of 100 is none
    """

    title: str
    x_title: str
    y_title: str
    xs: tuple[float, ...]
    shares: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    possible: tuple[float, float]
    judged: Judged
    half: Turn | None = None
    average: Turn | None = None
    kind: str = LINEAR
    notes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if len(self.xs) < 2 or any(b <= a for a, b in pairwise(self.xs)):
            raise ValueError("a flip curve has two points or more, each further than the one before")
        if self.kind == LOG and self.xs[0] <= 0:
            raise ValueError(f"a logarithmic axis has no {self.xs[0]}")
        for series in (self.shares, self.low, self.high):
            if len(series) != len(self.xs):
                raise ValueError(f"{len(series)} shares for {len(self.xs)} points")
            wrong = next((each for each in series if each is not None and not 0 <= each <= 100), None)
            if wrong is not None:
                raise ValueError(f"a share of {wrong} of 100 is none")
        judged = (self.judged.low, self.judged.middle, self.judged.high)
        turns = [end for turn in _turns(self) for end in (turn.value, turn.low, turn.high)]
        known = [*self.xs, *self.possible, *judged, *(each for each in turns if each is not None)]
        if not all(math.isfinite(each) for each in known):
            raise ValueError("a number of the flip curve is not finite")


def _turns(chart: FlipChart) -> list[Turn]:
    return [turn for turn in (chart.half, chart.average) if turn is not None]


def flip_chart(chart: FlipChart, theme: str = "auto") -> str:
    """Draw a flip curve.

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
    >>> none = (None, None)
    >>> chart = FlipChart("How B turns it", "B", "ahead, of 100", (0.0, 40.0), (10.0, 90.0), none, none,
    ...     (5.0, 30.0), Judged(8.0, 12.0, 25.0), half=Turn(20.0, 18.0, 22.0, "half turn at 20"))
    >>> picture = flip_chart(chart)
    >>> picture[:4], "half turn at 20" in picture
    ('<svg', True)
    """
    inside = WIDTH - 2 * EDGE
    parts, top = paragraph(chart.title, EDGE, EDGE - 2, inside, size=TITLE, kind="title", lines=4)
    drawn, top = _key(chart, top + 6)
    parts += drawn
    drawn, top = paragraph(chart.y_title, EDGE, top + 4, inside, size=NOTE, kind="soft", lines=3)
    parts += drawn
    y = Scale(0.0, 100.0, top + 10 + PLOT, top + 10, LINEAR, _TICKS, tuple(f"{each:.0f}" for each in _TICKS))
    x = _axis(chart, EDGE + text_width("100", TEXT) + 7, WIDTH - EDGE - 10)
    parts += _ground(chart, x, y)
    parts += _grid(x, y)
    line = Line("", chart.shares, (Band(chart.low, chart.high),))
    parts += areas(line, 0, chart.xs, x, y)
    parts += _half(x, y)
    parts += curve(line, 0, 1, chart.xs, x, y)
    parts += [
        element("circle", class_="f1", cx=x.place(at), cy=y.place(share), r=2, fill=LIGHT["line1"])
        for at, share in zip(chart.xs, chart.shares, strict=True)
        if share is not None
    ]
    parts += _turning(chart, x, y)
    parts += reached(chart.judged, x, y.start + _JUDGED - 1)
    top = y.start + _JUDGED + 6 + TEXT * LINE
    drawn, top = paragraph(chart.x_title, x.start, top + 1, WIDTH - EDGE - x.start, lines=3)
    parts += drawn
    for note in chart.notes:
        drawn, top = paragraph(note, EDGE, top + 5, inside, size=NOTE, kind="note", lines=6)
        parts += drawn
    return frame(parts, round(top + EDGE + 2), title=chart.title, description=chart.description, theme=theme)


def _key(chart: FlipChart, top: float) -> tuple[list[Element], float]:
    """Write what turns where, each behind its mark: words beside a mark in the plot would cover others."""
    parts: list[Element] = []
    for shape, turn in zip(_SHAPES, (chart.half, chart.average), strict=True):
        if turn is not None:
            parts.append(_marked(shape, EDGE + 5, top + TEXT * LINE * 0.55))
            left = EDGE + 5 + GAP
            drawn, top = paragraph(turn.text, left, top, WIDTH - EDGE - left, lines=3)
            parts += drawn
    return parts, top


def _marked(shape: int, x: float, y: float) -> Element:
    """Return the mark of a turning point, in the colour of text: it belongs to no line."""
    found = marker(shape, x, y, 4.2)
    ink = {"class": "judged", "fill": LIGHT["ink"]}
    return Element(found.tag, tuple((name, ink.get(name, value)) for name, value in found.attributes), ())


def _axis(chart: FlipChart, start: float, end: float) -> Scale:
    """Return the horizontal axis, with as many ticks as have room."""
    known = [*chart.xs, *chart.possible]
    if chart.kind == LOG:
        known = [each for each in known if each > 0]
    for most in (6, 5, 4, 3, 2):
        found = scale(min(known), max(known), start, end, kind=chart.kind, most=most)
        if _clear(found):
            break
    return found


def _clear(x: Scale) -> bool:
    """Whether the numbers along an axis stand clear of each other and of the border."""
    spans = []
    for tick, text in zip(x.ticks, x.labels, strict=True):
        half = text_width(text, TEXT) / 2
        middle = min(max(x.place(tick), EDGE + half), WIDTH - EDGE - half)
        spans.append((middle - half, middle + half))
    return all(after[0] - before[1] >= 9 for before, after in pairwise(spans))


def _ground(chart: FlipChart, x: Scale, y: Scale) -> Iterator[Element]:
    """Shade what is thought possible, and hatch the rest."""
    low, high = (min(max(x.place(max(each, x.low)), x.start), x.end) for each in sorted(chart.possible))
    height = y.start - y.end
    plain = {"class_": "soft", "fill": LIGHT["soft"], "fill_opacity": "0.09"}
    yield element("rect", x=low, y=y.end, width=high - low, height=height, **plain)
    strokes = [
        stroke
        for left, right in ((x.start, low), (high, x.end))
        if right > left
        for stroke in hatch(left, y.end, right - left, height, step=_HATCHING)
    ]
    if strokes:
        yield element(
            "path", class_="grid", d=lines_path(strokes), stroke=LIGHT["grid"], stroke_width=1.2, fill="none"
        )


def _grid(x: Scale, y: Scale) -> Iterator[Element]:
    for tick, text in zip(y.ticks, y.labels, strict=True):
        place = y.place(tick)
        yield element("line", class_="grid", x1=x.start, y1=place, x2=x.end, y2=place, stroke=LIGHT["grid"])
        kind = "" if tick == HALF else "soft"
        yield label(text, x.start - 6, place + TEXT * 0.35, anchor="end", size=TEXT, kind=kind)
    yield element("line", class_="axis", x1=x.start, y1=y.start, x2=x.end, y2=y.start, stroke=LIGHT["soft"])
    for tick, text in zip(x.ticks, x.labels, strict=True):
        place, half = x.place(tick), text_width(text, TEXT) / 2
        yield element(
            "line", class_="axis", x1=place, y1=y.start, x2=place, y2=y.start + 4, stroke=LIGHT["soft"]
        )
        inside = min(max(place, EDGE + half), WIDTH - EDGE - half)
        yield label(text, inside, y.start + _JUDGED + 5 + TEXT, anchor="middle", size=TEXT, kind="soft")


def _half(x: Scale, y: Scale) -> Iterator[Element]:
    """Draw the line above which the recommendation is ahead in most readings."""
    place = y.place(HALF)
    yield element("line", class_="mark", x1=x.start, y1=place, x2=x.end, y2=place, stroke=LIGHT["ink"])


def _turning(chart: FlipChart, x: Scale, y: Scale) -> Iterator[Element]:
    """Draw both turning points with their intervals: that of the share on the half line, the other below."""
    heights = (y.place(HALF), y.start - _LOW_TURN)
    for shape, turn, height in zip(_SHAPES, (chart.half, chart.average), heights, strict=True):
        if turn is None:
            continue
        place = x.place(turn.value)
        low = x.start if turn.low is None else max(x.place(turn.low), x.start)
        high = x.end if turn.high is None else min(x.place(turn.high), x.end)
        yield element("line", class_="axis", x1=place, y1=height, x2=place, y2=y.start, stroke=LIGHT["soft"])
        yield from whisker(low, high, height)
        yield _marked(shape, place, height)
