"""What editors know of a writer, and what they may impose: notes, mutes, bans.

What lives here: requests. What may not: rules (``moderation.sanctions``); mail addresses, which editors
never see.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from parley.site.web.access import May
from parley.site.web.editions import LARGE_BEHIND
from parley.site.web.models import Account, Comment, Note, Sanction
from parley.site.web.moderation import sanctions
from parley.site.web.moderation.acts import Conflict, Refused
from parley.site.web.moderation.decide import LONGEST_NOTE
from parley.site.web.moderation.people import person, person_notes, sanction_lines
from parley.site.web.pages import page
from parley.site.web.rules import CLAUSES
from parley.site.web.views import faults
from parley.site.web.views.asked import once, wants_json
from parley.site.web.views.guard import needs
from parley.site.web.views.proof import proved_recently
from parley.site.web.views.queue import answer_conflict, editor_of, number

__all__ = ["addresses"]

SHOWN = 100  # newest comments on an account's page


@needs(May.MODERATE)
def show(request: HttpRequest, name: str) -> HttpResponse:
    """Show a writer: history, notes, sanctions."""
    account = _find(name)
    if account is None:
        return faults.missing(request)
    comments = (
        Comment.objects.filter(author=account)
        .select_related("article__current", "removal")
        .defer(*LARGE_BEHIND)
        .order_by("-pk")
    )
    return page(
        request,
        "editors/person.html",
        person=person(account),
        points=account.points,
        judged=account.judged,
        upheld=account.upheld,
        comments=comments[:SHOWN],
        comments_in_all=comments.count(),
        notes=person_notes(account),
        sanctions=sanction_lines(account),
        clauses=tuple(CLAUSES.items()),
        steps=settings.PARLEY_RULES.mute_hours,
        said=_("Done.") if "ok" in request.GET else "",
    )


@needs(May.MODERATE, "POST")
def mute(request: HttpRequest, name: str) -> HttpResponse:
    """Mute a writer for the next step of the rules, or for one that is named."""

    def act(account: Account) -> str:
        hours = number(request, "hours", request.POST)
        made = sanctions.mute(
            account,
            editor_of(request),
            seen=_seen(request),
            clause=number(request, "clause", request.POST) or 0,
            hours=hours,
            text=request.POST.get("text", "").strip(),
        )
        until = f"{made.until:%Y-%m-%d %H:%M} UTC"
        return _("%(name)s may not write until %(until)s.") % {"name": account.name, "until": until}

    return _sanction(request, name, act)


@needs(May.MODERATE, "POST")
@proved_recently
def ban(request: HttpRequest, name: str) -> HttpResponse:
    """Ban a writer, alone or with everything that the account wrote."""

    def act(account: Account) -> str:
        everything = once(request, "everything", request.POST) is not None
        sanctions.ban(
            account,
            editor_of(request),
            seen=_seen(request),
            clause=number(request, "clause", request.POST) or 0,
            typed=request.POST.get("typed", ""),
            everything=everything,
            text=request.POST.get("text", "").strip(),
        )
        if everything:
            return _("%(name)s is banned, and all that the account wrote is removed.") % {
                "name": account.name
            }
        return _("%(name)s is banned.") % {"name": account.name}

    return _sanction(request, name, act)


@needs(May.MODERATE, "POST")
@proved_recently
def lift(request: HttpRequest, name: str, sanction: int) -> HttpResponse:
    """Lift a mute or a ban; comments that were removed with a ban come back."""

    def act(account: Account) -> str:
        found = Sanction.objects.get(pk=sanction, account=account)
        back = sanctions.lift(found, editor_of(request), text=request.POST.get("text", "").strip())
        return _("%(name)s may write again; %(n)s comments are as before.") % {
            "name": account.name,
            "n": len(back),
        }

    return _sanction(request, name, act)


@needs(May.MODERATE, "POST")
def note(request: HttpRequest, name: str) -> HttpResponse:
    """Write a note on an account, for editors alone."""
    account, text = _find(name), request.POST.get("text", "").strip()
    if account is None:
        return faults.missing(request)
    if not 0 < len(text) <= LONGEST_NOTE:
        return faults.refused(request, _("A note has 1 to %(most)s characters.") % {"most": LONGEST_NOTE})
    Note.objects.create(account=account, by=editor_of(request), text=text)
    return _done(request, account, _("Noted."))


def _sanction(request: HttpRequest, name: str, act: Callable[[Account], str]) -> HttpResponse:
    account = _find(name)
    if account is None:
        return faults.missing(request)
    try:
        said = act(account)
    except Conflict as fault:
        return answer_conflict(request, fault)
    except Refused as fault:
        return faults.refused(request, str(fault))
    except Sanction.DoesNotExist:  # of another account, or none at all: the same answer
        return faults.missing(request)
    return _done(request, account, said)


def _done(request: HttpRequest, account: Account, said: str) -> HttpResponse:
    if wants_json(request):
        seen = sanctions.sanctions_seen(account)
        answer = JsonResponse({"said": said, "seen": seen, "next_mute": sanctions.next_mute(account)})
        answer["Cache-Control"] = "private, no-store"
        return answer
    return HttpResponseRedirect(f"{reverse('queue-person', args=[account.name])}?ok=1")


def _seen(request: HttpRequest) -> int:
    """Return which sanctions the editor saw."""
    found = number(request, "seen", request.POST)
    if found is None:
        raise Refused(_("The form must say once which sanctions it has seen."))
    return found


def _find(name: str) -> Account | None:
    return Account.objects.filter(name__iexact=name, deleted_at=None).first()


addresses = [
    path("queue/people/<str:name>/", show, name="queue-person"),
    path("queue/people/<str:name>/mute", mute, name="queue-mute"),
    path("queue/people/<str:name>/ban", ban, name="queue-ban"),
    path("queue/people/<str:name>/lift/<row:sanction>", lift, name="queue-lift"),
    path("queue/people/<str:name>/note", note, name="queue-person-note"),
]
