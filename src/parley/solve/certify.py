"""Certificates and stakes, by kernel.

What lives here: the layout in which the kernels read a whole game, and the calls. What may not: iteration.
:mod:`parley.solve.verify` recomputes the same numbers without anything from here.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game
from parley.solve.kernels import layout
from parley.solve.kernels.layout import LANES
from parley.solve.order import arrange, circular

__all__ = ["Book", "Proof", "book", "certify", "from_blocks", "path_ranges", "stakes", "to_blocks"]

Integers: TypeAlias = NDArray[np.int32]
Numbers: TypeAlias = NDArray[np.float64]


class Book(NamedTuple):
    """A game's structure for :mod:`parley.solve.kernels.proof`."""

    pages: Integers
    chance_edge: Integers  # [chance] edge
    players: int


class Proof(NamedTuple):
    """Numbers per draw."""

    residual: Numbers  # [draw]
    gain: Numbers  # [player, draw] from the best reply, in the author's units
    value: Numbers  # [player, draw]


def book(game: Game) -> Book:
    """Lay a game out, with the order in which each player's best reply is found."""
    pages = [0] * (layout.BOOK_HEADER + len(game.players))
    chance_edge = np.flatnonzero(game.edge_action < 0)
    number = {int(edge): game.actions + k for k, edge in enumerate(chance_edge)}
    places = []
    pages[layout.BOOK_NODES_COUNT], pages[layout.BOOK_ACTIONS], pages[layout.BOOK_CHANCES] = (
        game.nodes,
        game.actions,
        len(chance_edge),
    )
    pages[layout.BOOK_NODES] = len(pages)
    first = game.node_first_edge.tolist()
    for node in range(game.nodes):
        places.append(len(pages))
        pages += [node, int(game.node_payoff[node]), first[node + 1] - first[node]]
        for edge in range(first[node], first[node + 1]):
            action = int(game.edge_action[edge])
            likely = action if action >= 0 else number[edge]
            pages += [int(game.edge_child[edge]), likely, int(game.edge_payoff[edge])]
    pages[layout.BOOK_SETS] = len(pages)
    sets = []
    widest = 1
    for infoset in range(game.infosets):
        sets.append(len(pages))
        action, end = game.infoset_first_action[infoset : infoset + 2].tolist()
        nodes = game.infoset_node[
            game.infoset_first_node[infoset] : game.infoset_first_node[infoset + 1]
        ].tolist()
        pages += [int(game.infoset_player[infoset]), action, end - action, len(nodes)]
        pages += [places[node] for node in nodes]
        widest = max(widest, len(nodes), end - action)
    pages[layout.BOOK_WIDEST] = widest
    pages[layout.BOOK_REPLIES] = len(pages)
    for player in range(len(game.players)):
        for item in _reply_order(game, player):
            pages.append(places[item] if item >= 0 else -1 - sets[-1 - item])
        pages[layout.BOOK_HEADER + player] = len(pages)
    return Book(_locked(np.array(pages)), _locked(chance_edge), len(game.players))


def certify(pages: Book, chance: Numbers, payoff: Numbers, precision: Numbers, strategy: Numbers) -> Proof:
    """Residual, gain from deviating and value of given strategies.

    The gain is that of the best reply where recall is perfect. Elsewhere it is that of a reply found set by
    set from the last to the first, each weighed as if the player's own earlier moves led to all its nodes: a
    lower bound, which may be negative.

    Parameters
    ----------
    pages
        Of the game.
    chance, payoff, precision, strategy
        ``[edge, draw]``, ``[row, player, draw]``, ``[player, draw]`` per payoff unit, ``[action, draw]``.
    """
    from parley.solve.kernels.proof import prove

    draws, players = strategy.shape[1], pages.players
    lam = to_blocks(precision)
    likely = to_blocks(np.concatenate([strategy, chance[pages.chance_edge]]))
    residual = np.zeros((len(lam), 1, LANES))
    gain, value = np.zeros_like(lam), np.zeros_like(lam)
    sizes = (
        2 * likely.shape[1]
        + 2 * int(pages.pages[layout.BOOK_NODES_COUNT])
        + 2 * int(pages.pages[layout.BOOK_WIDEST])
        + 2
    )
    desk = np.zeros((sizes, LANES))
    logarithm = np.zeros(int(pages.pages[layout.BOOK_NODES_COUNT]))
    prove(
        pages.pages, desk, logarithm, likely, to_blocks(payoff.reshape(-1, draws)), lam, residual, gain, value
    )
    return Proof(from_blocks(residual, 1, draws)[0], from_blocks(gain, players, draws), from_blocks(value, players, draws))


