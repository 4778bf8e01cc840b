"""No text breaks the reader: it reads it or says what is wrong, with a place in the text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.scenario import read

WHOLE = Path(__file__).with_name("whole.md").read_text(encoding="utf-8")
PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        [*"{}[]:,#'\"`*&!%@|>\t\n~", ": ", "- ", " #", "  ", "rest", "otherwise", "last(", "time("]
    ),
    st.sampled_from(["P(", "{#x}", "---\n", "```\n", "\u2028"]),
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE)), st.integers(0, 60), PIECES, st.sampled_from(["a.md", "a.yaml", "<text>"]))
def test_a_changed_text_is_read_or_faulted(start: int, cut: int, piece: str, path: str) -> None:
    text = WHOLE[:start] + piece + WHOLE[start + cut :]
    scenario, found = read(text, path)
    assert (scenario is None) == any(item.severity == "error" for item in found)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for item in found:
        assert item.render()
        assert 1 <= item.span.line <= len(lines)
        assert 1 <= item.span.column <= len(lines[item.span.line - 1]) + 1


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["a.md", "a.yaml", "<text>"]))
def test_any_text_is_faulted(text: str, path: str) -> None:
    scenario, found = read(text, path)
    assert scenario is None
    assert found


@pytest.mark.parametrize(
    "filler",
    [
        "[",
        "{",
        "- ",
        "`",
        "``` ",
        "<!--",
        "]{#a}",
        "[a]{#b} ",
        "a: ",
        "'",
        '"x',
        "&a ",
        "? ",
        "!",
        "(",
        "|\n",
        "a:\n ",
    ],
)
@pytest.mark.parametrize("bare", [False, True], ids=["prose", "yaml"])
def test_a_hostile_text_takes_no_time(filler: str, bare: bool) -> None:
    head = "parley: 1\ntitle: A\nstory: " if bare else "---\nparley: 1\ntitle: A\n---\n"
    text = head + filler * (60_000 // len(filler))
    began = time.perf_counter()
    scenario, found = read(text, "a.yaml" if bare else "a.md")
    assert time.perf_counter() - began < 5
    assert scenario is None
    assert found
