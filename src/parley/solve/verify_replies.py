"""Replies to given behaviour checked again, in plain NumPy.

What lives here: how far each level of a level-k answer is from a reply to the level below. What may not:
anything that the replies were computed with.

A pass over a game takes all nodes of one height, or one depth, at once.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game

__all__ = ["verify_replies"]

Integers: TypeAlias = NDArray[np.signedinteger]
Numbers: TypeAlias = NDArray[np.float64]

NEVER = 1e-250  # a set that is reached with less counts as never reached
LEAST = float(np.finfo(float).tiny)  # a probability below has no log-odds to speak of


def verify_replies(
    game: Game,
    chance: Numbers,
    payoff: Numbers,
    stake: Numbers,
    levels: Numbers,
    precision: Numbers | None = None,
) -> Numbers:
    """Compute by how much the levels of an answer miss being replies to the level below each.

    Parameters
    ----------
    game
        The structure.
    chance
        ``[edge, draw]``; ignored on decision edges.
    payoff
        ``[row, player, draw]`` in the author's units.
    stake
        ``[player, draw]``.
    levels
        ``[level, action, draw]``: behaviour of levels 0, 1 ...
    precision
        ``[player, draw]`` lambda per payoff unit of logit replies; None: best replies.

    Returns
    -------
    ``[draw]``, the largest miss over levels and information sets. Of logit replies: of the equation
    ln p_a - ln p_0 = lambda (U_a - U_0), relative to max(1, |ln p_a - ln p_0|); of best replies: of the best
    action's worth, in stakes. Worth is what the player expects from its own replies at its later sets and
    the others' behaviour one level below, given that chance and they lead to the set (and itself, as one
    level below, if its recall is imperfect); where they do not, as the highest lower level leads there;
    where none does, with all nodes of the set alike.

    Examples
    --------
    >>> import numpy as np
    >>> from parley.game.efg_reader import read_efg
    >>> game = read_efg('EFG 2 R "" { "us" } p "" 1 1 "" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0')
    >>> payoff = np.array([[[0.0]], [[1.0]]])
    >>> levels = np.array([[[0.5], [0.5]], [[0.25], [0.75]]])  # level 1 stays with chance 0.75
    >>> verify_replies(game, np.ones((2, 1)), payoff, np.ones((1, 1)), levels).tolist()
    [0.75]
    """
    draws = levels.shape[2]
    worst = np.zeros(draws)
    if not game.infosets:
        return worst
    check = _Check(game, chance, payoff)
    arrivals = [check.arrival(behaviour) for behaviour in levels[:-1]]
    for k in range(1, len(levels)):
        weight = check.weights(arrivals[:k])
        for player in range(len(game.players)):
            share = check.share(levels[k - 1], player, levels[k])
            worth, edges, owner = check.worth(player, share, weight)
            if not len(edges):
                continue
            likely = levels[k][edges]
            if precision is None:
                miss = (_largest(worth, owner) - _totals(likely * worth, owner)) / stake[player]
            else:
                miss = _logit_miss(likely, precision[player] * worth, owner)
            worst = np.maximum(worst, miss.max(axis=0))
    return worst


class _Check:
    """Passes over a game for all draws."""

    def __init__(self, game: Game, chance: Numbers, payoff: Numbers) -> None:
        self.game, self.chance, self.payoff = game, chance, payoff
        count = np.diff(game.node_first_edge)
        self.parent = np.repeat(np.arange(game.nodes), count)
        self.child = game.edge_child.astype(np.intp)
        self.decides = game.edge_action >= 0
        self.owner = np.full(game.edges, -1)  # [edge] who decides there
        infoset = game.node_infoset[self.parent]
        self.owner[self.decides] = game.infoset_player[infoset[self.decides]]
        height, depth = np.zeros(game.nodes, dtype=np.intp), np.zeros(game.nodes, dtype=np.intp)
        for node in range(game.nodes - 1, -1, -1):
            below = height[self.child[game.node_first_edge[node] : game.node_first_edge[node + 1]]]
            height[node] = below.max(initial=-1) + 1
        for node in range(game.nodes):
            after = self.child[game.node_first_edge[node] : game.node_first_edge[node + 1]]
            np.maximum.at(depth, after, depth[node] + 1)
        self.up = [_grouped(self.parent, height, each) for each in range(1, int(height.max()) + 1)]
        self.down = [_grouped(self.child, depth, each) for each in range(1, int(depth.max()) + 1)]
        self.set_of = np.repeat(np.arange(game.infosets), np.diff(game.infoset_first_node))

    def share(self, others: Numbers, player: int = -1, own: Numbers | None = None) -> Numbers:
        """Compute the chance of each edge, [edge, draw]: ``player`` behaves as ``own`` says."""
        share = self.chance.copy()
        share[self.decides] = others[self.game.edge_action[self.decides]]
        if own is not None:
            mine = self.owner == player
            share[mine] = own[self.game.edge_action[mine]]
        return share

    def arrival(self, behaviour: Numbers) -> Numbers:
        """Compute with what chance nature and the others lead to a player's node, [node, draw]."""
        share = self.share(behaviour)
        found = np.zeros((self.game.nodes, share.shape[1]))
        for player, remembers in enumerate(self.game.perfect_recall):
            led = np.where((self.owner == player)[:, None], 1.0, share) if remembers else share
            reach = np.zeros_like(found)
            reach[0] = 1.0
            for edges, nodes, starts in self.down:
                reach[nodes] = np.add.reduceat(reach[self.parent[edges]] * led[edges], starts, axis=0)
            mine = np.isin(self.game.node_infoset, np.flatnonzero(self.game.infoset_player == player))
            found[mine] = reach[mine]
        return found

    def weights(self, arrivals: list[Numbers]) -> Numbers:
        """Weigh the nodes of each set as the highest level that leads there does, [node of a set, draw]."""
        members, first = self.game.infoset_node, self.game.infoset_first_node[:-1]
        weight = np.ones((len(members), arrivals[0].shape[1]))
        for arrival in arrivals:
            here = arrival[members]
            reached = np.maximum.reduceat(here, first, axis=0) > NEVER
            weight = np.where(reached[self.set_of], here, weight)
        return weight / np.add.reduceat(weight, first, axis=0)[self.set_of]

    def worth(self, player: int, share: Numbers, weight: Numbers) -> tuple[Numbers, Integers, Integers]:
        """Compute what each action of a player is worth, ``[own action, draw]``, which and of which set."""
        game = self.game
        paid = self.payoff[game.edge_payoff, player]
        value = self.payoff[game.node_payoff, player]
        for edges, nodes, starts in self.up:
            ahead = share[edges] * (value[self.child[edges]] + paid[edges])
            value[nodes] += np.add.reduceat(ahead, starts, axis=0)
        at = np.empty(game.nodes, dtype=np.intp)
        at[game.infoset_node] = np.arange(len(game.infoset_node))
        edges = np.flatnonzero(self.owner == player)
        edges = edges[np.argsort(game.edge_action[edges], kind="stable")]
        actions, starts = np.unique(game.edge_action[edges], return_index=True)
        if not len(edges):
            return np.empty((0, share.shape[1])), actions, actions
        ahead = weight[at[self.parent[edges]]] * (value[self.child[edges]] + paid[edges])
        owner = np.searchsorted(game.infoset_first_action, actions, side="right") - 1
        return np.asarray(np.add.reduceat(ahead, starts, axis=0)), actions, owner


