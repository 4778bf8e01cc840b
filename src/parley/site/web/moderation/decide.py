"""The one function that changes a comment's state.

What lives here: the states, the arrows between them, who may follow which, and what follows from each:
points,
counts, review items, the log. What may not: forms, pages, mail (callers send it once the transaction is
through).

==========  =====================  ===================  ===============================================
act         from                   to                   by
==========  =====================  ===================  ===============================================
post        (new)                  held or visible      its writer; rules say which
approve     held, hidden, visible  visible              an editor (of a visible one: reports not followed)
remove      held, visible, hidden  removed              an editor, with a clause
hide        visible                hidden               the rule on reports; never an approved comment
hold        visible                held                 the rules, after an edit by a newcomer
restore     removed                visible              another editor than the one who removed, on appeal
uphold      removed                removed              another editor, on appeal
withdraw    all but withdrawn      withdrawn            its writer
pick        visible                visible              an editor (``unpick`` takes it back)
undo        whatever came of it    what was before      the same editor, for some seconds
==========  =====================  ===================  ===============================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from parley.errors import ParleyError
from parley.site.web import journal
from parley.site.web.access import May, may
from parley.site.web.models import Account, Act, Appeal, Comment, Queue, Report, ReviewItem, State
from parley.site.web.revisions import touch
from parley.site.web.rules import CLAUSES

__all__ = ["ARROWS", "Conflict", "Decision", "Refused", "decide", "enter"]

ARROWS: dict[str, dict[str, str]] = {
    "approve": {State.HELD: State.VISIBLE, State.HIDDEN: State.VISIBLE, State.VISIBLE: State.VISIBLE},
    "remove": {State.HELD: State.REMOVED, State.VISIBLE: State.REMOVED, State.HIDDEN: State.REMOVED},
    "hide": {State.VISIBLE: State.HIDDEN},
    "hold": {State.VISIBLE: State.HELD},
    "restore": {State.REMOVED: State.VISIBLE},
    "uphold": {State.REMOVED: State.REMOVED},
    "withdraw": dict.fromkeys((State.HELD, State.VISIBLE, State.HIDDEN, State.REMOVED), State.WITHDRAWN),
    "pick": {State.VISIBLE: State.VISIBLE},
    "unpick": {State.VISIBLE: State.VISIBLE},
}
EDITORS = {"approve", "remove", "restore", "uphold", "pick", "unpick"}
RULES = {"hide", "hold"}


class Refused(ParleyError):
    """The act is not one that may be done to this comment by this actor."""


class Conflict(ParleyError):
    """Somebody decided first: the comment is no longer what the actor saw."""

    def __init__(self, comment: Comment, by: str) -> None:
        self.comment = comment
        self.by = by
        super().__init__(f"this comment was changed meanwhile{f' by {by}' if by else ''}: look again")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was done: the comment as it is now, and the row of the log (none for a post)."""

    comment: Comment
    act: Act | None


