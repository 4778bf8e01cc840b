"""Flip curves: how often and by how much the recommendation is better, against one assumption's value.

What lives here: the points of a curve, where it crosses one half, break-even values. What may not: the
search in single readings (:mod:`.thresholds`).

The share is a staircase over the readings: it is known everywhere between the ends of the grid, since every
reading's changes are. Its interval holds the values at which one half lies within the sampling error of the
share (the test that they are the crossing is not rejected); likewise for the mean margin and 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from parley.findings.flip_model import Crossing, CurvePoint
from parley.findings.flips.asking import Questions
from parley.findings.flips.axes import Grid
from parley.findings.flips.roots import roots
from parley.findings.flips.thresholds import Changes, Scan
from parley.findings.statistics import number_or_none, sampling_error

__all__ = ["break_evens", "curve", "threshold"]

Values = NDArray[np.float64]

EXACT = 1e-3  # relative precision of a break-even
CANDIDATES = 64  # values at which the interval of a crossing is looked for first


def curve(found: Scan, place: int) -> tuple[CurvePoint, ...]:
    """Return one criterion's curve along an axis."""
    points = []
    draw = np.arange(found.margins.shape[2])
    for point, margin in enumerate(found.margins[place]):
        known = np.isfinite(margin)
        ahead = (np.sign(margin) + 1) / 2
        points.append(
            CurvePoint(
                value=float(found.grid.value[point]),
                rank=float(found.grid.share[point]),
                outside=bool(found.grid.outside[point]),
                share=float(ahead[known].mean()) if known.any() else None,
                share_error=sampling_error(ahead, draw),
                margin=float(margin[known].mean()) if known.any() else None,
                margin_error=sampling_error(margin, draw),
                undefined=int(np.count_nonzero(~known)),
            )
        )
    return tuple(points)


def threshold(found: Changes, among: Grid) -> Crossing | None:
    """Return where the share of the readings in which the recommendation is better crosses one half.

    Readings with a gap (see :class:`Changes`) take no part. Of several crossings the one nearest to the
    middle of the judgement is returned; where the share is exactly one half over a stretch, its middle.
    """
    part = ~found.gap
    kept = part[found.reading]
    if not kept.any():
        return None
    order = np.argsort(found.value[kept], kind="stable")
    value = found.value[kept][order]
    step = np.where(found.upward[kept][order], 1.0, -1.0) / part.sum()
    # At which side of one half the staircase is on each of its steps, from below all changes.
    start = float((found.first[part] + 1).mean() / 2)
    level = start + np.concatenate([[0.0], np.cumsum(step)]) - 0.5
    side = np.where(np.abs(level) < 1e-9, 0.0, np.sign(level))
    signed = np.flatnonzero(side)
    pairs = [(a, b) for a, b in pairwise(signed.tolist()) if side[a] != side[b]]
    if not pairs:
        return None
    # Between step a and step b lie the changes a to b - 1.
    middles = np.array([(value[a] + value[b - 1]) / 2 for a, b in pairs])
    best = int(np.argmin(np.abs(among.rank(middles) - 0.5)))
    at = float(middles[best])
    interval = _interval(found, part, value, at)
    return _crossed(among, at, interval, above=side[pairs[best][0]] > 0, several=len(pairs) > 1)


def _crossed(
    among: Grid, at: float, interval: tuple[float | None, float | None], *, above: bool, several: bool
) -> Crossing:
    """Put a crossing together; ``above``: the recommendation fails above it."""
    stated = among.stated
    return Crossing(
        value=at,
        low=interval[0],
        high=interval[1],
        rank=float(among.rank(at)),
        outside=not stated[0] <= at <= stated[1],
        fails="above" if above else "below",
        several=several,
    )


def _interval(
    found: Changes, part: NDArray[np.bool_], value: Values, at: float
) -> tuple[float | None, float | None]:
    """Return the nearest values on either side at which the share differs from one half beyond its error."""
    draw = np.arange(part.size)
    nothing = np.full(part.size, np.nan)

    def clear(candidate: float) -> bool:
        turned = np.zeros(part.size, dtype=np.int64)
        below = found.value < candidate
        np.add.at(turned, found.reading[below], 1)
        sign = np.where(turned % 2 == 1, -found.first, found.first)
        ahead = np.where(part, (sign + 1) / 2, nothing)
        error = sampling_error(ahead, draw)
        return error is not None and abs(float(ahead[part].mean()) - 0.5) > error

    every = np.unique(value)
    below, above = every[every < at][::-1], every[every > at]
    return _first(below, clear), _first(above, clear)


