"""One sweep over a game: which numbers are computed from which, in what order, and where they are kept.

What lives here: the steps of a sweep and the rows of the desk. What may not: arithmetic, derivatives,
streams.

A sweep takes the *state*, the log-odds of those information sets on which anybody's belief depends, and
returns it anew: forward, the reach of the nodes whose beliefs have to be weighed; backward, from the last
information set to the first, action values, log-odds and probabilities. All other information sets are
functions of the state (of nothing at all where information is perfect: one sweep is exact).

Steps run in order: first those that depend on payoffs and chances alone (*static*), then those that the state
depends on (*core*), then the *rest*.
"""

from __future__ import annotations

from collections.abc import Iterable

from parley.game.model import CHANCE, DECISION, TERMINAL, Game
from parley.solve.kernels import layout
from parley.solve.order import arrange

__all__ = ["RESPONSE", "VALUE", "Sweep"]

VALUE, RESPONSE = 0, 1


class Sweep:
    """A schedule in the making."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self.kind = game.node_kind.tolist()
        self.infoset = game.node_infoset.tolist()
        self.first_edge = game.node_first_edge.tolist()
        self.child = game.edge_child.tolist()
        self.action = game.edge_action.tolist()
        self.payoff = game.edge_payoff.tolist()
        self.first_action: list[int] = game.infoset_first_action.tolist()
        self.player = game.infoset_player.tolist()
        nodes, first = game.infoset_node.tolist(), game.infoset_first_node.tolist()
        self.nodes_of = [nodes[first[h] : first[h + 1]] for h in range(game.infosets)]
        self.choices = [self.first_action[h + 1] - self.first_action[h] for h in range(game.infosets)]
        self.set_of = [h for h, count in enumerate(self.choices) for _ in range(count)]
        self.constants: dict[tuple[int, int], int] = {}
        self.chances: dict[int, int] = {}
        self.value_of: dict[tuple[int, int], int] = {}  # (node, player) -> value row
        self.values: list[tuple[int, int, list[tuple[int, int, int]]]] = []  # node, row, terms
        self.choice: dict[int, list[tuple[int, int]]] = {}
        self.state: set[int] = set()
        self.lagged: set[int] = set()
        self.reach_terms: list[list[tuple[int, int]]] = [[]]
        self.reach_of: dict[int, int] = {}

    def lay_out(self) -> list[tuple[int, int, int]]:
        """Lay out the steps; returns (stage, kind, index) in order."""
        self.find_state()
        self.lay_values()
        self.lay_responses()
        order = self.order()
        self.number_state(order)
        self.lay_reach()
        return order

    def edges(self, node: int) -> range:
        """Edges of a node."""
        return range(self.first_edge[node], self.first_edge[node + 1])

    def decides(self, node: int) -> bool:
        """Whether somebody has a real choice there."""
        return bool(self.kind[node] == DECISION and self.choices[self.infoset[node]] > 1)

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
        """Row of a payoff; 0 for none."""
        return self.constants.setdefault((row, player), len(self.constants) + 1) if row else 0

    def chance(self, edge: int) -> int:
        """Give a number to the probability of a chance edge, behind those of the actions."""
        return self.game.actions + self.chances.setdefault(edge, len(self.chances))

    def lay_value(self, node: int, player: int, rows: int) -> int:
        """Note the terms of one value; returns the number of rows then in use."""
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
        """Note what each information set with a choice compares: (value, payoff) by node and action."""
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
        in each other's way: the last of them lags, its nodes are valued at the mix of the sweep before.
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
        visit = _visits(self.first_edge, self.child)
        key = [-visit[node] for node, _, _ in self.values]
        key += [-min(visit[node] for node in nodes) for nodes in self.nodes_of]
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
        """Sort steps into static, core and rest."""
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

    def number_state(self, order: list[tuple[int, int, int]]) -> None:
        """Give the log-odds of the state numbers, from the last information set to the first.

        Variables of late moves touch few others; eliminated first, they fill in little.
        """
        self.state_order = [index for _, kind, index in order if kind == RESPONSE and index in self.state]
        self.odds_of: dict[int, int] = {}
        self.mix_of: dict[int, int] = {}
        self.size = mixes = 0
        for infoset in self.state_order:
            self.odds_of[infoset] = self.size
            self.mix_of[infoset] = mixes
            self.size += self.choices[infoset] - 1
            mixes += self.choices[infoset]
        self.mixes = mixes
        others = [i for stage, kind, i in order if stage == 1 and kind == RESPONSE and i not in self.state]
        self.other_of: dict[int, int] = {}
        self.others = 0
        for infoset in others:
            self.other_of[infoset] = self.others
            self.others += self.choices[infoset] - 1
        self.weight_of: dict[int, int] = {}
        self.members = 0
        for infoset in self.weighed():
            self.weight_of[infoset] = self.members
            self.members += len(self.nodes_of[infoset]) + 1  # the last is 0 where no node can be reached

    def reuse(self, order: list[tuple[int, int, int]]) -> None:
        """Let values share rows where one has been read for the last time before the other is written.

        The core runs many times for one run of the static steps: what it or the rest reads of these keeps its
        row.
        """
        fixed = 1 + len(self.constants)
        last: dict[int, int] = {}
        for place, (_, kind, index) in enumerate(order):
            pairs = self.choice[index] if kind == RESPONSE else [each[1:] for each in self.values[index][2]]
            last.update((value, place) for value, _ in pairs)
        statics = sum(stage == 0 for stage, _, _ in order)
        expiring: dict[int, list[int]] = {}
        shared = {row: row for row in range(fixed)}
        free: list[int] = []
        top = fixed
        for place, (stage, kind, index) in enumerate(order):
            if kind == VALUE:
                row = self.values[index][1]
                end = last.get(row, place)
                if not free:
                    free.append(top)
                    top += 1
                shared[row] = free.pop()
                if stage > 0 or end < statics:
                    expiring.setdefault(end, []).append(shared[row])
            free.extend(expiring.get(place, ()))
        self.values = [
            (node, shared[row], [(p, shared[value], payoff) for p, value, payoff in terms])
            for node, row, terms in self.values
        ]
        for infoset, pairs in self.choice.items():
            self.choice[infoset] = [(shared[value], payoff) for value, payoff in pairs]
        self.value_rows = top

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
        """Row of a node's reach; that of its parent where nothing is multiplied."""
        if len(terms) == 1 and terms[0][1] == -1:
            return terms[0][0]
        self.reach_terms.append(terms)
        return len(self.reach_terms) - 1

    # --- rows -------------------------------------------------------------------------------------------

    def header(self, entries: int, columns: int, gaps: int) -> list[int]:
        """Give out the rows of the desk.

        ``entries``, ``columns`` and ``gaps`` are the room that the derivative takes; 0 where there is none.
        """
        header = [0] * layout.HEADER
        size = self.size
        widest = max([1, *self.choices])
        header[layout.STATE] = size
        header[layout.CONSTANTS] = len(self.constants)
        header[layout.CHANCES] = len(self.chances)
        header[layout.ACTIONS] = self.game.actions
        slopes = [self.value_rows, self.game.actions, self.members, len(self.reach_terms), gaps]
        points = size + 1
        lengths = {
            layout.PROBABILITY: self.game.actions + len(self.chances) + 1,
            layout.MIX: self.mixes,
            layout.REACH: len(self.reach_terms),
            layout.WEIGHT: self.members,
            layout.SCORE: widest,
            layout.ODDS: size,
            layout.SCALE: 1,
            layout.FRESH: size + self.others,
            layout.SLOPE: sum(slopes) if entries else 0,
            layout.GUESS: points,
            layout.BORDER: points,
            layout.POINTS: layout.KEPT * points,
            layout.TANGENT: layout.KEPT * points,
            layout.ENTRY: entries,
            layout.COLUMN: columns,
            layout.PIVOT: size,
            layout.RIGHT: size,
            layout.TIMEWISE: size,
            layout.MOVE: points,
            layout.MEASURE: layout.MEASURES,
            layout.CONTROL: layout.CONTROLS,
            layout.BEFORE: 2 * size,
            layout.MOVES: layout.MEMORY * size,
            layout.CHANGES: layout.MEMORY * size,
            layout.PAST: 3 * size,
            layout.GRAM: layout.MEMORY**2,
            layout.PROJECT: layout.MEMORY,
            layout.SHARE: layout.MEMORY,
            layout.EXTENT: 2,
            layout.NOVICE: 1,
            layout.HELM: layout.HELMS,
        }
        row = self.value_rows
        for place, length in lengths.items():
            header[place] = row
            row += length
        header[layout.DESK] = row
        self.rows = header
        row = header[layout.SLOPE]
        self.slope_values, row = row, row + slopes[0]
        self.slope_actions, row = row, row + slopes[1]
        self.slope_weights, row = row, row + slopes[2]
        self.slope_logs, row = row, row + slopes[3]
        self.slope_gaps = row
        return header

    def weighed(self) -> list[int]:
        """Information sets with beliefs to weigh."""
        return [h for h in range(self.game.infosets) if len(self.nodes_of[h]) > 1 and self.choices[h] > 1]

    def likely(self, probability: int) -> int:
        """Desk row of a probability; -1 is the constant 1."""
        one = self.game.actions + len(self.chances)
        return self.rows[layout.PROBABILITY] + (one if probability < 0 else probability)

    def likely_before(self, probability: int) -> int:
        """Desk row of a probability on the way forward: of the mix from which the sweep starts."""
        infoset = self.set_of[probability] if 0 <= probability < self.game.actions else -1
        if infoset in self.mix_of:
            return self.mix_row(infoset) + probability - self.first_action[infoset]
        return self.likely(probability)

    def likely_at(self, node: int, probability: int) -> int:
        """Desk row of a probability on the way backward, at a node."""
        lags = self.decides(node) and self.infoset[node] in self.lagged
        return self.likely_before(probability) if lags else self.likely(probability)

    def mix_row(self, infoset: int) -> int:
        """Desk row of the first action in the mix from which a sweep starts."""
        return self.rows[layout.MIX] + self.mix_of[infoset]

    def fresh_row(self, infoset: int) -> int:
        """Desk row of an information set's log-odds after the sweep."""
        if infoset in self.odds_of:
            return self.rows[layout.FRESH] + self.odds_of[infoset]
        return (
            self.rows[layout.FRESH] + self.size + self.other_of[infoset] if infoset in self.other_of else -1
        )


def _visits(first_edge: list[int], child: list[int]) -> list[int]:
    """Rank of each node in a walk depth first: steps in this order, reversed, soon use what they compute."""
    visit = [-1] * (len(first_edge) - 1)
    stack, count = [0], 0
    while stack:
        node = stack.pop()
        if visit[node] < 0:
            visit[node] = count
            count += 1
            stack.extend(child[first_edge[node] : first_edge[node + 1]])
    return visit
