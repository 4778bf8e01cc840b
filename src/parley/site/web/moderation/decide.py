"""The one function that changes a comment's state.

What lives here: who may follow which arrow, and one transaction for all that an act brings: the state,
points, counts, review items, the log, what people are told. What may not: forms, pages, sending mail.

==========  ======================  ===================  ===============================================
act         from                    to                   by
==========  ======================  ===================  ===============================================
post        (new)                   held or visible      its writer; rules say which
approve     held, hidden, visible   visible              an editor (of a visible one: reports not followed)
ask         held                    held                 an editor: a message to the writer, nothing else
remove      held, visible, hidden   removed              an editor, with a clause
hide        visible                 hidden               the rule on reports; never an approved comment
hold        visible, hidden         held                 the rules, after an edit by a newcomer
restore     removed                 visible              another editor than the one who removed, on appeal
uphold      removed                 removed              another editor, on appeal
withdraw    all but withdrawn       withdrawn            its writer
pick        visible                 visible              an editor (``unpick`` takes it back)
undo        whatever came of it     what was before      the same editor, for some seconds
reinstate   removed with a ban      what was before      an editor who lifts the ban (``sanctions``)
==========  ======================  ===================  ===============================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.site.web import journal
from parley.site.web.access import May, may
from parley.site.web.models import Account, Act, Appeal, Challenge, Comment, Queue, Report, State
from parley.site.web.moderation import consequences, notices, undo
from parley.site.web.moderation.acts import ARROWS, EDITORS, RULES, Conflict, Decision, Refused, refuse_long
from parley.site.web.revisions import touch
from parley.site.web.rules import CLAUSES
from parley.site.web.sayings import Kept, case_of

__all__ = ["ARROWS", "LONGEST_NOTE", "Conflict", "Decision", "Refused", "decide", "enter"]

LONGEST_NOTE = 1000  # characters, for editors
LONGEST_WORDS = 500  # characters, to the writer or to who reported illegal content


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody wants to be done."""

    act: str
    actor: Account | None
    clause: int | None
    note: str
    words: str
    why: Sequence[Kept]


def enter(comment: Comment, held: Sequence[dict[str, Any]]) -> Comment:
    """Save a new comment in its first state: held where the rules gave reasons, else visible.

    Parameters
    ----------
    comment
        Not yet saved; its state is set here.
    held
        The reasons to hold it, each ``{"rule": …, "code": …, "values": …}``; empty shows it at once. The
        public log names the rules, never the values: these may cite what the comment says.
    """
    with transaction.atomic():
        if held:
            journal.begin()
        comment.state = State.HELD if held else State.VISIBLE
        comment.held_reasons = list(held)
        comment.shown_at = None if held else comment.created
        comment.save(force_insert=True)
        if held:
            consequences.open_item(comment, Queue.HELD, [case_of(each) for each in held])
            rules = list(dict.fromkeys(each["rule"] for each in held))
            journal.append(
                journal.Entry(
                    act="hold",
                    by="rule",
                    subject=_subject(comment),
                    subject_id=comment.pk,
                    article=comment.article,
                    after=comment.state,
                    public={"rules": rules},
                )
            )
        else:
            touch(comment.article_id)
    return comment


def decide(
    comment: Comment | int,
    act: str,
    actor: Account | None,
    revision: int | None,
    *,
    clause: int | None = None,
    note: str = "",
    words: str = "",
    why: Sequence[Kept] = (),
) -> Decision:
    """Do one act to one comment, whole or not at all.

    Parameters
    ----------
    comment
        The comment or its id; it is read anew.
    act
        One of :data:`ARROWS`, or ``undo``.
    actor
        Who acts; None for a rule of the house.
    revision
        The comment's revision that the actor saw. None for rules, which look at the present one, and for a
        writer who withdraws whatever it says now.
    clause
        For ``remove``: the clause of the policy.
    note
        For editors' eyes alone, at most 1,000 characters.
    words
        To the writer (``remove``, ``ask``), in the decision of an appeal, and to whoever reported illegal
        content; at most 500 characters. ``ask`` needs them, and so does every decision on a report of illegal
        content.
    why
        For rules: the reasons, as :func:`parley.site.web.sayings.saying` keeps them.

    Raises
    ------
    Refused
        There is no such arrow, the actor may not follow it, or something that it needs is missing.
    Conflict
        The comment has another revision than the actor saw.
    Comment.DoesNotExist
        There is no such comment.
    """
    with transaction.atomic():
        journal.begin()
        key = comment if isinstance(comment, int) else comment.pk
        found = (
            Comment.objects.select_for_update(of=("self",)).select_related("author", "article").get(pk=key)
        )
        if actor is not None and revision is None and act != "withdraw":
            raise Refused("say which revision of the comment you decide on")
        if revision is not None and revision != found.revision:
            raise Conflict(consequences.who_changed(found), found)
        if act == "undo":
            return undo.undo(found, actor)
        asked = _Asked(act, actor, clause, note.strip(), words.strip(), why)
        _allowed(found, asked)
        return _follow(found, asked)


