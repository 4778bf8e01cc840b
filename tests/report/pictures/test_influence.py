"""The picture of a story: who acts in it, who sees it, and that it can be read."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parley
from parley.report.figures.story import MOST, figure, of_story
from parley.report.pictures.influence import Box, Influence, Row, influence, rows_of
from parley.report.pictures.theme import LINES
from tests.report.pictures.boxes import HOSTILE, SVG, assert_clear
from tests.report.pictures.charts import GOLDEN, story

SHELF = Path(parley.__file__).parent / "catalog" / "scenarios"
STORIES = sorted(str(path) for path in SHELF.rglob("argument.md"))


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_the_picture_is_known_byte_for_byte(theme: str) -> None:
    golden = (GOLDEN / f"story-{theme}.svg").read_text(encoding="utf-8")
    assert influence(story(), theme) == golden, "python -m tests.report.pictures.charts, and look at it"


@pytest.mark.parametrize("path", STORIES, ids=lambda path: Path(path).parent.name)
def test_every_story_on_the_shelf_can_be_read(path: str) -> None:
    found = figure(parley.load(path))
    assert_clear(found.svg)
    assert len(found.svg.encode()) < 60_000
    assert found.svg == figure(parley.load(path)).svg
    assert found.table is not None
    assert found.table.rows


def marks(svg: str) -> list[str]:
    """Return the marks of lanes in order: d a dot, r a ring."""
    found = []
    for each in ET.fromstring(svg).iter(f"{SVG}circle"):
        kind, radius = each.attrib.get("class"), each.attrib["r"]
        if kind == "judged" and radius == "3":
            found.append("d")
        if kind == "middle":
            found.append("r")
    return found


def test_a_dot_is_who_sees_it_and_a_ring_is_who_does_not() -> None:
    step = Row("chance", "type", seen=(1,))
    svg = influence(Influence("A type", ("us", "them", "others"), (step,)))
    assert marks(svg) == ["r", "d", "r", "d", "r"]  # the last two explain them
    public = Row("acts", "us chooses price", actor=0, seen=(0, 1))
    assert marks(influence(Influence("A price", ("us", "them"), (public,)))) == ["d", "d"]


def test_the_story_says_who_acts_and_who_sees() -> None:
    found = of_story(parley.load("cho-kreps-1987/beer-quiche"))
    kind, order, answer, end = rows_of(found.items)
    assert (kind.kind, kind.actor, kind.seen) == ("chance", None, (0,))
    assert (order.kind, order.actor, order.seen) == ("acts", 0, (0, 1))
    assert (answer.actor, answer.detail) == (1, "duel | leave alone")
    assert end.kind == "ends"


def test_moves_at_once_and_rounds_have_frames() -> None:
    items = of_story(parley.load("prisoner-exchange")).items
    titles = [item.title for item in items if isinstance(item, Box)]
    assert "at once, none seeing the other's choice" in titles
    rounds = of_story(parley.load("taliban-talks"), most=100).items
    assert any(isinstance(item, Box) and item.title.startswith("up to 2 times") for item in rounds)


def test_the_table_says_what_the_picture_shows() -> None:
    table = figure(parley.load("cho-kreps-1987/beer-quiche")).table
    assert table is not None
    assert [row[3] for row in table.rows] == ["The stranger", "everybody", "everybody", ""]


def test_a_long_story_is_folded_and_says_so() -> None:
    scenario = parley.load("taliban-talks")
    whole = of_story(scenario, most=100)
    folded = of_story(scenario, most=19)
    assert not any("stand as one" in note or "Left out" in note for note in whole.notes)
    assert any("steps under one condition stand as one here" in note for note in folded.notes)
    assert len(list(rows_of(folded.items))) <= 19
    cut = of_story(scenario, most=2)
    assert len(list(rows_of(cut.items))) == 2
    assert cut.notes[-1].startswith("Left out for want of room: the last ")


def test_five_hundred_steps_are_drawn_as_twenty_four() -> None:
    scenario = parley.load("guth-1982/ultimatum")
    long = replace(scenario, story=scenario.story[:1] * 500)
    found = of_story(long)
    assert len(list(rows_of(found.items))) == MOST
    assert found.notes[-1] == "Left out for want of room: the last 476 of 500 steps."
    assert_clear(influence(found))


def test_a_story_of_one_step() -> None:
    scenario = parley.load("guth-1982/ultimatum")
    assert_clear(figure(replace(scenario, story=scenario.story[:1])).svg)


def test_players_beyond_six_share_a_lane() -> None:
    scenario = parley.load("guth-1982/ultimatum")
    one = next(iter(scenario.players.values()))
    crowd = {f"p{n}": replace(one, name=f"p{n}", text=f"Player {n}") for n in range(9)}
    found = of_story(replace(scenario, players={**scenario.players, **crowd}))
    assert found.lanes[-1] == "6 others"
    assert "Player 8" in found.notes[0]
    step = next(rows_of(found.items))
    assert step.actor == 0
    assert len(step.seen) == LINES  # everybody


WORDS = st.text("abc defghij WM<&", max_size=60)
LANES = st.sets(st.integers(0, 2)).map(lambda found: tuple(sorted(found)))
ROWS = st.builds(Row, st.just("acts"), WORDS, WORDS, WORDS, st.integers(0, 2), LANES)


def boxed(inner: st.SearchStrategy[Row | Box]) -> st.SearchStrategy[Box]:
    return st.builds(Box, WORDS, st.lists(inner, min_size=1, max_size=3).map(tuple))


ITEMS = st.recursive(ROWS, boxed, max_leaves=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(ITEMS, min_size=1, max_size=4))
def test_nothing_covers_anything(items: list[Row | Box]) -> None:
    assert_clear(influence(Influence("A title", ("one", "another with a long name", "they"), tuple(items))))


def test_it_asks_nothing_of_the_world() -> None:
    row = Row("acts", HOSTILE, HOSTILE, HOSTILE, 0, (0,))
    assert_clear(
        influence(Influence(HOSTILE, (HOSTILE,) * LINES, (Box(HOSTILE, (row,)),), (HOSTILE,), HOSTILE))
    )


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Row("dreams", "x"), "no kind of step"),
        (lambda: Row("chance", "x", actor=0), "has the actor 0"),
        (lambda: Row("acts", "x"), "has the actor None"),
        (lambda: Influence("t", ("us",), (Row("acts", "x", actor=1),)), "names lane 1 of 1"),
        (lambda: Influence("t", (), ()), "1 to 6 lanes"),
        (lambda: Influence("t", tuple("abcdefg"), ()), "1 to 6 lanes"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()


def test_it_takes_30_ms() -> None:
    shown = of_story(parley.load("taliban-talks"))
    influence(shown)
    began = time.process_time()
    for _ in range(10):
        influence(shown)
    assert (time.process_time() - began) / 10 < 0.030
