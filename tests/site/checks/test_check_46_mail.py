"""Check 46: mail is plain, one line of subject, no links of readers, wanted, ended at a click, sent once."""

from __future__ import annotations

import re
import smtplib
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from parley.site.web.models import Account, Comment, Outbox, Subscription
from parley.site.web.outlets.digests import HOUR, digest_due
from parley.site.web.outlets.letters import follow_token, leave_path
from parley.site.web.outlets.mail import PAUSES, send_due, state
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
HOSTILE = "New\r\nBcc: all@example.org\u2028x"


def following(account: Account, article: Any = None, pace: str = "hourly", days: int = 3) -> Subscription:
    """A confirmed subscription."""
    then = timezone.now() - timedelta(days=days)
    found: Subscription = Subscription.objects.create(
        account=account, article=article, pace=pace, created=then, confirmed_at=then
    )
    return found


def queued(key: str = "k", **fields: Any) -> Outbox:
    row: Outbox = Outbox.objects.create(
        key=key, to="ann@example.org", subject=fields.pop("subject", "Hello"), body="Words\n", **fields
    )
    return row


def test_check_46_a_subject_is_one_line_and_mail_is_text() -> None:
    queued(subject=HOSTILE)
    assert send_due() == 1
    sent = mail.outbox[0].message()
    assert sent["Subject"] == "New Bcc: all@example.org x"
    assert sent["Bcc"] is None
    assert sent.get_content_type() == "text/plain"
    assert not sent.is_multipart()
    assert sent["Auto-Submitted"] == "auto-generated"


def test_check_46_a_header_that_breaks_out_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    queued(headers={"List-Unsubscribe": "<x>\r\nBcc: all@example.org"})
    assert send_due() == 0
    assert mail.outbox == []
    assert Outbox.objects.get().failed_at is not None


def test_check_46_a_digest_quotes_words_without_links() -> None:
    article = an_article("talks")
    writer = an_account(name="www.evil.example")
    following(an_account(), article)
    comment = a_comment(article, writer)
    Comment.objects.filter(pk=comment.pk).update(
        html='<p>Win at <a href="https://evil.example/win">https://evil.example/win</a> or evil.example</p>',
        shown_at=timezone.now() - timedelta(minutes=10),
    )
    assert digest_due() == 1
    row = Outbox.objects.get(key__startswith="digest:")
    addresses = re.findall(r"https?://[^\s>]+", row.body)
    assert addresses
    assert all(each.startswith("http://localhost:8000/") for each in addresses)
    assert "evil.example" not in row.body
    assert "<" not in row.body
    assert row.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert row.headers["List-Unsubscribe"].startswith("<http://localhost:8000/unsubscribe/")


def test_check_46_nothing_is_sent_before_the_reader_confirms(client: Client) -> None:
    account, article = an_account(), an_article()
    found = Subscription.objects.create(account=account, article=article, pace="hourly")
    asked = Outbox.objects.get()
    assert asked.to == account.email
    a_comment(article, an_account(), shown_at=timezone.now() + timedelta(hours=1))
    assert digest_due(timezone.now() + timedelta(hours=2)) == 0
    path = f"/follow/confirm/{follow_token(found)}"
    assert path in asked.body
    page = client.get(path)
    assert page.status_code == 200
    found.refresh_from_db()
    assert found.confirmed_at is None, "a look confirms nothing"
    assert client.post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post(path, headers={"sec-fetch-site": "same-origin"}).status_code == 200
    found.refresh_from_db()
    assert found.confirmed_at is not None
    assert digest_due(timezone.now() + timedelta(hours=2)) == 1


