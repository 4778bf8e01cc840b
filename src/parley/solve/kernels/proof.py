"""Certificates: residual, regret and value of given strategies, ``LANES`` draws abreast.

What lives here: one exact evaluation over all nodes and players. What may not: iteration, the schedule of the
sweep. Blocks are ``[block, row, lane]`` arrays; the draws of a block stand side by side.
"""

from __future__ import annotations

import math

import numpy as np

from parley.solve.kernels._jit import (
    LANES,
    accumulate,
    add,
    divide,
    fill,
    kernel,
    load,
    magnitude,
    maximum,
    multiply,
    pick,
    store,
    subtract,
)

__all__ = ["prove", "range_over_paths"]

FAINT = 1e-250  # an information set with less reach than this has its beliefs computed in logarithms
SUBNORMAL = 2.2250738585072014e-308  # below, a probability has no log-odds to speak of


@kernel
def flow(book, own, chance, strategy, reach):  # type: ignore[no-untyped-def]
    """Realisation probability of every node; with ``own >= 0``, that player's moves count as certain."""
    for node in range(book.kind.shape[0]):
        store(reach, node, fill(0.0))
    store(reach, 0, fill(1.0))
    for node in range(book.kind.shape[0]):
        here = load(reach, node)
        mine = book.infoset[node] >= 0 and book.player[book.infoset[node]] == own
        for edge in range(book.first_edge[node], book.first_edge[node + 1]):
            child = book.child[edge]
            if mine:
                store(reach, child, add(load(reach, child), here))
            elif book.action[edge] >= 0:
                store(reach, child, accumulate(load(reach, child), here, load(strategy, book.action[edge])))
            else:
                store(reach, child, accumulate(load(reach, child), here, load(chance, edge)))


@kernel
def flow_faintly(book, lane, chance, strategy, logarithm):  # type: ignore[no-untyped-def]
    """Logarithms of the realisation probabilities of one lane."""
    for node in range(book.kind.shape[0]):
        logarithm[node] = -math.inf
    logarithm[0] = 0.0
    for node in range(book.kind.shape[0]):
        for edge in range(book.first_edge[node], book.first_edge[node + 1]):
            action = book.action[edge]
            likely = strategy[action, lane] if action >= 0 else chance[edge, lane]
            if likely > 0.0 and logarithm[node] > -math.inf:
                path = logarithm[node] + math.log(likely)
                child = book.child[edge]
                top = max(path, logarithm[child])
                low = min(path, logarithm[child])
                logarithm[child] = top + math.log1p(math.exp(low - top))


@kernel
def believe(book, infoset, chance, strategy, reach, logarithm, known, weight):  # type: ignore[no-untyped-def]
    """Beliefs at one information set, in ``weight``; ``known[lane]`` says that logarithms were computed for it."""
    first, last = book.first_node[infoset], book.first_node[infoset + 1]
    if last - first == 1:
        store(weight, 0, fill(1.0))
        return
    total = fill(0.0)
    for place in range(first, last):
        total = add(total, load(reach, book.node[place]))
    share = divide(fill(1.0), maximum(total, fill(FAINT)))
    for place in range(first, last):
        store(weight, place - first, multiply(load(reach, book.node[place]), share))
    store(weight, last - first, total)
    for lane in range(LANES):
        if weight[last - first, lane] > FAINT:
            continue
        if known[0] != lane:
            flow_faintly(book, lane, chance, strategy, logarithm)
            known[0] = lane
        top = -math.inf
        for place in range(first, last):
            top = max(top, logarithm[book.node[place]])
        whole = 0.0
        for place in range(first, last):
            part = math.exp(logarithm[book.node[place]] - top) if top > -math.inf else 1.0
            weight[place - first, lane] = part
            whole += part
        for place in range(first, last):
            weight[place - first, lane] /= whole


@kernel
def evaluate(book, own, chance, strategy, payoff, players, value):  # type: ignore[no-untyped-def]
    """Expected payoff of player ``own`` at every node: ``value [node]``."""
    for back in range(book.kind.shape[0]):
        node = book.kind.shape[0] - 1 - back
        total = load(payoff, book.node_payoff[node] * players + own)
        for edge in range(book.first_edge[node], book.first_edge[node + 1]):
            worth = load(value, book.child[edge])
            if book.edge_payoff[edge]:
                worth = add(worth, load(payoff, book.edge_payoff[edge] * players + own))
            if book.action[edge] >= 0:
                total = accumulate(total, worth, load(strategy, book.action[edge]))
            else:
                total = accumulate(total, worth, load(chance, edge))
        store(value, node, total)


@kernel
def score(book, infoset, own, payoff, players, value, weight, worth):  # type: ignore[no-untyped-def]
    """Action values at one information set: nodes weighed by ``weight``."""
    first = book.first_node[infoset]
    actions = book.first_action[infoset + 1] - book.first_action[infoset]
    for k in range(actions):
        total = fill(0.0)
        for place in range(first, book.first_node[infoset + 1]):
            edge = book.first_edge[book.node[place]] + k
            part = load(value, book.child[edge])
            if book.edge_payoff[edge]:
                part = add(part, load(payoff, book.edge_payoff[edge] * players + own))
            total = accumulate(total, part, load(weight, place - first))
        store(worth, k, total)


