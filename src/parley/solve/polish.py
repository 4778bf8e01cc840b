"""From an equilibrium that is nearly known to one that is known to the last digits.

What lives here: the equations of indifference on a support, Newton's method, the test of the answer. What
may not: where the guess comes from.

Along a branch of logit equilibria the shares of actions tend to the limit as slowly as 1 / precision. Which
actions are in use shows long before. Given these, whoever mixes is indifferent, and those equations are
polynomials in the shares: Newton's method solves them to rounding (McKelvey, R. D. & McLennan, A. 1996,
Computation of equilibria in finite games, Handbook of Computational Economics 1, section 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from parley.solve.layers import Layers, Numbers

__all__ = ["Guess", "Polished", "polish"]

Floats = NDArray[np.float64]

SUPPORTS = (1e-3, 1e-2, 1e-4, 5e-2, 1e-6)  # shares above which an action is taken to be in use, in turn
ALIKE = 1e-9  # shares that differ by less at finite precision belong to actions that are worth the same
TREMBLE = 1e-30  # share of an action that is not in use, for beliefs where play never leads
STEP = 1e-30  # of derivatives by complex numbers
STEPS = 60
PATIENCE = 6  # steps in a row that do not halve the miss
SOLVED = 1e-14  # miss of the equations, in stakes
ROUNDING = 1e-13  # of a share
OPEN = 2e-2  # at the last precision, a share that may or may not vanish
WIDEST = 3  # actions of a set of which all combinations are tried
MOST = 256  # supports that are tried
FAR = 2e-2  # largest distance of a share from the guess


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """What is known of one game's limit: shares, those at a high precision, and beliefs."""

    strategy: Floats  # [action] extrapolated
    quantal: Floats  # [action] at the highest precision
    belief: Floats  # [member] extrapolated
    chance: Floats  # [edge]
    payoff: Floats  # [row, player]
    stake: Floats  # [player]


@dataclass(frozen=True, slots=True, eq=False)
class Polished:
    """An equilibrium on the supports of a guess.

    ``settled`` are the sets that were solved for, among them all that play reaches; ``gap`` is the most that
    an action in use there falls short of the best, in stakes. ``isolated``: no other equilibrium with these
    supports is near by.
    """

    strategy: Floats  # [action]
    settled: NDArray[np.bool_]  # [infoset]
    gap: float
    isolated: bool


def polish(layers: Layers, guess: Guess, exact: float) -> Polished | None:
    """Solve for the equilibrium near a guess.

    Parameters
    ----------
    layers
        The game.
    guess
        Shares that are known to a few digits.
    exact
        Gap up to which an answer is accepted, in stakes.

    Returns
    -------
    Polished or None
        None when on no likely support there is an equilibrium within 0.02 of the guess, and not just one
        on the supports that the last precision leaves open.
    """
    tried: list[bytes] = []
    # Where the branch is still on its way at the last precisions, what it tends to is seen there, and an
    # extrapolation goes astray. What is not known well enough off the path must not stand in the way.
    for everywhere, strategy in product((True, False), (guess.strategy, guess.quantal)):
        for least in SUPPORTS:
            support = _support(layers, strategy, least)
            mark = bytes([everywhere]) + support.tobytes() + strategy.tobytes()
            if mark in tried:
                continue
            tried.append(mark)
            found = _Equations(layers, guess, support, strategy, everywhere).solve()
            if found is not None and found.gap <= exact:
                return found
    return _only(layers, guess, exact)


def _only(layers: Layers, guess: Guess, exact: float) -> Polished | None:
    """Return the one equilibrium on the supports that the last precision leaves open, if there is just one.

    Where two actions are nearly worth the same, precision cannot be raised until their shares show the limit.
    """
    quantal = guess.quantal
    base = _support(layers, quantal, OPEN)
    widest = _Equations(layers, guess, base, quantal, False)
    choices: list[list[NDArray[np.intp]]] = []
    bounds = layers.game.infoset_first_action
    total = 1
    for infoset in np.flatnonzero(widest.known).tolist():
        actions = np.arange(bounds[infoset], bounds[infoset + 1])
        if len(actions) > 1 and quantal[actions].max() < 1.0 - OPEN:
            used = actions[base[actions]]
            sizes = range(1, len(used) + 1) if len(used) <= WIDEST else (1, len(used))
            choices.append([np.array(each) for size in sizes for each in combinations(used.tolist(), size)])
            total *= len(choices[-1])
            if total > MOST:
                return None
    found: Polished | None = None
    for chosen in product(*choices):
        support = base.copy()
        for each, every in zip(chosen, choices, strict=True):
            support[every[-1]] = False
            support[each] = True
        answer = _Equations(layers, guess, support, quantal, False).solve(far=1.0)
        if answer is None or answer.gap > exact:
            continue
        if found is not None and _differ(layers, found, answer):
            return None
        found = answer
    return found


