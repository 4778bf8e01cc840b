"""The response of a game to a strategy with its exact derivative, and Newton's method on it.

What lives here: arithmetic on the numbers of one draw. What may not: layouts
(:mod:`parley.solve.responses`), the choice of starts.

A number stands with its derivatives in a row of the room: column 0 the number, columns 1 to ``width - 1`` its
derivatives by the unknowns. With ``width`` 1 nothing is differentiated. Reach stands as a logarithm, so that
neither long paths nor steep responses make it vanish.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from parley.solve.kernels._jit import Integers, Longs, Numbers, kernel, part
from parley.solve.kernels.dense import factor, substitute

__all__ = ["CHOICE", "REACH", "VALUE", "Desk", "Layout", "search"]

VALUE, REACH, CHOICE = 0, 1, 2  # kinds of steps

NEAR = 1e-9  # relative residual from which full steps are taken, to the last digit
SHORTEST = 1.0 / 512.0  # of a Newton step
POLISH = 3  # full steps at the end


class Layout(NamedTuple):
    """What one pass over a game computes, in order; the same for all draws. Rows are rows of the room."""

    rows: Integers  # [3] of the first log-odds, the first probability, the first logarithm of a probability
    free: Integers  # [information set, 3] first action, actions, first unknown
    steps: Integers  # [step, 8], see parley.solve.responses
    terms: Integers  # [term, 5]
    members: Integers  # [node of an information set] row of its reach


class Desk(NamedTuple):
    """Room to work in, for one thread, and the numbers of one draw."""

    room: Numbers  # [row, 1 + unknown]
    belief: Numbers  # [node of the widest information set]
    payoff: Numbers  # [row, player]
    lam: Numbers  # [player]
    matrix: Numbers  # [unknown, unknown]
    pivots: Longs  # [unknown]
    lines: Numbers  # [4, unknown]


@part
def _value(room: Numbers, step: Integers, terms: Integers, payoff: Numbers, width: int) -> None:
    """Compute a node's expected payoff: over its edges, share x (payoff of the edge + value of the child)."""
    row, player = step[1], step[4]
    for k in range(width):
        room[row, k] = 0.0
    for t in range(step[2], step[3]):
        child, share = terms[t, 0], terms[t, 1]
        ahead = payoff[terms[t, 2], player] + payoff[terms[t, 3], player]
        weight = room[share, 0]
        if child >= 0:
            ahead += room[child, 0]
            for k in range(1, width):
                room[row, k] += weight * room[child, k]
        room[row, 0] += weight * ahead
        if terms[t, 4] > 0:  # the share is a player's
            for k in range(1, width):
                room[row, k] += ahead * room[share, k]


@part
def _reach(room: Numbers, step: Integers, terms: Integers, width: int) -> None:
    """Logarithm of the probability with which a node is reached."""
    row = step[1]
    top = -math.inf
    for t in range(step[2], step[3]):
        arriving = room[terms[t, 0], 0] + room[terms[t, 1], 0]
        if arriving > top:
            top = arriving
    for k in range(width):
        room[row, k] = 0.0
    if top == -math.inf:
        room[row, 0] = top
        return
    total = 0.0
    for t in range(step[2], step[3]):
        weight = math.exp(room[terms[t, 0], 0] + room[terms[t, 1], 0] - top)
        if weight > 0.0:
            total += weight
            for k in range(1, width):
                room[row, k] += weight * (room[terms[t, 0], k] + room[terms[t, 1], k])
    room[row, 0] = top + math.log(total)
    for k in range(1, width):
        room[row, k] /= total


@part
def _weigh(room: Numbers, step: Integers, members: Integers, belief: Numbers) -> None:
    """Beliefs over the nodes of an information set; uniform where none of them is reached."""
    first, count = step[6], step[3]
    top = -math.inf
    for m in range(count):
        top = max(top, room[members[first + m], 0])
    total = 0.0
    for m in range(count):
        belief[m] = 1.0 if top == -math.inf else math.exp(room[members[first + m], 0] - top)
        total += belief[m]
    for m in range(count):
        belief[m] /= total


