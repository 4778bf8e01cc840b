"""Exact limits: what logit equilibria tend to as precision grows, to the last digits.

What lives here: :func:`exact_limit`, and its answers in the shape of other solutions. What may not: the
ladder of precisions (:mod:`parley.solve.sequential`), the equations (:mod:`parley.solve.polish`), the check
(:mod:`parley.solve.verify_limit`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import Game
from parley.solve.batch import well_posed
from parley.solve.certify import stakes
from parley.solve.induction import Induction
from parley.solve.layers import Layers
from parley.solve.polish import Guess, polish
from parley.solve.replies import deviations, insist_on_recall
from parley.solve.sequential import Limit, limit
from parley.solve.solution import Certificate, Concept, Solution, Status
from parley.solve.verify_limit import shortfall

__all__ = ["EXACT", "TOLERANCE", "ExactLimit", "Exactness", "exact_limit", "solve_limit"]

Floats = NDArray[np.float64]

EXACT = 1e-12  # gap of an exact limit, in stakes
SWEEPS = 5_000  # of one precision; where more are needed, the supports have shown before
TOLERANCE = 1e-3  # gap of an extrapolated one; smaller shares count as none there


class Exactness(IntEnum):
    """How well a limit is known."""

    EXACT = 0  # an equilibrium: no action in use falls short of the best by more than 1e-12 of a stake
    EXTRAPOLATED = 1  # known to about three digits
    FAILED = 2  # not even that


@dataclass(frozen=True, slots=True, eq=False)
class ExactLimit:
    """The limit of the principal branch.

    ``strategy`` is exact at all sets that play reaches, and at others where what is believed does not hang on
    which mistakes are likelier; elsewhere it is extrapolated. ``isolated`` is False where there is a whole
    continuum of equilibria around it, so that it is known which kind the limit is but not exactly where.
    ``forked``: the branch met others on the way, and another choice there has another limit.
    """

    players: tuple[str, ...]
    strategy: Floats  # [action, draw]
    gap: Floats  # [draw] most that an action in use falls short of the best where play leads, in stakes
    exactness: NDArray[np.int8]  # [draw] an Exactness
    isolated: NDArray[np.bool_]  # [draw]
    forked: NDArray[np.bool_]  # [draw]


def exact_limit(
    game: Game,
    chance: Floats,
    payoff: Floats,
    *,
    stake: Floats | None = None,
    threads: int | None = None,
) -> ExactLimit:
    """Find what the principal branch tends to as everybody's precision grows.

    Where no belief hangs on a choice (perfect information, chance moves that only some have seen), that is
    backward induction in which ties share equally. Elsewhere :func:`parley.solve.limit` says which actions
    are in use, and on these the equations of indifference are solved.

    Parameters
    ----------
    game
        The structure; recall must be perfect unless no belief hangs on a choice.
    chance
        ``[edge, draw]``; ignored on decision edges.
    payoff
        ``[row, player, draw]`` in the author's units.
    stake
        ``[player, draw]`` unit of payoff in which each player's precision is counted; None for what the
        player has at stake. See :func:`parley.solve.limit`.
    threads
        Threads; None for one per core.

    Returns
    -------
    ExactLimit
        Draws of the same numbers are solved once.

    Raises
    ------
    SolveError
        When shapes do not agree, numbers make no game, or recall is imperfect.

    References
    ----------
    McKelvey, R. D. & Palfrey, T. R. (1998). Quantal response equilibria for extensive form games.
    Experimental Economics 1, 9-41, theorem 4.

    Examples
    --------
    Matching pennies with a prize of 9: the column player makes the row player indifferent.

    >>> import numpy as np
    >>> from parley.game.efg_reader import read_efg
    >>> from parley.game import evaluate
    >>> from parley.solve import tables_of
    >>> text = 'EFG 2 R "" { "row" "column" } p "" 1 1 "" { "top" "bottom" } 0 '
    >>> text += 'p "" 2 1 "" { "left" "right" } 0 t "" 1 "" { 9 0 } t "" 2 "" { 0 1 } '
    >>> text += 'p "" 2 1 "" { "left" "right" } 0 t "" 3 "" { 0 1 } t "" 4 "" { 1 0 }'
    >>> game = read_efg(text)
    >>> numbers = tables_of(game, evaluate(game.program, np.zeros((0, 1))))
    >>> found = exact_limit(game, numbers.chance, numbers.payoff)
    >>> bool(abs(found.strategy[:, 0] - [0.5, 0.5, 0.1, 0.9]).max() < 1e-14)
    True
    """
    stake = stakes(game, payoff) if stake is None else stake
    layers = Layers(game)
    chance = np.where(layers.decides[:, None], 1.0, chance)
    if not well_posed(game, chance, payoff, np.zeros_like(stake), stake).all():
        raise SolveError("a payoff, chance or stake is no number that makes a game")
    kept, back = _distinct(chance, payoff, stake)
    some = (chance[:, kept], payoff[:, :, kept], stake[:, kept])
    induction = Induction(game, layers)
    shared = any(each.kind == "normal on endings" for each in game.errors)  # ties do not share equally then
    if induction.possible and not shared:
        strategy = induction.strategy(*some)
        isolated, forked = np.ones(len(kept), dtype=bool), np.zeros(len(kept), dtype=bool)
        converged = isolated
    else:
        insist_on_recall(game, range(len(game.players)))
        patience = Concept(limit=SWEEPS)
        guess = limit(game, *some[:2], stake=some[2], tolerance=TOLERANCE, threads=threads, concept=patience)
        strategy, isolated = _polished(layers, guess, some)
        forked, converged = guess.forked, guess.converged
    gap, exactness = _judged(game, some, strategy, converged)
    return ExactLimit(
        game.players, strategy[:, back], gap[back], exactness[back], isolated[back], forked[back]
    )


def _distinct(*tables: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return columns that differ, and for each column which of those it is like."""
    draws = tables[0].shape[-1]
    flat = np.ascontiguousarray(np.concatenate([each.reshape(-1, draws) for each in tables]).T)
    seen: dict[bytes, int] = {}
    kept: list[int] = []
    back = np.empty(draws, dtype=np.intp)
    for draw in range(draws):
        back[draw] = seen.setdefault(flat[draw].tobytes(), len(kept))
        if back[draw] == len(kept):
            kept.append(draw)
    return np.array(kept, dtype=np.intp), back


