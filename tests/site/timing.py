"""Whether two acts take the same processor time: asked until it can be told from the noise of the machine."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median

__all__ = ["ratio_of_times"]


def ratio_of_times(
    first: Callable[[], Callable[[], object]],
    second: Callable[[], Callable[[], object]],
    *,
    same: float,
    trials: int = 8,
    most: int = 256,
) -> float:
    """Return the ratio of the medians of processor time.

    Each argument makes ready and returns the act to be timed; the two alternate. Trials are doubled until the
    ratio lies within 1 ± ``same`` or there were ``most``: a difference that is there stays, noise does not.
    """
    times: tuple[list[float], list[float]] = ([], [])
    ratio, wanted = 0.0, trials
    for which in (0, 1, 1, 0):  # fill caches
        (first, second)[which]()()
    while True:
        while len(times[0]) < wanted:
            for which in (0, 1) if len(times[0]) % 2 else (1, 0):
                act = (first, second)[which]()
                gc.collect(0)
                began = time.process_time()
                act()
                times[which].append(time.process_time() - began)
        ratio = median(times[0]) / median(times[1])
        if abs(ratio - 1) < same or wanted >= most:
            return ratio
        wanted *= 2
