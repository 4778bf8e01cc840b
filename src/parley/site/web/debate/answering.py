"""An author answers a challenge: adopts its numbers, or declines with a reason.

What lives here: taking the answer. What may not: new versions of the article (``publishing``).
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.errors import TextError
from parley.site.text.markdown import normalised, render
from parley.site.web import journal
from parley.site.web.access import May, may
from parley.site.web.models import Account, Challenge, Comment, Kind, State, Version
from parley.site.web.moderation.acts import Refused
from parley.site.web.revisions import touch

__all__ = ["LONGEST", "answer", "may_answer"]

LONGEST = 1_000  # characters


def may_answer(actor: Account, comment: Comment) -> bool:
    """Whether somebody may answer a challenge: the author of its article, or an administrator."""
    own = comment.article.owner_id == actor.pk
    return may(actor, May.ANSWER) and (own or may(actor, May.ADMINISTER))


def answer(
    comment: Comment, actor: Account, kind: str, text: str = "", *, version: int | None = None
) -> Challenge:
    """Adopt or decline a challenge; a later answer takes the place of an earlier one.

    Parameters
    ----------
    comment, actor
        The challenge, shown to everybody, and who answers.
    kind
        ``adopted`` or ``declined``.
    text
        The author's words, Markdown; needed to decline.
    version
        The number of the version that takes the numbers over; None while there is none yet.

    Raises
    ------
    Refused
        It is no shown challenge, the actor may not answer it, or there is no such version or answer.
    TextError
        The words are missing, too long or not readable.
    """
    _refuse_unseen(comment)
    if not may_answer(actor, comment):
        raise Refused("only the author of the article answers its challenges")
    if kind not in (Challenge.Answer.ADOPTED, Challenge.Answer.DECLINED):
        raise Refused("a challenge is adopted or declined")
    words = normalised(text, limit=LONGEST).strip() if text.strip() else ""
    if kind == Challenge.Answer.DECLINED and len(words) < settings.PARLEY_RULES.reason_characters:
        least = settings.PARLEY_RULES.reason_characters
        raise TextError("short", "Say why you decline it, in at least %(least)d characters.", least=least)
    taken = _version(comment, version) if kind == Challenge.Answer.ADOPTED else None
    with transaction.atomic():
        journal.begin()
        _refuse_unseen(Comment.objects.get(pk=comment.pk))  # an editor may have been quicker
        found = Challenge.objects.select_for_update().get(comment=comment)
        found.answer, found.answered_at, found.adopted_in = kind, timezone.now(), taken
        found.answer_source = words
        found.answer_html = render(words, limit=LONGEST).html if words else ""
        found.save(update_fields=("answer", "answered_at", "adopted_in", "answer_source", "answer_html"))
        journal.append(
            journal.Entry(
                act="answer",
                by="author",
                subject="challenge",
                subject_id=comment.pk,
                article=comment.article,
                public={"answer": kind},
                actor=actor,
            )
        )
        touch(comment.article_id)
    return found


def _refuse_unseen(comment: Comment) -> None:
    if comment.kind == Kind.COMMENT or comment.state != State.VISIBLE:
        raise Refused("only a challenge that is shown can be answered")


def _version(comment: Comment, number: int | None) -> Version | None:
    if number is None:
        return None
    found = Version.objects.filter(article=comment.article_id, n=number).only("pk", "n").first()
    if found is None:
        raise Refused(_("the article has no version %(number)s") % {"number": number})
    return found
