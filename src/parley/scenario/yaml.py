"""YAML 1.2, without anchors, aliases, tags and merge keys, read to nodes that know their place.

What lives here: nodes, composing them from the parser's events, and turning a syntax fault into words. What
may not: any key of the language. Every scalar stays text: what ``35%`` or ``on`` means is for the reader of
the key to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml import events as event
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from parley.scenario.model import Span
from parley.scenario.text import Report, SourceText
from parley.scenario.yaml_faults import explain

__all__ = ["DEPTH_LIMIT", "Entry", "Mapping", "Scalar", "Sequence", "Value", "compose"]

DEPTH_LIMIT = 40
_QUOTE_IT = "Put the whole expression in quotes."
_CONDITIONS = re.compile(r"\bP\([^()|]*\|[^()]*,")  # P(event | condition, condition
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. ``plain``: without quotes; ``one_line``: equal to the characters at ``span``."""

    value: str
    plain: bool
    one_line: bool
    span: Span
    damaged: bool = False  # a fault in it is already reported

    @property
    def null(self) -> bool:
        """Whether nothing is written here: empty, ``~`` or ``null`` without quotes."""
        return self.plain and self.value in _NULLS


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list. ``flow`` when it is written in brackets."""

    items: tuple[Value, ...]
    flow: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``key: value`` of a mapping."""

    key: Scalar
    value: Value


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the text. ``flow`` when it is written in braces."""

    entries: tuple[Entry, ...]
    flow: bool
    span: Span


Value: TypeAlias = Scalar | Sequence | Mapping


def _is_cut(left: Value, right: Value) -> bool:
    """Whether two neighbours are one expression that was cut at a comma inside parentheses."""
    return (
        isinstance(left, Scalar)
        and isinstance(right, Scalar)
        and left.plain
        and left.value.count("(") > left.value.count(")")
    )


def _is_empty(value: Value) -> bool:
    return isinstance(value, Scalar) and value.null and value.value == ""


class _TooDeep(Exception):  # noqa: N818
    """Ends the reading of a block whose nesting passes the limit."""


def compose(source: SourceText, start: int, end: int, report: Report) -> Value | None:
    r"""Read the YAML between two offsets of a text.

    Parameters
    ----------
    source
        The whole text.
    start, end
        The stretch of it that holds YAML.
    report
        Takes note of each fault.

    Returns
    -------
    Value or None
        None when the stretch holds nothing or a fault ended the reading.

    Examples
    --------
    >>> source = SourceText.of("p: 35%\nnames: [NO, on]\n", "x.yaml")
    >>> value = compose(source, 0, len(source.text), print)
    >>> [(entry.key.value, entry.key.span.line) for entry in value.entries]
    [('p', 1), ('names', 2)]
    >>> [item.value for item in value.entries[1].value.items]
    ['NO', 'on']
    """
    composer = _Composer(source, start, end, report)
    try:
        return composer.document()
    except MarkedYAMLError as fault:
        explain(fault, source, start, end, report)
    except YAMLError as fault:
        at = start + (getattr(fault, "position", 0) or 0)
        report(
            "P140",
            source.span(at),
            f"the character U+{ord(source.text[at : at + 1] or ' '):04X} cannot stand in a model",
            "It is a control character, usually left over from copying; delete it.",
        )
    except _TooDeep:
        pass
    return None


class _Composer:
    """Builds nodes from the parser's events, and refuses what the language leaves out of YAML."""

    def __init__(self, source: SourceText, start: int, end: int, report: Report) -> None:
        self._source = source
        self._start = start
        self._report = report
        self._cut: set[tuple[int, int]] = set()
        self._under: list[str] = []  # the keys whose values are being read, the outermost first
        self._events: Iterator[event.Event] = YAML(typ="safe", pure=True).parse(source.text[start:end])

    def document(self) -> Value | None:
        """Read the one document of the block."""
        value: Value | None = None
        documents = 0
        for found in self._events:
            if isinstance(found, event.DocumentStartEvent):
                documents += 1
                if found.version or found.tags:
                    self._fault(
                        "P141", found, "YAML directives (%...) are not part of the language", "Delete it."
                    )
                if documents == 2:
                    self._fault(
                        "P142",
                        found,
                        "a line --- inside the model begins a second document",
                        "Delete the line; one file holds one model.",
                    )
                    break
                value = self._value(next(self._events), 1)
        return value

    def _value(self, found: event.Event, depth: int) -> Value:
        if depth > DEPTH_LIMIT:
            self._fault(
                "P149",
                found,
                f"this is nested more than {DEPTH_LIMIT} levels deep",
                "Close some brackets, or give parts of it a name under `define`.",
            )
            raise _TooDeep
        self._refuse(found)
        if isinstance(found, event.ScalarEvent):
            return self._scalar(found)
        if isinstance(found, event.SequenceStartEvent):
            return self._sequence(found, depth)
        if isinstance(found, event.MappingStartEvent):
            return self._mapping(found, depth)
        return Scalar(f"*{getattr(found, 'anchor', '')}", True, False, self._span(found), damaged=True)

    def _refuse(self, found: event.Event) -> None:
        """Report anchors, aliases and tags."""
        if isinstance(found, event.AliasEvent):
            self._fault(
                "P143",
                found,
                f"`*{found.anchor}` is a YAML alias; the language has none",
                "If it is part of an expression, put the whole expression in quotes.",
            )
            return
        anchor = getattr(found, "anchor", None)
        if anchor:
            self._fault(
                "P144",
                found,
                f"`&{anchor}` is a YAML anchor; the language has none",
                "Put the value in quotes, or give a number a name under `define` and use the name.",
            )
        tag = getattr(found, "tag", None)
        if tag is not None:
            shown = str(tag)
            self._fault(
                "P145",
                found,
                f"`{shown}` is read by YAML as a tag; the language has none",
                "Put the value in quotes; for the opposite of a condition write `not`."
                if shown.startswith("!")
                else "Delete it.",
            )

    def _scalar(self, found: event.ScalarEvent) -> Scalar:
        start, end = self._offsets(found)
        if found.style in ("|", ">") and (not found.value.strip() or self._source.text[start + 1].isdigit()):
            self._fault(
                "P165",
                found,
                f"a value that starts with `{found.style}` is read by YAML as a text of several lines",
                "Put the whole value in quotes.",
            )
        quoted = found.style in ("'", '"')
        inside = self._source.text[start + quoted : end - quoted]
        return Scalar(
            value=found.value,
            plain=found.style is None,
            one_line=found.style not in ("|", ">") and inside == found.value,
            span=self._source.span(start + quoted, max(end - quoted, start + quoted + 1)),
            damaged=found.tag is not None,
        )

    def _sequence(self, start: event.SequenceStartEvent, depth: int) -> Sequence:
        items: list[Value] = []
        while not isinstance(found := next(self._events), event.SequenceEndEvent):
            item = self._value(found, depth + 1)
            if start.flow_style and items and _is_cut(items[-1], item):
                items[-1] = self._rejoined(items[-1], item)
            else:
                items.append(item)
        return Sequence(tuple(items), bool(start.flow_style), self._span(start))

    def _mapping(self, start: event.MappingStartEvent, depth: int) -> Mapping:
        entries: list[Entry] = []
        seen: dict[str, Span] = {}
        alone: list[Scalar] = []
        while not isinstance(found := next(self._events), event.MappingEndEvent):
            key = self._value(found, depth + 1)
            self._under.append(key.value if isinstance(key, Scalar) else "")
            value = self._value(next(self._events), depth + 1)
            self._under.pop()
            if start.flow_style and entries and _is_cut(entries[-1].value, key) and _is_empty(value):
                entries[-1] = Entry(entries[-1].key, self._rejoined(entries[-1].value, key))
            elif (
                start.flow_style and isinstance(key, Scalar) and _is_empty(value) and not self._has_colon(key)
            ):
                self._without_value(key, entries, alone)
                continue
            elif not isinstance(key, Scalar):
                self._report(
                    "P146",
                    key.span,
                    "a list or a map stands where a name is expected",
                    "A name is plain text. If braces or brackets are meant as text, put them in quotes.",
                )
            elif key.plain and key.value == "<<":
                self._report(
                    "P147",
                    key.span,
                    "`<<` merges maps in YAML; the language has no merging",
                    "Write the entries out.",
                )
            elif key.value in seen:
                self._report(
                    "P148",
                    key.span,
                    f"`{key.value}` is given twice in the same map",
                    f"It already stands in line {seen[key.value].line}; keep one of the two.",
                )
            else:
                self._report_alone(alone, entries)
                seen[key.value] = key.span
                entries.append(Entry(key, value))
        self._report_alone(alone, entries)
        return Mapping(tuple(entries), bool(start.flow_style), self._span(start))

    def _has_colon(self, key: Scalar) -> bool:
        end = self._source.offset(key.span) + key.span.length + (not key.plain)
        return self._source.text[end : end + 200].lstrip().startswith(":")

    def _without_value(self, key: Scalar, entries: list[Entry], alone: list[Scalar]) -> None:
        """Take a word that stands alone between commas inside braces."""
        glued = re.fullmatch(r"([^:]+):(\S.*)", key.value)
        if glued:
            self._report(
                "P151",
                key.span,
                "there is no blank after this colon",
                f"A blank must follow the colon: `{glued[1]}: {glued[2]}`.",
            )
            place = self._source.offset(key.span) + len(glued[1]) + 1
            name = replace(key, value=glued[1], span=replace(key.span, length=len(glued[1])))
            span = self._source.span(place, place + len(glued[2]))
            entries.append(Entry(name, Scalar(glued[2], True, True, span)))
            return
        end = self._source.offset(key.span) + key.span.length
        if self._source.text[end : end + 200].lstrip()[:1] not in ("[", "{"):  # else the parser fails there
            alone.append(key)

    def _report_alone(self, alone: list[Scalar], entries: list[Entry]) -> None:
        """Report the words that stand alone behind an entry, as one fault: together they may be its value."""
        if not alone:
            return
        key, before = alone[0], entries[-1].value if entries else None
        hint = "Inside braces every entry is `name: value`; text that contains a comma needs quotes."
        equals = re.fullmatch(r"(\w[\w -]*?)\s*=\s*(\S.*)", key.value)
        if equals:
            hint = f"Write `:` instead of `=`: `{equals[1]}: {equals[2]}`."
        elif self._under and self._under[-1] == "options":
            hint = self._option_alone(alone, entries)
        elif isinstance(before, Scalar) and before.plain and not before.null:
            joined = ", ".join((before.value, *(each.value for each in alone)))
            quote = "'" if '"' in joined else '"'
            hint = f"If it belongs to what stands before it, put all of it in quotes: {quote}{joined}{quote}."
            if len(alone) == 1 and re.fullmatch(r"-?\d+", before.value) and re.fullmatch(r"\d+%?", key.value):
                hint = f"Write a decimal point: `{before.value}.{key.value}`."
        self._report("P203", key.span, f"`{key.value}` stands here without a value", hint)
        alone.clear()

    def _option_alone(self, alone: list[Scalar], entries: list[Entry]) -> str:
        """Take options without a value as options all the same, and return what to write."""
        names = [each.value for each in alone]
        hint = "Write a chance behind each option, and `rest` for one; behind those of a player `always`."
        if not entries:
            hint = f"For options without chances or conditions write a list: `[{', '.join(names)}]`."
        elif len(alone) == 1:
            hint = f"Write `{names[0]}: rest` when chance decides, `{names[0]}: always` when a player does."
        said = "rest" if len(alone) == 1 else ""
        entries += [Entry(each, Scalar(said, True, False, each.span, damaged=True)) for each in alone]
        return hint

    def _rejoined(self, left: Value, right: Value) -> Value:
        """Report an expression that YAML cut in two at a comma, and put it together again."""
        start, end = self._source.offset(left.span), self._source.offset(right.span) + right.span.length
        text = self._source.text[start:end]
        known = (start, left.span.line)
        comma = _CONDITIONS.search(text) is not None
        if known not in self._cut:
            self._cut.add(known)
            hint = _QUOTE_IT
            if comma:
                hint = "Join conditions with `and`, not with a comma."
            elif text.count("(") == text.count(")"):
                hint = f'Put it in quotes: "{" ".join(text.split())}".'
            message = "inside braces and brackets a comma ends a value, so this one is cut in two"
            self._report("P168", self._source.span(start, end), message, hint)
        span = self._source.span(start, end)
        return Scalar(" ".join(text.split()), True, "\n" not in text, span, damaged=comma)

    def _offsets(self, found: event.Event) -> tuple[int, int]:
        start = self._start + found.start_mark.index
        return start, max(self._start + found.end_mark.index, start)

    def _span(self, found: event.Event) -> Span:
        return self._source.span(*self._offsets(found))

    def _fault(self, code: str, found: event.Event, message: str, hint: str) -> None:
        self._report(code, self._span(found), message, hint)
