"""A game as an explicit tree with exact numbers, as files of other programs hold it, and its way to arrays.

What lives here: the tree, its order in time, who remembers what, the packing. What may not: texts of files.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from parley.errors import GameError
from parley.game.model import CHANCE, DECISION, TERMINAL, Game, Integers, Program
from parley.game.symbolic import Builder

__all__ = ["PRECISION", "Place", "Spot", "Tree", "game_of", "places", "recall", "sequence"]

PRECISION = 4.0  # of players of whom a file says nothing: the same as in a scenario


@dataclass(slots=True)
class Place:
    """An information set, or what chance decides: ``player`` -1 is chance, which alone has ``chances``."""

    player: int
    name: str
    labels: tuple[str, ...]
    chances: tuple[Fraction, ...] = ()


@dataclass(slots=True)
class Spot:
    """A node: its index in ``Tree.places`` (-1 at the end), where it hangs, what reaching it pays."""

    place: int
    parent: int  # -1 at the root
    branch: int  # which of the parent's actions leads here
    pay: tuple[Fraction, ...] | None = None
    outcome: str = ""
    children: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Tree:
    """A game tree; ``spots`` are in prefix order, the root first."""

    title: str
    comment: str
    players: tuple[str, ...]
    places: list[Place]
    spots: list[Spot]


def places(tree: Tree, *, apart: bool = False) -> list[list[int]]:
    """Return the nodes that are decided together, in prefix order of their first.

    Parameters
    ----------
    tree
        The game.
    apart
        Whether every node of chance stands for itself.

    Returns
    -------
    Groups of indices into ``tree.spots``: one for each information set, decision of chance and end.
    """
    groups: dict[tuple[int, int], list[int]] = {}
    for index, spot in enumerate(tree.spots):
        alone = spot.place < 0 or (apart and tree.places[spot.place].player < 0)
        groups.setdefault((spot.place, index if alone else -1), []).append(index)
    return list(groups.values())


def sequence(tree: Tree, groups: Sequence[Sequence[int]]) -> list[int] | None:
    """Order groups of nodes by time; None when two come each before the other, or one before itself.

    Parameters
    ----------
    tree
        The game.
    groups
        As of :func:`places`.

    Returns
    -------
    Indices of groups. Among those that may come next, the one nearest to the root does.
    """
    home = [0] * len(tree.spots)
    for number, group in enumerate(groups):
        for index in group:
            home[index] = number
    depth = [0] * len(tree.spots)
    for index, spot in enumerate(tree.spots):
        depth[index] = depth[spot.parent] + 1 if spot.parent >= 0 else 0
    key = [(max(depth[index] for index in group), group[0]) for group in groups]
    missing = [sum(tree.spots[index].parent >= 0 for index in group) for group in groups]
    ready = [(*key[number], number) for number in range(len(groups)) if not missing[number]]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        number = heapq.heappop(ready)[-1]
        order.append(number)
        for index in groups[number]:
            for child in tree.spots[index].children:
                missing[home[child]] -= 1
                if not missing[home[child]]:
                    heapq.heappush(ready, (*key[home[child]], home[child]))
    return order if len(order) == len(groups) else None


def recall(tree: Tree) -> tuple[bool, ...]:
    """Return for each player whether it never forgets what it saw or did.

    All nodes of an information set must have the same last own move before them.
    """
    last: list[tuple[tuple[int, int] | None, ...]] = []  # [node][player] (place, action)
    before: dict[int, tuple[int, int] | None] = {}
    perfect = [True] * len(tree.players)
    for spot in tree.spots:
        known: tuple[tuple[int, int] | None, ...] = (None,) * len(tree.players)
        if spot.parent >= 0:
            known = last[spot.parent]
            come = tree.spots[spot.parent].place
            mover = tree.places[come].player
            if mover >= 0:
                known = (*known[:mover], (come, spot.branch), *known[mover + 1 :])
        last.append(known)
        player = tree.places[spot.place].player if spot.place >= 0 else -1
        if player >= 0 and before.setdefault(spot.place, known[player]) != known[player]:
            perfect[player] = False
    return tuple(perfect)


def game_of(tree: Tree, precision: float = PRECISION) -> Game:
    """Pack a tree into arrays.

    Parameters
    ----------
    tree
        The game.
    precision
        Of every player, per whole stake.

    Returns
    -------
    A game without parameters: chances and payoffs are constants, rounded once to float64. ``ordered`` is
    False when no order of the information sets exists.

    Raises
    ------
    GameError
        When ``precision`` is no positive number.
    """
    if not (np.isfinite(precision) and precision > 0):
        raise GameError(f"precision must be a positive number, not {precision}")
    groups = places(tree, apart=True)
    order = sequence(tree, groups)
    if order is None:
        by_depth = _by_depth(tree)
        sets = list(dict.fromkeys(tree.spots[n].place for n in by_depth))
    else:
        by_depth = [index for number in order for index in groups[number]]
        sets = [tree.spots[groups[number][0]].place for number in order]
    sets = [place for place in dict.fromkeys(sets) if place >= 0 and tree.places[place].player >= 0]
    return _Packing(tree, by_depth, sets, Builder()).game(precision, order is not None)


def _by_depth(tree: Tree) -> list[int]:
    order = [0]
    for index in order:
        order.extend(tree.spots[index].children)
    return order


class _Packing:
    """A tree on its way to arrays."""

    def __init__(self, tree: Tree, order: Sequence[int], sets: Sequence[int], builder: Builder) -> None:
        self.tree, self.order, self.sets, self.builder = tree, order, sets, builder
        self.set_number = {place: number for number, place in enumerate(sets)}
        self.rows: dict[tuple[int, ...], int] = {(0,) * len(tree.players): 0}

    def _row(self, pay: tuple[Fraction, ...] | None) -> int:
        if pay is None:
            return 0
        registers = tuple(self.builder.constant(float(each)) if each else 0 for each in pay)
        return self.rows.setdefault(registers, len(self.rows))

    def game(self, precision: float, ordered: bool) -> Game:
        """Return the arrays."""
        tree, order, known = self.tree, self.order, self.tree.places
        spots = [tree.spots[index] for index in order]
        number = {index: n for n, index in enumerate(order)}
        owners = [known[spot.place].player if spot.place >= 0 else -1 for spot in spots]
        first_action = np.concatenate([[0], np.cumsum([len(known[each].labels) for each in self.sets])])
        child, action, chance, pay, label, first_edge = self._edges(spots, number, first_action.tolist())
        members: list[list[int]] = [[] for _ in self.sets]
        for n, (spot, owner) in enumerate(zip(spots, owners, strict=True)):
            if owner >= 0:
                members[self.set_number[spot.place]].append(n)
        ends = [self._row(spot.pay) if spot.place < 0 else 0 for spot in spots]
        careful = self.builder.constant(precision)
        kinds = [
            TERMINAL if spot.place < 0 else DECISION if owner >= 0 else CHANCE
            for spot, owner in zip(spots, owners, strict=True)
        ]
        kind = np.array(kinds, dtype=np.int8)
        kind.setflags(write=False)
        names = self._names()
        builder = self.builder
        return Game(
            players=tree.players,
            program=Program((), tuple(builder.operation), tuple(builder.arguments)),
            node_kind=kind,
            node_infoset=_ints(
                [self.set_number[s.place] if o >= 0 else -1 for s, o in zip(spots, owners, strict=True)]
            ),
            node_payoff=_ints(ends),
            node_first_edge=_ints(first_edge),
            edge_child=_ints(child),
            edge_action=_ints(action),
            edge_chance=_ints(chance),
            edge_payoff=_ints(pay),
            payoff_register=_ints([each for row in self.rows for each in row]).reshape(len(self.rows), -1),
            infoset_player=_ints([known[each].player for each in self.sets]),
            infoset_first_action=_ints(first_action.tolist()),
            infoset_first_node=_ints([0, *np.cumsum([len(each) for each in members]).tolist()]),
            infoset_node=_ints([n for each in members for n in each]),
            precision=_ints([careful] * len(tree.players)),
            stake=_ints([-1] * len(tree.players)),
            ordered=ordered,
            perfect_recall=recall(tree),
            infoset_label=names,
            infoset_move=names,
            action_label=tuple(text for each in self.sets for text in known[each].labels),
            chance_label=tuple(
                known[s.place].name or "chance" if k == CHANCE else ""
                for s, k in zip(spots, kinds, strict=True)
            ),
            edge_label=tuple(label),
            environment={},
        )

    def _edges(
        self, spots: Sequence[Spot], number: Mapping[int, int], first_action: Sequence[int]
    ) -> tuple[list[int], list[int], list[int], list[int], list[str], list[int]]:
        """Return child, action, chance, payoff row and label of every edge, and the first of each node."""
        child: list[int] = []
        action: list[int] = []
        chance: list[int] = []
        pay: list[int] = []
        label: list[str] = []
        first_edge = [0]
        for spot in spots:
            for branch, below in enumerate(spot.children):
                place = self.tree.places[spot.place]
                owner = place.player
                child.append(number[below])
                action.append(int(first_action[self.set_number[spot.place]]) + branch if owner >= 0 else -1)
                chance.append(-1 if owner >= 0 else self.builder.constant(float(place.chances[branch])))
                pay.append(self._row(spot.pay))  # what reaching an inner node pays is paid on leaving it
                label.append(place.labels[branch])
            first_edge.append(len(child))
        return child, action, chance, pay, label, first_edge

    def _names(self) -> tuple[str, ...]:
        """Name every information set: as the file does, else by player and number."""
        counts: dict[int, int] = {}
        names = []
        for each in self.sets:
            place = self.tree.places[each]
            counts[place.player] = counts.get(place.player, 0) + 1
            names.append(place.name or f"{self.tree.players[place.player]} {counts[place.player]}")
        return tuple(names)


def _ints(values: Sequence[int]) -> Integers:
    array = np.asarray(values, dtype=np.int32)
    array.setflags(write=False)
    return array
