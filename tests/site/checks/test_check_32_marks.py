"""Check 32: a mark and a report count once for each account; those of young accounts not yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from parley.site.web.marks import count_grown
from parley.site.web.models import Comment, Mark, Report, State
from tests.site.debate.browser import Reader
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def comment() -> Comment:
    return a_comment(an_article(), an_account())


def grown(**fields: Any) -> Reader:
    return Reader(an_account(joined=timezone.now() - 2 * DAY, **fields))


def counts(comment: Comment) -> tuple[int, int]:
    comment.refresh_from_db()
    return comment.advances, comment.convinced


def test_check_32_marked_ten_times_counts_once(comment: Comment) -> None:
    reader = grown()
    told = [reader.post(f"/c/{comment.pk}/mark", json=True, kind="advances").json() for _ in range(10)]
    assert {each["count"] for each in told} == {1}
    assert told[0]["set"] is True
    assert counts(comment) == (1, 0)
    assert Mark.objects.count() == 1
    grown().post(f"/c/{comment.pk}/mark", kind="advances")
    reader.post(f"/c/{comment.pk}/mark", kind="convinced")
    assert counts(comment) == (2, 1)


def test_check_32_the_database_itself_refuses_a_second_one(comment: Comment) -> None:
    account = an_account()
    Mark.objects.create(account=account, comment=comment, kind="advances")
    Report.objects.create(comment=comment, reporter=account, reason="attack")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(account=account, comment=comment, kind="advances")
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(comment=comment, reporter=account, reason="spam")


def test_check_32_a_young_accounts_mark_is_kept_and_counts_after_a_day(comment: Comment) -> None:
    account = an_account()
    told = Reader(account).post(f"/c/{comment.pk}/mark", json=True, kind="convinced").json()
    assert (told["set"], told["counted"], told["count"]) == (True, False, 0)
    assert count_grown() == 0
    account.joined -= timedelta(hours=24, minutes=1)
    account.save()
    assert count_grown() == 1
    assert count_grown() == 0
    assert counts(comment) == (0, 1)


def test_check_32_marks_of_banned_accounts_never_come_to_count(comment: Comment) -> None:
    account = an_account()
    Reader(account).post(f"/c/{comment.pk}/mark", kind="advances")
    account.joined -= 3 * DAY
    account.banned_at = timezone.now()
    account.save()
    assert count_grown() == 0
    assert counts(comment) == (0, 0)


def test_check_32_taken_back_twice_goes_down_once(comment: Comment) -> None:
    first, second = grown(), grown()
    for reader in (first, second):
        reader.post(f"/c/{comment.pk}/mark", kind="advances")
    for _ in range(3):
        told = first.post(f"/c/{comment.pk}/mark", json=True, kind="advances", set="off").json()
        assert (told["set"], told["count"]) == (False, 1)
    young = Reader(an_account())
    young.post(f"/c/{comment.pk}/mark", kind="advances")
    young.post(f"/c/{comment.pk}/mark", kind="advances", set="off")
    assert counts(comment) == (1, 0)


def test_check_32_nobody_marks_an_own_comment_or_what_is_not_shown(comment: Comment) -> None:
    author = comment.author
    assert author is not None
    author.joined -= 3 * DAY
    author.save()
    assert Reader(author).post(f"/c/{comment.pk}/mark", kind="advances").status_code == 403
    for state in (State.HELD, State.HIDDEN, State.REMOVED, State.WITHDRAWN):
        other = a_comment(comment.article, author, state=state)
        assert grown().post(f"/c/{other.pk}/mark", kind="advances").status_code == 404
    assert Reader().post(f"/c/{comment.pk}/mark", json=True, kind="advances").status_code == 401
    for bad in ("", "love", "state"):
        assert grown().post(f"/c/{comment.pk}/mark", kind=bad).status_code == 403
    assert grown().post(f"/c/{comment.pk}/mark", kind="advances", set="maybe").status_code == 400
    assert not Mark.objects.exists()


def test_check_32_hidden_for_me_is_never_counted_and_moves_no_page(comment: Comment) -> None:
    before = comment.article.revision
    told = grown().post(f"/c/{comment.pk}/mark", json=True, kind="hide").json()
    assert (told["set"], told["count"]) == (True, 0)
    comment.article.refresh_from_db()
    assert comment.article.revision == before
    assert counts(comment) == (0, 0)


def test_check_32_a_counted_mark_moves_the_page(comment: Comment) -> None:
    before = comment.article.revision
    grown().post(f"/c/{comment.pk}/mark", kind="advances")
    comment.article.refresh_from_db()
    assert comment.article.revision == before + 1


def test_check_32_the_way_back_stays_on_the_site(comment: Comment) -> None:
    reader = grown()
    for path, back in (("/a/x/?sort=newest", "/a/x/?sort=newest"), ("//evil.example", None), ("", None)):
        answer = reader.post(f"/c/{comment.pk}/mark", kind="advances", next=path)
        assert answer.headers["Location"] == (back or f"/a/{comment.article.slug}/#c-{comment.pk}")
