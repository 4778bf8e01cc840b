"""Names: when two are the same, and which ones an expression may use.

What lives here: the folding of spellings, suggestions, and the table of declared names. What may not: parsing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from parley.scenario.model import Span
from parley.scenario.syntax import Kind

__all__ = ["Names", "Symbol", "canonical", "suggest"]


def canonical(name: str) -> str:
    """Fold a name to the spelling that is compared: ``_``, ``-`` and runs of blanks become one blank.

    Examples
    --------
    >>> canonical(" short_list "), canonical("short-list")
    ('short list', 'short list')
    """
    return " ".join(name.replace("_", " ").replace("-", " ").split())


def suggest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that was probably meant, or None.

    Examples
    --------
    >>> suggest("shrot list", ["short list", "pause"])
    'short list'
    """
    pool = {canonical(each).casefold(): each for each in candidates}
    close = get_close_matches(canonical(word).casefold(), pool, n=1, cutoff=0.6)
    return pool[close[0]] if close else None


@dataclass(frozen=True, slots=True)
class Symbol:
    """A declared name: its kind, its declared spelling, its place, and its labels where it has any."""

    kind: Kind
    name: str
    span: Span
    labels: tuple[str, ...] = ()
    numeric: bool = False


class Names:
    """The names that expressions may use; grown by the reader, read by the parser.

    Examples
    --------
    >>> names = Names()
    >>> names.add(Kind.VARIABLE, "first event", Span("a.md", 1, 1), labels=("strike", "breach"))
    >>> names.longest(["first", "event", "is"])
    2
    """

    def __init__(self) -> None:
        self._symbols: dict[str, Symbol] = {}
        self._policies: dict[str, Symbol] = {}
        self._longest = 1

    def add(
        self,
        kind: Kind,
        name: str,
        span: Span,
        labels: tuple[str, ...] = (),
        *,
        numeric: bool = False,
    ) -> Symbol | None:
        """Add a name; return what already bears it, if anything does (then nothing is added).

        Policies live beside the other names: they may share a spelling with anything but another policy.
        """
        table = self._policies if kind is Kind.POLICY else self._symbols
        key = canonical(name)
        if key in table:
            return table[key]
        table[key] = Symbol(kind, name, span, labels, numeric)
        self._longest = max(self._longest, len(key.split()))
        return None

    def find(self, name: str, *, policies: bool = False) -> Symbol | None:
        """Return the symbol of a name in any spelling; policies first where they are allowed."""
        key = canonical(name)
        if policies and key in self._policies:
            return self._policies[key]
        return self._symbols.get(key)

    def longest(self, words: Sequence[str], *, policies: bool = False) -> int:
        """Return how many of the first words make up the longest known name; 0 for none."""
        for count in range(min(len(words), self._longest), 0, -1):
            if self.find(" ".join(words[:count]), policies=policies) is not None:
                return count
        return 0

    def every(self, *, policies: bool = False) -> tuple[str, ...]:
        """Return all names, in their declared spelling."""
        found = [symbol.name for symbol in self._symbols.values()]
        return tuple(found + [symbol.name for symbol in self._policies.values()] if policies else found)

    def holders(self, label: str) -> tuple[Symbol, ...]:
        """Return the variables, states and switches that have this label."""
        wanted = canonical(label)
        return tuple(
            symbol
            for symbol in self._symbols.values()
            if any(canonical(each) == wanted for each in symbol.labels)
        )
