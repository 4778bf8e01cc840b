"""Who may do what: one table of acts, and the questions about single objects.

What lives here: permissions. What may not: anything that changes something.

Every view names the act that it performs (``@needs(Act.…)`` in ``views.guard``); the tests walk the URL table
and refuse a route without one.
"""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from parley.site.web.models import Account, Article, Comment, Role, Standing, State

__all__ = ["Actor", "May", "Rank", "may", "may_read", "rank", "readable_articles", "readable_comments"]

Actor = Account | AnonymousUser


class Rank(StrEnum):
    """Who somebody is, for the table: a role, or a reader's standing."""

    ANONYMOUS = "anonymous"
    NEW = "new"
    RECOGNISED = "recognised"
    CONTRIBUTOR = "contributor"
    AUTHOR = "author"
    EDITOR = "editor"
    ADMIN = "admin"


class May(StrEnum):
    """The acts that are granted or refused."""

    READ = "read"
    SOLVE = "solve"
    SIGN_IN = "sign in"
    REPORT_ILLEGAL = "report illegal content"
    ACCOUNT = "manage one's own account"
    WRITE = "write"
    MARK = "mark"
    REPORT = "report"
    FOLLOW = "follow"
    ANSWER = "answer challenges to one's own article"
    PUBLISH = "publish"
    MODERATE = "moderate"
    ADMINISTER = "administer"


_READERS = {Rank.NEW, Rank.RECOGNISED, Rank.CONTRIBUTOR, Rank.AUTHOR, Rank.EDITOR, Rank.ADMIN}
_ALL = _READERS | {Rank.ANONYMOUS}
_TABLE: dict[May, set[Rank]] = {
    May.READ: _ALL,
    May.SOLVE: _ALL,
    May.SIGN_IN: _ALL,
    May.REPORT_ILLEGAL: _ALL,
    May.ACCOUNT: _READERS,
    May.WRITE: _READERS,
    May.MARK: _READERS,
    May.REPORT: _READERS,
    May.FOLLOW: _READERS,
    May.ANSWER: {Rank.AUTHOR, Rank.EDITOR, Rank.ADMIN},
    May.PUBLISH: {Rank.AUTHOR, Rank.ADMIN},
    May.MODERATE: {Rank.EDITOR, Rank.ADMIN},
    May.ADMINISTER: {Rank.ADMIN},
}


def rank(actor: Actor) -> Rank:
    """Return who somebody is for the table."""
    if not isinstance(actor, Account) or not actor.is_active:
        return Rank.ANONYMOUS
    if actor.role != Role.READER:
        return Rank(actor.role)
    return {
        Standing.NEW: Rank.NEW,
        Standing.RECOGNISED: Rank.RECOGNISED,
        Standing.CONTRIBUTOR: Rank.CONTRIBUTOR,
    }[actor.standing()]


def may(actor: Actor, act: May) -> bool:
    """Whether somebody may do something at all; what concerns one object is asked besides."""
    if (
        act in (May.WRITE, May.MARK, May.REPORT, May.ANSWER)
        and isinstance(actor, Account)
        and actor.silenced()
    ):
        return False
    if act in (May.PUBLISH, May.MODERATE, May.ADMINISTER) and isinstance(actor, Account) and actor.banned_at:
        return False
    return rank(actor) in _TABLE[act]


def readable_articles(actor: Actor) -> QuerySet[Article]:
    """Return the articles that somebody may read: the published, one's own drafts, all for editors."""
    articles = Article.objects.all()
    if may(actor, May.MODERATE):
        return articles
    public = Q(state__in=(Article.State.PUBLISHED, Article.State.CLOSED))
    if isinstance(actor, Account):
        return articles.filter(public | Q(owner=actor))
    return articles.filter(public)


def readable_comments(actor: Actor) -> QuerySet[Comment]:
    """Return the comments whose words somebody may read: the visible, one's own, all for editors.

    Whatever shows a comment starts from this: a comment that is not here does not exist for the reader (404).
    """
    comments = Comment.objects.filter(article__in=readable_articles(actor))
    if may(actor, May.MODERATE):
        return comments
    seen = Q(state=State.VISIBLE)
    if isinstance(actor, Account):
        return comments.filter(seen | (Q(author=actor) & ~Q(state=State.WITHDRAWN)))
    return comments.filter(seen)


def may_read(actor: Actor, comment: Comment) -> bool:
    """Whether somebody may read one comment's words."""
    return readable_comments(actor).filter(pk=comment.pk).exists()
