"""One's own account: profile, comments and what became of them, sessions, a copy of one's data, deletion.

What lives here: requests about the account that makes them. What may not: any other account.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.site.web import sayings
from parley.site.web.access import May
from parley.site.web.accounts import erasure, export, sessions, social
from parley.site.web.editions import LARGE_BEHIND
from parley.site.web.limits import TooOften, take
from parley.site.web.models import (
    Account,
    Comment,
    DataExport,
    Sanction,
    Standing,
    State,
    Subscription,
)
from parley.site.web.moderation.contesting import contestable
from parley.site.web.pages import page
from parley.site.web.revisions import touch_site
from parley.site.web.rules import CLAUSES
from parley.site.web.views import faults
from parley.site.web.views.asked import once
from parley.site.web.views.guard import needs
from parley.site.web.views.me import unread
from parley.site.web.views.proof import proved_recently

__all__ = ["addresses"]

PAGE = 50
BIO = 300


@dataclass(frozen=True, slots=True)
class OwnComment:
    """A comment as its writer sees it: where it is, what became of it, and why."""

    href: str
    article: str
    words: str
    written: datetime
    state: str
    reasons: tuple[str, ...]
    log: str


@needs(May.ACCOUNT)
def account(request: HttpRequest) -> HttpResponse:
    """Show one's account."""
    own = _own(request)
    pages = Paginator(
        Comment.objects.filter(author=own)
        .select_related("article__current", "removal")
        .defer(*LARGE_BEHIND)
        .order_by("-pk"),
        PAGE,
    )
    number = once(request, "page") or "1"
    shown = pages.get_page(int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1)
    return _page(
        request,
        "account/account.html",
        account=own,
        standing=str(Standing(own.standing()).label),
        standing_words=_standing(own),
        comments=[_comment(each) for each in shown],
        earlier=f"?page={shown.next_page_number()}" if shown.has_next() else "",
        later=f"?page={shown.previous_page_number()}" if shown.has_previous() else "",
        unread=unread(own),
        sanctions=[
            _sanction(each)
            for each in Sanction.objects.filter(account=own)
            .select_related("account", "appeal")
            .order_by("-pk")
        ],
        follows=[
            _follow(each)
            for each in Subscription.objects.filter(account=own)
            .select_related("article__current")
            .defer(*LARGE_BEHIND)
        ],
        second=Authenticator.objects.filter(user_id=own.pk, type=Authenticator.Type.TOTP).exists(),
        has_password=own.has_usable_password(),
        elsewhere=bool(social.providers()),
        copies=DataExport.objects.filter(account=own, expires__gt=timezone.now()).count(),
        rules=settings.PARLEY_RULES,
    )


