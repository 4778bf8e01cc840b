"""Backward induction, with ties as the limit of logit responses breaks them.

What lives here: games in which nobody's belief hangs on anybody's choice. What may not: all others.

Where no choice moves the relative chances of the nodes of an information set, a logit equilibrium is found
in one sweep from the endings. As precision grows, an action that is worse by a fixed amount vanishes
exponentially, and what it does to the worth of earlier actions vanishes with it, faster than precision
grows. So the limit takes the best action for certain, and actions that are worth the same share equally.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parley.game.model import DECISION, Game
from parley.solve.layers import Layers, grouped

__all__ = ["Induction"]

Floats = NDArray[np.float64]

TIE = 5e-13  # of the stake, up to which actions are worth the same
ROUNDING = 32 * float(np.finfo(float).eps)  # and of the largest payoff
ROOM = 1 << 22  # numbers in the largest array


class Induction:
    """The order in which a game's information sets are decided, if there is one.

    ``possible`` says whether there is: no belief hangs on a choice, and no two sets wait for each other.
    """

    def __init__(self, game: Game, layers: Layers) -> None:
        self.game, self.layers = game, layers
        self.stages = _stages(game) if not _beliefs_hang_on_choices(game) else None
        self.possible = self.stages is not None

    def strategy(self, chance: Floats, payoff: Floats, stake: Floats) -> Floats:
        """Return the limit ``[action, draw]``; arguments as of :func:`parley.solve.limit`."""
        game = self.game
        draws = payoff.shape[2]
        found = np.empty((game.actions, draws))
        size = max(game.nodes, game.edges, 1) * len(game.players)
        wide = max(1, ROOM // size)
        for begin in range(0, draws, wide):
            part = slice(begin, begin + wide)
            found[:, part] = self._part(chance[:, part], payoff[:, :, part], stake[:, part])
        return found

    def _part(self, chance: Floats, payoff: Floats, stake: Floats) -> Floats:
        game, layers = self.game, self.layers
        assert self.stages is not None
        draws = payoff.shape[2]
        certain = np.where(layers.decides[:, None], 1.0, chance)
        belief = layers.beliefs(layers.reach(certain))
        # chance never leads there: as likely one node as the other
        members = np.diff(game.infoset_first_node)[layers.member_set]
        belief = np.where(np.isnan(belief), 1.0 / members[:, None], belief)
        near = TIE * stake + ROUNDING * np.abs(payoff).max(axis=0, initial=0.0)
        weight = np.zeros((game.nodes, draws))
        weight[game.infoset_node] = belief
        share = certain.copy()
        strategy = np.zeros((game.actions, draws))
        value = payoff[game.node_payoff].copy()
        for edges, nodes, starts in self.stages:
            ahead = value[layers.child[edges]] + payoff[game.edge_payoff[edges]]
            mine = layers.decides[edges]
            if mine.any():
                self._decide(edges[mine], ahead[mine], weight, near, strategy)
                share[edges[mine]] = strategy[game.edge_action[edges[mine]]]
            value[nodes] += np.add.reduceat(share[edges][:, None] * ahead, starts, axis=0)
        return strategy

    def _decide(
        self, edges: NDArray[np.intp], ahead: Floats, weight: Floats, near: Floats, strategy: Floats
    ) -> None:
        """Decide the sets of one stage, of which ``edges`` are all edges."""
        game = self.game
        parent = self.layers.parent[edges]
        infoset = game.node_infoset[parent]
        player = game.infoset_player[infoset]
        own = ahead[np.arange(len(edges)), player] * weight[parent]
        order = np.argsort(game.edge_action[edges], kind="stable")
        actions, first = np.unique(game.edge_action[edges][order], return_index=True)
        worth = np.add.reduceat(own[order], first, axis=0)
        owner = np.searchsorted(game.infoset_first_action, actions, side="right") - 1
        sets, starts = np.unique(owner, return_index=True)
        count = np.diff([*starts.tolist(), len(actions)])
        best = np.maximum.reduceat(worth, starts, axis=0)
        slack = near[game.infoset_player[sets]]
        used = worth >= np.repeat(best - slack, count, axis=0)
        number = np.add.reduceat(used.astype(float), starts, axis=0)
        strategy[actions] = used / np.repeat(number, count, axis=0)


def _beliefs_hang_on_choices(game: Game) -> bool:
    """Whether a choice lies on some ways to a set and not on all.

    Sets of bits over actions: ``some`` on some path to a node, ``every`` on all paths; of those nodes alone
    that lead to a set of several.
    """
    first, children = game.node_first_edge.tolist(), game.edge_child.tolist()
    action, kind, infoset = game.edge_action.tolist(), game.node_kind.tolist(), game.node_infoset.tolist()
    begin, nodes = game.infoset_first_node.tolist(), game.infoset_node.tolist()
    choices = np.diff(game.infoset_first_action).tolist()
    several = [h for h in range(game.infosets) if begin[h + 1] - begin[h] > 1 and choices[h] > 1]
    if not several:
        return False
    leads = [False] * game.nodes
    for h in several:
        for node in nodes[begin[h] : begin[h + 1]]:
            leads[node] = True
    for node in range(game.nodes - 1, -1, -1):
        leads[node] = leads[node] or any(leads[child] for child in children[first[node] : first[node + 1]])
    some, every = [0] * game.nodes, [-1] * game.nodes
    every[0] = 0
    for node in range(game.nodes):
        if not leads[node]:
            continue
        chooses = kind[node] == DECISION and choices[infoset[node]] > 1
        for edge in range(first[node], first[node + 1]):
            if leads[children[edge]]:
                bit = 1 << action[edge] if chooses else 0
                some[children[edge]] |= some[node] | bit
                every[children[edge]] &= every[node] | bit
    for h in several:
        union, common = 0, -1
        for node in nodes[begin[h] : begin[h + 1]]:
            union |= some[node]
            common &= every[node]
        if union & ~common:
            return True
    return False


def _stages(
    game: Game,
) -> list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]] | None:
    """Put nodes into stages from the endings, those of a set together; None where sets wait for each other.

    Of each stage: the edges, the nodes they belong to, where each node's edges begin.
    """
    unit = np.arange(game.nodes)
    decisions = game.node_infoset >= 0
    unit[decisions] = game.nodes + game.node_infoset[decisions]
    parent = unit[np.repeat(np.arange(game.nodes), np.diff(game.node_first_edge))].tolist()
    child = unit[game.edge_child].tolist()
    waits = [0] * (game.nodes + game.infosets)
    above: list[list[int]] = [[] for _ in waits]
    for upper, lower in zip(parent, child, strict=True):
        waits[upper] += 1
        above[lower].append(upper)
    stage = [0] * len(waits)
    present = sorted(set(unit.tolist()))
    ready = [each for each in present if not waits[each]]
    done = 0
    while ready:
        each = ready.pop()
        done += 1
        for upper in above[each]:
            stage[upper] = max(stage[upper], stage[each] + 1)
            waits[upper] -= 1
            if not waits[upper]:
                ready.append(upper)
    if done < len(present):
        return None
    of = np.repeat(np.arange(game.nodes), np.diff(game.node_first_edge))
    return grouped(of, np.array(stage)[unit])
