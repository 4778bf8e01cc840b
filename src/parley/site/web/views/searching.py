"""The search page.

What lives here: the view. What may not: the index, the query's language.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from parley.site.render.excerpt import LONGEST_QUERY
from parley.site.web.access import May
from parley.site.web.limits import TooOften, take
from parley.site.web.models import Account
from parley.site.web.pages import page
from parley.site.web.search.find import KINDS, Found, search
from parley.site.web.views import faults
from parley.site.web.views.guard import needs
from parley.site.web.views.shared import Faulty, page_number

__all__ = ["addresses"]


@needs(May.READ)
def look(request: HttpRequest) -> HttpResponse:
    """Show what was found."""
    try:
        text, kind, number = _one(request, "q"), _one(request, "kind"), page_number(request)
    except Faulty as fault:
        return faults.refused(request, str(fault))
    if kind and kind not in KINDS:
        return faults.refused(request, _("`kind` is article or comment."))
    found = None
    if text.strip():
        account = request.user if isinstance(request.user, Account) else None
        try:
            take("search", network=request.network, account=account)  # type: ignore[attr-defined]
        except TooOften as fault:
            return faults.too_often(request, fault)
        found = search(text, kind, number)
    return page(
        request,
        "search.html",
        query=text[:LONGEST_QUERY],
        kind=kind,
        found=found,
        earlier=_href(text, kind, number - 1) if number > 1 else "",
        later=_href(text, kind, number + 1) if found is not None and number < found.pages else "",
        most=_most(found),
    )


def _one(request: HttpRequest, name: str) -> str:
    given = request.GET.getlist(name)
    if len(given) > 1:
        raise Faulty(_("`%(name)s` must be given once.") % {"name": name})
    return given[0].replace("\x00", " ") if given else ""


def _href(text: str, kind: str, number: int) -> str:
    return f"/search/?{urlencode({'q': text, 'kind': kind, 'page': number})}"


def _most(found: Found | None) -> int:
    return found.total if found is not None and found.more else 0


addresses = [path("search/", look, name="search")]
