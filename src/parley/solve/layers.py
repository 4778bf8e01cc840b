"""Passes over a game in which all nodes of one layer are done at once.

What lives here: reach and expected payoffs for many columns of numbers, real or complex. What may not:
equilibria.

A game of thousands of nodes has few layers, so that NumPy does the work and not the loop. Complex numbers
pass through, by which derivatives are taken without a step size (Squire, W. & Trapp, G. 1998, Using complex
variables to estimate derivatives of real functions, SIAM Review 40, 110-112).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game

__all__ = ["Layers", "Numbers", "grouped"]

Numbers: TypeAlias = NDArray[Any]  # float64 or complex128
Group: TypeAlias = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]


class Layers:
    """The edges of a game, layer by layer, from the root and from the endings."""

    def __init__(self, game: Game) -> None:
        self.game = game
        first = game.node_first_edge.tolist()
        children = game.edge_child.tolist()
        self.parent = np.repeat(np.arange(game.nodes), np.diff(game.node_first_edge))
        self.child = game.edge_child.astype(np.intp)
        self.decides = game.edge_action >= 0
        self.member_set = np.repeat(np.arange(game.infosets), np.diff(game.infoset_first_node))
        at = np.zeros(game.nodes, dtype=np.intp)
        at[game.infoset_node] = np.arange(len(game.infoset_node))
        own = np.flatnonzero(self.decides)
        self.own_edges = own[np.argsort(game.edge_action[own], kind="stable")]  # sorted by action
        self.own_member = at[self.parent[self.own_edges]]
        taken = game.edge_action[self.own_edges]
        self._own_actions, self._own_first = np.unique(taken, return_index=True)
        depth, height = [0] * game.nodes, [0] * game.nodes
        for node in range(game.nodes):
            for child in children[first[node] : first[node + 1]]:
                depth[child] = max(depth[child], depth[node] + 1)
        for node in range(game.nodes - 1, -1, -1):
            below = children[first[node] : first[node + 1]]
            height[node] = 1 + max((height[child] for child in below), default=-1)
        self._down = grouped(self.child, np.array(depth))
        self._up = grouped(self.parent, np.array(height))

    def shares(self, strategy: Numbers, chance: Numbers) -> Numbers:
        """Return the probability of every edge, ``[edge, column]``, from ``[action, column]``."""
        share = np.array(np.broadcast_to(chance, (self.game.edges, strategy.shape[1])), strategy.dtype)
        share[self.decides] = strategy[self.game.edge_action[self.decides]]
        return share

    def reach(self, share: Numbers) -> Numbers:
        """Return the realisation probability of every node, ``[node, column]``."""
        found = np.zeros((self.game.nodes, share.shape[1]), share.dtype)
        found[0] = 1.0
        for edges, nodes, starts in self._down:
            found[nodes] = np.add.reduceat(found[self.parent[edges]] * share[edges], starts, axis=0)
        return found

    def values(self, share: Numbers, payoff: Numbers) -> Numbers:
        """Return expected payoffs ``[node, player, column]``; ``payoff [row, player, column]`` broadcasts."""
        game = self.game
        shape = (game.nodes, payoff.shape[1], share.shape[1])
        found = np.array(np.broadcast_to(payoff[game.node_payoff], shape), share.dtype)
        for edges, nodes, starts in self._up:
            ahead = found[self.child[edges]] + payoff[game.edge_payoff[edges]]
            found[nodes] += np.add.reduceat(share[edges][:, None] * ahead, starts, axis=0)
        return found

    def beliefs(self, reach: Numbers) -> Numbers:
        """Return Bayes' beliefs ``[member, column]``; NaN where nothing leads to the set."""
        arrival = reach[self.game.infoset_node]
        if not len(arrival):
            return arrival
        total = np.add.reduceat(arrival, self.game.infoset_first_node[:-1], axis=0)
        with np.errstate(all="ignore"):
            return np.asarray(arrival / total[self.member_set])

    def worths(self, value: Numbers, belief: Numbers, payoff: Numbers) -> Numbers:
        """Return what each action brings its player, ``[action, column]``."""
        game, edges = self.game, self.own_edges
        found = np.zeros((game.actions, value.shape[2]), value.dtype)
        if not len(edges):
            return found
        player = game.infoset_player[self.member_set[self.own_member]]
        ahead = value[self.child[edges], player] + payoff[game.edge_payoff[edges], player]
        by_edge = belief[self.own_member] * ahead
        found[self._own_actions] = np.add.reduceat(by_edge, self._own_first, axis=0)
        return found


def grouped(of: NDArray[np.signedinteger], rank: NDArray[np.intp]) -> list[Group]:
    """Group edges by the rank of the node ``of[edge]``, lowest first: edges, nodes, where each node's begin.

    Examples
    --------
    >>> [[part.tolist() for part in each] for each in grouped(np.array([1, 2, 1]), np.array([0, 1, 2]))]
    [[[0, 2], [1], [0]], [[1], [2], [0]]]
    """
    order = np.lexsort((of, rank[of]))
    found: list[Group] = []
    ranks = rank[of][order]
    for begin, end in _runs(ranks):
        edges = order[begin:end]
        nodes, starts = np.unique(of[edges], return_index=True)
        found.append((edges, nodes.astype(np.intp), starts))
    return found


def _runs(values: NDArray[np.intp]) -> list[tuple[int, int]]:
    cuts = np.flatnonzero(np.diff(values)) + 1
    bounds = [0, *cuts.tolist(), len(values)]
    return list(pairwise(bounds)) if len(values) else []
