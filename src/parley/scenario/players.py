"""Players, and how they err, as the text has it.

What lives here: records. What may not: reading them, what errors do to choices.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.scenario.places import Expression, Span

__all__ = ["Errors", "Player", "kinds_of"]


@dataclass(frozen=True, slots=True)
class Errors:
    """One kind of error, and where it applies.

    ``kind`` is "logistic", "normal" or "normal on endings". ``endings`` are the outcomes whose worth is
    uncertain, None for all; only of the last kind. ``when`` is a condition on switches, None for always.
    """

    kind: str
    endings: tuple[str, ...] | None
    when: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody with wishes. A player who never moves may still observe and hold beliefs.

    ``precision`` is None when the scenario's own ``precision`` (default 4) applies. ``stake`` is None for
    the whole stake (largest minus smallest total payoff that the player can get in any ending), else an
    expression over parameters. ``remembers`` is None for perfect recall, else the names of the variables
    whose current value is all that the player carries. ``errors`` are tried in order, the first whose
    condition holds applies, logistic ones if none does; None when the scenario's own apply.
    """

    name: str
    text: str
    precision: Expression | None
    stake: Expression | None
    remembers: tuple[str, ...] | None
    span: Span
    errors: tuple[Errors, ...] | None = None


def kinds_of(player: Player, everybody: tuple[Errors, ...]) -> tuple[str, ...]:
    """Return the kinds of errors that a player may make; ``everybody`` are the scenario's own.

    Examples
    --------
    >>> span = Span("truce.md", 1, 1)
    >>> us = Player("us", "us", None, None, None, span)
    >>> kinds_of(us, ()), kinds_of(us, (Errors("normal", None, None, span),))
    (('logistic',), ('normal',))
    """
    stated = everybody if player.errors is None else player.errors
    kinds = [each.kind for each in stated]
    if not stated or stated[-1].when is not None:
        kinds.append("logistic")  # where no condition holds
    return tuple(dict.fromkeys(kinds))
