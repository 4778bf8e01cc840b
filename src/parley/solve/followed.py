"""One chunk of draws along the principal branch.

What lives here: the batched continuation, again in shorter steps for the draws that it gives up, and the
careful way for those that it gives up then. What may not: threads, certificates.

Where a derivative costs many times as much as a sweep, accelerated sweeps come first. Their answers are kept
where each point was reached with patience and where a small disturbance of the answer dies away quickly
under plain sweeps: then all eigenvalues of the derivative are small, no other branch is near, and the branch
was followed. All other draws go the way of Newton's method, which tells folds and crossings by determinants.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.solve.arclength import trace
from parley.solve.kernels.branch import GIVEN_UP, follow
from parley.solve.kernels.layout import LANES
from parley.solve.schedule import Schedule
from parley.solve.solution import Concept, Status

__all__ = ["Chunk", "Followed", "follow_chunk"]

Draw: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.float64]

# How points on the way are taken: movement at which Newton's method leaves one; distance between predicted
# and corrected points that steps aim at, relative to max(1, log-odds); distance beyond which a step is taken
# back; tries at a point; shortest step; first step, in the log-odds that moves most; points that may be taken
# back; largest step, as a share of lambda; cosine of the sharpest turn. A draw that is given up is followed
# again with more care.
WAYS = (
    (3e-2, 0.04, 0.2, 4, 1e-5, 0.1, 20, 0.2, 0.8),
    (1e-3, 0.02, 0.10, 4, 1e-7, 0.10, 60, 0.05, 0.97),
    (1e-5, 0.005, 0.03, 4, 1e-9, 0.02, 200, 0.01, 0.99),
)
NEAR = (1e-2, 0.05, 0.25, 60, 1e-5, 0.25, 0, 1.0, 0.0)  # from a given start
SHARES = 4  # of the budget, one for each way
DENSE = 400  # log-odds, beyond which the careful way would take too long
TAME = (1e-4, 0.05, 0.2, 16, 1e-3)  # residual on the way, TARGET, LARGEST, patience, shortest step of lambda
NEARBY = 60  # sweeps from a given start
FIRST = 1e-5  # share of lambda at which accelerated sweeps leave their start
DISTURBANCE = 1e-4  # of each log-odds, relative to max(1, log-odds)
ROUNDS = 10  # sweeps in which a disturbance may die away
CALM = 1e-3  # what may be left of it
SHARPEN = 0.05  # the sweep's residual is this much smaller than the certificate's bound


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Answers of one chunk."""

    strategy: Numbers  # [action, draw]
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
        self.table = np.concatenate([stakes, chance[plan.chance_edge]])
        draws = precision.shape[1]
        self.strategy = np.full((plan.actions, draws), np.nan)
        self.state = np.zeros((draws, plan.state))
        self.status = np.zeros(draws, dtype=np.int8)
        self.sweeps = np.zeros(draws, dtype=np.int32)
        self.forks = np.zeros(draws, dtype=np.int8)  # draws whose branch met others within rounding
        self.retraced = 0  # draws that were followed by pseudo-arclength
        desk = plan.desk(LANES)
        room = np.zeros(len(desk))
        self.places = (plan.plan, desk, room, np.zeros(LANES, dtype=np.int8), np.zeros(LANES, dtype=np.int64))

    def run(self) -> Followed:
        """Follow every draw."""
        every = np.arange(len(self.status))
        if not self.plan.differentiable:
            self.status[self.accelerate(every)] = Status.STALLED
            return Followed(self.strategy, self.status, self.sweeps)
        if self.start is not None:
            lost = self.accelerate(every) if self.plan.heavy else every
            lost = self.follow(lost, NEAR) if len(lost) else lost
            self.status[lost] = Status.LIMIT
            return Followed(self.strategy, self.status, self.sweeps)
        lost = self.accelerate(every) if self.plan.heavy else every
        for way in WAYS:
            if len(lost):
                lost = self.follow(lost, way)
        self.status[self.forks != 0] = Status.FORKED  # the last way of each draw has said so
        if self.plan.state > DENSE:
            self.status[lost] = np.where(self.sweeps[lost] < self.concept.limit, Status.STALLED, Status.LIMIT)
            lost = lost[:0]
        for draw in lost:
            self.retrace(int(draw))
        return Followed(self.strategy, self.status, self.sweeps)

    def accelerate(self, draws: NDArray[np.intp]) -> NDArray[np.intp]:
        """Follow draws by accelerated sweeps; returns those whose answers are not kept."""
        from parley.solve.kernels.anderson import DONE, accelerate

        verdict = np.zeros(len(self.status), dtype=np.int8)
        loose, target, largest, patience, smallest = TAME
        tolerance, limit = SHARPEN * self.concept.tolerance, self.concept.limit
        patience = patience if self.start is None else NEARBY
        settings = np.array([tolerance, loose, target, largest, patience, smallest, limit, FIRST])
        answers = (self.strategy, self.state, verdict, self.sweeps)
        accelerate(*self.places, self.table, draws.astype(np.int64), self.origin(), settings, *answers)
        done = draws[verdict[draws] == DONE]
        if self.start is not None:
            return np.asarray(draws[verdict[draws] != DONE])
        return np.union1d(draws[verdict[draws] != DONE], self.uneasy(done))

    def uneasy(self, draws: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of the draws to which a disturbed state does not return."""
        sign = np.where(np.random.default_rng(1998).random(self.plan.state) < 0.5, -1.0, 1.0)
        state = self.state[draws]
        scale = DISTURBANCE * np.maximum(1.0, np.abs(state))
        left = self.answer(draws.astype(np.int64), np.ones(len(draws)), state + sign * scale, ROUNDS)
        self.sweeps[draws] += ROUNDS
        back = np.max(np.abs(left - state) / scale, axis=1, initial=0.0) <= CALM
        return np.asarray(draws[~back])

    def follow(self, draws: NDArray[np.intp], control: tuple[float, ...]) -> NDArray[np.intp]:
        """Follow some draws by the batched way; returns those that it gives up."""
        verdict = np.zeros(len(self.status), dtype=np.int8)
        loose, target, largest, patience, smallest, first, retreats, rise, turn = control
        # the careful way, if it comes to that, has its share of the budget
        tolerance, limit = SHARPEN * self.concept.tolerance, max(1, self.concept.limit // SHARES)
        allowed = retreats + self.plan.state // 8  # long states meet more folds
        settings = np.array(
            [tolerance, loose, target, largest, patience, smallest, limit, first, allowed, rise, turn]
        )
        answers = (self.strategy, self.state, verdict, self.sweeps, self.forks)
        follow(*self.places, self.table, draws.astype(np.int64), self.origin(), settings, *answers)
        return np.asarray(draws[verdict[draws] == GIVEN_UP])

    def origin(self) -> Numbers:
        """Log-odds of the start, or no rows."""
        if self.start is None:
            return np.zeros((0, self.plan.state))
        first = self.plan.first_action
        columns = [
            self.start[first[h] + 1 : first[h + 1]] - self.start[first[h]] for h in self.plan.state_infoset
        ]
        rows = np.concatenate(columns) if columns else np.zeros((0, len(self.status)))
        return np.ascontiguousarray(rows.T)

    def answer(self, draw: Draw, time: Numbers, state: Numbers, rounds: int = 1) -> Numbers:
        """States after ``rounds`` sweeps, [point, state]."""
        from parley.solve.kernels.answer import answer

        fresh = np.empty((len(draw), self.plan.state))
        nobody = np.empty((self.plan.actions, 0))
        state, time = np.ascontiguousarray(state), np.ascontiguousarray(time)
        answer(*self.places, self.table, draw, time, state, rounds, fresh, nobody)
        return fresh

    def retrace(self, draw: int) -> None:
        """Follow one draw by pseudo-arclength."""
        from parley.solve.kernels.answer import answer

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
        strategy = np.empty((self.plan.actions, 1))
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
        self.strategy[:, draw] = strategy[:, 0]
        self.state[draw] = fresh[0]
        if found.time == 1.0:
            forked = found.crossings or self.forks[draw]
            self.status[draw] = Status.FORKED if forked else Status.CONVERGED
        else:
            self.status[draw] = Status.LIMIT if self.sweeps[draw] >= self.concept.limit else Status.STALLED
