"""Where a recommendation fails, in the plane of two numbers.

What lives here: the data of the picture, its layout. What may not: counts, the search for regions.

The plane is stretched so that every column and every row holds as many readings: an area of the picture is a
share of the readings. In each cell stand dots as on a die, more where more readings fail, so that it reads
without colour.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parley.report import words
from parley.report.pictures.fills import hatch, label, lines_path
from parley.report.pictures.frame import EDGE, LINE, NOTE, TEXT, TITLE, WIDTH, frame, paragraph
from parley.report.pictures.svg import Element, coordinate, element
from parley.report.pictures.text import text_width
from parley.report.pictures.theme import DASHES, LIGHT

__all__ = ["Axis", "Outline", "RegionChart", "level", "region_chart"]

LEVELS = (0.1, 0.3, 0.5, 0.7, 0.9)  # shares of failures from which a cell has a dot more
_LEGEND = (
    "<10",
    "10\N{EN DASH}30",
    "30\N{EN DASH}50",
    "50\N{EN DASH}70",
    "70\N{EN DASH}90",
    "\N{GREATER-THAN OR EQUAL TO}90",
)
_TINTS = ("0", "0.1", "0.22", "0.34", "0.46", "0.58")
_DIE = (
    (),
    ((0.0, 0.0),),
    ((-1.0, 1.0), (1.0, -1.0)),
    ((-1.0, 1.0), (0.0, 0.0), (1.0, -1.0)),
    ((-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)),
    ((-1.0, -1.0), (-1.0, 1.0), (0.0, 0.0), (1.0, -1.0), (1.0, 1.0)),
)
_LINE = 2  # the colour of failures, from 1
MOST_CELLS, MOST_OUTLINES = 12, 2
HEIGHT = 300.0
_MIDDLE = 6.0  # half the width of the mark of the middle


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the two numbers: its words, the edges of its cells, its middle."""

    title: str
    edges: tuple[float, ...]
    middle: float


@dataclass(frozen=True, slots=True)
class Outline:
    """A region: its bounds along both numbers (None: none on that side), and words."""

    across: tuple[float | None, float | None]
    up: tuple[float | None, float | None]
    text: str


