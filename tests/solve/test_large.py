"""Large games: damped sweeps node by node, against the way with derivatives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from parley.game.model import Game
from parley.solve import Solution, Status, solve_arrays
from parley.solve.large import Large
from parley.solve.solution import Concept
from parley.solve.verify import verify
from tests.solve.games import Spot, Table, build, random_table, redraw, talks


def solved(table: Table, lam: float, concept: Concept | None = None) -> Solution:
    numbers = table.lam(lam)
    stake = np.ones_like(numbers)
    return solve_arrays(table.game, table.chance, table.payoff, numbers, stake=stake, concept=concept)


@pytest.fixture
def relaxing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.solve.batch.LARGE", 0)


@pytest.mark.parametrize("seed", range(8))
def test_relaxed_answers_are_those_of_the_branch(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng([11, seed])
    table = random_table(rng, draws=3, most=120, seen=0.3, merge=bool(seed % 2))
    wanted = solved(table, 3.0)
    assert (wanted.certificate.status == Status.CONVERGED).all()
    monkeypatch.setattr("parley.solve.batch.LARGE", 0)
    again = Table(copied(table), table.chance, table.payoff, table.parameters)
    found = solved(again, 3.0)
    assert (found.certificate.status == Status.CONVERGED).all()
    np.testing.assert_allclose(found.strategy, wanted.strategy, atol=1e-7)
    stake = np.ones_like(found.precision)
    assert verify(again.game, table.chance, table.payoff, found.precision, stake, found).sound


def copied(table: Table) -> Game:
    """Another game with the same arrays, so that no layout is remembered."""
    return replace(table.game)


def test_talks_of_a_thousand_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    table = redraw(build(talks(rng, 2), 4), rng, 2)
    wanted = solved(table, 4.0)
    monkeypatch.setattr("parley.solve.batch.LARGE", 0)
    found = solved(Table(copied(table), table.chance, table.payoff, table.parameters), 4.0)
    np.testing.assert_allclose(found.strategy, wanted.strategy, atol=1e-7)


@pytest.mark.usefixtures("relaxing")
def test_sets_that_cross_are_swept_without_an_order() -> None:
    """Ann's set comes before Bea's on one path and after it on the other."""
    ends = [Spot(payoff=(float(a), float(b))) for a, b in ((2, 1), (0, 2), (1, 0), (0, 1), (1, 2), (2, 0))]
    first = Spot(0, "a", [("l", None, None, Spot(1, "b")), ("r", None, None, ends[0])])
    second = Spot(1, "b", [("l", None, None, Spot(0, "a")), ("r", None, None, ends[1])])
    first.edges[0][3].edges.extend([("l", None, None, ends[2]), ("r", None, None, ends[3])])
    second.edges[0][3].edges.extend([("l", None, None, ends[4]), ("r", None, None, ends[5])])
    root = Spot(edges=[("up", 0.5, None, first), ("down", 0.5, None, second)])
    table = build(root, 2, recall=False)
    assert not Large(table.game).levelled
    found = solved(table, 2.0)
    assert found.certificate.status[0] == Status.CONVERGED
    assert found.certificate.residual[0] <= 1e-9


@pytest.mark.usefixtures("relaxing")
def test_a_branch_that_folds_is_not_called_followed() -> None:
    folded = 0
    for seed in range(60):
        rng = np.random.default_rng([7, seed])
        table = redraw(random_table(rng, draws=1, players=3, most=80, seen=0.2, luck=0.1), rng, 1)
        found = solved(table, 40.0, Concept(limit=4000))
        status = Status(int(found.certificate.status[0]))
        assert status in (Status.CONVERGED, Status.UNTRACED, Status.LIMIT)
        assert status == Status.LIMIT or found.certificate.residual[0] <= 1e-9
        folded += status != Status.CONVERGED
    assert folded >= 1


@pytest.mark.usefixtures("relaxing")
def test_a_spent_budget_is_said() -> None:
    table = build(talks(np.random.default_rng(3), 1), 4)
    found = solved(table, 6.0, Concept(limit=3))
    assert found.certificate.status[0] == Status.LIMIT
    assert found.certificate.residual[0] > 1e-9


@pytest.mark.usefixtures("relaxing")
def test_a_start_is_taken() -> None:
    table = build(talks(np.random.default_rng(3), 1), 4)
    first = solved(table, 4.0)
    lam = table.lam(4.0)
    again = solve_arrays(
        table.game, table.chance, table.payoff, lam, stake=np.ones_like(lam), start=first.strategy
    )
    np.testing.assert_allclose(again.strategy, first.strategy, atol=1e-8)
    assert again.certificate.sweeps[0] < first.certificate.sweeps[0]
