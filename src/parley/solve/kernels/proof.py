"""Certificates: residual, regret and value of given strategies, ``LANES`` draws abreast.

What lives here: one exact evaluation over all nodes and players. What may not: iteration, plans of sweeps.

A *book* is one int32 array: header entries as named below, then streams. ``NODES`` lists the nodes in
topological order, each as its number, payoff row and number of edges, then (child, probability, payoff row)
per edge; probabilities are actions, then chances. ``SETS`` lists information sets as player, first action,
number of actions, number of nodes, then the place of each node in ``NODES``. ``REPLIES`` has one stream per
player: places of nodes in ``NODES``, from last to first, and -1 - place of an information set in ``SETS``.
Payoffs are ``[row and player, lane]``. The *desk* has rows for the probabilities as given, the probabilities
as played, reach and value by node, and room for one information set.
"""

from __future__ import annotations

import math

from parley.solve.kernels._jit import (
    Integers,
    Numbers,
    accumulate,
    add,
    at,
    divide,
    fill,
    kernel,
    load,
    magnitude,
    maximum,
    multiply,
    part,
    pick,
    store,
    subtract,
)
from parley.solve.kernels.layout import (
    BOOK_ACTIONS,
    BOOK_CHANCES,
    BOOK_HEADER,
    BOOK_NODES,
    BOOK_NODES_COUNT,
    BOOK_REPLIES,
    BOOK_SETS,
    BOOK_WIDEST,
    LANES,
)

__all__ = ["TIE", "appraise", "choose", "flow", "prove", "range_over_paths", "replies_end", "score"]

FAINT = 1e-250  # an information set with less reach than this has its beliefs computed in logarithms
TIE = 1e-12  # relative difference below which two actions are equally good
SUBNORMAL = 2.2250738585072014e-308  # below, a probability has no log-odds to speak of


@part
def flow(book: Integers, desk: Numbers, play: int, reach: int) -> None:
    """Realisation probability of every node."""
    for node in range(at(book, BOOK_NODES_COUNT)):
        store(desk, reach + node, fill(0.0))
    store(desk, reach, fill(1.0))
    place = at(book, BOOK_NODES)
    while place < at(book, BOOK_SETS):
        here, edges = load(desk, reach + at(book, place)), at(book, place + 2)
        place += 3
        for _ in range(edges):
            child = reach + at(book, place)
            store(desk, child, accumulate(load(desk, child), here, load(desk, play + at(book, place + 1))))
            place += 3


@part
def appraise(
    book: Integers, desk: Numbers, payoff: Numbers, own: int, players: int, play: int, value: int, place: int
) -> None:
    """Compute the expected payoff of player ``own`` at one node."""
    node, paid, edges = at(book, place), at(book, place + 1), at(book, place + 2)
    place += 3
    total = load(payoff, paid * players + own)
    for _ in range(edges):
        worth = load(desk, value + at(book, place))
        if at(book, place + 2):
            worth = add(worth, load(payoff, at(book, place + 2) * players + own))
        total = accumulate(total, worth, load(desk, play + at(book, place + 1)))
        place += 3
    store(desk, value + node, total)


@part
def score(
    book: Integers,
    desk: Numbers,
    payoff: Numbers,
    own: int,
    players: int,
    value: int,
    place: int,
    weight: int,
    worth: int,
) -> None:
    """Compute action values at one information set, nodes weighed by the rows from ``weight``."""
    actions, members = at(book, place + 2), at(book, place + 3)
    for k in range(actions):
        total = fill(0.0)
        for m in range(members):
            edge = at(book, place + 4 + m) + 3 + 3 * k
            other = load(desk, value + at(book, edge))
            if at(book, edge + 2):
                other = add(other, load(payoff, at(book, edge + 2) * players + own))
            total = accumulate(total, other, load(desk, weight + m))
        store(desk, worth + k, total)


@part
def flow_faintly(book: Integers, desk: Numbers, lane: int, play: int, logarithm: Numbers) -> None:
    """Logarithms of the realisation probabilities of one lane."""
    for node in range(at(book, BOOK_NODES_COUNT)):
        logarithm[node] = -math.inf
    logarithm[0] = 0.0
    place = at(book, BOOK_NODES)
    while place < at(book, BOOK_SETS):
        here, edges = logarithm[at(book, place)], at(book, place + 2)
        place += 3
        for _ in range(edges):
            child, likely = at(book, place), desk[play + at(book, place + 1), lane]
            place += 3
            if likely > 0.0 and here > -math.inf:
                path = here + math.log(likely)
                top, low = max(path, logarithm[child]), min(path, logarithm[child])
                logarithm[child] = top + math.log1p(math.exp(low - top))


