"""Continuation in lambda by accelerated sweeps, ``LANES`` draws abreast.

What lives here: step control, prediction, Anderson acceleration, the queue of draws. What may not: the
arithmetic of a sweep. It is the way for games whose derivative costs many times as much as a sweep, as long
as their branches are tame; it cannot follow folds. As in :mod:`parley.solve.kernels.branch`, nothing that a
lane computes depends on when it started or on its neighbours.
"""

from __future__ import annotations

from parley.solve.kernels._jit import (
    Flags,
    Integers,
    Longs,
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
    BEFORE,
    CHANGES,
    CORE_END,
    EXTENT,
    FRESH,
    GRAM,
    GUESS,
    HELM,
    HELMS,
    LANES,
    MEMORY,
    MOVES,
    NOVICE,
    ODDS,
    PAST,
    PROBABILITY,
    PROJECT,
    REST_END,
    SCALE,
    SHARE,
    STATE,
)
from parley.solve.kernels.sweep import backward, prepare, sweep, take

__all__ = ["DONE", "DOUBTFUL", "GIVEN_UP", "accelerate"]

NEGLIGIBLE = 1e-12  # a change that adds less than this to the span, relatively squared, is left out

# control rows of a lane; TIMES are those of the accepted states, newest first
REACHED, STEP, ITERATIONS, KNOWN, COUNT, TAKEN_BACK, TIMES = 0, 1, 2, 3, 4, 5, 6

# entries of the settings
TOLERANCE, LOOSE, TARGET, LARGEST, PATIENCE, SMALLEST, LIMIT, FIRST, SETTINGS = 0, 1, 2, 3, 4, 5, 6, 7, 8

# what a lane does after a sweep
IDLE, GOING, DONE, DOUBTFUL, GIVEN_UP = 0, 1, 2, 3, 4  # DOUBTFUL: done, but a point was hard to reach


@part
def remember(plan: Integers, desk: Numbers, column: int) -> None:
    """Keep the last move of the state and the change of its residual; a novice keeps zeros."""
    size = at(plan, STATE)
    odds, fresh, before = at(plan, ODDS), at(plan, FRESH), at(plan, BEFORE)
    moves, changes = at(plan, MOVES) + column * size, at(plan, CHANGES) + column * size
    novice, nothing = load(desk, at(plan, NOVICE)), fill(0.0)
    for j in range(size):
        state = load(desk, odds + j)
        residual = subtract(load(desk, fresh + j), state)
        store(desk, moves + j, pick(novice, nothing, subtract(state, load(desk, before + j))))
        store(desk, changes + j, pick(novice, nothing, subtract(residual, load(desk, before + size + j))))
        store(desk, before + j, state)
        store(desk, before + size + j, residual)


@part
def measure(plan: Integers, desk: Numbers, column: int) -> None:
    """Residual norms, and the products that the least-squares problem needs."""
    size = at(plan, STATE)
    residuals, fresh, changes = at(plan, BEFORE) + size, at(plan, FRESH), at(plan, CHANGES)
    gram, project, extent = at(plan, GRAM), at(plan, PROJECT), at(plan, EXTENT)
    largest, square, one = fill(0.0), fill(0.0), fill(1.0)
    for j in range(size):
        residual = load(desk, residuals + j)
        square = accumulate(square, residual, residual)
        largest = maximum(
            divide(magnitude(residual), maximum(one, magnitude(load(desk, fresh + j)))), largest
        )
    store(desk, extent, largest)
    store(desk, extent + 1, square)
    newest = changes + column * size
    for other in range(MEMORY):
        product, slope = fill(0.0), fill(0.0)
        for j in range(size):
            change = load(desk, changes + other * size + j)
            product = accumulate(product, change, load(desk, newest + j))
            slope = accumulate(slope, change, load(desk, residuals + j))
        store(desk, gram + column * MEMORY + other, product)
        store(desk, gram + other * MEMORY + column, product)
        store(desk, project + other, slope)


