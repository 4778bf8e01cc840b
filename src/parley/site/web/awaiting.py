"""Waiting a moment for an answer, so that a page without scripts has it in it.

What lives here: the wait, and its bounds. What may not: asking (``answers``).

A thread that waits serves nobody else. So at most one thread of a process waits at a time, for a writer who
is signed in, while a worker lives that has little else to do; whoever comes meanwhile gets the page at once,
which says that the answer is not there yet.
"""

from __future__ import annotations

import threading
import time

from parley.site.model.setting import Setting
from parley.site.web.answers import Answer, answer_for, ask_again_after
from parley.site.web.jobs.presence import alive
from parley.site.web.models import Version

__all__ = ["LONGEST", "awaited"]

LONGEST = 3.0  # seconds
_BUSY = 200  # milliseconds of :func:`ask_again_after`: more questions than three wait
_FIRST, _MOST = 0.05, 0.25  # seconds between two looks
_SLOT = threading.BoundedSemaphore(1)


def awaited(
    version: Version,
    setting: Setting,
    longest: float = LONGEST,
) -> Answer:
    """Return what is known of a setting; where it is being solved, wait a moment for it.

    Parameters
    ----------
    version, setting
        What was asked (:func:`parley.site.web.answers.ask`).
    longest
        Seconds; then it is returned as it is.
    """
    found = answer_for(version, setting)
    if not found.waiting or ask_again_after() > _BUSY or not alive() or not _SLOT.acquire(blocking=False):
        return found
    try:
        end, pause = time.monotonic() + longest, _FIRST
        while found.waiting and (left := end - time.monotonic()) > 0:
            time.sleep(min(pause, left))
            pause = min(_MOST, pause * 1.3)
            found = answer_for(version, setting)
        return found
    finally:
        _SLOT.release()
