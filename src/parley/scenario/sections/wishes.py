"""``payoffs``: what each player wants.

What lives here: payoffs by outcome, rankings, what is added in every ending. What may not: rewards on the
way, which are steps of the story.
"""

from __future__ import annotations

from types import MappingProxyType

from parley.scenario.declared import Declared
from parley.scenario.expression import Context
from parley.scenario.model import Expression, Payoff, Ranking
from parley.scenario.names import canonical, suggest
from parley.scenario.values import Fields, Reader
from parley.scenario.yaml import Entry, Scalar, Sequence, Value

__all__ = ["read_payoffs"]

_MUCH_WORSE = "much worse"


def read_payoffs(reader: Reader, declared: Declared, value: Value) -> dict[str, Payoff]:
    """Read ``payoffs``: by outcome, as a ranking, or as one expression for all endings."""
    found: dict[str, Payoff] = {}
    for entry in reader.named(value, "`payoffs`", "us: {settled: 1, war: 0}"):
        player = reader.choose(entry.key, declared.players, "player", "P230")
        meant = player or suggest(entry.key.value, declared.players)
        reader.paid |= {meant} if meant is not None else set()
        payoff = _payoff(reader, declared, player or entry.key.value, entry)
        if player is not None and payoff is not None:
            found[player] = payoff
    return found


def _payoff(reader: Reader, declared: Declared, player: str, entry: Entry) -> Payoff | None:
    span = entry.key.span
    if isinstance(entry.value, Scalar):
        expression = reader.expression(entry.value, f"the payoff of `{player}`", Context.PAYOFF)
        return (
            None if expression is None else Payoff(player, MappingProxyType({}), expression, None, (), span)
        )
    fields = reader.fields(entry.value, "payoff")
    if fields is None:
        return None
    by_outcome: dict[str, Expression] = {}
    listed: set[str] = set()
    for item in fields.others:
        outcome = reader.choose(item.key, declared.outcomes, "outcome", "P601")
        what = f"the payoff of `{player}` for `{item.key.value}`"
        expression = reader.expression(item.value, what, Context.PAYOFF)
        if outcome is not None and outcome in by_outcome:
            hint = "Keep one of the two."
            reader.fault(
                "P220", item.key.span, f"`{outcome}` is given twice in the payoffs of `{player}`", hint
            )
            continue
        listed.add(outcome or suggest(item.key.value, declared.outcomes) or canonical(item.key.value))
        if outcome is not None and expression is not None:
            by_outcome[outcome] = expression
    otherwise = reader.expression(fields.get("otherwise"), "`otherwise`", Context.PAYOFF)
    ranking = _ranking(reader, declared, player, fields)
    add = _add(reader, fields.get("add"))
    if "rank" not in fields and "otherwise" not in fields:
        _all_outcomes(reader, declared, player, listed, entry)
    return Payoff(player, MappingProxyType(by_outcome), otherwise, ranking, add, span)


def _add(reader: Reader, value: Value | None) -> tuple[Expression, ...]:
    items = value.items if isinstance(value, Sequence) else (value,) if value is not None else ()
    found = [reader.expression(item, "`add`", Context.PAYOFF) for item in items]
    return tuple(expression for expression in found if expression is not None)


def _all_outcomes(reader: Reader, declared: Declared, player: str, listed: set[str], entry: Entry) -> None:
    missing = [outcome for outcome in declared.outcomes if outcome not in listed]
    if missing:
        reader.fault(
            "P602",
            entry.key.span,
            f"`{player}` has no payoff for the outcome `{missing[0]}`"
            + (f" and {len(missing) - 1} more" if len(missing) > 1 else ""),
            f"Write `{missing[0]}: ...`, or `otherwise: ...` for all that are not listed.",
        )


def _ranking(reader: Reader, declared: Declared, player: str, fields: Fields) -> Ranking | None:
    value = fields.get("rank")
    if value is None:
        return None
    rivals = [item.key for item in fields.others]
    if rivals or "otherwise" in fields:
        reader.fault(
            "P603",
            rivals[0].span if rivals else fields.key("otherwise"),
            f"`{player}` has a ranking as well as payoffs for single outcomes",
            "Keep one of the two; `add` may stand beside a ranking.",
        )
    sequence = reader.sequence(value, "`rank`", "[best, middle, worst]")
    if sequence is None:
        return None
    tiers, gaps = _tiers(reader, declared, player, sequence)
    ranked = {outcome for tier in tiers for outcome in tier}
    missing = [outcome for outcome in declared.outcomes if outcome not in ranked]
    if missing:
        reader.fault(
            "P602",
            fields.key("rank"),
            f"the ranking of `{player}` leaves out `{missing[0]}`",
            "Rank every outcome; put equals into a list of their own: `[[a, b], c]`.",
        )
    if len(tiers) < 2:
        reader.fault(
            "P604",
            fields.key("rank"),
            "a ranking needs at least two ranks",
            "Write the best first: `[best, worst]`.",
        )
        return None
    return Ranking(tuple(tiers), tuple(gaps), sequence.span)


def _tiers(
    reader: Reader, declared: Declared, player: str, sequence: Sequence
) -> tuple[list[tuple[str, ...]], list[bool]]:
    """Read the ranks and the gaps between them."""
    tiers: list[tuple[str, ...]] = []
    gaps: list[bool] = []
    seen: set[str] = set()
    pending: Scalar | None = None
    for item in sequence.items:
        if isinstance(item, Scalar) and canonical(item.value) == _MUCH_WORSE:
            if pending is not None or not tiers:
                _stray_gap(reader, item)
            pending = item
            continue
        tier: list[str] = []
        for scalar in reader.scalars(item, "a rank"):
            outcome = reader.choose(scalar, declared.outcomes, "outcome", "P601")
            if outcome is not None and outcome in seen:
                reader.fault(
                    "P605", scalar.span, f"`{outcome}` is ranked twice by `{player}`", "Keep one of the two."
                )
            elif outcome is not None:
                seen.add(outcome)
                tier.append(outcome)
        if tier and tiers:
            gaps.append(pending is not None)
        if tier:
            tiers.append(tuple(tier))
            pending = None
    if pending is not None and tiers:
        _stray_gap(reader, pending)
    return tiers, gaps


def _stray_gap(reader: Reader, item: Scalar) -> None:
    reader.fault(
        "P606",
        item.span,
        f"`{_MUCH_WORSE}` must stand between two ranks",
        f"Write `[best, {_MUCH_WORSE}, worst]`.",
    )
