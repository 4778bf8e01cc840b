"""Line charts: how numbers move along one number.

What lives here: the layout of panels, one below the other. What may not: where the numbers come from.

Every line ends at its own name, so that nobody hunts through a legend; dashes and marks tell lines apart
where colour does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from parley.report import words
from parley.report.pictures.chart import Line, LineChart, Mark, Panel
from parley.report.pictures.frame import EDGE, LINE, TEXT, WIDTH, frame, paragraph
from parley.report.pictures.scales import Scale, around, scale
from parley.report.pictures.strokes import areas, curve, ends_at, reached, ring
from parley.report.pictures.svg import Element, element, points
from parley.report.pictures.text import spread, text_width, wrap
from parley.report.pictures.theme import LIGHT, marker

__all__ = ["line_chart"]

PLOT = 190.0  # height of a panel's plot, unless its labels need more
LABELS = 128.0  # the widest column of labels
LABEL_LINES = 3
LABEL = 13.0  # size of the font
_GAP = 13.0  # between plot and labels
_JUDGED = 11.0  # below the plot: the bar of what is judged
_ROW = 16.0  # of the marks' words, above the plot
_NEAR = 0.3  # zero is on the axis when it is no further away than this share of the span


@dataclass(frozen=True, slots=True)
class _Layout:
    """What all panels share: the horizontal axis, the column of labels."""

    x: Scale
    label_left: float
    label_width: float


def line_chart(chart: LineChart, theme: str = "auto") -> str:
    """Draw a line chart.

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
    >>> from parley.report.pictures import Line, LineChart, Panel
    >>> panel = Panel("x * x", (Line("", (0.0, 1.0, 4.0)),))
    >>> picture = line_chart(LineChart("A square", "x", (0.0, 1.0, 2.0), (panel,)))
    >>> picture[:4], picture.count("<polyline")
    ('<svg', 1)
    """
    inside = WIDTH - 2 * EDGE
    parts, top = paragraph(chart.title, EDGE, EDGE - 2, inside, size=16.0, kind="title", lines=4)
    heads = [_axis(panel) for panel in chart.panels]
    layout = _layout(chart, heads)
    for number, (panel, axis) in enumerate(zip(chart.panels, heads, strict=True)):
        last = number == len(chart.panels) - 1
        drawn, top = _panel(chart, panel, axis, layout, top + 10, last=last)
        parts += drawn
    drawn, top = paragraph(chart.x_title, layout.x.start, top + 2, WIDTH - EDGE - layout.x.start, lines=3)
    parts += drawn
    for note in chart.notes:
        drawn, top = paragraph(note, EDGE, top + 5, inside, size=12.5, kind="note", lines=6)
        parts += drawn
    return frame(parts, round(top + EDGE + 2), title=chart.title, description=chart.description, theme=theme)


# --- what panels share ----------------------------------------------------------------------------------


def _axis(panel: Panel) -> Scale:
    """Return a panel's vertical axis, from 0 (at the bottom) to 1."""
    known = [value for line in panel.lines for value in _series(line)]
    known += [dot.y for dot in panel.dots]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    span = high - low
    if panel.floor is not None or 0 < low <= _NEAR * span / (1 - _NEAR):
        low = min(low, 0.0 if panel.floor is None else panel.floor)
    elif 0 > high >= -_NEAR * span / (1 - _NEAR):
        high = 0.0
    low, high = around(low, high, floor=panel.floor, ceiling=panel.ceiling)
    return scale(low, high, 0.0, 1.0)


def _series(line: Line) -> Iterator[float]:
    for series in (line.values, *(side for band in line.bands for side in (band.low, band.high))):
        yield from (value for value in series if value is not None)


def _layout(chart: LineChart, axes: list[Scale]) -> _Layout:
    left = EDGE + max(text_width(label, TEXT) for axis in axes for label in axis.labels) + 6
    labels = [line.label for panel in chart.panels for line in panel.lines if line.label]
    wrapped = [
        text_width(row, LABEL)
        for label in labels
        for row in wrap(words.clean(label), LABEL, LABELS, lines=LABEL_LINES)
    ]
    width = max(wrapped, default=0.0)
    right = WIDTH - EDGE - (width + _GAP if labels else 8.0)
    for most in (6, 5, 4, 3, 2):
        x = scale(chart.xs[0], chart.xs[-1], left, right, kind=chart.kind, most=most)
        if _fits(x):
            break
    return _Layout(x, right + _GAP, width)


def _fits(x: Scale) -> bool:
    """Whether the labels of an axis stand clear of each other."""
    edges = [
        (x.place(tick) - text_width(label, TEXT) / 2, x.place(tick) + text_width(label, TEXT) / 2)
        for tick, label in zip(x.ticks, x.labels, strict=True)
    ]
    return all(after[0] - before[1] >= 9 for before, after in pairwise(edges))


# --- one panel ------------------------------------------------------------------------------------------


