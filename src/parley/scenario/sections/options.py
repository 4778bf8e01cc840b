"""Options: what can happen at a step, with chances or conditions.

What lives here: lists and maps of options, chances and ``rest``, constant chances that must sum to one. What
may not: the steps themselves.
"""

from __future__ import annotations

from parley.scenario.expression import Context
from parley.scenario.grid import grid_labels, is_grid
from parley.scenario.model import Expression, Option, Span
from parley.scenario.names import canonical
from parley.scenario.trees import constant
from parley.scenario.values import Reader
from parley.scenario.yaml import Entry, Mapping, Scalar, Value

__all__ = [
    "check_sum",
    "option_of",
    "read_chance",
    "read_chances",
    "read_nature_options",
    "read_options",
    "read_plain_options",
]

_CLOSE = 1e-9


def _number(label: str) -> float | None:
    """Return the numeric value of a label, or None."""
    try:
        number = float(label)
    except ValueError:
        return None
    return number if number - number == 0 else None


def read_plain_options(reader: Reader, value: Value, what: str, least: int = 1) -> tuple[Option, ...]:
    """Read a list of labels."""
    labels = reader.labels(value, what, least=least, code="P510")
    return tuple(
        Option(label.value.strip(), None, None, _number(label.value), label.span) for label in labels
    )


def read_options(reader: Reader, value: Value, what: str) -> tuple[Option, ...]:
    """Read what a player can do: a list, or a map from label to condition (``always`` for none)."""
    if not isinstance(value, Mapping):
        return read_plain_options(reader, value, what)
    if is_grid(value):
        return _read_grid(reader, value, what, weighted=False)[0]
    found: list[Option] = []
    for entry in _distinct(reader, value, what):
        when: Expression | None = None
        if isinstance(entry.value, Mapping):
            fields = reader.fields(entry.value, "option")
            if fields is not None and "chance" in fields:
                reader.fault(
                    "P511",
                    fields.key("chance"),
                    "a player's option has no chance: the player chooses",
                    "Use a `nature` step for what chance decides.",
                )
            when = reader.expression(fields.get("when"), "`when`", Context.CONDITION) if fields else None
        elif not (isinstance(entry.value, Scalar) and entry.value.value.strip() == "always"):
            what_option = f"the condition of `{entry.key.value}`"
            when = reader.expression(entry.value, what_option, Context.CONDITION)
        found.append(_option(entry, None, when))
    _at_least(reader, len(found), value.span, what)
    return tuple(found)


def read_nature_options(
    reader: Reader, value: Value, what: str
) -> tuple[tuple[Option, ...], bool, Expression | None]:
    """Read what chance can do, whether all of it is equally likely, and the weights of numbers on a grid."""
    if not isinstance(value, Mapping):
        return read_plain_options(reader, value, what), True, None
    if is_grid(value):
        options, weight = _read_grid(reader, value, what, weighted=True)
        return options, weight is None, weight
    found: list[Option] = []
    unsaid: list[Entry] = []
    for entry in _distinct(reader, value, what):
        chance: Expression | None = None
        when: Expression | None = None
        if isinstance(entry.value, Mapping):
            fields = reader.fields(entry.value, "option")
            if fields is not None:
                when = reader.expression(fields.get("when"), "`when`", Context.CONDITION)
                given = fields.get("chance")
                chance = read_chance(reader, given, entry.key.value) if given is not None else None
                if given is None:
                    unsaid.append(entry)
        else:
            chance = read_chance(reader, entry.value, entry.key.value)
        found.append(_option(entry, chance, when))
    _at_least(reader, len(found), value.span, what)
    equal = bool(found) and len(unsaid) == len(found)
    if not equal:
        for entry in unsaid:
            reader.fault(
                "P512",
                entry.key.span,
                f"`{entry.key.value}` has no chance, while others have one",
                "Write `chance: ...`, or `chance: rest`.",
            )
    if not unsaid:
        conditional = any(option.when is not None for option in found)
        check_sum(reader, value, [option.chance for option in found], what, conditional=conditional)
    return tuple(found), equal, None


