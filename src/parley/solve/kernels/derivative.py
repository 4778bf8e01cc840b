"""The derivative of a sweep and the linear equations of Newton's method, ``LANES`` draws abreast.

What lives here: derivatives of values, responses and beliefs by each variable in turn, in the order of a
plan; elimination without pivoting on the places that are not zero in any draw. What may not: iteration. For
plan and desk see :mod:`parley.solve.kernels.layout`; the desk, in which a sweep has just been taken, is
modified in place. Where elimination meets a small pivot the moves are useless, and the continuation takes
another step.
"""

from __future__ import annotations

import math

from parley.solve.kernels._jit import (
    Integers,
    Numbers,
    Row,
    accumulate,
    add,
    at,
    divide,
    fill,
    load,
    maximum,
    multiply,
    part,
    pick,
    store,
    subtract,
)
from parley.solve.kernels.layout import (
    D_ADD,
    D_ARRIVE,
    D_BELIEVE,
    D_COLUMN,
    D_GAPS,
    D_LEAN,
    D_RESPOND,
    D_SUM,
    D_TILT,
    ELIMINATE,
    ENTRY,
    FRESH,
    LANES,
    LOWER,
    ODDS,
    PIVOT,
    RIGHT,
    SCALE,
    STATE,
    TANGENTS,
    TIMEWISE,
)
from parley.solve.kernels.sweep import FAINT

__all__ = ["differentiate", "eliminate", "substitute"]

GROUP = 16  # pivots whose product is taken before its logarithm


@part
def d_ones(plan: Integers, desk: Numbers, place: int) -> int:
    """Begin the diagonal."""
    count = at(plan, place)
    for k in range(count):
        store(desk, at(plan, place + 1 + k), fill(1.0))
    return place + 1 + count


@part
def d_gaps(plan: Integers, desk: Numbers, place: int) -> int:
    """Differences of worth between two actions, which all columns share."""
    count = at(plan, place)
    place += 1
    for _ in range(count):
        more, less = load(desk, at(plan, place + 1)), load(desk, at(plan, place + 3))
        if at(plan, place + 2):
            more = add(more, load(desk, at(plan, place + 2)))
        if at(plan, place + 4):
            less = add(less, load(desk, at(plan, place + 4)))
        store(desk, at(plan, place), subtract(more, less))
        place += 5
    return place


@part
def d_tilt(plan: Integers, desk: Numbers, place: int) -> int:
    """Differentiate the value of a node with two actions."""
    slope = multiply(load(desk, at(plan, place + 1)), load(desk, at(plan, place + 2)))
    row, inner = at(plan, place), at(plan, place + 3)
    place += 4
    for _ in range(inner):
        slope = accumulate(slope, load(desk, at(plan, place)), load(desk, at(plan, place + 1)))
        place += 2
    store(desk, row, slope)
    return place


@part
def d_lean(plan: Integers, desk: Numbers, place: int) -> int:
    """Differentiate the response of an information set with two actions."""
    first, odds, target = at(plan, place), at(plan, place + 1), at(plan, place + 3)
    row, shifts = at(plan, place + 2), at(plan, place + 4)
    place += 5
    slope, less = fill(0.0), fill(0.0)
    for _ in range(shifts):
        slope = accumulate(slope, load(desk, at(plan, place)), load(desk, at(plan, place + 1)))
        place += 2
    adding = at(plan, place)
    place += 1
    for _ in range(adding):
        slope = accumulate(slope, load(desk, at(plan, place)), load(desk, at(plan, place + 1)))
        place += 2
    taking = at(plan, place)
    place += 1
    for _ in range(taking):
        less = accumulate(less, load(desk, at(plan, place)), load(desk, at(plan, place + 1)))
        place += 2
    factor = load(desk, at(plan, SCALE))
    slope = multiply(factor, subtract(slope, less))
    if odds >= 0:
        slope = add(slope, divide(load(desk, odds), factor))
    if target >= 0:
        store(desk, target, subtract(load(desk, target), slope))
    store(desk, row, multiply(slope, multiply(load(desk, first), load(desk, first + 1))))
    return place


@part
def d_add(plan: Integers, desk: Numbers, place: int) -> int:
    """Add one column to another, or subtract it."""
    plus, count = at(plan, place) > 0, at(plan, place + 1)
    place += 2
    for _ in range(count):
        total, other = load(desk, at(plan, place)), load(desk, at(plan, place + 1))
        store(desk, at(plan, place), add(total, other) if plus else subtract(total, other))
        place += 2
    return place