@part
def believe(book: Integers, desk: Numbers, place: int, reach: int, weight: int) -> bool:
    """Beliefs at one information set; returns whether its reach is too small for a lane."""
    members = at(book, place + 3)
    if members == 1:
        store(desk, weight, fill(1.0))
        return False
    total = fill(0.0)
    for m in range(members):
        total = add(total, load(desk, reach + at(book, at(book, place + 4 + m))))
    share = divide(fill(1.0), maximum(total, fill(FAINT)))
    for m in range(members):
        store(desk, weight + m, multiply(load(desk, reach + at(book, at(book, place + 4 + m))), share))
    store(desk, weight + members, total)
    faint = False
    for lane in range(LANES):
        if not desk[weight + members, lane] > FAINT:
            faint = True
    return faint


@part
def believe_faintly(
    book: Integers, desk: Numbers, place: int, weight: int, lane: int, logarithm: Numbers
) -> None:
    """Beliefs of one lane at one information set, from logarithms; uniform where no node can be reached."""
    members = at(book, place + 3)
    top = -math.inf
    for m in range(members):
        top = max(top, logarithm[at(book, at(book, place + 4 + m))])
    whole = 0.0
    for m in range(members):
        share = math.exp(logarithm[at(book, at(book, place + 4 + m))] - top) if top > -math.inf else 1.0
        desk[weight + m, lane] = share
        whole += share
    for m in range(members):
        desk[weight + m, lane] /= whole


@part
def differ(
    book: Integers, desk: Numbers, precision: Numbers, place: int, play: int, worth: int, residual: Numbers
) -> None:
    """Keep the largest relative distance of log-odds from lambda times payoff differences."""
    own, first, actions = at(book, place), play + at(book, place + 1), at(book, place + 2)
    for lane in range(LANES):
        base = desk[first, lane]
        log_base = math.log(max(base, SUBNORMAL))
        for k in range(1, actions):
            likely = desk[first + k, lane]
            odds = math.log(max(likely, SUBNORMAL)) - log_base
            wanted = precision[own, lane] * (desk[worth + k, lane] - desk[worth, lane])
            if likely < SUBNORMAL:
                wanted = max(wanted, odds)
            if base < SUBNORMAL:
                wanted = min(wanted, odds)
            gap = abs(odds - wanted) / max(1.0, abs(odds))
            if not gap <= residual[0, lane]:
                residual[0, lane] = gap


@part
def choose(book: Integers, desk: Numbers, place: int, play: int, worth: int) -> None:
    """Play the best action of one information set for certain, the first of those that tie."""
    first, actions = play + at(book, place + 1), at(book, place + 2)
    best, index = load(desk, worth), fill(0.0)
    for k in range(1, actions):
        other = load(desk, worth + k)
        slack = multiply(fill(TIE), add(magnitude(other), magnitude(best)))
        better = subtract(subtract(other, best), slack)
        index = pick(better, fill(1.0 * k), index)
        best = pick(better, other, best)
    for k in range(actions):
        chosen = subtract(fill(0.5), magnitude(subtract(index, fill(1.0 * k))))
        store(desk, first + k, pick(chosen, fill(1.0), fill(0.0)))


@part
def replies_end(book: Integers, own: int) -> int:
    """Where the replies of a player end in the book."""
    return at(book, BOOK_HEADER + own)


@part
def respond(
    book: Integers,
    desk: Numbers,
    payoff: Numbers,
    precision: Numbers,
    residual: Numbers,
    worth_now: Numbers,
    logarithm: Numbers,
) -> None:
    """Values of all players and the residual of the quantal response."""
    rows = at(book, BOOK_ACTIONS) + at(book, BOOK_CHANCES)
    reach, value = 2 * rows, 2 * rows + at(book, BOOK_NODES_COUNT)
    weight = value + at(book, BOOK_NODES_COUNT)
    worth = weight + at(book, BOOK_WIDEST) + 1
    players = precision.shape[0]
    known = -1
    flow(book, desk, 0, reach)
    begin = at(book, BOOK_REPLIES)
    for own in range(players):
        for item in range(begin, replies_end(book, own)):
            if at(book, item) >= 0:
                appraise(book, desk, payoff, own, players, 0, value, at(book, item))
        begin = replies_end(book, own)
        store(worth_now, own, load(desk, value))
        place = at(book, BOOK_SETS)
        while place < at(book, BOOK_REPLIES):
            if at(book, place) == own and at(book, place + 2) > 1:
                if believe(book, desk, place, reach, weight):
                    for lane in range(LANES):
                        if not desk[weight + at(book, place + 3), lane] > FAINT:
                            if known != lane:
                                flow_faintly(book, desk, lane, 0, logarithm)
                                known = lane
                            believe_faintly(book, desk, place, weight, lane, logarithm)
                score(book, desk, payoff, own, players, value, place, weight, worth)
                differ(book, desk, precision, place, 0, worth, residual)
            place += 4 + at(book, place + 3)


