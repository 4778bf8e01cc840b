"""Certificates and stakes, by kernel.

What lives here: the layout in which the kernels read a whole game, and the calls. What may not: iteration.
:mod:`parley.solve.verify` recomputes the same numbers without anything from here.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game
from parley.game.rounds import ranges_over_rounds
from parley.solve.kernels import layout
from parley.solve.kernels.layout import LANES
from parley.solve.order import arrange, circular

__all__ = ["Book", "Proof", "book", "certify", "from_blocks", "path_ranges", "stakes", "to_blocks"]

Integers: TypeAlias = NDArray[np.int32]
Indices: TypeAlias = NDArray[np.int64]
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
    chance_edge = np.flatnonzero(game.edge_action < 0)
    likely = game.edge_action.astype(np.int64)
    likely[chance_edge] = game.actions + np.arange(len(chance_edge))
    edges, members = np.diff(game.node_first_edge), np.diff(game.infoset_first_node)
    header = layout.BOOK_HEADER + len(game.players)
    node_place, sets_at = _places(header, 3 + 3 * edges)
    set_place, replies_at = _places(sets_at, 4 + members)
    due = _earliest_sets(game)
    replies = [_reply_stream(game, own, due, node_place, set_place) for own in range(len(game.players))]
    ends = replies_at + np.cumsum([len(each) for each in replies])
    pages = np.concatenate([np.zeros(replies_at, dtype=np.int64), *replies])

    pages[layout.BOOK_NODES_COUNT] = game.nodes
    pages[layout.BOOK_ACTIONS] = game.actions
    pages[layout.BOOK_CHANCES] = len(chance_edge)
    choices = np.diff(game.infoset_first_action)
    pages[layout.BOOK_WIDEST] = max(1, members.max(initial=0), choices.max(initial=0))
    pages[layout.BOOK_NODES], pages[layout.BOOK_SETS], pages[layout.BOOK_REPLIES] = (
        header,
        sets_at,
        replies_at,
    )
    pages[layout.BOOK_HEADER : header] = ends
    for k, column in enumerate((np.arange(game.nodes), game.node_payoff, edges)):
        pages[node_place + k] = column
    edge_place = np.repeat(node_place + 3, edges) + 3 * _within(edges)
    for k, column in enumerate((game.edge_child, likely, game.edge_payoff)):
        pages[edge_place + k] = column
    for k, column in enumerate((game.infoset_player, game.infoset_first_action[:-1], choices, members)):
        pages[set_place + k] = column
    pages[np.repeat(set_place + 4, members) + _within(members)] = node_place[game.infoset_node]
    return Book(_locked(pages), _locked(chance_edge), len(game.players))


def _places(begin: int, sizes: Indices) -> tuple[Indices, int]:
    """Where records of given sizes begin, one after another, and where the last ends."""
    ends = begin + np.cumsum(sizes, dtype=np.int64)
    return ends - sizes, int(ends[-1]) if len(ends) else begin


def _within(counts: Indices) -> Indices:
    """0, 1, ... anew for each group of the given size."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


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
    return Proof(
        from_blocks(residual, 1, draws)[0],
        from_blocks(gain, players, draws),
        from_blocks(value, players, draws),
    )


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
    if game.loop is not None:
        return ranges_over_rounds(game, payoff)
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


def _reply_stream(
    game: Game, player: int, due: Indices | None, node_place: Indices, set_place: Indices
) -> Indices:
    """Places of :func:`_reply_order`: of nodes as they are, of information sets as -1 - place."""
    order = np.array(
        _reply_order(game, player) if due is None else _orderly(game, player, due), dtype=np.int64
    )
    stream = np.empty(len(order), dtype=np.int64)
    is_node = order >= 0
    stream[is_node] = node_place[order[is_node]]
    stream[~is_node] = -1 - set_place[-1 - order[~is_node]]
    return stream


def _earliest_sets(game: Game) -> Indices | None:
    """Compute the lowest information set at or below each node, their number where there is none, [node].

    None where the sets' numbers are no order of time: where one is followed by itself or a lower one.
    """
    due = np.where(game.node_infoset >= 0, game.node_infoset, game.infosets).tolist()
    first, child = game.node_first_edge.tolist(), game.edge_child.tolist()
    for node in range(game.nodes - 1, -1, -1):
        below = min((due[each] for each in child[first[node] : first[node + 1]]), default=game.infosets)
        if below <= due[node] < game.infosets:
            return None
        due[node] = min(due[node], below)
    return np.array(due, dtype=np.int64)


def _orderly(game: Game, player: int, due: Indices) -> Indices:
    """:func:`_reply_order` where the sets' numbers are an order of time: one sorting then does it."""
    own = np.flatnonzero(game.infoset_player == player)
    steps = np.concatenate([np.arange(game.nodes), -1 - own])
    when = np.concatenate([due, own])
    later = np.concatenate([np.arange(game.nodes), np.full(len(own), game.nodes)])
    return steps[np.lexsort((-later, -when))]


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