def _follow(comment: Comment, asked: _Asked) -> Decision:
    """Follow an arrow that may be followed."""
    before = comment.state
    was_credited, was_approved = comment.credited, comment.approved
    kept = consequences.picture(comment) if asked.act in EDITORS else None
    comment.state = ARROWS[asked.act][before]
    comment.revision += 1
    row = journal.append(
        journal.Entry(
            act=asked.act,
            by="rule" if asked.actor is None else "writer" if asked.act == "withdraw" else "editor",
            subject=_subject(comment),
            subject_id=comment.pk,
            article=comment.article,
            clause=asked.clause if asked.act == "remove" else None,
            before=before,
            after=comment.state,
            public=_public(comment, asked.act),
            actor=asked.actor,
            note=asked.note,
            why=asked.why,
            undo=kept,
        )
    )
    _apply(comment, asked, row)
    if asked.act in {"approve", "restore"} and not was_credited and comment.author_id is not None:
        comment.credited = True
    comment.save()
    judged = consequences.close(comment, asked.act, asked.actor, asked.words)
    consequences.credit(comment, asked.act, was_credited=was_credited)
    first = asked.act == "approve" and not was_approved
    consequences.follow(comment, before)
    notices.tell(comment, asked.act, row, words=asked.words, judged=judged, first=first)
    touch(comment.article_id)
    return Decision(comment, row)


def _allowed(comment: Comment, asked: _Asked) -> None:
    act, actor = asked.act, asked.actor
    if act not in ARROWS:
        raise Refused(_("there is no act `%(act)s`") % {"act": act})
    if comment.state not in ARROWS[act]:
        raise Refused(
            _("a comment that is %(state)s can't be changed by `%(act)s`")
            % {"state": State(comment.state).label, "act": act}
        )
    for text, longest, what in (
        (asked.note, LONGEST_NOTE, _("note")),
        (asked.words, LONGEST_WORDS, _("message to the writer")),
    ):
        refuse_long(text, longest, what)
    if act in RULES:
        if actor is not None:
            raise Refused(_("`%(act)s` is for the rules of the house alone") % {"act": act})
        if act == "hide" and comment.approved:
            raise Refused("a comment that an editor approved is not hidden by reports")
    elif act == "withdraw":
        if actor is None or comment.author_id != actor.pk:
            raise Refused("only its writer may withdraw a comment")
    elif actor is None or not may(actor, May.MODERATE):
        raise Refused("only an editor may decide")
    else:
        _editor_allowed(comment, asked, actor)


def _editor_allowed(comment: Comment, asked: _Asked, actor: Account) -> None:
    act = asked.act
    if comment.author_id == actor.pk:
        raise Refused("an editor does not decide on an own comment")
    if act == "remove" and asked.clause not in CLAUSES:
        raise Refused(_("a removal names a clause of the policy, 1 to %(last)s") % {"last": len(CLAUSES)})
    if act == "ask" and not asked.words:
        raise Refused("write to the writer what should be changed")
    if act in {"approve", "remove"} and not asked.words and _illegal(comment):
        raise Refused("a report of illegal content needs a decision in words, which its sender can read")
    if act in {"restore", "uphold"}:
        _may_judge_appeal(comment, actor)


def _illegal(comment: Comment) -> bool:
    return comment.reports.filter(outcome=Report.Outcome.OPEN, reason=Report.Reason.ILLEGAL).exists()


def _may_judge_appeal(comment: Comment, actor: Account) -> None:
    appeal = Appeal.objects.filter(comment=comment, outcome=Appeal.Outcome.OPEN).first()
    if appeal is None:
        raise Refused("there is no open appeal")
    detail = getattr(appeal.against, "detail", None)
    if detail is not None and detail.actor_id == actor.pk:
        raise Refused("an appeal is decided by another editor than the one who removed the comment")


def _subject(comment: Comment) -> str:
    return "challenge" if comment.kind == "challenge" else "comment"


def _public(comment: Comment, act: str) -> dict[str, object]:
    """Return what the public log says besides: whether readers' reports led to the act."""
    if act in {"remove", "approve", "hide"}:
        return {"after_reports": comment.reports.filter(outcome=Report.Outcome.OPEN).exists()}
    return {}


def _apply(comment: Comment, asked: _Asked, row: Act) -> None:
    """Set what follows on the comment itself."""
    act = asked.act
    if act in {"approve", "restore"}:
        comment.approved = True
        comment.held_reasons = []
        comment.clause = comment.removal = None
        comment.shown_at = comment.shown_at or timezone.now()
    elif act == "remove":
        comment.clause, comment.removal, comment.pick = asked.clause, row, False
    elif act == "withdraw":
        _empty(comment)
    elif act in {"pick", "unpick"}:
        comment.pick = act == "pick"
    elif act == "hold":
        comment.approved = comment.pick = False
        comment.held_reasons = [
            {"rule": "edit", **({"text": each} if isinstance(each, str) else each)} for each in asked.why
        ]
        consequences.open_item(comment, Queue.HELD, asked.why)
    elif act == "hide":
        comment.pick = False
        consequences.open_item(comment, Queue.REPORTED, asked.why)


def _empty(comment: Comment) -> None:
    """Take a withdrawn comment's words away: text, quote, earlier texts, a challenge's reasons."""
    comment.source = comment.html = comment.quote = comment.fingerprint = ""
    comment.held_reasons = []
    comment.pick = False
    comment.edits.all().delete()
    Challenge.objects.filter(comment=comment).update(reasons={}, sources={})
