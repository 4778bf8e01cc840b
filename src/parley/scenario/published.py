"""Published numbers that a scenario must reproduce.

What lives here: one entry of ``expected``. What may not: solving, comparing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from parley.scenario.places import Expression, Span

__all__ = ["CONCEPTS", "Expectation"]

CONCEPTS = ("quantal", "limit")  # the default first


@dataclass(frozen=True, slots=True)
class Expectation:
    """A published number that the scenario must reproduce.

    ``set`` gives parameters and switches the values that it was published for. ``concept`` is ``quantal``
    (players err as the scenario says) or ``limit`` (precision without bound: a sequential equilibrium).
    """

    expression: Expression
    value: float
    tolerance: float
    source: str | None
    span: Span
    set: Mapping[str, str | float] = field(default_factory=dict)
    concept: str = "quantal"
    text: str | None = None

    @property
    def apart(self) -> bool:
        """Whether it is no number of a run: it was published for other numbers, or for the limit."""
        return bool(self.set) or self.concept != "quantal"
