"""Files that we write, read by OpenSpiel (`pip install open_spiel`; not in the lock: it is large)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import parley
from parley.game import Game, evaluate
from parley.game.efg import to_efg
from parley.game.efg_reader import read_efg
from parley.game.model import CHANCE, TERMINAL
from parley.solve import Tables, tables_of, tabulate
from tests.game.files import EXAMPLES

spiel = pytest.importorskip("pyspiel", reason="OpenSpiel is not installed (pip install open_spiel)")


def catalogue() -> dict[str, str]:
    """The games that pygambit ships, where it is installed too."""
    try:
        import pygambit.catalog as catalog
    except ImportError:
        return {}
    folder = Path(catalog.__file__).parent / "catalog_data"
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.rglob("*.efg"))}


GAMES = {**EXAMPLES, **catalogue()}


def same(game: Game, tables: Tables, folder: Path) -> int:
    """Write a game, load it, walk both; returns the number of nodes."""
    chance, payoff = tables.chance[:, 0], tables.payoff[:, :, 0]
    file = folder / "game.efg"
    file.write_text(to_efg(game, chance, payoff), encoding="utf-8")
    state = spiel.load_game(f"efg_game(filename={file})").new_initial_state()
    sets: dict[str, int] = {}
    waiting = [(state, 0, np.zeros(len(game.players)))]
    nodes = 0
    while waiting:
        state, node, paid = waiting.pop()
        nodes += 1
        edges = range(game.node_first_edge[node], game.node_first_edge[node + 1])
        if game.node_kind[node] == TERMINAL:
            assert state.is_terminal()
            np.testing.assert_allclose(state.returns(), paid + payoff[game.node_payoff[node]], rtol=1e-12)
            continue
        # ids of actions go by label over the whole file; the children stand in the order of the list
        moves = state.legal_actions()
        assert len(moves) == len(edges)
        if game.node_kind[node] == CHANCE:
            shares = [share for _, share in state.chance_outcomes()]
            np.testing.assert_allclose(shares, chance[edges.start : edges.stop], rtol=1e-12)
        else:
            infoset = int(game.node_infoset[node])
            assert state.current_player() == game.infoset_player[infoset]
            assert sets.setdefault(state.information_state_string(), infoset) == infoset
        for move, edge in zip(moves, edges, strict=True):
            row = payoff[game.edge_payoff[edge]]
            waiting.append((state.child(move), int(game.edge_child[edge]), paid + row))
    assert len(sets) == len(set(sets.values()))
    return nodes


@pytest.mark.parametrize("name", GAMES)
def test_a_game_that_is_written_is_the_same_for_openspiel(name: str, tmp_path: Path) -> None:
    game = read_efg(GAMES[name])
    assert same(game, tables_of(game, evaluate(game.program, np.zeros((0, 1)))), tmp_path) == game.nodes


@pytest.mark.parametrize("name", ["which-event-first"])
def test_a_reading_of_a_scenario_is_the_same_for_openspiel(name: str, tmp_path: Path) -> None:
    scenario = parley.load(name)
    game = parley.compile(scenario)
    assert same(game, tabulate(game, parley.sample(scenario, 16, seed=1)), tmp_path) >= game.nodes


def test_what_openspiel_exports_is_refused_only_for_its_rounded_probabilities() -> None:
    gambit = pytest.importorskip("open_spiel.python.algorithms.gambit", reason="no Python part of OpenSpiel")
    text = gambit.export_gambit(spiel.load_game("kuhn_poker"))
    with pytest.raises(parley.GameError, match=r"sum to 1 - 1e-16.*fractions such as 1/3"):
        parley.read_game("kuhn.efg", text)
    game = parley.read_game("kuhn.efg", text.replace("0.3333333333333333", "1/3"))
    assert (game.nodes, game.infosets) == (58, 12)
