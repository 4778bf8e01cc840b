"""``/me``: what a page that all readers share cannot say, for the one who reads it.

What lives here: the private facts beside shared pages. What may not: anything about others.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _

from parley.site.web import sayings
from parley.site.web.access import May, readable_articles
from parley.site.web.models import Account, Article, Comment, Mark, State
from parley.site.web.moderation import notices
from parley.site.web.rules import CLAUSES
from parley.site.web.views import faults
from parley.site.web.views.asked import once
from parley.site.web.views.guard import needs

__all__ = ["me", "unread"]


@needs(May.READ)
def me(request: HttpRequest) -> HttpResponse:
    """Answer with who reads: name, role, standing, form token, unread decisions.

    Of the article that ``?a=slug`` names: one's own marks, and one's own comments that others do not see
    (held, hidden, removed).
    """
    account = request.user if isinstance(request.user, Account) else None
    said: dict[str, Any] = {"name": None, "role": None, "standing": None, "token": None, "unread": 0}
    if account is not None:
        said = {
            "name": account.name,
            "role": account.role,
            "standing": str(account.standing()),
            "silenced": account.silenced(),
            "editor": account.is_editor,
            "token": get_token(request),
            "unread": unread(account),
        }
    if "a" in request.GET:
        slug = once(request, "a")
        article = readable_articles(request.user).filter(slug=slug).first() if slug else None
        if article is None:
            return faults.missing(request)
        said |= _beside(account, article)
    answer = JsonResponse(said)
    answer["Cache-Control"] = "private, no-store"
    return answer


def unread(account: Account) -> int:
    """Return how many notices of decisions an account has not read."""
    return notices.unread(account)


def _beside(account: Account | None, article: Article) -> dict[str, Any]:
    if account is None:
        return {"marks": {}, "own": [], "unseen": []}
    marks: dict[str, list[str]] = {}
    for mark in Mark.objects.filter(account=account, comment__article=article).order_by("pk"):
        marks.setdefault(str(mark.comment_id), []).append(mark.kind)
    own = (
        Comment.objects.filter(author=account, article=article).exclude(state=State.WITHDRAWN).order_by("pk")
    )
    hidden = own.exclude(state=State.VISIBLE)
    return {
        "marks": marks,
        "own": list(own.values_list("pk", flat=True)),
        "unseen": [
            {
                "id": comment.pk,
                "state": comment.state,
                "state_words": str(State(comment.state).label),
                "html": comment.html,
                "created": comment.created.isoformat(),
                "parent": comment.parent_id,
                "reasons": [sayings.said(reason) for reason in comment.held_reasons],
                "clause": _(CLAUSES[comment.clause]) if comment.clause else "",
                "href": f"/c/{comment.pk}",
            }
            for comment in hidden
        ],
    }
