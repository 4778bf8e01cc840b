"""All that would reverse the conclusion, put together.

What lives here: :func:`flips` and the records that it makes. What may not: how thresholds, curves, joint
flips and pushes are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from parley.findings.comparison import label
from parley.findings.flip_model import CriterionFlips, Crossing, Flip, Flips
from parley.findings.flips.asking import Questions, questions
from parley.findings.flips.axes import COARSE
from parley.findings.flips.curves import break_evens, curve, threshold
from parley.findings.flips.joint import joint
from parley.findings.flips.pushes import claims_pushed, options, supported
from parley.findings.flips.thresholds import Changes, Scan, changes, nearest, scan
from parley.findings.model import ClaimFinding
from parley.findings.statistics import REPLICATES, sampling_error, spread
from parley.study.evaluator import Evaluator
from parley.study.results import Results

__all__ = ["FEWEST", "LARGEST", "MOST", "flips", "size"]

Values = NDArray[np.float64]

MOST = 72_000  # readings solved for the coarse grids, about
FEWEST, LARGEST = 128, 2048  # readings that are pushed
ONE_SIDED = 0.9  # of the thresholds lie on one side: then that side is named


def size(axes: int, draws: int) -> int:
    """Return how many of the run's readings are pushed: a multiple of 64 where the run has that many.

    >>> size(39, 4096), size(10, 4096), size(10, 100)
    (192, 768, 96)
    """
    points = max(1, axes) * (len(COARSE) + 2)
    most = min(LARGEST, max(FEWEST, MOST // points // 64 * 64))
    return most if draws >= most else max(REPLICATES, draws // REPLICATES * REPLICATES)


def flips(
    results: Results, probe: Evaluator, claims: Sequence[ClaimFinding] = (), *, readings: int | None = None
) -> Flips | None:
    """Say what would reverse the recommendation.

    Some of the run's readings are pushed, one assumption at a time and claim by claim, and solved again; the
    smallest move of several assumptions at once that changes the answer is looked for from the central
    reading.

    Parameters
    ----------
    results
        A run's tables.
    probe
        Solves the same scenario, same seed, with the compared policies and those that a criterion names.
    claims
        The claims of the same run: the assumed ones are pushed and dropped.
    readings
        How many readings are pushed; default :func:`size`.

    Returns
    -------
    Flips or None
        None when nothing is compared, or the run left out what is needed.

    Raises
    ------
    FindingsError
        The probe does not solve a policy that is needed.
    StudyError
        When the probe was stopped.

    Examples
    --------
    >>> import parley
    >>> from parley.study.evaluator import Evaluator
    >>> scenario = parley.load("which-event-first")
    >>> results = parley.run(scenario, draws=64, seed=7)
    >>> found = flips(results, Evaluator(scenario, seed=7))
    >>> cost = next(flip for flip in found.criteria[0].flips if flip.name == "B")
    >>> cost.share, cost.fails, 12 < cost.threshold.value < 15
    (1.0, 'below', True)
    """
    count = readings or size(len(probe.inputs), int(results.draw.size))
    asked = questions(results, probe, count)
    if asked is None:
        return None
    base = asked.margins(asked.ranks)
    scans = scan(asked)
    changed = changes(asked, scans, base)
    evens = break_evens(asked, scans)
    turned = options(asked, base)
    labels = [
        label(results.scenario, each.expression, each.text)
        for each in (asked.criterion(place) for place in range(len(asked.criteria)))
    ]
    pushed = claims_pushed(asked, claims, scans, base, turned, labels)
    criteria = tuple(
        CriterionFlips(
            criterion=labels[place],
            expression=asked.criterion(place).expression.source,
            against=asked.against,
            stated=supported(base[place]),
            flips=_ranked(
                [
                    _flip(asked, each, place, base[place], changed[number][place], evens.get((number, place)))
                    for number, each in enumerate(scans)
                ]
            ),
            options=turned[place],
            joint=joint(asked, place, base[place]),
        )
        for place in range(len(asked.criteria))
    )
    assert results.scenario.comparison is not None
    return Flips(results.scenario.comparison.recommend, count, asked.solved, criteria, pushed)


def _flip(
    asked: Questions, found: Scan, place: int, base: Values, changed: Changes, even: Crossing | None
) -> Flip:
    axis, among, own = asked.axes[found.axis], found.grid, asked.own[found.axis]
    draw = np.arange(own.size)
    compared = np.isfinite(base) & (base != 0)
    value, upward, many, outside = nearest(changed, among, own)
    flipped = np.isfinite(value) & compared
    total = int(np.count_nonzero(compared))
    has = np.where(compared, flipped.astype(np.float64), np.nan)
    beyond = compared & ~flipped & np.isfinite(outside)
    low, high = among.stated
    return Flip(
        name=axis.name,
        kind=axis.kind,
        text=axis.text,
        unit=axis.unit,
        low=low,
        middle=float(axis.at(asked.probe, np.array([0.5]))[0]),
        high=high,
        outside=among.searched,
        compared=total,
        undefined=own.size - total,
        broken=int(np.count_nonzero(changed.gap & compared & ~flipped)),
        share=float(flipped.sum() / total) if total else None,
        share_error=sampling_error(has, draw),
        beyond=float(beyond.sum() / total) if total else None,
        several=float((many[compared] > 1).sum() / total) if total else None,
        fails=_side(upward[flipped]),
        values=spread(np.where(flipped, value, np.nan)[flipped], draw[flipped]) if flipped.any() else None,
        threshold=_exactly(asked, found.axis, threshold(changed, among)),
        break_even=_exactly(asked, found.axis, even),
        curve=curve(found, place),
    )


def _exactly(asked: Questions, axis: int, crossing: Crossing | None) -> Crossing | None:
    """Return a crossing with its rank computed rather than read off the grid."""
    if crossing is None:
        return None
    return replace(crossing, rank=asked.axes[axis].rank(asked.probe, crossing.value))


def _side(upward: NDArray[np.bool_]) -> str | None:
    """Say on which side of its thresholds the recommendation is worse."""
    if not upward.size:
        return None
    above = float(upward.mean())  # better above is worse below
    return "below" if above >= ONE_SIDED else "above" if above <= 1 - ONE_SIDED else "either"


def _ranked(found: list[Flip]) -> tuple[Flip, ...]:
    """Order flips by how near they are to the middle of the judgement."""
    return tuple(sorted(found, key=_nearness))


def _nearness(flip: Flip) -> tuple[int, float, float]:
    share = -(flip.share or 0.0)
    for order, crossing in enumerate((flip.threshold, flip.break_even)):
        if crossing is not None and not crossing.outside:
            return order, abs(crossing.rank - 0.5), share
    return 2, share, -(flip.beyond or 0.0)
