"""A hundred readings out of all: what every policy brings in the same one.

What lives here: the choice of readings, and their values as they are kept. What may not: solving, sentences.

Outcomes that are shown one after the other are compared more accurately than intervals when there are two
quantities or more, provided that they are drawn together (Hullman, Resnick and Adar, *Hypothetical outcome
plots outperform error bars and violin plots*, PLOS ONE 10(11), 2015). So the values of a run belong to one
reading, and a reading in which some policy has no answer is none of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parley.findings.statistics import TIE, scale, wins
from parley.site.model.effect import RUNS

__all__ = ["aligned", "chosen"]

Values = NDArray[np.float64]

_DIGITS = 4  # significant ones of a value, where that tells greater from less
_ALL_DIGITS = 17


def chosen(ours: Values, theirs: Values, whole: NDArray[np.bool_], count: int = RUNS) -> NDArray[np.int64]:
    """Choose readings so that each stands for as many as any other.

    All are ordered by how far the one policy does better than the other; of every hundredth part the middle
    one is taken. The hundred are split as all are: where 63 of 100 readings end better, so do 63 of them.

    Parameters
    ----------
    ours, theirs
        ``[reading]`` what the two policies bring, larger is better.
    whole
        ``[reading]`` whether every policy has an answer there: no other reading is chosen.
    count
        How many; all there are where there are fewer.

    Returns
    -------
    NDArray
        Their places, ascending: readings come in the order of the design, not in that of their values.

    Examples
    --------
    >>> ours, theirs = np.arange(8.0), np.full(8, 5.0)
    >>> chosen(ours, theirs, np.ones(8, bool), 4).tolist()
    [1, 3, 5, 7]
    >>> chosen(ours, theirs, ours > 2, 10).tolist()
    [3, 4, 5, 6, 7]
    """
    places = np.flatnonzero(whole)
    if places.size <= count:
        return places
    pair = np.stack([ours[places], theirs[places]])
    won, _ = wins(pair)
    order = np.lexsort((pair[0] - pair[1], won[0]))  # equals between those that lose and those that win
    worse = int(np.count_nonzero(won[0] == 0.0))
    better = int(np.count_nonzero(won[0] == 1.0))
    bounds = (0, worse, places.size - better, places.size)
    quotas = _quotas(better, worse, places.size, count)
    taken = [
        order[start + ((np.arange(quota) + 0.5) / max(quota, 1) * (end - start)).astype(np.int64)]
        for start, end, quota in zip(bounds[:-1], bounds[1:], quotas, strict=True)
    ]
    return np.sort(places[np.concatenate(taken)])


def _quotas(better: int, worse: int, whole: int, count: int) -> tuple[int, int, int]:
    """Return how many to take that do worse, the same, better: rounded as the sentence of the page is.

    >>> _quotas(3, 3, 8, 100), _quotas(1, 7, 8, 100), _quotas(1, 1, 800, 100)
    ((38, 24, 38), (88, 0, 12), (0, 100, 0))
    """
    up, down = round(count * (better / whole)), round(count * (worse / whole))
    if better + worse == whole:
        up = count - down
    same = count - up - down
    return (down, same, up) if same >= 0 else (down + same, 0, up)


def aligned(values: Values) -> tuple[tuple[float, ...], ...]:
    """Write down the values of runs, short, but so that greater stays greater and equal equal.

    Parameters
    ----------
    values
        ``[policy, run]``, all finite.

    Returns
    -------
    tuple of tuple of float
        By policy. Four significant digits, and more in a run where four would make equals of values that
        are not; those that differ by no more than rounding faults (:data:`~parley.findings.statistics.TIE`)
        are equal.

    Examples
    --------
    >>> aligned(np.array([[1.23456, 1000.01, 1.0], [2.0, 1000.02, 1.0 + 1e-12]]))
    ((1.235, 1000.01, 1.0), (2.0, 1000.02, 1.0))
    """
    if not values.size:
        return tuple(() for _ in values)
    limits = TIE * scale(values)
    runs = [_short(run, float(limit)) for run, limit in zip(values.T, limits, strict=True)]
    return tuple(tuple(column) for column in zip(*runs, strict=True))


def _short(run: Values, limit: float) -> list[float]:
    """Return the values of one run with as few digits as keep their order."""
    levels: list[float] = []
    for value in sorted(run.tolist(), reverse=True):
        if not levels or levels[-1] - value > limit:
            levels.append(value)
    exact = [next(level for level in levels if level - value <= limit) for value in run.tolist()]
    for digits in range(_DIGITS, _ALL_DIGITS):
        short = [float(f"{value:.{digits}g}") for value in exact]
        if len(set(short)) == len(levels):
            return short
    return exact
