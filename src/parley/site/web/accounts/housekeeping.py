"""What is forgotten of accounts in time: sign-ins, mails with codes, accounts that nobody confirmed.

What lives here: one function for the worker. What may not: rows of other parts (``work.tidying``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone

from parley.site.web.accounts import erasure
from parley.site.web.models import Account, Outbox, Role, SignIn

__all__ = ["housekeep"]


def housekeep() -> Mapping[str, int]:
    """Forget what is due, and delete the accounts that asked for it; returns what was done, as counts."""
    now, rules = timezone.now(), settings.PARLEY_RULES
    old = now - timedelta(days=rules.address_days)
    return {
        "deletions": erasure.run_due(),
        "sign-ins": SignIn.objects.filter(at__lt=old).delete()[0],
        "unconfirmed": _unconfirmed(now - timedelta(hours=rules.unconfirmed_hours)),
        "letters": _letters(now),
    }


def _letters(now: datetime) -> int:
    """Delete mails about accounts once they are sent, or too old: they hold addresses and codes."""
    own = Outbox.objects.filter(key__startswith="account:")
    done = own.filter(sent_at__lt=now - timedelta(hours=1)).delete()[0]
    return done + own.filter(created__lt=now - timedelta(days=1)).delete()[0]


def _unconfirmed(old: datetime) -> int:
    """Delete sign-ups whose address nobody confirmed in time: they hold a name and an address."""
    confirmed = EmailAddress.objects.filter(verified=True).values("user_id")
    waiting = Account.objects.filter(
        role=Role.READER, joined__lt=old, last_login=None, deleted_at=None, comments=None
    ).exclude(pk__in=confirmed)
    found = list(waiting.exclude(email=None).values_list("pk", flat=True))
    Account.objects.filter(pk__in=found).delete()
    return len(found)
