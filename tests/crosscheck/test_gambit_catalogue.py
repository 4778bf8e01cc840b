"""Every game of the catalogue of Gambit: read, solved, written so that Gambit finds it equal, retold."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

import parley
from parley.errors import GameError
from parley.game import Game
from parley.game.efg import to_efg
from parley.game.gambit_files import read_tree
from parley.game.nfg import to_nfg
from parley.game.retelling import retell
from parley.solve import Status
from parley.solve.at import numbers_of
from parley.solve.solution import ANSWERED

gambit = pytest.importorskip("pygambit")
catalog = pytest.importorskip("pygambit.catalog")
from tests.crosscheck.gambit_games import describe, history  # noqa: E402

FOLDER = Path(catalog.__file__).parent / "catalog_data"
FILES = sorted(FOLDER.rglob("*.efg")) + sorted(FOLDER.rglob("*.nfg"))
EXTENSIVE = [file for file in FILES if file.suffix == ".efg"]
# The branch meets others before lambda 1 (such games are symmetric): going on is a choice.
FORKED = {"wichardt2008", "6x6_game_with_75_eq_small_payoffs", "fig5_10", "sec3"}
# No order of time: a player comes to a set twice, or two sets come before each other on different paths.
UNTIMED = {
    "books/shohamleytonbrown2008/fig5_12",
    "conf/itcs/jakobsen2016/fig1a",
    "conf/itcs/jakobsen2016/fig1c",
    "conf/itcs/jakobsen2016/fig3",
    "journals/geb/gilboa1997/fig1",
    "journals/geb/gilboa1997/fig2",
    "journals/mor/vonstengelforges2008/fig6",
}


def slug(file: Path) -> str:
    return file.relative_to(FOLDER).with_suffix("").as_posix()


def written(game: Game) -> tuple[str, str]:
    numbers = numbers_of(game)
    one = (numbers.chance[:, 0], numbers.payoff[:, :, 0])
    return to_efg(game, *one), to_nfg(game, *one)


def by_gambit(text: str) -> dict[tuple[str, ...], dict[str, float]]:
    """Gambit's mix at every information set, by the history of its first node."""
    game = gambit.read_efg(io.StringIO(text))
    profile = gambit.qre.logit_solve_lambda(game, lam=[1.0])[0].profile
    sets = [history(each) for each, _ in profile.infoset_values]
    return {each: dict(profile[gambit.H.path(*each)]) for each in sets}


def test_the_catalogue_is_there() -> None:
    assert len(FILES) >= 40
    assert {slug(file) for file in FILES}.issuperset(UNTIMED)


@pytest.mark.parametrize("file", FILES, ids=slug)
def test_lambda_one_is_solved_and_every_answer_has_a_status(file: Path) -> None:
    game = parley.read_game(file)
    found = parley.solve_at(game, 1)
    assert found.certificate.status[0] in (ANSWERED if file.stem in FORKED else [Status.CONVERGED])
    assert found.certificate.residual[0] <= 1e-9


@pytest.mark.parametrize("file", EXTENSIVE, ids=slug)
def test_a_tree_that_is_written_back_is_equal_for_gambit(file: Path) -> None:
    extensive, strategic = written(parley.read_game(file))
    theirs, ours = describe(gambit.read_efg(str(file))), describe(gambit.read_efg(io.StringIO(extensive)))
    assert list(ours) == list(theirs)
    for node, wanted in theirs.items():
        found = ours[node]
        assert (found.player, found.together, found.actions) == (
            wanted.player,
            wanted.together,
            wanted.actions,
        )
        assert found.chances == wanted.chances
        assert found.player is not None or found.paid == wanted.paid
    same_table(gambit.read_efg(str(file)), gambit.read_nfg(io.StringIO(strategic)))


@pytest.mark.parametrize("file", [file for file in FILES if file.suffix == ".nfg"], ids=slug)
def test_a_table_that_is_written_back_is_equal_for_gambit(file: Path) -> None:
    extensive, strategic = written(parley.read_game(file))
    theirs = gambit.read_nfg(str(file))
    same_table(theirs, gambit.read_nfg(io.StringIO(strategic)))
    same_table(theirs, gambit.read_efg(io.StringIO(extensive)))


def same_table(theirs: object, ours: object) -> None:
    """Compare reduced strategic forms exactly; the names of strategies are everybody's own."""
    for wanted, found in zip(theirs.to_arrays(), ours.to_arrays(), strict=True):  # type: ignore[attr-defined]
        assert found.shape == wanted.shape
        assert (found == wanted).all()


@pytest.mark.parametrize("file", EXTENSIVE, ids=slug)
def test_gambit_solves_the_written_file_as_it_solves_the_original(file: Path) -> None:
    again = by_gambit(written(parley.read_game(file))[0])
    before = by_gambit(file.read_text(encoding="utf-8"))
    assert again.keys() == before.keys()
    for each, mix in before.items():
        assert again[each] == pytest.approx(mix, abs=1e-9)


@pytest.mark.parametrize("file", FILES, ids=slug)
def test_a_retold_game_has_the_strategies_of_the_file(file: Path) -> None:
    tree = read_tree(file)
    if slug(file) in UNTIMED:
        with pytest.raises(GameError, match="no order of time"):
            retell(tree, file.name)
        return
    game = parley.read_game(file)
    told = parley.compile(parley.loads("parley: 1\ntitle: t\n" + retell(tree, file.name), "t.yaml"))
    pairs = matched(game, told)
    ours, theirs = parley.solve_at(told, 1), parley.solve_at(game, 1)
    if file.stem in FORKED:  # which way each of the two goes is its own business
        return
    assert ours.certificate.status[0] == Status.CONVERGED
    np.testing.assert_allclose(ours.value, theirs.value, rtol=1e-9, atol=1e-9)
    for infoset, other in pairs.items():
        first, last = game.infoset_first_action[infoset : infoset + 2]
        start, end = told.infoset_first_action[other : other + 2]
        np.testing.assert_allclose(ours.strategy[start:end], theirs.strategy[first:last], atol=1e-8)


def matched(game: Game, told: Game) -> dict[int, int]:
    """Walk both trees at once, passing over moves without a choice; sets must match one to one."""
    pairs: dict[int, int] = {}
    waiting = [(0, 0)]
    while waiting:
        node, other = waiting.pop()
        edges = range(game.node_first_edge[node], game.node_first_edge[node + 1])
        if len(edges) == 1:
            waiting.append((int(game.edge_child[edges[0]]), other))
            continue
        others = range(told.node_first_edge[other], told.node_first_edge[other + 1])
        if len(others) == 1:
            waiting.append((node, int(told.edge_child[others[0]])))
            continue
        assert len(edges) == len(others)
        infoset = int(game.node_infoset[node])
        if infoset >= 0:
            assert pairs.setdefault(infoset, int(told.node_infoset[other])) == told.node_infoset[other]
        waiting += [
            (int(game.edge_child[a]), int(told.edge_child[b])) for a, b in zip(edges, others, strict=True)
        ]
    assert len(set(pairs.values())) == len(pairs)
    return pairs
