"""What the best plan for all rounds of an endless story would add to a player's payoff.

What lives here: policy improvement in plain NumPy. What may not: equilibria; the independent check, which is
:mod:`parley.solve.verify_loops`.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game
from parley.game.rounds import filled, rounds, values

__all__ = ["gains_over_rounds"]

Numbers: TypeAlias = NDArray[np.float64]

REPLIES = 100  # improvements of a best reply


def gains_over_rounds(game: Game, shares: Numbers, payoff: Numbers, value: Numbers) -> Numbers:
    """Return what each player's best reply, in all rounds, adds to its payoff, ``[player, draw]``.

    Found by policy improvement: the best reply in one round at the values of the reply so far, until none is
    better (Howard, Dynamic Programming and Markov Processes, 1960).

    Parameters
    ----------
    game
        With a loop.
    shares, payoff, value
        ``[edge, draw]``, ``[row, player, draw]``, and the values of ``shares``, ``[begin, player, draw]``.
    """
    gain = np.zeros((len(game.players), shares.shape[1]))
    for player in range(len(game.players)):
        best = value.copy()
        going = np.arange(shares.shape[1])
        for _ in range(REPLIES):
            if not len(going):
                break
            paid, others = payoff[:, :, going], shares[:, going]
            full = filled(game, paid, best[:, :, going])
            reply = _reply(game, others, full[:, player], player)
            with np.errstate(all="ignore"):
                now = values(game, rounds(game, reply, paid), paid)
                better = now[:, player] - best[:, player, going]
                slack = 1e-13 * np.maximum(np.abs(now[:, player]), np.abs(best[:, player, going]))
            improved = np.flatnonzero(np.any(better > slack, axis=0))
            best[:, :, going[improved]] = now[:, :, improved]
            going = going[improved]
        gain[player] = best[0, player] - value[0, player]
    return gain


def _reply(game: Game, shares: Numbers, payoff: Numbers, player: int) -> Numbers:
    """Let a player reply for certain to others in one round: ``[edge, draw]``, ties to the first."""
    first, child = game.node_first_edge.tolist(), game.edge_child.tolist()
    mine = shares.copy()
    own = np.isin(np.arange(game.nodes), _nodes_of(game, player))
    mine[np.repeat(own, np.diff(game.node_first_edge))] = 1.0
    reached = np.zeros((game.nodes, shares.shape[1]))
    reached[0] = 1.0
    for node in range(game.nodes):
        for edge in range(first[node], first[node + 1]):
            reached[child[edge]] += reached[node] * mine[edge]
    reply = shares.copy()
    worth = np.zeros_like(reached)
    decided: set[int] = set()
    for node in range(game.nodes - 1, -1, -1):
        infoset = int(game.node_infoset[node])
        if own[node] and infoset not in decided:
            decided.add(infoset)
            _decide(game, infoset, reached, worth, payoff, reply)
        total = payoff[game.node_payoff[node]].copy()
        for edge in range(first[node], first[node + 1]):
            total += reply[edge] * (worth[child[edge]] + payoff[game.edge_payoff[edge]])
        worth[node] = total
    return reply


def _nodes_of(game: Game, player: int) -> NDArray[np.intp]:
    sets = np.flatnonzero(game.infoset_player == player)
    return np.flatnonzero(np.isin(game.node_infoset, sets))


def _decide(
    game: Game, infoset: int, reached: Numbers, worth: Numbers, payoff: Numbers, reply: Numbers
) -> None:
    nodes = game.infoset_node[game.infoset_first_node[infoset] : game.infoset_first_node[infoset + 1]]
    first = game.node_first_edge
    actions = int(game.infoset_first_action[infoset + 1] - game.infoset_first_action[infoset])
    best = choice = np.zeros(reached.shape[1])
    for action in range(actions):
        total = np.zeros(reached.shape[1])
        for node in nodes:
            edge = first[node] + action
            total += reached[node] * (worth[game.edge_child[edge]] + payoff[game.edge_payoff[edge]])
        better = total > best if action else np.ones(len(total), dtype=bool)
        best, choice = np.where(better, total, best), np.where(better, float(action), choice)
    for node in nodes:
        for action in range(actions):
            reply[first[node] + action] = choice == action
