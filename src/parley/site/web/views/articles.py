"""What everybody reads: the front page, articles, their versions and claims, their files, the policy.

What lives here: views of shared pages; nothing in them depends on who asks. What may not: forms that are
answered elsewhere, queries of the debate (``reading``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parley.site.model.article import Edition
from parley.site.model.effect import Numbers
from parley.site.model.errors import SettingError
from parley.site.model.setting import AUTHOR, Setting, parse
from parley.site.render.article import ArticlePage, VersionLine
from parley.site.render.compose import Around, article_page
from parley.site.render.feeds import FORMS
from parley.site.render.formats import in_form
from parley.site.render.policy import CLAUSES, WELCOME
from parley.site.render.views import FrontItem, FrontPage, Link
from parley.site.web.access import May
from parley.site.web.cases import case, is_form, setting_of_form
from parley.site.web.debate.published import house_rules
from parley.site.web.editions import (
    LARGE,
    LARGE_OF_CURRENT,
    Memo,
    edition_of,
    lines_of,
    numbers_of,
    published_on,
)
from parley.site.web.models import Article, Comment, Kind, State, Version
from parley.site.web.outlets import syndication
from parley.site.web.prepared import Prepared
from parley.site.web.reading import SORTS, Thread, thread
from parley.site.web.shared import PAGES, QueryFault, canonical_query, shared
from parley.site.web.views import faults
from parley.site.web.views.guard import needs

__all__ = ["addresses", "article", "front", "policy", "version"]

ON_FRONT = 30  # articles on one page of the front page
_BARE = Memo(120)  # pages without their debate
_PUBLIC = (Article.State.PUBLISHED, Article.State.CLOSED)


@needs(May.READ)
def front(request: HttpRequest) -> HttpResponse:
    """List the articles, newest first."""
    asked = _asked(request)
    if isinstance(asked, HttpResponse):
        return asked
    page = _whole(asked.get("page", "1"))
    rows = (
        Article.objects.filter(state__in=_PUBLIC, current__isnull=False)
        .select_related("current")
        .defer(*LARGE_OF_CURRENT)
        .order_by("-published_at", "-pk")[(page - 1) * ON_FRONT : page * ON_FRONT + 1]
    )
    articles = list(rows)
    if page > 1 and not articles:
        raise Http404
    counts = _counts([each.pk for each in articles])
    items = tuple(_item(each, counts.get(each.pk, (0, 0))) for each in articles[:ON_FRONT])
    return shared(
        request,
        "front.html",
        page=FrontPage(
            items,
            earlier_href=f"/?page={page + 1}" if len(articles) > ON_FRONT else "",
            later_href=("/" if page == 2 else f"/?page={page - 1}") if page > 1 else "",
            feeds=_feeds(syndication.links()),
        ),
    )


@needs(May.READ)
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article with its live model and its debate; ``?s=`` puts a reader's numbers in."""
    found = _article(slug)
    edition = edition_of(_current(found))
    if is_form(request.GET.dict()):
        return _to_case(request, found, edition)
    asked = _asked(request)
    if isinstance(asked, HttpResponse):
        return asked
    sort, claim, page = asked.get("sort", ""), asked.get("claim", ""), _whole(asked.get("page", "1"))
    if sort and sort not in SORTS:
        return faults.refused(request, _("`sort` is one of: %(sorts)s.") % {"sorts": ", ".join(SORTS)})
    if claim and all(each.name != claim for each in edition.passages):
        raise Http404
    setting, problem = _setting(asked.get("s", ""), edition)
    if not problem and setting.canonical() != asked.get("s", ""):
        return HttpResponseRedirect(_with_query(found.slug, {**asked, "s": setting.canonical()}))
    debate = thread(found, edition, sort=sort, claim=claim, page=page)
    if page > debate.pages:
        raise Http404
    final = True
    if setting.is_author and not problem:
        bare = _bare(found, _current(found), edition, debate)
    else:
        bare, final = _moved_page(found, edition, debate, setting, problem)
    shown = _with(bare, found, debate, asked, page)
    return shared(request, "article.html", final=final, code=400 if problem else 200, page=shown)


