"""YAML is read to text with its place; what others take for truth or numbers stays as it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.scenario.model import Span
from parley.scenario.text import SourceText
from parley.scenario.yaml import Mapping, Scalar, Sequence, Value, compose


def composed(text: str) -> tuple[Value | None, list[str]]:
    codes: list[str] = []

    def report(code: str, span: Span, message: str, hint: str | None = None) -> None:
        codes.append(code)

    return compose(SourceText.of(text, "a.yaml"), 0, len(text), report), codes


@pytest.mark.parametrize(
    "word", ["NO", "on", "yes", "true", "35%", "0x1F", "1_000", "2006-10-30", "012", "1e3", ".5"]
)
def test_plain_words_stay_text(word: str) -> None:
    value, codes = composed(f"a: {word}\nb: [{word}]\nc: {{{word}: x}}\n")
    assert codes == []
    assert isinstance(value, Mapping)
    first, second, third = (entry.value for entry in value.entries)
    assert isinstance(first, Scalar)
    assert first.value == word
    assert isinstance(second, Sequence)
    assert isinstance(second.items[0], Scalar)
    assert second.items[0].value == word
    assert isinstance(third, Mapping)
    assert third.entries[0].key.value == word


@pytest.mark.parametrize(
    ("text", "null"), [("a:", True), ("a: ~", True), ("a: null", True), ('a: ""', False), ("a: '~'", False)]
)
def test_nothing_is_told_from_an_empty_text(text: str, null: bool) -> None:
    value, _ = composed(text + "\n")
    assert isinstance(value, Mapping)
    found = value.entries[0].value
    assert isinstance(found, Scalar)
    assert found.null is null


def test_places_count_characters_and_only_line_feeds() -> None:
    value, _ = composed('a: "\u2028\u00e9"\n\u00fc: {b: cde}\n')
    assert isinstance(value, Mapping)
    inner = value.entries[1].value
    assert isinstance(inner, Mapping)
    found = inner.entries[0].value
    assert isinstance(found, Scalar)
    assert found.span == Span("a.yaml", 2, 8, 3)


WORDS = st.text("abcdefg", min_size=1, max_size=5)
TREES: st.SearchStrategy[object] = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=8
)


def flow(tree: object) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in tree.items()) + "}"
    return "[" + ", ".join(map(flow, tree)) + "]" if isinstance(tree, list) else str(tree)


def plain(value: Value) -> object:
    if isinstance(value, Scalar):
        return value.value
    if isinstance(value, Sequence):
        return [plain(item) for item in value.items]
    return {entry.key.value: plain(entry.value) for entry in value.entries}


@given(TREES)
def test_what_is_written_is_read(tree: object) -> None:
    value, codes = composed(f"a: {flow(tree)}\n")
    assert codes == []
    assert value is not None
    assert plain(value) == {"a": tree}
