"""Responses of players who err in different ways, laid out over a whole game.

What lives here: which information sets are unknown, the order in which all else follows from them, and one
pass over a game for many points at once. What may not: searching for the point that answers itself.

The compiled kernels know logistic errors alone. This is the way of games in which somebody's errors are
normal. The response of an information set follows from the mixes of those after it (what an option is worth,
to which endings it leads) and of those before its nodes (where it believes itself to be). Some sets are
*free*, so few that every circle is cut: their log-odds are the unknowns, and every other set responds
exactly. With perfect information there is none, and one pass from the last move to the first is the answer.

Every sum is taken term by term: a point has the same bits whatever points it is worked out with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game
from parley.solve.order import arrange, cut
from parley.solve.shocks import logit, on_endings, probit

__all__ = ["LOGISTIC", "Numbers", "Structure", "Tables"]

Numbers: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]

WIDE = 1 << 21  # numbers in the arrays of one pass
LOGISTIC, NORMAL, ENDINGS = 0, 1, 2
KINDS = {"logistic": LOGISTIC, "normal": NORMAL, "normal on endings": ENDINGS}
FAINTEST = float(np.log(np.finfo(float).tiny))


class Tables(NamedTuple):
    """Numbers of a game, one column per point; see :func:`parley.solve.solve_arrays`."""

    chance: Numbers  # [edge, point], 1 on decision edges
    payoff: Numbers  # [row, player, point]
    precision: Numbers  # [player, point]

    def at(self, columns: Indices) -> Tables:
        """Return some columns, which may repeat."""
        return Tables(self.chance[:, columns], self.payoff[:, :, columns], self.precision[:, columns])


@dataclass(frozen=True, slots=True)
class _Values:
    """Nodes that are valued together: by place of the branch, (row among the nodes, edge, child)."""

    nodes: Indices
    branches: tuple[tuple[Indices, Indices, Indices], ...]


@dataclass(frozen=True, slots=True)
class _Arrivals:
    """Nodes whose reach follows together, for one view: by place of the parent, (row, parent, edge, own)."""

    nodes: Indices
    view: int
    parents: tuple[tuple[Indices, Indices, Indices, NDArray[np.bool_]], ...]


@dataclass(frozen=True, slots=True)
class _Choices:
    """Information sets that respond together: of one kind, size and player."""

    kind: int
    player: int
    view: int
    actions: Indices  # [option, set]
    members: tuple[
        tuple[Indices, Indices, Indices, Indices], ...
    ]  # row, node, edges and children [option, row]
    endings: tuple[int, ...]
    alone: bool  # every set has one node: no beliefs


_Step: TypeAlias = _Values | _Arrivals | _Choices


class Structure:
    """A game laid out for :meth:`respond`, the same for all draws."""

    def __init__(self, game: Game, *, every: bool = False) -> None:
        """Lay a game out; ``every`` says that all sets are free."""
        self.game, self.every = game, every
        self.first = game.node_first_edge.tolist()
        self.child = game.edge_child.tolist()
        self.parent = np.repeat(np.arange(game.nodes), np.diff(game.node_first_edge))
        self.options = np.diff(game.infoset_first_action).tolist()
        self.kinds = [KINDS[each.kind] for each in game.errors] or [LOGISTIC] * len(game.players)
        self.deciding = [h for h in range(game.infosets) if self.options[h] > 1]
        self.members = [
            game.infoset_node[game.infoset_first_node[h] : game.infoset_first_node[h + 1]].tolist()
            for h in range(game.infosets)
        ]
        self.free = self._free()
        self.unknowns = sum(self.options[h] - 1 for h in self.free)
        self.views = self._views()
        movers = sorted({int(game.infoset_player[h]) for h in self.deciding})
        self.movers = np.array(movers, dtype=np.intp)
        self.row_of = {player: row for row, player in enumerate(movers)}
        self.decision_edge = np.flatnonzero(game.edge_action >= 0)
        self.steps = tuple(self._grouped())
        self.replies = tuple(self._choices(self.free))
        heavy = max(1, game.nodes * (len(movers) + len(game.endings) + len(self.views)), game.edges * 2)
        self.width = max(1, WIDE // heavy)  # points that are worked out together

    # --- layout -------------------------------------------------------------------------------------------

    def edges(self, node: int) -> range:
        """Edges out of a node."""
        return range(self.first[node], self.first[node + 1])

    def _view(self, h: int) -> int:
        """Return whose own moves do not count in a set's beliefs: with perfect recall they cancel."""
        player = int(self.game.infoset_player[h])
        return player if self.game.perfect_recall[player] else -1

    def _views(self) -> dict[int, int]:
        wanted = sorted({self._view(h) for h in self.deciding if len(self.members[h]) > 1})
        return {view: row for row, view in enumerate(wanted)}

    def _moves(self, node: int) -> int:
        """Return the information set at which a node is decided, -1 where nothing is."""
        h = int(self.game.node_infoset[node])
        return h if h >= 0 and self.options[h] > 1 else -1

    @cached_property
    def whole(self) -> Structure:
        """The same with all sets free, to see how each answers given mixes."""
        return Structure(self.game, every=True)

    def _free(self) -> list[int]:
        if self.every:
            return self.deciding
        place = {h: k for k, h in enumerate(self.deciding)}
        below, above = self._below(place), self._above(place)
        reads = []
        for h in self.deciding:
            bits = 0
            for node in self.members[h]:
                for edge in self.edges(node):
                    bits |= below[self.child[edge]]
                if len(self.members[h]) > 1:
                    bits |= above[self._view(h)][node]
            reads.append(bits)
        return [self.deciding[k] for k in cut(reads, [self.options[h] - 1 for h in self.deciding])]

    def _below(self, place: dict[int, int]) -> list[int]:
        """Return the sets that are decided at or after each node, as bits."""
        below = [0] * self.game.nodes
        for node in range(self.game.nodes - 1, -1, -1):
            h = self._moves(node)
            below[node] = 1 << place[h] if h >= 0 else 0
            for edge in self.edges(node):
                below[node] |= below[self.child[edge]]
        return below

    def _above(self, place: dict[int, int]) -> dict[int, list[int]]:
        """Return the sets that are decided before each node, by whose moves do not count."""
        found = {}
        for view in {self._view(h) for h in self.deciding}:
            bits = found[view] = [0] * self.game.nodes
            for node in range(self.game.nodes):
                h = self._moves(node)
                own = h >= 0 and self.game.infoset_player[h] == view
                passed = bits[node] | (1 << place[h] if h >= 0 and not own else 0)
                for edge in self.edges(node):
                    bits[self.child[edge]] |= passed
        return found

    def _grouped(self) -> Iterator[_Step]:
        """Yield the steps of a pass, those that may be taken together as one."""
        nodes, views = self.game.nodes, len(self.views)
        base = nodes * (1 + views)
        free, number = set(self.free), {h: base + k for k, h in enumerate(self.deciding)}
        needs: list[set[int]] = [set() for _ in range(base + len(self.deciding))]

        def decided(node: int) -> set[int]:
            h = self._moves(node)
            return {number[h]} if h >= 0 and h not in free else set()

        for node in range(nodes):
            needs[node] = {self.child[edge] for edge in self.edges(node)} | decided(node)
        for view, row in self.views.items():
            at = nodes * (1 + row)
            for edge, parent in enumerate(self.parent.tolist()):
                h = self._moves(parent)
                own = h >= 0 and self.game.infoset_player[h] == view
                needs[at + self.child[edge]] |= {at + parent} | (set() if own else decided(parent))
        for h in self.deciding:
            if h not in free:
                needs[number[h]] = {self.child[e] for node in self.members[h] for e in self.edges(node)}
                if len(self.members[h]) > 1:
                    at = nodes * (1 + self.views[self._view(h)])
                    needs[number[h]] |= {at + node for node in self.members[h]}
        used = self._used(needs, number, base)
        level = [0] * len(needs)
        for step in arrange(needs, [0] * len(needs), [True] * len(needs), lambda step: False):
            level[step] = 1 + max((level[each] for each in needs[step]), default=0)
        for each in range(1, max(level, default=0) + 1):
            here = [step for step, at in enumerate(level) if at == each and used[step]]
            yield from self._at_once(here, base, free)

    def _used(self, needs: list[set[int]], number: dict[int, int], base: int) -> list[bool]:
        """Find the steps on which some response depends."""
        used = [False] * len(needs)
        waiting = list(number.values())
        for h in self.free:
            waiting += [self.child[edge] for node in self.members[h] for edge in self.edges(node)]
            if len(self.members[h]) > 1:
                at = self.game.nodes * (1 + self.views[self._view(h)])
                waiting += [at + node for node in self.members[h]]
        while waiting:
            step = waiting.pop()
            if not used[step]:
                used[step] = True
                waiting += needs[step]
        return used

    def _at_once(self, steps: list[int], base: int, free: set[int]) -> Iterator[_Step]:
        nodes = self.game.nodes
        values = [step for step in steps if step < nodes]
        if values:
            yield self._valued(values)
        for view, row in self.views.items():
            at = nodes * (1 + row)
            arriving = [step - at for step in steps if at < step < at + nodes]
            if arriving:
                yield self._arrived(arriving, view)
        sets = [self.deciding[step - base] for step in steps if step >= base]
        yield from self._choices([h for h in sets if h not in free])

    def _valued(self, nodes: list[int]) -> _Values:
        branches = []
        for place in range(max(len(self.edges(node)) for node in nodes)):
            rows = [row for row, node in enumerate(nodes) if len(self.edges(node)) > place]
            edges = [self.first[nodes[row]] + place for row in rows]
            branches.append((_ints(rows), _ints(edges), _ints([self.child[edge] for edge in edges])))
        return _Values(_ints(nodes), tuple(branches))

    def _arrived(self, nodes: list[int], view: int) -> _Arrivals:
        into: dict[int, list[int]] = {node: [] for node in nodes}
        for edge, child in enumerate(self.child):
            if child in into:
                into[child].append(edge)
        parents = []
        for place in range(max(len(each) for each in into.values())):
            rows = [row for row, node in enumerate(nodes) if len(into[node]) > place]
            edges = _ints([into[nodes[row]][place] for row in rows])
            h = self.game.node_infoset[self.parent[edges]]
            own = (h >= 0) & (self.game.infoset_player[np.maximum(h, 0)] == view)
            parents.append((_ints(rows), self.parent[edges], edges, own))
        return _Arrivals(_ints(nodes), self.views[view], tuple(parents))

    def _choices(self, sets: Sequence[int]) -> Iterator[_Choices]:
        groups: dict[tuple[int, int, bool], list[int]] = {}
        for h in sets:
            key = (int(self.game.infoset_player[h]), self.options[h], len(self.members[h]) == 1)
            groups.setdefault(key, []).append(h)
        for (player, options, alone), group in groups.items():
            first = self.game.infoset_first_action[group]
            members = []
            for place in range(max(len(self.members[h]) for h in group)):
                rows = [row for row, h in enumerate(group) if len(self.members[h]) > place]
                nodes = [self.members[group[row]][place] for row in rows]
                edges = _ints([[self.first[node] + k for node in nodes] for k in range(options)])
                members.append(
                    (_ints(rows), _ints(nodes), edges, self.game.edge_child[edges].astype(np.intp))
                )
            kind = self.kinds[player]
            yield _Choices(
                kind,
                player,
                -1 if alone else self.views[self._view(group[0])],
                first[None].astype(np.intp) + np.arange(options)[:, None],
                tuple(members),
                self.game.errors[player].endings if kind == ENDINGS else (),
                alone,
            )

    # --- arithmetic ---------------------------------------------------------------------------------------

    def respond(self, tables: Tables, state: Numbers) -> tuple[Numbers, Numbers]:
        """Work out every set's response where the free sets have given log-odds.

        Parameters
        ----------
        tables
            One column for each point.
        state
            ``[unknown, point]``: log-odds of the free sets' options against their first.

        Returns
        -------
        The free sets' own responses ``[unknown, point]``, and the logarithms of the mixes of all sets
        ``[action, point]``, the free ones' as given.
        """
        points = state.shape[1]
        fresh, logs = np.empty_like(state), np.empty((self.game.actions, points))
        for begin in range(0, points, self.width):
            part = np.arange(begin, min(begin + self.width, points))
            fresh[:, part], logs[:, part] = self._pass(tables.at(part), state[:, part])
        return fresh, logs

    def _pass(self, tables: Tables, state: Numbers) -> tuple[Numbers, Numbers]:
        given, at = np.zeros((self.game.actions, state.shape[1])), 0
        for h in self.free:
            more = self.options[h] - 1
            odds = np.vstack([np.zeros_like(state[:1]), state[at : at + more]])
            given[self._actions(h)] = logit(odds)
            at += more
        logs, replies = self._passed(tables, given)
        fresh = [replies[a[1:]] - replies[a[:1]] for a in map(self._actions, self.free)]
        return (np.concatenate(fresh) if fresh else state), logs

    def answers(self, tables: Tables, logs: Numbers) -> Numbers:
        """Return how every set responds to given mixes of all.

        Parameters
        ----------
        tables
            One column for each point.
        logs
            ``[action, point]``, logarithms of the mixes.

        Returns
        -------
        ``[action, point]``, logarithms of the responses.
        """
        found = np.empty_like(logs)
        for begin in range(0, logs.shape[1], self.width):
            part = np.arange(begin, min(begin + self.width, logs.shape[1]))
            found[:, part] = self.whole._passed(tables.at(part), logs[:, part])[1]
        return found

    def _passed(self, tables: Tables, given: Numbers) -> tuple[Numbers, Numbers]:
        """Return the mixes of all sets where the free ones' are given, and with the free ones' responses."""
        desk = _Desk(self, tables)
        for h in self.free:
            actions = self._actions(h)
            desk.logs[actions] = given[actions]
        desk.spread_out(self.game)
        for step in self.steps:
            desk.take(step)
        logs = desk.logs.copy()
        for step in self.replies:
            desk.take(step)
        return logs, desk.logs

    def _actions(self, h: int) -> Indices:
        return np.arange(*self.game.infoset_first_action[h : h + 2].tolist())

    def odds(self, logs: Numbers) -> Numbers:
        """Return log-odds of the free sets, ``[unknown, point]``, from ``[action, point]`` logarithms."""
        found = [logs[a[1:]] - logs[a[:1]] for a in map(self._actions, self.free)]
        return np.concatenate(found) if found else np.zeros((0, logs.shape[1]))


