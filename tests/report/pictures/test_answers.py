"""Dot plots, comparisons and strips of claims: what is in them, where it stands, what they weigh."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.report.pictures.comparison import Comparison, Range, comparison, comparison_rows
from parley.report.pictures.dots import DotPlot, dot_plot, dot_rows, stacked
from parley.report.pictures.ledger import WORDS, Cell, LedgerStrip, ledger_strip
from tests.report.pictures.answers import DRAWN, HOSTILE, SVG, claims, dots, inside, policies
from tests.report.pictures.charts import GOLDEN

ANY = st.one_of(
    st.floats(-1e300, 1e300), st.floats(-1, 1), st.sampled_from([0.0, 1e-300, -5e-324, 1e9, -1e9])
)
PROSE = st.text("abc defghi W", min_size=1, max_size=90)


@pytest.mark.parametrize("name", DRAWN)
def test_the_picture_is_known_byte_for_byte(name: str) -> None:
    golden = (GOLDEN / f"{name}-auto.svg").read_text(encoding="utf-8")
    assert DRAWN[name]("auto") == golden, "python -m tests.report.pictures.answers, and look at it"
    inside(golden)


@pytest.mark.parametrize("name", DRAWN)
def test_it_speaks_to_a_screen_reader_and_has_themes(name: str) -> None:
    root = ET.fromstring(DRAWN[name]("dark"))
    assert root.attrib["role"] == "img"
    assert all((root.findtext(f"{SVG}{part}") or "") for part in ("title", "desc"))
    with pytest.raises(ValueError, match="no theme"):
        DRAWN[name]("sepia")


@pytest.mark.parametrize("name", DRAWN)
def test_it_takes_30_ms_and_60_kb(name: str) -> None:
    DRAWN[name]("auto")
    began = time.process_time()
    for _ in range(10):
        written = DRAWN[name]("auto")
    assert (time.process_time() - began) / 10 < 0.030
    assert len(written.encode()) < 60_000


# --- dots -----------------------------------------------------------------------------------------------


def exactly(count: int) -> st.SearchStrategy[list[float]]:
    return st.lists(ANY, min_size=count, max_size=count)


def drawn(picture: str) -> list[tuple[str, float, float, float]]:
    """Return the dots of a plot: class, place and radius; those that explain others are left out."""
    root = inside(picture)
    lines = [each.attrib for each in root.iter(f"{SVG}line")]
    axis = next(float(each["y1"]) for each in lines if each["class"] == "axis")
    circles = [each.attrib for each in root.iter(f"{SVG}circle")]
    places = [(each["class"], float(each["cx"]), float(each["cy"]), float(each["r"])) for each in circles]
    return [each for each in places if each[2] < axis]


@settings(deadline=None, max_examples=150)
@given(st.one_of(exactly(20), exactly(50)), PROSE, PROSE)
def test_dots_are_all_there_on_their_side_and_inside(values: list[float], left: str, right: str) -> None:
    plot = DotPlot(left, right, tuple(sorted(values)), left, right)
    picture = dot_plot(plot)
    found = drawn(picture)
    below, level, above = plot.counts()
    assert len(found) == len(values)
    assert sum(kind == "f1" for kind, *_ in found) == above
    assert sum(kind == "middle s2" for kind, *_ in found) == below
    assert sum(kind == "middle s1" for kind, *_ in found) == level
    assert picture.count("<path") == level + (level > 0)
    zero = next(
        float(each.attrib["x1"])
        for each in ET.fromstring(picture).iter(f"{SVG}line")
        if each.attrib["class"] == "mark"
    )
    assert all(x - r >= zero - 0.16 for kind, x, _, r in found if kind == "f1")
    assert all(x + r <= zero + 0.16 for kind, x, _, r in found if kind == "middle s2")


@settings(deadline=None)
@given(
    st.lists(st.floats(0, 400), min_size=1, max_size=50), st.floats(0, 400), st.floats(2, 22), st.booleans()
)
def test_no_dot_covers_another_and_none_is_far_away(
    places: list[float], zero: float, size: float, level: bool
) -> None:
    places = sorted([*places, *([zero] * level)])
    stacks = stacked(places, zero, size)
    assert sorted(number for _, stack in stacks for number in stack) == list(range(len(places)))
    middles = sorted(middle for middle, _ in stacks)
    assert all(b - a >= size * (1 - 1e-9) for a, b in pairwise(middles))
    for middle, stack in stacks:
        assert all(abs(places[number] - middle) <= size * (1 + 1e-9) for number in stack)
        sides = {(places[number] > zero) - (places[number] < zero) for number in stack}
        assert len(sides) == 1
        assert middle == zero if sides == {0} else abs(middle - zero) >= size / 2 * (1 - 1e-9)


def test_a_dot_stands_where_its_value_is() -> None:
    values = tuple(100.0 * each for each in (-1, 1, 2, 4) for _ in range(5))
    found = drawn(dot_plot(DotPlot("t", "x", values, "a", "b")))
    first, second, third, last = sorted({x for _, x, _, _ in found})
    assert (second - first, last - third) == pytest.approx((2 * (third - second),) * 2, abs=0.21)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((1.0,) * 19, "20 or 50 dots, not 19"),
        ((float("nan"),) * 20, "nan has no place"),
        ((1e301,) * 20, "no place"),
        ((1.0, 0.0) * 10, "from the smallest"),
    ],
)
def test_dots_that_cannot_be_drawn_are_refused(values: tuple[float, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        DotPlot("t", "x", values, "a", "b")


def test_the_table_of_dots_has_every_dot() -> None:
    rows = dot_rows(dots())
    assert len(rows) == 20
    assert rows[0] == ("2.5", "-9.00")
    assert rows[-1] == ("97.5", "3.25")


def test_hostile_words_stay_words() -> None:
    plot = replace(dots(), title=HOSTILE, x_title=HOSTILE, left=HOSTILE, right=HOSTILE, notes=(HOSTILE,))
    inside(dot_plot(plot))
    row = Range(HOSTILE, 0.0, 1.0, 2.0, 3.0, 4.0, HOSTILE, marked=True)
    inside(comparison(Comparison(HOSTILE, HOSTILE, (row,), HOSTILE, (row,), HOSTILE, HOSTILE, (HOSTILE,))))
    inside(ledger_strip(LedgerStrip(HOSTILE, (Cell(HOSTILE, "unmodelled"),), (HOSTILE,))))


# --- policies side by side ------------------------------------------------------------------------------


def ranged(name: str, five: list[float] | tuple[float | None, ...], said: str, *, marked: bool) -> Range:
    low, quarter, middle, three_quarters, high = five
    return Range(name, low, quarter, middle, three_quarters, high, said, marked)


RANGES = st.builds(
    lambda name, five, said, marked: ranged(name, sorted(five), said, marked=marked),
    PROSE,
    st.lists(ANY, min_size=5, max_size=5),
    st.sampled_from(["all", "> 99 of 100", "no candidate"]),
    st.booleans(),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(RANGES, min_size=1, max_size=6), st.lists(RANGES, max_size=4), PROSE)
def test_a_comparison_is_inside_and_every_row_has_its_ring(
    rows: list[Range], pairs: list[Range], title: str
) -> None:
    of = Comparison(title, title, tuple(rows), "best in", tuple(pairs), title, "better in")
    root = inside(comparison(of))
    rings = [each for each in root.iter(f"{SVG}circle") if each.attrib["class"].startswith("middle")]
    assert len(rings) == len(rows) + len(pairs)


def test_bars_end_at_their_quantiles_on_one_scale() -> None:
    rows = (
        Range("a", 0.0, 1.0, 2.0, 3.0, 4.0, "all", marked=True),
        Range("b", 0.0, 2.0, 3.0, 4.0, 10.0, "none"),
    )
    root = inside(comparison(Comparison("t", "x", rows, "best in")))
    bars = [each.attrib for each in root.iter(f"{SVG}rect") if each.attrib["class"] in ("f1", "f6")]
    ends = [(float(each["x"]), float(each["x"]) + float(each["width"])) for each in bars]
    unit = (ends[-1][1] - ends[0][0]) / 10
    wanted = [(0, 1), (1, 3), (3, 4), (0, 2), (2, 4), (4, 10)]
    for found, (low, high) in zip(ends, wanted, strict=True):
        assert found == pytest.approx((ends[0][0] + low * unit, ends[0][0] + high * unit), abs=0.11)
    assert float(bars[1]["height"]) > float(bars[0]["height"])
    assert [each["class"] for each in bars] == ["f1"] * 3 + ["f6"] * 3


def test_a_policy_without_a_value_says_so() -> None:
    picture = comparison(policies())
    assert "no value in any reading" in picture
    assert comparison_rows(policies())[2][1:] == ("n/a", "n/a", "n/a", "n/a", "n/a", "no candidate")


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((2.0, None, 1.0, None, 3.0), "not in order"),
        ((float("inf"), None, 1.0, None, 3.0), "no place"),
        ((None, None, 1.0, None, 3.0), "some of its ends"),
        ((0.0, None, None, None, 3.0), "some of its ends"),
    ],
)
def test_a_range_that_is_none_is_refused(numbers: tuple[float | None, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ranged("a", numbers, "all", marked=False)
    with pytest.raises(ValueError, match="has a policy"):
        Comparison("t", "x", (), "best in")


# --- claims ---------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.one_of(
            st.builds(
                Cell, PROSE, st.just("derived"), st.sampled_from(WORDS), st.floats(0, 1), st.just("> 99")
            ),
            st.builds(Cell, PROSE, st.just("assumed"), grade=st.sampled_from(["A", "C", None])),
            st.builds(Cell, PROSE, st.sampled_from(["derived", "unmodelled"])),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_a_strip_has_a_box_for_every_claim(cells: list[Cell]) -> None:
    root = inside(ledger_strip(LedgerStrip("t", tuple(cells))))
    boxes = [each for each in root.iter(f"{SVG}rect") if each.attrib["class"] == "axis"]
    assert sum(float(each.attrib["height"]) == 25 for each in boxes) == len(cells)


@pytest.mark.parametrize("word", WORDS)
def test_a_box_is_filled_as_far_as_a_claim_holds(word: str) -> None:
    root = inside(ledger_strip(LedgerStrip("t", (Cell("C", "derived", word, 0.25, "25"),))))
    box = next(each for each in root.iter(f"{SVG}rect") if each.attrib["class"] == "axis")
    filled = next(each for each in root.iter(f"{SVG}rect") if each.attrib["class"].startswith("f"))
    assert float(filled.attrib["width"]) == pytest.approx(0.25 * float(box.attrib["width"]), abs=0.06)
    letters = [each.text for each in root.iter(f"{SVG}text")]
    assert letters.count(word[0].upper()) == 2  # in the box, and in the one that explains it


def test_words_differ_without_colour() -> None:
    def pattern(word: str) -> tuple[int, int, int]:
        root = ET.fromstring(ledger_strip(LedgerStrip("t", (Cell("C", "derived", word, 0.9, "90"),))))
        strokes = [each.attrib for each in root.iter(f"{SVG}line")]
        along = sum(each["y1"] == each["y2"] for each in strokes)
        return along, len(strokes) - along, len(list(root.iter(f"{SVG}circle")))

    found = [tuple(number > 0 for number in pattern(word)) for word in WORDS]
    assert len(set(found)) == len(WORDS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "guessed"}, "cannot be 'guessed'"),
        ({"word": "likely"}, "cannot be 'likely'"),
        ({"share": 1.5}, "share of 1.5"),
        ({"share": float("nan")}, "share of nan"),
        ({"grade": "D"}, "no grade 'D'"),
    ],
)
def test_a_claim_that_is_none_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(claims().cells[0], **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="has a claim"):
        LedgerStrip("t", ())