def enter(comment: Comment, held: Sequence[dict[str, str]]) -> Comment:
    """Save a new comment in its first state: held where the rules gave reasons, else visible.

    Parameters
    ----------
    comment
        Not yet saved; its state is set here.
    held
        The reasons to hold it, each ``{"rule": …, "text": …}``; empty shows it at once.
    """
    with transaction.atomic():
        comment.state = State.HELD if held else State.VISIBLE
        comment.held_reasons = list(held)
        comment.shown_at = None if held else comment.created
        comment.save(force_insert=True)
        if held:
            _open(comment, Queue.HELD, [each["text"] for each in held])
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
    why: Sequence[str] = (),
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
        The comment's revision that the actor saw; None for rules, which look at the present one.
    clause
        For ``remove``: the clause of the policy.
    note
        For editors' eyes (``remove``, ``approve``) or the words of an appeal's decision.
    why
        For rules: the reasons in words.

    Raises
    ------
    Refused
        There is no such arrow, the actor may not follow it, or a clause is missing.
    Conflict
        The comment has another revision than the actor saw.
    """
    with transaction.atomic():
        key = comment if isinstance(comment, int) else comment.pk
        found = Comment.objects.select_for_update().select_related("author", "article").get(pk=key)
        if act == "undo":
            return _undo(found, actor, revision)
        _allowed(found, act, actor, clause)
        if revision is not None and revision != found.revision:
            raise Conflict(found, _last_actor(found))
        before = found.state
        undo = _picture(found)
        found.state = ARROWS[act][before]
        found.revision += 1
        row = journal.append(_entry(found, act, actor, before, clause, note, why, undo))
        _apply(found, act, row, clause, why)
        found.save()
        _close(found, act, actor, note)
        _credit(found, act)
        touch(found.article_id)
    return Decision(found, row)


def _allowed(comment: Comment, act: str, actor: Account | None, clause: int | None) -> None:
    if act not in ARROWS:
        raise Refused(f"there is no act `{act}`")
    if comment.state not in ARROWS[act]:
        raise Refused(f"a comment that is {State(comment.state).label} can't be changed by `{act}`")
    if act in RULES:
        if actor is not None:
            raise Refused(f"`{act}` is for the rules of the house alone")
        if act == "hide" and comment.approved:
            raise Refused("a comment that an editor approved is not hidden by reports")
    elif act == "withdraw":
        if actor is None or comment.author_id != actor.pk:
            raise Refused("only its writer may withdraw a comment")
    elif actor is None or not may(actor, May.MODERATE):
        raise Refused("only an editor may decide")
    else:
        _editor_allowed(comment, act, actor, clause)


def _editor_allowed(comment: Comment, act: str, actor: Account, clause: int | None) -> None:
    if comment.author_id == actor.pk and act in {"approve", "remove", "restore", "uphold", "pick"}:
        raise Refused("an editor does not decide on an own comment")
    if act == "remove" and clause not in CLAUSES:
        raise Refused(f"a removal names a clause of the policy, 1 to {len(CLAUSES)}")
    if act in {"restore", "uphold"}:
        appeal = Appeal.objects.filter(comment=comment, outcome=Appeal.Outcome.OPEN).first()
        if appeal is None:
            raise Refused("there is no open appeal")
        detail = getattr(appeal.against, "detail", None)
        if detail is not None and detail.actor_id == actor.pk:
            raise Refused("an appeal is decided by another editor than the one who removed the comment")


def _entry(
    comment: Comment,
    act: str,
    actor: Account | None,
    before: str,
    clause: int | None,
    note: str,
    why: Sequence[str],
    undo: dict[str, Any],
) -> journal.Entry:
    by = "rule" if actor is None else "writer" if act == "withdraw" else "editor"
    return journal.Entry(
        act=act,
        by=by,
        subject="challenge" if comment.kind == "challenge" else "comment",
        subject_id=comment.pk,
        article=comment.article,
        clause=clause,
        before=before,
        after=comment.state,
        public={"after_reports": comment.reports.exists()} if act in {"remove", "approve", "hide"} else {},
        actor=actor,
        note=note or "; ".join(why),
        undo=undo if act in EDITORS else None,
    )


def _picture(comment: Comment) -> dict[str, Any]:
    """Return what an undo puts back."""
    open_items = list(ReviewItem.objects.filter(comment=comment, open=True).values_list("pk", flat=True))
    open_reports = list(comment.reports.filter(outcome=Report.Outcome.OPEN).values_list("pk", flat=True))
    return {
        "state": comment.state,
        "approved": comment.approved,
        "credited": comment.credited,
        "pick": comment.pick,
        "clause": comment.clause,
        "removal": comment.removal_id,
        "shown_at": comment.shown_at.isoformat() if comment.shown_at else None,
        "held_reasons": comment.held_reasons,
        "items": open_items,
        "reports": open_reports,
    }


def _apply(comment: Comment, act: str, row: Act, clause: int | None, why: Sequence[str]) -> None:
    """Set what follows on the comment itself."""
    if act in {"approve", "restore"}:
        comment.approved = True
        comment.held_reasons = []
        comment.clause = comment.removal = None
        comment.shown_at = comment.shown_at or timezone.now()
    elif act == "remove":
        comment.clause, comment.removal, comment.pick = clause, row, False
    elif act == "withdraw":
        comment.source = comment.html = comment.quote = ""
        comment.pick = False
        comment.edits.all().delete()
    elif act in {"pick", "unpick"}:
        comment.pick = act == "pick"
    elif act == "hold":
        comment.approved = False
        comment.held_reasons = [{"rule": "edit", "text": text} for text in why]
        _open(comment, Queue.HELD, why)
    elif act == "hide":
        _open(comment, Queue.REPORTED, why)


def _open(comment: Comment, queue: str, why: Sequence[str]) -> None:
    item, _ = ReviewItem.objects.get_or_create(comment=comment, queue=queue, open=True)
    item.why = [*dict.fromkeys([*item.why, *why])]
    item.save(update_fields=("why",))


def _close(comment: Comment, act: str, actor: Account | None, note: str) -> None:
    """Close what the act settles: review items, reports, an appeal."""
    if act not in {"approve", "remove", "restore", "uphold", "withdraw"}:
        return
    now = timezone.now()
    ReviewItem.objects.filter(comment=comment, open=True).update(
        open=False, closed_at=now, claimed_by=None, claimed_until=None
    )
    if act in {"approve", "remove"}:
        _judge(comment, followed=act == "remove")
    elif act == "withdraw":
        comment.reports.filter(outcome=Report.Outcome.OPEN).update(
            outcome=Report.Outcome.UPHELD, outcome_at=now
        )
    if act in {"restore", "uphold"}:
        outcome = Appeal.Outcome.RESTORED if act == "restore" else Appeal.Outcome.UPHELD
        Appeal.objects.filter(comment=comment, outcome=Appeal.Outcome.OPEN).update(
            outcome=outcome, decided_at=now, decided_by=actor, decision=note
        )


def _judge(comment: Comment, *, followed: bool) -> None:
    """Settle the open reports and count them for and against their writers."""
    for report in comment.reports.filter(outcome=Report.Outcome.OPEN):
        report.outcome = Report.Outcome.UPHELD if followed else Report.Outcome.REJECTED
        report.outcome_at = timezone.now()
        report.save(update_fields=("outcome", "outcome_at"))
        if report.reporter_id is not None:
            Account.objects.filter(pk=report.reporter_id).update(
                judged=F("judged") + 1, upheld=F("upheld") + (1 if followed else 0)
            )


def _credit(comment: Comment, act: str) -> None:
    """Give and take the writer's points: once for a first approval, for each removal, back on restoring."""
    if comment.author_id is None:
        return
    rules = settings.PARLEY_RULES
    writer = Account.objects.filter(pk=comment.author_id)
    if act == "approve" and not comment.credited:
        comment.credited = True
        comment.save(update_fields=("credited",))
        writer.update(points=F("points") + rules.approval_points, approved=F("approved") + 1)
    elif act == "remove":
        writer.update(points=F("points") + rules.removal_points, removed=F("removed") + 1)
    elif act == "restore":
        writer.update(points=F("points") - rules.removal_points, removed=F("removed") - 1)


