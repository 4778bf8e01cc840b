"""Following by mail: the answers to one's own comments, confirming by a link, ending by another.

What lives here: views. What may not: following an article (``reacting``), mail itself.

Links in mails only open a page; its button acts. A mail program that unsubscribes at one click posts to the
same address, signed out and from nowhere: the signature in the address is the key.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.site.web.access import May
from parley.site.web.debate import following
from parley.site.web.models import Account, Subscription
from parley.site.web.moderation.acts import Refused
from parley.site.web.outlets import letters
from parley.site.web.pages import page
from parley.site.web.views import faults
from parley.site.web.views.guard import machine_posts, needs, open_to_shared_pages

__all__ = ["addresses"]


@open_to_shared_pages
@needs(May.FOLLOW, "GET", "HEAD", "POST")
def answers(request: HttpRequest) -> HttpResponse:
    """Follow the answers to one's own comments, or end that (``set=off``)."""
    account = request.user
    assert isinstance(account, Account), "following needs an account"
    if request.method == "POST":
        if request.POST.get("set") == "off":
            following.unfollow(account, None)
        else:
            try:
                following.follow(account, None, request.POST.get("pace") or Subscription.Pace.DAILY)
            except Refused as fault:
                return faults.refused(request, str(fault))
        return HttpResponseRedirect("/follow/answers")
    return page(
        request,
        "outlets/answers.html",
        paces=list(Subscription.Pace.choices),
        now=Subscription.objects.filter(account=account, article=None).first(),
    )


@open_to_shared_pages
@needs(May.READ, "GET", "HEAD", "POST")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether something is to be followed; its button confirms."""
    found = letters.followed(token)
    if found is None:
        return _void(request)
    if request.method == "POST":
        if found.confirmed_at is None:
            Subscription.objects.filter(pk=found.pk, confirmed_at=None).update(confirmed_at=timezone.now())
        return page(
            request,
            "message.html",
            title=_("Confirmed"),
            text=_("News will come to you by mail. Every mail says how to end it."),
        )
    current = found.article.current if found.article is not None else None
    return page(
        request,
        "outlets/confirm.html",
        heading=_("Do you want to follow this?"),
        what=current.title
        if current is not None
        else _("Answers to your comments, and news of your challenges"),
        pace=Subscription.Pace(found.pace).label,
        action=request.path,
        words=_("Yes, send me the news"),
    )


@machine_posts
@needs(May.READ, "GET", "HEAD", "POST")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether all digests are to end; its button, or a mail program's post, ends them."""
    account = letters.unfollowed(token)
    if account is None:
        return _void(request)
    if request.method == "POST":
        Subscription.objects.filter(account=account).delete()
        return page(
            request,
            "message.html",
            title=_("Ended"),
            text=_("No more news will be sent to you. What you follow can be chosen anew at any time."),
        )
    return page(
        request,
        "outlets/confirm.html",
        heading=_("End all of these mails?"),
        what=_("Everything that you follow by mail"),
        pace="",
        action=request.path,
        words=_("Yes, end them"),
    )


def _void(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "message.html",
        status=404,
        title=_("This link no longer holds"),
        text=_("It is too old, or what it was for is gone."),
    )


addresses = [
    path("follow/answers", answers, name="follow-answers"),
    path("follow/confirm/<str:token>", confirm, name="follow-confirm"),
    path("unsubscribe/<str:token>", unsubscribe, name="unsubscribe"),
]
