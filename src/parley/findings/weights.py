"""Statistics of readings of unequal weight.

What lives here: means, shares and quantiles over weighted readings, with the sampling error of the design.
What may not: where the weights come from.

A weighted mean is a ratio, the sum of weight times value over the sum of weights. Its error is taken from the
spread between the replicates of the design as in :mod:`parley.findings.statistics`, linearised
(Owen, *Monte Carlo theory, methods and examples*, ch. 9, equation 9.9, with replicates in the place of
independent draws).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from parley.findings.model import Share
from parley.findings.statistics import half_width, pulls, word

__all__ = ["change", "effective", "mean", "quantiles", "weighted_error", "weighted_share"]

Values = NDArray[np.float64]  # [draw]
Numbers = NDArray[np.int64]  # [draw] in the design


def effective(weight: Values) -> float:
    """Return how many equally weighted readings are worth as much (Kish 1965): (sum w)^2 / sum w^2.

    Parameters
    ----------
    weight
        ``[draw]`` not negative.

    Examples
    --------
    >>> effective(np.ones(64)), effective(np.array([1.0, 0.0, 0.0])), effective(np.zeros(3))
    (64.0, 1.0, 0.0)
    """
    squares = float(np.sum(weight**2))
    return float(np.sum(weight)) ** 2 / squares if squares > 0 else 0.0


def mean(values: Values, weight: Values) -> float | None:
    """Return the weighted mean of the defined values; None where they have no weight.

    >>> mean(np.array([1.0, 2.0, np.nan]), np.array([1.0, 3.0, 5.0]))
    1.75
    """
    defined = np.isfinite(values)
    total = float(np.sum(weight[defined]))
    return float(np.sum(weight[defined] * values[defined])) / total if total > 0 else None


def weighted_error(values: Values, weight: Values, draw: Numbers) -> float | None:
    """Half-width of a 95 % interval for the weighted mean of the defined values.

    Parameters
    ----------
    values, weight
        ``[draw]``; what is not finite is undefined.
    draw
        ``[draw]`` numbers in the design.

    Returns
    -------
    float or None
        None when fewer than two replicates have a defined value with weight.

    Examples
    --------
    >>> from parley.findings.statistics import sampling_error
    >>> values, draw = np.arange(64) % 7 / 6, np.arange(64)
    >>> round(weighted_error(values, np.ones(64), draw) - sampling_error(values, draw), 12)
    0.0
    """
    pulled = pulls(values, weight, draw)
    return None if pulled is None else half_width(*pulled)


def change(values: Values, weight: Values, draw: Numbers) -> tuple[float | None, float | None]:
    """Return by how much weighting changes the mean of the defined values, and the error of that.

    Both means are of the same readings, so the error is that of the difference.

    Examples
    --------
    >>> change(np.arange(64.0), np.ones(64), np.arange(64))
    (0.0, 0.0)
    """
    after, before = mean(values, weight), mean(values, np.ones(len(values)))
    if after is None or before is None:
        return None, None
    weighted, plain = pulls(values, weight, draw), pulls(values, np.ones(len(values)), draw)
    if weighted is None or plain is None:
        return after - before, None
    return after - before, half_width(weighted[0] - plain[0], plain[1])


def quantiles(values: Values, weight: Values, at: Sequence[float]) -> tuple[float, ...] | None:
    """Return quantiles of the defined values, interpolated between the middles of their weights.

    Returns
    -------
    tuple of float, or None
        None where the defined values have no weight.

    Examples
    --------
    >>> quantiles(np.array([1.0, 2.0, 3.0]), np.ones(3), (0.5,))
    (2.0,)
    >>> quantiles(np.array([1.0, 2.0, 3.0]), np.array([0.0, 0.0, 2.0]), (0.05, 0.95))
    (3.0, 3.0)
    """
    defined = np.isfinite(values) & (weight > 0)
    known, heavy = values[defined], weight[defined]
    if not known.size:
        return None
    order = np.argsort(known, kind="stable")
    reached = np.cumsum(heavy[order])
    middle = (reached - heavy[order] / 2) / reached[-1]
    return tuple(float(x) for x in np.interp(at, middle, known[order]))


def weighted_share(won: Values, weight: Values, draw: Numbers, ties: float = 0.0) -> Share:
    """In what share of the weighted readings something holds, as :func:`parley.findings.statistics.share`.

    What the readings never showed may still happen in a share of 3 / their effective number. The undefined
    ones count with their weight.

    Examples
    --------
    >>> found = weighted_share(np.repeat([1.0, 0.0], 32), np.repeat([3.0, 1.0], 32), np.arange(64))
    >>> found.share, found.word
    (0.75, 'leans')
    """
    defined = np.isfinite(won)
    whole, known = float(np.sum(weight)), float(np.sum(weight[defined]))
    count = int(np.count_nonzero(defined))
    if known <= 0:
        return Share(None, None, 0.0, 0.0, 1.0, count, int(won.size) - count, "open")
    held = float(np.sum(weight[defined] * won[defined]))
    between = weighted_error(won, weight, draw)
    error = None if between is None else max(between, 3.0 / effective(weight[defined]))
    margin = 1.0 if error is None else error
    lower = max(0.0, held / whole - margin)
    upper = min(1.0, (held + whole - known) / whole + margin)
    return Share(held / known, error, ties, lower, upper, count, int(won.size) - count, word(lower, upper))