def _differ(layers: Layers, one: Polished, other: Polished) -> bool:
    """Whether two answers differ where they were solved for."""
    asked = np.repeat(one.settled | other.settled, np.diff(layers.game.infoset_first_action))
    return bool((np.abs(one.strategy - other.strategy)[asked] > ALIKE).any())


def _support(layers: Layers, strategy: Floats, least: float) -> NDArray[np.bool_]:
    """Actions whose share is above ``least``; of every set one at least."""
    game = layers.game
    first, count = game.infoset_first_action[:-1], np.diff(game.infoset_first_action)
    top = np.repeat(np.maximum.reduceat(strategy, first), count)
    return np.asarray((strategy > least) | (strategy == top))


class _Equations:
    """Indifference on one support.

    Unknown are the shares of groups of actions that are worth the same at every precision, but for the first
    group of each set. Where nothing but mistakes leads to a set, and which mistakes matters for what is
    believed there, the belief of the guess stands, and so do the shares; likewise wherever play does not
    lead, unless ``everywhere``.
    """

    def __init__(
        self,
        layers: Layers,
        guess: Guess,
        support: NDArray[np.bool_],
        start: Floats,
        everywhere: bool,
    ) -> None:
        self.layers, self.guess, self.game = layers, guess, layers.game
        self.support = support
        self.payoff = guess.payoff[:, :, None]
        self.chance = guess.chance[:, None]
        self.fixed = np.where(support, start, 0.0)
        first, count = self.game.infoset_first_action[:-1], np.diff(self.game.infoset_first_action)
        self.fixed /= np.repeat(np.add.reduceat(self.fixed, first), count)
        reached, known = self._known()
        self.known = known if everywhere else reached
        self.groups = self._groups()

    def _known(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell which sets play reaches, and of which the beliefs follow from the shares, ``[infoset]``.

        Off the path they do where the relative chances of the nodes are the same whichever mistakes are
        likelier than others: tried on two orders of mistakes.
        """
        layers, game = self.layers, self.game
        reach = layers.reach(layers.shares(self.fixed[:, None], self.chance))
        begin = game.infoset_first_node[:-1]
        reached = np.add.reduceat(reach[game.infoset_node, 0], begin) > 0.0
        rank = np.random.default_rng(1).uniform(0.5, 1.0, (game.actions, 2))
        tried = np.where(self.support[:, None], self.fixed[:, None], TREMBLE**rank)
        with np.errstate(all="ignore"):
            belief = layers.beliefs(layers.reach(layers.shares(tried, self.chance)))
            apart = ~(np.abs(belief[:, 0] - belief[:, 1]) <= ALIKE)  # NaN: too many mistakes to be numbers
        return reached, reached | ~np.logical_or.reduceat(apart, begin)

    def _groups(self) -> list[tuple[int, list[NDArray[np.intp]]]]:
        """Find the sets whose shares are unknown, each with its groups of actions in use."""
        found = []
        bounds = self.game.infoset_first_action
        for infoset in np.flatnonzero(self.known).tolist():
            actions = np.arange(bounds[infoset], bounds[infoset + 1])
            used = actions[self.support[actions]]
            ranked = used[np.argsort(self.guess.quantal[used], kind="stable")]
            cuts = np.flatnonzero(np.diff(self.guess.quantal[ranked]) > ALIKE) + 1
            groups = [np.sort(each) for each in np.split(ranked, cuts)]
            for each in groups:
                self.fixed[each] = self.fixed[each].mean()
            if len(groups) > 1:
                found.append((infoset, groups))
        return found

    def start(self) -> Floats:
        """Return the shares of the guess, ``[unknown]``."""
        sums = [self.fixed[each].sum() for _, groups in self.groups for each in groups[1:]]
        return np.array(sums, dtype=np.float64)

    def strategy(self, shares: Numbers) -> Numbers:
        """Return everybody's shares ``[action, column]`` from those unknown, ``[unknown, column]``."""
        found = np.repeat(self.fixed[:, None], shares.shape[1], axis=1).astype(shares.dtype)
        place = 0
        for _, groups in self.groups:
            rest = np.ones(shares.shape[1], shares.dtype)
            for each in groups[1:]:
                found[each] = shares[place] / len(each)
                rest = rest - shares[place]
                place += 1
            found[groups[0]] = rest / len(groups[0])
        return found

    def worths(self, strategy: Numbers) -> Numbers:
        """Return what actions bring, ``[action, column]``, in stakes of their players."""
        layers, game = self.layers, self.game
        share = layers.shares(strategy, self.chance)
        trembling = np.where(self.support[:, None], strategy, TREMBLE)
        with np.errstate(all="ignore"):  # on the way shares may be none; what comes of it is not finite
            belief = layers.beliefs(layers.reach(layers.shares(trembling, self.chance)))
            kept = ~self.known[layers.member_set]
            belief[kept] = self.guess.belief[kept, None]
            worth = layers.worths(layers.values(share, self.payoff), belief, self.payoff)
        owner = np.repeat(game.infoset_player, np.diff(game.infoset_first_action))
        return np.asarray(worth / self.guess.stake[owner][:, None])

    def miss(self, shares: Numbers) -> Numbers:
        """Return by how much groups of a set differ in worth, ``[unknown, column]``."""
        worth = self.worths(self.strategy(shares))
        rows = [worth[each[0]] - worth[groups[0][0]] for _, groups in self.groups for each in groups[1:]]
        return np.array(rows)

    def solve(self, far: float = FAR) -> Polished | None:
        """Return the equilibrium, if there is one whose shares are within ``far`` of the guess.

        That is, of where they are at the last precision, of where they are extrapolated to, or between.
        """
        shares, isolated = self.start(), True
        if len(shares):
            answer = self.newton(shares)
            if answer is None:
                return None
            shares, isolated = answer
        strategy = self.strategy(shares[:, None])[:, 0]
        if strategy.min(initial=0.0) < -ROUNDING:
            return None
        strategy = np.clip(strategy, 0.0, 1.0)  # by rounding alone; the gap is computed of what is returned
        guess = self.guess
        low, high = np.minimum(guess.strategy, guess.quantal), np.maximum(guess.strategy, guess.quantal)
        if ((strategy < low - far) | (strategy > high + far))[self.support].any():
            return None
        return Polished(strategy, self.known, self.gap(strategy), isolated)

    def newton(self, shares: Floats) -> tuple[Floats, bool] | None:
        """Solve the equations; None when the steps do not converge. Least squares where they are too few."""
        count = len(shares)
        miss = self.miss(shares[:, None])[:, 0]
        isolated, best, stale = True, (float(np.abs(miss).max()), shares), 0
        for _ in range(STEPS):
            moved = shares[:, None] + 1j * STEP * np.eye(count)
            slope = self.miss(moved).imag / STEP
            if not np.isfinite(slope).all():
                return None
            step, _, rank, _ = np.linalg.lstsq(slope, -miss, rcond=1e-9)
            isolated = int(rank) == count
            shares = shares + step
            miss = self.miss(shares[:, None])[:, 0]
            size = float(np.abs(miss).max())
            if not np.isfinite(size) or np.abs(shares).max() > 2.0:
                return None
            stale = 0 if size < 0.5 * best[0] else stale + 1
            if size < best[0]:
                best = (size, shares)
            if size <= SOLVED or stale > (PATIENCE if best[0] > ROUNDING else 0):
                break
        return best[1], isolated

    def gap(self, strategy: Floats) -> float:
        """Return the most that an action in use falls short of the best where beliefs are known."""
        game = self.game
        worth = self.worths(strategy[:, None])[:, 0]
        first, count = game.infoset_first_action[:-1], np.diff(game.infoset_first_action)
        best = np.repeat(np.maximum.reduceat(worth, first), count)
        counted = np.repeat(self.known, count) & (strategy > 0.0)
        return float(np.where(counted, best - worth, 0.0).max(initial=0.0))
