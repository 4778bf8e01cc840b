"""Accounts that are to be deleted, and what is forgotten of the others.

What lives here: when it is done. What may not: what is done (``accounts.housekeeping``).
"""

from __future__ import annotations

from parley.site.web.accounts.housekeeping import housekeep
from parley.site.web.jobs.registry import Work, Write, every

__all__ = ["accounts"]


@every("accounts", hours=0.25)
def accounts(work: Work) -> Write | None:
    """Delete and forget what is due; each deletion is a transaction of its own."""
    housekeep()
    return None
