"""What must hold in every game."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.game.model import TERMINAL
from parley.game.passes import edge_shares, reach
from parley.solve import Solution, Status, solve_arrays, stakes
from parley.solve.verify import verify
from tests.solve.games import Table, random_table

SEEDS = st.integers(0, 1_000_000)


def some_table(seed: int, most: int = 150, draws: int = 3, **shape: float) -> Table:
    rng = np.random.default_rng(seed)
    return random_table(
        rng,
        draws=draws,
        players=int(rng.integers(1, 5)),
        most=int(rng.integers(5, most)),
        seen=float(rng.uniform(0, 1)),
        luck=float(rng.uniform(0, 0.6)),
        merge=bool(rng.random() < 0.5),
        **shape,
    )


def solved(table: Table, precision: float = 10.0) -> Solution:
    stake = stakes(table.game, table.payoff)
    return solve_arrays(table.game, table.chance, table.payoff, precision / stake, stake=stake, threads=1)


@settings(max_examples=60)
@given(SEEDS)
def test_every_answer_is_proved_and_the_proof_holds_up(seed: int) -> None:
    table = some_table(seed, most=500)
    precision = float(np.random.default_rng(seed).uniform(0, 20))
    solution = solved(table, precision)
    assert (solution.certificate.status == Status.CONVERGED).all()
    assert (solution.certificate.residual <= 1e-9).all()
    lam, stake = solution.precision, solution.stake
    assert verify(table.game, table.chance, table.payoff, lam, stake, solution).problems == ()


@settings(max_examples=30)
@given(SEEDS)
def test_without_perfect_recall_too(seed: int) -> None:
    table = some_table(seed, forget=0.4)
    solution = solved(table)
    lam, stake = solution.precision, solution.stake
    assert (solution.certificate.status == Status.CONVERGED).all()
    assert verify(table.game, table.chance, table.payoff, lam, stake, solution).problems == ()


@settings(max_examples=30)
@given(SEEDS)
def test_terminals_are_reached_with_certainty(seed: int) -> None:
    table = some_table(seed)
    solution = solved(table)
    arrival = reach(table.game, edge_shares(table.game, table.chance, solution.strategy))
    np.testing.assert_allclose(arrival[table.game.node_kind == TERMINAL].sum(axis=0), 1.0, rtol=1e-12)


@settings(max_examples=30)
@given(SEEDS, st.floats(-5, 5))
def test_a_constant_in_every_ending_changes_no_strategy(seed: int, constant: float) -> None:
    table = some_table(seed)
    ends = np.unique(table.game.node_payoff[table.game.node_kind == TERMINAL])
    payoff = table.payoff.copy()
    payoff[ends, 0] += constant
    moved = Table(table.game, table.chance, payoff, table.parameters)
    before, after = solved(table), solved(moved)
    np.testing.assert_allclose(after.strategy, before.strategy, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(after.value[0], before.value[0] + constant, atol=1e-7)


@settings(max_examples=30)
@given(SEEDS, st.floats(0.01, 100.0))
def test_larger_payoffs_are_higher_precision(seed: int, factor: float) -> None:
    table = some_table(seed)
    stake = stakes(table.game, table.payoff)
    one = solve_arrays(table.game, table.chance, table.payoff * factor, 5 / stake / factor, stake=stake)
    other = solve_arrays(table.game, table.chance, table.payoff, 5 / stake, stake=stake)
    np.testing.assert_allclose(one.strategy, other.strategy, rtol=1e-6, atol=1e-9)


@settings(max_examples=30)
@given(SEEDS)
def test_the_order_of_the_players_does_not_matter(seed: int) -> None:
    table = some_table(seed)
    game = table.game
    order = np.random.default_rng(seed).permutation(len(game.players))
    place = np.argsort(order)
    relabelled = replace(
        game,
        players=tuple(game.players[k] for k in order),
        payoff_register=np.ascontiguousarray(game.payoff_register[:, order]),
        infoset_player=place[game.infoset_player].astype(np.int32),
        precision=game.precision[order],
        perfect_recall=tuple(game.perfect_recall[k] for k in order),
    )
    other = Table(relabelled, table.chance, np.ascontiguousarray(table.payoff[:, order]), table.parameters)
    before, after = solved(table), solved(other)
    np.testing.assert_allclose(after.strategy, before.strategy, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(after.value, before.value[order], atol=1e-7)


@settings(max_examples=20)
@given(SEEDS)
def test_where_everybody_sees_everything_one_sweep_is_exact(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = random_table(rng, draws=2, most=300, seen=1.0, players=int(rng.integers(1, 5)))
    solution = solved(table, 20.0)
    assert (solution.certificate.sweeps == 1).all()
    assert (solution.certificate.residual <= 1e-12).all()
