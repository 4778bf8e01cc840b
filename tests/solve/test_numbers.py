"""Numbers that are hard, extreme or no game at all."""

from __future__ import annotations

import numpy as np
import pytest

from parley.errors import SolveError
from parley.solve import Concept, Solution, Status, solve_arrays, stakes
from parley.solve.verify import verify
from tests.solve.games import Spot, Table, build, random_table, redraw


def solved(table: Table, precision: float, draws: int | None = None) -> Solution:
    stake = stakes(table.game, table.payoff)
    return solve_arrays(table.game, table.chance, table.payoff, precision / stake, stake=stake)


def signalling(chance: float) -> Table:
    """A sender with a hidden type, a receiver who sees the message alone."""
    rng = np.random.default_rng(3)
    root = Spot()
    for kind, likely in enumerate((chance, 1.0 - chance)):
        sender = Spot(0, kind)
        root.edges.append((str(kind), likely, None, sender))
        for message in range(2):
            receiver = Spot(1, message)
            sender.edges.append((str(message), None, None, receiver))
            for action in range(2):
                receiver.edges.append((str(action), None, None, Spot(payoff=tuple(rng.random(2).tolist()))))
    return build(root, 2)


@pytest.mark.parametrize("chance", [0.0, 1.0, 1e-300, 0.5])
def test_a_type_without_chance_leaves_everything_else_solved(chance: float) -> None:
    solution = solved(signalling(chance), 10.0)
    assert solution.certificate.status[0] == Status.CONVERGED
    assert solution.certificate.residual[0] <= 1e-9


def test_beliefs_are_uniform_where_nothing_can_be_reached() -> None:
    guess = [Spot(0, "guess"), Spot(0, "guess")]
    for spot, payoffs in zip(guess, ((4.0, 0.0), (0.0, 1.0)), strict=True):
        spot.edges = [(str(k), None, None, Spot(payoff=(payoff,))) for k, payoff in enumerate(payoffs)]
    inner = Spot(edges=[("x", 0.5, None, guess[0]), ("y", 0.5, None, guess[1])])
    root = Spot(edges=[("there", 0.0, None, inner), ("not", 1.0, None, Spot(payoff=(0.0,)))])
    table = build(root, 1)
    lam = table.lam(1.0)
    solution = solve_arrays(table.game, table.chance, table.payoff, lam, stake=lam)
    assert solution.strategy[0, 0] == pytest.approx(1 / (1 + np.exp(0.5 - 2.0)), rel=1e-12)


def test_very_small_reach_keeps_its_proportions() -> None:
    # two nodes of one information set, reached with 1e-200 * 1e-200 times 1 and 3
    guess = [Spot(0, "guess"), Spot(0, "guess")]
    for spot, payoffs in zip(guess, ((1.0, 0.0), (0.0, 1.0)), strict=True):
        spot.edges = [(str(k), None, None, Spot(payoff=(payoff,))) for k, payoff in enumerate(payoffs)]
    which = Spot(edges=[("x", 0.25, None, guess[0]), ("y", 0.75, None, guess[1])])
    for _ in range(2):
        which = Spot(edges=[("deep", 1e-200, None, which), ("not", 1.0, None, Spot(payoff=(0.0,)))])
    table = build(which, 1)
    lam = table.lam(2.0)
    solution = solve_arrays(table.game, table.chance, table.payoff, lam, stake=lam)
    assert solution.strategy[0, 0] == pytest.approx(1 / (1 + np.exp(2 * 0.5)), rel=1e-12)
    assert solution.certificate.residual[0] <= 1e-12


@pytest.mark.parametrize(
    ("row", "value"),
    [("payoff", np.nan), ("payoff", np.inf), ("chance", -0.1), ("chance", np.nan), ("chance", 0.9)],
)
def test_numbers_that_make_no_game_are_ill_posed_for_their_draw_alone(row: str, value: float) -> None:
    rng = np.random.default_rng(0)
    table = random_table(rng, draws=12, most=60, luck=0.5, ending=0.0)
    stake, payoff, chance = stakes(table.game, table.payoff), table.payoff.copy(), table.chance.copy()
    clean = solve_arrays(table.game, chance, payoff, 5 / stake, stake=stake)
    if row == "payoff":
        payoff[1, 0, 7] = value
    else:
        chance[int(np.flatnonzero(table.game.edge_chance >= 0)[0]), 7] = value
    solution = solve_arrays(table.game, chance, payoff, 5 / stake, stake=stake)
    assert np.flatnonzero(solution.certificate.status == Status.ILL_POSED).tolist() == [7]
    assert np.isnan(solution.strategy[:, 7]).all()
    assert np.isnan(solution.certificate.residual[7])
    others = np.arange(12) != 7
    assert np.array_equal(solution.strategy[:, others], clean.strategy[:, others])


def test_precision_zero_is_uniform() -> None:
    table = random_table(np.random.default_rng(1), draws=3, most=60)
    solution = solve_arrays(table.game, table.chance, table.payoff, table.lam(0.0), stake=table.lam(1.0))
    sizes = np.diff(table.game.infoset_first_action)
    np.testing.assert_array_equal(solution.strategy, np.repeat(1 / sizes, sizes)[:, None] * np.ones(3))


