"""Which editor looks at what: a claim on a comment that waits, shown to the others for some minutes.

What lives here: taking and giving back. What may not: decisions; a claim keeps nobody from deciding
(``decide`` compares revisions).
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parley.site.web.models import Account, ReviewItem

__all__ = ["MINUTES", "claim", "release"]

MINUTES = 5


def claim(comment: int, editor: Account) -> str:
    """Claim all that waits about a comment; return who has it now: the editor, or another who was first.

    Empty when nothing waits any more.
    """
    now = timezone.now()
    with transaction.atomic():
        items = list(
            ReviewItem.objects.select_for_update(of=("self",))
            .filter(comment_id=comment, open=True)
            .select_related("claimed_by")
            .order_by("pk")
        )
        for item in items:
            other = item.claimed_by
            if (
                other is not None
                and other.pk != editor.pk
                and item.claimed_until
                and item.claimed_until > now
            ):
                return other.name
        ReviewItem.objects.filter(pk__in=[item.pk for item in items]).update(
            claimed_by=editor, claimed_until=now + timedelta(minutes=MINUTES)
        )
    return editor.name if items else ""


def release(comment: int, editor: Account) -> None:
    """Give back what the editor claimed about a comment."""
    ReviewItem.objects.filter(Q(comment_id=comment, open=True, claimed_by=editor)).update(
        claimed_by=None, claimed_until=None
    )
