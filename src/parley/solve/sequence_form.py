"""Two players' games in sequence form.

What lives here: the structure of the form, found once per game, and the tests whether a game has one. What
may not: numbers of a draw, iteration.

A player's *sequence* is what it has done on the way to a node: its last action, which with perfect recall
tells all those before; 0 stands for nothing yet. Sequences are numbered so that the actions of one
information set are consecutive and come after the sequence that leads there. A game's payoffs are then one
sparse matrix with a row for each sequence of the first player and a column for each of the second, and a
strategy is the vector of the probabilities with which a player makes the moves of each sequence (von
Stengel, B. 1996, Efficient computation of behavior strategies, Games and Economic Behavior 14, 220-246).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import Game

__all__ = ["Form", "Treeplex", "sequence_form"]

Integers: TypeAlias = NDArray[np.int32]
Indices: TypeAlias = NDArray[np.int64]

_LATELY: deque[tuple[Game, Form]] = deque(maxlen=16)
_LOCK = Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Treeplex:
    """One player's sequences."""

    first: Integers  # [own set + 1] its first sequence; the last entry is the number of sequences
    parent: Integers  # [own set] sequence that leads there
    action: Integers  # [sequence - 1] action of the game


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """Where every number of a game goes.

    A *place* is a node together with both players' sequences there; a tree has one per node, a game with
    merged futures may have more. A *step* leads from a place along an edge to another; steps are in the order
    in which the weights of places, products of chances, can be found.
    """

    trees: tuple[Treeplex, Treeplex]
    places: int
    step_from: Integers  # [step] place
    step_edge: Integers  # [step]
    step_to: Integers  # [step] place
    step_entry: Integers  # [step] entry of the matrix that the edge's payoff goes to, or -1
    end_place: Integers  # [end] places of terminals
    end_row: Integers  # [end] payoff row
    end_entry: Integers  # [end] entry
    row_first: Integers  # [first player's sequence + 1] entries by row
    row_column: Integers  # [entry]
    column_first: Integers  # [second player's sequence + 1]
    column_row: Integers  # [entry by column]
    column_entry: Integers  # [entry by column] the same entry by row


def sequence_form(game: Game) -> Form:
    """Find a game's sequence form, or that of a game that was asked for lately.

    Raises
    ------
    SolveError
        When the game has not exactly two players, or a player's recall is imperfect.

    Examples
    --------
    >>> from parley.game.efg_reader import read_efg
    >>> leaves = 't "" 1 "" { 1 -1 } t "" 2 "" { 2 -2 }'
    >>> game = read_efg(f'EFG 2 R "" {{ "a" "b" }} p "" 1 1 "" {{ "l" "r" }} 0 {leaves}')
    >>> sequence_form(game).row_column.tolist()
    [0, 0]
    """
    with _LOCK:
        for known, form in _LATELY:
            if known is game:
                return form
    if len(game.players) != 2:
        raise SolveError(f"the sequence form is for two players, and this game has {len(game.players)}")
    form = _Finder(game).form()
    with _LOCK:
        _LATELY.append((game, form))
    return form


