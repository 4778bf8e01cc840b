"""Looking things up: published articles and visible comments, the best first.

What lives here: the one function that asks the index. What may not: what is in it (``index``), pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import QuerySet

from parley.site.render.excerpt import Piece, Query, excerpt, read_query
from parley.site.render.words import plain
from parley.site.web.access import readable_articles, readable_comments
from parley.site.web.search.index import FOLD, TABLE

__all__ = ["KINDS", "MOST", "PAGE", "Found", "Hit", "search"]

KINDS = ("article", "comment")
PAGE = 20
MOST = 500  # hits that are looked at
_PUBLIC = AnonymousUser()


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: where it is, what it is called, the piece of text around what was looked for."""

    kind: str
    href: str
    title: str
    author: str
    at: datetime
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits; ``more`` where the index held more than are looked at."""

    hits: tuple[Hit, ...]
    total: int
    page: int
    pages: int
    more: bool


def search(text: str, kind: str = "", page: int = 1) -> Found:
    """Look something up.

    Parameters
    ----------
    text
        What a reader typed: words (found by their beginning), "phrases", -without. It is never a statement.
    kind
        One of :data:`KINDS`, or empty for both.
    page
        From 1; beyond the last there is nothing.
    """
    query = read_query(text)
    ranked = [] if query.empty else _ranked(query, (kind,) if kind else KINDS)
    articles = _ids(ranked, "article")
    comments = _ids(ranked, "comment")
    # The index is trusted with words, not with rights: what may be read is asked anew.
    allowed = {("article", key) for key in _readable(readable_articles(_PUBLIC), articles)}
    allowed |= {("comment", key) for key in _readable(readable_comments(_PUBLIC), comments)}
    seen = [each for each in ranked if each in allowed]
    pages = max(1, -(-len(seen) // PAGE))
    shown = seen[(page - 1) * PAGE : page * PAGE]
    return Found(_hits(shown, query), len(seen), page, pages, len(ranked) == MOST)


def _ids(ranked: Iterable[tuple[str, int]], kind: str) -> list[int]:
    return [key for each, key in ranked if each == kind]


def _readable(rows: QuerySet[Any], keys: list[int]) -> Iterable[int]:
    return rows.filter(pk__in=keys).values_list("pk", flat=True) if keys else ()


def _ranked(query: Query, kinds: tuple[str, ...]) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(kinds))
            cursor.execute(
                f"SELECT kind, target FROM {TABLE} WHERE {TABLE} MATCH %s AND kind IN ({places}) "
                f"ORDER BY bm25({TABLE}, 0, 0, 4.0, 1.0), rowid DESC LIMIT {MOST}",
                [_fts5(query), *kinds],
            )
        else:
            expression, parts = _tsquery(query)
            cursor.execute(
                f"SELECT kind, target FROM {TABLE}, (SELECT {expression} AS q) AS asked "
                f"WHERE vector @@ asked.q AND kind = ANY(%s) "
                f"ORDER BY ts_rank(vector, asked.q) DESC, kind, target DESC LIMIT {MOST}",
                [*parts, list(kinds)],
            )
        return [(str(kind), int(target)) for kind, target in cursor.fetchall()]


def _fts5(query: Query) -> str:
    """Write a query in FTS5's language: each term a string in quotation marks, which no word holds."""
    terms = [f'"{word}" *' for word in query.words]
    terms += [f'"{" ".join(phrase)}"' for phrase in query.phrases]
    found = " AND ".join(terms)
    for phrase in query.without:
        found = f'({found}) NOT "{" ".join(phrase)}"'
    return "{title body} : (" + found + ")"


def _tsquery(query: Query) -> tuple[str, list[str]]:
    """Return an SQL expression of type tsquery and its parameters; words are letters, digits and `_`."""
    terms = [f"to_tsquery('simple', {FOLD}(%s))"] * len(query.words)
    parts = [f"'{word}':*" for word in query.words]
    terms += [f"phraseto_tsquery('simple', {FOLD}(%s))"] * len(query.phrases)
    parts += [" ".join(phrase) for phrase in query.phrases]
    terms += [f"!!phraseto_tsquery('simple', {FOLD}(%s))"] * len(query.without)
    parts += [" ".join(phrase) for phrase in query.without]
    return " && ".join(terms), parts


def _hits(shown: list[tuple[str, int]], query: Query) -> tuple[Hit, ...]:
    made: dict[tuple[str, int], Hit] = {}
    articles = readable_articles(_PUBLIC).filter(pk__in=_ids(shown, "article")).select_related("current")
    for article in articles.defer("current__edition", "current__numbers", "current__source"):
        now = article.current
        if now is not None:
            at = article.published_at or article.created
            pieces = excerpt(now.words or now.title, query)
            made["article", article.pk] = Hit("article", f"/a/{article.slug}/", now.title, "", at, pieces)
    comments = readable_comments(_PUBLIC).filter(pk__in=_ids(shown, "comment"))
    for comment in comments.select_related("author", "article__current").defer(
        *(f"article__current__{name}" for name in ("edition", "numbers", "source", "words"))
    ):
        title = comment.article.current.title if comment.article.current is not None else comment.article.slug
        who = comment.author.name if comment.author is not None else comment.signed
        made["comment", comment.pk] = Hit(
            "comment", f"/c/{comment.pk}/", title, who, comment.created, excerpt(plain(comment.html), query)
        )
    return tuple(made[each] for each in shown if each in made)
