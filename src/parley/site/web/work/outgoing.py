"""Mail and webhooks, sent by the worker.

What lives here: when. What may not: what is sent (``outlets``).
"""

from __future__ import annotations

from parley.site.web.jobs.registry import Work, Write, every, job
from parley.site.web.outlets import alerts, digests
from parley.site.web.outlets.mail import send_due
from parley.site.web.outlets.webhooks import deliver_due

__all__ = ["mail", "news", "post", "webhook"]


@job("mail")
def mail(work: Work) -> Write | None:
    """Send what waits in the outbox: entered with each mail, so that it leaves at once."""
    send_due()
    return None


@every("post", hours=1 / 60)
def post(work: Work) -> Write | None:
    """Send what had to wait because the other side did not take it."""
    send_due()
    work.go_on()
    deliver_due()
    return None


@job("webhook")
def webhook(work: Work) -> Write | None:
    """Tell webhooks what happened: entered with each event."""
    deliver_due()
    return None


@every("news", hours=1 / 12)
def news(work: Work) -> Write | None:
    """Write the digests that are due, and tell editors what waits."""
    digests.digest_due()
    work.go_on()
    alerts.alert_editors()
    return None
