"""The words of Gambit's files: tokens with their places, exact numbers, labels.

What lives here: what ``.efg`` and ``.nfg`` have in common, told apart as Gambit 17 does
(``src/games/file.cc`` of
https://github.com/gambitproject/gambit). What may not: the grammar of either format, NumPy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple, NoReturn

from parley.errors import GameError
from parley.game.numerals import LONGEST, rational

__all__ = ["BLANK", "FileFault", "Token", "Tokens", "fit", "relabelled"]

BLANK = r"[ \t\r\n\v\f]"
_NEXT = re.compile(
    rf"{BLANK}*(?:(?P<mark>[{{}},])"
    # A sign or a digit begins a number, which goes on as far as it can; a bare point takes no exponent.
    r"|(?P<number>\.\d*|[-+\d]\d*(?:\.\d*(?:[eE][-+]?\d*)?|/\d*|[eE][-+]?\d*)?)"
    r'|"(?P<text>[^"\\]*)"|(?P<open>")'
    rf"|(?P<word>[^ \t\r\n\v\f]+)|(?P<end>\Z))",
    re.ASCII,
)
_PIECE = re.compile(r'[^"\\]+|["\\]')
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|^\s|\s\s|\s\Z")
_INTEGER = re.compile(r"([-+]?)0*(\d{1,11})(?!\d)", re.ASCII)
_LOOSE = re.compile(r"([-+]?)(\d*)", re.ASCII)
_INTEGERS = range(-(2**31), 2**31)


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

    def begin(self, form: str, version: str, what: str) -> None:
        """Take what every file begins with: its form, the version, R or D."""
        head = self.take()
        if (head.kind, head.text) != ("word", form):
            mark = " (there is a byte order mark before it)" if head.text == f"\ufeff{form}" else ""
            self.fail(f"{what} begins with {form}{mark}", head)
        number = self.take()
        if (number.kind, number.text) != ("number", version):
            self.fail(f"only version {version} of the format is known", number)
        data = self.take()
        if data.kind != "word" or data.text not in ("R", "D"):
            self.fail("R or D is missing here", data)

    def texts(self, what: str) -> list[Token]:
        """Take a list of quoted texts in braces, possibly empty."""
        self.expect("{", f"'{{' before {what}")
        found = []
        while (token := self.accept("text")) is not None:
            found.append(token)
        self.expect("}", f"a text in quotes, or the '}}' after {what},")
        return found

    def jump(self, offset: int) -> None:
        """Go on from another place."""
        self._position = offset
        self.next = self._scan()

    def integer(self, what: str) -> int:
        """Take a whole number, read as C does: what follows the first digits is ignored."""
        token = self.expect("number", what)
        digits = _INTEGER.match(token.text)
        if digits is None or (number := int(digits[1] + digits[2])) not in _INTEGERS:
            self.fail(f"{_shown(token.text)} cannot be {what}: whole numbers have 32 bits", token)
        return number

    def loose_integer(self, what: str) -> int:
        """Take a whole number where Gambit is content with anything that looks like one: no digits are 0."""
        token = self.expect("number", what)
        digits = _LOOSE.match(token.text)
        assert digits is not None
        if len(digits.group()) > LONGEST:
            self.fail(f"{_shown(token.text)} is too long", token)
        return int(digits[1] + (digits[2] or "0"))

    def value(self, token: Token) -> Fraction:
        """Return the exact number that a token stands for."""
        try:
            return rational(token.text)
        except ValueError as fault:
            self.fail(str(fault), token)

    def _scan(self) -> Token:
        match = _NEXT.match(self.source, self._position)
        assert match is not None
        kind = match.lastgroup
        assert kind is not None
        start = match.start(kind)
        if kind == "open":
            return self._quoted(start)
        self._position = match.end()
        text = match[kind]
        if kind == "number" and text[-1] in "eE":
            self.fail(f"{_shown(text)} is no number: digits are missing", Token("number", text, start))
        if kind == "text":
            return Token("text", text, start - 1)
        return Token(text if kind == "mark" else kind, text, start)

    def _quoted(self, start: int) -> Token:
        r"""Read a text in quotes; ``\"`` is a quote, and a backslash before anything else stays.

        A backslash is also what the next one escapes, as in Gambit: two of them give three.
        """
        parts: list[str] = []
        escaped = False
        for piece in _PIECE.finditer(self.source, start + 1):
            sign = piece[0]
            if sign == '"' and not escaped:
                self._position = piece.end()
                return Token("text", "".join(parts), start)
            if escaped and sign != '"':
                parts.append("\\")
            if sign != "\\" or escaped:
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
        """Refuse control characters and blanks at the edges or in pairs, as Gambit 17 does."""
        if not fit(token.text):
            self.fail(
                f"{_shown(token.text)} cannot be a label: no control characters, no blanks at either end, "
                "none in pairs",
                token,
            )


def fit(label: str) -> bool:
    r"""Whether Gambit 17 takes a text as a label; 16 takes ASCII only.

    >>> fit("go on"), fit(" go"), fit("go\n")
    (True, False, False)
    """
    return _UNFIT.search(label) is None


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def relabelled(labels: Sequence[str]) -> tuple[str, ...]:
    """Rename by number the labels that are empty or stand more than once.

    Examples
    --------
    >>> relabelled(["A", "A", "", "A_1", "B"])
    ('A_2', 'A_3', '_1', 'A_1', 'B')
    """
    taken = Counter(labels)
    if len(taken) == len(labels) and "" not in taken:
        return tuple(labels)
    counts: dict[str, int] = {}
    result = []
    for label in labels:
        name = label
        if not label or taken[label] > 1:
            number = counts.get(label, 0) + 1
            while f"{label}_{number}" in taken:
                number += 1
            counts[label] = number
            name = f"{label}_{number}"
        result.append(name)
    return tuple(result)
