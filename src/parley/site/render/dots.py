"""The lead picture: what each policy may bring, as dots of equal chance, on one axis.

What lives here: places of dots and ticks, the picture. What may not: where the dots come from.

A reader who counts dots judges chances better than one who looks at an area or an interval (Kay, Kola,
Hullman and Munson, *When (ish) is my bus?*, CHI 2016; Fernandes, Walls, Munson, Hullman and Kay, CHI 2018).
There is one row for each policy and no mark of a mean. The page's script moves the same dots by the same
rules (``frontend/src/dots.ts``); a test in a browser compares both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

from parley.site.render.formats import number
from parley.site.render.safe import Safe, picture

__all__ = [
    "INSIDE",
    "LEFT",
    "WIDTH",
    "Row",
    "axis",
    "domain",
    "dot_picture",
    "dot_table",
    "height",
    "named",
    "pile",
    "place",
    "tenth",
    "ticks",
]

WIDTH, LEFT, INSIDE = 340, 10.0, 320.0
LABEL, PILE, GAP = 20.0, 36.0, 8.0  # of a row: its words, its dots, the air below
LARGEST, SMALLEST = 7.0, 3.0  # width of a dot
_STEPS = (1.0, 2.0, 5.0, 10.0)
_LONGEST = 46  # letters of a name that fit a row


@dataclass(frozen=True, slots=True)
class Row:
    """A policy and its dots, ascending; ``before`` is the author's median where the dots are a reader's."""

    letter: str
    name: str
    advised: bool
    dots: tuple[float, ...]
    before: float | None = None


def domain(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of an axis that holds all values.

    Examples
    --------
    >>> domain((1.0, 3.0)), domain((2.0,)), domain(())
    ((1.0, 3.0), (1.5, 2.5), (0.0, 1.0))
    """
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def ticks(low: float, high: float) -> tuple[float, ...]:
    """Return two to seven round numbers between two ends.

    Examples
    --------
    >>> ticks(0.0, 1.0), ticks(-43.0, 7.0)
    ((0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0), (-40.0, -30.0, -20.0, -10.0, 0.0))
    """
    rough = (high - low) / 5
    ten = 10.0 ** math.floor(math.log10(rough))
    step = next(ten * each for each in _STEPS if ten * each >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(each * step for each in range(first, last + 1))


def pile(dots: Sequence[float], low: float, high: float) -> tuple[str, float]:
    """Pile dots up in columns, each where it belongs to within half a dot's width.

    Parameters
    ----------
    dots
        Their values.
    low, high
        The ends of the axis.

    Returns
    -------
    path, size
        Places as a path of points (lines of no length, drawn with round ends as wide as a dot), from the
        floor at ``y = 0`` upwards; the width of a dot.

    Examples
    --------
    >>> pile((0.0, 0.01, 1.0), 0.0, 1.0)
    ('M13.6-3.5h0M13.6-10.5h0M326.4-3.5h0', 7.0)
    """
    size = LARGEST
    while True:
        columns = math.floor(INSIDE / size)
        pitch = INSIDE / columns
        heights: dict[int, int] = {}
        places = []
        for dot in dots:
            at = min(max(math.floor((dot - low) / (high - low) * columns), 0), columns - 1)
            places.append((at, heights.get(at, 0)))
            heights[at] = heights.get(at, 0) + 1
        most = max(heights.values(), default=1)
        if most * size <= PILE or size <= SMALLEST:
            break
        size -= 0.5
    rise = min(size, PILE / most)
    path = "".join(f"M{tenth(LEFT + (at + 0.5) * pitch)}-{tenth((up + 0.5) * rise)}h0" for at, up in places)
    return path, size


def tenth(value: float) -> str:
    """Write a place in a picture with at most one decimal, halves rounded up.

    >>> tenth(12.25), tenth(3.0)
    ('12.3', '3')
    """
    tenths = math.floor(value * 10 + 0.5)
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths / 10:.1f}"


