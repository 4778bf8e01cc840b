"""Sensitivity indices from the values at the points of a design, with 95 % intervals.

What lives here: pure functions of arrays. What may not: scenarios, solvers, what the values mean.

**Indices.** For an outcome Y of inputs X: first-order S = Var E[Y | X_i] / Var Y, total
T = E Var[Y | X_-i] / Var Y (Sobol' 1993; Homma & Saltelli 1996). The same two ratios are defined for
dependent inputs (Kucherenko, Tarantola & Annoni 2012, *Computer Physics Communications* 183:937-946), where
they no longer bound each other; then X_i, or all but X_i, is drawn from its *conditional* distribution. The
Shapley effect shares Var Y out over inputs, dependent or not, and adds up to 1 (Owen 2014, *SIAM/ASA J. UQ*
2:245-251; Song, Nelson & Staum 2016, same journal 4:1060-1083).

**Intervals.** Point n of the design belongs to replicate n % 16. Every index is a ratio of two means; its
error is the spread between replicates of the linearised ratio, times Student's t (as in
:mod:`parley.findings.statistics`). The error of the denominator and its correlation with the numerator are
in it. The intervals are held to their 95 % on functions with known indices in the tests.

**Undefined values.** NaN values are left out term by term: a term counts where all values in it are defined.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.errors import FindingsError
from parley.findings.statistics import REPLICATES, STUDENT, TIE

__all__ = ["Estimate", "changed", "first_and_total", "shapley", "variance"]

Values = NDArray[np.float64]
UNSEEN = 3.0  # what n draws never showed may still happen in a share of 3 / n: the rule of three


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Estimates with 95 % intervals, one of each per input; NaN where there is none."""

    value: Values  # [input]
    low: Values  # [input]
    high: Values  # [input]


@dataclass(frozen=True, slots=True, eq=False)
class _Mean:
    """Means, and what each replicate adds to their error."""

    value: Values  # [..]
    shift: Values  # [.., replicate] deviations: their squares' sum over R (R - 1) is the mean's variance
    present: NDArray[np.int64]  # [..] replicates with a defined term


