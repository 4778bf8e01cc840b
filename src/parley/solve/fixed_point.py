"""One step of an endless story's equilibrium: values of rounds that their own behaviour gives.

What lives here: Broyden's method, many draws at once (Kelley, Iterative Methods for Linear and Nonlinear
Equations, 1995, section 7.3), from the derivative where that is asked for. What may not: games, the way from
step to step. A draw's numbers have the same bits whatever draws are beside it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.solve.solution import Concept

__all__ = ["SHARP", "FixedPoint", "Play", "inverse"]

Numbers: TypeAlias = NDArray[np.float64]
Draws: TypeAlias = NDArray[np.intp]

LOOSE = 1e-8  # distance of values from the fixed point, in stakes, on the way
SHARP = 0.3  # at the end: this much of the bound of the certificate, whose other part is one round's
ROUNDING = 1e-14  # of a value, below which no distance is told from rounding
PATIENCE = 12  # evaluations of T at one step
DIFFERENCE = 1e-4  # of values, in stakes over lambda, for derivatives
FAR = 1e3  # stakes per step of the values, beyond which a step has failed


class Play(Protocol):
    """What is known of all draws, and one evaluation."""

    concept: Concept
    stake: Numbers  # [player, draw]
    precision: Numbers  # [player, draw] lambda per payoff unit
    strategy: Numbers  # [action, draw] at the last step
    value: Numbers  # [begin, player, draw]
    value_before: Numbers  # [begin, player, draw] one step earlier
    share: Numbers  # [draw] of lambda, at the last step
    before: Numbers  # [draw] one step earlier, 0 where there was none

    def worth(self, which: Draws, strategy: Numbers) -> Numbers:
        """Values of rounds under a strategy, ``[begin, player, draw]``."""
        ...

    def behaviour(self, which: Draws, share: Numbers, value: Numbers, near: Numbers | None) -> Numbers:
        """Return the strategy of one round at given values, near another; NaN where there is none."""
        ...


class FixedPoint:
    """The fixed point of values for some draws at some shares of lambda, looked for from the step before.

    ``found`` says of which draws it was found.
    """

    def __init__(self, task: Play, which: Draws, share: Numbers) -> None:
        self.task, self.which, self.share = task, which, share
        self.strategy = task.strategy[:, which].copy()
        self.value = self.foreseen()
        self.slope: Numbers | None = None  # inverse derivative of what is missed, [unknown, unknown, draw]
        self.unit = task.stake[:, which]
        self.found = np.zeros(len(which), dtype=bool)
        self.lost = np.zeros(len(which), dtype=bool)
        with np.errstate(all="ignore"):
            lam = (task.precision[:, which] * self.unit).max(axis=0)
        sharp = SHARP * task.concept.tolerance / np.maximum(1.0, lam)
        self.lam = np.maximum(1.0, share * lam)
        self.bound = np.where(share < 1.0, LOOSE / np.maximum(1.0, share * lam), sharp)

    def foreseen(self) -> Numbers:
        """Go on straight from the last two steps, in the logarithm of lambda."""
        task, which = self.task, self.which
        value, before = task.value[:, :, which].copy(), task.before[which]
        known = before > 0.0
        with np.errstate(all="ignore"):
            ahead = np.log(self.share / task.share[which]) / np.log(task.share[which] / before)
            further = value + np.clip(ahead, 0.0, 1.0) * (value - task.value_before[:, :, which])
        return np.where(known, further, value)

    def differentiate(self) -> None:
        """Find the derivative of what is missed at the first values, by differences."""
        heads, players, draws = self.value.shape[0] - 1, self.value.shape[1], len(self.which)
        size = heads * players
        width = DIFFERENCE / self.lam
        many = np.repeat(self.value[:, :, None], size + 1, axis=2)  # [begin, player, point, draw]
        for unknown in range(size):
            head, player = divmod(unknown, players)
            many[1 + head, player, unknown] += width * self.unit[player]
        which, share = np.tile(self.which, size + 1), np.tile(self.share, size + 1)
        flat = many.reshape(1 + heads, players, -1)
        near = np.tile(self.strategy, (1, size + 1))
        strategy = self.task.behaviour(which, share, flat, near)
        with np.errstate(all="ignore"):
            miss = (self.task.worth(which, strategy) - flat)[1:] / np.tile(self.unit, (1, size + 1))
        miss = miss.reshape(size, size + 1, draws)
        slope = (miss[:, :size] - miss[:, size:]) / width
        self.slope = inverse(-slope)
        self.lost |= ~np.isfinite(self.slope).all(axis=(0, 1))

    def run(self) -> tuple[Numbers, Numbers]:
        """Iterate; return strategies and values, good where ``found``."""
        steps: list[Numbers] = []
        for _ in range(PATIENCE):
            going = np.flatnonzero(~self.found & ~self.lost)
            if not len(going):
                break
            miss = self.evaluate(going)
            steps = [each[:, going] if each.shape[1] != len(going) else each for each in steps]
            still = np.flatnonzero(~self.found[going] & ~self.lost[going])
            steps = [each[:, still] for each in steps]
            if not len(still):
                break
            step = _broyden_step(self.straightened(miss[:, still], going[still]), steps)
            far = np.abs(step).max(axis=0, initial=0.0)
            self.lost[going[still]] |= ~(far <= FAR)
            steps.append(step)
            heads = len(self.value) - 1
            moved = step.reshape(heads, -1, len(still)) * self.unit[:, going[still]]
            self.value[1:, :, going[still]] += moved
            left = ~self.lost[going[still]]
            steps = [each[:, left] for each in steps]
        return self.strategy, self.value

    def straightened(self, miss: Numbers, which: Draws) -> Numbers:
        """Return Newton's step where the derivative is known, else what is missed."""
        if self.slope is None:
            return miss
        slope = self.slope[:, :, which]
        total = np.zeros_like(miss)
        for unknown in range(len(miss)):
            total += slope[:, unknown] * miss[unknown]
        return total

    def evaluate(self, going: Draws) -> Numbers:
        """Work out behaviour and its values; return by how much they miss those assumed, in stakes."""
        which, assumed = self.which[going], self.value[:, :, going]
        strategy = self.task.behaviour(which, self.share[going], assumed, self.strategy[:, going])
        fine = np.isfinite(strategy).all(axis=0)
        self.lost[going[~fine]] = True
        self.strategy[:, going[fine]] = strategy[:, fine]
        with np.errstate(all="ignore"):
            gained = self.task.worth(which, np.where(fine, strategy, 0.0))
            miss = ((gained - assumed)[1:] / self.unit[:, going]).reshape(-1, len(going))
            largest = np.abs(miss).max(axis=0, initial=0.0)
            scale = (np.abs(gained[1:]) / self.unit[:, going]).max(axis=(0, 1), initial=0.0)
        done = fine & (largest <= np.maximum(self.bound[going], ROUNDING * np.maximum(1.0, scale)))
        self.value[:, :, going[done]] = gained[:, :, done]
        self.found[going[done]] = True
        return np.asarray(miss)


