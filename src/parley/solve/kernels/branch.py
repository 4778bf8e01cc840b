"""Continuation in lambda along the principal branch, ``LANES`` draws abreast.

What lives here: step control, prediction, Anderson acceleration, the queue of draws. What may not: the
arithmetic of a sweep. A lane that is done takes the next draw from the queue; nothing that a lane computes
depends on when it started or on its neighbours, so a draw has the same bits in any company.
"""

from __future__ import annotations

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
from parley.solve.kernels.sweep import backward, prepare, sweep

__all__ = ["MEMORY", "answer", "follow"]

MEMORY = 5  # differences that Anderson acceleration looks back on
POINTS = 3  # accepted points that prediction uses
NEGLIGIBLE = 1e-12  # a difference that adds less to the span, relatively squared, is left out

# rows of the control array [row, lane]
REACHED, STEP, ITERATIONS, KNOWN, DONE = 0, 1, 2, 3, 4
TIMES = 5  # times of the accepted points, newest first
CONTROLS = TIMES + POINTS

# entries of the settings
TOLERANCE, LOOSE, TARGET, LARGEST, PATIENCE, SMALLEST, LIMIT, FIRST = 0, 1, 2, 3, 4, 5, 6, 7


@kernel
def take(lane, draw, table, constants, actions, value, probability):  # type: ignore[no-untyped-def]
    """Give a lane the numbers of a draw."""
    for k in range(constants):
        value[1 + k, lane] = table[draw, k]
    for k in range(table.shape[1] - constants):
        probability[actions + k, lane] = table[draw, constants + k]


@kernel
def certain(steps, probability):  # type: ignore[no-untyped-def]
    """Who has one action takes it."""
    for infoset in range(steps.members.shape[0]):
        first = steps.first_action[infoset]
        if steps.first_action[infoset + 1] - first == 1:
            store(probability, first, fill(1.0))


@kernel
def remember(column, size, fresh_start, odds, fresh, before, moves, changes):  # type: ignore[no-untyped-def]
    """Keep the last move of the state and of its residual as a column of the history.

    Lanes with ``fresh_start`` 1 have no last iterate and keep a column of zeros. ``before`` holds the last
    state and residual.
    """
    novice = load(fresh_start, 0)
    nothing = fill(0.0)
    for j in range(size):
        state = load(odds, j)
        residual = subtract(load(fresh, j), state)
        store(moves, column * size + j, pick(novice, nothing, subtract(state, load(before, j))))
        store(changes, column * size + j, pick(novice, nothing, subtract(residual, load(before, size + j))))
        store(before, j, state)
        store(before, size + j, residual)


@kernel
def measure(size, column, before, fresh, changes, gram, project, extent):  # type: ignore[no-untyped-def]
    """Residual norms, and the products that the least-squares problem needs."""
    largest = fill(0.0)
    square = fill(0.0)
    one = fill(1.0)
    for j in range(size):
        residual = load(before, size + j)
        square = accumulate(square, residual, residual)
        largest = maximum(divide(magnitude(residual), maximum(one, magnitude(load(fresh, j)))), largest)
    store(extent, 0, largest)
    store(extent, 1, square)
    for other in range(MEMORY):
        product = fill(0.0)
        slope = fill(0.0)
        for j in range(size):
            change = load(changes, other * size + j)
            product = accumulate(product, change, load(changes, column * size + j))
            slope = accumulate(slope, change, load(before, size + j))
        store(gram, column * MEMORY + other, product)
        store(gram, other * MEMORY + column, product)
        store(project, other, slope)


