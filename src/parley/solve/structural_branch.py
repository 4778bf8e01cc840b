"""Equilibria of games in which errors differ in kind: along the principal branch, and from many starts.

What lives here: continuation in the size of errors, Newton's method from given points. What may not: passes
over a game (:mod:`parley.solve.structural`), certificates.

The principal branch begins where errors are so large that nobody minds what an option is worth (lambda = 0,
everything even) and is followed as errors shrink. All draws go together, each with steps of its own; a draw
whose branch folds is followed again by pseudo-arclength, alone.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.solve.arclength import DIFFERENCE, solved, trace
from parley.solve.followed import Followed
from parley.solve.kernels.dense import factor, substitute
from parley.solve.solution import Concept, Status
from parley.solve.structural import Numbers, Structure, Tables

__all__ = ["descend", "follow_structural"]

Indices: TypeAlias = NDArray[np.intp]

SHARPEN = 0.05  # the answer's residual is this much smaller than the certificate's bound
LOOSE = 1e-4  # residual of points on the way
GROWTH = 2.0  # a miss that grows by more is no way to an answer
NEARBY = 60  # steps from a given start
FIRST, LARGEST, SMALLEST = 0.1, 0.25, 1e-4  # steps, in shares of lambda
CLOSE = 0.15  # farthest that a corrected point may lie from its prediction, relative to max(1, log-odds)
CORRECTIONS = 12  # quasi-Newton steps at a point
GUESSES = 4  # starts from which an equilibrium is looked for where the branch is lost
HALVINGS = 30  # of a step that makes things worse, in a search
EASE = 0.5  # by which a point that was easily reached lengthens the step


def follow_structural(
    plan: Structure,
    chance: Numbers,
    payoff: Numbers,
    precision: Numbers,
    concept: Concept,
    start: Numbers | None,
) -> Followed:
    """Follow every draw; ``start`` is the logarithm of a strategy ``[action, draw]`` or None.

    Other arguments as in :func:`parley.solve.batch.solve_arrays`.
    """
    tables, draws = Tables(chance, payoff, precision), precision.shape[1]
    given = (chance, payoff, precision, *(() if start is None else (start,)))
    if draws > 1 and all((each == each[..., :1]).all() for each in given):  # nothing is uncertain: one game
        first = np.zeros(1, dtype=np.intp)
        one = follow_structural(plan, *tables.at(first), concept, None if start is None else start[:, first])
        return Followed(
            np.repeat(one.strategy, draws, axis=1), np.repeat(one.status, draws), np.repeat(one.sweeps, draws)
        )
    with np.errstate(
        over="ignore", under="ignore", invalid="ignore"
    ):  # steps that lead nowhere are taken back
        return _Chunk(plan, tables, concept, start).run()


def descend(
    plan: Structure, tables: Tables, odds: Numbers, lead: Indices, limit: int
) -> tuple[Numbers, Numbers]:
    """Go from many starts to where the equations hold, by damped Newton steps.

    Parameters
    ----------
    plan
        Of the game.
    tables
        One column for each start.
    odds
        ``[unknown, start]``.
    lead
        ``[start]`` how many plain responses come before the first step.
    limit
        Most steps.

    Returns
    -------
    Logarithms of the mixes ``[action, start]``, NaN where the steps end nowhere, and the sign ``[start]`` of
    the determinant of one less the response's derivative.
    """
    state = odds.copy()
    sign = np.ones(state.shape[1])
    with np.errstate(all="ignore"):
        for turn in range(int(lead.max(initial=0))):
            going = np.flatnonzero(lead > turn)
            state[:, going] = plan.respond(tables.at(going), state[:, going])[0]
        if plan.unknowns:
            _settle(plan, tables, state, sign, limit)
        logs = plan.respond(tables, state)[1]
    return logs, sign


def _settle(plan: Structure, tables: Tables, state: Numbers, sign: Numbers, limit: int) -> None:
    """Newton steps in place; what ends nowhere becomes NaN."""
    going = np.flatnonzero(np.isfinite(state).all(axis=0))
    state[:, ~np.isfinite(state).all(axis=0)] = np.nan
    error = np.full(state.shape[1], np.inf)
    fine = np.zeros(state.shape[1], dtype=np.bool_)
    for _ in range(limit):
        if not len(going):
            break
        here = tables.at(going)
        image, slopes = _derivative(plan, here, state[:, going])
        miss = state[:, going] - image
        steps = np.full_like(miss, np.nan)
        for row, column in enumerate(going.tolist()):
            matrix = np.eye(plan.unknowns) - slopes[row]
            if np.isfinite(matrix).all():
                steps[:, row], sign[column] = solved(matrix, miss[:, row])
        error[going] = _size(miss, image)
        # one step more after the equations hold to rounding: where they are steep it still gains digits
        done = (error[going] < 1e-13) | fine[going]
        fine[going] |= error[going] < 1e-11
        lost = ~np.isfinite(steps).all(axis=0) & ~done
        state[:, going[lost]] = np.nan
        keep = ~done & ~lost
        going, steps = going[keep], steps[:, keep]
        if len(going):
            moved = _damped(plan, tables.at(going), state[:, going], steps, error[going])
            state[:, going] = moved
            going = going[np.isfinite(moved).all(axis=0)]
    state[:, going[error[going] > 1e-7]] = np.nan


def _damped(plan: Structure, tables: Tables, state: Numbers, steps: Numbers, error: Numbers) -> Numbers:
    """Take each step as far as the equations then hold better than before; NaN where they never do."""
    share = np.ones(state.shape[1])
    found = np.full_like(state, np.nan)
    going = np.arange(state.shape[1])
    for _ in range(HALVINGS):
        tried = state[:, going] - share[going] * steps[:, going]
        image = plan.respond(tables.at(going), tried)[0]
        better = _size(tried - image, image) <= np.maximum((1.0 - 0.25 * share[going]) * error[going], 1e-12)
        found[:, going[better]] = tried[:, better]
        going = going[~better]
        if not len(going):
            break
        share[going] *= 0.5
    return found


def _size(miss: Numbers, image: Numbers) -> Numbers:
    """Largest relative miss, [point]."""
    worst = np.zeros(miss.shape[1])
    for row, each in zip(miss, image, strict=True):
        worst = np.maximum(worst, np.abs(row) / np.maximum(1.0, np.abs(each)))
    return worst


def _derivative(plan: Structure, tables: Tables, state: Numbers) -> tuple[Numbers, Numbers]:
    """Responses ``[unknown, point]`` and their derivatives ``[point, image, unknown]``, by differences."""
    size, points = state.shape
    every = np.tile(np.arange(points), size + 1)
    tried = np.tile(state, size + 1)
    width = np.empty_like(state)
    for row in range(size):
        columns = slice((row + 1) * points, (row + 2) * points)
        moved = state[row] + DIFFERENCE * np.maximum(1.0, np.abs(state[row]))
        tried[row, columns] = moved
        width[row] = moved - state[row]
    images = plan.respond(tables.at(every), tried)[0]
    base = images[:, :points]
    slopes = np.empty((points, size, size))
    for row in range(size):
        columns = slice((row + 1) * points, (row + 2) * points)
        slopes[:, :, row] = ((images[:, columns] - base) / width[row]).T
    return base, slopes


def _inverse(matrix: Numbers) -> tuple[Numbers, float]:
    """Return the inverse of a matrix and its determinant's sign; the identity and 0 for none."""
    size = len(matrix)
    factored, pivots = matrix.copy(), np.zeros(size, dtype=np.int64)
    sign = float(factor(factored, pivots)) if np.isfinite(matrix).all() else 0.0
    inverse = np.eye(size)
    if sign != 0.0:
        for column in range(size):
            unit = np.zeros(size)
            unit[column] = 1.0
            substitute(factored, pivots, unit)
            inverse[:, column] = unit
    return inverse, sign


