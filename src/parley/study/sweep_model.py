"""A sweep: how quantities move with one number.

What lives here: frozen tables. What may not: solving, sentences, drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.scenario.model import Scenario
from parley.scenario.sweeps import Shown, SweepRequest
from parley.study.results import Provenance

__all__ = ["SHARES", "Best", "Crossing", "Curve", "Jump", "PublishedDot", "Sweep"]

Values = NDArray[np.float64]

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)  # of the readings, for the rows of Curve.spread


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One quantity under one policy.

    A point has no value (NaN) where more than 1 of 100 readings have none, because their game was not solved
    with a certificate or because what the quantity is conditioned on cannot happen in them. Elsewhere the
    mean and the spread are over the readings that have a value.
    """

    shown: Shown
    policy: str | None  # None: the quantity names its policies itself, or nothing is compared
    mean: Values  # [point] in the quantity's own unit
    spread: Values | None  # [share, point], see SHARES; None where there is one reading
    unsolved: NDArray[np.int64]  # [point] readings whose game was not solved
    undefined: NDArray[np.int64]  # [point] readings solved, in which it has no value


@dataclass(frozen=True, slots=True)
class Jump:
    """A curve goes from ``before`` to ``after`` between two points, a thousandth of the sweep apart."""

    curve: int  # place in Sweep.curves
    low: float
    high: float
    before: float
    after: float

    @property
    def at(self) -> float:
        """The middle between both ends."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where the means of one quantity under two policies cross: ``upper`` is the larger one behind it."""

    upper: int  # places in Sweep.curves
    lower: int
    at: float
    low: float  # the points between which they cross
    high: float
    jump: bool  # one of the two jumps there


@dataclass(frozen=True, slots=True)
class Best:
    """From ``low`` to ``high`` the policy of a curve is the best by the mean of what is compared."""

    curve: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PublishedDot:
    """A published number that lies on the sweep."""

    curve: int
    x: float
    value: float
    tolerance: float


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """What came of a sweep.

    ``complete`` is False when points that would have shown a turn more closely were not added, as there
    were too many.
    """

    scenario: Scenario
    request: SweepRequest
    x: Values  # [point] values of the varied parameter, increasing
    curves: tuple[Curve, ...]
    jumps: tuple[Jump, ...]
    crossings: tuple[Crossing, ...]
    best: tuple[Best, ...]  # along the axis, for one criterion after the other
    published: tuple[PublishedDot, ...]
    readings: int  # at each point; 1 where nothing else is uncertain
    games: int  # solved in all
    unsolved: int  # of them, without a certificate
    provenance: Provenance
    complete: bool

    def to_frame(self, library: str | None = None) -> Any:
        """Return a tidy table for pandas or polars: one row for each point of each curve.

        Parameters
        ----------
        library
            ``pandas`` or ``polars``; None takes pandas where it is installed, else polars.

        Returns
        -------
        ``pandas.DataFrame`` or ``polars.DataFrame`` with the varied parameter by its name, ``quantity``,
        ``policy`` (missing where the quantity names its policies itself), ``mean``, the quantiles of
        :data:`SHARES` (``5 %``, ...; the mean where there is one reading), ``unsolved`` and ``undefined``
        readings.

        Raises
        ------
        FrameError
            The library is neither of the two, or not installed (``pip install 'parley-workbench[frames]'``).

        Examples
        --------
        >>> import parley
        >>> from parley.study import sweep
        >>> from parley.scenario import read_request
        >>> scenario = parley.load("which-event-first")
        >>> request = read_request(scenario, "{vary: B, from: 0, to: 40, steps: 3, show: payoff(us)}")
        >>> "mean" in sweep(scenario, request, draws=16).to_frame().columns
        True
        """
        from parley.study.tidy import sweep_frame

        return sweep_frame(self, library)

    def __repr__(self) -> str:
        """Return one line; the fields are arrays."""
        return (
            f"<Sweep of {self.scenario.title!r} over {self.request.vary}: {len(self.x)} points, "
            f"{len(self.curves)} curves>"
        )