@part
def combine(plan: Integers, desk: Numbers, column: int, lane: int, room: Numbers) -> None:
    """Least squares over the kept changes by elimination, newest first; left-out changes have share 0."""
    gram, project, share = at(plan, GRAM), at(plan, PROJECT), at(plan, SHARE)
    width = MEMORY + 2
    for i in range(MEMORY):
        row = (column + MEMORY - i) % MEMORY
        for j in range(MEMORY):
            room[i * width + j] = desk[gram + row * MEMORY + (column + MEMORY - j) % MEMORY, lane]
        room[i * width + MEMORY] = desk[project + row, lane]
        room[i * width + MEMORY + 1] = room[i * width + i]
    for i in range(MEMORY):
        pivot = room[i * width + i]
        if not pivot > NEGLIGIBLE * room[i * width + MEMORY + 1]:
            room[i * width + i] = 0.0
            continue
        for k in range(i + 1, MEMORY):
            factor = room[k * width + i] / pivot
            for j in range(i, MEMORY + 1):
                room[k * width + j] -= factor * room[i * width + j]
    for back in range(MEMORY):
        i = MEMORY - 1 - back
        total = 0.0
        if room[i * width + i] > 0.0:
            total = room[i * width + MEMORY]
            for j in range(i + 1, MEMORY):
                total -= room[i * width + j] * room[j * width + MEMORY + 1]
            total /= room[i * width + i]
        room[i * width + MEMORY + 1] = total
        desk[share + (column + MEMORY - i) % MEMORY, lane] = total


@part
def extrapolate(plan: Integers, desk: Numbers, column: int) -> None:
    """Anderson's step: the point of least residual in the hull of the last states, plus its residual."""
    size = at(plan, STATE)
    before, moves, changes, odds = at(plan, BEFORE), at(plan, MOVES), at(plan, CHANGES), at(plan, ODDS)
    share = at(plan, SHARE)
    for j in range(size):
        store(desk, odds + j, add(load(desk, before + j), load(desk, before + size + j)))
    for age in range(MEMORY):
        kept = (column + MEMORY - age) % MEMORY
        weight = load(desk, share + kept)
        for j in range(size):
            row = kept * size + j
            slide = multiply(weight, add(load(desk, moves + row), load(desk, changes + row)))
            store(desk, odds + j, subtract(load(desk, odds + j), slide))


@part
def predict(plan: Integers, desk: Numbers, lane: int, time: float) -> None:
    """Extrapolate the accepted states to a share of lambda."""
    size, control, points = at(plan, STATE), at(plan, HELM), at(plan, PAST)
    odds, guess = at(plan, ODDS), at(plan, GUESS)
    known = desk[control + KNOWN, lane]
    t0, t1, t2 = desk[control + TIMES, lane], desk[control + TIMES + 1, lane], desk[control + TIMES + 2, lane]
    w0, w1, w2 = 1.0, 0.0, 0.0
    if known == 2.0:
        w1 = (time - t0) / (t1 - t0)
        w0 = 1.0 - w1
    elif known >= 3.0:
        w1 = (time - t0) * (time - t2) / ((t1 - t0) * (t1 - t2))
        w2 = (time - t0) * (time - t1) / ((t2 - t0) * (t2 - t1))
        w0 = 1.0 - w1 - w2
    for j in range(size):
        row = points + j
        place = w0 * desk[row, lane] + w1 * desk[row + size, lane] + w2 * desk[row + 2 * size, lane]
        desk[odds + j, lane] = place
        desk[guess + j, lane] = place