def _first(candidates: Values, clear: Callable[[float], bool]) -> float | None:
    """Return the first candidate that is clear: of :data:`CANDIDATES` of them, then of those before it."""
    places = np.unique(np.linspace(0, candidates.size - 1, min(CANDIDATES, candidates.size)).astype(int))
    before = -1
    for place in places.tolist():
        if clear(float(candidates[place])):
            within = candidates[before + 1 : place + 1]
            return next(float(each) for each in within if clear(float(each)))
        before = place
    return None


@dataclass(frozen=True, slots=True, eq=False)
class _Even:
    """A change of sign of the mean margin between two points of a grid."""

    scan: int
    place: int
    point: int  # the lower neighbour
    several: bool


def break_evens(questions: Questions, scans: Sequence[Scan]) -> dict[tuple[int, int], Crossing]:
    """Return where the mean margin crosses 0, by number of the scan and place of the criterion.

    Of several crossings the one nearest to the middle of the judgement.
    """
    with np.errstate(all="ignore"):
        means = [_mean(each.margins) for each in scans]
    found = [
        even
        for number, mean in enumerate(means)
        for place in range(len(questions.criteria))
        for even in _even(scans[number].grid, mean[place], number, place)
    ]
    if not found:
        return {}
    count = questions.readings
    low, high = (
        np.array([scans[each.scan].grid.value[each.point + side] for each in found]) for side in (0, 1)
    )
    at_low, at_high = (
        np.array([means[each.scan][each.place][each.point + side] for each in found]) for side in (0, 1)
    )
    axis = np.array([scans[each.scan].axis for each in found])
    place = np.array([each.place for each in found])

    def mean_margin(which: NDArray[np.int64], value: Values) -> Values:
        answer = questions.pushed(
            np.repeat(axis[which], count), np.tile(np.arange(count), which.size), np.repeat(value, count)
        ).reshape(-1, which.size, count)
        return _mean(answer[place[which], np.arange(which.size)])

    solved = roots(mean_margin, low, high, at_low, at_high, tolerance=EXACT)
    crossings = {}
    for each, value in zip(found, solved.value.tolist(), strict=True):
        if number_or_none(value) is not None:
            crossings[each.scan, each.place] = _crossing(scans[each.scan], each, means[each.scan], value)
    return crossings


def _mean(margins: Values) -> Values:
    """Mean over the defined readings (the last axis); NaN where there are none."""
    known = np.isfinite(margins)
    count = known.sum(axis=-1)
    total = np.where(known, margins, 0.0).sum(axis=-1)
    mean: Values = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean


def _even(among: Grid, mean: Values, number: int, place: int) -> list[_Even]:
    # As for `roots`, an exact zero belongs to what comes next: touching 0 is no change.
    side = np.sign(mean)
    for point in range(side.size - 2, -1, -1):
        if side[point] == 0:
            side[point] = side[point + 1]
    changes = np.flatnonzero(side[:-1] * side[1:] < 0)
    if not changes.size:
        return []
    middle = (among.share[changes] + among.share[changes + 1]) / 2
    # Outside the judgement every share is 0 or 1: what lies within comes first.
    away = np.abs(middle - 0.5) + (among.outside[changes] | among.outside[changes + 1])
    return [_Even(number, place, int(changes[np.argmin(away)]), changes.size > 1)]


def _crossing(found: Scan, even: _Even, means: Values, value: float) -> Crossing:
    among, mean = found.grid, means[even.place]
    draw = np.arange(found.margins.shape[2])
    error = np.array([sampling_error(each, draw) or np.nan for each in found.margins[even.place]])
    # From the crossing outwards, where the mean first differs from 0 by its error: between points in a line.
    excess = np.abs(mean) - error
    here = float(np.interp(value, among.value, -error))
    low = _clear(among.value[: even.point + 1][::-1], excess[: even.point + 1][::-1], value, here)
    high = _clear(among.value[even.point + 1 :], excess[even.point + 1 :], value, here)
    return _crossed(among, value, (low, high), above=mean[even.point] > 0, several=even.several)


def _clear(points: Values, excess: Values, start: float, here: float) -> float | None:
    """Return where a line from (start, here) through the points first rises to 0."""
    before, below = start, here
    for point, level in zip(points.tolist(), excess.tolist(), strict=True):
        if level >= 0:
            return float(before + (point - before) * (-below) / (level - below)) if level > below else point
        before, below = point, level
    return None
