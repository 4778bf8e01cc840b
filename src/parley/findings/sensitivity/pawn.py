"""PAWN: how far a distribution shifts when an input is low, middling or high, from a given sample.

What lives here: the index and its noise. What may not: scenarios, solvers.

Pianosi & Wagener 2018 (*Environmental Modelling & Software* 108:197-207): cut the range of an input into
slices of equal content; take the Kolmogorov-Smirnov distance between the outcomes of each slice and all
outcomes, and the median of those. It asks nothing about how inputs depend on each other, and so mixes what an
input does with what those do that move with it.

Why not SALib's: it is held against ours in the tests, but takes two seconds for ten inputs and 10,000
readings and says nothing of noise, and a finite sample's distances are never zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["SLICES", "noise", "pawn"]

SLICES = 10
SHUFFLES = 100
_KEY = 2**34

Values = NDArray[np.float64]


def pawn(values: Values, outcome: Values) -> float:
    """Median distance between the outcomes in a tenth of an input's range and all outcomes.

    Parameters
    ----------
    values, outcome
        ``[draw]`` finite.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> x = np.linspace(0, 1, 1001)
    >>> round(pawn(x, x), 2), round(pawn(x, np.sin(1000 * x)), 2) < 0.1
    (0.7, True)
    """
    place = _slices(values)
    return _median(place[np.argsort(outcome, kind="stable")], _last(outcome))


def noise(outcome: Values, seed: int) -> float:
    """Return what 95 in 100 inputs without any influence would stay below.

    Parameters
    ----------
    outcome
        ``[draw]`` finite.
    seed
        Of the shufflings.

    Returns
    -------
    float
        The 95 % quantile over inputs that are shuffled numbers.

    Examples
    --------
    >>> 0.03 < noise(np.arange(1000.0), seed=7) < 0.12
    True
    """
    stream = np.random.Philox(key=np.array([seed, _KEY], dtype=np.uint64))
    last = _last(outcome)
    found = [_median(_slices(stream.random_raw(outcome.size)), last) for _ in range(SHUFFLES)]
    return float(np.quantile(found, 0.95))


def _slices(values: NDArray[Any]) -> NDArray[np.int64]:
    """Return for each draw the slice of equal content that its value lies in."""
    place = np.empty(values.size, dtype=np.int64)
    place[np.argsort(values, kind="stable")] = np.arange(values.size) * SLICES // values.size
    return place


def _last(outcome: Values) -> NDArray[np.bool_]:
    """Return for outcomes in ascending order whether the next one is larger."""
    ascending = np.sort(outcome)
    return np.append(ascending[1:] > ascending[:-1], True)


def _median(place: NDArray[np.int64], last: NDArray[np.bool_]) -> float:
    """Return the median over slices of the Kolmogorov-Smirnov distance to all, for ascending outcomes."""
    whole = np.flatnonzero(last) + 1.0
    distances = []
    for number in range(SLICES):
        reached = np.cumsum(place == number)
        if reached[-1]:
            distances.append(np.abs(reached[last] / reached[-1] - whole / place.size).max())
    return float(np.median(distances))