@pytest.mark.parametrize("change", ["forged", "old", "made anew", "gone"])
def test_check_46_a_link_confirms_one_subscription_for_a_time(
    client: Client, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Subscription.objects.create(account=an_account(), article=an_article(), pace="hourly")
    token = follow_token(found)
    if change == "forged":
        token = token[:-1] + ("a" if token[-1] != "a" else "b")
    elif change == "old":
        monkeypatch.setattr("parley.site.web.outlets.letters.CONFIRM_SECONDS", -1)
    elif change == "made anew":
        Subscription.objects.filter(pk=found.pk).update(created=timezone.now() + timedelta(seconds=1))
    else:
        found.delete()
    answer = client.post(f"/follow/confirm/{token}", headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 404
    assert not Subscription.objects.filter(confirmed_at__isnull=False).exists()


def test_check_46_one_click_ends_all(client: Client) -> None:
    account, other = an_account(), an_account()
    for each in (account, other):
        following(each, an_article())
        following(each, None)
    path = leave_path(account)
    assert client.get(path).status_code == 200
    assert Subscription.objects.filter(account=account).count() == 2, "a look ends nothing"
    from_program = Client(enforce_csrf_checks=True)
    answer = from_program.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert Subscription.objects.filter(account=account).count() == 0
    assert Subscription.objects.filter(account=other).count() == 2
    assert from_program.post(f"{path}x").status_code == 404


def test_check_46_at_most_one_digest_an_hour() -> None:
    account, articles = an_account(), [an_article(), an_article()]
    for article in articles:
        following(account, article)
    start = timezone.now()
    times: list[datetime] = []
    for minutes in range(0, 300, 7):
        now = start + timedelta(minutes=minutes)
        a_comment(articles[minutes % 2], an_account(), shown_at=now - timedelta(minutes=3))
        if digest_due(now):
            times.append(now)
    assert len(times) >= 4
    assert all(later - earlier >= HOUR for earlier, later in pairwise(times))
    said = "".join(row.body for row in Outbox.objects.filter(key__startswith="digest:"))
    shown = Comment.objects.filter(shown_at__lte=times[-1] - timedelta(minutes=2))
    assert all(said.count(f"/c/{each.pk}/\n") == 1 for each in shown), "each comment once"


def test_check_46_a_digest_is_written_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    account, article = an_account(), an_article()
    found = following(account, article)
    a_comment(article, an_account(), shown_at=timezone.now() - timedelta(minutes=10))

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("parley.site.web.outlets.letters.digest", killed)
        with pytest.raises(KeyboardInterrupt):
            digest_due()
    found.refresh_from_db()
    assert found.sent_until is None
    assert digest_due() == 1
    assert digest_due() == 0
    assert Outbox.objects.filter(key__startswith="digest:").count() == 1


class Server(EmailBackend):
    """A mail server that fails as it is told."""

    fault: BaseException | None = None
    opening: BaseException | None = None
    seen: int = 0

    def open(self) -> bool:
        if Server.opening is not None:
            raise Server.opening
        return True

    def send_messages(self, messages: Any) -> int:
        Server.seen += 1
        if Server.fault is not None:
            raise Server.fault
        return super().send_messages(messages) or 0


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[Server]:
    monkeypatch.setattr(Server, "fault", None)
    monkeypatch.setattr(Server, "opening", None)
    monkeypatch.setattr(Server, "seen", 0)
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    monkeypatch.setattr("parley.site.web.outlets.mail.get_connection", Server)
    return Server


def due_again() -> None:
    Outbox.objects.update(not_before=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    "fault", [ConnectionResetError("gone"), smtplib.SMTPServerDisconnected("gone"), TimeoutError()]
)
def test_check_46_what_may_have_been_sent_is_not_sent_again(server: type[Server], fault: Exception) -> None:
    queued()
    server.fault = fault
    send_due()
    server.fault = None
    due_again()
    assert send_due() == 0
    assert server.seen == 1
    assert state().uncertain == 1
    assert "may have been sent" in Outbox.objects.get().error


def test_check_46_a_killed_sender_sends_nothing_twice(server: type[Server]) -> None:
    queued("one")
    queued("two")
    server.fault = KeyboardInterrupt()  # as if the process ended while the first was handed over
    with pytest.raises(KeyboardInterrupt):
        send_due()
    server.fault = None
    assert send_due() == 1
    assert send_due() == 0
    assert [each.subject for each in mail.outbox] == ["Hello"]
    assert state().uncertain == 1


def test_check_46_what_was_certainly_not_taken_is_tried_again(server: type[Server]) -> None:
    row = queued()
    server.opening = ConnectionRefusedError("no server")
    for attempt in range(len(PAUSES)):
        assert send_due() == 0
        row.refresh_from_db()
        assert row.taken_at is None
        assert row.failed_at is None
        wait = (row.not_before - timezone.now()).total_seconds()
        assert wait == pytest.approx(60 * PAUSES[attempt], abs=5)
        assert send_due() == 0, "not before its time"
        due_again()
    server.opening = None
    server.fault = smtplib.SMTPDataError(451, b"later")
    send_due()
    row.refresh_from_db()
    assert row.failed_at is not None, "after the last attempt"
    assert server.seen == 1


def test_check_46_a_refusal_for_good_is_not_repeated(server: type[Server]) -> None:
    queued()
    server.fault = smtplib.SMTPRecipientsRefused({"ann@example.org": (550, b"no such user")})
    send_due()
    due_again()
    assert send_due() == 0
    assert server.seen == 1
    assert state().given_up == 1


def test_check_46_a_mail_that_was_sent_leaves_no_words_behind() -> None:
    queued()
    send_due()
    row = Outbox.objects.get()
    assert (row.body, row.headers) == ("", {})
    assert send_due() == 0


def test_check_46_nothing_goes_to_a_deleted_account() -> None:
    account = an_account()
    queued(account=account)
    Account.objects.filter(pk=account.pk).update(deleted_at=timezone.now())
    assert send_due() == 0
    assert not Outbox.objects.exists()


def test_check_46_a_mailbox_is_not_flooded_by_following_anew() -> None:
    account, article = an_account(), an_article()
    for _ in range(15):
        Subscription.objects.create(account=account, article=article).delete()
    assert Outbox.objects.count() == 10
