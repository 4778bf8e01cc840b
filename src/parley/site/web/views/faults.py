"""What is answered when something can't be done: plain words, no trace, no path.

What lives here: error pages, as HTML or JSON. What may not: reasons that would tell what exists.
"""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.site.web.limits import TooOften
from parley.site.web.pages import page
from parley.site.web.views.asked import wants_json

__all__ = ["broken", "conflict", "csrf", "forbidden", "missing", "refused", "too_often", "unauthorised"]

AGAIN = 5  # seconds after which a request may be sent again


def _fault(request: HttpRequest, status: int, detail: str = "", seconds: int = 0) -> HttpResponse:
    if wants_json(request):
        answer: HttpResponse = JsonResponse({"status": status, "error": detail}, status=status)
        answer["Cache-Control"] = "private, no-store"
        return answer
    if seconds:
        detail = ngettext("Try again in %(num)s second.", "Try again in %(num)s seconds.", seconds) % {
            "num": seconds
        }
    return page(request, "error.html", status=status, code=status, text=detail)


def unauthorised(request: HttpRequest) -> HttpResponse:
    """Answer 401: sign in first."""
    return _fault(request, 401, _("Sign in to do this."))


def forbidden(request: HttpRequest, text: object = "", exception: object = None) -> HttpResponse:
    """Answer 403."""
    return _fault(request, 403, text if isinstance(text, str) else "")


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 for a form without its token."""
    return _fault(request, 403, _("The form was too old or came from elsewhere. Load the page again."))


def missing(request: HttpRequest, exception: object = None) -> HttpResponse:
    """Answer 404, the same whether something never existed or may not be seen."""
    return _fault(request, 404, _("There is nothing at this address."))


def conflict(request: HttpRequest, text: str) -> HttpResponse:
    """Answer 409: somebody was quicker."""
    return _fault(request, 409, text)


def refused(request: HttpRequest, text: str) -> HttpResponse:
    """Answer 400 with what is wrong."""
    return _fault(request, 400, text)


def too_often(request: HttpRequest, fault: TooOften) -> HttpResponse:
    """Answer 429, with the time to wait."""
    answer = _fault(request, 429, seconds=fault.seconds)
    answer["Retry-After"] = str(fault.seconds)
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500 without a word of what went wrong inside; 503 where the database could not do its work.

    That is the day's fault, not the request's: the disk is full, another program holds the database, its
    server is away. Nothing of the request was kept, and it may be sent again.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):  # Django calls this from its handler
        answer = _fault(
            request, 503, _("The site cannot write at the moment. Nothing was kept: try again soon.")
        )
        answer["Retry-After"] = str(AGAIN)
        return answer
    return _fault(request, 500)
