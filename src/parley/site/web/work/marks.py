"""Marks of young accounts come to count.

What lives here: the work that comes back. What may not: the rule (``parley.site.web.marks``).
"""

from __future__ import annotations

from parley.site.web.jobs.registry import Work, every
from parley.site.web.marks import count_grown

__all__ = ["marks"]


@every("marks", hours=0.25)
def marks(work: Work) -> None:
    """Count the marks whose accounts are a day old by now; each is one transaction of its own."""
    count_grown()
