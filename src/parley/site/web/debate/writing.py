"""Comments are written: posted, answered, changed, taken back.

What lives here: one function for each of these acts, each one transaction. What may not: the request, pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from parley.site.web import journal, limits
from parley.site.web.debate import quoting
from parley.site.web.debate.drafts import Origin, Recent, drafted, last_key, looked_at, recent_of
from parley.site.web.models import (
    Account,
    Act,
    Article,
    Comment,
    CommentEdit,
    Kind,
    ReviewItem,
    State,
    Version,
)
from parley.site.web.moderation.decide import Conflict, Refused, decide, enter
from parley.site.web.moderation.quotes import quotation
from parley.site.web.moderation.turns import speaks
from parley.site.web.prepared import Prepared
from parley.site.web.revisions import touch
from parley.site.web.sayings import case_of, together

__all__ = ["OVER", "change", "changeable", "post", "refuse_closed", "reply", "take_back"]

OVER = "the time for changing this comment is over; you can still withdraw it"


def post(
    writer: Account,
    article: Article,
    source: str,
    origin: Origin,
    *,
    parent: Comment | None = None,
    quote: str = "",
    passage: str = "",
    kind: str = Kind.COMMENT,
    action: str = "post",
    setting: str = "",
    beside: Sequence[str] = (),
    quoted: Comment | None = None,
) -> Comment:
    """Post a comment: shown at once or held, by the rules.

    Sent twice (the same key, or the same words in the same place within ten minutes) it is posted once, and
    the comment that is already there is returned.

    Parameters
    ----------
    writer, article, source, origin
        Who writes what under which article, and how it came.
    parent
        The comment that it answers; the second level is the last.
    quote, passage
        Words of the article that it is about, and the name of the lit passage; both must be in the article.
    kind, action
        What it brings, and by which limit it counts.
    setting, beside
        Of a challenge: its canonical setting, and the reasons, which the word lists look at too.
    quoted
        The comment whose words the source begins with.

    Raises
    ------
    TextError
        The text, the quote or the passage cannot be taken.
    TooOften
        The writer or the network has written too much in this time.
    Refused
        Nothing may be written under this article.
    """
    refuse_closed(article)
    draft = drafted(source)
    if (quote or passage) and article.current_id is not None:  # only then is the article's text read
        edition = Version.objects.values_list("edition", flat=True).get(pk=article.current_id)
        quote, passage = quoting.found(quote, edition), quoting.passage_of(passage, edition)
    with transaction.atomic():
        speaks(writer)
        _still_open(article)
        key = last_key(origin.key, writer.pk, article.pk, parent.pk if parent else 0, kind)
        recent = recent_of(writer)
        place = (article.pk, parent.pk if parent else None, str(kind))
        already = _sent_before(recent, writer, place, (draft.source, setting), key)
        if already is not None:
            return already
        limits.take(action, network=origin.network, account=writer)
        reasons = looked_at(draft, writer, article, origin, recent, beside=beside)
        comment = Comment(
            article=article,
            version_id=article.current_id,
            author=writer,
            parent=parent,
            quoted=quoted,
            kind=kind,
            source=draft.source,
            html=draft.rendered.html,
            sanitiser=draft.rendered.sanitiser,
            quote=quote,
            passage=passage,
            key=key or None,
            network=origin.network,
            fingerprint=draft.mark,
        )
        return enter(comment, [reason.stored() for reason in reasons])


def reply(writer: Account, answered: Comment, source: str, origin: Origin) -> Comment:
    """Answer a comment; an answer to an answer stands beside it and quotes it.

    Raises
    ------
    TextError, TooOften, Refused
        As :func:`post`; Refused also when the comment is not shown.
    """
    if answered.state != State.VISIBLE:
        raise Refused("only a comment that is shown can be answered")
    parent, quoted, text = answered, None, source
    if answered.parent is not None:
        parent, quoted = answered.parent, answered
        drafted(source)  # the writer's own words must pass by themselves
        text = f"{quotation(answered)}\n\n{source}"
    with transaction.atomic():
        speaks(writer)
        if not Comment.objects.filter(pk=answered.pk, state=State.VISIBLE).exists():
            raise Refused("only a comment that is shown can be answered")
        return post(writer, answered.article, text, origin, parent=parent, quoted=quoted)


def _same_key(writer: int, key: str) -> QuerySet[Any, Any]:
    return Comment.objects.filter(author=writer, key=key).values_list("pk")


_SAME_KEY = Prepared(_same_key)


def _sent_before(
    recent: Sequence[Recent],
    writer: Account,
    place: tuple[int, int | None, str],
    words: tuple[str, str],
    key: str,
) -> Comment | None:
    """Return the comment that this one repeats because it was sent twice, or None.

    Parameters
    ----------
    recent
        The writer's comments of the last minutes.
    place
        Article, comment that is answered, kind.
    words
        The source, and the canonical setting of a challenge.
    key
        What the form was given, if anything.
    """
    if key:
        same = _SAME_KEY.rows(writer=writer.pk, key=key)
        if same:
            return Comment.objects.get(pk=same[0][0])
    for each in recent:
        if each.state != State.WITHDRAWN and (each.place, (each.source, each.setting)) == (place, words):
            return Comment.objects.get(pk=each.pk)
    return None


def refuse_closed(article: Article) -> None:
    """Refuse to write under an article that takes no comments.

    Raises
    ------
    Refused
        It is not published, or closed.
    """
    if article.state != Article.State.PUBLISHED:
        raise Refused("this article takes no comments")


def _still_open(article: Article) -> None:
    """Read an article's switches anew: an editor may have turned one since the request came in.

    Raises
    ------
    Refused
        As :func:`refuse_closed`.
    """
    [(article.state, premoderate)] = _SWITCHES.rows(key=article.pk)
    article.premoderate = bool(premoderate)
    refuse_closed(article)


_SWITCHES = Prepared(lambda key: Article.objects.filter(pk=key).values_list("state", "premoderate"))


def changeable(comment: Comment, writer: Account) -> bool:
    """Whether a writer may change a comment now: for some minutes, or because an editor asked for it."""
    if comment.author_id != writer.pk or comment.state not in (State.HELD, State.VISIBLE):
        return False
    if timezone.now() - comment.created <= timedelta(minutes=settings.PARLEY_RULES.edit_minutes):
        return True
    asked = Act.objects.filter(act="ask", subject__in=("comment", "challenge"), subject_id=comment.pk)
    if comment.edited_at is not None:
        asked = asked.filter(at__gt=comment.edited_at)
    return comment.state == State.HELD and asked.exists()


def change(comment: Comment, writer: Account, source: str, revision: int | None, origin: Origin) -> Comment:
    """Change a comment's words; the earlier text is kept, and can be read by whoever could read it before.

    The rules look at it anew. What an editor approved was the other text: it no longer counts as approved,
    and a newcomer's is held again.

    Raises
    ------
    TextError
        The new text cannot be taken.
    Refused
        The time is over, or the comment is not the writer's.
    Conflict
        It was changed meanwhile.
    TooOften
        Too many changes.
    """
    draft = drafted(source)
    with transaction.atomic():
        speaks(writer)
        journal.begin()  # the comment's row is locked after the log, as decisions do
        now = Comment.objects.select_for_update(of=("self",)).select_related("article").get(pk=comment.pk)
        if not changeable(now, writer):
            raise Refused(OVER)
        if revision is not None and revision != now.revision:
            raise Conflict(comment=now)
        if draft.source == now.source:
            return now
        limits.take("edit", network=origin.network, account=writer)
        reasons = looked_at(draft, writer, now.article, origin, recent_of(writer), comment=now)
        at = timezone.now()
        seen = now.state == State.VISIBLE
        CommentEdit.objects.create(comment=now, source=now.source, html=now.html, at=at, shown=seen)
        now.source, now.html = draft.source, draft.rendered.html
        now.sanitiser, now.fingerprint = draft.rendered.sanitiser, draft.mark
        now.edited_at, now.approved = at, False
        now.revision += 1
        if now.state == State.HELD:
            _tell_again(now, [reason.stored() for reason in reasons])
        now.save()
        if now.state == State.VISIBLE:
            touch(now.article_id)
            if reasons:
                now = decide(now, "hold", None, None, why=[reason.case for reason in reasons]).comment
        return now


def _tell_again(comment: Comment, stored: list[dict[str, Any]]) -> None:
    """Put the reasons of the changed text beside those for which a comment waits already."""
    known = [case_of(each) for each in comment.held_reasons]
    comment.held_reasons = [*comment.held_reasons, *(each for each in stored if case_of(each) not in known)]
    cases = [case_of(each) for each in comment.held_reasons]
    for item in ReviewItem.objects.filter(comment=comment, queue="held", open=True):
        item.why = together(item.why, cases)
        item.save(update_fields=("why",))


def take_back(comment: Comment, writer: Account) -> Comment:
    """Withdraw a comment: its words are gone, its place in the thread stays.

    Raises
    ------
    Refused
        It is not the writer's, or withdrawn already.
    """
    return decide(comment, "withdraw", writer, None).comment