def _times(matrices: Numbers, vectors: Numbers) -> Numbers:
    """Multiply ``[point, row, column]`` with ``[column, point]``, term by term; ``[row, point]``."""
    total = np.zeros(matrices.shape[1::-1])
    for column, each in enumerate(vectors):
        total = total + matrices[:, :, column].T * each
    return total


class _Chunk:
    """The draws of one chunk on their way."""

    def __init__(self, plan: Structure, tables: Tables, concept: Concept, start: Numbers | None) -> None:
        self.plan, self.tables, self.concept, self.start = plan, tables, concept, start
        draws = tables.precision.shape[1]
        self.state = np.zeros((plan.unknowns, draws))
        self.status = np.zeros(draws, dtype=np.int8)
        self.sweeps = np.ones(draws, dtype=np.int32)
        # where errors are so large that nobody minds anything, no response depends on any other
        self.inverse = np.repeat(np.eye(plan.unknowns)[None], draws, axis=0)  # [draw, unknown, unknown]

    def run(self) -> Followed:
        every = np.arange(len(self.status))
        if self.plan.unknowns and self.start is not None:
            numbers = np.zeros(len(every), dtype=np.intp)
            logs, _ = descend(self.plan, self.tables, self.plan.odds(self.start), numbers, NEARBY)
            self.state = self.plan.odds(logs)
            self.status[~np.isfinite(self.state).all(axis=0)] = Status.LIMIT
        elif self.plan.unknowns:
            for draw in self.follow().tolist():
                self.retrace(draw)
            lost = np.isin(self.status, (Status.STALLED, Status.LIMIT))
            self.look_around(np.flatnonzero(lost))
        logs = self.plan.respond(self.tables, self.state)[1]
        return Followed(np.exp(logs), self.status, self.sweeps)

    def scaled(self, draws: Indices, share: Numbers) -> Tables:
        """Tables of some draws, each at a share of its lambda."""
        tables = self.tables.at(draws)
        return tables._replace(precision=tables.precision * share)

    def miss(self, draws: Indices, share: Numbers) -> tuple[Numbers, Numbers]:
        """Return by how much states miss the equations, ``[unknown, point]``, and the largest miss."""
        image = self.plan.respond(self.scaled(draws, share), self.state[:, draws])[0]
        self.sweeps[draws] += 1
        miss = self.state[:, draws] - image
        return miss, _size(miss, image)

    def refresh(self, draws: Indices, share: Numbers) -> Numbers:
        """Work the derivatives' inverses out anew; return their determinants' signs, 0 for none."""
        _, slopes = _derivative(self.plan, self.scaled(draws, share), self.state[:, draws])
        self.sweeps[draws] += 1
        signs = np.zeros(len(draws))
        for row, draw in enumerate(draws.tolist()):
            self.inverse[draw], signs[row] = _inverse(np.eye(self.plan.unknowns) - slopes[row])
        return signs

    def correct(self, draws: Indices, share: Numbers, tolerance: float, most: int) -> NDArray[np.bool_]:
        """Take quasi-Newton steps in place; say where the equations then hold.

        The inverse of the derivative is that of the step before, improved by what each step shows (Broyden's
        good update: Broyden, C. G. (1965). Mathematics of Computation 19, 577-593).
        """
        done = np.zeros(len(draws), dtype=np.bool_)
        going = np.arange(len(draws))
        last = np.full(len(draws), np.inf)
        miss, error = self.miss(draws, share)
        for _ in range(most):
            # a miss that no longer shrinks is rounding
            held = (error < tolerance) | ((error < 1e-9) & (error > 0.5 * last[going]))
            done[going[held]] = True
            keep = ~held & np.isfinite(error) & (error < GROWTH * last[going])
            last[going] = error
            going, miss = going[keep], miss[:, keep]
            if not len(going):
                break
            here = draws[going]
            steps = _times(self.inverse[here], miss)
            self.state[:, here] -= steps
            fresh, error = self.miss(here, share[going])
            self.improve(here, -steps, fresh - miss)
            miss = fresh
        return done

    def improve(self, draws: Indices, moved: Numbers, changed: Numbers) -> None:
        """Let the inverses map the change of each miss to the step that made it."""
        inverse = self.inverse[draws]
        short = moved - _times(inverse, changed)
        along = _times(inverse.transpose(0, 2, 1), moved)  # [unknown, draw]
        scale = np.zeros(len(draws))
        for one, other in zip(along, changed, strict=True):
            scale = scale + one * other
        sound = np.abs(scale) > 1e-8 * np.maximum(_size(moved, moved), 1e-30) ** 2
        factor = np.where(sound, 1.0 / np.where(sound, scale, 1.0), 0.0)
        self.inverse[draws] = inverse + (short * factor).T[:, :, None] * along.T[:, None, :]

    def follow(self) -> Indices:
        """Follow all draws; return those that must be followed by pseudo-arclength."""
        draws = len(self.status)
        share, step = np.zeros(draws), np.full(draws, FIRST)
        before, last = self.state.copy(), np.zeros(draws)  # the point before, for predictions
        given_up, stale = np.zeros(draws, dtype=np.bool_), np.zeros(draws, dtype=np.bool_)
        going = np.arange(draws)
        while len(going):
            here = share[going]
            target = np.minimum(1.0, here + step[going])
            origin = self.state[:, going].copy()
            gap = np.where(here > last[going], here - last[going], 1.0)
            slope = np.where(here > last[going], (origin - before[:, going]) / gap, 0.0)
            guess = origin + slope * (target - here)
            self.state[:, going] = guess
            good = self.correct(going, target, LOOSE, CORRECTIONS)
            drift = _size(self.state[:, going] - guess, self.state[:, going])
            good &= drift <= CLOSE
            ends = np.flatnonzero(good & (target >= 1.0))
            if len(ends):
                good[ends] = self.arrive(going[ends])
            back = going[~good]
            self.state[:, back] = origin[:, ~good]
            # the first time it may be the derivative that is at fault
            again = back[stale[back]]
            if len(again):
                self.refresh(again, share[again])
            step[back[~stale[back]]] *= 0.5
            stale[back] = ~stale[back] & (step[back] < FIRST)
            ahead = going[good]
            stale[ahead] = True
            before[:, ahead], last[ahead], share[ahead] = origin[:, good], here[good], target[good]
            easy = (0.3 * CLOSE / np.maximum(drift[good], 1e-12)) ** EASE
            step[ahead] = np.minimum(LARGEST, step[ahead] * np.minimum(2.0, easy))
            given_up[going] |= (step[going] < SMALLEST) | (self.sweeps[going] > self.concept.limit)
            going = going[(share[going] < 1.0) & ~given_up[going]]
        return np.flatnonzero(given_up)

    def arrive(self, draws: Indices) -> NDArray[np.bool_]:
        """Bring states at the wanted lambda to the last digits; say where that works, and no fold was."""
        whole = np.ones(len(draws))
        signs = self.refresh(draws, whole)
        reached = self.correct(draws, whole, SHARPEN * self.concept.tolerance, CORRECTIONS)
        return np.asarray(reached & (signs > 0))

    def look_around(self, draws: Indices) -> None:
        """Look for some equilibrium where the branch could not be followed: nothing says that it is on it.

        Where shocks fall on endings alone, and options that pay differently lead to the same endings while
        everything is even, no branch begins at even odds.
        """
        lead = np.arange(GUESSES)
        for draw in draws.tolist():
            tables = self.tables.at(np.full(GUESSES, draw))
            even = np.zeros((self.plan.unknowns, GUESSES))
            logs, _ = descend(self.plan, tables, even, lead, 4 * CORRECTIONS)
            self.sweeps[draw] += GUESSES
            found = np.flatnonzero(np.isfinite(self.plan.odds(logs)).all(axis=0))
            if len(found):
                self.state[:, draw] = self.plan.odds(logs[:, found[:1]])[:, 0]
                self.status[draw] = Status.UNTRACED

    def retrace(self, draw: int) -> None:
        """Follow one draw by pseudo-arclength."""

        def response(state: Numbers, time: Numbers) -> Numbers:
            return self.plan.respond(self.scaled(np.full(len(time), draw), time), state.T)[0].T

        found = trace(
            response,
            self.plan.unknowns,
            limit=max(1, self.concept.limit - int(self.sweeps[draw])),
            tolerance=SHARPEN * self.concept.tolerance,
        )
        self.sweeps[draw] += found.sweeps
        self.state[:, draw] = found.state
        if found.time == 1.0:
            self.status[draw] = Status.FORKED if found.crossings else Status.CONVERGED
        else:
            spent = self.sweeps[draw] >= self.concept.limit
            self.status[draw] = Status.LIMIT if spent else Status.STALLED
