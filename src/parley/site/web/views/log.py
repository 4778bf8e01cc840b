"""The public moderation log: a page, a single row, a table of all.

What lives here: requests. What may not: what the log says (``moderation.public_log``).
"""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from parley.site.web.access import May
from parley.site.web.moderation import public_log
from parley.site.web.pages import page
from parley.site.web.views import faults
from parley.site.web.views.asked import once
from parley.site.web.views.guard import needs
from parley.site.web.views.queue import number

__all__ = ["addresses"]

LAST_PAGE = 100_000


@needs(May.READ)
def index(request: HttpRequest) -> HttpResponse:
    """Show a page of the log, with its figures."""
    at = number(request, "page") if "page" in request.GET else 1
    act = once(request, "act") if "act" in request.GET else ""
    if not at or at > LAST_PAGE or act is None or (act and not act.isalpha()):
        return faults.refused(request, _("There is no such page of the log."))
    return page(request, "log.html", log=public_log.log_page(at, act), act=act)


@needs(May.READ)
def row(request: HttpRequest, seq: int) -> HttpResponse:
    """Lead to the page on which a row stands."""
    at = public_log.page_of(seq)
    if at is None:
        return faults.missing(request)
    return HttpResponseRedirect(f"/log/{f'?page={at}' if at > 1 else ''}#{seq}")


@needs(May.READ)
def table(request: HttpRequest) -> HttpResponse:
    """Send the whole log as a table."""
    answer = StreamingHttpResponse(
        public_log.as_csv(),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="moderation-log.csv"',
            "Cache-Control": "no-store",
        },
    )
    return cast("HttpResponse", answer)


addresses = [
    path("log/", index, name="log"),
    path("log/<row:seq>", row, name="log-row"),
    path("log.csv", table, name="log-csv"),
]
