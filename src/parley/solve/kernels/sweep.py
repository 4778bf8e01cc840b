"""One sweep over ``LANES`` draws abreast.

What lives here: reach forward, beliefs, values and responses backward, in the order of a plan. What may
not: iteration. For plan and desk see :mod:`parley.solve.kernels.layout`; the desk is modified in place.
"""

from __future__ import annotations

import math

from parley.solve.kernels._jit import (
    Flags,
    Integers,
    Numbers,
    Row,
    accumulate,
    add,
    at,
    divide,
    exponential,
    fill,
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
    ACTIONS,
    ARRIVALS,
    BELIEFS,
    BELIEFS_END,
    CHANCES,
    CONSTANTS,
    CORE,
    CORE_END,
    LANES,
    MIXES,
    MIXES_END,
    MOVING,
    MOVING_END,
    PROBABILITY,
    REACH,
    RESPOND,
    SCALE,
    SCORE,
    STATIC,
    SUM,
)

__all__ = ["FAINT", "backward", "prepare", "sweep", "take"]

FAINT = 1e-250  # an information set with less reach than this has its beliefs computed in logarithms


@part
def mix(desk: Numbers, first: int, actions: int, odds: int) -> None:
    """Probabilities of an information set's actions from the log-odds of all but the first."""
    if actions == 2:
        z = load(desk, odds)
        small = exponential(subtract(fill(0.0), magnitude(z)))
        likely = divide(fill(1.0), add(fill(1.0), small))
        unlikely = multiply(small, likely)
        store(desk, first, pick(z, unlikely, likely))
        store(desk, first + 1, pick(z, likely, unlikely))
        return
    top = fill(0.0)
    for k in range(actions - 1):
        top = maximum(load(desk, odds + k), top)
    share = exponential(subtract(fill(0.0), top))
    total = share
    store(desk, first, share)
    for k in range(actions - 1):
        share = exponential(subtract(load(desk, odds + k), top))
        total = add(total, share)
        store(desk, first + 1 + k, share)
    share = divide(fill(1.0), total)
    for k in range(first, first + actions):
        store(desk, k, multiply(load(desk, k), share))


@part
def arrive(plan: Integers, desk: Numbers, place: int, end: int) -> None:
    """Reach of the nodes in a stretch of the plan."""
    while place < end:
        row, terms = at(plan, place), at(plan, place + 1)
        place += 2
        total = multiply(load(desk, at(plan, place)), load(desk, at(plan, place + 1)))
        for _ in range(terms - 1):
            place += 2
            total = accumulate(total, load(desk, at(plan, place)), load(desk, at(plan, place + 1)))
        place += 2
        store(desk, row, total)


@part
def believe(plan: Integers, desk: Numbers) -> None:
    """Beliefs by Bayes' rule; the first row of scores holds the least reach of any information set."""
    least = fill(1.0)
    place, end = at(plan, BELIEFS), at(plan, BELIEFS_END)
    while place < end:
        first, members = at(plan, place), at(plan, place + 1)
        place += 2
        total = load(desk, at(plan, place))
        for k in range(1, members):
            total = add(total, load(desk, at(plan, place + k)))
        least = pick(subtract(least, total), total, least)
        share = divide(fill(1.0), maximum(total, fill(FAINT)))
        for k in range(members):
            store(desk, first + k, multiply(load(desk, at(plan, place + k)), share))
        store(desk, first + members, fill(1.0))
        place += members
    store(desk, at(plan, SCORE), least)


@part
def log_sum(plan: Integers, logarithm: Numbers, place: int, terms: int) -> float:
    """Logarithm of a sum of products, from logarithms of the factors."""
    top = -math.inf
    for k in range(terms):
        top = max(top, logarithm[at(plan, place + 2 * k)] + logarithm[at(plan, place + 2 * k + 1)])
    if top == -math.inf or terms == 1:
        return top
    total = 0.0
    for k in range(terms):
        path = logarithm[at(plan, place + 2 * k)] + logarithm[at(plan, place + 2 * k + 1)]
        total += math.exp(path - top)
    return top + math.log(total)


@part
def log_mix(plan: Integers, desk: Numbers, lane: int, logarithm: Numbers) -> None:
    """Logarithms of one lane's probabilities, those of the state's actions from their log-odds."""
    for row in range(at(plan, PROBABILITY), at(plan, REACH)):
        chance = desk[row, lane]
        logarithm[row] = math.log(chance) if chance > 0.0 else -math.inf
    place, end = at(plan, MIXES), at(plan, MIXES_END)
    while place < end:
        first, others, odds = at(plan, place), at(plan, place + 1) - 1, at(plan, place + 2)
        place += 3
        top = 0.0
        for k in range(others):
            top = max(top, desk[odds + k, lane])
        total = math.exp(-top)
        for k in range(others):
            total += math.exp(desk[odds + k, lane] - top)
        top += math.log(total)
        logarithm[first] = -top
        for k in range(others):
            logarithm[first + 1 + k] = desk[odds + k, lane] - top


