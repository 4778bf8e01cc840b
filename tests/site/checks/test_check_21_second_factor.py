"""Check 21: editors need a second factor, its codes work once, and dangerous acts ask for a recent proof."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from parley.site.web.access import May
from parley.site.web.models import Account, Bucket, Role
from parley.site.web.views.account import addresses
from tests.site.accounts.visits import get, post, sign_in, signed_in, totp
from tests.site.checks.test_check_23_matrix import ROUTES, path_of
from tests.site.people import PASSWORD, SECRET, an_account

pytestmark = pytest.mark.django_db

EDITORS = [(whole, route) for whole, route in ROUTES if route.callback.act in (May.MODERATE, May.ADMINISTER)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
@pytest.mark.parametrize(("whole", "route"), EDITORS, ids=[whole for whole, _ in EDITORS])
def test_check_21_no_page_of_editors_opens_without_a_second_factor(
    whole: str, route: Any, role: Role
) -> None:
    if route.callback.act == May.ADMINISTER and role != Role.ADMIN:
        pytest.skip("not the editor's")
    client = Client()
    client.force_login(an_account(role, second_factor=False))
    for method in set(route.callback.methods) - {"HEAD"}:
        answer = client.generic(
            method, path_of(whole), headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
        )
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/totp/activate/")


def test_check_21_the_administration_opens_with_a_second_factor_alone() -> None:
    without, with_ = Client(), Client()
    without.force_login(an_account(Role.ADMIN, second_factor=False))
    with_.force_login(an_account(Role.ADMIN))
    assert get(without, "/administration/")["Location"] == "/accounts/2fa/totp/activate/"
    assert get(with_, "/administration/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_check_21_an_editor_sets_a_second_factor_up_and_signs_in_with_it() -> None:
    account, client = an_account(Role.EDITOR, second_factor=False), Client()
    sign_in(client, account)
    page = get(client, "/accounts/2fa/totp/activate/").content.decode()
    assert "<svg" in page
    assert "data:" not in page
    assert '<rect width="100%" height="100%" fill="#fff"/><path' in page  # readable on a dark page
    secret = page.split("<code>")[1].split("</code>")[0]
    assert post(client, "/accounts/2fa/totp/activate/", code="000000").status_code == 200
    shown = post(client, "/accounts/2fa/totp/activate/", code=totp(secret))
    codes = re.findall(r"<code>(\d{8})</code>", get(client, shown["Location"]).content.decode())
    assert len(codes) == 10
    stored = Authenticator.objects.get(user=account, type="totp").data["secret"]
    assert secret not in stored
    fresh = Client()
    half = post(fresh, "/accounts/login/", login=account.name, password=PASSWORD)
    assert half["Location"] == "/accounts/2fa/authenticate/"
    assert signed_in(fresh) is None  # the password alone opens nothing
    assert post(fresh, "/accounts/2fa/authenticate/", code=totp(secret, 1))["Location"] == "/account/"
    assert signed_in(fresh) == account.name


def test_check_21_every_way_in_asks_for_the_second_factor() -> None:
    from tests.site.accounts.visits import code_in, last_mail

    account, client = an_account(Role.EDITOR), Client()
    assert account.email
    post(client, "/accounts/login/code/", email=account.email)
    answer = post(client, "/accounts/login/code/confirm/", code=code_in(last_mail(account.email)))
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert signed_in(client) is None


def test_check_21_a_code_works_once() -> None:
    account, first, second = an_account(Role.EDITOR), Client(), Client()
    code = totp()
    for client, status in ((first, 302), (second, 200)):
        post(client, "/accounts/login/", login=account.name, password=PASSWORD)
        # What a second process would know: the cache of the first is not shared.
        from django.core.cache import cache

        cache.clear()
        assert post(client, "/accounts/2fa/authenticate/", code=code).status_code == status
    assert signed_in(second) is None


def test_check_21_a_recovery_code_works_once() -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    account = an_account(Role.EDITOR)
    code = RecoveryCodes.activate(account).get_unused_codes()[0]
    for status in (302, 200):
        client = Client()
        post(client, "/accounts/login/", login=account.name, password=PASSWORD)
        assert post(client, "/accounts/2fa/authenticate/", code=code).status_code == status


def test_check_21_an_editor_cannot_take_the_second_factor_away_a_reader_can() -> None:
    editor, reader = an_account(Role.EDITOR), an_account(second_factor=True)
    for account, left in ((editor, True), (reader, False)):
        client = Client()
        client.force_login(account)
        post(client, "/accounts/2fa/totp/deactivate/")
        assert Authenticator.objects.filter(user=account, type="totp").exists() is left


def asking() -> list[str]:
    """Return the routes that ask for a recent proof."""
    return [str(each.pattern) for each in addresses if getattr(unwrapped(each.callback), "asks_proof", False)]


def unwrapped(view: Any) -> Any:
    return getattr(view, "__wrapped__", view)


def test_check_21_export_and_deletion_ask_for_a_recent_proof() -> None:
    assert asking() == ["account/copy", "account/copy/<str:token>", "account/delete"]
    bans = [
        each
        for each in walk()
        if "ban" in str(each.pattern) and "POST" in getattr(each.callback, "methods", ())
    ]
    assert bans
    assert all(getattr(unwrapped(each.callback), "asks_proof", False) for each in bans)


def walk() -> list[Any]:
    found, left = [], [*get_resolver().url_patterns]
    while left:
        each = left.pop()
        left.extend(getattr(each, "url_patterns", []))
        if hasattr(each, "callback"):
            found.append(each)
    return [each for each in found if not str(getattr(each.callback, "__module__", "")).startswith("django")]


@pytest.mark.parametrize("where", ["/account/copy", "/account/delete"])
def test_check_21_after_ten_minutes_the_proof_is_asked_for_again(where: str) -> None:
    account, client = an_account(), Client()
    sign_in(client, account)
    assert get(client, where).status_code == 200
    age(client, timedelta(minutes=11))
    for answer in (get(client, where), post(client, where, texts="remove")):
        assert answer["Location"].startswith("/accounts/reauthenticate/?next=%2Faccount")
    assert post(client, where, texts="remove").status_code == 302
    account.refresh_from_db()
    assert account.deletion_due is None
    wrong = post(client, "/accounts/reauthenticate/", password="not the password", next=where)
    assert wrong.status_code == 200
    right = post(client, "/accounts/reauthenticate/", password=PASSWORD, next=where)
    assert right["Location"] == where
    assert get(client, where).status_code == 200


def test_check_21_setting_a_factor_up_and_changing_the_address_ask_for_it_too() -> None:
    account, client = an_account(), Client()
    sign_in(client, account)
    age(client, timedelta(minutes=11))
    for where in ("/accounts/2fa/totp/activate/", "/accounts/email/"):
        fields = {"action_add": "1", "email": "thief@example.org", "code": "000000"}
        assert post(client, where, **fields)["Location"].startswith("/accounts/reauthenticate/"), where
    assert Bucket.objects.filter(key__startswith="mail").count() == 0


def age(client: Client, by: timedelta) -> None:
    session = client.session
    session["proved"] = (timezone.now() - by).isoformat()
    session.save()


def test_check_21_a_lost_authenticator_is_reset_by_the_operator() -> None:
    from parley.site.web.accounts.roles import reset_second_factor

    account, client = an_account(Role.EDITOR), Client()
    sign_in(client, account)
    reset_second_factor(account)
    assert signed_in(client) is None
    assert not Authenticator.objects.filter(user=account).exists()
    assert Account.objects.get(pk=account.pk).role == Role.EDITOR
    assert SECRET