def _mean(terms: Values) -> _Mean:
    """Average terms ``[.., draw]`` over the defined draws."""
    if terms.shape[-1] % REPLICATES or not terms.size:
        raise FindingsError(f"{terms.shape[-1]} readings are not a multiple of {REPLICATES}")
    parted = terms.reshape(*terms.shape[:-1], -1, REPLICATES)
    known = np.isfinite(parted)
    size = known.sum(axis=-2)
    total = np.where(known, parted, 0.0).sum(axis=-2)
    count, present = size.sum(axis=-1), np.count_nonzero(size, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = total.sum(axis=-1) / count
        shift = (total - value[..., None] * size) * (present / count)[..., None]
    return _Mean(value, shift, np.asarray(present))


def _interval(mean: _Mean, least: float | Values = 0.0) -> Estimate:
    """Return the t interval of means, to each side at least so wide."""
    student = np.array([math.nan, math.nan, *STUDENT])[mean.present]
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = (mean.shift**2).sum(axis=-1) / (mean.present * (mean.present - 1))
    half = np.maximum(student * np.sqrt(variance), least)  # NaN stays NaN
    return Estimate(mean.value, mean.value - half, mean.value + half)


def _ratio(above: _Mean, below: _Mean, least: float | Values = 0.0) -> Estimate:
    """Return ratios of means with the interval of their linearisation."""
    with np.errstate(invalid="ignore", divide="ignore"):
        value = above.value / below.value
        shift = (above.shift - value[..., None] * below.shift) / below.value[..., None]
    return _interval(_Mean(value, shift, np.minimum(above.present, below.present)), least)


def _centre(same: Values) -> float:
    known = same[np.isfinite(same)]
    return float(known.mean()) if known.size else math.nan


def variance(same: Values) -> float:
    """Variance of values that all follow one law; 0 where they differ by no more than rounding.

    Parameters
    ----------
    same
        ``[.., draw]``, NaN undefined.

    Returns
    -------
    float
        NaN when no value is defined.

    Examples
    --------
    >>> variance(np.array([1.0, 3.0, np.nan])), variance(np.array([2.0, 2.0 + 1e-12]))
    (1.0, 0.0)
    """
    known = same[np.isfinite(same)]
    if not known.size:
        return math.nan
    found = float(np.mean((known - known.mean()) ** 2))
    return found if found > (TIE * float(np.abs(known).max())) ** 2 else 0.0


def changed(base: Values, redrawn: Values) -> Estimate:
    """In what share of the readings an outcome changes, where outcomes are 0 or 1 (1/2: a tie).

    Parameters
    ----------
    base
        ``[draw]``
    redrawn
        ``[input, draw]`` the same readings with one input drawn anew, given all others.

    Returns
    -------
    Estimate
        A change from or to a tie counts as half a change. No interval is narrower than 3 / n.

    Examples
    --------
    >>> base, redrawn = np.repeat([0.0, 1.0], 16), np.ones((1, 32))
    >>> changed(base, redrawn).value.tolist()
    [0.5]
    """
    return _interval(_mean(np.abs(base - redrawn)), UNSEEN / base.size)


def first_and_total(
    base: Values, fresh: Values, redrawn: Values, held: Values, *, discrete: bool = False
) -> tuple[Estimate, Estimate]:
    """Estimate first-order and total indices by pick and freeze.

    Parameters
    ----------
    base, fresh
        ``[draw]`` values at two independent samples.
    redrawn
        ``[input, draw]`` values at ``base`` with one input drawn anew, given all others.
    held
        ``[input, draw]`` values at ``fresh`` with one input kept and all others drawn anew given it, by the
        randomness of ``base``. For independent inputs these are the points of ``redrawn``.
    discrete
        Whether the values are 0, 1/2 and 1: then a change that was never seen may still be there, and no
        interval of a total index is narrower than a share of 3 / n would make it.

    Returns
    -------
    tuple of Estimate
        First-order indices: mean of (f(B) - mu) (f(held) - f(A)) (Saltelli et al. 2010, *Computer Physics
        Communications* 181:259-270, table 2b), small where the index is small; total indices: half the mean
        of (f(A) - f(redrawn))^2 (Jansen 1999, same journal 117:35-43); both over the variance of all values.

    Examples
    --------
    >>> rng = np.random.default_rng(7)
    >>> a, b = rng.normal(size=(2, 2, 4096))
    >>> swapped = np.stack([b[0] + 2 * a[1], a[0] + 2 * b[1]])
    >>> first, total = first_and_total(a[0] + 2 * a[1], b[0] + 2 * b[1], swapped, swapped)
    >>> bool((first.low < [0.2, 0.8]).all() and (first.high > [0.2, 0.8]).all())
    True
    >>> bool((total.low < [0.2, 0.8]).all() and (total.high > [0.2, 0.8]).all())
    True
    """
    same = np.concatenate([base[None], fresh[None], redrawn])
    centre = _centre(same)
    below = _mean(((same - centre) ** 2).reshape(-1))  # a row is a multiple of 16: replicates stay in step
    least = UNSEEN / (2 * base.size * float(below.value)) if discrete and below.value > 0 else 0.0
    first = _ratio(_mean((fresh - centre) * (held - base)), below)
    total = _ratio(_mean((base - redrawn) ** 2 / 2), below, least)
    return first, total


def shapley(chain: Values, order: NDArray[np.int64], *, dependent: bool, discrete: bool = False) -> Estimate:
    """Estimate Shapley effects from chains that exchange one input after the other.

    Parameters
    ----------
    chain
        ``[step, draw]`` values: of a sample, then with one input after the other drawn anew given those not
        yet drawn anew, to the last, where all are.
    order
        ``[step - 1, draw]`` the input that is drawn anew with each step: a random order for each draw.
    dependent
        Whether any input depends on another.
    discrete
        See :func:`first_and_total`.

    Returns
    -------
    Estimate
        They add up to 1.

    Notes
    -----
    With x the start of a chain and z_U its point where the inputs U are drawn anew, half the mean of
    (f(x) - f(z_U))^2 is E Var[Y | X_-U]; its growth with each further input, averaged over orders, is the
    Shapley effect times Var Y (Song, Nelson & Staum 2016, theorem 1). With a and b before and after a step,
    that growth is the mean of (f(x) - (f(a) + f(b)) / 2) (f(a) - f(b)) (Goda 2021, *Reliability Engineering
    & System Safety* 213:107702). Since f(a) and f(b) have the same law, so has
    (f(x) - m - k ((f(a) + f(b)) / 2 - m)) (f(a) - f(b)) for all numbers k and m: the mean value for m, and
    k = 1/2, make intervals about four fifths as wide as Goda's k = 1. For independent inputs the chain may
    also be read from its other end y; the average of both readings is (f(x) - f(y)) (f(a) - f(b)) / 2, with
    intervals about half as wide.

    Examples
    --------
    >>> rng = np.random.default_rng(7)
    >>> a, b = rng.normal(size=(2, 2, 4096))
    >>> order = rng.permuted(np.tile([[0], [1]], 4096), axis=0)
    >>> between = np.where(order[0] == 0, b[0] + 2 * a[1], a[0] + 2 * b[1])
    >>> found = shapley(
    ...     np.stack([a[0] + 2 * a[1], between, b[0] + 2 * b[1]]), order, dependent=False
    ... )
    >>> bool(found.low[0] < 0.2 < found.high[0]), round(float(found.value.sum()), 9)
    (True, 1.0)
    """
    before, after = chain[:-1], chain[1:]
    if dependent:
        centre = _centre(chain)
        apart = chain[0] - centre - ((before + after) / 2 - centre) / 2
    else:
        apart = (chain[0] - chain[-1]) / 2
    growth = np.empty_like(before)
    np.put_along_axis(growth, order, apart * (before - after), axis=0)
    parts = _mean(growth)
    below = _Mean(parts.value.sum(axis=0), parts.shift.sum(axis=0), parts.present.min(axis=0))
    least = UNSEEN / (2 * chain.shape[1] * float(below.value)) if discrete and below.value > 0 else 0.0
    return _ratio(parts, below, least)
