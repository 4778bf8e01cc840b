"""Readers' HTML is made again after a change of the sanitiser.

What lives here: the work that comes back. What may not: how it is done (``parley.site.web.cleaning``).
"""

from __future__ import annotations

from parley.site.web.cleaning import clean_again
from parley.site.web.jobs.registry import Work, every

__all__ = ["clean"]


@every("clean", hours=6)
def clean(work: Work) -> None:
    """Make anew all that older rules passed, some hundreds at a time."""
    while clean_again():
        work.go_on()
