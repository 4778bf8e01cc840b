"""What each judgement says about its number alone: the inverse distribution functions.

What lives here: one quantile function per shape, and truncation. What may not: points, correlation.

Every quantile is asked for with both tails at hand: ``p`` below and ``q = 1 - p`` above. The smaller of the
two is used, so that neither tail loses digits. Truncation to [low, high] maps p into [F(low), F(high)] and
q into [1 - F(high), 1 - F(low)], which is the conditional distribution.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

from parley.errors import DrawsError
from parley.scenario.model import Judgement

__all__ = ["quantile"]

Array: TypeAlias = NDArray[np.float64]
_Curve: TypeAlias = Callable[[Array], Array]

_FEWEST = 1e-290  # a truncation that leaves less probability than this leaves nothing that can be drawn
_ROUNDING = 1e-6  # what shares written with a few decimals may miss of 1


@dataclass(frozen=True, slots=True)
class _Family:
    """A distribution by its four curves, and the ends of its support."""

    below: _Curve  # p -> x with P(X <= x) = p
    above: _Curve  # q -> x with P(X > x) = q
    cdf: _Curve
    sf: _Curve
    low: float = -math.inf
    high: float = math.inf


def quantile(name: str, judgement: Judgement, p: Array, q: Array) -> Array:
    """Values of a judged number below which a share ``p`` of the judgement lies.

    Parameters
    ----------
    name
        Of the parameter, for messages.
    judgement
        Shape, numbers and truncation; see :class:`parley.scenario.model.Judgement`.
    p, q
        ``[draw]``, strictly inside (0, 1), with ``p + q = 1`` (each accurate where it is small).

    Returns
    -------
    NDArray[np.float64]
        ``[draw]`` values, in the parameter's own unit. A ``choice`` is ordered by value.

    Raises
    ------
    DrawsError
        When the numbers do not describe a distribution, truncation leaves nothing, or a value cannot be
        represented. The message names the parameter.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> half = np.array([0.5])
    >>> judged = Judgement("uniform", (1.0, 3.0), None, None, None, Span("a.md", 1, 1))
    >>> quantile("B", judged, half, half)
    array([2.])
    """
    numbers = judgement.numbers
    if not numbers or not all(math.isfinite(number) for number in numbers):
        raise _fault(name, judgement, "needs finite numbers")
    low, high = _bounds(name, judgement)
    with np.errstate(all="ignore"):  # what cannot be represented is refused below, by name
        if judgement.shape in ("fixed", "choice"):
            values = _discrete(name, judgement, p, low, high)
        else:
            values = _continuous(name, judgement, p, q, low, high)
    if not np.isfinite(values).all():
        raise _fault(name, judgement, "gives values too large, or too odd, for a floating-point number")
    return values


def _fault(name: str, judgement: Judgement, what: str) -> DrawsError:
    numbers = ", ".join(f"{number:.6g}" for number in judgement.numbers)
    return DrawsError(f"parameter '{name}': {judgement.shape} ({numbers}) {what}")


def _bounds(name: str, judgement: Judgement) -> tuple[float, float]:
    """Return truncation as two numbers, infinite where a side is open."""
    if judgement.truncate is None:
        return -math.inf, math.inf
    low = -math.inf if judgement.truncate[0] is None else float(judgement.truncate[0])
    high = math.inf if judgement.truncate[1] is None else float(judgement.truncate[1])
    if not low <= high:
        raise _fault(name, judgement, f"cannot be truncated to [{low:g}, {high:g}]: low exceeds high")
    return low, high


def _discrete(name: str, judgement: Judgement, p: Array, low: float, high: float) -> Array:
    """Take a certain value, or one of several with weights, in the order of the values."""
    if judgement.shape == "fixed":
        values, weights = np.array(judgement.numbers[:1]), np.ones(1)
    else:
        half = len(judgement.numbers) // 2
        if len(judgement.numbers) != 2 * half:
            raise _fault(name, judgement, "needs one weight per value")
        values, weights = np.array(judgement.numbers[:half]), np.array(judgement.numbers[half:])
        if (weights < 0).any() or abs(math.fsum(weights) - 1) > _ROUNDING:
            raise _fault(name, judgement, "needs weights of at least 0 that sum to 1")
    left = (values >= low) & (values <= high) & (weights > 0)
    if not left.any():
        raise _fault(name, judgement, f"has nothing left between {low:g} and {high:g}")
    order = np.argsort(values[left], kind="stable")
    values, reached = values[left][order], np.cumsum(weights[left][order])
    reached /= reached[-1]
    return np.asarray(values[np.searchsorted(reached, p)], dtype=np.float64)


def _continuous(name: str, judgement: Judgement, p: Array, q: Array, low: float, high: float) -> Array:
    family = _family(name, judgement)
    low, high = max(low, family.low), min(high, family.high)
    if low > family.low or high < family.high:
        if not low < high:
            raise _fault(name, judgement, f"has nothing left between {low:g} and {high:g}")
        p, q = _conditional(name, judgement, family, p, q, low, high)
    near = p <= q
    values = np.empty_like(p)
    values[near], values[~near] = family.below(p[near]), family.above(q[~near])
    # Inverting F at F(low) may miss low by the last digit: the support itself is exact.
    return np.clip(values, low, high)


def _conditional(
    name: str, judgement: Judgement, family: _Family, p: Array, q: Array, low: float, high: float
) -> tuple[Array, Array]:
    """Map both tails into what truncation leaves of them."""
    ends = np.array([low, high])
    under, over = family.cdf(ends), family.sf(ends)
    # Subtract in the tail where the numbers are small: the other one has lost its digits.
    mass = float(over[0] - over[1] if under[0] > over[0] else under[1] - under[0])
    if not mass > _FEWEST:
        raise _fault(name, judgement, f"has nothing left between {low:g} and {high:g}")
    return under[0] + p * mass, over[1] + q * mass


def _family(name: str, judgement: Judgement) -> _Family:
    shape, numbers = judgement.shape, judgement.numbers
    if shape not in _SHAPES:
        raise DrawsError(f"parameter '{name}': unknown shape '{shape}'")
    count, build, rule, needs = _SHAPES[shape]
    if len(numbers) != count:
        raise _fault(name, judgement, f"needs {count} numbers")
    if not rule(*numbers):
        raise _fault(name, judgement, f"needs {needs}")
    return build(*numbers)


def _ordered(low: float, high: float) -> bool:
    return low < high and math.isfinite(high - low)


def _three(low: float, best: float, high: float) -> bool:
    return _ordered(low, high) and low <= best <= high


def _uniform(low: float, high: float) -> _Family:
    width = high - low
    return _Family(
        below=lambda p: low + p * width,
        above=lambda q: high - q * width,
        cdf=lambda x: (x - low) / width,
        sf=lambda x: (high - x) / width,
        low=low,
        high=high,
    )


def _triangular(low: float, best: float, high: float) -> _Family:
    width, left, right = high - low, best - low, high - best

    def tail(x: Array, near: bool) -> Array:
        """Probability beyond x on the side of `low` (near) or of `high`."""
        under, over = x - low, high - x
        if near:
            return np.where(x < best, under * under / (width * left), 1 - over * over / (width * right))
        return np.where(x < best, 1 - under * under / (width * left), over * over / (width * right))

    def below(p: Array) -> Array:
        return np.where(
            p * width < left, low + np.sqrt(p * width * left), high - np.sqrt((1 - p) * width * right)
        )

    def above(q: Array) -> Array:
        return np.where(
            q * width < right, high - np.sqrt(q * width * right), low + np.sqrt((1 - q) * width * left)
        )

    def cdf(x: Array) -> Array:
        return np.where(x >= high, 1.0, np.where(x <= low, 0.0, tail(x, True)))

    def sf(x: Array) -> Array:
        return np.where(x >= high, 0.0, np.where(x <= low, 1.0, tail(x, False)))

    return _Family(below, above, cdf, sf, low, high)


def _logarithmic(inner: _Family, low: float = 0.0, high: float = math.inf) -> _Family:
    """Build the distribution whose logarithm is `inner`, on [low, high]."""
    return _Family(
        below=lambda p: np.exp(inner.below(p)),
        above=lambda q: np.exp(inner.above(q)),
        cdf=lambda x: inner.cdf(np.log(x)),
        sf=lambda x: inner.sf(np.log(x)),
        low=low,
        high=high,
    )


def _beta(a: float, b: float) -> _Family:
    return _Family(
        below=lambda p: np.asarray(special.betaincinv(a, b, p)),
        above=lambda q: np.asarray(special.betainccinv(a, b, q)),
        cdf=lambda x: np.asarray(special.betainc(a, b, x)),
        sf=lambda x: np.asarray(special.betaincc(a, b, x)),
        low=0.0,
        high=1.0,
    )


def _scaled(inner: _Family, origin: float, width: float) -> _Family:
    """Build the distribution of ``origin + width * X``, X of `inner`."""
    return _Family(
        below=lambda p: origin + width * inner.below(p),
        above=lambda q: origin + width * inner.above(q),
        cdf=lambda x: inner.cdf((x - origin) / width),
        sf=lambda x: inner.sf((x - origin) / width),
        low=origin + width * inner.low,
        high=origin + width * inner.high,
    )


def _pert(low: float, best: float, high: float) -> _Family:
    width = high - low
    return _scaled(_beta(1 + 4 * (best - low) / width, 1 + 4 * (high - best) / width), low, width)


def _standard_normal() -> _Family:
    return _Family(
        below=lambda p: np.asarray(special.ndtri(p)),
        above=lambda q: -np.asarray(special.ndtri(q)),
        cdf=lambda x: np.asarray(special.ndtr(x)),
        sf=lambda x: np.asarray(special.ndtr(-x)),
    )


def _gamma(shape: float, scale: float) -> _Family:
    standard = _Family(
        below=lambda p: np.asarray(special.gammaincinv(shape, p)),
        above=lambda q: np.asarray(special.gammainccinv(shape, q)),
        cdf=lambda x: np.asarray(special.gammainc(shape, x)),
        sf=lambda x: np.asarray(special.gammaincc(shape, x)),
        low=0.0,
    )
    return _scaled(standard, 0.0, scale)


def _exponential(mean: float) -> _Family:
    return _Family(
        below=lambda p: -mean * np.log1p(-p),
        above=lambda q: -mean * np.log(q),
        cdf=lambda x: -np.expm1(-x / mean),
        sf=lambda x: np.exp(-x / mean),
        low=0.0,
    )


def _logs(build: Callable[..., _Family]) -> Callable[..., _Family]:
    """Build a family in the logarithm of its numbers; its ends are the author's own, to the last digit."""
    return lambda *numbers: _logarithmic(build(*map(math.log, numbers)), numbers[0], numbers[-1])


