"""Check 27: held, hidden, removed and withdrawn words leave by no feed, JSON, search, count, mail or post."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parley.site.web.models import (
    Article,
    Challenge,
    Comment,
    Delivery,
    Kind,
    Outbox,
    Role,
    State,
    Subscription,
    Webhook,
)
from parley.site.web.moderation.decide import decide
from parley.site.web.outlets.alerts import alert_editors
from parley.site.web.outlets.digests import digest_due
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
WORDS = "Zanzibar"
FORMS = ("atom", "rss", "json")


def everything(slug: str, name: str, key: int) -> list[str]:
    """Every address by which something leaves the site."""
    feeds = [f"/feeds/{kind}.{form}" for kind in ("articles", "corrections", "log") for form in FORMS]
    feeds += [f"/feeds/a/{slug}/{kind}.{form}" for kind in ("comments", "challenges") for form in FORMS]
    return [
        *feeds,
        "/feeds/",
        "/articles.json",
        f"/a/{slug}.json",
        f"/a/{slug}/comments.json",
        f"/a/{slug}/challenges.json",
        f"/c/{key}.json",
        f"/u/{name}.json",
        "/log.json",
        f"/search/?q={WORDS}",
        f"/oembed?url=http://localhost:8000/a/{slug}/",
    ]


def hidden_by(act: str, comment: Comment, writer: Any) -> None:
    editor = an_account(Role.EDITOR)
    if act == "removed":
        decide(comment, "remove", editor, comment.revision, clause=1)
    elif act == "removed while held":
        Comment.objects.filter(pk=comment.pk).update(state=State.HELD, shown_at=None)
        decide(comment, "remove", editor, comment.revision, clause=1)
    elif act == "withdrawn":
        decide(comment, "withdraw", writer, comment.revision)
    elif act == "hidden":
        decide(comment, "hide", None, None, why=["reports"])
    elif act == "held":
        Comment.objects.filter(pk=comment.pk).update(state=State.HELD, shown_at=None)
    else:
        Article.objects.filter(pk=comment.article_id).update(state=act)


@pytest.mark.parametrize("kind", [Kind.COMMENT, Kind.CHALLENGE])
@pytest.mark.parametrize("act", ["removed", "removed while held", "withdrawn", "hidden", "held", "draft"])
def test_check_27_words_that_are_not_shown_leave_nowhere(client: Client, act: str, kind: str) -> None:
    writer, follower = an_account(name="Hider"), an_account()
    article = an_article("story")
    Webhook.objects.create(url="https://hooks.example.org/", secret="s")
    then = timezone.now() - timedelta(days=1)
    parent = a_comment(article, follower, source="Mine")
    for followed in (article, None):
        Subscription.objects.create(
            account=follower, article=followed, pace="hourly", created=then, confirmed_at=then
        )
    comment = a_comment(
        article, writer, source=f"{WORDS} words", kind=kind, parent=parent, quote=f"{WORDS} quote",
        passage="zanzibar", shown_at=timezone.now() - timedelta(minutes=10),
    )  # fmt: skip
    if kind == Kind.CHALLENGE:
        Challenge.objects.create(comment=comment, reasons={"kappa": f"{WORDS} reason"}, setting="kappa=0.77")
    shown = [client.get(path).content.decode() for path in everything("story", "Hider", comment.pk)]
    assert sum(WORDS in each for each in shown) >= 6, "the test sees what is shown"
    before = client.get("/articles.json").json()["items"][0]["comments"]
    comment.refresh_from_db()
    hidden_by(act, comment, writer)
    for signed_in in (None, follower, writer):
        reader = Client()
        if signed_in is not None:
            reader.force_login(signed_in)
        for path in everything("story", "Hider", comment.pk):
            text = reader.get(path).content.decode()
            for echo in (f'value="{WORDS}"', f": {WORDS} ·", f"q={WORDS}"):
                text = text.replace(echo, "")  # what the reader typed
            assert WORDS.lower() not in text.lower(), path
            assert "kappa=0.77" not in text, path
            if "comments" in path or "challenges" in path:
                assert "Hider" not in text, path
    if act != "draft":
        assert client.get("/articles.json").json()["items"][0]["comments"] == before - 1
    digest_due()
    alert_editors()
    for row in Outbox.objects.filter(key__regex="^(digest|alert):"):
        assert WORDS not in row.subject + row.body
        assert "Hider" not in row.body
    assert not any(WORDS in str(each.body) for each in Delivery.objects.all())


def test_check_27_shown_words_come_back_with_them(client: Client) -> None:
    writer, article = an_account(), an_article("story")
    comment = a_comment(article, writer, source=f"{WORDS} words", state=State.HELD)
    assert WORDS not in client.get("/feeds/a/story/comments.atom").content.decode()
    decide(comment, "approve", an_account(Role.EDITOR), comment.revision)
    for path in ("/feeds/a/story/comments.atom", "/a/story/comments.json", f"/search/?q={WORDS}"):
        assert f"{WORDS} words" in client.get(path).content.decode().replace("<mark>", "").replace(
            "</mark>", ""
        )
