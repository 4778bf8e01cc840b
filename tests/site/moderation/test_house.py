"""Word lists, switches of articles, statistics and tables, notices, receipts."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from parley.site.web.models import Act, Article, Notice, Report, Role, WordListEntry
from parley.site.web.moderation.decide import decide
from parley.site.web.moderation.statistics import figures
from tests.site.moderation.desk import a_held_comment, a_report, an_appeal, an_editor, desk_of
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


def test_words_come_and_go_and_the_log_counts_them_without_naming_them() -> None:
    client = desk_of(an_editor())
    client.post("/queue/words/change", {"list": "suspect", "add": "Darn\n  jumping   jack*\n\nDARN"})
    assert sorted(WordListEntry.objects.values_list("phrase", flat=True)) == ["darn", "jumping jack*"]
    entry = WordListEntry.objects.get(phrase="darn")
    client.post("/queue/words/change", {"list": "suspect", "drop": [entry.pk]})
    client.post("/queue/words/change", {"list": "banned", "add": "jumping jack*"})
    assert list(WordListEntry.objects.values_list("kind", "phrase")) == [("banned", "jumping jack*")]
    rows = [row.public for row in Act.objects.filter(act="words").order_by("seq")]
    assert rows == [
        {"list": "suspect", "added": 2, "dropped": 0},
        {"list": "suspect", "added": 0, "dropped": 1},
        {"list": "banned", "added": 1, "dropped": 0},
    ]
    assert "darn" not in Client().get("/log/").content.decode()
    assert "jumping jack*" in client.get("/queue/words/").content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {"list": "other", "add": "x"},
        {"list": "suspect", "add": "*"},
        {},
        {"list": "banned", "add": "x" * 121},
    ],
)
def test_a_word_list_takes_no_nonsense(form: dict[str, str]) -> None:
    assert desk_of(an_editor()).post("/queue/words/change", form).status_code == 400
    assert not WordListEntry.objects.exists()
    assert not Act.objects.exists()


def test_an_article_is_held_closed_and_opened_again_once_each() -> None:
    article, client = an_article(slug="one"), desk_of(an_editor())
    where = "/queue/articles/one/switch"
    client.post(where, {"to": "hold", "held": "0", "state": "published"})
    article.refresh_from_db()
    assert (article.premoderate, article.revision) == (True, 2)
    assert client.post(where, {"to": "hold", "held": "1", "state": "published"}).status_code == 400
    assert client.post(where, {"to": "close", "held": "0", "state": "published"}).status_code == 409
    client.post(where, {"to": "close", "held": "1", "state": "published"})
    article.refresh_from_db()
    assert article.state == Article.State.CLOSED
    client.post(where, {"to": "open", "held": "1", "state": "closed"})
    article.refresh_from_db()
    assert (article.state, Act.objects.filter(act="switch").count()) == (Article.State.PUBLISHED, 3)
    assert "all comments are held" in Client().get("/log/").content.decode()


def test_a_draft_has_no_switches() -> None:
    an_article(slug="draft", state=Article.State.DRAFT)
    client = desk_of(an_editor())
    form = {"to": "open", "held": "0", "state": "draft"}
    assert client.post("/queue/articles/draft/switch", form).status_code == 400
    assert client.post("/queue/articles/nothing/switch", form).status_code == 404


def test_statistics_tell_editors_rules_and_reports() -> None:
    kim, lee = an_editor(name="Kim"), an_editor(name="Lee")
    decide(a_held_comment(), "approve", kim, 1)
    gone = decide(a_comment(an_article(), an_account()), "remove", kim, 1, clause=1).comment
    an_appeal(gone)
    decide(gone, "restore", lee, gone.revision)
    comment = a_comment(an_article(), an_account())
    a_report(comment)
    decide(comment, "approve", lee, 1)
    found = figures()
    assert [(line.name, line.appealed, line.restored) for line in found.editors] == [
        ("Kim", 1, 1),
        ("Lee", 0, 0),
    ]
    assert [(line.rule, line.held, line.approved, line.removed) for line in found.rules] == [
        ("first posts are read by an editor before they appear", 1, 1, 0)
    ]
    assert found.reports == (("personal attack", 0, 1, 0),)
    text = desk_of(kim).get("/queue/statistics/").content.decode()
    assert "first posts are read by an editor" in text
    assert "Kim" in text


def test_tables_are_safe_in_a_spreadsheet_and_for_editors_alone() -> None:
    reporter = an_account(name="Quentin")
    comment = a_comment(an_article(), an_account())
    a_report(comment, reporter, text='=HYPERLINK("http://evil.example")')
    decide(comment, "remove", an_editor(name="Kim"), 1, clause=1, note="@SUM(1)")
    client = desk_of(an_editor())
    rows = list(csv.DictReader(io.StringIO(b"".join(client.get("/queue/export/reports.csv")).decode())))
    assert (rows[0]["text"], rows[0]["reporter"]) == ('\'=HYPERLINK("http://evil.example")', "Quentin")
    rows = list(csv.DictReader(io.StringIO(b"".join(client.get("/queue/export/decisions.csv")).decode())))
    assert (rows[-1]["editor"], rows[-1]["note"]) == ("Kim", "'@SUM(1)")
    assert client.get("/queue/export/accounts.csv").status_code == 404
    author = Client()
    author.force_login(an_account(Role.AUTHOR))
    assert author.get("/queue/export/reports.csv").status_code == 404


def test_notices_stand_on_ones_own_page_until_they_are_read() -> None:
    writer, other = an_account(), an_account()
    decide(a_comment(an_article(), writer), "remove", an_editor(), 1, clause=4, words="Stay on the story.")
    client = Client()
    client.force_login(writer)
    text = client.get("/account/notices/").content.decode()
    for piece in ("Your comment was removed", "does not advance the story", "Stay on the story.", "/appeal"):
        assert piece in text
    assert client.get("/me").json()["unread"] == 1
    client.post("/account/notices/read")
    assert client.get("/me").json()["unread"] == 0
    client.force_login(other)
    assert "Stay on the story." not in client.get("/account/notices/").content.decode()
    assert Notice.objects.filter(read_at=None).count() == 0


def test_a_receipt_tells_anybody_who_has_it_the_decision_but_no_names_and_no_words() -> None:
    writer = an_account(name="Zaneera")
    comment = a_comment(an_article(), writer, source="The words.")
    receipt = "Abc_123-xyzXYZ7890"
    Report.objects.create(
        comment=comment, reason=Report.Reason.ILLEGAL, receipt=receipt, contact_name="Quentin", ground="§ 1"
    )
    client = Client()
    assert "has not decided yet" in client.get(f"/receipts/{receipt}/").content.decode()
    decide(comment, "approve", an_editor(name="Kim"), 1, words="It is lawful satire.")
    answer = client.get(f"/receipts/{receipt}/")
    text = answer.content.decode()
    assert "It is lawful satire." in text
    assert "not followed" in text
    for hidden in ("Zaneera", "Quentin", "Kim", "The words."):
        assert hidden not in text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert client.get("/receipts/Abc_123-xyzXYZ7891/").status_code == 404
    assert client.get("/receipts/%/").status_code == 404
