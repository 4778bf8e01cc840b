"""Reach, beliefs and values at every node and set, for Gambit's own answers: both must measure the same."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

import parley
from parley.game import Game
from parley.solve.at import numbers_of
from parley.solve.profile import Profile, profile

gambit = pytest.importorskip("pygambit")
catalog = pytest.importorskip("pygambit.catalog")
from tests.crosscheck.gambit_games import History, history  # noqa: E402

FOLDER = Path(catalog.__file__).parent / "catalog_data"
TEXTS = {
    file.relative_to(FOLDER).as_posix(): file.read_text(encoding="utf-8")
    for file in sorted(FOLDER.rglob("*.efg"))
}
# Payoffs at inner nodes, an event that never happens, a set that spans depths.
TEXTS["by hand"] = """EFG 2 R "" { "A" "B" } c "" 1 "" { "x" 1/3 "y" 2/3 "z" 0 } 9 "" { -1 1/7 }
p "" 1 1 "" { "a" "b" } 4 "" { 3 -3 } p "" 2 1 "" { "l" "r" } 0 t "" 1 "" { 1 0 } t "" 2 "" { 0 1 }
t "" 3 "" { 1/2 1/2 }
p "" 2 1 0 t "" 5 "" { 2 2 } p "" 1 2 "" { "a" "b" } 0 t "" 6 "" { 0 1 } t "" 7 "" { 5 0 }
p "" 1 3 "" { "a" "b" } 0 t "" 1 t "" 2
"""
EXACT = 1e-12


def histories(game: Game) -> list[History]:
    """The path to every node of a tree."""
    found: list[History] = [()] * game.nodes
    for node in range(game.nodes):
        for edge in range(game.node_first_edge[node], game.node_first_edge[node + 1]):
            found[game.edge_child[edge]] = (*found[node], game.edge_label[edge])
    return found


def members(game: Game, infoset: int) -> range:
    return range(*game.infoset_first_node[infoset : infoset + 2].tolist())


class Pair:
    """One game, one strategy profile, two measurements."""

    def __init__(self, text: str, lam: float) -> None:
        self.game = parley.read_game("game.efg", text)
        self.paths = histories(self.game)
        peer = gambit.read_efg(io.StringIO(text))
        self.theirs = gambit.qre.logit_solve_lambda(peer, lam=[lam])[0].profile
        self.heads = {history(each) for each, _ in self.theirs.infoset_values}
        numbers = numbers_of(self.game)
        precision = np.full((len(self.game.players), 1), lam)
        self.ours: Profile = profile(self.game, numbers.chance, numbers.payoff, self.strategy(), precision)

    def head(self, infoset: int) -> History:
        """The node by which Gambit names a set."""
        nodes = (self.paths[self.game.infoset_node[each]] for each in members(self.game, infoset))
        return next(path for path in nodes if path in self.heads)

    def strategy(self) -> np.ndarray:
        found = np.zeros((self.game.actions, 1))
        for infoset in range(self.game.infosets):
            mix = dict(self.theirs[gambit.H.path(*self.head(infoset))])
            for action in range(*self.game.infoset_first_action[infoset : infoset + 2].tolist()):
                found[action] = mix[self.game.action_label[action]]
        return found


@pytest.fixture(scope="module", params=TEXTS)
def pair(request: pytest.FixtureRequest) -> Pair:
    return Pair(TEXTS[request.param], 1.0)


def test_nodes_are_reached_and_worth_the_same(pair: Pair) -> None:
    reach = {history(each): value for each, value in pair.theirs.realiz_probs}
    worth = {
        player: {history(each): value for each, value in values}
        for player, values in pair.theirs.history_values
    }
    for node, path in enumerate(pair.paths):
        assert pair.ours.reach[node, 0] == pytest.approx(reach[path], abs=EXACT)
        for player, name in enumerate(pair.game.players):
            ours = pair.ours.node_value[node, player, 0]
            assert ours == pytest.approx(worth[name][path], abs=EXACT)


def test_sets_are_reached_and_believed_and_worth_the_same(pair: Pair) -> None:
    theirs, ours, game = pair.theirs, pair.ours, pair.game
    belief = {history(each): value for each, value in theirs.beliefs}
    reach = {history(each): value for each, value in theirs.infoset_probs}
    values = {history(each): value for each, value in theirs.infoset_values}
    regrets = {history(each): value for each, value in theirs.infoset_regrets}
    actions = {history(each): dict(value) for each, value in theirs.action_values}
    payoff = numbers_of(game).payoff[:, :, 0]
    for infoset in range(game.infosets):
        head, nodes = pair.head(infoset), members(game, infoset)
        assert ours.infoset_reach[infoset, 0] == pytest.approx(reach[head], abs=EXACT)
        if values[head] is None:
            assert np.isnan(ours.infoset_value[infoset, 0])
            continue
        # where a set is come to twice on one path, Gambit's beliefs sum to more than one
        often = sum(ours.reach[game.infoset_node[each], 0] for each in nodes) / ours.infoset_reach[infoset, 0]
        # what a node itself pays is paid on leaving it here, and is no part of an action's value in Gambit
        here = sum(
            ours.belief[each, 0] * payoff[row, game.infoset_player[infoset]]
            for each in nodes
            for row in [game.edge_payoff[game.node_first_edge[game.infoset_node[each]]]]
        )
        for each in nodes:
            path = pair.paths[game.infoset_node[each]]
            assert often * ours.belief[each, 0] == pytest.approx(belief[path], abs=EXACT)
        value = often * (ours.infoset_value[infoset, 0] - here)
        assert value == pytest.approx(values[head], abs=EXACT)
        assert often * ours.infoset_regret[infoset, 0] == pytest.approx(regrets[head], abs=EXACT)
        for action in range(*game.infoset_first_action[infoset : infoset + 2].tolist()):
            value = often * (ours.action_value[action, 0] - here)
            assert value == pytest.approx(actions[head][game.action_label[action]], abs=EXACT)


def test_the_catalogue_has_a_set_that_is_come_to_twice() -> None:
    driver = Pair(TEXTS["journals/geb/gilboa1997/fig1.efg"], 0.5)
    assert driver.ours.infoset_reach[0, 0] == pytest.approx(1.0)
    assert driver.ours.belief.sum() == pytest.approx(1.0)
    assert driver.ours.reach[driver.game.infoset_node].sum() > 1.5
