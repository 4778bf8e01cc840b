"""One-way thresholds: pushing each number alone through each reading, and finding where the answer changes.

What lives here: the scan of every axis and the values at which the margin changes sign, reading by reading.
What may not: curves over readings, records.

Every axis is pushed to the points of its grid in every reading; where the margin has opposite signs at
neighbours (the reading's own value is one of them), the value between is found by :mod:`.roots`. A tie has
no sign: it is passed over, and where one lies between opposite signs the tie's edge is found. What changes
sign twice between two neighbours of the grid is not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.findings.flips.asking import Questions
from parley.findings.flips.axes import COARSE, FINE, Grid, grid
from parley.findings.flips.roots import roots

__all__ = ["Changes", "Scan", "changes", "nearest", "scan"]

Values = NDArray[np.float64]
Numbers = NDArray[np.int64]

REFINED = 12  # axes that move the answer most get the fine grid too
MOVING = 0.02  # ... those that change it in at least this share of the readings


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """An axis pushed to its grid: ``margins`` are ``[criterion, point, reading]``."""

    axis: int
    grid: Grid
    margins: Values


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Where the sign changes along one axis by one criterion, in all readings.

    ``reading``, ``value``, ``upward`` are ``[change]``, ascending by reading, then by value: which reading,
    where, and whether the recommendation is better above. ``first`` is the sign below all changes, by
    reading (0 where it never has one); ``gap`` marks readings with an undefined margin between defined ones
    or at a change.
    """

    reading: Numbers
    value: Values
    upward: NDArray[np.bool_]
    first: Values  # [reading]
    gap: NDArray[np.bool_]  # [reading]


def scan(questions: Questions) -> list[Scan]:
    """Push every axis to its grid, and those that matter most to a finer one."""
    coarse = _scan(questions, list(range(len(questions.axes))), COARSE)
    moved = [(_movement(each), each.axis) for each in coarse]
    most = sorted(moved, key=lambda each: (-each[0], each[1]))[:REFINED]
    again = sorted(axis for movement, axis in most if movement >= MOVING)
    fine = {each.axis: each for each in _scan(questions, again, FINE)}
    return [_merged(each, fine.get(each.axis)) for each in coarse]


def _scan(questions: Questions, numbers: Sequence[int], shares: tuple[float, ...]) -> list[Scan]:
    scenario, probe, count = questions.scenario, questions.probe, questions.readings
    grids = [grid(scenario, questions.axes[number], probe, shares) for number in numbers]
    if shares is FINE:
        grids = [_without_ends(each, shares) for each in grids]
    if not grids:
        return []
    points = [each.value.size for each in grids]
    axis = np.repeat(np.array(numbers, dtype=np.int64), [size * count for size in points])
    reading = np.tile(np.arange(count), sum(points))
    value = np.repeat(np.concatenate([each.value for each in grids]), count)
    found = questions.pushed(axis, reading, value).reshape(len(questions.criteria), sum(points), count)
    parts = np.split(found, np.cumsum(points)[:-1], axis=1)
    return [Scan(*each) for each in zip(numbers, grids, parts, strict=True)]


def _without_ends(found: Grid, shares: tuple[float, ...]) -> Grid:
    """Keep what lies between the ends: those are on the coarse grid already."""
    keep = (found.share >= min(shares)) & (found.share <= max(shares)) & ~found.outside
    return Grid(found.value[keep], found.share[keep], found.outside[keep])


def _movement(found: Scan) -> float:
    """In what share of the readings the sign differs between points, by the criterion with the most."""
    signs = np.sign(found.margins)
    with np.errstate(all="ignore"):
        differs = np.fmin.reduce(signs, axis=1) * np.fmax.reduce(signs, axis=1) < 0
    return float(differs.mean(axis=1).max())


def _merged(one: Scan, other: Scan | None) -> Scan:
    if other is None:
        return one
    value = np.concatenate([one.grid.value, other.grid.value])
    value, order = np.unique(value, return_index=True)  # choices are on both
    share, outside = (
        np.concatenate([first, second])[order]
        for first, second in ((one.grid.share, other.grid.share), (one.grid.outside, other.grid.outside))
    )
    margins = np.concatenate([one.margins, other.margins], axis=1)[:, order]
    return Scan(one.axis, Grid(value, share, outside), margins)


@dataclass(frozen=True, slots=True, eq=False)
class _Brackets:
    """Neighbours between which the sign changes along one axis, ``[bracket]``."""

    criterion: Numbers
    reading: Numbers
    low: Values
    high: Values
    at_low: Values
    at_high: Values


