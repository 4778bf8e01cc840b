"""Pseudo-arclength continuation of one draw, for branches that fold.

What lives here: the careful, slow way along the principal branch. What may not: the batched way, game trees.
It knows a draw only as a map from (state, share of lambda) to state, whose fixed points form the branch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.solve.kernels.dense import factor, substitute

__all__ = ["DIFFERENCE", "Trace", "jacobian", "solved", "trace"]

Numbers: TypeAlias = NDArray[np.float64]
Map: TypeAlias = Callable[[Numbers, Numbers], Numbers]  # ([point, state], [point]) -> [point, state]

DIFFERENCE = 1e-6
CORRECTIONS = 8
LARGEST_TURN = 0.9  # cosine
SMALLEST = 1e-9


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a branch was followed to. ``time`` is 1 when it got to the wanted lambda."""

    state: Numbers
    time: float
    steps: int
    sweeps: int
    turns: int  # folds passed
    crossings: int  # bifurcations gone straight through
    path: Numbers  # [step] shares of lambda


def jacobian(response: Map, state: Numbers, time: float) -> tuple[Numbers, Numbers, Numbers]:
    """Image of a point, its derivative by the state [image, state] and by the share of lambda [image]."""
    size = len(state)
    width = DIFFERENCE * np.maximum(1.0, np.abs(state))
    points = np.repeat(state[None], size + 2, axis=0)
    points[np.arange(size), np.arange(size)] += width
    width = points[np.arange(size), np.arange(size)] - state
    times = np.full(size + 2, time)
    times[size] = time + DIFFERENCE
    images = response(points, times)
    base = images[size + 1]
    return base, ((images[:size] - base) / width[:, None]).T, (images[size] - base) / (times[size] - time)


def solved(matrix: Numbers, right: Numbers) -> tuple[Numbers, float]:
    """Solution of a linear system and the sign of its determinant, with the same bits everywhere."""
    factored, answer = matrix.copy(), right.copy()
    pivots = np.zeros(len(right), dtype=np.int64)
    sign = float(factor(factored, pivots))
    if sign == 0.0:
        return np.full(len(right), np.nan), 0.0
    substitute(factored, pivots, answer)
    return answer, sign


def trace(
    response: Map,
    size: int,
    *,
    limit: int = 20_000,
    closeness: float = 0.15,
    first: float = 0.05,
    largest: float = 2.0,
    tolerance: float = 1e-11,
) -> Trace:
    """Follow the principal branch from lambda = 0 until lambda first reaches the wanted value.

    Parameters
    ----------
    response
        The map; batches of points are cheaper than single ones.
    size
        Number of log-odds.
    limit
        Most sweeps; a derivative, which takes one for each log-odds, counts as one.
    closeness
        Largest distance between a corrected and its predicted point, relative to max(1, log-odds).
    first, largest
        Length of the first and of the largest step, in log-odds.
    tolerance
        Residual of the answer.

    Examples
    --------
    >>> import numpy as np
    >>> found = trace(lambda state, time: 3 * time[:, None] - np.tanh(state), 1)
    >>> round(float((found.state + np.tanh(found.state))[0]), 9), found.turns
    (3.0, 0)
    """
    walk = _Walk(response, size, closeness)
    return walk.go(limit, first, largest, tolerance)