@part
def d_column(plan: Integers, desk: Numbers, place: int) -> int:
    """Entries of one log-odds: its action's column, less its share of all columns of the information set."""
    share, count = load(desk, at(plan, place)), at(plan, place + 1)
    place += 2
    for _ in range(count):
        entry, mine, columns = at(plan, place), at(plan, place + 1), at(plan, place + 2)
        place += 3
        total = load(desk, at(plan, place))
        for k in range(1, columns):
            total = add(total, load(desk, at(plan, place + k)))
        place += columns
        slope = subtract(load(desk, entry), multiply(share, total))
        store(desk, entry, add(slope, load(desk, mine)) if mine >= 0 else slope)
    return place


@part
def d_arrive(plan: Integers, desk: Numbers, place: int) -> int:
    """Differentiate the logarithm of the reach of a node with several ways to it."""
    row, total, terms = at(plan, place), load(desk, at(plan, place + 1)), at(plan, place + 2)
    place += 3
    share = divide(fill(1.0), maximum(total, fill(FAINT)))
    slope = fill(0.0)
    for _ in range(terms):
        path = multiply(load(desk, at(plan, place)), load(desk, at(plan, place + 1)))
        if at(plan, place + 2) >= 0:
            slope = accumulate(slope, path, load(desk, at(plan, place + 2)))
        if at(plan, place + 3) >= 0:
            slope = accumulate(slope, path, load(desk, at(plan, place + 3)))
        place += 4
    store(desk, row, multiply(slope, share))
    return place


@part
def d_believe(plan: Integers, desk: Numbers, place: int) -> int:
    """Differentiate the beliefs at one information set."""
    row, weight, members = at(plan, place), at(plan, place + 1), at(plan, place + 2)
    place += 3
    mean, reached = fill(0.0), load(desk, weight + members)
    for m in range(members):
        if at(plan, place + m) >= 0:
            mean = accumulate(mean, load(desk, weight + m), load(desk, at(plan, place + m)))
    for m in range(members):
        slope = subtract(fill(0.0), mean)
        if at(plan, place + m) >= 0:
            slope = add(slope, load(desk, at(plan, place + m)))
        store(desk, row + m, multiply(multiply(load(desk, weight + m), reached), slope))
    return place + members


@part
def d_sum(plan: Integers, desk: Numbers, place: int) -> int:
    """Differentiate the value of a node for a player."""
    row, terms = at(plan, place), at(plan, place + 1)
    place += 2
    slope = fill(0.0)
    for _ in range(terms):
        if at(plan, place + 3) >= 0:
            worth = load(desk, at(plan, place + 1))
            if at(plan, place + 2):
                worth = add(worth, load(desk, at(plan, place + 2)))
            slope = accumulate(slope, load(desk, at(plan, place + 3)), worth)
        if at(plan, place + 4) >= 0:
            slope = accumulate(slope, load(desk, at(plan, place)), load(desk, at(plan, place + 4)))
        place += 5
    store(desk, row, slope)
    return place


@part
def d_appraise(plan: Integers, desk: Numbers, place: int, weight: int, members: int, shift: int) -> Row:
    """Differentiate the worth of one action at an information set."""
    slope = fill(0.0)
    for m in range(members):
        if shift >= 0:
            worth = load(desk, at(plan, place))
            if at(plan, place + 1):
                worth = add(worth, load(desk, at(plan, place + 1)))
            slope = accumulate(slope, load(desk, shift + m), worth)
        if at(plan, place + 2) >= 0:
            inner = load(desk, at(plan, place + 2))
            slope = accumulate(slope, load(desk, weight + m), inner) if members > 1 else add(slope, inner)
        place += 3
    return slope


@part
def d_respond(plan: Integers, desk: Numbers, place: int) -> int:
    """Differentiate the response of one information set; minus its log-odds' derivatives are entries."""
    first, actions, odds = at(plan, place), at(plan, place + 1), at(plan, place + 2)
    weight, members, shift = at(plan, place + 3), at(plan, place + 4), at(plan, place + 5)
    slopes = at(plan, place + 6)
    place += 7
    target = place + 3 * members * actions
    factor = load(desk, at(plan, SCALE))
    base = d_appraise(plan, desk, place, weight, members, shift)
    mean = fill(0.0)
    for k in range(1, actions):
        place += 3 * members
        other = d_appraise(plan, desk, place, weight, members, shift)
        slope = multiply(factor, subtract(other, base))
        if odds >= 0:
            slope = add(slope, divide(load(desk, odds + k - 1), factor))
        entry = at(plan, target + k - 1)
        if entry >= 0:
            store(desk, entry, subtract(load(desk, entry), slope))
        store(desk, slopes + k, slope)
        mean = accumulate(mean, load(desk, first + k), slope)
    store(desk, slopes, multiply(load(desk, first), subtract(fill(0.0), mean)))
    for k in range(1, actions):
        slope = subtract(load(desk, slopes + k), mean)
        store(desk, slopes + k, multiply(load(desk, first + k), slope))
    return target + actions - 1


