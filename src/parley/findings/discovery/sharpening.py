"""Bounds where they tell most: peeling and pasting move in steps, the last bit is found exactly.

What lives here: the best bound of one side, the others as they are. What may not: which sides there are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parley.findings.discovery.box import LOW, OPTIONS, Box, Inputs, Side, between

__all__ = ["sharpened"]

ROUNDS = 20  # they rarely need more than three
GAIN = 1e-9  # of Youden's index: less is rounding


def sharpened(inputs: Inputs, failed: NDArray[np.bool_], box: Box) -> Box:
    """Move the bounds of a box, one at a time, to where it tells failures from successes best.

    Of all the bounds that a side can have, with the others as they are, the one with the largest Youden
    index is taken, until none can be bettered. Switches stay as they are.

    Parameters
    ----------
    inputs
        The readings that the box was found in.
    failed
        ``[draw]`` whether a reading is a failure; there must be both.
    box
        The box.

    Returns
    -------
    Box
        With the same restrictions. A bound lies midway between the last reading that it keeps and the
        first that it does not.

    Examples
    --------
    >>> values = np.arange(100.0)[np.newaxis] / 100
    >>> sharpened(Inputs(values, (None,)), values[0] >= 0.6, Box(low={0: 0.4})).low
    {0: 0.595}
    """
    failures = int(np.count_nonzero(failed))
    if not 0 < failures < failed.size:
        return box
    weight = np.where(failed, 1.0 / failures, -1.0 / (failed.size - failures))
    for _ in range(ROUNDS):
        moved = False
        for side in list(box.sides()):
            bound = None if side[1] == OPTIONS else _best(inputs, weight, box, side)
            if bound is not None:
                box, moved = box.bounded(side, bound), True
        if not moved:
            break
    return box


def _best(inputs: Inputs, weight: NDArray[np.float64], box: Box, side: Side) -> float | None:
    """Return the best bound of a side, None where the one it has is as good."""
    row, kind = side
    meant = np.flatnonzero(box.without(side).inside(inputs))
    values = inputs.values[row][meant]
    # From the open end of the side inwards: whoever comes first stays in longest.
    order = np.argsort(-values if kind == LOW else values, kind="stable")
    values = values[order]
    index = np.cumsum(weight[meant][order])
    ends = np.flatnonzero(np.append(values[1:] != values[:-1], False))
    if not ends.size:
        return None
    best = int(ends[np.argmax(index[ends])])
    inside = values >= box.low[row] if kind == LOW else values <= box.high[row]
    kept = int(np.count_nonzero(inside))
    if index[best] <= (index[kept - 1] if kept else 0.0) + GAIN:
        return None
    return between(values[best + 1], values[best])
