"""The middle and the ends of a judgement, in plain Python.

What lives here: medians and supports, for checks and printed tables that must start fast. What may not: NumPy,
drawing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist

from parley.scenario.model import Judgement

__all__ = ["central", "cumulative", "quantile", "support"]

_STEPS = 80  # halvings: far beyond double precision


def support(judged: Judgement) -> tuple[float, float]:
    """Return the least and the largest value that a judgement can take; infinite where it is open.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> support(Judgement("beta", (2.0, 3.0), (None, 0.5), None, None, Span("a.md", 1, 1)))
    (0.0, 0.5)
    """
    numbers = judged.numbers
    match judged.shape:
        case "normal":
            low, high = -math.inf, math.inf
        case "lognormal" | "gamma" | "exponential":
            low, high = 0.0, math.inf
        case "beta":
            low, high = 0.0, 1.0
        case "choice":
            values = numbers[: len(numbers) // 2]
            low, high = min(values), max(values)
        case _:
            low, high = numbers[0], numbers[-1]
    if judged.truncate is not None:
        below, above = judged.truncate
        low = low if below is None else max(low, below)
        high = high if above is None else min(high, above)
    return low, high


def central(judged: Judgement) -> float:
    """Return the median of a judgement, to about nine digits.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> central(Judgement("uniform", (1.0, 3.0), None, None, None, Span("a.md", 1, 1)))
    2.0
    """
    return quantile(judged, 0.5)


@lru_cache(maxsize=4096)  # checks and tables ask for the same few quantiles again and again
def quantile(judged: Judgement, share: float) -> float:
    """Return the value below which a share of a judgement lies, to about nine digits.

    Parameters
    ----------
    judged
        The judgement.
    share
        Between 0 and 1, both excluded.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> round(quantile(Judgement("beta", (2.0, 18.0), None, None, None, Span("a.md", 1, 1)), 0.5), 3)
    0.088
    """
    if judged.shape == "fixed":
        return judged.numbers[0]
    if judged.shape == "choice":
        return _choice(judged, share)
    low, high = support(judged)
    below = cumulative(judged, low) if math.isfinite(low) else 0.0
    above = cumulative(judged, high) if math.isfinite(high) else 1.0
    wanted = below + share * (above - below)
    return _bisect(lambda value: cumulative(judged, value), wanted, low, high)


def _choice(judged: Judgement, share: float) -> float:
    half = len(judged.numbers) // 2
    pairs = sorted(zip(judged.numbers[:half], judged.numbers[half:], strict=True))
    total = 0.0
    for value, weight in pairs:
        total += weight
        if total >= share:
            return value
    return pairs[-1][0]


def _bisect(function: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    if math.isinf(low):
        low = -1.0
        while function(low) > wanted:
            low *= 2
    if math.isinf(high):
        high = max(1.0, low + 1.0)
        while function(high) < wanted:
            high *= 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if function(middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def cumulative(judged: Judgement, value: float) -> float:
    """Return the share of the untruncated distribution below a value.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> cumulative(Judgement("triangular", (0.0, 1.0, 3.0), None, None, None, Span("a.md", 1, 1)), 1.0)
    0.3333333333333333
    """
    a, b = judged.numbers[0], judged.numbers[-1]
    match judged.shape:
        case "uniform" | "likelihood":
            return (value - a) / (b - a)
        case "loguniform":
            return (math.log(value) - math.log(a)) / (math.log(b) - math.log(a))
        case "triangular":
            return _triangular(value, *judged.numbers)
        case "logtriangular":
            return _triangular(math.log(value), *(math.log(each) for each in judged.numbers))
        case "pert":
            best = judged.numbers[1]
            share = (best - a) / (b - a)
            return _beta((value - a) / (b - a), 1 + 4 * share, 5 - 4 * share)
        case "normal":
            return NormalDist(a, b).cdf(value)
        case "lognormal":
            return 0.0 if value <= 0 else NormalDist(math.log(a), b).cdf(math.log(value))
        case "beta":
            return _beta(value, a, b)
        case "gamma":
            return _gamma(value / b, a)
        case "exponential":
            return -math.expm1(-value / a)
    raise AssertionError(judged.shape)


def _triangular(value: float, low: float, best: float, high: float) -> float:
    if value <= best:
        return 0.0 if best == low else (value - low) ** 2 / ((high - low) * (best - low))
    return 1 - (high - value) ** 2 / ((high - low) * (high - best))


def _beta(x: float, a: float, b: float) -> float:
    """Regularised incomplete beta function by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    fraction = 0.0
    for m in range(200, 0, -1):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m - 1) * (a + b + m - 1) * x / ((a + 2 * m - 2) * (a + 2 * m - 1))
        fraction = odd / (1 + even / (1 + fraction))
    return front / (a * (1 + fraction))


def _gamma(x: float, a: float) -> float:
    """Regularised lower incomplete gamma function by its series (DLMF 8.11.4)."""
    if x <= 0:
        return 0.0
    if x > a + 40 * math.sqrt(a) + 40:
        return 1.0
    term = total = 1 / a
    for n in range(1, 2_000):
        term *= x / (a + n)
        total += term
        if term < total * 1e-16:
            break
    return min(1.0, total * math.exp(a * math.log(x) - x - math.lgamma(a)))
