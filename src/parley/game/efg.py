"""One draw of a game as an extensive-form file that other programs read.

What lives here: writing Gambit's ``.efg`` format, in the subset that OpenSpiel reads too. What may not: other
programs.

A number that was read from a file is written as it stood there, as long as the table still holds the
float64 nearest to it; any other as the simplest rational that rounds to it. Sums along a path are exact.
Probabilities are exact rationals that sum to exactly one, as readers insist; what rounding leaves is put on
the likeliest branch. Merged nodes are written out as the tree that they stand for, with all payoffs at the
leaves.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from parley.errors import GameError
from parley.game.gambit_tokens import relabelled
from parley.game.model import DECISION, TERMINAL, Game
from parley.game.numerals import nearest, portable, rational, simplest, spelled, total

__all__ = ["LEAF_LIMIT", "Exact", "finite", "quoted", "to_efg"]

LEAF_LIMIT = 1_000_000

Values = NDArray[np.float64]


def to_efg(game: Game, chance: Values, payoff: Values, *, title: str | None = None) -> str:
    """Write one draw of a game.

    Parameters
    ----------
    game
        The arrays.
    chance
        ``[edge]`` probabilities (of decision edges ignored).
    payoff
        ``[row, player]``.
    title
        Of the file; None for that of the file that the game was read from.

    Returns
    -------
    The text of an ``.efg`` file. Information sets are numbered per player from 1, in the order of the game.

    Raises
    ------
    GameError
        When a number is not finite, chances are no probabilities, or the tree has more than
        :data:`LEAF_LIMIT` leaves.

    Examples
    --------
    >>> import numpy as np, parley
    >>> from parley.solve import tabulate
    >>> scenario = parley.load("which-event-first")
    >>> game = parley.compile(scenario)
    >>> tables = tabulate(game, parley.sample(scenario, 16))
    >>> print(to_efg(game, tables.chance[:, 0], tables.payoff[:, :, 0], title="one draw").splitlines()[0])
    EFG 2 R "one draw" { "us" }
    """
    finite(game)
    writer = _Writer(game, Exact(game, chance, payoff))
    origin = game.origin
    if title is None:
        title = origin.title if origin else ""
    comment = f" {_free(origin.comment)}" if origin and origin.comment else ""
    players = " ".join(quoted(name) for name in relabelled([_plain(name) for name in game.players]))
    return "\n".join([f"EFG 2 R {_free(title)} {{ {players} }}{comment}", *writer.nodes(), ""])


def finite(game: Game) -> None:
    """Insist that a game has a last round: Gambit's files hold finite trees.

    Raises
    ------
    GameError
        When it has not.
    """
    if game.loop is not None:
        raise GameError(
            "a story with `repeat: forever` is no finite tree: write a number of rounds to export it"
        )


def _free(text: str) -> str:
    """Return a title or comment in quotes; other than labels they may hold any blanks."""
    return '"' + text.replace("\\", "/").replace('"', "'") + '"'


def quoted(text: str) -> str:
    r"""Return a text in quotes that every reader takes: without quotes, backslashes and odd blanks inside.

    >>> print(quoted("say  it"))
    "say it"
    """
    return f'"{_plain(text)}"'


def _plain(text: str) -> str:
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return text.replace("\\", "/").replace('"', "'")


class Exact:
    """The exact numbers of one draw: those of the file that the game was read from, else the simplest.

    Parameters
    ----------
    game, chance, payoff
        As for :func:`to_efg`.

    Raises
    ------
    GameError
        When a number is not finite, or the chances at a node are no probabilities.

    Examples
    --------
    >>> import numpy as np
    >>> from parley.game.efg_reader import read_efg
    >>> game = read_efg('EFG 2 R "" { "A" } c "" 1 "" { "a" 1/3 "b" 2/3 } 0 t "" 0 t "" 0')
    >>> Exact(game, np.array([1 / 3, 2 / 3]), np.zeros((1, 1))).shares(range(2))
    [(Fraction(1, 3), '1/3'), (Fraction(2, 3), '2/3')]
    """

    def __init__(self, game: Game, chance: Values, payoff: Values) -> None:
        if not (np.isfinite(payoff).all() and np.isfinite(chance).all()):
            raise GameError("this draw has a payoff or chance that is not a finite number")
        self.game, self.chance, self.payoff = game, chance, payoff
        self._numerals = game.origin.numerals if game.origin else {}
        self._rows: dict[int, tuple[tuple[Fraction, str], ...]] = {}

    def _number(self, register: int, value: float) -> tuple[Fraction, str]:
        text = self._numerals.get(register)
        if text is not None and nearest(text) == value:
            found = rational(text)
            return found, text if portable(text) else spelled(found)
        found = simplest(value)
        return found, spelled(found)

    def row(self, row: int) -> tuple[tuple[Fraction, str], ...]:
        """Return a payoff row: for every player the number and its spelling."""
        if row not in self._rows:
            registers, values = self.game.payoff_register[row].tolist(), self.payoff[row].tolist()
            self._rows[row] = tuple(map(self._number, registers, values))
        return self._rows[row]

    def paid(self, rows: tuple[int, ...]) -> tuple[tuple[Fraction, str], ...]:
        """Return what several rows pay together."""
        kept = [row for row in rows if row]
        if len(kept) <= 1:
            return self.row(kept[0]) if kept else ((Fraction(0), "0"),) * len(self.game.players)
        sums = [total([each[0] for each in column]) for column in self._columns(kept)]
        return tuple((each, spelled(each)) for each in sums)

    def _columns(self, rows: list[int]) -> Iterator[tuple[tuple[Fraction, str], ...]]:
        return zip(*(self.row(row) for row in rows), strict=True)

    def shares(self, edges: range) -> list[tuple[Fraction, str]]:
        """Return the probabilities of a chance node's edges, which sum to exactly one."""
        registers = self.game.edge_chance[edges.start : edges.stop].tolist()
        values = self.chance[edges.start : edges.stop].tolist()
        found = list(map(self._number, registers, values))
        missing = 1 - total([share for share, _ in found])
        if min(share for share, _ in found) < 0 or abs(missing) > 1e-9:
            node = int(np.searchsorted(self.game.node_first_edge, edges.start, side="right")) - 1
            label = self.game.chance_label[node]
            raise GameError(f"the chances at '{label}' are no probabilities in this draw")
        if missing:  # rounding goes where it weighs least
            likeliest = found.index(max(found))
            share = found[likeliest][0] + missing
            found[likeliest] = share, spelled(share)
        return found


