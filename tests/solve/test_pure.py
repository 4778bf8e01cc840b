"""Equilibria in pure strategies: textbook games, and nobody gains by any other pure strategy."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.poker import kuhn
from parley.errors import SolveError
from parley.solve import PureEquilibria, pure_equilibria
from tests.solve.games import Table, build, random_table
from tests.solve.textbook import action, beer_quiche, checked_gains, entry, horse, leaf, move


def pure(table: Table, draw: int = 0) -> PureEquilibria:
    return pure_equilibria(table.game, table.chance, table.payoff, draw=draw)


def matrix(*rows: tuple[tuple[float, float], ...]) -> Table:
    """Two players who choose at once; of each cell both payoffs."""
    replies = [move(1, "two", **{f"c{k}": leaf(*cell) for k, cell in enumerate(row)}) for row in rows]
    return build(move(0, "one", **{f"r{k}": each for k, each in enumerate(replies)}), 2)


@pytest.mark.parametrize(("strong", "pooling"), [(0.9, {"beer", "quiche"}), (0.3, set())])
def test_pooling_equilibria_as_cho_and_kreps_count_them(strong: float, pooling: set[str]) -> None:
    table = beer_quiche(strong)
    found = pure(table)
    assert found.profiles == 16
    assert len(set(found.play.tolist())) == len(pooling)
    for drink in pooling:
        rows = [action(table, kind, drink) for kind in ("strong", "weak")]
        assert (found.strategy[rows].min(axis=0) == 1.0).any()


def test_known_games() -> None:
    dilemma = pure(matrix(((2, 2), (0, 3)), ((3, 0), (1, 1))))
    assert dilemma.strategy.T.tolist() == [[0, 1, 0, 1]]
    assert dilemma.value.T.tolist() == [[1, 1]]
    meeting = pure(matrix(((2, 1), (0, 0)), ((0, 0), (1, 2))))
    assert sorted(meeting.value.T.tolist()) == [[1, 2], [2, 1]]
    assert pure(matrix(((1, 0), (0, 1)), ((0, 1), (1, 0)))).strategy.shape == (4, 0)
    assert pure(kuhn()).strategy.shape[1] == 0


def test_an_empty_threat_is_a_nash_equilibrium_and_is_told_apart() -> None:
    table = entry()
    found = pure(table)
    assert found.strategy.shape[1] == 2
    assert sorted(found.reached[1].tolist()) == [False, True]
    assert not found.ruled_out.any()
    assert sorted(found.play.tolist()) == [0, 1]


def test_the_horse_has_two_outcomes() -> None:
    table = horse()
    found = pure(table)
    down = found.strategy[action(table, "one", "D")]
    left = found.strategy[action(table, "three", "L")]
    assert set(zip(down.tolist(), left.tolist(), strict=True)) == {(1.0, 1.0), (0.0, 0.0)}


def test_what_a_player_has_ruled_out_itself_counts_once() -> None:
    """One who stays away decides nothing later: of four pure strategies three are different."""
    later = move(0, "later", a=leaf(1), b=leaf(1))
    found = pure(build(move(0, "first", go=later, stay=leaf(1)), 1))
    assert found.profiles == 4
    assert found.strategy.T.tolist() == [[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0]]
    assert found.ruled_out.T.tolist() == [[False, False], [False, False], [False, True]]
    assert found.play.tolist() == [0, 1, 2]


@settings(max_examples=30)
@given(seed=st.integers(0, 100_000))
def test_all_are_found_and_nothing_else(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = random_table(rng, 2, players=int(rng.integers(1, 4)), most=20, merge=bool(seed % 2))
    game = table.game
    count = np.diff(game.infoset_first_action)
    if not game.infosets or np.prod(count) > 600:
        return
    found = pure(table, draw=1)
    known = {tuple(each) for each in found.strategy.T.tolist()}
    one = Table(game, table.chance[:, 1:], table.payoff[:, :, 1:], table.parameters[:, 1:])
    stable = 0
    for choices in product(*(range(each) for each in count)):
        strategy = np.zeros((game.actions, 1))
        strategy[game.infoset_first_action[:-1] + np.array(choices)] = 1.0
        gain, value = checked_gains(one, strategy)
        if (gain <= 1e-9).all():
            stable += 1
            if tuple(strategy[:, 0].tolist()) in known:
                at = list(map(tuple, found.strategy.T.tolist())).index(tuple(strategy[:, 0].tolist()))
                assert found.value[:, at] == pytest.approx(value[:, 0], abs=1e-12)
                known.discard(tuple(strategy[:, 0].tolist()))
    assert not known  # each is one of them
    if not found.strategy.shape[1]:
        assert stable == 0


def test_what_is_too_large_is_refused() -> None:
    crowd = leaf(*[0.0] * 21)
    for player in range(21):
        crowd = move(player, f"p{player}", a=crowd, b=crowd)
    with pytest.raises(SolveError, match="2,097,152 pure profiles over 21 information sets"):
        pure(build(crowd, 21))
    with pytest.raises(SolveError, match="no draw 1"):
        pure(entry(), draw=1)


def test_a_game_without_decisions_has_one_profile() -> None:
    found = pure(build(leaf(1.0, 2.0), 2))
    assert (found.profiles, found.strategy.shape, found.value.T.tolist()) == (1, (0, 1), [[1, 2]])
