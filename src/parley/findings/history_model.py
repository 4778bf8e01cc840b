"""What history says of the model: frozen data, ready for words, pictures and JSON.

What lives here: the types. What may not: scores (:mod:`parley.findings.scoring`), weights
(:mod:`parley.findings.history`), sentences. As in :mod:`parley.findings.model`, nothing here is an array and
None stands for a number that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parley.findings.shares import Share, Spread

__all__ = [
    "AssumptionShift",
    "Bin",
    "Calibration",
    "CaseFinding",
    "ClaimShift",
    "CriterionShift",
    "Forecaster",
    "History",
    "Quantiles",
    "Reweighting",
    "Timing",
]


@dataclass(frozen=True, slots=True)
class Timing:
    """When a clock rang, and when the model expects it to.

    ``after`` is the time observed, in the unit of time of the rate; ``rang`` is False when it is only known
    that the clock had not rung by then. ``half`` is the median waiting time of each reading (log 2 / rate),
    over the readings. ``by`` is the chance, over all readings, that the clock rings within ``after``.
    """

    after: float
    rang: bool
    half: Spread
    by: float | None


@dataclass(frozen=True, slots=True)
class CaseFinding:
    """One case and what the model says of it.

    ``kind`` is ``story``, ``forecast`` or ``clock``. ``forecast`` maps what could have happened to the mean
    chance over the readings, what happened first. ``chance`` is the chance of what happened; ``rivals`` what
    other forecasters gave it. ``log_score`` is -log2 of its mean, in bits, None when that is 0; ``brier`` see
    :func:`parley.findings.scoring.brier`. ``impossible`` counts the readings that give it no chance at all,
    ``undefined`` those in which the chance does not exist or is not certified. ``used_for`` are parameters
    that were set with this case in view: the case is then no independent test.
    """

    name: str
    kind: str
    text: str | None
    date: str | None
    source: str | None
    given: Mapping[str, str]
    happened: str
    forecast: Mapping[str, float | None]
    chance: Spread
    rivals: Mapping[str, float]
    log_score: float | None
    brier: float | None
    impossible: int
    undefined: int
    used_for: tuple[str, ...]
    timing: Timing | None


@dataclass(frozen=True, slots=True)
class Forecaster:
    """A forecaster beside the model, on the ``cases`` that both have forecast.

    ``log_score`` (bits per case) and ``brier`` are means over those cases, 0 the best;
    ``model_log_score`` and ``model_brier`` are the model's on the same cases. A log score is None when a case
    was given no chance.
    ``skill`` is 1 - model_brier / brier: the share of this forecaster's error that the model does not make.
    """

    name: str
    text: str
    cases: int
    log_score: float | None
    brier: float | None
    model_log_score: float | None
    model_brier: float | None
    skill: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts between two chances: how many, how many came about, and how many were to be expected."""

    low: float
    high: float
    forecasts: int
    came: int
    expected: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether what was forecast at p comes about in p of the cases.

    ``z`` is Spiegelhalter's statistic: about a standard normal number for a calibrated forecaster.
    """

    cases: int
    bins: tuple[Bin, ...]
    z: float | None


@dataclass(frozen=True, slots=True)
class Quantiles:
    """The 5, 50 and 95 % quantiles."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class AssumptionShift:
    """How history moves one assumption.

    For a parameter ``before`` and ``after`` are quantiles; for a switch ``options`` maps an option to its
    share before and after. ``shift`` is the change of the mean rank among the readings (from 0 the lowest to
    1 the highest: 0.5 before), or the largest change of an option's share, with its 95 % half-width.
    """

    name: str
    kind: str
    text: str | None
    unit: str | None
    before: Quantiles | None
    after: Quantiles | None
    options: Mapping[str, tuple[float, ...]]
    shift: float
    error: float | None

    @property
    def distinct(self) -> bool:
        """Whether the shift can be told from none."""
        return self.error is not None and abs(self.shift) > self.error


@dataclass(frozen=True, slots=True)
class CriterionShift:
    """How history moves one criterion's answer: shares of readings, and the average margin.

    ``change`` is that of the share, with the 95 % half-width of the change itself. ``against`` is whom the
    recommendation is held against.
    """

    criterion: str
    expression: str
    against: tuple[str, ...]
    before: Share
    after: Share
    change: float | None
    error: float | None
    margin_before: float | None
    margin_after: float | None

    @property
    def distinct(self) -> bool:
        """Whether the change can be told from none."""
        return self.change is not None and self.error is not None and abs(self.change) > self.error


@dataclass(frozen=True, slots=True)
class ClaimShift:
    """A derived claim whose word changes when the readings are weighted."""

    name: str
    text: str
    before: Share
    after: Share


@dataclass(frozen=True, slots=True)
class Reweighting:
    """The readings weighted by the chance that each gives to some cases.

    ``left_out`` names cases that no reading allows or has a chance for. Of all ``readings``, ``undefined``
    have no chance for some case and are left out before and after; ``ruled_out`` give one of the cases no
    chance: their weight is 0. ``effective`` is how many equally weighted readings are worth as much (Kish),
    ``heaviest`` the share of all weight on the heaviest one. ``scarce`` is True when ``effective`` is too
    small to trust what follows.
    """

    cases: tuple[str, ...]
    left_out: tuple[str, ...]
    independent: bool
    readings: int
    undefined: int
    ruled_out: int
    effective: float
    heaviest: float | None
    scarce: bool
    criteria: tuple[CriterionShift, ...]
    claims: tuple[ClaimShift, ...]
    assumptions: tuple[AssumptionShift, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The model held against cases.

    ``scored`` counts the cases that have a chance (not the clocks); ``independent`` those of them that have
    set no parameter. ``enough`` is True when these are enough for a test. ``log_score`` and ``brier`` are the
    model's means over the scored cases; ``single_log_score`` and ``single_brier`` the same scores taken by
    each reading alone, over the readings. ``calibration`` is None with too few cases.
    """

    readings: int
    cases: tuple[CaseFinding, ...]
    scored: int
    independent: int
    enough: bool
    log_score: float | None
    brier: float | None
    single_log_score: Spread | None
    single_brier: Spread | None
    forecasters: tuple[Forecaster, ...]
    calibration: Calibration | None
    reweighting: tuple[Reweighting, ...]
