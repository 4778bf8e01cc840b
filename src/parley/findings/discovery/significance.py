"""Whether a restriction could be chance.

What lives here: quasi-p-values. What may not: what is made of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parley.findings.discovery.box import Box, Inputs, Side

__all__ = ["quasi_p_values"]


def quasi_p_values(inputs: Inputs, failed: NDArray[np.bool_], box: Box) -> dict[Side, float]:
    """How likely as many failures in a box would be if a restriction made no difference.

    Without the restriction a share q of the box's readings are failures. If the restriction chose
    ``count`` of them blindly, the failures among those would be binomial; the quasi-p-value is the chance of
    at least as many as there are (Bryant & Lempert, "Thinking inside the box", *Technological Forecasting and
    Social Change* 77, 2010, 34-49, section 2.3). *Quasi*, because the box was looked for in the same
    readings: it tells restrictions apart, and proves nothing.

    Parameters
    ----------
    inputs
        The readings.
    failed
        ``[draw]`` whether a reading is a failure.
    box
        The box; each of its sides is tried.

    Returns
    -------
    dict
        By side, a number from 0 to 1; 1 where the box without the restriction is empty.

    Examples
    --------
    >>> values = np.arange(20.0)[np.newaxis]
    >>> quasi_p_values(Inputs(values, (None,)), values[0] >= 10, Box(low={0: 10.0}))
    {(0, 0): 0.0009765625}
    """
    from scipy.special import bdtrc

    met = {side: box.meets(inputs, side) for side in box.sides()}
    inside = box.inside(inputs)
    count, bad = int(np.count_nonzero(inside)), int(np.count_nonzero(inside & failed))
    found: dict[Side, float] = {}
    for side in met:
        wider = np.logical_and.reduce(
            [np.ones(inputs.draws, dtype=np.bool_), *(mask for other, mask in met.items() if other != side)]
        )
        total = int(np.count_nonzero(wider))
        q = np.count_nonzero(wider & failed) / max(1, total)
        found[side] = float(bdtrc(bad - 1, count, q)) if count and bad else 1.0
    return found
