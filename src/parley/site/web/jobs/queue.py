"""The queue: rows of the table of jobs, taken on lease.

What lives here: entering, leasing, renewing, ending and giving back. What may not: what a job does
(``registry``).

A job is taken by writing one's name and a time into its row. Who does not renew it in time, having been
killed, loses it to the next. Its result is written in the transaction that ends the job, and only while the
lease is one's own: work may be done twice, its result is written once.

Times of rows are compared with the clock of the machine. A clock that was set back shows as rows that were
written in the future; they are moved to the present with all their distances (:func:`mend_clock`), so
nothing waits for the old time to come again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone

from parley.errors import ParleyError
from parley.site.web.models import Account, Job

__all__ = [
    "CHANNEL",
    "LEASE",
    "LeaseLost",
    "cancel",
    "drop_unwanted",
    "due_kinds",
    "end",
    "enqueue",
    "fail",
    "give_back",
    "holds",
    "lease",
    "mend_clock",
    "next_due",
    "orphaned",
    "reader",
    "renew",
    "unwanted",
]

LEASE = timedelta(seconds=30)
SKEW = timedelta(seconds=60)  # that two machines' clocks may differ by
CHANNEL = "parley_jobs"  # on which PostgreSQL tells workers of new jobs
UNWANTED = timedelta(seconds=5)  # after which an answer that nobody asked for again is dropped
NOBODY = "nobody waits for it any more"
KILLER = "its worker ended without a word at every attempt"
LOOKED_AT = 50  # jobs that are looked at to find one whose reader has none running
_OVER = (Job.Status.DONE, Job.Status.FAILED, Job.Status.CANCELLED)


class LeaseLost(ParleyError):
    """The job is not this worker's any more: somebody else has it, or it was taken back."""


def enqueue(
    kind: str,
    payload: Mapping[str, Any] | None = None,
    *,
    key: str | None = None,
    account: Account | None = None,
    network: str = "",
    priority: int = 0,
    after: timedelta | None = None,
    wanted: bool = False,
    again: bool = False,
    max_attempts: int = 3,
) -> Job:
    """Enter a job; part of the transaction that it is called in.

    Parameters
    ----------
    kind
        One that is registered (:func:`parley.site.web.jobs.registry.job`).
    payload
        What it needs to know: JSON, small.
    key
        The name of the work: a second job of the same key is not entered, the first is returned.
    account, network
        For whom it is done, for the bounds on a reader's jobs.
    priority
        Higher comes first.
    after
        How long it has to wait; None starts it as soon as a worker is free.
    wanted
        Somebody waits for it: it is dropped when nobody asks any more.
    again
        A job of the same key that is over is entered anew.
    max_attempts
        How often it is tried.
    """
    now = timezone.now()
    values: dict[str, Any] = {
        "kind": kind,
        "payload": dict(payload or {}),
        "account": account,
        "network": network,
        "priority": priority,
        "max_attempts": max_attempts,
        "created": now,
        "touched": now,
        "run_after": now + after if after else now,
        "wanted": now if wanted else None,
    }
    with transaction.atomic():
        if key is None:
            job, made = Job.objects.create(**values), True
        else:
            job, made = Job.objects.get_or_create(key=key, defaults=values)
            if not made and again:
                fresh = {**values, "status": Job.Status.QUEUED, "attempts": 0, "error": "", "finished": None}
                fresh |= {"leased_by": "", "leased_until": None}
                made = bool(Job.objects.filter(pk=job.pk, status__in=_OVER).update(**fresh))
                job.refresh_from_db()
        if made and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"NOTIFY {CHANNEL}")
    return job


def lease(
    kinds: Collection[str],
    worker: str,
    dead: Collection[str] = (),
    give_up: Callable[[Job, str], None] | None = None,
) -> Job | None:
    """Take the next job of these kinds, or None.

    Parameters
    ----------
    kinds
        What the caller can do.
    worker
        The caller's name.
    dead
        Names of workers that are known to have ended: their jobs are free before the lease is over.
    give_up
        Called, in the same transaction, with a job that ended its worker at every attempt.
    """
    now = timezone.now()
    free = _free(now, dead).filter(kind__in=kinds)
    if not free.exists():  # looking takes no lock, taking does
        return None
    with transaction.atomic():
        rows = free.order_by("-priority", "run_after", "pk")
        if connection.vendor == "postgresql":
            rows = rows.select_for_update(skip_locked=True)
        for job in chain(rows[:1], rows[:LOOKED_AT]):  # the first will do, mostly
            if job.status == Job.Status.RUNNING and job.attempts >= job.max_attempts:
                _given_up(job, now, KILLER)
                if give_up is not None:
                    give_up(job, KILLER)
            elif job.wanted is not None and job.wanted < now - UNWANTED:
                Job.objects.filter(pk=job.pk).update(status=Job.Status.CANCELLED, **_over(now, NOBODY))
            elif job.status == Job.Status.RUNNING or not _busy(job):
                job.status = Job.Status.RUNNING
                job.leased_by, job.leased_until = worker, now + LEASE
                job.attempts += 1
                job.touched = now
                job.save(update_fields=("status", "leased_by", "leased_until", "attempts", "touched"))
                return job
    return None


def renew(job: Job, progress: float = 0.0) -> None:
    """Keep a lease, and say how far the work is.

    Raises
    ------
    LeaseLost
        It is gone, or the job was cancelled.
    """
    now = timezone.now()
    if not _held(job).update(leased_until=now + LEASE, touched=now, progress=progress):
        raise LeaseLost(f"job {job.pk} ({job.kind}) is not this worker's any more")


def holds(job: Job) -> bool:
    """Whether a job is still this worker's: not cancelled, not taken by another."""
    return _held(job).exists()


