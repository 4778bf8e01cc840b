"""Check 33: reports reach the editors, and cannot be stuffed to hide a comment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from parley.site.web import journal
from parley.site.web.debate.reporting import weight
from parley.site.web.models import Account, Act, Comment, Queue, Report, ReviewItem, Role, State
from parley.site.web.moderation.decide import decide
from parley.site.web.sayings import saying
from tests.site.debate.browser import Reader, text_of
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
OLD = timedelta(days=30)


@pytest.fixture
def comment() -> Comment:
    return a_comment(an_article(), an_account())


def old(points: int = 0, **fields: Any) -> Account:
    return an_account(points=points, joined=timezone.now() - OLD, **fields)


def report(comment: Comment, account: Account | None, **data: Any) -> Any:
    number = account.pk % 250 if account else 251
    reader = Reader(account, network=f"198.51.{number}.1")
    return reader.post(f"/c/{comment.pk}/report", **{"reason": "attack", **data})


def state(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.state


def test_check_33_fifty_fresh_accounts_hide_nothing(comment: Comment) -> None:
    for _ in range(50):
        assert report(comment, an_account()).status_code == 200
    assert state(comment) == State.VISIBLE
    item = ReviewItem.objects.get()
    assert (item.queue, item.score, item.why) == (Queue.REPORTED, 50.0, [saying("reports", attack=50)])


def test_check_33_fresh_accounts_add_no_weight_to_old_ones(comment: Comment) -> None:
    for account in [*(an_account() for _ in range(9)), old(), old(), old()]:
        report(comment, account)
    assert state(comment) == State.VISIBLE


def test_check_33_three_trusted_readers_hide_until_an_editor_has_looked(comment: Comment) -> None:
    for points in (10, 10):
        report(comment, old(points))
    assert state(comment) == State.VISIBLE
    report(comment, old(10), reason="hate")
    assert state(comment) == State.HIDDEN
    row = Act.objects.get()
    assert (row.act, row.by) == ("hide", "rule")
    assert ReviewItem.objects.get().queue == Queue.REPORTED
    assert journal.faults() == []


def test_check_33_weight_alone_or_number_alone_do_not_hide(comment: Comment) -> None:
    for _ in range(2):  # weight 6 of two
        report(comment, old(50))
    assert state(comment) == State.VISIBLE
    other = a_comment(comment.article, an_account())
    for _ in range(5):  # five of weight 1
        report(other, old())
    assert state(other) == State.VISIBLE
    report(other, old())
    assert state(other) == State.HIDDEN


def test_check_33_false_reports_lower_the_weight() -> None:
    assert weight(Account(points=0)) == 1.0
    assert weight(Account(points=10)) == 2.0
    assert weight(Account(points=50)) == 3.0
    assert weight(Account(role=Role.EDITOR)) == 3.0
    assert weight(Account(points=50, judged=5, upheld=0)) == 3.0  # not yet enough to say
    assert weight(Account(points=50, judged=6, upheld=0)) == 1.0
    assert weight(Account(points=0, judged=6, upheld=0)) == 0.0
    assert weight(Account(points=50, judged=10, upheld=10)) == 5.0


def test_check_33_an_approved_comment_is_never_hidden_but_enters_the_queue(comment: Comment) -> None:
    decide(comment, "approve", an_account(Role.EDITOR), comment.revision)
    assert [report(comment, old(50)).status_code for _ in range(6)] == [200] * 6
    assert (state(comment), Report.objects.count()) == (State.VISIBLE, 6)
    assert ReviewItem.objects.get(open=True).queue == Queue.REPORTED


def test_check_33_reports_of_banned_accounts_do_not_hide(comment: Comment) -> None:
    accounts = [old(50) for _ in range(3)]
    for account in accounts[:2]:
        report(comment, account)
        account.banned_at = timezone.now()
        account.save()
    report(comment, accounts[2])
    assert state(comment) == State.VISIBLE


def test_check_33_a_second_report_of_the_same_account_changes_nothing(comment: Comment) -> None:
    account = old(50)
    report(comment, account)
    again = report(comment, account, reason="spam")
    assert "already" in text_of(again)
    assert Report.objects.get().reason == "attack"


def test_check_33_twenty_reports_a_day(comment: Comment) -> None:
    account = old()
    others = [a_comment(comment.article, an_account()) for _ in range(20)]
    for other in others:
        Report.objects.create(
            comment=other, reporter=account, reason="spam", at=timezone.now() - timedelta(hours=23)
        )
    refused = report(comment, account)
    assert refused.status_code == 429
    assert 3500 <= int(refused.headers["Retry-After"]) <= 3601
    Report.objects.update(at=timezone.now() - timedelta(hours=25))
    assert report(comment, account).status_code == 200


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "ugly"}, "reason"),
        ({"reason": "other"}, "text"),
        ({"reason": "other", "text": "  "}, "text"),
        ({"reason": "attack", "text": "x" * 301}, "text"),
        ({"reason": "attack", "text": "bell \a"}, "text"),
        ({"reason": "no-source"}, "reason"),
        ({"reason": "illegal"}, "ground"),
        ({"reason": "illegal", "ground": "x", "contact_mail": "nobody"}, "contact_mail"),
        ({"reason": "illegal", "ground": "x", "country": "y" * 61}, "country"),
    ],
)
def test_check_33_an_incomplete_report_names_its_field(
    comment: Comment, data: dict[str, str], field: str
) -> None:
    answer = report(comment, old(), **data)
    assert answer.status_code == 400
    assert f'href="#f-{field}"' in text_of(answer)
    assert not Report.objects.exists()


def test_check_33_reasons_of_challenges_need_a_challenge(comment: Comment) -> None:
    challenge = a_comment(comment.article, an_account(), kind="challenge")
    other = a_comment(comment.article, an_account(), kind="challenge")
    elsewhere = a_comment(an_article(), an_account(), kind="challenge")
    reader = old()
    assert report(challenge, reader, reason="duplicate").status_code == 400
    assert report(challenge, reader, reason="duplicate", duplicate_of=str(elsewhere.pk)).status_code == 400
    assert report(challenge, reader, reason="duplicate", duplicate_of=str(challenge.pk)).status_code == 400
    assert report(challenge, reader, reason="duplicate", text=f"see #{other.pk}").status_code == 200
    assert Report.objects.get().duplicate_of == other


def test_check_33_anybody_reports_what_is_illegal_and_gets_a_receipt(comment: Comment) -> None:
    assert report(comment, None, reason="attack").status_code == 401
    page = text_of(Reader().get(f"/c/{comment.pk}/report"))
    assert 'value="illegal"' in page
    assert 'value="attack"' not in page
    answer = report(
        comment, None, reason="illegal", ground="Section 130", country="DE", contact_mail="a@b.example"
    )
    row = Report.objects.get()
    assert (row.reporter, row.weight, row.country, row.contact_mail) == (None, 0.0, "DE", "a@b.example")
    assert row.receipt
    assert row.receipt in text_of(answer)
    assert ReviewItem.objects.get().queue == Queue.ILLEGAL
    assert state(comment) == State.VISIBLE


def test_check_33_only_what_is_shown_can_be_reported_and_never_ones_own(comment: Comment) -> None:
    assert comment.author is not None
    assert report(comment, comment.author).status_code == 403
    for kind in (State.HELD, State.REMOVED, State.WITHDRAWN):
        assert report(a_comment(comment.article, an_account(), state=kind), old()).status_code == 404
    muted = old(muted_until=timezone.now() + OLD)
    assert report(comment, muted).status_code == 403
    assert report(comment, muted, reason="illegal", ground="Section 130").status_code == 200


def test_check_28_neither_writer_nor_readers_learn_who_reported(comment: Comment) -> None:
    reporter = old(name="Quiet Reporter")
    report(comment, reporter, text="Secret words.")
    for reader in (Reader(comment.author), Reader(old()), Reader()):
        for path in (f"/c/{comment.pk}/report", f"/c/{comment.pk}/history"):
            page = text_of(reader.get(path))
            assert "Quiet Reporter" not in page
            assert "Secret words" not in page


def test_check_33_scripts_are_told_in_json(comment: Comment) -> None:
    reader = Reader(old())
    told = reader.post(f"/c/{comment.pk}/report", json=True, reason="spam").json()
    assert told["message"] == "Reported. Editors will look at it."
    refused = reader.post(f"/c/{comment.pk}/report", json=True, reason="")
    assert (refused.status_code, refused.json()["error"]) == (400, "Choose what is wrong with the comment.")