def _polished(
    layers: Layers, guess: Limit, numbers: tuple[Floats, Floats, Floats]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Polish every draw; what cannot be polished stays extrapolated."""
    chance, payoff, stake = numbers
    strategy = guess.strategy.copy()
    isolated = np.ones(strategy.shape[1], dtype=bool)
    for draw in range(strategy.shape[1]):
        if not np.isfinite(strategy[:, draw]).all():
            continue
        given = Guess(
            guess.strategy[:, draw],
            guess.quantal[:, draw],
            guess.belief[:, draw],
            chance[:, draw],
            payoff[:, :, draw],
            stake[:, draw],
        )
        found = polish(layers, given, EXACT)
        if found is not None:
            strategy[:, draw], isolated[draw] = found.strategy, found.isolated
    return strategy, isolated


def _judged(
    game: Game, numbers: tuple[Floats, Floats, Floats], strategy: Floats, converged: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.int8]]:
    """Return the gaps, and what they make of the answers."""
    gap = np.full(strategy.shape[1], np.nan)
    exactness = np.full(strategy.shape[1], Exactness.FAILED, dtype=np.int8)
    whole = np.flatnonzero(np.isfinite(strategy).all(axis=0))
    chance, payoff, stake = numbers

    def short(draws: NDArray[np.intp], least: float) -> Floats:
        given = (chance[:, draws], payoff[:, :, draws], stake[:, draws])
        return shortfall(game, *given, strategy[:, draws], least)

    if len(whole):
        gap[whole] = short(whole, 0.0)
        exactness[gap <= EXACT] = Exactness.EXACT
        rest = np.flatnonzero(gap > EXACT)
        if len(rest):
            gap[rest] = short(rest, TOLERANCE)
            close = (gap[rest] <= TOLERANCE) & converged[rest]
            exactness[rest[close]] = Exactness.EXTRAPOLATED
    return gap, exactness


def solve_limit(
    game: Game,
    chance: Floats,
    payoff: Floats,
    *,
    stake: Floats,
    concept: Concept | None = None,
    threads: int | None = None,
) -> Solution:
    """Solve for the limit of precision without bound, with a proof beside every draw.

    Parameters
    ----------
    game, chance, payoff, stake, threads
        As of :func:`exact_limit`.
    concept
        Noted in the solution.

    Returns
    -------
    Solution
        ``residual`` of a certificate is the gap in stakes: up to 1e-12 for an exact limit, up to 1e-3 for an
        extrapolated one. ``LIMIT`` where it is not even that, ``FORKED`` where the branch met others on the
        way, ``ILL_POSED`` where the numbers make no game. ``precision`` is infinite.

    Raises
    ------
    SolveError
        When shapes do not agree or recall is imperfect.

    Examples
    --------
    >>> import numpy as np
    >>> from parley.game.efg_reader import read_efg
    >>> from parley.game import evaluate
    >>> from parley.solve import tables_of
    >>> text = 'EFG 2 R "" { "rival" "firm" } p "" 1 1 "" { "enter" "stay out" } 0 '
    >>> text += 'p "" 2 1 "" { "fight" "share" } 0 t "" 1 "" { -3 -1 } t "" 2 "" { 1 1 } t "" 3 "" { 0 2 }'
    >>> game = read_efg(text)
    >>> numbers = tables_of(game, evaluate(game.program, np.zeros((0, 1))))
    >>> found = solve_limit(game, numbers.chance, numbers.payoff, stake=numbers.stake)
    >>> found.strategy[:, 0].tolist(), found.certificate.residual.tolist()
    ([1.0, 0.0, 0.0, 1.0], [0.0])
    """
    draws, players = payoff.shape[-1], len(game.players)
    chance = np.where((game.edge_action >= 0)[:, None], 1.0, chance)
    sound = np.flatnonzero(well_posed(game, chance, payoff, np.zeros_like(stake), stake))
    strategy = np.full((game.actions, draws), np.nan)
    value, regret = np.full((players, draws), np.nan), np.full((players, draws), np.nan)
    residual, status = np.full(draws, np.nan), np.full(draws, Status.ILL_POSED, dtype=np.int8)
    if len(sound):
        numbers, unit = (chance[:, sound], payoff[:, :, sound]), stake[:, sound]
        found = exact_limit(game, *numbers, stake=unit, threads=threads)
        status[sound] = np.where(found.exactness == Exactness.FAILED, Status.LIMIT, Status.CONVERGED)
        status[sound[found.forked & (status[sound] == Status.CONVERGED)]] = Status.FORKED
        residual[sound], strategy[:, sound] = found.gap, found.strategy
        known = np.flatnonzero(np.isfinite(found.strategy).all(axis=0))
        if len(known):
            some = (numbers[0][:, known], numbers[1][:, :, known], found.strategy[:, known])
            gain, value[:, sound[known]] = deviations(game, *some)
            regret[:, sound[known]] = np.maximum(gain, 0.0) / unit[:, known]
        status[np.setdiff1d(sound, sound[known])] = Status.STALLED
    certificate = Certificate(status, residual, regret, np.zeros(draws, dtype=np.int32))
    precision = np.full((players, draws), np.inf)
    given = (strategy, value, precision, stake.copy())
    for array in (*given, status, residual, regret, certificate.sweeps):
        array.setflags(write=False)
    return Solution(game.players, *given, certificate, concept or Concept())