@kernel
def combine(lane, column, gram, project, matrix, share):  # type: ignore[no-untyped-def]
    """Least squares over the history by elimination, newest first; shares of left-out columns are 0."""
    for i in range(MEMORY):
        ci = (column - i) % MEMORY
        for j in range(MEMORY):
            matrix[i, j] = gram[ci * MEMORY + (column - j) % MEMORY, lane]
        matrix[i, MEMORY] = project[ci, lane]
        matrix[i, MEMORY + 1] = matrix[i, i]
    for i in range(MEMORY):
        pivot = matrix[i, i]
        if not pivot > NEGLIGIBLE * matrix[i, MEMORY + 1]:
            matrix[i, i] = 0.0
            continue
        for k in range(i + 1, MEMORY):
            factor = matrix[k, i] / pivot
            for j in range(i, MEMORY + 1):
                matrix[k, j] -= factor * matrix[i, j]
    for back in range(MEMORY):
        i = MEMORY - 1 - back
        total = 0.0
        if matrix[i, i] > 0.0:
            total = matrix[i, MEMORY]
            for j in range(i + 1, MEMORY):
                total -= matrix[i, j] * matrix[j, MEMORY + 1]
            total /= matrix[i, i]
        matrix[i, MEMORY + 1] = total
        share[(column - i) % MEMORY, lane] = total


@kernel
def accelerate(size, column, before, moves, changes, share, odds):  # type: ignore[no-untyped-def]
    """Anderson's step: the residual-free point of the affine hull of the last iterates, plus its residual."""
    for j in range(size):
        place = add(load(before, j), load(before, size + j))
        for age in range(MEMORY):
            row = ((column - age) % MEMORY) * size + j
            slide = add(load(moves, row), load(changes, row))
            place = subtract(place, multiply(load(share, (column - age) % MEMORY), slide))
        store(odds, j, place)


@kernel
def predict(lane, size, time, control, points, odds, guess):  # type: ignore[no-untyped-def]
    """Extrapolate the accepted points to ``time``."""
    known = int(control[KNOWN, lane])
    t0, t1, t2 = control[TIMES, lane], control[TIMES + 1, lane], control[TIMES + 2, lane]
    w0, w1, w2 = 1.0, 0.0, 0.0
    if known == 2:
        w1 = (time - t0) / (t1 - t0)
        w0 = 1.0 - w1
    elif known >= 3:
        w1 = (time - t0) * (time - t2) / ((t1 - t0) * (t1 - t2))
        w2 = (time - t0) * (time - t1) / ((t2 - t0) * (t2 - t1))
        w0 = 1.0 - w1 - w2
    for j in range(size):
        place = w0 * points[j, lane] + w1 * points[size + j, lane] + w2 * points[2 * size + j, lane]
        odds[j, lane] = place
        guess[j, lane] = place


@kernel
def accept(lane, size, time, fresh, control, points):  # type: ignore[no-untyped-def]
    """Put the newest point before the others."""
    for j in range(size):
        points[2 * size + j, lane] = points[size + j, lane]
        points[size + j, lane] = points[j, lane]
        points[j, lane] = fresh[j, lane]
    control[TIMES + 2, lane] = control[TIMES + 1, lane]
    control[TIMES + 1, lane] = control[TIMES, lane]
    control[TIMES, lane] = time
    control[REACHED, lane] = time
    control[KNOWN, lane] = min(control[KNOWN, lane] + 1.0, 1.0 * POINTS)


@kernel
def surprise(lane, size, fresh, guess):  # type: ignore[no-untyped-def]
    """How far the corrected point lies from the predicted one."""
    largest = 0.0
    for j in range(size):
        scale = max(1.0, abs(fresh[j, lane]))
        largest = max(largest, abs(fresh[j, lane] - guess[j, lane]) / scale)
    return largest


@kernel
def begin(lane, size, start, draw, settings, control, points, scale, odds, guess, novice):  # type: ignore[no-untyped-def]
    """Put a lane at lambda = 0, or at the wanted lambda when a start is given."""
    for row in range(CONTROLS):
        control[row, lane] = 0.0
    for j in range(size):
        points[j, lane] = 0.0
        odds[j, lane] = start[draw, j] if start.shape[0] else 0.0
        guess[j, lane] = odds[j, lane]
    control[KNOWN, lane] = 1.0
    control[STEP, lane] = 1.0 if start.shape[0] else settings[FIRST]
    scale[0, lane] = control[STEP, lane]
    novice[0, lane] = 1.0


