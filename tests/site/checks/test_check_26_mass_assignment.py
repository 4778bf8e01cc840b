"""Check 26: whatever else a form carries is ignored: state, author, points, version, effect."""

from __future__ import annotations

from typing import Any

import pytest

from parley.site.web.models import Account, Comment, Report, Role, State
from tests.site.debate.browser import Reader
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
EXTRA: dict[str, Any] = {
    "state": "visible",
    "status": "visible",
    "approved": "true",
    "credited": "on",
    "pick": "1",
    "points": "99",
    "author": "1",
    "author_id": "1",
    "signed": "Editor",
    "version": "999",
    "version_id": "999",
    "article": "999",
    "article_id": "999",
    "parent": "1",
    "parent_id": "1",
    "kind": "challenge",
    "revision": "1",
    "created": "2001-01-01",
    "shown_at": "2001-01-01",
    "held_reasons": "[]",
    "html": "<script>x</script>",
    "sanitiser": "9",
    "advances": "50",
    "convinced": "50",
    "clause": "",
    "fingerprint": "x",
    "network": "x",
    "effect": '{"chip": "flips"}',
    "weight": "99",
    "outcome": "upheld",
    "reporter": "1",
    "role": "admin",
    "counted": "true",
    "receipt": "mine",
    "decision": "yes",
    "is_active": "1",
    "id": "7",
    "pk": "7",
}


def test_check_26_a_comment_takes_its_words_and_nothing_else() -> None:
    writer, article = an_account(), an_article()
    Reader(writer).post(f"/a/{article.slug}/comment", text="Only these words.", **EXTRA)
    found = Comment.objects.get()
    assert (found.state, found.author, found.article, found.version) == (
        State.HELD,
        writer,
        article,
        article.current,
    )
    assert (found.kind, found.parent, found.signed, found.approved) == ("comment", None, "", False)
    assert (found.advances, found.convinced, found.pick, found.credited) == (0, 0, False, False)
    assert (found.revision, found.sanitiser, found.network) == (1, 1, "192.0.2.0/24")
    assert found.html == '<p dir="auto">Only these words.</p>\n'
    assert found.pk != 7
    assert found.created.year > 2001
    writer.refresh_from_db()
    assert (writer.points, writer.role) == (0, Role.READER)


def test_check_26_an_answer_and_a_change_neither() -> None:
    writer, answered = an_account(), a_comment(an_article(), an_account())
    Reader(writer).post(f"/c/{answered.pk}/reply", text="Only these words.", **EXTRA)
    found = Comment.objects.get(parent=answered)
    Reader(writer).post(f"/c/{found.pk}/edit", text="Or these.", **EXTRA)
    found.refresh_from_db()
    assert (found.source, found.state, found.author, found.kind) == (
        "Or these.",
        State.HELD,
        writer,
        "comment",
    )
    assert (found.parent, found.approved, found.revision) == (answered, False, 2)


def test_check_26_a_mark_and_a_report_neither() -> None:
    reader, comment = an_account(), a_comment(an_article(), an_account())
    Reader(reader).post(f"/c/{comment.pk}/mark", **{**EXTRA, "kind": "advances"})
    comment.refresh_from_db()
    assert comment.advances == 0
    Reader(reader).post(f"/c/{comment.pk}/report", **{**EXTRA, "reason": "spam"})
    row = Report.objects.get()
    assert (row.reporter, row.weight, row.outcome, row.receipt) == (reader, 1.0, "open", None)
    assert Account.objects.get(pk=reader.pk).role == Role.READER


@pytest.mark.parametrize("name", ["text", "quote", "passage"])
def test_check_25_a_field_that_is_sent_twice_is_taken_as_missing(name: str) -> None:
    article = an_article()
    data: dict[str, Any] = {"text": "Words.", name: ["Words.", "Others."]}
    answer = Reader(an_account()).post(f"/a/{article.slug}/comment", **data)
    assert answer.status_code == (400 if name == "text" else 303)
    assert [each.quote + each.passage for each in Comment.objects.all()] == ([] if name == "text" else [""])
