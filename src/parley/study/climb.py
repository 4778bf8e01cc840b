"""Many maximisations in step: Newton's method by differences, in batches.

What lives here: the search, derivatives by differences. What may not: games, data.

One evaluation of a batch engine costs about as much for a thousand points as for one. So all searches (from
several starts, of several profiles) advance together, and the second derivatives, which a search for one
maximum would be sparing with, are taken every time: each round asks for all their points at once, then for
eight lengths of each step. Directions of negative curvature are turned (Nocedal and Wright, Numerical
Optimization, 2006, section 3.4), a coordinate that pushes against a bound stays there for the round.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "Derivatives", "Objective", "Peaks", "climb", "differences"]

Values = NDArray[np.float64]
Objective = Callable[[NDArray[np.int64], Values], Values]
"""(which search each point belongs to [point], points [coordinate, point]) -> values [point], -inf where
there is none."""

LENGTHS = np.array([4.0, 2.0, 1.0, 0.5, 0.25, 0.1, 0.02, 0.002])  # of a Newton step that are tried
REACH = 3.0  # the longest Newton step, in spreads
ROUNDS = 60
CLOSE = 1e-10  # what a Newton step may still promise, in units of the objective
CLOSE_ENOUGH = 1e-6  # the same where no length of the step gains anything: rounding hides the rest
NOISE = 1e-12  # of a value, relative: two that differ by less are equal
NEAR = 0.1  # of the root of `close`: what a step promises after which no other is needed
PATIENCE = 12  # rounds after which a search that lags behind a peak must promise something
HOPE = 100.0  # times what a Newton step promises: a search that lacks more than that is given up
NEARBY = 1e-2  # of a spread: what is so close to a bound that it pushes against goes there
FLAT = 1e-6  # the least curvature, per spread, that a step relies on
FINE = 0.01  # steps of differences, in units of 1 / sqrt(curvature): standard errors
COARSE = 1e-3  # the same in spreads, before any curvature is known
AT_BOUND = 0.02  # of a step of differences: what is left of it at a bound
SHRINKS = 3  # times that steps of differences are cut when they reach where there is no value


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Bounds ``[coordinate]`` and the natural ``spread`` of each coordinate: what is a large change of it."""

    low: Values
    high: Values
    spread: Values


@dataclass(frozen=True, slots=True, eq=False)
class Derivatives:
    """Of one search at one point: ``value``, ``slope [free]`` and ``curvature [free, free]``.

    ``free`` are the coordinates that they are taken in. Near a bound they are those of the nearest point
    whose neighbours lie inside. ``sound`` is False when a neighbour has no value.
    """

    value: float
    slope: Values
    curvature: Values
    free: NDArray[np.int64]
    sound: bool


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """Where the searches ended: ``point [coordinate, search]``, ``value [search]``.

    ``converged`` says whether nothing more is to be gained from a Newton step.
    """

    point: Values
    value: Values
    converged: NDArray[np.bool_]
    rounds: int


@lru_cache(maxsize=64)
def _stencil(size: int) -> Values:
    """Return offsets ``[coordinate, point]`` in steps: centre, up, down, then pairs both up, both down."""
    unit = np.eye(size)
    pairs = [unit[:, i] + unit[:, j] for i in range(size) for j in range(i)]
    return np.column_stack([np.zeros(size), unit, -unit, *pairs, *(-pair for pair in pairs)])


def differences(
    objective: Objective, point: Values, step: Values, free: NDArray[np.bool_], box: Box
) -> list[Derivatives]:
    """Take first and second derivatives of every search by central differences, in one batch.

    Parameters
    ----------
    objective
        What is maximised.
    point, step
        ``[coordinate, search]`` where, and with what steps.
    free
        ``[coordinate, search]`` in which coordinates.
    box
        Neighbours lie inside it.

    Examples
    --------
    >>> import numpy as np
    >>> box = Box(np.full(1, -9.0), np.full(1, 9.0), np.ones(1))
    >>> found = differences(lambda search, x: -x[0] ** 2, np.ones((1, 1)), np.full((1, 1), 0.1),
    ...                     np.ones((1, 1), dtype=bool), box)
    >>> round(float(found[0].slope[0]), 9), round(float(found[0].curvature[0, 0]), 9)
    (-2.0, -2.0)
    """
    places = [np.flatnonzero(free[:, search]) for search in range(point.shape[1])]
    blocks, owners = [], []
    for search, rows in enumerate(places):
        offsets = _stencil(len(rows))
        block = np.repeat(point[:, search, None], offsets.shape[1], axis=1)
        h = step[rows, search]
        centre = np.minimum(np.maximum(point[rows, search], box.low[rows] + h), box.high[rows] - h)
        block[rows] = centre[:, None] + h[:, None] * offsets
        blocks.append(block)
        owners.append(np.full(offsets.shape[1], search))
    values = objective(np.concatenate(owners), np.concatenate(blocks, axis=1))
    found, first = [], 0
    for search, rows in enumerate(places):
        count = _stencil(len(rows)).shape[1]
        found.append(_derivatives(values[first : first + count], step[rows, search], rows))
        first += count
    return found


