"""Check 1: no text that a reader types as Markdown becomes live markup."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from parley.errors import TextError
from parley.site.text.markdown import render
from tests.site.text.corpus import live, read, vectors


def html_or_refusal(text: str, known: set[str]) -> str:
    """Render a text, or give the empty text where it is refused for a known reason."""
    try:
        return render(text).html
    except TextError as fault:
        if fault.code not in known:
            raise
        return ""


def test_check_01_the_corpus_is_large_enough() -> None:
    assert len(set(vectors())) >= 200


@pytest.mark.parametrize("vector", vectors())
def test_check_01_no_vector_is_live(vector: str) -> None:
    for text in (vector, f"before\n\n{vector}\n\nafter", f"words {vector} words", f"> {vector}"):
        assert live(html_or_refusal(text, {"unseen", "empty"})) == []


def test_check_01_all_vectors_together_are_not_live() -> None:
    texts = [vector for vector in vectors() if not any(ord(c) < 32 and c not in "\n\t\r" for c in vector)]
    for at in range(0, len(texts), 20):
        assert live(render("\n\n".join(texts[at : at + 20])).html) == []


@pytest.mark.parametrize("vector", vectors())
def test_check_01_not_even_an_author_writes_what_runs(vector: str) -> None:
    try:
        html = render(vector, author=True).html
    except TextError:
        return
    faults = [
        fault for fault in live(html, rel="noopener") if not fault.startswith(("scheme of /", "scheme of #"))
    ]
    assert [fault for fault in faults if not fault.startswith("<h")] == []


nasty = some.lists(
    some.one_of(
        some.sampled_from(vectors()),
        some.sampled_from(
            [
                "<",
                ">",
                "[",
                "](",
                ")",
                "`",
                "```\n",
                "*",
                "_",
                "> ",
                "- ",
                "\n\n",
                '"',
                "'",
                "&",
                "\\",
                "https://e.org/",
            ]
        ),
        some.text(max_size=12),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(nasty)
def test_check_01_nothing_put_together_is_live(parts: list[str]) -> None:
    try:
        rendered = render("".join(parts))
    except TextError:
        return
    assert live(rendered.html) == []
    assert read(rendered.html).text  # whatever was taken is shown


def test_check_01_the_judge_sees_what_is_live() -> None:
    good = 'rel="nofollow ugc noopener"'
    for bad in (
        "<script>x</script>",
        "<p onclick=x>",
        '<p style="x">y</p>',
        f'<a href="javascript:x" {good}>y</a>',
        f'<a href="//evil.example" {good}>y</a>',
        '<a href="https://example.org">y</a>',
        "<!-- x -->",
        "<p>open",
    ):
        assert live(bad), bad
