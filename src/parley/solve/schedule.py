"""The arithmetic of one sweep over a game, laid out as flat arrays.

What lives here: which numbers are computed from which, and in what order. What may not: arithmetic.

A sweep takes the *state*, the log-odds of those information sets on which anybody's belief depends, and
returns it anew: forward, the reach of the nodes whose beliefs have to be weighed; backward, from the last
information set to the first, action values, log-odds and probabilities. All other information sets are
functions of the state (of nothing at all where information is perfect: one sweep is exact).

Rows. ``value`` rows are numbers per lane: row 0 is 0, rows ``1:1 + constants`` are payoffs (of one payoff row
to one player), the others are expected payoffs at a node to a player who moved before it. ``probability``
rows are the actions, then the chance edges in use, then the constant 1. ``reach`` row 0 is 1. A *member* is a
node of an information set with several nodes; it has a row in ``weight``.

Steps (``step_kind``, ``step_index``) run in order: first those that depend on payoffs and chances alone
(``static``), then those that the state depends on (``core``), then the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parley.game.model import CHANCE, DECISION, TERMINAL, Game
from parley.solve.order import arrange

__all__ = ["RESPONSE", "VALUE", "Schedule", "Steps", "schedule"]

VALUE, RESPONSE = 0, 1

Integers = NDArray[np.int32]


class Steps(NamedTuple):
    """The arrays that the kernels read. All are C-contiguous int32; their meaning is the module's docstring.

    Value row ``value_row[v]`` is the sum over terms ``value_first[v]:value_first[v + 1]`` of
    ``probability[term_probability] * (value[term_value] + value[term_payoff])``. Reach likewise. The action
    values of information set h are read at ``choice_first[h] + member * actions + action``.
    """

    size: Integers  # [8] value rows, probability rows, reach rows, weight rows, state rows, constants, chances, lagged
    stage: Integers  # [4] steps before: static, core, rest; all
    step_kind: Integers  # [step] VALUE or RESPONSE
    step_index: Integers  # [step] v or h
    value_row: Integers  # [v]
    value_first: Integers  # [v + 1]
    term_probability: Integers  # [term]
    term_value: Integers  # [term]
    term_payoff: Integers  # [term]
    choice_first: Integers  # [infoset]
    choice_value: Integers  # [choice]
    choice_payoff: Integers  # [choice]
    first_action: Integers  # [infoset + 1]
    members: Integers  # [infoset] number of nodes
    first_weight: Integers  # [infoset] row of its first member's weight, -1 when it has one node
    first_state: Integers  # [infoset] row of its second action's log-odds, -1 when not in the state
    state_infoset: Integers  # [information set of the state]
    reach_first: Integers  # [reach row + 1]
    reach_source: Integers  # [reach term]
    reach_probability: Integers  # [reach term]
    reach_static: Integers  # [reach row] 1 when it depends on chances alone
    weighed: Integers  # [information set with several nodes]
    member_reach: Integers  # [weight row]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Steps and where the numbers of a game go."""

    steps: Steps
    constant_row: Integers  # [constant] payoff row
    constant_player: Integers  # [constant]
    chance_edge: Integers  # [chance in use] edge
    ordered: bool  # no information set depends on itself within one sweep

    @property
    def state(self) -> int:
        """Number of log-odds in the state."""
        return int(self.steps.size[4])


def schedule(game: Game) -> Schedule:
    """Lay out one sweep over a game.

    Parameters
    ----------
    game
        Any game; where its information sets cannot be put in order, those that stand in the way respond to
        the strategy of the sweep before.

    Returns
    -------
    The arrays for the kernels, the same for all draws.
    """
    layout = _Layout(game)
    layout.find_state()
    layout.lay_values()
    layout.lay_responses()
    order = layout.order()
    layout.lay_reach()
    return layout.finish(order)


