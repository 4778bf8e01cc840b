"""What carries the conclusion: frozen data, ready for words, pictures and JSON.

What lives here: the types. What may not: estimators (:mod:`parley.findings.sensitivity`), sentences. As in
:mod:`parley.findings.model`, nothing here is an array and None stands for a number that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NEGLIGIBLE", "CriterionCruxes", "Crux", "Cruxes", "Index", "Influence", "Pawn"]

NEGLIGIBLE = 1e-6  # an index below this is no larger than what the exactness of the solver leaves open


@dataclass(frozen=True, slots=True)
class Index:
    """An index or a share with its 95 % interval.

    An estimate may come out slightly below zero although no index is; :attr:`distinct` says whether the
    interval leaves zero out.
    """

    value: float | None
    low: float | None
    high: float | None

    @property
    def distinct(self) -> bool:
        """Whether it can be told from zero.

        >>> Index(0.4, 0.3, 0.5).distinct, Index(-0.004, -0.02, 0.012).distinct
        (True, False)
        """
        return self.low is not None and self.low > NEGLIGIBLE


@dataclass(frozen=True, slots=True)
class Influence:
    """How much of an outcome's variance an assumption accounts for, in three ways.

    ``first``: what would go, on average, if this alone were known. ``total``: what would remain if all
    others were known. ``shapley``: its fair part of the whole, between the two when judgements are
    independent; over all assumptions these add up to 1.
    """

    first: Index
    total: Index
    shapley: Index


@dataclass(frozen=True, slots=True)
class Pawn:
    """How far the margin's distribution shifts between low and high values of an assumption.

    ``index`` is the median Kolmogorov-Smirnov distance between the run's readings in which the assumption
    lies in one tenth of its judgement and all readings, from 0 to 1; ``noise`` is what 19 in 20 assumptions
    without any influence would stay below.
    """

    index: float
    noise: float


@dataclass(frozen=True, slots=True)
class Crux:
    """One assumption and what it decides.

    ``kind`` is ``parameter``, ``ranking`` (a player's utilities, as one) or ``switch``. ``reversed`` is the
    share of readings in which the decision changes when this alone is judged anew. ``margin`` and
    ``decision`` are None where there is nothing to account for. ``judgement`` is True when it carries weight
    and rests on grade C or on no grade. ``pawn`` is given for assumptions that are judged together with
    others, named in ``together``.
    """

    name: str
    kind: str
    text: str | None
    judgement: str
    confidence: str | None
    together: tuple[str, ...]
    reversed: Index
    margin: Influence | None
    decision: Influence | None
    pawn: Pawn | None
    rests_on_judgement: bool


@dataclass(frozen=True, slots=True)
class CriterionCruxes:
    """What one criterion's answer hangs on.

    The margin is that of the recommended policy over the best of ``against``. ``ahead`` is the share of
    readings in which it is positive, ``reversed`` the share of readings whose decision changes when
    everything is judged anew. ``steady`` says that the margin is the same in all readings, ``decided`` that
    too few readings differ in their decision to account for it (fewer than one for each replicate).
    ``undefined`` counts those of all readings solved in which the margin does not exist or is not certified:
    they are left out. ``cruxes`` are ordered by what they decide.
    """

    criterion: str
    expression: str
    against: tuple[str, ...]
    ahead: float | None
    reversed: Index
    steady: bool
    decided: bool
    undefined: int
    cruxes: tuple[Crux, ...]


@dataclass(frozen=True, slots=True)
class Cruxes:
    """What carries the conclusion.

    ``readings`` are in the design; with their variations ``solved`` readings were solved in all.
    ``dependent`` is True when some judgements hang together.
    """

    recommended: str
    readings: int
    solved: int
    dependent: bool
    criteria: tuple[CriterionCruxes, ...]
