"""Shares, spreads and their sampling error, and the words for them.

What lives here: the statistics of labelled draws, and every threshold behind a word. What may not: claims,
policies, sentences.

Sampling error. A design has sixteen independent scramblings; draw n belongs to replicate n % 16. Within a
replicate the draws are far from independent (that is the point of the design), so the error is taken from
the spread *between* replicate means: a 95 % half-width is t(0.975, R - 1) times their standard error, R the
number of replicates present (Owen, *Monte Carlo theory, methods and examples*, ch. 17). Replicates of
unequal size (undefined readings, an interrupted run) enter by the linearised ratio estimator, which is the
plain formula when the sizes are equal.

A share never gets an error below 3 / n: something that n readings never showed may still happen in a share
of 3 / n of all readings (95 % bound, the "rule of three"), although all replicates agree.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from parley.findings.model import Share, Spread
from parley.findings.shares import DOTS

__all__ = [
    "FAILS_BELOW",
    "LEANS_ABOVE",
    "REPLICATES",
    "ROBUST_FROM",
    "STUDENT",
    "TIE",
    "UNCERTIFIED_LIMIT",
    "half_width",
    "number_or_none",
    "pulls",
    "sampling_error",
    "scale",
    "share",
    "side",
    "spread",
    "wins",
    "word",
]

Values = NDArray[np.float64]  # [draw]

ROBUST_FROM = 0.90  # robust: the lower bound of the share is at least this
LEANS_ABOVE = 0.60  # leans: the lower bound is above this
FAILS_BELOW = 0.40  # fails: the upper bound is below this; open is what is left between
UNCERTIFIED_LIMIT = 0.01  # withheld: more than this share of the draws has no certified answer
TIE = 1e-9  # two values are equal when they differ by no more than this times the measure's usual size
REPLICATES = 16

# 97.5 % quantiles of Student's t with 1 ... 15 degrees of freedom.
STUDENT = (
    12.706204736174694,
    4.302652729749462,
    3.1824463052837078,
    2.7764451051977934,
    2.5705818356363146,
    2.4469118511449786,
    2.364624251592784,
    2.306004135204166,
    2.262157162798205,
    2.228138851986274,
    2.200985160091639,
    2.1788128296672284,
    2.1603686564627913,
    2.144786687917804,
    2.131449545559776,
)


def number_or_none(value: float) -> float | None:
    """Return the number, or None where it does not exist.

    >>> number_or_none(float("nan")) is None
    True
    """
    return float(value) if math.isfinite(value) else None


def sampling_error(values: Values, draw: NDArray[np.int64]) -> float | None:
    """Half-width of a 95 % interval for the mean of the defined values.

    Parameters
    ----------
    values
        ``[draw]``; what is not finite is undefined.
    draw
        ``[draw]`` numbers in the design.

    Returns
    -------
    float or None
        None when fewer than two replicates have a defined value.

    Examples
    --------
    >>> import numpy as np
    >>> round(sampling_error(np.arange(32) % 16 / 15, np.arange(32)), 3)
    0.169
    """
    pulled = pulls(values, np.ones(len(values)), draw)
    return None if pulled is None else half_width(*pulled)


def pulls(values: Values, weight: Values, draw: NDArray[np.int64]) -> tuple[Values, int] | None:
    """How far each replicate pulls the weighted mean of the defined values.

    The linearised ratio of the replicates' totals to their weights.

    Parameters
    ----------
    values, weight, draw
        ``[draw]``; what is not finite or has no weight takes no part.

    Returns
    -------
    tuple or None
        ``[replicate]`` pulls, which sum to 0, and how many replicates are present; None for fewer than two.

    Examples
    --------
    >>> import numpy as np
    >>> found, present = pulls(np.array([1.0, 3.0]), np.ones(2), np.arange(2))
    >>> found[:2].tolist(), present
    ([-0.5, 0.5], 2)
    """
    defined = np.isfinite(values) & (weight > 0)
    replicate = draw[defined] % REPLICATES
    size = np.bincount(replicate, weights=weight[defined], minlength=REPLICATES)
    present = int(np.count_nonzero(size))
    if present < 2:
        return None
    total = np.bincount(replicate, weights=weight[defined] * values[defined], minlength=REPLICATES)
    return np.asarray((total - total.sum() / size.sum() * size) / size.sum()), present


def half_width(pulled: Values, present: int) -> float:
    """Half-width of a 95 % interval from the pulls of so many replicates (at least 2).

    >>> import numpy as np
    >>> round(half_width(np.array([-0.5, 0.5]), 2), 3)
    12.706
    """
    return STUDENT[present - 2] * math.sqrt(float(np.sum(pulled**2)) * present / (present - 1))


def spread(values: Values, draw: NDArray[np.int64], *, dots: bool = False) -> Spread:
    """Mean, its sampling error, and the 5, 50 and 95 % quantiles of the defined values.

    Parameters
    ----------
    values
        ``[draw]``; what is not finite is undefined.
    draw
        ``[draw]`` numbers in the design.
    dots
        Whether to keep the quantiles (k - 0.5) / 50 too, for a quantile dot plot.

    Examples
    --------
    >>> import numpy as np
    >>> found = spread(np.array([1.0, 2.0, np.nan, 3.0]), np.arange(4))
    >>> found.mean, found.middle, found.undefined
    (2.0, 2.0, 1)
    """
    known = values[np.isfinite(values)]
    missing = int(values.size - known.size)
    if not known.size:
        return Spread(None, None, None, None, None, 0, missing)
    levels = (0.05, 0.5, 0.95, *((np.arange(DOTS) + 0.5) / DOTS if dots else ()))
    low, middle, high, *kept = (float(x) for x in np.quantile(known, levels))
    return Spread(
        float(known.mean()),
        low,
        middle,
        high,
        sampling_error(values, draw),
        known.size,
        missing,
        tuple(sorted(kept)) if dots else None,  # the last bits of neighbours may be out of order
    )


def share(won: Values, draw: NDArray[np.int64], ties: float = 0.0) -> Share:
    """In what share of the readings something holds.

    Parameters
    ----------
    won
        ``[draw]`` 1 holds, 0 does not, between them a divided tie, NaN undefined.
    draw
        ``[draw]`` numbers in the design.
    ties
        Share of the defined readings that are ties, for the record.

    Examples
    --------
    >>> import numpy as np
    >>> found = share(np.repeat([1.0, 0.0], [900, 100])[np.arange(1000) * 7 % 1000], np.arange(1000))
    >>> found.share, found.word
    (0.9, 'leans')
    """
    defined = np.isfinite(won)
    count, total = int(np.count_nonzero(defined)), int(won.size)
    if not count:
        return Share(None, None, 0.0, 0.0, 1.0, 0, total, "open")
    held = float(won[defined].sum())
    between = sampling_error(won, draw)
    error = None if between is None else max(between, 3.0 / count)
    # Without a second replicate nothing is known about the error: the bounds then say nothing.
    margin = 1.0 if error is None else error
    lower = max(0.0, held / total - margin)
    upper = min(1.0, (held + total - count) / total + margin)
    return Share(held / count, error, ties, lower, upper, count, total - count, word(lower, upper))


def word(lower: float, upper: float) -> str:
    """One word for a share of all readings that lies between two bounds.

    >>> word(0.93, 0.97), word(0.7, 0.8), word(0.45, 0.7), word(0.1, 0.2)
    ('robust', 'leans', 'open', 'fails')
    """
    if lower >= ROBUST_FROM:
        return "robust"
    if lower > LEANS_ABOVE:
        return "leans"
    if upper < FAILS_BELOW:
        return "fails"
    return "open"


def side(of: str) -> int:
    """Which way a word points: 1 for the statement, -1 against it, 0 neither.

    >>> side("leans"), side("open"), side("fails")
    (1, 0, -1)
    """
    return {"robust": 1, "leans": 1, "fails": -1}.get(of, 0)


def scale(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """How large a measure usually is, by draw: what :data:`TIE` is a share of.

    Parameters
    ----------
    values
        ``[policy, draw]``

    Returns
    -------
    NDArray
        ``[draw]`` the larger of the draw's own largest magnitude and the median of those over draws.
    """
    largest = np.max(np.abs(values), axis=0, initial=0.0)
    known = largest[np.isfinite(largest)]
    usual = float(np.median(known)) if known.size else 0.0
    size: NDArray[np.float64] = np.maximum(largest, usual)
    return size


def wins(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Which of several values is the largest, draw by draw.

    Parameters
    ----------
    values
        ``[policy, draw]``, larger is better.

    Returns
    -------
    tuple
        ``[policy, draw]`` 1 for the best, 1/k each for k equals, NaN wherever any value is undefined; and
        ``[draw]`` whether the best is shared.

    Examples
    --------
    >>> import numpy as np
    >>> won, tied = wins(np.array([[1.0, 2.0], [1.0, 3.0]]))
    >>> won.tolist(), tied.tolist()
    ([[0.5, 0.0], [0.5, 1.0]], [True, False])
    """
    defined = np.all(np.isfinite(values), axis=0)
    safe = np.where(defined, values, 0.0)
    best = safe >= safe.max(axis=0) - TIE * np.where(defined, scale(values), 0.0)
    count = best.sum(axis=0)
    won = np.where(defined, best / count, np.nan)
    return won, defined & (count > 1)
