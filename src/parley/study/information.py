"""Standard errors from the observed information.

What lives here: second derivatives at a maximum, checked for their step; what they say of each estimate. What
may not: the search for the maximum, games.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.study.climb import Box, Objective, differences
from parley.study.coordinates import Coordinate

__all__ = ["Information", "information"]

Values = NDArray[np.float64]

STEP = 0.1  # of the wider differences, in standard errors; the narrower are half as wide
WIDE_LOG = (
    20.0  # a standard error of a logarithm (or the like) beyond which the data do not pin a parameter down
)
WIDE = 1000.0  # the same of any other, in spreads or in its own size
INVOLVED = 0.1  # of a direction in which the likelihood is flat: a smaller part does not count
AT_BOUND = 1e-6  # of a spread


@dataclass(frozen=True, slots=True, eq=False)
class Information:
    """What the curvature of a log-likelihood at its maximum says.

    ``covariance [coordinate, coordinate]`` of the coordinates, NaN where there is none: at a bound and where
    the likelihood is flat. ``bound [coordinate]`` is -1 at the low, 1 at the high end, 0 between; ``flat``
    whether the likelihood does not pin a coordinate down. ``rough`` is the largest difference between
    second derivatives by two steps, relative to the curvature. ``shift [coordinate]`` is the small step
    that is left to the maximum, by slopes more exact than those of the search.
    """

    covariance: Values
    bound: NDArray[np.int8]
    flat: NDArray[np.bool_]
    rough: float
    shift: Values


def information(
    objective: Objective, coordinates: Sequence[Coordinate], box: Box, best: Values
) -> Information:
    """Take the observed information at a maximum.

    Second derivatives are taken with steps of a tenth and of a twentieth of a standard error and
    extrapolated (Richardson).

    Examples
    --------
    >>> from parley.study.coordinates import box_of
    >>> one = Coordinate("mean", "linear", -9.0, 9.0, 0.0, 1.0, (True, True))
    >>> found = information(lambda search, x: -50 * x[0] ** 2, [one], box_of([one]), np.zeros(1))
    >>> round(float(found.covariance[0, 0]), 9), bool(found.flat[0])
    (0.01, False)
    """
    size = len(best)
    bound = np.zeros(size, dtype=np.int8)
    bound[best <= box.low + AT_BOUND * box.spread] = -1
    bound[best >= box.high - AT_BOUND * box.spread] = 1
    covariance = np.full((size, size), np.nan)
    flat = np.zeros(size, dtype=np.bool_)
    free = np.flatnonzero(bound == 0)
    if not free.size:
        return Information(covariance, bound, flat, 0.0, np.zeros(size))
    size_of = [max(each.spread, abs(float(best[row]))) for row, each in enumerate(coordinates)]
    wide = np.array(
        [WIDE * size_of[row] if each.linear else WIDE_LOG for row, each in enumerate(coordinates)]
    )[free]
    slope, curvature, rough = _extrapolated(objective, box, best, free)
    weight, axes = np.linalg.eigh(-curvature * np.outer(wide, wide))
    loose = weight < 1.0
    flat[free] = np.any(np.abs(axes[:, loose]) > INVOLVED, axis=1)
    kept = axes[:, ~loose] * wide[:, None]
    inverse = (kept / weight[~loose]) @ kept.T
    shift = np.zeros(size)
    shift[free] = inverse @ slope
    inverse[flat[free]], inverse[:, flat[free]] = np.nan, np.nan
    covariance[np.ix_(free, free)] = inverse
    return Information(covariance, bound, flat, rough, shift)


def _extrapolated(
    objective: Objective, box: Box, best: Values, free: NDArray[np.int64]
) -> tuple[Values, Values, float]:
    """Return slope ``[free]``, curvature ``[free, free]``, and how far curvatures by two steps differ."""
    may = np.zeros((len(best), 1), dtype=np.bool_)
    may[free] = True
    room = np.where(may[:, 0], np.minimum(best - box.low, box.high - best) / 2, 1.0)
    step = np.minimum(1e-3 * box.spread, room)
    # The first two rounds only find the standard errors that the steps are measured by.
    for _ in range(2):
        local = differences(objective, best[:, None], step[:, None], may, box)[0]
        bend = np.maximum(np.abs(np.diag(local.curvature)), 1e-6 / box.spread[free] ** 2)
        step[free] = np.minimum(np.minimum(STEP / np.sqrt(bend), box.spread[free]), room[free])
    both = np.repeat(best[:, None], 2, axis=1)
    wide, narrow = differences(objective, both, step[:, None] * [1.0, 0.5], np.repeat(may, 2, axis=1), box)
    size = np.sqrt(np.abs(np.outer(np.diag(wide.curvature), np.diag(wide.curvature))))
    apart = np.abs(wide.curvature - narrow.curvature) / np.where(size > 0, size, 1.0)
    slope, curvature = (4 * narrow.slope - wide.slope) / 3, (4 * narrow.curvature - wide.curvature) / 3
    sound = wide.sound and narrow.sound
    return slope, curvature, float(np.max(apart)) if sound else 1.0
