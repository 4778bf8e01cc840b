"""Editors' pages beside the queue: word lists, switches of articles, statistics and their tables.

What lives here: requests. What may not: the changes (``moderation.house``), the counts
(``moderation.statistics``).
"""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from parley.errors import TextError
from parley.site.web.access import May
from parley.site.web.editions import LARGE_OF_CURRENT
from parley.site.web.models import Article, WordListEntry
from parley.site.web.moderation import house
from parley.site.web.moderation import statistics as counting
from parley.site.web.moderation.acts import Conflict, Refused
from parley.site.web.pages import page
from parley.site.web.views import faults
from parley.site.web.views.answers import whole
from parley.site.web.views.asked import once
from parley.site.web.views.guard import needs
from parley.site.web.views.proof import proved_recently
from parley.site.web.views.queue import answer_conflict, editor_of

__all__ = ["addresses"]


@needs(May.MODERATE)
def words(request: HttpRequest) -> HttpResponse:
    """Show the word lists."""
    entries = list(WordListEntry.objects.order_by("phrase"))
    lists = [
        (kind, title, [each for each in entries if each.kind == kind])
        for kind, title in (
            ("suspect", _("Words that hold a comment for an editor")),
            ("banned", _("Words that a comment is refused for")),
        )
    ]
    return page(request, "editors/words.html", lists=lists, said=_("Done.") if "ok" in request.GET else "")


@needs(May.MODERATE, "POST")
def change_words(request: HttpRequest) -> HttpResponse:
    """Add words to a list, or take some from it."""
    drop = [whole(each) for each in request.POST.getlist("drop")]
    if None in drop:
        return faults.refused(request, _("The form is not complete."))
    try:
        house.change_words(
            editor_of(request),
            once(request, "list", request.POST) or "",
            add=request.POST.get("add", "").splitlines(),
            drop=[each for each in drop if each is not None],
        )
    except (Refused, TextError) as fault:
        return faults.refused(request, str(fault))
    return HttpResponseRedirect(f"{reverse('queue-words')}?ok=1")


@needs(May.MODERATE)
def articles(request: HttpRequest) -> HttpResponse:
    """Show the published articles with their switches."""
    shown = (Article.State.PUBLISHED, Article.State.CLOSED)
    found = (
        Article.objects.filter(state__in=shown)
        .select_related("current")
        .defer(*LARGE_OF_CURRENT)
        .order_by("-published_at", "pk")
    )
    return page(
        request, "editors/articles.html", articles=found, said=_("Done.") if "ok" in request.GET else ""
    )


@needs(May.MODERATE, "POST")
def switch(request: HttpRequest, slug: str) -> HttpResponse:
    """Turn a switch of an article."""
    article = Article.objects.filter(slug=slug).first()
    if article is None:
        return faults.missing(request)
    held, state = once(request, "held", request.POST), once(request, "state", request.POST)
    if held not in {"0", "1"} or state not in Article.State.values:
        return faults.refused(request, _("The form must say once how the article stood."))
    article.premoderate, article.state = held == "1", state
    try:
        house.switch(article, editor_of(request), once(request, "to", request.POST) or "")
    except Conflict as fault:
        return answer_conflict(request, fault)
    except Refused as fault:
        return faults.refused(request, str(fault))
    return HttpResponseRedirect(f"{reverse('queue-articles')}?ok=1")


@needs(May.MODERATE)
def statistics(request: HttpRequest) -> HttpResponse:
    """Show how the work goes."""
    return page(
        request, "editors/statistics.html", figures=counting.figures(), exports=tuple(counting.EXPORTS)
    )


@needs(May.MODERATE)
@proved_recently
def export(request: HttpRequest, name: str) -> HttpResponse:
    """Send a table for editors; it names people, so no cache keeps it."""
    if name not in counting.EXPORTS:
        return faults.missing(request)
    answer = StreamingHttpResponse(
        counting.export(name),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Cache-Control": "private, no-store",
        },
    )
    return cast("HttpResponse", answer)


addresses = [
    path("queue/words/", words, name="queue-words"),
    path("queue/words/change", change_words, name="queue-words-change"),
    path("queue/articles/", articles, name="queue-articles"),
    path("queue/articles/<slug:slug>/switch", switch, name="queue-article-switch"),
    path("queue/statistics/", statistics, name="queue-statistics"),
    path("queue/export/<slug:name>.csv", export, name="queue-export"),
]
