"""Evenly spaced numbers as options: ``{from: 0, to: 1, by: 0.05}``.

What lives here: recognising such a map, and the labels that it stands for. What may not: reporting faults,
what an option is used for.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from parley.scenario.names import canonical
from parley.scenario.yaml import Mapping, Scalar, Value

__all__ = ["GRID_LIMIT", "grid_labels", "is_grid"]

GRID_LIMIT = 1_000
_KEYS = frozenset({"from", "to", "by", "weight"})
_LONGEST = 30  # characters of a number


def is_grid(value: Value | None) -> bool:
    """Return whether a map says where numbers begin and end, not what each option is.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> from parley.scenario.yaml import Entry
    >>> entries = [Entry(Scalar(key, True, True, Span("x.md", 1, 1)), None) for key in ("from", "to")]
    >>> is_grid(Mapping(tuple(entries), False, Span("x.md", 1, 1))), is_grid(None)
    (True, False)
    """
    if not isinstance(value, Mapping):
        return False
    keys = {canonical(entry.key.value) for entry in value.entries}
    return {"from", "to"} <= keys <= _KEYS


def grid_labels(value: Mapping) -> tuple[str, ...] | str:
    """Return the numbers of a grid as labels, or what is wrong with it.

    The numbers are decimal and exact: from 0 to 1 by 0.1 holds 0.3, not 0.30000000000000004.
    """
    ends = {canonical(entry.key.value): _decimal(entry.value) for entry in value.entries}
    low, high, step = ends["from"], ends["to"], ends.get("by", Decimal(1))
    if low is None or high is None or step is None:
        return "`from`, `to` and `by` are numbers, written out: 0, 0.05, -3"
    if step <= 0:
        return f"`by` is {step:f}; a step is above 0"
    if high <= low:
        return f"it goes from {low:f} to {high:f}; `to` must be the larger"
    if (high - low) % step:
        return f"from {low:f}, steps of {step:f} do not come to {high:f}"
    count = int((high - low) / step) + 1
    if count > GRID_LIMIT:
        return f"it has {count:,} numbers; at most {GRID_LIMIT:,} can be told apart"
    return tuple(_written(low + place * step) for place in range(count))


def _decimal(value: Value | None) -> Decimal | None:
    if not isinstance(value, Scalar) or value.null or len(value.value) > _LONGEST:
        return None
    try:
        number = Decimal(value.value.strip())
    except InvalidOperation:
        return None
    # a number such as 1e999999 would take for ever to count in steps
    return number if number.is_finite() and -18 <= number.adjusted() <= 18 else None


def _written(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