@part
def deviate(
    book: Integers, desk: Numbers, payoff: Numbers, players: int, own: int, gain: Numbers, worth_now: Numbers
) -> None:
    """Find what a player gains by its best reply, sets weighed by their counterfactual reach."""
    rows = at(book, BOOK_ACTIONS) + at(book, BOOK_CHANCES)
    reach, value = 2 * rows, 2 * rows + at(book, BOOK_NODES_COUNT)
    weight = value + at(book, BOOK_NODES_COUNT)
    worth = weight + at(book, BOOK_WIDEST) + 1
    for row in range(rows):
        store(desk, rows + row, load(desk, row))
    place = at(book, BOOK_SETS)
    while place < at(book, BOOK_REPLIES):
        if at(book, place) == own:
            for k in range(at(book, place + 2)):
                store(desk, rows + at(book, place + 1) + k, fill(1.0))
        place += 4 + at(book, place + 3)
    flow(book, desk, rows, reach)
    place = at(book, BOOK_SETS)
    while place < at(book, BOOK_REPLIES):
        if at(book, place) == own:
            for k in range(at(book, place + 2)):
                row = at(book, place + 1) + k
                store(desk, rows + row, load(desk, row))
        place += 4 + at(book, place + 3)
    begin = at(book, BOOK_REPLIES) if own == 0 else replies_end(book, own - 1)
    for item in range(begin, replies_end(book, own)):
        place = at(book, item)
        if place >= 0:
            appraise(book, desk, payoff, own, players, rows, value, place)
            continue
        place = -1 - place
        for m in range(at(book, place + 3)):
            store(desk, weight + m, load(desk, reach + at(book, at(book, place + 4 + m))))
        score(book, desk, payoff, own, players, value, place, weight, worth)
        choose(book, desk, place, rows, worth)
    store(gain, own, subtract(load(desk, value), load(worth_now, own)))


@kernel
def prove(
    book: Integers,
    desk: Numbers,
    logarithm: Numbers,
    likely: Numbers,
    payoff: Numbers,
    precision: Numbers,
    residual: Numbers,
    gain: Numbers,
    worth_now: Numbers,
) -> None:
    """Prove every block.

    Parameters
    ----------
    book, desk, logarithm
        See the head of this module; the others are room to work in.
    likely, payoff, precision
        ``[block, action or chance | row and player | player, lane]``.
    residual, gain, worth_now
        ``[block, 1 | player | player, lane]``: residual of the quantal response, gain from the best reply and
        expected payoff, in the author's units; modified in place.
    """
    players = precision.shape[1]
    for block in range(likely.shape[0]):
        for row in range(likely.shape[1]):
            store(desk, row, load(likely[block], row))
        respond(book, desk, payoff[block], precision[block], residual[block], worth_now[block], logarithm)
        for own in range(players):
            deviate(book, desk, payoff[block], players, own, gain[block], worth_now[block])


@kernel
def range_over_paths(
    book: Integers, desk: Numbers, payoff: Numbers, lowest: Numbers, highest: Numbers
) -> None:
    """Smallest and largest total payoff over all paths: ``[block, player, lane]``, modified in place."""
    nodes = at(book, BOOK_NODES_COUNT)
    players = lowest.shape[1]
    for block in range(payoff.shape[0]):
        for own in range(players):
            begin = at(book, BOOK_REPLIES) if own == 0 else replies_end(book, own - 1)
            for item in range(begin, replies_end(book, own)):
                place = at(book, item)
                if place < 0:
                    continue
                node, edges = at(book, place), at(book, place + 2)
                low = load(payoff[block], at(book, place + 1) * players + own)
                high = low
                for k in range(edges):
                    extra = load(payoff[block], at(book, place + 5 + 3 * k) * players + own)
                    child = at(book, place + 3 + 3 * k)
                    down, up = add(load(desk, child), extra), add(load(desk, nodes + child), extra)
                    low = down if k == 0 else pick(subtract(low, down), down, low)
                    high = up if k == 0 else maximum(high, up)
                store(desk, node, low)
                store(desk, nodes + node, high)
            store(lowest[block], own, load(desk, 0))
            store(highest[block], own, load(desk, nodes))
