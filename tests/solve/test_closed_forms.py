"""Games whose quantal response equilibrium is known."""

from __future__ import annotations

import numpy as np
import pytest

from parley.solve import Solution, Status, solve_arrays, stakes
from tests.solve.games import Spot, Table, build

Payoff = tuple[float, ...]


def end(*payoff: float) -> Spot:
    return Spot(payoff=payoff)


def simultaneous(row: list[list[float]], column: list[list[float]]) -> Table:
    root = Spot(0, "row")
    for a in range(len(row)):
        reply = Spot(1, "column")
        root.edges.append((str(a), None, None, reply))
        for b in range(len(row[0])):
            reply.edges.append((str(b), None, None, end(row[a][b], column[a][b])))
    return build(root, 2)


def at(table: Table, precision: float) -> Solution:
    lam = table.lam(precision)
    solution = solve_arrays(table.game, table.chance, table.payoff, lam, stake=np.ones_like(lam))
    assert solution.certificate.status.tolist() == [Status.CONVERGED]
    assert solution.certificate.residual[0] <= 1e-9
    return solution


def centipede() -> Table:
    stops: list[Payoff] = [(0.40, 0.10), (0.20, 0.80), (1.60, 0.40), (0.80, 3.20)]
    following = end(6.40, 1.60)
    for number in (3, 2, 1, 0):
        spot = Spot(number % 2, number)
        spot.edges = [("take", None, None, end(*stops[number])), ("pass", None, None, following)]
        following = spot
    return build(following, 2)


@pytest.mark.parametrize(
    ("x", "precision", "row", "column"),
    [
        (9.0, 0.5, 0.8306705913, 0.4180774669),
        (9.0, 1.0, 0.8935763306, 0.312780375),
        (9.0, 5.0, 0.7019842368, 0.1171352913),
        (4.0, 1.0, 0.7219371539, 0.3908181875),
    ],
)
def test_asymmetric_matching_pennies(x: float, precision: float, row: float, column: float) -> None:
    solution = at(simultaneous([[x, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]), precision)
    np.testing.assert_allclose(solution.strategy[[0, 2], 0], [row, column], atol=1e-9)


def test_one_player_one_choice_is_the_logit_itself() -> None:
    root = Spot(
        0, "only", [("a", None, None, end(1.0)), ("b", None, None, end(0.25)), ("c", None, None, end(0.0))]
    )
    solution = at(build(root, 1), 3.0)
    weights = np.exp([3.0, 0.75, 0.0])
    np.testing.assert_allclose(solution.strategy[:, 0], weights / weights.sum(), rtol=1e-14)
    assert solution.certificate.sweeps[0] == 1


def test_dominant_actions_in_a_simultaneous_game_do_not_depend_on_the_other() -> None:
    solution = at(simultaneous([[3.0, 1.0], [2.0, 0.0]], [[0.0, 2.0], [5.0, 7.0]]), 2.0)
    np.testing.assert_allclose(
        solution.strategy[[0, 3], 0], [1 / (1 + np.exp(-2)), 1 / (1 + np.exp(-4))], rtol=1e-12
    )


def test_centipede_with_four_moves() -> None:
    solution = at(centipede(), 1.0)
    expected = [0.2962565749, 0.2779802856, 0.4648836494, 0.8320183851]
    np.testing.assert_allclose(solution.strategy[::2, 0], expected, atol=1e-9)
    assert solution.certificate.sweeps[0] == 1  # perfect information: one sweep is exact


def test_strategic_logit_of_an_escalation() -> None:
    reply = Spot(1, "reply", [("give in", None, None, end(1.0, 0.0)), ("resist", None, None, end(-1.0, 0.5))])
    root = Spot(0, "first", [("keep", None, None, end(0.0, 0.0)), ("challenge", None, None, reply)])
    solution = at(build(root, 2), 1.0)
    resist, challenge = solution.strategy[solution_action(solution, 3), 0], solution.strategy[1, 0]
    np.testing.assert_allclose([resist, challenge], [0.6224593312, 0.4390745821], atol=1e-9)


def solution_action(solution: Solution, action: int) -> int:
    assert len(solution.strategy) == 4
    return action


def test_coordination_stays_on_the_symmetric_branch_before_it_forks() -> None:
    solution = at(simultaneous([[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]), 1.5)
    np.testing.assert_allclose(solution.strategy[:, 0], 0.5, atol=1e-12)


def test_stag_hunt_follows_the_branch_of_the_risk_dominant_equilibrium() -> None:
    # stag pays 5 together and 0 alone, hare pays 4: hare is risk dominant
    table = simultaneous([[5.0, 0.0], [4.0, 4.0]], [[5.0, 4.0], [0.0, 4.0]])
    solution = at(table, 4.0)
    assert solution.strategy[1, 0] > 0.999
    assert solution.strategy[3, 0] > 0.999


def test_regret_is_what_the_best_reply_adds() -> None:
    solution = at(simultaneous([[1.0, 0.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 0.0]]), 2.0)
    first, second = solution.strategy[0, 0], solution.strategy[2, 0]
    np.testing.assert_allclose(
        solution.certificate.regret[:, 0], [second * (1 - first), first * (1 - second)]
    )


def test_whole_stakes_are_the_range_over_paths_whatever_their_chances() -> None:
    gamble = Spot(edges=[("win", 1.0, (2.0,), end(7.0)), ("lose", 0.0, None, end(-5.0))])
    root = Spot(0, "stake", [("no", None, None, end(1.0)), ("yes", None, (0.5,), gamble)])
    table = build(root, 1)
    np.testing.assert_allclose(stakes(table.game, table.payoff), [[9.5 + 4.5]])


def test_a_player_who_gets_the_same_everywhere_has_stake_one() -> None:
    root = Spot(0, "x", [("a", None, None, end(3.0)), ("b", None, None, end(3.0))])
    table = build(root, 1)
    assert stakes(table.game, table.payoff).tolist() == [[1.0]]
