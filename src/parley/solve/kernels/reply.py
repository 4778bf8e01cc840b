"""Replies to given behaviour: ``LANES`` draws abreast, and NashConv one draw at a time.

What lives here: who arrives where, best replies, logit replies. What may not: what is replied to what.

Reads the *book* of :mod:`parley.solve.kernels.proof`. The *desk* has rows for the probabilities as played,
the replies, reach and value by node, and room for one information set. NashConv is asked of one profile at
a time, where seven idle lanes would cost more than they bring: it is scalar.
"""

from __future__ import annotations

from parley.solve.kernels._jit import (
    Integers,
    Numbers,
    add,
    at,
    divide,
    exponential,
    fill,
    kernel,
    load,
    maximum,
    multiply,
    part,
    store,
    subtract,
)
from parley.solve.kernels.layout import (
    BOOK_ACTIONS,
    BOOK_CHANCES,
    BOOK_NODES,
    BOOK_NODES_COUNT,
    BOOK_REPLIES,
    BOOK_SETS,
    BOOK_WIDEST,
)
from parley.solve.kernels.proof import TIE, appraise, choose, flow, replies_end, score

__all__ = ["answer", "arrive", "gains"]

LEAST = 1e-300  # weights of an information set sum to more


@part
def rows_of(book: Integers) -> int:
    """Rows for probabilities: actions, then chances."""
    return at(book, BOOK_ACTIONS) + at(book, BOOK_CHANCES)


@part
def replies_begin(book: Integers, own: int) -> int:
    """Where the replies of a player begin in the book."""
    return at(book, BOOK_REPLIES) if own == 0 else replies_end(book, own - 1)


@part
def weigh_logits(book: Integers, desk: Numbers, strength: Numbers, place: int, play: int, worth: int) -> None:
    """Mix the actions of one information set by the exponentials of their worth times precision."""
    first, actions = play + at(book, place + 1), at(book, place + 2)
    own = at(book, place)
    best = load(desk, worth)
    for k in range(1, actions):
        best = maximum(best, load(desk, worth + k))
    total = fill(0.0)
    for k in range(actions):
        mass = exponential(multiply(load(strength, own), subtract(load(desk, worth + k), best)))
        store(desk, first + k, mass)
        total = add(total, mass)
    for k in range(actions):
        store(desk, first + k, divide(load(desk, first + k), total))


@part
def average(book: Integers, desk: Numbers, place: int, weight: int, worth: int) -> None:
    """Divide action values by the sum of the weights of the set's nodes."""
    total = fill(0.0)
    for m in range(at(book, place + 3)):
        total = add(total, load(desk, weight + m))
    total = maximum(total, fill(LEAST))
    for k in range(at(book, place + 2)):
        store(desk, worth + k, divide(load(desk, worth + k), total))


@kernel
def arrive(book: Integers, desk: Numbers, likely: Numbers, own: int, arrival: Numbers) -> None:
    """Compute the chance that each node is reached if player ``own`` makes all moves that lead there.

    Parameters
    ----------
    book, desk
        See the head of this module.
    likely
        ``[block, action or chance, lane]``.
    arrival
        ``[block, node, lane]``, modified in place.
    """
    rows, nodes = rows_of(book), at(book, BOOK_NODES_COUNT)
    reach = 2 * rows
    for block in range(likely.shape[0]):
        for row in range(rows):
            store(desk, row, load(likely[block], row))
        place = at(book, BOOK_SETS)
        while place < at(book, BOOK_REPLIES):
            if at(book, place) == own:
                for k in range(at(book, place + 2)):
                    store(desk, at(book, place + 1) + k, fill(1.0))
            place += 4 + at(book, place + 3)
        flow(book, desk, 0, reach)
        for node in range(nodes):
            store(arrival[block], node, load(desk, reach + node))