class _Finder:
    """Walks a game level by level, all places of a level at once.

    Until all are known, a sequence is the number of its last action plus one.
    """

    def __init__(self, game: Game) -> None:
        self.game = game
        self.came = np.full(game.infosets, -1, dtype=np.int64)  # [infoset] own sequence that leads there
        self.appeared: list[Indices] = []  # information sets in the order in which they are met
        self.places = 0
        self.node: list[Indices] = []  # [level] of its places
        self.sequences: list[Indices] = []  # [level] of its places, [player, place]
        self.steps: list[tuple[Indices, Indices, Indices, Indices]] = []  # from, edge, to, sequences after it

    def form(self) -> Form:
        level = _levels(self.game)
        waiting: list[list[tuple[Indices, Indices, Indices]]]
        waiting = [[] for _ in range(int(level.max(initial=0)) + 1)]
        self._settle(np.zeros(1, np.int64), np.zeros((2, 1), np.int64), waiting, level)
        for arrivals in waiting[1:]:
            origin, edge, sequences = (np.concatenate(each, axis=-1) for each in zip(*arrivals, strict=True))
            node = self.game.edge_child[edge]
            order = np.lexsort((sequences[1], sequences[0], node))
            origin, edge, node, sequences = origin[order], edge[order], node[order], sequences[:, order]
            new = np.ones(len(node), dtype=bool)
            new[1:] = (node[1:] != node[:-1]) | (sequences[:, 1:] != sequences[:, :-1]).any(axis=0)
            self.steps.append((origin, edge, self.places + np.cumsum(new) - 1, sequences))
            self._settle(node[new], sequences[:, new], waiting, level)
        return self._packed()

    def _settle(
        self,
        node: Indices,
        sequences: Indices,
        waiting: list[list[tuple[Indices, Indices, Indices]]],
        level: Indices,
    ) -> None:
        """Note the places of a level, and send on what leaves them."""
        game, place = self.game, self.places + np.arange(len(node))
        self.places += len(node)
        self.node.append(node)
        self.sequences.append(sequences)
        self._remember(game.node_infoset[node], sequences)
        count = game.node_first_edge[node + 1] - game.node_first_edge[node]
        origin = np.repeat(place, count)
        edge = np.arange(len(origin)) - np.repeat(np.cumsum(count) - count, count)
        edge += np.repeat(game.node_first_edge[node], count)
        after = np.repeat(sequences, count, axis=1)
        action = game.edge_action[edge]
        decided = np.flatnonzero(action >= 0)
        mover = game.infoset_player[game.node_infoset[np.repeat(node, count)[decided]]]
        after[mover, decided] = action[decided] + 1
        target = level[game.edge_child[edge]]
        for lower in np.unique(target):
            which = np.flatnonzero(target == lower)
            waiting[lower].append((origin[which], edge[which], after[:, which]))

    def _remember(self, infoset: Integers, sequences: Indices) -> None:
        """Insist that a player's sequence is the same wherever it cannot tell nodes apart."""
        which = np.flatnonzero(infoset >= 0)
        infoset = infoset[which]
        own = sequences[self.game.infoset_player[infoset], which]
        fresh = infoset[self.came[infoset] < 0]
        self.came[fresh] = own[self.came[infoset] < 0]
        self.appeared.append(np.unique(fresh).astype(np.int64))
        wrong = np.flatnonzero(self.came[infoset] != own)
        if len(wrong):
            h = int(infoset[wrong[0]])
            raise SolveError(
                f"{self.game.players[self.game.infoset_player[h]]} has imperfect recall: at"
                f" {self.game.infoset_label[h]!r} its own earlier moves may have been different ones"
            )

    def _packed(self) -> Form:
        game = self.game
        sets = np.concatenate(self.appeared)
        number = np.zeros(game.actions + 1, dtype=np.int64)  # sequence -> its number among its player's
        trees = [self._treeplex(sets[game.infoset_player[sets] == player], number) for player in (0, 1)]
        node, sequences = np.concatenate(self.node), number[np.concatenate(self.sequences, axis=1)]
        none = np.zeros(0, np.int64)
        steps = [(none, none, none, np.zeros((2, 0), np.int64)), *self.steps]
        origin, edge, to, after = (np.concatenate(each, axis=-1) for each in zip(*steps, strict=True))
        after = number[after]
        end = np.flatnonzero(game.node_payoff[node] != 0)
        paid = np.flatnonzero(game.edge_payoff[edge] != 0)
        columns = int(trees[1].first[-1])
        keys = np.concatenate(
            [sequences[0, end] * columns + sequences[1, end], after[0, paid] * columns + after[1, paid]]
        )
        pairs, entry = np.unique(keys, return_inverse=True)
        row, column = np.divmod(pairs, columns)
        step_entry = np.full(len(edge), -1)
        step_entry[paid] = entry[len(end) :]
        by_column = np.argsort(column, kind="stable")
        return Form(
            trees=(trees[0], trees[1]),
            places=self.places,
            step_from=_locked(origin),
            step_edge=_locked(edge),
            step_to=_locked(to),
            step_entry=_locked(step_entry),
            end_place=_locked(end),
            end_row=_locked(game.node_payoff[node[end]]),
            end_entry=_locked(entry[: len(end)]),
            row_first=_locked(np.searchsorted(row, np.arange(int(trees[0].first[-1]) + 1))),
            row_column=_locked(column),
            column_first=_locked(np.searchsorted(column[by_column], np.arange(columns + 1))),
            column_row=_locked(row[by_column]),
            column_entry=_locked(by_column),
        )

    def _treeplex(self, sets: Indices, number: Indices) -> Treeplex:
        """Give the sequences of a player with these sets, earlier ones first, their numbers."""
        begin, end = self.game.infoset_first_action[sets], self.game.infoset_first_action[sets + 1]
        first = np.concatenate([[1], 1 + np.cumsum(end - begin)])
        action = np.repeat(begin - first[:-1], end - begin) + np.arange(1, first[-1])
        number[action + 1] = np.arange(1, first[-1])
        return Treeplex(_locked(first), _locked(number[self.came[sets]]), _locked(action))


def _levels(game: Game) -> Indices:
    """Length of the longest path to each node."""
    level = [0] * game.nodes
    first, child = game.node_first_edge.tolist(), game.edge_child.tolist()
    for node in range(game.nodes):
        below = level[node] + 1
        for edge in range(first[node], first[node + 1]):
            if level[child[edge]] < below:
                level[child[edge]] = below
    return np.asarray(level, dtype=np.int64)


def _locked(numbers: NDArray[np.generic]) -> Integers:
    array = np.array(numbers, dtype=np.int32, order="C")
    array.setflags(write=False)
    return array
