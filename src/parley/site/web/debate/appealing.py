"""A writer appeals against a removal; another editor decides.

What lives here: taking an appeal. What may not: deciding it (``moderation.decide``).
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from parley.site.text.markdown import normalised
from parley.site.web import journal, limits
from parley.site.web.models import Account, Appeal, Comment, Kind, Queue, State
from parley.site.web.moderation.acts import Refused, overdue
from parley.site.web.moderation.consequences import open_item
from parley.site.web.sayings import saying

__all__ = ["LONGEST", "appeal", "appealable"]

LONGEST = 1_000  # characters


def appealable(comment: Comment, writer: Account) -> str:
    """Return why a writer cannot appeal now; the empty text if they can."""
    if comment.author_id != writer.pk or comment.state != State.REMOVED or comment.removal is None:
        return _("only the writer of a removed comment can appeal")
    if Appeal.objects.filter(comment=comment).exists():
        return _("there has been an appeal already; each comment has one")
    return overdue(comment.removal.at)


def appeal(comment: Comment, writer: Account, text: str, network: str = "") -> Appeal:
    """Appeal against the removal of a comment.

    Raises
    ------
    TextError
        The text is empty, too long or not readable.
    Refused
        There is nothing to appeal against, it is too late, or there was an appeal already.
    TooOften
        Too many appeals.
    """
    words = normalised(text, limit=LONGEST).strip()
    with transaction.atomic():
        journal.begin()
        now = (
            Comment.objects.select_for_update(of=("self",))
            .select_related("removal", "article")
            .get(pk=comment.pk)
        )
        why = appealable(now, writer)
        if why or now.removal is None:
            raise Refused(why)
        limits.take("appeal", network=network, account=writer)
        made = Appeal.objects.create(comment=now, against=now.removal, text=words)
        open_item(now, Queue.APPEAL, [saying("appeal", seq=now.removal.seq)])
        journal.append(
            journal.Entry(
                act="appeal",
                by="writer",
                subject="challenge" if now.kind == Kind.CHALLENGE else "comment",
                subject_id=now.pk,
                article=now.article,
                before=now.state,
                after=now.state,
                public={"against": now.removal.seq},
                actor=writer,
            )
        )
    return made
