"""``repeat: forever``: rounds without a last one.

What lives here: its discount, and what it may not have. What may not: checks that need the whole story
(:mod:`parley.scenario.endless`).
"""

from __future__ import annotations

from types import MappingProxyType

from parley.scenario.declared import Declared
from parley.scenario.expression import Context
from parley.scenario.model import Expression
from parley.scenario.trees import constant
from parley.scenario.values import Fields, Reader
from parley.scenario.yaml import Mapping, Scalar, Value

__all__ = ["is_forever", "read_discount", "superfluous_discount"]

_WORD = "forever"


def is_forever(value: Value | None) -> bool:
    """Whether a value of ``repeat`` says that there is no last round.

    Examples
    --------
    >>> is_forever(None)
    False
    """
    return isinstance(value, Scalar) and value.value.strip().lower() == _WORD


def superfluous_discount(reader: Reader, fields: Fields) -> None:
    """Report a ``discount`` of rounds that are counted."""
    reader.fault(
        "P545",
        fields.key("discount"),
        "`discount` belongs to `repeat: forever`",
        "With a last round, write what later rounds are worth into the rewards, such as `d ^ (round - 1)`.",
    )


def read_discount(
    reader: Reader, declared: Declared, fields: Fields
) -> MappingProxyType[str, Expression] | None:
    """Read what the next round is worth to each player, and report a counter.

    Parameters
    ----------
    reader, declared
        Where faults and names are.
    fields
        Of a step ``repeat: forever``.

    Returns
    -------
    Player -> expression; None when there is none for somebody, which is then reported.
    """
    if "as" in fields:
        reader.fault(
            "P546",
            fields.key("as"),
            "rounds that go on for ever have no number",
            "Players may remember the round before (`last(...)`) and states, not how many rounds there were.",
        )
    value = fields.get("discount")
    if value is None:
        reader.fault(
            "P545",
            fields.key("repeat"),
            "`repeat: forever` needs `discount`",
            "Write `discount: 0.9`: a payoff of the next round is then worth 0.9 of the same payoff now.",
        )
        return None
    if not isinstance(value, Mapping):
        expression = _discount(reader, value, "`discount`")
        if expression is None:
            return None
        return MappingProxyType(dict.fromkeys(declared.players, expression))
    found: dict[str, Expression] = {}
    for entry in reader.named(value, "`discount`", "us: 0.9"):
        player = reader.choose(entry.key, declared.players, "player", "P230")
        expression = _discount(reader, entry.value, f"the discount of `{entry.key.value}`")
        if player is not None and expression is not None:
            found[player] = expression
    missing = [name for name in declared.players if name not in found]
    if missing:
        message = f"`discount` does not say what the next round is worth to `{missing[0]}`"
        reader.fault("P545", fields.key("discount"), message, f"Write `{missing[0]}: 0.9`.")
        return None
    return MappingProxyType(found)


def _discount(reader: Reader, value: Value, what: str) -> Expression | None:
    expression = reader.expression(value, what, Context.CONSTANT)
    number = constant(expression.root) if expression is not None else None
    if number is not None and not 0.0 <= number < 1.0:
        reader.fault(
            "P548",
            value.span,
            f"{what} is {number:g}; it must be 0 or more and below 1",
            "At 1 or above an endless stream of payoffs has no sum.",
        )
    return expression