class _Walk:
    def __init__(self, response: Map, size: int, closeness: float) -> None:
        self.response = response
        self.size = size
        self.closeness = closeness
        self.sweeps = 0

    def image(self, point: Numbers) -> Numbers:
        self.sweeps += 1
        image: Numbers = self.response(point[None, :-1], point[-1:])[0]
        return image

    def matrix(self, point: Numbers) -> Numbers:
        """Return the derivative of state - response by (state, share of lambda): [state, state + 1]."""
        _, by_state, by_time = jacobian(self.response, point[:-1], float(point[-1]))
        self.sweeps += 1
        return np.concatenate([np.eye(self.size) - by_state, -by_time[:, None]], axis=1)

    def tangent(self, matrix: Numbers, along: Numbers) -> tuple[Numbers, float]:
        """Return the unit tangent on the side of ``along``, and the sign of the bordered determinant."""
        bordered = np.concatenate([matrix, along[None]])
        right = np.zeros(self.size + 1)
        right[-1] = 1.0
        direction = solved(bordered, right)[0]
        direction /= np.sqrt(np.sum(direction**2))
        bordered[-1] = direction
        return direction, solved(bordered, right)[1]

    def correct(self, guess: Numbers, matrix: Numbers, border: Numbers) -> Numbers | None:
        """Chord Newton on the plane through ``guess`` normal to ``border``."""
        factored = np.concatenate([matrix, border[None]])
        pivots = np.zeros(self.size + 1, dtype=np.int64)
        if factor(factored, pivots) == 0.0:
            return None
        point = guess.copy()
        last = np.inf
        for _ in range(CORRECTIONS):
            image = self.image(point)
            residual = point[:-1] - image
            error = float(np.max(np.abs(residual) / np.maximum(1.0, np.abs(image))))
            if error < 1e-7:
                return point
            if not error < last:
                return None
            last = 0.7 * error
            move = np.append(residual, 0.0)
            substitute(factored, pivots, move)
            point = point - move
        return None

    def go(self, limit: int, first: float, largest: float, tolerance: float) -> Trace:
        point = np.zeros(self.size + 1)
        up = np.zeros(self.size + 1)
        up[-1] = 1.0
        matrix = self.matrix(point)
        direction, sign = self.tangent(matrix, up)
        length, turns, crossings, path = first, 0, 0, [0.0]
        step = 0
        while length >= SMALLEST and self.sweeps < limit:
            step += 1
            guess = point + length * direction
            if guess[-1] >= 1.0:
                answer, side = self.arrive(point, direction, tolerance)
                crosses = side != sign
                if answer is not None and (not crosses or length <= 1e3 * SMALLEST):
                    crossings += int(crosses)
                    return Trace(answer, 1.0, step, self.sweeps, turns, crossings, np.array([*path, 1.0]))
                length *= 0.5
                continue
            corrected = self.correct(guess, matrix, direction)
            if corrected is None or self.far(corrected, guess):
                length *= 0.5
                continue
            fresh = self.matrix(corrected)
            ahead, side = self.tangent(fresh, direction)
            if np.sum(ahead * direction) < LARGEST_TURN or (side != sign and length > 1e3 * SMALLEST):
                length *= 0.5
                continue
            crossings += int(side != sign)
            turns += int(ahead[-1] * direction[-1] < 0)
            distance = float(np.max(np.abs(corrected - guess)[:-1] / np.maximum(1.0, np.abs(corrected[:-1]))))
            point, matrix, direction, sign = corrected, fresh, ahead, side
            path.append(float(point[-1]))
            length = min(largest, length * min(2.0, (0.3 * self.closeness / max(distance, 1e-12)) ** 0.5))
        return Trace(point[:-1], float(point[-1]), step, self.sweeps, turns, crossings, np.array(path))

    def far(self, corrected: Numbers, guess: Numbers) -> bool:
        scale = np.maximum(1.0, np.abs(corrected[:-1]))
        return bool(np.max(np.abs(corrected - guess)[:-1] / scale) > self.closeness)

    def arrive(self, point: Numbers, direction: Numbers, tolerance: float) -> tuple[Numbers | None, float]:
        """Find the state at the wanted lambda, when the last step is no jump, and the determinant's sign."""
        share = (1.0 - point[-1]) / direction[-1]
        guess = point + share * direction
        guess[-1] = 1.0
        state = guess[:-1].copy()
        last = np.inf
        for _ in range(4 * CORRECTIONS):
            image, by_state, _ = jacobian(self.response, state, 1.0)
            self.sweeps += 1
            error = float(np.max(np.abs(state - image) / np.maximum(1.0, np.abs(image))))
            if error < tolerance or (error < 1e-9 and error > 0.5 * last):
                scale = np.maximum(1.0, np.abs(state))
                side = solved(np.eye(self.size) - by_state, state - image)[1]
                near = np.max(np.abs(state - guess[:-1]) / scale) <= self.closeness
                return (state if near else None), side
            if not error < last:
                return None, 0.0
            last = error
            state = state - solved(np.eye(self.size) - by_state, state - image)[0]
        return None, 0.0