@kernel
def advance(lane, size, alone, settings, extent, control, points, fresh, guess, scale, odds, novice):  # type: ignore[no-untyped-def]
    """Decide what a lane does after a sweep: 0 go on, 1 iterate, 2 the wanted lambda is reached, 3 give up."""
    time = scale[0, lane]
    error, square = extent[0, lane], extent[1, lane]
    control[DONE, lane] += 1.0
    control[ITERATIONS, lane] += 1.0
    final = time >= 1.0
    sound = square < 1e300  # false for NaN
    if control[DONE, lane] >= settings[LIMIT]:
        return 3
    opening = control[REACHED, lane] == 0.0 and not alone
    wanted = settings[TOLERANCE] if final else settings[LOOSE]
    if sound and not opening and not error <= wanted and control[ITERATIONS, lane] < settings[PATIENCE]:
        return 1
    if alone:
        return 2 if sound and error <= wanted else 3
    jump = 0.0 if opening else surprise(lane, size, fresh, guess)
    if sound and (opening or error <= wanted) and jump <= settings[LARGEST]:
        if final:
            return 2
        accept(lane, size, time, fresh, control, points)
        if opening:
            steepest = 0.0
            for j in range(size):
                steepest = max(steepest, abs(fresh[j, lane]))
            control[STEP, lane] = 1.0 if steepest < time else 0.5 * time / steepest
        else:
            power = 0.5 if control[KNOWN, lane] < 3.0 else 1.0 / 3.0
            grow = 2.5 if jump * 1e3 < settings[TARGET] else (settings[TARGET] / jump) ** power
            control[STEP, lane] *= min(2.5, max(0.4, grow))
    else:
        control[STEP, lane] *= 0.35
        if control[STEP, lane] < settings[SMALLEST]:
            return 3
    time = control[REACHED, lane] + control[STEP, lane]
    if time + 0.2 * control[STEP, lane] >= 1.0:
        time = 1.0
    control[STEP, lane] = time - control[REACHED, lane]
    scale[0, lane] = time
    control[ITERATIONS, lane] = 0.0
    novice[0, lane] = 1.0
    predict(lane, size, time, control, points, odds, guess)
    return 0


