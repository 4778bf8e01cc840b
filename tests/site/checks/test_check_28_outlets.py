"""Check 28: who reported something is told to nobody: not by JSON, feed, log, mail, post or search."""

from __future__ import annotations

import pytest
from django.test import Client

from parley.site.web.models import Delivery, Outbox, Report, Role, Webhook
from parley.site.web.moderation.decide import decide
from parley.site.web.outlets.alerts import alert_editors
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("act", ["approve", "remove"])
def test_check_28_no_outlet_names_the_reporter(client: Client, act: str) -> None:
    Webhook.objects.create(url="https://hooks.example.org/", secret="s")
    writer, reporter = an_account(name="Writer"), an_account(name="Whistler")
    article = an_article("story")
    comment = a_comment(article, writer)
    Report.objects.create(comment=comment, reporter=reporter, reason="attack", text="Told by Whistler")
    alert_editors()
    decide(comment, act, an_account(Role.EDITOR), comment.revision, clause=1 if act == "remove" else None)
    writer_client = Client()
    writer_client.force_login(writer)
    paths = [
        "/log.json", "/feeds/log.atom", "/feeds/log.rss", "/feeds/log.json", "/a/story.json",
        "/u/Writer.json",
        "/a/story/comments.json", "/feeds/a/story/comments.atom", f"/c/{comment.pk}.json",
        "/search/?q=whistler",
    ]  # fmt: skip
    for reader in (client, writer_client):
        for path in paths:
            text = reader.get(path).content.decode().replace("whistler", "")
            assert "Whistler" not in text, path
            assert '"reporter' not in text, path
    told = [row.body + row.subject + row.to for row in Outbox.objects.exclude(account=reporter)]
    assert bool(told) == (act == "remove"), "the writer is told of a removal"
    assert not any("Whistler" in each or "whistler" in each for each in told)
    assert Delivery.objects.filter(event="report.made").count() == 1
    assert not any("histler" in str(each.body) for each in Delivery.objects.all())