@part
def accept(plan: Integers, desk: Numbers, lane: int, time: float) -> None:
    """Put the newest state before the others."""
    size, control, points, fresh = at(plan, STATE), at(plan, HELM), at(plan, PAST), at(plan, FRESH)
    for j in range(size):
        desk[points + 2 * size + j, lane] = desk[points + size + j, lane]
        desk[points + size + j, lane] = desk[points + j, lane]
        desk[points + j, lane] = desk[fresh + j, lane]
    desk[control + TIMES + 2, lane] = desk[control + TIMES + 1, lane]
    desk[control + TIMES + 1, lane] = desk[control + TIMES, lane]
    desk[control + TIMES, lane] = time
    desk[control + REACHED, lane] = time
    desk[control + KNOWN, lane] = min(desk[control + KNOWN, lane] + 1.0, 3.0)


@part
def surprise(plan: Integers, desk: Numbers, lane: int) -> float:
    """How far the corrected state lies from the predicted one, relative to max(1, log-odds)."""
    fresh, guess = at(plan, FRESH), at(plan, GUESS)
    largest = 0.0
    for j in range(at(plan, STATE)):
        found = desk[fresh + j, lane]
        largest = max(largest, abs(found - desk[guess + j, lane]) / max(1.0, abs(found)))
    return largest


@part
def begin(plan: Integers, desk: Numbers, lane: int, start: Numbers, draw: int, first: float) -> None:
    """Put a lane at lambda = 0, or at the wanted lambda when a start is given."""
    size, control = at(plan, STATE), at(plan, HELM)
    odds, guess, points = at(plan, ODDS), at(plan, GUESS), at(plan, PAST)
    given = start.shape[0] > 0
    for row in range(HELMS):
        desk[control + row, lane] = 0.0
    for j in range(size):
        desk[points + j, lane] = 0.0
        desk[odds + j, lane] = start[draw, j] if given else 0.0
        desk[guess + j, lane] = desk[odds + j, lane]
    for row in range(at(plan, MOVES), at(plan, PAST)):
        desk[row, lane] = 0.0
    for row in range(at(plan, GRAM), at(plan, PROJECT)):
        desk[row, lane] = 0.0
    desk[control + KNOWN, lane] = 1.0
    desk[control + STEP, lane] = 1.0 if given or size == 0 else first
    desk[at(plan, SCALE), lane] = desk[control + STEP, lane]
    desk[at(plan, NOVICE), lane] = 1.0


@part
def stride(plan: Integers, desk: Numbers, lane: int, settings: Numbers, jump: float) -> None:
    """Length of the next step after one that was accepted."""
    control, fresh = at(plan, HELM), at(plan, FRESH)
    if desk[control + KNOWN, lane] == 2.0:
        time = desk[control + REACHED, lane]
        steepest = 0.0
        for j in range(at(plan, STATE)):
            steepest = max(steepest, abs(desk[fresh + j, lane]))
        desk[control + STEP, lane] = 1.0 if steepest < time else 0.5 * time / steepest
        return
    grow = 2.5
    if jump * 100.0 > settings[TARGET]:
        grow = (settings[TARGET] / jump) ** (1.0 / 3.0)
    desk[control + STEP, lane] *= min(2.5, max(0.4, grow))


@part
def decide(plan: Integers, desk: Numbers, lane: int, given: bool, settings: Numbers) -> int:
    """Let a lane go on, be done or give up after a sweep."""
    control, extent = at(plan, HELM), at(plan, EXTENT)
    time = desk[at(plan, SCALE), lane]
    desk[control + COUNT, lane] += 1.0
    desk[control + ITERATIONS, lane] += 1.0
    opening = desk[control + REACHED, lane] == 0.0 and time < 1.0
    sound = desk[extent + 1, lane] < 1e300  # false for NaN
    close = sound and desk[extent, lane] <= (settings[TOLERANCE] if time >= 1.0 else settings[LOOSE])
    if desk[control + COUNT, lane] >= settings[LIMIT] and not (close and time >= 1.0):
        return GIVEN_UP
    if sound and not close and not opening and desk[control + ITERATIONS, lane] < settings[PATIENCE]:
        return GOING
    jump = 0.0
    if given:
        return DONE if close else GIVEN_UP
    if not opening:
        jump = surprise(plan, desk, lane)
    if sound and (close or opening) and jump <= settings[LARGEST]:
        if time >= 1.0:
            return DONE if desk[control + TAKEN_BACK, lane] == 0.0 else DOUBTFUL
        accept(plan, desk, lane, time)
        stride(plan, desk, lane, settings, jump)
    else:
        if not close:
            desk[control + TAKEN_BACK, lane] += 1.0
        desk[control + STEP, lane] *= 0.35
        if desk[control + STEP, lane] < settings[SMALLEST]:
            return GIVEN_UP
    time = desk[control + REACHED, lane] + desk[control + STEP, lane]
    if time + 0.2 * desk[control + STEP, lane] >= 1.0:
        time = 1.0
    desk[control + STEP, lane] = time - desk[control + REACHED, lane]
    desk[at(plan, SCALE), lane] = time
    desk[control + ITERATIONS, lane] = 0.0
    desk[at(plan, NOVICE), lane] = 1.0
    predict(plan, desk, lane, time)
    return GOING


