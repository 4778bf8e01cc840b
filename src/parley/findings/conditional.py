"""Conditional expectations by projection, with what other replicates say: no reading helps to predict itself.

What lives here: orthonormal functions of one input (or of several that belong together), and the least
squares fit of a difference of policies to them. What may not: policies, values of information, words.

The method is regression-based estimation of partial information (Strong, Oakley & Brennan 2014, *Medical
Decision Making* 34, 311-326) with three turns for a replicated design. (1) A number enters by its rank
among the readings, as Legendre polynomials: these are orthonormal whatever its distribution, so that least
squares is a mean of products and no equations are solved. (2) Cross-fitting: what is expected in a reading
of one replicate is learned from the others alone. (3) A function enters only where the replicates agree on
its coefficient (a t statistic above :data:`ENTER`): an input that has nothing to do with the difference is
left out, and then nothing is expected from it but the mean.

All sums run in a fixed order, and nothing is handed to a linear algebra library: the bits depend neither on
its version nor on its threads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.findings.statistics import REPLICATES, STUDENT

__all__ = ["ENTER", "FEW", "STAY", "Fit", "degrees", "fit", "group_basis", "joint_basis", "rank_basis"]

Values = NDArray[np.float64]

HIGHEST = 8  # degree of the polynomials for one number
READINGS_PER_DEGREE = 128
JOINT_HIGHEST = 3  # degree for each of several numbers that belong together
FEW = 12  # a number with no more values than this is a choice between them
ENTER = 4.5  # an input enters when the t statistic of one of its functions is above this
STAY = 2.0  # then those of its functions are kept whose t statistic is above this
DEPENDENT = 1e-6  # a function with less than this left beside the others adds nothing


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What one input tells about differences of policies."""

    expected: Values  # [difference, draw] departure from the mean that is expected, given the input
    width: Values  # [difference, draw] half-width of a 95 % interval for it; 0 where the input does not enter
    entered: NDArray[np.bool_]  # [difference] whether the input enters in any replicate
    noise: Values  # [difference] standard error of one coefficient


