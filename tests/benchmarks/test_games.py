"""The games that are measured are the games that the benchmarks say they are."""

from __future__ import annotations

import dataclasses
import doctest
import time
from collections.abc import Callable

import numpy as np
import pytest

import parley
from benchmarks import games
from benchmarks.games import (
    NODES,
    PLAYERS,
    Numbers,
    efg,
    endings,
    limited,
    limited_scenario,
    negotiation,
    numbers,
    residual,
    scenario,
)
from parley.game import evaluate
from parley.game.efg_reader import read_efg
from parley.game.model import DECISION, TERMINAL, Game
from parley.solve import Solution, solve_arrays, tables_of, tabulate
from parley.solve.verify import verify

ARRAYS = (
    "node_kind",
    "node_infoset",
    "node_payoff",
    "node_first_edge",
    "edge_child",
    "edge_action",
    "edge_chance",
    "edge_payoff",
    "payoff_register",
    "infoset_node",
)


def solved(game: Game, drawn: Numbers) -> Solution:
    return solve_arrays(game, drawn.chance, drawn.payoff, drawn.precision, stake=drawn.stake, threads=1)


def paired(one: Game, other: Game) -> tuple[list[int], dict[int, int]]:
    """Walk two games abreast: actions of ``one`` in the order of ``other``, endings of ``other`` by node."""
    sets: dict[int, int] = {}
    ends: dict[int, int] = {}
    stack, met = [(0, 0)], set()
    while stack:
        left, right = stack.pop()
        if (left, right) in met:
            continue
        met.add((left, right))
        assert one.node_kind[left] == other.node_kind[right]
        if one.node_kind[left] == TERMINAL:
            assert ends.setdefault(right, left) == left
        if one.node_kind[left] == DECISION:
            h, k = int(one.node_infoset[left]), int(other.node_infoset[right])
            assert sets.setdefault(k, h) == h
            assert one.infoset_player[h] == other.infoset_player[k]
        here, there = (g.node_first_edge[n : n + 2].tolist() for g, n in ((one, left), (other, right)))
        assert here[1] - here[0] == there[1] - there[0]
        pairs = zip(range(*here), range(*there), strict=True)
        stack += [(int(one.edge_child[a]), int(other.edge_child[b])) for a, b in pairs]
    assert len(set(sets.values())) == len(sets) == one.infosets == other.infosets
    actions = [2 * sets[k] + action for k in range(other.infosets) for action in (0, 1)]
    return actions, ends


@pytest.mark.parametrize("rounds", range(1, 8))
def test_sizes(rounds: int) -> None:
    game = negotiation(rounds)
    assert game.nodes == NODES[rounds]
    assert game.edges == game.nodes - 1
    assert (game.node_kind == TERMINAL).sum() == game.nodes // 2 + 1 == len(game.payoff_register) - 1
    assert game.actions == 2 * game.infosets
    assert len(game.action_label) == game.actions
    assert len(game.infoset_label) == len(game.infoset_move) == game.infosets
    assert len(game.edge_label) == game.edges
    assert len(game.chance_label) == game.nodes


