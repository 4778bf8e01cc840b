"""Refuses requests that another site makes a reader's browser send.

What lives here: the check of ``Sec-Fetch-Site`` and ``Origin``. What may not: Django's token, which guards
the forms on pages that are not shared by a cache.

Pages that all readers share carry no token; their forms rest on this check: a browser says where a request
comes from, and a page cannot forge it. A request that says nothing of its origin is refused, unless its view
asks for the token.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from parley.site.web.views.faults import forbidden

__all__ = ["SAFE_METHODS", "SameOrigin", "same_origin"]

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


class SameOrigin:
    """Answers 403 to unsafe requests from elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse before the view is called."""
        if request.method in SAFE_METHODS:
            return None
        if getattr(view, "machine_posts", False):
            return None  # one-click unsubscribing is sent by mail programs: the link itself is the key
        verdict = same_origin(request)
        if verdict or (verdict is None and not getattr(view, "csrf_exempt", False)):
            return None  # where the browser does not say, the token decides
        return forbidden(request, "The request came from another site.")


def same_origin(request: HttpRequest) -> bool | None:
    """Whether an unsafe request comes from a page of this site; None when the browser does not say."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is not None:
        if origin == settings.PARLEY_URL:
            return True
        if urlsplit(settings.PARLEY_URL).scheme == "https":
            return False  # under another name or without TLS nobody is signed in
        return origin == f"{request.scheme}://{request.get_host()}"
    return True if site in ("same-origin", "none") else None
