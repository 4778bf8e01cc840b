"""``cases``: history to hold the model against.

What lives here: what is given, what happened, and the three ways of asking the model about it. What may not:
whether the model says so.
"""

from __future__ import annotations

from types import MappingProxyType

from parley.scenario.declared import Declared
from parley.scenario.expression import Context
from parley.scenario.model import Case, Expression
from parley.scenario.names import label_key
from parley.scenario.sections.questions import read_source
from parley.scenario.syntax import Kind
from parley.scenario.values import Fields, Reader
from parley.scenario.yaml import Entry, Scalar, Sequence, Value

__all__ = ["read_cases"]

_YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}


def read_cases(reader: Reader, declared: Declared, value: Value) -> dict[str, Case]:
    """Read ``cases``: history to hold the model against."""
    found: dict[str, Case] = {}
    for entry in reader.named(value, "`cases`", "name: {given: {posture: pause}, happened: war}"):
        fields = reader.fields(entry.value, "case")
        case = None if fields is None else _case(reader, declared, entry, fields)
        if case is not None:
            found[case.name] = case
    return found


def _case(reader: Reader, declared: Declared, entry: Entry, fields: Fields) -> Case | None:
    asked = _kind(reader, entry, fields)
    forecast = reader.expression(fields.get("forecast"), "`forecast`", Context.CONSTANT)
    clock = reader.expression(fields.get("clock"), "`clock`", Context.CONSTANT)
    happened: Expression | None = None
    occurred: bool | None = True
    if asked == "story":
        happened = _event(reader, declared, fields)
    else:
        occurred = _occurred(reader, fields, asked)
    whole = {"story": happened, "forecast": forecast, "clock": clock}[asked]
    after = _after(reader, fields)
    case = Case(
        name=entry.key.value,
        text=reader.text(fields.get("text"), "`text`"),
        given=MappingProxyType(_given(reader, declared, fields.get("given"), asked)),
        happened=happened,
        occurred=bool(occurred),
        instead=_instead(reader, fields),
        forecast=forecast,
        clock=clock,
        after=after,
        date=reader.text(fields.get("date"), "`date`"),
        source=read_source(reader, declared, fields),
        evidence=reader.chosen(
            fields.get("evidence"), "`evidence`", declared.evidence, "piece of evidence", "P702"
        ),
        used_for=reader.chosen(
            fields.get("used for"), "`used for`", declared.parameters, "parameter", "P734"
        ),
        span=entry.key.span,
    )
    missing = whole is None or occurred is None or (asked == "clock" and after is None)
    return None if missing else case


def _kind(reader: Reader, entry: Entry, fields: Fields) -> str:
    """Return how the model is asked, and report keys that do not go together."""
    asked = next((name for name in ("forecast", "clock") if name in fields), "story")
    other = {"forecast": ("clock", "after", "instead"), "clock": ("instead",), "story": ("after",)}[asked]
    for name in other:
        if name in fields:
            told = f"`{asked}`" if asked != "story" else "an event of the story"
            reader.fault(
                "P730",
                fields.key(name),
                f"the case `{entry.key.value}` has `{name}`, which does not go with {told}",
                "A case asks for an event of the story, or has a `forecast`, or a `clock` and `after`.",
            )
    if asked == "clock" and "after" not in fields:
        hint = "Write `after:`, the time at which it rang, in the unit of time of the rate."
        reader.fault("P731", fields.key("clock"), "a clock needs `after`", hint)
    return asked


def _occurred(reader: Reader, fields: Fields, asked: str) -> bool | None:
    """Read whether what was forecast came about."""
    value = fields.get("happened")
    scalar = reader.scalar(value, "`happened`") if value is not None else None
    if scalar is None:
        return None
    occurred = _YES_OR_NO.get(scalar.value.strip().casefold())
    if occurred is None:
        message = f"beside `{asked}`, `happened` is yes or no, and `{scalar.value.strip()}` is neither"
        reader.fault("P732", scalar.span, message, "Write `happened: yes` or `happened: no`.")
    return occurred


def _event(reader: Reader, declared: Declared, fields: Fields) -> Expression | None:
    """Read what happened in the story."""
    value = fields.get("happened")
    if isinstance(value, Scalar) and not value.null and reader.names.find(value.value) is None:
        word = value.value.strip()
        if word.casefold() in _YES_OR_NO:
            outcome = next(iter(declared.outcomes), "...")
            message = f"`{word}` is no event of the story"
            hint = f"Write what happened, such as `{outcome}`, or ask for a `forecast` or a `clock`."
            reader.fault("P732", value.span, message, hint)
            return None
    return reader.expression(value, "`happened`", Context.EVENT)


def _after(reader: Reader, fields: Fields) -> float | None:
    after = reader.number(fields.get("after"), "`after`")
    if after is not None and after <= 0:
        reader.fault("P733", fields.key("after"), "a time is above 0", "Write how long it took.")
        return None
    return after


def _instead(reader: Reader, fields: Fields) -> tuple[Expression, ...]:
    value = fields.get("instead")
    if value is None or "forecast" in fields or "clock" in fields:
        return ()
    items = value.items if isinstance(value, Sequence) else (value,)
    found = (reader.expression(item, "each event of `instead`", Context.EVENT) for item in items)
    return tuple(each for each in found if each is not None)


def _given(reader: Reader, declared: Declared, value: Value | None, asked: str) -> dict[str, str | float]:
    """Read what was the case: labels of subjects, values of parameters.

    Without a story to tell, parameters and switches alone can be given.
    """
    found: dict[str, str | float] = {}
    mapping = reader.mapping(value, "`given`", "posture: pause") if value is not None else None
    whole = asked == "story"
    subjects = declared.subjects if whole else declared.of(Kind.SWITCH)
    noun = "variable, state, switch or parameter" if whole else "switch or parameter"
    pool = [*subjects, *declared.parameters]
    told = {label_key(name) for name in declared.subjects} - {label_key(name) for name in subjects}
    for entry in reader.named(mapping, "`given`") if mapping is not None else ():
        if label_key(entry.key.value) in told:
            message = f"`{entry.key.value}` belongs to the story, and a `{asked}` asks for no story"
            reader.fault("P730", entry.key.span, message, "Give parameters and switches, or nothing.")
            continue
        name = reader.choose(entry.key, pool, noun, "P231")
        if name is None:
            continue
        subject = declared.subjects.get(name)
        if subject is None:
            number = reader.number(entry.value, f"`{name}`")
            if number is not None:
                found[name] = number
            continue
        scalar = reader.scalar(entry.value, f"`{name}`")
        label = reader.choose(scalar, subject.labels, f"value of `{name}`", "P234") if scalar else None
        if label is not None:
            found[name] = label
    return found
