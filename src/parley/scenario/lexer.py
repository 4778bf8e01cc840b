"""Words, numbers and signs of an expression.

What lives here: tokens with their offsets, and what is wrong with single characters. What may not: names,
grammar.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["KEYWORDS", "SLIPS", "Fault", "Token", "tokens"]

KEYWORDS = frozenset({"is", "not", "and", "or", "if", "else"})

_PATTERN = re.compile(
    r"""(?P<blank>\s+)
    |(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?(?:\s*%)?)
    |(?P<word>[^\W\d]\w*)
    |(?P<quoted>"[^"\n]*"|'[^'\n]*')
    |(?P<sign><=|>=|!=|==|<>|=>|=<|&&|\|\||\*\*|:=|//|[-+*/^<>=(),|!&\[\]{}.:;?~@\#$%\\`])
    """,
    re.VERBOSE,
)

SLIPS = {
    ":=": "nothing can be set inside an expression; use a `set:` step",
    "?": "write `a if condition else b`",
    ".": "names have no parts; write the whole name",
    "[": "there are no lists in expressions; use ( )",
    "{": "there are no maps in expressions; use ( )",
    ":": "put text that contains a colon in quotes",
    "%": "write the percent sign right behind its number: 35%",
    "#": "put the whole expression in quotes if it contains #",
    ";": "one expression stands alone",
    "//": "write `/`; there is no division without remainder",
}
"""Signs of other languages that cannot simply be read as one of ours, with what to do instead."""

_READ_AS = {
    "==": ("sign", "=", "write `=` to compare numbers and `is` to compare names"),
    "<>": ("sign", "!=", "write `!=`"),
    "=>": ("sign", ">=", "write `>=`"),
    "=<": ("sign", "<=", "write `<=`"),
    "**": ("sign", "^", "write `^` for a power"),
    "&&": ("word", "and", "write `and`"),
    "&": ("word", "and", "write `and`"),
    "||": ("word", "or", "write `or`"),
    "!": ("word", "not", "write `not`"),
}

_LOOKALIKES = {
    "\u2212": ("-", "a typographic minus"),
    "\u2013": ("-", "a dash"),
    "\u2014": ("-", "a dash"),
    "\u2010": ("-", "a typographic hyphen"),
    "\u2011": ("-", "a typographic hyphen"),
    "\u00d7": ("*", "a multiplication sign"),
    "\u00b7": ("*", "a multiplication dot"),
    "\u00f7": ("/", "a division sign"),
    "\u2264": ("<=", "a typographic sign"),
    "\u2265": (">=", "a typographic sign"),
    "\u2260": ("!=", "a typographic sign"),
}

_QUOTES = {
    "\u2018": "\u2019'",
    "\u2019": "\u2019'",
    "\u201c": '\u201d"',
    "\u201d": '\u201d"',
    "\u201e": "\u201c\u201d",
}


class Fault(Exception):  # noqa: N818
    """A fault inside an expression: its code, what is wrong, and offsets into the source."""

    def __init__(self, code: str, message: str, start: int, end: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.start, self.end, self.hint = code, message, start, end, hint


class Token(NamedTuple):
    """``kind`` is number, word, quoted, sign or end; ``text`` as written, quotes removed."""

    kind: str
    text: str
    start: int
    end: int


def tokens(source: str) -> tuple[list[Token], list[Fault]]:
    """Split an expression; the last token is the end.

    Parameters
    ----------
    source
        Any text.

    Returns
    -------
    The tokens, and a fault for every character or sign that no expression has. A sign whose meaning is
    plain (``&&``, a typographic minus) stands among the tokens as what was meant.

    Examples
    --------
    >>> [token.text for token in tokens("35% * 'short list'")[0]]
    ['35%', '*', 'short list', '']
    >>> [fault.hint for fault in tokens("a && b")[1]]
    ['write `and`']
    """
    found: list[Token] = []
    faults: list[Fault] = []
    position, length = 0, len(source)
    while position < length:
        match = _PATTERN.match(source, position)
        if match is None:
            position = _foreign(source, position, found, faults)
            continue
        kind, text, end = match.lastgroup or "", match.group(), match.end()
        if kind == "sign" and text in _READ_AS:
            kind, meant, hint = _READ_AS[text]
            faults.append(Fault("P307", f"'{text}' is not used in expressions", position, end, hint))
            text = meant
        if kind != "blank":
            found.append(Token(kind, text[1:-1] if kind == "quoted" else text, position, end))
        position = end
    found.append(Token("end", "", length, length))
    return found, faults


def _foreign(source: str, position: int, found: list[Token], faults: list[Fault]) -> int:
    """Note a character that no expression has; return where to go on."""
    character = source[position]
    if character in _QUOTES:
        return _typographic(source, position, found, faults)
    if character in _LOOKALIKES:
        meant, what = _LOOKALIKES[character]
        found.append(Token("sign", meant, position, position + 1))
        faults.append(Fault("P303", f"'{character}' is {what}", position, position + 1, f"write `{meant}`"))
        return position + 1
    if character in "\"'":
        hint = f"add {character}; a name that contains {character} is put in the other kind of quotes"
        faults.append(Fault("P303", "this quote is never closed", position, len(source), hint))
        return len(source)
    shown = f"'{character}'" if character.isprintable() else f"the character U+{ord(character):04X}"
    advice = "delete it; it cannot be seen" if not character.isprintable() else None
    faults.append(Fault("P303", f"{shown} has no meaning in an expression", position, position + 1, advice))
    return position + 1


def _typographic(source: str, position: int, found: list[Token], faults: list[Fault]) -> int:
    closing = _QUOTES[source[position]]
    end = position + 1
    while end < len(source) and source[end] not in closing:
        end += 1
    found.append(Token("quoted", source[position + 1 : end], position, min(end + 1, len(source))))
    straight = "'" if source[position] in "\u2018\u2019" else '"'
    hint = f"write the straight quote {straight}"
    faults.append(Fault("P303", f"'{source[position]}' is a typographic quote", position, position + 1, hint))
    return end + 1