@pytest.mark.parametrize("game", [negotiation(3), limited(6)])
def test_the_arrays_are_a_game(game: Game) -> None:
    """Edges lead forward, every node has a parent, members and sets agree, later sets do not precede."""
    owner = np.repeat(np.arange(game.nodes), np.diff(game.node_first_edge))
    assert (game.edge_child > owner).all()
    assert set(game.edge_child.tolist()) == set(range(1, game.nodes))
    assert (game.node_infoset[game.infoset_node] == np.repeat(np.arange(game.infosets), 2)).all()
    assert sorted(game.infoset_node.tolist()) == np.flatnonzero(game.node_kind == DECISION).tolist()
    moves = game.edge_action >= 0
    assert (game.node_infoset[owner[moves]] == game.edge_action[moves] // 2).all()
    earliest = np.array([game.infoset_node[2 * h : 2 * h + 2].min() for h in range(game.infosets)])
    assert (np.diff(earliest) > 0).all()


def test_draws_do_not_depend_on_their_number() -> None:
    game = negotiation(2)
    many, few = numbers(game, 6, seed=3), numbers(game, 2, seed=3)
    assert (many.first(2).payoff == few.payoff).all()
    assert (numbers(game, 2, seed=3, begin=4).payoff == many.payoff[..., 4:]).all()
    assert np.unique(many.payoff[1:]).size == many.payoff[1:].size
    assert np.abs(many.payoff).max() <= 2
    assert (numbers(game, 2, seed=4).payoff != few.payoff)[1:].all()


@pytest.mark.parametrize(
    ("text", "game", "rounds"),
    [
        (scenario, negotiation, 1),
        (scenario, negotiation, 2),
        (limited_scenario, limited, 1),
        (limited_scenario, limited, 3),
    ],
)
def test_the_scenario_is_the_same_game(
    text: Callable[[int], str], game: Callable[[int], Game], rounds: int
) -> None:
    story = parley.loads(text(rounds), path="negotiation.yaml")
    compiled, arrays = parley.compile(story), game(rounds)
    actions, ends = paired(arrays, compiled)
    draws = parley.sample(story, 16, seed=5)
    tables = tabulate(compiled, draws)
    own = numbers(arrays, 16)
    for there, here in ends.items():
        own.payoff[arrays.node_payoff[here]] = tables.payoff[compiled.node_payoff[there]]
    for row in (1, len(own.payoff) - 1):
        for player, name in enumerate(PLAYERS):
            assert (own.payoff[row, player] == draws.values[draws.parameters.index(f"x{row} {name}")]).all()
    assert np.abs(tables.precision / tables.stake - 5).max() == 0
    theirs = parley.solve(compiled, draws, threads=1)
    np.testing.assert_allclose(theirs.strategy, solved(arrays, own).strategy[actions], atol=1e-8)


def test_a_scenario_with_numbers_has_those_numbers() -> None:
    arrays = negotiation(2)
    own = numbers(arrays, 1)
    story = parley.loads(scenario(2, own.payoff[:, :, 0]), path="negotiation.yaml")
    compiled = parley.compile(story)
    actions, _ = paired(arrays, compiled)
    theirs = parley.solve(compiled, parley.sample(story, 16), threads=1)
    np.testing.assert_allclose(theirs.strategy[:, 3], solved(arrays, own).strategy[actions, 0], atol=1e-8)


def test_the_long_scenario_with_limited_memory_merges() -> None:
    own = numbers(limited(), 1)
    compiled = parley.compile(parley.loads(limited_scenario(payoff=own.payoff[:, :, 0]), path="limited.yaml"))
    assert (compiled.nodes, compiled.infosets) == (951, 375)
    paired(limited(), compiled)


def test_endings_are_listed_in_the_order_of_the_rows() -> None:
    listed = list(endings(2))
    assert [row for row, *_ in listed] == list(range(1, 73))
    assert listed[0] == (1, 1, 0, ((0, 0),))
    assert listed[7] == (8, 1, 1, ((1, 1),))
    assert listed[-1] == (72, 0, 1, ((1, 1), (1, 1)))


def test_the_file_for_gambit_is_the_same_game() -> None:
    arrays = negotiation(2)
    own = numbers(arrays, 3)
    game = read_efg(efg(arrays, own, 2))
    tables = tables_of(game, evaluate(game.program, np.empty((0, 1))))
    _, ends = paired(arrays, game)
    for there, here in ends.items():
        wanted = own.payoff[arrays.node_payoff[here], :, 2]
        np.testing.assert_array_equal(tables.payoff[game.node_payoff[there], :, 0], wanted)
    assert tables.chance[:2, 0].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_the_check_of_the_benchmark_agrees_with_that_of_parley(rounds: int) -> None:
    game = negotiation(rounds)
    drawn = numbers(game, 5)
    rng = np.random.default_rng(2)
    one = rng.uniform(0.02, 0.98, (game.infosets, 5))
    strategy = np.stack([one, 1 - one], axis=1).reshape(game.actions, 5)
    found = solved(game, drawn)
    theirs = verify(
        game,
        drawn.chance,
        drawn.payoff,
        drawn.precision,
        drawn.stake,
        dataclasses.replace(found, strategy=strategy),
    )
    np.testing.assert_allclose(residual(rounds, strategy, drawn), theirs.residual, rtol=1e-12)
    assert (residual(rounds, found.strategy, drawn) <= 1e-9).all()


def test_the_examples_of_the_builders() -> None:
    found = doctest.testmod(games)
    assert found.attempted >= 6
    assert found.failed == 0


def test_a_lean_builder() -> None:
    """Seven rounds in a blink: what is built is arrays, never objects per node."""
    begin = time.process_time()
    game = negotiation(7)
    assert time.process_time() - begin < 2.0
    assert sum(getattr(game, each).nbytes for each in ARRAYS) < 40 * game.nodes
