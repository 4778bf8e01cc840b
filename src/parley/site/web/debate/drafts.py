"""A text before it is posted: made safe, looked at by the rules, known again when it is sent twice.

What lives here: the way from what was typed to what is stored, the same for comments, replies, edits and
challenges. What may not: the request, changes of state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.core import signing
from django.utils import timezone

from parley.errors import TextError
from parley.site.text.markdown import Rendered, render
from parley.site.text.spam import fingerprint
from parley.site.text.words import Opinion, WordList
from parley.site.web.access import May, may
from parley.site.web.debate.holding import Facts, Reason, holds
from parley.site.web.models import Account, Act, Article, Comment, State, WordListEntry
from parley.site.web.prepared import Prepared

__all__ = [
    "Draft",
    "Origin",
    "Recent",
    "drafted",
    "last_key",
    "looked_at",
    "opened_at",
    "passes_words",
    "recent_of",
    "seconds_since",
]

SAME_MINUTES = 10  # the same words in the same place within this are one comment, sent twice
_SALT = "parley.composer"
_MINUTES = 24 * 60  # a page that stood open for longer says nothing of how fast somebody types


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text comes from.

    Attributes
    ----------
    network
        The key of the client's network.
    seconds
        How long it was typed; None when that is not known.
    trapped
        Whether the field that people do not see was filled in.
    key
        What the form was given so that sending it twice posts once; empty when it had none.
    """

    network: str = ""
    seconds: float | None = None
    trapped: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that may be stored: its source in one form, its HTML, its words."""

    source: str
    rendered: Rendered

    @property
    def mark(self) -> str:
        """The fingerprint as it is stored."""
        return f"{fingerprint(self.rendered.plain):016x}"


@dataclass(frozen=True, slots=True)
class Recent:
    """What is known again of a comment of the last minutes; ``place``: article, what it answers, kind."""

    pk: int
    place: tuple[int, int | None, str]
    state: str
    source: str
    setting: str
    mark: str
    created: datetime


def recent_of(writer: Account) -> list[Recent]:
    """Return the writer's comments of the last minutes, oldest first."""
    minutes = max(SAME_MINUTES, settings.PARLEY_RULES.repeat_minutes)
    rows = Comment.objects.filter(author=writer, created__gte=timezone.now() - timedelta(minutes=minutes))
    columns = (
        "article_id",
        "parent_id",
        "kind",
        "state",
        "source",
        "challenge__setting",
        "fingerprint",
        "created",
    )
    return [
        Recent(pk, (article, parent, kind), state, source, setting or "", mark, created)
        for pk, article, parent, kind, state, source, setting, mark, created in rows.order_by(
            "pk"
        ).values_list("pk", *columns)
    ]


def drafted(source: str) -> Draft:
    """Make a text safe.

    Raises
    ------
    TextError
        It cannot be taken; the message says why.
    """
    from parley.site.text.markdown import normalised

    limit = settings.PARLEY_RULES.comment_characters
    text = normalised(source, limit=limit)
    return Draft(text, render(text, limit=limit))


_ENTRIES = Prepared(lambda: WordListEntry.objects.order_by("pk").values_list("kind", "phrase"))


def passes_words(plain: str) -> Opinion:
    """Refuse a text with a banned word, and say which suspect words it holds.

    Raises
    ------
    TextError
        It holds a banned word; the message names it.
    """
    entries = tuple(_ENTRIES.rows())
    banned = _word_list(tuple(phrase for kind, phrase in entries if kind == "banned")).opinion(plain)
    if banned.matches:
        raise TextError(
            "banned",
            "The text holds “%(found)s”, which is not printed here. Say it otherwise.",
            found=banned.matches[0].found,
        )
    return _word_list(tuple(phrase for kind, phrase in entries if kind == "suspect")).opinion(plain)


@lru_cache(maxsize=8)
def _word_list(phrases: tuple[str, ...]) -> WordList:
    """Return the list of some phrases, built once for as long as they stay the same."""
    return WordList(phrases)


def looked_at(
    draft: Draft,
    writer: Account,
    article: Article,
    origin: Origin,
    recent: Sequence[Recent],
    *,
    comment: Comment | None = None,
    beside: Sequence[str] = (),
) -> list[Reason]:
    """Ask the rules about a text.

    Parameters
    ----------
    draft, writer, article, origin
        What is written, by whom, under what, and how it came.
    recent
        The writer's comments of the last minutes (:func:`recent_of`).
    comment
        The comment whose text this replaces, when it is a change of one.
    beside
        Other words that are shown with it, for the word lists.

    Raises
    ------
    TextError
        It holds a banned word.
    """
    rules = settings.PARLEY_RULES
    judged, removed = _history(writer)
    since = timezone.now() - timedelta(minutes=rules.repeat_minutes)
    others = [each for each in recent if comment is None or each.pk != comment.pk]
    facts = Facts(
        plain=draft.rendered.plain,
        links=draft.rendered.links,
        staff=may(writer, May.MODERATE) or article.owner_id == writer.pk,
        points=writer.points,
        approved=writer.approved,
        first=_first(writer, others, origin, comment),
        judged=judged,
        removed=removed,
        earlier=[int(each.mark, 16) for each in others if each.mark and each.created >= since],
        matches=passes_words("\n".join((draft.rendered.plain, *beside))).matches,
        seconds=origin.seconds,
        trapped=origin.trapped,
        premoderated=article.premoderate,
        edited=comment is not None and comment.approved,
    )
    return holds(facts, rules)


def _first(writer: Account, others: Sequence[Recent], origin: Origin, comment: Comment | None) -> bool:
    """Whether the account has written nothing before; asked only where the answer matters."""
    fast = origin.seconds is not None and origin.seconds < settings.PARLEY_RULES.typing_seconds
    if not fast or others:
        return False
    own = Comment.objects.filter(author=writer)
    return not (own.exclude(pk=comment.pk) if comment is not None else own).exists()


def _history(writer: Account) -> tuple[int, int]:
    """Return on how many of the writer's comments editors decided lately, and how many they removed."""
    if not writer.removed:
        return 0, 0
    since = timezone.now() - timedelta(days=settings.PARLEY_RULES.removed_days)
    own = Comment.objects.filter(author=writer)
    removed = own.filter(state__in=(State.REMOVED, State.WITHDRAWN), removal__at__gte=since).count()
    acts = Act.objects.filter(
        act="approve", at__gte=since, subject__in=("comment", "challenge"), subject_id__in=own.values("pk")
    )
    kept = own.filter(state=State.VISIBLE, approved=True, pk__in=acts.values("subject_id")).count()
    return kept + removed, removed


def opened_at() -> str:
    """Return a signed stamp of now, for a form: it tells later how long the form was open."""
    return signing.dumps(timezone.now().timestamp(), salt=_SALT)


def seconds_since(stamp: str) -> float | None:
    """Return how long ago a form was made; None for a stamp that is missing, not ours or old."""
    try:
        then = float(signing.loads(stamp, salt=_SALT, max_age=timedelta(minutes=_MINUTES)))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return timezone.now().timestamp() - then


def last_key(given: str, *parts: object) -> str:
    """Return the key under which an act is known again: what the form says, bound to what it is about.

    Without a key from the form there is none: "" (then the words themselves are compared).
    """
    if not given:
        return ""
    return hashlib.sha256("\0".join(str(part) for part in (given, *parts)).encode()).hexdigest()