def _panel(
    chart: LineChart, panel: Panel, axis: Scale, layout: _Layout, top: float, *, last: bool
) -> tuple[list[Element], float]:
    """Draw a panel below a place, and return where it ends."""
    parts, top = paragraph(panel.title, EDGE, top, WIDTH - 2 * EDGE, kind="soft", lines=3)
    rows = _rows(panel.marks, layout.x)
    top += 13 + _ROW * (1 + max(rows, default=-1))
    labels = [
        wrap(words.clean(line.label), LABEL, layout.label_width, lines=LABEL_LINES) if line.label else []
        for line in panel.lines
    ]
    heights = [len(rows) * LABEL * LINE * 0.92 + 5 if rows else 0.0 for rows in labels]
    bottom = top + max(PLOT if len(chart.panels) == 1 else 0.75 * PLOT, sum(heights))
    y = Scale(axis.low, axis.high, bottom, top, axis.kind, axis.ticks, axis.labels)
    x = layout.x
    below = _JUDGED if last and chart.judged is not None else 0.0
    parts += _grid(x, y, below)
    for number, line in enumerate(panel.lines):
        parts += areas(line, number, chart.xs, x, y)
    parts += _marks(panel.marks, rows, x, y)
    for number, line in enumerate(panel.lines):
        parts += curve(line, number, len(panel.lines), chart.xs, x, y)
    parts += [ring(dot, x, y) for dot in panel.dots]
    if last and chart.judged is not None:
        parts += reached(chart.judged, x, bottom + _JUDGED - 1)
    parts += _names(panel, labels, heights, layout, chart.xs, y)
    return parts, bottom + below + 6 + TEXT * LINE


def _grid(x: Scale, y: Scale, below: float) -> Iterator[Element]:
    """Draw the grid, the axes and the numbers along them, those below the plot at a distance."""
    for tick, label in zip(y.ticks, y.labels, strict=True):
        place = y.place(tick)
        yield element("line", class_="grid", x1=x.start, y1=place, x2=x.end, y2=place, stroke=LIGHT["grid"])
        yield _number(label, x.start - 6, place + TEXT * 0.35, "end")
    if y.low < 0 < y.high:
        place = y.place(0.0)
        yield element("line", class_="axis", x1=x.start, y1=place, x2=x.end, y2=place, stroke=LIGHT["soft"])
    yield element("line", class_="axis", x1=x.start, y1=y.start, x2=x.end, y2=y.start, stroke=LIGHT["soft"])
    for tick, label in zip(x.ticks, x.labels, strict=True):
        place = x.place(tick)
        yield element(
            "line", class_="axis", x1=place, y1=y.start, x2=place, y2=y.start + 4, stroke=LIGHT["soft"]
        )
        half = text_width(label, TEXT) / 2
        inside = min(max(place, EDGE + half), WIDTH - EDGE - half)
        yield _number(label, inside, y.start + below + 5 + TEXT, "middle")


def _number(label: str, x: float, y: float, anchor: str) -> Element:
    return element(
        "text", label, class_="soft", x=x, y=y, text_anchor=anchor, fill=LIGHT["soft"], font_size=TEXT
    )


def _beside(mark: Mark, x: Scale) -> tuple[float, float, str]:
    """Return both ends of a mark's words, and how they are set: behind the mark, or before it."""
    place, width = x.place(mark.x), text_width(words.clean(mark.text), 12.5)
    if place + 4 + width <= WIDTH - EDGE:
        return place + 4, place + 4 + width, "start"
    return place - 4 - width, place - 4, "end"


def _rows(marks: tuple[Mark, ...], x: Scale) -> list[int]:
    """Return in which row above the plot the words of each mark stand.

    A mark takes the lowest row in which its words are clear of all words there, above every mark whose line
    would rise through them; from the right to the left, as words stand to the right of their mark where they
    can.
    """
    taken: list[tuple[float, float, float, int]] = []  # ends of the words, place of the line, row
    found = [0] * len(marks)
    for each in sorted(range(len(marks)), key=lambda number: -marks[number].x):
        left, right, _ = _beside(marks[each], x)
        row = 0
        for low, high, place, other in sorted(taken, key=lambda words_: words_[3]):
            if left - 3 < place < right + 3 or (other == row and left < high + 6 and low < right + 6):
                row = max(row, other + 1)
        taken.append((left, right, x.place(marks[each].x), row))
        found[each] = row
    return found


def _marks(marks: tuple[Mark, ...], rows: list[int], x: Scale, y: Scale) -> Iterator[Element]:
    """Draw the lines of all marks, then their words over them."""
    for mark, row in zip(marks, rows, strict=True):
        place, top = x.place(mark.x), y.end - 16 - _ROW * row
        yield element("line", class_="mark", x1=place, y1=y.start, x2=place, y2=top, stroke=LIGHT["ink"])
    for mark, row in zip(marks, rows, strict=True):
        left, right, anchor = _beside(mark, x)
        yield element(
            "text",
            words.clean(mark.text),
            class_="halo",
            x=left if anchor == "start" else right,
            y=y.end - 7 - _ROW * row,
            text_anchor=anchor,
            fill=LIGHT["ink"],
            font_size=12.5,
        )


def _names(
    panel: Panel,
    labels: list[list[str]],
    heights: list[float],
    layout: _Layout,
    xs: tuple[float, ...],
    y: Scale,
) -> Iterator[Element]:
    """Write the name of each line at its end."""
    named = [number for number, rows in enumerate(labels) if rows]
    ends = [ends_at(panel.lines[number], xs, layout.x, y) for number in named]
    wanted = [y.start if end is None else end[1] for end in ends]
    middles = spread(wanted, [heights[number] for number in named], y.end - 4, y.start + 4)
    for number, end, middle in zip(named, ends, middles, strict=True):
        colour = LIGHT[f"line{number + 1}"]
        if end is not None:
            yield element(
                "polyline",
                class_=f"jump s{number + 1}",
                points=points(
                    [(end[0] + 5, end[1]), (layout.x.end + 5, end[1]), (layout.label_left - 2, middle)]
                ),
                stroke=colour,
                fill="none",
            )
            yield marker(number, *end)
        step = LABEL * LINE * 0.92
        first = middle - step * (len(labels[number]) - 1) / 2 + LABEL * 0.35
        for row, text in enumerate(labels[number]):
            yield element(
                "text",
                text,
                class_=f"f{number + 1}",
                x=layout.label_left,
                y=first + row * step,
                fill=colour,
                font_size=LABEL,
            )