class _Desk:
    """The numbers of one pass."""

    def __init__(self, plan: Structure, tables: Tables) -> None:
        game, points = plan.game, tables.chance.shape[1]
        self.payoff, self.precision = tables.payoff[:, plan.movers], tables.precision
        self.row_of = plan.row_of
        self.edge_payoff, self.node_payoff = game.edge_payoff, game.node_payoff
        self.ending = game.node_ending
        self.logs = np.zeros((game.actions, points))
        self.share = np.array(tables.chance)
        with np.errstate(divide="ignore"):
            self.logarithm = np.log(self.share)
        self.value = np.zeros((game.nodes, len(plan.movers), points))
        self.led = np.zeros((game.nodes, len(game.endings), points))
        self.reach = np.full((game.nodes, len(plan.views), points), -np.inf)
        self.reach[0] = 0.0
        self.decision_edge = plan.decision_edge

    def spread_out(self, game: Game) -> None:
        """Put what the free sets do on their edges."""
        self.put(self.decision_edge, self.logs[game.edge_action[self.decision_edge]])

    def put(self, edges: Indices, logs: Numbers) -> None:
        """Put logarithms of shares on edges; for beliefs, what is too small to be written is the least."""
        self.share[edges] = np.exp(logs)
        self.logarithm[edges] = np.maximum(logs, FAINTEST)

    def take(self, step: _Step) -> None:
        if isinstance(step, _Values):
            self.values(step)
        elif isinstance(step, _Arrivals):
            self.arrivals(step)
        else:
            self.choices(step)

    def values(self, step: _Values) -> None:
        value = self.payoff[self.node_payoff[step.nodes]]
        led = np.zeros((len(step.nodes), *self.led.shape[1:]))
        if self.ending is not None:
            ends = self.ending[step.nodes]
            at = np.flatnonzero(ends >= 0)
            led[at, ends[at]] = 1.0
        for rows, edges, children in step.branches:
            share = self.share[edges][:, None]
            value[rows] += share * (self.value[children] + self.payoff[self.edge_payoff[edges]])
            led[rows] += share * self.led[children]
        self.value[step.nodes] = value
        self.led[step.nodes] = led

    def arrivals(self, step: _Arrivals) -> None:
        found = np.full((len(step.nodes), self.reach.shape[2]), -np.inf)
        for rows, parents, edges, own in step.parents:
            way = np.where(own[:, None], 0.0, self.logarithm[edges])
            found[rows] = np.logaddexp(found[rows], self.reach[parents, step.view] + way)
        self.reach[step.nodes, step.view] = found

    def choices(self, step: _Choices) -> None:
        weights, mover = self.weights(step), self.row_of[step.player]
        size = (step.actions.shape[0], step.actions.shape[1], self.logs.shape[1])
        worth, leads = np.zeros(size), np.zeros((len(step.endings), *size[1:]))
        for (rows, _, edges, children), weight in zip(step.members, weights, strict=True):
            paid = self.payoff[self.edge_payoff[edges], mover]
            worth[:, rows] += weight * (self.value[children, mover] + paid)
            for row, ending in enumerate(step.endings):
                leads[row, rows] += weight * (self.led[children[1], ending] - self.led[children[0], ending])
        lam = self.precision[step.player]
        if step.kind == ENDINGS:
            square = np.zeros(size[1:])
            for each in leads:
                square = square + each * each
            logs = on_endings(lam * (worth[1] - worth[0]), np.sqrt(square))
        else:
            logs = (logit if step.kind == LOGISTIC else probit)(lam * worth)
        self.logs[step.actions] = logs
        self.on_edges(step)

    def on_edges(self, step: _Choices) -> None:
        """Put what these sets do on their edges."""
        for rows, _, edges, _ in step.members:
            self.put(edges, self.logs[step.actions[:, rows]])

    def weights(self, step: _Choices) -> list[Numbers]:
        """Beliefs, by member: ``[row, point]``; nodes to which nothing can lead count alike."""
        if step.alone:
            return [np.ones((len(step.members[0][0]), self.logs.shape[1]))]
        top = np.full((step.actions.shape[1], self.logs.shape[1]), -np.inf)
        for rows, nodes, _, _ in step.members:
            top[rows] = np.maximum(top[rows], self.reach[nodes, step.view])
        top = np.where(np.isneginf(top), 0.0, top)
        total, weights = np.zeros_like(top), []
        nowhere = np.ones(top.shape, dtype=np.bool_)
        for rows, nodes, _, _ in step.members:
            nowhere[rows] &= np.isneginf(self.reach[nodes, step.view])
        for rows, nodes, _, _ in step.members:
            each = np.where(nowhere[rows], 1.0, np.exp(self.reach[nodes, step.view] - top[rows]))
            weights.append(each)
            total[rows] += each
        return [weight / total[rows] for (rows, *_), weight in zip(step.members, weights, strict=True)]


def _ints(values: object) -> Indices:
    return np.asarray(values, dtype=np.intp)
