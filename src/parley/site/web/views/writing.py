"""Writing: a comment, an answer, a change, its earlier texts, taking it back.

What lives here: views. What may not: rules (``debate``).
"""

from __future__ import annotations

import math
import secrets
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from parley.errors import TextError
from parley.site.render.safe import Safe, sanitised
from parley.site.render.views import Crumb
from parley.site.text.diff import as_html
from parley.site.web import sayings
from parley.site.web.access import May, may
from parley.site.web.debate import writing
from parley.site.web.debate.drafts import Origin, drafted, opened_at, seconds_since
from parley.site.web.models import Account, Article, Comment, State
from parley.site.web.moderation.acts import Refused
from parley.site.web.pages import page
from parley.site.web.views.answers import (
    account_of,
    answered,
    article_or_404,
    comment_or_404,
    done,
    field,
    network_of,
    said,
    whole,
)
from parley.site.web.views.guard import needs, open_to_shared_pages

__all__ = ["addresses", "composer", "crumbs", "origin_of", "place_of", "previewed"]


def origin_of(request: HttpRequest) -> Origin:
    """Return how a text came: from which network, how fast, by which form."""
    return Origin(
        network=network_of(request),
        seconds=_seconds(request),
        trapped=bool(request.POST.get("website")),
        key=field(request, "key")[:200],
    )


def _seconds(request: HttpRequest) -> float | None:
    """Return for how long was typed: what the page's script says, else since the form was made."""
    try:
        typed = float(field(request, "typed"))
    except ValueError:
        return seconds_since(field(request, "started"))
    return typed if math.isfinite(typed) and typed >= 0 else None


def _started(request: HttpRequest) -> str:
    """Return since when a text is being written: that of the form, else now; unknown once there are words.

    The form on an article's page is one for all readers and has no stamp: a text that comes from there to be
    looked at was written before, for nobody knows how long.
    """
    return field(request, "started") or ("" if field(request, "text") else opened_at())


