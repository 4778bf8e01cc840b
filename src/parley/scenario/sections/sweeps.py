"""``sweep``: how the answer moves with one number.

What lives here: reading the section. What may not: solving, drawing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as ReadOnly
from dataclasses import replace
from types import MappingProxyType

from parley.scenario.declared import Declared
from parley.scenario.expression import Context, unparse
from parley.scenario.model import Comparison, Criterion, Quantity
from parley.scenario.names import label_key, suggest
from parley.scenario.published import CONCEPTS
from parley.scenario.sections.questions import read_values
from parley.scenario.sweeps import MOST_STEPS, SCALES, STEPS, Shown, SweepRequest
from parley.scenario.syntax import Kind
from parley.scenario.values import Fields, Reader, listed
from parley.scenario.yaml import Scalar, Sequence, Value

__all__ = ["read_shown", "read_sweeps"]

_NAME = re.compile(r"[^\W\d][\w ]*")


def read_sweeps(
    reader: Reader,
    declared: Declared,
    value: Value,
    quantities: ReadOnly[str, Quantity],
    comparison: Comparison | None,
) -> tuple[SweepRequest, ...]:
    """Read ``sweep``: one map, or a list of them, the first of which is the picture of the scenario.

    Parameters
    ----------
    reader
        Takes note of faults.
    declared
        The declared names.
    value
        What stands under ``sweep``.
    quantities, comparison
        Of the same scenario, for what is shown.
    """
    items = value.items if isinstance(value, Sequence) else (value,)
    if isinstance(value, Sequence) and not items:
        hint = "Write `{vary: cost, from: 0, to: 10}`."
        reader.fault("P211", value.span, "`sweep` is empty; it must say what to vary", hint)
    found = (_sweep(reader, declared, item, quantities, comparison) for item in items)
    return tuple(sweep for sweep in found if sweep is not None)


def _sweep(
    reader: Reader,
    declared: Declared,
    item: Value,
    quantities: ReadOnly[str, Quantity],
    comparison: Comparison | None,
) -> SweepRequest | None:
    fields = reader.fields(item, "sweep")
    if fields is None:
        return None
    vary = _varied(reader, declared, fields.get("vary"))
    scale = reader.one_of(fields.get("scale"), "`scale`", SCALES) or SCALES[0]
    low, high = _ends(reader, fields, scale)
    steps = _steps(reader, fields)
    show = read_shown(reader, fields.get("show"), quantities, comparison)
    if show == () and "show" not in fields:
        hint = "Write `show: [P(war)]`, or give the scenario `quantities:` or `compare:`."
        reader.fault("P754", fields.span, "the sweep shows nothing", hint)
    policies = reader.chosen(fields.get("policies"), "`policies`", declared.policies, "policy", "P755")
    settings = read_values(reader, declared, fields.get("set"))
    if vary is not None and vary in settings:
        message = f"`{vary}` is varied and set at the same time"
        reader.fault("P756", fields.key("set"), message, "Take it out of `set`, or vary something else.")
    concept = reader.one_of(fields.get("concept"), "`concept`", CONCEPTS) or CONCEPTS[0]
    if vary is None or low is None or high is None:
        return None
    return SweepRequest(
        vary=vary,
        low=low,
        high=high,
        scale=scale,
        steps=steps,
        show=show,
        policies=policies,
        set=MappingProxyType(settings),
        concept=concept,
        text=reader.text(fields.get("text"), "`text`"),
        span=fields.span,
    )


def _varied(reader: Reader, declared: Declared, value: Value | None) -> str | None:
    """Return the parameter that is varied; a switch or definition gets a message of its own."""
    scalar = reader.scalar(value, "`vary`") if value is not None else None
    if scalar is None:
        return None
    wanted = label_key(scalar.value)
    for pool, noun, hint in (
        (declared.of(Kind.SWITCH), "a switch", "A switch is turned with `set:`; vary a parameter."),
        (declared.definitions, "a definition", "Vary one of the parameters that it is made of."),
    ):
        if any(label_key(name) == wanted for name in pool):
            message = f"`{scalar.value}` is {noun}, and only a parameter can be varied"
            reader.fault("P750", scalar.span, message, hint)
            return None
    return reader.choose(scalar, declared.parameters, "parameter", "P750")


def _ends(reader: Reader, fields: Fields, scale: str) -> tuple[float | None, float | None]:
    low, high = (reader.number(fields.get(name), f"`{name}`") for name in ("from", "to"))
    if low is None or high is None:
        return None, None
    if low >= high:
        message = f"a sweep from {low:g} to {high:g} goes nowhere"
        reader.fault("P751", fields.key("to"), message, "`to` is larger than `from`.")
        return None, None
    if scale == "log" and low <= 0:
        message = f"a logarithmic scale has no {low:g}"
        hint = "Begin above 0, such as at 0.01, or take `scale: linear`."
        reader.fault("P752", fields.key("from"), message, hint)
        return None, None
    return low, high


def _steps(reader: Reader, fields: Fields) -> int:
    steps = reader.integer(fields.get("steps"), "`steps`")
    if steps is None:
        return STEPS
    if not 2 <= steps <= MOST_STEPS:
        message = f"a sweep has 2 to {MOST_STEPS:,} steps, not {steps:,}"
        hint = f"{STEPS} are taken unless said otherwise, and more where a curve turns."
        reader.fault("P753", fields.key("steps"), message, hint)
        return STEPS
    return steps


def read_shown(
    reader: Reader,
    value: Value | None,
    quantities: ReadOnly[str, Quantity],
    comparison: Comparison | None,
) -> tuple[Shown, ...]:
    """Read what is drawn: names of quantities, and quantities; a list inside shares an axis.

    Parameters
    ----------
    reader
        Takes note of faults.
    value
        What stands under ``show``; None: what the policies are compared by, or else all quantities.
    quantities, comparison
        Of the same scenario.
    """
    criteria = () if comparison is None else comparison.by
    better = {unparse(each.expression.root): each.higher for each in criteria}
    if value is None:
        compared = tuple(
            Shown(each.expression.source, each.expression, each.text, higher=each.higher) for each in criteria
        )
        return compared or tuple(Shown(each.name, each.expression, each.text) for each in quantities.values())
    items = value.items if isinstance(value, Sequence) else (value,)
    if isinstance(value, Sequence) and not items:
        reader.fault(
            "P211", value.span, "`show` is empty; it must name a quantity", "Write `show: [P(war)]`."
        )
    by_name = {label_key(name): quantity for name, quantity in quantities.items()}
    asked: tuple[Quantity | Criterion, ...] = (
        *quantities.values(),
        *(() if comparison is None else comparison.by),
    )
    texts = {unparse(each.expression.root): each.text for each in asked if each.text is not None}
    found: dict[str, Shown] = {}
    for axis, item in enumerate(items):
        together = item.items if isinstance(item, Sequence) else (item,)
        for part in together:
            scalar = reader.scalar(part, "each item of `show`")
            shown = None if scalar is None else _shown(reader, scalar, by_name, texts)
            if shown is not None and shown.name in found:
                message = f"`{shown.name}` is listed twice in `show`"
                reader.fault("P221", part.span, message, "Delete one of the two.")
            elif shown is not None:
                number = axis if len(together) > 1 else None
                higher = better.get(unparse(shown.expression.root))
                found[shown.name] = replace(shown, axis=number, higher=higher)
    return tuple(found.values())


def _shown(
    reader: Reader, scalar: Scalar, by_name: ReadOnly[str, Quantity], texts: ReadOnly[str, str]
) -> Shown | None:
    """Read one thing that is drawn; the text of what asks for the same elsewhere is its text too."""
    known = by_name.get(label_key(scalar.value))
    if known is not None:
        return Shown(known.name, known.expression, known.text)
    if _NAME.fullmatch(scalar.value.strip()) and reader.names.find(scalar.value) is None:
        names = [quantity.name for quantity in by_name.values()]
        near = suggest(scalar.value, names)
        hint = f"Did you mean `{near}`?" if near else "Write a quantity such as `P(war)`."
        if near is None and names:
            hint = f"Named are {listed(names)}; or write a quantity such as `P(war)`."
        message = f"`{scalar.value}` is no quantity"
        reader.fault("P754", scalar.span, message, hint)
        return None
    expression = reader.parse(scalar, Context.QUANTITY)
    if expression is None:
        return None
    return Shown(expression.source, expression, texts.get(unparse(expression.root)))
