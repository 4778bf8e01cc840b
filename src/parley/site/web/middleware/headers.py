"""What every answer carries so that a browser defends the reader.

What lives here: security headers. What may not: caching.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

__all__ = ["POLICY", "SecurityHeaders"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'none'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}; "
    "object-src 'none'; manifest-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)


class SecurityHeaders:
    """Adds the headers to whatever comes out, errors and static files included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        answer = self.get_response(request)
        embedded = request.path.startswith("/embed/")
        answer.headers.setdefault(
            "Content-Security-Policy", POLICY.format(ancestors="*" if embedded else "'none'")
        )
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if embedded else "same-origin"
        answer.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        if not embedded:
            answer.headers["X-Frame-Options"] = "DENY"
        if settings.SECURE_HSTS_SECONDS:
            answer.headers["Strict-Transport-Security"] = (
                f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
            )
        return answer
