"""Conditional expectations by projection, with what other replicates say: no reading helps to predict itself.

What lives here: orthonormal functions of one input (or of several that belong together), and the least
squares fit of a difference of policies to them. What may not: policies, values of information, words.

The method is regression-based estimation of partial information (Strong, Oakley & Brennan 2014, *Medical
Decision Making* 34, 311-326) with three turns for a replicated design. (1) A number enters by its rank
among the readings, as Legendre polynomials: these are orthonormal whatever its distribution, so that least
squares is a mean of products and no equations are solved. (2) Cross-fitting: what is expected in a reading
of one replicate is learned from the others alone. (3) A function enters only where the replicates agree on
its coefficient (a t statistic above :data:`ENTER`): an input that has nothing to do with the difference is
left out, and then nothing is expected from it but the mean. What polynomials blur (a jump within the range)
is added by parts of the range, under the same condition.

All sums run in a fixed order, and nothing is handed to a linear algebra library: the bits depend neither on
its version nor on its threads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.findings.statistics import STUDENT

__all__ = [
    "CELLS",
    "ENTER",
    "FEW",
    "READINGS_PER_DEGREE",
    "STAY",
    "Fit",
    "cells",
    "degrees",
    "fit",
    "group_basis",
    "joint_basis",
    "rank_basis",
]

Values = NDArray[np.float64]

HIGHEST = 8  # degree of the polynomials for one number
READINGS_PER_DEGREE = 128
JOINT_HIGHEST = 3  # degree for each of several numbers that belong together
FEW = 12  # a number with no more values than this is a choice between them
ENTER = 4.5  # an input enters when the t statistic of one of its functions is above this
STAY = 2.0  # then those of its functions are kept whose t statistic is above this
CELLS = 128  # equally filled parts of an input's range, for what polynomials blur
READINGS_PER_CELL = 64
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
    options = np.arange(int(code.max(initial=0)))
    return _orthonormal((code != options[:, np.newaxis]).astype(np.float64))


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
    return np.array(kept).reshape(len(kept), functions.shape[-1])


def cells(values: Values) -> NDArray[np.int64] | None:
    """Return in which of some equally filled cells of its range each value lies, ``[draw]``.

    None for a number with at most :data:`FEW` values, or when there are too few readings to fill two cells.

    >>> import numpy as np
    >>> [int(count) for count in np.bincount(cells(np.arange(256.0)))]
    [64, 64, 64, 64]
    """
    count = min(CELLS, values.size // READINGS_PER_CELL)
    if count < 2 or np.unique(values).size <= FEW:
        return None
    ordered = np.sort(values)
    edges = ordered[(np.arange(1, count) * values.size) // count]
    return np.searchsorted(edges, values, side="right")


def fit(
    basis: Values, differences: Values, replicate: NDArray[np.int64], cell: NDArray[np.int64] | None = None
) -> Fit:
    """Expect differences from the functions of one input.

    Parameters
    ----------
    basis
        ``[function, draw]`` orthonormal.
    differences
        ``[difference, draw]`` with mean 0.
    replicate
        ``[draw]`` in ascending order; readings of one replicate are predicted from all others.
    cell
        ``[draw]`` of :func:`cells`: what the functions miss is added cell by cell, where the replicates agree
        on it.

    Returns
    -------
    Fit
        Nothing enters when there are fewer than four replicates or no functions.
    """
    count, draws = differences.shape
    expected, width = np.zeros((2, count, draws))
    entered, noise = np.zeros(count, dtype=np.bool_), np.zeros(count)
    present, first, size = np.unique(replicate, return_index=True, return_counts=True)
    if len(present) < 4 or not len(basis):
        return Fit(expected, width, entered, noise)
    row = np.repeat(np.arange(len(present)), size)
    for number, difference in enumerate(differences):
        total = np.add.reduceat(basis * difference, first, axis=1)  # [function, replicate]
        others = (total.sum(axis=1, keepdims=True) - total) / (draws - size)
        error, pooled = _errors(total / size)
        level = np.abs(others) / np.maximum(error, np.finfo(np.float64).tiny)
        kept = (level > STAY) & (level.max(axis=0) > ENTER)
        noise[number] = pooled
        entered[number] = kept.any()
        if not entered[number]:
            continue
        use = kept.any(axis=1)
        coefficient = np.where(kept, others, 0.0)[use]
        expected[number] = (coefficient[:, row] * basis[use]).sum(axis=0)
        width[number] = STUDENT[len(present) - 2] * pooled * np.sqrt((basis * basis).sum(axis=0))
        if cell is not None:
            missed = _missed(basis[use], difference, coefficient, row, cell)
            expected[number] += missed[cell, row]
    return Fit(expected, width, entered, noise)


def _missed(
    basis: Values, difference: Values, coefficient: Values, row: NDArray[np.int64], cell: NDArray[np.int64]
) -> Values:
    """Return ``[cell, replicate]`` what the functions, fitted without a replicate, miss in the others' cells.

    0 where the others do not agree on it: their t statistic is below :data:`ENTER`.
    """
    replicates, count = coefficient.shape[1], int(cell.max()) + 1
    place = cell * replicates + row

    def summed(values: Values | None) -> Values:
        found: Values = np.bincount(place, weights=values, minlength=count * replicates).astype(np.float64)
        return found.reshape(count, replicates)

    size = summed(None)
    told = summed(difference)
    fitted = np.stack([summed(function) for function in basis])  # [function, cell, replicate]
    missed = np.zeros((count, replicates))
    for left in range(replicates):
        others = np.arange(replicates) != left
        predicted = (coefficient[:, left, np.newaxis, np.newaxis] * fitted[:, :, others]).sum(axis=0)
        rest = told[:, others] - predicted  # sums, [cell, replicate]
        mean = rest.sum(axis=1) / np.maximum(size[:, others].sum(axis=1), 1.0)
        # The linearised ratio estimator: cells hold unequal numbers of each replicate's readings.
        deviation = rest - mean[:, np.newaxis] * size[:, others]
        share = replicates - 1
        variance = (deviation * deviation).sum(axis=1) * share / (share - 1)
        variance /= np.maximum(size[:, others].sum(axis=1), 1.0) ** 2
        error = np.sqrt(0.5 * (variance + variance.mean()))
        missed[:, left] = np.where(np.abs(mean) > ENTER * error, mean, 0.0)
    return missed


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
