"""Words, numbers and signs of an expression.

What lives here: tokens with their offsets. What may not: names, grammar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["KEYWORDS", "LexicalFault", "Token", "tokens"]

KEYWORDS = frozenset({"is", "not", "and", "or", "if", "else"})

_PATTERN = re.compile(
    r"""(?P<blank>\s+)
    |(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\s*%?)
    |(?P<word>[^\W\d]\w*)
    |(?P<quoted>"[^"\n]*"|'[^'\n]*')
    |(?P<sign><=|>=|!=|==|<>|&&|\|\||\*\*|:=|[-+*/^<>=(),|!&\[\]{}.:;?~@\#$%\\`])
    """,
    re.VERBOSE,
)

_LOOKALIKES = {
    "\u2212": "a typographic minus; write -",
    "\u2013": "a dash; write -",
    "\u2014": "a dash; write -",
    "\u00d7": "a multiplication sign; write *",
    "\u00f7": "a division sign; write /",
    "\u2264": "written <= here",
    "\u2265": "written >= here",
    "\u2260": "written != here",
    "\u2018": "a typographic quote; write '",
    "\u2019": "a typographic quote; write '",
    "\u201c": 'a typographic quote; write "',
    "\u201d": 'a typographic quote; write "',
}


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is number, word, quoted, sign or end; ``text`` as written, quotes removed."""

    kind: str
    text: str
    start: int
    end: int


class LexicalFault(Exception):  # noqa: N818
    """A character that no expression has."""

    def __init__(self, start: int, end: int, message: str, hint: str | None) -> None:
        super().__init__(message)
        self.start, self.end, self.message, self.hint = start, end, message, hint


def tokens(source: str) -> list[Token]:
    """Split an expression; the last token is the end.

    Raises
    ------
    LexicalFault
        At the first character that no expression has.

    Examples
    --------
    >>> [token.text for token in tokens("35% * 'short list'")]
    ['35%', '*', 'short list', '']
    """
    found: list[Token] = []
    position = 0
    while position < len(source):
        match = _PATTERN.match(source, position)
        if match is None:
            raise _fault(source, position)
        kind = match.lastgroup or ""
        text = match.group()
        if kind != "blank":
            end = position + len(text.rstrip()) if kind == "number" else match.end()
            value = text[1:-1] if kind == "quoted" else source[position:end]
            found.append(Token(kind, value, position, end))
        position = match.end()
    found.append(Token("end", "", len(source), len(source)))
    return found


def _fault(source: str, position: int) -> LexicalFault:
    character = source[position]
    if character in "\"'":
        return LexicalFault(position, len(source), "this quote is never closed", f"add {character}")
    hint = _LOOKALIKES.get(character)
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    if hint is not None:
        return LexicalFault(position, position + 1, f"'{shown}' is {hint}", None)
    return LexicalFault(position, position + 1, f"'{shown}' has no meaning in an expression", None)
