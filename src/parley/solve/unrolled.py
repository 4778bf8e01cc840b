"""A solved game as a tree, for a picture: one node for each history, those that play reaches most.

What lives here: the tree as plain data with labels. What may not: layout.

A compiled game merges equal futures; in the tree every history has a node of its own, so the tree may be far
larger than the game. It is opened where play goes, until it is as large as a picture can be.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import CHANCE, TERMINAL, Game
from parley.solve.solution import Solution

__all__ = ["BRANCHES", "NODES", "tree_of"]

Numbers: TypeAlias = NDArray[np.float64]
Document: TypeAlias = dict[str, Any]

NODES = 60  # of a tree that one picture holds
BRANCHES = 8  # at one node; of more, the likeliest are shown and the others counted


@dataclass(slots=True)
class _Node:
    """A history: the node of the game that it leads to, how likely it is, what was paid on the way."""

    at: int
    label: str
    probability: float | None  # None at the start
    reach: float
    paid: Numbers
    others: int = 0  # branches that it stands for
    below: list[_Node] | None = field(default=None)


def tree_of(
    game: Game, chance: Numbers, payoff: Numbers, solution: Solution, draw: int = 0, most: int = NODES
) -> Document:
    """Describe a solved game as a tree.

    Parameters
    ----------
    game
        That was solved.
    chance, payoff
        ``[edge, draw]`` and ``[row, player, draw]``, as they were solved.
    solution
        Of as many draws.
    draw
        Which of them.
    most
        Nodes at most, two or more. The tree is opened where play is likeliest; the first node always is.

    Returns
    -------
    ``players`` by name; ``whole``, how many nodes the whole tree has; ``shown``, the chance that play stays
    within the part that is shown to the end; and ``nodes`` in the order of a walk down the first branch
    first, each with

    ``parent``
        Its place in the list, None for the first.
    ``kind``
        ``decision``, ``chance``, ``end``; ``more``, where the tree goes on; ``others``, which stands for
        several branches.
    ``action``, ``probability``
        How its parent's choice is called that leads to it, and how likely that is taken there.
    ``reach``
        How likely play comes to it.
    ``player``, ``move``, ``set``
        Of a decision: whose (by number), its name, and the number of its information set.
    ``name``, ``payoffs``
        Of an end: how the story or the file calls it, and what each player gets.

    Raises
    ------
    SolveError
        The draw has no solution, or the story has rounds without a last one and so no finite tree.

    Examples
    --------
    >>> import parley
    >>> from parley.solve.at import numbers_of
    >>> text = 'EFG 2 R "" { "us" } p "" 1 1 "act" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0'
    >>> game = parley.read_game("war.efg", text)
    >>> numbers = numbers_of(game)
    >>> found = tree_of(game, numbers.chance, numbers.payoff, parley.solve_at(game, 0))
    >>> [(node["kind"], node["action"], node["payoffs"]) for node in found["nodes"]]
    [('decision', '', None), ('end', 'go', [1.0]), ('end', 'stay', [0.0])]
    """
    if game.loop is not None:
        raise SolveError("a story with rounds without a last one has no finite tree to draw")
    if not bool(np.isfinite(solution.strategy[:, draw]).all()):
        raise SolveError(f"draw {draw} has no solution, so there are no probabilities to draw")
    opening = _Opening(game, chance[:, draw], payoff[:, :, draw], solution.strategy[:, draw])
    root, shown = opening.opened(most)
    nodes: list[Document] = []
    _listed(opening, root, None, nodes)
    return {"players": list(game.players), "whole": _size(game), "shown": shown, "nodes": nodes}


class _Opening:
    """Opens nodes, the likeliest first."""

    def __init__(self, game: Game, chance: Numbers, payoff: Numbers, strategy: Numbers) -> None:
        self.game = game
        self.payoff = payoff
        decides = game.edge_action >= 0
        self.share = np.where(decides, strategy[np.maximum(game.edge_action, 0)], chance)

    def opened(self, most: int) -> tuple[_Node, float]:
        """Open nodes until there are so many; return the first and the chance to stay within them."""
        root = _Node(0, "", None, 1.0, np.zeros(self.payoff.shape[1]))
        waiting = [(-1.0, 0, root)]
        count, number = 1, 0
        while waiting:
            _, _, node = heapq.heappop(waiting)
            below = self.branches(node)
            if number and count + len(below) > most:
                continue  # a smaller one may still fit
            node.below = below
            count += len(below)
            for each in below:
                number += 1
                if not each.others and self.game.node_kind[each.at] != TERMINAL:
                    heapq.heappush(waiting, (-each.reach, number, each))
        return root, math.fsum(each.reach for each in _ends(root) if self.kind(each) == "end")

    def branches(self, node: _Node) -> list[_Node]:
        """Return what may follow a node: the likeliest branches, and one for all others of many."""
        game = self.game
        edges = range(*game.node_first_edge[node.at : node.at + 2].tolist())
        kept = set(edges)
        if len(edges) > BRANCHES:
            ranked = sorted(edges, key=lambda edge: (-self.share[edge], edge))
            kept = set(ranked[: BRANCHES - 1])
        found = []
        for edge in edges:
            if edge in kept:
                share = float(self.share[edge])
                paid = node.paid + self.payoff[game.edge_payoff[edge]]
                child = int(game.edge_child[edge])
                found.append(_Node(child, game.edge_label[edge], share, node.reach * share, paid))
        if len(kept) < len(edges):
            left = len(edges) - len(kept)
            share = math.fsum(float(self.share[edge]) for edge in edges if edge not in kept)
            found.append(_Node(-1, f"{left} others", share, node.reach * share, node.paid, left))
        return found

    def kind(self, node: _Node) -> str:
        if node.others:
            return "others"
        if self.game.node_kind[node.at] == TERMINAL:
            return "end"
        if node.below is None:
            return "more"
        return "chance" if self.game.node_kind[node.at] == CHANCE else "decision"

    def described(self, node: _Node, parent: int | None) -> Document:
        game, kind = self.game, self.kind(node)
        infoset = int(game.node_infoset[node.at]) if kind in ("decision", "more") else -1
        found: Document = {
            "parent": parent,
            "kind": kind,
            "action": node.label,
            "probability": node.probability,
            "reach": node.reach,
            "player": int(game.infoset_player[infoset]) if infoset >= 0 else None,
            "move": game.infoset_move[infoset] if infoset >= 0 else "",
            "set": infoset if infoset >= 0 else None,
            "name": "",
            "payoffs": None,
        }
        if kind in ("chance", "more") and infoset < 0:
            found["move"] = game.chance_label[node.at]
        if kind == "end":
            total = node.paid + self.payoff[game.node_payoff[node.at]]
            found["payoffs"] = [float(each) for each in total]
            found["name"] = self.ending(node.at)
        return found

    def ending(self, node: int) -> str:
        game = self.game
        if game.origin is not None:
            return game.origin.node_outcome[node] or game.origin.node_name[node]
        return str(game.environment[node]["outcome"]) if node in game.environment else ""


def _listed(opening: _Opening, root: _Node, parent: int | None, nodes: list[Document]) -> None:
    """List a node and all below it, the first branch first; without recursion, as games may be deep."""
    waiting: list[tuple[_Node, int | None]] = [(root, parent)]
    while waiting:
        node, above = waiting.pop()
        nodes.append(opening.described(node, above))
        place = len(nodes) - 1
        waiting += [(each, place) for each in reversed(node.below or [])]


def _ends(root: _Node) -> list[_Node]:
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        if node.below is None:
            found.append(node)
        else:
            waiting += node.below
    return found


def _size(game: Game) -> int:
    """Count the histories of a game."""
    paths = [0] * game.nodes
    paths[0] = 1
    first, child = game.node_first_edge.tolist(), game.edge_child.tolist()
    for node in range(game.nodes):
        for edge in range(first[node], first[node + 1]):
            paths[child[edge]] += paths[node]
    return sum(paths)
