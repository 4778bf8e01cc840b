"""Players who think some steps ahead: closed forms, the proof of their replies, players who forget."""

from __future__ import annotations

import numpy as np
import pytest

import parley
from parley.errors import RecallError, SolveError
from parley.game import evaluate
from parley.game.efg_reader import read_efg
from parley.game.model import Game
from parley.solve import Status, Tables, level_k, solve_arrays, tables_of, tabulate
from parley.solve.steps import solve_levels
from parley.solve.verify_replies import verify_replies

# A rival enters or stays out, then a firm fights or shares.
ENTRY = (
    'EFG 2 R "" { "rival" "firm" } p "" 1 1 "" { "enter" "stay out" } 0 '
    'p "" 2 1 "" { "fight" "share" } 0 t "" 1 "" { -3 -1 } t "" 2 "" { 1 1 } t "" 3 "" { 0 2 }'
)
# One player comes to the same information set a second time.
ABSENT_MINDED = (
    'EFG 2 R "" { "driver" } p "" 1 1 "" { "exit" "on" } 0 t "" 1 "" { 0 } '
    'p "" 1 1 "" { "exit" "on" } 0 t "" 2 "" { 4 } t "" 3 "" { 1 }'
)


def tables(text: str) -> tuple[Game, Tables]:
    game = read_efg(text)
    return game, tables_of(game, evaluate(game.program, np.zeros((0, 1))))


def flagship(draws: int) -> tuple[Game, Tables]:
    scenario = parley.load("taliban-talks")
    game = parley.compile(scenario)
    return game, tabulate(game, parley.sample(scenario, draws, seed=3))


def test_noisy_steps_have_closed_forms() -> None:
    game, table = tables(ENTRY)
    lam = np.array([[0.7], [1.3]])
    for level in (1, 2, 3):
        found = solve_levels(game, table.chance, table.payoff, lam, stake=table.stake, level=level)
        share = 1 / (1 + np.exp(-1.3 * 2.0))  # the firm moves last: it never guesses
        believed = 0.5 if level == 1 else share
        enter = 1 / (1 + np.exp(-0.7 * (believed * 1 - (1 - believed) * 3)))
        assert found.strategy[:, 0] == pytest.approx([enter, 1 - enter, 1 - share, share], abs=1e-12)
        assert found.certificate.status.tolist() == [Status.CONVERGED]
        assert found.certificate.residual[0] < 1e-12
        worth = enter * (share - 3 * (1 - share))
        assert found.value[0, 0] == pytest.approx(worth, abs=1e-12)
        best = max(0.0, share - 3 * (1 - share))
        assert found.certificate.regret[0, 0] == pytest.approx((best - worth) / table.stake[0, 0], abs=1e-12)


def test_a_player_alone_who_thinks_one_step_ahead_is_in_equilibrium() -> None:
    text = (
        'EFG 2 R "" { "us" } p "" 1 1 "" { "l" "r" } 0 c "" 1 "" { "u" 1/3 "d" 2/3 } 0 '
        'p "" 1 2 "" { "a" "b" } 0 t "" 1 "" { 2 } t "" 2 "" { -1 } '
        'p "" 1 2 "" { "a" "b" } 0 t "" 3 "" { 0 } t "" 4 "" { 1 } t "" 5 "" { 1/2 }'
    )
    game, table = tables(text)
    lam = np.full((1, 1), 2.5)
    numbers = (game, table.chance, table.payoff, lam)
    equilibrium = solve_arrays(*numbers, stake=table.stake)
    for level in (1, 2, 3):
        found = solve_levels(*numbers, stake=table.stake, level=level)
        np.testing.assert_allclose(found.strategy, equilibrium.strategy, atol=1e-9)


def test_a_reply_to_an_equilibrium_is_that_equilibrium_also_for_players_who_forget() -> None:
    game, table = flagship(24)
    assert not all(game.perfect_recall)
    lam = table.precision / table.stake
    found = solve_arrays(game, table.chance, table.payoff, lam, stake=table.stake)
    assert (found.certificate.status == Status.CONVERGED).all()
    numbers = (game, table.chance, table.payoff, 1)
    levels = level_k(*numbers, start=found.strategy, noisy=True, precision=lam, forgetful=True)
    np.testing.assert_allclose(levels.strategy[1], found.strategy, atol=1e-7)


@pytest.mark.parametrize("noisy", [True, False])
def test_the_proof_finds_a_reply_that_is_none(noisy: bool) -> None:
    game, table = flagship(16)
    lam = table.precision / table.stake
    precision = lam if noisy else None
    numbers = (game, table.chance, table.payoff)
    levels = level_k(*numbers, 3, noisy=noisy, precision=precision, forgetful=True).strategy
    sound = verify_replies(*numbers, table.stake, levels, precision)
    assert sound.max() < 1e-9
    for level in (1, 2, 3):
        for infoset in range(0, game.infosets, 7):
            first, last = game.infoset_first_action[infoset : infoset + 2]
            wrong = levels.copy()
            wrong[level, first:last] = levels[level, first:last][::-1]
            found = verify_replies(*numbers, table.stake, wrong, precision)
            turned = np.abs(wrong[level] - levels[level]).max(axis=0) > 1e-3
            # at a set that no level leads to, or of equal actions, another best reply is one too
            assert (found[turned] > 1e-6).any() or not noisy
            assert (found >= sound - 1e-12).all() or not noisy


def test_the_proof_of_best_replies_is_in_stakes() -> None:
    game, table = tables(ENTRY)
    levels = level_k(game, table.chance, table.payoff, 2).strategy.copy()
    assert verify_replies(game, table.chance, table.payoff, table.stake, levels).tolist() == [0.0]
    levels[1, :2] = [[1.0], [0.0]]  # level 1 enters against a firm that tosses a coin: -1 in place of 0
    found = verify_replies(game, table.chance, table.payoff, table.stake, levels)
    assert found == pytest.approx([1.0 / table.stake[0, 0]])


def test_readings_that_are_no_game_have_no_answer_and_disturb_no_other() -> None:
    game, table = flagship(8)
    lam = table.precision / table.stake
    payoff = table.payoff.copy()
    payoff[3, 0, 5] = np.nan
    found = solve_levels(game, table.chance, payoff, lam, stake=table.stake, level=2)
    assert found.certificate.status.tolist() == [0, 0, 0, 0, 0, Status.ILL_POSED, 0, 0]
    assert np.isnan(found.strategy[:, 5]).all()
    whole = solve_levels(game, table.chance, table.payoff, lam, stake=table.stake, level=2)
    kept = np.arange(8) != 5
    np.testing.assert_array_equal(found.strategy[:, kept], whole.strategy[:, kept])


def test_what_cannot_be_answered_is_refused() -> None:
    game, table = tables(ABSENT_MINDED)
    with pytest.raises(RecallError, match="driver may come to the same information set twice"):
        solve_levels(game, table.chance, table.payoff, np.ones((1, 1)), stake=table.stake, level=1)
    with pytest.raises(SolveError, match="at least 1 step ahead, not 0"):
        solve_levels(game, table.chance, table.payoff, np.ones((1, 1)), stake=table.stake, level=0)
