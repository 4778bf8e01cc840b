"""One chunk of draws along the principal branch.

What lives here: the batched continuation, the test of its answers, and the careful way for the draws that
fail it. What may not: threads, certificates.

The test. On the principal branch up to its first fold the determinant of (identity - derivative of the
sweep) is positive: it is 1 at lambda = 0 and vanishes only where branches fold or cross. Where two branches
nearly cross, a predictor can carry on along the other one without a jump; there the determinant is negative.
A draw with a negative determinant, and a draw that stalled, is followed again by pseudo-arclength. Where a
small disturbance of the answer dies away quickly under plain sweeps, all eigenvalues of the derivative are
small, and the determinant need not be computed. A determinant that changes its sign twice is not noticed; but
near a crossing the iteration is slow. A draw in which a point was not reached with patience is followed a
second time in shorter steps, and again by pseudo-arclength when the answers differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.solve.arclength import DIFFERENCE, trace
from parley.solve.kernels.branch import DOUBTFUL, GIVEN_UP, answer, follow
from parley.solve.kernels.dense import factor
from parley.solve.kernels.layout import LANES, MEMORY
from parley.solve.schedule import Schedule
from parley.solve.solution import Concept, Status

__all__ = ["Chunk", "Followed", "follow_chunk"]

Draw: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.float64]

# How points on the way are taken: residual at which one is left; distance between predicted and corrected
# points that steps aim at, relative to max(1, log-odds); distance beyond which a step is taken back.
QUICK = (1e-4, 0.05, 0.2)
SHORT = (1e-5, 0.02, 0.08)  # for draws in which a point was not reached with patience
SAME = 1e-6  # by which the answers of both may differ
PATIENCE = 16  # sweeps for one point
SMALLEST = 1e-3  # step, as a share of lambda, below which a draw is followed by pseudo-arclength
FIRST = 1e-5  # share of lambda at which the branch leaves its start
SHARPEN = 0.05  # the sweep's residual is this much smaller than the certificate's bound
BATCH = 1 << 20  # numbers in one batch of derivatives
DISTURBANCE = 1e-4  # of each log-odds, relative to max(1, log-odds)
ROUNDS = 10  # sweeps in which a disturbance may die away
CALM = 1e-3  # what may be left of it


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
    return Chunk(plan, chance, payoff, precision, concept, start).run()


class Chunk:
    """The draws of one chunk on their way."""

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
        self.strategy = np.full((draws, plan.actions), np.nan)
        self.state = np.zeros((draws, plan.state))
        self.status = np.zeros(draws, dtype=np.int8)
        self.sweeps = np.zeros(draws, dtype=np.int32)
        self.doubted = 0  # draws that were followed twice
        self.retraced = 0  # draws that were followed by pseudo-arclength
        desk = plan.desk(LANES)
        room = np.zeros(len(desk) + MEMORY * (MEMORY + 2))
        self.places = (plan.plan, desk, room, np.zeros(LANES, dtype=np.int8), np.zeros(LANES, dtype=np.int64))

    def run(self) -> Followed:
        """Follow every draw."""
        patience = PATIENCE if self.start is None else self.concept.limit
        verdict = self.follow(self.table, QUICK, patience, self.strategy, self.state, self.sweeps)
        if self.start is not None:
            self.status[verdict == GIVEN_UP] = Status.LIMIT
        elif self.plan.state:
            lost = np.flatnonzero(verdict == GIVEN_UP)
            astray = self.astray(np.flatnonzero(verdict == DOUBTFUL))
            settled = np.setdiff1d(np.flatnonzero(verdict != GIVEN_UP), astray)
            crossed = self.crossed(self.uneasy(settled))
            for draw in sorted({*lost.tolist(), *astray.tolist(), *crossed}):
                self.retrace(draw)
        return Followed(self.strategy, self.status, self.sweeps)

    def follow(
        self,
        table: Numbers,
        control: tuple[float, float, float],
        patience: int,
        strategy: Numbers,
        state: Numbers,
        sweeps: NDArray[np.int32],
    ) -> NDArray[np.int8]:
        """Follow the draws of a table by the batched way; returns how it went."""
        tolerance, limit = SHARPEN * self.concept.tolerance, self.concept.limit
        settings = np.array([tolerance, *control, patience, SMALLEST, limit, FIRST])
        verdict = np.zeros(len(table), dtype=np.int8)
        follow(*self.places, table, self.origin(), settings, strategy, state, verdict, sweeps)
        return verdict

    def astray(self, draws: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of the draws that do not come to the same answer in shorter steps."""
        count = len(draws)
        strategy, state = np.empty((count, self.plan.actions)), np.zeros((count, self.plan.state))
        sweeps = np.zeros(count, dtype=np.int32)
        verdict = self.follow(self.table[draws], SHORT, PATIENCE, strategy, state, sweeps)
        self.sweeps[draws] += sweeps
        self.doubted += count
        distance = np.abs(state - self.state[draws]) / np.maximum(1.0, np.abs(state))
        other = ~(np.max(distance, axis=1, initial=0.0) <= SAME)
        return np.asarray(draws[other | (verdict == GIVEN_UP)])

    def origin(self) -> Numbers:
        """Log-odds of the start, or no rows."""
        if self.start is None:
            return np.zeros((0, self.plan.state))
        first = self.plan.first_action
        columns = [
            self.start[first[h] + 1 : first[h + 1]] - self.start[first[h]] for h in self.plan.state_infoset
        ]
        rows = np.concatenate(columns) if columns else np.zeros((0, len(self.table)))
        return np.ascontiguousarray(rows.T)

    def answer(self, draw: Draw, time: Numbers, state: Numbers, rounds: int = 1) -> Numbers:
        """States after ``rounds`` sweeps, [point, state]."""
        fresh = np.empty((len(draw), self.plan.state))
        nobody = np.empty((0, self.plan.actions))
        state, time = np.ascontiguousarray(state), np.ascontiguousarray(time)
        answer(*self.places, self.table, draw, time, state, rounds, fresh, nobody)
        return fresh

    def uneasy(self, draws: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of the draws to which a disturbed state does not return."""
        sign = np.where(np.random.default_rng(1998).random(self.plan.state) < 0.5, -1.0, 1.0)
        state = self.state[draws]
        scale = DISTURBANCE * np.maximum(1.0, np.abs(state))
        left = self.answer(draws.astype(np.int64), np.ones(len(draws)), state + sign * scale, ROUNDS)
        self.sweeps[draws] += ROUNDS
        back = np.max(np.abs(left - state) / scale, axis=1, initial=0.0) <= CALM
        return np.asarray(draws[~back])

    def crossed(self, draws: NDArray[np.intp]) -> list[int]:
        """Those of the draws whose determinant is not positive."""
        size = self.plan.state
        batch = max(1, BATCH // ((size + 1) * size))
        pivots = np.zeros(size, dtype=np.int64)
        found = []
        for base in range(0, len(draws), batch):
            which = draws[base : base + batch]
            points = np.repeat(self.state[which][:, None], size + 1, axis=1)
            diagonal = np.arange(size)
            points[:, diagonal, diagonal] += DIFFERENCE * np.maximum(1.0, np.abs(self.state[which]))
            width = points[:, diagonal, diagonal] - self.state[which]
            who = np.repeat(which.astype(np.int64), size + 1)
            image = self.answer(who, np.ones(len(who)), points.reshape(-1, size)).reshape(-1, size + 1, size)
            slope = (image[:, :size] - image[:, size:]) / width[:, :, None]  # [draw, by, of]
            found += [
                int(draw)
                for draw, each in zip(which, slope, strict=True)
                if not factor(np.eye(size) - each, pivots) > 0.0
            ]
            self.sweeps[which] += 1
        return found

    def retrace(self, draw: int) -> None:
        """Follow one draw by pseudo-arclength."""
        self.retraced += 1

        def response(state: Numbers, time: Numbers) -> Numbers:
            return self.answer(np.full(len(time), draw), time, state)

        found = trace(
            response,
            self.plan.state,
            limit=self.concept.limit - int(self.sweeps[draw]),
            tolerance=SHARPEN * self.concept.tolerance,
        )
        self.sweeps[draw] += found.sweeps
        strategy = np.empty((1, self.plan.actions))
        fresh = np.empty((1, self.plan.state))
        answer(
            *self.places,
            self.table,
            np.array([draw]),
            np.array([found.time]),
            found.state[None].copy(),
            1,
            fresh,
            strategy,
        )
        self.strategy[draw] = strategy[0]
        self.state[draw] = fresh[0]
        if found.time == 1.0:
            self.status[draw] = Status.CONVERGED
        else:
            self.status[draw] = Status.LIMIT if self.sweeps[draw] >= self.concept.limit else Status.STALLED