@kernel
def follow(steps, table, start, settings, strategy, state, status, sweeps):  # type: ignore[no-untyped-def]
    """Follow the principal branch of every draw of ``table`` to lambda times 1.

    Parameters
    ----------
    steps
        A :class:`parley.solve.schedule.Steps`.
    table
        ``[draw, constant or chance]``: payoffs times lambda, then chances.
    start
        ``[draw, state]`` log-odds to start from at the wanted lambda, or no rows at all.
    settings
        See the constants of this module.
    strategy, state, status, sweeps
        ``[draw, action]``, ``[draw, state]``, ``[draw]`` 0 done or 1 given up, ``[draw]``; modified in place.
    """
    size, constants = steps.size[4], steps.size[5]
    actions = strategy.shape[1]
    draws = table.shape[0]
    value = np.zeros((steps.size[0], LANES))
    probability = np.zeros((steps.size[1], LANES))
    reach = np.zeros((steps.size[2], LANES))
    weight = np.zeros((steps.size[3], LANES))
    score = np.zeros((actions + 1, LANES))
    logarithm = np.zeros(steps.size[1] + steps.size[2])
    odds = np.zeros((size, LANES))
    fresh = np.zeros((size, LANES))
    guess = np.zeros((size, LANES))
    before = np.zeros((2 * size, LANES))
    moves = np.zeros((MEMORY * size, LANES))
    changes = np.zeros((MEMORY * size, LANES))
    points = np.zeros((POINTS * size, LANES))
    gram = np.zeros((MEMORY * MEMORY, LANES))
    project = np.zeros((MEMORY, LANES))
    share = np.zeros((MEMORY, LANES))
    extent = np.zeros((2, LANES))
    scale = np.zeros((1, LANES))
    novice = np.ones((1, LANES))
    control = np.zeros((CONTROLS, LANES))
    matrix = np.zeros((MEMORY, MEMORY + 2))
    active = np.zeros(LANES, dtype=np.int8)
    holder = np.zeros(LANES, dtype=np.int64)
    certain(steps, probability)
    alone = size == 0 or start.shape[0] > 0
    queue, busy, column = 0, 0, 0
    while queue < draws or busy > 0:
        changed = False
        for lane in range(LANES):
            if active[lane] == 0 and queue < draws:
                take(lane, queue, table, constants, actions, value, probability)
                begin(lane, size, start, queue, settings, control, points, scale, odds, guess, novice)
                if size == 0:
                    scale[0, lane] = 1.0
                for row in range(MEMORY * size):
                    moves[row, lane] = 0.0
                    changes[row, lane] = 0.0
                for row in range(MEMORY * MEMORY):
                    gram[row, lane] = 0.0
                holder[lane] = queue
                active[lane] = 1
                queue += 1
                busy += 1
                changed = True
        if changed:
            prepare(steps, scale, weight, score, odds, value, probability, reach)
        sweep(steps, active, scale, odds, score, logarithm, value, probability, reach, weight, fresh)
        column = (column + 1) % MEMORY
        remember(column, size, novice, odds, fresh, before, moves, changes)
        measure(size, column, before, fresh, changes, gram, project, extent)
        for lane in range(LANES):
            combine(lane, column, gram, project, matrix, share)
        accelerate(size, column, before, moves, changes, share, odds)
        leaving = False
        for lane in range(LANES):
            novice[0, lane] = 0.0
            if active[lane]:
                verdict = advance(
                    lane, size, alone, settings, extent, control, points, fresh, guess, scale, odds, novice
                )
                if verdict >= 2:
                    active[lane] = verdict
                    leaving = True
        if leaving:
            backward(steps, steps.stage[2], steps.stage[3], scale, weight, score, value, fresh, probability)
            for lane in range(LANES):
                if active[lane] >= 2:
                    draw = holder[lane]
                    for k in range(actions):
                        strategy[draw, k] = probability[k, lane]
                    for j in range(size):
                        state[draw, j] = fresh[j, lane]
                    status[draw] = active[lane] - 2
                    sweeps[draw] = int(control[DONE, lane])
                    active[lane] = 0
                    busy -= 1


@kernel
def answer(steps, table, draw, time, odds, fresh, strategy):  # type: ignore[no-untyped-def]
    """One sweep from each of many states.

    ``draw [point]`` says whose numbers, ``time [point]`` at what share of lambda, ``odds [point, state]`` where;
    ``fresh [point, state]`` and ``strategy [point, action]`` are modified in place.
    """
    size, constants = steps.size[4], steps.size[5]
    actions = strategy.shape[1]
    value = np.zeros((steps.size[0], LANES))
    probability = np.zeros((steps.size[1], LANES))
    reach = np.zeros((steps.size[2], LANES))
    weight = np.zeros((steps.size[3], LANES))
    score = np.zeros((actions + 1, LANES))
    logarithm = np.zeros(steps.size[1] + steps.size[2])
    state = np.zeros((size, LANES))
    image = np.zeros((size, LANES))
    scale = np.zeros((1, LANES))
    active = np.ones(LANES, dtype=np.int8)
    holder = np.full(LANES, -1, dtype=np.int64)
    certain(steps, probability)
    for base in range(0, draw.shape[0], LANES):
        changed = False
        for lane in range(LANES):
            point = min(base + lane, draw.shape[0] - 1)
            if holder[lane] != draw[point]:
                holder[lane] = draw[point]
                take(lane, draw[point], table, constants, actions, value, probability)
                changed = True
            scale[0, lane] = time[point]
            for j in range(size):
                state[j, lane] = odds[point, j]
        if changed:
            prepare(steps, scale, weight, score, state, value, probability, reach)
        sweep(steps, active, scale, state, score, logarithm, value, probability, reach, weight, image)
        backward(steps, steps.stage[2], steps.stage[3], scale, weight, score, value, image, probability)
        for lane in range(min(LANES, draw.shape[0] - base)):
            for j in range(size):
                fresh[base + lane, j] = image[j, lane]
            for k in range(actions):
                strategy[base + lane, k] = probability[k, lane]
