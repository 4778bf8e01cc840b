"""Strokes of a line chart: lines with gaps and jumps, bands, rings, the bar of what is judged.

What lives here: one series drawn between two axes. What may not: the layout around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from parley.report.pictures.chart import Band, Dot, Judged, Line
from parley.report.pictures.scales import Scale
from parley.report.pictures.svg import Element, element, points
from parley.report.pictures.theme import DASHES, LIGHT, marker

__all__ = ["areas", "curve", "ends_at", "reached", "ring", "thinned"]

Point = tuple[float, float]
_INVISIBLE = 0.06  # units by which a line may miss a point that is left out
_ALONG = 4  # marks along a line


def areas(line: Line, number: int, xs: Sequence[float], x: Scale, y: Scale) -> Iterator[Element]:
    """Draw the bands of a line, the widest first."""
    for band in line.bands:
        for outline in _outlines(band, xs, x, y):
            yield element(
                "polygon",
                class_=f"band f{number + 1}",
                points=points(outline),
                fill=LIGHT[f"line{number + 1}"],
                fill_opacity="0.13",
            )


def _outlines(band: Band, xs: Sequence[float], x: Scale, y: Scale) -> Iterator[list[Point]]:
    run: list[tuple[float, float, float]] = []
    for place, low, high in [*zip(xs, band.low, band.high, strict=True), (0.0, None, None)]:
        if low is not None and high is not None:
            run.append((x.place(place), y.place(low), y.place(high)))
            continue
        if len(run) > 1:
            above = thinned([(each, high) for each, _, high in run])
            yield above + thinned([(each, low) for each, low, _ in run])[::-1]
        run = []


def curve(line: Line, number: int, lines: int, xs: Sequence[float], x: Scale, y: Scale) -> Iterator[Element]:
    """Draw a line: its runs between gaps and jumps, thin strokes where it jumps, marks along it."""
    colour, kind = LIGHT[f"line{number + 1}"], f"s{number + 1}"
    runs = list(_runs(line, xs, x, y))
    for jump in _jumps(line, xs, x, y):
        yield element("polyline", class_=f"jump {kind}", points=points(jump), stroke=colour, fill="none")
    for run in runs:
        if len(run) == 1:  # a value between two gaps
            yield marker(number, *run[0], size=2.2)
            continue
        yield element(
            "polyline",
            class_=f"line {kind}",
            points=points(thinned(run)),
            stroke=colour,
            fill="none",
            stroke_dasharray=DASHES[number],
        )
    if lines > 1:
        yield from (marker(number, *place) for place in _along(line, number, lines, xs, x, y))


def _runs(line: Line, xs: Sequence[float], x: Scale, y: Scale) -> Iterator[list[Point]]:
    """Yield the stretches of a line without gap or jump."""
    run: list[Point] = []
    before: float | None = None
    for place, value in zip(xs, line.values, strict=True):
        jumped = before is not None and _within(line, before, place)
        inside = any(low < place < high for low, high in line.jumps)  # neither before it nor behind
        if (value is None or jumped or inside) and run:
            yield run
            run = []
        if value is not None and not inside:
            run.append((x.place(place), y.place(value)))
        before = place
    if run:
        yield run


def _jumps(line: Line, xs: Sequence[float], x: Scale, y: Scale) -> Iterator[list[Point]]:
    """Yield the strokes that join the two sides of a jump, over what has no value between them."""
    pairs = [(at, value) for at, value in zip(xs, line.values, strict=True) if value is not None]
    for (left, before), (right, after) in pairwise(pairs):
        if _within(line, left, right):
            yield [(x.place(left), y.place(before)), (x.place(right), y.place(after))]


def _within(line: Line, left: float, right: float) -> bool:
    """Whether a line jumps from one point to the next."""
    return any(low <= left and right <= high for low, high in line.jumps)


def _along(line: Line, number: int, lines: int, xs: Sequence[float], x: Scale, y: Scale) -> Iterator[Point]:
    """Yield where a line's own marks stand: at other places than those of the lines beside it."""
    known = [(x.place(at), value) for at, value in zip(xs, line.values, strict=True) if value is not None]
    for step in range(_ALONG):
        wanted = x.start + (x.end - x.start) * (step + (number + 0.5) / lines) / _ALONG
        near = min(known, key=lambda pair: abs(pair[0] - wanted), default=None)
        if near is not None and abs(near[0] - wanted) < (x.end - x.start) / (2 * _ALONG * lines):
            yield near[0], y.place(near[1])


def ends_at(line: Line, xs: Sequence[float], x: Scale, y: Scale) -> Point | None:
    """Return the last point of a line; None when it has none."""
    for place, value in zip(reversed(xs), reversed(line.values), strict=True):
        if value is not None:
            return x.place(place), y.place(value)
    return None


def ring(dot: Dot, x: Scale, y: Scale) -> Element:
    """Draw a number to hold a line against."""
    return element(
        "circle",
        class_="ring",
        cx=x.place(dot.x),
        cy=y.place(dot.y),
        r=4.5,
        fill="none",
        stroke=LIGHT["ink"],
        stroke_width=1.8,
    )


def reached(judged: Judged, x: Scale, middle: float) -> Iterator[Element]:
    """Draw below the axis what is thought of its number: a bar where it likely lies, a diamond within."""
    low, high = max(judged.low, x.low), min(judged.high, x.high)
    if low < high:
        yield element(
            "rect",
            class_="judged",
            x=x.place(low),
            y=middle - 2.5,
            width=x.place(high) - x.place(low),
            height=5,
            fill=LIGHT["ink"],
        )
    if x.low <= judged.middle <= x.high:
        yield element(
            "polygon",
            class_="middle",
            points=points(
                [
                    (x.place(judged.middle) + dx, middle + dy)
                    for dx, dy in ((0.0, -6.0), (5.0, 0.0), (0.0, 6.0), (-5.0, 0.0))
                ]
            ),
            fill=LIGHT["paper"],
            stroke=LIGHT["ink"],
            stroke_width=1.8,
        )


def thinned(run: list[Point]) -> list[Point]:
    """Leave out points that nobody would miss (Ramer 1972; Douglas and Peucker 1973).

    Parameters
    ----------
    run
        Points of a line, in order.

    Returns
    -------
    The first, the last, and as many between them as keep every point within 0.06 units of the line.

    Examples
    --------
    >>> thinned([(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 0.0)])
    [(0.0, 0.0), (2.0, 2.0), (3.0, 0.0)]
    """
    kept = {0, len(run) - 1}
    waiting = [(0, len(run) - 1)]
    while waiting:
        first, last = waiting.pop()
        (ax, ay), (bx, by) = run[first], run[last]
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        worst, where = 0.0, first
        for number in range(first + 1, last):
            px, py = run[number]
            across = abs((bx - ax) * (ay - py) - (ax - px) * (by - ay))
            away = across / length if length else ((px - ax) ** 2 + (py - ay) ** 2) ** 0.5
            if away > worst:
                worst, where = away, number
        if worst > _INVISIBLE:
            kept.add(where)
            waiting += [(first, where), (where, last)]
    return [run[number] for number in sorted(kept)]
