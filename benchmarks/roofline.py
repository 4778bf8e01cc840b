"""How near the sweep is to what this machine can do at all.

Measures, on one core: reading and triad (a = b + s c) from the first cache, the second and memory; additions
and multiplications, divisions and exponentials of whole rows in registers. Counts what one sweep of a game
loads, stores and computes, from the plan that the kernel runs. The *roofline* is the longer of the two times
that follow; its percentage is how much of it the sweep, with its logit responses, reaches.

    python -m benchmarks.roofline [--rounds 2000] [--json FILE]

The machine may be busy: each figure is the best of several.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from benchmarks import games
from benchmarks.bench_family import machine
from benchmarks.family import MEMBERS
from benchmarks.games import Numbers
from parley.game.model import Game
from parley.solve import Concept
from parley.solve.followed import Chunk
from parley.solve.kernels import layout
from parley.solve.kernels._jit import (
    accumulate,
    add,
    divide,
    exponential,
    fill,
    kernel,
    load,
    multiply,
    store,
)
from parley.solve.kernels.layout import LANES
from parley.solve.schedule import Schedule, schedule

__all__ = ["Machine", "Traffic", "bare_sweeps", "roofline", "traffic"]

ROOT = Path(__file__).resolve().parent.parent
AIM, SHARE = 2.5, 0.40  # ns per node and draw at most; of the roofline at least
TRIES = 7
POINTS = 4 * LANES
compiled: Any = numba.njit
Array = NDArray[np.float64]


# --- the machine -------------------------------------------------------------------------------------------


@compiled(fastmath=True)  # type: ignore[untyped-decorator]
def _read(a: Any, times: int) -> float:
    total = 0.0
    for k in range(times):
        for i in range(a.shape[0]):
            total += a[i]
        a[0] = total * 1e-300 + k  # so that no round is left out
    return total


@compiled()  # type: ignore[untyped-decorator]
def _triad(a: Any, b: Any, c: Any, times: int) -> None:
    for k in range(times):
        s = 1.0 + k * 1e-9
        for i in range(a.shape[0]):
            a[i] = b[i] + s * c[i]


@kernel
def _multiply_add(rows: Any, times: int) -> None:
    """Twelve chains of a multiplication and an addition each, in registers."""
    m, s = load(rows, 0), load(rows, 1)
    a, b, c, d, e, f = s, s, s, s, s, s
    g, h, i, j, k, n = m, m, m, m, m, m
    for _ in range(times):
        a, b, c = accumulate(s, a, m), accumulate(s, b, m), accumulate(s, c, m)
        d, e, f = accumulate(s, d, m), accumulate(s, e, m), accumulate(s, f, m)
        g, h, i = accumulate(s, g, m), accumulate(s, h, m), accumulate(s, i, m)
        j, k, n = accumulate(s, j, m), accumulate(s, k, m), accumulate(s, n, m)
    total = add(add(add(a, b), add(c, d)), add(add(e, f), add(g, h)))
    store(rows, 2, add(total, add(add(i, j), add(k, n))))


@kernel
def _divide(rows: Any, times: int) -> None:
    """Four chains of divisions."""
    m = load(rows, 0)
    a, b, c, d = m, add(m, m), fill(3.0), fill(5.0)
    for _ in range(times):
        a, b, c, d = divide(m, a), divide(m, b), divide(m, c), divide(m, d)
    store(rows, 2, add(add(a, b), add(c, d)))


@kernel
def _exponential(rows: Any, times: int) -> None:
    """Eight chains of exponentials of numbers below 0; each takes a multiplication too."""
    m = fill(-1.0)
    a, b, c, d = m, fill(-0.5), fill(-0.25), fill(-2.0)
    e, f, g, h = fill(-3.0), fill(-0.1), fill(-0.7), fill(-5.0)
    for _ in range(times):
        a, b = multiply(m, exponential(a)), multiply(m, exponential(b))
        c, d = multiply(m, exponential(c)), multiply(m, exponential(d))
        e, f = multiply(m, exponential(e)), multiply(m, exponential(f))
        g, h = multiply(m, exponential(g)), multiply(m, exponential(h))
    store(rows, 2, add(add(add(a, b), add(c, d)), add(add(e, f), add(g, h))))


def best(action: Callable[[], Any]) -> float:
    """Fewest seconds of several tries, after one that does not count."""
    action()
    seconds = []
    for _ in range(TRIES):
        begin = time.process_time()
        action()
        seconds.append(time.process_time() - begin)
    return min(seconds)


@dataclass(frozen=True, slots=True)
class Machine:
    """Bytes a nanosecond by level, and nanoseconds that one row of an operation takes."""

    caches: dict[str, int]  # level -> bytes
    reading: dict[str, float]
    triad: dict[str, float]
    simple: float  # an addition or a multiplication
    division: float
    exponential: float

    def level(self, size: int) -> str:
        """Name the level in which so many bytes stay."""
        return next((name for name, room in self.caches.items() if size <= room), "memory")


def caches() -> dict[str, int]:
    """Sizes of the first data cache and of the second, in bytes."""
    found = {"L1": 32 << 10, "L2": 1 << 20}
    for index in Path("/sys/devices/system/cpu/cpu0/cache").glob("index*"):
        level, kind, size = ((index / name).read_text().strip() for name in ("level", "type", "size"))
        if kind in ("Data", "Unified") and f"L{level}" in found and size.endswith("K"):
            found[f"L{level}"] = int(size[:-1]) << 10
    return found


def measured() -> Machine:
    """Measure this machine; some ten seconds."""
    sizes = caches()
    reading, triad = {}, {}
    for level, room in (*sizes.items(), ("memory", 512 << 20)):
        count = room // 2 // 8 if level != "memory" else room // 8
        times = max(1, (1 << 25) // count)
        a = np.ones(count)
        reading[level] = 8 * count * times / best(partial(_read, a, times)) / 1e9
        third = count // 3
        x, y, z = np.ones(third), np.ones(third), np.ones(third)
        seconds = best(partial(_triad, x, y, z, times))
        triad[level] = 24 * third * times / seconds / 1e9
    rows, times = np.full((3, LANES), 0.999), 200_000
    simple = best(lambda: _multiply_add(rows, times)) / times / 24 * 1e9
    division = best(lambda: _divide(rows, times)) / times / 4 * 1e9
    exponentials = best(lambda: _exponential(rows, times)) / times / 8 * 1e9
    return Machine(sizes, reading, triad, simple, division, max(0.0, exponentials - simple))


# --- the engine --------------------------------------------------------------------------------------------
# All that knows how the kernels are called and how a plan is laid out.


def bare_sweeps(plan: Schedule, numbers: Numbers, rounds: int) -> float:
    """Nanoseconds of one sweep per draw, all else left out: many sweeps on top of each other."""
    n = numbers
    chunk = Chunk(plan, n.chance, n.payoff, n.precision, Concept(), None)
    draws = np.arange(POINTS, dtype=np.int64) % n.payoff.shape[-1]
    state = np.zeros((POINTS, plan.state))
    time_ = np.full(POINTS, 0.05)  # where plain sweeps settle: no overflow, no doubling of the work

    def run(count: int) -> float:
        return best(lambda: chunk.answer(draws, time_, state, count))

    return (run(2 * rounds) - run(rounds)) / rounds / POINTS * 1e9


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one sweep of ``LANES`` draws does, in rows; ``integers`` of the plan are read once for all."""

    loads: int
    stores: int
    simple: int
    divisions: int
    exponentials: int
    integers: int
    resident: int  # bytes that a sweep touches again and again

    @property
    def bytes(self) -> float:
        """Bytes moved per draw."""
        return 8.0 * (self.loads + self.stores) + 4.0 * self.integers / LANES


