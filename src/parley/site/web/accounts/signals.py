"""What happens when somebody signs in, proves who they are, or changes how they sign in.

What lives here: receivers. What may not: what they do (``sessions``).
"""

from __future__ import annotations

from typing import Any

from allauth.account.signals import (
    authentication_step_completed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from parley.site.web.accounts import sessions
from parley.site.web.models import Account

__all__ = ["connect"]


def connect() -> None:
    """Connect the receivers; called once when the application is ready."""
    user_logged_in.connect(sessions.begin, dispatch_uid="session begins")
    authentication_step_completed.connect(_step, dispatch_uid="proof")
    for signal in (password_changed, password_set, authenticator_added, authenticator_removed):
        signal.connect(_changed, dispatch_uid="way of signing in changed")
    password_reset.connect(_reset, dispatch_uid="password set anew")


def _step(sender: object, request: HttpRequest, **values: Any) -> None:
    if values.get("reauthenticated"):
        sessions.proved(request)


def _changed(sender: object, request: HttpRequest, user: Account, **_: object) -> None:
    sessions.end_others(request, user)


def _reset(sender: object, request: HttpRequest, user: Account, **_: object) -> None:
    sessions.end_all(user)
