"""A session lives only as long as its account may use it.

What lives here: ending sessions of deleted accounts, those signed out everywhere, those idle or too old. What
may not: signing in. A banned account stays signed in: it may read and see why, and may not write
(:func:`parley.site.web.access.may`).
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from parley.site.web.accounts import sessions
from parley.site.web.models import Account

__all__ = ["LiveAccount"]


class LiveAccount:
    """Signs out whoever may no longer be signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request; one without a session costs nothing."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            account = request.user
            if isinstance(account, Account):
                gone = not account.is_active or account.deleted_at is not None
                if gone or sessions.ended(request, account):
                    logout(request)
                else:
                    sessions.seen(request)
        return self.get_response(request)
