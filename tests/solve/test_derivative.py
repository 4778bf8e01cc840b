"""The derivative of a sweep, as the kernels compute it, against differences of sweeps."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from parley.solve.elimination import fill_in
from parley.solve.followed import Chunk
from parley.solve.kernels import layout
from parley.solve.kernels.derivative import differentiate
from parley.solve.kernels.sweep import prepare, sweep, take
from parley.solve.schedule import ELIMINATION, Schedule, schedule
from parley.solve.solution import Concept
from parley.solve.sweep import Sweep
from parley.solve.tangents import differentiated
from tests.solve.games import Table, build, random_table, talks

Numbers = NDArray[np.float64]


@numba.njit(error_model="numpy")
def derive(plan: Any, desk: Any, active: Any, room: Any, table: Any) -> None:
    for lane in range(layout.LANES):
        take(plan, desk, lane, table, 0)
    prepare(plan, desk)
    sweep(plan, desk, active, room)
    differentiate(plan, desk)


def derivative(table: Table, plan: Schedule, chunk: Chunk, state: Numbers, time: float) -> Numbers:
    """[equation, variable], the share of lambda last; places come from the layout, done again."""
    laid = Sweep(table.game)
    columns = differentiated(laid, laid.lay_out())
    assert columns is not None
    pattern = fill_in(columns.rows, ELIMINATION)
    assert pattern is not None
    header, desk, room, active, _ = chunk.places
    odds, entry, timewise = (int(header[each]) for each in (layout.ODDS, layout.ENTRY, layout.TIMEWISE))
    desk[odds : odds + plan.state] = state[:, None]
    desk[odds + plan.state] = time
    active[:] = 1
    derive(header, desk, active, room, chunk.table)
    matrix = np.zeros((plan.state, plan.state + 1))
    for i, places in enumerate(pattern.place):
        for j, place in places.items():
            matrix[i, j] = float(i == j) - desk[entry + place, 0]
    matrix[:, -1] = -desk[timewise : timewise + plan.state, 0]
    return matrix


def differences(chunk: Chunk, state: Numbers, time: float) -> Numbers:
    size, width = len(state), 1e-6
    points = np.repeat(state[None], 2 * size + 2, axis=0)
    times = np.full(2 * size + 2, time)
    for k in range(size):
        points[2 * k, k] += width
        points[2 * k + 1, k] -= width
    times[2 * size] += width
    times[2 * size + 1] -= width
    image = chunk.answer(np.zeros(len(times), dtype=np.int64), times, points)
    return np.asarray((image[::2] - image[1::2]).T / (2 * width))


SHAPES: dict[str, dict[str, Any]] = {
    "tree": {"most": 60, "seen": 0.3},
    "blind": {"most": 80, "seen": 0.1, "luck": 0.1},
    "merged": {"most": 90, "seen": 0.3, "merge": True},
    "forgetful": {"most": 60, "seen": 0.3, "merge": True, "forget": 0.5},
    "many": {"most": 300, "seen": 0.2, "players": 4},
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(6))
def test_the_derivative_is_that_of_the_sweep(shape: str, seed: int) -> None:
    rng = np.random.default_rng([31, seed])
    check(random_table(rng, **{"players": 3, **SHAPES[shape]}), rng)


def test_the_derivative_of_talks_with_noisy_reports_and_merged_endings() -> None:
    rng = np.random.default_rng(3)
    check(build(talks(rng, 2), 4), rng)


def test_beliefs_where_nobody_can_come_do_not_move() -> None:
    """A chance of 0 leads to some information sets: there beliefs are uniform, whatever the state."""
    found = 0
    for seed in range(20):
        rng = np.random.default_rng([5, seed])
        table = random_table(rng, players=3, most=60, seen=0.2, luck=0.3)
        edges = np.flatnonzero(table.game.edge_action < 0)
        if not len(edges):
            continue
        chance = table.chance.copy()
        node = np.searchsorted(table.game.node_first_edge, edges[0], side="right") - 1
        first, end = table.game.node_first_edge[node : node + 2]
        chance[first:end] = 0.0
        chance[first] = 1.0
        found += check(Table(table.game, chance, table.payoff, table.parameters), rng)
    assert found >= 5


def check(table: Table, rng: np.random.Generator) -> bool:
    plan = schedule(table.game)
    if not plan.state:
        return False
    lam = np.full((len(table.game.players), 1), 6.0)
    chunk = Chunk(plan, table.chance, table.payoff, lam, Concept(), None)
    state = rng.normal(0, 1.5, plan.state)
    exact = derivative(table, plan, chunk, state, 0.7)
    near = differences(chunk, state, 0.7)
    np.testing.assert_allclose(exact, near, atol=1e-6 * max(1.0, float(np.abs(near).max())))
    return True
