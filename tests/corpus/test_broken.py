"""Every broken scenario says what it is known to say, and every code of the reader is shown by one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parley.scenario import read_file
from parley.scenario.codes import CODES, argument, estimate, file, notes, story, structure, sweep, wishes
from tests.corpus.regenerate import BROKEN, files, rendered

TOO_LARGE_FOR_A_FILE = {"P102", "P170"}  # tests/scenario/test_limits.py
NO_FILE = {"P706"}  # asked of a scenario that is whole; tests/scenario/test_override.py
NEVER_MET = {"P169"}  # what the parser of YAML may say that nobody has seen yet


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_a_broken_scenario_says_what_it_is_known_to_say(path: Path) -> None:
    assert rendered(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_what_is_said_shows_the_line_and_stands_inside_the_file(path: Path) -> None:
    lines = path.read_bytes().decode("utf-8", "replace").split("\n")
    _, found = read_file(path)
    assert found
    for item in found:
        assert 1 <= item.span.line <= len(lines)
        assert 1 <= item.span.column <= len(lines[item.span.line - 1]) + 1


def test_there_are_many_and_each_has_its_text() -> None:
    assert len(files()) >= 80
    assert {path.stem for path in BROKEN.glob("*.txt")} == {path.stem for path in files()}


def test_every_code_of_the_reader_is_shown() -> None:
    ours = {
        entry.code for topic in (argument, estimate, file, notes, story, structure, sweep, wishes) for entry in topic.CODES
    }
    shown = set(re.findall(r"(?:error|warning|note) (P\d{3}):", "".join(rendered(path) for path in files())))
    assert ours - shown == TOO_LARGE_FOR_A_FILE | NO_FILE | NEVER_MET
    assert shown <= set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_is_explained(code: str) -> None:
    entry = CODES[code]
    assert entry.severity in ("error", "warning", "note")
    assert entry.title
    assert entry.explanation.endswith(".")
    assert entry.wrong
    assert entry.right
    assert entry.wrong != entry.right