def composer(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    """Answer with the page on which a text is written."""
    shown: dict[str, Any] = {
        "text": field(request, "text"),
        "preview": Safe(""),
        "errors": (),
        "quote": "",
        "passage": "",
        "answered": None,
        "answered_html": Safe(""),
        "revision": None,
        "kind": "",
        "note": "",
        "limit": settings.PARLEY_RULES.comment_characters,
        "key": field(request, "key") or secrets.token_urlsafe(16),
        "started": _started(request),
    }
    return page(request, "debate/compose.html", status=status, **{**shown, **context})


def previewed(request: HttpRequest, **context: Any) -> HttpResponse:
    """Answer with the composer and the text as it would be shown, or with what is wrong with it."""
    try:
        preview = sanitised(drafted(field(request, "text")).rendered.html)
    except TextError as fault:
        return composer(request, status=400, errors=[("text", said(fault))], **context)
    return composer(request, preview=preview, **context)


def crumbs(article: Article, last: str) -> tuple[Crumb, ...]:
    """Return the way to a page of the debate under an article."""
    title = article.current.title if article.current else article.slug
    return (
        Crumb(_("Articles"), "/"),
        Crumb(title, f"/a/{article.slug}/"),
        Crumb(last),
    )


def place_of(comment: Comment) -> str:
    """Return where a comment is seen: in its thread if it is shown, else on its own page."""
    if comment.state == State.VISIBLE:
        return f"/a/{comment.article.slug}/#c-{comment.pk}"
    return f"/c/{comment.pk}/"


def _told(request: HttpRequest, comment: Comment) -> HttpResponse:
    return done(
        request,
        place_of(comment),
        id=comment.pk,
        state=comment.state,
        reasons=[sayings.said(each) for each in comment.held_reasons],
    )


@open_to_shared_pages
@needs(May.WRITE, "GET", "HEAD", "POST")
@answered
def comment(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a comment under an article."""
    article = article_or_404(request, slug)
    values = request.POST if request.method == "POST" else request.GET
    context: dict[str, Any] = {
        "title": _("Write a comment"),
        "crumbs": crumbs(article, _("Write a comment")),
        "action": f"/a/{article.slug}/comment",
        "quote": str(values.get("quote", ""))[:2_000],
        "passage": str(values.get("passage", ""))[:80],
        "draft": f"/a/{article.slug}/",
        "verb": _("Post comment"),
    }
    writing.refuse_closed(article)
    if request.method != "POST":
        return composer(request, **context)
    if field(request, "do") == "preview":
        return previewed(request, **context)
    try:
        made = writing.post(
            account_of(request),
            article,
            field(request, "text"),
            origin_of(request),
            quote=field(request, "quote"),
            passage=field(request, "passage"),
        )
    except TextError as fault:
        return composer(request, status=400, errors=[(_at(fault), said(fault))], **context)
    return _told(request, made)


def _at(fault: TextError) -> str:
    return "quote" if fault.code.startswith("quote") else "text"


@open_to_shared_pages
@needs(May.WRITE, "GET", "HEAD", "POST")
@answered
def reply(request: HttpRequest, key: int) -> HttpResponse:
    """Answer a comment."""
    found = comment_or_404(request, key)
    if found.state != State.VISIBLE:
        raise Http404
    context: dict[str, Any] = {
        "title": _("Reply to #%(id)s") % {"id": found.pk},
        "crumbs": crumbs(found.article, _("Reply to #%(id)s") % {"id": found.pk}),
        "action": f"/c/{found.pk}/reply",
        "answered": found,
        "answered_html": sanitised(found.html),
        "draft": f"/c/{found.pk}/reply",
        "verb": _("Post reply"),
    }
    writing.refuse_closed(found.article)
    if request.method != "POST":
        return composer(request, **context)
    if field(request, "do") == "preview":
        return previewed(request, **context)
    try:
        made = writing.reply(account_of(request), found, field(request, "text"), origin_of(request))
    except TextError as fault:
        return composer(request, status=400, errors=[("text", said(fault))], **context)
    return _told(request, made)


@open_to_shared_pages
@needs(May.WRITE, "GET", "HEAD", "POST")
@answered
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Change an own comment."""
    found = comment_or_404(request, key)
    writer = account_of(request)
    if found.author_id != writer.pk:
        raise Http404
    context: dict[str, Any] = {
        "title": _("Change comment #%(id)s") % {"id": found.pk},
        "crumbs": crumbs(found.article, _("Change comment #%(id)s") % {"id": found.pk}),
        "action": f"/c/{found.pk}/edit",
        "revision": found.revision,
        "draft": "",
        "verb": _("Save the change"),
    }
    if request.method != "POST":
        if not writing.changeable(found, writer):
            raise Refused(writing.OVER)
        return composer(request, text=found.source, **context)
    seen = whole(field(request, "revision"))
    if field(request, "do") == "preview":
        return previewed(request, **{**context, "revision": seen or found.revision})
    try:
        changed = writing.change(found, writer, field(request, "text"), seen, origin_of(request))
    except TextError as fault:
        return composer(request, status=400, errors=[("text", said(fault))], **context)
    return _told(request, changed)


@open_to_shared_pages
@needs(May.ACCOUNT, "GET", "HEAD", "POST")
@answered
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Take an own comment back, after a page that asks whether it is meant."""
    found = comment_or_404(request, key)
    if found.author_id != account_of(request).pk:
        raise Http404
    if request.method != "POST":
        return page(
            request,
            "debate/withdraw.html",
            crumbs=crumbs(found.article, _("Withdraw comment #%(id)s") % {"id": found.pk}),
            comment=found,
            html=sanitised(found.html),
        )
    writing.take_back(found, account_of(request))
    return done(request, f"/a/{found.article.slug}/#comments", id=found.pk, state=State.WITHDRAWN.value)


@needs(May.READ)
def history(request: HttpRequest, key: int) -> HttpResponse:
    """Show the earlier texts of a comment, and what changed between them.

    What waited for an editor and was changed before anybody else saw it is for its writer and editors alone.
    """
    found = comment_or_404(request, key)
    earlier = found.edits.order_by("at", "pk")
    own = isinstance(request.user, Account) and found.author_id == request.user.pk
    if not own and not may(request.user, May.MODERATE):
        earlier = earlier.filter(shown=True)
    texts = [*earlier.values_list("source", "at"), (found.source, None)]
    steps = [
        {"at": at, "changes": sanitised(as_html(old, new))} for (old, at), (new, _later) in pairwise(texts)
    ]
    return page(
        request,
        "debate/history.html",
        crumbs=crumbs(found.article, _("Earlier texts of #%(id)s") % {"id": found.pk}),
        comment=found,
        href=place_of(found),
        steps=steps,
    )


addresses = [
    path("a/<slug:slug>/comment", comment, name="comment-write"),
    path("c/<row:key>/reply", reply, name="comment-reply"),
    path("c/<row:key>/edit", edit, name="comment-edit"),
    path("c/<row:key>/withdraw", withdraw, name="comment-withdraw"),
    path("c/<row:key>/history", history, name="comment-history"),
]