@dataclass(frozen=True, slots=True)
class RegionChart:
    """Cells of readings and failures in the plane of two numbers.

    ``counts[row][column]`` and ``failures[row][column]``, rows and columns from the least value.

    Raises
    ------
    ValueError
        Edges do not increase or are not finite, there are no cells or more than 12 along a number, counts
        do not fit the edges, more readings fail than there are, more than two outlines.

    Examples
    --------
    >>> side = Axis("x", (0.0, 1.0), 0.5)
    >>> RegionChart("t", side, side, ((3,),), ((4,),))
    Traceback (most recent call last):
    ...
    ValueError: 4 of 3 readings of a cell fail
    """

    title: str
    across: Axis
    up: Axis
    counts: tuple[tuple[int, ...], ...]
    failures: tuple[tuple[int, ...], ...]
    outlines: tuple[Outline, ...] = ()
    notes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        for axis in (self.across, self.up):
            if not 2 <= len(axis.edges) <= MOST_CELLS + 1:
                raise ValueError(
                    f"there are 1 to {MOST_CELLS} cells along a number, not {len(axis.edges) - 1}"
                )
            if not all(math.isfinite(each) for each in (*axis.edges, axis.middle)):
                raise ValueError(f"an edge or the middle of {axis.title!r} is not finite")
            if any(after <= before for before, after in pairwise(axis.edges)):
                raise ValueError(f"the edges of {axis.title!r} do not increase")
        if len(self.outlines) > MOST_OUTLINES:
            raise ValueError(f"a picture has at most {MOST_OUTLINES} outlines, not {len(self.outlines)}")
        for table in (self.counts, self.failures):
            wide = all(len(row) == len(self.across.edges) - 1 for row in table)
            if not wide or len(table) != len(self.up.edges) - 1:
                raise ValueError("there is not one count for each cell")
        for counts, failures in zip(self.counts, self.failures, strict=True):
            for count, failed in zip(counts, failures, strict=True):
                if not 0 <= failed <= count:
                    raise ValueError(f"{failed} of {count} readings of a cell fail")


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where the cells lie: the left and the lower end, and how large each is."""

    left: float
    bottom: float
    width: float
    height: float


def level(count: int, failed: int) -> int:
    """Return how many dots a cell has.

    Parameters
    ----------
    count, failed
        Its readings, more than none, and those that fail.

    Examples
    --------
    >>> [level(10, failed) for failed in (0, 1, 3, 5, 8, 9, 10)]
    [0, 1, 2, 3, 4, 5, 5]
    """
    return sum(failed >= bound * count - 1e-9 for bound in LEVELS)


def region_chart(chart: RegionChart, theme: str = "auto") -> str:
    """Draw where a recommendation fails.

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
    >>> side = Axis("loss", (0.0, 1.0, 2.0), 1.0)
    >>> outline = Outline((None, 1.0), (None, None), "loss is at most 1")
    >>> chart = RegionChart("Where it fails", side, side, ((9, 9), (9, 9)), ((9, 0), (9, 0)), (outline,))
    >>> picture = region_chart(chart)
    >>> picture[:4], "loss is at most 1" in picture
    ('<svg', True)
    """
    inside = WIDTH - 2 * EDGE
    parts, top = paragraph(chart.title, EDGE, EDGE - 2, inside, size=TITLE, kind="title", lines=4)
    drawn, top = _key(chart, top + 6)
    parts += drawn
    drawn, top = paragraph(chart.up.title, EDGE, top + 6, inside, size=NOTE, kind="soft", lines=3)
    parts += drawn
    labels = [words.figure(edge) for edge in chart.up.edges]
    left = EDGE + max(text_width(text, TEXT) for text in labels) + 7
    columns, rows = len(chart.across.edges) - 1, len(chart.up.edges) - 1
    bottom = top + 9 + HEIGHT
    plot = _Plot(left, bottom, (WIDTH - EDGE - 8 - left) / columns, HEIGHT / rows)
    parts += _cells(chart, plot)
    parts += _border(chart, plot)
    parts += _middle(chart, plot)
    for number, outline in enumerate(chart.outlines):
        parts += _outline(chart, outline, number, plot)
    parts += _numbers(chart, plot)
    top = bottom + 7 + TEXT * LINE
    drawn, top = paragraph(chart.across.title, left, top + 1, WIDTH - EDGE - left, lines=3)
    parts += drawn
    drawn, top = _legend(chart, top + 8)
    parts += drawn
    for note in chart.notes:
        drawn, top = paragraph(note, EDGE, top + 5, inside, size=NOTE, kind="note", lines=6)
        parts += drawn
    return frame(parts, round(top + EDGE + 2), title=chart.title, description=chart.description, theme=theme)


def _key(chart: RegionChart, top: float) -> tuple[list[Element], float]:
    """Write what each outline is, beside a stretch of its line."""
    parts: list[Element] = []
    for number, outline in enumerate(chart.outlines):
        y = top + TEXT * LINE * 0.55
        parts.append(_stroke(f"M{EDGE:.0f},{coordinate(y)}h22", number))
        drawn, top = paragraph(outline.text, EDGE + 30, top, WIDTH - 2 * EDGE - 30, lines=6)
        parts += drawn
    return parts, top


def _stroke(path: str, number: int) -> Element:
    return element(
        "path",
        class_="ring",
        d=path,
        fill="none",
        stroke=LIGHT["ink"],
        stroke_width=2.4,
        stroke_dasharray=DASHES[number],
    )


# --- cells ----------------------------------------------------------------------------------------------


def _cells(chart: RegionChart, plot: _Plot) -> Iterator[Element]:
    """Draw cells of one level together: a tint, and its dots; cells without a reading are hatched."""
    places: dict[int, list[tuple[float, float]]] = {}
    for row, (counts, failures) in enumerate(zip(chart.counts, chart.failures, strict=True)):
        for column, (count, failed) in enumerate(zip(counts, failures, strict=True)):
            corner = (plot.left + column * plot.width, plot.bottom - (row + 1) * plot.height)
            places.setdefault(level(count, failed) if count else -1, []).append(corner)
    colour = LIGHT[f"line{_LINE}"]
    for dots, corners in sorted(places.items()):
        if dots > 0:
            path = "".join(_square(*corner, plot.width, plot.height) for corner in corners)
            yield element("path", class_=f"f{_LINE}", d=path, fill=colour, fill_opacity=_TINTS[dots])
        elif dots < 0:
            strokes = [each for corner in corners for each in hatch(*corner, plot.width, plot.height)]
            yield element("path", class_="grid", d=lines_path(strokes), stroke=LIGHT["grid"], fill="none")
    path = "".join(
        _dots(x + plot.width / 2, y + plot.height / 2, dots, min(plot.width, plot.height))
        for dots, corners in sorted(places.items())
        for x, y in corners
        if dots > 0
    )
    yield from _ink(path, min(plot.width, plot.height))


def _square(x: float, y: float, width: float, height: float) -> str:
    right, low = coordinate(x + width), coordinate(y + height)
    return f"M{coordinate(x)},{coordinate(y)}H{right}V{low}H{coordinate(x)}Z"


def _dots(x: float, y: float, dots: int, size: float) -> str:
    """Return the dots of a cell as strokes without length, which round ends make visible."""
    away = size * 0.27
    return "".join(f"M{coordinate(x + away * dx)},{coordinate(y + away * dy)}h0" for dx, dy in _DIE[dots])


def _ink(path: str, size: float) -> Iterator[Element]:
    if path:
        yield element(
            "path",
            class_="ring",
            d=path,
            fill="none",
            stroke=LIGHT["ink"],
            stroke_width=max(min(size * 0.15, 4.2), 1.5),
            stroke_linecap="round",
        )


def _border(chart: RegionChart, plot: _Plot) -> Iterator[Element]:
    """Draw the lines between cells, and the frame."""
    columns, rows = len(chart.across.edges) - 1, len(chart.up.edges) - 1
    right, top = plot.left + columns * plot.width, plot.bottom - rows * plot.height
    strokes = [
        (plot.left + n * plot.width, top, plot.left + n * plot.width, plot.bottom) for n in range(1, columns)
    ]
    strokes += [
        (plot.left, plot.bottom - n * plot.height, right, plot.bottom - n * plot.height)
        for n in range(1, rows)
    ]
    if strokes:
        yield element("path", class_="grid", d=lines_path(strokes), stroke=LIGHT["grid"], fill="none")
    frame_path = _square(plot.left, top, right - plot.left, plot.bottom - top)
    yield element("path", class_="axis", d=frame_path, stroke=LIGHT["soft"], fill="none")


# --- places ---------------------------------------------------------------------------------------------


def _along(edges: Sequence[float], value: float) -> float:
    """Return how many cells lie below a value, a part of one counted evenly; within the plane."""
    if value <= edges[0]:
        return 0.0
    if value >= edges[-1]:
        return len(edges) - 1.0
    upper = bisect_left(edges, value)
    low, high = edges[upper - 1], edges[upper]
    return upper - 1 + (value - low) / (high - low)


def _middle(chart: RegionChart, plot: _Plot) -> Iterator[Element]:
    """Mark where both numbers are at their middle: a cross with a rim of paper."""
    x = plot.left + _along(chart.across.edges, chart.across.middle) * plot.width
    y = plot.bottom - _along(chart.up.edges, chart.up.middle) * plot.height
    yield element(
        "circle",
        class_="middle",
        cx=x,
        cy=y,
        r=_MIDDLE,
        fill=LIGHT["paper"],
        stroke=LIGHT["ink"],
        stroke_width=1.8,
    )
    path = lines_path([(x - 3, y, x + 3, y), (x, y - 3, x, y + 3)])
    yield element("path", class_="ring", d=path, fill="none", stroke=LIGHT["ink"], stroke_width=1.6)


def _outline(chart: RegionChart, outline: Outline, number: int, plot: _Plot) -> Iterator[Element]:
    """Draw a region's outline on a rim of paper; nothing where neither number bounds it."""
    if not any(each is not None for each in (*outline.across, *outline.up)):
        return
    spans = []
    for axis, (low, high) in ((chart.across, outline.across), (chart.up, outline.up)):
        cells = len(axis.edges) - 1.0
        spans.append((
            0.0 if low is None else _along(axis.edges, low),
            cells if high is None else _along(axis.edges, high),
        ))  # fmt: skip
    (left, right), (bottom, top) = spans
    path = _square(
        plot.left + left * plot.width,
        plot.bottom - top * plot.height,
        max(right - left, 0.0) * plot.width,
        max(top - bottom, 0.0) * plot.height,
    )
    paper = {"stroke": LIGHT["paper"], "style": "stroke:var(--paper)", "fill": "none"}
    yield element("path", d=path, stroke_width=5.4, **paper)
    yield _stroke(path, number)