def _read_grid(
    reader: Reader, value: Mapping, what: str, *, weighted: bool
) -> tuple[tuple[Option, ...], Expression | None]:
    """Read evenly spaced numbers and, where chance decides, their weights."""
    fields = reader.fields(value, "grid")
    if fields is None:
        return (), None
    weight = None
    if "weight" in fields:
        if weighted:
            weight = reader.expression(fields.get("weight"), "`weight`", Context.CHANCE)
        else:
            reader.fault(
                "P511",
                fields.key("weight"),
                "a player's options have no weights: the player chooses",
                "Use a `nature` step for what chance decides.",
            )
    labels = grid_labels(value)
    if isinstance(labels, str):
        reader.fault("P516", value.span, f"{what}: {labels}", "Write `{from: 0, to: 1, by: 0.05}`.")
        return (), None
    return tuple(option_of(label, value.span) for label in labels), weight


def _option(entry: Entry, chance: Expression | None, when: Expression | None) -> Option:
    label = entry.key.value.strip()
    return Option(label, chance, when, _number(label), entry.key.span)


def _distinct(reader: Reader, value: Mapping, what: str) -> list[Entry]:
    return reader.named(value, what, "label: condition")


def _at_least(reader: Reader, count: int, span: Span, what: str) -> None:
    if count == 0:
        reader.fault("P510", span, f"{what} are empty", "List at least two, such as `[stay, leave]`.")
    elif count == 1:
        reader.fault("P910", span, f"{what} are only one, so nothing is decided here")


def read_chance(reader: Reader, value: Value, label: str) -> Expression | None:
    """Read a chance; None for ``rest``, or when it is at fault."""
    if isinstance(value, Scalar) and value.value.strip() == "rest":
        return None
    expression = reader.expression(value, f"the chance of `{label}`", Context.CHANCE)
    number = constant(expression.root) if expression is not None else None
    if number is not None and not 0 <= number <= 1:
        reader.fault(
            "P513",
            value.span,
            f"the chance of `{label}` is {number:g}; a chance lies between 0 and 1",
            f"Write `{number:g}%`." if 1 < number <= 100 else "Write a number such as 0.3 or 30%.",
        )
    return expression


def read_chances(
    reader: Reader, value: Value, labels: tuple[str, ...], what: str, noun: str
) -> tuple[Option, ...] | None:
    """Read a map from label to chance, in the order of the text; unknown labels are reported."""
    mapping = reader.mapping(value, what, "label: 30%, other: rest")
    if mapping is None:
        return None
    found: list[Option] = []
    written: list[Expression | None] = []
    for entry in reader.named(mapping, what):
        label = reader.choose(entry.key, labels, noun, "P234")
        chance = read_chance(reader, entry.value, entry.key.value)
        written.append(chance)
        if label is not None:
            found.append(Option(label, chance, None, _number(label), entry.key.span))
    check_sum(reader, mapping, written, what, conditional=False)
    return tuple(found)


def check_sum(
    reader: Reader, mapping: Mapping, chances: list[Expression | None], what: str, *, conditional: bool
) -> None:
    """Report several ``rest``, and constant chances that cannot sum to one."""
    rests = [
        entry
        for entry in mapping.entries
        if any(isinstance(part, Scalar) and part.value.strip() == "rest" for part in _parts(entry.value))
    ]
    if len(rests) > 1:
        reader.fault(
            "P514",
            rests[1].value.span,
            f"{what} have `rest` more than once",
            f"It already stands in line {rests[0].key.span.line}; give all but one a chance.",
        )
    known = [constant(chance.root) for chance in chances if chance is not None]
    if len(known) + len(rests) < len(mapping.entries):
        return  # one of them is at fault and already reported
    if any(number is not None and not 0 <= number <= 1 for number in known):
        return  # no chance at all, and already reported
    total = sum(number for number in known if number is not None)
    certain = all(number is not None for number in known)
    if total > 1 + _CLOSE and not conditional:
        text = f"the chances of {what} sum to {_percent(total)}, more than 100%"
    elif certain and not rests and abs(total - 1) > _CLOSE and not conditional:
        text = f"the chances of {what} sum to {_percent(total)}, not to 100%"
    else:
        return
    reader.fault(
        "P515",
        mapping.span,
        text,
        "Write `rest` for one of them." if not rests else "Make them smaller; `rest` takes what is left.",
    )


def _parts(value: Value) -> list[Value]:
    if isinstance(value, Mapping):
        return [entry.value for entry in value.entries if canonical(entry.key.value) == "chance"]
    return [value]


def _percent(total: float) -> str:
    return f"{100 * total:.6g}%"


def option_of(label: str, span: Span) -> Option:
    """Make an option out of a bare label."""
    return Option(label, None, None, _number(label), span)
