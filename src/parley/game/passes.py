"""Passes over a game in plain NumPy: realisation probabilities, expected payoffs, ranges of payoffs.

What lives here: measurement that needs no solver and shares no code with one. What may not: compiled kernels.

Arrays: ``chance[edge, draw]`` (of decision edges ignored), ``strategy[action, draw]``,
``payoff[row, player, draw]``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game

__all__ = ["collected", "edge_shares", "expected", "ranges", "reach"]

Values = NDArray[np.float64]


def edge_shares(game: Game, chance: Values, strategy: Values) -> Values:
    """Return ``[edge, draw]``: the probability that each edge is taken, given that its node is reached."""
    shares = np.array(chance)
    decision = game.edge_action >= 0
    shares[decision] = strategy[game.edge_action[decision]]
    return shares


def reach(game: Game, shares: Values) -> Values:
    """Return the realisation probability of every node.

    Parameters
    ----------
    game
        The arrays.
    shares
        ``[edge, draw]`` from :func:`edge_shares`.

    Returns
    -------
    ``[node, draw]``.

    Examples
    --------
    >>> import numpy as np, parley
    >>> game = parley.compile(parley.load("which-event-first"))
    >>> even = np.zeros((game.edges, 1))
    >>> parent = np.repeat(np.arange(game.nodes), np.diff(game.node_first_edge))
    >>> even[:, 0] = 1 / np.diff(game.node_first_edge)[parent]
    >>> round(float(reach(game, even)[game.node_kind == 0].sum()), 12)
    1.0
    """
    found = np.zeros((game.nodes, shares.shape[1]))
    found[0] = 1.0
    first, child = game.node_first_edge.tolist(), game.edge_child.tolist()
    for node in range(game.nodes):
        for edge in range(first[node], first[node + 1]):
            found[child[edge]] += found[node] * shares[edge]
    return found


def expected(game: Game, shares: Values, payoff: Values) -> Values:
    """Return every player's expected payoff, ``[player, draw]``."""
    values = np.zeros((game.nodes, *payoff.shape[1:]))
    first, child = game.node_first_edge.tolist(), game.edge_child.tolist()
    edge_row, node_row = game.edge_payoff.tolist(), game.node_payoff.tolist()
    for node in reversed(range(game.nodes)):
        if node_row[node]:
            values[node] = payoff[node_row[node]]
        for edge in range(first[node], first[node + 1]):
            ahead = values[child[edge]]
            if edge_row[edge]:
                ahead = ahead + payoff[edge_row[edge]]
            values[node] += shares[edge] * ahead
    return np.asarray(values[0])


def collected(game: Game, shares: Values, reached: Values, payoff: Values) -> Values:
    """Return ``[node, draw]``: realisation probability times payoff collected up to and at each node.

    Parameters
    ----------
    shares, reached
        From :func:`edge_shares` and :func:`reach`.
    payoff
        ``[row, draw]`` of one player.
    """
    found = np.zeros_like(reached)
    for node in range(game.nodes):
        for edge in range(int(game.node_first_edge[node]), int(game.node_first_edge[node + 1])):
            row = game.edge_payoff[edge]
            step = found[node] if row == 0 else found[node] + reached[node] * payoff[row]
            found[game.edge_child[edge]] += shares[edge] * step
        row = game.node_payoff[node]
        if row:
            found[node] += reached[node] * payoff[row]
    return found


def ranges(game: Game, payoff: Values) -> Values:
    """Return each player's largest minus smallest total payoff over all paths, ``[player, draw]``.

    Probabilities are ignored: a path counts however unlikely it is. A player to whom nothing matters has
    the range 1, so that one may divide by it.
    """
    if game.loop is not None:
        from parley.game.rounds import ranges_over_rounds

        return ranges_over_rounds(game, payoff)
    low = np.zeros((game.nodes, *payoff.shape[1:]))
    high = np.zeros_like(low)
    for node in reversed(range(game.nodes)):
        edges = range(int(game.node_first_edge[node]), int(game.node_first_edge[node + 1]))
        if not edges:
            low[node] = high[node] = payoff[game.node_payoff[node]]
            continue
        lows = [low[game.edge_child[edge]] + payoff[game.edge_payoff[edge]] for edge in edges]
        highs = [high[game.edge_child[edge]] + payoff[game.edge_payoff[edge]] for edge in edges]
        low[node], high[node] = np.minimum.reduce(lows), np.maximum.reduce(highs)
    span = high[0] - low[0]
    return np.asarray(np.where(span == 0, 1.0, span))
