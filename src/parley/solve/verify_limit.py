"""Limits of precision without bound checked again, in plain NumPy.

What lives here: how far an answer is from an equilibrium at the sets that play reaches. What may not:
anything that the answer was computed with; like :mod:`parley.solve.verify`, whose passes it uses, this module
shares no code with the solver.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game
from parley.solve.solution import ANSWERED, Solution, Status
from parley.solve.verify import Passes, circular, is_proper, is_well_posed

__all__ = ["shortfall", "verify_limit"]

Numbers: TypeAlias = NDArray[np.float64]

EXACT = 1e-12  # gap of an exact limit, in stakes
NEAR = 1e-3  # of an extrapolated one; smaller shares count as none there
EQUAL = 1e-9  # by which gap, regret and value may differ from the stored ones, in stakes
BATCH = 1 << 21  # numbers in the largest array of one batch of draws


def shortfall(
    game: Game, chance: Numbers, payoff: Numbers, stake: Numbers, strategy: Numbers, least: float
) -> Numbers:
    """Compute the most by which an action in use falls short of the best of its set.

    Parameters
    ----------
    game
        The structure.
    chance, payoff, stake
        ``[edge, draw]`` (ignored on decision edges), ``[row, player, draw]``, ``[player, draw]``.
    strategy
        ``[action, draw]``.
    least
        An action is in use, and a set reached, with a probability above it.

    Returns
    -------
    ``[draw]`` in stakes of the players, over sets that play reaches, with beliefs by Bayes' rule.

    Examples
    --------
    >>> from parley.game.efg_reader import read_efg
    >>> game = read_efg('EFG 2 R "" { "us" } p "" 1 1 "" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0')
    >>> payoff = np.array([[[0.0, 0.0]], [[1.0, 1.0]]])
    >>> given = (np.ones((2, 2)), payoff, np.ones((1, 2)))
    >>> shortfall(game, *given, np.array([[1.0, 0.9], [0.0, 0.1]]), 0.0).tolist()
    [0.0, 1.0]
    """
    draws = strategy.shape[1]
    worst = np.zeros(draws)
    size = max(1, BATCH // max(1, max(game.nodes, len(payoff), game.edges) * len(game.players)))
    for begin in range(0, draws, size):
        part = slice(begin, begin + size)
        passes = Passes(game, chance[:, part], payoff[:, :, part], stake[:, part], strategy[:, part], [])
        worst[part] = _worst(passes, stake[:, part], least)
    return worst


def _worst(passes: Passes, stake: Numbers, least: float) -> Numbers:
    game, strategy = passes.game, passes.strategy
    reach = np.zeros((game.nodes, strategy.shape[1]))
    reach[0] = 1.0
    for node in range(game.nodes):
        for edge in passes.edges(node):
            reach[passes.child[edge]] += reach[node] * passes.share[edge]
    worst = np.zeros(strategy.shape[1])
    for infoset, player in enumerate(game.infoset_player):
        arrival = reach[passes.members(infoset)]
        total = arrival.sum(axis=0)
        here = total > least
        if not here.any():
            continue
        weight = np.where(here, arrival, 0.0) / np.where(here, total, 1.0)
        worth = passes.action_values(infoset, weight, passes.value[:, player])
        first, last = game.infoset_first_action[infoset : infoset + 2]
        lack = np.where(strategy[first:last] > least, worth.max(axis=0) - worth, 0.0).max(axis=0)
        worst = np.maximum(worst, np.where(here, lack / stake[player], 0.0))
    return worst


def verify_limit(
    game: Game, chance: Numbers, payoff: Numbers, stake: Numbers, solution: Solution
) -> Iterator[tuple[int, str]]:
    """Recompute the certificate of every draw of a limit and compare it with the stored one.

    Parameters
    ----------
    game, chance, payoff, stake
        As of :func:`shortfall`.
    solution
        What the solver stored.

    Yields
    ------
    Column of a draw, and what is wrong with it: its status, its probabilities, gap, regret or value.

    Examples
    --------
    >>> import parley
    >>> from parley.solve import tabulate
    >>> from parley.solve.exact import solve_limit
    >>> scenario = parley.load("which-event-first")
    >>> game, draws = parley.compile(scenario), parley.sample(scenario, 16, seed=1)
    >>> numbers = tabulate(game, draws)
    >>> found = solve_limit(game, numbers.chance, numbers.payoff, stake=numbers.stake)
    >>> list(verify_limit(game, numbers.chance, numbers.payoff, numbers.stake, found))
    []
    """
    players, draws = solution.value.shape
    posed = is_well_posed(game, chance, payoff, np.zeros((players, draws)), stake)
    answered = np.isin(solution.certificate.status, ANSWERED)
    proper = posed & is_proper(game, solution.strategy)
    for draw in np.flatnonzero(posed == (solution.certificate.status == Status.ILL_POSED)).tolist():
        what = (
            "make a game, yet it is called ill-posed" if posed[draw] else "make no game, yet it is answered"
        )
        yield draw, f"its numbers {what}"
    for draw in np.flatnonzero(posed & answered & ~proper).tolist():
        yield draw, "its strategy is no probabilities: a number outside 0 to 1, or a sum other than 1"
    which = np.flatnonzero(proper)
    size = max(1, BATCH // max(1, max(game.nodes, len(payoff), game.edges) * players))
    fixed = [circular(game, player) for player in range(players)]
    for begin in range(0, len(which), size):
        part = which[begin : begin + size]
        given = (chance[:, part], payoff[:, :, part], stake[:, part])
        passes = Passes(game, *given, solution.strategy[:, part], fixed)
        for position, message in _compared(passes, payoff[:, :, part], stake[:, part], solution, part):
            yield int(part[position]), message


def _compared(
    passes: Passes, payoff: Numbers, stake: Numbers, solution: Solution, part: NDArray[np.intp]
) -> Iterator[tuple[int, str]]:
    stored = solution.certificate
    gap, near = _worst(passes, stake, 0.0), _worst(passes, stake, NEAR)
    found = np.where(gap <= EXACT, gap, near)
    slack = EQUAL * np.maximum(1.0, np.abs(payoff).max(axis=0, initial=0.0) / stake)
    limit = np.where(stored.residual[part] <= EXACT, EXACT, NEAR)
    for at in np.flatnonzero(np.isin(stored.status[part], ANSWERED) & ~(found <= limit)).tolist():
        yield at, f"an action in use falls short of the best by {found[at]:.3g} of the stake"
    for at in np.flatnonzero(~(np.abs(found - stored.residual[part]) <= EQUAL)).tolist():
        yield at, f"the gap is stored as {stored.residual[part[at]]:.6g}, computed as {found[at]:.6g}"
    for row, player in enumerate(solution.players):
        regret = np.maximum(passes.gain(row), 0.0) / stake[row]
        for name, stated, wanted, unit in (
            ("regret", stored.regret[row, part], regret, 1.0),
            ("value", solution.value[row, part], passes.value[0, row], stake[row]),
        ):
            for at in np.flatnonzero(~(np.abs(stated - wanted) <= slack[row] * unit)).tolist():
                found_here, told = f"{wanted[at]:.12g}", f"{stated[at]:.12g}"
                yield at, f"the {name} of {player} is stored as {told}, computed as {found_here}"
