"""A plain value with its place, and the fault that stops the reading of one judgement.

What lives here: what every form of a judgement is read from. What may not: any one form.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

from parley.scenario.diagnostics import Diagnostic
from parley.scenario.model import Span
from parley.scenario.names import suggest
from parley.scenario.yardsticks import DEFAULT_YARDSTICK, YARDSTICKS

__all__ = ["LARGEST", "Located", "Refused", "number_of", "range_ends", "shown_value"]

Plain: TypeAlias = "str | float | list[Located] | dict[str, Located] | None"

LARGEST = 1e100  # beyond it products of a few numbers are infinite
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*%?")
_FROM_TO = re.compile(r"([-+]?[0-9.]+)\s*(%?)\s*(?:-|\u2013|to|\.\.)\s*([-+]?[0-9.]+)\s*(%?)")
_MONEY = re.compile(
    r"([$\u00a3\u00a5\u20ac\u20b9])\s*([-+]?[0-9.]+)|([-+]?[0-9.]+)\s*([$\u00a3\u00a5\u20ac\u20b9])"
)


@dataclass(frozen=True, slots=True)
class Located:
    """A plain value with its place: text, a number, None, a list, or a map of located values."""

    value: Plain
    span: Span
    line: str = ""


class Refused(Exception):  # noqa: N818
    """A judgement that cannot be read; ``diagnostics`` say why."""

    def __init__(self, code: str, message: str, at: Located, hint: str | None) -> None:
        super().__init__(message)
        self.diagnostics: tuple[Diagnostic, ...] = (Diagnostic(code, message, at.span, hint, at.line),)

    @classmethod
    def because(cls, faults: Sequence[Diagnostic], at: Located) -> Self:
        """Return the refusal for faults that were found elsewhere; at least one."""
        refused = cls(faults[0].code, faults[0].message, at, faults[0].hint)
        refused.diagnostics = tuple(faults)
        return refused


def number_of(entry: Located, what: str) -> float:
    """Read a finite number, or refuse.

    Raises
    ------
    Refused
        The value is none, or too large to compute with.

    Examples
    --------
    >>> number_of(Located("35%", Span("a.md", 1, 1)), "the chance")
    0.35
    """
    value = entry.value
    found: float | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        found = float(value) if abs(value) <= LARGEST else math.inf
    elif isinstance(value, float) and math.isfinite(value):
        found = value
    elif isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        text = value.strip()
        found = float(text.rstrip("% \t")) / (100 if text.endswith("%") else 1)
    if found is None:
        raise Refused("P415", f"{what} needs a number here, not {shown_value(value)}", entry, _meant(value))
    if abs(found) > LARGEST:
        message = f"{what}: {shown_value(value)} is too large a number to compute with"
        raise Refused("P416", message, entry, "choose another unit")
    return found


def _meant(value: Plain) -> str:
    """Guess what was meant by something that is no number."""
    hint = "write a number such as 0.3, 35% or 1e-3"
    if not isinstance(value, str | float):
        return hint
    text = str(value).strip()
    word = suggest(text, YARDSTICKS[DEFAULT_YARDSTICK])
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+\s*%?", text):
        return f"write a decimal point: {text.replace(',', '.')}"
    if re.fullmatch(r"[-+]?\.?(?:inf|infinity|nan)", text, re.IGNORECASE):
        return "only finite numbers can be used; an open side of `truncate` is written ~"
    if re.fullmatch(r"[-+]?[0-9.]+\s*(?:percent|per cent|pct\.?)", text, re.IGNORECASE):
        return f"write {re.sub(r'[^-+0-9.]', '', text.split()[0])}%"
    if (both := range_ends(text)) is not None:
        return f"write a range as `{{range: {both}}}`"
    if (money := _MONEY.fullmatch(text)) is not None:
        return f"put the currency in `unit`: `value: {money[2] or money[3]}, unit: {money[1] or money[4]}`"
    if word is not None:
        return f"for a word of probability write `{{likelihood: {word}}}`"
    return hint


def range_ends(text: str) -> str | None:
    """Return the range that is meant by two numbers with a word or a dash between them.

    Examples
    --------
    >>> range_ends("10 to 20%"), range_ends("about ten")
    ('[10%, 20%]', None)
    """
    found = _FROM_TO.fullmatch(text)
    if found is None:
        return None
    low, first, high, second = found.groups()
    return f"[{low}{first or second}, {high}{second}]"


def shown_value(value: Plain) -> str:
    """Return a value as a message shows it.

    Examples
    --------
    >>> shown_value("12"), shown_value([])
    ('`12`', 'a list')
    """
    if value is None:
        return "nothing"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a map"
    text = str(value)
    return f"`{text}`" if len(text) <= 40 else f"`{text[:40]}...`"
