"""Every game of the catalogue of Gambit: read, solved, written so that Gambit reads it back, retold."""

from __future__ import annotations

import io

import numpy as np
import pytest

import parley
from parley.errors import GameError
from parley.game import evaluate
from parley.game.efg import to_efg
from parley.game.efg_reader import parse_efg
from parley.game.model import Game
from parley.game.nfg import parse_nfg, to_nfg
from parley.game.retelling import retell
from parley.game.tree import Tree, game_of
from parley.solve import Solution, Status, solve_arrays, tables_of
from parley.solve.solution import ANSWERED

gambit = pytest.importorskip("pygambit")
catalog = pytest.importorskip("pygambit.catalog")
SLUGS = list(catalog.games()["Game"])


def tree_of(slug: str) -> Tree:
    loaded = catalog.load(slug)
    strategic = type(loaded).__name__ == "StrategicGame"
    return parse_nfg(loaded.to_nfg()) if strategic else parse_efg(loaded.to_efg())


def written(game: Game) -> tuple[str, str, Solution]:
    table = tables_of(game, evaluate(game.program, np.zeros((0, 1))))
    numbers = (table.chance[:, 0], table.payoff[:, :, 0])
    found = solve_arrays(game, table.chance, table.payoff, table.precision / table.stake, stake=table.stake)
    return to_efg(game, *numbers), to_nfg(game, *numbers), found


@pytest.mark.parametrize("slug", SLUGS)
def test_a_game_of_the_catalogue_makes_the_round_trip(slug: str) -> None:
    tree = tree_of(slug)
    game = game_of(tree)
    extensive, strategic, found = written(game)
    assert found.certificate.status[0] in ANSWERED
    gambit.read_nfg(io.StringIO(strategic))
    back = parse_efg(gambit.read_efg(io.StringIO(extensive)).to_efg())
    assert [(each.player, each.labels, each.chances) for each in back.places] == [
        (each.player, each.labels, each.chances) for each in tree.places
    ]
    if not game.ordered:
        with pytest.raises(GameError, match="no order of time"):
            retell(tree, slug)
        return
    told = parley.compile(parley.loads("parley: 1\ntitle: t\n" + retell(tree, slug), "t.yaml"))
    if found.certificate.status[0] == Status.CONVERGED:
        np.testing.assert_allclose(written(told)[2].value, found.value, rtol=1e-9, atol=1e-9)
