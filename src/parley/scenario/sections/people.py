"""``players`` and ``precision``.

What lives here: who takes part and how closely they follow their interest. What may not: what they want.
"""

from __future__ import annotations

from parley.scenario.declared import Declared
from parley.scenario.expression import Context
from parley.scenario.model import Player
from parley.scenario.names import suggest
from parley.scenario.sections.errors import read_errors
from parley.scenario.syntax import Kind
from parley.scenario.values import Reader
from parley.scenario.yaml import Entry, Mapping, Scalar, Value

__all__ = ["PLAYER_LIMIT", "read_players", "read_seen_by"]

PLAYER_LIMIT = 20


def read_players(reader: Reader, declared: Declared, value: Value) -> dict[str, Player]:
    """Read ``players``: ``us: United States`` or ``us: {text: ..., precision: ..., stake: ...}``."""
    entries = reader.named(value, "`players`", "us: United States")
    if len(entries) > PLAYER_LIMIT:
        reader.fault(
            "P172",
            entries[PLAYER_LIMIT].key.span,
            f"there are {len(entries)} players; the limit is {PLAYER_LIMIT}",
            "Put players who always act alike together.",
        )
    if isinstance(value, Mapping) and not value.entries:
        reader.fault(
            "P211", value.span, "`players` is empty; it must name somebody", "Write `us: United States`."
        )
    return {entry.key.value: _player(reader, declared, entry) for entry in entries}


def _player(reader: Reader, declared: Declared, entry: Entry) -> Player:
    name, value = entry.key.value, entry.value
    if isinstance(value, Scalar):
        text = reader.text(value, f"the name of `{name}` in words")
        return Player(name, text or name, None, None, None, entry.key.span)
    fields = reader.fields(value, "player")
    if fields is None:
        return Player(name, name, None, None, None, entry.key.span)
    stake = fields.get("stake")
    whole = isinstance(stake, Scalar) and stake.value.strip() == "whole"
    remembers: tuple[str, ...] | None = None
    if "remembers" in fields:
        pool = declared.of(Kind.VARIABLE, Kind.STATE)
        remembers = reader.chosen(fields.get("remembers"), "`remembers`", pool, "variable or state", "P231")
    errors = fields.get("errors")
    return Player(
        name=name,
        text=reader.text(fields.get("text"), "`text`") or name,
        precision=reader.expression(fields.get("precision"), "`precision`", Context.CONSTANT),
        stake=None if whole else reader.expression(stake, "`stake`", Context.CONSTANT),
        remembers=remembers,
        span=entry.key.span,
        errors=read_errors(reader, declared, errors) if errors is not None else None,
    )


def read_seen_by(
    reader: Reader, declared: Declared, value: Value | None, what: str = "`seen by`"
) -> tuple[str, ...] | None:
    """Read who sees something: None for everybody, () for nobody, else names of players."""
    if value is None:
        return None
    if isinstance(value, Scalar) and value.value.strip() in ("everybody", "nobody"):
        return None if value.value.strip() == "everybody" else ()
    if isinstance(value, Scalar) and suggest(value.value, declared.players) is None:
        near = suggest(value.value, ("everybody", "nobody"))
        if near is not None and not value.null:
            reader.fault("P230", value.span, f"`{value.value}` is no player", f"Did you mean `{near}`?")
            return None
    return reader.chosen(value, what, declared.players, "player", "P230")
