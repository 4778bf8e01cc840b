"""Equilibria of stories with rounds without a last one: values of rounds found beside behaviour.

What lives here: the way along the principal branch, and the certificates. What may not: arithmetic of one
round's equilibrium (:mod:`parley.solve.batch`), of one step (:mod:`parley.solve.fixed_point`), the check of
the answers (:mod:`parley.solve.verify_loops`).

Given the values V of rounds from every head state, one round is a game like any other; call its behaviour
s(V). Behaviour in turn has values, T(V), by linear algebra. An equilibrium in Markov behaviour is a fixed
point of T. The principal branch is followed from even odds at lambda 0 to the wanted lambda in steps, each
small enough that behaviour changes little; where the branch folds, by pseudo-arclength in V.

The solution concept is logit Markov quantal response equilibrium: Breitmoser, Tan & Zizzo (2010), On the
beliefs off the path: equilibrium refinement due to quantal response and level-k; Doraszelski & Escobar
(2010), A theory of regular Markov perfect equilibria in dynamic stochastic games, Theoretical Economics 5;
Eibelshaeuser & Poensgen (2019), Markov quantal response equilibrium and a homotopy method for computing and
selecting Markov perfect equilibria of dynamic stochastic games.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import Game
from parley.game.passes import edge_shares
from parley.game.rounds import filled, rounds, values
from parley.solve.arclength import trace
from parley.solve.fixed_point import SHARP, FixedPoint
from parley.solve.plans import gains_over_rounds
from parley.solve.solution import ANSWERED, Certificate, Concept, Solution, Status

__all__ = ["laid_open", "solve_loop"]

Numbers: TypeAlias = NDArray[np.float64]
Draws: TypeAlias = NDArray[np.intp]
Solver: TypeAlias = Callable[[Game, Numbers, Numbers, Numbers, Numbers, Numbers | None], Solution]
Prover: TypeAlias = Callable[[Game, Numbers, Numbers, Numbers, Numbers], Numbers]

FIRST = 1.0  # precision per stake of the first step
GROWTH, FASTEST, SLOWEST = 2.0, 4.0, 1.001  # of lambda from step to step
LEAP = 0.25  # largest change of a probability in one step
LEAST = 1e-300  # a probability to start from is above 0
TRACE = 4  # of the budget of sweeps, a quarter in evaluations on the careful way
FAILURES = 30  # of steps, after which the careful way is taken

_LATELY: deque[tuple[Game, Game]] = deque(maxlen=16)
_LOCK = Lock()


def one_round(game: Game) -> Game:
    """Return the game of one round: the same arrays, whose ends of rounds are endings like others."""
    with _LOCK:
        for known, bare in _LATELY:
            if known is game:
                return bare
        bare = replace(game, loop=None)
        _LATELY.append((game, bare))
        return bare


def laid_open(game: Game, chance: Numbers, payoff: Numbers, strategy: Numbers) -> tuple[Game, Numbers]:
    """Return the game of one round and its payoffs when everybody behaves so in all rounds.

    Parameters
    ----------
    chance, payoff, strategy
        ``[edge, draw]``, ``[row, player, draw]``, ``[action, draw]``.
    """
    shares = edge_shares(game, np.where((game.edge_chance < 0)[:, None], 1.0, chance), strategy)
    return one_round(game), filled(game, payoff, values(game, rounds(game, shares, payoff), payoff))


def solve_loop(
    game: Game,
    chance: Numbers,
    payoff: Numbers,
    precision: Numbers,
    *,
    stake: Numbers,
    concept: Concept,
    good: NDArray[np.bool_],
    solver: Solver,
    prover: Prover,
    cancel: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Solution:
    """Solve a game with rounds without a last one.

    Parameters
    ----------
    game, chance, payoff, precision, stake, concept, cancel, progress
        As of :func:`parley.solve.batch.solve_arrays`.
    good
        ``[draw]`` whose numbers make a game.
    solver
        Solves finite games: game, chance, payoff, precision, stake, and a strategy to start from or None.
    prover
        Residual of the quantal response of finite games: game, chance, payoff, precision, strategy.

    Returns
    -------
    Solution
        Behaviour of every round, by head state, and what the whole play is worth. ``residual`` is the larger
        of that of the quantal response at the values that the behaviour itself gives, and that of these
        values' own equation, in stakes. ``ILL_POSED`` also where a discount is not from 0 to below 1.

    Raises
    ------
    SolveError
        When ``cancel`` said True.

    Examples
    --------
    >>> import parley
    >>> text = '''
    ... parley: 1
    ... title: When to stop
    ... players: {a: {text: A, stake: 1, precision: 200}}
    ... story:
    ...   - repeat: forever
    ...     discount: 0.9
    ...     story:
    ...       - {player: a, move: act, options: [stay, leave]}
    ...       - {outcomes: {gone: act is leave}}
    ...       - {reward: {a: 1}}
    ... payoffs: {a: {gone: 9}}
    ... '''
    >>> scenario = parley.loads(text, "stop.yaml")
    >>> found = parley.solve.solve(parley.compile(scenario), parley.sample(scenario, 1))
    >>> float(found.value[0, 0].round(9))  # 1 / (1 - 0.9)
    10.0
    """
    assert game.loop is not None
    chance = np.where((game.edge_chance < 0)[:, None], 1.0, chance)
    discount = payoff[game.loop.discount_row]
    with np.errstate(all="ignore"):
        sound = np.flatnonzero(good & np.all((discount >= 0.0) & (discount < 1.0), axis=0))
    task = _Task(game, chance, payoff, precision, stake, concept, solver, prover, cancel)
    task.follow(sound)
    solution = task.solution(sound)
    if progress is not None:
        progress(len(sound))
    return solution


class _Task:
    """The draws of one call on their way."""

    def __init__(
        self,
        game: Game,
        chance: Numbers,
        payoff: Numbers,
        precision: Numbers,
        stake: Numbers,
        concept: Concept,
        solver: Solver,
        prover: Prover,
        cancel: Callable[[], bool] | None,
    ) -> None:
        assert game.loop is not None
        self.game, self.round, self.discount_row = game, one_round(game), game.loop.discount_row
        self.chance, self.payoff, self.precision, self.stake = chance, payoff, precision, stake
        self.concept, self.solver, self.prover, self.cancel = concept, solver, prover, cancel
        draws = precision.shape[1]
        self.strategy = np.full((game.actions, draws), np.nan)
        self.value = np.full((1 + game.loop.heads, len(game.players), draws), np.nan)
        self.status = np.full(draws, Status.ILL_POSED, dtype=np.int8)
        self.sweeps = np.zeros(draws, dtype=np.int32)
        self.share, self.before = np.zeros(draws), np.zeros(draws)  # of lambda: reached, and the step before
        self.value_before = np.full_like(self.value, np.nan)

    # --- along lambda -----------------------------------------------------------------------------------

    def follow(self, sound: Draws) -> None:
        """Follow every sound draw from even odds to its lambda."""
        counts = np.diff(self.game.infoset_first_action)
        self.strategy[:, sound] = np.repeat(1.0 / counts, counts)[:, None]
        self.value[:, :, sound] = self.worth(sound, self.strategy[:, sound])
        self.status[sound] = Status.STALLED
        with np.errstate(all="ignore"):
            highest = (self.precision * self.stake).max(axis=0)
        share = self.share
        growth, failures = np.full(len(self.status), GROWTH), np.zeros(len(self.status), dtype=np.int64)
        active = sound
        while len(active):
            with np.errstate(all="ignore"):
                first = np.where(highest[active] > FIRST, FIRST / highest[active], 1.0)
                following = np.where(share[active] > 0.0, share[active] * growth[active], first)
                # as far as a failed first step has made the steps smaller, also from even odds
                following *= np.where(share[active] > 0.0, 1.0, (growth[active] - 1.0) / (GROWTH - 1.0))
            following = np.minimum(following, 1.0)
            done = self.step(active, following)
            arrived, failed = active[done], active[~done]
            growth[arrived] = np.minimum(1.0 + 1.5 * (growth[arrived] - 1.0), FASTEST)
            growth[failed] = 1.0 + 0.25 * (growth[failed] - 1.0)
            failures[failed] += 1
            self.status[active[share[active] == 1.0]] = Status.CONVERGED
            spent = self.sweeps[active] > self.concept.limit
            self.status[active[spent & (share[active] < 1.0)]] = Status.LIMIT
            going = (share[active] < 1.0) & ~spent & (failures[active] <= FAILURES)
            active = active[going & (growth[active] >= SLOWEST)]
        for draw in sound[self.status[sound] == Status.STALLED].tolist():
            self.retrace(draw)

    def step(self, active: Draws, share: Numbers) -> NDArray[np.bool_]:
        """Go on to a share of lambda where that is a small step; says of which draws."""
        strategy, value, found = self.solved(active, share, sloped=False)
        rest = np.flatnonzero(~found | ~self.near(active, strategy))
        if len(rest):  # the derivative costs an evaluation for each unknown
            again = self.solved(active[rest], share[rest], sloped=True)
            strategy[:, rest], value[:, :, rest], found[rest] = again
        done: NDArray[np.bool_] = found & self.near(active, strategy)
        arrived = active[done]
        self.before[arrived], self.value_before[:, :, arrived] = (
            self.share[arrived],
            self.value[:, :, arrived],
        )
        self.share[arrived] = share[done]
        self.strategy[:, arrived] = strategy[:, done]
        self.value[:, :, arrived] = value[:, :, done]
        return done

    def near(self, which: Draws, strategy: Numbers) -> NDArray[np.bool_]:
        """Whether behaviour is a small step away, [draw]."""
        with np.errstate(invalid="ignore"):
            change = np.abs(strategy - self.strategy[:, which]).max(axis=0, initial=0.0)
            return np.asarray(change <= LEAP)

    def solved(
        self, which: Draws, share: Numbers, *, sloped: bool
    ) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
        """Find the fixed point at a share of lambda: strategies, values, and of which draws it was found."""
        point = FixedPoint(self, which, share)
        if sloped:
            point.differentiate()
        strategy, value = point.run()
        return strategy, value, point.found

    def retrace(self, draw: int) -> None:
        """Follow one draw by pseudo-arclength in the values, which passes folds of the branch.

        The state is how far values are from those of even odds, in stakes times lambda.
        """
        counts = np.diff(self.game.infoset_first_action)
        even = np.repeat(1.0 / counts, counts)[:, None]
        which = np.array([draw])
        origin = self.worth(which, even)
        unit = self.stake[:, draw] / max(FIRST, float((self.precision * self.stake)[:, draw].max()))

        def behave(state: Numbers, time: Numbers) -> Numbers:
            many = np.full(len(time), draw)
            value = np.repeat(origin, len(time), axis=2)
            value[1:] += state.T.reshape(len(origin) - 1, -1, len(time)) * unit[:, None]
            return self.behaviour(many, np.clip(time, 0.0, None), value, None)

        def response(state: Numbers, time: Numbers) -> Numbers:
            many = np.full(len(time), draw)
            away = (self.worth(many, behave(state, time)) - origin)[1:] / unit[:, None]
            return np.ascontiguousarray(away.reshape(-1, len(time)).T)

        size = (len(origin) - 1) * len(unit)
        found = trace(
            response, size, limit=self.concept.limit // TRACE, tolerance=SHARP * self.concept.tolerance
        )
        if found.time == 1.0:
            self.strategy[:, which] = behave(found.state[None], np.ones(1))
            self.value[:, :, which] = self.worth(which, self.strategy[:, which])
            self.share[draw], self.before[draw] = 1.0, 0.0
            strategy, _, polished = self.solved(which, np.ones(1), sloped=True)
            if (polished & self.near(which, strategy)).all():
                self.strategy[:, which] = strategy
            self.status[draw] = Status.FORKED if found.crossings else Status.CONVERGED

    # --- one evaluation ---------------------------------------------------------------------------------

    def worth(self, which: Draws, strategy: Numbers) -> Numbers:
        """Values of rounds under a strategy, ``[begin, player, draw]``."""
        shares = edge_shares(self.game, self.chance[:, which], strategy)
        payoff = self.payoff[:, :, which]
        return values(self.game, rounds(self.game, shares, payoff), payoff)

    def behaviour(self, which: Draws, share: Numbers, value: Numbers, near: Numbers | None) -> Numbers:
        """Return the strategy of one round at given values, near another; NaN where there is none.

        Without one it is that on the round's own principal branch.
        """
        if self.cancel is not None and self.cancel():
            raise SolveError("cancelled between the steps of an endless story")
        full = filled(self.game, self.payoff[:, :, which], value)
        lam = share * self.precision[:, which]
        chance, stake = self.chance[:, which], self.stake[:, which]
        start = None if near is None else np.maximum(near, LEAST)
        found = self.solver(self.round, chance, full, lam, stake, start)
        np.add.at(self.sweeps, which, found.certificate.sweeps)
        answered = np.isin(found.certificate.status, ANSWERED)
        strategy = np.where(answered, found.strategy, np.nan)
        rest = np.flatnonzero(~answered)
        if start is not None and len(rest):  # the round's own branch, where the way from nearby is too steep
            strategy[:, rest] = self.behaviour(which[rest], share[rest], value[:, :, rest], None)
        return strategy

    # --- proof ------------------------------------------------------------------------------------------

    def solution(self, sound: Draws) -> Solution:
        """Certify what was found."""
        draws, players = len(self.status), len(self.game.players)
        residual, regret = np.full(draws, np.nan), np.full((players, draws), np.nan)
        if len(sound):
            chance, payoff = self.chance[:, sound], self.payoff[:, :, sound]
            strategy, precision = self.strategy[:, sound], self.precision[:, sound]
            shares = edge_shares(self.game, chance, strategy)
            one = rounds(self.game, shares, payoff)
            value = values(self.game, one, payoff)
            full = filled(self.game, payoff, value)
            miss = self.prover(self.round, chance, full, precision, strategy)
            ahead = payoff[self.discount_row] * _ahead(one.transition[1:], value[1:])
            away = np.abs(one.reward[1:] + ahead - value[1:]) / self.stake[:, sound]
            residual[sound] = np.maximum(miss, away.max(axis=(0, 1), initial=0.0))
            gain = gains_over_rounds(self.game, shares, payoff, value)
            regret[:, sound] = np.maximum(gain, 0.0) / self.stake[:, sound]
            self.value[:, :, sound] = value
            late = (self.status[sound] == Status.CONVERGED) & ~(residual[sound] <= self.concept.tolerance)
            self.status[sound[late]] = Status.LIMIT
        value = np.ascontiguousarray(self.value[0])
        given = (self.strategy, value, self.precision.copy(), self.stake.copy())
        certificate = Certificate(self.status, residual, regret, self.sweeps)
        for array in (*given, self.status, residual, regret, self.sweeps):
            array.setflags(write=False)
        return Solution(self.game.players, *given, certificate, self.concept)


def _ahead(transition: Numbers, value: Numbers) -> Numbers:
    """Compute the expected value of the next round, ``[head, player, draw]``."""
    total = np.zeros_like(value)
    for head in range(transition.shape[1]):
        total += transition[:, head, None] * value[head]
    return total
