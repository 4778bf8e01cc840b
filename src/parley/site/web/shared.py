"""Pages, feeds and JSON that are the same for everybody: which they are, and what their state is called.

What lives here: the table of shared pages, their canonical queries, their tokens, the answer that a view
of such a page gives. What may not: keeping them (``cache``), anything personal.

A shared page depends on its path, the parameters named in the table, and the language (feeds and JSON have
none: they are in the site's own), and on nothing else: the cache hands its view a request that holds only
these. Its token is read from the database at every request and moves with every visible change
(``revisions``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

from parley.errors import ParleyError

__all__ = [
    "CACHE_CONTROL",
    "KEEP",
    "LANGUAGE",
    "PAGES",
    "QueryFault",
    "SharedPage",
    "Token",
    "canonical_query",
    "find",
    "shared",
    "shared_answer",
    "today",
    "token",
]

KEEP = "X-Parley-Keep"  # between a view and the cache; never leaves the process
CACHE_CONTROL = "public, max-age=0, must-revalidate"
LANGUAGE = "hl"
MOST_PARAMETERS = 60
LONGEST_QUERY = 4000

Token = tuple[Any, ...]


class QueryFault(ParleyError):
    """A query that is refused: ``name`` is the parameter at fault."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name[:40]
        super().__init__(f"the parameter `{self.name}` {reason}" if name else reason)


@dataclass(frozen=True, slots=True)
class SharedPage:
    """A family of shared pages.

    Attributes
    ----------
    path
        Matches the whole path; a group ``slug`` names the article.
    scope
        What its token is read from: ``site``, ``articles`` (all of them), ``article``, ``comment`` (the
        article under which it stands), ``log``.
    parameters
        What may stand in the query. Other names are dropped before the view sees them.
    passes
        A query with a parameter that begins like one of these goes to the view as it is, and is not kept.
    translated
        Whether it is in the reader's language.
    """

    path: re.Pattern[str]
    scope: str
    parameters: frozenset[str] = frozenset()
    passes: tuple[str, ...] = ()
    translated: bool = True


def _data(path: str, scope: str, *parameters: str) -> SharedPage:
    """Name a feed or a document that programs read: the same in every language."""
    return SharedPage(re.compile(path, re.ASCII), scope, frozenset(parameters), translated=False)


def _page(path: str, scope: str, *parameters: str, passes: tuple[str, ...] = ()) -> SharedPage:
    return SharedPage(re.compile(path, re.ASCII), scope, frozenset((LANGUAGE, *parameters)), passes)


_ARTICLE = r"/a/(?P<slug>[a-zA-Z0-9_-]{1,80})/"
_NAME = r"[^/]{1,200}"  # of an account, in bytes
_FORM = r"\.(?:atom|rss|json)"
PAGES: list[SharedPage] = [
    _page(r"/", "articles", "page"),
    _page(r"/policy/", "site"),
    _page(_ARTICLE, "article", "s", "sort", "claim", "page", passes=("v.", "r.", "step")),
    _page(_ARTICLE + r"v/[1-9][0-9]{0,5}", "article"),
    _page(_ARTICLE + r"claims/[A-Za-z0-9_.-]{1,80}", "article", "s"),
    _data(r"/feeds/(?:articles|corrections)" + _FORM, "articles"),
    _data(r"/feeds/log" + _FORM, "log"),
    _data(r"/feeds" + _ARTICLE + r"(?:comments|challenges|corrections)" + _FORM, "article"),
    _data(r"/feeds/u/" + _NAME + _FORM, "articles"),
    _data(r"/articles\.json", "articles", "page"),
    _data(_ARTICLE.removesuffix("/") + r"\.json", "article"),
    _data(_ARTICLE + r"(?:comments|challenges)\.json", "article", "page"),
    _data(r"/c/(?P<slug>[1-9][0-9]{0,17})\.json", "comment"),
    _data(r"/u/" + _NAME + r"\.json", "articles", "page"),
    _data(r"/log\.json", "log", "page"),
    _data(r"/(?:policy|openapi)\.json", "site"),
]

