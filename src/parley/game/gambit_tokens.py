"""The words of Gambit's files: tokens with their places, exact numbers, labels.

What lives here: what ``.efg`` and ``.nfg`` have in common, told apart as Gambit 17 does
(``src/games/file.cc`` of
https://github.com/gambitproject/gambit). What may not: the grammar of either format, NumPy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, NoReturn

from parley.errors import GameError

__all__ = ["FileFault", "Token", "Tokens", "relabelled"]

_BLANK = " \t\r\n\v\f"
_NUMBER = re.compile(r"[-+]?\d*(?:\.\d*(?:[eE][-+]?\d*)?|/\d*|[eE][-+]?\d*)?", re.ASCII)
_BARE_POINT = re.compile(r"\.\d*", re.ASCII)  # without a sign in front, no exponent may follow
_VALUE = re.compile(
    r"(?P<ratio>-?\d+)(?:/(?P<below>\d+))?|-?(?:\d+\.?\d*|\.\d+)(?:[eE](?P<exponent>[-+]?\d+))?", re.ASCII
)
_LARGEST_EXPONENT = 400  # beyond it no float64 is left, and exact arithmetic would fill the memory


class FileFault(GameError):  # noqa: N818
    """A file cannot be read; the message begins with file, line and column."""

    def __init__(self, path: str, line: int, column: int, message: str) -> None:
        super().__init__(f"{path}:{line}:{column}: {message}")
        self.path, self.line, self.column = path, line, column


class Token(NamedTuple):
    """``kind`` is ``text``, ``number``, ``word``, ``{``, ``}``, ``,`` or ``end``; quotes are removed."""

    kind: str
    text: str
    offset: int


class Tokens:
    """The tokens of a file, read one ahead.

    Examples
    --------
    >>> tokens = Tokens('EFG 2 R "a game" { "us" }')
    >>> [tokens.take().text for _ in range(5)]
    ['EFG', '2', 'R', 'a game', '{']
    """

    def __init__(self, text: str, path: str = "<text>") -> None:
        self.source = text
        self.path = path
        self._position = 0
        self.next = self._scan()

    def take(self) -> Token:
        """Return the next token and move on."""
        token = self.next
        self.next = self._scan()
        return token

    def accept(self, kind: str) -> Token | None:
        """Take the next token if it is of a kind."""
        return self.take() if self.next.kind == kind else None

    def expect(self, kind: str, what: str) -> Token:
        """Take the next token, which must be of a kind."""
        return self.take() if self.next.kind == kind else self.fail(f"{what} is missing here")

    def fail(self, message: str, token: Token | None = None) -> NoReturn:
        """Raise a fault at a token, by default the next one."""
        offset = (token or self.next).offset
        line = self.source.count("\n", 0, offset) + 1
        raise FileFault(self.path, line, offset - self.source.rfind("\n", 0, offset), message)

    def texts(self, what: str) -> list[Token]:
        """Take a list of quoted texts in braces, possibly empty."""
        self.expect("{", f"'{{' before {what}")
        found = []
        while (token := self.accept("text")) is not None:
            found.append(token)
        self.expect("}", f"a text in quotes, or the '}}' after {what},")
        return found

    def integer(self, what: str) -> int:
        """Take a whole number, read as C does: what follows the first digits is ignored."""
        token = self.expect("number", what)
        digits = re.match(r"[-+]?\d+", token.text, re.ASCII)
        if digits is None or len(digits.group()) > 18:
            self.fail(f"{token.text!r} cannot be {what}", token)
        return int(digits.group())

    def value(self, token: Token) -> Fraction:
        """Return the exact number that a token stands for."""
        match = _VALUE.fullmatch(token.text)
        if match is None:
            self.fail(f"{token.text!r} is no number that Gambit reads", token)
        if match["ratio"] is not None:
            below = int(Decimal(match["below"] or 1))
            if below == 0:
                self.fail(f"{token.text!r} divides by zero", token)
            return self._finite(Fraction(int(Decimal(match["ratio"])), below), token)
        exponent = match["exponent"] or "0"
        if len(exponent) > 9 or abs(int(exponent)) > _LARGEST_EXPONENT:
            self.fail(f"{token.text!r} is out of the range of floating-point numbers", token)
        return self._finite(Fraction(Decimal(token.text)), token)

    def _finite(self, value: Fraction, token: Token) -> Fraction:
        try:
            float(value)
        except OverflowError:
            self.fail("this number is out of the range of floating-point numbers", token)
        return value

    def _scan(self) -> Token:
        source, start = self.source, self._position
        while start < len(source) and source[start] in _BLANK:
            start += 1
        if start == len(source):
            self._position = start
            return Token("end", "", start)
        sign = source[start]
        if sign in "{},":
            self._position = start + 1
            return Token(sign, sign, start)
        if sign in "-+.0123456789":
            match = (_BARE_POINT if sign == "." else _NUMBER).match(source, start)
            assert match is not None
            self._position = match.end()
            return Token("number", match.group(), start)
        if sign == '"':
            return self._quoted(start)
        end = start
        while end < len(source) and source[end] not in _BLANK:
            end += 1
        self._position = end
        return Token("word", source[start:end], start)

    def _quoted(self, start: int) -> Token:
        r"""Read a text in quotes; ``\"`` is a quote, and a backslash before anything else stays."""
        parts: list[str] = []
        escaped = False
        for position in range(start + 1, len(self.source)):
            sign = self.source[position]
            if sign == '"' and not escaped:
                self._position = position + 1
                return Token("text", "".join(parts), start)
            if escaped and sign != '"':
                parts.append("\\" + sign)
            elif sign != "\\":
                parts.append(sign)
            escaped = sign == "\\"
        return self.fail("the quotes opened here are never closed", Token("text", "", start))

    def labels(self, tokens: Iterable[Token]) -> tuple[str, ...]:
        """Return labels as Gambit has them: checked, and renamed where empty or double."""
        found = []
        for token in tokens:
            self.check_label(token)
            found.append(token.text)
        return relabelled(found)

    def check_label(self, token: Token) -> None:
        """Refuse control characters and blanks at the edges or in pairs, as Gambit does."""
        text = token.text
        if text != text.strip() or "  " in text or any(not sign.isprintable() for sign in text):
            self.fail(
                f"{text!r} cannot be a label: no control characters, no blanks at either end, none in pairs",
                token,
            )


def relabelled(labels: Sequence[str]) -> tuple[str, ...]:
    """Rename by number the labels that are empty or stand more than once.

    Examples
    --------
    >>> relabelled(["A", "A", "", "A_1", "B"])
    ('A_2', 'A_3', '_1', 'A_1', 'B')
    """
    taken = set(labels)
    counts: dict[str, int] = {}
    result = []
    for label in labels:
        name = label
        if not label or labels.count(label) > 1:
            number = counts.get(label, 0) + 1
            while f"{label}_{number}" in taken:
                number += 1
            counts[label] = number
            name = f"{label}_{number}"
        result.append(name)
    return tuple(result)
