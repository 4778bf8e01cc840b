"""Check 28, decisions: who reported is shown to editors, and nowhere else."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from parley.site.web.models import ActDetail, Outbox, Queue, Report
from parley.site.web.moderation.consequences import open_item
from parley.site.web.moderation.decide import decide
from tests.site.moderation.desk import a_report, an_appeal, an_editor, desk_of
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("act", ["remove", "approve"])
def test_check_28_the_writer_never_learns_who_reported(act: str) -> None:
    writer, reporter = an_account(name="Zaneera", points=9), an_account(name="Quentin")
    article = an_article(slug="story")
    comment = a_comment(article, writer)
    a_report(comment, reporter, text="Quentin was here", tell_me=True)
    Report.objects.create(
        comment=comment,
        reason="illegal",
        receipt="r" * 20,
        contact_name="Roberta",
        contact_mail="roberta@example.org",
    )
    open_item(comment, Queue.ILLEGAL, ["illegal"])
    assert "Quentin" in desk_of(an_editor()).get(f"/queue/{comment.pk}/").content.decode()
    done = decide(comment, act, an_editor(), 1, clause=1, words="Decided.", note="Quentin is right")
    client = Client()
    client.force_login(writer)
    places = ["/account/", "/account/notices/", "/log/", "/log.json", "/log.csv", "/a/story/", "/me?a=story"]
    places += [f"/c/{comment.pk}/", "/a/story/comments.json", "/receipts/" + "r" * 20 + "/", "/u/Zaneera/"]
    for place in places:
        answer = client.get(place)
        body = b"".join(answer) if answer.streaming else answer.content
        for name in ("Quentin", "Roberta", "roberta@example.org", "quentin"):
            assert name not in body.decode(), f"{name} in {place}"
    for mail in Outbox.objects.filter(account=writer):
        assert "Quentin" not in mail.body + mail.subject + json.dumps(mail.headers)
    assert "Quentin" not in json.dumps(done.act.public) if done.act is not None else False
    assert ActDetail.objects.filter(note__contains="Quentin").exists()


def test_check_28_an_appeal_shows_its_writer_no_editor_and_no_reporter() -> None:
    writer = an_account(points=9)
    comment = a_comment(an_article(), writer)
    a_report(comment, an_account(name="Quentin"))
    comment = decide(comment, "remove", an_editor(name="Kim"), 1, clause=1).comment
    an_appeal(comment)
    decide(comment, "uphold", an_editor(name="Lee"), comment.revision, words="It stands.")
    text = " ".join(mail.body + mail.subject for mail in Outbox.objects.filter(account=writer))
    assert "It stands." in text
    for name in ("Kim", "Lee", "Quentin"):
        assert name not in text
