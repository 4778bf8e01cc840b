"""Files that are written stay in the subset that OpenSpiel reads too, and keep every number exactly."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import parley
from parley.errors import GameError
from parley.game import Game, evaluate
from parley.game.efg import to_efg
from parley.game.efg_reader import parse_efg, read_efg
from parley.game.nfg import parse_nfg, read_nfg, to_nfg
from parley.game.numerals import LARGEST_BITS, portable, rational, simplest, spelled
from parley.game.tree import Tree
from parley.solve import Tables, tables_of, tabulate
from tests.game.files import EXAMPLES, HEAD, POKER

TEXT = r'"[^"\\]*"'
WHOLE = r"-?\d+"
NUMBER = r"(?:-?\d+/\d+|-?\d*\.?\d*(?:[eE]-?\d+)?)"
LINES = {
    "head": rf"EFG 2 R {TEXT} \{{(?: {TEXT})+ \}}(?: {TEXT})?",
    "c": rf"c {TEXT} {WHOLE} {TEXT} \{{(?: {TEXT} {NUMBER})+ \}} 0",
    "p": rf"p {TEXT} [1-9]\d* [1-9]\d* {TEXT} \{{(?: {TEXT})+ \}} 0",
    "t": rf"t {TEXT} [1-9]\d* {TEXT} \{{(?: {NUMBER})+ \}}",
}


def numbers(game: Game) -> Tables:
    return tables_of(game, evaluate(game.program, np.zeros((0, 1))))


def written(game: Game) -> str:
    table = numbers(game)
    return to_efg(game, table.chance[:, 0], table.payoff[:, :, 0])


def leaves(tree: Tree) -> list[list[Fraction]]:
    """What is paid on the way to each end."""
    paid: list[list[Fraction]] = []
    for spot in tree.spots:
        before = paid[spot.parent] if spot.parent >= 0 else [Fraction(0)] * len(tree.players)
        paid.append([a + b for a, b in zip(before, spot.pay or [Fraction(0)] * len(before), strict=True)])
    return [paid[index] for index, spot in enumerate(tree.spots) if spot.place < 0]


def portable_lines(text: str) -> None:
    """Fail unless OpenSpiel's reader takes the file."""
    head, rest = re.match(rf"({LINES['head']})\n", text, re.DOTALL), ""
    assert head is not None
    rest = text[head.end() :]
    sets: dict[str, set[int]] = {}
    for line in rest.splitlines():
        assert re.fullmatch(LINES[line[0]], line), line
        for ratio in re.findall(r"(?<= )-?\d+/\d+(?= )", line):
            assert portable(ratio), line
        if line[0] == "p":
            player, number = re.sub(rf"^p {TEXT} ", "", line).split()[:2]
            sets.setdefault(player, set()).add(int(number))
    for found in sets.values():
        assert found == set(range(1, len(found) + 1))


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_file_that_is_written_is_in_the_common_subset_and_means_the_same(name: str) -> None:
    before = parse_efg(EXAMPLES[name])
    text = written(read_efg(EXAMPLES[name]))
    portable_lines(text)
    after = parse_efg(text)
    assert leaves(after) == leaves(before)
    assert [(spot.place, spot.parent, spot.branch) for spot in after.spots] == [
        (spot.place, spot.parent, spot.branch) for spot in before.spots
    ]
    assert [each.chances for each in after.places] == [each.chances for each in before.places]
    again = written(read_efg(text))  # outcomes without a name have got one
    assert written(read_efg(again)) == again


def test_a_written_file_reads_as_it_should() -> None:
    assert written(read_efg(POKER)).splitlines() == [
        'EFG 2 R "poker" { "Alice" "Bob" }',
        'c "" 1 "card" { "King" 1/3 "Queen" 2/3 } 0',
        'p "" 1 1 "king" { "bet" "fold" } 0',
        'p "" 2 1 "answer" { "call" "give up" } 0',
        't "" 1 "_1" { 1 -1 }',
        't "" 2 "_2" { 0 0 }',
        't "" 3 "_3" { -2 2 }',
        'p "" 1 2 "queen" { "bet" "fold" } 0',
        'p "" 2 1 "answer" { "call" "give up" } 0',
        't "" 4 "_4" { -3 3 }',
        't "" 2 "_2" { 0 0 }',
        't "" 3 "_3" { -2 2 }',
    ]


def test_words_of_the_file_are_kept() -> None:
    text = written(read_efg(EXAMPLES["odd"]))
    assert text.startswith(
        'EFG 2 R "odd \'words\' and / slashes" { "Å \'q\'" "a\'b_1" "a\'b_2" } "two\nlines"\n'
    )
    assert "{ 1/3 0.12345678901234567890123456789 1e-3 }" not in text  # half is paid before
    assert 'p "root" 1 1 ""' in text  # a name with quotes in it is left out
    assert 'c "" 1 "draw" { "x" 1/3 "y" 1/3 "z" 1/3 } 0' in text


@pytest.mark.parametrize(
    "numeral",
    [
        "1/3",
        "0.1",
        "1.50",
        "0.1234567890123456789012345678901234567890",
        "123456789/1000",
        "1e-300",
        "7/2147483647",
    ],
)
def test_a_number_comes_back_as_it_was_written(numeral: str) -> None:
    assert f"{{ {numeral} }}" in written(read_efg(f'{HEAD}t "" 1 "" {{ {numeral} }}'))


