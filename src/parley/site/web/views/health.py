"""What operators ask: whether the site is alive, and how it is doing.

What lives here: ``/healthz`` for everybody, ``/metrics`` for this machine and for who has the token.
What may not: anything that concerns single readers.
"""

from __future__ import annotations

import hmac
import os
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path

from parley.site.web import measures
from parley.site.web.access import May
from parley.site.web.jobs.presence import alive, oldest_wait
from parley.site.web.views.guard import needs

__all__ = ["addresses", "healthz", "metrics"]


@needs(May.READ)
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 if the database answers, else 503; say how many workers live, how long jobs wait."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        waiting = oldest_wait()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503, headers={"Cache-Control": "no-store"})
    found = {
        "status": "ok",
        "workers": alive(),
        "oldest_job_seconds": 0 if waiting is None else round(waiting.total_seconds()),
    }
    return JsonResponse(found, headers={"Cache-Control": "no-store"})


@needs(May.READ)
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with counts and ages for Prometheus; others than those who may ask find nothing here."""
    if not (_from_here(request) or _with_token(request)):
        raise Http404
    text, kind = measures.written()
    return HttpResponse(text, content_type=kind, headers={"Cache-Control": "no-store"})


def _from_here(request: HttpRequest) -> bool:
    """Whether a process of this machine asks, not a proxy on behalf of somebody."""
    forwarded = any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_VIA"))
    if forwarded or settings.PARLEY_TRUSTED_HOPS > 0:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _with_token(request: HttpRequest) -> bool:
    token = os.environ.get("PARLEY_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "")
    return len(token) >= 16 and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


addresses: list[URLPattern] = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
]
