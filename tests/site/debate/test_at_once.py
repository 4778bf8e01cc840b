"""Acts at the same moment: nothing counts twice, nobody waits in a circle, the log stays whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parley.site.web import journal
from parley.site.web.models import Act, Comment, Mark, Report, ReviewItem, Role, State
from parley.site.web.moderation.decide import Conflict, Refused, decide
from tests.site.debate.at_once import at_once
from tests.site.debate.browser import Reader
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db(transaction=True)
OLD = timedelta(days=30)


def test_the_same_form_eight_times_is_one_comment() -> None:
    article, account = an_article(), an_account(points=10)
    readers = [Reader(account) for _ in range(8)]
    sent = at_once(lambda reader: reader.post(f"/a/{article.slug}/comment", text="Once.", key="k"), readers)
    assert {answer.status_code for answer in sent} == {303}
    assert Comment.objects.count() == 1


def test_the_same_words_without_a_key_are_one_comment() -> None:
    article, account = an_article(), an_account(points=10)
    readers = [Reader(account) for _ in range(8)]
    sent = at_once(lambda reader: reader.post(f"/a/{article.slug}/comment", text="Once."), readers)
    assert {answer.status_code for answer in sent} == {303}
    assert Comment.objects.count() == 1


def test_the_same_mark_eight_times_counts_once() -> None:
    comment = a_comment(an_article(), an_account())
    account = an_account(joined=timezone.now() - OLD)
    readers = [Reader(account) for _ in range(8)]
    at_once(lambda reader: reader.post(f"/c/{comment.pk}/mark", kind="advances"), readers)
    comment.refresh_from_db()
    assert (comment.advances, Mark.objects.count()) == (1, 1)
    at_once(lambda reader: reader.post(f"/c/{comment.pk}/mark", kind="advances", set="off"), readers)
    comment.refresh_from_db()
    assert (comment.advances, Mark.objects.count()) == (0, 0)


def test_the_same_report_eight_times_is_one() -> None:
    comment = a_comment(an_article(), an_account())
    account = an_account(joined=timezone.now() - OLD)
    readers = [Reader(account) for _ in range(8)]
    sent = at_once(lambda reader: reader.post(f"/c/{comment.pk}/report", reason="spam"), readers)
    assert {answer.status_code for answer in sent} == {200}
    assert (Report.objects.count(), ReviewItem.objects.count()) == (1, 1)


def test_many_reports_hide_once() -> None:
    comment = a_comment(an_article(), an_account())
    accounts = [an_account(points=50, joined=timezone.now() - OLD) for _ in range(8)]
    readers = [Reader(each, network=f"198.51.{number}.1") for number, each in enumerate(accounts)]
    at_once(lambda reader: reader.post(f"/c/{comment.pk}/report", reason="attack"), readers)
    comment.refresh_from_db()
    assert comment.state == State.HIDDEN
    assert Act.objects.filter(act="hide").count() == 1
    assert ReviewItem.objects.filter(open=True).count() == 1
    assert journal.faults() == []


def test_changes_decisions_reports_and_marks_do_not_wait_for_each_other_in_a_circle() -> None:
    article, editor = an_article(), an_account(Role.EDITOR)
    writers = [an_account(points=3, approved=3) for _ in range(4)]
    comments = [a_comment(article, writer) for writer in writers]
    others = [an_account(points=50, joined=timezone.now() - OLD) for _ in range(3)]

    def act(number: int) -> int:
        comment, writer = comments[number % 4], writers[number % 4]
        kind = number // 4 % 5
        if kind == 0:
            return int(Reader(writer).post(f"/c/{comment.pk}/edit", text=f"Changed {number}.").status_code)
        if kind == 1:
            try:
                revision = Comment.objects.values_list("revision", flat=True).get(pk=comment.pk)
                decide(comment.pk, "approve" if number % 2 else "remove", editor, revision, clause=1)
            except (Conflict, Refused):
                return 409
            return 200
        if kind == 2:
            return int(Reader(others[number % 3]).post(f"/c/{comment.pk}/report", reason="spam").status_code)
        if kind == 3:
            return int(Reader(others[number % 3]).post(f"/c/{comment.pk}/mark", kind="advances").status_code)
        return int(Reader(writer).post(f"/a/{article.slug}/comment", text=f"Another {number}.").status_code)

    statuses = at_once(act, range(60))
    assert set(statuses) <= {200, 303, 403, 404, 409, 429}
    assert journal.faults() == []
    for comment in Comment.objects.all():
        assert comment.advances == Mark.objects.filter(comment=comment, kind="advances", counted=True).count()
