"""Feeds, and the page that lists them.

What lives here: views. What may not: what is in a feed (``outlets.syndication``), its forms
(``render.feeds``).
"""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from parley.site.render.feeds import FORMS, Feed
from parley.site.web.access import May
from parley.site.web.outlets import exchange, syndication
from parley.site.web.pages import page
from parley.site.web.views import faults
from parley.site.web.views.guard import needs
from parley.site.web.views.shared import shared

__all__ = ["addresses"]


@needs(May.READ)
def index(request: HttpRequest) -> HttpResponse:
    """Show all feeds."""
    found = exchange.public_articles()[:200]
    forms = [(name, form.title, form.media) for name, form in FORMS.items()]
    groups = [(each.current.title, syndication.links(each)) for each in found if each.current is not None]
    return page(request, "feeds.html", site_feeds=syndication.links(), groups=groups, forms=forms)


@needs(May.READ)
def of_site(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """Answer with a feed of the site."""
    return _answer(request, syndication.site_feed(kind, form), form)


@needs(May.READ)
def of_article(request: HttpRequest, slug: str, kind: str, form: str) -> HttpResponse:
    """Answer with a feed of an article."""
    try:
        return _answer(request, syndication.article_feed(kind, slug, form), form)
    except ObjectDoesNotExist:
        return faults.missing(request)


@needs(May.READ)
def of_author(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """Answer with the feed of an author's articles."""
    try:
        return _answer(request, syndication.author_feed(name.replace("\x00", ""), form), form)
    except ObjectDoesNotExist:
        return faults.missing(request)


def _answer(request: HttpRequest, feed: Feed, form: str) -> HttpResponse:
    return shared(request, FORMS[form].write(feed), FORMS[form].media, open_to_scripts=form == "json")


_FORM = f"(?P<form>{'|'.join(FORMS)})"
addresses = [
    path("feeds/", index, name="feeds"),
    re_path(rf"^feeds/(?P<kind>{'|'.join(syndication.SITE_FEEDS)})\.{_FORM}$", of_site, name="site-feed"),
    re_path(
        rf"^feeds/a/(?P<slug>[-a-zA-Z0-9_]{{1,80}})/(?P<kind>{'|'.join(syndication.ARTICLE_FEEDS)})\.{_FORM}$",
        of_article,
        name="article-feed",
    ),
    re_path(rf"^feeds/u/(?P<name>[^/]{{1,40}})\.{_FORM}$", of_author, name="author-feed"),
]