class _Count:
    """Walks a plan as the kernels do."""

    def __init__(self, plan: NDArray[np.int32]) -> None:
        self.plan = plan.tolist()
        self.total: Counter[str] = Counter()

    def add(self, **parts: int) -> None:
        self.total.update(parts)

    def mix(self, actions: int) -> None:
        if actions == 2:
            self.add(loads=1, stores=2, simple=6, divisions=1, exponentials=1)
        else:
            n = actions
            self.add(loads=2 * (n - 1) + n, stores=2 * n, simple=4 * n, divisions=1, exponentials=n)

    def arrivals(self, place: int, end: int) -> None:
        while place < end:
            terms = self.plan[place + 1]
            self.add(loads=2 * terms, stores=1, simple=2 * terms - 1)
            place += 2 + 2 * terms

    def beliefs(self, place: int, end: int) -> None:
        self.add(stores=1)  # the least reach of any
        while place < end:
            members = self.plan[place + 1]
            self.add(loads=2 * members, stores=members + 1, simple=2 * members + 2, divisions=1)
            place += 2 + members

    def steps(self, place: int, end: int) -> None:
        while place < end:
            if self.plan[place] == layout.RESPOND:
                place = self.response(place + 1)
                continue
            paid, terms = self.plan[place] == layout.SUM_PAID, self.plan[place + 2]
            width = 3 if paid else 2
            self.add(loads=width * terms, stores=1, simple=(3 if paid else 2) * terms - (not paid))
            place += 3 + width * terms

    def response(self, place: int) -> int:
        _, actions, odds, _, members = self.plan[place : place + 5]
        place += 5
        for _ in range(actions):
            for _ in range(members):
                paid = int(self.plan[place + 1] != 0)
                self.add(loads=1 + paid + (members > 1), simple=paid + 2 * (members > 1))
                place += 2
        others = actions - 1
        self.add(loads=1, stores=others * (1 + (odds >= 0)), simple=2 * others)
        self.mix(actions)
        return place