@needs(May.READ)
def claim(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Lead to one claim in its article: the address that readers cite."""
    found = _article(slug)
    edition = edition_of(_current(found))
    if all(each.name != key for each in edition.passages):
        raise Http404
    return HttpResponseRedirect(f"{_href(found.slug)}#claim-{key}")


@needs(May.READ)
def version(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """Show a version of an article as it was, without its debate."""
    found = _article(slug)
    asked = _asked(request)
    if isinstance(asked, HttpResponse):
        return asked
    old = found.versions.defer(*LARGE).filter(n=n).first()
    if old is None:
        raise Http404
    if old.pk == found.current_id:
        return HttpResponseRedirect(_href(found.slug))
    edition = edition_of(old)
    bare = _bare(found, old, edition, None)
    page = replace(bare, versions=_lines(found), open=False, href=_href(found.slug))
    return shared(request, "article.html", page=page)


@needs(May.READ)
def policy(request: HttpRequest) -> HttpResponse:
    """Show the comment policy."""
    asked = _asked(request)
    if isinstance(asked, HttpResponse):
        return asked
    house = house_rules(settings.PARLEY_RULES)
    return shared(request, "policy.html", welcome=WELCOME, clauses=CLAUSES, house=house)


def _setting(text: str, edition: Edition) -> tuple[Setting, str]:
    """Return a reader's numbers, or the author's and why those of the reader were refused."""
    if not text:
        return AUTHOR, ""
    try:
        return parse(text, edition), ""
    except SettingError as fault:
        return AUTHOR, str(fault)


def _to_case(request: HttpRequest, found: Article, edition: Edition) -> HttpResponse:
    """Lead from a form of assumptions to the address of its numbers."""
    before, problem = _setting(request.GET.get("s", ""), edition)
    twice = next((name for name, values in request.GET.lists() if len(values) > 1), None)
    if twice is not None:
        problem = _("%(field)s: it is given twice; keep one of the two") % {"field": twice[:80]}
    if not problem:
        try:
            setting = setting_of_form(request.GET.dict(), edition)
        except SettingError as fault:
            problem = str(fault)
        else:
            return HttpResponseRedirect(_with_query(found.slug, {"s": setting.canonical()}))
    debate = thread(found, edition)
    bare, _final = _moved_page(found, edition, debate, before, problem)  # what was taken before stays
    return shared(request, "article.html", final=False, code=400, page=_with(bare, found, debate, {}, 1))


def _with_query(slug: str, values: dict[str, str]) -> str:
    query = urlencode(sorted((name, value) for name, value in values.items() if value), safe="=;")
    return f"{_href(slug)}?{query}" if query else _href(slug)


def _moved_page(
    found: Article, edition: Edition, debate: Thread, setting: Setting, problem: str
) -> tuple[ArticlePage, bool]:
    """Return the page with a reader's numbers, and whether it will stay as it is."""
    shown = _current(found)
    numbers = numbers_of(shown)
    effect, status, final = (
        (None, "", False)
        if setting.is_author
        else case(shown, setting, numbers.effect if numbers is not None else None)
    )
    page = article_page(
        edition,
        _around(found, shown, edition, _readers(debate)),
        numbers,
        setting=setting,
        effect=effect,
        status=status,
        problem=problem,
        gettext=_,
    )
    return page, final


def _readers(debate: Thread) -> tuple[tuple[str, tuple[float, ...]], ...]:
    return tuple(sorted((name, tuple(sorted(values))) for name, values in debate.moved.items()))


def _asked(request: HttpRequest) -> dict[str, str] | HttpResponse:
    """Return the parameters of a shared page, each once; or the answer to a query that is refused."""
    page = next((each for each in PAGES if each.path.fullmatch(request.path)), None)
    if page is None:  # such as the version 0: the table of addresses takes it, that of shared pages does not
        raise Http404
    try:
        query = canonical_query(request.META.get("QUERY_STRING", ""), page.parameters)
    except QueryFault as fault:
        return faults.refused(request, str(fault))
    return QueryDict(query).dict()


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 6 and int(text) > 0):
        raise Http404
    return int(text)


def _article(slug: str) -> Article:
    """Return an article that readers may see, as it is at its present revision; not to be changed."""
    known = _REVISIONS.rows(slug=slug)
    if not known:
        raise Http404

    def read() -> Article:
        rows = Article.objects.select_related("current").defer(*LARGE_OF_CURRENT)
        return rows.get(pk=known[0][0])

    return _ARTICLES.get(known[0], read)


def _revision(slug: str) -> QuerySet[Any, Any]:
    found = Article.objects.filter(slug=slug, state__in=_PUBLIC, current__isnull=False)
    return found.values_list("pk", "revision", "state", "current_id", "current__status")


_REVISIONS = Prepared(_revision)
_ARTICLES = Memo(500)


def _current(found: Article) -> Version:
    assert found.current is not None
    return found.current


def _href(slug: str) -> str:
    return f"/a/{slug}/"


def _lines(found: Article) -> tuple[VersionLine, ...]:
    made = []
    for n, at, note, correction, thanks in lines_of(found):
        words = note or (_("first version") if n == 1 else _("new version"))
        if thanks:
            words = f"{words} " + _("Thanks to %(reader)s.") % {"reader": thanks}
        made.append(VersionLine(str(n), f"{_href(found.slug)}v/{n}", at.date(), words, correction))
    return tuple(made)


def _bare(found: Article, shown: Version, edition: Edition, debate: Thread | None) -> ArticlePage:
    """Return the page without its debate: it changes with versions and with what readers have set."""
    readers = _readers(debate) if debate is not None else ()
    key = (found.pk, shown.pk, shown.status, shown.engine, shown.draws, readers, get_language())

    def make() -> ArticlePage:
        return article_page(edition, _around(found, shown, edition, readers), numbers_of(shown), gettext=_)

    return _BARE.get(key, make)