def due_kinds() -> list[str]:
    """Return the kinds of which there is something to do now."""
    return list(_free(timezone.now(), ()).values_list("kind", flat=True).distinct())


def end(job: Job, write: Callable[[], object] | None = None) -> None:
    """End a job, and write its result in the same transaction.

    Parameters
    ----------
    write
        Writes the result. Where it raises, nothing is written and the job is not ended.

    Raises
    ------
    LeaseLost
        The job is not this worker's any more: nothing is written.
    """
    now = timezone.now()
    with transaction.atomic():
        done = {"status": Job.Status.DONE, "finished": now, "touched": now, "leased_until": None, "error": ""}
        if not _held(job).update(**done):
            raise LeaseLost(f"job {job.pk} ({job.kind}) is not this worker's any more")
        if write is not None:
            write()


def fail(job: Job, error: str, *, final: bool, give_up: Callable[[str], object] | None = None) -> bool:
    """Say that an attempt failed: tried again later, or given up for good; returns whether given up.

    Parameters
    ----------
    error
        What went wrong, for the operator.
    final
        Another attempt would fail likewise.
    give_up
        Called with the error in the same transaction when the job is given up.
    """
    now = timezone.now()
    with transaction.atomic():
        if not _held(job).exists():
            return False
        if final or job.attempts >= job.max_attempts:
            _given_up(job, now, error)
            if give_up is not None:
                give_up(error)
            return True
        wait = timedelta(seconds=2.0**job.attempts * random.uniform(0.75, 1.25))
        _held(job).update(
            status=Job.Status.QUEUED,
            error=error[:500],
            run_after=now + wait,
            touched=now,
            leased_until=None,
            leased_by="",
        )
    return False


def give_back(job: Job) -> None:
    """Put a job back untried, as a worker that has to end does."""
    _held(job).update(
        status=Job.Status.QUEUED,
        attempts=F("attempts") - 1,
        leased_until=None,
        leased_by="",
        touched=timezone.now(),
    )


def cancel(jobs: QuerySet[Job], why: str) -> int:
    """Take jobs back that are not over; returns how many.

    A worker at one of them notices when it renews its lease.
    """
    found = jobs.filter(status__in=(Job.Status.QUEUED, Job.Status.RUNNING))
    return found.update(status=Job.Status.CANCELLED, **_over(timezone.now(), why))


def drop_unwanted() -> int:
    """Take back what is waited for by nobody any more; returns how many jobs."""
    return cancel(Job.objects.filter(wanted__lt=timezone.now() - UNWANTED, status=Job.Status.QUEUED), NOBODY)


def unwanted(job: Job) -> bool:
    """Whether nobody has asked for the answer of a job lately that somebody was waiting for."""
    last = Job.objects.filter(pk=job.pk).values_list("wanted", flat=True).first()
    return last is not None and last < timezone.now() - UNWANTED


def orphaned(worker: str) -> QuerySet[Job]:
    """Return what a worker holds."""
    return Job.objects.filter(status=Job.Status.RUNNING, leased_by=worker)


def next_due(kinds: Collection[str]) -> datetime | None:
    """Return when the next job that has to wait is due, or the next lease is over."""
    rows = Job.objects.filter(kind__in=kinds)
    waiting = rows.filter(status=Job.Status.QUEUED).aggregate(at=Min("run_after"))
    held = rows.filter(status=Job.Status.RUNNING).aggregate(at=Min("leased_until"))
    times = (waiting["at"], held["at"])
    return min((each for each in times if each is not None), default=None)


def mend_clock() -> int:
    """Move what was written in the future to the present, with its distances; returns how many rows."""
    now = timezone.now()
    moved = 0
    open_rows = Job.objects.filter(status__in=(Job.Status.QUEUED, Job.Status.RUNNING))
    for job in open_rows.filter(touched__gt=now + SKEW):
        back = job.touched - now
        moved += open_rows.filter(pk=job.pk, touched=job.touched).update(
            touched=now,
            created=min(job.created, now),
            run_after=job.run_after - back,
            leased_until=job.leased_until - back if job.leased_until else None,
            wanted=job.wanted - back if job.wanted else None,
        )
    return moved


def reader(job: Job) -> str:
    """Return for whom a job is done: an account, else a network; empty for the house's own work."""
    return f"a:{job.account_id}" if job.account_id else f"n:{job.network}" if job.network else ""


def _free(now: datetime, dead: Collection[str]) -> QuerySet[Job]:
    due = Q(run_after__lte=now) | Q(
        run_after__lte=F("created")
    )  # at once is at once, whatever another clock says
    left = Q(leased_until__lt=now) | Q(leased_by__in=dead) if dead else Q(leased_until__lt=now)
    return Job.objects.filter(Q(due, status=Job.Status.QUEUED) | Q(left, status=Job.Status.RUNNING))


def _busy(job: Job) -> bool:
    """Whether the reader whom a job is for has as many of its kind running as one reader may."""
    if not reader(job):
        return False
    running = Job.objects.filter(kind=job.kind, status=Job.Status.RUNNING, account=job.account_id)
    if job.account_id is None:
        running = running.filter(network=job.network)
    return running.count() >= settings.PARLEY_RULES.running_solves


def _held(job: Job) -> QuerySet[Job]:
    """Return the job while this worker's attempt at it holds."""
    return Job.objects.filter(
        pk=job.pk, status=Job.Status.RUNNING, leased_by=job.leased_by, attempts=job.attempts
    )


def _given_up(job: Job, now: datetime, error: str) -> None:
    Job.objects.filter(pk=job.pk).update(status=Job.Status.FAILED, **_over(now, error))


def _over(now: datetime, error: str) -> dict[str, Any]:
    return {"error": error[:500], "finished": now, "touched": now, "leased_until": None, "leased_by": ""}