def _undo(comment: Comment, actor: Account | None, revision: int | None) -> Decision:
    """Put back what the actor's last decision changed, while the time for it runs."""
    row = (
        Act.objects.filter(subject__in=("comment", "challenge"), subject_id=comment.pk)
        .select_related("detail")
        .order_by("-seq")
        .first()
    )
    detail = getattr(row, "detail", None) if row else None
    if row is None or detail is None or not detail.undo or actor is None or detail.actor_id != actor.pk:
        raise Refused("there is no decision of yours to undo")
    if timezone.now() - row.at > timedelta(seconds=settings.PARLEY_RULES.undo_seconds):
        raise Refused("the time for undoing is over")
    if row.act in {"restore", "uphold"}:
        raise Refused("the decision of an appeal stands")
    if revision is not None and revision != comment.revision:
        raise Conflict(comment, _last_actor(comment))
    kept = detail.undo
    before = comment.state
    for name in ("state", "approved", "credited", "pick", "clause", "held_reasons"):
        setattr(comment, name, kept[name])
    comment.removal_id = kept["removal"]
    comment.shown_at = kept["shown_at"]
    comment.revision += 1
    comment.save()
    comment.refresh_from_db()
    ReviewItem.objects.filter(pk__in=kept["items"]).update(open=True, closed_at=None)
    _unjudge(comment, kept["reports"], followed=row.act == "remove")
    if comment.author_id is not None:
        _uncredit(comment, row.act, was_credited=kept["credited"])
    undone = journal.append(
        journal.Entry(
            act="undo",
            by="editor",
            subject=row.subject,
            subject_id=comment.pk,
            article=comment.article,
            before=before,
            after=comment.state,
            public={"undoes": row.seq},
            actor=actor,
        )
    )
    touch(comment.article_id)
    return Decision(comment, undone)


def _unjudge(comment: Comment, reports: Sequence[int], *, followed: bool) -> None:
    for report in Report.objects.filter(pk__in=reports).exclude(outcome=Report.Outcome.OPEN):
        report.outcome, report.outcome_at = Report.Outcome.OPEN, None
        report.save(update_fields=("outcome", "outcome_at"))
        if report.reporter_id is not None:
            Account.objects.filter(pk=report.reporter_id).update(
                judged=F("judged") - 1, upheld=F("upheld") - (1 if followed else 0)
            )


def _uncredit(comment: Comment, act: str, *, was_credited: bool) -> None:
    rules = settings.PARLEY_RULES
    writer = Account.objects.filter(comments=comment)
    if act == "approve" and not was_credited:
        writer.update(points=F("points") - rules.approval_points, approved=F("approved") - 1)
    elif act == "remove":
        writer.update(points=F("points") - rules.removal_points, removed=F("removed") - 1)


def _last_actor(comment: Comment) -> str:
    row = (
        Act.objects.filter(subject__in=("comment", "challenge"), subject_id=comment.pk)
        .select_related("detail__actor")
        .order_by("-seq")
        .first()
    )
    detail = getattr(row, "detail", None) if row else None
    return detail.actor.name if detail is not None and detail.actor is not None else ""
