"""How somebody errs, as the text has it.

What lives here: one record. What may not: reading it, what it does to choices.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.scenario.places import Expression, Span

__all__ = ["Errors"]


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
