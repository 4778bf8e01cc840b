"""Mail leaves the outbox: text alone, once, tried again while nobody has taken it.

What lives here: sending what waits. What may not: words of mails, who gets one.

A row is marked as taken before the mail server is spoken to, and as sent after it has agreed. Where the
server
certainly took nothing (no connection, a refusal), the mail is tried again later, or given up if the refusal
is for
good. Where that is uncertain (the process was killed, the connection broke behind the text), it is not sent
again: a mail that is lost can be asked for anew, one that comes twice cannot be taken back.
"""

from __future__ import annotations

import hashlib
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from parley.errors import ParleyError
from parley.site.text.mailsafe import subject
from parley.site.web.models import Outbox

__all__ = ["PAUSES", "MailError", "State", "message", "retry", "send_due", "state", "troubles", "waiting"]

# Minutes between attempts; after the last the mail is given up.
PAUSES = (1, 5, 30, 120, 480, 1440)
UNCERTAIN = "the sender stopped while it was being handed over: it may have been sent"


class MailError(ParleyError):
    """A mail that cannot be sent again."""


@dataclass(frozen=True, slots=True)
class State:
    """How the outbox stands: how many mails wait, are uncertain, were given up; seconds the oldest waits."""

    waiting: int
    uncertain: int
    given_up: int
    oldest: float


def waiting(now: datetime | None = None) -> QuerySet[Outbox]:
    """Return the mails that may be sent now, the oldest first."""
    return Outbox.objects.filter(
        sent_at=None, taken_at=None, failed_at=None, not_before__lte=now or timezone.now()
    ).order_by("not_before", "pk")


def state() -> State:
    """Return how the outbox stands, for operators."""
    now = timezone.now()
    due = waiting(now)
    first = due.first()
    return State(
        waiting=due.count(),
        uncertain=Outbox.objects.filter(sent_at=None, failed_at=None, taken_at__isnull=False).count(),
        given_up=Outbox.objects.filter(failed_at__isnull=False).count(),
        oldest=(now - first.not_before).total_seconds() if first is not None else 0.0,
    )


def troubles(most: int = 50) -> list[str]:
    """Return a line for each mail that is uncertain or was given up; nobody's address is in it."""
    stuck = Outbox.objects.filter(sent_at=None).exclude(taken_at=None, failed_at=None).order_by("pk")
    return [
        f"{row.pk}  {'given up' if row.failed_at else 'uncertain'}  {row.key.split(':', 1)[0]}  {row.error}"
        for row in stuck[:most]
    ]


def retry(number: int) -> None:
    """Let a mail be sent again that is uncertain or was given up.

    Raises
    ------
    MailError
        There is no such mail.
    """
    found = Outbox.objects.filter(pk=number, sent_at=None).exclude(taken_at=None, failed_at=None)
    if not found.update(taken_at=None, failed_at=None, attempts=0, not_before=timezone.now()):
        raise MailError(f"mail {number} is neither uncertain nor given up; see `parley mail status`")


def send_due(most: int = 200) -> int:
    """Send what waits, at most so many; return how many the mail server took."""
    sent = 0
    keys = list(waiting().values_list("pk", flat=True)[:most])
    if not keys:
        return 0
    connection: BaseEmailBackend = get_connection()
    try:
        for key in keys:
            sent += _send(key, connection)
    finally:
        connection.close()
    return sent


def message(row: Outbox, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """Make the mail of a row: one subject line, plain text, a name that is the same at every attempt."""
    host = urlsplit(settings.PARLEY_URL).hostname or "localhost"
    name = hashlib.sha256(f"{row.pk}:{row.key}".encode()).hexdigest()[:32]
    return EmailMessage(
        subject=subject(row.subject),
        body=row.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[row.to],
        headers={"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated", **row.headers},
        connection=connection,
    )


def _send(key: int, connection: BaseEmailBackend) -> int:
    row = _take(key)
    if row is None:
        return 0
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as fault:
        return _later(row, str(fault))
    try:
        message(row, connection).send()
    except smtplib.SMTPRecipientsRefused as fault:
        codes = [code for code, _ in fault.recipients.values()]
        return _given_up(row, str(fault)) if all(code >= 500 for code in codes) else _later(row, str(fault))
    except smtplib.SMTPResponseException as fault:
        certain = f"{fault.smtp_code} {fault.smtp_error!r}"
        return _given_up(row, certain) if fault.smtp_code >= 500 else _later(row, certain)
    except ValueError as fault:  # a header or an address that no mail can have
        return _given_up(row, str(fault))
    except (OSError, smtplib.SMTPException) as fault:
        Outbox.objects.filter(pk=row.pk).update(error=f"{UNCERTAIN}: {fault}"[:300])
        connection.close()
        return 0
    # What it said is no longer needed here; codes and links should not lie about.
    Outbox.objects.filter(pk=row.pk).update(sent_at=timezone.now(), body="", headers={}, error="")
    return 1


def _take(key: int) -> Outbox | None:
    """Mark a mail as being handed over, if it still waits and its account is still there."""
    with transaction.atomic():
        row = waiting().select_for_update(of=("self",)).filter(pk=key).select_related("account").first()
        if row is None:
            return None
        if row.account is not None and row.account.deleted_at is not None:
            row.delete()
            return None
        row.taken_at = timezone.now()
        row.attempts += 1
        row.error = UNCERTAIN
        row.save(update_fields=("taken_at", "attempts", "error"))
        return row


def _later(row: Outbox, fault: str) -> int:
    """Let a mail wait that certainly was not taken; give it up after the last attempt."""
    if row.attempts > len(PAUSES):
        return _given_up(row, fault)
    pause = timedelta(minutes=PAUSES[row.attempts - 1])
    Outbox.objects.filter(pk=row.pk).update(
        taken_at=None, not_before=timezone.now() + pause, error=fault[:300]
    )
    return 0


def _given_up(row: Outbox, fault: str) -> int:
    Outbox.objects.filter(pk=row.pk).update(taken_at=None, failed_at=timezone.now(), error=fault[:300])
    return 0
