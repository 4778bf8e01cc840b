"""A game as an explicit tree with exact numbers, as files of other programs hold it, and its way to arrays.

What lives here: the tree, its order in time, who remembers what, the packing. What may not: texts of files.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from parley.errors import GameError
from parley.game.model import CHANCE, DECISION, TERMINAL, Game, Integers, Origin, Program
from parley.game.numerals import nearest, rational

__all__ = ["PRECISION", "Outcome", "Place", "Spot", "Tree", "game_of", "places", "recall", "sequence"]

PRECISION = 4.0  # of players of whom a file says nothing: the same as in a scenario


@dataclass(slots=True)
class Place:
    """An information set, or what chance decides: ``player`` -1 is chance, which alone has ``chances``."""

    player: int
    name: str
    labels: tuple[str, ...]
    chances: tuple[Fraction, ...] = ()
    shares: tuple[str, ...] = ()  # the chances as written


@dataclass(slots=True)
class Outcome:
    """What a node pays each player, in the file's own words; exact numbers are worked out when asked for."""

    name: str
    texts: tuple[str, ...]
    exact: tuple[Fraction, ...] | None = None

    @property
    def pay(self) -> tuple[Fraction, ...]:
        """The exact payoffs."""
        if self.exact is None:
            self.exact = tuple(rational(text) for text in self.texts)
        return self.exact


@dataclass(slots=True)
class Spot:
    """A node: its index in ``Tree.places`` (-1 at the end), where it hangs, what reaching it pays."""

    place: int
    parent: int  # -1 at the root
    branch: int  # which of the parent's actions leads here
    outcome: Outcome | None = None
    name: str = ""
    children: list[int] | tuple[()] = ()

    @property
    def pay(self) -> tuple[Fraction, ...] | None:
        """What reaching the node pays, None for nothing."""
        return None if self.outcome is None else self.outcome.pay


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
    depth: list[int] = []
    for spot in tree.spots:
        depth.append(depth[spot.parent] + 1 if spot.parent >= 0 else 0)
    key = [(max([depth[index] for index in group]), group[0]) for group in groups]
    # Sorted by depth they mostly are in order; then the search below would find the same.
    order = sorted(range(len(groups)), key=key.__getitem__)
    place = [0] * len(groups)
    for position, number in enumerate(order):
        place[number] = position
    when = [place[number] for number in home]
    if all(spot.parent < 0 or when[spot.parent] < when[index] for index, spot in enumerate(tree.spots)):
        return order
    return _search(tree, groups, home, key)


def _search(
    tree: Tree, groups: Sequence[Sequence[int]], home: Sequence[int], key: Sequence[tuple[int, int]]
) -> list[int] | None:
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
    A game without parameters: chances and payoffs are constants, rounded once to float64, and kept beside
    as they were written. ``ordered`` is False when no order of the information sets exists.

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
    return _Packing(tree, by_depth, sets).game(precision, order is not None)


def _by_depth(tree: Tree) -> list[int]:
    order = [0]
    for index in order:
        order.extend(tree.spots[index].children)
    return order


class _Registers:
    """The constants of a game: a register for every number as written."""

    def __init__(self) -> None:
        self.values = [0.0, 1.0]
        self.known = {"0": 0, "1": 1}

    def of(self, text: str) -> int:
        register = self.known.get(text)
        if register is None:
            register = self.known[text] = len(self.values)
            self.values.append(nearest(text))
        return register

    def program(self) -> Program:
        return Program((), ("constant",) * len(self.values), tuple((value,) for value in self.values))


