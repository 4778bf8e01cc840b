"""The debate under an article, as everybody reads it.

What lives here: few queries, and from their rows the records that templates take. What may not: anything
that depends on who reads, changes, permissions of writers.

A comment that is not visible shows no words: where it stood once, the page says why it is gone; where it
never stood, there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.site.model.article import Edition
from parley.site.render.policy import clause
from parley.site.render.safe import sanitised
from parley.site.render.views import Author, ChallengeView, CommentView, Mark, Quote
from parley.site.web.editions import LARGE
from parley.site.web.effects import challenge_view
from parley.site.web.models import Account, Article, ChallengeEffect, Comment, Kind, Role, State

__all__ = ["PAGE", "SORTS", "Thread", "author_of", "comment_view", "shown", "thread"]

PAGE = 200  # comments, without their replies
SORTS = ("convincing", "newest", "oldest", "picks")

_ORDER = {
    "convincing": ("-weight", "created", "pk"),
    "newest": ("-created", "-pk"),
    "oldest": ("created", "pk"),
    "picks": ("-pick", "-created", "-pk"),
}


@dataclass(frozen=True, slots=True)
class Thread:
    """What is shown of a debate, and how much there is."""

    challenges: tuple[ChallengeView, ...]
    comments: tuple[CommentView, ...]
    comment_count: int
    removed_today: int
    moved: dict[str, list[float]]
    pages: int


def shown(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Return the comments that everybody sees: the visible, and what is left of those that once were."""
    return comments.filter(Q(state=State.VISIBLE) | Q(shown_at__isnull=False))


