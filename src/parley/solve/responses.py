"""The equations of an equilibrium with as few unknowns as may be, laid out for the kernels.

What lives here: which information sets are unknown, and the order in which all else follows from them. What
may not: arithmetic.

The response of an information set follows from the mixes of those that come after it (what an action is
worth) and of those that lead to its nodes (where it believes itself to be). Where that goes round in circles,
some sets are *free*: their log-odds are the unknowns, and every other set responds exactly. A game of perfect
information has no unknowns. Where they are few, all sets that are in circles are free: the equations are then
the least steep, and the steps converge from the furthest. Where they are many, only some are, by which every
circle is cut.

Steps, one row of ``Layout.steps`` each:

=======  =======================================================================================
VALUE    0, row, first term, end of terms, player; of a term: row of the child's value or -1, row of the
         share, payoff rows of edge and child, 1 where the share is a player's
REACH    1, row, first term, end of terms; of a term: row of the parent's reach, row of the share's logarithm
CHOICE   2, row of the first log-odds, first term, nodes, player, actions, first member or -1 where there is
         one node, 1 where the set is free; of a term, by node and action: row of the child's value or -1,
         payoff rows of edge and child
=======  =======================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import DECISION, TERMINAL, Game
from parley.solve.kernels.newton import CHOICE, REACH, VALUE, Desk, Layout
from parley.solve.order import arrange, cut, in_circles

__all__ = ["Responses", "responses"]

Numbers: TypeAlias = NDArray[np.float64]
Term: TypeAlias = tuple[int, int, int, int, int]

MOST = 100  # unknowns up to which nothing is eliminated


@dataclass(frozen=True, slots=True)
class Responses:
    """A layout, and where the numbers of a game go in it."""

    layout: Layout
    free: tuple[int, ...]  # information sets, in the order of the unknowns
    unknowns: int
    rows: int
    widest: int
    chance_row: int  # of the first chance; its logarithm lies as many rows on as there are chances
    chance_edge: NDArray[np.int32]  # [chance] edge
    idle: NDArray[np.int32]  # [action] of sets with one action

    def desk(self, players: int, payoffs: int) -> Desk:
        """Room for one thread."""
        size = self.unknowns
        room = np.zeros((self.rows, 1 + size))
        room[int(self.layout.rows[1]) + self.idle, 0] = 1.0
        return Desk(
            room,
            np.zeros(max(1, self.widest)),
            np.zeros((payoffs, players)),
            np.zeros(players),
            np.zeros((size, size)),
            np.zeros(size, dtype=np.int64),
            np.zeros((4, size)),
        )

    def fill(self, desk: Desk, chance: Numbers, payoff: Numbers, lam: Numbers) -> None:
        """Put one draw's ``chance [edge]``, ``payoff [row, player]`` and ``lam [player]`` in its place."""
        count, first = len(self.chance_edge), self.chance_row
        shares = chance[self.chance_edge]
        desk.room[first : first + count, 0] = shares
        with np.errstate(divide="ignore"):
            desk.room[first + count : first + 2 * count, 0] = np.log(shares)
        desk.payoff[...] = payoff
        desk.lam[...] = lam


def responses(game: Game) -> Responses:
    """Lay a game out.

    Parameters
    ----------
    game
        Any game.

    Returns
    -------
    The arrays for :mod:`parley.solve.kernels.newton`, the same for all draws.

    Examples
    --------
    >>> import parley
    >>> responses(parley.compile(parley.load("which-event-first"))).unknowns
    0
    """
    maker = _Maker(game)
    maker.lay_values()
    maker.lay_reach()
    return maker.finish(maker.order())


