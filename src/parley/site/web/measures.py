"""The site in numbers, for operators' monitoring.

What lives here: gauges read from the database when they are asked for. What may not: anything by account.

Counts come from the database, so that all processes of the web server say the same.
"""

from __future__ import annotations

from django.db.models import Count
from django.utils import timezone
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

import parley
from parley.site.web.jobs.presence import alive, oldest_wait
from parley.site.web.models import Account, Article, Comment, Job, Outbox, ReviewItem, Solve

__all__ = ["written"]


def written() -> tuple[bytes, str]:
    """Return the measurements in the text form of Prometheus, and its media type."""
    registry = CollectorRegistry()

    def gauge(name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"parley_{name}", what, labels, registry=registry)

    gauge("info", "The version that runs.", "version").labels(parley.__version__).set(1)
    gauge("workers", "Workers alive on this machine.").set(alive())
    waiting = oldest_wait()
    oldest = gauge("job_wait_seconds", "How long the job has been due that waits longest.")
    oldest.set(0 if waiting is None else waiting.total_seconds())
    counted = {
        "jobs": ("Jobs by kind and status.", Job.objects.values_list("kind", "status")),
        "articles": ("Articles by state.", Article.objects.values_list("state")),
        "comments": ("Comments by kind and state.", Comment.objects.values_list("kind", "state")),
        "solves": ("Readers' questions by status.", Solve.objects.values_list("status")),
        "accounts": ("Accounts by role.", Account.objects.filter(deleted_at=None).values_list("role")),
        "review_items": (
            "What waits for an editor.",
            ReviewItem.objects.filter(open=True).values_list("queue"),
        ),
    }
    labels = {"jobs": ("kind", "status"), "comments": ("kind", "state"), "articles": ("state",)}
    labels |= {"solves": ("status",), "accounts": ("role",), "review_items": ("queue",)}
    for name, (what, rows) in counted.items():
        each = gauge(name, what, *labels[name])
        for *values, count in rows.annotate(count=Count("pk")).order_by():
            each.labels(*values).set(count)
    first = ReviewItem.objects.filter(open=True).order_by("created").first()
    age = gauge("review_wait_seconds", "How long the oldest open item has waited for an editor.")
    age.set(0 if first is None else (timezone.now() - first.created).total_seconds())
    gauge("mail_waiting", "Mail that was not sent yet.").set(Outbox.objects.filter(sent_at=None).count())
    return generate_latest(registry), CONTENT_TYPE_LATEST
