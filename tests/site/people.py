"""Accounts, articles and comments for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone

from parley.site.web.models import Account, Article, Comment, Role, State, Version

_NUMBER = count(1)
PASSWORD = "correct horse battery"

# The least that an article can say.
EDITION: dict[str, Any] = {
    "parley_edition": 1,
    **dict.fromkeys(("title", "question", "date", "byline", "citation", "source", "licence", "summary")),
    **dict.fromkeys(("disclaimer", "field")),
    **{"title": "An article", "language": "en", "digest": "0" * 64, "model": "0" * 64, "sanitiser": 1},
    **{"words": 3, "minutes": 1},
    "blocks": [
        {
            "kind": "prose",
            "html": "<p>Three short words.</p>",
            "passages": [],
            "anchor": None,
            "picture": None,
        }
    ],
    **{name: [] for name in ("pictures", "passages", "cards", "claims", "assumptions", "other", "players")},
    **{"player": None, "policies": [], "baseline": None, "recommended": None, "criteria": []},
    **{"challenges": [], "files": []},
}


def an_account(role: str = Role.READER, points: int = 0, **fields: Any) -> Account:
    """Make an account; a reader with 0 points is new, with 10 recognised, with 50 a contributor."""
    number = next(_NUMBER)
    name = fields.pop("name", f"reader{number}")
    return Account.objects.create_user(
        name,
        f"{name.lower()}@example.org",
        fields.pop("password", PASSWORD),
        role=role,
        points=points,
        **fields,
    )


def an_article(slug: str | None = None, **fields: Any) -> Article:
    """Make a published article with one version that says next to nothing."""
    number = next(_NUMBER)
    article = Article.objects.create(
        slug=slug or f"article-{number}",
        state=fields.pop("state", Article.State.PUBLISHED),
        published_at=timezone.now(),
        **fields,
    )
    version = Version.objects.create(
        article=article, n=1, digest=f"{number:064x}", title=f"Article {number}", source="", edition=EDITION
    )
    article.current = version
    article.save()
    return article


def a_comment(
    article: Article, author: Account | None = None, state: str = State.VISIBLE, **fields: Any
) -> Comment:
    """Make a comment in a state, as if it had come there by itself."""
    words = fields.pop("source", f"Comment number {next(_NUMBER)}.")
    fields.setdefault("shown_at", timezone.now() if state == State.VISIBLE else None)
    return Comment.objects.create(
        article=article,
        version=article.current,
        author=author,
        state=state,
        source=words,
        html=f"<p>{words}</p>",
        sanitiser=1,
        **fields,
    )
