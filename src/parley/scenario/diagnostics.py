"""Faults and notes about a text, each with its place and its remedy.

What lives here: one diagnostic and how it looks. The catalogue of codes is in :mod:`parley.scenario.codes`.
What may not: finding faults.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.scenario.codes import CODES
from parley.scenario.model import Span

__all__ = ["Diagnostic", "diagnostic"]


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
            lead = self.line[: self.span.column - 1]
            blank = "".join("\t" if each == "\t" else " " for each in lead)
            room = max(len(self.line.rstrip()) - len(lead), 1)
            caret = "^" * max(1, min(self.span.length, room))
            parts += [f"  {number} | {self.line.rstrip()}", f"  {' ' * len(number)} | {blank}{caret}"]
        if self.hint:
            parts.append(f"  hint: {self.hint}")
        return "\n".join(parts)


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
