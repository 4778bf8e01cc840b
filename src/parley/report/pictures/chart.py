"""The data of a line chart.

What lives here: frozen plain data, and what must hold of it. What may not: places, colours.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from parley.report.pictures.scales import LINEAR, LOG
from parley.report.pictures.theme import LINES

__all__ = ["Band", "Dot", "Judged", "Line", "LineChart", "Mark", "Panel"]

Number = float | None


@dataclass(frozen=True, slots=True)
class Band:
    """An area about a line, ``[point]`` low and high; None where there is none."""

    low: tuple[Number, ...]
    high: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    ``values[point]`` is None where there is no value: the line has a gap there. ``jumps`` are stretches of
    the axis, from one point to another, in which the value changes at once. ``bands`` go from the widest to
    the narrowest. A line that is alone in its panel may do without a ``label``.
    """

    label: str
    values: tuple[Number, ...]
    bands: tuple[Band, ...] = ()
    jumps: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Dot:
    """A number to hold a line against, drawn as a ring; ``line`` is its place in the panel, from 0."""

    x: float
    y: float
    line: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the horizontal axis that matters, with a few words."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines over one vertical axis.

    ``floor`` and ``ceiling`` are what no number can pass, such as 0 and 1 of chances.
    """

    title: str
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...] = ()
    marks: tuple[Mark, ...] = ()
    floor: Number = None
    ceiling: Number = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What is thought of the number on the horizontal axis: ``low`` to ``high``, with its ``middle``.

    A certain number has all three equal.
    """

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class LineChart:
    """Panels over one horizontal axis, whose points are ``xs``.

    ``description`` says what the picture shows to those who cannot see it; ``notes`` stand below it.

    Raises
    ------
    ValueError
        When a line has not one value for each point, a number is not finite, points do not increase, a log
        axis has a point at 0 or below, a panel has no lines or more than can be told apart.

    Examples
    --------
    >>> LineChart("Two", "x", (0.0, 1.0), (Panel("y", (Line("a", (1.0,)),)),))
    Traceback (most recent call last):
    ...
    ValueError: the line 'a' has 1 values for 2 points
    """

    title: str
    x_title: str
    xs: tuple[float, ...]
    panels: tuple[Panel, ...]
    kind: str = LINEAR
    judged: Judged | None = None
    notes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if len(self.xs) < 2 or any(b <= a for a, b in pairwise(self.xs)):
            raise ValueError("a line chart has two points or more, each further than the one before")
        if self.kind == LOG and self.xs[0] <= 0:
            raise ValueError(f"a logarithmic axis has no {self.xs[0]}")
        for panel in self.panels:
            if not 1 <= len(panel.lines) <= LINES:
                raise ValueError(
                    f"a panel has 1 to {LINES} lines that can be told apart, not {len(panel.lines)}"
                )
            for line in panel.lines:
                _checked(line, len(self.xs))
        if not self.panels:
            raise ValueError("a line chart has a panel")
        wrong = next((each for each in self._numbers() if not math.isfinite(each)), None)
        if wrong is not None:
            raise ValueError(f"{wrong} has no place in a picture; leave a gap (None) where there is no value")

    def _numbers(self) -> Iterator[float]:
        yield from self.xs
        if self.judged is not None:
            yield from (self.judged.low, self.judged.middle, self.judged.high)
        for panel in self.panels:
            for dot in panel.dots:
                yield from (dot.x, dot.y)
            yield from (mark.x for mark in panel.marks)
            for line in panel.lines:
                yield from (end for jump in line.jumps for end in jump)
                for series in (line.values, *(side for band in line.bands for side in (band.low, band.high))):
                    yield from (value for value in series if value is not None)


def _checked(line: Line, count: int) -> None:
    for series in (line.values, *(side for band in line.bands for side in (band.low, band.high))):
        if len(series) != count:
            raise ValueError(f"the line {line.label!r} has {len(series)} values for {count} points")
