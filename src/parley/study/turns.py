"""Where a curve turns, jumps, ends or crosses another, and which points would show it better.

What lives here: points and values in, points out. What may not: games, policies.

Places along the axis are shares of it, 0 to 1, even in the scale of the sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["FINEST", "crossings", "jumps", "leaders", "to_cross", "to_turn", "visible"]

Values = NDArray[np.float64]

FINEST = 1e-3  # shares of the axis: two points closer than this are not parted
VISIBLE = 4e-3  # of a curve's height: by so much a chord may miss a point
LARGE = 0.05  # of a curve's height: what changes so much between two closest points jumps
STEEPER = 4.0
WITHIN = 4.0
OVER = 12.0  # the same, of a jump over points without a value
_NOISE = 1e-9  # the precision to which games are solved
_ROUNDING = 1e-9


def visible(readings: int) -> float:
    """Return by what share of its height a curve's chords may miss it.

    With many readings of which each jumps somewhere the mean is a staircase with steps of 1/readings, which
    is no turn.

    >>> visible(1), visible(256)
    (0.004, 0.009765625)
    """
    return VISIBLE if readings == 1 else max(VISIBLE, 2.5 / readings)


def _height(y: Values) -> float:
    """Return how far a curve reaches; 0 where it is flat but for rounding, or has no values."""
    known = y[np.isfinite(y)]
    if not known.size:
        return 0.0
    height = float(known.max() - known.min())
    return height if height > _NOISE * max(1.0, float(np.abs(known).max())) else 0.0


def to_turn(u: Values, y: Values, tolerance: float) -> Values:
    """Return points that would show better where a curve turns, jumps or ends.

    Parameters
    ----------
    u
        ``[point]`` shares of the axis, increasing.
    y
        ``[point]`` values; NaN where there is none.
    tolerance
        By what share of the curve's height the chord over a point may miss it.

    Returns
    -------
    The middles of intervals beside such points, none of an interval as short as :data:`FINEST`.

    Examples
    --------
    >>> u = np.linspace(0, 1, 5)
    >>> to_turn(u, np.array([0.0, 0.0, 0.0, 1.0, 1.0]), 0.01).tolist()
    [0.375, 0.625, 0.875]
    >>> to_turn(u, 2 * u, 0.01).tolist()
    []
    """
    height, gap = _height(y), np.diff(u)
    wanted = np.isfinite(y[1:]) != np.isfinite(y[:-1])
    if height:
        share = gap[:-1] / (gap[:-1] + gap[1:])
        miss = np.abs(y[1:-1] - (y[:-2] * (1 - share) + y[2:] * share))
        turns = np.nan_to_num(miss, nan=0.0) > tolerance * height
        wanted[:-1] |= turns
        wanted[1:] |= turns
    wanted &= gap > FINEST * (1 + _ROUNDING)
    return np.asarray(u[:-1][wanted] + gap[wanted] / 2)


def jumps(u: Values, y: Values) -> Iterator[tuple[int, int]]:
    """Yield the points before and after each jump of a curve.

    A jump is a change by more than :data:`LARGE` of the curve's height within :data:`WITHIN` times
    :data:`FINEST` of the axis, at a slope :data:`STEEPER` times that of the curve on either side: a curve
    that is steep all the way down does not jump. It may be made in several strides, as when a point lies on
    its very edge, or over points without a value: close to a threshold a game can be too hard to solve.

    Examples
    --------
    >>> u = np.array([0.0, 0.5, 0.501, 1.0])
    >>> list(jumps(u, np.array([0.0, 0.0, 1.0, 1.0])))
    [(1, 2)]
    """
    height = _height(y)
    known = np.flatnonzero(np.isfinite(y)).tolist()
    if not height:
        return
    strides = list(pairwise(known))
    slope = [(y[b] - y[a]) / (u[b] - u[a]) for a, b in strides]
    number = 0
    while number < len(strides):
        last = number
        while last + 1 < len(strides) and _strides_on(u, y, strides[number], strides[last + 1], height):
            last += 1
        (first, _), (_, end) = strides[number], strides[last]
        change, width = abs(y[end] - y[first]), u[end] - u[first]
        beside = [abs(each) for each in (*slope[max(number - 1, 0) : number], *slope[last + 1 : last + 2])]
        within = WITHIN if end - first == last - number + 1 else OVER
        short = width <= within * FINEST * (1 + _ROUNDING)
        if short and change > LARGE * height and change / width > STEEPER * max(beside, default=0.0):
            yield first, end
        number = last + 1


def _strides_on(
    u: Values, y: Values, first: tuple[int, int], following: tuple[int, int], height: float
) -> bool:
    """Whether two strides, and those between, go the same way, each far for its length."""
    return all(
        abs(y[b] - y[a]) > LARGE / 4 * height
        and u[b] - u[a] <= (2 if b - a == 1 else OVER) * FINEST * (1 + _ROUNDING)
        and (y[b] - y[a]) * (y[first[1]] - y[first[0]]) > 0
        for a, b in (first, following)
    )


def crossings(d: Values) -> Iterator[tuple[int, int]]:
    """Yield the last point before and the first point after each change of sign of a difference.

    Parameters
    ----------
    d
        ``[point]`` one curve less the other; NaN where one has no value. What is 0 but for rounding has no
        sign: curves that touch do not cross.

    Examples
    --------
    >>> list(crossings(np.array([1.0, 0.0, -2.0, -1.0, np.nan, 3.0])))
    [(0, 2)]
    """
    known = d[np.isfinite(d)]
    noise = _NOISE * max(1.0, float(np.abs(known).max())) if known.size else 0.0
    before: int | None = None
    for place, value in enumerate(d.tolist()):
        if not np.isfinite(value):
            before = None  # nobody knows what happens in a gap
        elif abs(value) > noise:
            if before is not None and d[before] * value < 0:
                yield before, place
            before = place


def to_cross(u: Values, d: Values) -> Values:
    """Return points nearer to where a difference changes its sign: where its chords do.

    Examples
    --------
    >>> to_cross(np.array([0.0, 1.0]), np.array([-1.0, 3.0])).tolist()
    [0.25]
    """
    found = []
    for before, after in crossings(d):
        share = d[before] / (d[before] - d[after])
        place = u[before] + share * (u[after] - u[before])
        if min(place - u[before], u[after] - place) > _ROUNDING:
            found.append(place)
    return np.array(found)


def leaders(u: Values, y: Values) -> Iterator[tuple[int, float, float]]:
    """Yield which of several curves is the highest, and from where to where.

    Parameters
    ----------
    u
        ``[point]`` shares of the axis.
    y
        ``[curve, point]``; where any has no value nobody is.

    Returns
    -------
    iterator
        Curve, first and last place. Of curves that are equal but for rounding the one that led before leads
        on, or else the first.

    Examples
    --------
    >>> u = np.array([0.0, 1.0])
    >>> list(leaders(u, np.array([[1.0, 1.0], [0.0, 3.0]])))
    [(0, 0.0, 0.3333333333333333), (1, 0.3333333333333333, 1.0)]
    """
    leader: int | None = None
    start = 0.0
    for point, values in enumerate(y.T):
        if not np.all(np.isfinite(values)):
            if leader is not None:
                yield leader, start, float(u[point - 1])
            leader = None
            continue
        top = np.flatnonzero(values >= values.max() - _NOISE * max(1.0, float(np.abs(values).max())))
        if leader is None:
            leader, start = int(top[0]), float(u[point])
        elif leader not in top:
            following = int(top[0])
            ahead = y[leader, point - 1] - y[following, point - 1]
            share = ahead / (ahead + y[following, point] - y[leader, point])
            place = float(u[point - 1] + share * (u[point] - u[point - 1]))
            if place > start:
                yield leader, start, place
            leader, start = following, place
    if leader is not None:
        yield leader, start, float(u[-1])
