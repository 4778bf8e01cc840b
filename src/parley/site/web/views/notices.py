"""What people are told: notices on one's account, what came of a report of illegal content.

What lives here: requests. What may not: making notices (``moderation.notices``).
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.site.web.access import May
from parley.site.web.models import Account, Notice, Report
from parley.site.web.moderation.notices import headline, paragraphs, sanction_of
from parley.site.web.pages import page
from parley.site.web.views import faults
from parley.site.web.views.guard import needs

__all__ = ["addresses"]

SHOWN = 100
_RECEIPT = re.compile(r"[A-Za-z0-9_-]{16,40}")


@needs(May.ACCOUNT)
def index(request: HttpRequest) -> HttpResponse:
    """Show what the account was told, newest first."""
    found = Notice.objects.filter(account=_own(request)).select_related("comment").order_by("-pk")[:SHOWN]
    lines = [
        {
            "title": headline(each),
            "paragraphs": paragraphs(each),
            "at": each.at,
            "new": each.read_at is None,
            "links": _links(each),
        }
        for each in found
    ]
    return page(request, "account/notices.html", lines=lines, unread=any(each["new"] for each in lines))


@needs(May.ACCOUNT, "POST")
def read(request: HttpRequest) -> HttpResponse:
    """Note that the account has read what it was told."""
    Notice.objects.filter(account=_own(request), read_at=None).update(read_at=timezone.now())
    return HttpResponseRedirect(reverse("notices"))


@needs(May.REPORT_ILLEGAL)
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show what came of a report of illegal content, to whoever has its receipt.

    Neither the comment's words nor who reported are shown: a receipt may be passed on.
    """
    found = Report.objects.filter(receipt=receipt).first() if _RECEIPT.fullmatch(receipt) else None
    if found is None:
        return faults.missing(request)
    answer = page(
        request,
        "receipt.html",
        at=found.at,
        open=found.outcome == Report.Outcome.OPEN,
        outcome=found.get_outcome_display(),
        decided=found.outcome_at,
        decision=found.decision,
        comment=found.comment_id,
    )
    answer["Referrer-Policy"] = "no-referrer"  # the address is the key
    return answer


def _own(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _links(notice: Notice) -> list[tuple[str, str]]:
    links = []
    if notice.comment_id is not None:
        links.append((f"/c/{notice.comment_id}/", _("The comment")))
        if notice.kind == Notice.Kind.REMOVED:
            links.append((f"/c/{notice.comment_id}/appeal", _("Appeal")))
        elif notice.kind == Notice.Kind.ASK:
            links.append((f"/c/{notice.comment_id}/edit", _("Change it")))
    if (sanction := sanction_of(notice)) is not None:
        links.append((reverse("sanction-appeal", args=[sanction]), _("Appeal")))
    if notice.seq is not None:
        links.append((reverse("log-row", args=[notice.seq]), _("In the public log")))
    return links


addresses = [
    path("account/notices/", index, name="notices"),
    path("account/notices/read", read, name="notices-read"),
    path("receipts/<str:receipt>/", receipt, name="receipt"),
]
