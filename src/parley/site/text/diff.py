"""What changed between two versions of a text, word by word.

What lives here: the comparison, as data and as safe HTML. What may not: where versions come from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape

__all__ = ["Piece", "as_html", "compared"]

_PARTS = re.compile(r"\s+|\w+|[^\w\s]")
MOST = 6_000  # words of both versions together that are compared one by one; longer texts line by line


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, went or came.

    Attributes
    ----------
    kind
        `same`, `removed` or `added`.
    text
        The words.
    """

    kind: str
    text: str


def compared(old: str, new: str) -> list[Piece]:
    """Show two versions as one sequence of words that stayed, went and came.

    The pieces that stayed or went make up the old text, those that stayed or came the new one.

    Examples
    --------
    >>> compared("talks will fail", "talks may fail")
    [Piece(kind='same', text='talks '), Piece(kind='removed', text='will'), Piece(kind='added', text='may'),
    Piece(kind='same', text=' fail')]
    """
    before, after = _PARTS.findall(old), _PARTS.findall(new)
    if len(before) + len(after) > MOST:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(before[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("removed", "".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("added", "".join(after[j1:j2])))
    return pieces


def as_html(old: str, new: str) -> str:
    r"""Show the comparison as safe HTML: `<del>` and `<ins>` in paragraphs that keep their line ends.

    Examples
    --------
    >>> as_html("a <b> will", "a <b> may")
    '<div class="diff" dir="auto">a &lt;b&gt; <del>will</del><ins>may</ins></div>'
    """
    tags = {"same": ("", ""), "removed": ("<del>", "</del>"), "added": ("<ins>", "</ins>")}
    parts = []
    for piece in compared(old, new):
        opening, closing = tags[piece.kind]
        parts.append(f"{opening}{_isolated(piece.text)}{closing}")
    return f'<div class="diff" dir="auto">{"".join(parts).replace(chr(10), "<br>")}</div>'


def _isolated(text: str) -> str:
    """Escape, and show controls of the direction of writing by name: none may turn a comparison around."""
    safe = escape(text, quote=True)
    return re.sub(
        r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]",
        lambda found: f"[U+{ord(found.group()):04X}]",
        safe,
    )
