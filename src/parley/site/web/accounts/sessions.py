"""How long a session lasts, when it was last proved whose it is, and how others are ended.

What lives here: marks in the session. What may not: passwords, pages.

A session carries ``since`` (its sign-in) and ``seen`` (its last use, to five minutes). It ends when it has
not been used for the idle time, when it is older than the absolute time (both shorter for editors), and when
the
account's ``sessions_end_before`` is later than its sign-in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from parley.site.web.accounts.find import remember
from parley.site.web.models import Account

__all__ = ["begin", "end_all", "end_others", "ended", "erase", "fresh", "proved", "seen"]

SINCE, SEEN, PROVED = "since", "seen", "proved"
NOTED_EVERY = timedelta(minutes=5)


def begin(sender: object, request: HttpRequest, user: Any, **_: object) -> None:
    """Mark a session that a sign-in has just begun (receiver of ``user_logged_in``)."""
    now = timezone.now().isoformat()
    request.session.update({SINCE: now, SEEN: now, PROVED: now})
    if isinstance(user, Account):
        remember(user, request)


def proved(request: HttpRequest) -> None:
    """Mark that the person has just proved again who they are."""
    request.session[PROVED] = timezone.now().isoformat()


def fresh(request: HttpRequest) -> bool:
    """Whether the person proved who they are within the minutes that dangerous acts ask for."""
    at = _at(request, PROVED)
    limit = timedelta(minutes=settings.PARLEY_RULES.step_up_minutes)
    return at is not None and timedelta(0) <= timezone.now() - at < limit


def ended(request: HttpRequest, account: Account) -> bool:
    """Whether the session is over: idle, too old, ended from elsewhere, or not one of ours."""
    rules, now = settings.PARLEY_RULES, timezone.now()
    since, last = _at(request, SINCE), _at(request, SEEN)
    if since is None or last is None:
        return True
    if account.sessions_end_before is not None and since < account.sessions_end_before:
        return True
    if account.is_editor:
        idle, longest = timedelta(hours=rules.editor_idle_hours), timedelta(hours=rules.editor_session_hours)
    else:
        idle, longest = timedelta(days=rules.session_idle_days), timedelta(days=rules.session_days)
    return now - last > idle or now - since > longest


def seen(request: HttpRequest) -> None:
    """Note that the session is used, at most every five minutes: a page read does not write."""
    last = _at(request, SEEN)
    if last is None or timezone.now() - last > NOTED_EVERY:
        request.session[SEEN] = timezone.now().isoformat()


def end_others(request: HttpRequest, account: Account) -> None:
    """End all sessions of an account but the one at hand, which gets another key."""
    now = timezone.now()
    Account.objects.filter(pk=account.pk).update(sessions_end_before=now)
    account.sessions_end_before = now
    request.session[SINCE] = now.isoformat()
    request.session.cycle_key()


def end_all(account: Account) -> None:
    """End all sessions of an account; the next request of each is signed out."""
    now = timezone.now()
    Account.objects.filter(pk=account.pk).update(sessions_end_before=now)
    account.sessions_end_before = now


def erase(account: Account) -> None:
    """Delete the stored sessions of an account: they hold its number and what was typed last."""
    for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator(500):
        if session.get_decoded().get("_auth_user_id") == str(account.pk):
            session.delete()


def _at(request: HttpRequest, name: str) -> datetime | None:
    text = request.session.get(name)
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
