"""What users read is what the golden texts say; every width is kept, nothing drives the terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from parley.errors import FindingsError
from parley.findings import Findings, assess
from parley.report import render, render_story
from tests.findings.synthetic import results, scenario
from tests.report.pages import PAGES, divided, long_story

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", PAGES)
def test_page_is_golden(name: str) -> None:
    """After an intended change: ``python -m tests.report.regenerate``, and read the difference."""
    assert PAGES[name]() == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_no_golden_text_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(PAGES)


@pytest.mark.parametrize("width", [60, 72, 80, 100, 120])
def test_lines_keep_the_width(width: int) -> None:
    for text in (render(divided(), width), render_story(long_story(), width=width)):
        long = [line for line in text.splitlines() if len(line) > width]
        assert long == []


def test_what_is_not_shown_is_named() -> None:
    brief, whole = render(divided(), 100), render(divided(), 100, show=["all"])
    (more,) = (line for line in brief.splitlines() if line.startswith("MORE"))
    for name in ("robustness", "information"):
        heading = name.upper()
        assert f"--show {name}" in more
        assert f"\n{heading}" in whole
        assert f"\n{heading}" not in brief
        assert f"\n{heading}" in render(divided(), 100, show=[name])
    assert "\nMORE" not in whole
    with pytest.raises(FindingsError, match=r"no section 'claim'; there are: .*claims"):
        render(divided(), 100, show=["claim"])


def test_two_screens_are_enough() -> None:
    assert len(render(divided(), 100).splitlines()) < 80


def test_plain_text_has_no_escapes_and_colour_changes_no_word() -> None:
    plain, coloured = render(divided(), 100), render(divided(), 100, colour=True)
    assert "\x1b" not in plain
    assert "\x1b[" in coloured
    stripped = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in stripped.splitlines()] == plain.splitlines()


def hostile() -> Findings:
    base = results(64)
    text = "red\x1b[31m \x07[bold]alarm[/bold] :smile:\x9b2J"
    return replace(assess(base), title=text, question=text, notes=(text,))


def test_a_scenario_cannot_drive_the_terminal() -> None:
    text = render(hostile(), 100)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    assert "[bold]alarm[/bold] :smile:" in text
    story = render_story(replace(scenario(), title="a\x1b[2Jb", question="c\x07d"))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", story)


def test_grade_c_never_looks_like_grade_a() -> None:
    text = render(divided(), 100)
    assert re.search(r"C5 +C, judged", text)
    assert re.search(r"C13 +A, counted", text)
    coloured = render(divided(), 100, colour=True)
    assert "\x1b[1mA, counted" in coloured
    assert "\x1b[2mC, judged" in coloured


def test_withheld_prints_no_answer() -> None:
    text = PAGES["withheld-80"]()
    assert "No verdict: 41 of 1,024 readings" in text
    assert '"short list" beats' not in text
    assert "draw 7" in text


def test_a_story_without_sizes_and_numbers_can_be_shown() -> None:
    text = render_story(scenario())
    assert "STORY" in text
    assert "SIZE" not in text


def test_a_whole_newspaper_column_fits_on_two_screens() -> None:
    lines = PAGES["crowded-100"]().splitlines()
    assert len(lines) <= 100
    for number in range(1, 27):
        assert sum(line.startswith(f"  C{number} ") for line in lines) == 1


def test_nothing_is_lost_in_json() -> None:
    findings = divided()
    assert render(Findings.from_json(findings.to_json())) == render(findings)
