"""Readers' marks on comments: it advances the story, it changed my mind, hide it for me.

What lives here: setting and taking back a mark, and what counts. What may not: how marks are shown.

A mark is set once. Those of young accounts are kept and shown to their owners, and count once the account is
a day old; ``hide`` is the reader's own and never counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.site.web import limits
from parley.site.web.models import Account, Comment, Mark, State
from parley.site.web.moderation.acts import Refused
from parley.site.web.revisions import touch

__all__ = ["COUNTED", "Marked", "count_grown", "mark"]

COUNTED = {Mark.Kind.ADVANCES.value: "advances", Mark.Kind.CONVINCED.value: "convinced"}


@dataclass(frozen=True, slots=True)
class Marked:
    """How a mark stands now: whether it is set, whether it counts, how many count."""

    kind: str
    set: bool
    counted: bool
    count: int


def mark(account: Account, comment: Comment, kind: str, *, on: bool = True, network: str = "") -> Marked:
    """Set a mark, or take it back; doing it twice changes nothing.

    Parameters
    ----------
    account, comment, kind
        Whose mark of which kind on what; see :class:`Mark.Kind`.
    on
        False takes it back.
    network
        Of the request, for the limit.

    Raises
    ------
    Refused
        There is no such kind, the comment is not shown, or it is the account's own.
    TooOften
        Too many marks.
    """
    if kind not in Mark.Kind.values:
        raise Refused(
            _("there is no mark called “%(name)s”; there are %(all)s")
            % {"name": kind[:40], "all": ", ".join(Mark.Kind.values)}
        )
    _refuse_unseen(comment.state)
    if comment.author_id == account.pk:
        raise Refused("you cannot mark your own comment")
    with transaction.atomic():
        limits.take("mark", network=network, account=account)
        _refuse_unseen(Comment.objects.values_list("state", flat=True).get(pk=comment.pk))
        counted = kind in COUNTED and _grown(account)
        if on:
            found, made = Mark.objects.get_or_create(
                account=account, comment=comment, kind=kind, defaults={"counted": counted}
            )
            if made and counted:
                _move(comment, kind, 1)
            counted = found.counted
        else:
            found_one = Mark.objects.select_for_update().filter(account=account, comment=comment, kind=kind)
            counted_before = [each.counted for each in found_one]
            found_one.delete()
            if counted_before == [True]:
                _move(comment, kind, -1)
            counted = False
    count = 0
    if kind in COUNTED:
        count = Comment.objects.values_list(COUNTED[kind], flat=True).get(pk=comment.pk)
    return Marked(kind, on, counted, count)


def _refuse_unseen(state: str) -> None:
    if state != State.VISIBLE:
        raise Refused("only a comment that is shown can be marked")


def count_grown() -> int:
    """Count the marks whose accounts have come of age; return how many were counted.

    Runs now and then. A mark of an account that was banned or deleted meanwhile stays uncounted.
    """
    done = 0
    waiting = Mark.objects.filter(
        counted=False,
        kind__in=list(COUNTED),
        account__joined__lte=timezone.now() - timedelta(hours=settings.PARLEY_RULES.mark_hours),
        account__banned_at=None,
        account__deleted_at=None,
        account__is_active=True,
    )
    for each in waiting.select_related("comment").order_by("pk"):
        with transaction.atomic():
            if Mark.objects.filter(pk=each.pk, counted=False).update(counted=True):
                _move(each.comment, each.kind, 1)
                done += 1
    return done


def _grown(account: Account) -> bool:
    return timezone.now() - account.joined >= timedelta(hours=settings.PARLEY_RULES.mark_hours)


def _move(comment: Comment, kind: str, by: int) -> None:
    name = COUNTED[kind]
    Comment.objects.filter(pk=comment.pk).update(**{name: F(name) + by})
    touch(comment.article_id)
