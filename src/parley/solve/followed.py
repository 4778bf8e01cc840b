"""One chunk of draws along the principal branch.

What lives here: the batched continuation, the test of its answers, and the careful way for the draws that fail
it. What may not: threads, certificates.

The test. On the principal branch up to its first fold the determinant of (identity - derivative of the sweep)
is positive: it is 1 at lambda = 0 and vanishes only where branches fold or cross. Where two branches nearly
cross, a predictor can carry on along the other one without a jump; there the determinant is negative. A draw
with a negative determinant, and a draw that stalled, is followed again by pseudo-arclength.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.solve.arclength import DIFFERENCE, Map, trace
from parley.solve.schedule import Schedule
from parley.solve.solution import Concept, Status

__all__ = ["Followed", "follow_chunk"]

Numbers: TypeAlias = NDArray[np.float64]

LOOSE = 1e-3  # residual at which a point on the way is left
TARGET = (
    0.1  # distance between predicted and corrected points that steps aim at, relative to max(1, log-odds)
)
LARGEST = 0.5  # the distance beyond which a step is taken back
PATIENCE = 30  # sweeps for one point
SMALLEST = 1e-3  # step, as a share of lambda, below which a draw is followed by pseudo-arclength
FIRST = 1e-5  # share of lambda at which the branch leaves its start
SHARPEN = 0.05  # the sweep's residual is this much smaller than the certificate's bound
BATCH = 1 << 20  # numbers in one batch of derivatives


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Answers of one chunk."""

    strategy: Numbers  # [draw, action]
    status: NDArray[np.int8]  # [draw]
    sweeps: NDArray[np.int32]  # [draw]


def follow_chunk(
    plan: Schedule,
    chance: Numbers,
    payoff: Numbers,
    precision: Numbers,
    concept: Concept,
    start: Numbers | None,
) -> Followed:
    """Follow every draw; ``start`` is the logarithm of a strategy ``[action, draw]`` or None.

    Other arguments as in :func:`parley.solve.batch.solve_arrays`.
    """
    return _Chunk(plan, chance, payoff, precision, concept, start).run()


class _Chunk:
    def __init__(
        self,
        plan: Schedule,
        chance: Numbers,
        payoff: Numbers,
        precision: Numbers,
        concept: Concept,
        start: Numbers | None,
    ) -> None:
        self.plan, self.concept, self.start = plan, concept, start
        stakes = payoff[plan.constant_row, plan.constant_player] * precision[plan.constant_player]
        self.table = np.ascontiguousarray(np.concatenate([stakes, chance[plan.chance_edge]]).T)
        draws = len(self.table)
        self.strategy = np.full((draws, int(plan.steps.first_action[-1])), np.nan)
        self.state = np.zeros((draws, plan.state))
        self.status = np.zeros(draws, dtype=np.int8)
        self.sweeps = np.zeros(draws, dtype=np.int32)

    def run(self) -> Followed:
        from parley.solve.kernels.branch import follow

        settings = np.array(
            [
                SHARPEN * self.concept.tolerance,
                LOOSE,
                TARGET,
                LARGEST,
                PATIENCE if self.start is None else self.concept.limit,
                SMALLEST,
                self.concept.limit,
                FIRST,
            ]
        )
        follow(
            self.plan.steps,
            self.table,
            self.origin(),
            settings,
            self.strategy,
            self.state,
            self.status,
            self.sweeps,
        )
        if self.start is None and self.plan.state:
            crossed = self.crossed(np.flatnonzero(self.status == 0))
            for draw in sorted([*crossed, *np.flatnonzero(self.status)]):
                self.retrace(int(draw))
        return Followed(self.strategy, self.status, self.sweeps)

    def origin(self) -> Numbers:
        """Log-odds of the start, or no rows."""
        if self.start is None:
            return np.zeros((0, self.plan.state))
        columns = []
        steps = self.plan.steps
        for infoset in steps.state_infoset:
            first, last = steps.first_action[infoset], steps.first_action[infoset + 1]
            columns.append(self.start[first + 1 : last] - self.start[first])
        rows = np.concatenate(columns) if columns else np.zeros((0, len(self.table)))
        return np.ascontiguousarray(rows.T)

    def map(self, draw: int) -> Map:
        """The sweep of one draw, for batches of points."""
        from parley.solve.kernels.branch import answer

        actions = self.strategy.shape[1]

        def response(state: Numbers, time: Numbers) -> Numbers:
            points = len(time)
            fresh, strategy = np.empty((points, self.plan.state)), np.empty((points, actions))
            who = np.full(points, draw, dtype=np.int64)
            state, time = np.ascontiguousarray(state), np.ascontiguousarray(time)
            answer(self.plan.steps, self.table, who, time, state, fresh, strategy)
            return fresh

        return response

    def crossed(self, draws: NDArray[np.intp]) -> list[int]:
        """Those of the draws whose determinant is not positive."""
        from parley.solve.kernels.branch import answer
        from parley.solve.kernels.dense import factor

        size, actions = self.plan.state, self.strategy.shape[1]
        batch = max(1, BATCH // ((size + 1) * (2 * size + actions)))
        found = []
        pivots = np.zeros(size, dtype=np.int64)
        for base in range(0, len(draws), batch):
            part = draws[base : base + batch]
            points = np.repeat(self.state[part][:, None], size + 1, axis=1)
            width = DIFFERENCE * np.maximum(1.0, np.abs(self.state[part]))
            points[:, np.arange(size), np.arange(size)] += width
            width = points[:, np.arange(size), np.arange(size)] - self.state[part]
            count = len(part) * (size + 1)
            fresh, strategy = np.empty((count, size)), np.empty((count, actions))
            who = np.repeat(part.astype(np.int64), size + 1)
            answer(
                self.plan.steps, self.table, who, np.ones(count), points.reshape(count, size), fresh, strategy
            )
            image = fresh.reshape(len(part), size + 1, size)
            slope = (image[:, :size] - image[:, size:]) / width[:, :, None]  # [draw, by, of]
            for draw, each in zip(part, slope, strict=True):
                if not factor(np.eye(size) - each, pivots) > 0.0:
                    found.append(int(draw))
            self.sweeps[part] += size + 1
        return found

    def retrace(self, draw: int) -> None:
        """Follow one draw by pseudo-arclength."""
        from parley.solve.kernels.branch import answer

        size = self.plan.state
        tolerance = SHARPEN * self.concept.tolerance
        found = trace(self.map(draw), size, tolerance=tolerance)
        self.sweeps[draw] += found.sweeps
        fresh = np.empty((1, size))
        strategy = np.empty((1, self.strategy.shape[1]))
        time = np.array([found.time])
        answer(self.plan.steps, self.table, np.array([draw]), time, found.state[None].copy(), fresh, strategy)
        self.strategy[draw] = strategy[0]
        self.state[draw] = fresh[0]
        self.status[draw] = Status.CONVERGED if found.time == 1.0 else Status.STALLED
