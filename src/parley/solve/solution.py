"""What a solver returns: strategies and the proof beside them.

What lives here: frozen results. What may not: numerics.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game

__all__ = ["ANSWERED", "Certificate", "Concept", "Solution", "Status"]


class Status(IntEnum):
    """What a draw's answer is worth."""

    CONVERGED = 0  # residual within tolerance, reached along the principal branch
    STALLED = 1  # the branch could not be followed to the wanted precision
    LIMIT = 2  # the budget of iterations was spent first
    ILL_POSED = 3  # no game: a payoff or chance is not a number, or chances do not sum to one
    FORKED = 4  # residual within tolerance, but branches met on the way: which way it goes on is chance
    UNTRACED = 5  # residual within tolerance, but the way to it jumped: maybe not on the principal branch


ANSWERED = (Status.CONVERGED, Status.FORKED, Status.UNTRACED)  # an equilibrium was found


@dataclass(frozen=True, slots=True)
class Concept:
    """Agent quantal response equilibrium on the principal branch: logit, unless players err otherwise.

    ``tolerance`` bounds the residual: the largest |z_a - lambda (U_a - U_0)| / max(1, |z_a|) over actions,
    z_a = ln p_a - ln p_0 with action 0 the information set's first; of players whose errors are normal it is
    that of probits, see :func:`parley.solve.structural_proof.structural_misses`. ``limit`` bounds the sweeps
    a draw may take.
    """

    tolerance: float = 1e-9
    limit: int = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """The proof of each draw, recomputed by :func:`parley.solve.verify` without the kernels."""

    status: NDArray[np.int8]  # [draw] a Status
    residual: NDArray[np.float64]  # [draw]
    regret: NDArray[np.float64]  # [player, draw] largest gain from deviating, in units of the player's stake
    sweeps: NDArray[np.int32]  # [draw] sweeps used


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Behaviour strategies of all draws, write-locked.

    ``strategy[action, draw]`` is the probability of the action given that its information set is reached.
    ``value[player, draw]`` is the expected payoff (in the author's units). ``precision[player, draw]`` is
    the lambda used, per author's payoff unit (precision / stake).
    """

    players: tuple[str, ...]
    strategy: NDArray[np.float64]  # [action, draw]
    value: NDArray[np.float64]  # [player, draw]
    precision: NDArray[np.float64]  # [player, draw]
    stake: NDArray[np.float64]  # [player, draw]
    certificate: Certificate
    concept: Concept

    def to_frame(self, game: Game, library: str | None = None) -> Any:
        """Return the strategy as a tidy table: one row for each action of each information set in each draw.

        Parameters
        ----------
        game
            The game that was solved: it has the labels.
        library
            ``pandas`` or ``polars``; None takes pandas where it is installed, else polars.

        Returns
        -------
        ``pandas.DataFrame`` or ``polars.DataFrame`` with ``draw``, ``set`` (its number), ``player``,
        ``move``, ``seen`` (the move and what the player has seen, in words), ``action``, ``probability``,
        ``status`` and ``residual`` of the draw.

        Raises
        ------
        SolveError
            The solution is another game's.
        FrameError
            The library is neither of the two, or not installed (``pip install 'parley-workbench[frames]'``).

        Examples
        --------
        >>> import parley
        >>> text = 'EFG 2 R "" { "us" } p "" 1 1 "act" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0'
        >>> game = parley.read_game("war.efg", text)
        >>> list(parley.solve_at(game, 0).to_frame(game)["probability"])
        [0.5, 0.5]
        """
        from parley.solve.tidy import solution_frame

        return solution_frame(self, game, library)

    def __repr__(self) -> str:
        """Return one line; the fields are arrays."""
        actions, draws = self.strategy.shape
        solved = int((self.certificate.status == Status.CONVERGED).sum())
        players = len(self.players)
        return f"<Solution of {draws} games, {solved} certified: {actions} actions, {players} players>"
