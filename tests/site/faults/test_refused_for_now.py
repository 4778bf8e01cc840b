"""What is answered when the database cannot do its work, and how limits live through a clock set back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, InterfaceError, OperationalError
from django.test import Client
from django.utils import timezone

from parley.site.web import limits
from parley.site.web.debate import writing
from parley.site.web.models import Bucket, Comment
from tests.site.people import an_account, an_article

HEADERS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "status"), [(OperationalError, 503), (InterfaceError, 503), (DataError, 500)]
)
def test_a_database_that_does_not_work_is_503_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, fault: type[Exception], status: int
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise fault("database is locked by /secret/path")

    monkeypatch.setattr(writing, "post", fail)
    client = Client(raise_request_exception=False)
    client.force_login(an_account(points=9))
    path = f"/a/{an_article().slug}/comment"
    for wanted in ("text/html", "application/json"):
        answer = client.post(path, {"text": "A word.", "do": "post"}, headers={**HEADERS, "Accept": wanted})
        assert answer.status_code == status
        assert wanted in answer["Content-Type"]
        assert b"secret" not in answer.content
        assert ("Retry-After" in answer) == (status == 503)
    assert not Comment.objects.exists()


@pytest.mark.django_db
def test_a_clock_set_right_after_having_been_a_year_ahead_locks_nobody_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = timezone.now()
    clock = [now + timedelta(days=365)]
    monkeypatch.setattr(timezone, "now", lambda: clock[0])
    one = an_account()

    def taken() -> int:
        count = 0
        while count < 50:
            try:
                limits.take("post", network="192.0.2.0/24", account=one)
            except limits.TooOften:
                return count
            count += 1
        raise AssertionError("there is no limit")

    burst = taken()
    assert burst > 1
    clock[0] = now
    assert taken() == 0, "setting the clock back has given something"
    limits.purge()  # the worker does it
    assert taken() == 0, "setting the clock back has given something"
    clock[0] = now + timedelta(hours=2)
    assert taken() == burst, "the bucket waits for a time that is a year away"


@pytest.mark.django_db
def test_the_clocks_of_two_processes_that_differ_a_little_refill_nothing() -> None:
    limits.take("post", network="192.0.2.0/24")
    ahead = timezone.now() + timedelta(seconds=20)
    Bucket.objects.update(updated=ahead, tokens=3.0)
    limits.purge()
    limits.take("post", network="192.0.2.0/24")
    assert Bucket.objects.get().updated == ahead
