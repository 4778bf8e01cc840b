"""Scores of forecasts: how much chance was given to what happened.

What lives here: the log score, the Brier score, baselines, calibration. What may not: cases, readings of the
model.

Both scores are proper: a forecaster does best, on average, by saying what it believes (Gneiting and Raftery,
*Journal of the American Statistical Association* 102, 2007). Both are losses here, 0 the best.

The **log score** of a chance p given to what happened is -log2 p bits (Good 1952; Roulston and Smith 2002):
a fair coin earns 1 bit per case, a forecaster who was sure and right 0, one who was sure and wrong infinity.
The **Brier score** is half the sum over all that could have happened of (chance - 1 or 0)^2 (Brier 1950,
whose score was twice this): with two outcomes (1 - p)^2, a fair coin 0.25.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from parley.findings.history_model import Bin, Calibration
from parley.study.cases import ELSE

__all__ = ["BINS", "base_rate", "brier", "calibration", "log_score"]

Values = NDArray[np.float64]

BINS = 5  # of chances from 0 to 1


def log_score(chance: float) -> float | None:
    """Return -log2 of the chance given to what happened, in bits; None for infinity.

    >>> log_score(0.5), log_score(1.0), log_score(0.0)
    (1.0, 0.0, None)
    """
    return abs(math.log2(chance)) if chance > 0 else None


def brier(forecast: Values) -> Values:
    """Return half the squared distance of forecasts from what happened.

    Parameters
    ----------
    forecast
        ``[outcome]`` or ``[outcome, draw]``: chances of all that could have happened, what happened first.

    Returns
    -------
    NDArray
        ``[]`` or ``[draw]``, between 0 and 1.

    Examples
    --------
    >>> float(brier(np.array([0.5, 0.5]))), float(brier(np.array([0.0, 1.0])))
    (0.25, 1.0)
    """
    off = np.array(forecast, dtype=np.float64)
    off[0] -= 1.0
    return np.asarray(np.add.reduce(off**2, axis=0) / 2.0)


def base_rate(outcomes: Sequence[str], others: Sequence[str]) -> Values | None:
    """Return how often each outcome came about in the other cases, as chances.

    Laplace's rule of succession keeps them from 0 and 1: (times + 1) / (cases + outcomes).

    Parameters
    ----------
    outcomes
        What could have happened in the case at hand. When the last is ``anything else``, it takes all that
        is none of the others.
    others
        What happened in the other cases; that at hand is left out.

    Returns
    -------
    NDArray or None
        ``[outcome]``; None without another case.

    Examples
    --------
    >>> base_rate(["war", "anything else"], ["war", "war", "peace"]).tolist(), base_rate(["war"], [])
    ([0.6, 0.4], None)
    """
    if not others:
        return None
    place = {outcome: number for number, outcome in enumerate(outcomes)}
    elsewhere = place.get(ELSE)
    found = [place.get(other, elsewhere) for other in others]
    times = np.bincount([each for each in found if each is not None], minlength=len(outcomes))
    return np.asarray((times + 1.0) / float(times.sum() + len(outcomes)))


def calibration(forecasts: Sequence[Values]) -> Calibration:
    """Say whether what was forecast at p came about in p of the cases.

    Every outcome of every case is a forecast of its own. Spiegelhalter's z (*Statistics in Medicine* 5, 1986)
    looks at one of each case, what happened, and is the same for its contrary:
    sum (1 - p) (1 - 2 p) / sqrt(sum (1 - 2 p)^2 p (1 - p)) over chances p of what happened.

    Parameters
    ----------
    forecasts
        One ``[outcome]`` per case, what happened first.

    Examples
    --------
    >>> found = calibration([np.array([0.9, 0.1])] * 9 + [np.array([0.1, 0.9])])
    >>> [(each.forecasts, each.came, round(each.expected, 3)) for each in found.bins], abs(round(found.z, 9))
    ([(10, 1, 1.0), (10, 9, 9.0)], 0.0)
    """
    pairs = [(float(chance), number == 0) for forecast in forecasts for number, chance in enumerate(forecast)]
    bins: list[Bin] = []
    for number in range(BINS):
        inside = [(p, came) for p, came in pairs if min(int(p * BINS), BINS - 1) == number]
        if inside:
            came = sum(came for _, came in inside)
            expected = math.fsum(p for p, _ in inside)
            bins.append(Bin(number / BINS, (number + 1) / BINS, len(inside), came, expected))
    chances = [float(forecast[0]) for forecast in forecasts]
    spread = math.fsum((1 - 2 * p) ** 2 * p * (1 - p) for p in chances)
    top = math.fsum((1 - p) * (1 - 2 * p) for p in chances)
    return Calibration(len(forecasts), tuple(bins), top / math.sqrt(spread) if spread > 0 else None)
