"""Editors are told of comments that wait for too long.

What lives here: the work that comes back. What may not: the rule (``moderation.alarm``).
"""

from __future__ import annotations

from parley.site.web.jobs.registry import Work, every
from parley.site.web.moderation.alarm import raise_alarm

__all__ = ["alarm"]


@every("alarm", hours=0.5)
def alarm(work: Work) -> None:
    """Look whether the oldest waits for too long; each editor gets one mail a day."""
    raise_alarm()
