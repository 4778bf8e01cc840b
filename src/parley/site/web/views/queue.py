"""The editors' queue: one page over all articles, and the decisions made on it.

What lives here: requests. What may not: rules (``moderation.decide``), what the page shows
(``moderation.queue``).

Everything is a plain form; whoever asks for JSON (the page's own script) gets the outcome as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.site.web.access import May
from parley.site.web.models import Account, Article, Comment, Note, Queue
from parley.site.web.moderation import claims, consequences, queue
from parley.site.web.moderation.acts import Conflict, Refused
from parley.site.web.moderation.decide import LONGEST_NOTE, decide
from parley.site.web.pages import page
from parley.site.web.rules import CLAUSES
from parley.site.web.views import faults
from parley.site.web.views.answers import whole
from parley.site.web.views.asked import once, wants_json
from parley.site.web.views.guard import needs

__all__ = ["addresses", "answer_conflict", "editor_of", "number"]

SELECTED = 50  # comments in one bulk act


def editor_of(request: HttpRequest) -> Account:
    """Return who asks; ``needs`` has seen to it that it is an editor."""
    assert isinstance(request.user, Account)
    return request.user


def number(request: HttpRequest, name: str, values: QueryDict | None = None) -> int | None:
    """Return a whole number of a form that is given exactly once; None when it is not, or is none."""
    text = once(request, name, values)
    return whole(text) if text is not None else None


def answer_conflict(request: HttpRequest, fault: Conflict) -> HttpResponse:
    """Answer 409 to an editor who was late, with the name of who was quicker."""
    by = fault.by
    text = _("Changed meanwhile by %(name)s. Look again, then decide.") % {"name": by} if by else str(fault)
    if wants_json(request):
        answer = JsonResponse({"error": text, "by": by}, status=409)
        answer["Cache-Control"] = "private, no-store"
        return answer
    return faults.conflict(request, text)


@needs(May.MODERATE)
def index(request: HttpRequest) -> HttpResponse:
    """Show a page of the queue."""
    asked = _asked(request)
    if asked is None:
        return faults.refused(request, _("There is no such part of the queue."))
    tab, article, at = asked
    if article and not Article.objects.filter(slug=article).exists():
        return faults.missing(request)
    return page(
        request,
        "editors/queue.html",
        queue=queue.queue_page(editor_of(request), tab=tab, article=article, number=at),
        clauses=tuple(CLAUSES.items()),
        steps=settings.PARLEY_RULES.mute_hours,
        undo_seconds=settings.PARLEY_RULES.undo_seconds,
        done=_done(request),
        said=_said(request.GET),
    )


@needs(May.MODERATE)
def item(request: HttpRequest, comment: int) -> HttpResponse:
    """Show one comment as the queue does, whether it waits or not."""
    found = queue.queue_item(comment, editor_of(request))
    if found is None:
        return faults.missing(request)
    return page(
        request,
        "editors/item.html",
        item=found,
        clauses=tuple(CLAUSES.items()),
        steps=settings.PARLEY_RULES.mute_hours,
        undo_seconds=settings.PARLEY_RULES.undo_seconds,
        done=_done(request),
    )


@needs(May.MODERATE, "POST")
def decision(request: HttpRequest, comment: int) -> HttpResponse:
    """Do one act to one comment."""
    act, revision = once(request, "act", request.POST), number(request, "revision", request.POST)
    if not Comment.objects.filter(pk=comment).exists():
        return faults.missing(request)
    if act is None or revision is None:
        return faults.refused(request, _("The form must say once which act, and for which revision."))
    clause = number(request, "clause", request.POST) if act == "remove" else None
    try:
        done = decide(
            comment,
            act,
            editor_of(request),
            revision,
            clause=clause,
            note=request.POST.get("note", ""),
            words=request.POST.get("words", ""),
        )
    except Conflict as fault:
        return answer_conflict(request, fault)
    except Refused as fault:
        return faults.refused(request, str(fault))
    if wants_json(request):
        return _json(
            id=comment,
            act=act,
            state=done.comment.state,
            revision=done.comment.revision,
            said=_sentence(act, comment),
            undo=settings.PARLEY_RULES.undo_seconds if act not in {"undo", "restore", "uphold"} else 0,
        )
    return _back(request, {"done": str(comment)} if act != "undo" else {})


@needs(May.MODERATE, "POST")
def bulk(request: HttpRequest) -> HttpResponse:
    """Do one act to each comment of a selection; those that changed meanwhile are named and left alone."""
    act, clause = once(request, "act", request.POST), number(request, "clause", request.POST)
    chosen = request.POST.getlist("chosen")
    if act not in {"approve", "remove"} or not 0 < len(chosen) <= SELECTED:
        return faults.refused(request, _("Choose an act and 1 to %(most)s comments.") % {"most": SELECTED})
    pairs = _pairs(chosen)
    if pairs is None:
        return faults.refused(request, _("The selection can't be read."))
    made, left = 0, []
    for key, revision in dict.fromkeys(pairs):
        try:
            decide(key, act, editor_of(request), revision, clause=clause if act == "remove" else None)
            made += 1
        except Conflict as fault:
            left.append(f"#{key}: {_('changed meanwhile')}{f' ({fault.by})' if fault.by else ''}")
        except Refused as fault:
            left.append(f"#{key}: {fault}")
        except Comment.DoesNotExist:
            left.append(f"#{key}: {_('not there')}")
    said = ngettext("One comment is done.", "%(n)s comments are done.", made) % {"n": made}
    if left:
        said += " " + _("Left alone: %(which)s") % {"which": "; ".join(left)}
    if wants_json(request):
        return _json(said=said, done=made, left=left)
    return page(
        request,
        "editors/message.html",
        code=200 if made else 409,
        title=_("The selection"),
        text=said,
        back=reverse("queue"),
    )


def _pairs(chosen: Sequence[str]) -> list[tuple[int, int]] | None:
    """Return comments and revisions of a selection; None where one of them is no number."""
    pairs = []
    for each in chosen:
        key, _colon, revision = each.partition(":")
        pair = whole(key), whole(revision)
        if pair[0] is None or pair[1] is None:
            return None
        pairs.append((pair[0], pair[1]))
    return pairs


@needs(May.MODERATE, "POST")
def claim(request: HttpRequest, comment: int) -> HttpResponse:
    """Claim what waits about a comment, or give it back; others see who has it."""
    if not Comment.objects.filter(pk=comment).exists():
        return faults.missing(request)
    if once(request, "release", request.POST) is not None:
        claims.release(comment, editor_of(request))
        by = ""
    else:
        by = claims.claim(comment, editor_of(request))
    mine = by == editor_of(request).name
    if wants_json(request):
        return _json(id=comment, mine=mine, by=by)
    if by and not mine:
        return faults.conflict(request, _("%(name)s is looking at it.") % {"name": by})
    return _back(request, {})


@needs(May.MODERATE, "POST")
def note(request: HttpRequest, comment: int) -> HttpResponse:
    """Write a note on a comment, for editors alone."""
    text = request.POST.get("text", "").strip()
    if not Comment.objects.filter(pk=comment).exists():
        return faults.missing(request)
    if not 0 < len(text) <= LONGEST_NOTE:
        return faults.refused(request, _("A note has 1 to %(most)s characters.") % {"most": LONGEST_NOTE})
    made = Note.objects.create(comment_id=comment, by=editor_of(request), text=text)
    if wants_json(request):
        return _json(id=comment, note=made.text, said=_("Noted on comment #%(id)s.") % {"id": comment})
    return _back(request, {})


def _asked(request: HttpRequest) -> tuple[str, str, int] | None:
    """Return tab, article and page of the address; None when one of them is repeated or wrong."""
    for name in ("tab", "article", "page"):
        if name in request.GET and once(request, name) is None:
            return None
    tab = request.GET.get("tab", "all")
    at = number(request, "page") if "page" in request.GET else 1
    if (tab != "all" and tab not in Queue.values) or not at:
        return None
    return tab, request.GET.get("article", ""), at


def _done(request: HttpRequest) -> dict[str, Any] | None:
    """Return the comment just decided on, for the button that takes the decision back."""
    key = number(request, "done")
    comment = Comment.objects.filter(pk=key).first() if key is not None else None
    row = consequences.last_act(comment) if comment is not None else None
    detail = getattr(row, "detail", None) if row is not None else None
    if comment is None or row is None or detail is None or detail.actor_id != editor_of(request).pk:
        return None
    if row.act == "undo":
        return None
    left = timedelta(seconds=settings.PARLEY_RULES.undo_seconds) - (timezone.now() - row.at)
    can = left > timedelta(0) and detail.undo is not None and row.act not in {"restore", "uphold"}
    return {
        "id": comment.pk,
        "revision": comment.revision,
        "said": _sentence(row.act, comment.pk),
        "undo": can,
    }


def _said(values: QueryDict) -> str:
    return _("Done.") if "ok" in values else ""


def _sentence(act: str, comment: int) -> str:
    said = {
        "approve": _("Comment #%(id)s is approved."),
        "remove": _("Comment #%(id)s is removed; its writer is told why and how to appeal."),
        "ask": _("The writer of comment #%(id)s is asked to change it."),
        "pick": _("Comment #%(id)s is an editors' pick."),
        "unpick": _("Comment #%(id)s is no editors' pick any more."),
        "restore": _("Comment #%(id)s is shown again."),
        "uphold": _("The removal of comment #%(id)s stands."),
        "undo": _("Undone: comment #%(id)s is as before."),
    }
    return said.get(act, _("Comment #%(id)s is changed.")) % {"id": comment}


def _back(request: HttpRequest, more: dict[str, str]) -> HttpResponse:
    """Lead back to the part of the queue that the form stood on."""
    tab, article = once(request, "tab", request.POST), once(request, "article", request.POST)
    asked = {"tab": tab if tab in Queue.values else None, "article": article, **more}
    given = {key: value for key, value in asked.items() if value}
    return HttpResponseRedirect(reverse("queue") + (f"?{urlencode(given)}" if given else ""))


def _json(**content: Any) -> HttpResponse:
    answer = JsonResponse({**content, "counts": queue.counts()})
    answer["Cache-Control"] = "private, no-store"
    return answer


addresses = [
    path("queue/", index, name="queue"),
    path("queue/<row:comment>/", item, name="queue-item"),
    path("queue/<row:comment>/decide", decision, name="queue-decide"),
    path("queue/<row:comment>/claim", claim, name="queue-claim"),
    path("queue/<row:comment>/note", note, name="queue-note"),
    path("queue/bulk", bulk, name="queue-bulk"),
]