def traffic(plan: Schedule) -> Traffic:
    """Count what one sweep loads, stores and computes, as :func:`parley.solve.kernels.sweep.sweep` does."""
    p = plan.plan
    count = _Count(p)
    for place in range(int(p[layout.MIXES]), int(p[layout.MIXES_END]), 3):
        count.mix(int(p[place + 1]))
    count.arrivals(int(p[layout.MOVING]), int(p[layout.MOVING_END]))
    count.beliefs(int(p[layout.BELIEFS]), int(p[layout.BELIEFS_END]))
    count.steps(int(p[layout.CORE]), int(p[layout.CORE_END]))
    streams = [(layout.MIXES, layout.MIXES_END), (layout.MOVING, layout.MOVING_END)]
    streams += [(layout.BELIEFS, layout.BELIEFS_END), (layout.CORE, layout.CORE_END)]
    integers = sum(int(p[end] - p[place]) for place, end in streams)
    touched = int(p[layout.GUESS])  # what lies behind is the continuation's
    names = ("loads", "stores", "simple", "divisions", "exponentials")
    loads, stores, simple, divisions, exponentials = (count.total[name] for name in names)
    return Traffic(
        loads, stores, simple, divisions, exponentials, integers, touched * 8 * LANES + 4 * integers
    )


# --- together ----------------------------------------------------------------------------------------------


def roofline(name: str, game: Game, numbers: Numbers, found: Machine, rounds: int) -> dict[str, Any]:
    """Put a game's sweep beside what the machine allows. Times are nanoseconds per node and draw."""
    plan = schedule(game)
    moved = traffic(plan)
    level = found.level(moved.resident)
    memory = moved.bytes / found.triad[level] / game.nodes
    arithmetic = moved.simple * found.simple + moved.divisions * found.division
    arithmetic = (arithmetic + moved.exponentials * found.exponential) / LANES / game.nodes
    took = bare_sweeps(plan, numbers, rounds) / game.nodes
    return {
        "name": name,
        "nodes": game.nodes,
        "state": plan.state,
        "took": took,
        "memory": memory,
        "arithmetic": arithmetic,
        "share": max(memory, arithmetic) / took,
        "level": level,
        "resident": moved.resident,
        "bytes": moved.bytes / game.nodes,
        "operations": (moved.simple + moved.divisions + moved.exponentials) / game.nodes,
    }


def subjects() -> list[tuple[str, Game, Numbers]]:
    """Games of several sizes."""
    found = []
    for rounds in (1, 2, 3, 4):
        game = games.negotiation(rounds)
        found.append((f"negotiation-{rounds}", game, games.numbers(game, LANES)))
    case = list(MEMBERS["flagship"].cases(16))[-1]
    return [*found, (case.name, case.game, case.numbers.first(LANES))]


def line(each: dict[str, Any]) -> str:
    """Put one game's roofline in words."""
    bound = "memory" if each["memory"] > each["arithmetic"] else "arithmetic"
    good = each["took"] <= AIM and each["share"] >= SHARE
    return (
        f"{each['name']:<28}{each['nodes']:>6,} nodes {each['took']:6.2f} ns/node/draw {each['share']:7.0%} "
        f"of the roofline ({each['memory']:.2f} by {each['level']}, {each['arithmetic']:.2f} by arithmetic: "
        f"{bound}); {each['bytes']:.0f} bytes, {each['operations']:.0f} operations a node, "
        f"{each['resident'] >> 10:,} KiB   {'met' if good else 'MISSED'}"
    )


def main() -> int:
    """Measure the machine, then the sweeps."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("--rounds", type=int, default=2000, help="nodes x sweeps are some millions")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench" / "roofline.json")
    options = parser.parse_args()
    about = machine()
    print(f"{about['processor']}, {about['date']}, load {about['load']}")
    found = measured()
    for level in found.triad:
        size = f"{found.caches[level] >> 10:,} KiB" if level in found.caches else ""
        reading, triad = found.reading[level], found.triad[level]
        print(f"{level:<8}{size:>12}  read {reading:7.1f} GB/s   triad {triad:7.1f} GB/s")
    print(
        f"rows of {LANES}: {found.simple:.3f} ns an addition or multiplication "
        f"({LANES / found.simple:.1f} a nanosecond), {found.division:.2f} ns a division, "
        f"{found.exponential:.2f} ns an exponential\n"
    )
    results = []
    for name, game, numbers in subjects():
        rounds = max(20, options.rounds * 31 // game.nodes)
        results.append(roofline(name, game, numbers, found, rounds))
        print(line(results[-1]), flush=True)
    print(f"\naims: at most {AIM} ns per node and draw, at least {SHARE:.0%} of the roofline")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    parts = {name: getattr(found, name) for name in Machine.__slots__}
    written = {"machine": about, "measured": parts, "results": results}
    options.json.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
