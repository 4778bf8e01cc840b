"""A solution as a tidy table: one row for each action of each information set in each draw.

What lives here: its columns. What may not: solving.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from parley.errors import SolveError
from parley.game.model import Game
from parley.solve.frames import frame
from parley.solve.solution import Solution, Status

__all__ = ["solution_frame"]


def solution_frame(solution: Solution, game: Game, library: str | None = None) -> Any:
    """Return the strategy as a table, see :meth:`parley.Solution.to_frame`.

    Examples
    --------
    >>> import parley
    >>> text = 'EFG 2 R "" { "us" } p "" 1 1 "act" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0'
    >>> game = parley.read_game("war.efg", text)
    >>> solution_frame(parley.solve_at(game, 1), game).shape
    (2, 9)
    """
    actions, draws = solution.strategy.shape
    if actions != game.actions or solution.players != game.players:
        raise SolveError(
            f"the solution has {actions} actions of {solution.players!r}, the game {game.actions} of "
            f"{game.players!r}: it is another game's"
        )
    sets = np.repeat(np.arange(game.infosets), np.diff(game.infoset_first_action))
    labels = np.array([Status(each).name.lower().replace("_", "-") for each in Status])
    players = [game.players[each] for each in game.infoset_player[sets].tolist()]
    return frame(
        {
            "draw": np.repeat(np.arange(draws), actions),
            "set": np.tile(sets, draws),
            "player": players * draws,
            "move": [game.infoset_move[each] for each in sets.tolist()] * draws,
            "seen": [game.infoset_label[each] for each in sets.tolist()] * draws,
            "action": list(game.action_label) * draws,
            "probability": solution.strategy.T.ravel(),
            "status": np.repeat(labels[solution.certificate.status], actions),
            "residual": np.repeat(solution.certificate.residual, actions),
        },
        library,
    )