def changes(questions: Questions, scans: Sequence[Scan], base: Values) -> list[list[Changes]]:
    """Find every change of sign.

    Parameters
    ----------
    questions, scans
        What was pushed.
    base
        ``[criterion, reading]`` margins at the readings' own values.

    Returns
    -------
    ``[axis][criterion]``
    """
    tables = [_brackets(each, base, questions.own[each.axis]) for each in scans]
    found = [each for each, _, _ in tables]
    sizes = [each.low.size for each in found]
    if not found:
        return []
    axis = np.repeat(np.array([each.axis for each in scans]), sizes)
    # Near zero a value's own size says nothing: a thousandth of the range does.
    spans = [each.grid.stated[1] - each.grid.stated[0] for each in scans]
    floor = np.repeat(np.array(spans), sizes) * 1e-3
    criterion, reading = (
        np.concatenate([getattr(each, name) for each in found]) for name in ("criterion", "reading")
    )
    low, high, at_low, at_high = (
        np.concatenate([getattr(each, name) for each in found])
        for name in ("low", "high", "at_low", "at_high")
    )

    def margin(which: Numbers, value: Values) -> Values:
        answer = questions.pushed(axis[which], reading[which], value)
        return np.asarray(answer[criterion[which], np.arange(which.size)])

    solved = roots(margin, low, high, at_low, at_high, floor=floor)
    offsets = np.cumsum([0, *sizes])
    return [
        [
            _changes(table, place, solved.value[offsets[i] : offsets[i + 1]], first[place], gap[place])
            for place in range(len(questions.criteria))
        ]
        for i, (table, first, gap) in enumerate(tables)
    ]


def _brackets(
    found: Scan, base: Values, own: Values
) -> tuple[_Brackets, NDArray[np.float64], NDArray[np.bool_]]:
    """Return the brackets along an axis, the sign below them all and whether there is a gap, by reading."""
    count = own.size
    value = np.concatenate([np.repeat(found.grid.value[:, np.newaxis], count, axis=1), own[np.newaxis]])
    margins = np.concatenate([found.margins, base[:, np.newaxis]], axis=1)
    order = np.argsort(value, axis=0, kind="stable")
    value = np.take_along_axis(value, order, axis=0)
    margins = np.take_along_axis(margins, order[np.newaxis], axis=1)
    criteria, points, _ = margins.shape
    last = np.full((criteria, count), -1)  # the last point with a sign, since the last undefined one
    first = np.zeros((criteria, count))
    gap, holed = np.zeros((criteria, count), dtype=bool), np.zeros((criteria, count), dtype=bool)
    rows: list[tuple[NDArray[np.int64], ...]] = []
    for point in range(points):
        sign = np.sign(margins[:, point])
        undefined, signed = np.isnan(sign), np.nan_to_num(sign) != 0
        before = np.take_along_axis(margins, np.maximum(last, 0)[:, np.newaxis], axis=1)[:, 0]
        change = signed & (last >= 0) & (np.sign(before) != sign)
        where = np.nonzero(change)
        rows.append((*where, last[where], np.full(where[0].size, point)))
        # A hole counts once something defined comes behind it.
        holed |= undefined & (first != 0)
        gap |= holed & signed
        first = np.where((first == 0) & signed, sign, first)
        last = np.where(undefined, -1, np.where(signed, point, last))
    criterion, reading, lower, upper = (np.concatenate(each) for each in zip(*rows, strict=True))
    by = np.lexsort((lower, reading, criterion))
    criterion, reading, lower, upper = criterion[by], reading[by], lower[by], upper[by]
    brackets = _Brackets(
        criterion,
        reading,
        value[lower, reading],
        value[upper, reading],
        margins[criterion, lower, reading],
        margins[criterion, upper, reading],
    )
    return brackets, first, gap


def _changes(table: _Brackets, place: int, value: Values, first: Values, gap: NDArray[np.bool_]) -> Changes:
    mine = table.criterion == place
    known = np.isfinite(value[mine])
    reading = table.reading[mine]
    broken = gap.copy()
    broken[reading[~known]] = True
    return Changes(reading[known], value[mine][known], table.at_high[mine][known] > 0, first, broken)


def nearest(found: Changes, among: Grid, own: Values) -> tuple[Values, NDArray[np.bool_], Numbers, Values]:
    """Return for each reading the change nearest to its own value.

    Parameters
    ----------
    found
        Changes of one axis and criterion.
    among
        The axis's grid.
    own
        ``[reading]`` own values.

    Returns
    -------
    tuple
        ``[reading]`` value within the judgement (NaN where none), whether the recommendation is better
        above it, number of changes within, and value of the nearest change outside (NaN where none).
    """
    low, high = among.stated
    inside = (found.value >= low) & (found.value <= high)
    apart = np.abs(among.rank(found.value) - among.rank(own[found.reading]))
    beside = np.abs(found.value - own[found.reading])
    value, upward = np.full(own.size, np.nan), np.zeros(own.size, dtype=bool)
    outside = np.full(own.size, np.nan)
    # The last one written is the nearest.
    for change in np.lexsort((-beside, -apart)):
        if inside[change]:
            value[found.reading[change]] = found.value[change]
            upward[found.reading[change]] = found.upward[change]
        else:
            outside[found.reading[change]] = found.value[change]
    many = np.bincount(found.reading[inside], minlength=own.size)
    return value, upward, many, outside