def thread(article: Article, edition: Edition, *, sort: str = "", claim: str = "", page: int = 1) -> Thread:
    """Read the debate under an article: at most five queries.

    Parameters
    ----------
    sort
        One of :data:`SORTS`; empty: challenges by how convincing they are, comments newest first.
    claim
        A passage: only what is about it.
    page
        From 1; each has :data:`PAGE` comments and as many challenges.
    """
    base = shown(Comment.objects.filter(article=article))
    top = base.filter(parent__isnull=True)
    if claim:
        top = top.filter(Q(passage=claim) | Q(challenge__passage=claim))
    words = top.filter(kind=Kind.COMMENT).select_related("author", "removal").defer("source")
    numbers = top.exclude(kind=Kind.COMMENT).select_related(
        "author", "removal", "challenge", "challenge__adopted_in"
    )
    numbers = numbers.defer("source", *(f"challenge__adopted_in__{name}" for name in LARGE))
    span = slice((page - 1) * PAGE, page * PAGE)
    comments = list(_sorted(words, sort or "newest")[span])
    challenges = list(_sorted(numbers, sort or "convincing")[span])
    replies = _replies(base, comments + challenges)
    effects = _effects(article, challenges)
    counts = _counts(base)
    open_ = article.state == Article.State.PUBLISHED
    views = [
        view
        for each in comments
        if (view := comment_view(each, edition, article, replies.get(each.pk, ()), closed=not open_))
        is not None
    ]
    answers = []
    for each in challenges:
        view = comment_view(each, edition, article, replies.get(each.pk, ()), closed=not open_)
        if view is not None:
            answers.append(challenge_view(each, view, edition, article, effects.get(each.pk, ())))
    return Thread(
        challenges=tuple(answers),
        comments=tuple(views),
        comment_count=counts["visible"],
        removed_today=counts["removed"],
        moved=_moved(challenges, edition),
        pages=max(1, -(-max(counts["words"], counts["numbers"]) // PAGE)),
    )


def author_of(account: Account | None, signed: str, article: Article) -> Author:
    """Return who wrote a comment, with the word that stands behind the name."""
    if account is None or account.deleted_at is not None:
        return Author(signed or _("a former reader"), "", _("restated") if signed else "")
    if account.role != Role.READER:
        word = str(Role(account.role).label)
    elif account.pk == article.owner_id:
        word = str(Role.AUTHOR.label)
    else:
        word = str(account.standing().label)
    return Author(account.name, f"/u/{account.name}", word)


def comment_view(
    comment: Comment,
    edition: Edition,
    article: Article,
    replies: Iterable[Comment] = (),
    *,
    closed: bool = False,
) -> CommentView | None:
    """Return a comment as everybody sees it; None where nothing is to be seen."""
    below = tuple(
        view for each in replies if (view := comment_view(each, edition, article, closed=closed)) is not None
    )
    bare = CommentView(
        id=comment.pk, href=f"/c/{comment.pk}/", posted=comment.created, replies=below, closed=closed
    )
    if comment.state != State.VISIBLE:
        if not below and (comment.state == State.HELD or comment.shown_at is None):
            return None
        seq = comment.removal.seq if comment.state == State.REMOVED and comment.removal is not None else None
        return replace(bare, tombstone=tombstone(comment), log_href=f"/log/#{seq}" if seq is not None else "")
    return replace(
        bare,
        author=author_of(comment.author, comment.signed, article),
        html=sanitised(comment.html),
        edited=comment.edited_at,
        pick=comment.pick,
        quote=_quote(comment, edition),
        marks=(
            Mark("advances", _("Advances the story"), comment.advances),
            Mark("convinced", _("Changed my mind"), comment.convinced),
        ),
    )


def tombstone(comment: Comment) -> str:
    """Return what stands in the place of a comment whose words are not shown."""
    if comment.state == State.WITHDRAWN:
        return _("Withdrawn by its writer.")
    if comment.state == State.HIDDEN:
        return _("Hidden after reports, until an editor has looked.")
    if comment.state != State.REMOVED:
        return _("Waiting for an editor.")
    number = comment.clause
    why = _(clause(number).title).lower() if number else _("no clause recorded")
    text = _("Removed by an editor: %(why)s (policy %(number)s).") % {"why": why, "number": number or "–"}
    if comment.removal is not None:
        text = f"{text} " + _("Log #%(seq)s") % {"seq": comment.removal.seq}
    return text


def _quote(comment: Comment, edition: Edition) -> Quote | None:
    if not comment.quote:
        return None
    known = any(each.name == comment.passage for each in edition.passages)
    return Quote(comment.quote, f"#p-{comment.passage}" if known else "#main")


def _sorted(comments: QuerySet[Comment], sort: str) -> QuerySet[Comment]:
    if sort == "convincing":
        from django.db.models import F

        comments = comments.annotate(weight=F("advances") + 2 * F("convinced"))
    return comments.order_by(*_ORDER[sort])


def _replies(base: QuerySet[Comment], parents: Sequence[Comment]) -> dict[int, list[Comment]]:
    found: dict[int, list[Comment]] = {}
    if parents:
        rows = (
            base.filter(parent__in=[each.pk for each in parents])
            .select_related("author", "removal")
            .defer("source")
        )
        for each in rows.order_by("created", "pk"):
            if each.parent_id is not None:
                found.setdefault(each.parent_id, []).append(each)
    return found


def _effects(article: Article, challenges: Sequence[Comment]) -> dict[int, list[ChallengeEffect]]:
    found: dict[int, list[ChallengeEffect]] = {}
    ids = {each.challenge.pk: each.pk for each in challenges if hasattr(each, "challenge")}
    if ids:
        rows = ChallengeEffect.objects.filter(challenge__in=ids).select_related("solve", "version")
        for each in rows.defer("solve__effect", *(f"version__{name}" for name in LARGE)):
            found.setdefault(ids[each.challenge_id], []).append(each)
    return found


def _counts(base: QuerySet[Comment]) -> dict[str, int]:
    midnight = datetime.combine(timezone.now().astimezone(UTC).date(), datetime.min.time(), UTC)
    top = Q(parent__isnull=True)
    return base.aggregate(
        visible=Count("pk", filter=Q(state=State.VISIBLE, kind=Kind.COMMENT)),
        removed=Count("pk", filter=Q(state=State.REMOVED, removal__at__gte=midnight)),
        words=Count("pk", filter=top & Q(kind=Kind.COMMENT)),
        numbers=Count("pk", filter=top & ~Q(kind=Kind.COMMENT)),
    )


def _moved(challenges: Sequence[Comment], edition: Edition) -> dict[str, list[float]]:
    """Return what readers have set, by assumption: one value for each account, the last one."""
    names = {each.key: each.name for each in edition.assumptions if not each.options}
    last: dict[tuple[str, int], tuple[datetime, float]] = {}
    for each in challenges:
        if each.state != State.VISIBLE or each.author_id is None or not hasattr(each, "challenge"):
            continue
        for key, value in _numbers(each.challenge.setting):
            if key in names:
                place = (names[key], each.author_id)
                if place not in last or last[place][0] < each.created:
                    last[place] = (each.created, value)
    found: dict[str, list[float]] = {}
    for (name, _account), (_at, value) in last.items():
        found.setdefault(name, []).append(value)
    return found


def _numbers(canonical: str) -> Iterable[tuple[str, float]]:
    for part in canonical.split(";") if canonical else ():
        key, _equals, text = part.partition("=")
        try:
            yield key, float(text)
        except ValueError:  # the option of a switch
            continue
