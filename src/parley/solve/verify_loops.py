"""Certificates of stories with rounds without a last one, computed again in plain NumPy.

What lives here: values of rounds from the stored strategies by LAPACK, their residual, and what a best reply
in all rounds gains. What may not: anything that the solver computes with; this module shares no code with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game, Loop

__all__ = ["RoundsChecked", "sound_discounts"]

Numbers: TypeAlias = NDArray[np.float64]

REPLIES = 200  # improvements of a best reply
BETTER = 1e-12  # relative gain in a value below which a reply is as good as another


class Checker(Protocol):
    """Certificates of one finite game, of some draws."""

    value: Numbers  # [node, player, draw]
    steepest: Numbers  # [draw]

    def residual(self) -> Numbers:
        """Largest relative miss of the quantal-response equation, [draw]."""
        ...

    def reply(self, player: int) -> tuple[Numbers, Numbers]:
        """Best reply of a player: shares ``[edge, draw]``, its values ``[node, draw]``."""
        ...


def sound_discounts(loop: Loop, payoff: Numbers) -> NDArray[np.bool_]:
    """Find the draws whose discounts are from 0 to below 1, [draw]; ``payoff`` is ``[row, player, draw]``."""
    discount = payoff[loop.discount_row]
    with np.errstate(invalid="ignore"):
        return np.asarray(((discount >= 0.0) & (discount < 1.0)).all(axis=0))


class RoundsChecked:
    """Certificates of a game with rounds without a last one, of some draws.

    Parameters
    ----------
    game
        With a loop.
    chance, payoff, precision, strategy
        As for :func:`parley.solve.verify.verify`.
    fixed
        Information sets that keep their mix in replies, for each player.
    checking
        Makes the checker of one round, a finite game, from game, chance, payoff, precision, strategy, fixed.

    Examples
    --------
    >>> import parley
    >>> from parley.solve import solve, tabulate
    >>> from parley.solve.verify import verify
    >>> text = '''
    ... parley: 1
    ... title: When to stop
    ... players: {a: A}
    ... story:
    ...   - repeat: forever
    ...     discount: 0.9
    ...     story:
    ...       - {player: a, move: act, options: [stay, leave]}
    ...       - {outcomes: {gone: act is leave}}
    ...       - {reward: {a: 1}}
    ... payoffs: {a: {gone: 5}}
    ... '''
    >>> scenario = parley.loads(text, "stop.yaml")
    >>> game, draws = parley.compile(scenario), parley.sample(scenario, 1)
    >>> numbers = tabulate(game, draws)
    >>> lam = numbers.precision / numbers.stake
    >>> verify(game, numbers.chance, numbers.payoff, lam, numbers.stake, solve(game, draws)).sound
    True
    """

    def __init__(
        self,
        game: Game,
        chance: Numbers,
        payoff: Numbers,
        precision: Numbers,
        strategy: Numbers,
        fixed: list[set[int]],
        checking: Callable[[Game, Numbers, Numbers, Numbers, Numbers, list[set[int]]], Checker],
    ) -> None:
        assert game.loop is not None
        self.loop, self.game = game.loop, replace(game, loop=None)
        self.bare = payoff.copy()
        self.discount = payoff[self.loop.discount_row].T  # [draw, player]
        for rows in (self.loop.entry_row, self.loop.return_row):
            self.bare[rows] = 0.0
        share = chance.copy()
        decisions = game.edge_action >= 0
        share[decisions] = strategy[game.edge_action[decisions]]
        self.worth = self.values(share)
        self.value = self.worth.transpose(1, 2, 0)  # [begin, player, draw]
        self.payoff = self.filled(self.worth)
        self._made = (checking, chance, precision, strategy, fixed)
        self.now = self.checker(self.payoff)

    def checker(self, payoff: Numbers) -> Checker:
        """Return the checker of one round at some payoffs."""
        checking, chance, precision, strategy, fixed = self._made
        return checking(self.game, chance, payoff, precision, strategy, fixed)

    def residual(self) -> Numbers:
        """Largest relative miss of the quantal-response equation, [draw]."""
        return self.now.residual()

    @property
    def steepest(self) -> Numbers:
        """By how much normal errors magnify rounding, [draw], once the residual is known."""
        return self.now.steepest

    def values(self, share: Numbers) -> Numbers:
        """Values from the start (first) and from each head state, ``[draw, begin, player]``."""
        heads, players, draws = self.loop.heads, len(self.game.players), share.shape[1]
        chance, pay = np.zeros((draws, 1 + heads, heads)), np.zeros((draws, 1 + heads, players))
        ends: list[int] = np.flatnonzero(self.loop.next_head >= 0).tolist()
        first, child = self.game.node_first_edge, self.game.edge_child
        for begin in range(1 + heads):
            reach = np.zeros((self.game.nodes, draws))
            reach[child[begin]] = 1.0
            pay[:, begin] += self.bare[self.game.edge_payoff[begin]].T
            for node in range(1, self.game.nodes):
                pay[:, begin] += (reach[node] * self.bare[self.game.node_payoff[node]]).T
                for edge in range(first[node], first[node + 1]):
                    along = reach[node] * share[edge]
                    reach[child[edge]] += along
                    pay[:, begin] += (along * self.bare[self.game.edge_payoff[edge]]).T
            for end in ends:
                chance[:, begin, self.loop.next_head[end]] += reach[end]
        value = np.empty((draws, 1 + heads, players))
        for player in range(players):
            matrix = np.eye(heads) - self.discount[:, player, None, None] * chance[:, 1:]
            value[:, 1:, player] = np.linalg.solve(matrix, pay[:, 1:, player, None])[..., 0]
            value[:, 0, player] = pay[:, 0, player] + (chance[:, 0] * value[:, 1:, player]).sum(axis=1)
        return value

    def filled(self, value: Numbers) -> Numbers:
        """Payoffs with the values of what comes after a round."""
        full = self.bare.copy()
        full[self.loop.entry_row] = value[:, 1:].transpose(1, 2, 0)
        full[self.loop.return_row] = (self.discount[:, None] * value[:, 1:]).transpose(1, 2, 0)
        return full

    def miss(self, stake: Numbers) -> Numbers:
        """By how much values miss their own equation, in stakes, [draw]."""
        worst = np.zeros(stake.shape[1])
        for edge in range(1, 1 + self.loop.heads):  # the root's edges are the first
            found = self.now.value[self.game.edge_child[edge]] + self.payoff[self.game.edge_payoff[edge]]
            worst = np.maximum(worst, (np.abs(found - self.value[edge]) / stake).max(axis=0))
        return worst

    def gain(self, player: int) -> Numbers:
        """Compute what the best reply of a player, in every round, adds to its payoff, [draw]."""
        best = self.worth.copy()
        for _ in range(REPLIES):
            replies, _ = self.checker(self.filled(best)).reply(player)
            now = self.values(replies)
            higher = now[..., player] - best[..., player]
            slack = BETTER * np.maximum(np.abs(now[..., player]), np.abs(best[..., player]))
            improved = (higher > slack).any(axis=1)
            if not improved.any():
                break
            best[improved] = now[improved]
        return np.asarray(best[:, 0, player] - self.worth[:, 0, player])