@part
def _choose(
    room: Numbers,
    step: Integers,
    terms: Integers,
    members: Integers,
    payoff: Numbers,
    lam: float,
    belief: Numbers,
    width: int,
) -> None:
    """Log-odds that answer the game: lambda x (value of the action - value of the first action)."""
    odds, term, count, player, actions = step[1], step[2], step[3], step[4], step[5]
    belief[0] = 1.0
    if step[6] >= 0:
        _weigh(room, step, members, belief)
    for a in range(actions):
        row = odds + a
        for k in range(width):
            room[row, k] = 0.0
        for m in range(count):
            t = term + m * actions + a
            worth = payoff[terms[t, 1], player] + payoff[terms[t, 2], player]
            if terms[t, 0] >= 0:
                worth += room[terms[t, 0], 0]
                for k in range(1, width):
                    room[row, k] += belief[m] * room[terms[t, 0], k]
            room[row, 0] += belief[m] * worth
        if step[6] >= 0 and width > 1:
            _shift(room, step, terms, members, payoff, belief, a, width)
    for back in range(actions):
        row = odds + actions - 1 - back
        for k in range(width):
            room[row, k] = lam * (room[row, k] - room[odds, k])


@part
def _shift(
    room: Numbers,
    step: Integers,
    terms: Integers,
    members: Integers,
    payoff: Numbers,
    belief: Numbers,
    a: int,
    width: int,
) -> None:
    """Add what moving beliefs add to the derivative of an action's value."""
    row, actions, player = step[1] + a, step[5], step[4]
    for m in range(step[3]):
        t = step[2] + m * actions + a
        worth = payoff[terms[t, 1], player] + payoff[terms[t, 2], player]
        if terms[t, 0] >= 0:
            worth += room[terms[t, 0], 0]
        excess = belief[m] * (worth - room[row, 0])
        if excess != 0.0:
            for k in range(1, width):
                room[row, k] += excess * room[members[step[6] + m], k]


@part
def _mix(room: Numbers, odds: int, share: int, logarithm: int, actions: int, width: int) -> None:
    """Probabilities and their logarithms from log-odds."""
    top = room[odds, 0]
    for a in range(1, actions):
        top = max(top, room[odds + a, 0])
    total = 0.0
    for a in range(actions):
        total += math.exp(room[odds + a, 0] - top)
    for a in range(actions):
        room[logarithm + a, 0] = room[odds + a, 0] - top - math.log(total)
        room[share + a, 0] = math.exp(room[logarithm + a, 0])
    for k in range(1, width):
        mean = 0.0
        for a in range(actions):
            mean += room[share + a, 0] * room[odds + a, k]
        for a in range(actions):
            room[logarithm + a, k] = room[odds + a, k] - mean
            room[share + a, k] = room[share + a, 0] * room[logarithm + a, k]


@part
def _respond(layout: Layout, desk: Desk, point: Numbers, width: int) -> None:
    """Take log-odds of the free information sets, put the response of every information set in its place."""
    room = desk.room
    odds, share, logarithm = layout.rows[0], layout.rows[1], layout.rows[2]
    for f in range(layout.free.shape[0]):
        first, actions, unknown = layout.free[f, 0], layout.free[f, 1], layout.free[f, 2]
        for a in range(actions):
            for k in range(width):
                room[odds + first + a, k] = 0.0
            if a > 0:
                room[odds + first + a, 0] = point[unknown + a - 1]
                if width > 1:
                    room[odds + first + a, unknown + a] = 1.0
        _mix(room, odds + first, share + first, logarithm + first, actions, width)
    for s in range(layout.steps.shape[0]):
        step = layout.steps[s]
        if step[0] == VALUE:
            _value(room, step, layout.terms, desk.payoff, width)
        elif step[0] == REACH:
            _reach(room, step, layout.terms, width)
        else:
            lam = desk.lam[step[4]]
            _choose(room, step, layout.terms, layout.members, desk.payoff, lam, desk.belief, width)
            if step[7] == 0:  # not free: those who come after read the response
                first = step[1] - odds
                _mix(room, step[1], share + first, logarithm + first, step[5], width)


