"""``claims``, ``challenges``: the sentences, the objections.

What lives here: how each is tied to the model. What may not: whether it holds.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from parley.scenario.declared import Declared
from parley.scenario.expression import Context
from parley.scenario.model import Challenge, Claim, Draw, Span
from parley.scenario.names import canonical
from parley.scenario.sections.numbers import read_passage
from parley.scenario.syntax import Kind
from parley.scenario.values import Fields, Reader
from parley.scenario.yaml import Entry, Mapping, Scalar, Value
from parley.scenario.yardsticks import YARDSTICKS

__all__ = [
    "choose_setting",
    "read_challenge",
    "read_challenges",
    "read_claims",
    "read_setting",
    "read_settings",
]


_PHRASE = re.compile(r"[-+]?[0-9.]+\s*%?\s*to\s*[-+]?[0-9.]+\s*%?|[$\u00a3\u00a5\u20ac\u20b9]\s*[0-9.]+")
_WAYS = ("assumes", "derives", "unmodelled")


def read_claims(reader: Reader, declared: Declared, value: Value) -> dict[str, Claim]:
    """Read ``claims``: each assumed, derived or unmodelled."""
    found: dict[str, Claim] = {}
    for entry in reader.named(value, "`claims`", "C1: {text: ..., assumes: [p]}"):
        fields = reader.fields(entry.value, "claim")
        if fields is not None:
            found[entry.key.value] = _claim(reader, declared, entry, fields)
    return found


def _claim(reader: Reader, declared: Declared, entry: Entry, fields: Fields) -> Claim:
    name = entry.key.value
    ways = [way for way in _WAYS if way in fields]
    if "structure" in fields and "assumes" not in fields:
        ways.insert(0, "structure")
    if not ways:
        reader.fault(
            "P720",
            entry.key.span,
            f"the claim `{name}` is neither assumed, derived nor unmodelled",
            "Write `assumes: [...]` (what carries it), `derives: ...` (what must hold) or `unmodelled: why`.",
        )
    elif len(ways) > 1:
        reader.fault(
            "P721",
            fields.key(ways[1]),
            f"the claim `{name}` has `{ways[0]}` as well as `{ways[1]}`",
            "A claim is assumed, derived or unmodelled; keep one.",
        )
    pool = {
        **declared.parameters,
        **declared.of(Kind.SWITCH),
        **declared.of(Kind.VARIABLE),
        **declared.players,
    }
    noun = "parameter, switch, step or player"
    assumes = reader.chosen(fields.get("assumes"), "`assumes`", pool, noun, "P722")
    empty = "assumes" in fields and not reader.scalars(fields.get("assumes"), "`assumes`")
    if empty and "structure" not in fields:
        reader.fault(
            "P723",
            fields.key("assumes"),
            f"nothing carries the claim `{name}`",
            'Name what it assumes, or say how the story carries it: `structure: "..."`.',
        )
    return Claim(
        name=name,
        text=reader.text(fields.get("text"), "`text`") or name,
        assumes=assumes,
        structure=reader.text(fields.get("structure"), "`structure`"),
        derives=reader.expression(fields.get("derives"), "`derives`", Context.QUANTITY),
        unmodelled=reader.text(fields.get("unmodelled"), "`unmodelled`"),
        passage=read_passage(reader, declared, fields.get("from")),
        evidence=reader.chosen(
            fields.get("evidence"), "`evidence`", declared.evidence, "piece of evidence", "P702"
        ),
        span=entry.key.span,
    )


def read_challenges(reader: Reader, declared: Declared, value: Value) -> dict[str, Challenge]:
    """Read ``challenges``: objections that compute."""
    found: dict[str, Challenge] = {}
    for entry in reader.named(value, "`challenges`", "K1: {text: ..., set: {p: 0.3}}"):
        challenge = read_challenge(reader, declared, entry.key.value, entry.value, entry.key.span)
        if challenge is not None:
            found[challenge.name] = challenge
    return found


def read_challenge(
    reader: Reader, declared: Declared, name: str, value: Value, span: Span
) -> Challenge | None:
    """Read one objection: an entry of ``challenges``, or a file of its own."""
    fields = reader.fields(value, "challenge")
    if fields is None:
        return None
    settings = read_settings(reader, declared, fields.get("set"))
    against = fields.get("against")
    target: str | None = None
    if against is not None:
        scalar = reader.scalar(against, "`against`")
        pool = [*declared.passages, *declared.claims]
        target = reader.choose(scalar, pool, "passage or claim", "P704") if scalar is not None else None
    return Challenge(
        name=name,
        text=reader.text(fields.get("text"), "`text`") or name,
        set=MappingProxyType(settings),
        against=target,
        why=reader.text(fields.get("why"), "`why`"),
        span=span,
    )


def read_settings(reader: Reader, declared: Declared, value: Value | None) -> dict[str, Draw]:
    """Read a map from parameters and switches to what they are set to."""
    found: dict[str, Draw] = {}
    mapping = reader.mapping(value, "`set`", "p: 0.3") if value is not None else None
    for entry in reader.named(mapping, "`set`") if mapping is not None else ():
        name = choose_setting(reader, declared, entry.key)
        draw = read_setting(reader, declared, name, entry.value) if name is not None else None
        if name is not None and draw is not None:
            found[name] = draw
    if mapping is not None and not mapping.entries:
        reader.fault("P211", mapping.span, "`set` is empty; it must set something", "Write `set: {p: 0.3}`.")
    return found


def choose_setting(reader: Reader, declared: Declared, key: Scalar) -> str | None:
    """Return the parameter or switch that is meant."""
    pool = [*declared.parameters, *declared.of(Kind.SWITCH)]
    wanted = canonical(key.value)
    for name in declared.definitions:
        if canonical(name) == wanted:
            reader.fault(
                "P705",
                key.span,
                f"`{name}` is a definition; only parameters and switches can be set otherwise",
                "Set the parameters that it is made of.",
            )
            return None
    return reader.choose(key, pool, "parameter or switch", "P705")


def _is_judged(reader: Reader, scalar: Scalar) -> bool:
    """Whether a text is a number, or a word or phrase that can only be meant as a judgement."""
    text = " ".join(scalar.value.split())
    word = any(text.casefold() in words for words in YARDSTICKS.values()) and reader.names.find(text) is None
    return word or reader.is_number(scalar) or _PHRASE.fullmatch(text) is not None


def read_setting(reader: Reader, declared: Declared, name: str, value: Value) -> Draw | None:
    """Read what a parameter or a switch is set to.

    Returns
    -------
    Draw or None
        An option of the switch; a judgement of the parameter; or an expression over other parameters.
    """
    subject = declared.subjects.get(name)
    if subject is not None:
        scalar = reader.scalar(value, f"`{name}`")
        option = (
            reader.choose(scalar, subject.labels, f"option of `{name}`", "P233")
            if scalar is not None
            else None
        )
        return None if option is None else Draw(None, None, option, value.span)
    if isinstance(value, Mapping) or (isinstance(value, Scalar) and _is_judged(reader, value)):
        if isinstance(value, Mapping):
            reader.fields(value, "setting")
        judgement = reader.judgement(value, f"`{name}`")
        return None if judgement is None else Draw(judgement, None, None, value.span)
    expression = reader.expression(value, f"`{name}`", Context.CONSTANT)
    return None if expression is None else Draw(None, expression, None, value.span)
