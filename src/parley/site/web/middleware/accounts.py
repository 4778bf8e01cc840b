"""A session lives only as long as its account may use it.

What lives here: ending sessions of banned, deleted or signed-out-everywhere accounts. What may not: signing
in.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from parley.site.web.models import Account

__all__ = ["LiveAccount"]


class LiveAccount:
    """Signs out whoever may no longer be signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        account = request.user
        if isinstance(account, Account) and (not account.is_active or account.deleted_at is not None):
            logout(request)
        return self.get_response(request)
