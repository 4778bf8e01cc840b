"""A writer as editors see one: standing, what was approved and removed, sanctions, history.

What lives here: reading. What may not: changing anything; what editors see of mail addresses (nothing).
"""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.site.render.desk import NoteLine, Person, SanctionLine
from parley.site.web.models import Account, Note, Sanction
from parley.site.web.moderation.sanctions import next_mute, sanctions_seen
from parley.site.web.rules import CLAUSES

__all__ = ["clause_words", "person", "person_notes", "sanction_lines"]


def clause_words(number: int | None) -> str:
    """Return a clause with its number: ``personal attack (1)``; empty for none."""
    return f"{_(CLAUSES[number])} ({number})" if number in CLAUSES and number is not None else ""


def person(account: Account) -> Person:
    """Return a writer as the queue shows one."""
    return Person(
        name=account.name,
        href=reverse("queue-person", args=[account.name]),
        standing=str(account.get_role_display() if account.role != "reader" else account.standing().label),
        approved=account.approved,
        removed=account.removed,
        joined=account.joined,
        silenced=_silenced(account),
        next_mute=next_mute(account),
        seen=sanctions_seen(account),
    )


def sanction_lines(account: Account) -> tuple[SanctionLine, ...]:
    """Return an account's mutes and bans, newest first."""
    return tuple(
        SanctionLine(
            id=each.pk,
            kind=each.get_kind_display(),
            at=each.at,
            until=each.until,
            clause=clause_words(each.clause),
            text=each.text,
            by=each.by.name if each.by is not None else _("a former editor"),
            lifted=each.lifted_at,
        )
        for each in Sanction.objects.filter(account=account).select_related("by").order_by("-pk")
    )


def person_notes(account: Account) -> tuple[NoteLine, ...]:
    """Return editors' notes on an account, newest first."""
    return tuple(
        NoteLine(each.text, each.by.name if each.by is not None else _("a former editor"), each.at)
        for each in Note.objects.filter(account=account).select_related("by").order_by("-pk")
    )


def _silenced(account: Account) -> str:
    if account.banned_at is not None:
        return _("banned")
    if account.muted_until is not None and account.muted_until > timezone.now():
        return _("muted until %(until)s") % {"until": f"{account.muted_until:%Y-%m-%d %H:%M} UTC"}
    return ""
