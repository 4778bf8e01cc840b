"""Players who think a fixed number of steps ahead, with a proof beside every draw.

What lives here: level-k answers in the shape of other solutions. What may not: the arithmetic of replies
(:mod:`parley.solve.levels`), the check of them (:mod:`parley.solve.verify_replies`).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import Game
from parley.solve.batch import well_posed
from parley.solve.levels import level_k
from parley.solve.refusal import refuse_loop
from parley.solve.replies import deviations
from parley.solve.solution import Certificate, Concept, Solution, Status
from parley.solve.verify_replies import verify_replies

__all__ = ["solve_levels"]

Numbers: TypeAlias = NDArray[np.float64]


def solve_levels(
    game: Game,
    chance: Numbers,
    payoff: Numbers,
    precision: Numbers,
    *,
    stake: Numbers,
    level: int,
    noisy: bool = True,
    concept: Concept | None = None,
) -> Solution:
    """Let every player think so many steps ahead, starting from others who choose at random.

    A player of level k replies to others of level k - 1, and counts on its own later replies. What comes out
    is no equilibrium, so no residual of the quantal-response equation proves it. Its proof is that of the
    replies, level by level, in plain NumPy: the certificate's ``residual`` is the largest miss of a reply to
    the level below (:func:`parley.solve.verify_replies.verify_replies`). ``regret`` says how far it is from
    an equilibrium: what a best reply to the others' actual behaviour would gain.

    Parameters
    ----------
    game
        The structure. A player who does not remember what it did takes it that it behaved as the level below,
        like the others.
    chance
        ``[edge, draw]``; ignored on decision edges.
    payoff
        ``[row, player, draw]`` in the author's units.
    precision
        ``[player, draw]`` lambda per payoff unit.
    stake
        ``[player, draw]``: units of regret.
    level
        Steps, at least 1.
    noisy
        Whether players err as their precision says; if not they take the best action, the first of those
        that tie.
    concept
        How large a residual may be.

    Returns
    -------
    Solution
        Of each draw; ``LIMIT`` where the residual is too large, ``ILL_POSED`` where the numbers make no game.

    Raises
    ------
    SolveError
        When shapes do not agree or the level is below 1; its kind RecallError when a player may come to the
        same information set twice.

    References
    ----------
    Stahl, D. O. & Wilson, P. W. (1994). Experimental evidence on players' models of other players. Journal
    of Economic Behavior & Organization 25, 309-327.

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
    >>> found = solve_levels(
    ...     game, numbers.chance, numbers.payoff, numbers.precision, stake=numbers.stake, level=1, noisy=False
    ... )
    >>> found.strategy[:, 0].tolist(), found.certificate.residual.tolist()
    ([0.0, 1.0, 0.0, 1.0], [0.0])
    >>> found.certificate.regret[:, 0].tolist()  # the rival could have gained 1 of the 4 at stake
    [0.25, 0.0]
    """
    refuse_loop(game, "thinking a fixed number of steps ahead")
    concept = concept or Concept()
    if level < 1:
        raise SolveError(f"players think at least 1 step ahead, not {level}")
    draws, players = payoff.shape[-1], len(game.players)
    chance = np.where((game.edge_action >= 0)[:, None], 1.0, chance)
    sound = np.flatnonzero(well_posed(game, chance, payoff, precision, stake))
    strategy = np.full((game.actions, draws), np.nan)
    value, regret = np.full((players, draws), np.nan), np.full((players, draws), np.nan)
    residual, status = np.full(draws, np.nan), np.full(draws, Status.ILL_POSED, dtype=np.int8)
    if len(sound):
        numbers = (chance[:, sound], payoff[:, :, sound])
        lam, unit = precision[:, sound], stake[:, sound]
        found = level_k(game, *numbers, level, noisy=noisy, precision=lam if noisy else None, forgetful=True)
        residual[sound] = verify_replies(game, *numbers, unit, found.strategy, lam if noisy else None)
        strategy[:, sound] = found.strategy[level]
        gain, value[:, sound] = deviations(game, *numbers, found.strategy[level])
        regret[:, sound] = np.maximum(gain, 0.0) / unit
        status[sound] = np.where(
            residual[sound] <= concept.tolerance, np.int8(Status.CONVERGED), np.int8(Status.LIMIT)
        )
    sweeps = np.where(status == Status.ILL_POSED, 0, level).astype(np.int32)
    certificate = Certificate(status, residual, regret, sweeps)
    given = (strategy, value, precision.copy(), stake.copy())
    for array in (*given, status, residual, regret, sweeps):
        array.setflags(write=False)
    return Solution(game.players, *given, certificate, concept)
