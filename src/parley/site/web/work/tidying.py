"""Tidying: what is over is forgotten.

What lives here: what is deleted after how long. What may not: deleting accounts at their owner's wish.
"""

from __future__ import annotations

import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from parley.site.web import limits
from parley.site.web.jobs.registry import Work, Write, every
from parley.site.web.models import ChallengeEffect, Comment, DataExport, Job, Outbox, Report, Solve

__all__ = ["forget", "purge"]

JOBS_DAYS = 7  # that work which is over stays to be looked at
FAILED_DAYS = 30
ANSWERS_DAYS = 30  # that an answer to a reader's question is kept, unless a challenge rests on it
MAIL_DAYS = 30
SLICE = 1000  # rows deleted at once, so that nobody waits long for the database


@every("purge", hours=6)
def purge(work: Work) -> Write | None:
    """Forget what has lain long enough."""
    forget(timezone.now())
    _folders()
    return None


def forget(now: datetime) -> dict[str, int]:
    """Forget rows; returns how many of which kind.

    The network that a comment or report came from is dropped after ``address_days`` of the rules.
    """
    old = now - timedelta(days=settings.PARLEY_RULES.address_days)
    found = {
        "comments": Comment.objects.filter(created__lt=old).exclude(network="").update(network=""),
        "reports": Report.objects.filter(at__lt=old).exclude(network="").update(network=""),
        "limits": limits.purge(),
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "exports": DataExport.objects.filter(expires__lt=now).delete()[0],
        "mail": Outbox.objects.filter(sent_at__lt=now - timedelta(days=MAIL_DAYS)).delete()[0],
    }
    over = Job.objects.filter(status__in=(Job.Status.DONE, Job.Status.CANCELLED))
    found["jobs"] = _deleted(Job, over.filter(finished__lt=now - timedelta(days=JOBS_DAYS)))
    failed = Job.objects.filter(status=Job.Status.FAILED, finished__lt=now - timedelta(days=FAILED_DAYS))
    found["jobs"] += _deleted(Job, failed)
    kept = ChallengeEffect.objects.filter(solve__isnull=False).values("solve")
    asked = Solve.objects.filter(created__lt=now - timedelta(days=ANSWERS_DAYS)).exclude(pk__in=kept)
    found["answers"] = _deleted(Solve, asked)
    return found


def _deleted(model: type[Job] | type[Solve], rows: object) -> int:
    count = 0
    while keys := list(rows.values_list("pk", flat=True)[:SLICE]):  # type: ignore[attr-defined]
        count += model._default_manager.filter(pk__in=keys).delete()[0]
    return count


def _folders() -> None:
    """Remove what a writer that was killed left behind half done."""
    for name in ("packages", "blobs", "media"):
        for place in Path(settings.PARLEY_SITE, name).glob("**/.*"):
            if time.time() - place.stat().st_mtime > 24 * 3600:
                shutil.rmtree(place, ignore_errors=True) if place.is_dir() else place.unlink(missing_ok=True)
