"""The parts of a document.

What lives here: frozen plain data. What may not: markup.

Text is *inline*: a string in which words between two pairs of asterisks are strong, words between backticks
are code, and nothing else has a meaning. What comes from a scenario goes through :func:`plain` first, so that
no title can pass for markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from parley.errors import FindingsError

__all__ = [
    "Block",
    "Bullets",
    "Code",
    "Document",
    "Figure",
    "Inline",
    "Outline",
    "Paragraph",
    "Section",
    "Table",
    "Term",
    "Terms",
    "plain",
    "runs",
]

Inline: TypeAlias = str

_MARKED = re.compile(r"\*\*(.+?)\*\*|`([^`]+)`")
_NAME = re.compile(r"[a-z][a-z0-9-]*")
# Signs that stand for those with a meaning, in text that must not have one; written back by `runs`.
_HIDDEN = {"*": "\ue000", "`": "\ue001"}
_SHOWN = {hidden: sign for sign, hidden in _HIDDEN.items()}


def plain(text: str) -> Inline:
    """Return text on one line in which nothing has a meaning, and nothing drives a terminal or a page.

    Examples
    --------
    >>> [each for each in runs(plain("2 ** 3 `x`"))]
    [('2 ** 3 `x`', '')]
    """
    line = "".join(sign for sign in " ".join(text.split()) if sign.isprintable() and sign not in _SHOWN)
    for sign, hidden in _HIDDEN.items():
        line = line.replace(sign, hidden)
    return line


def runs(text: Inline) -> Iterator[tuple[str, str]]:
    """Yield stretches of inline text with their style: ``""``, ``"strong"`` or ``"code"``.

    Examples
    --------
    >>> list(runs("In **63 of 100** readings of `parley run`"))
    [('In ', ''), ('63 of 100', 'strong'), (' readings of ', ''), ('parley run', 'code')]
    """
    place = 0
    for found in _MARKED.finditer(text):
        if found.start() > place:
            yield _shown(text[place : found.start()]), ""
        yield _shown(found[1] or found[2]), "strong" if found[1] else "code"
        place = found.end()
    if place < len(text):
        yield _shown(text[place:]), ""


def _shown(text: str) -> str:
    for hidden, sign in _SHOWN.items():
        text = text.replace(hidden, sign)
    return text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. ``kind`` is "", lead (larger), note (smaller) or quote (a passage of the article)."""

    text: Inline
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, numbered or not."""

    items: tuple[Inline, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A list of lists: each line with how deep it stands, from 0; no line is deeper than the last by two."""

    lines: tuple[tuple[int, Inline], ...]

    def __post_init__(self) -> None:
        depths = [-1, *(depth for depth, _ in self.lines)]
        if any(not 0 <= below <= above + 1 for above, below in pairwise(depths)):
            raise FindingsError("an outline begins at depth 0 and goes down by one at a time")


@dataclass(frozen=True, slots=True)
class Term:
    """A term and what is said of it."""

    term: Inline
    text: Inline


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms with what is said of them."""

    items: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``rows[row][column]``; ``numeric`` are the columns that are set flush right.

    The first column names its row. ``caption`` says what the table shows.
    """

    caption: Inline
    head: tuple[Inline, ...]
    rows: tuple[tuple[Inline, ...], ...]
    numeric: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        wrong = next((row for row in self.rows if len(row) != len(self.head)), None)
        if wrong is not None:
            raise FindingsError(f"a row has {len(wrong)} cells under {len(self.head)} heads: {wrong!r:.80}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with a caption that says what is to be seen, and the table behind it.

    ``svg`` is one SVG element of :mod:`parley.report.pictures`, with title and description of its own.
    ``name`` is that of its file where pictures are files: small letters, digits, hyphens.
    """

    name: str
    svg: str
    caption: Inline
    table: Table | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise FindingsError(f"{self.name!r} is no name of a picture: small letters, digits and hyphens")


@dataclass(frozen=True, slots=True)
class Code:
    """Text as it is: a command, a formula."""

    text: str


Block: TypeAlias = "Paragraph | Bullets | Outline | Terms | Table | Figure | Code | Section"


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading; sections may stand in sections, three deep.

    ``name`` is where links lead: small letters, digits, hyphens. With ``folded`` a reader opens it by a
    click; on paper it is open.
    """

    name: str
    title: Inline
    blocks: tuple[Block, ...]
    folded: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise FindingsError(f"{self.name!r} is no name of a section: small letters, digits and hyphens")


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    ``facts`` stand under the title (author, date, source); ``foot`` at the end, on every form.
    """

    title: Inline
    question: Inline | None
    facts: tuple[Inline, ...]
    sections: tuple[Section, ...]
    foot: Inline
    language: str = "en"