def test_a_fraction_too_long_for_openspiel_is_a_decimal_where_it_has_an_end() -> None:
    assert "{ 3086419725.25 }" in written(read_efg(f'{HEAD}t "" 1 "" {{ 12345678901/4 }}'))
    assert "{ 12345678901/3 }" in written(read_efg(f'{HEAD}t "" 1 "" {{ 12345678901/3 }}'))


def test_numbers_that_a_float_cannot_tell_apart_stay_apart() -> None:
    near = ["0.1", "0.1000000000000000055511151231257827", "0.10000000000000000001"]
    moves = " ".join(f'"{k}"' for k in range(3))
    ends = " ".join(f't "" {k + 1} "" {{ {text} }}' for k, text in enumerate(near))
    game = read_efg(f'{HEAD}p "" 1 1 "" {{ {moves} }} 0 {ends}')
    assert len(set(numbers(game).payoff[1:, 0, 0].tolist())) == 1
    assert leaves(parse_efg(written(game))) == [[Fraction(text)] for text in near]
    table = numbers(game)
    cells = to_nfg(game, table.chance[:, 0], table.payoff[:, :, 0]).splitlines()[1:]
    assert [rational(cell) for cell in cells] == [Fraction(text) for text in near]


def test_a_payoff_changed_in_the_table_is_written_as_changed() -> None:
    game = read_efg(f'{HEAD}t "" 1 "" {{ 1/3 }}')
    table = numbers(game)
    text = to_efg(game, table.chance[:, 0], 2 * table.payoff[:, :, 0])
    assert "{ 2/3 }" in text


def test_a_table_of_chances_is_exact() -> None:
    text = HEAD.replace('{ "A" }', '{ "A" "B" }')
    text += 'c "" 1 "" { "x" 1/3 "y" 2/3 } 0 p "" 1 1 "" { "a" "b" } 0 t "" 1 "" { 1/7 1 } t "" 0 '
    text += 'p "" 2 1 "" { "l" "r" } 0 t "" 2 "" { 0 1/11 } t "" 3 "" { 5 0 }'
    game = read_efg(text)
    table = numbers(game)
    again = parse_nfg(to_nfg(game, table.chance[:, 0], table.payoff[:, :, 0]))
    cells = {tuple(spot.pay or ()) for spot in again.spots if spot.place < 0}
    assert cells == {
        (Fraction(1, 21), Fraction(1, 3) + Fraction(2, 33)),
        (Fraction(0), Fraction(2, 33)),
        (Fraction(1, 21) + Fraction(10, 3), Fraction(1, 3)),
        (Fraction(10, 3), Fraction(0)),
    }


def test_a_table_is_reduced_where_the_sets_have_no_order() -> None:
    # as in a game of Jakobsen et al.: which of the two is first is a matter of chance
    moves = (
        'p "" 1 {a} "{a}" {{ "l" "r" }} 0 t "" 1 "" {{ 1 }} p "" 1 {b} "{b}" {{ "l" "r" }} 0 t "" 0 t "" 0 '
    )
    first, second = moves.format(a=1, b=2), moves.format(a=2, b=1).replace(' "" { 1 }', "")
    game = read_efg(HEAD + 'c "" 1 "" { "x" 1/2 "y" 1/2 } 0 ' + first + second)
    assert not game.ordered
    table = numbers(game)
    assert '{ "l / l" "l / r" "r / l" "r / r" }' in to_nfg(game, table.chance[:, 0], table.payoff[:, :, 0])


def test_a_scenario_has_no_file_and_the_simplest_numbers() -> None:
    scenario = parley.load("which-event-first")
    game = parley.compile(scenario)
    table = tabulate(game, parley.sample(scenario, 16, seed=1))
    text = to_efg(game, table.chance[:, 3], table.payoff[:, :, 3], title="one")
    portable_lines(text)
    tree = parse_efg(text)
    assert all(sum(each.chances) == 1 for each in tree.places if each.chances)


def test_exact_sums_have_an_end() -> None:
    below = [10**9 + 2 * k + 1 for k in range(3_000)]
    text = HEAD + "".join(
        f'p "" 1 {k} "" {{ "a" }} {k} "" {{ 1/{each} }} ' for k, each in enumerate(below, start=1)
    )
    game = read_efg(text + 't "" 0')
    with pytest.raises(GameError, match="more digits"):
        written(game)
    assert LARGEST_BITS < 3_000 * 29


@given(st.fractions())
def test_every_rational_is_spelled_exactly(value: Fraction) -> None:
    assert rational(spelled(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_simplest_rational_rounds_to_the_number(value: float) -> None:
    assert float(simplest(value)) == value


@given(st.lists(st.lists(st.fractions(max_denominator=50), min_size=2, max_size=2), min_size=4, max_size=4))
def test_any_table_makes_the_round_trip(cells: list[list[Fraction]]) -> None:
    body = " ".join(str(number) for cell in cells for number in cell)
    text = f'NFG 1 R "" {{ "row" "column" }} {{ 2 2 }} {body}'
    game = read_nfg(text)
    table = numbers(game)
    again = parse_nfg(to_nfg(game, table.chance[:, 0], table.payoff[:, :, 0]))
    assert [spot.pay for spot in again.spots] == [spot.pay for spot in parse_nfg(text).spots]