class _Packing:
    """A tree on its way to arrays."""

    def __init__(self, tree: Tree, order: Sequence[int], sets: Sequence[int]) -> None:
        self.tree, self.sets = tree, sets
        self.spots = [tree.spots[index] for index in order]
        self.number = [0] * len(order)
        for n, index in enumerate(order):
            self.number[index] = n
        self.owners = [tree.places[spot.place].player if spot.place >= 0 else -1 for spot in self.spots]
        self.set_number = {place: number for number, place in enumerate(sets)}
        counts = [len(tree.places[each].labels) for each in sets]
        self.first_action = [0, *itertools.accumulate(counts)]
        self.registers = _Registers()
        self.rows: dict[tuple[int, ...], int] = {(0,) * len(tree.players): 0}
        self.child: list[int] = []
        self.action: list[int] = []
        self.chance: list[int] = []
        self.pay: list[int] = []
        self.label: list[str] = []
        self.first_edge = [0]

    def game(self, precision: float, ordered: bool) -> Game:
        """Return the arrays."""
        tree, known, spots = self.tree, self.tree.places, self.spots
        self._edges()
        members: list[list[int]] = [[] for _ in self.sets]
        for n, (spot, owner) in enumerate(zip(spots, self.owners, strict=True)):
            if owner >= 0:
                members[self.set_number[spot.place]].append(n)
        ends = [self._row(spot.outcome) if spot.place < 0 else 0 for spot in spots]
        careful = self.registers.of(repr(float(precision)))
        kinds = [
            TERMINAL if spot.place < 0 else DECISION if owner >= 0 else CHANCE
            for spot, owner in zip(spots, self.owners, strict=True)
        ]
        names = self._names()
        return Game(
            players=tree.players,
            program=self.registers.program(),
            node_kind=_locked(np.array(kinds, dtype=np.int8)),
            node_infoset=_ints(
                [self.set_number[s.place] if o >= 0 else -1 for s, o in zip(spots, self.owners, strict=True)]
            ),
            node_payoff=_ints(ends),
            node_first_edge=_ints(self.first_edge),
            edge_child=_ints(self.child),
            edge_action=_ints(self.action),
            edge_chance=_ints(self.chance),
            edge_payoff=_ints(self.pay),
            payoff_register=_ints(list(self.rows)).reshape(len(self.rows), -1),
            infoset_player=_ints([known[each].player for each in self.sets]),
            infoset_first_action=_ints(self.first_action),
            infoset_first_node=_ints([0, *itertools.accumulate(len(each) for each in members)]),
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
            edge_label=tuple(self.label),
            environment={},
            origin=self._origin(),
        )

    def _origin(self) -> Origin:
        tree = self.tree
        by_chance = [n for n, place in enumerate(tree.places) if place.player < 0]
        number = {place: n for n, place in enumerate(by_chance)}
        return Origin(
            title=tree.title,
            comment=tree.comment,
            numerals={register: text for text, register in self.registers.known.items()},
            node_name=tuple(spot.name for spot in self.spots),
            node_outcome=tuple(spot.outcome.name if spot.outcome else "" for spot in self.spots),
            chance_set=_ints([number.get(spot.place, -1) for spot in self.spots]),
            chance_name=tuple(tree.places[each].name for each in by_chance),
            infoset_name=tuple(tree.places[each].name for each in self.sets),
        )

    def _row(self, outcome: Outcome | None) -> int:
        if outcome is None:
            return 0
        registers = tuple([self.registers.of(text) for text in outcome.texts])
        return self.rows.setdefault(registers, len(self.rows))

    def _edges(self) -> None:
        """List child, action, chance, payoff row and label of every edge, and the first of each node."""
        chances: dict[int, list[int]] = {}
        for spot, owner in zip(self.spots, self.owners, strict=True):
            if spot.place >= 0:
                place, count = self.tree.places[spot.place], len(spot.children)
                self.child += [self.number[below] for below in spot.children]
                self.label += place.labels
                # what reaching an inner node pays is paid on leaving it
                self.pay += [self._row(spot.outcome)] * count
                if owner >= 0:
                    first = self.first_action[self.set_number[spot.place]]
                    self.action += range(first, first + count)
                    self.chance += [-1] * count
                else:
                    if spot.place not in chances:
                        chances[spot.place] = [self.registers.of(text) for text in place.shares]
                    self.action += [-1] * count
                    self.chance += chances[spot.place]
            self.first_edge.append(len(self.child))

    def _names(self) -> tuple[str, ...]:
        """Name every information set: as the file does, else by player and number."""
        counts: dict[int, int] = {}
        names = []
        for each in self.sets:
            place = self.tree.places[each]
            counts[place.player] = counts.get(place.player, 0) + 1
            names.append(place.name or f"{self.tree.players[place.player]} {counts[place.player]}")
        return tuple(names)


def _ints(values: Sequence[object]) -> Integers:
    return _locked(np.asarray(values, dtype=np.int32))


Anything = TypeVar("Anything", bound=np.generic)


def _locked(array: NDArray[Anything]) -> NDArray[Anything]:
    array.setflags(write=False)
    return array
