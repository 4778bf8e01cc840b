"""Diagnostics: how they look, and that the catalogue is whole."""

from __future__ import annotations

import dataclasses
import re

import pytest

from parley.errors import ScenarioError
from parley.scenario.codes import CODES
from parley.scenario.diagnostics import Diagnostic, diagnostic
from parley.scenario.model import Span


def test_what_a_user_sees() -> None:
    line = "unite: unit + 1"
    found = diagnostic(
        "P301", "unknown name 'unit'", Span("argument.md", 35, 8, 4), hint="did you mean `unite`?", line=line
    )
    assert found.render() == (
        "argument.md:35:8: error P301: unknown name 'unit'\n"
        "  35 | unite: unit + 1\n"
        "     |        ^^^^\n"
        "  hint: did you mean `unite`?"
    )


def test_without_line_and_hint_there_is_one_line() -> None:
    assert Diagnostic("P301", "unknown", Span("a.md", 1, 2)).render() == "a.md:1:2: error P301: unknown"


def test_the_caret_keeps_to_the_line() -> None:
    rendered = Diagnostic("P301", "x", Span("a.md", 1, 3, 99), line="ab cd").render()
    assert rendered.splitlines()[2] == "    |   ^^^"
    beyond = Diagnostic("P304", "x", Span("a.md", 1, 6, 1), line="ab cd").render()
    assert beyond.splitlines()[2] == "    |      ^"


def test_tabs_move_the_caret_as_they_move_the_line() -> None:
    rendered = Diagnostic("P301", "x", Span("a.md", 1, 3, 2), line="\t\tab").render()
    assert rendered.splitlines()[1:] == ["  1 | \t\tab", "    | \t\t^^"]


def test_a_diagnostic_is_frozen_and_its_severity_is_the_catalogues() -> None:
    found = Diagnostic("P301", "x", Span("a.md", 1, 1))
    assert found.severity == CODES["P301"].severity == "error"
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.message = "y"  # type: ignore[misc]


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError, match="P000"):
        diagnostic("P000", "x", Span("a.md", 1, 1))


def test_an_error_carries_what_it_was_given() -> None:
    found = Diagnostic("P301", "x", Span("a.md", 1, 1))
    error = ScenarioError([found, found])
    assert error.diagnostics == (found, found)
    assert str(error) == f"{found.render()}\n\n{found.render()}"


BLOCKS = {
    "1": "error warning",
    "2": "error warning",
    "3": "error",
    "4": "error",
    "5": "error warning",
    "6": "error warning",
    "7": "error warning",
    "8": "error warning",
    "9": "note",
}


@pytest.mark.parametrize("code", list(CODES))
def test_every_code_is_explained(code: str) -> None:
    entry = CODES[code]
    assert re.fullmatch(r"P\d{3}", code)
    assert entry.code == code
    assert entry.severity in BLOCKS[code[1]].split()
    assert entry.title
    assert entry.title[-1] not in ".:"
    assert entry.explanation[-1] in ".`)"
    assert len(entry.explanation) > 15
    assert entry.wrong != entry.right
    assert entry.right


def test_titles_tell_faults_of_expressions_and_judgements_apart() -> None:
    titles = [entry.title for entry in CODES.values()]
    mine = [entry.title for code, entry in CODES.items() if code[1] in "34"]
    assert [title for title in mine if titles.count(title) > 1] == []


def test_a_long_line_is_shown_around_the_caret() -> None:
    line = "".join(f"word{number} " for number in range(2_000))
    column = line.index("word1234") + 1
    shown = Diagnostic("P301", "unknown", Span("a.md", 7, column, 8), None, line).render().splitlines()
    assert max(map(len, shown)) < 230
    at = shown[2].index("^")
    assert shown[1][at : at + 8] == "word1234"