def _grouped(of: Integers, rank: Integers, wanted: int) -> tuple[Integers, Integers, Integers]:
    """Return the edges at nodes of one rank, those nodes, and where each node's edges begin."""
    edges = np.flatnonzero(rank[of] == wanted)
    edges = edges[np.argsort(of[edges], kind="stable")]
    nodes, starts = np.unique(of[edges], return_index=True)
    return edges, nodes, starts


def _totals(values: Numbers, owner: Integers) -> Numbers:
    """Sum ``[action, draw]`` by information set."""
    return np.asarray(np.add.reduceat(values, _starts(owner), axis=0))


def _largest(values: Numbers, owner: Integers) -> Numbers:
    return np.asarray(np.maximum.reduceat(values, _starts(owner), axis=0))


def _starts(owner: Integers) -> Integers:
    return np.unique(owner, return_index=True)[1]


def _logit_miss(likely: Numbers, scaled: Numbers, owner: Integers) -> Numbers:
    """Miss of the log-odds, [action, draw]; ``scaled`` is worth times precision."""
    first = _starts(owner)[np.searchsorted(np.unique(owner), owner)]
    odds = np.log(np.maximum(likely, LEAST))
    odds = odds - odds[first]
    wanted = scaled - scaled[first]
    # where a probability is too small to be a number, being smaller still is no fault
    wanted = np.where(likely < LEAST, np.maximum(wanted, odds), wanted)
    wanted = np.where(likely[first] < LEAST, np.minimum(wanted, odds), wanted)
    return np.asarray(np.abs(odds - wanted) / np.maximum(1.0, np.abs(odds)))
