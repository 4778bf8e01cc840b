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
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parley.site.model.article import Edition
from parley.site.render.policy import clause
from parley.site.render.safe import sanitised
from parley.site.render.views import Author, ChallengeView, CommentView, Mark, Quote
from parley.site.web.editions import LARGE, Memo
from parley.site.web.effects import challenge_view
from parley.site.web.models import Account, Article, ChallengeEffect, Comment, Kind, Role, State
from parley.site.web.prepared import Prepared

__all__ = ["PAGE", "SORTS", "Thread", "author_of", "comment_view", "shown", "thread"]

PAGE = 200  # comments, without their replies
SORTS = ("convincing", "newest", "oldest", "picks")

_ORDER = {
    "convincing": ("-weight", "created", "pk"),
    "newest": ("-created", "-pk"),
    "oldest": ("created", "pk"),
    "picks": ("-pick", "-created", "-pk"),
}
# What the look of a comment follows from: its words change with its revision, and never without.
_ROW = (
    "pk",
    "revision",
    "state",
    "sanitiser",
    "created",
    "edited_at",
    "shown_at",
    "kind",
    "pick",
    "clause",
    "removal__seq",
    "advances",
    "convinced",
    "quote",
    "passage",
    "signed",
    "author_id",
    "author__name",
    "author__role",
    "author__points",
    "author__deleted_at",
)
_NUMBERS = (
    "challenge__setting",
    "challenge__declared",
    "challenge__answer",
    "challenge__answered_at",
    "challenge__adopted_in__n",
)
_EFFECT = ("pk", "version_id", "chip", "inapplicable", "solve__status", "solve__engine", "solve__finished")
_LARGE = tuple(f"challenge__adopted_in__{name}" for name in LARGE)