@kernel
def differ(book, infoset, own, precision, strategy, worth, residual):  # type: ignore[no-untyped-def]
    """Largest relative distance between log-odds and lambda times payoff differences, kept in ``residual``."""
    first = book.first_action[infoset]
    for lane in range(LANES):
        base = max(strategy[first, lane], SUBNORMAL)
        for k in range(1, book.first_action[infoset + 1] - first):
            likely = max(strategy[first + k, lane], SUBNORMAL)
            odds = math.log(likely) - math.log(base)
            wanted = precision[own, lane] * (worth[k, lane] - worth[0, lane])
            if strategy[first + k, lane] < SUBNORMAL:
                wanted = max(wanted, odds)
            if strategy[first, lane] < SUBNORMAL:
                wanted = min(wanted, odds)
            gap = abs(odds - wanted) / max(1.0, abs(odds))
            if not gap <= residual[0, lane]:
                residual[0, lane] = gap


@kernel
def reply(book, own, chance, strategy, payoff, players, weight, worth, reach, value, pure):  # type: ignore[no-untyped-def]
    """Value of each node when player ``own`` replies best to the others, in ``value``; its moves in ``pure``."""
    flow(book, own, chance, strategy, reach)
    for row in range(strategy.shape[0]):
        store(pure, row, load(strategy, row))
    for item in range(book.reply_first[own], book.reply_first[own + 1]):
        node = book.reply_order[item]
        if node < 0:
            infoset = -1 - node
            first = book.first_node[infoset]
            for place in range(first, book.first_node[infoset + 1]):
                store(weight, place - first, load(reach, book.node[place]))
            score(book, infoset, own, payoff, players, value, weight, worth)
            best, index = load(worth, 0), fill(0.0)
            actions = book.first_action[infoset + 1] - book.first_action[infoset]
            for k in range(1, actions):
                gain = subtract(load(worth, k), best)
                index = pick(gain, fill(1.0 * k), index)
                best = pick(gain, load(worth, k), best)
            for k in range(actions):
                chosen = subtract(fill(0.5), magnitude(subtract(index, fill(1.0 * k))))
                store(pure, book.first_action[infoset] + k, pick(chosen, fill(1.0), fill(0.0)))
            continue
        total = load(payoff, book.node_payoff[node] * players + own)
        for edge in range(book.first_edge[node], book.first_edge[node + 1]):
            part = load(value, book.child[edge])
            if book.edge_payoff[edge]:
                part = add(part, load(payoff, book.edge_payoff[edge] * players + own))
            if book.action[edge] >= 0:
                total = accumulate(total, part, load(pure, book.action[edge]))
            else:
                total = accumulate(total, part, load(chance, edge))
        store(value, node, total)


@kernel
def prove(book, chance, payoff, precision, strategy, residual, gain, worth_now):  # type: ignore[no-untyped-def]
    """Prove every block.

    Parameters
    ----------
    book
        A :class:`parley.solve.certify.Book`.
    chance, payoff, precision, strategy
        ``[block, edge | row and player | player | action, lane]``.
    residual, gain, worth_now
        ``[block, 1 | player | player, lane]``: residual of the quantal response, gain from the best reply and
        expected payoff, in the author's units; modified in place.
    """
    players = precision.shape[1]
    nodes = book.kind.shape[0]
    reach = np.zeros((nodes, LANES))
    value = np.zeros((nodes, LANES))
    pure = np.zeros((strategy.shape[1], LANES))
    weight = np.zeros((book.node.shape[0] + 1, LANES))
    worth = np.zeros((strategy.shape[1] + 1, LANES))
    logarithm = np.zeros(nodes)
    known = np.zeros(1, dtype=np.int64)
    for block in range(chance.shape[0]):
        luck, pay, mixed = chance[block], payoff[block], strategy[block]
        known[0] = -1
        flow(book, -1, luck, mixed, reach)
        for own in range(players):
            evaluate(book, own, luck, mixed, pay, players, value)
            for infoset in range(book.player.shape[0]):
                if book.player[infoset] == own:
                    believe(book, infoset, luck, mixed, reach, logarithm, known, weight)
                    score(book, infoset, own, pay, players, value, weight, worth)
                    differ(book, infoset, own, precision[block], mixed, worth, residual[block])
            now = load(value, 0)
            store(worth_now[block], own, now)
        for own in range(players):
            reply(book, own, luck, mixed, pay, players, weight, worth, reach, value, pure)
            store(gain[block], own, subtract(load(value, 0), load(worth_now[block], own)))


@kernel
def range_over_paths(book, payoff, lowest, highest):  # type: ignore[no-untyped-def]
    """Smallest and largest total payoff over all paths: ``[block, player, lane]``, modified in place."""
    players = lowest.shape[1]
    nodes = book.kind.shape[0]
    least = np.zeros((nodes, LANES))
    most = np.zeros((nodes, LANES))
    for block in range(payoff.shape[0]):
        for own in range(players):
            for back in range(nodes):
                node = nodes - 1 - back
                low = load(payoff[block], book.node_payoff[node] * players + own)
                high = low
                for edge in range(book.first_edge[node], book.first_edge[node + 1]):
                    extra = load(payoff[block], book.edge_payoff[edge] * players + own)
                    down = add(load(least, book.child[edge]), extra)
                    up = add(load(most, book.child[edge]), extra)
                    if edge == book.first_edge[node]:
                        low, high = down, up
                    low = pick(subtract(low, down), down, low)
                    high = maximum(high, up)
                store(least, node, low)
                store(most, node, high)
            store(lowest[block], own, load(least, 0))
            store(highest[block], own, load(most, 0))
