"""Articles on other sites: oEmbed says how, ``/embed/`` is what stands in the frame.

What lives here: the provider's answer and the framed page. What may not: fetching anything: the site is
asked, it does not ask.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import path
from django.utils.translation import gettext

from parley.site.render import compose
from parley.site.render.opengraph import HEIGHT, LEAST, WIDTH, embedded, to_xml
from parley.site.web.access import May
from parley.site.web.editions import edition_of, numbers_of
from parley.site.web.models import Article, Site
from parley.site.web.outlets import exchange, places
from parley.site.web.views import faults
from parley.site.web.views.guard import needs
from parley.site.web.views.shared import Faulty, problem, shared

__all__ = ["addresses"]

_ARTICLE = re.compile(r"/a/([A-Za-z0-9_-]{1,80})/?(?:v/[1-9][0-9]{0,5}/?)?", re.ASCII)
_FORMS = {"json": "application/json", "xml": "text/xml"}


@needs(May.READ)
def oembed(request: HttpRequest) -> HttpResponse:
    """Answer with how to embed the article at ``url``."""
    try:
        url, form = _given(request, "url"), _given(request, "format") or "json"
        maxwidth, maxheight = _size(request, "maxwidth", WIDTH), _size(request, "maxheight", HEIGHT)
    except Faulty as fault:
        return problem(400, "Not understood", str(fault))
    if not url:
        return problem(400, "Not understood", "`url` must be given: the address of an article")
    if form not in _FORMS:
        return problem(501, "Not implemented", "`format` is json or xml")
    found = _article_at(request, url)
    if found is None or found.current is None:
        return problem(404, "Not found", "There is no article at this address that could be embedded.")
    answer = embedded(
        places.whole(f"/embed/{found.slug}"),
        found.current.title,
        getattr(found, "byline", None) or "",
        Site.objects.filter(pk=1).values_list("name", flat=True).first() or "Parley",
        settings.PARLEY_URL,
        maxwidth=maxwidth,
        maxheight=maxheight,
    )
    text = json.dumps(asdict(answer), ensure_ascii=False) if form == "json" else to_xml(answer)
    return shared(request, text, _FORMS[form], open_to_scripts=True)


@needs(May.READ)
def framed(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article's advice in a frame: no script, no form, nothing personal."""
    found = exchange.public_articles().filter(slug=slug).first()
    if found is None or found.current is None:
        return faults.missing(request)
    edition, numbers = edition_of(found.current), numbers_of(found.current)
    answer = (
        compose.answer(edition, numbers.effect, status="author", gettext=gettext)
        if numbers is not None
        else None
    )
    context = {
        "title": found.current.title,
        "question": edition.question or "",
        "answer": answer,
        "href": places.whole(places.article(found.slug)),
    }
    return shared(
        request, get_template("outlets/embed.html", using="pages").render(context, request), "text/html"
    )


def _given(request: HttpRequest, name: str) -> str:
    given = request.GET.getlist(name)
    if len(given) > 1:
        raise Faulty(f"`{name}` must be given once")
    return given[0] if given else ""


def _size(request: HttpRequest, name: str, usual: int) -> int:
    text = _given(request, name)
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) >= LEAST):
        raise Faulty(f"`{name}` must be a whole number of pixels, {LEAST} or more")
    return int(text)


def _article_at(request: HttpRequest, url: str) -> Article | None:
    """Return the published article at an address of this site; the address is read, never fetched."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    own = {urlsplit(settings.PARLEY_URL).netloc, request.get_host()}
    match = _ARTICLE.fullmatch(parts.path)
    if parts.scheme not in ("http", "https") or parts.netloc not in own or match is None:
        return None
    return exchange.public_articles().filter(slug=match[1]).first()


addresses = [
    path("oembed", oembed, name="oembed"),
    path("embed/<slug:slug>", framed, name="embed"),
]
