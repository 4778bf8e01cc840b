"""``parameters``, ``together``, ``switches``, ``define``, ``state``.

What lives here: everything that holds a number or a label before the story begins. What may not: the
judgements themselves (:mod:`parley.scenario.judgement`).
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.scenario.declared import Declared
from parley.scenario.expression import Context
from parley.scenario.model import Definition, Parameter, StateVariable, Switch, Together
from parley.scenario.sections.people import read_seen_by
from parley.scenario.syntax import Kind
from parley.scenario.values import Fields, Reader, listed
from parley.scenario.yaml import Entry, Mapping, Scalar, Value

__all__ = [
    "PARAMETER_LIMIT",
    "read_definitions",
    "read_parameters",
    "read_passage",
    "read_states",
    "read_switches",
    "read_together",
]

PARAMETER_LIMIT = 500
_STATE_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class _Notes:
    """What every assumption may say about itself."""

    text: str | None
    passage: str | None
    claims: tuple[str, ...]
    evidence: tuple[str, ...]
    confidence: str | None
    why: str | None


def _notes(reader: Reader, declared: Declared, fields: Fields) -> _Notes:
    return _Notes(
        text=reader.text(fields.get("text"), "`text`"),
        passage=read_passage(reader, declared, fields.get("from")),
        claims=reader.chosen(fields.get("claims"), "`claims`", declared.claims, "claim", "P701"),
        evidence=reader.chosen(
            fields.get("evidence"), "`evidence`", declared.evidence, "piece of evidence", "P702"
        ),
        confidence=reader.confidence(fields.get("confidence")),
        why=reader.text(fields.get("why"), "`why`"),
    )


def read_passage(reader: Reader, declared: Declared, value: Value | None, what: str = "`from`") -> str | None:
    """Read the name of a marked passage."""
    if value is None:
        return None
    scalar = reader.scalar(value, what)
    if scalar is None:
        return None
    if scalar.value.strip() in declared.passages:
        return scalar.value.strip()
    name = scalar.value.strip()
    if f"]{{{name}}}" in reader.source.text:
        hint = f"In the article write `{{#{name}}}` behind the words, with a #."
        reader.fault("P700", scalar.span, f"`{name}` is no passage", hint)
        return None
    return reader.choose(scalar, declared.passages, "passage", "P700")


def read_parameters(reader: Reader, declared: Declared, value: Value) -> dict[str, Parameter]:
    """Read ``parameters``: judgements, with what is known about each."""
    entries = reader.named(value, "`parameters`", "p: 35%")
    if len(entries) > PARAMETER_LIMIT:
        reader.fault(
            "P173",
            entries[PARAMETER_LIMIT].key.span,
            f"there are {len(entries)} parameters; the limit is {PARAMETER_LIMIT}",
            "Derive some of them from others under `define`.",
        )
    found: dict[str, Parameter] = {}
    for entry in entries:
        parameter = _parameter(reader, declared, entry)
        if parameter is not None:
            found[entry.key.value] = parameter
    return found


def _parameter(reader: Reader, declared: Declared, entry: Entry) -> Parameter | None:
    name, value = entry.key.value, entry.value
    judgement = reader.judgement(value, f"`{name}`")
    if not isinstance(value, Mapping):
        if judgement is None:
            return None
        return Parameter(name, judgement, None, None, None, (), (), None, None, entry.key.span)
    fields = reader.fields(value, "parameter")
    if fields is None:
        return None
    notes = _notes(reader, declared, fields)
    unit = reader.text(fields.get("unit"), "`unit`")
    if judgement is None:
        return None
    return Parameter(
        name=name,
        judgement=judgement,
        unit=unit,
        text=notes.text,
        passage=notes.passage,
        claims=notes.claims,
        evidence=notes.evidence,
        confidence=notes.confidence,
        why=notes.why,
        span=entry.key.span,
    )


def read_together(reader: Reader, declared: Declared, value: Value) -> tuple[Together, ...]:
    """Read ``together``: rank correlations."""
    sequence = reader.sequence(value, "`together`", "[{vary: [a, b], rank: 0.5}]")
    found: list[Together] = []
    for item in sequence.items if sequence is not None else ():
        fields = reader.fields(item, "together")
        if fields is None:
            continue
        names = reader.chosen(fields.get("vary"), "`vary`", declared.parameters, "parameter", "P232")
        rank = reader.number(fields.get("rank"), "`rank`")
        if "vary" in fields and len(names) < 2:
            if len(reader.scalars(fields.get("vary"), "`vary`")) < 2:
                reader.fault(
                    "P240",
                    fields.key("vary"),
                    "`vary` needs at least two parameters",
                    "Write `vary: [a, b]`.",
                )
            continue
        if rank is not None and not -1 < rank < 1:
            reader.fault(
                "P241",
                fields.key("rank"),
                f"a rank correlation lies between -1 and 1, both excluded; this is {rank:g}",
                "For parameters that move exactly together, use one parameter and `define` the other.",
            )
        elif rank is not None:
            found.append(Together(names, rank, item.span))
    return tuple(found)


def read_switches(reader: Reader, declared: Declared, value: Value) -> dict[str, Switch]:
    """Read ``switches``: choices between rival structures."""
    found: dict[str, Switch] = {}
    for entry in reader.named(value, "`switches`", "agency_binds: {default: on}"):
        switch = _switch(reader, declared, entry)
        if switch is not None:
            found[entry.key.value] = switch
    return found


def _switch(reader: Reader, declared: Declared, entry: Entry) -> Switch | None:
    name = entry.key.value
    if isinstance(entry.value, Scalar) and not entry.value.null:
        reader.fault(
            "P210",
            entry.value.span,
            f"the switch `{name}` must be a map, but this is a single value",
            f"Write `{name}: {{default: {entry.value.value}}}`.",
        )
        return None
    fields = reader.fields(entry.value, "switch")
    if fields is None:
        return None
    subject = declared.subjects.get(name)
    options = subject.labels if subject is not None else ()
    weights: tuple[float, ...] | None = None
    given = fields.get("options")
    if isinstance(given, Mapping):
        weights = reader.weights(given, f"the options of `{name}`")
    elif given is not None:
        reader.labels(given, f"the options of `{name}`", least=2, code="P242")
    notes = _notes(reader, declared, fields)
    default = _default(reader, fields, name, options, weights)
    if default is None or not options:
        return None
    return Switch(
        name=name,
        options=options,
        default=default,
        weights=weights,
        text=notes.text,
        passage=notes.passage,
        claims=notes.claims,
        evidence=notes.evidence,
        confidence=notes.confidence,
        why=notes.why,
        span=entry.key.span,
    )


def _default(
    reader: Reader, fields: Fields, name: str, options: tuple[str, ...], weights: tuple[float, ...] | None
) -> str | None:
    value = fields.get("default")
    if value is not None:
        scalar = reader.scalar(value, "`default`")
        return None if scalar is None else reader.choose(scalar, options, f"option of `{name}`", "P233")
    if weights is not None and options:
        return options[weights.index(max(weights))]
    if isinstance(fields.get("options"), Mapping):
        return None  # its chances are already reported
    reader.fault(
        "P202",
        fields.span,
        f"the switch `{name}` needs `default`",
        f"Say which of {listed(options)} is taken, or give every option a chance.",
    )
    return None


def read_definitions(reader: Reader, declared: Declared, value: Value) -> dict[str, Definition]:
    """Read ``define``: named expressions."""
    found: dict[str, Definition] = {}
    for entry in reader.named(value, "`define`", "gain: 2 * B"):
        written: Value | None = entry.value
        text: str | None = None
        if isinstance(entry.value, Mapping):
            fields = reader.fields(entry.value, "definition")
            written = fields.get("expression") if fields is not None else None
            text = reader.text(fields.get("text"), "`text`") if fields is not None else None
        expression = reader.expression(written, f"`{entry.key.value}`", Context.DEFINITION)
        if expression is not None:
            found[entry.key.value] = Definition(entry.key.value, expression, text, entry.key.span)
    return found


def read_states(reader: Reader, declared: Declared, value: Value) -> dict[str, StateVariable]:
    """Read ``state``: finite states that the story changes."""
    found: dict[str, StateVariable] = {}
    for entry in reader.named(value, "`state`", "mood: {start: calm, values: [calm, angry]}"):
        fields = reader.fields(entry.value, "state")
        state = _state(reader, declared, entry, fields) if fields is not None else None
        if state is not None:
            found[entry.key.value] = state
    return found


def _state(reader: Reader, declared: Declared, entry: Entry, fields: Fields) -> StateVariable | None:
    name = entry.key.value
    subject = declared.subjects.get(name)
    seen_by = read_seen_by(reader, declared, fields.get("seen by"))
    values = fields.get("values")
    start = fields.get("start")
    if values is not None:
        for end in ("from", "to"):
            if end in fields:
                reader.fault(
                    "P243",
                    fields.key(end),
                    f"`{name}` has `values` as well as `{end}`",
                    "Labels stand under `values`; whole numbers go `from` ... `to`. Keep one of the two.",
                )
        reader.labels(values, f"the values of `{name}`", least=1, code="P242")
    else:
        low = reader.integer(fields.get("from"), "`from`")
        high = reader.integer(fields.get("to"), "`to`")
        if "from" not in fields or "to" not in fields:
            reader.fault(
                "P202",
                entry.key.span,
                f"the state `{name}` needs its values",
                "Write `values: [calm, angry]`, or `from` and `to` for whole numbers.",
            )
            return None
        if low is None or high is None:
            return None
        if not 0 < high - low < _STATE_LIMIT:
            problem = (
                f"at most {_STATE_LIMIT:,} numbers can be told apart"
                if high > low
                else "`to` must be the larger"
            )
            hint = "`from` is the smallest value, `to` the largest."
            reader.fault("P244", fields.key("to"), f"`{name}` goes from {low} to {high}; {problem}", hint)
            return None
    scalar = reader.scalar(start, "`start`") if start is not None else None
    if subject is None or subject.kind is not Kind.STATE or scalar is None or not subject.labels:
        return None
    chosen = reader.choose(scalar, subject.labels, f"value of `{name}`", "P234")
    if chosen is None:
        return None
    return StateVariable(name, chosen, subject.labels, subject.numeric, seen_by, entry.key.span)