class _Described:
    """Numbers of things that a file describes: the same words have the same number, a name is used once."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, Hashable], tuple[int, str]] = {}
        self.taken: set[str] = set()

    def number(self, name: str, words: Hashable) -> tuple[int, str]:
        """Return the number of what is described so, and the name that it may bear, in quotes."""
        found = self.known.get((name, words))
        if found is None:
            free = name not in self.taken and _plain(name) == name
            found = self.known[name, words] = len(self.known) + 1, f'"{name}"' if free else '""'
            self.taken.add(name)
        return found


class _Writer:
    def __init__(self, game: Game, exact: Exact) -> None:
        self.game, self.exact, self.origin = game, exact, game.origin
        self.leaves = self.fresh = 0
        self.outcomes, self.chances = _Described(), _Described()
        self.numbers = self._numbers()
        self.actions = [self._actions(infoset) for infoset in range(game.infosets)]

    def _numbers(self) -> list[int]:
        """Give every information set its number within its player."""
        counts = [0] * len(self.game.players)
        numbers = []
        for player in self.game.infoset_player:
            counts[player] += 1
            numbers.append(counts[player])
        return numbers

    def _actions(self, infoset: int) -> str:
        first, last = self.game.infoset_first_action[infoset : infoset + 2]
        labels = relabelled([_plain(label) for label in self.game.action_label[first:last]])
        return " ".join(map(quoted, labels))

    def nodes(self) -> Iterator[str]:
        game, kinds = self.game, self.game.node_kind.tolist()
        first_edge, pays = game.node_first_edge.tolist(), game.edge_payoff.tolist()
        children = game.edge_child.tolist()
        stack: list[tuple[int, tuple[int, ...]]] = [(0, ())]
        while stack:  # prefix order, without recursion: stories can be long
            node, paid = stack.pop()
            edges = range(first_edge[node], first_edge[node + 1])
            if kinds[node] == TERMINAL:
                yield self._leaf(node, (*paid, int(game.node_payoff[node])))
                continue
            yield self._decision(node) if kinds[node] == DECISION else self._chance(node, edges)
            for edge in reversed(edges):
                stack.append((children[edge], (*paid, pays[edge]) if pays[edge] else paid))

    def _name(self, names: Sequence[str], which: int) -> str:
        return f'"{names[which]}"' if _plain(names[which]) == names[which] else '""'

    def _node(self, node: int) -> str:
        return self._name(self.origin.node_name, node) if self.origin else '""'

    def _leaf(self, node: int, rows: tuple[int, ...]) -> str:
        self.leaves += 1
        if self.leaves > LEAF_LIMIT:
            raise GameError(f"written out as a tree the game has more than {LEAF_LIMIT:,} leaves")
        pays = " ".join([text for _, text in self.exact.paid(rows)])
        number, name = self.leaves, '""'
        if self.origin is not None:
            number, name = self.outcomes.number(self.origin.node_outcome[node], pays)
        return f"t {self._node(node)} {number} {name} {{ {pays} }}"

    def _decision(self, node: int) -> str:
        infoset = int(self.game.node_infoset[node])
        player = int(self.game.infoset_player[infoset])
        name = self._name(self.origin.infoset_name, infoset) if self.origin else '""'
        head = f"p {self._node(node)} {player + 1} {self.numbers[infoset]}"
        return f"{head} {name} {{ {self.actions[infoset]} }} 0"

    def _chance(self, node: int, edges: range) -> str:
        labels = relabelled([_plain(self.game.edge_label[edge]) for edge in edges])
        shares = [text for _, text in self.exact.shares(edges)]
        branches = " ".join(f"{quoted(label)} {text}" for label, text in zip(labels, shares, strict=True))
        # each time anew: Gambit wants chance, too, to remember what led to one of its sets
        self.fresh += 1
        number, name = self.fresh, '""'
        if self.origin is not None:
            which = int(self.origin.chance_set[node])
            number, name = self.chances.number(self.origin.chance_name[which], (which, branches))
        return f"c {self._node(node)} {number} {name} {{ {branches} }} 0"
