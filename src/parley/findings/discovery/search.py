"""From readings to regions: which box of a peeling is named, and what in it matters.

What lives here: the choice among boxes and the thresholds behind it. What may not: how boxes are peeled,
sentences.

All of it looks at the readings that regions are found in, never at those held back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.findings.discovery.box import Box, Inputs, Side, measured, youden
from parley.findings.discovery.peeling import Trajectory, paste, peel, sides
from parley.findings.discovery.rounding import rounded
from parley.findings.discovery.sharpening import sharpened
from parley.findings.discovery.significance import quasi_p_values

__all__ = ["CHANCE", "MOST", "SMALLEST", "WORTH", "Discovered", "chosen", "search", "support"]

CHANCE = 0.05  # quasi-p-values must be below this divided by the number of sides that might be restricted
WORTH = 0.02  # the least by which Youden's index must fall when a restriction is left out
FAINT = 0.1  # a box with a Youden index below this is not pursued: half of what a region needs to be named
MOST = 3  # restrictions that a reader can keep in mind
SMALLEST = 0.01  # the share of the readings that a box must hold, and
FEWEST = 20  # their number


@dataclass(frozen=True, slots=True, eq=False)
class Discovered:
    """A box, and by restriction its quasi-p-value and what it is worth."""

    box: Box
    chance: dict[Side, float]
    worth: dict[Side, float]


def support(readings: int) -> int:
    """Return the fewest readings that a box must hold, out of so many.

    >>> support(512), support(8192)
    (20, 82)
    """
    return max(FEWEST, int(np.ceil(SMALLEST * readings)))


def chosen(trajectory: Trajectory) -> Box:
    """Return the box of a trajectory that tells failures from successes best.

    That is the one with the largest Youden index: coverage minus the share of the successes in it. Of equals
    it is the first, which is the largest and has the fewest restrictions.

    Examples
    --------
    >>> values = np.arange(100.0)[np.newaxis] / 100
    >>> chosen(peel(Inputs(values, (None,)), values[0] >= 0.6)).low
    {0: 0.605}
    """
    share = trajectory.density[0]
    if not 0.0 < share < 1.0:
        return trajectory.boxes[0]
    # Coverage minus the share of successes inside, both from mass and coverage.
    success = (trajectory.mass - share * trajectory.coverage) / (1.0 - share)
    score = trajectory.coverage - success
    return trajectory.boxes[int(np.argmax(score >= score.max() - 1e-12))]


def search(
    inputs: Inputs, failed: NDArray[np.bool_], first: Trajectory | None = None, *, denser: float = 0.0
) -> Discovered | None:
    """Find the region in which failures are concentrated, with only the restrictions that matter.

    Peel, choose (:func:`chosen`), paste. A restriction that could be chance (its quasi-p-value is
    not below :data:`CHANCE` divided by the number of sides that might be restricted) or is worth less than
    :data:`WORTH` is given up, the least worthy first, then the least worthy of more than :data:`MOST`; after
    each the readings are peeled again on the sides that are left, so that the others find their best bounds.
    The search ends when what is left is :data:`FAINT` or not ``denser``.
    At last the bounds are sharpened and rounded.

    Parameters
    ----------
    inputs
        What may be restricted, in the readings that regions are found in.
    failed
        ``[draw]`` whether a reading is a failure.
    first
        The peeling of these readings on all sides, where it is already known.
    denser
        A share: a box in which failures are not more frequent is not pursued.

    Returns
    -------
    Discovered or None
        None when no restriction matters, or not enough.

    Raises
    ------
    FindingsError
        There are not as many ``failed`` as readings.

    Examples
    --------
    >>> cube = np.random.default_rng(7).random((5, 2000))
    >>> found = search(Inputs(cube, (None,) * 5), (cube[1] > 0.6) & (cube[3] < 0.5))
    >>> found.box.low, found.box.high
    ({1: 0.6}, {3: 0.5})
    """
    allowed = sides(inputs)
    limit = CHANCE / max(1, len(allowed))
    least = support(inputs.draws)
    trajectory = first
    while allowed:
        if trajectory is None:
            trajectory = peel(inputs, failed, allowed, support=least, to_choose=True)
        box = paste(inputs, failed, chosen(trajectory))
        inside = box.inside(inputs)
        if youden(inside, failed) < FAINT or measured(inside, failed)[2] <= denser:
            return None
        found = _judged(inputs, failed, box)
        if not _weak(found, limit):
            found = _judged(inputs, failed, sharpened(inputs, failed, box))
        weak = _weak(found, limit)
        if not weak and len(found.worth) <= MOST:
            return _judged(inputs, failed, rounded(inputs, failed, found.box)) if found.worth else None
        least_worthy = min(weak or found.worth, key=lambda side: (found.worth[side], side))
        allowed, trajectory = tuple(side for side in found.worth if side != least_worthy), None
    return None


def _weak(found: Discovered, limit: float) -> list[Side]:
    return [side for side in found.worth if found.chance[side] >= limit or found.worth[side] < WORTH]


def _judged(inputs: Inputs, failed: NDArray[np.bool_], box: Box) -> Discovered:
    whole = youden(box.inside(inputs), failed)
    worth = {side: whole - youden(box.without(side).inside(inputs), failed) for side in box.sides()}
    return Discovered(box, quasi_p_values(inputs, failed, box), worth)
