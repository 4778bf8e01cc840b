"""How the answer moves with one number: what an author wants to have drawn.

What lives here: one entry of ``sweep``. What may not: solving, drawing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parley.scenario.places import Expression, Span

__all__ = ["MOST_STEPS", "SCALES", "STEPS", "Shown", "SweepRequest"]

SCALES = ("linear", "log")  # the default first
STEPS = 61
MOST_STEPS = 2001


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn: a quantity of the scenario by its name, or one that stands here alone.

    ``name`` is the quantity's name, or what the expression says. Quantities that the author put on one axis
    have the same number ``axis``; it is None where nothing is said. ``higher`` says of what the policies are
    compared by whether more is better, and is None for anything else.
    """

    name: str
    expression: Expression
    text: str | None
    axis: int | None = None
    higher: bool | None = None


@dataclass(frozen=True, slots=True)
class SweepRequest:
    """One parameter, from ``low`` to ``high`` in ``steps`` points, evenly in ``scale``.

    ``policies`` is empty for all. ``set`` gives parameters and switches other values for the whole sweep.
    ``concept`` is ``quantal`` (players err as the scenario says) or ``limit`` (nobody errs).
    """

    vary: str
    low: float
    high: float
    scale: str
    steps: int
    show: tuple[Shown, ...]
    policies: tuple[str, ...]
    set: Mapping[str, str | float]
    concept: str
    text: str | None
    span: Span