def stakes(game: Game, payoff: Numbers) -> Numbers:
    """Compute what each player has at stake: largest minus smallest total payoff over all paths.

    Parameters
    ----------
    game
        Paths are all paths from the root, whatever their chances.
    payoff
        ``[row, player, draw]`` in the author's units.

    Returns
    -------
    ``[player, draw]``; 1 where a player gets the same everywhere.

    Examples
    --------
    >>> import parley, parley.solve
    >>> scenario = parley.load("which-event-first")
    >>> game, draws = parley.compile(scenario), parley.sample(scenario, 4, seed=1)
    >>> stakes(game, parley.solve.tabulate(game, draws).payoff).shape == (len(game.players), 4)
    True
    """
    return path_ranges(book(game), payoff)


def path_ranges(pages: Book, payoff: Numbers) -> Numbers:
    """:func:`stakes` of a game laid out before."""
    from parley.solve.kernels.proof import range_over_paths

    _, players, draws = payoff.shape
    blocks = to_blocks(payoff.reshape(-1, draws))
    lowest, highest = np.zeros((2, len(blocks), players, LANES))
    desk = np.zeros((2 * int(pages.pages[layout.BOOK_NODES_COUNT]), LANES))
    range_over_paths(pages.pages, desk, blocks, lowest, highest)
    width = from_blocks(highest - lowest, players, draws)
    return np.where(width == 0.0, 1.0, width)


def _reply_order(game: Game, player: int) -> list[int]:
    """Nodes from last to first, and before its nodes each information set of ``player`` as -1 - set.

    An information set that can precede itself, which takes imperfect recall, is left out: it keeps its mix.
    """
    own = [h for h in range(game.infosets) if game.infoset_player[h] == player]
    number = {h: game.nodes + k for k, h in enumerate(own)}
    first = game.node_first_edge.tolist()
    child = game.edge_child.tolist()
    infoset = game.node_infoset.tolist()
    needs: list[set[int]] = []
    for node in range(game.nodes):
        wanted = set(child[first[node] : first[node + 1]])
        if infoset[node] in number:
            wanted.add(number[infoset[node]])
        needs.append(wanted)
    key = [-node for node in range(game.nodes)]
    for h in own:
        nodes = game.infoset_node[game.infoset_first_node[h] : game.infoset_first_node[h + 1]].tolist()
        needs.append({each for n in nodes for each in child[first[n] : first[n + 1]]})
        key.append(-min(nodes))
    kept = [step for step in circular(needs) if step >= game.nodes]
    for wanted in needs:
        wanted.difference_update(kept)
    present = [step not in kept for step in range(len(needs))]
    sequence = arrange(needs, key, present, lambda step: False)
    return [step if step < game.nodes else -1 - own[step - game.nodes] for step in sequence]


def _locked(numbers: NDArray[np.generic]) -> Integers:
    array = np.array(numbers, dtype=np.int32, order="C")
    array.setflags(write=False)
    return array


def to_blocks(table: Numbers) -> Numbers:
    """``[row, draw]`` as ``[block, row, lane]``; the last draw fills a short block."""
    rows, draws = table.shape
    short = -draws % LANES
    if short:
        table = np.concatenate([table, np.repeat(table[:, -1:], short, axis=1)], axis=1)
    blocks = table.shape[1] // LANES  # by name: a game in which nobody chooses has no rows
    return np.ascontiguousarray(table.reshape(rows, blocks, LANES).transpose(1, 0, 2))


def from_blocks(blocks: Numbers, rows: int, draws: int) -> Numbers:
    """Undo :func:`to_blocks`: the first ``draws`` columns of the first ``rows`` rows."""
    columns = blocks.shape[0] * blocks.shape[2]
    return np.ascontiguousarray(blocks.transpose(1, 0, 2).reshape(rows, columns)[:, :draws])