def _numbers(chart: RegionChart, plot: _Plot) -> Iterator[Element]:
    """Write values along both axes, at about every third edge, as many as have room."""
    taken = -math.inf
    for number in _chosen(len(chart.across.edges)):
        text = words.figure(chart.across.edges[number])
        place, half = plot.left + number * plot.width, text_width(text, TEXT) / 2
        middle = min(max(place, EDGE + half), WIDTH - EDGE - half)
        yield element(
            "line",
            class_="axis",
            x1=place,
            y1=plot.bottom,
            x2=place,
            y2=plot.bottom + 4,
            stroke=LIGHT["soft"],
        )
        if middle - half >= taken + 7:
            taken = middle + half
            yield label(text, middle, plot.bottom + 5 + TEXT, anchor="middle", size=TEXT, kind="soft")
    for number in _chosen(len(chart.up.edges)):
        place = plot.bottom - number * plot.height
        text = words.figure(chart.up.edges[number])
        yield label(text, plot.left - 6, place + TEXT * 0.35, anchor="end", size=TEXT, kind="soft")


def _chosen(edges: int) -> list[int]:
    """Return which edges have their value written: the ends, and up to three between at equal distances."""
    cells = edges - 1
    parts = next(each for each in (4, 3, 2, 1) if cells % each == 0 or each == 1)
    return [round(cells * part / parts) for part in range(parts + 1)]


