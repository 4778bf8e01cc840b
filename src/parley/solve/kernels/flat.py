"""Sweeps over one draw of a large game, node by node, and damped iteration on them.

What lives here: reach in logarithms forward, values and responses backward, one step size per action. What
may not: lanes, plans; these would take more room than the game. It is compiled when first needed.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

from parley.solve.kernels._jit import Integers, Numbers, kernel, part

__all__ = ["level", "relax"]

Arrays: TypeAlias = Any  # a tuple of arrays of int32, see relax

NOWHERE = -1e308  # logarithm of the reach of a node that cannot be reached
SHRINK, GROW, SMALLEST, LARGEST = 0.5, 1.1, 0.002, 1.0  # of step sizes


@kernel
def level(
    first: Integers, child: Integers, infoset: Integers, members: Integers, nodes: Integers, depth: Integers
) -> bool:
    """Give the nodes of an information set one depth, greater than all before; False if there is none.

    ``depth [node]`` is modified in place; other arguments as in :class:`parley.game.model.Game`.
    """
    count = first.shape[0] - 1
    for _ in range(64):
        changed = False
        for node in range(count):
            for edge in range(first[node], first[node + 1]):
                if depth[child[edge]] <= depth[node]:
                    depth[child[edge]] = depth[node] + 1
                    changed = True
        for h in range(members.shape[0] - 1):
            deepest = 0
            for k in range(members[h], members[h + 1]):
                deepest = max(deepest, depth[nodes[k]])
            for k in range(members[h], members[h + 1]):
                if depth[nodes[k]] < deepest:
                    depth[nodes[k]] = deepest
                    changed = True
        if not changed:
            return True
    return False


@part
def logit(odds: Numbers, first: int, end: int, likely: Numbers) -> float:
    """Probabilities of the actions of one information set; returns the logarithm of their common divisor."""
    top, total = 0.0, 0.0
    for a in range(first, end):
        top = max(top, odds[a])
    for a in range(first, end):
        likely[a] = math.exp(odds[a] - top)
        total += likely[a]
    for a in range(first, end):
        likely[a] /= total
    return top + math.log(total)


@part
def flow(game: Arrays, chance: Numbers, logs: Numbers, reach: Numbers) -> None:
    """Logarithms of realisation probabilities."""
    order, first, child, action = game[0], game[1], game[2], game[3]
    for node in range(reach.shape[0]):
        reach[node] = NOWHERE
    reach[order[0]] = 0.0
    for node in order:
        here = reach[node]
        for edge in range(first[node], first[node + 1]):
            if here == NOWHERE:
                continue
            if action[edge] >= 0:
                path = here + logs[action[edge]]
            elif chance[edge] > 0.0:
                path = here + math.log(chance[edge])
            else:
                continue
            known = reach[child[edge]]
            if known != NOWHERE:
                path, known = max(path, known), min(path, known)
                path += math.log1p(math.exp(known - path))
            reach[child[edge]] = path


@part
def respond(
    game: Arrays, h: int, payoff: Numbers, lam: Numbers, reach: Numbers, value: Numbers, image: Numbers
) -> None:
    """Log-odds of one information set's logit response."""
    first, child, edge_payoff, own = game[1], game[2], game[5], game[7][h]
    actions, members, nodes = game[8], game[9], game[10]
    begin, end = actions[h], actions[h + 1]
    top, total = NOWHERE, 0.0
    for k in range(members[h], members[h + 1]):
        top = max(top, reach[nodes[k]])
    for a in range(begin, end):
        image[a] = 0.0
    for k in range(members[h], members[h + 1]):
        node = nodes[k]
        weight = math.exp(reach[node] - top) if top != NOWHERE else 1.0
        total += weight
        for a in range(end - begin):
            edge = first[node] + a
            image[begin + a] += weight * (value[child[edge], own] + payoff[edge_payoff[edge], own])
    base = image[begin]
    for a in range(begin, end):
        image[a] = lam[own] * (image[a] - base) / total


@part
def appraise(
    game: Arrays, node: int, payoff: Numbers, chance: Numbers, likely: Numbers, value: Numbers
) -> None:
    """Compute expected payoffs of all players at one node."""
    first, child, action, edge_payoff, node_payoff = game[1], game[2], game[3], game[5], game[6]
    for player in range(value.shape[1]):
        total = payoff[node_payoff[node], player]
        for edge in range(first[node], first[node + 1]):
            share = likely[action[edge]] if action[edge] >= 0 else chance[edge]
            total += share * (value[child[edge], player] + payoff[edge_payoff[edge], player])
        value[node, player] = total


@part
def step(odds: Numbers, image: Numbers, size: Numbers, before: Numbers) -> float:
    """Move each log-odds part of the way to its image; returns the largest relative distance before."""
    largest = 0.0
    for a in range(odds.shape[0]):
        gap = image[a] - odds[a]
        distance = abs(gap) / max(1.0, abs(image[a]))
        if not distance <= largest:
            largest = distance
        size[a] = max(SHRINK * size[a], SMALLEST) if gap * before[a] < 0.0 else min(GROW * size[a], LARGEST)
        before[a] = gap
        odds[a] += size[a] * gap
    return largest


@kernel
def relax(
    game: Arrays,
    levelled: bool,
    chance: Numbers,
    payoff: Numbers,
    lam: Numbers,
    odds: Numbers,
    image: Numbers,
    likely: Numbers,
    reach: Numbers,
    value: Numbers,
    size: Numbers,
    before: Numbers,
    rounds: int,
    tolerance: float,
    outcome: Numbers,
) -> int:
    """Iterate until the residual is small; returns the number of sweeps.

    Parameters
    ----------
    game
        Nodes in topological order (where ``levelled``, those of an information set stand together), then
        arrays of the game: first edges, children, actions of edges, information sets of nodes, payoffs of
        edges and of nodes, players, first actions, first members and members of information sets.
    chance, payoff, lam
        ``[edge]``, ``[row, player]``, ``[player]``.
    odds
        ``[action]`` log-odds, 0 for the first of each information set; modified in place.
    image, likely, reach, value, size, before
        ``[action]``, ``[action]``, ``[node]``, ``[node, player]``, ``[action]``, ``[action]``: room.
        ``likely`` holds the response to ``odds`` in the end.
    rounds, tolerance, outcome
        Most sweeps; residual to reach; its place.
    """
    order, infoset, actions, sets = game[0], game[4], game[8], game[7].shape[0]
    for turn in range(rounds):
        for h in range(sets):
            shift = logit(odds, actions[h], actions[h + 1], likely)
            for a in range(actions[h], actions[h + 1]):
                image[a] = odds[a] - shift
        flow(game, chance, image, reach)
        last = -1
        for back in range(order.shape[0]):
            node = order[order.shape[0] - 1 - back]
            h = infoset[node]
            if levelled and h >= 0 and h != last:
                respond(game, h, payoff, lam, reach, value, image)
                logit(image, actions[h], actions[h + 1], likely)
                last = h
            appraise(game, node, payoff, chance, likely, value)
        for h in range(0 if levelled else sets):
            respond(game, h, payoff, lam, reach, value, image)
            logit(image, actions[h], actions[h + 1], likely)
        outcome[0] = step(odds, image, size, before)
        if outcome[0] <= tolerance:
            return turn + 1
    return rounds
