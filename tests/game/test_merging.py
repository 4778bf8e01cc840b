"""Merging identical futures changes nothing that can be measured."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.draws import sample
from parley.game.chance import Seen
from parley.game.compiler import options_of, pack
from parley.game.model import TERMINAL, Game
from parley.game.passes import edge_shares, expected, reach
from parley.game.policy import restrict
from parley.game.quantity import measure, meter
from parley.game.tracking import asked, quantities_in, tracked
from parley.game.walk import State, Walker
from parley.scenario.model import Scenario
from parley.solve import tables_of
from parley.study.work import registers_of
from tests.game.stories import ROUNDS, SIGNALS, scenario


class _Tree(Walker):
    """Walks without merging: every history is a node of its own."""

    counter = itertools.count()

    def _key(self, state: State) -> tuple[object, ...]:
        return (next(self.counter),)


def _games(text: str) -> tuple[Scenario, Game, Game]:
    story = scenario(text)
    games = [
        pack(kind(story, options_of(story, None), tracked(story), 100_000, Seen()).run())
        for kind in (Walker, _Tree)
    ]
    return story, games[0], games[1]


def _labelled(game: Game) -> list[tuple[str, str, str]]:
    """Name every action by move, knowledge and option: the same in both games."""
    return [
        (game.infoset_move[h], game.infoset_label[h], game.action_label[action])
        for h in range(game.infosets)
        for action in range(game.infoset_first_action[h], game.infoset_first_action[h + 1])
    ]


def _measured(story: Scenario, game: Game, strategy: np.ndarray) -> np.ndarray:
    calls = [call for each in asked(story) for call in quantities_in(each.expression.root, story)]
    prepared = meter(game, story, {}, calls)
    draws = sample(story, 16, seed=3)
    registers = registers_of(prepared, draws, np.arange(16))
    numbers = tables_of(game, registers)
    shares = edge_shares(game, numbers.chance, strategy)
    reached = reach(game, shares)
    assert np.allclose(reached[game.node_kind == TERMINAL].sum(axis=0), 1)
    value = expected(game, shares, numbers.payoff)
    return measure(prepared, registers, reached, numbers.payoff, shares, value)


@pytest.mark.parametrize("text", [SIGNALS, ROUNDS])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_merged_and_unmerged_games_measure_the_same(text: str, seed: int) -> None:
    story, merged, tree = _games(text)
    assert tree.nodes > merged.nodes if text == ROUNDS else tree.nodes == merged.nodes
    assert set(_labelled(merged)) == set(_labelled(tree))
    rng = np.random.default_rng(seed)
    mixes: dict[tuple[str, str], np.ndarray] = {}
    strategies = []
    for game in (merged, tree):
        rows: list[float] = []
        for h in range(game.infosets):
            key = (game.infoset_move[h], game.infoset_label[h])
            size = game.infoset_first_action[h + 1] - game.infoset_first_action[h]
            if key not in mixes:
                mixes[key] = rng.dirichlet(np.ones(size))
            rows.extend(mixes[key])
        strategies.append(np.repeat(np.array(rows)[:, None], 16, axis=1))
    ours = _measured(story, merged, strategies[0])
    theirs = _measured(story, tree, strategies[1])
    finite = ~np.isnan(theirs)
    assert np.array_equal(finite, ~np.isnan(ours))
    assert np.allclose(ours[finite], theirs[finite], rtol=1e-12, atol=1e-12)


def test_nodes_and_information_sets_are_in_the_order_of_time() -> None:
    for text in (SIGNALS, ROUNDS):
        _, game, _ = _games(text)
        parent = np.repeat(np.arange(game.nodes), np.diff(game.node_first_edge))
        assert (game.edge_child > parent).all()
        where = [
            game.infoset_node[game.infoset_first_node[h] : game.infoset_first_node[h + 1]].min()
            for h in range(game.infosets)
        ]
        assert where == sorted(where)


def test_a_policy_cuts_off_what_it_never_does() -> None:
    _, game, _ = _games(SIGNALS)
    shut = restrict(game, "shut")
    assert "talk" not in shut.game.infoset_move
    assert "press" not in shut.game.infoset_move
    mixed = restrict(game, "mixed").game
    assert mixed.nodes == game.nodes
    assert mixed.infosets == game.infosets - 2
    assert restrict(game, "free").game.nodes == game.nodes
