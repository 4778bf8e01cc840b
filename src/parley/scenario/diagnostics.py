"""Faults and notes about a text, each with its place and its remedy.

What lives here: one diagnostic and how it looks. The catalogue of codes is in :mod:`parley.scenario.codes`.
What may not: finding faults.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.scenario.codes import CODES
from parley.scenario.model import Span

__all__ = ["Diagnostic", "diagnostic"]


_WIDEST = 200  # characters of a line that are shown


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault or note: what is wrong, where, and what to do.

    ``line`` is the text of the source line ("" when there is none), ``hint`` what to do.
    """

    code: str
    message: str
    span: Span
    hint: str | None = None
    line: str = ""

    @property
    def severity(self) -> str:
        """``error``, ``warning`` or ``note``, as the catalogue has it."""
        return CODES[self.code].severity

    def render(self) -> str:
        """Return the diagnostic as text: place, code, message, the line with a caret, the hint.

        Examples
        --------
        >>> span = Span("a.md", 3, 8, 4)
        >>> print(Diagnostic("P301", "unknown name", span, "quote it", "unite: unit").render())
        a.md:3:8: error P301: unknown name
          3 | unite: unit
            |        ^^^^
          hint: quote it
        """
        place = f"{self.span.file}:{self.span.line}:{self.span.column}"
        parts = [f"{place}: {self.severity} {self.code}: {self.message}"]
        if self.line:
            number = str(self.span.line)
            line, column = _clipped(self.line.rstrip(), self.span.column - 1)
            blank = "".join("\t" if each == "\t" else " " for each in line[:column].ljust(column))
            caret = "^" * max(1, min(self.span.length, len(line) - column))
            parts += [f"  {number} | {line}", f"  {' ' * len(number)} | {blank}{caret}"]
        if self.hint:
            parts.append(f"  hint: {self.hint}")
        return "\n".join(parts)


def _clipped(line: str, column: int) -> tuple[str, int]:
    """Return the part of a line around a column, and the column in it: a line may be a whole paragraph."""
    if len(line) <= _WIDEST:
        return line, column
    first = max(0, min(column - _WIDEST // 3, len(line) - _WIDEST))
    part = line[first : first + _WIDEST]
    before, after = "... " if first else "", " ..." if first + _WIDEST < len(line) else ""
    return f"{before}{part}{after}", column - first + len(before)


def diagnostic(code: str, message: str, span: Span, *, hint: str | None = None, line: str = "") -> Diagnostic:
    """Return a diagnostic, checking that its code is in the catalogue.

    Examples
    --------
    >>> diagnostic("P301", "unknown name 'x'", Span("a.md", 1, 1)).severity
    'error'
    """
    if code not in CODES:
        raise KeyError(f"no diagnostic has the code {code}")
    return Diagnostic(code, message, span, hint, line)
