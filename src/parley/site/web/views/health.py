"""Whether the site is alive.

What lives here: ``/healthz``. What may not: numbers that concern readers.
"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from parley.site.web.access import May
from parley.site.web.views.guard import needs

__all__ = ["healthz"]


@needs(May.READ)
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 if the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})