Row = tuple[Any, ...]
Key = tuple[Row, tuple[Row, ...], tuple[Row, ...]]
MOST_KEPT = 10_000  # records, of about 2 KB with their words
_COUNTS = Memo(2000)  # by the article's revision, which moves with whatever readers see
_VIEWS: dict[tuple[Key, Row], CommentView | ChallengeView | None] = {}


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
    """Read the debate under an article: at most five queries, three more for what was not yet kept.

    What a comment looks like follows from its row, those of its replies and, for a challenge, of its effects.
    The rows are read each time; the records are made once for as long as the rows are the same.

    Parameters
    ----------
    sort
        One of :data:`SORTS`; empty: challenges by how convincing they are, comments newest first.
    claim
        A passage: only what is about it.
    page
        From 1; each has :data:`PAGE` comments and as many challenges.
    """
    words = {"article": article.pk} | ({"claim": claim} if claim else {})
    comments = _COMMENTS.rows(sort or "newest", page, bool(claim), **words)
    challenges = _CHALLENGES.rows(sort or "convincing", page, bool(claim), **words)
    ids = [each[0] for each in (*comments, *challenges)]
    replies = _by_first(_REPLIES.rows(parents=ids)) if ids else {}
    effects = _by_first(_EFFECTS.rows(comments=[each[0] for each in challenges])) if challenges else {}
    today = timezone.now().astimezone(UTC).date()
    counts = _COUNTS.get((article.pk, article.revision, claim, today), lambda: _counts(article, claim))
    keys = [(each, replies.get(each[0], ()), effects.get(each[0], ())) for each in (*comments, *challenges)]
    views = _kept(article, edition, keys)
    return Thread(
        challenges=tuple(each for each in views if isinstance(each, ChallengeView)),
        comments=tuple(each for each in views if isinstance(each, CommentView)),
        comment_count=counts["visible"],
        removed_today=counts["removed"],
        moved=_moved(challenges, edition),
        pages=max(1, -(-max(counts["words"], counts["numbers"]) // PAGE)),
    )


def _kept(
    article: Article, edition: Edition, keys: Sequence[Key]
) -> list[CommentView | ChallengeView | None]:
    """Return the records for rows, making those that are not kept."""
    around = (
        article.state == Article.State.PUBLISHED,
        article.owner_id,
        article.current_id,
        edition.digest,
        get_language(),
    )
    missing = [key for key in keys if (key, around) not in _VIEWS]
    made = _made(article, edition, missing) if missing else {}
    for key in missing:
        _VIEWS[key, around] = made.get(key[0][0])
    found = [_VIEWS.get((key, around), made.get(key[0][0])) for key in keys]
    while len(_VIEWS) > MOST_KEPT:
        _VIEWS.pop(next(iter(_VIEWS)), None)
    return found


def _made(
    article: Article, edition: Edition, keys: Sequence[Key]
) -> dict[int, CommentView | ChallengeView | None]:
    ids = [key[0][0] for key in keys] + [reply[0] for key in keys for reply in key[1]]
    rows = Comment.objects.filter(pk__in=ids).defer("source", *_LARGE)
    comments = {
        each.pk: each
        for each in rows.select_related("author", "removal", "challenge", "challenge__adopted_in")
    }
    effects: dict[int, list[ChallengeEffect]] = {}
    if any(key[2] for key in keys):
        solved = ChallengeEffect.objects.filter(challenge__comment__in=ids).select_related("solve", "version")
        for each in solved.defer("solve__effect", *(f"version__{name}" for name in LARGE)):
            effects.setdefault(each.challenge_id, []).append(each)
    closed = article.state != Article.State.PUBLISHED
    made: dict[int, CommentView | ChallengeView | None] = {}
    for row, replies, _about in keys:
        comment = comments[row[0]]
        view = comment_view(comment, edition, article, [comments[each[0]] for each in replies], closed=closed)
        if view is None or comment.kind == Kind.COMMENT:
            made[comment.pk] = view
        else:
            challenge = getattr(comment, "challenge", None)
            about = effects.get(challenge.pk, ()) if challenge is not None else ()
            made[comment.pk] = challenge_view(comment, view, edition, article, about)
    return made


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
        edited=comment.changed_at,
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


def _top(article: int, claim: str) -> QuerySet[Comment]:
    top = shown(Comment.objects.filter(article=article)).filter(parent__isnull=True)
    return top.filter(Q(passage=claim) | Q(challenge__passage=claim)) if claim else top


def _comments(sort: str, page: int, _about: bool, article: int, claim: str = "") -> QuerySet[Any, Any]:
    found = _sorted(_top(article, claim).filter(kind=Kind.COMMENT), sort)
    return found.values_list(*_ROW)[(page - 1) * PAGE : page * PAGE]


def _challenges(sort: str, page: int, _about: bool, article: int, claim: str = "") -> QuerySet[Any, Any]:
    found = _sorted(_top(article, claim).exclude(kind=Kind.COMMENT), sort)
    return found.values_list(*_ROW, *_NUMBERS)[(page - 1) * PAGE : page * PAGE]


def _replies(parents: list[int]) -> QuerySet[Any, Any]:
    found = shown(Comment.objects.filter(parent__in=parents)).order_by("created", "pk")
    return found.values_list("parent_id", *_ROW)


def _effects(comments: list[int]) -> QuerySet[Any, Any]:
    found = ChallengeEffect.objects.filter(challenge__comment__in=comments).order_by("pk")
    return found.values_list("challenge__comment_id", *_EFFECT)


_COMMENTS, _CHALLENGES = Prepared(_comments), Prepared(_challenges)
_REPLIES, _EFFECTS = Prepared(_replies), Prepared(_effects)


def _by_first(rows: Iterable[Row]) -> dict[int, tuple[Row, ...]]:
    found: dict[int, list[Row]] = {}
    for first, *rest in rows:
        found.setdefault(first, []).append(tuple(rest))
    return {first: tuple(those) for first, those in found.items()}


def _counts(article: Article, claim: str) -> dict[str, int]:
    midnight = datetime.combine(timezone.now().astimezone(UTC).date(), datetime.min.time(), UTC)
    top = Q(parent__isnull=True)
    if claim:
        top &= Q(passage=claim) | Q(challenge__passage=claim)
    return shown(Comment.objects.filter(article=article)).aggregate(
        visible=Count("pk", filter=Q(state=State.VISIBLE, kind=Kind.COMMENT)),
        removed=Count("pk", filter=Q(state=State.REMOVED, removal__at__gte=midnight)),
        words=Count("pk", filter=top & Q(kind=Kind.COMMENT)),
        numbers=Count("pk", filter=top & ~Q(kind=Kind.COMMENT)),
    )


def _moved(challenges: Sequence[Row], edition: Edition) -> dict[str, list[float]]:
    """Return what readers have set, by assumption: one value for each account, the last one."""
    names = {each.key: each.name for each in edition.assumptions if not each.options}
    last: dict[tuple[str, int], tuple[datetime, float]] = {}
    for row in challenges:
        each = dict(zip((*_ROW, *_NUMBERS), row, strict=True))
        if each["state"] != State.VISIBLE or each["author_id"] is None or each["challenge__setting"] is None:
            continue
        for key, value in _numbers(each["challenge__setting"]):
            if key in names:
                place = (names[key], each["author_id"])
                if place not in last or last[place][0] < each["created"]:
                    last[place] = (each["created"], value)
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
