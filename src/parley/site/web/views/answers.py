"""How acts are answered: a page to go to, JSON for scripts, what is wrong in plain words.

What lives here: the faults of acts as answers, the same for all of them; reading a form. What may not: acts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from parley.errors import TextError
from parley.site.web.access import readable_articles, readable_comments
from parley.site.web.editions import LARGE_BEHIND, LARGE_OF_CURRENT
from parley.site.web.limits import TooOften
from parley.site.web.models import Account, Article, Comment
from parley.site.web.moderation.acts import Conflict, Refused
from parley.site.web.views import faults
from parley.site.web.views.asked import once, wants_json

__all__ = [
    "account_of",
    "answered",
    "article_or_404",
    "comment_or_404",
    "done",
    "field",
    "network_of",
    "said",
    "sentence",
    "whole",
]

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_LARGEST = 2**63 - 1


def answered(view: View[P]) -> View[P]:
    """Answer the faults of an act: refused 403, changed meanwhile 409, too often 429, not understood 400."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TooOften as fault:
            return faults.too_often(request, fault)
        except Conflict as fault:
            return faults.conflict(request, _(str(fault)))
        except Refused as fault:
            return faults.forbidden(request, sentence(str(fault)))
        except TextError as fault:
            return faults.refused(request, said(fault))

    return guarded


def said(fault: TextError) -> str:
    """Return the message of a fault in the reader's language."""
    return _(fault.template) % fault.values


def sentence(text: str) -> str:
    """Return a message as a sentence: with a capital and a stop."""
    words = _(text)
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")


def done(request: HttpRequest, href: str, **told: Any) -> HttpResponse:
    """Answer an act: scripts get what was told, browsers are sent to a page."""
    if wants_json(request):
        return JsonResponse({"href": href, **told}, headers={"Cache-Control": "private, no-store"})
    answer = HttpResponseRedirect(href)
    answer.status_code = 303  # read the next page by GET, whatever the act was sent by
    answer["Cache-Control"] = "private, no-store"
    return answer


def field(request: HttpRequest, name: str) -> str:
    """Return a field of the form that was sent; empty when it is missing or was sent twice."""
    return once(request, name, request.POST) or ""


def whole(text: str) -> int | None:
    """Return a number of a form, or None when it is none.

    Examples
    --------
    >>> whole("12"), whole("-1"), whole("1e9"), whole("9" * 30)
    (12, None, None, None)
    """
    if text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= _LARGEST:
        return int(text)
    return None


def network_of(request: HttpRequest) -> str:
    """Return the key of the client's network, set by the middleware."""
    return str(request.network)  # type: ignore[attr-defined]


def account_of(request: HttpRequest) -> Account:
    """Return who is signed in; the view's guard has seen to it that somebody is."""
    assert isinstance(request.user, Account)
    return request.user


def article_or_404(request: HttpRequest, slug: str) -> Article:
    """Return an article that the reader may read."""
    rows = readable_articles(request.user).filter(slug=slug, current__isnull=False)
    found = rows.select_related("current").defer(*LARGE_OF_CURRENT).first()
    if found is None:
        raise Http404
    return found


def comment_or_404(request: HttpRequest, key: int) -> Comment:
    """Return a comment whose words the reader may read."""
    rows = readable_comments(request.user).filter(pk=key, article__current__isnull=False)
    rows = rows.select_related("article__current", "author", "parent", "removal")
    found = rows.defer(*LARGE_BEHIND).first()
    if found is None:
        raise Http404
    return found
