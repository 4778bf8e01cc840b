"""One entry of the catalogue of diagnostics.

What lives here: its form. What may not: entries.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Code"]


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of fault or note.

    ``severity`` is error, warning or note; ``wrong`` and ``right`` are the smallest examples of the fault
    and its remedy.
    """

    code: str
    severity: str
    title: str
    explanation: str
    wrong: str
    right: str
