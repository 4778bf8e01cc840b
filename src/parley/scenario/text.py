"""The text of a scenario, and the places in it.

What lives here: turning character offsets into lines and columns. What may not: any knowledge of Markdown,
YAML or the language.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Protocol

from parley.scenario.model import Span

__all__ = ["Report", "SourceText", "normalise"]


class Report(Protocol):
    """Takes note of a fault: its code, its place, the message, and a hint on how to mend it."""

    def __call__(self, code: str, span: Span, message: str, hint: str | None = None) -> None:
        """Take note of the fault."""


def normalise(text: str) -> str:
    r"""Drop a byte order mark and turn every line end into ``\n``.

    Examples
    --------
    >>> normalise("\ufeffa\r\nb\rc")
    'a\nb\nc'
    """
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text, with the offset at which each of its lines starts.

    Parameters
    ----------
    path
        Where the text was read from; it becomes ``Span.file``.
    text
        The whole text, its line ends normalised.
    starts
        Offset of the first character of each line.
    """

    path: str
    text: str
    starts: tuple[int, ...]

    @staticmethod
    def of(text: str, path: str) -> SourceText:
        """Index a text whose line ends are normalised."""
        starts = [0]
        at = text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = text.find("\n", at + 1)
        return SourceText(path, text, tuple(starts))

    def span(self, start: int, end: int | None = None) -> Span:
        r"""Where the characters from ``start`` up to ``end`` stand; the length never passes the line's end.

        Examples
        --------
        >>> SourceText.of("a: 1\nbc: 2\n", "x.md").span(5, 7)
        Span(file='x.md', line=2, column=1, length=2)
        """
        start = min(max(start, 0), len(self.text))
        row = bisect_right(self.starts, start) - 1
        stop = min(start + 1 if end is None else end, self.starts[row] + len(self.line(row + 1)))
        return Span(self.path, row + 1, start - self.starts[row] + 1, max(stop - start, 1))

    def whole_line(self, number: int) -> Span:
        """Where the words of a line stand, without the blanks around them."""
        line = self.line(number)
        left = len(line) - len(line.lstrip())
        return Span(self.path, number, left + 1, max(len(line.strip()), 1))

    def offset(self, span: Span) -> int:
        """Offset of the first character of a span."""
        return self.starts[span.line - 1] + span.column - 1

    def line(self, number: int) -> str:
        r"""Return the line with this 1-based number, without its line end.

        Examples
        --------
        >>> SourceText.of("a\nb", "x.md").line(2)
        'b'
        """
        if not 1 <= number <= len(self.starts):
            return ""
        stop = self.starts[number] - 1 if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : stop]

    @property
    def count(self) -> int:
        """Number of lines."""
        return len(self.starts)