def dot_picture(rows: Sequence[Row], title: str, description: str, more: Sequence[float] = ()) -> Safe:
    """Draw a row of dots for each policy.

    Parameters
    ----------
    rows
        From the top to the bottom.
    title, description
        For those who cannot see it: what it is, what it shows.
    more
        Values that the axis has to hold besides, such as the author's dots beside a reader's.

    Examples
    --------
    >>> drawn = dot_picture([Row("A", "wait & see", True, (0.0, 1.0))], "Two runs", "Half of them at 1.")
    >>> "wait &amp; see" in drawn, drawn.count("<path")
    (True, 2)
    """
    low, high = domain([*more, *(dot for row in rows for dot in row.dots)])
    step = LABEL + PILE + GAP
    floor = step * len(rows)
    parts = [
        f'<svg class="dots" viewBox="0 0 {WIDTH} {height(len(rows)):g}" role="img">',
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>",
        f'<g class="grid">{axis(low, high, LABEL + 2, floor)}</g>',
    ]
    for index, row in enumerate(rows):
        path, size = pile(row.dots, low, high)
        base = step * index + LABEL + PILE
        tick = "" if row.before is None else _before(row.before, low, high)
        kind = "row advised" if row.advised else "row"
        parts.append(
            f'<g class="{kind}" transform="translate(0 {base:g})"><text x="10" y="-41">'
            f"{named(row.letter, row.name)}</text>"
            f'<line class="floor" x1="10" x2="330"/>'
            f'<path class="dot" d="{path}" stroke-width="{size * 0.9:g}"/>'
            f'<path class="hole" d="{path}" stroke-width="{max(size * 0.9 - 2.4, 0.5):g}"/>{tick}</g>'
        )
    parts.append("</svg>")
    return picture("".join(parts))


def named(letter: str, name: str) -> str:
    """Return the words of a row: the letter, and as much of the name as fits.

    >>> named("A", "wait & see")
    '<tspan class="letter">A</tspan> wait &amp; see'
    """
    short = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
    return f'<tspan class="letter">{escape(letter)}</tspan> {escape(short)}'


def height(rows: int) -> float:
    """Return how high the picture of so many policies is; all that stand in its place are as high.

    >>> height(3)
    216.0
    """
    return (LABEL + PILE + GAP) * rows + 24


def place(value: float, low: float, high: float) -> float:
    """Return where a value stands between the two sides of the picture.

    >>> place(0.5, 0.0, 1.0)
    170.0
    """
    return LEFT + (value - low) / (high - low) * INSIDE


def axis(low: float, high: float, top: float, floor: float) -> str:
    """Return the lines of an axis from its top to its floor, with the numbers below.

    >>> axis(0.0, 1.0, 0.0, 9.0).count("<text")
    6
    """
    drawn = []
    for value in ticks(low, high):
        x = place(value, low, high)
        near = "start" if x < 20 else "end" if x > WIDTH - 20 else "middle"
        drawn.append(
            f'<line x1="{tenth(x)}" x2="{tenth(x)}" y1="{top:g}" y2="{floor:g}"/>'
            f'<text x="{tenth(x)}" y="{floor + 15:g}" text-anchor="{near}">{number(value + 0.0)}</text>'
        )
    return "".join(drawn)


def _before(median: float, low: float, high: float) -> str:
    x = tenth(place(median, low, high))
    return f'<path class="before" d="M{x} 0v-{PILE:g}"/>'


def dot_table(row: Row) -> tuple[str, str]:
    """Return the median and the middle half of a row's dots, formatted.

    Examples
    --------
    >>> dot_table(Row("A", "wait", True, (0.0, 1.0, 2.0, 4.0, 8.0)))
    ('2', '1 to 4')
    """
    count = len(row.dots)
    if not count:
        return "–", "–"
    middle = (row.dots[(count - 1) // 2] + row.dots[count // 2]) / 2
    return number(middle), f"{number(row.dots[count // 4])} to {number(row.dots[(3 * count) // 4])}"
