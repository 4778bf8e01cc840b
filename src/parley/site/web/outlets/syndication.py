"""Which feeds there are, and what is in them: only what everybody may see.

What lives here: entries gathered from the database. What may not: the forms of feeds
(``parley.site.render.feeds``).

The words that a feed adds are in the site's own language, whoever asks, so that all caches keep the same
feed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from parley.site.render.feeds import Entry, Feed
from parley.site.render.safe import sanitised
from parley.site.web.access import readable_articles
from parley.site.web.models import Account, Act, Article, Comment, Version
from parley.site.web.moderation.people import clause_words
from parley.site.web.moderation.words import act_words, by_words
from parley.site.web.outlets import exchange, places
from parley.site.web.outlets.exchange import PUBLIC

__all__ = ["ARTICLE_FEEDS", "SITE_FEEDS", "FeedLink", "article_feed", "author_feed", "links", "site_feed"]

LENGTH = 50  # entries


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed to be shown or found: its path without the form, and its title."""

    path: str
    title: str

    def href(self, form: str) -> str:
        """Return the path in one form: ``atom``, ``rss`` or ``json``."""
        return f"{self.path}.{form}"


def site_feed(kind: str, form: str) -> Feed:
    """Return a feed of the whole site.

    Raises
    ------
    KeyError
        There is no feed of this kind.
    """
    with override(settings.LANGUAGE_CODE):
        return SITE_FEEDS[kind](f"/feeds/{kind}.{form}")


def article_feed(kind: str, slug: str, form: str) -> Feed:
    """Return a feed of one article.

    Raises
    ------
    KeyError
        There is no feed of this kind.
    Article.DoesNotExist
        There is no such article that everybody may read.
    """
    make = ARTICLE_FEEDS[kind]
    with override(settings.LANGUAGE_CODE):
        found = exchange.public_articles().get(slug=slug)
        return make(found, f"/feeds/a/{found.slug}/{kind}.{form}")


def author_feed(name: str, form: str) -> Feed:
    """Return the feed of the articles of an author.

    Raises
    ------
    Account.DoesNotExist
        There is no such account, or it was deleted, or it has no article that everybody may read.
    """
    with override(settings.LANGUAGE_CODE):
        who = Account.objects.get(name__iexact=name, deleted_at__isnull=True, is_active=True)
        found = exchange.public_articles().filter(owner=who)[:LENGTH]
        if not found:
            raise Account.DoesNotExist
        path = places.profile(who.name)
        return _feed(
            _("Articles by %(name)s") % {"name": who.name},
            "",
            path,
            f"/feeds{path.rstrip('/')}.{form}",
            tuple(_article(each, by=who.name) for each in found),
        )


def links(article: Article | None = None) -> tuple[FeedLink, ...]:
    """Return the feeds of the site, or of one article, for pages and their heads."""
    if article is None:
        return (
            FeedLink("/feeds/articles", _("New articles")),
            FeedLink("/feeds/corrections", _("Corrections")),
            FeedLink("/feeds/log", _("Moderation log")),
        )
    base = f"/feeds/a/{article.slug}"
    return (
        FeedLink(f"{base}/comments", _("Comments")),
        FeedLink(f"{base}/challenges", _("Challenges")),
        FeedLink(f"{base}/corrections", _("Corrections")),
    )


def _feed(title: str, subtitle: str, page: str, url: str, entries: tuple[Entry, ...]) -> Feed:
    return Feed(title, subtitle, places.whole(page), places.whole(url), entries, settings.LANGUAGE_CODE)


def _articles(url: str) -> Feed:
    found = exchange.public_articles().select_related("owner")[:LENGTH]
    return _feed(
        _("New articles"), _("Arguments that can be computed"), "/", url, tuple(map(_article, found))
    )


def _article(found: Article, by: str = "") -> Entry:
    now = found.current
    assert now is not None, "public_articles() asks for a version"
    published = found.published_at or found.created
    return Entry(
        places.whole(places.article(found.slug)),
        now.title,
        published,
        max(published, now.at),
        text=getattr(found, "question", None) or now.title,
        author=by,
    )


def _comments(found: Article, url: str) -> Feed:
    title = _("Comments on %(title)s") % {"title": _title(found)}
    shown = exchange.public_comments().filter(article=found).order_by("-shown_at", "-pk")[:LENGTH]
    return _feed(title, "", places.article(found.slug), url, tuple(map(_comment, shown)))


def _challenges(found: Article, url: str) -> Feed:
    title = _("Challenges to %(title)s") % {"title": _title(found)}
    shown = (
        exchange.public_comments()
        .filter(article=found, kind="challenge")
        .order_by("-shown_at", "-pk")[:LENGTH]
    )
    return _feed(title, "", places.article(found.slug), url, tuple(map(_comment, shown)))


def _comment(found: Comment) -> Entry:
    who = exchange.author(found)
    name = who.name if who else _("a reader")
    words = _("Challenge by %(name)s") if found.kind == "challenge" else _("Comment by %(name)s")
    published = found.shown_at or found.created
    return Entry(
        places.whole(places.comment(found.pk)),
        words % {"name": name},
        published,
        max(published, found.edited_at or published),
        html=sanitised(found.html),
        author=name,
    )


def _corrections(url: str) -> Feed:
    return _feed(_("Corrections"), "", "/", url, _corrected(None))


def _article_corrections(found: Article, url: str) -> Feed:
    title = _("Corrections of %(title)s") % {"title": _title(found)}
    return _feed(title, "", places.article(found.slug), url, _corrected(found))


def _corrected(found: Article | None) -> tuple[Entry, ...]:
    rows = (
        Version.objects.filter(correction=True, article__in=readable_articles(PUBLIC))
        .select_related("article")
        .defer("edition", "numbers", "source")
        .order_by("-at", "-pk")
    )
    rows = rows if found is None else rows.filter(article=found)
    return tuple(
        Entry(
            places.whole(places.version(each.article.slug, each.n)),
            _("%(title)s, version %(n)s") % {"title": each.title, "n": each.n},
            each.at,
            each.at,
            text=each.note,
        )
        for each in rows[:LENGTH]
    )


def _log(url: str) -> Feed:
    rows = Act.objects.order_by("-seq")[:LENGTH]
    return _feed(_("Moderation log"), "", "/log/", url, tuple(map(_act, rows)))


def _act(row: Act) -> Entry:
    clause = clause_words(row.clause)
    words = f"{act_words(row.act)} · {_(row.subject)} · {by_words(row)}"
    return Entry(
        places.whole(places.log_row(row.seq)),
        f"#{row.seq} {act_words(row.act)}",
        row.at,
        row.at,
        text=f"{words} · {clause}" if clause else words,
    )


def _title(found: Article) -> str:
    return found.current.title if found.current is not None else found.slug


SITE_FEEDS: Mapping[str, Callable[[str], Feed]] = MappingProxyType(
    {"articles": _articles, "corrections": _corrections, "log": _log}
)
ARTICLE_FEEDS: Mapping[str, Callable[[Article, str], Feed]] = MappingProxyType(
    {"comments": _comments, "challenges": _challenges, "corrections": _article_corrections}
)
