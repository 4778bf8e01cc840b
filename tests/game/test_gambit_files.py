"""Gambit's files: what is read, what is refused and where, how large they may be."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import parley
from parley.errors import GameError
from parley.game import Game, evaluate
from parley.game.efg import to_efg
from parley.game.efg_reader import parse_efg, read_efg
from parley.game.gambit_tokens import FileFault
from parley.game.nfg import parse_nfg, read_nfg, to_nfg
from parley.game.retelling import retell
from parley.solve import Tables, tables_of
from tests.game.files import DRIVER, EXAMPLES, HEAD, KUHN_DEAL, POKER


def numbers(game: Game) -> Tables:
    return tables_of(game, evaluate(game.program, np.zeros((0, 1))))


def written(game: Game) -> str:
    table = numbers(game)
    return to_efg(game, table.chance[:, 0], table.payoff[:, :, 0])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("1", "1"),
            ("-1", "-1"),
            ("1.5", "3/2"),
            (".5", "1/2"),
            ("-.5", "-1/2"),
            ("5.", "5"),
            ("1/2", "1/2"),
        ),
        *(
            ("-3/2", "-3/2"),
            ("1e0", "1"),
            ("1E2", "100"),
            ("2.5e-1", "1/4"),
            ("-2e3", "-2000"),
            ("00012", "12"),
        ),
        ("0.1234567890123456789012345678901234567890", "0.1234567890123456789012345678901234567890"),
        ("1e-400", "1e-400"),
    ],
)
def test_numbers_are_exact(text: str, value: str) -> None:
    assert parse_efg(f'{HEAD}t "" 1 "" {{ {text} }}').spots[0].pay == (Fraction(value),)


@pytest.mark.parametrize(
    "text",
    [
        *("+2", "+3/2", "1.5e+2", "1/0", "1/-2", ".5e1", "1_000", "inf", "nan", "0x10"),  # so does Gambit
        *("-", ".", "-.", "1e", "1e-", "1/"),  # Gambit reads some of these and fails later
        *("1e999", "1e999999999", "-1e400", "9" * 400),  # beyond float64
        *("9" * 1001, "0." + "1" * 1000, "1/" + "3" * 1000),  # longer than the limit
    ],
)
def test_numbers_that_are_refused_are_refused_at_once_and_in_place(text: str) -> None:
    started = time.process_time()
    with pytest.raises(FileFault, match=r"^game\.efg:1:\d+: "):
        parse_efg(f'{HEAD}t "" 1 "" {{ {text} }}', "game.efg")
    with pytest.raises(FileFault, match=r"^game\.nfg:1:\d+: "):
        parse_nfg(f'NFG 1 R "" {{ "A" }} {{ 1 }} {text}', "game.nfg")
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (HEAD + '\nc "" 1 "" { "a" 0.33 "b" 0.33 "c" 0.33 } 0', "2:17", "sum to 0.99, and must"),
        (HEAD + '\nc "" 1 "" { "a" -1 "b" 2 } 0', "2:17", "negative"),
        (HEAD + '\nc "" 1 "" { "a" 1e300 "b" 2 } 0', "2:17", "more than one"),
        (HEAD + '\np "" 2 1 "" { "a" } 0', "2:6", "no player 2"),
        (HEAD + '\np "" 1 1 0', "2:8", "before it is described"),
        (HEAD + '\n t "" 7', "2:7", "before it is described"),
        (HEAD + '\nt "" 0 "" { 1 }', "2:8", "outcome 0"),
        (HEAD + '\nt "" 1 "" { 1 2 }', "2:15", "after the payoffs"),
        (HEAD + '\nt "" 1 "" { }', "2:13", "payoff of 'A'"),
        (HEAD + 'p "" 1 1 "" { "a" } 0\np "" 1 1 "" { "b" } 0', "2:15", "other actions"),
        (HEAD + 'p "" 1 1 "" { "a" "b" } 0\np "" 1 1 "" { "b" "a" } 0', "2:15", "other actions"),
        (HEAD + 'p "" 1 1 "s" { "a" } 0\np "" 1 1 "s" 0', "2:14", "in braces"),
        (HEAD + 'p "" 1 1 "s" { "a" } 0\np "" 1 2 "s" { "a" } 0', "2:10", "called 's' already"),
        (HEAD + 'p "n" 1 1 "s" { "a" } 0\nt "n" 0', "2:3", "called 'n' already"),
        (HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 1 "" { 1 }\nt "" 1 "" { 1.0 }', "3:13", "other words"),
        (HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 1 "o" { 1 }\nt "" 1 "" { 1 }', "3:8", "called 'o'"),
        (HEAD + '\nt "" 2147483648 "" { 1 }', "2:6", "32 bits"),
        (HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 0\n', "3:1", "the file ends where a node is missing"),
        ("EFG 2 R { }", "1:9", "title"),
        ("\ufeff" + HEAD, "1:1", "byte order mark"),
        (HEAD + '\n# no comments\nt "" 0', "2:1", "begins with c, p or t"),
        (HEAD + '\n// no comments\nt "" 0', "2:1", "begins with c, p or t"),
        (HEAD + '\np"" 1 1 "" { "a" } 0', "2:1", "begins with c, p or t"),
        ('EFG 2 R "t" { "A" "B" }\n t "" 1 "" { 1,, 2 }', "2:16", "payoff of 'B'"),
        ('EFG 2 R "t" { "A", "B" } t "" 0', "1:18", "after the players"),
        ('EFG 2 R "t" { " A" } t "" 0', "1:15", "cannot be a label"),
        ('EFG 2 R "t" { "A  B" } t "" 0', "1:15", "cannot be a label"),
        ('EFG 2 R "t" { "A\\\\" } t "" 0', "1:26", "never closed"),
        (KUHN_DEAL, "2:22", "sum to 1 - 1e-16, and must sum to exactly one; rounded decimals"),
    ],
)
def test_faults_name_line_and_column_and_say_what_is_wrong(text: str, place: str, words: str) -> None:
    with pytest.raises(FileFault, match=f"^<text>:{place}: ") as fault:
        read_efg(text)
    assert words in str(fault.value)
    assert (fault.value.line, fault.value.column) == tuple(map(int, place.split(":")))


@pytest.mark.parametrize(
    "text",
    [
        'EFG 2 D "t" { "A" } t "" 0',
        'EFG\t2\r\nR "t"{"A"}t "" 0',
        HEAD + 't "" 0 and what follows { is ignored',
        HEAD + '"a comment" "t" "" 0',
        HEAD + 'c "" 0 "" { "a" 0.333333 "b" 0.333333 "c" 0.333334 "d" 0 } 0 t "" 0 t "" 0 t "" 0 t "" 0',
        HEAD + 'p "" 1 -7 "" { "a" "a" "" } 5 "x" { 1 } t "" 0 t "" 5 t "" 5 "x" { 1 }',
        'EFG 2 R "title\nof two  lines " { "é" "" "é" } t "" 1 "" { 1, 2 3, }',
        'EFG 2 R "t" { "A \\" \\n b" } t "" 0',
        HEAD + 'p "" 1 1 "" { "a" } 0t "" 0',
    ],
)
def test_oddities_that_gambit_takes_are_taken(text: str) -> None:
    assert parse_efg(text).players


def test_labels_are_renamed_as_gambit_does() -> None:
    tree = parse_efg(
        'EFG 2 R "" { "A" "A_1" "A" "" } p "" 1 1 "" { "" "" } 0 '
        't "" 1 "o" { 1 2 3 4 } t "" 2 "o" { 0 0 0 0 }'
    )
    assert tree.players == ("A_2", "A_1", "A_3", "_1")
    assert tree.places[0].labels == ("_1", "_2")
    assert [spot.outcome.name for spot in tree.spots if spot.outcome] == ["o_1", "o_2"]


def test_a_set_without_its_description_is_the_one_described_before() -> None:
    bare = 'p "" 1 1 "s" { "a" "b" } 0 p "" 1 1 0 t "" 0 t "" 0 t "" 0'
    full = bare.replace('p "" 1 1 0', 'p "" 1 1 "s" { "a" "b" } 0')
    assert parse_efg(HEAD + bare) == parse_efg(HEAD + full)


def test_the_usual_spelling_is_read_as_any_other() -> None:
    """Nodes in their usual spelling take a shorter way; with a comma or a tab elsewhere they do not."""
    text = POKER + ""
    other = text.replace('t "" 1 "" { 2 -2 }', 't "" 1 "" { 2e0 -2E0 }').replace('} 0\np ""', '} 00\np ""')
    usual, unusual = parse_efg(text), parse_efg(other)
    assert [spot.pay for spot in usual.spots] == [spot.pay for spot in unusual.spots]
    assert usual.places == unusual.places


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


def test_sets_without_an_order_are_named() -> None:
    moves = 'p "" 1 {a} "{c}" {{ "l" "r" }} 0 t "" 0 p "" 1 {b} "{d}" {{ "l" "r" }} 0 t "" 0 t "" 0 '
    text = HEAD + 'c "" 1 "" { "x" 1/2 "y" 1/2 } 0 '
    text += moves.format(a=1, b=2, c="ask", d="tell") + moves.format(a=2, b=1, c="tell", d="ask")
    with pytest.raises(GameError, match=r"'ask' and 'tell' each come before the other.*parley solve"):
        retell(parse_efg(text), "asks.efg")


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


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('NFG 1 R "" { "A" } { 1 } 1 2', "1:28"),
        ('NFG 1 R "" { "A" } { 2 } 1', "1:27"),
        ('NFG 1 R "" { "A" } { 2 } 1, 2', "1:27"),
        ('NFG 1 R "" { "A" } { 0 }', "1:22"),
        ('NFG 1 R "" { "A" } { 1 } { { "o" 1 } } 2', "1:40"),
        ('NFG 1 R "" { } { }', "1:19"),
    ],
)
def test_faults_of_a_table_have_their_place(text: str, place: str) -> None:
    with pytest.raises(FileFault, match=f"^<text>:{place}: "):
        parse_nfg(text)


def test_the_table_of_a_tree_is_reduced() -> None:
    game = read_efg(
        HEAD + 'p "" 1 1 "" { "a" "b" } 0 p "" 1 2 "" { "c" "d" } 0 '
        't "" 1 "" { 1 } t "" 2 "" { 2 } t "" 3 "" { 3 }'
    )
    table = numbers(game)
    text = to_nfg(game, table.chance[:, 0], table.payoff[:, :, 0])
    assert '{ "a / c" "a / d" "b / *" }' in text
    assert text.splitlines()[1:] == ["1", "2", "3"]


def test_a_file_says_its_form_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "Poker.EFG").write_text(POKER, encoding="utf-8")
    game = parley.read_game(tmp_path / "Poker.EFG")
    assert (game.players, game.infosets) == (("Alice", "Bob"), 3)
    assert parley.read_game("table.nfg", 'NFG 1 R "" { "A" } { 2 } 1 2').actions == 2
    with pytest.raises(GameError, match=r"'poker\.txt' must end in \.efg or \.nfg"):
        parley.read_game("poker.txt", POKER)
    with pytest.raises(FileNotFoundError):
        parley.read_game(tmp_path / "none.efg")


def test_bytes_that_are_no_text_have_their_place(tmp_path: Path) -> None:
    (tmp_path / "bad.efg").write_bytes('EFG 2 R "t" { "é" }\nt "é'.encode() + b'\xff" 0')
    with pytest.raises(FileFault, match=r"bad\.efg:2:5: this is not text in UTF-8"):
        parley.read_game(tmp_path / "bad.efg")


TOKENS = st.sampled_from(
    [
        *(
            "EFG",
            "NFG",
            "2",
            "1",
            "R",
            "D",
            "c",
            "p",
            "t",
            "{",
            "}",
            ",",
            '"',
            '""',
            '"a"',
            '"b c"',
            '" "',
            "\\",
        ),
        *(
            "0",
            "-1",
            "1/3",
            "2/3",
            ".5",
            "1e-3",
            "1e",
            "1e9999",
            "-",
            ".",
            "\n",
            "\x00",
            "\ufeff",
            "é",
            '\\"',
        ),
    ]
)


@given(
    st.sampled_from(["", HEAD, POKER, 'NFG 1 R "" { "A" } ']), st.lists(TOKENS, max_size=40), st.booleans()
)
def test_anything_at_all_is_read_or_refused_in_its_place(begin: str, tokens: list[str], tree: bool) -> None:
    text = begin + " ".join(tokens)
    read = parse_efg if tree else parse_nfg
    try:
        found = read(text, "f")
    except FileFault as fault:
        assert 1 <= fault.line <= text.count("\n") + 1  # noqa: PT017
        assert 1 <= fault.column <= len(text) + 1  # noqa: PT017
    else:
        assert found.spots


@given(st.sampled_from(list(EXAMPLES.values())), st.data())
def test_a_file_that_is_cut_or_changed_is_read_or_refused(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    changed = text[:at] + data.draw(st.text(max_size=3)) + text[at + data.draw(st.integers(0, 3)) :]
    try:
        game = parley.read_game("f.efg", changed)
    except FileFault:
        return
    assert game.nodes == len(parse_efg(written(game)).spots)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "{" * 1_000_000,
        HEAD + '"' * 999_999,
        'EFG 2 R "' + "\\" * 1_000_000,
        'EFG 2 R "" { ' + '"" ' * 300_000,
        "EFG 2 R " + " " * 1_000_000,
        HEAD + 'p "" 1 1 "" { ' + '"a" ' * 300_000,
        HEAD + 't "" 1 "" { ' + "1 " * 500_000,
        HEAD + 'c "" 1 "" { ' + " ".join(f'"{k}" 1/{10**9 + 2 * k + 1}' for k in range(20_000)) + "} 0",
        'NFG 1 R "" { "A" } { 99999 } ' + "1 " * 99_998,
    ],
    ids=lambda text: text[-20:],
)
def test_hostile_files_fail_fast(text: str) -> None:
    started = time.process_time()
    with pytest.raises(FileFault):
        (parse_nfg if text.startswith("NFG") else parse_efg)(text)
    assert time.process_time() - started < 5


def test_a_tree_of_a_hundred_thousand_levels_is_read_and_written() -> None:
    deep = 100_000
    text = HEAD + "".join(f'p "" 1 {k} "" {{ "a" }} 0\n' for k in range(1, deep + 1)) + 't "" 1 "" { 7 }\n'
    game = read_efg(text)
    assert (game.nodes, game.ordered) == (deep + 1, True)
    register = evaluate(game.program, np.zeros((0, 1)))[:, 0]
    lines = to_efg(game, np.ones(game.edges), register[game.payoff_register]).splitlines()
    assert lines[-1] == 't "" 1 "_1" { 7 }'


def test_reading_takes_time_in_proportion_to_the_file() -> None:
    def seconds(sets: int) -> float:
        leaves = 't "" {n} "" {{ 0.{n} -1 }}\n'
        body = "".join(f'p "" 1 {k} "" {{ "a" "b" }} 0\n' + leaves.format(n=k) for k in range(1, sets + 1))
        text = 'EFG 2 R "" { "A" "B" }\n' + body + 't "" 0\n'
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            assert read_efg(text).nodes == 2 * sets + 1
            best = min(best, time.process_time() - started)
        return best

    assert seconds(20_000) < 40 * seconds(2_000)