@kernel
def answer(
    book: Integers,
    desk: Numbers,
    likely: Numbers,
    arrival: Numbers,
    payoff: Numbers,
    strength: Numbers,
    own: int,
    noisy: bool,
    ahead: bool,
    replies: Numbers,
    value: Numbers,
) -> None:
    """Find what player ``own`` does at each of its information sets, from the last to the first.

    Parameters
    ----------
    book, desk
        See the head of this module.
    likely
        ``[block, action or chance, lane]`` what is replied to.
    arrival
        ``[block, node, lane]`` weights of the nodes of an information set.
    payoff, strength
        ``[block, row and player, lane]``, ``[block, player, lane]`` precision of noisy replies.
    noisy
        Whether replies are logit responses; otherwise best, the first of those that tie.
    ahead
        Whether a reply counts on the player's own replies at later sets, or on its behaviour in ``likely``.
    replies, value
        ``[block, action, lane]``, rows of ``own`` modified in place; ``[block, player, lane]`` what ``own``
        expects at the root, modified in place.
    """
    rows, nodes = rows_of(book), at(book, BOOK_NODES_COUNT)
    worth_at = 2 * rows + nodes
    weight = worth_at + nodes
    worth = weight + at(book, BOOK_WIDEST) + 1
    players = strength.shape[1]
    for block in range(likely.shape[0]):
        for row in range(rows):
            store(desk, row, load(likely[block], row))
        for item in range(replies_begin(book, own), replies_end(book, own)):
            place = at(book, item)
            if place >= 0:
                appraise(book, desk, payoff[block], own, players, 0, worth_at, place)
                continue
            place = -1 - place
            for m in range(at(book, place + 3)):
                store(desk, weight + m, load(arrival[block], at(book, at(book, place + 4 + m))))
            score(book, desk, payoff[block], own, players, worth_at, place, weight, worth)
            if noisy:
                average(book, desk, place, weight, worth)
                weigh_logits(book, desk, strength[block], place, rows, worth)
            else:
                choose(book, desk, place, rows, worth)
            for k in range(at(book, place + 2)):
                row = at(book, place + 1) + k
                store(replies[block], row, load(desk, rows + row))
                if ahead:
                    store(desk, row, load(desk, rows + row))
        store(value[block], own, load(desk, worth_at))


@part
def pass_on(book: Integers, play: Numbers, reach: Numbers) -> None:
    """Realisation probability of every node, one draw."""
    for node in range(len(reach)):
        reach[node] = 0.0
    reach[0] = 1.0
    place, end = at(book, BOOK_NODES), at(book, BOOK_SETS)
    while place < end:
        here, edges = reach[at(book, place)], at(book, place + 2)
        place += 3
        for _ in range(edges):
            reach[at(book, place)] += here * play[at(book, place + 1)]
            place += 3


@part
def expect(book: Integers, play: Numbers, payoff: Numbers, value: Numbers, place: int) -> None:
    """Compute what a player expects at one node, one draw."""
    node, total, edges = at(book, place), payoff[at(book, place + 1)], at(book, place + 2)
    place += 3
    for _ in range(edges):
        total += (value[at(book, place)] + payoff[at(book, place + 2)]) * play[at(book, place + 1)]
        place += 3
    value[node] = total


@part
def take_best(
    book: Integers, reach: Numbers, payoff: Numbers, value: Numbers, place: int, play: Numbers
) -> None:
    """Play the best action of one information set for certain, the first of those that tie; one draw."""
    first, actions, members = at(book, place + 1), at(book, place + 2), at(book, place + 3)
    best, choice = 0.0, 0
    for k in range(actions):
        worth = 0.0
        for m in range(members):
            node = at(book, place + 4 + m)
            edge = node + 3 + 3 * k
            worth += (value[at(book, edge)] + payoff[at(book, edge + 2)]) * reach[at(book, node)]
        if k == 0 or worth - best > TIE * (abs(worth) + abs(best)):
            best, choice = worth, k
    for k in range(actions):
        play[first + k] = 0.0
    play[first + choice] = 1.0


@kernel
def gains(
    book: Integers,
    likely: Numbers,
    payoff: Numbers,
    play: Numbers,
    reach: Numbers,
    worth: Numbers,
    gain: Numbers,
    value: Numbers,
) -> None:
    """Compute what each player's best reply adds to its payoff, and that payoff, draw by draw.

    Parameters
    ----------
    book
        See the head of this module.
    likely, payoff
        ``[draw, action or chance]``, ``[draw, player, row]``.
    play, reach, worth
        ``[action or chance]``, ``[node]``, ``[node]``: room to work in.
    gain, value
        ``[draw, player]``, modified in place.
    """
    for draw in range(likely.shape[0]):
        for own in range(payoff.shape[1]):
            begin, end = replies_begin(book, own), replies_end(book, own)
            mine = payoff[draw, own]
            for item in range(begin, end):
                if at(book, item) >= 0:
                    expect(book, likely[draw], mine, worth, at(book, item))
            value[draw, own] = worth[0]
            for row in range(len(play)):
                play[row] = likely[draw, row]
            place = at(book, BOOK_SETS)
            while place < at(book, BOOK_REPLIES):
                if at(book, place) == own:
                    for k in range(at(book, place + 2)):
                        play[at(book, place + 1) + k] = 1.0
                place += 4 + at(book, place + 3)
            pass_on(book, play, reach)
            for item in range(begin, end):
                place = at(book, item)
                if place >= 0:
                    expect(book, play, mine, worth, place)
                else:
                    take_best(book, reach, mine, worth, -1 - place, play)
            gain[draw, own] = worth[0] - value[draw, own]
