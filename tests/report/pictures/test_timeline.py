"""Time lines: cases in order, chances in their place, and that they can be read."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parley
from parley.findings import CaseFinding
from parley.findings.history import history as held_against
from parley.report.figures.cases import MOST, figures, of_cases
from parley.report.pictures.timeline import Case, Timeline, moment, timeline
from parley.study import Evaluator
from tests.report.pictures.boxes import HOSTILE, SVG, assert_clear, boxes
from tests.report.pictures.charts import GOLDEN, history


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_the_picture_is_known_byte_for_byte(theme: str) -> None:
    golden = (GOLDEN / f"history-{theme}.svg").read_text(encoding="utf-8")
    assert timeline(history(), theme) == golden, "python -m tests.report.pictures.charts, and look at it"


def test_nothing_covers_anything_though_two_cases_fall_in_one_month() -> None:
    assert_clear(timeline(history()))


def test_cases_stand_in_the_order_of_their_dates_and_those_without_one_last() -> None:
    tops = {box.text: box.top for box in boxes(timeline(history()))}
    order = ["the first truce of many in the", "the spring truce", "a truce", "without a date", "of old"]
    assert [text for text in sorted(tops, key=tops.__getitem__) if text in order] == order


def test_a_dot_stands_at_its_chance() -> None:
    root = ET.fromstring(timeline(Timeline("t", (Case("a", "b", chance=0.25), Case("c", "d", chance=1.0)))))
    dots = [float(each.attrib["cx"]) for each in root.iter(f"{SVG}circle") if each.attrib["class"] == "f1"]
    ends = next(each for each in root.iter(f"{SVG}line") if each.attrib["class"] == "grid")
    left, right = float(ends.attrib["x1"]), float(ends.attrib["x2"])
    assert dots[:2] == pytest.approx([left + 0.25 * (right - left), right], abs=0.1)


def test_a_case_that_has_set_a_number_is_hollow_and_the_picture_says_why() -> None:
    def hollow(used: bool) -> int:
        root = ET.fromstring(timeline(Timeline("t", (Case("a", "b", "2013", used=used),))))
        return sum(1 for each in root.iter(f"{SVG}circle") if each.attrib["class"] == "middle")

    assert hollow(False) == 0
    assert hollow(True) == 2  # the case, and what explains it


@pytest.mark.parametrize("text", ["2013-13", "13", "2013-2-30", "spring 2013", "", "0000", "20131101"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert moment(text) is None


def test_dates_are_in_order() -> None:
    dates = ["2012", "2013-01-01", "2013-01", "2013-01-31", "2013-02-01", "2013-12-31", "2014-01-01"]
    found = [moment(each) for each in dates]
    assert found == sorted(found, key=lambda each: each or 0.0)
    assert moment("2016-12-31") == pytest.approx(2016 + 365 / 366)


WORDS = st.text("abc defghij WM<&", max_size=60)
DATES = st.one_of(
    st.none(),
    WORDS,
    st.dates().map(str),
    st.integers(1900, 1905).map(str),
    st.dates(date(2013, 1, 1), date(2013, 2, 1)).map(str),
)
CHANCES = st.one_of(st.none(), st.floats(0, 1))
CASES = st.builds(Case, WORDS, WORDS, DATES, CHANCES, CHANCES, CHANCES, CHANCES, st.booleans(), WORDS)


@settings(max_examples=80, deadline=None)
@given(st.lists(CASES, min_size=1, max_size=MOST))
def test_any_history_is_drawn_clear(cases: list[Case]) -> None:
    svg = timeline(Timeline("A title", tuple(cases), "chance of a coin"))
    assert_clear(svg)
    assert len(svg.encode()) < 60_000


def test_it_asks_nothing_of_the_world() -> None:
    case = Case(HOSTILE, HOSTILE, HOSTILE, 0.5, used=True)
    assert_clear(timeline(Timeline(HOSTILE, (case,), HOSTILE, (HOSTILE,))))


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="has a case"):
        Timeline("t", ())
    with pytest.raises(ValueError, match=r"1.5 of the case 'a' is no chance"):
        Timeline("t", (Case("a", "b", chance=1.5),))


@pytest.fixture(scope="module")
def found() -> tuple[CaseFinding, ...]:
    run = parley.run(parley.load("which-event-first"), draws=64, seed=7)
    known = held_against(run, Evaluator(run.scenario, seed=7))
    assert known is not None
    return known.cases


def test_the_picture_says_what_the_findings_say(found: tuple[CaseFinding, ...]) -> None:
    shown = of_cases(found)
    for case, item in zip(shown.cases, found, strict=True):
        assert case.date == item.date
        assert case.used == bool(item.used_for)
        assert case.chance == (None if item.timing else item.chance.mean)
    assert shown.cases[1].happened.startswith("it rang after 2.27")


def test_of_many_cases_the_worst_are_shown_and_the_picture_says_so(found: tuple[CaseFinding, ...]) -> None:
    chance = found[0].chance
    many = tuple(
        replace(found[0], name=f"case {n}", text=None, chance=replace(chance, mean=n / 40)) for n in range(30)
    )
    shown = of_cases(many)
    assert [case.name for case in shown.cases] == [f"case {n}" for n in range(MOST)]
    assert shown.notes[-1] == "Of 30 cases, the 24 to which the model gave the least chance."


def test_without_cases_there_is_no_picture() -> None:
    findings = parley.assess(parley.run(parley.load("guth-1982/ultimatum"), draws=16))
    assert figures(findings) == ()


def test_it_takes_30_ms() -> None:
    shown = history()
    timeline(shown)
    began = time.process_time()
    for _ in range(20):
        timeline(shown)
    assert (time.process_time() - began) / 20 < 0.030
