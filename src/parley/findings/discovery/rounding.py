"""Bounds that can be said: with as few digits as the region can bear.

What lives here: rounding. What may not: how a region is found or measured.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from parley.findings.discovery.box import LOW, OPTIONS, Box, Inputs, youden

__all__ = ["COST", "rounded"]

COST = 0.005  # by how much rounding one bound may lower Youden's index
DIGITS = 6


def rounded(inputs: Inputs, failed: NDArray[np.bool_], box: Box) -> Box:
    """Round each bound of a box to as few digits as leave it as good as it is.

    A bound is put at the nearest number below or above with 1, 2, ... significant digits, the first that
    costs no more than :data:`COST` of Youden's index. What is said and what is measured is the same box then.

    Parameters
    ----------
    inputs, failed
        The readings that the box was found in.
    box
        The box.

    Returns
    -------
    Box
        With the same restrictions; a bound for which six digits are too few stays as it is.

    Examples
    --------
    >>> values = np.linspace(0.0, 1.0, 2001)[np.newaxis]
    >>> rounded(Inputs(values, (None,)), values[0] > 0.6, Box(low={0: 0.60249})).low
    {0: 0.6}
    """
    for side in list(box.sides()):
        row, kind = side
        if kind == OPTIONS:
            continue
        bound = (box.low if kind == LOW else box.high)[row]
        needed = youden(box.inside(inputs), failed) - COST
        for candidate in _shorter(bound):
            shorter = box.bounded(side, candidate)
            if youden(shorter.inside(inputs), failed) >= needed:
                box = shorter
                break
    return box


def _shorter(bound: float) -> Iterator[float]:
    """Yield numbers with few digits near a number, fewest first, of two the nearer first."""
    if bound == 0.0 or not math.isfinite(bound):
        return
    size = math.floor(math.log10(abs(bound)))
    for digits in range(1, DIGITS + 1):
        # Written out and read back, so that the number is the one that will be printed.
        below, above = (
            float(f"{edge(bound / 10.0 ** (size - digits + 1))}e{size - digits + 1}")
            for edge in (math.floor, math.ceil)
        )
        yield from sorted({below, above}, key=lambda value: (abs(value - bound), value))
