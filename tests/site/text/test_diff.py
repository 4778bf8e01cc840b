"""What changed between two versions, word by word, as safe HTML."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as some

from parley.site.text.diff import as_html, compared
from tests.site.text.corpus import read, vectors

words = some.one_of(some.sampled_from(vectors()), some.text("ab c.\n<&", max_size=40), some.text(max_size=20))


@given(words, words)
def test_both_versions_can_be_put_together_again(old: str, new: str) -> None:
    pieces = compared(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new


@given(words, words)
def test_no_markup_of_either_version_is_live(old: str, new: str) -> None:
    reading = read(as_html(old, new))
    assert {tag for tag, _ in reading.tags} <= {"div", "del", "ins", "br"}
    assert {name for _, attributes in reading.tags for name in attributes} == {"class", "dir"}
    assert reading.other == reading.open == []


def test_words_are_shown_as_gone_and_come() -> None:
    assert as_html("it will fail", "it may fail") == (
        '<div class="diff" dir="auto">it <del>will</del><ins>may</ins> fail</div>'
    )


def test_controls_of_the_direction_are_named() -> None:
    assert "[U+202E]" in as_html("a", "a \u202eb")


def test_long_versions_are_compared_in_time() -> None:
    start = time.process_time()
    as_html("a b " * 750, "b a " * 750)
    as_html("a b " * 30_000, "b a " * 30_000)
    assert time.process_time() - start < 2.0
