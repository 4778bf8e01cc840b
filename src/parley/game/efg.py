"""One draw of a game as an extensive-form file that other programs read.

What lives here: writing Gambit's ``.efg`` format, in the subset that OpenSpiel reads too. What may not: other
programs.

A number is written as the simplest rational that rounds to it. Probabilities are exact rationals that sum
to exactly one, as readers insist; what rounding leaves is put on the likeliest branch. Merged nodes are
written out as the tree that they stand for, with all payoffs at the leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from parley.errors import GameError
from parley.game.model import DECISION, TERMINAL, Game

__all__ = ["LEAF_LIMIT", "exact", "quoted", "to_efg"]

LEAF_LIMIT = 100_000

Values = NDArray[np.float64]


def to_efg(game: Game, chance: Values, payoff: Values, *, title: str = "") -> str:
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
        Of the file.

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
    if not (np.isfinite(payoff).all() and np.isfinite(chance).all()):
        raise GameError("this draw has a payoff or chance that is not a finite number")
    writer = _Writer(game, chance, payoff)
    players = " ".join(quoted(name) for name in game.players)
    return "\n".join([f"EFG 2 R {quoted(title)} {{ {players} }}", *writer.nodes(), ""])


def quoted(text: str) -> str:
    r"""Return a text in quotes that every reader takes: without quotes, backslashes and odd blanks inside.

    >>> print(quoted("say  it"))
    "say it"
    """
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return '"' + text.replace("\\", "/").replace('"', "'") + '"'


def exact(value: float) -> Fraction:
    """Return the simplest rational that rounds to a number: what its author wrote, rather than its bits.

    >>> exact(1 / 3), exact(0.1)
    (Fraction(1, 3), Fraction(1, 10))
    """
    simple = Fraction(value).limit_denominator(10_000)
    return simple if float(simple) == value else Fraction(repr(float(value)))


class _Writer:
    def __init__(self, game: Game, chance: Values, payoff: Values) -> None:
        self.game = game
        self.chance = chance
        self.payoff = [[exact(float(each)) for each in row] for row in payoff]
        self.leaves = self.chances = 0
        self.numbers = self._numbers()

    def _numbers(self) -> list[int]:
        """Give every information set its number within its player."""
        counts = [0] * len(self.game.players)
        numbers = []
        for player in self.game.infoset_player:
            counts[player] += 1
            numbers.append(counts[player])
        return numbers

    def nodes(self) -> Iterator[str]:
        nothing = [Fraction(0)] * len(self.game.players)
        stack = [(0, nothing)]
        while stack:  # prefix order, without recursion: stories can be long
            node, paid = stack.pop()
            edges = range(int(self.game.node_first_edge[node]), int(self.game.node_first_edge[node + 1]))
            if self.game.node_kind[node] == TERMINAL:
                yield self._leaf(node, paid)
                continue
            yield self._decision(node) if self.game.node_kind[node] == DECISION else self._chance(node, edges)
            for edge in reversed(edges):
                row = self.payoff[self.game.edge_payoff[edge]]
                stack.append(
                    (int(self.game.edge_child[edge]), [a + b for a, b in zip(paid, row, strict=True)])
                )

    def _leaf(self, node: int, paid: list[Fraction]) -> str:
        self.leaves += 1
        if self.leaves > LEAF_LIMIT:
            raise GameError(f"written out as a tree the game has more than {LEAF_LIMIT:,} leaves")
        row = self.payoff[self.game.node_payoff[node]]
        numbers = " ".join(str(a + b) for a, b in zip(paid, row, strict=True))
        return f't "" {self.leaves} "" {{ {numbers} }}'

    def _decision(self, node: int) -> str:
        infoset = int(self.game.node_infoset[node])
        first, last = self.game.infoset_first_action[infoset : infoset + 2]
        actions = " ".join(quoted(label) for label in self.game.action_label[first:last])
        player = int(self.game.infoset_player[infoset])
        return f'p "" {player + 1} {self.numbers[infoset]} "" {{ {actions} }} 0'

    def _chance(self, node: int, edges: range) -> str:
        shares = [exact(float(self.chance[edge])) for edge in edges]
        missing = 1 - sum(shares, Fraction(0))
        if min(shares) < 0 or abs(missing) > 1e-9:
            raise GameError(
                f"the chances at '{self.game.chance_label[node]}' are no probabilities in this draw"
            )
        shares[shares.index(max(shares))] += missing  # rounding goes where it weighs least
        labels = [quoted(self.game.edge_label[edge]) for edge in edges]
        branches = " ".join(f"{label} {share}" for label, share in zip(labels, shares, strict=True))
        self.chances += 1  # each time anew: Gambit wants chance, too, to remember what led to one of its sets
        return f'c "" {self.chances} "" {{ {branches} }} 0'
