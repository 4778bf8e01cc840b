"""A line of the log for each request that reaches Django.

What lives here: the line. What may not: its form, and what is taken out of it (``logs``).

Pages that the cache in front answers leave no line.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from parley.site.text.addresses import UNKNOWN

__all__ = ["RequestLog"]

_LOG = logging.getLogger("parley.request")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestLog:
    """Notes route, status, time and network of each request, under a number that its answer carries too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        began = time.perf_counter()
        number = secrets.token_hex(8)
        answer = self.get_response(request)
        match = request.resolver_match
        values = {
            "request_id": number,
            "route": (match.view_name or "unnamed") if match is not None else "none",
            "method": request.method if request.method in METHODS else "other",
            "status": answer.status_code,
            "ms": round((time.perf_counter() - began) * 1000, 1),
            "network": getattr(request, "network", UNKNOWN),
        }
        _LOG.log(logging.ERROR if answer.status_code >= 500 else logging.INFO, "answered", extra=values)
        answer.headers["X-Request-ID"] = number
        return answer
