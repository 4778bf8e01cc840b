"""Accounts, articles and comments for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from parley.site.web.models import Account, Article, Comment, Role, State, Version

_NUMBER = count(1)
PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

EDITION: dict[str, Any] = {}


def an_account(
    role: str = Role.READER, points: int = 0, *, second_factor: bool | None = None, **fields: Any
) -> Account:
    """Make an account with a confirmed address; a reader with 0 points is new, 10 recognised, 50 contributor.

    Editors and administrators have a second factor (:data:`SECRET`), as without one no page of theirs opens.
    """
    number = next(_NUMBER)
    name = fields.pop("name", f"reader{number}")
    address = fields.pop("email", f"{name.lower().replace(' ', '.')}@example.org")
    account = Account.objects.create_user(
        name, address, fields.pop("password", PASSWORD), role=role, points=points, **fields
    )
    EmailAddress.objects.create(user=account, email=address, verified=True, primary=True)
    if account.is_editor if second_factor is None else second_factor:
        TOTP.activate(account, SECRET)
    return account


def an_article(slug: str | None = None, **fields: Any) -> Article:
    """Make a published article with one version (whose edition is empty)."""
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
