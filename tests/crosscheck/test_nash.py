"""Equilibria enumerated by Gambit are ours too, and come back in our order of actions."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.poker import kuhn
from parley.errors import SolveError
from parley.solve import limit, nash_equilibria, pure_equilibria, solve_zero_sum
from parley.solve.nash import METHODS
from tests.solve.games import Table, random_table
from tests.solve.textbook import action, beer_quiche, checked_gains, entry, horse, unfolded


def test_without_pygambit_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygambit", None)
    table = entry()
    with pytest.raises(SolveError, match=r"pip install 'parley-workbench\[nash\]'"):
        nash_equilibria(table.game, table.chance, table.payoff)


def test_importing_the_module_does_not_import_gambit() -> None:
    import subprocess

    code = "import parley.solve.nash, sys; sys.exit('pygambit' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_is_wrong_is_named() -> None:
    table = entry()
    with pytest.raises(SolveError, match="no method 'lp', only 'auto', 'enummixed'"):
        nash_equilibria(table.game, table.chance, table.payoff, method="lp")  # type: ignore[arg-type]
    with pytest.raises(SolveError, match="no draw 1, only 0 to 0"):
        nash_equilibria(table.game, table.chance, table.payoff, draw=1)
    with pytest.raises(SolveError, match="lcp is for two players, and this game has 3; use 'enumpoly'"):
        nash_equilibria(horse().game, horse().chance, horse().payoff, method="lcp")
    forgetful = replace(table.game, perfect_recall=(False, True))
    with pytest.raises(SolveError, match="player 0 has imperfect recall"):
        nash_equilibria(forgetful, table.chance, table.payoff)


class TestWithGambit:
    """Skipped where pygambit has no wheel."""

    @pytest.fixture(autouse=True)
    def gambit(self) -> None:
        pytest.importorskip("pygambit")

    def test_the_horse_has_two_pure_equilibria(self) -> None:
        table = horse()
        found = nash_equilibria(table.game, table.chance, table.payoff)
        assert (found.method, found.complete) == ("enumpoly", True)
        down = found.strategy[action(table, "one", "D")]
        left = found.strategy[action(table, "three", "L")]
        assert sorted(zip(down.tolist(), left.tolist(), strict=True)) == [(0.0, 0.0), (1.0, 1.0)]
        assert found.certified.all()

    def test_pooling_equilibria_as_cho_and_kreps_count_them(self) -> None:
        for strong, pooling in ((0.9, 2), (0.3, 0)):
            table = beer_quiche(strong)
            found = nash_equilibria(table.game, table.chance, table.payoff, method="enumpure")
            assert found.strategy.shape == (8, pooling)
        mixed = nash_equilibria(table.game, table.chance, table.payoff)
        assert mixed.strategy[action(table, "weak", "beer")] == pytest.approx([3 / 7], abs=1e-12)

    @pytest.mark.parametrize("seed", range(20))
    def test_pure_equilibria_are_those_that_gambit_enumerates(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        table = random_table(rng, players=2 + (seed % 3 == 0), most=24, merge=bool(seed % 2))
        ours = pure_equilibria(table.game, table.chance, table.payoff)
        theirs = nash_equilibria(table.game, table.chance, table.payoff, method="enumpure")
        count = np.diff(table.game.infoset_first_action)
        open_ = np.repeat(~ours.ruled_out, count, axis=0)
        wanted = {tuple(each.tolist()) for each in theirs.strategy.T}
        assert len(wanted) == ours.strategy.shape[1]
        for each, counts in zip(ours.strategy.T, open_.T, strict=True):
            # where a player's own moves never lead, Gambit takes all actions alike or one of them
            assert any(np.array_equal(each[counts], np.array(other)[counts]) for other in wanted)
        ordered = [np.array(sorted(each.value.T.tolist())) for each in (ours, theirs)]
        assert ordered[0] == pytest.approx(ordered[1], abs=1e-12)

    @pytest.mark.parametrize("method", METHODS)
    def test_every_method_goes_through(self, method: str) -> None:
        table = entry()
        found = nash_equilibria(table.game, table.chance, table.payoff, method=method)  # type: ignore[arg-type]
        assert found.strategy.shape[1] >= 1
        assert found.certified.all()
        assert found.complete == (method != "lcp")

    def test_the_limit_of_the_branch_is_among_them(self) -> None:
        for table in (horse(), entry(), beer_quiche(0.3), beer_quiche(0.9)):
            equilibria = nash_equilibria(table.game, table.chance, table.payoff).strategy
            found = limit(table.game, table.chance, table.payoff).strategy
            assert np.abs(equilibria - found).max(axis=0).min() < 5e-3

    def test_kuhn_poker_has_the_value_that_regrets_find(self) -> None:
        table = kuhn()
        found = nash_equilibria(table.game, table.chance, table.payoff, method="lcp")
        ours = solve_zero_sum(table.game, table.chance, table.payoff, target=1e-4)
        assert found.value[0] == pytest.approx([-1 / 18], abs=1e-12)
        assert ours.value[0] == pytest.approx(found.value[0], abs=1e-4)

    @pytest.mark.parametrize("seed", range(12))
    def test_equilibria_of_random_games_are_certified_by_the_checker(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        table = random_table(rng, 3, players=2 + (seed % 3 == 0), most=30, merge=bool(seed % 2))
        for draw in (0, 2):
            found = nash_equilibria(table.game, table.chance, table.payoff, draw=draw)
            columns = [draw] * found.strategy.shape[1]
            one = replace(table, chance=table.chance[:, columns], payoff=table.payoff[:, :, columns])
            gain, value = checked_gains(one, found.strategy)
            assert gain == pytest.approx(found.gain, abs=1e-12)
            assert value == pytest.approx(found.value, abs=1e-12)
            assert found.certified.all()
            assert (gain <= 1e-6).all()

    @pytest.mark.parametrize("seed", [3, 4, 13, 17, 22])
    def test_a_merged_game_has_the_equilibria_of_its_tree(self, seed: int) -> None:
        table: Table = random_table(np.random.default_rng(seed), players=2, most=22, merge=True)
        tree = unfolded(table)
        assert tree.game.nodes > table.game.nodes
        one = nash_equilibria(table.game, table.chance, table.payoff)
        other = nash_equilibria(tree.game, tree.chance, tree.payoff)
        assert one.strategy.tolist() == other.strategy.tolist()
