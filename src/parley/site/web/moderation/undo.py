"""Decisions taken back: by who made them, for some seconds; removals with a ban, when it is lifted.

What lives here: putting back what an act kept. What may not: transactions of its own (``decide`` and
``sanctions`` have them).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from parley.site.web import journal
from parley.site.web.access import May, may
from parley.site.web.models import Account, Act, Appeal, Comment, Queue, ReviewItem, State
from parley.site.web.moderation import consequences, notices
from parley.site.web.moderation.acts import Decision, Refused
from parley.site.web.revisions import touch

__all__ = ["reinstate", "undo"]


def undo(comment: Comment, actor: Account | None) -> Decision:
    """Put back what the actor's last decision changed, while the time for it runs.

    Raises
    ------
    Refused
        The last act on the comment is not the actor's own decision, is too old, or is that of an appeal.
    """
    row = consequences.last_act(comment)
    detail = getattr(row, "detail", None) if row else None
    if (
        row is None
        or detail is None
        or not detail.undo
        or actor is None
        or not may(actor, May.MODERATE)
        or detail.actor_id != actor.pk
    ):
        raise Refused("there is no decision of yours to undo")
    if timezone.now() - row.at > timedelta(seconds=settings.PARLEY_RULES.undo_seconds):
        raise Refused("the time for undoing is over")
    if row.act in {"restore", "uphold"}:
        raise Refused("the decision of an appeal stands")
    return _put_back(comment, row, actor, "undo")


def reinstate(comment: Comment, row: Act, actor: Account) -> Decision:
    """Put back what a removal changed that came with a ban which is lifted now."""
    return _put_back(comment, row, actor, "reinstate")


def _put_back(comment: Comment, row: Act, actor: Account, act: str) -> Decision:
    kept = row.detail.undo or {}
    before = comment.state
    for name in ("state", "approved", "credited", "pick", "clause", "held_reasons"):
        setattr(comment, name, kept[name])
    comment.removal_id = kept["removal"]
    comment.shown_at = datetime.fromisoformat(kept["shown_at"]) if kept["shown_at"] else None
    comment.revision += 1
    comment.save()
    _grant_appeal(comment, row, actor)
    consequences.reopen(comment, kept["items"], kept["reports"])
    consequences.uncredit(comment, row.act, was_credited=kept["credited"])
    done = journal.append(
        journal.Entry(
            act=act,
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
    consequences.follow(comment, before)
    notices.retract(comment, row, done)
    touch(comment.article_id)
    return Decision(comment, done)


def _grant_appeal(comment: Comment, row: Act, actor: Account) -> None:
    """Settle an appeal against a removal that is taken back: its writer got what they asked for."""
    if comment.state == State.REMOVED:
        return
    settled = Appeal.objects.filter(comment=comment, against=row, outcome=Appeal.Outcome.OPEN).update(
        outcome=Appeal.Outcome.RESTORED, decided_at=timezone.now(), decided_by=actor
    )
    if settled:
        ReviewItem.objects.filter(comment=comment, queue=Queue.APPEAL, open=True).update(
            open=False, closed_at=timezone.now(), claimed_by=None, claimed_until=None
        )
