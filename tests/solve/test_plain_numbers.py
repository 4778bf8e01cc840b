"""Games of plain numbers at several lambdas, and what their strategies mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parley
from parley.errors import SolveError
from parley.game.passes import edge_shares, expected, reach
from parley.solve import Status, solve_at, tabulate
from parley.solve.at import numbers_of
from parley.solve.labelled import labelled
from parley.solve.profile import Profile, profile
from tests.game.files import DRIVER, HEAD, POKER
from tests.solve.games import Table, random_table

CHOICE = HEAD + 'p "" 1 1 "act" { "a" "b" "c" } 0 t "" 1 "" { 1 } t "" 2 "" { 1/3 } t "" 3 "" { -2 }'


def measured(text: str, lam: float) -> tuple[parley.Game, parley.Solution, Profile]:
    game = parley.read_game("game.efg", text)
    numbers = numbers_of(game)
    found = solve_at(game, lam)
    return game, found, profile(game, numbers.chance, numbers.payoff, found.strategy, found.precision)


def test_lambda_is_per_unit_of_payoff_as_written() -> None:
    lams = [0, 0.5, 1, 20]
    found = solve_at(parley.read_game("game.efg", CHOICE), lams)
    weights = np.exp(np.outer([1, 1 / 3, -2], lams))
    np.testing.assert_allclose(found.strategy, weights / weights.sum(axis=0), rtol=1e-12)
    assert found.precision.tolist() == [lams]
    assert found.stake.tolist() == [[3.0] * 4]
    assert found.certificate.status.tolist() == [Status.CONVERGED] * 4


def test_one_lambda_is_one_column_and_columns_do_not_depend_on_each_other() -> None:
    game = parley.read_game("poker.efg", POKER)
    together = solve_at(game, np.array([5.0, 0.5, 1.0]))
    alone = solve_at(game, 0.5)
    assert alone.strategy.shape == (game.actions, 1)
    assert np.array_equal(together.strategy[:, 1], alone.strategy[:, 0])


@pytest.mark.parametrize(
    ("lam", "words"),
    [
        ([], "at least one"),
        (np.array([]), "at least one"),
        (-1, "0 or more, not -1"),
        ([1, float("nan")], "not nan"),
        ([float("inf")], "not inf"),
        ("0.5", "not the text '0.5'"),
        (["5"], "must be a number, not '5'"),
        ([True], "not True"),
        (None, "not None"),
        ([1j], "not 1j"),
        ([[1, 2]], "must be a number"),
        pytest.param(10**400, "finite number, 0 or more, not 1000", id="huge"),
    ],
)
def test_what_is_no_lambda_is_named(lam: object, words: str) -> None:
    with pytest.raises(SolveError, match=words):
        solve_at(parley.read_game("game.efg", CHOICE), lam)  # type: ignore[arg-type]


def test_a_game_with_parameters_needs_draws() -> None:
    game = parley.compile(parley.load("which-event-first"))
    with pytest.raises(SolveError, match=r"parameters .*sample draws"):
        solve_at(game, 1)


def test_beliefs_follow_bayes_and_values_add_up() -> None:
    game, found, seen = measured(POKER, 1.0)
    mix = dict(zip(game.action_label, found.strategy[:, 0], strict=True))
    answer = next(h for h in range(3) if game.infoset_label[h] == "answer")
    king, queen = (found.strategy[2 * h, 0] for h in range(3) if h != answer)
    assert mix["call"] == pytest.approx(found.strategy[2 * answer, 0])
    members = slice(*game.infoset_first_node[answer : answer + 2])
    share = king / 3 / (king / 3 + 2 * queen / 3)
    np.testing.assert_allclose(seen.belief[members, 0], [share, 1 - share], rtol=1e-12)
    assert seen.infoset_reach[answer, 0] == pytest.approx(king / 3 + 2 * queen / 3)
    call = -2 * share + 2 * (1 - share)
    np.testing.assert_allclose(seen.action_value[2 * answer : 2 * answer + 2, 0], [call, -1], atol=1e-12)
    value = mix["call"] * call - mix["give up"]
    assert seen.infoset_value[answer, 0] == pytest.approx(value)
    assert seen.infoset_regret[answer, 0] == pytest.approx(max(call, -1) - value)
    assert seen.infoset_residual.max() <= 1e-9


def test_a_set_that_is_come_to_twice_counts_once() -> None:
    game, found, seen = measured(DRIVER, 1.0)
    on = found.strategy[0, 0]
    assert seen.infoset_reach[0, 0] == pytest.approx(1.0)
    np.testing.assert_allclose(seen.belief[:, 0], [1 / (1 + on), on / (1 + on)], rtol=1e-12)
    assert game.ordered is False


def test_a_set_that_chance_rules_out_has_no_beliefs() -> None:
    text = HEAD + 'c "" 1 "" { "x" 0 "y" 1 } 0 p "" 1 1 "" { "a" "b" } 0 t "" 1 "" { 1 } t "" 0 t "" 0'
    game, found, seen = measured(text, 1.0)
    assert seen.infoset_reach.tolist() == [[0.0]]
    assert np.isnan(seen.belief).all()
    assert np.isnan(seen.action_value).all()
    numbers = numbers_of(game)
    entry = labelled(game, numbers.chance, numbers.payoff, found)[0]["sets"][0]
    assert (entry["value"], entry["nodes"][0]["belief"], entry["reach"]) == (None, None, 0.0)


def test_beliefs_survive_where_reach_is_too_small_for_a_float() -> None:
    rare = 'c "" {n} "" {{ "x" 1/1000000000 "y" 999999999/1000000000 }} 0 '
    text = HEAD + "".join(rare.format(n=n) for n in range(1, 41))
    text += 'c "" 99 "" { "l" 1/4 "r" 3/4 } 0 p "" 1 1 "" { "a" "b" } 0 t "" 1 "" { 1 } t "" 0 '
    text += 'p "" 1 1 0 t "" 0 t "" 1 ' + 't "" 0 ' * 40
    _, _, seen = measured(text, 1.0)
    np.testing.assert_allclose(seen.belief[:, 0], [0.25, 0.75], rtol=1e-9)
    assert seen.infoset_reach[0, 0] == 0.0


def test_histories_name_nodes_and_count_paths() -> None:
    scenario = parley.load("which-event-first")
    game, draws = parley.compile(scenario), parley.sample(scenario, 16, seed=1)
    numbers = tabulate(game, draws)
    found = labelled(game, numbers.chance, numbers.payoff, parley.solve(game, draws))
    assert len(found) == 16
    assert found[3]["sets"][0]["nodes"][0] == {"history": [], "paths": 1, "reach": 1.0, "belief": 1.0}


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000))
def test_any_profile_agrees_with_the_plain_passes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table: Table = random_table(rng, players=3, most=60, seen=0.4, merge=True)
    game, draws = table.game, table.chance.shape[1]
    strategy = rng.uniform(0.01, 1, (game.actions, draws))
    for first, last in zip(game.infoset_first_action[:-1], game.infoset_first_action[1:], strict=True):
        strategy[first:last] /= strategy[first:last].sum(axis=0)
    seen = profile(game, table.chance, table.payoff, strategy, table.lam(1.0))
    shares = edge_shares(game, table.chance, strategy)
    reached = reach(game, shares)
    np.testing.assert_allclose(seen.reach, reached, rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(seen.node_value[0], expected(game, shares, table.payoff), rtol=1e-9, atol=1e-9)
    for infoset in range(game.infosets):
        members = slice(*game.infoset_first_node[infoset : infoset + 2])
        np.testing.assert_allclose(seen.belief[members].sum(axis=0), 1.0, rtol=1e-12)


def test_shapes_are_checked() -> None:
    game = parley.read_game("game.efg", CHOICE)
    numbers = numbers_of(game)
    with pytest.raises(SolveError, match="strategy has shape"):
        profile(game, numbers.chance, numbers.payoff, np.ones((2, 1)), np.ones((1, 1)))
