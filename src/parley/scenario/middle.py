"""The middle and the ends of a judgement, in plain Python.

What lives here: medians and supports, for checks and printed tables that must start fast. What may not:
NumPy, drawing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from parley.scenario.model import Judgement

__all__ = ["central", "cumulative", "mass", "quantile", "support"]

_TERMS = 20_000  # of a continued fraction: five times what parameters of a million need
_STEPS = 200  # at most: halvings until no double lies between, from any bracket found here


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
    """Return the value below which a share of a judgement lies.

    By bisection: the error is that of the distribution function, about nine digits for the beta and gamma
    families with parameters up to a million, and close to machine precision for the others.

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
    0.087
    """
    if judged.shape == "fixed":
        return judged.numbers[0]
    if judged.shape == "choice":
        return _choice(judged, share)
    low, high = support(judged)
    below_low, above_low = _tails(judged, low)
    below_high, above_high = _tails(judged, high)
    # The smaller tail is the precise one: far out in it, the other is 1 to the last bit.
    if below_low > 0.5:
        wanted = above_high + (1 - share) * (above_low - above_high)
        return _bisect(lambda value: -_tails(judged, value)[1], -wanted, low, high)
    wanted = below_low + share * (below_high - below_low)
    return _bisect(lambda value: _tails(judged, value)[0], wanted, low, high)


def mass(judged: Judgement) -> float:
    """Return the share of the untruncated distribution that the truncation leaves.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> mass(Judgement("normal", (0.0, 1.0), (0.0, None), None, None, Span("a.md", 1, 1)))
    0.5
    """
    if judged.truncate is None:
        return 1.0
    low, high = support(judged)
    below_low, above_low = _tails(judged, low)
    below_high, above_high = _tails(judged, high)
    return above_low - above_high if below_low > 0.5 else below_high - below_low


def _choice(judged: Judgement, share: float) -> float:
    half = len(judged.numbers) // 2
    pairs = sorted(zip(judged.numbers[:half], judged.numbers[half:], strict=True))
    total = 0.0
    for value, weight in pairs:
        total += weight
        if total >= share * (1 - 1e-12):  # weights such as 1/3 + 1/3 + 1/3 fall short by a rounding
            return value
    return pairs[-1][0]


def _bisect(function: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Find where a rising function reaches a value; open sides are closed in on by doubling."""
    if math.isinf(low):
        step = 1.0
        start = high if math.isfinite(high) else 0.0
        while function(start - step) > wanted and step < 1e300:
            step *= 2
        low = start - step
    if math.isinf(high):
        step = 1.0
        while function(low + step) < wanted and step < 1e300:
            step *= 2
        high = low + step
    if low == 0.0:
        # Towards zero halvings keep relative precision, which plain bisection would lose.
        while high > 1e-300 and function(high / 2) >= wanted:
            high /= 2
        low = high / 2 if high > 1e-300 else 0.0
    for _ in range(_STEPS):
        middle = low + (high - low) / 2
        if not low < middle < high:
            break
        if function(middle) < wanted:
            low = middle
        else:
            high = middle
    return low + (high - low) / 2


def cumulative(judged: Judgement, value: float) -> float:
    """Return the share of the untruncated distribution below a value.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> cumulative(Judgement("triangular", (0.0, 1.0, 3.0), None, None, None, Span("a.md", 1, 1)), 1.0)
    0.3333333333333333
    """
    return _tails(judged, value)[0]


def _tails(judged: Judgement, value: float) -> tuple[float, float]:
    """Return the shares of the untruncated distribution below and above a value, each precise when small."""
    a, b = judged.numbers[0], judged.numbers[-1]
    if value == math.inf or value == -math.inf:
        return (1.0, 0.0) if value > 0 else (0.0, 1.0)
    if judged.shape in ("normal", "lognormal", "beta", "gamma", "exponential"):
        return _family(judged.shape, a, b, value)
    logarithmic = judged.shape.startswith("log")
    if logarithmic and value <= 0:
        return 0.0, 1.0
    numbers = tuple(math.log(each) for each in judged.numbers) if logarithmic else judged.numbers
    place = math.log(value) if logarithmic else value
    match judged.shape:
        case "uniform" | "loguniform" | "likelihood":
            return _linear(place, *numbers)
        case "triangular" | "logtriangular":
            return _triangular(place, *numbers)
        case "pert":
            best = (judged.numbers[1] - a) / (b - a)
            return _beta((value - a) / (b - a), 1 + 4 * best, 5 - 4 * best)
    raise ValueError(f"a judgement of the shape {judged.shape!r} has no distribution function")


def _family(shape: str, a: float, b: float, value: float) -> tuple[float, float]:
    if shape == "normal":
        return _normal((value - a) / b)
    if value <= 0:
        return 0.0, 1.0
    match shape:
        case "lognormal":
            return _normal((math.log(value) - math.log(a)) / b)
        case "beta":
            return _beta(value, a, b)
        case "gamma":
            return _gamma(value / b, a)
        case _:
            return -math.expm1(-value / a), math.exp(-value / a)


def _linear(value: float, low: float, high: float) -> tuple[float, float]:
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return share, 1 - share


def _normal(z: float) -> tuple[float, float]:
    return math.erfc(-z / math.sqrt(2)) / 2, math.erfc(z / math.sqrt(2)) / 2


def _triangular(value: float, low: float, best: float, high: float) -> tuple[float, float]:
    if value <= low or value >= high:
        return (0.0, 1.0) if value <= low else (1.0, 0.0)
    if value <= best:
        below = (value - low) ** 2 / ((high - low) * (best - low))
        return below, 1 - below
    above = (high - value) ** 2 / ((high - low) * (high - best))
    return 1 - above, above


def _beta(x: float, a: float, b: float) -> tuple[float, float]:
    """Regularised incomplete beta function and its complement, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return (0.0, 1.0) if x <= 0 else (1.0, 0.0)
    if x > (a + 1) / (a + b + 2):
        above, below = _beta(1 - x, b, a)
        return below, above
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / (1 + step * d)
            c = 1 + step / c
            fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    below = min(front * fraction / a, 1.0)
    return below, 1 - below


def _gamma(x: float, a: float) -> tuple[float, float]:
    """Regularised incomplete gamma functions: series (DLMF 8.11.4) and continued fraction (DLMF 8.9.2)."""
    if x <= 0:
        return 0.0, 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        n = a
        while term > total * 1e-17:
            n += 1
            term *= x / n
            total += term
        below = min(total * front, 1.0)
        return below, 1 - below
    b, d = x + 1 - a, 1 / (x + 1 - a)
    c, fraction = math.inf, d
    for i in range(1, _TERMS):
        step = -i * (i - a)
        b += 2
        d = 1 / (step * d + b)
        c = b + (step / c if c != math.inf else 0.0)
        fraction *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    above = min(front * fraction, 1.0)
    return 1 - above, above
