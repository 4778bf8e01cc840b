"""What follows from an act beside the comment's own state: review items, reports, appeals, points.

What lives here: the pieces that ``decide`` and ``undo`` put together, inside their transaction. What may not:
transactions of their own, pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.site.web.answers import ask_challenge
from parley.site.web.models import (
    Account,
    Act,
    Appeal,
    Challenge,
    Comment,
    Kind,
    Queue,
    Report,
    ReviewItem,
    State,
)
from parley.site.web.moderation import quotes
from parley.site.web.moderation.acts import SETTLING
from parley.site.web.revisions import touch
from parley.site.web.sayings import Kept, together

__all__ = [
    "close",
    "credit",
    "follow",
    "last_act",
    "open_item",
    "picture",
    "reopen",
    "uncredit",
    "who_changed",
]


def open_item(comment: Comment, queue: Queue, why: Sequence[Kept], score: float = 0.0) -> ReviewItem:
    """Put a comment into a queue, or add reasons and score to the item that is open there already.

    Parameters
    ----------
    comment, queue
        What waits, and why in one word.
    why
        The reasons, for editors; no reporter's name.
    score
        The weight of the reports so far; replaces a lower one.
    """
    item, made = ReviewItem.objects.get_or_create(
        comment=comment, queue=queue, open=True, defaults={"why": together(why), "score": score}
    )
    if not made:
        item.why = together(item.why, why)
        item.score = max(item.score, score)
        item.save(update_fields=("why", "score"))
    return item


def picture(comment: Comment) -> dict[str, Any]:
    """Return what an undo puts back."""
    open_items = ReviewItem.objects.filter(comment=comment, open=True)
    open_reports = comment.reports.filter(outcome=Report.Outcome.OPEN)
    return {
        "state": comment.state,
        "approved": comment.approved,
        "credited": comment.credited,
        "pick": comment.pick,
        "clause": comment.clause,
        "removal": comment.removal_id,
        "shown_at": comment.shown_at.isoformat() if comment.shown_at else None,
        "held_reasons": comment.held_reasons,
        "items": list(open_items.order_by("pk").values_list("pk", flat=True)),
        "reports": list(open_reports.order_by("pk").values_list("pk", flat=True)),
    }


def close(comment: Comment, act: str, actor: Account | None, words: str) -> list[Report]:
    """Close what the act settles: review items, reports, an appeal; return the reports that it judged."""
    if act not in SETTLING:
        return []
    now = timezone.now()
    ReviewItem.objects.filter(comment=comment, open=True).update(
        open=False, closed_at=now, claimed_by=None, claimed_until=None
    )
    appeal = Appeal.objects.filter(comment=comment, outcome=Appeal.Outcome.OPEN)
    if act in {"restore", "uphold"}:
        ended = Appeal.Outcome.RESTORED if act == "restore" else Appeal.Outcome.UPHELD
        appeal.update(outcome=ended, decided_at=now, decided_by=actor, decision=words)
    elif act == "withdraw":
        appeal.update(outcome=Appeal.Outcome.DROPPED, decided_at=now)
    judged = {"approve": Report.Outcome.REJECTED, "remove": Report.Outcome.UPHELD}.get(
        act, Report.Outcome.MOOT
    )
    return _judge(comment, judged, words)


def _judge(comment: Comment, outcome: str, words: str) -> list[Report]:
    """Settle the open reports, and count them for and against their writers unless they came to nothing."""
    judged = list(comment.reports.filter(outcome=Report.Outcome.OPEN).select_related("reporter"))
    for report in judged:
        report.outcome, report.outcome_at = outcome, timezone.now()
        if report.reason == Report.Reason.ILLEGAL:
            report.decision = words
        report.save(update_fields=("outcome", "outcome_at", "decision"))
        if report.reporter_id is not None and outcome != Report.Outcome.MOOT:
            Account.objects.filter(pk=report.reporter_id).update(
                judged=F("judged") + 1, upheld=F("upheld") + (1 if outcome == Report.Outcome.UPHELD else 0)
            )
    return judged


def credit(comment: Comment, act: str, *, was_credited: bool) -> None:
    """Give and take the writer's points: once for a first approval, for each removal, back on restoring."""
    if comment.author_id is None:
        return
    rules = settings.PARLEY_RULES
    points = approved = removed = 0
    if act in {"approve", "restore"} and comment.credited and not was_credited:
        points, approved = rules.approval_points, 1
    if act == "remove":
        points, removed = points + rules.removal_points, 1
    elif act == "restore":
        points, removed = points - rules.removal_points, -1
    _add(comment, points, approved, removed)