def degrees(count: int) -> int:
    """How many polynomials so many readings can carry.

    >>> degrees(100), degrees(512), degrees(16384)
    (0, 4, 8)
    """
    return min(HIGHEST, count // READINGS_PER_DEGREE)


def rank_basis(values: Values, degree: int) -> Values:
    """Return orthonormal functions of a number.

    Parameters
    ----------
    values
        ``[draw]`` finite.
    degree
        How many.

    Returns
    -------
    NDArray
        ``[function, draw]`` Legendre polynomials of the rank, of degree 1, 2, ...; with mean 0 and mean
        square 1 over the readings and mean products 0, up to terms in 1 / readings squared. A number with
        at most :data:`FEW` values is treated as a choice (:func:`group_basis`); one that does not vary has
        no functions.

    Examples
    --------
    >>> import numpy as np
    >>> basis = rank_basis(np.exp(np.arange(1000.0) / 100), 2)
    >>> basis.shape, bool(abs((basis[0] * basis[1]).mean()) < 1e-9), round(float((basis[0] ** 2).mean()), 5)
    ((2, 1000), True, 1.0)
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    fresh = ordered[1:] != ordered[:-1]
    distinct = 1 + int(np.count_nonzero(fresh)) if values.size else 0
    if distinct <= FEW:
        return group_basis(values)
    place = np.arange(values.size, dtype=np.float64)
    if distinct < values.size:  # equals share the mean of their places
        first = np.concatenate([[0], np.flatnonzero(fresh) + 1])
        size = np.diff(np.append(first, values.size))
        place = np.repeat(first + 0.5 * (size - 1), size)
    rank = np.empty(values.size)
    rank[order] = (2.0 * place + 1.0) / values.size - 1.0  # in (-1, 1)
    basis = _legendre(rank, degree)
    return basis if distinct == values.size else _orthonormal(basis)


def _legendre(x: Values, degree: int) -> Values:
    """Return ``[function, draw]`` Legendre polynomials with mean square 1 on (-1, 1)."""
    basis = np.empty((degree, x.size))
    before, now = np.ones(x.size), x
    for n in range(1, degree + 1):
        basis[n - 1] = now * np.sqrt(2.0 * n + 1.0)
        before, now = now, ((2 * n + 1) * x * now - n * before) / (n + 1)
    return basis


def group_basis(labels: NDArray[np.float64] | NDArray[np.str_]) -> Values:
    """Return orthonormal functions of a choice: ``[function, draw]``, one fewer than it has options.

    >>> import numpy as np
    >>> group_basis(np.array(["on", "off", "on", "off"])).tolist()
    [[1.0, -1.0, 1.0, -1.0]]
    """
    _, code = np.unique(labels, return_inverse=True)
    options = int(code.max(initial=0))
    return _orthonormal(np.array([code != option for option in range(options)], dtype=np.float64))


def joint_basis(values: Values, degree: int) -> Values:
    """Return orthonormal functions of numbers that belong together: a sum of functions of each.

    Parameters
    ----------
    values
        ``[number, draw]``
    degree
        How many functions of one number alone the readings can carry; of each number in the sum there are
        at most three, so that there are not many more in all.
    """
    share = min(JOINT_HIGHEST, max(1, 3 * degree // max(1, 2 * len(values)))) if degree else 0
    none = np.empty((0, values.shape[1]))
    return _orthonormal(np.concatenate([none, *(rank_basis(number, share) for number in values)]))


def _orthonormal(functions: Values) -> Values:
    """Return functions of mean 0, mean square 1 and mean products 0, of the same span (Gram and Schmidt)."""
    kept: list[Values] = []
    for function in functions:
        size = np.sqrt(np.mean(function * function))
        rest = function - np.mean(function)
        for _ in range(2):  # twice: what rounding left of the others the first time
            for other in kept:
                rest = rest - np.mean(rest * other) * other
        left = np.sqrt(np.mean(rest * rest))
        if left > DEPENDENT * size:
            kept.append(rest / left)
    return np.array(kept).reshape(len(kept), functions.shape[1] if functions.ndim == 2 else 0)


def fit(basis: Values, differences: Values, replicate: NDArray[np.int64]) -> Fit:
    """Expect differences from the functions of one input.

    Parameters
    ----------
    basis
        ``[function, draw]`` orthonormal.
    differences
        ``[difference, draw]`` with mean 0.
    replicate
        ``[draw]`` in ascending order; readings of one replicate are predicted from all others.

    Returns
    -------
    Fit
        Nothing enters when there are fewer than three replicates or no functions.
    """
    count, draws = differences.shape
    expected, width = np.zeros((2, count, draws))
    entered, noise = np.zeros(count, dtype=np.bool_), np.zeros(count)
    present, first, size = np.unique(replicate, return_index=True, return_counts=True)
    if len(present) < 3 or not len(basis):
        return Fit(expected, width, entered, noise)
    assert len(present) <= REPLICATES
    row = np.repeat(np.arange(len(present)), size)
    for number, difference in enumerate(differences):
        total = np.add.reduceat(basis * difference, first, axis=1)  # [function, replicate]
        others = (total.sum(axis=1, keepdims=True) - total) / (draws - size)
        error, pooled = _errors(total / size)
        level = np.abs(others) / np.maximum(error, np.finfo(np.float64).tiny)
        kept = (level > STAY) & (level.max(axis=0) > ENTER)
        noise[number] = pooled
        entered[number] = kept.any()
        if entered[number]:
            use = kept.any(axis=1)
            coefficient = np.where(kept, others, 0.0)[use]
            expected[number] = (coefficient[:, row] * basis[use]).sum(axis=0)
            width[number] = STUDENT[len(present) - 2] * pooled * np.sqrt((basis * basis).sum(axis=0))
    return Fit(expected, width, entered, noise)


def _errors(mean: Values) -> tuple[Values, float]:
    """Return the standard errors ``[function, replicate]`` of means without a replicate, and a typical one.

    Each is moderated: half its own variance, half the average over the functions of the input (as Smyth
    2004 does for many small samples), so that few replicates seldom agree by accident.
    """
    others = mean.shape[1] - 1
    centre = mean.mean(axis=1, keepdims=True)
    rest = mean - centre
    # The sum of squares without one of them, about their own mean.
    squares = (rest * rest).sum(axis=1, keepdims=True) - rest * rest * (others + 1) / others
    variance = np.maximum(squares, 0.0) / (others - 1)
    moderated = 0.5 * (variance + variance.mean(axis=0))
    typical = float(np.sqrt(variance.mean() / (others + 1)))
    return np.sqrt(moderated / others), typical
