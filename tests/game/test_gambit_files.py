"""Gambit's files: what is read, what is refused and where, what is written."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import parley
from parley.errors import GameError
from parley.game import evaluate
from parley.game.efg import to_efg
from parley.game.efg_reader import parse_efg, read_efg
from parley.game.gambit_tokens import FileFault
from parley.game.model import Game
from parley.game.nfg import parse_nfg, read_nfg, to_nfg
from parley.game.retelling import retell
from parley.solve import Tables, tables_of

HEAD = 'EFG 2 R "t" { "A" } '
POKER = """EFG 2 R "poker" { "Alice" "Bob" }
c "" 1 "card" { "King" 1/3 "Queen" 2/3 } 9 "ante" { -1 1 }
p "" 1 1 "king" { "bet" "fold" } 0
p "" 2 1 "answer" { "call" "give up" } 0
t "" 1 "" { 2 -2 } t "" 2 "" { 1 -1 } t "" 3 "" { -1 1 }
p "" 1 2 "queen" { "bet" "fold" } 0
p "" 2 1 0 t "" 4 "" { -2, 2, } t "" 2 t "" 3
"""
DRIVER = HEAD + 'p "" 1 1 "" { "B" "E" } 0 p "" 1 1 0 t "" 1 "" { 1 } t "" 2 "" { 4 } t "" 0'


def numbers(game: Game) -> Tables:
    return tables_of(game, evaluate(game.program, np.zeros((0, 1))))


def written(game: Game) -> str:
    table = numbers(game)
    return to_efg(game, table.chance[:, 0], table.payoff[:, :, 0])


@pytest.mark.parametrize(
    ("text", "value"),
    [("1/3", "1/3"), (".5", "1/2"), ("-.5", "-1/2"), ("5.", "5"), ("2.5e-1", "1/4"), ("-2e3", "-2000")],
)
def test_numbers_are_exact(text: str, value: str) -> None:
    assert parse_efg(f'{HEAD}t "" 1 "" {{ {text} }}').spots[0].pay == (Fraction(value),)


@pytest.mark.parametrize("text", ["+2", "1/0", "1/-2", ".5e1", "1_0", "inf", "0x10", "-", ".", "1e", "1e999"])
def test_numbers_that_gambit_refuses_are_refused(text: str) -> None:
    with pytest.raises(FileFault, match=r"^game\.efg:1:\d+: "):
        parse_efg(f'{HEAD}t "" 1 "" {{ {text} }}', "game.efg")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (HEAD + '\nc "" 1 "" { "a" 0.33 "b" 0.33 } 0', "2:17"),
        (HEAD + '\np "" 2 1 "" { "a" } 0', "2:6"),
        (HEAD + '\n t "" 7', "2:7"),
        (HEAD + '\nt "" 0 "" { 1 }', "2:8"),
        (HEAD + 'p "" 1 1 "" { "a" } 0\np "" 1 1 "" { "b" } 0', "2:15"),
        ("EFG 2 R { }", "1:9"),
        (HEAD + '\n# no comments\nt "" 0', "2:1"),
    ],
)
def test_faults_name_line_and_column(text: str, place: str) -> None:
    with pytest.raises(FileFault, match=f"^<text>:{place}: "):
        read_efg(text)


def test_inner_payoffs_add_up_and_recall_is_found() -> None:
    game = read_efg(POKER)
    assert game.ordered
    assert game.perfect_recall == (True, True)
    again = parse_efg(written(game))
    ends = [spot.pay for spot in again.spots if spot.place < 0]
    assert [tuple(map(int, pay or ())) for pay in ends[:3]] == [(1, -1), (0, 0), (-2, 2)]
    assert again.places[0].chances == (Fraction(1, 3), Fraction(2, 3))


def test_an_absent_minded_driver_is_read_and_has_no_order() -> None:
    game = read_efg(DRIVER)
    assert (game.ordered, game.perfect_recall, game.infosets) == (False, (False,), 1)
    with pytest.raises(GameError, match="twice without noticing"):
        retell(parse_efg(DRIVER), "driver.efg")


def test_a_retold_game_is_the_same_game() -> None:
    scenario = parley.loads("parley: 1\ntitle: poker\n" + retell(parse_efg(POKER), "poker.efg"), "poker.yaml")
    told, game = parley.compile(scenario), read_efg(POKER)
    assert told.infosets == game.infosets == 3
    ours, theirs = parse_efg(written(told)), parse_efg(written(game))
    assert [spot.pay for spot in ours.spots] == [spot.pay for spot in theirs.spots]
    assert [each.chances for each in ours.places] == [each.chances for each in theirs.places]


@pytest.mark.parametrize(
    "body", ["1 1 0 2 2 0 3 3", '{ { "a" 1, 1 } { "b" 0 2 } { "c" 2 0, } { "d" 3 3 } } 1 2 3 4']
)
def test_both_bodies_of_a_table_read_the_first_player_fastest(body: str) -> None:
    game = read_nfg(f'NFG 1 R "" {{ "row" "column" }} {{ 2 2 }} {body}')
    table = numbers(game)
    lines = to_nfg(game, table.chance[:, 0], table.payoff[:, :, 0]).splitlines()
    assert lines[1:] == ["1 1", "0 2", "2 0", "3 3"]


def test_a_table_must_end_where_its_cells_do() -> None:
    with pytest.raises(FileFault, match="end of the file"):
        parse_nfg('NFG 1 R "" { "A" } { 1 } 1 2')


def test_the_table_of_a_tree_is_reduced() -> None:
    game = read_efg(
        HEAD + 'p "" 1 1 "" { "a" "b" } 0 p "" 1 2 "" { "c" "d" } 0 '
        't "" 1 "" { 1 } t "" 2 "" { 2 } t "" 3 "" { 3 }'
    )
    table = numbers(game)
    text = to_nfg(game, table.chance[:, 0], table.payoff[:, :, 0])
    assert '{ "a / c" "a / d" "b / *" }' in text
    assert text.splitlines()[1:] == ["1", "2", "3"]