@part
def _miss(layout: Layout, room: Numbers, point: Numbers, miss: Numbers) -> float:
    """Point minus response, for every unknown; returns the largest, relative to log-odds above 1."""
    largest = 0.0
    for f in range(layout.free.shape[0]):
        for a in range(1, layout.free[f, 1]):
            u = layout.free[f, 2] + a - 1
            miss[u] = point[u] - room[layout.rows[0] + layout.free[f, 0] + a, 0]
            size = abs(miss[u]) / max(1.0, abs(point[u]))
            if not size <= largest:  # also when it is no number
                largest = size
    return largest


@part
def _factor(layout: Layout, desk: Desk) -> float:
    """Factor the derivative of point minus response; returns the sign of its determinant."""
    size = desk.matrix.shape[0]
    for f in range(layout.free.shape[0]):
        for a in range(1, layout.free[f, 1]):
            u = layout.free[f, 2] + a - 1
            for k in range(size):
                desk.matrix[u, k] = -desk.room[layout.rows[0] + layout.free[f, 0] + a, k + 1]
            desk.matrix[u, u] += 1.0
    return factor(desk.matrix, desk.pivots)


@part
def _length(vector: Numbers) -> float:
    total = 0.0
    for k in range(vector.shape[0]):
        total += vector[k] * vector[k]
    return math.sqrt(total)


@part
def _advance(layout: Layout, desk: Desk, point: Numbers, residual: Numbers, near: bool) -> None:
    """Move the point by a Newton step, shortened until the next one shrinks; by the whole one when near."""
    size = point.shape[0]
    step, trial, back = desk.lines[1], desk.lines[2], desk.lines[3]
    for k in range(size):
        step[k] = -residual[k]
    substitute(desk.matrix, desk.pivots, step)
    whole, share = _length(step), 1.0
    while not near and share > SHORTEST:
        for k in range(size):
            trial[k] = point[k] + share * step[k]
        _respond(layout, desk, trial, 1)
        _miss(layout, desk.room, trial, back)
        substitute(desk.matrix, desk.pivots, back)
        if _length(back) <= (1.0 - 0.25 * share) * whole:
            break
        share *= 0.5
    for k in range(size):
        point[k] += share * step[k]


@kernel
def search(
    layout: Layout,
    desk: Desk,
    points: Numbers,
    lead: Longs,
    limit: int,
    odds: Numbers,
    sign: Numbers,
    miss: Numbers,
) -> None:
    """Look for an equilibrium from every start: damped Newton steps on log-odds - response = 0.

    A step is shortened until the next step that the same matrix would give is shorter too: the natural test,
    which no scaling of the log-odds changes (Deuflhard 2011, Newton Methods for Nonlinear Problems, 3.3).

    Parameters
    ----------
    layout, desk
        Of the game; of the thread, with what belongs to the draw filled in.
    points
        ``[start, unknown]``: log-odds to start from; then where it ended.
    lead
        ``[start]``: how often a start is replaced by the response to it first.
    limit
        Newton steps.
    odds, sign, miss
        Filled: ``[start, action]`` log-odds of every action; ``[start]`` sign of the determinant of the
        equations' derivative, 0 where it is singular; ``[start]`` residual of the free sets' equations.
    """
    width = 1 + points.shape[1]
    residual = desk.lines[0]
    for start in range(points.shape[0]):
        point = points[start]
        for _ in range(lead[start]):
            _respond(layout, desk, point, 1)
            _miss(layout, desk.room, point, residual)
            for k in range(width - 1):
                point[k] -= residual[k]
        polished = 0
        for _ in range(limit):
            _respond(layout, desk, point, width)
            error = _miss(layout, desk.room, point, residual)
            sign[start] = _factor(layout, desk)
            miss[start] = error
            for a in range(odds.shape[1]):
                odds[start, a] = desk.room[layout.rows[0] + a, 0]
            if not error < math.inf or sign[start] == 0.0 or polished == POLISH:
                break
            if error <= NEAR:
                polished += 1
            _advance(layout, desk, point, residual, error <= NEAR)