@part
def d_step(plan: Integers, desk: Numbers, place: int, operation: int) -> int:
    """Take one of the rarer steps."""
    if operation == D_SUM:
        return d_sum(plan, desk, place)
    if operation == D_RESPOND:
        return d_respond(plan, desk, place)
    if operation == D_ARRIVE:
        return d_arrive(plan, desk, place)
    return d_ones(plan, desk, place)


@part
def differentiate(plan: Integers, desk: Numbers) -> None:
    """Fill in the entries of identity minus derivative, the derivative by lambda's share, the residual."""
    size = at(plan, STATE)
    for row in range(at(plan, ENTRY), at(plan, PIVOT)):
        store(desk, row, fill(0.0))
    for j in range(size):
        store(desk, at(plan, TIMEWISE) + j, fill(0.0))
        residual = subtract(load(desk, at(plan, ODDS) + j), load(desk, at(plan, FRESH) + j))
        store(desk, at(plan, RIGHT) + j, residual)
    place, end = at(plan, TANGENTS), at(plan, ELIMINATE)
    while place < end:
        operation = at(plan, place)
        place += 1
        if operation == D_TILT:
            place = d_tilt(plan, desk, place)
        elif operation == D_LEAN:
            place = d_lean(plan, desk, place)
        elif operation == D_BELIEVE:
            place = d_believe(plan, desk, place)
        elif operation == D_COLUMN:
            place = d_column(plan, desk, place)
        elif operation == D_ADD:
            place = d_add(plan, desk, place)
        elif operation == D_GAPS:
            place = d_gaps(plan, desk, place)
        else:
            place = d_step(plan, desk, place, operation)


@part
def collect(desk: Numbers, row: int, product: Row) -> None:
    """Add the logarithm of a product of pivots, sign apart, to the row before ``row``, which gives room."""
    store(desk, row, product)
    for lane in range(LANES):
        size = abs(desk[row, lane])
        desk[row - 1, lane] += math.log(size) if size > 0.0 else -math.inf


@part
def eliminate(plan: Integers, desk: Numbers, row: int) -> Row:
    """Factor the entries in place; returns the determinant's sign.

    Its logarithm goes to ``row``, but for the last pivots; their product, sign included, goes to the next.
    """
    sign, product, count = fill(1.0), fill(1.0), 0
    store(desk, row, fill(0.0))
    place, end = at(plan, ELIMINATE), at(plan, LOWER)
    while place < end:
        pivot = load(desk, at(plan, place))
        sign = pick(pivot, sign, subtract(fill(0.0), sign))
        product = multiply(product, pivot)
        count += 1
        if count % GROUP == 0:
            collect(desk, row + 1, product)
            product = fill(1.0)
        inverse = divide(fill(1.0), pivot)
        store(desk, at(plan, place + 1), inverse)
        below = at(plan, place + 2)
        place += 3
        for _ in range(below):
            ratio = multiply(load(desk, at(plan, place)), inverse)
            store(desk, at(plan, place), ratio)
            ratio = subtract(fill(0.0), ratio)
            runs = at(plan, place + 1)
            place += 2
            for _ in range(runs):
                target, source = at(plan, place), at(plan, place + 1)
                for k in range(at(plan, place + 2)):
                    changed = accumulate(load(desk, target + k), ratio, load(desk, source + k))
                    store(desk, target + k, changed)
                place += 3
    store(desk, row + 1, product)
    return sign


@part
def substitute(plan: Integers, desk: Numbers) -> None:
    """Solve for the residuals and for the derivatives by lambda's share, both in place."""
    size, right, timewise = at(plan, STATE), at(plan, RIGHT), at(plan, TIMEWISE)
    place = at(plan, LOWER)
    for turn in range(2 * size):
        upper = turn >= size
        j = 2 * size - 1 - turn if upper else turn
        entry, count = at(plan, place), at(plan, place + 1)
        place += 2
        one, other = load(desk, right + j), load(desk, timewise + j)
        for k in range(count):
            factor = subtract(fill(0.0), load(desk, entry + k))
            one = accumulate(one, factor, load(desk, right + at(plan, place + k)))
            other = accumulate(other, factor, load(desk, timewise + at(plan, place + k)))
        if upper:
            inverse = load(desk, at(plan, PIVOT) + j)
            one, other = multiply(one, inverse), multiply(other, inverse)
        store(desk, right + j, one)
        store(desk, timewise + j, other)
        place += count
