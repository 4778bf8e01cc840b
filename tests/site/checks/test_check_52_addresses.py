"""Check 52: addresses are kept truncated with a keyed hash, and for thirty days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parley.site.text.addresses import kept
from parley.site.web.accounts.housekeeping import housekeep
from parley.site.web.models import Account, Bucket, Comment, Report, SignIn
from parley.site.web.work.tidying import forget
from tests.site.accounts.visits import post, sign_in
from tests.site.checks.test_check_51_own_data import stored
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.77"


def test_check_52_no_table_holds_a_whole_address() -> None:
    account, client = an_account(), Client()
    sign_in(client, account, network=ADDRESS)
    post(client, "/account/profile", bio="x", network=ADDRESS)
    post(Client(), "/accounts/login/", login="nobody", password="wrong one", network=ADDRESS)
    post(
        Client(),
        "/accounts/signup/",
        email="a@example.org",
        username="Ann",
        password1="sieben zwerge",
        network=ADDRESS,
    )
    assert stored(ADDRESS) == []
    row = SignIn.objects.get(account=account)
    assert row.network == "203.0.113.0/24"
    assert Bucket.objects.filter(key__contains="203.0.113.0/24").exists()


def test_check_52_the_hash_is_keyed() -> None:
    here, there = kept(ADDRESS, b"k" * 32), kept(ADDRESS, b"l" * 32)
    assert here.digest != there.digest
    assert here.digest == kept(ADDRESS, b"k" * 32).digest


def test_check_52_after_thirty_days_networks_and_hashes_are_dropped() -> None:
    account, now = an_account(), timezone.now()
    article = an_article()
    for days in (29, 31):
        at = now - timedelta(days=days)
        SignIn.objects.create(account=account, network="192.0.2.0/24", digest=f"d{days}", at=at)
        comment = a_comment(article, account, network="192.0.2.0/24", created=at)
        Report.objects.create(comment=comment, reporter=account, reason="spam", network="192.0.2.0/24", at=at)
    housekeep()
    forget(now)
    assert SignIn.objects.get().digest == "d29"
    assert [each.network for each in Comment.objects.order_by("created")] == ["", "192.0.2.0/24"]
    assert [each.network for each in Report.objects.order_by("at")] == ["", "192.0.2.0/24"]


def test_check_52_sign_ups_that_nobody_confirmed_go_after_a_day() -> None:
    old, young, confirmed = (Client() for _ in range(3))
    for client, name in ((old, "Old One"), (young, "Young One")):
        post(
            client,
            "/accounts/signup/",
            email=f"{name[:3]}@example.org",
            username=name,
            password1="sieben zwerge",
        )
    Account.objects.filter(name="Old One").update(joined=timezone.now() - timedelta(hours=25))
    sign_in(confirmed, an_account(name="Kim", joined=timezone.now() - timedelta(days=90)))
    an_account(name="Never There", joined=timezone.now() - timedelta(days=90))  # confirmed, never signed in
    assert housekeep()["unconfirmed"] == 1
    assert set(Account.objects.values_list("name", flat=True)) == {"Young One", "Kim", "Never There"}