_POSITIVE = "two positive numbers"
_ASCENDING = "low below high"
_BETWEEN = "low below high, and best between them"

# Shape: how many numbers, how it is built, what must hold of the numbers, the same in words.
_SHAPES: dict[str, tuple[int, Callable[..., _Family], Callable[..., bool], str]] = {
    "uniform": (2, _uniform, _ordered, _ASCENDING),
    "likelihood": (2, _uniform, lambda low, high: 0 <= low < high <= 1, "probabilities, low below high"),
    "loguniform": (2, _logs(_uniform), lambda low, high: 0 < low < high, "positive numbers, low below high"),
    "triangular": (3, _triangular, _three, _BETWEEN),
    "logtriangular": (
        3,
        _logs(_triangular),
        lambda low, best, high: low > 0 and _three(low, best, high),
        f"positive numbers, {_BETWEEN}",
    ),
    "pert": (3, _pert, _three, _BETWEEN),
    "normal": (
        2,
        lambda mean, sd: _scaled(_standard_normal(), mean, sd),
        lambda mean, sd: sd > 0,
        "a standard deviation above 0",
    ),
    "lognormal": (
        2,
        lambda median, sigma: _logarithmic(_scaled(_standard_normal(), math.log(median), sigma)),
        lambda median, sigma: median > 0 and sigma > 0,
        f"{_POSITIVE}, median and sigma",
    ),
    "beta": (2, _beta, lambda a, b: a > 0 and b > 0, _POSITIVE),
    "gamma": (2, _gamma, lambda shape, scale: shape > 0 and scale > 0, f"{_POSITIVE}, shape and scale"),
    "exponential": (1, _exponential, lambda mean: mean > 0, "a mean above 0"),
}