def _derivatives(values: Values, h: Values, free: NDArray[np.int64]) -> Derivatives:
    size = len(free)
    if not np.all(np.isfinite(values)):
        nothing = np.zeros((size, size))
        return Derivatives(float(values[0]), nothing.sum(axis=0), nothing, free, False)
    centre, up, down = values[0], values[1 : 1 + size], values[1 + size : 1 + 2 * size]
    curvature = np.diag((up - 2 * centre + down) / h**2)
    pairs = [(i, j) for i in range(size) for j in range(i)]
    both = values[1 + 2 * size :].reshape(2, len(pairs))
    for number, (i, j) in enumerate(pairs):
        alone = up[i] + up[j] + down[i] + down[j] - 2 * centre
        curvature[i, j] = curvature[j, i] = (both[:, number].sum() - alone) / (2 * h[i] * h[j])
    return Derivatives(float(centre), (up - down) / (2 * h), curvature, free, True)


def climb(
    objective: Objective,
    start: Values,
    box: Box,
    free: NDArray[np.bool_] | None = None,
    *,
    close: float = CLOSE,
    rivals: bool = False,
) -> Peaks:
    """Maximise from several starts at once.

    Parameters
    ----------
    objective
        What is maximised; it may be another function for every search.
    start
        ``[coordinate, search]`` inside the box, where the objective has a value.
    box
        Bounds and spreads.
    free
        ``[coordinate, search]`` what may move; all by default.
    close
        A search ends where a Newton step promises to gain less than this.
    rivals
        Whether all searches are for the same maximum: then one that creeps far below a peak which another
        has found is given up.

    Examples
    --------
    >>> import numpy as np
    >>> box = Box(np.full(2, -9.0), np.full(2, 9.0), np.ones(2))
    >>> hill = lambda search, x: x[0] - np.exp(x[0] - 1) - (x[1] - x[0] - 2) ** 2
    >>> found = climb(hill, np.zeros((2, 1)), box)
    >>> np.round(found.point[:, 0], 4).tolist(), bool(found.converged[0])
    ([1.0, 3.0], True)
    """
    point = np.array(start, dtype=np.float64)
    may = np.ones(point.shape, dtype=np.bool_) if free is None else free
    searches = _Searches(objective, box, point, may, close)
    rounds = 0
    while searches.open.size and rounds < ROUNDS:
        rounds += 1
        searches.advance()
        if rivals and rounds >= PATIENCE:
            searches.give_up()
    return Peaks(searches.point, searches.value, searches.converged, rounds)


class _Searches:
    """Searches that are under way: where each is, and what the last round said of it.

    ``open`` are the numbers of those that go on, ``promise`` what the last Newton step of each promised.
    """

    def __init__(
        self, objective: Objective, box: Box, point: Values, free: NDArray[np.bool_], close: float
    ) -> None:
        count = point.shape[1]
        self.objective, self.box, self.point, self.free, self.close = objective, box, point, free, close
        self.value = objective(np.arange(count), point)
        self.step: Values = np.repeat(COARSE * box.spread[:, None], count, axis=1)
        self.promise = np.full(count, np.inf)
        self.shrinks = np.zeros(count, dtype=np.int64)
        self.converged: NDArray[np.bool_] = np.asarray(~free.any(axis=0))
        self.open: NDArray[np.int64] = np.flatnonzero(~self.converged & np.isfinite(self.value))

    def advance(self) -> None:
        """Make one round: derivatives, directions, the best length of each step."""
        ways = self._ways()
        going = list(ways)
        stuck = _walk(self.objective, self.point, self.value, going, list(ways.values()), self.box)
        ended = set(stuck)
        for search in stuck:
            self.converged[search] = self.promise[search] <= CLOSE_ENOUGH
        for search in going:
            # Newton's method squares the error: a step from so near was the last one needed.
            if search not in ended and self.promise[search] <= NEAR * np.sqrt(self.close):
                self.converged[search] = True
        self._keep(lambda search: search not in ended and self.shrinks[search] <= SHRINKS)

    def give_up(self) -> None:
        """Leave searches that creep far below a peak that is found."""
        if self.converged.any():
            top = float(np.max(self.value[self.converged]))
            self._keep(lambda search: self.value[search] + HOPE * self.promise[search] >= top)

    def _keep(self, which: Callable[[int], bool | np.bool_]) -> None:
        kept = [search for search in self.open.tolist() if not self.converged[search] and which(search)]
        self.open = np.array(kept, dtype=np.int64)

    def _slopes(self) -> list[Derivatives]:
        """Take the derivatives of the open searches in the coordinates that do not push against a bound.

        Those of a point at a bound are taken beside it, which would mislead the other coordinates: they are
        taken again with it held. A coordinate close to a bound that it pushes against goes there first, if
        that is no loss: else a step of all coordinates could reach it at once and gain nothing.
        """
        some, box = self.open, self.box
        step = _inside(self.step[:, some], self.point[:, some], box)
        found = differences(_of(self.objective, some), self.point[:, some], step, self.free[:, some], box)
        there, free = self.point[:, some], self.free[:, some]
        for place, local in enumerate(found):
            close = _pushes(local, there[:, place], box, NEARBY) if local.sound else local.free[:0]
            ends = np.where(
                there[close, place] - box.low[close] < box.high[close] - there[close, place],
                box.low[close],
                box.high[close],
            )
            there[close, place] = ends
            free[close, place] = False
        again = np.flatnonzero((free != self.free[:, some]).any(axis=0))
        if again.size:
            values = self.objective(some[again], there[:, again])
            better = values >= self.value[some[again]] - NOISE * np.abs(self.value[some[again]])
            for place, gains, value in zip(again.tolist(), better.tolist(), values.tolist(), strict=True):
                search = int(some[place])
                if gains:
                    self.point[:, search], self.value[search] = there[:, place], value
                else:
                    free[:, place] = self.free[:, search]
                    free[_pushes(found[place], self.point[:, search], box), place] = False
            fresh = differences(
                _of(self.objective, some[again]),
                self.point[:, some[again]],
                step[:, again],
                free[:, again],
                box,
            )
            for place, local in zip(again.tolist(), fresh, strict=True):
                found[place] = local
        return found

    def _ways(self) -> dict[int, Values]:
        """Return the step of each search that has one to make."""
        some, box = self.open, self.box
        slopes = self._slopes()
        ways: dict[int, Values] = {}
        for search, local in zip(some.tolist(), slopes, strict=True):
            if not local.sound:
                self.step[:, search] /= 10
                self.shrinks[search] += 1
                continue
            way, promise = _direction(local, self.point[:, search], box)
            _adapt(self.step[:, search], local, box)
            self.promise[search] = promise
            if promise <= self.close + NOISE * abs(self.value[search]):
                self.converged[search] = True
            else:
                ways[search] = way
        return ways


