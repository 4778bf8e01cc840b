"""Certificates and stakes, by kernel.

What lives here: the layout in which the kernels read a whole game, and the calls. What may not: iteration.
:mod:`parley.solve.verify` recomputes the same numbers without anything from here.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import DECISION, Game
from parley.solve.order import arrange

__all__ = ["Book", "Proof", "book", "certify", "stakes"]

Integers: TypeAlias = NDArray[np.int32]
Numbers: TypeAlias = NDArray[np.float64]


class Book(NamedTuple):
    """A game's structure for :mod:`parley.solve.kernels.proof`; all write-locked int32."""

    kind: Integers  # [node]
    infoset: Integers  # [node]
    node_payoff: Integers  # [node]
    first_edge: Integers  # [node + 1]
    child: Integers  # [edge]
    action: Integers  # [edge]
    edge_payoff: Integers  # [edge]
    player: Integers  # [infoset]
    first_action: Integers  # [infoset + 1]
    first_node: Integers  # [infoset + 1]
    node: Integers  # [node of an information set]
    reply_first: Integers  # [player + 1]
    reply_order: Integers  # a node, or -1 - information set


class Proof(NamedTuple):
    """Numbers per draw."""

    residual: Numbers  # [draw]
    gain: Numbers  # [player, draw] from the best reply, in the author's units
    value: Numbers  # [player, draw]


def book(game: Game) -> Book:
    """Lay a game out, with the order in which each player's best reply is found."""
    orders = [_reply_order(game, player) for player in range(len(game.players))]
    first = np.concatenate([[0], np.cumsum([len(each) for each in orders])])
    return Book(
        *(
            _locked(each)
            for each in (
                game.node_kind,
                game.node_infoset,
                game.node_payoff,
                game.node_first_edge,
                game.edge_child,
                game.edge_action,
                game.edge_payoff,
                game.infoset_player,
                game.infoset_first_action,
                game.infoset_first_node,
                game.infoset_node,
                first,
                np.concatenate([np.zeros(0), *orders]),
            )
        )
    )


def certify(pages: Book, chance: Numbers, payoff: Numbers, precision: Numbers, strategy: Numbers) -> Proof:
    """Residual, gain from deviating and value of given strategies.

    Parameters
    ----------
    pages
        Of the game.
    chance, payoff, precision, strategy
        ``[edge, draw]``, ``[row, player, draw]``, ``[player, draw]`` per payoff unit, ``[action, draw]``.
    """
    from parley.solve.kernels.proof import prove

    draws = strategy.shape[1]
    players = precision.shape[0]
    blocks = _blocks(precision)
    residual = np.zeros((len(blocks), 1, blocks.shape[2]))
    gain = np.zeros_like(blocks)
    value = np.zeros_like(blocks)
    flat = payoff.reshape(-1, draws)
    prove(pages, _blocks(chance), _blocks(flat), blocks, _blocks(strategy), residual, gain, value)
    return Proof(_rows(residual, 1, draws)[0], _rows(gain, players, draws), _rows(value, players, draws))


def stakes(game: Game, payoff: Numbers) -> Numbers:
    """What each player has at stake: largest minus smallest total payoff over all paths.

    Parameters
    ----------
    game
        Paths are all paths from the root, whatever their chances.
    payoff
        ``[row, player, draw]`` in the author's units.

    Returns
    -------
    ``[player, draw]``; 1 where a player gets the same everywhere.
    """
    return path_ranges(book(game), payoff)


def path_ranges(pages: Book, payoff: Numbers) -> Numbers:
    """:func:`stakes` of a game laid out before."""
    from parley.solve.kernels.proof import range_over_paths

    _, players, draws = payoff.shape
    blocks = _blocks(payoff.reshape(-1, draws))
    lowest = np.zeros((len(blocks), players, blocks.shape[2]))
    highest = np.zeros_like(lowest)
    range_over_paths(pages, blocks, lowest, highest)
    width = _rows(highest - lowest, players, draws)
    return np.where(width == 0.0, 1.0, width)


def _reply_order(game: Game, player: int) -> Integers:
    """Nodes from last to first, each information set of ``player`` before its nodes.

    An information set without perfect recall that precedes itself is left out: its mix stays as it is.
    """
    own = [h for h in range(game.infosets) if game.infoset_player[h] == player]
    number = {h: game.nodes + k for k, h in enumerate(own)}
    first = game.node_first_edge
    needs: list[set[int]] = []
    for node in range(game.nodes):
        wanted = set(game.edge_child[first[node] : first[node + 1]].tolist())
        if game.node_kind[node] == DECISION and int(game.node_infoset[node]) in number:
            wanted.add(number[int(game.node_infoset[node])])
        needs.append(wanted)
    key = [-node for node in range(game.nodes)]
    for h in own:
        nodes = game.infoset_node[game.infoset_first_node[h] : game.infoset_first_node[h + 1]]
        needs.append({child for n in nodes for child in game.edge_child[first[n] : first[n + 1]].tolist()})
        key.append(-int(nodes.min()))
    skipped: set[int] = set()

    def skip(step: int) -> bool:
        if step < game.nodes or step in skipped:
            return False
        skipped.add(step)
        return True

    sequence = arrange(needs, key, [True] * len(needs), skip)
    kept = [
        step if step < game.nodes else -1 - own[step - game.nodes] for step in sequence if step not in skipped
    ]
    return np.array(kept, dtype=np.int32)


def _locked(numbers: NDArray[np.generic]) -> Integers:
    array = np.array(numbers, dtype=np.int32, order="C")
    array.setflags(write=False)
    return array


def _blocks(table: Numbers) -> Numbers:
    """``[row, draw]`` as ``[block, row, lane]``; the last draw fills a short block."""
    from parley.solve.kernels._jit import LANES

    rows, draws = table.shape
    short = -draws % LANES
    if short:
        table = np.concatenate([table, np.repeat(table[:, -1:], short, axis=1)], axis=1)
    blocks = table.shape[1] // LANES  # by name: a game in which nobody chooses has no rows
    return np.ascontiguousarray(table.reshape(rows, blocks, LANES).transpose(1, 0, 2))


def _rows(blocks: Numbers, rows: int, draws: int) -> Numbers:
    """The inverse of :func:`_blocks`."""
    columns = blocks.shape[0] * blocks.shape[2]
    return np.ascontiguousarray(blocks.transpose(1, 0, 2).reshape(rows, columns)[:, :draws])