def _around(
    found: Article, shown: Version, edition: Edition, readers: tuple[tuple[str, tuple[float, ...]], ...]
) -> Around:
    href = _href(found.slug)
    files = f"{href}files/{shown.n}-{shown.digest[:12]}/"
    return Around(
        slug=found.slug,
        href=href,
        canonical=f"{settings.PARLEY_URL}{href}",
        version=str(shown.n),
        published=published_on(edition, found),
        pictures=f"{href}pictures/{shown.n}-{shown.digest[:12]}/",
        sweeps=f"{href}sweeps/{shown.n}-{shown.digest[:12]}-{shown.engine}/" if shown.engine else "",
        readers={name: _moved(values, edition, name) for name, values in readers},
        feeds=_feeds(syndication.links(found)),
        downloads=(
            Link(_("Model and text"), f"{files}argument.md", "text/markdown"),
            *(Link(each.name, f"{files}{each.name}") for each in edition.files),
        ),
    )


def _moved(values: tuple[float, ...], edition: Edition, name: str) -> str:
    """Say what readers have set, without calling it a poll."""
    form = edition.assumption(name).form
    low, high = values[(len(values) - 1) // 4], values[-1 - (len(values) - 1) // 4]
    ends = [in_form(each, form) for each in (low, high)]
    middle = ends[0] if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}"
    if len(values) == 1:
        return _("one reader moved this: %(middle)s") % {"middle": middle}
    return _("%(count)s readers moved this; the middle half: %(middle)s") % {
        "count": len(values),
        "middle": middle,
    }


def _with(bare: ArticlePage, found: Article, debate: Thread, asked: dict[str, str], page: int) -> ArticlePage:
    return replace(
        bare,
        versions=_lines(found),
        open=found.state == Article.State.PUBLISHED,
        challenges=debate.challenges,
        flipping=sum(each.chip == "flips" for each in debate.challenges),
        challenge_orders=_orders(
            found, asked, ("convincing", "newest", "oldest"), "convincing", "challenges", 1, 1
        ),
        comments=debate.comments,
        comment_orders=_orders(
            found, asked, ("picks", "newest", "oldest"), "newest", "comments", page, debate.pages
        ),
        comment_count=debate.comment_count,
        removed_today=debate.removed_today,
    )


def _orders(
    found: Article,
    asked: dict[str, str],
    sorts: tuple[str, ...],
    usual: str,
    anchor: str,
    page: int,
    pages: int,
) -> tuple[Link, ...]:
    words = {
        "convincing": _("Most convincing"),
        "newest": _("Newest"),
        "oldest": _("Oldest"),
        "picks": _("Editors' picks"),
    }

    def to(**changes: str | None) -> str:
        rest = {name: value for name, value in asked.items() if name != "page"} | changes
        query = urlencode(sorted((name, value) for name, value in rest.items() if value is not None))
        return f"{_href(found.slug)}{'?' + query if query else ''}#{anchor}"

    now = asked.get("sort", usual)
    made = [Link(words[each], "" if each == now else to(sort=each)) for each in sorts]
    if "claim" in asked:
        made.append(Link(_("All claims"), to(claim=None)))
    if page > 1:
        made.append(
            Link(_("Page %(page)s") % {"page": page - 1}, to(page=str(page - 1) if page > 2 else None))
        )
    if page < pages:
        made.append(Link(_("Page %(page)s") % {"page": page + 1}, to(page=str(page + 1))))
    return tuple(made)


def _feeds(found: Iterable[syndication.FeedLink]) -> tuple[Link, ...]:
    return tuple(Link(str(each.title), each.href("atom"), FORMS["atom"].media) for each in found)


def _counts(ids: list[int]) -> dict[int, tuple[int, int]]:
    rows = (
        Comment.objects.filter(article__in=ids, state=State.VISIBLE)
        .values("article")
        .annotate(words=Count("pk", filter=Q(kind=Kind.COMMENT)), all=Count("pk"))
    )
    return {row["article"]: (row["all"] - row["words"], row["words"]) for row in rows}


def _item(found: Article, counts: tuple[int, int]) -> FrontItem:
    shown = _current(found)
    edition = edition_of(shown)
    numbers: Numbers | None = numbers_of(shown)
    said: dict[str, Any] = {}
    if numbers is not None:
        first = numbers.effect.criteria[0]
        said = {"advice": first.advice, "sure": f"({_(first.word)})"}
    return FrontItem(
        href=_href(found.slug),
        title=edition.title,
        question=edition.question or "",
        published=published_on(edition, found),
        byline=edition.byline or "",
        challenges=counts[0],
        comments=counts[1],
        **said,
    )


addresses: list[URLPattern] = [
    path("", front, name="front"),
    path("policy/", policy, name="policy"),
    path("a/<slug:slug>/", article, name="article"),
    path("a/<slug:slug>/v/<int:n>", version, name="version"),
    path("a/<slug:slug>/claims/<str:key>", claim, name="claim"),
]