class _Maker:
    """A layout in the making. Steps are values, then reaches, then choices."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.kind = game.node_kind.tolist()
        self.infoset = game.node_infoset.tolist()
        self.first = game.node_first_edge.tolist()
        self.child = game.edge_child.tolist()
        self.action = game.edge_action.tolist()
        self.paid = game.edge_payoff.tolist()
        self.ending = game.node_payoff.tolist()
        self.player = game.infoset_player.tolist()
        self.first_action = game.infoset_first_action.tolist()
        nodes, start = game.infoset_node.tolist(), game.infoset_first_node.tolist()
        self.nodes_of = [nodes[start[h] : start[h + 1]] for h in range(game.infosets)]
        self.actions = [self.first_action[h + 1] - self.first_action[h] for h in range(game.infosets)]
        self.deciding = [h for h in range(game.infosets) if self.actions[h] > 1]
        self.chance_edge = [edge for edge, action in enumerate(self.action) if action < 0]
        chance_of = {edge: k for k, edge in enumerate(self.chance_edge)}
        count = game.actions
        self.chance_row = 3 * count
        self.share = [
            count + a if a >= 0 else self.chance_row + chance_of[edge] for edge, a in enumerate(self.action)
        ]
        self.logarithm = [
            2 * count + a if a >= 0 else self.chance_row + len(self.chance_edge) + chance_of[edge]
            for edge, a in enumerate(self.action)
        ]
        self.root = self.chance_row + 2 * len(self.chance_edge)  # a row of zeros: the root is reached
        self.value_row: dict[tuple[int, int], int] = {}
        self.reach_row: dict[tuple[int, int], int] = {}  # (node, player whose own moves are left out, or -1)
        self.rows = self.root + 1
        self.parents: list[list[tuple[int, int]]] = [[] for _ in range(game.nodes)]  # (parent, edge)
        for node in range(game.nodes):
            for edge in self.edges(node):
                self.parents[self.child[edge]].append((node, edge))
        self.but = [player if self.recalls(player) else -1 for player in range(len(game.players))]

    def edges(self, node: int) -> range:
        return range(self.first[node], self.first[node + 1])

    def row(self) -> int:
        self.rows += 1
        return self.rows - 1

    def lay_values(self) -> None:
        """Give a row to every (node, player) whose value somebody weighs."""
        stack = [
            (self.child[edge], self.player[h])
            for h in self.deciding
            for node in self.nodes_of[h]
            for edge in self.edges(node)
        ]
        wanted = set()
        while stack:
            node, player = stack.pop()
            if self.kind[node] == TERMINAL or (node, player) in wanted:
                continue
            wanted.add((node, player))
            stack.extend((self.child[edge], player) for edge in self.edges(node))
        for each in sorted(wanted):
            self.value_row[each] = self.row()

    def recalls(self, player: int) -> bool:
        """Whether a player's own moves are the same on all ways to all nodes of each of its sets."""
        several = -2
        last = [-1] * self.game.nodes  # the player's latest action on the way
        for node in range(self.game.nodes):
            ways = {
                self.action[edge] if self.mover(parent) == player else last[parent]
                for parent, edge in self.parents[node]
            }
            if ways:
                last[node] = ways.pop() if len(ways) == 1 else several
        return all(
            len(ways) == 1 and several not in ways
            for h, nodes in enumerate(self.nodes_of)
            if self.player[h] == player
            for ways in [{last[node] for node in nodes}]
        )

    def mover(self, node: int) -> int:
        return self.player[self.infoset[node]] if self.kind[node] == DECISION else -1

    def lay_reach(self) -> None:
        """Give a row to every node on a way to one that is weighed against others.

        The own moves of a player who recalls them are the same for all nodes that it weighs: they are left
        out, so that its beliefs do not read them.
        """
        stack = [
            (node, self.but[self.player[h]])
            for h in self.deciding
            if len(self.nodes_of[h]) > 1
            for node in self.nodes_of[h]
        ]
        wanted: set[tuple[int, int]] = set()
        while stack:
            node, but = stack.pop()
            if (node, but) not in wanted and node:
                wanted.add((node, but))
                stack.extend((parent, but) for parent, _ in self.parents[node])
        self.reach_row = {(0, but): self.root for but in range(-1, len(self.game.players))}
        self.reaches = sorted(wanted)
        for each in self.reaches:
            self.reach_row[each] = self.row()

    def order(self) -> list[int]:
        """Put the steps in order, and find the free sets."""
        self.values = list(self.value_row)
        value_step = {each: k for k, each in enumerate(self.values)}
        reach_step = {each: len(self.values) + k for k, each in enumerate(self.reaches)}
        base = len(self.values) + len(self.reaches)
        choice_step = {h: base + k for k, h in enumerate(self.deciding)}
        needs: list[set[int]] = []
        for node, player in self.values:
            wanted = {value_step.get((self.child[edge], player), -1) for edge in self.edges(node)}
            needs.append((wanted | {choice_step.get(self.infoset[node], -1)}) - {-1})
        for node, but in self.reaches:
            wanted = {reach_step.get((parent, but), -1) for parent, _ in self.parents[node]}
            others = [parent for parent, _ in self.parents[node] if but < 0 or self.mover(parent) != but]
            wanted |= {choice_step.get(self.infoset[parent], -1) for parent in others}
            needs.append(wanted - {-1})
        for h in self.deciding:
            edges = [edge for node in self.nodes_of[h] for edge in self.edges(node)]
            wanted = {value_step.get((self.child[edge], self.player[h]), -1) for edge in edges}
            if len(self.nodes_of[h]) > 1:
                but = self.but[self.player[h]]
                wanted |= {reach_step.get((node, but), -1) for node in self.nodes_of[h]}
            needs.append(wanted - {-1})
        self.free = self.unknown(self.readers(needs, base))
        for h in self.free:  # read before it is computed: from the unknowns
            taken = choice_step[h]
            for wanted in needs:
                wanted.discard(taken)
        return arrange(needs, [0] * len(needs), [True] * len(needs), lambda step: False)

    def unknown(self, reads: list[int]) -> list[int]:
        """All sets that are in circles; where these are many, some by which every circle is cut."""
        weight = [self.actions[h] - 1 for h in self.deciding]
        caught = in_circles(reads)
        if sum(weight[k] for k in caught) > MOST:
            caught = cut(reads, weight)
        return [self.deciding[k] for k in caught]

    def readers(self, needs: list[set[int]], base: int) -> list[int]:
        """Return, as a set of bits for each choice, the choices that its response reads."""
        reads: dict[int, int] = {}
        for step in arrange(
            [{n for n in wanted if n < base} for wanted in needs],
            [0] * len(needs),
            [True] * len(needs),
            lambda step: False,
        ):
            bits = 0
            for wanted in needs[step]:
                bits |= reads[wanted] if wanted < base else 1 << (wanted - base)
            reads[step] = bits
        return [reads[step] for step in range(base, len(needs))]

    def finish(self, sequence: list[int]) -> Responses:
        """Write the arrays."""
        terms: list[Term] = []
        members: list[int] = []
        steps = []
        base = len(self.values) + len(self.reaches)
        for step in sequence:
            if step < len(self.values):
                steps.append(self.value_step(self.values[step], terms))
            elif step < base:
                steps.append(self.reach_step(self.reaches[step - len(self.values)], terms))
            else:
                steps.append(self.choice_step(self.deciding[step - base], terms, members))
        free, unknowns = [], 0
        for h in self.free:
            free.append((self.first_action[h], self.actions[h], unknowns))
            unknowns += self.actions[h] - 1
        count = self.game.actions
        idle = [self.first_action[h] for h in range(self.game.infosets) if self.actions[h] == 1]
        layout = Layout(
            _table([0, count, 2 * count], (3,)),
            _table(free, (len(free), 3)),
            _table(steps, (len(steps), 8)),
            _table(terms, (len(terms), 5)),
            _table(members, (len(members),)),
        )
        return Responses(
            layout,
            tuple(self.free),
            unknowns,
            self.rows,
            max((len(self.nodes_of[h]) for h in self.deciding), default=1),
            self.chance_row,
            _table(self.chance_edge, (len(self.chance_edge),)),
            _table(idle, (len(idle),)),
        )

    def value_step(self, what: tuple[int, int], terms: list[Term]) -> tuple[int, ...]:
        node, player = what
        first = len(terms)
        for edge in self.edges(node):
            child = self.child[edge]
            moves = int(self.kind[node] == DECISION and self.actions[self.infoset[node]] > 1)
            row = self.value_row.get((child, player), -1)
            terms.append((row, self.share[edge], self.paid[edge], self.ending[child], moves))
        return (VALUE, self.value_row[what], first, len(terms), player, 0, 0, 0)

    def reach_step(self, what: tuple[int, int], terms: list[Term]) -> tuple[int, ...]:
        node, but = what
        first = len(terms)
        for parent, edge in self.parents[node]:
            own = but >= 0 and self.mover(parent) == but
            terms.append((self.reach_row[parent, but], self.root if own else self.logarithm[edge], 0, 0, 0))
        return (REACH, self.reach_row[what], first, len(terms), 0, 0, 0, 0)

    def choice_step(self, h: int, terms: list[Term], members: list[int]) -> tuple[int, ...]:
        first, nodes, player = len(terms), self.nodes_of[h], self.player[h]
        believing = len(members) if len(nodes) > 1 else -1
        for node in nodes:
            for edge in self.edges(node):
                child = self.child[edge]
                row = self.value_row.get((child, player), -1)
                terms.append((row, self.paid[edge], self.ending[child], 0, 0))
            if len(nodes) > 1:
                members.append(self.reach_row[node, self.but[player]])
        free = int(h in self.free)
        return (CHOICE, self.first_action[h], first, len(nodes), player, self.actions[h], believing, free)


def _table(numbers: object, shape: tuple[int, ...]) -> NDArray[np.int32]:
    table = np.asarray(numbers, dtype=np.int32).reshape(shape)
    table.setflags(write=False)
    return table
