"""The roofline counts what the kernel does, and compares like with like."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from benchmarks import games, roofline
from benchmarks.roofline import Machine, line, traffic
from parley.solve.schedule import schedule

# Runs one sweep in plain Python and counts what it calls.
COUNTING = """
import json, sys
from collections import Counter
import numpy as np
from benchmarks import games
from parley.solve.kernels import layout, sweep
from parley.solve.schedule import schedule

total = Counter()
def counted(name, function):
    def call(*arguments):
        total[name] += 1
        return function(*arguments)
    return call

for name in ("load", "store", "divide", "exponential"):
    setattr(sweep, name, counted(name, getattr(sweep, name)))
game = games.limited(3) if sys.argv[1] == "limited" else games.negotiation(int(sys.argv[1]))
plan = schedule(game)
desk = plan.desk(layout.LANES)
numbers = games.numbers(game, layout.LANES)
chunk = numbers.payoff[plan.constant_row, plan.constant_player]
desk[1 : 1 + len(chunk)] = chunk
first = plan.plan[layout.PROBABILITY] + game.actions
desk[first : first + len(plan.chance_edge)] = 0.5
desk[plan.plan[layout.SCALE]] = 0.1
sweep.prepare(plan.plan, desk)
total.clear()
room = np.zeros(len(desk))
sweep.sweep(plan.plan, desk, np.ones(layout.LANES, dtype=np.int8), room)
print(json.dumps(total))
"""


@pytest.mark.parametrize("which", ["1", "2", "limited"])
def test_what_is_counted_is_what_a_sweep_does(which: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COUNTING, which],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    called = json.loads(done.stdout)
    game = games.limited(3) if which == "limited" else games.negotiation(int(which))
    found = traffic(schedule(game))
    counted = (found.loads, found.stores, found.divisions, found.exponentials)
    assert counted == (called["load"], called["store"], called["divide"], called["exponential"])


def test_the_longer_time_is_the_roof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roofline, "bare_sweeps", lambda *arguments: 310.0)
    game = games.negotiation(1)
    speeds = {"L1": 1.0, "L2": 0.5, "memory": 0.25}
    rooms = {"L1": 32 << 10, "L2": 1 << 20}
    slow = Machine(rooms, speeds, speeds, simple=0.0, division=0.0, exponential=0.0)
    found: dict[str, Any] = roofline.roofline("one", game, games.numbers(game, 8), slow, 1)
    moved = traffic(schedule(game))
    assert found["took"] == pytest.approx(10.0)
    assert found["level"] == "L1"
    assert found["memory"] == pytest.approx(moved.bytes / 31)
    assert found["share"] == pytest.approx(moved.bytes / 31 / 10)
    busy = Machine(rooms, speeds, speeds, simple=0.0, division=1e5, exponential=0.0)
    found = roofline.roofline("one", game, games.numbers(game, 8), busy, 1)
    assert found["share"] == pytest.approx(moved.divisions * 1e5 / 8 / 31 / 10)
    assert "arithmetic);" in line(found)
    assert "MISSED" in line(found)


def test_a_bare_sweep_is_timed() -> None:
    game = games.negotiation(1)
    took = roofline.bare_sweeps(schedule(game), games.numbers(game, 8), 2000)
    assert 1.0 < took < 100_000.0  # nanoseconds per draw of 31 nodes


def test_the_caches_of_this_machine() -> None:
    found = roofline.caches()
    assert 8 << 10 <= found["L1"] < found["L2"]
    machine = Machine(found, {}, {}, 1, 1, 1)
    assert machine.level(1) == "L1"
    assert machine.level(found["L1"] + 1) == "L2"
    assert machine.level(1 << 40) == "memory"