@needs(May.ACCOUNT, "POST")
def profile(request: HttpRequest) -> HttpResponse:
    """Take a new text about oneself: one paragraph of at most 300 characters, shown as plain text."""
    own = _own(request)
    given = request.POST.getlist("bio")
    if len(given) != 1:
        return faults.refused(request, _("The form is not complete."))
    bio = " ".join(given[0].split())
    unseen = [c for c in bio if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn")]
    if len(bio) > BIO or unseen:
        text = _("The text about you may have at most 300 characters, and none that cannot be seen.")
        return faults.refused(request, text)
    own.bio = bio
    own.save(update_fields=("bio",))
    touch_site()
    return _back(_("Saved."), request)


@needs(May.ACCOUNT, "POST")
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End all other sessions."""
    sessions.end_others(request, _own(request))
    return _back(_("All other sessions have ended."), request)


@needs(May.ACCOUNT, "GET", "HEAD", "POST")
@proved_recently
def copy(request: HttpRequest) -> HttpResponse:
    """Make a copy of one's data, and show its link once."""
    own = _own(request)
    if request.method != "POST":
        return _page(request, "account/copy.html", href="", hours=settings.PARLEY_RULES.export_hours)
    try:
        take("export", network=getattr(request, "network", ""), account=own)
    except TooOften as fault:
        return faults.too_often(request, fault)
    href = reverse("account_copy_file", kwargs={"token": export.make(own)})
    return _page(request, "account/copy.html", href=href, hours=settings.PARLEY_RULES.export_hours)


@needs(May.ACCOUNT)
@proved_recently
def copy_file(request: HttpRequest, token: str) -> HttpResponse:
    """Hand the copy to its owner; for anybody else there is nothing."""
    data = export.fetch(_own(request), token)
    if data is None:
        return faults.missing(request)
    answer = HttpResponse(data, content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="parley-data.zip"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@needs(May.ACCOUNT, "GET", "HEAD", "POST")
@proved_recently
def delete(request: HttpRequest) -> HttpResponse:
    """Ask for the deletion of one's account, with the choice what becomes of the texts."""
    own = _own(request)
    hours = settings.PARLEY_RULES.deletion_hours
    if request.method != "POST":
        return _page(request, "account/delete.html", account=own, hours=hours, error="")
    choice = once(request, "texts", request.POST)
    if choice not in ("remove", "unsign"):
        error = _("Choose what becomes of your texts.")
        return _page(request, "account/delete.html", status=400, account=own, hours=hours, error=error)
    try:
        erasure.ask(own, unsign=choice == "unsign")
    except erasure.DeletionError as fault:
        return faults.refused(request, str(fault))
    return _back(_("Your account will be deleted. Until then you can take this back here."), request)


@needs(May.ACCOUNT, "POST")
def keep(request: HttpRequest) -> HttpResponse:
    """Take the deletion back."""
    erasure.take_back(_own(request))
    return _back(_("Your account stays."), request)


addresses = [
    path("account/", account, name="account"),
    path("account/profile", profile, name="account_profile"),
    path("account/sessions/end", end_sessions, name="account_end_sessions"),
    path("account/copy", copy, name="account_copy"),
    path("account/copy/<str:token>", copy_file, name="account_copy_file"),
    path("account/delete", delete, name="account_delete"),
    path("account/keep", keep, name="account_keep"),
]


def _own(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account), "the table lets nobody else in"
    return request.user


def _page(request: HttpRequest, name: str, *, status: int = 200, **context: object) -> HttpResponse:
    from django.contrib.messages import get_messages

    notices = [str(each) for each in get_messages(request)]
    return page(request, name, status=status, notices=notices, **context)


def _back(words: str, request: HttpRequest) -> HttpResponse:
    from django.contrib import messages

    messages.success(request, words)
    return HttpResponseRedirect(reverse("account"))


def _standing(own: Account) -> str:
    rules = settings.PARLEY_RULES
    words = {
        Standing.NEW: _(
            "Your comments are read by an editor before they appear, until you have %(points)s points. "
            "Approved comments earn them."
        )
        % {"points": rules.newcomer_until},
        Standing.RECOGNISED: _("Your comments appear at once. From %(points)s points you are a contributor.")
        % {"points": rules.contributor_from},
        Standing.CONTRIBUTOR: _("Your comments appear at once, and your reports weigh more."),
    }
    return words[own.standing()]


def _comment(each: Comment) -> OwnComment:
    reasons = [sayings.said(reason) for reason in each.held_reasons]
    if each.clause:
        reasons.append(
            _("Clause %(number)s: %(text)s") % {"number": each.clause, "text": _(CLAUSES[each.clause])}
        )
    title = each.article.current.title if each.article.current else each.article.slug
    words = " ".join(each.source.split())
    return OwnComment(
        href=f"/c/{each.pk}",
        article=title,
        words=words if len(words) <= 120 else f"{words[:119].rstrip()}…",
        written=each.created,
        state=str(State(each.state).label),
        reasons=tuple(reason for reason in reasons if reason),
        log=f"/log/#{each.removal.seq}" if each.removal else "",
    )


def _sanction(each: Sanction) -> dict[str, object]:
    return {
        "kind": str(Sanction.Kind(each.kind).label),
        "at": each.at,
        "until": each.until,
        "lifted": each.lifted_at,
        "clause": _(CLAUSES[each.clause]),
        "text": each.text,
        "appeal": each.appeal.get_outcome_display() if hasattr(each, "appeal") else "",
        "href": reverse("sanction-appeal", args=[each.pk])
        if hasattr(each, "appeal") or not contestable(each, each.account)
        else "",
    }


def _follow(each: Subscription) -> dict[str, object]:
    article = each.article
    title = (article.current.title if article.current else article.slug) if article else _("Answers to you")
    return {
        "title": title,
        "href": f"/a/{article.slug}/" if article else "",
        "pace": str(Subscription.Pace(each.pace).label),
        "confirmed": each.confirmed_at is not None,
    }