@part
def advance(plan: Integers, desk: Numbers, active: Flags, given: bool, settings: Numbers) -> int:
    """Decide for every lane; returns how many leave."""
    leaving = 0
    for lane in range(LANES):
        desk[at(plan, NOVICE), lane] = 0.0
        if active[lane]:
            active[lane] = decide(plan, desk, lane, given, settings)
            leaving += active[lane] >= DONE
    return leaving


@part
def leave(
    plan: Integers,
    desk: Numbers,
    active: Flags,
    holder: Longs,
    strategy: Numbers,
    state: Numbers,
    status: Flags,
    sweeps: Integers,
) -> None:
    """Write down the answers of the lanes that leave."""
    fresh, probability = at(plan, FRESH), at(plan, PROBABILITY)
    backward(plan, desk, at(plan, CORE_END), at(plan, REST_END))
    for lane in range(LANES):
        if active[lane] >= DONE:
            draw = holder[lane]
            for k in range(strategy.shape[0]):
                strategy[k, draw] = desk[probability + k, lane]
            for j in range(state.shape[1]):
                state[draw, j] = desk[fresh + j, lane]
            status[draw] = active[lane]
            sweeps[draw] += int(desk[at(plan, HELM) + COUNT, lane])
            active[lane] = IDLE


@kernel
def accelerate(
    plan: Integers,
    desk: Numbers,
    room: Numbers,
    active: Flags,
    holder: Longs,
    table: Numbers,
    which: Longs,
    start: Numbers,
    settings: Numbers,
    strategy: Numbers,
    state: Numbers,
    status: Flags,
    sweeps: Integers,
) -> None:
    """Follow the principal branch of every draw to the wanted lambda.

    Arguments as in :func:`parley.solve.kernels.branch.follow`, with the settings of this module, and without
    doubts: a status is DONE, DOUBTFUL or GIVEN_UP.
    """
    for lane in range(LANES):
        active[lane] = IDLE
    given = start.shape[0] > 0
    queue, busy, column = 0, 0, 0
    while queue < which.shape[0] or busy > 0:
        if queue < which.shape[0] and busy < LANES:
            for lane in range(LANES):
                if active[lane] == IDLE and queue < which.shape[0]:
                    take(plan, desk, lane, table, which[queue])
                    begin(plan, desk, lane, start, which[queue], settings[FIRST])
                    holder[lane], active[lane] = which[queue], GOING
                    queue += 1
                    busy += 1
            prepare(plan, desk)
        sweep(plan, desk, active, room)
        column = (column + 1) % MEMORY
        remember(plan, desk, column)
        measure(plan, desk, column)
        for lane in range(LANES):
            if active[lane]:
                combine(plan, desk, column, lane, room)
        extrapolate(plan, desk, column)
        leaving = advance(plan, desk, active, given, settings)
        if leaving:
            leave(plan, desk, active, holder, strategy, state, status, sweeps)
            busy -= leaving