def test_equal_payoffs_are_uniform_and_a_single_action_is_certain() -> None:
    root = Spot(0, "one", [("only", None, (2.0, 1.0), Spot(1, "two"))])
    root.edges[0][3].edges = [(str(k), None, None, Spot(payoff=(1.0, 4.0))) for k in range(3)]
    solution = solved(build(root, 3 - 1), 20.0)
    np.testing.assert_allclose(solution.strategy[:, 0], [1.0, 1 / 3, 1 / 3, 1 / 3], rtol=1e-15)
    assert solution.certificate.status[0] == Status.CONVERGED


@pytest.mark.parametrize("size", [1e-12, 1e12])
def test_payoffs_of_any_size_on_their_stakes(size: float) -> None:
    rng = np.random.default_rng(2)
    table = random_table(rng, draws=4, most=80)
    plain = solved(table, 8.0)
    scaled = Table(table.game, table.chance, table.payoff * size, table.parameters)
    other = solved(scaled, 8.0)
    np.testing.assert_allclose(other.strategy, plain.strategy, rtol=1e-9)
    np.testing.assert_allclose(other.certificate.regret, plain.certificate.regret, atol=1e-9)
    assert (other.certificate.status == Status.CONVERGED).all()


def test_probabilities_too_small_for_a_number_are_never_passed_off_as_proved() -> None:
    # a player whose log-odds reach 2,000 leads to an information set with beliefs
    guess = [Spot(1, "guess"), Spot(1, "guess")]
    for spot, payoffs in zip(guess, ((1.0, 0.0), (0.0, 1.0)), strict=True):
        spot.edges = [(str(k), None, None, Spot(payoff=(0.0, payoff))) for k, payoff in enumerate(payoffs)]
    root = Spot(0, "first")
    root.edges = [
        ("a", None, None, guess[0]),
        ("b", None, (1e-4, 0.0), guess[1]),
        ("c", None, None, Spot(payoff=(1.0, 0.0))),
    ]
    table = build(root, 2)
    lam = table.lam(2000.0)
    solution = solve_arrays(table.game, table.chance, table.payoff, lam, stake=lam)
    status, residual = solution.certificate.status[0], solution.certificate.residual[0]
    assert status == Status.LIMIT or residual <= 1e-9
    assert verify(table.game, table.chance, table.payoff, lam, lam, solution).sound


def test_a_budget_that_is_too_small_is_reported() -> None:
    table = redraw(build(pennies(), 2), np.random.default_rng(0), 4)
    lam = table.lam(20.0)
    concept = Concept(limit=2)
    solution = solve_arrays(table.game, table.chance, table.payoff, lam, stake=lam, concept=concept)
    assert (solution.certificate.status != Status.CONVERGED).all()
    assert np.isfinite(solution.certificate.residual).all()


def pennies() -> Spot:
    root = Spot(0, "row")
    for a in range(2):
        reply = Spot(1, "column")
        root.edges.append((str(a), None, None, reply))
        reply.edges = [(str(b), None, None, Spot(payoff=(float(a == b), float(a != b)))) for b in range(2)]
    return root


def test_wrong_shapes_are_refused() -> None:
    table = build(pennies(), 2)
    lam = table.lam(1.0)
    with pytest.raises(SolveError, match="chance has shape"):
        solve_arrays(table.game, table.chance[:-1], table.payoff, lam, stake=lam)
    with pytest.raises(SolveError, match="row 0"):
        solve_arrays(table.game, table.chance, table.payoff + 1.0, lam, stake=lam)


def test_cancelling_stops_between_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.solve.batch._chunk", lambda *_: 256)
    table = redraw(build(pennies(), 2), np.random.default_rng(0), 600)
    lam = table.lam(1.0)
    asked: list[int] = []

    def cancel() -> bool:
        asked.append(1)
        return len(asked) > 1

    with pytest.raises(SolveError, match="cancelled after 256 of 600 draws"):
        solve_arrays(table.game, table.chance, table.payoff, lam, stake=lam, threads=1, cancel=cancel)


def test_progress_counts_every_sound_draw() -> None:
    table = redraw(build(pennies(), 2), np.random.default_rng(0), 600)
    lam = table.lam(1.0)
    told: list[int] = []
    solve_arrays(table.game, table.chance, table.payoff, lam, stake=lam, progress=told.append)
    assert sum(told) == 600


def test_a_start_finds_another_equilibrium_of_a_coordination_game() -> None:
    root = Spot(0, "row")
    for a in range(2):
        reply = Spot(1, "column")
        root.edges.append((str(a), None, None, reply))
        pay = [(2.0, 2.0) if a == b == 0 else (1.0, 1.0) if a == b else (0.0, 0.0) for b in range(2)]
        reply.edges = [(str(b), None, None, Spot(payoff=pay[b])) for b in range(2)]
    table = build(root, 2)
    lam = table.lam(10.0)
    principal = solve_arrays(table.game, table.chance, table.payoff, lam, stake=lam)
    start = np.array([[0.01], [0.99], [0.01], [0.99]])
    other = solve_arrays(table.game, table.chance, table.payoff, lam, stake=lam, start=start)
    assert principal.strategy[0, 0] > 0.99
    assert other.strategy[1, 0] > 0.99
    assert other.certificate.status[0] == Status.CONVERGED
    assert other.certificate.residual[0] <= 1e-9