def uncredit(comment: Comment, act: str, *, was_credited: bool) -> None:
    """Take back what :func:`credit` gave or took for an act, when the comment is as before it again."""
    if comment.author_id is None:
        return
    rules = settings.PARLEY_RULES
    if act == "approve" and not was_credited:
        _add(comment, -rules.approval_points, -1, 0)
    elif act == "remove":
        _add(comment, -rules.removal_points, 0, -1)


def _add(comment: Comment, points: int, approved: int, removed: int) -> None:
    if comment.author_id is None or not (points or approved or removed):
        return
    writer = Account.objects.filter(pk=comment.author_id)
    before = writer.only("points").get().standing()
    writer.update(
        points=F("points") + points, approved=F("approved") + approved, removed=F("removed") + removed
    )
    if writer.only("points").get().standing() != before:  # it stands beside the name, wherever that is
        shown = Comment.objects.filter(author=comment.author_id, state=State.VISIBLE)
        for article in shown.values_list("article_id", flat=True).distinct():
            touch(article)


def reopen(comment: Comment, items: Sequence[int], reports: Sequence[int]) -> None:
    """Open review items and reports again that an act had closed."""
    for item in ReviewItem.objects.filter(pk__in=items, comment=comment, open=False):
        newer = ReviewItem.objects.filter(comment=comment, queue=item.queue, open=True).first()
        if newer is not None:  # reported anew meanwhile: one item is enough, with the reasons of both
            newer.why = together(item.why, newer.why)
            newer.score = max(newer.score, item.score)
            newer.created = item.created
            newer.save(update_fields=("why", "score", "created"))
            continue
        item.open, item.closed_at = True, None
        item.save(update_fields=("open", "closed_at"))
    for report in Report.objects.filter(pk__in=reports, comment=comment).exclude(outcome=Report.Outcome.OPEN):
        upheld, counted = report.outcome == Report.Outcome.UPHELD, report.outcome != Report.Outcome.MOOT
        report.outcome, report.outcome_at, report.decision = Report.Outcome.OPEN, None, ""
        report.save(update_fields=("outcome", "outcome_at", "decision"))
        if report.reporter_id is not None and counted:
            Account.objects.filter(pk=report.reporter_id).update(
                judged=F("judged") - 1, upheld=F("upheld") - (1 if upheld else 0)
            )


def follow(comment: Comment, before: str) -> None:
    """Do what follows from a new state: words that answers quote go or come back, a challenge is solved.

    Parameters
    ----------
    comment
        Saved in its new state.
    before
        Its state until now.
    """
    if (before == State.VISIBLE) != (comment.state == State.VISIBLE):
        quotes.renew(comment)
    _solve_again(comment, before)


def _solve_again(comment: Comment, before: str) -> None:
    """Have a challenge that comes back solved for the version that was published meanwhile."""
    version = comment.article.current
    if before != State.REMOVED or comment.state == State.WITHDRAWN or version is None:
        return
    found = Challenge.objects.filter(comment=comment, comment__kind=Kind.CHALLENGE)
    challenge = found.exclude(effects__version=version).first()
    if challenge is not None:
        ask_challenge(challenge, version, again=True)


def last_act(comment: Comment) -> Act | None:
    """Return the newest row of the log on a comment."""
    return (
        Act.objects.filter(subject__in=("comment", "challenge"), subject_id=comment.pk)
        .select_related("detail__actor")
        .order_by("-seq")
        .first()
    )


def who_changed(comment: Comment) -> str:
    """Return who changed a comment last, for editors: an editor's name, ``its writer``, ``a rule``."""
    row = last_act(comment)
    if comment.edited_at is not None and (row is None or comment.edited_at > row.at):
        return _("its writer")
    if row is None:
        return ""
    if row.by in {"rule", "writer"}:
        return _("a rule") if row.by == "rule" else _("its writer")
    detail = getattr(row, "detail", None)
    return detail.actor.name if detail is not None and detail.actor is not None else ""
