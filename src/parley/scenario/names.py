"""Names: when two are the same, and which ones an expression may use.

What lives here: the folding of spellings, suggestions, and the table of declared names. What may not:
parsing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from parley.scenario.lexer import KEYWORDS
from parley.scenario.model import Span
from parley.scenario.syntax import Kind, Node

__all__ = ["Names", "Symbol", "canonical", "label_key", "suggest"]

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_LONGEST_SUGGESTED = 80  # characters; nobody mistypes a longer name, and likeness is quadratic in it


def canonical(name: str) -> str:
    """Fold a name to the spelling that is compared: ``_``, ``-`` and runs of blanks become one blank.

    Examples
    --------
    >>> canonical(" short_list "), canonical("short-list")
    ('short list', 'short list')
    """
    return " ".join(name.replace("_", " ").replace("-", " ").split())


def label_key(label: str) -> str:
    """Return what two labels are compared by: names in any spelling, numbers by their value and sign.

    Examples
    --------
    >>> label_key("short_list") == label_key("short list"), label_key("-1") == label_key("1")
    (True, False)
    >>> label_key("1.50") == label_key("+1.5") == label_key("150%")
    True
    """
    written = label.strip()
    digits = written.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(digits):
        return canonical(written)
    return repr(float(digits) / 100 if written.endswith("%") else float(digits))


def suggest(word: str, candidates: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """Return the candidate that was probably meant, or None.

    Parameters
    ----------
    word
        What was written.
    candidates
        What could have been.
    likeness
        From 0 (anything will do) to 1 (it must be the same): :meth:`difflib.SequenceMatcher.ratio`.

    Examples
    --------
    >>> suggest("shrot list", ["short list", "pause"])
    'short list'
    """
    wanted = canonical(word).casefold()
    if not 0 < len(wanted) <= _LONGEST_SUGGESTED:
        return None
    pool = {canonical(each).casefold(): each for each in candidates if len(each) <= _LONGEST_SUGGESTED}
    close = get_close_matches(wanted, pool, n=1, cutoff=likeness)
    return pool[close[0]] if close else None


@dataclass(frozen=True, slots=True)
class Symbol:
    """A declared name: its kind, its declared spelling, its place, and its labels where it has any.

    ``step`` is the kind of step that sets a variable (``nature``, ``move``, ``signal``, ``race``), "" when
    it is not known.
    """

    kind: Kind
    name: str
    span: Span
    labels: tuple[str, ...] = ()
    numeric: bool = False
    step: str = ""

    def label(self, written: str) -> str | None:
        """Return the declared spelling of one of the labels, or None.

        Examples
        --------
        >>> Symbol(Kind.STATE, "score", Span("a.md", 1, 1), ("-1", "0", "1")).label("+1")
        '1'
        """
        wanted = label_key(written)
        return next((each for each in self.labels if label_key(each) == wanted), None)


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
        self._trees: dict[str, Node] = {}
        self._with_keywords: set[str] = set()
        self._most_words = 1

    def add(
        self,
        kind: Kind,
        name: str,
        span: Span,
        labels: tuple[str, ...] = (),
        *,
        numeric: bool = False,
        step: str = "",
    ) -> Symbol | None:
        """Add a name; return what already bears it, if anything does (then nothing is added).

        Policies live beside the other names: they may share a spelling with anything but another policy.
        """
        table = self._policies if kind is Kind.POLICY else self._symbols
        key = canonical(name)
        if key in table:
            return table[key]
        table[key] = Symbol(kind, name, span, labels, numeric, step)
        words = key.split()
        self._most_words = max(self._most_words, len(words))
        if not KEYWORDS.isdisjoint(words):
            self._with_keywords.add(key)
        return None

    def define(self, name: str, tree: Node) -> None:
        """Say what a definition stands for, so that it is checked wherever it is used.

        Parameters
        ----------
        name
            A name of kind DEFINITION.
        tree
            Its expression. Until it is known nothing is assumed about the definition.
        """
        self._trees[canonical(name)] = tree

    def tree(self, name: str) -> Node | None:
        """Return the expression of a definition, if it is known yet."""
        return self._trees.get(canonical(name))

    def find(self, name: str, *, policies: bool = False) -> Symbol | None:
        """Return the symbol of a name in any spelling; policies first where they are allowed."""
        key = canonical(name)
        if policies and key in self._policies:
            return self._policies[key]
        return self._symbols.get(key)

    def longest(self, words: Sequence[str], *, policies: bool = False) -> int:
        """Return how many of the first words make up the longest known name; 0 for none."""
        for count in range(min(len(words), self._most_words), 0, -1):
            key = canonical(" ".join(words[:count]))
            if key in self._symbols or (policies and key in self._policies):
                return count
        return 0

    def swallowed(self, words: Sequence[str]) -> tuple[str, int] | None:
        """Return the declared name with `and`, `is`, ... inside that these words begin with, and how many.

        Such a name must be quoted.
        """
        if not self._with_keywords:
            return None
        for count in range(min(len(words), self._most_words), 0, -1):
            key = canonical(" ".join(words[:count]))
            if key in self._with_keywords:
                return (self._symbols.get(key) or self._policies[key]).name, count
        return None

    def every(self, *, policies: bool = False) -> tuple[str, ...]:
        """Return all names, in their declared spelling."""
        found = [symbol.name for symbol in self._symbols.values()]
        return tuple(found + [symbol.name for symbol in self._policies.values()] if policies else found)

    def of(self, kind: Kind) -> tuple[str, ...]:
        """Return the names of one kind, in the order they were added."""
        table = self._policies if kind is Kind.POLICY else self._symbols
        return tuple(symbol.name for symbol in table.values() if symbol.kind is kind)

    def labels_of(self, name: str) -> tuple[str, ...]:
        """Return the labels of a variable, state, switch or counter; () for anything else."""
        symbol = self.find(name)
        return symbol.labels if symbol is not None else ()

    def holders(self, label: str) -> tuple[Symbol, ...]:
        """Return the variables, states and switches that have this label."""
        return tuple(
            symbol
            for symbol in self._symbols.values()
            if symbol.kind is not Kind.COUNTER and symbol.label(label) is not None
        )
