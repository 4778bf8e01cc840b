"""Editors at their desk, for tests."""

from __future__ import annotations

from typing import Any

from django.test import Client

from parley.site.web.models import Account, Appeal, Comment, Queue, Report, Role
from parley.site.web.moderation.consequences import open_item
from parley.site.web.moderation.decide import enter
from tests.site.people import an_account, an_article


def an_editor(**fields: Any) -> Account:
    """Make an editor who may open the editors' pages."""
    return an_account(Role.EDITOR, **fields)


def desk_of(editor: Account) -> Client:
    """Sign an editor in."""
    client = Client(headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"})
    client.force_login(editor)
    return client


def a_held_comment(author: Account | None = None, **fields: Any) -> Comment:
    """Let a newcomer post a comment that the rules hold."""
    words = fields.pop("source", "Held words.")
    article = fields.pop("article", None) or an_article()
    comment = Comment(
        article=article,
        version=article.current,
        author=author or an_account(),
        source=words,
        html=f"<p>{len(words)}</p>",
        sanitiser=1,
        **fields,
    )
    return enter(comment, [{"rule": "newcomer", "text": "first posts (2 of 5)"}])


def a_report(comment: Comment, reporter: Account | None = None, **fields: Any) -> Report:
    """Report a comment, as a reader would."""
    fields.setdefault("reason", Report.Reason.ATTACK)
    open_item(comment, Queue.REPORTED, ["attack"], 1.0)
    return Report.objects.create(comment=comment, reporter=reporter or an_account(), **fields)


def an_appeal(comment: Comment) -> Appeal:
    """Appeal against the removal of a comment, as its writer would."""
    assert comment.removal is not None
    open_item(comment, Queue.APPEAL, ["appeal"])
    return Appeal.objects.create(comment=comment, against=comment.removal, text="It was no attack.")