def _legend(chart: RegionChart, top: float) -> tuple[list[Element], float]:
    """Draw what dots and the cross mean."""
    parts: list[Element] = []
    size, x = 15.0, EDGE
    for dots, text in enumerate(_LEGEND):
        if dots:
            path = _square(x, top, size, size)
            parts.append(
                element(
                    "path", class_=f"f{_LINE}", d=path, fill=LIGHT[f"line{_LINE}"], fill_opacity=_TINTS[dots]
                )
            )
        parts.append(
            element("path", class_="axis", d=_square(x, top, size, size), stroke=LIGHT["soft"], fill="none")
        )
        parts += _ink(_dots(x + size / 2, top + size / 2, dots, size), size)
        parts.append(label(text, x + size + 4, top + 12, kind="note"))
        x += size + 4 + text_width(text, NOTE) + 11
    top += size + 3
    drawn, top = paragraph(
        "of 100 readings in the cell fail; the cross: both numbers at their middle", EDGE, top,
        WIDTH - 2 * EDGE, size=NOTE, kind="note", lines=2,
    )  # fmt: skip
    parts += drawn
    if any(count == 0 for row in chart.counts for count in row):
        drawn, top = paragraph("hatched: no reading", EDGE, top, WIDTH - 2 * EDGE, size=NOTE, kind="note")
        parts += drawn
    return parts, top