_SQL = {
    "site": "SELECT (SELECT revision FROM web_site WHERE id = 1)",
    "articles": "SELECT count(*), coalesce(sum(revision), 0), coalesce(max(id), 0),"
    " (SELECT revision FROM web_site WHERE id = 1) FROM web_article",
    "article": "SELECT id, revision, current_id, (SELECT revision FROM web_site WHERE id = 1)"
    " FROM web_article WHERE slug = %s AND state IN ('published', 'closed')",
    "comment": "SELECT a.id, a.revision, a.current_id, (SELECT revision FROM web_site WHERE id = 1)"
    " FROM web_comment c JOIN web_article a ON a.id = c.article_id"
    " WHERE c.id = %s AND a.state IN ('published', 'closed')",
    "log": "SELECT (SELECT max(seq) FROM web_act), (SELECT revision FROM web_site WHERE id = 1)",
}


def find(path: str) -> tuple[SharedPage, str] | None:
    """Return the family that a path belongs to, and the slug or number in it (or an empty text)."""
    for each in PAGES:
        if match := each.path.fullmatch(path):
            return each, match.groupdict().get("slug", "")
    return None


def canonical_query(query: str, allowed: Iterable[str]) -> str:
    """Return a query with its known parameters alone, sorted; what others say does not matter.

    Raises
    ------
    QueryFault
        A known parameter is empty, repeated, given as an array (``s[]=``), or not UTF-8; or the query is
        beyond all measure.

    Examples
    --------
    >>> canonical_query("utm_source=x&sort=newest&claim=c5", {"claim", "sort"})
    'claim=c5&sort=newest'
    >>> canonical_query("sort=newest&sort=oldest", {"sort"})
    Traceback (most recent call last):
    ...
    parley.site.web.shared.QueryFault: the parameter `sort` is given twice
    """
    if not query:
        return ""
    if len(query) > LONGEST_QUERY:
        raise QueryFault("", f"the query is longer than {LONGEST_QUERY} characters")
    known = frozenset(allowed)
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS, errors="strict")
    except ValueError:  # not UTF-8, or too many fields
        raise QueryFault("", "the query cannot be read") from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in known:
            if name in found:
                raise QueryFault(name, "is given twice")
            if not value.strip() or "\0" in value:
                raise QueryFault(name, "is empty")
            found[name] = value
        elif "[" in name and name.partition("[")[0] in known:
            raise QueryFault(name, "is no list")
    return urlencode(sorted(found.items()))


def token(page: SharedPage, slug: str) -> Token | None:
    """Return the name of the state that a shared page shows now; None when there is nothing to show.

    One query of about 20 µs on SQLite. The day (UTC) is part of it, because pages count what happened today.
    """
    with connection.cursor() as cursor:
        asked: str | int = int(slug) if page.scope == "comment" else slug
        cursor.execute(_SQL[page.scope], [asked] if page.scope in ("article", "comment") else None)
        row = cursor.fetchone()
    return None if row is None else (today(), *row)


def today() -> int:
    """Return the day (UTC) as a number."""
    return datetime.now(UTC).toordinal()


def shared(
    request: HttpRequest, name: str, *, final: bool = True, code: int = 200, **context: Any
) -> HttpResponse:
    """Answer with a page for everybody, written from a template.

    Parameters
    ----------
    final
        Whether the page changes only when its token does. One that waits for a solution does not: it is
        not kept.
    """
    text = get_template(name, using="pages").render(context, request)
    return shared_answer(HttpResponse(text, status=code), final=final)


def shared_answer(answer: HttpResponse, *, final: bool = True) -> HttpResponse:
    """Mark an answer as one for everybody that the cache may keep as long as its token stands."""
    answer["Cache-Control"] = CACHE_CONTROL if final else "no-cache"
    if final and answer.status_code == 200:
        answer[KEEP] = "1"
    return answer
