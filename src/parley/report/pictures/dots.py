"""Quantile dot plots: a difference as twenty or fifty equally likely values, to be counted.

What lives here: data and layout of the plot. What may not: where its numbers come from, what they mean.

A reader who counts dots judges chances better than one who looks at an area or an interval (Kay, Kola,
Hullman and Munson, *When (ish) is my bus?*, CHI 2016; Fernandes, Walls, Munson, Hullman and Kay, *Uncertainty
displays using quantile dotplots or CDFs improve transit decision-making*, CHI 2018). Dots are stacked as in
Wilkinson (*Dot plots*, The American Statistician 53, 1999), outwards from zero on each side, so that no dot
is drawn across the line that parts the two answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parley.report import words
from parley.report.pictures.axis import LARGEST, across, numbers, upright
from parley.report.pictures.frame import EDGE, NOTE, TEXT, WIDTH, frame, paragraph
from parley.report.pictures.scales import Scale
from parley.report.pictures.svg import Element, element
from parley.report.pictures.table import alike
from parley.report.pictures.text import text_width, wrap
from parley.report.pictures.theme import LIGHT

__all__ = ["COUNTS", "DotPlot", "dot_plot", "dot_rows", "stacked"]

COUNTS = (20, 50)  # dots that a plot may have
HEIGHT = 176.0  # of the highest stack, at most
_LARGEST_DOT, _LOW = 22, 56.0  # units: a dot's width at most, the plot's height at least
_LINE = 1.3


@dataclass(frozen=True, slots=True)
class DotPlot:
    """Equally likely values of a difference, from the smallest to the largest.

    ``left`` and ``right`` say what a value below and above zero means; a value of exactly 0 is a tie.
    ``notes`` stand below, ``description`` is for those who cannot see the picture.

    Raises
    ------
    ValueError
        When there are not 20 or 50 values, they are not in order, or one has no place on an axis.

    Examples
    --------
    >>> DotPlot("Ahead", "points", (1.0,), "behind", "ahead")
    Traceback (most recent call last):
    ...
    ValueError: a quantile dot plot has 20 or 50 dots, not 1
    """

    title: str
    x_title: str
    dots: tuple[float, ...]
    left: str
    right: str
    notes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if len(self.dots) not in COUNTS:
            raise ValueError(f"a quantile dot plot has 20 or 50 dots, not {len(self.dots)}")
        wrong = next((dot for dot in self.dots if not (math.isfinite(dot) and abs(dot) <= LARGEST)), None)
        if wrong is not None:
            raise ValueError(f"{wrong} has no place in a picture; leave undefined readings out")
        if any(after < before for before, after in pairwise(self.dots)):
            raise ValueError("the dots of a quantile dot plot go from the smallest to the largest")

    def counts(self) -> tuple[int, int, int]:
        """Return how many dots lie below zero, at zero, and above it."""
        below, above = sum(dot < 0 for dot in self.dots), sum(dot > 0 for dot in self.dots)
        return below, len(self.dots) - below - above, above


def dot_plot(plot: DotPlot, theme: str = "auto") -> str:
    """Draw a quantile dot plot: filled dots above zero, hollow ones below, half-filled ones at zero.

    Parameters
    ----------
    plot
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
    >>> dots = tuple(float(n) for n in range(-7, 13))
    >>> picture = dot_plot(DotPlot("Ahead", "points", dots, "behind", "ahead"))
    >>> picture.count('class="f1" cx='), picture.count('class="middle s2"')  # with one each to explain them
    (13, 8)
    """
    inside = WIDTH - 2 * EDGE
    parts, top = paragraph(plot.title, EDGE, EDGE - 2, inside, kind="title", size=16.0, lines=5)
    x = across(min(plot.dots[0], 0.0), max(plot.dots[-1], 0.0), EDGE + 8, WIDTH - EDGE - 8)
    places = [x.place(dot) for dot in plot.dots]
    size, stacks = _fitted(places, x.place(0.0), plot)
    bottom = top + 26 + max(_LOW, size * max(len(stack) for _, stack in stacks)) + 4
    parts += _zero(x, top + 8, bottom)
    for centre, stack in stacks:
        for row, number in enumerate(stack):
            parts += _dot(plot.dots[number], centre, bottom - 2 - size * (row + 0.5), 0.45 * size)
    parts += numbers(x, bottom)
    drawn, top = _sides(plot, bottom + 29)
    parts += drawn
    drawn, top = paragraph(plot.x_title, EDGE, top + 5, inside, lines=4)
    parts += drawn
    for note in plot.notes:
        drawn, top = paragraph(note, EDGE, top + 5, inside, size=NOTE, kind="note", lines=8)
        parts += drawn
    return frame(parts, round(top + EDGE + 2), title=plot.title, description=plot.description, theme=theme)


def dot_rows(plot: DotPlot) -> tuple[tuple[str, str], ...]:
    """Return the table behind a plot: up to which share of the readings, the difference there.

    Examples
    --------
    >>> dot_rows(DotPlot("Ahead", "points", tuple(float(n) for n in range(20)), "behind", "ahead"))[:2]
    (('2.5', '0'), ('7.5', '1'))
    """
    step = 100 / len(plot.dots)
    levels = [f"{step * (number + 0.5):g}" for number in range(len(plot.dots))]
    return tuple(zip(levels, alike(plot.dots), strict=True))


# --- where the dots stand -------------------------------------------------------------------------------


def stacked(places: Sequence[float], zero: float, size: float) -> list[tuple[float, list[int]]]:
    """Stack dots that would cover each other.

    Parameters
    ----------
    places
        ``[dot]`` where each dot wants to be, from the left to the right.
    zero
        The place that no dot may be drawn across.
    size
        The width of a dot.

    Returns
    -------
    list
        The middle of each stack and its dots, from the bottom. Stacks do not cover each other; dots at zero
        stand on it, the others on their own side; no dot is further than its width from where it wants to be.

    Examples
    --------
    >>> stacked([0.0, 1.0, 1.5, 8.0], 0.0, 2.0)
    [(0.0, [0]), (2.0, [1, 2]), (8.0, [3])]
    """
    level = [number for number, place in enumerate(places) if place == zero]
    found = [(zero, level)] if level else []
    room = size if level else size / 2
    for side in (-1, 1):
        members = [number for number, place in enumerate(places) if (place - zero) * side > 0]
        if side < 0:
            members.reverse()  # outwards from zero
        outwards = [(places[number] - zero) * side for number in members]
        last = room - size
        for group in _groups(outwards, size):
            middle = max((outwards[group[0]] + outwards[group[-1]]) / 2, last + size)
            found.append((zero + side * middle, [members[each] for each in group]))
            last = middle
    return found


def _groups(outwards: Sequence[float], size: float) -> Iterator[list[int]]:
    """Yield dots that lie within one width of the innermost of them."""
    group: list[int] = []
    for number, place in enumerate(outwards):
        if group and place >= outwards[group[0]] + size:
            yield group
            group = []
        group.append(number)
    if group:
        yield group


def _fitted(places: list[float], zero: float, plot: DotPlot) -> tuple[float, list[tuple[float, list[int]]]]:
    """Return the largest dots whose stacks fit, and the stacks."""
    # A value that differs from 0 by rounding alone keeps its side; its place may be that of 0.
    apart = [
        place + math.copysign(1e-6, dot) if dot and place == zero else place
        for place, dot in zip(places, plot.dots, strict=True)
    ]
    for tenths in range(10 * _LARGEST_DOT, 0, -5):
        size = tenths / 10
        stacks = stacked(apart, zero, size)
        low, high = stacks[0][0], stacks[0][0]
        for centre, _ in stacks:
            low, high = min(low, centre), max(high, centre)
        inside = low - size / 2 >= EDGE / 2 and high + size / 2 <= WIDTH - EDGE / 2
        if inside and size * max(len(stack) for _, stack in stacks) <= HEIGHT:
            break
    return size, stacks


# --- what is drawn --------------------------------------------------------------------------------------


def _dot(value: float, x: float, y: float, radius: float) -> Iterator[Element]:
    """Draw a dot: filled for the right side, hollow for the left, half of each for a tie."""
    if value > 0:
        yield element("circle", class_="f1", cx=x, cy=y, r=radius, fill=LIGHT["line1"])
        return
    line = 2 if value < 0 else 1
    stroke = min(1.6, radius * 0.4)
    yield element(
        "circle",
        class_=f"middle s{line}",
        cx=x,
        cy=y,
        r=radius - stroke / 2,
        fill=LIGHT["paper"],
        stroke=LIGHT[f"line{line}"],
        stroke_width=f"{stroke:.2f}",
    )
    if value == 0:
        half = element("path", class_="f1", d=_half(x, y, radius - stroke / 2), fill=LIGHT["line1"])
        yield half


def _half(x: float, y: float, radius: float) -> str:
    return f"M{x:.1f},{y - radius:.1f}A{radius:.1f},{radius:.1f} 0 0 1 {x:.1f},{y + radius:.1f}Z"


def _zero(x: Scale, top: float, bottom: float) -> Iterator[Element]:
    """Draw the line of no difference, with its words above it."""
    place, text = x.place(0.0), "no difference"
    yield upright(place, top + 16, bottom, "mark")
    half = text_width(text, NOTE) / 2
    yield element(
        "text",
        text,
        class_="note",
        x=min(max(place, EDGE + half), WIDTH - EDGE - half),
        y=top + 11,
        text_anchor="middle",
        fill=LIGHT["soft"],
        font_size=NOTE,
    )


def _sides(plot: DotPlot, top: float) -> tuple[list[Element], float]:
    """Say below the axis, left and right, what the dots of each side mean and how many they are."""
    below, level, above = plot.counts()
    width = (WIDTH - 2 * EDGE - 16) / 2
    parts: list[Element] = []
    ends = [top]
    for text, count, kind, right in ((plot.left, below, -1.0, False), (plot.right, above, 1.0, True)):
        x = WIDTH - EDGE if right else EDGE
        lines = [*wrap(words.clean(text), TEXT, width - 18, lines=4), _counted(count, plot)]
        parts += _dot(kind, x - 6 if right else x + 6, top + TEXT * 0.78, 5.5)
        for row, line in enumerate(lines):
            parts.append(
                element(
                    "text",
                    line,
                    class_="f1" if right else "f2",
                    x=x - 17 if right else x + 17,
                    y=top + TEXT * (1 + _LINE * row),
                    text_anchor="end" if right else "start",
                    fill=LIGHT["line1" if right else "line2"],
                    font_size=TEXT,
                )
            )
        ends.append(top + TEXT * _LINE * len(lines))
    if level:
        parts += _dot(0.0, EDGE + 6, max(ends) + TEXT * 0.78, 5.5)
        drawn, bottom = paragraph(
            f"equal: {_counted(level, plot)}", EDGE + 17, max(ends) - 0.6, width, kind="soft"
        )
        parts += drawn
        ends.append(bottom)
    return parts, max(ends)


def _counted(count: int, plot: DotPlot) -> str:
    return f"{count or 'none'} of {len(plot.dots)} dots"
