"""One attempt at one job: run it, write its result, or say why not.

What lives here: what becomes of an attempt. What may not: choosing jobs (``queue``), threads (``worker``).
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone

from parley.errors import ParleyError, ScenarioError
from parley.site.model.errors import (
    CancelledError,
    ChildError,
    EditionError,
    LimitError,
    SettingError,
    SolverError,
)
from parley.site.web.jobs import queue
from parley.site.web.jobs.registry import Final, Registered, Stopped, Work, kinds, periods
from parley.site.web.models import Job

__all__ = ["attempt", "enter_periods", "given_up"]

LOG = logging.getLogger("parley.worker")
# Errors that say something of the question, not of the day: another attempt would end likewise. But the
# process that computes may have been killed for somebody else's want of memory: that is tried again.
_FINAL = (Final, ScenarioError, SettingError, EditionError, LimitError)


def attempt(work: Work, kind: Registered, *, ending: bool = False) -> str:
    """Do a job that was leased; returns what became of it, for the journal of the worker.

    Parameters
    ----------
    work
        The attempt; its ``stop`` may be set from another thread.
    kind
        What to call.
    ending
        Whether ``stop`` means that the worker ends: then the job is given back.
    """
    job = work.job
    try:
        write = kind.run(work)
        if kind.name in periods():
            queue.end(job, lambda: _again(job, write))
        else:
            queue.end(job, write)
    except queue.LeaseLost:
        return "lost"
    except (Stopped, CancelledError):
        queue.give_back(job)  # does nothing when the job was taken back
        return "given back"
    except DatabaseError as fault:
        return _failed(job, kind, f"the database: {type(fault).__name__}", final=False)
    except _FINAL as fault:
        return _failed(job, kind, str(fault), final=True)
    except (ChildError, SolverError) as fault:
        return _failed(job, kind, str(fault), final=type(fault) is SolverError)
    except (ParleyError, OSError) as fault:
        return _failed(job, kind, str(fault), final=False)
    except Exception as fault:
        LOG.exception("job %d, %s: a fault in the work", job.pk, job.kind)
        return _failed(job, kind, f"{type(fault).__name__}: {fault}", final=False)
    return "done"


def given_up(job: Job, error: str) -> None:
    """Do what a kind of work does when it is given up."""
    kind = kinds().get(job.kind)
    if kind is not None and kind.give_up is not None:
        kind.give_up(job, error)


def enter_periods() -> None:
    """See that all work that comes back waits for its time, whatever happened to it."""
    for period in periods().values():
        key = f"every:{period.name}"
        if not Job.objects.filter(key=key, status__in=(Job.Status.QUEUED, Job.Status.RUNNING)).exists():
            known = Job.objects.filter(key=key).exists()  # it was given up: after a pause
            queue.enqueue(period.name, key=key, again=True, after=period.pause if known else None)


def _again(job: Job, write: object) -> None:
    """Write what came of work that comes back, and let it wait for its next time."""
    if callable(write):
        write()
    now = timezone.now()
    pause: timedelta = periods()[job.kind].pause
    Job.objects.filter(pk=job.pk).update(
        status=Job.Status.QUEUED, run_after=now + pause, attempts=0, touched=now, finished=None, leased_by=""
    )


def _failed(job: Job, kind: Registered, error: str, *, final: bool) -> str:
    hook = kind.give_up
    try:
        with transaction.atomic():
            over = queue.fail(
                job, error, final=final, give_up=(lambda text: hook(job, text)) if hook else None
            )
    except DatabaseError as fault:  # a full disk, a lock: the lease runs out and the job is tried again
        LOG.error("job %d, %s: %s, so its failure was not written", job.pk, job.kind, type(fault).__name__)
        return "not written"
    return "given up" if over else "to be tried again"
