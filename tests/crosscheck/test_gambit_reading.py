"""Files that are almost right: Gambit and we take the same ones, and take them to mean the same."""

from __future__ import annotations

import io
import random
import re

import pytest

from parley.game.efg_reader import parse_efg
from parley.game.gambit_tokens import FileFault
from parley.game.nfg import parse_nfg
from parley.game.numerals import rational
from parley.game.tree import Tree

gambit = pytest.importorskip("pygambit")

SEEDS = [
    """EFG 2 R "poker" { "Alice" "Bob" } "a comment"
c "" 1 "card" { "King" 1/3 "Queen" 2/3 } 9 "ante" { -1 1 }
p "" 1 1 "king" { "bet" "fold" } 0
p "n1" 2 1 "answer" { "call" "give up" } 0
t "" 1 "" { 2 -2 } t "" 2 "win" { 1, -1, } t "" 3 "" { -1 1 }
p "" 1 2 "queen" { "bet" "fold" } 0
p "" 2 1 0 t "" 4 "" { -2.50, 2e0 } t "n2" 2 t "" 3
""",
    """EFG 2 D "one" { "A" }
p "" 1 1 "" { "a" "b" "c" } 0
t "" 1 "o" { 1.50 }
c "" 1 "" { "x" 0.25 "y" .75 } 0 t "" 0 t "" 1
p "" 1 7 "s" { "a" "a" } 2 "" { -1/2 } t "" 1 "o" { 1.50 } t "" 3 "" { 5. }
""",
]
TABLES = [
    'NFG 1 R "t" { "A" "B" } { { "a" "b" } { "x" "" } } "c" 1 2 3/4 4 -5.5 6 .5 8e-1\n',
    'NFG 1 D "t" { "A" "B" } { 2 2 }\n{ { "o" 1, 2 } { "" 3 4, } { "" 5, 6 } } 1 0 3 2\n',
]
WORDS = [
    *(
        "{",
        "}",
        ",",
        '"',
        '""',
        '"a"',
        '"c"',
        '"p"',
        '"t"',
        '"  "',
        '" x"',
        "c",
        "p",
        "t",
        "EFG",
        "NFG",
        "R",
        "D",
    ),
    *(
        "0",
        "1",
        "2",
        "3",
        "-1",
        "-0",
        "00",
        "1.0",
        ".5",
        "-.5",
        "5.",
        "1/2",
        "2/4",
        "-3/2",
        "1e0",
        "1E2",
        "2.5e-1",
    ),
    *(
        "0.5",
        "1.5/2",
        "1/0",
        "1/-2",
        ".5e1",
        "1_0",
        "inf",
        "nan",
        "0x1",
        "1e",
        "+1",
        "-",
        "--1",
        "1/",
        "x",
        "1x",
    ),
    *("2147483648", "\\", '\\"', '"\\"', '"\\\\"', '"a\\"b"', "#"),
]
SPLIT = re.compile(r'"(?:[^"\\]|\\.)*"|\s+|[{},]|[^\s{},"]+|"', re.DOTALL)
# Gambit's reader takes these for numbers; the first use of the game fails, or gets infinity.
UNSOUND = re.compile(r"(?<![\d.])-?\.(?!\d)|(?<!\S)-(?![\d.])|\d[eE][-+](?!\d)|-[eE/]")
PLUS = re.compile(r"\d[eE]\+\d")  # 17 takes it, 16 does not, and neither do we


def by_gambit(text: str) -> str | None:
    try:
        if text.lstrip().startswith("NFG"):
            return str(gambit.read_nfg(io.StringIO(text)).to_nfg())
        return str(gambit.read_efg(io.StringIO(text)).to_efg())
    except ValueError:
        return None


def by_us(text: str) -> Tree | None:
    try:
        return (parse_nfg if text.lstrip().startswith("NFG") else parse_efg)(text, "file")
    except FileFault:
        return None


def meaning(tree: Tree) -> object:
    """All that Gambit keeps: numbers of sets and outcomes are its own, payoffs are compared along paths."""
    sets = [(each.player, each.name, each.labels, each.chances) for each in tree.places]
    number: dict[int, int] = {}
    nodes = [
        (number.setdefault(spot.place, len(number)) if spot.place >= 0 else -1, spot.parent, spot.branch)
        for spot in tree.spots
    ]
    names = [spot.name for spot in tree.spots]
    pays = [spot.pay if spot.pay is None or any(spot.pay) else None for spot in tree.spots]
    return tree.players, sets, nodes, names, pays


def mutated(rng: random.Random, text: str) -> str:
    pieces = SPLIT.findall(text)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        at = rng.randrange(len(pieces))
        match rng.randrange(6):
            case 0:
                pieces[at] = rng.choice(WORDS)
            case 1:
                pieces.insert(at, f" {rng.choice(WORDS)} ")
            case 2:
                del pieces[at]
            case 3:
                pieces.insert(at, pieces[at])
            case 4:
                other = rng.randrange(len(pieces))
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case _:
                pieces[at] = pieces[at][: rng.randrange(len(pieces[at]) + 1)]
        pieces = pieces or [""]
    return "".join(pieces)


def sound(text: str) -> bool:
    # a quote that ends the file behind its last brace is the one thing unclosed that Gambit does not mind
    lone = text.rstrip().endswith('}"')
    return not (lone or UNSOUND.search(text) or PLUS.search(text) or not text.isascii())


@pytest.mark.parametrize("seed", range(20))
def test_what_gambit_takes_we_take_and_what_it_refuses_we_refuse(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(100):
        text = mutated(rng, rng.choice([*SEEDS, *TABLES]))
        if not sound(text):
            continue
        theirs, ours = by_gambit(text), by_us(text)
        assert (ours is None) == (theirs is None), text
        # Gambit does not write a backslash back as it read it
        if ours is not None and theirs is not None and "\\" not in text:
            again = by_us(theirs)
            assert again is not None
            if text.lstrip().startswith("NFG"):
                assert [spot.pay or (0, 0) for spot in again.spots if spot.place < 0] == [
                    spot.pay or (0, 0) for spot in ours.spots if spot.place < 0
                ], text
            else:
                assert meaning(again) == meaning(ours), text


@pytest.mark.parametrize(
    "label",
    ["a\u00a0b", "a\u200db", "\ue000", "é", "a\u2028b", "a\u0085b", "\u00a0a", "a\u3000\u3000b", "a\x7f"],
)
def test_the_same_texts_can_be_labels(label: str) -> None:
    text = f'EFG 2 R "" {{ "{label}" }} t "" 0'
    assert (by_us(text) is None) == (by_gambit(text) is None)


def test_numbers_that_only_gambit_17_takes_are_refused_with_a_hint() -> None:
    with pytest.raises(ValueError, match=r"leave out the '\+'"):
        rational("1.5e+2")
