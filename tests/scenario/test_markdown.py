"""Front matter, blocks and passages are found where Markdown has them, and nowhere else."""

from __future__ import annotations

import pytest

from parley.scenario.markdown import Document, take_apart
from parley.scenario.model import Span
from parley.scenario.text import SourceText

HEAD = "---\nparley: 1\n---\n"
BLOCK = "```parley\nplayers: {us: We}\n```\n"


def taken(text: str) -> tuple[Document, list[str], SourceText]:
    codes: list[str] = []

    def report(code: str, span: Span, message: str, hint: str | None = None) -> None:
        codes.append(code)

    source = SourceText.of(text, "a.md")
    return take_apart(source, report), codes, source


def test_blocks_are_found_with_their_places() -> None:
    document, codes, source = taken(HEAD + BLOCK + "\nText.\n\n~~~~ parley\nstory: []\n~~~~\n")
    assert codes == []
    assert [source.text[block.start : block.end] for block in document.fences] == [
        "players: {us: We}\n",
        "story: []\n",
    ]
    assert document.article == "Text.\n"


def test_a_block_shown_inside_another_is_no_model() -> None:
    document, codes, _ = taken(HEAD + BLOCK + f"\n````markdown\n{BLOCK}[a]{{#b}}\n````\n")
    assert codes == []
    assert len(document.fences) == 1
    assert document.passages == {}
    assert "````markdown" in document.article


@pytest.mark.parametrize(
    "prose",
    ["`[a]{#b}`", "``[a]{#b} ` ``", "<!-- [a]{#b} -->", "<!--\n[a]{#b}\n-->", "~~~\n[a]{#b}\n~~~"],
)
def test_no_passage_in_code_and_comments(prose: str) -> None:
    document, codes, _ = taken(f"{HEAD}{prose}\n\n{BLOCK}")
    assert codes == []
    assert document.passages == {}


def test_a_passage_may_hold_links_and_run_over_lines() -> None:
    document, codes, source = taken(f"{HEAD}He says [the [talks](x.html)\n  will fail]{{#fail}}.\n\n{BLOCK}")
    assert codes == []
    passage = document.passages["fail"]
    assert passage.text == "the [talks](x.html) will fail"
    assert (passage.span.line, passage.span.column) == (4, 9)
    assert source.line(4)[passage.span.column - 1 :] == "[the [talks](x.html)"


def test_a_passage_does_not_run_over_paragraphs() -> None:
    _, codes, _ = taken(f"{HEAD}An [open bracket.\n\nAnd words]{{#words}}.\n\n{BLOCK}")
    assert codes == ["P130"]


@pytest.mark.parametrize("word", ["parly", "Parley", "parlay", "parsley", "PARLEY", "{.parley}"])
def test_a_heading_that_nearly_says_so_is_reported_once(word: str) -> None:
    assert taken(HEAD + BLOCK.replace("parley", word))[1] == ["P122"]


@pytest.mark.parametrize("word", ["python", "yaml", "text", ""])
def test_other_blocks_are_other_code(word: str) -> None:
    document, codes, _ = taken(HEAD + BLOCK + BLOCK.replace("parley", word))
    assert codes == []
    assert len(document.fences) == 1
