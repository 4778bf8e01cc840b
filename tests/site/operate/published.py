"""The flagship as a published article, for tests that need a real edition."""

from __future__ import annotations

import json
from functools import cache

from django.utils import timezone

from parley.site.model import edition
from parley.site.web.models import Account, Article, Version

__all__ = ["SLUG", "the_flagship"]

SLUG = "taliban-talks"


@cache
def _edition() -> str:
    return edition("taliban-talks").to_json()


def the_flagship(
    slug: str = SLUG, owner: Account | None = None, state: str = Article.State.PUBLISHED
) -> Article:
    """Publish the flagship without solving it."""
    article = Article.objects.create(slug=slug, state=state, owner=owner, published_at=timezone.now())
    stored = json.loads(_edition())
    version = Version.objects.create(
        article=article, n=1, digest=stored["digest"], title=stored["title"], source="", edition=stored
    )
    article.current = version
    article.save(update_fields=("current",))
    return article
