"""Continuation along the principal branch, ``LANES`` draws abreast.

What lives here: prediction, Newton's correction, step control, the queue of draws. What may not: the
arithmetic of a sweep. A lane that is done takes the next draw from the queue; nothing that a lane computes
depends on when it started or on its neighbours, so a draw has the same bits in any company.

A *point* is a state and a share of lambda. From the newest point a parabola that has its tangent, and passes
through the point before, predicts the next, which Newton's method corrects in the plane across the step (at
lambda itself when the step passes it). Folds need no care that way. The determinant of Newton's equations has
the same sign all along a branch; where it has another, the point is on another branch or past a bifurcation,
and the step is taken back, if need be together with the point before it.
"""

from __future__ import annotations

import math

from parley.solve.kernels._jit import (
    Flags,
    Integers,
    Longs,
    Numbers,
    accumulate,
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
from parley.solve.kernels.derivative import differentiate, eliminate, substitute
from parley.solve.kernels.layout import (
    BORDER,
    CONTROL,
    CONTROLS,
    CORE_END,
    FRESH,
    GUESS,
    KEPT,
    LANES,
    MEASURE,
    MOVE,
    ODDS,
    POINTS,
    PROBABILITY,
    REST_END,
    RIGHT,
    STATE,
    TANGENT,
    TIMEWISE,
)
from parley.solve.kernels.sweep import backward, prepare, sweep, take

__all__ = ["DONE", "GIVEN_UP", "follow"]

BEGIN = 1e-6  # share of lambda at which the branch is taken up, unless log-odds are larger there than
OPENING = 1e-3
# Two branches that meet, or pass each other closer than rounding tells: steps as short as this are needed
# there, and the determinant is this much smaller than it was some points before (a logarithm).
HAIR, SHALLOW = 3e-4, -3.5

# control rows of a lane
LENGTH, KNOWN, COUNT, TRIES, LAST, STRIKES, POPS, FINAL = 0, 1, 2, 3, 4, 5, 6, 7
TAKEN, DROPPED, RENEWED, MOVED, PACE, STRETCH, BEND, SMALL = 8, 9, 10, 11, 12, 13, 14, 15
PARTED, TOP, BEHIND, DEPTH = 16, 17, 18, 18 + KEPT
# LENGTH of the step in hand, KNOWN points, COUNT of sweeps, TRIES to correct this guess, LAST movement,
# STRIKES: steps taken back here, POPS: points taken back, FINAL: at lambda itself; what becomes of points:
# one is TAKEN in or DROPPED, a guess RENEWED or MOVED; PACE of the tangent, STRETCH of the tangent and BEND
# towards the point before in the next guess; SMALL residuals at lambda; BEHIND: distances of the points kept,
# DEPTH: logarithms of their determinants, TOP: the largest of all; PARTED: branches met

# rows of measures
SIGN, RESIDUAL, MOVEMENT, SURPRISE, SQUARE, ALONG, SPEED, STEEP, LOGARITHM = 0, 1, 2, 3, 4, 5, 6, 7, 8

# entries of the settings
TOLERANCE, LOOSE, TARGET, LARGEST, PATIENCE, SMALLEST, LIMIT, REACH_OUT, RETREATS, RISE, TURN = range(11)

# what a lane does after a sweep
IDLE, GOING, ACCEPTED, REFUSED, WAITING, DONE, GIVEN_UP = 0, 1, 2, 3, 4, 5, 6


@part
def measure(plan: Integers, desk: Numbers) -> None:
    """Newton's move of every lane, and the numbers by which it is judged."""
    size, odds, fresh, move = at(plan, STATE), at(plan, ODDS), at(plan, FRESH), at(plan, MOVE)
    right, timewise, border = at(plan, RIGHT), at(plan, TIMEWISE), at(plan, BORDER)
    guess, newest, rows = at(plan, GUESS), at(plan, POINTS), at(plan, MEASURE)
    one, nothing = fill(1.0), fill(0.0)
    across, along = nothing, nothing
    for j in range(size):
        normal = load(desk, border + j)
        across = accumulate(across, normal, load(desk, right + j))
        along = accumulate(along, normal, load(desk, timewise + j))
    bordered = subtract(load(desk, border + size), along)
    sign = load(desk, rows + SIGN)
    store(desk, rows + SIGN, pick(bordered, sign, subtract(nothing, sign)))
    later = divide(across, bordered)
    store(desk, move + size, later)
    later = subtract(nothing, later)
    # log-odds grow with lambda: when its share is off by some part, so are they
    moved = subtract(load(desk, odds + size), later)
    scale = divide(one, maximum(magnitude(moved), fill(BEGIN)))
    movement = multiply(magnitude(later), scale)
    surprise = multiply(magnitude(subtract(moved, load(desk, guess + size))), scale)
    ahead = subtract(moved, load(desk, newest + size))
    residual, steep, speed = nothing, nothing, one
    square, inner = multiply(ahead, ahead), ahead
    for j in range(size):
        direction = load(desk, timewise + j)
        state, image = load(desk, odds + j), load(desk, fresh + j)
        step = accumulate(subtract(nothing, load(desk, right + j)), later, direction)
        store(desk, move + j, step)
        moved = accumulate(state, one, step)
        scale = divide(one, maximum(magnitude(moved), one))
        gap = divide(magnitude(subtract(state, image)), maximum(magnitude(image), one))
        residual = maximum(gap, residual)
        movement = maximum(multiply(magnitude(step), scale), movement)
        surprise = maximum(multiply(magnitude(subtract(moved, load(desk, guess + j))), scale), surprise)
        ahead = subtract(moved, load(desk, newest + j))
        square = accumulate(square, ahead, ahead)
        inner = subtract(inner, multiply(ahead, direction))
        speed = accumulate(speed, direction, direction)
        steep = maximum(magnitude(direction), steep)
    store(desk, rows + RESIDUAL, residual)
    store(desk, rows + MOVEMENT, movement)
    store(desk, rows + SURPRISE, surprise)
    store(desk, rows + SQUARE, square)
    store(desk, rows + ALONG, inner)
    store(desk, rows + SPEED, speed)
    store(desk, rows + STEEP, steep)


@part
def sound(desk: Numbers, rows: int, lane: int) -> bool:
    """Whether all measures of a lane are finite numbers."""
    total = 0.0
    for row in range(rows + RESIDUAL, rows + STEEP + 1):
        total += desk[row, lane]
    return bool(total < 1e300)


@part
def sharp(desk: Numbers, control: int, lane: int, gap: float, settings: Numbers) -> bool:
    """Whether the residual is as small as it gets: tiny, or small a second time."""
    if gap > settings[TOLERANCE]:
        return False
    desk[control + SMALL, lane] += 1.0
    return bool(gap <= 0.02 * settings[TOLERANCE] or desk[control + SMALL, lane] > 1.0)


@part
def turns(desk: Numbers, rows: int, lane: int, cosine: float) -> bool:
    """Whether the branch has another direction at the corrected point than the step that led there."""
    along = desk[rows + ALONG, lane]
    return bool(not along * along >= cosine * cosine * desk[rows + SPEED, lane] * desk[rows + SQUARE, lane])


@part
def fathom(desk: Numbers, rows: int, lane: int) -> None:
    """Logarithm of the determinant of Newton's equations with the branch's own direction as border."""
    last = abs(desk[rows + LOGARITHM + 1, lane]) * math.sqrt(desk[rows + SPEED, lane])
    desk[rows + LOGARITHM, lane] += math.log(max(last, 1e-300))


@part
def skips(desk: Numbers, control: int, rows: int, lane: int) -> bool:
    """Whether the step may have led past a place where branches meet or nearly do.

    On the way there the determinant falls towards 0; where it was about to fall and does not, something lies
    between.
    """
    newest, before = desk[control + DEPTH, lane], desk[control + DEPTH + 1, lane]
    if desk[control + KNOWN, lane] < 2.0 or newest >= before:
        return False
    fell = math.exp(min(before - newest, 50.0)) - 1.0
    fall = min(1.0, fell * math.sqrt(desk[rows + SQUARE, lane]) / desk[control + BEHIND, lane])
    rose = math.exp(min(desk[rows + LOGARITHM, lane] - newest, 1.0))
    return bool(fall >= 0.25 and rose > 1.0 - fall / 3.0)


@part
def judge(plan: Integers, desk: Numbers, lane: int, given: bool, settings: Numbers) -> int:
    """Let a lane go on with its guess, accept it, take it back, be done or give up."""
    control, rows = at(plan, CONTROL), at(plan, MEASURE)
    desk[control + COUNT, lane] += 1.0
    desk[control + TRIES, lane] += 1.0
    final = desk[control + FINAL, lane] > 0.0
    fine = sound(desk, rows, lane)
    gap, movement = desk[rows + RESIDUAL, lane], desk[rows + MOVEMENT, lane]
    if desk[control + COUNT, lane] >= settings[LIMIT] and not (final and gap <= settings[TOLERANCE]):
        return GIVEN_UP
    if given:
        if sharp(desk, control, lane, gap, settings):
            return DONE
        if fine and movement > 1.0:
            for j in range(at(plan, STATE) + 1):
                desk[at(plan, MOVE) + j, lane] /= movement
        return GOING if fine and desk[control + TRIES, lane] < settings[PATIENCE] else GIVEN_UP
    if desk[control + KNOWN, lane] == 0.0:
        if fine and movement > OPENING:  # lambda is so large that this is not near 0
            desk[at(plan, ODDS) + at(plan, STATE), lane] *= 0.5 * OPENING / movement
            return WAITING
        fathom(desk, rows, lane)
        return ACCEPTED if fine else GIVEN_UP
    tries, last = desk[control + TRIES, lane], desk[control + LAST, lane]
    astray = not (fine and desk[rows + SIGN, lane] > 0.0 and desk[rows + SURPRISE, lane] <= settings[LARGEST])
    if final and not astray and sharp(desk, control, lane, gap, settings):
        fathom(desk, rows, lane)
        return REFUSED if skips(desk, control, rows, lane) else DONE
    if astray or tries > (3.0 if final else 1.0) * settings[PATIENCE]:
        return REFUSED
    if movement > 0.7 * last and movement > 1e-9:
        return REFUSED
    # a short step has to be exact: it is short because something is near
    if not final and movement <= min(settings[LOOSE], 0.1 * math.sqrt(desk[rows + SQUARE, lane])):
        fathom(desk, rows, lane)
        wrong = turns(desk, rows, lane, settings[TURN]) or skips(desk, control, rows, lane)
        return REFUSED if wrong else ACCEPTED
    desk[control + LAST, lane] = movement
    return GOING


@part
def stretch_by(wanted: float, surprise: float) -> float:
    """Factor of the next step's length; surprises grow with its cube."""
    if 8.0 * surprise <= wanted:
        return 2.0
    if surprise >= 8.0 * wanted:
        return 0.5
    return math.exp(math.log(wanted / surprise) / 3.0)


@part
def shallow(desk: Numbers, control: int, lane: int) -> bool:
    """Whether the determinant at the newest point is a small part of what it was at one of those kept."""
    top = desk[control + DEPTH, lane]
    for k in range(1, int(desk[control + KNOWN, lane])):
        top = max(top, desk[control + DEPTH + k, lane])
    return bool(desk[control + DEPTH, lane] < top + SHALLOW)


@part
def lengthen(plan: Integers, desk: Numbers, lane: int, settings: Numbers) -> None:
    """Choose the length of the step from a point that has just been accepted."""
    control, rows = at(plan, CONTROL), at(plan, MEASURE)
    if desk[control + KNOWN, lane] == 0.0:
        steep = max(1e-300, desk[rows + STEEP, lane] / math.sqrt(desk[rows + SPEED, lane]))
        desk[control + LENGTH, lane] = settings[REACH_OUT] / steep
    else:
        step = math.sqrt(desk[rows + SQUARE, lane])
        grow = stretch_by(settings[TARGET], desk[rows + SURPRISE, lane])
        if desk[control + TRIES, lane] > 2.0:
            grow = min(grow, 1.0)
        desk[control + LENGTH, lane] = step * grow
        if step < HAIR and shallow(desk, control, lane):
            desk[control + PARTED, lane] = 1.0
        for k in range(KEPT - 1):
            desk[control + BEHIND + KEPT - 1 - k, lane] = desk[control + BEHIND + KEPT - 2 - k, lane]
        desk[control + BEHIND, lane] = step
    for k in range(KEPT - 1):
        desk[control + DEPTH + KEPT - 1 - k, lane] = desk[control + DEPTH + KEPT - 2 - k, lane]
    desk[control + DEPTH, lane] = desk[rows + LOGARITHM, lane]
    if desk[control + KNOWN, lane] == 0.0 or desk[control + DEPTH, lane] > desk[control + TOP, lane]:
        desk[control + TOP, lane] = desk[control + DEPTH, lane]
    desk[control + KNOWN, lane] = min(desk[control + KNOWN, lane] + 1.0, 1.0 * KEPT)
    desk[control + STRIKES, lane] = 0.0


@part
def retreat(plan: Integers, desk: Numbers, lane: int, settings: Numbers) -> int:
    """Shorten the step after one that was taken back; twice in vain, and the point goes as well."""
    control = at(plan, CONTROL)
    desk[control + LENGTH, lane] *= 0.4
    desk[control + STRIKES, lane] += 1.0
    wrong = not desk[at(plan, MEASURE) + SIGN, lane] > 0.0
    if desk[control + STRIKES, lane] >= 2.0 and wrong and desk[control + KNOWN, lane] > 1.0:
        desk[control + DROPPED, lane] = 1.0
        desk[control + KNOWN, lane] -= 1.0
        desk[control + STRIKES, lane] = 0.0
        desk[control + POPS, lane] += 1.0
        desk[control + LENGTH, lane] = 0.3 * desk[control + BEHIND, lane]
        for k in range(KEPT - 1):
            desk[control + BEHIND + k, lane] = desk[control + BEHIND + k + 1, lane]
            desk[control + DEPTH + k, lane] = desk[control + DEPTH + k + 1, lane]
        if desk[control + POPS, lane] > settings[RETREATS]:
            return GIVEN_UP
    if desk[control + LENGTH, lane] >= settings[SMALLEST]:
        return REFUSED
    if desk[control + DEPTH, lane] < desk[control + TOP, lane] + 2.0 * SHALLOW:
        desk[control + PARTED, lane] = 1.0
    return GIVEN_UP


@part
def shift(plan: Integers, desk: Numbers) -> None:
    """Take corrected points in before the others, or drop the newest."""
    count, control, odds, move = at(plan, STATE) + 1, at(plan, CONTROL), at(plan, ODDS), at(plan, MOVE)
    points, tangent, timewise = at(plan, POINTS), at(plan, TANGENT), at(plan, TIMEWISE)
    taken, dropped = load(desk, control + TAKEN), load(desk, control + DROPPED)
    pace = load(desk, control + PACE)
    for j in range(count):
        here = accumulate(load(desk, odds + j), fill(1.0), load(desk, move + j))
        direction = pace
        if j + 1 < count:
            direction = subtract(fill(0.0), multiply(pace, load(desk, timewise + j)))
        for k in range(KEPT):
            row = points + k * count + j
            after = load(desk, row + count) if k + 1 < KEPT else here
            now = load(desk, row)
            store(desk, row, pick(taken, here, pick(dropped, after, now)))
            here = now
            row = tangent + k * count + j
            after = load(desk, row + count) if k + 1 < KEPT else direction
            now = load(desk, row)
            store(desk, row, pick(taken, direction, pick(dropped, after, now)))
            direction = now


@part
def arrival(plan: Integers, desk: Numbers, lane: int, length: float) -> float:
    """Length of a step at which the prediction is at lambda, back from a point beyond it; 1e300 for none."""
    control, size, points = at(plan, CONTROL), at(plan, STATE), at(plan, POINTS)
    now, rate = desk[points + size, lane], desk[at(plan, TANGENT) + size, lane]
    left, bend = 1.0 - now, 0.0
    if desk[control + KNOWN, lane] > 1.0:
        behind = desk[control + BEHIND, lane]
        bend = (rate + (desk[points + 2 * size + 1, lane] - now) / behind) / behind
    if (rate + bend * length) * length < left and left > 0.0:
        return 1e300
    root = rate + math.sqrt(max(rate * rate + 4.0 * bend * left, 0.0))
    return float(min(2.0 * left / root, length) if root > 0.0 else max(0.0, min(left, length)))


@part
def plan_step(plan: Integers, desk: Numbers, lane: int, settings: Numbers) -> None:
    """Choose where the prediction is taken: at the length of the step, or where it reaches lambda."""
    control = at(plan, CONTROL)
    length = desk[control + LENGTH, lane]
    rate = abs(desk[at(plan, TANGENT) + at(plan, STATE), lane])
    if length * rate > settings[RISE]:
        length = settings[RISE] / rate
        desk[control + LENGTH, lane] = length
    shorter = arrival(plan, desk, lane, length)
    desk[control + FINAL, lane] = 0.0
    if shorter < 1e300:
        desk[control + FINAL, lane] = 1.0
        length = shorter
    behind = desk[control + BEHIND, lane]
    bend = (length / behind) ** 2 if desk[control + KNOWN, lane] > 1.0 else 0.0
    desk[control + BEND, lane] = bend
    desk[control + STRETCH, lane] = length + bend * behind
    desk[control + RENEWED, lane] = 1.0
    desk[control + TRIES, lane] = 0.0
    desk[control + SMALL, lane] = 0.0
    desk[control + LAST, lane] = 1e300


@part
def move_on(plan: Integers, desk: Numbers) -> None:
    """Guess new points and lay the planes in which they are corrected, or move guesses as Newton says."""
    count, control, odds, move = at(plan, STATE) + 1, at(plan, CONTROL), at(plan, ODDS), at(plan, MOVE)
    points, tangent, guess, border = at(plan, POINTS), at(plan, TANGENT), at(plan, GUESS), at(plan, BORDER)
    renewed, moved = load(desk, control + RENEWED), load(desk, control + MOVED)
    final = load(desk, control + FINAL)
    stretch, bend = load(desk, control + STRETCH), load(desk, control + BEND)
    nothing, one = fill(0.0), fill(1.0)
    for j in range(count):
        newest, newer = load(desk, points + j), load(desk, points + count + j)
        step = accumulate(multiply(stretch, load(desk, tangent + j)), bend, subtract(newer, newest))
        there = accumulate(newest, one, step)
        normal = pick(final, nothing, step)
        if j + 1 == count:
            there, normal = pick(final, one, there), pick(final, one, step)
        point = load(desk, odds + j)
        corrected = pick(moved, accumulate(point, one, load(desk, move + j)), point)
        store(desk, odds + j, pick(renewed, there, corrected))
        store(desk, guess + j, pick(renewed, there, load(desk, guess + j)))
        store(desk, border + j, pick(renewed, normal, load(desk, border + j)))


@part
def begin(plan: Integers, desk: Numbers, lane: int, start: Numbers, draw: int) -> None:
    """Put a lane near lambda = 0, or at the wanted lambda when a start is given."""
    size, control = at(plan, STATE), at(plan, CONTROL)
    odds, guess, border, points = at(plan, ODDS), at(plan, GUESS), at(plan, BORDER), at(plan, POINTS)
    given = start.shape[0] > 0
    for row in range(CONTROLS):
        desk[control + row, lane] = 0.0
    for row in range(points, at(plan, TANGENT)):
        desk[row, lane] = 0.0
    for j in range(size):
        desk[odds + j, lane] = start[draw, j] if given else 0.0
        desk[border + j, lane] = 0.0
        desk[guess + j, lane] = 0.0
    time = 1.0 if given or size == 0 else BEGIN
    desk[border + size, lane] = 1.0
    desk[odds + size, lane] = time
    desk[guess + size, lane] = time
    desk[control + FINAL, lane] = 1.0 if given or size == 0 else 0.0
    desk[control + LAST, lane] = 1e300


@part
def direct(plan: Integers, desk: Numbers, lane: int, given: bool, settings: Numbers) -> int:
    """Judge a lane and note what is to happen to its points."""
    control, rows = at(plan, CONTROL), at(plan, MEASURE)
    verdict = judge(plan, desk, lane, given, settings)
    if verdict == GOING:
        desk[control + MOVED, lane] = 1.0
    elif verdict == ACCEPTED:
        pace = 1.0 / math.sqrt(desk[rows + SPEED, lane])
        desk[control + PACE, lane] = -pace if desk[rows + ALONG, lane] < 0.0 else pace
        desk[control + TAKEN, lane] = 1.0
        lengthen(plan, desk, lane, settings)
    elif verdict == REFUSED:
        verdict = retreat(plan, desk, lane, settings)
    return verdict


@part
def advance(plan: Integers, desk: Numbers, active: Flags, given: bool, settings: Numbers) -> int:
    """Judge every lane and set it on its way; returns how many leave."""
    control, nothing = at(plan, CONTROL), fill(0.0)
    for row in range(TAKEN, MOVED + 1):
        store(desk, control + row, nothing)
    leaving = 0
    for lane in range(LANES):
        if active[lane] != IDLE:
            if at(plan, STATE):
                active[lane] = direct(plan, desk, lane, given, settings)
            else:
                desk[control + COUNT, lane] = 1.0
                active[lane] = DONE
            leaving += active[lane] >= DONE
    shift(plan, desk)
    for lane in range(LANES):
        if active[lane] == ACCEPTED or active[lane] == REFUSED:
            plan_step(plan, desk, lane, settings)
            active[lane] = GOING
    move_on(plan, desk)
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
    forks: Flags,
) -> None:
    """Write down the answers of the lanes that leave."""
    fresh, probability, control = at(plan, FRESH), at(plan, PROBABILITY), at(plan, CONTROL)
    backward(plan, desk, at(plan, CORE_END), at(plan, REST_END))
    for lane in range(LANES):
        if active[lane] >= DONE:
            draw = holder[lane]
            for k in range(strategy.shape[0]):
                strategy[k, draw] = desk[probability + k, lane]
            for j in range(state.shape[1]):
                state[draw, j] = desk[fresh + j, lane]
            status[draw] = active[lane]
            forks[draw] = desk[control + PARTED, lane] > 0.0
            sweeps[draw] += int(desk[control + COUNT, lane])
            active[lane] = IDLE


