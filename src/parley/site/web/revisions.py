"""Which state of a page a cache may show: numbers that move with every visible change.

What lives here: moving and reading them. What may not: the cache (``cache``).
"""

from __future__ import annotations

from django.db.models import F

from parley.site.web.models import Article, Site

__all__ = ["touch", "touch_site"]


def touch(article: Article | int) -> None:
    """Say that readers of an article's pages would see something else from now on."""
    key = article if isinstance(article, int) else article.pk
    Article.objects.filter(pk=key).update(revision=F("revision") + 1)


def touch_site() -> None:
    """Say that something changed that stands on every page."""
    if not Site.objects.filter(pk=1).update(revision=F("revision") + 1):
        Site.objects.get_or_create(pk=1)
