"""Single values: text, numbers, names, lists, maps with known keys.

What lives here: what every section does with its nodes, and the faults that follow: a wrong kind, an unknown
or missing key, a name given twice, a name that nobody declared. What may not: any one section.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import replace

from parley.scenario.diagnostics import Diagnostic
from parley.scenario.expression import Context, parse
from parley.scenario.judgement import Located, judgement
from parley.scenario.keys import SHAPES, Shape
from parley.scenario.model import Expression, Judgement, Span
from parley.scenario.names import Names, canonical, label_key, suggest
from parley.scenario.tables import DataFiles
from parley.scenario.text import SourceText
from parley.scenario.yaml import Entry, Mapping, Scalar, Sequence, Value

__all__ = ["EXPRESSION_LIMIT", "Fields", "Reader", "kind_of", "listed"]

EXPRESSION_LIMIT = 5_000
_EVERY_KEY = frozenset(canonical(name) for shape in SHAPES.values() for name in shape.names)
_DECLARED_OR_FAULTY = frozenset({"player", "option", "value", "label", "outcome", "move", "policy"})
_NOTHING_DECLARED = ("has no values", "no player is declared")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COMMA = re.compile(r"[-+]?\d+,\d+%?")
_NOT_FINITE = re.compile(r"[-+]?\.?(?:nan|inf|infinity)", re.IGNORECASE)
_OPERATOR_AT_END = re.compile(r"(?:[-+*/^<>=(,]|\b(?:and|or|not|is|if|else))$")


def kind_of(value: Value) -> str:
    """Say in words what kind of value this is.

    Examples
    --------
    >>> kind_of(Sequence((), True, Span("x.md", 1, 1)))
    'a list'
    """
    if isinstance(value, Mapping):
        return "a map (`name: value`)"
    if isinstance(value, Sequence):
        return "a list"
    return "nothing" if value.null else "a single value"


def listed(names: Iterable[str], limit: int = 8) -> str:
    """Join names for a sentence.

    Examples
    --------
    >>> listed(["us", "gov", "army"])
    '`us`, `gov`, `army`'
    """
    shown = list(names)
    more = f" and {len(shown) - limit} more" if len(shown) > limit else ""
    return ", ".join(f"`{name}`" for name in shown[:limit]) + more


class Fields:
    """The values of a map with known keys; what is not there is None."""

    def __init__(self, shape: Shape, span: Span, values: dict[str, Entry], others: list[Entry]) -> None:
        self.shape = shape
        self.span = span
        self.others = others
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def get(self, name: str) -> Value | None:
        """Return the value under a key."""
        entry = self._values.get(name)
        return entry.value if entry is not None else None

    def key(self, name: str) -> Span:
        """Where the key stands; the place of the map when the key is not there."""
        entry = self._values.get(name)
        return entry.key.span if entry is not None else self.span


class Reader:
    """Reads values and collects every fault.

    Parameters
    ----------
    source
        The text, for the lines that diagnostics show.
    files
        The tables that may be counted.
    """

    def __init__(self, source: SourceText, files: DataFiles | None = None) -> None:
        self.source = source
        self.files = files or DataFiles()
        self.names = Names()
        self.diagnostics: list[Diagnostic] = []
        self.expressions = 0
        self.paid: set[str] = set()  # players whose payoffs are written, faulty or not

    def fault(self, code: str, span: Span, message: str, hint: str | None = None) -> None:
        """Take note of a fault."""
        if hint:
            hint = (hint[0].lower() + hint[1:]).removesuffix(".")
        self.diagnostics.append(Diagnostic(code, message, span, hint, self.source.line(span.line)))

    # --- kinds ------------------------------------------------------------------------------------------

    def mapping(self, value: Value, what: str, example: str = "name: value") -> Mapping | None:
        """Return the value when it is a map."""
        if isinstance(value, Mapping):
            return value
        self._wrong_kind(value, f"{what} must be a map", f"Write `{example}`.")
        return None

    def sequence(self, value: Value, what: str, example: str = "[a, b]") -> Sequence | None:
        """Return the value when it is a list."""
        if isinstance(value, Sequence):
            return value
        self._wrong_kind(
            value, f"{what} must be a list", f"Write `{example}`, or one item per line after `- `."
        )
        return None

    def scalar(self, value: Value, what: str) -> Scalar | None:
        """Return the value when it is a single one and not empty."""
        if isinstance(value, Scalar) and value.damaged:
            return None  # already reported
        if isinstance(value, Scalar) and not value.null:
            return value
        hint = "Put it in quotes if it contains brackets or braces."
        self._wrong_kind(value, f"{what} must be a single value", hint)
        return None

    def _wrong_kind(self, value: Value, message: str, hint: str) -> None:
        if isinstance(value, Scalar) and value.null:
            self.fault("P211", value.span, message.replace(" must be ", " is empty; it must be "), hint)
        else:
            self.fault("P210", value.span, f"{message}, but this is {kind_of(value)}", hint)

    # --- maps -------------------------------------------------------------------------------------------

    def fields(self, value: Value, shape_name: str, *, extra: Iterable[str] = ()) -> Fields | None:
        """Read a map with known keys: unknown and missing keys are reported.

        Parameters
        ----------
        value
            The node.
        shape_name
            Which shape of :data:`parley.scenario.keys.SHAPES`.
        extra
            Keys that are allowed but left to the caller.
        """
        shape = SHAPES[shape_name]
        mapping = self.mapping(value, shape.article)
        if mapping is None:
            return None
        known = {canonical(name): name for name in shape.names}
        values: dict[str, Entry] = {}
        others: list[Entry] = []
        present: set[str | None] = set()
        written = {known.get(canonical(entry.key.value)) for entry in mapping.entries}
        for entry in mapping.entries:
            name = known.get(canonical(entry.key.value))
            if name is None and shape.others is None and canonical(entry.key.value) not in extra:
                near = self._unknown_key(entry, shape)
                if near is not None and near not in values and near not in written:
                    values[near] = entry  # read on as if it were written so
                    present.add(near)
            elif name is None:
                others.append(entry)
            elif name in values:
                self.fault(
                    "P148",
                    entry.key.span,
                    f"`{name}` is given twice in the same map",
                    f"It already stands in line {values[name].key.span.line}; keep one of the two.",
                )
            elif isinstance(entry.value, Scalar) and entry.value.null:
                self.fault("P212", entry.key.span, f"`{name}` has no value", "Write one, or delete the key.")
            else:
                values[name] = entry
        present |= written
        for key in shape.keys:
            if key.required and key.name not in present:
                self.fault(
                    "P202",
                    mapping.entries[0].key.span if mapping.entries else mapping.span,
                    f"{shape.article} needs `{key.name}`",
                    f"`{key.name}`: {key.text}.",
                )
        return Fields(shape, mapping.span, values, others)

    def _unknown_key(self, entry: Entry, shape: Shape) -> str | None:
        """Report a key, and return the one that was probably meant."""
        name = entry.key.value
        elsewhere = canonical(name) in _EVERY_KEY  # spelt well, and meant for something else
        near = None if elsewhere else suggest(name, shape.names)
        hint = f"Did you mean `{near}`?" if near else f"Known keys are {listed(shape.names, 20)}."
        self.fault("P201", entry.key.span, f"{shape.article} has no key `{name}`", hint)
        return near

    def named(self, value: Value, what: str, example: str = "name: value") -> list[Entry]:
        """Read a map from names to values; a name given twice (in any spelling) is reported."""
        mapping = self.mapping(value, what, example)
        seen: dict[str, Entry] = {}
        for entry in mapping.entries if mapping is not None else ():
            name = label_key(entry.key.value)
            if entry.key.null or not name:
                self.fault("P213", entry.key.span, "a name is missing before this colon", "Write one.")
            elif name in seen:
                self.fault(
                    "P220",
                    entry.key.span,
                    f"`{entry.key.value}` is given twice in {what}",
                    f"`{seen[name].key.value}` already stands in line {seen[name].key.span.line}.",
                )
            else:
                seen[name] = entry
        return list(seen.values())

    # --- single values ----------------------------------------------------------------------------------

    def text(self, value: Value | None, what: str) -> str | None:
        """Read free text; None stays None."""
        if value is None:
            return None
        scalar = self.scalar(value, what)
        if scalar is None:
            return None
        self._swallowed(scalar, free=True)
        return " ".join(scalar.value.split()) if scalar.plain else scalar.value.strip()

    def number(self, value: Value | None, what: str) -> float | None:
        """Read a finite number; ``35%`` is 0.35."""
        if value is None:
            return None
        scalar = self.scalar(value, what)
        if scalar is None:
            return None
        written = scalar.value.strip()
        digits = written.removesuffix("%").strip()
        if _NUMBER.fullmatch(digits) and math.isfinite(float(digits)):
            return float(digits) / 100 if written.endswith("%") else float(digits)
        if _COMMA.fullmatch(written):
            hint = f"Write a decimal point: `{written.replace(',', '.')}`."
        elif _NOT_FINITE.fullmatch(written):
            hint = "Only finite numbers can be used."
        else:
            hint = "Write a number such as 0.3, 35% or 1e-3."
        self.fault("P214", scalar.span, f"{what} must be a number, and `{written}` is none", hint)
        return None

    def integer(self, value: Value | None, what: str) -> int | None:
        """Read a whole number."""
        number = self.number(value, what)
        if number is None or value is None:
            return None
        if number != int(number):
            self.fault(
                "P215", value.span, f"{what} must be a whole number", "Write it without a decimal point."
            )
            return None
        return int(number)

    def confidence(self, value: Value | None) -> str | None:
        """Read A, B or C."""
        letter = self.text(value, "`confidence`")
        if letter is None or value is None or letter in ("A", "B", "C"):
            return letter
        self.fault(
            "P216",
            value.span,
            f"`{letter}` is no degree of confidence",
            "Write A (counted), B (read off a record) or C (judged).",
        )
        return None

    def one_of(self, value: Value | None, what: str, words: tuple[str, ...]) -> str | None:
        """Read one of a few words."""
        word = self.text(value, what)
        if word is None or value is None or word in words:
            return word
        near = suggest(word, words)
        hint = f"Did you mean `{near}`?" if near else f"Write one of {listed(words)}."
        self.fault("P217", value.span, f"{what} cannot be `{word}`", hint)
        return None

    def scalars(self, value: Value | None, what: str) -> list[Scalar]:
        """Read one name or a list of names."""
        if value is None:
            return []
        if isinstance(value, Sequence):
            found = [self.scalar(item, f"each item of {what}") for item in value.items]
            return [item for item in found if item is not None]
        if isinstance(value, Mapping):
            self.fault(
                "P210",
                value.span,
                f"{what} must be a list of names, but this is {kind_of(value)}",
                "Write `[a, b]`.",
            )
            return []
        one = self.scalar(value, what)
        return [] if one is None else [one]

    # --- names ------------------------------------------------------------------------------------------

    def choose(self, scalar: Scalar, among: Iterable[str], noun: str, code: str) -> str | None:
        """Return the declared name that this text means, or report that there is none."""
        pool = list(among)
        wanted = label_key(scalar.value)
        for name in pool:
            if label_key(name) == wanted:
                return name
        if not pool and noun.split()[0] in _DECLARED_OR_FAULTY:
            return None  # what would declare it is at fault, and reported
        near = suggest(scalar.value, pool)
        if near:
            hint = f"Did you mean `{near}`?"
        elif pool:
            hint = f"There are {listed(pool)}." if len(pool) > 1 else f"There is only `{pool[0]}`."
        else:
            hint = f"No {noun} is declared."
        self.fault(code, scalar.span, f"`{scalar.value}` is no {noun}", hint)
        return None

    def chosen(
        self, value: Value | None, what: str, among: Iterable[str], noun: str, code: str
    ) -> tuple[str, ...]:
        """Read one name or several, each declared; a name given twice counts once and is reported."""
        pool = list(among)
        found: list[str] = []
        for scalar in self.scalars(value, what):
            name = self.choose(scalar, pool, noun, code)
            if name is not None and name in found:
                self.fault(
                    "P221", scalar.span, f"`{name}` is listed twice in {what}", "Delete one of the two."
                )
            elif name is not None:
                found.append(name)
        return tuple(found)

    # --- expressions ------------------------------------------------------------------------------------

    def expression(self, value: Value | None, what: str, context: Context) -> Expression | None:
        """Parse an expression.

        Parameters
        ----------
        value
            The node; None stays None.
        what
            The thing in words, for a message.
        context
            What may stand in it, see :func:`parley.scenario.expression.parse`.
        """
        if value is None:
            return None
        scalar = self.scalar(value, what)
        if scalar is None:
            return None
        return self.parse(scalar, context)

    def parse(self, scalar: Scalar, context: Context) -> Expression | None:
        """Parse the text of a node; every fault gets its place in the file."""
        self.expressions += 1
        if self.expressions > EXPRESSION_LIMIT:
            if self.expressions == EXPRESSION_LIMIT + 1:
                message = f"the scenario has more than {EXPRESSION_LIMIT:,} expressions"
                self.fault("P170", scalar.span, message, "Give parts that come back a name under `define`.")
            return None
        self._swallowed(scalar)
        text = scalar.value if scalar.one_line else " ".join(scalar.value.split())
        line = self.source.line(scalar.span.line)
        expression, faults = parse(text, scalar.span, self.names, context=context, line=line)
        for fault in faults:
            if (fault.hint or "").endswith(_NOTHING_DECLARED):
                continue  # what would declare it is at fault, and reported
            self.diagnostics.append(fault if scalar.one_line else self._unfold(fault, scalar, text))
        return expression

    def _unfold(self, fault: Diagnostic, scalar: Scalar, text: str) -> Diagnostic:
        """Find the place of a fault in a text that is spread over several lines."""
        raw, at = self.source.text, self.source.offset(scalar.span)
        if not scalar.plain and raw[at : at + 1] in "|>":
            at = raw.find("\n", at) + 1
        for letter in text[: fault.span.column - scalar.span.column]:
            if letter == " ":
                while raw[at : at + 1].isspace():
                    at += 1
                continue
            while raw[at : at + 1].isspace():
                at += 1
            if raw[at : at + 1] != letter:
                return replace(fault, span=scalar.span)
            at += 1
        span = self.source.span(at, at + fault.span.length)
        return replace(fault, span=span, line=self.source.line(span.line))

    def _swallowed(self, scalar: Scalar, *, free: bool = False) -> None:
        """Note a comment that was probably meant as text: YAML drops what follows a blank and `#`."""
        if not scalar.plain:
            return
        line = self.source.line(scalar.span.line)
        rest = line[scalar.span.column - 1 + scalar.span.length :]
        comment = rest.lstrip()
        if not rest[:1].isspace() or not comment.startswith("#"):
            return
        glued = len(comment) > 1 and not comment[1].isspace() and comment[1] != "#"
        if (free and glued) or (not free and _OPERATOR_AT_END.search(scalar.value)):
            at = self.source.offset(scalar.span) + scalar.span.length + len(rest) - len(comment)
            self.fault(
                "P920",
                self.source.span(at, at + len(comment)),
                "what follows `#` is a comment and no part of the value",
                "Put the whole value in quotes if it belongs to it.",
            )

    # --- judgements and labels --------------------------------------------------------------------------

    def is_number(self, scalar: Scalar) -> bool:
        """Whether a text is a number, or so nearly one that it can only be meant as one."""
        written = scalar.value.strip()
        digits = written.removesuffix("%").strip()
        return any(pattern.fullmatch(digits) for pattern in (_NUMBER, _COMMA, _NOT_FINITE))

    def judgement(self, value: Value, what: str) -> Judgement | None:
        """Read how uncertain a number is."""
        if isinstance(value, Scalar) and value.null:
            hint = "Write a number, or `{range: [low, high]}`."
            self.fault("P211", value.span, f"{what} is empty; it must be a judgement", hint)
            return None
        if isinstance(value, Sequence):
            hint = "Write `{range: [low, high]}` or `{one of: [1, 2]}`."
            self.fault("P210", value.span, f"{what} must be a judgement, but this is a list", hint)
            return None
        if isinstance(value, Scalar) and value.damaged:
            return None
        found, faults = judgement(self._located(value), what, self.files)
        self.diagnostics.extend(faults)
        return found

    def _located(self, value: Value) -> Located:
        line = self.source.line(value.span.line)
        if isinstance(value, Scalar):
            return Located(None if value.null else value.value.strip(), value.span, line)
        if isinstance(value, Sequence):
            return Located([self._located(item) for item in value.items], value.span, line)
        fields = {entry.key.value: self._located(entry.value) for entry in value.entries}
        return Located(dict(fields), value.span, line)

    def labels(self, value: Value, what: str, *, least: int, code: str) -> list[Scalar]:
        """Read a list of labels, each once."""
        sequence = self.sequence(value, what, "[stay, leave]")
        seen: dict[str, Scalar] = {}
        for item in sequence.items if sequence is not None else ():
            scalar = self.scalar(item, f"each of {what}")
            if scalar is None:
                continue
            name = label_key(scalar.value)
            if name in seen:
                hint = f"It already stands in line {seen[name].span.line}; keep one of the two."
                self.fault("P220", scalar.span, f"`{scalar.value}` is given twice in {what}", hint)
            else:
                seen[name] = scalar
        if sequence is not None and len(sequence.items) < least:
            count = "empty" if not sequence.items else "only one"
            self.fault(code, sequence.span, f"{what} are {count}", f"List at least {max(least, 2)}.")
        elif sequence is not None and len(sequence.items) == 1:
            self.fault("P910", sequence.span, f"{what} are only one, so nothing is decided here")
        return list(seen.values())

    def weights(self, value: Mapping, what: str) -> tuple[float, ...] | None:
        """Read a map from labels to certain chances, one of which may be ``rest``."""
        found: list[float | None] = []
        faulty = False
        entries = self.named(value, what, "yes: 30%, no: rest")
        for entry in entries:
            if isinstance(entry.value, Scalar) and entry.value.value.strip() == "rest":
                found.append(None)
                continue
            number = self.number(entry.value, f"the chance of `{entry.key.value}`")
            faulty |= number is None
            if number is not None and not 0 <= number <= 1:
                message = f"the chance of `{entry.key.value}` is {number:g}; a chance lies between 0 and 1"
                self.fault("P513", entry.value.span, message, "Write a number such as 0.3 or 30%.")
                faulty = True
            found.append(number or 0.0)
        if faulty or not found:
            return None
        rests = [entry for entry, number in zip(entries, found, strict=True) if number is None]
        total = sum(number for number in found if number is not None)
        if len(rests) > 1:
            hint = f"It already stands in line {rests[0].key.span.line}; give all but one a chance."
            self.fault("P514", rests[1].value.span, f"{what} have `rest` more than once", hint)
        elif total > 1 + 1e-9 or (not rests and abs(total - 1) > 1e-9):
            verb = f"sum to {100 * total:.6g}%, {'more than' if total > 1 and rests else 'not to'} 100%"
            hint = "Make them smaller." if rests else "Write `rest` for one of them."
            self.fault("P515", value.span, f"{what} {verb}", hint)
        else:
            return tuple(max(1 - total, 0.0) if number is None else number for number in found)
        return None
