"""What is seen of one comment, and of one account: their own pages.

What lives here: views. What may not: how a comment is shown (``reading``, ``effects``).
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from parley.site.render.safe import sanitised
from parley.site.render.views import CommentView, Crumb
from parley.site.web import sayings
from parley.site.web.access import May, readable_articles
from parley.site.web.debate import answering, appealing, writing
from parley.site.web.editions import LARGE, LARGE_BEHIND, edition_of
from parley.site.web.effects import challenge_view
from parley.site.web.models import Account, Article, ChallengeEffect, Comment, Kind, Mark, State
from parley.site.web.pages import page
from parley.site.web.reading import comment_view, shown
from parley.site.web.views.answers import sentence
from parley.site.web.views.asked import once
from parley.site.web.views.guard import needs
from parley.site.web.views.writing import crumbs

__all__ = ["addresses"]

ON_PAGE = 50  # comments on one page of an account


@needs(May.READ)
def comment(request: HttpRequest, key: int) -> HttpResponse:
    """Show one comment with what it answers and its answers; its writer sees how it stands as well."""
    found = _visible_to(request, key)
    own = isinstance(request.user, Account) and found.author_id == request.user.pk
    edition = edition_of(_current(found))
    open_ = found.article.state == Article.State.PUBLISHED
    rows = shown(Comment.objects.filter(parent=found)).select_related("author", "removal", "article")
    view = comment_view(found, edition, found.article, rows.order_by("created", "pk"), closed=not open_)
    above = None
    if found.parent is not None:
        above = comment_view(found.parent, edition, found.article, closed=not open_)
    return page(
        request,
        "debate/comment.html",
        crumbs=crumbs(found.article, _("Comment #%(id)s") % {"id": found.pk}),
        comment=found,
        view=view,
        challenge=_numbers(found, view),
        above=above,
        in_thread=f"/a/{found.article.slug}/#c-{found.pk}" if found.state == State.VISIBLE else "",
        standing=_standing(request, found) if own else None,
        own_html=sanitised(found.html) if own and found.state != State.VISIBLE else "",
        marks=_marks(request, found),
        may_answer=_may_answer(request, found),
    )


def _visible_to(request: HttpRequest, key: int) -> Comment:
    """Return a comment of which the reader may see the words, or what is left of one that was once shown."""
    articles = readable_articles(request.user).filter(current__isnull=False)
    rows = Comment.objects.filter(pk=key, article__in=articles).select_related(
        "article__current", "author", "parent__author", "parent__removal", "removal"
    )
    found = rows.defer(*LARGE_BEHIND).first()
    if found is None:
        raise Http404
    own = isinstance(request.user, Account) and found.author_id == request.user.pk
    once_shown = found.state == State.VISIBLE or (found.shown_at is not None and found.state != State.HELD)
    if not own and not once_shown:
        raise Http404
    return found


def _current(found: Comment) -> Any:
    return found.article.current


def _numbers(found: Comment, view: CommentView | None) -> Any:
    """Return the challenge of a comment as everybody sees it, or None."""
    if view is None or view.tombstone or found.kind == Kind.COMMENT or not hasattr(found, "challenge"):
        return None
    rows = ChallengeEffect.objects.filter(challenge=found.challenge).select_related("solve", "version")
    rows = rows.defer("solve__effect", *(f"version__{name}" for name in LARGE))
    return challenge_view(found, view, edition_of(_current(found)), found.article, list(rows))


def _standing(request: HttpRequest, found: Comment) -> dict[str, Any]:
    """Say to the writer how the comment stands, and what can be done."""
    assert isinstance(request.user, Account)
    waits = found.state == State.HELD
    return {
        "state": State(found.state).label,
        "why": [sayings.said(each) for each in found.held_reasons] if waits else [],
        "edit": writing.changeable(found, request.user),
        "withdraw": found.state != State.WITHDRAWN,
        "appeal": found.state == State.REMOVED and not appealing.appealable(found, request.user),
        "no_appeal": _no_appeal(found, request.user),
    }


def _no_appeal(found: Comment, writer: Account) -> str:
    why = appealing.appealable(found, writer) if found.state == State.REMOVED else ""
    return sentence(why) if why else ""


def _may_answer(request: HttpRequest, found: Comment) -> bool:
    shown_challenge = found.kind != Kind.COMMENT and found.state == State.VISIBLE
    return shown_challenge and isinstance(request.user, Account) and answering.may_answer(request.user, found)


def _marks(request: HttpRequest, found: Comment) -> list[dict[str, str]]:
    """Return the reader's own marks on the comment, to be taken back."""
    if not isinstance(request.user, Account):
        return []
    own = Mark.objects.filter(account=request.user, comment=found).order_by("pk")
    return [{"kind": each.kind, "words": str(Mark.Kind(each.kind).label)} for each in own]


@needs(May.READ)
def profile(request: HttpRequest, name: str) -> HttpResponse:
    """Show an account as everybody sees it: what became of its comments, and those that are shown."""
    found = Account.objects.filter(name=name, deleted_at=None, is_active=True).first()
    number = _page_number(request)
    if found is None or number is None:
        raise Http404
    rows = Comment.objects.filter(author=found, article__in=readable_articles(request.user))
    rows = rows.filter(article__state__in=(Article.State.PUBLISHED, Article.State.CLOSED))
    public = rows.filter(state=State.VISIBLE)
    told = public.aggregate(
        comments=Count("pk"),
        challenges=Count("pk", filter=Q(kind=Kind.CHALLENGE)),
        picks=Count("pk", filter=Q(pick=True)),
        advances=Sum("advances", default=0),
        convinced=Sum("convinced", default=0),
    )
    judged = found.approved + found.removed
    first = (number - 1) * ON_PAGE
    listed = public.select_related("article__current").defer("source", *LARGE_BEHIND)
    comments = list(listed.order_by("-created", "-pk")[first : first + ON_PAGE + 1])
    if number > 1 and not comments:
        raise Http404
    return page(
        request,
        "debate/profile.html",
        crumbs=(Crumb(_("Articles"), "/"), Crumb(found.name)),
        reader=found.name,
        bio=found.bio,
        standing=_word(found),
        joined=found.joined.astimezone(UTC).date(),
        approved=found.approved,
        removed=found.removed,
        share=round(100 * found.approved / judged) if judged else None,
        told=told,
        comments=[
            {
                "href": f"/a/{each.article.slug}/#c-{each.pk}",
                "title": each.article.current.title if each.article.current else each.article.slug,
                "posted": each.created,
                "html": sanitised(each.html),
                "pick": each.pick,
            }
            for each in comments[:ON_PAGE]
        ],
        older=number + 1 if len(comments) > ON_PAGE else None,
        newer=number - 1 if number > 1 else None,
    )


def _word(account: Account) -> str:
    return account.get_role_display() if account.role != "reader" else str(account.standing().label)


def _page_number(request: HttpRequest) -> int | None:
    if "page" not in request.GET:
        return 1
    text = once(request, "page") or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 and int(text) > 0 else None


addresses = [
    path("c/<row:key>/", comment, name="comment"),
    path("u/<str:name>/", profile, name="profile"),
]