def _of(objective: Objective, searches: NDArray[np.int64]) -> Objective:
    return lambda search, points: objective(searches[search], points)


def _pushes(local: Derivatives, point: Values, box: Box, near: float = 0.0) -> NDArray[np.int64]:
    """Return the coordinates at a bound, or as near as so many spreads, that would go beyond it."""
    here, low, high = point[local.free], box.low[local.free], box.high[local.free]
    by = near * box.spread[local.free]
    below, above = (here <= low + by) & (local.slope <= 0), (here >= high - by) & (local.slope >= 0)
    return np.asarray(local.free[below | above])


def _inside(step: Values, point: Values, box: Box) -> Values:
    """Keep the steps of differences inside the box: no wider than to the bound, but not nothing at it."""
    low, high = box.low[:, None], box.high[:, None]
    step = np.minimum(step, (high - low) / 8)
    return np.asarray(np.minimum(step, np.maximum(np.minimum(point - low, high - point), AT_BOUND * step)))


def _adapt(step: Values, local: Derivatives, box: Box) -> None:
    """Set the steps of differences by the curvature, in place."""
    for row, each in zip(local.free, np.abs(np.diag(local.curvature)), strict=True):
        wanted = FINE / np.sqrt(max(float(each), FLAT / box.spread[row] ** 2))
        step[row] = min(max(wanted, step[row] / 30), step[row] * 30, 0.1 * box.spread[row])


def _direction(local: Derivatives, point: Values, box: Box) -> tuple[Values, float]:
    """Return the step ``[coordinate]`` and what it promises to gain."""
    way = np.zeros(len(point))
    if not local.free.size:
        return way, 0.0
    spread = box.spread[local.free]
    slope = local.slope * spread
    bend, axes = np.linalg.eigh(-local.curvature * np.outer(spread, spread))
    along = (axes.T @ slope) / np.maximum(np.abs(bend), FLAT)
    steps = axes @ along
    promise = 0.5 * float(slope @ steps)
    way[local.free] = steps * min(1.0, REACH / max(float(np.max(np.abs(steps))), 1e-300)) * spread
    return way, promise


def _walk(
    objective: Objective, point: Values, value: Values, going: list[int], ways: list[Values], box: Box
) -> list[int]:
    """Try all lengths of all steps; move to the best, in place; return the searches that found no gain."""
    if not going:
        return []
    owners = np.repeat(np.array(going), len(LENGTHS))
    tried = point[:, owners] + np.repeat(np.stack(ways, axis=1), len(LENGTHS), axis=1) * np.tile(
        LENGTHS, len(going)
    )
    tried = np.minimum(np.maximum(tried, box.low[:, None]), box.high[:, None])
    values = objective(owners, tried).reshape(len(going), len(LENGTHS))
    stuck = []
    for number, search in enumerate(going):
        best = int(np.argmax(values[number]))
        if values[number, best] > value[search] + NOISE * abs(value[search]):
            point[:, search] = tried[:, number * len(LENGTHS) + best]
            value[search] = values[number, best]
        else:
            stuck.append(search)
    return stuck