@kernel
def follow(
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
    forks: Flags,
) -> None:
    """Follow the principal branch of every draw to the wanted lambda.

    Parameters
    ----------
    plan, desk
        See :mod:`parley.solve.kernels.layout`.
    room, active, holder
        Room to work in: as many numbers as the desk has rows; ``[lane]``.
    table
        ``[constant or chance, draw]``: payoffs times lambda, then chances.
    which
        Draws to follow.
    start
        ``[draw, state]`` log-odds to start from at the wanted lambda, or no rows at all.
    settings
        See the constants of this module.
    strategy, state, status, sweeps, forks
        ``[action, draw]``, ``[draw, state]``, ``[draw]`` DONE or GIVEN_UP, ``[draw]``, ``[draw]`` whether
        branches met within rounding on the way; modified in place, sweeps added to.
    """
    for lane in range(LANES):
        active[lane] = IDLE
    given = start.shape[0] > 0
    queue, busy = 0, 0
    while queue < which.shape[0] or busy > 0:
        if queue < which.shape[0] and busy < LANES:
            for lane in range(LANES):
                if active[lane] == IDLE and queue < which.shape[0]:
                    take(plan, desk, lane, table, which[queue])
                    begin(plan, desk, lane, start, which[queue])
                    holder[lane], active[lane] = which[queue], GOING
                    queue += 1
                    busy += 1
            prepare(plan, desk)
        sweep(plan, desk, active, room)
        if at(plan, STATE):
            differentiate(plan, desk)
            rows = at(plan, MEASURE)
            store(desk, rows + SIGN, eliminate(plan, desk, rows + LOGARITHM))
            substitute(plan, desk)
            measure(plan, desk)
        leaving = advance(plan, desk, active, given, settings)
        if leaving:
            leave(plan, desk, active, holder, strategy, state, status, sweeps, forks)
            busy -= leaving
