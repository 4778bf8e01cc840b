"""The public log: what it shows, what it hides, its figures, its table and its chain."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parley.site.web import journal
from parley.site.web.models import Act, Article, Comment, ReviewItem, WordListEntry
from parley.site.web.moderation.decide import decide
from parley.site.web.moderation.public_log import PAGE, log_page
from parley.site.web.moderation.sanctions import mute
from tests.site.moderation.desk import a_held_comment, a_report, an_appeal, an_editor
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


def test_the_log_tells_acts_clauses_and_by_whom_in_general_but_no_names_and_no_words() -> None:
    writer, editor = an_account(name="Zaneera"), an_editor(name="Kim")
    comment = a_held_comment(writer, source="A secret sentence.")
    a_report(comment, an_account(name="Quentin"), text="nasty")
    decide(comment, "remove", editor, 1, clause=1, words="Be kind.", note="again")
    mute(writer, editor, seen=0, clause=2)
    for path in ("/log/", "/log.csv", "/log.json"):
        answer = Client().get(path)
        body = b"".join(answer) if answer.streaming else answer.content
        text = body.decode()
        for hidden in ("Zaneera", "Kim", "Quentin", "secret", "nasty", "Be kind", "again"):
            assert hidden not in text, f"{hidden} in {path}"
    text = Client().get("/log/").content.decode()
    for piece in (
        "personal attack (1)",
        "held for an editor",
        "first posts are read by an editor",
        "an editor, after reports",
        "for 24 hours",
    ):
        assert piece in text


def test_every_row_of_the_table_carries_what_its_hash_covers() -> None:
    for _ in range(3):
        decide(a_held_comment(), "approve", an_editor(), 1)
    answer = Client().get("/log.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))
    assert len(rows) == 6
    previous = journal.GENESIS
    for row in rows:
        fields = {
            **row,
            "seq": int(row["seq"]),
            "public": json.loads(row["public"]),
            **{name: int(row[name]) if row[name] else None for name in ("subject_id", "article", "clause")},
        }
        assert row["previous"] == previous
        assert journal.digest(fields) == row["hash"]
        previous = row["hash"]


def test_the_figures_median_restored_share_and_word_lists() -> None:
    first, second, writer = an_editor(), an_editor(), an_account(points=20)
    for hours in (1, 3, 50):
        comment = a_held_comment()
        ReviewItem.objects.filter(comment=comment).update(created=timezone.now() - timedelta(hours=hours))
        decide(comment, "approve", first, 1)
    for act in ("restore", "uphold"):
        comment = decide(a_comment(an_article(), writer), "remove", first, 1, clause=1).comment
        an_appeal(comment)
        ReviewItem.objects.filter(comment=comment, open=True).update(
            created=timezone.now() - timedelta(hours=3)
        )
        decide(comment, act, second, comment.revision)
    WordListEntry.objects.create(kind="suspect", phrase="darn")
    found = log_page()
    assert (found.median, found.decided) == ("3 h 0 min", 5)
    assert (found.appeals, found.restored, found.suspect, found.banned) == (2, 1, 1, 0)
    assert "50% restored" in Client().get("/log/").content.decode()


def test_the_page_says_when_the_editors_are_late() -> None:
    comment = a_held_comment()
    ReviewItem.objects.filter(comment=comment).update(created=timezone.now() - timedelta(hours=47))
    assert "are late" not in Client().get("/log/").content.decode()
    ReviewItem.objects.filter(comment=comment).update(created=timezone.now() - timedelta(hours=49))
    assert "the oldest comment has waited for 2 d 1 h" in Client().get("/log/").content.decode()


def test_an_article_that_is_not_public_is_not_named() -> None:
    article = an_article(slug="hush-hush")
    decide(a_comment(article, an_account()), "remove", an_editor(), 1, clause=1)
    assert "hush-hush" in Client().get("/log/").content.decode()
    Article.objects.filter(pk=article.pk).update(state=Article.State.WITHDRAWN)
    assert "hush-hush" not in Client().get("/log/").content.decode()


def test_pages_a_single_row_and_one_kind_of_act() -> None:
    comment, editor = a_comment(an_article(), an_account(), approved=True), an_editor()
    for _ in range(PAGE + 1):
        comment = decide(comment, "pick" if not comment.pick else "unpick", editor, comment.revision).comment
    client = Client()
    first = client.get("/log/").content.decode()
    assert first.count("<tr id=") == PAGE
    assert 'href="/log/?page=2"' in first
    assert client.get("/log/?page=2").content.decode().count("<tr id=") == 1
    assert client.get("/log/1").headers["Location"] == "/log/?page=2#1"
    assert client.get("/log/5").headers["Location"] == "/log/#5"
    assert client.get("/log/99999").status_code == 404
    assert client.get("/log/?act=unpick").content.decode().count("<tr id=") == PAGE // 2
    for asked in ("page=0", "page=x", "page=1&page=2", "act=%3Cscript%3E", "act=pick&act=unpick"):
        assert client.get(f"/log/?{asked}").status_code == 400, asked


def test_a_comment_that_nobody_may_see_is_not_linked() -> None:
    comment = a_held_comment()
    assert f'href="/c/{comment.pk}"' not in Client().get("/log/").content.decode()
    decide(comment, "approve", an_editor(), 1)
    assert f'href="/c/{comment.pk}"' in Client().get("/log/").content.decode()


def test_a_changed_a_missing_and_an_exchanged_row_are_found() -> None:
    editor = an_editor()
    for _ in range(4):
        decide(a_comment(an_article(), an_account()), "pick", editor, 1)
    assert journal.faults() == []
    rows = list(Act.objects.order_by("seq"))
    rows[1].clause = 7
    assert [fault.seq for fault in journal.faults(rows)] == [2]
    gone = [row for row in Act.objects.order_by("seq") if row.seq != 2]
    assert {fault.seq for fault in journal.faults(gone)} == {3}
    assert Comment.objects.filter(pick=True).count() == 4
