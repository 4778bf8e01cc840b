"""Game trees: who decides, how wide, what is joined, and that they can be read."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.errors import FindingsError
from parley.report.figures.game import figure
from parley.report.pictures.nodes import Node, Tree, share, stroke
from parley.report.pictures.theme import LINES
from parley.report.pictures.tree import tree
from tests.report.pictures.boxes import HOSTILE, SVG, assert_clear, boxes
from tests.report.pictures.charts import GOLDEN, centipede, signalling


@pytest.mark.parametrize("theme", ["auto", "dark"])
@pytest.mark.parametrize(("name", "shown"), [("signalling", signalling()), ("centipede", centipede())])
def test_the_picture_is_known_byte_for_byte(name: str, shown: Tree, theme: str) -> None:
    golden = (GOLDEN / f"{name}-{theme}.svg").read_text(encoding="utf-8")
    assert tree(shown, theme) == golden, "python -m tests.report.pictures.charts, and look at it"


@pytest.mark.parametrize("shown", [signalling(), centipede()])
def test_nothing_covers_anything(shown: Tree) -> None:
    assert_clear(tree(shown))


def test_strokes_are_as_wide_as_play_is_likely_to_come() -> None:
    root = ET.fromstring(tree(signalling()))
    edges = [each for each in root.iter(f"{SVG}polyline") if each.attrib["points"].count(",") == 3]
    widths = sorted(float(each.attrib["stroke-width"]) for each in edges)
    ends = [node for node in signalling().nodes if node.parent is not None]
    wanted = sorted(round(0.8 + 5.2 * node.reach, 2) for node in ends)
    assert widths == pytest.approx(wanted)
    never = [each for each in edges if "stroke-dasharray" in each.attrib]
    assert len(never) == sum(1 for node in ends if node.reach == 0)
    assert stroke(2.0) == stroke(1.0)


def test_places_that_a_player_cannot_tell_apart_are_joined() -> None:
    def bands(shown: Tree) -> int:
        return sum(1 for _ in ET.fromstring(tree(shown)).iter(f"{SVG}path"))

    assert bands(signalling()) == 2
    alone = tuple(replace(node, group=place) for place, node in enumerate(signalling().nodes))
    assert bands(replace(signalling(), nodes=alone)) == 0
    said = [box.text for box in boxes(tree(centipede()))]
    assert said.count("move 7 (a)") == 1
    assert said.count("move 8 (a)") == 1
    assert any("same letter" in text for text in said)


def test_joined_places_stand_below_each_other() -> None:
    nodes = (
        Node(None, "decision", player=0, group=0),
        Node(0, "decision", "across", 0.5, 0.5, 1, group=1),
        Node(1, "end", "across", 0.5, 0.25, payoffs=(1.0, 1.0, 1.0)),
        Node(1, "decision", "down", 0.5, 0.25, 2, group=2),
        Node(3, "end", "left", 1.0, 0.25, payoffs=(1.0, 1.0, 1.0)),
        Node(0, "decision", "down", 0.5, 0.5, 2, group=2),
        Node(5, "end", "left", 1.0, 0.5, payoffs=(1.0, 1.0, 1.0)),
    )
    root = ET.fromstring(tree(Tree("Horse", ("a", "b", "c"), nodes)))
    band = next(root.iter(f"{SVG}path"))
    edges = [each.attrib["points"].split() for each in root.iter(f"{SVG}polyline")]
    below = {start for start, _, _ in edges}
    ends = [float(end.split(",")[0]) for _, _, end in edges if end in below]
    assert ends.count(max(ends)) == 2  # both of the third player's, behind the second's
    assert len(ends) == 3
    assert "C" not in band.attrib["d"]
    assert "V" in band.attrib["d"]  # straight down


def test_payoffs_stand_in_the_column_of_their_player() -> None:
    found = [box for box in boxes(tree(signalling())) if box.text == "-0.500"]
    assert len(found) == 8
    assert len({box.right for box in found}) == 1
    nodes = tuple(replace(node, payoffs=node.payoffs and (7.0,) * 5) for node in signalling().nodes)
    many = replace(signalling(), players=tuple("abcde"), nodes=nodes)
    assert not [box for box in boxes(tree(many)) if box.text == "7"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (1e-9, "<0.01"),
        (0.005, "0.01"),
        (0.5, "0.50"),
        (0.9949, "0.99"),
        (0.9951, ">0.99"),
        (1.0, "1"),
    ],
)
def test_a_probability_is_never_certain_unless_it_is(value: float, said: str) -> None:
    assert share(value) == said


WORDS = st.text("abc defghij WM<&", max_size=50)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    players = draw(st.integers(1, LINES))
    count = draw(st.integers(1, 40))
    parents: list[int | None] = [None]
    path = [0]  # from the first node to the last
    for place in range(1, count):
        path = path[: draw(st.integers(1, len(path)))]
        parents.append(path[-1])
        path.append(place)
    inner = set(parents)
    nodes = []
    for place, parent in enumerate(parents):
        kind = "decision" if place in inner else draw(st.sampled_from(["end", "more", "others"]))
        payoffs = tuple(draw(st.floats(-1e6, 1e6)) for _ in range(players)) if kind == "end" else ()
        player = draw(st.integers(0, players - 1)) if kind == "decision" else None
        nodes.append(
            Node(
                parent,
                kind,
                draw(WORDS) if parent is not None else "",
                draw(st.floats(0, 1)) if parent is not None else None,
                draw(st.floats(0, 1)),
                player,
                draw(WORDS),
                place if kind == "decision" else None,
                draw(WORDS) if kind == "end" else "",
                payoffs,
            )
        )
    return Tree(draw(WORDS), tuple(draw(WORDS) for _ in range(players)), tuple(nodes))


@settings(max_examples=60, deadline=None)
@given(trees())
def test_any_tree_is_drawn_clear(shown: Tree) -> None:
    svg = tree(shown)
    assert_clear(svg)
    assert len(svg.encode()) < 60_000


def test_it_asks_nothing_of_the_world() -> None:
    nodes = (
        Node(None, "decision", player=0, move=HOSTILE),
        Node(0, "end", HOSTILE, 0.5, 0.5, name=HOSTILE, payoffs=(1.0,)),
    )
    assert_clear(tree(Tree(HOSTILE, (HOSTILE,), nodes, (HOSTILE,), HOSTILE)))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Node(None, "dream"), "no kind of node"),
        (lambda: Node(None, "end", payoffs=(float("nan"),)), "no place in a picture"),
        (lambda: Tree("t", tuple("abcdefg"), (Node(None, "end"),)), "1 to 6 players"),
        (lambda: Tree("t", ("a",), ()), "has a node"),
        (lambda: Tree("t", ("a",), (Node(None, "end"), Node(1, "end"))), "node 1 has the parent 1"),
        (lambda: Tree("t", ("a",), (Node(0, "end"),)), "node 0 has the parent 0"),
        (lambda: Tree("t", ("a",), (Node(None, "decision", player=1),)), "of player 1 of 1"),
        (lambda: Tree("t", ("a",), (Node(None, "end", payoffs=(1.0, 2.0)),)), "2 payoffs for 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()


def test_more_players_than_marks_are_refused_with_the_number() -> None:
    with pytest.raises(FindingsError, match="6 players apart, this one has 7"):
        figure({"players": list("abcdefg"), "nodes": []}, "t")


def test_it_takes_30_ms() -> None:
    shown = signalling()
    tree(shown)
    began = time.process_time()
    for _ in range(20):
        tree(shown)
    assert (time.process_time() - began) / 20 < 0.030
