"""Appeals against mutes and bans: the reader's form, and the editors' decision.

What lives here: requests. What may not: the rules of appeals (``moderation.contesting``).
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from parley.errors import TextError
from parley.site.render.views import Crumb
from parley.site.web.access import May
from parley.site.web.models import Sanction, SanctionAppeal
from parley.site.web.moderation import contesting
from parley.site.web.moderation.acts import Refused
from parley.site.web.moderation.people import clause_words
from parley.site.web.pages import page
from parley.site.web.views import faults
from parley.site.web.views.answers import account_of, answered, field, network_of, said, sentence
from parley.site.web.views.asked import once
from parley.site.web.views.guard import needs
from parley.site.web.views.proof import proved_recently
from parley.site.web.views.queue import editor_of

__all__ = ["addresses"]


@needs(May.ACCOUNT, "GET", "HEAD", "POST")
@answered
def contest(request: HttpRequest, key: int) -> HttpResponse:
    """Appeal against an own mute or ban."""
    account = account_of(request)
    found = Sanction.objects.filter(pk=key, account=account).first()
    if found is None:
        raise Http404
    text, errors = field(request, "text"), []
    if request.method == "POST":
        try:
            contesting.contest(found, account, text, network_of(request))
        except TextError as fault:
            errors = [("text", said(fault))]
        else:
            return HttpResponseRedirect(reverse("sanction-appeal", args=[key]))
    why = contesting.contestable(found, account)
    return page(
        request,
        "account/contest.html",
        status=400 if errors else 200,
        crumbs=(Crumb(_("Your account"), reverse("account")), Crumb(_("Appeal"))),
        sanction=found,
        clause=clause_words(found.clause),
        appeal=SanctionAppeal.objects.filter(sanction=found).first(),
        why_not=sentence(why) if why else "",
        text=text,
        limit=contesting.LONGEST,
        errors=errors,
    )


@needs(May.MODERATE, "POST")
@proved_recently
def settle(request: HttpRequest, key: int) -> HttpResponse:
    """Decide an appeal against a mute or ban."""
    found = SanctionAppeal.objects.filter(pk=key).first()
    if found is None:
        return faults.missing(request)
    act = once(request, "act", request.POST)
    if act not in ("lift", "stand"):
        return faults.refused(request, _("The form is not complete."))
    try:
        contesting.settle(
            found, editor_of(request), lifted=act == "lift", text=field(request, "text").strip()
        )
    except Refused as fault:
        return faults.refused(request, sentence(str(fault)))
    return HttpResponseRedirect(f"{reverse('queue')}?tab=appeal")


addresses = [
    path("account/sanctions/<row:key>/appeal", contest, name="sanction-appeal"),
    path("queue/appeals/<row:key>", settle, name="queue-settle"),
]
