"""Comparing a password: one look-up and one computation, whatever there is to compare with.

What lives here: the one authentication backend. What may not: limits, sessions.
"""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from parley.site.web.accounts.find import account_of
from parley.site.web.models import Account

__all__ = ["OneAccount"]


class OneAccount(AuthenticationBackend):
    """Finds by address or name; no account, or one that is closed, costs as much as a wrong password."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Account | None:
        """Return the account if the password is its own and it may sign in."""
        password = credentials.get("password")
        who = credentials.get("email") or credentials.get("username")
        if not password or not who:
            return None
        account = account_of(str(who))
        if account is None:
            Account().set_password(password)
            return None
        fits = account.check_password(password)
        return account if fits and account.is_active and account.deleted_at is None else None

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether a session of the account goes on."""
        return bool(user.is_active) and user.deleted_at is None
