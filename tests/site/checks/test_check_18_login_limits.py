"""Check 18: attempts to sign in are limited by account and by network, and nobody locks out the owner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from parley.site.web.models import Account, Bucket, SignIn
from tests.site.accounts.visits import post, sign_in, signed_in, totp
from tests.site.people import PASSWORD, an_account

pytestmark = pytest.mark.django_db


def attempt(login: str, network: str, password: str = "not the password") -> Any:
    return post(Client(), "/accounts/login/", login=login, password=password, network=network)


def test_check_18_six_wrong_passwords_from_one_network_are_followed_by_429() -> None:
    answers = [attempt(f"nobody{n}", "192.0.2.9").status_code for n in range(8)]
    assert answers == [200] * 6 + [429] * 2
    refused = attempt("nobody", "192.0.2.200")  # the same /24
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 120
    assert attempt("nobody", "198.51.100.1").status_code == 200


def test_check_18_thirty_in_an_hour() -> None:
    passed = 0
    for _ in range(60):  # one a minute
        passed += attempt("nobody", "192.0.2.9").status_code == 200
        Bucket.objects.update(updated=F("updated") - timedelta(minutes=1))
    assert 30 <= passed <= 36


@pytest.mark.parametrize("exists", [True, False])
def test_check_18_an_account_is_limited_over_all_networks_and_so_is_a_name_without_one(exists: bool) -> None:
    name = an_account().name if exists else "nobody"
    answers = [attempt(name, f"198.51.{n}.1").status_code for n in range(8)]
    assert answers == [200] * 6 + [429] * 2


def test_check_18_a_right_password_costs_nothing() -> None:
    account = an_account()
    for _ in range(20):
        assert attempt(account.name, "192.0.2.9", PASSWORD).status_code == 302


def test_check_18_others_do_not_lock_the_owner_out() -> None:
    account, owner, inside = an_account(), Client(), Client()
    assert sign_in(inside, account, network="203.0.113.5").status_code == 302
    for n in range(40):
        attempt(account.name, f"198.51.{n}.1")
    assert attempt(account.name, "192.0.2.1", PASSWORD).status_code == 429  # the account's bucket is empty
    assert (
        sign_in(owner, account, network="203.0.113.77")["Location"] == "/account/"
    )  # a network it is known from
    assert signed_in(inside) == account.name  # a session goes on
    assert (
        post(inside, "/accounts/reauthenticate/", password=PASSWORD, network="203.0.113.5").status_code == 302
    )


def test_check_18_a_network_is_known_for_thirty_days() -> None:
    account = an_account()
    sign_in(Client(), account, network="203.0.113.5")
    SignIn.objects.update(at=timezone.now() - timedelta(days=31))
    for n in range(7):
        attempt(account.name, f"198.51.{n}.1")
    assert attempt(account.name, "203.0.113.5", PASSWORD).status_code == 429


def test_check_18_guessing_the_second_factor_is_limited_and_the_owner_gets_in() -> None:
    account, thief, owner = an_account(second_factor=True), Client(), Client()
    sign_in(owner, account, network="203.0.113.5")
    post(thief, "/accounts/login/", login=account.name, password=PASSWORD)
    answers = [post(thief, "/accounts/2fa/authenticate/", code=f"{n:06}").status_code for n in range(7)]
    assert answers == [200] * 6 + [429]
    post(owner, "/accounts/logout/")
    post(owner, "/accounts/login/", login=account.name, password=PASSWORD, network="203.0.113.5")
    code = totp(steps=1)
    assert post(owner, "/accounts/2fa/authenticate/", code=code, network="203.0.113.5").status_code == 302


def test_check_18_mails_and_sign_ups_are_limited() -> None:
    account = an_account()
    answers = [
        post(Client(), "/accounts/password/reset/", email=account.email, network=f"198.51.{n}.1").status_code
        for n in range(4)
    ]
    assert answers == [302, 302, 302, 429]
    made = [
        post(
            Client(),
            "/accounts/signup/",
            email=f"someone{n}@example.org",
            username=f"Some Body {'abcdefghjkmnopqr'[n]}",
            password1="sieben zwerge im wald",
        ).status_code
        for n in range(14)
    ]
    assert made == [302] * 12 + [429] * 2
    assert Account.objects.count() == 13
