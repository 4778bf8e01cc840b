"""Best replies and NashConv: no strategy does better, and plain NumPy finds the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.poker import kuhn, leduc
from parley.errors import SolveError
from parley.solve import best_reply, nash_conv
from tests.solve.games import Table, random_table
from tests.solve.textbook import action, checked_gains, entry, horse, mixed, unfolded, uniform

SEEDS = st.integers(0, 100_000)


def some_game(seed: int, draws: int = 3) -> tuple[Table, np.random.Generator]:
    rng = np.random.default_rng(seed)
    return random_table(rng, draws, players=int(rng.integers(1, 5)), most=80, merge=bool(seed % 2)), rng


def test_uniform_behaviour_in_poker_is_as_far_from_equilibrium_as_openspiel_says() -> None:
    # pyspiel.nash_conv of UniformRandomPolicy, OpenSpiel 2.0.2
    for table, published in ((kuhn(), 0.9166666666666666), (leduc(), 4.747222222222222)):
        found = nash_conv(table.game, table.chance, table.payoff, uniform(table.game))
        assert found == pytest.approx([published], abs=1e-12)


def test_poker_has_the_size_that_openspiel_gives_it() -> None:
    for table, nodes, infosets, ends in ((kuhn(), 58, 12, 30), (leduc(), 9457, 936, 5520)):
        game = table.game
        assert (game.nodes, game.infosets) == (nodes, infosets)
        assert int((game.node_kind == 0).sum()) == ends


@settings(max_examples=30)
@given(seed=SEEDS)
def test_a_best_reply_is_worth_what_it_says_and_no_strategy_is_worth_more(seed: int) -> None:
    table, rng = some_game(seed)
    game = table.game
    behaviour = mixed(game, rng, 3)
    _, now = checked_gains(table, behaviour)
    own = np.repeat(game.infoset_player, np.diff(game.infoset_first_action))
    for player, name in enumerate(game.players):
        reply = best_reply(game, table.chance, table.payoff, behaviour, name)
        _, value = checked_gains(table, reply.strategy)
        assert reply.value == pytest.approx(value[player], abs=1e-12)
        assert reply.gain == pytest.approx(value[player] - now[player], abs=1e-12)
        assert (reply.strategy[own != player] == behaviour[own != player]).all()
        assert np.isin(reply.strategy[own == player], (0.0, 1.0)).all()
        for _ in range(20):
            other = np.where((own == player)[:, None], mixed(game, rng, 3), behaviour)
            _, value = checked_gains(table, other)
            assert (value[player] <= reply.value + 1e-12).all()


@settings(max_examples=30)
@given(seed=SEEDS)
def test_nash_conv_is_that_of_plain_numpy_and_of_the_unmerged_tree(seed: int) -> None:
    table, rng = some_game(seed)
    behaviour = mixed(table.game, rng, 3)
    found = nash_conv(table.game, table.chance, table.payoff, behaviour)
    assert (found >= 0.0).all()
    assert found == pytest.approx(checked_gains(table, behaviour)[0].sum(axis=0), abs=1e-12)
    tree = unfolded(table)
    assert found == pytest.approx(nash_conv(tree.game, tree.chance, tree.payoff, behaviour), abs=1e-12)


@settings(max_examples=10)
@given(seed=SEEDS)
def test_a_draw_alone_has_the_same_bits(seed: int) -> None:
    table, rng = some_game(seed, 11)
    behaviour = mixed(table.game, rng, 11)
    whole = nash_conv(table.game, table.chance, table.payoff, behaviour)
    reply = best_reply(table.game, table.chance, table.payoff, behaviour, 0)
    for draw in (0, 7, 10):
        one = (table.chance[:, [draw]], table.payoff[:, :, [draw]], behaviour[:, [draw]])
        assert nash_conv(table.game, *one).tobytes() == whole[[draw]].tobytes()
        alone = best_reply(table.game, *one, 0)
        assert alone.value.tobytes() == reply.value[[draw]].tobytes()
        assert alone.strategy.tobytes() == np.ascontiguousarray(reply.strategy[:, [draw]]).tobytes()


def test_sets_need_not_be_numbered_in_the_order_of_time() -> None:
    table = horse()  # "three" is numbered before "two", which comes before it
    game = table.game
    assert game.infoset_label.index("three") < game.infoset_label.index("two")
    behaviour = mixed(game, np.random.default_rng(2))
    gain = checked_gains(table, behaviour)[0]
    assert nash_conv(game, table.chance, table.payoff, behaviour) == pytest.approx(
        gain.sum(axis=0), abs=1e-12
    )
    reply = best_reply(game, table.chance, table.payoff, behaviour, 1)
    assert reply.gain == pytest.approx(gain[1], abs=1e-12)
    assert reply.gain[0] > 0.01


def test_of_equal_actions_the_first_is_taken() -> None:
    table = entry()
    behaviour = uniform(table.game)  # entering brings 0 on average, as staying out does
    reply = best_reply(table.game, table.chance, table.payoff, behaviour, 0)
    assert reply.strategy[action(table, "rival", "enter")] == 1.0


def test_what_is_wrong_is_named() -> None:
    table = entry()
    game, behaviour = table.game, uniform(table.game)
    with pytest.raises(SolveError, match="no player 'nobody', only 'player 0', 'player 1'"):
        best_reply(game, table.chance, table.payoff, behaviour, "nobody")
    with pytest.raises(SolveError, match="no player 2: they are numbered 0 to 1"):
        best_reply(game, table.chance, table.payoff, behaviour, 2)
    with pytest.raises(SolveError, match=r"strategy has shape \(3, 1\), but the game asks for \(4, 1\)"):
        nash_conv(game, table.chance, table.payoff, behaviour[:3])
    with pytest.raises(SolveError, match="strategy has a negative number, or shares"):
        nash_conv(game, table.chance, table.payoff, behaviour * 1.1)
    with pytest.raises(SolveError, match="not a finite number"):
        nash_conv(game, table.chance, table.payoff * np.nan, behaviour)
    forgetful = replace(game, perfect_recall=(True, False))
    with pytest.raises(SolveError, match="player 1 has imperfect recall"):
        nash_conv(forgetful, table.chance, table.payoff, behaviour)
    assert best_reply(forgetful, table.chance, table.payoff, behaviour, 0).value == [0.0]
    deck = kuhn()
    with pytest.raises(SolveError, match="chance has a negative number, or shares"):
        nash_conv(deck.game, deck.chance * 0.9, deck.payoff, uniform(deck.game))


PLAIN = """
import json
import numpy as np
from benchmarks.poker import kuhn
from parley.solve import best_reply, level_k, nash_conv, solve_zero_sum
from tests.solve.games import random_table
from tests.solve.textbook import mixed
table = kuhn()
found = solve_zero_sum(table.game, table.chance, table.payoff, target=0.0, limit=40)
print(json.dumps([each.hex() for each in found.strategy.ravel().tolist()]))
rng = np.random.default_rng(4)
table = random_table(rng, 2, players=3, most=60)
behaviour = mixed(table.game, rng, 2)
arrays = (table.game, table.chance, table.payoff)
print(json.dumps([each.hex() for each in nash_conv(*arrays, behaviour).tolist()]))
print(json.dumps([each.hex() for each in best_reply(*arrays, behaviour, 1).value.tolist()]))
levels = level_k(*arrays, 2, noisy=True, precision=table.lam(7.0, 2))
print(json.dumps([each.hex() for each in levels.strategy.ravel().tolist()]))
"""


def test_compiled_code_has_the_bits_of_plain_python() -> None:
    found = []
    for plain in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": plain}
        done = subprocess.run(
            [sys.executable, "-c", PLAIN], capture_output=True, text=True, check=True, env=environment
        )
        found.append([json.loads(line) for line in done.stdout.splitlines()])
    assert found[0] == found[1]
    assert len(found[0]) == 4
