"""Who asks: the client's address, taken from the connection or from as many proxies as are trusted.

What lives here: ``request.network``, the key of the client's network. What may not: limits themselves.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from parley.site.text.addresses import client, network

__all__ = ["ClientAddress"]

FORGEABLE = ("HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_X_FORWARDED_HOST", "HTTP_X_PARLEY_PROTO")


class ClientAddress:
    """Sets ``request.network``; headers that a client can forge are taken away first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        for name in FORGEABLE:
            request.META.pop(name, None)
        hops = settings.PARLEY_TRUSTED_HOPS
        chain = request.META.get("HTTP_X_FORWARDED_FOR", "")
        proto = request.META.pop("HTTP_X_FORWARDED_PROTO", "")
        if hops > 0 and proto.rsplit(",", 1)[-1].strip().lower() == "https":
            request.META["HTTP_X_PARLEY_PROTO"] = "https"
        address = client(request.META.get("REMOTE_ADDR", ""), chain, hops)
        request.address = address  # type: ignore[attr-defined]  # never stored or logged as it is
        request.network = network(address)  # type: ignore[attr-defined]
        return self.get_response(request)