def _broyden_step(miss: Numbers, steps: list[Numbers]) -> Numbers:
    """Return the next step ``[unknown, draw]`` from what is missed and the steps so far."""
    z: Numbers = miss.copy()
    with np.errstate(all="ignore"):
        for before, after in pairwise(steps):
            z += after * (_dot(before, z) / _dot(before, before))
        if steps:
            last = steps[-1]
            z /= 1.0 - _dot(last, z) / _dot(last, last)
    return np.asarray(z)


def inverse(matrix: Numbers) -> Numbers:
    """Invert a matrix for each draw, by elimination with exchange of rows.

    Parameters
    ----------
    matrix
        ``[row, column, draw]``.

    Returns
    -------
    ``[column, row, draw]``, not finite where there is none. A draw's numbers have the same bits whatever
    draws are beside it.

    Examples
    --------
    >>> inverse(np.array([[[0.0], [2.0]], [[4.0], [0.0]]]))[:, :, 0].tolist()
    [[0.0, 0.25], [0.5, 0.0]]
    """
    size, _, draws = matrix.shape
    work = np.concatenate([matrix, np.repeat(np.eye(size)[:, :, None], draws, axis=2)], axis=1)
    every = np.arange(draws)
    with np.errstate(all="ignore"):
        for pivot in range(size):
            largest = pivot + np.argmax(np.abs(work[pivot:, pivot]), axis=0)
            rows = work[largest, :, every].T.copy()
            work[largest, :, every] = work[pivot].T
            work[pivot] = rows / rows[pivot]
            for row in range(size):
                if row != pivot:
                    work[row] -= work[row, pivot] * work[pivot]
    return np.asarray(work[:, size:])


def _dot(a: Numbers, b: Numbers) -> Numbers:
    """Sum of products over rows in their order, [draw]."""
    total = np.zeros(a.shape[1])
    for left, right in zip(a, b, strict=True):
        total = total + left * right
    return total