@part
def believe_faintly(plan: Integers, desk: Numbers, lane: int, logarithm: Numbers) -> None:
    """Beliefs of one lane with reach kept in logarithms; uniform where no node can be reached."""
    log_mix(plan, desk, lane, logarithm)
    logarithm[at(plan, REACH)] = 0.0
    place, end = at(plan, ARRIVALS), at(plan, MOVING_END)
    while place < end:
        row, terms = at(plan, place), at(plan, place + 1)
        logarithm[row] = log_sum(plan, logarithm, place + 2, terms)
        place += 2 + 2 * terms
    place, end = at(plan, BELIEFS), at(plan, BELIEFS_END)
    while place < end:
        first, members = at(plan, place), at(plan, place + 1)
        place += 2
        top = -math.inf
        for k in range(members):
            top = max(top, logarithm[at(plan, place + k)])
        total = 0.0
        for k in range(members):
            share = math.exp(logarithm[at(plan, place + k)] - top) if top > -math.inf else 1.0
            desk[first + k, lane] = share
            total += share
        for k in range(members):
            desk[first + k, lane] /= total
        desk[first + members, lane] = 1.0 if top > -math.inf else 0.0
        place += members


@part
def appraise(plan: Integers, desk: Numbers, place: int, weight: int, members: int) -> Row:
    """Worth of one action: that at each node of the information set, weighed by beliefs."""
    worth = load(desk, at(plan, place))
    if at(plan, place + 1):
        worth = add(worth, load(desk, at(plan, place + 1)))
    if members > 1:
        worth = multiply(worth, load(desk, weight))
        for member in range(1, members):
            place += 2
            other = load(desk, at(plan, place))
            if at(plan, place + 1):
                other = add(other, load(desk, at(plan, place + 1)))
            worth = accumulate(worth, other, load(desk, weight + member))
    return worth


@part
def respond(plan: Integers, desk: Numbers, place: int) -> int:
    """Logit response of one information set; returns the place of the next step."""
    first, actions, odds = at(plan, place), at(plan, place + 1), at(plan, place + 2)
    weight, members = at(plan, place + 3), at(plan, place + 4)
    place += 5
    room = at(plan, SCORE)
    factor = load(desk, at(plan, SCALE))
    base = appraise(plan, desk, place, weight, members)
    for k in range(actions - 1):
        place += 2 * members
        z = multiply(factor, subtract(appraise(plan, desk, place, weight, members), base))
        store(desk, room + k, z)
        if odds >= 0:
            store(desk, odds + k, z)
    mix(desk, first, actions, room)
    return place + 2 * members


@part
def backward(plan: Integers, desk: Numbers, place: int, end: int) -> None:
    """Values and responses of a stretch of the plan."""
    while place < end:
        operation = at(plan, place)
        if operation == RESPOND:
            place = respond(plan, desk, place + 1)
            continue
        row, terms = at(plan, place + 1), at(plan, place + 2)
        place += 3
        if operation == SUM:
            total = multiply(load(desk, at(plan, place)), load(desk, at(plan, place + 1)))
            for _ in range(terms - 1):
                place += 2
                total = accumulate(total, load(desk, at(plan, place)), load(desk, at(plan, place + 1)))
            place += 2
        else:
            total = fill(0.0)
            for _ in range(terms):
                worth = add(load(desk, at(plan, place + 1)), load(desk, at(plan, place + 2)))
                total = accumulate(total, load(desk, at(plan, place)), worth)
                place += 3
        store(desk, row, total)


@part
def take(plan: Integers, desk: Numbers, lane: int, table: Numbers, draw: int) -> None:
    """Give a lane the payoffs and chances of a draw."""
    constants = at(plan, CONSTANTS)
    for k in range(constants):
        desk[1 + k, lane] = table[k, draw]
    first = at(plan, PROBABILITY) + at(plan, ACTIONS)
    for k in range(at(plan, CHANCES)):
        desk[first + k, lane] = table[constants + k, draw]


@part
def prepare(plan: Integers, desk: Numbers) -> None:
    """Work out what depends on payoffs and chances alone; to be done whenever a lane takes a draw."""
    store(desk, at(plan, REACH), fill(1.0))
    backward(plan, desk, at(plan, STATIC), at(plan, CORE))
    arrive(plan, desk, at(plan, ARRIVALS), at(plan, MOVING))


@part
def sweep(plan: Integers, desk: Numbers, active: Flags, logarithm: Numbers) -> None:
    """Take the state in the rows of ``ODDS`` to those of ``FRESH``; idle lanes mean nothing."""
    place, end = at(plan, MIXES), at(plan, MIXES_END)
    while place < end:
        mix(desk, at(plan, place), at(plan, place + 1), at(plan, place + 2))
        place += 3
    arrive(plan, desk, at(plan, MOVING), at(plan, MOVING_END))
    believe(plan, desk)
    score = at(plan, SCORE)
    for lane in range(LANES):
        if active[lane] and not desk[score, lane] > FAINT:
            believe_faintly(plan, desk, lane, logarithm)
    backward(plan, desk, at(plan, CORE), at(plan, CORE_END))
