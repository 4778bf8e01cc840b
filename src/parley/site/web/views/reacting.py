"""Reacting: marks, reports, appeals, following.

What lives here: views. What may not: rules (``debate``).
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from parley.errors import TextError
from parley.site.render.safe import sanitised
from parley.site.text.paths import same_site
from parley.site.web import marks
from parley.site.web.access import May, may
from parley.site.web.debate import appealing, following, reporting
from parley.site.web.models import Account, Article, Comment, Kind, Mark, Report, State, Subscription
from parley.site.web.pages import page
from parley.site.web.rules import CLAUSES
from parley.site.web.views import faults
from parley.site.web.views.answers import (
    account_of,
    answered,
    article_or_404,
    comment_or_404,
    done,
    field,
    network_of,
    said,
    sentence,
)
from parley.site.web.views.asked import wants_json
from parley.site.web.views.guard import needs, open_to_shared_pages
from parley.site.web.views.writing import crumbs, place_of

__all__ = ["addresses"]


@open_to_shared_pages
@needs(May.MARK, "POST")
@answered
def mark(request: HttpRequest, key: int) -> HttpResponse:
    """Set a mark on a comment, or take it back (``set=off``)."""
    found = comment_or_404(request, key)
    kind, wish = field(request, "kind"), field(request, "set") or "on"
    if wish not in ("on", "off"):
        return faults.refused(request, _("A mark is set by on and taken back by off."))
    now = marks.mark(account_of(request), found, kind, on=wish == "on", network=network_of(request))
    back = same_site(field(request, "next")) or (
        f"/c/{found.pk}/" if kind == Mark.Kind.HIDE else place_of(found)
    )
    return done(request, back, kind=now.kind, set=now.set, counted=now.counted, count=now.count)


@open_to_shared_pages
@needs(May.REPORT_ILLEGAL, "GET", "HEAD", "POST")
@answered
def report(request: HttpRequest, key: int) -> HttpResponse:
    """Report a comment: readers what breaks the policy, anybody what is illegal."""
    found = comment_or_404(request, key)
    if found.state not in (State.VISIBLE, State.HIDDEN):
        raise Http404
    reader = request.user if isinstance(request.user, Account) else None
    if request.method != "POST":
        chosen = str(request.GET.get("reason", ""))
        return _report_form(request, found, reporting.Complaint(chosen))
    complaint = reporting.Complaint(
        reason=field(request, "reason"),
        text=field(request, "text"),
        duplicate_of=field(request, "duplicate_of"),
        tell_me=field(request, "tell_me") != "",
        country=field(request, "country"),
        ground=field(request, "ground"),
        contact_name=field(request, "contact_name"),
        contact_mail=field(request, "contact_mail"),
    )
    if complaint.reason != Report.Reason.ILLEGAL:
        if reader is None:
            return faults.unauthorised(request)
        if not may(reader, May.REPORT):
            return faults.forbidden(request, _("Your account may not write at present."))
    try:
        taken = reporting.report(found, complaint, reader, network_of(request))
    except TextError as fault:
        return _report_form(request, found, complaint, fault)
    return _reported(request, found, taken, reader)


def _report_form(
    request: HttpRequest, comment: Comment, complaint: reporting.Complaint, fault: TextError | None = None
) -> HttpResponse:
    if fault is not None and wants_json(request):
        return faults.refused(request, said(fault))
    signed_in = isinstance(request.user, Account)
    reasons = [
        (reason.value, reason.label)
        for reason in Report.Reason
        if (signed_in or reason == Report.Reason.ILLEGAL)
        and (reason not in reporting.FOR_CHALLENGES or comment.kind != Kind.COMMENT)
    ]
    return page(
        request,
        "debate/report.html",
        status=200 if fault is None else 400,
        crumbs=crumbs(comment.article, _("Report #%(id)s") % {"id": comment.pk}),
        comment=comment,
        html=sanitised(comment.html),
        reasons=reasons,
        signed_in=signed_in,
        for_challenges=comment.kind != Kind.COMMENT,
        given=complaint,
        errors=[] if fault is None else [(str(fault.values.get("field", "")), said(fault))],
    )


def _reported(
    request: HttpRequest, comment: Comment, taken: reporting.Taken, reader: Account | None
) -> HttpResponse:
    thanks = _("Reported. Editors will look at it.")
    if taken.again:
        thanks = _("You had reported this already. Editors have it.")
    receipt = taken.report.receipt or ""
    if wants_json(request):
        return done(request, f"/c/{comment.pk}/", message=thanks, again=taken.again, receipt=receipt)
    return page(
        request,
        "debate/reported.html",
        crumbs=crumbs(comment.article, _("Reported")),
        comment=comment,
        thanks=thanks,
        receipt=receipt,
        may_hide=reader is not None and comment.state == State.VISIBLE,
        back=place_of(comment),
    )


@open_to_shared_pages
@needs(May.ACCOUNT, "GET", "HEAD", "POST")
@answered
def appeal(request: HttpRequest, key: int) -> HttpResponse:
    """Appeal against the removal of an own comment."""
    writer, found = account_of(request), comment_or_404(request, key)
    if found.author_id != writer.pk or found.state != State.REMOVED:
        raise Http404
    why = appealing.appealable(found, writer)
    text, errors = field(request, "text"), []
    if request.method == "POST":
        try:
            appealing.appeal(found, writer, text, network_of(request))
        except TextError as fault:
            errors = [("text", said(fault))]
        else:
            return done(request, f"/c/{found.pk}/", id=found.pk, state=found.state)
    return page(
        request,
        "debate/appeal.html",
        status=400 if errors else 200,
        crumbs=crumbs(found.article, _("Appeal")),
        comment=found,
        html=sanitised(found.html),
        clause=found.clause,
        clause_words=_(CLAUSES[found.clause]) if found.clause else "",
        why_not=sentence(why) if why else "",
        text=text,
        limit=appealing.LONGEST,
        errors=errors,
    )


@open_to_shared_pages
@needs(May.FOLLOW, "GET", "HEAD", "POST")
@answered
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow an article by mail, or end that (``set=off``)."""
    account, article = account_of(request), article_or_404(request, slug)
    if request.method == "POST":
        return _followed(request, account, article)
    return page(
        request,
        "debate/follow.html",
        crumbs=crumbs(article, _("Follow")),
        article=article,
        title=article.current.title if article.current else article.slug,
        paces=list(Subscription.Pace.choices),
        now=Subscription.objects.filter(account=account, article=article).first(),
    )


def _followed(request: HttpRequest, account: Account, article: Article) -> HttpResponse:
    told: dict[str, Any]
    if field(request, "set") == "off":
        following.unfollow(account, article)
        told = {"following": False}
    else:
        made = following.follow(account, article, field(request, "pace") or Subscription.Pace.DAILY)
        told = {"following": True, "pace": made.pace, "confirmed": made.confirmed_at is not None}
    return done(request, f"/a/{article.slug}/follow", **told)


addresses = [
    path("c/<row:key>/mark", mark, name="comment-mark"),
    path("c/<row:key>/report", report, name="comment-report"),
    path("c/<row:key>/appeal", appeal, name="comment-appeal"),
    path("a/<slug:slug>/follow", follow, name="article-follow"),
]
