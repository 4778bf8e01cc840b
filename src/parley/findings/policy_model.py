"""What the findings say of policies under deep uncertainty: frozen data.

What lives here: the types. What may not: how they are computed, sentences. As in
:mod:`parley.findings.model`, nothing is an array and None stands for a number that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Dominance", "Information", "InputValue", "Metric", "Pareto", "Robustness"]


@dataclass(frozen=True, slots=True)
class Metric:
    """What one robustness metric says of the candidates.

    ``scores`` are signed so that more is better, whichever side of the criterion is the good one; None where
    the metric is undefined. ``kind`` says in what they are: ``value`` (the criterion itself, negated where
    less is better), ``regret`` (a loss in the criterion's unit, negated), ``ratio`` (no unit, or one that
    means nothing) or ``share`` (of the readings). ``preferred`` are the candidates with the highest score:
    several where they are equal, none where one has no score. ``agree`` counts the ``replicates`` of the
    design that, taken alone, prefer the same.
    """

    name: str
    kind: str
    scores: Mapping[str, float | None]
    preferred: tuple[str, ...]
    agree: int
    replicates: int


@dataclass(frozen=True, slots=True)
class Robustness:
    """One criterion, eleven robustness metrics.

    ``threshold`` is what Starr's domain criterion calls good enough, in the criterion's own unit and sign;
    ``threshold_of`` names the policy whose middle reading it is, None where it was given. A reading counts
    as ``defined`` where every candidate's value is.
    """

    criterion: str
    expression: str
    higher: bool
    candidates: tuple[str, ...]
    defined: int
    undefined: int
    threshold: float | None
    threshold_of: str | None
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True)
class Dominance:
    """One candidate beside the others, all criteria at once.

    One dominates another where it is at least as good by every criterion and better by one. ``means`` are in
    the order of the criteria. ``dominated_by`` are the candidates whose means dominate. ``dominated`` is the
    share of the readings in which at least one other dominates, with its ``error``; ``by`` the share for each
    other.
    """

    policy: str
    means: tuple[float | None, ...]
    dominated_by: tuple[str, ...]
    dominated: float | None
    error: float | None
    by: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Pareto:
    """The candidates by several criteria at once. ``frontier`` are those whose means none dominates."""

    criteria: tuple[str, ...]
    higher: tuple[bool, ...]
    defined: int
    undefined: int
    frontier: tuple[str, ...]
    candidates: tuple[Dominance, ...]


@dataclass(frozen=True, slots=True)
class InputValue:
    """What it would be worth to know one input before choosing.

    ``value`` is the expected gain in the criterion's unit (more is better), ``error`` half the width of a
    95 % interval. It can come out a little below zero: it is what choices learned in some replicates gained
    in the others. ``chance`` is the share of the readings in which the choice would change. ``floor`` is what
    this run cannot tell from nothing: an input that means so little would most likely be read as 0.
    ``distinguishable`` says whether the interval lies above zero.
    """

    name: str
    kind: str
    value: float | None
    error: float | None
    chance: float | None
    chance_error: float | None
    floor: float | None
    distinguishable: bool


@dataclass(frozen=True, slots=True)
class Information:
    """What knowing more would be worth before choosing by one criterion.

    ``choice`` is the candidate with the best mean, ``runner_up`` the next, ``lead`` the difference of their
    means in the good direction with ``lead_error``. ``perfect`` is the expected value of knowing everything,
    ``perfect_chance`` the share of the readings in which the choice would then be another. ``inputs`` are
    sorted by value; there are none where there are fewer than ``needed`` defined readings.
    """

    criterion: str
    expression: str
    higher: bool
    candidates: tuple[str, ...]
    defined: int
    undefined: int
    needed: int
    choice: str | None
    runner_up: str | None
    lead: float | None
    lead_error: float | None
    perfect: float | None
    perfect_error: float | None
    perfect_chance: float | None
    perfect_chance_error: float | None
    inputs: tuple[InputValue, ...]
