"""Sweeps from given states, ``LANES`` of them abreast.

What lives here: the map whose fixed points are equilibria, as the careful way along the branch asks for it.
What may not: iteration. It is compiled when first needed, which few games do.
"""

from __future__ import annotations

from parley.solve.kernels._jit import Flags, Integers, Longs, Numbers, at, kernel, load, part, store
from parley.solve.kernels.layout import CORE_END, FRESH, LANES, ODDS, PROBABILITY, REST_END, SCALE, STATE
from parley.solve.kernels.sweep import backward, prepare, sweep, take

__all__ = ["answer"]


@part
def settle(
    plan: Integers,
    desk: Numbers,
    holder: Longs,
    table: Numbers,
    draw: Longs,
    time: Numbers,
    odds: Numbers,
    base: int,
) -> None:
    """Put the points from ``base`` on into the lanes; the last point fills what is left."""
    changed = False
    for lane in range(LANES):
        point = min(base + lane, draw.shape[0] - 1)
        if holder[lane] != draw[point]:
            holder[lane] = draw[point]
            take(plan, desk, lane, table, draw[point])
            changed = True
        desk[at(plan, SCALE), lane] = time[point]
        for j in range(at(plan, STATE)):
            desk[at(plan, ODDS) + j, lane] = odds[point, j]
    if changed:
        prepare(plan, desk)


@kernel
def answer(
    plan: Integers,
    desk: Numbers,
    room: Numbers,
    active: Flags,
    holder: Longs,
    table: Numbers,
    draw: Longs,
    time: Numbers,
    odds: Numbers,
    rounds: int,
    fresh: Numbers,
    strategy: Numbers,
) -> None:
    """Take sweeps from each of many states.

    Parameters
    ----------
    plan, desk, room, active, holder, table
        As for :func:`follow`.
    draw, time, odds
        ``[point]`` whose numbers, ``[point]`` at what share of lambda, ``[point, state]`` from where.
    rounds
        Sweeps, one on top of the other.
    fresh, strategy
        ``[point, state]``, and ``[action, point]`` or no columns; modified in place.
    """
    size = at(plan, STATE)
    for lane in range(LANES):
        active[lane] = 1
        holder[lane] = -1
    for base in range(0, draw.shape[0], LANES):
        settle(plan, desk, holder, table, draw, time, odds, base)
        lanes = min(LANES, draw.shape[0] - base)
        for turn in range(rounds):
            sweep(plan, desk, active, room)
            if turn + 1 < rounds:
                for j in range(size):
                    store(desk, at(plan, ODDS) + j, load(desk, at(plan, FRESH) + j))
        for lane in range(lanes):
            for j in range(size):
                fresh[base + lane, j] = desk[at(plan, FRESH) + j, lane]
        if strategy.shape[1]:
            backward(plan, desk, at(plan, CORE_END), at(plan, REST_END))
            for lane in range(lanes):
                for k in range(strategy.shape[0]):
                    strategy[k, base + lane] = desk[at(plan, PROBABILITY) + k, lane]