class _Layout:
    """A schedule in the making."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.kind = game.node_kind.tolist()
        self.infoset = game.node_infoset.tolist()
        self.first_edge = game.node_first_edge.tolist()
        self.child = game.edge_child.tolist()
        self.action = game.edge_action.tolist()
        self.payoff = game.edge_payoff.tolist()
        self.first_action = game.infoset_first_action.tolist()
        self.player = game.infoset_player.tolist()
        nodes, first = game.infoset_node.tolist(), game.infoset_first_node.tolist()
        self.nodes_of = [nodes[first[h] : first[h + 1]] for h in range(game.infosets)]
        self.choices = [self.first_action[h + 1] - self.first_action[h] for h in range(game.infosets)]
        self.constants: dict[tuple[int, int], int] = {}
        self.chances: dict[int, int] = {}
        self.value_of: dict[tuple[int, int], int] = {}  # (node, player) -> value row
        self.values: list[tuple[int, int, list[tuple[int, int, int]]]] = []  # node, row, terms
        self.choice: dict[int, list[tuple[int, int]]] = {}
        self.state: set[int] = set()
        self.lagged: set[int] = set()
        self.reach_terms: list[list[tuple[int, int]]] = [[]]
        self.reach_of: dict[int, int] = {}

    def edges(self, node: int) -> range:
        return range(self.first_edge[node], self.first_edge[node + 1])

    def decides(self, node: int) -> bool:
        """Whether somebody has a real choice there."""
        return self.kind[node] == DECISION and self.choices[self.infoset[node]] > 1

    # --- the state ---------------------------------------------------------------------------------------

    def find_state(self) -> None:
        """Collect the sets whose mix shifts somebody's belief.

        An action moves the relative reach of a set's nodes unless it lies on every path to each of them.
        Sets of bits: ``some`` holds actions on some path to a node, ``every`` those on all paths.
        """
        some = [0] * self.game.nodes
        every = [-1] * self.game.nodes
        every[0] = 0
        for node in range(self.game.nodes):
            for edge in self.edges(node):
                bit = 1 << self.action[edge] if self.decides(node) else 0
                some[self.child[edge]] |= some[node] | bit
                every[self.child[edge]] &= every[node] | bit
        shifting = 0
        for infoset, nodes in enumerate(self.nodes_of):
            if len(nodes) > 1 and self.choices[infoset] > 1:
                union, common = 0, -1
                for node in nodes:
                    union |= some[node]
                    common &= every[node]
                shifting |= union & ~common
        for infoset in range(self.game.infosets):
            mask = (1 << self.choices[infoset]) - 1
            if (shifting >> self.first_action[infoset]) & mask:
                self.state.add(infoset)

    # --- backward ----------------------------------------------------------------------------------------

    def lay_values(self) -> None:
        """Give a row to every (node, player) with an expected payoff that the player may ask for."""
        asks = [0] * self.game.nodes
        for node in range(self.game.nodes):
            mover = 1 << self.player[self.infoset[node]] if self.decides(node) else 0
            for edge in self.edges(node):
                asks[self.child[edge]] |= asks[node] | mover
        waiting: list[tuple[int, int]] = []
        for node in range(self.game.nodes - 1, -1, -1):
            for player in range(len(self.game.players)):
                if asks[node] >> player & 1:
                    waiting.append((node, player))
        for node, player in waiting:
            if self.kind[node] == TERMINAL:
                self.value_of[node, player] = self.constant(int(self.game.node_payoff[node]), player)
        rows = 1 + len(self.game_constants(waiting))
        for node, player in waiting:
            if self.kind[node] != TERMINAL:
                rows = self.lay_value(node, player, rows)
        self.value_rows = rows

    def game_constants(self, waiting: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
        """All payoffs in use, terminals' and edges'."""
        for node, player in waiting:
            for edge in self.edges(node):
                self.constant(self.payoff[edge], player)
        for infoset, nodes in enumerate(self.nodes_of):
            if self.choices[infoset] > 1:
                for node in nodes:
                    for edge in self.edges(node):
                        self.constant(self.payoff[edge], self.player[infoset])
        return self.constants

    def constant(self, row: int, player: int) -> int:
        return self.constants.setdefault((row, player), len(self.constants) + 1) if row else 0

    def chance(self, edge: int) -> int:
        return self.game.actions + self.chances.setdefault(edge, len(self.chances))

    def lay_value(self, node: int, player: int, rows: int) -> int:
        edges = self.edges(node)
        if len(edges) == 1 and not self.payoff[edges[0]]:
            self.value_of[node, player] = self.value_of[self.child[edges[0]], player]
            return rows
        terms = []
        for edge in edges:
            value = self.value_of[self.child[edge], player]
            terms.append((self.probability(node, edge), value, self.constant(self.payoff[edge], player)))
        self.values.append((node, rows, terms))
        self.value_of[node, player] = rows
        return rows + 1

    def probability(self, node: int, edge: int) -> int:
        """Row of an edge's probability; -1 stands for the constant 1 until the chances are counted."""
        if len(self.edges(node)) == 1:
            return -1
        return self.chance(edge) if self.kind[node] == CHANCE else self.action[edge]

    def lay_responses(self) -> None:
        for infoset, nodes in enumerate(self.nodes_of):
            if self.choices[infoset] > 1:
                player = self.player[infoset]
                self.choice[infoset] = [
                    (self.value_of[self.child[edge], player], self.constant(self.payoff[edge], player))
                    for node in nodes
                    for edge in self.edges(node)
                ]

    def order(self) -> list[tuple[int, int, int]]:
        """Put the steps in order; returns (stage, kind, index) sorted by stage.

        Steps become ready when what they read has been computed. When none is ready, information sets stand
        in each other's way: the last of them lags, that is, its nodes are valued at the mix of the sweep before.
        """
        maker = {row: number for number, (_, row, _) in enumerate(self.values)}
        needs: list[set[int]] = []
        for node, _, terms in self.values:
            wanted = {maker[value] for _, value, _ in terms if value in maker}
            if self.decides(node):
                wanted.add(len(self.values) + self.infoset[node])
            needs.append(wanted)
        for infoset in range(self.game.infosets):
            needs.append({maker[value] for value, _ in self.choice.get(infoset, ()) if value in maker})
        key = [-node for node, _, _ in self.values] + [-min(nodes) for nodes in self.nodes_of]
        present = [
            step < len(self.values) or self.choices[step - len(self.values)] > 1 for step in range(len(needs))
        ]
        sequence = arrange(needs, key, present, self.lag)
        return self.staged(sequence, needs)

    def lag(self, step: int) -> bool:
        """Let the information set of a step lag, if it is one."""
        infoset = step - len(self.values)
        if infoset < 0 or infoset in self.lagged:
            return False
        self.lagged.add(infoset)
        self.state.add(infoset)
        return True

    def staged(self, sequence: list[int], needs: list[set[int]]) -> list[tuple[int, int, int]]:
        static: set[int] = set()
        count = len(self.values)
        for step in sequence:
            if step < count and not self.decides(self.values[step][0]) and needs[step] <= static:
                static.add(step)
        core: set[int] = set()
        for step in reversed(sequence):
            if step >= count and step - count in self.state:
                core.add(step)
        frontier = list(core)
        while frontier:
            for wanted in needs[frontier.pop()]:
                if wanted not in core and wanted not in static:
                    core.add(wanted)
                    frontier.append(wanted)
        staged = []
        for step in sequence:
            stage = 0 if step in static else 1 if step in core else 2
            staged.append((stage, VALUE, step) if step < count else (stage, RESPONSE, step - count))
        return sorted(staged, key=lambda each: each[0])

    # --- forward -----------------------------------------------------------------------------------------

    def lay_reach(self) -> None:
        """Give a row to the reach of every node on the way to a belief.

        Mixes outside the state are common factors of every belief and are left out.
        """
        wanted = [False] * self.game.nodes
        for infoset, nodes in enumerate(self.nodes_of):
            if len(nodes) > 1 and self.choices[infoset] > 1:
                for node in nodes:
                    wanted[node] = True
        for node in range(self.game.nodes - 1, -1, -1):
            wanted[node] = wanted[node] or any(wanted[self.child[edge]] for edge in self.edges(node))
        arriving: dict[int, list[tuple[int, int]]] = {
            node: [] for node in range(self.game.nodes) if wanted[node]
        }
        for node in arriving:
            self.reach_of[node] = self.arrive(arriving[node]) if node else 0
            for edge in self.edges(node):
                if wanted[self.child[edge]]:
                    constant = self.kind[node] == DECISION and self.infoset[node] not in self.state
                    probability = -1 if constant else self.probability(node, edge)
                    arriving[self.child[edge]].append((self.reach_of[node], probability))

    def arrive(self, terms: list[tuple[int, int]]) -> int:
        if len(terms) == 1 and terms[0][1] == -1:
            return terms[0][0]
        self.reach_terms.append(terms)
        return len(self.reach_terms) - 1

    # --- arrays ------------------------------------------------------------------------------------------

    def finish(self, order: list[tuple[int, int, int]]) -> Schedule:
        game = self.game
        one = game.actions + len(self.chances)
        state = sorted(self.state)
        first_state, rows = [-1] * game.infosets, 0
        for infoset in state:
            first_state[infoset] = rows
            rows += self.choices[infoset] - 1
        weighed = [h for h in range(game.infosets) if len(self.nodes_of[h]) > 1 and self.choices[h] > 1]
        first_weight, member_reach = [-1] * game.infosets, list[int]()
        for infoset in weighed:
            first_weight[infoset] = len(member_reach)
            member_reach += [self.reach_of[node] for node in self.nodes_of[infoset]]
        terms = [term for _, _, each in self.values for term in each]
        choices = [self.choice.get(h, []) for h in range(game.infosets)]
        reach = [term for each in self.reach_terms for term in each]
        size = [
            self.value_rows,
            one + 1,
            len(self.reach_terms),
            len(member_reach),
            rows,
            len(self.constants),
            len(self.chances),
            len(self.lagged),
        ]
        stages = [each[0] for each in order]
        steps = Steps(
            size=_integers(size),
            stage=_integers([0, stages.count(0), stages.count(0) + stages.count(1), len(order)]),
            step_kind=_integers(each[1] for each in order),
            step_index=_integers(each[2] for each in order),
            value_row=_integers(row for _, row, _ in self.values),
            value_first=_offsets(len(each) for _, _, each in self.values),
            term_probability=_integers(one if p < 0 else p for p, _, _ in terms),
            term_value=_integers(value for _, value, _ in terms),
            term_payoff=_integers(payoff for _, _, payoff in terms),
            choice_first=_offsets(len(each) for each in choices)[:-1].copy(),
            choice_value=_integers(value for each in choices for value, _ in each),
            choice_payoff=_integers(payoff for each in choices for _, payoff in each),
            first_action=_integers(self.first_action),
            members=_integers(len(nodes) for nodes in self.nodes_of),
            first_weight=_integers(first_weight),
            first_state=_integers(first_state),
            state_infoset=_integers(state),
            reach_first=_offsets(len(each) for each in self.reach_terms),
            reach_source=_integers(source for source, _ in reach),
            reach_probability=_integers(one if p < 0 else p for _, p in reach),
            reach_static=_integers(self.static_reach()),
            weighed=_integers(weighed),
            member_reach=_integers(member_reach),
        )
        return Schedule(
            steps=steps,
            constant_row=_integers(row for row, _ in self.constants),
            constant_player=_integers(player for _, player in self.constants),
            chance_edge=_integers(self.chances),
            ordered=not self.lagged,
        )

    def static_reach(self) -> list[int]:
        static: list[int] = []
        for terms in self.reach_terms:
            depends = any(not static[source] or 0 <= p < self.game.actions for source, p in terms)
            static.append(int(not depends))
        return static


def _integers(numbers: Iterable[int]) -> Integers:
    array = np.array(list(numbers), dtype=np.int32)
    array.setflags(write=False)
    return array


def _offsets(counts: Iterable[int]) -> Integers:
    return _integers(np.concatenate([[0], np.cumsum(list(counts))]).astype(np.int64).tolist())
