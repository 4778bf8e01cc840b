"""The answer lies on the principal branch, also where the quick way would leave it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from parley.solve import Concept, Status, solve_arrays, stakes
from parley.solve.arclength import Trace, trace
from parley.solve.followed import Chunk
from parley.solve.schedule import Schedule, schedule
from tests.solve.games import Spot, Table, build, random_table, redraw

Numbers = NDArray[np.float64]


def follow(table: Table, lam: Numbers) -> tuple[Chunk, Schedule]:
    plan = schedule(table.game)
    return Chunk(plan, table.chance, table.payoff, lam, Concept(), None), plan


def small_steps(chunk: Chunk, size: int, draw: int = 0) -> Trace:
    def response(state: Numbers, time: Numbers) -> Numbers:
        return chunk.answer(np.full(len(time), draw), time, state)

    return trace(response, size, closeness=0.02, first=0.01, largest=0.3, limit=1_000_000)


def coordination(table_payoffs: list[list[tuple[float, float]]]) -> Table:
    root = Spot(0, "row")
    for a, row in enumerate(table_payoffs):
        reply = Spot(1, "column")
        root.edges.append((str(a), None, None, reply))
        reply.edges = [(str(b), None, None, Spot(payoff=payoff)) for b, payoff in enumerate(row)]
    return build(root, 2)


@pytest.mark.parametrize("seed", range(60))
def test_random_games_agree_with_small_steps(seed: int) -> None:
    rng = np.random.default_rng([2024, seed])
    table = random_table(
        rng,
        draws=2,
        players=int(rng.integers(2, 5)),
        most=int(rng.integers(10, 300)),
        seen=0.4,
        merge=seed % 2 == 0,
    )
    lam = 20 / stakes(table.game, table.payoff)
    chunk, plan = follow(table, lam)
    found = chunk.run()
    assert (found.status == Status.CONVERGED).all()
    states = chunk.state.copy()
    for draw in range(2 if plan.state else 0):
        reference = small_steps(chunk, plan.state, draw)
        assert reference.time == 1.0
        np.testing.assert_allclose(states[draw], reference.state, rtol=1e-6, atol=1e-6)


def test_a_nearly_symmetric_game_leaves_the_symmetric_path_on_its_own_side() -> None:
    # battle of the sexes with a hair's difference: the branch turns where the symmetric game would fork
    for tilt in (1e-3, -1e-3, 1e-5, -1e-5):
        table = coordination([[(3.0 + tilt, 2.0), (0.0, 0.0)], [(0.0, 0.0), (2.0, 3.0 - tilt)]])
        lam = table.lam(3.0)
        chunk, plan = follow(table, lam)
        chunk.run()
        reference = small_steps(chunk, plan.state)
        np.testing.assert_allclose(chunk.state[0], reference.state, rtol=1e-6, atol=1e-6)
        assert (chunk.state[0] > 0).all() == (tilt < 0)


def test_exact_symmetry_goes_straight_through_the_fork() -> None:
    table = coordination([[(1.0, 1.0), (0.0, 0.0)], [(0.0, 0.0), (1.0, 1.0)]])
    lam = table.lam(8.0)
    solution = solve_arrays(table.game, table.chance, table.payoff, lam, stake=lam)
    assert solution.certificate.status[0] == Status.FORKED
    np.testing.assert_allclose(solution.strategy[:, 0], 0.5, atol=1e-9)


def test_folds_are_followed() -> None:
    folded = 0
    for seed in range(150):
        rng = np.random.default_rng([7, seed])
        table = redraw(random_table(rng, draws=1, players=3, most=80, seen=0.2, luck=0.1), rng, 1)
        chunk, plan = follow(table, 40 / stakes(table.game, table.payoff))
        if not plan.state:
            continue
        found = chunk.run()
        reference = small_steps(chunk, plan.state)
        folded += reference.turns > 0
        assert found.status[0] == Status.CONVERGED
        np.testing.assert_allclose(chunk.state[0], reference.state, rtol=1e-6, atol=1e-6)
    assert folded >= 3


def test_the_trace_passes_two_folds() -> None:
    # with u = x - 2: t = (u - 2.5 tanh u + 2 - 2.5 tanh 2) / 4 + ..., an S in t that starts at x = 0
    def response(state: Numbers, time: Numbers) -> Numbers:
        return np.asarray(6.0 * time[:, None] + 2.5 * (np.tanh(state - 2.0) + np.tanh(2.0)))

    found = trace(response, 1)
    assert (found.time, found.turns) == (1.0, 2)
    np.testing.assert_allclose(response(found.state[None], np.ones(1))[0], found.state, rtol=1e-10)


def test_a_limit_stops_the_trace_and_says_where() -> None:
    def response(state: Numbers, time: Numbers) -> Numbers:
        return np.asarray(10.0 * time[:, None] + 0.5 * np.sin(state))

    found = trace(response, 1, limit=20)
    assert 0.0 < found.time < 1.0
    assert found.sweeps >= 20
