"""The check names every draw with which something is wrong, and no other."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.solve import Solution, Status, solve_arrays, stakes
from parley.solve.verify import Verification, verify
from tests.solve.games import Table, random_table

DRAWS = 10


@pytest.fixture(scope="module")
def table() -> Table:
    return random_table(np.random.default_rng(11), draws=DRAWS, most=120, players=3, seen=0.4)


@pytest.fixture(scope="module")
def solution(table: Table) -> Solution:
    stake = stakes(table.game, table.payoff)
    return solve_arrays(table.game, table.chance, table.payoff, 8 / stake, stake=stake)


def checked(table: Table, solution: Solution, stored: Solution) -> Verification:
    return verify(table.game, table.chance, table.payoff, solution.precision, solution.stake, stored)


def changed(array: NDArray[np.float64], place: tuple[int, ...], value: float) -> NDArray[np.float64]:
    other = array.copy()
    other[place] = value
    return other


def draws_of(found: Verification) -> set[int]:
    return {draw for draw, _ in found.problems}


def test_an_honest_solution_is_sound(table: Table, solution: Solution) -> None:
    found = checked(table, solution, solution)
    assert found.sound
    np.testing.assert_allclose(found.residual, solution.certificate.residual, atol=1e-13)
    np.testing.assert_allclose(found.regret, solution.certificate.regret, atol=1e-12)
    np.testing.assert_allclose(found.value, solution.value, atol=1e-12)


@pytest.mark.parametrize("digit", [1e-2, 1e-4, 1e-6, 1e-8])
def test_one_digit_of_a_strategy(table: Table, solution: Solution, digit: float) -> None:
    place = (int(np.argmax(solution.strategy[:, 6] < 0.5)), 6)
    strategy = changed(solution.strategy, place, solution.strategy[place] + digit)
    assert draws_of(checked(table, solution, replace(solution, strategy=strategy))) == {6}


@pytest.mark.parametrize("name", ["residual", "regret"])
def test_one_digit_of_a_certificate(table: Table, solution: Solution, name: str) -> None:
    stored = getattr(solution.certificate, name)
    place = (4,) if name == "residual" else (1, 4)
    other = changed(stored, place, stored[place] + 1e-6)
    one, two = (
        (other, solution.certificate.regret) if name == "residual" else (solution.certificate.residual, other)
    )
    certificate = replace(solution.certificate, residual=one, regret=two)
    found = checked(table, solution, replace(solution, certificate=certificate))
    assert draws_of(found) == {4}
    assert name in found.problems[0][1]


def test_one_digit_of_a_value(table: Table, solution: Solution) -> None:
    value = changed(solution.value, (0, 2), solution.value[0, 2] + 1e-6)
    assert draws_of(checked(table, solution, replace(solution, value=value))) == {2}


def test_another_precision(table: Table, solution: Solution) -> None:
    precision = changed(solution.precision, (0, 9), solution.precision[0, 9] * (1 + 1e-6))
    assert draws_of(checked(table, solution, replace(solution, precision=precision))) == {9}


def test_a_status_that_claims_too_much(table: Table, solution: Solution) -> None:
    strategy = solution.strategy.copy()
    strategy[:, 3] = 1 / np.repeat(
        np.diff(table.game.infoset_first_action), np.diff(table.game.infoset_first_action)
    )
    found = checked(table, solution, replace(solution, strategy=strategy))
    assert draws_of(found) == {3}
    assert any("called converged" in message for _, message in found.problems)


@pytest.mark.parametrize("status", [Status.ILL_POSED, 17])
def test_a_status_that_is_wrong(table: Table, solution: Solution, status: int) -> None:
    wrong = solution.certificate.status.copy()
    wrong[5] = status
    certificate = replace(solution.certificate, status=wrong)
    assert draws_of(checked(table, solution, replace(solution, certificate=certificate))) == {5}


@pytest.mark.parametrize("value", [-1e-3, 1.001, np.nan])
def test_what_is_no_probability(table: Table, solution: Solution, value: float) -> None:
    found = checked(table, solution, replace(solution, strategy=changed(solution.strategy, (0, 1), value)))
    assert draws_of(found) == {1}
    assert "no probabilities" in found.problems[0][1]


def test_ill_posed_draws_are_sound_when_they_are_called_so(table: Table) -> None:
    stake, payoff = stakes(table.game, table.payoff), table.payoff.copy()
    payoff[1, 0, 8] = np.nan
    solution = solve_arrays(table.game, table.chance, payoff, 8 / stake, stake=stake)
    found = verify(table.game, table.chance, payoff, solution.precision, stake, solution)
    assert found.sound
    assert np.isnan(found.residual).nonzero()[0].tolist() == [8]
    assert not verify(table.game, table.chance, table.payoff, solution.precision, stake, solution).sound


def test_wrong_shapes_are_refused(table: Table, solution: Solution) -> None:
    with pytest.raises(SolveError, match="strategy has shape"):
        checked(table, solution, replace(solution, strategy=solution.strategy[:-1]))


def test_the_check_imports_no_kernel() -> None:
    code = "import sys, parley.solve.verify; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
