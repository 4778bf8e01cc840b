"""Profile likelihoods: how much is lost when one parameter is held and all others are chosen anew.

What lives here: profiles and where they cross a level. What may not: games, data, words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parley.study.climb import Box, Objective, Peaks, climb

__all__ = ["Crossing", "Ends", "crossings", "profile"]

Values = NDArray[np.float64]

TRIES = 40  # of a search for one end
CLOSE = 3e-3  # of the root of the deviance; from so near a straight line leads to the end
SETTLED = 1e-7  # a search for the others ends where less than this is promised: a deviance as good
STRIDE = 4.0  # at most, from one trial outwards to the next
OUTWARD = 12  # trials outwards: some ten million standard errors
NARROW = 1e-9  # a bracket of this width, relative to its distance from the maximum, is a place
EDGE = 1e-3  # the same beside places that have no value


class Ends(NamedTuple):
    """The two ends of an interval in the coordinate; None where the profile stays above the level."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """What :func:`crossings` found: the ends of each coordinate, and the best point met on the way.

    ``better`` is a point ``[coordinate]`` whose value exceeds the maximum, None when there is none.
    ``unsettled`` counts the searches for the others that found no peak: a profile may be higher there.
    """

    ends: tuple[Ends, ...]
    better: Values | None
    unsettled: int


@dataclass(slots=True, eq=False)
class _Side:
    """The search for one end of one interval.

    ``here`` is the maximum, ``at`` the next trial, ``limit`` the last place that may be tried, ``others``
    where the other coordinates start. ``inside`` lies above the level and ``outside`` below, each a place and
    the root of its deviance.
    """

    row: int
    here: float
    at: float
    limit: float
    others: Values
    inside: tuple[float, float]
    outside: tuple[float, float] | None = None
    end: float | None = None
    done: bool = False
    outward: int = 0  # trials so far that found no place outside
    stayed: int = 0  # for how many rounds the inside (positive) or the outside (negative) was not moved


def profile(objective: Objective, box: Box, rows: NDArray[np.int64], places: Values, others: Values) -> Peaks:
    """Hold one coordinate in each search and maximise over all others.

    Parameters
    ----------
    objective
        What is maximised, the same for every search.
    box
        Bounds and spreads.
    rows, places
        ``[search]`` which coordinate is held, and where.
    others
        ``[coordinate, search]`` where the others start.

    Returns
    -------
    Peaks
        Of the others; values are -inf where there is none.

    Examples
    --------
    >>> box = Box(np.full(2, -9.0), np.full(2, 9.0), np.ones(2))
    >>> found = profile(lambda search, x: -(x[0] ** 2) - (x[1] - x[0]) ** 2, box, np.array([0]),
    ...                        np.array([2.0]), np.zeros((2, 1)))
    >>> round(float(found.value[0]), 6), np.round(found.point[:, 0], 6).tolist()
    (-4.0, [2.0, 2.0])
    """
    start = np.array(others)
    search = np.arange(len(rows))
    start[rows, search] = places
    free = np.ones(start.shape, dtype=np.bool_)
    free[rows, search] = False
    return climb(objective, start, box, free, close=SETTLED)


def crossings(
    objective: Objective, box: Box, best: Values, value: float, ways: Values, level: float
) -> Crossing:
    """Find where each profile has lost ``level`` in twice the log-likelihood, on both sides of the maximum.

    Venzon and Moolgavkar, *Applied Statistics* 37 (1988), 87-94, for the interval; the ends are found by
    regula falsi (Illinois) on the root of the deviance, which is close to a straight line.

    Parameters
    ----------
    best, value
        The maximum ``[coordinate]`` and its value.
    ways
        ``[coordinate, coordinate]``: column j is how the best point moves with coordinate j to first order,
        over one standard error of it; the diagonal is how far the first trials go.
    level
        A quantile of chi squared with one degree of freedom.

    Examples
    --------
    >>> box = Box(np.full(1, -9.0), np.full(1, 9.0), np.ones(1))
    >>> found = crossings(lambda search, x: -(x[0] ** 2) / 2, box, np.zeros(1), 0.0, np.ones((1, 1)), 3.8415)
    >>> [round(each, 3) for each in found.ends[0]]
    [-1.96, 1.96]
    """
    root = float(np.sqrt(level))
    sides = [_first(box, best, ways, row, sign, root) for row in range(len(best)) for sign in (-1.0, 1.0)]
    better: Values | None = None
    top, unsettled = value, 0
    for _ in range(TRIES):
        waiting = [side for side in sides if not side.done]
        if not waiting:
            break
        found = profile(
            objective,
            box,
            np.array([side.row for side in waiting]),
            np.array([side.at for side in waiting]),
            np.stack([side.others for side in waiting], axis=1),
        )
        values, points = found.value, found.point
        unsettled += int(np.sum(np.isfinite(values) & ~found.converged))
        for number, side in enumerate(waiting):
            if values[number] > top + 1e-6:
                top, better = float(values[number]), points[:, number].copy()
            _next(side, 2.0 * (value - values[number]), points[:, number], root)
    for side in sides:
        if not side.done and side.outside is not None:
            side.end = side.outside[0]  # the wider of the two places that the end lies between
    low, high = sides[0::2], sides[1::2]
    ends = tuple(Ends(one.end, other.end) for one, other in zip(low, high, strict=True))
    return Crossing(ends, better, unsettled)


def _first(box: Box, best: Values, ways: Values, row: int, sign: float, root: float) -> _Side:
    here, way = float(best[row]), float(ways[row, row])
    limit = float((box.low if sign < 0 else box.high)[row])
    at = max(here - root * way, limit) if sign < 0 else min(here + root * way, limit)
    others = np.minimum(np.maximum(best + (at - here) / way * ways[:, row], box.low), box.high)
    return _Side(row, here, at, limit, others, (here, 0.0), done=at == here)


def _next(side: _Side, deviance: float, point: Values, root: float) -> None:
    """Take in the deviance at the last trial, and choose the next."""
    reached = float(np.sqrt(max(deviance, 0.0)))
    if abs(reached - root) < CLOSE:
        side.end, side.done = _straight(side, reached, root), True
    elif reached >= root:
        side.outside = (side.at, reached)
        side.stayed = max(side.stayed, 0) + 1
        _between(side, root)
    else:
        side.inside, side.others = (side.at, reached), point
        side.stayed = min(side.stayed, 0) - 1
        if side.outside is None:
            _outward(side, root)
        else:
            _between(side, root)


def _straight(side: _Side, reached: float, root: float) -> float:
    """Return where the line through the last trial and the nearest other place meets the level."""
    known = [side.inside] if side.outside is None else [side.inside, side.outside]
    place, other = min(known, key=lambda each: abs(each[0] - side.at))
    if other == reached or not np.isfinite(other):
        return side.at
    end = side.at + (root - reached) * (place - side.at) / (other - reached)
    beyond = min if side.limit < side.here else max
    return side.limit if beyond(end, side.limit) == end else end


def _outward(side: _Side, root: float) -> None:
    """Go further out, unless this was the last place that may be tried: then there is no end."""
    place, reached = side.inside
    side.outward += 1
    if place == side.limit or side.outward > OUTWARD:
        side.done = True
        return
    stride = min(max(1.1 * root / max(reached, 1e-9), 1.2), STRIDE)
    at = side.here + stride * (place - side.here)
    side.at = max(at, side.limit) if at < side.here else min(at, side.limit)


def _between(side: _Side, root: float) -> None:
    """Aim between the last place inside and the last outside."""
    assert side.outside is not None
    (inside, above), (outside, below) = side.inside, side.outside
    up, down = root - above, below - root
    # Illinois: an end that stayed where it was counts half, so that the bracket closes from both sides.
    if side.stayed >= 2:
        up *= 0.5 ** (side.stayed - 1)
    elif side.stayed <= -2:
        down *= 0.5 ** (-side.stayed - 1)
    solved = bool(np.isfinite(below))
    side.at = inside + (min(max(up / (up + down), 0.02), 0.98) if solved else 0.5) * (outside - inside)
    width = abs(outside - inside) / max(abs(outside - side.here), 1e-300)
    if width < (NARROW if solved else EDGE):
        # Where nothing beyond has a value, what lies there is not ruled out: there is no end.
        side.end, side.done = (side.at if solved else None), True
