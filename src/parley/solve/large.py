"""Games too large for Newton's method: damped iteration, with lambda raised in small steps.

What lives here: the way to lambda of one draw at a time. What may not: arithmetic per node.

There is no derivative here, so folds cannot be followed. A rise of lambda after which log-odds lie elsewhere
than foreseen is taken back and halved; when it is as small as it may be, the answer, if there is one, is an
equilibrium, but nobody knows whether it is on the principal branch: its status is UNTRACED.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game
from parley.solve.solution import Concept, Status

__all__ = ["Large", "relaxed"]

Numbers: TypeAlias = NDArray[np.float64]

RISE = 0.1  # first and largest rise, as a share of lambda
SMALLEST = RISE / 64
LOOSE = 1e-3  # residual on the way
ROUNDS = 120  # sweeps after one rise
SURPRISE = 0.25  # distance from where log-odds were foreseen, relative to max(1, log-odds)
SHARPEN = 0.1  # the residual of the iteration is this much smaller than the certificate's bound


class Large:
    """The structure of a large game, in the order in which it is swept."""

    def __init__(self, game: Game) -> None:
        from parley.solve.kernels.flat import level

        self.game = game
        depth = np.zeros(game.nodes, dtype=np.int32)
        first, child, infoset = game.node_first_edge, game.edge_child, game.node_infoset
        members, nodes = game.infoset_first_node, game.infoset_node
        self.levelled = bool(level(first, child, infoset, members, nodes, depth))
        every = np.arange(game.nodes, dtype=np.int32)
        self.order = np.lexsort((every, infoset, depth)).astype(np.int32) if self.levelled else every
        self.arrays = (
            self.order,
            first,
            child,
            game.edge_action,
            infoset,
            game.edge_payoff,
            game.node_payoff,
            game.infoset_player,
            game.infoset_first_action,
            members,
            nodes,
        )

    def solve(
        self, chance: Numbers, payoff: Numbers, precision: Numbers, concept: Concept, start: Numbers | None
    ) -> tuple[Numbers, Status, int]:
        """Solve one draw: ``[edge]``, ``[row, player]``, ``[player]``, ``[action]`` logarithms or None.

        Returns
        -------
        Strategy ``[action]``, status, sweeps.
        """
        way = _Way(self, chance, payoff, precision, concept)
        if start is not None:
            first = self.game.infoset_first_action
            way.odds[:] = start - np.repeat(start[first[:-1]], np.diff(first))
            way.traced = True
        else:
            way.rise()
        return way.arrive()


class _Way:
    """One draw on its way."""

    def __init__(
        self, large: Large, chance: Numbers, payoff: Numbers, precision: Numbers, concept: Concept
    ) -> None:
        game = large.game
        self.large, self.concept = large, concept
        self.chance, self.payoff, self.precision = chance, payoff, precision
        self.odds = np.zeros(game.actions)
        self.image, self.likely = np.zeros(game.actions), np.zeros(game.actions)
        self.reach, self.value = np.zeros(game.nodes), np.zeros((game.nodes, len(game.players)))
        self.size = np.full(game.actions, 0.7)
        self.before = np.zeros(game.actions)
        self.sweeps, self.traced = 0, True

    def relax(self, share: float, rounds: int, tolerance: float) -> float:
        """Iterate at a share of lambda; returns the residual."""
        from parley.solve.kernels.flat import relax

        outcome = np.full(1, np.inf)
        self.before[:] = 0.0
        room = (self.odds, self.image, self.likely, self.reach, self.value, self.size, self.before)
        numbers = (self.chance, self.payoff, share * self.precision)
        self.sweeps += relax(
            self.large.arrays, self.large.levelled, *numbers, *room, rounds, tolerance, outcome
        )
        return float(outcome[0])

    def rise(self) -> None:
        """Raise lambda in steps to the wanted value, or until the budget is spent."""
        share, rise = 0.0, RISE
        while share < 1.0 and self.sweeps < self.concept.limit:
            kept, sizes = self.odds.copy(), self.size.copy()
            aim = min(1.0, share + rise)
            self.odds *= aim / share if share else 1.0
            foreseen = self.odds.copy()
            residual = self.relax(aim, min(ROUNDS, self.concept.limit - self.sweeps), LOOSE)
            scale = np.maximum(1.0, np.abs(self.odds))
            surprise = float(np.max(np.abs(self.odds - foreseen) / scale, initial=0.0)) if share else 0.0
            if residual <= LOOSE and surprise <= SURPRISE:
                share, rise = aim, min(RISE, 1.5 * rise)
            elif rise > SMALLEST:
                self.odds, self.size, rise = kept, sizes, 0.5 * rise
            else:
                share, rise, self.traced = aim, RISE, False

    def arrive(self) -> tuple[Numbers, Status, int]:
        """Iterate at lambda itself."""
        tolerance = SHARPEN * self.concept.tolerance
        residual = self.relax(1.0, max(1, self.concept.limit - self.sweeps), tolerance)
        if not residual <= tolerance:
            status = Status.LIMIT
        else:
            status = Status.CONVERGED if self.traced else Status.UNTRACED
        return self.likely, status, self.sweeps


def relaxed(
    large: Large,
    chance: Numbers,
    payoff: Numbers,
    precision: Numbers,
    concept: Concept,
    start: Numbers | None,
) -> tuple[Numbers, NDArray[np.int8], NDArray[np.int32]]:
    """Solve every draw of a large game; arguments as in :func:`parley.solve.followed.follow_chunk`.

    Returns
    -------
    Strategies ``[action, draw]``, statuses, sweeps.
    """
    draws = precision.shape[1]
    strategy = np.empty((large.game.actions, draws))
    status, sweeps = np.empty(draws, dtype=np.int8), np.empty(draws, dtype=np.int32)
    for draw in range(draws):
        strategy[:, draw], status[draw], sweeps[draw] = large.solve(
            np.ascontiguousarray(chance[:, draw]),
            np.ascontiguousarray(payoff[:, :, draw]),
            np.ascontiguousarray(precision[:, draw]),
            concept,
            None if start is None else np.ascontiguousarray(start[:, draw]),
        )
    return strategy, status, sweeps
