"""Check 20: links and codes of mails work once, for an hour, for the account as it was; nobody sees them."""

from __future__ import annotations

import re
import time

import pytest
from django.test import Client
from django.urls import reverse

from parley.site.web.accounts.roles import password_link
from parley.site.web.models import Account
from tests.site.accounts.visits import code_in, get, last_mail, post, sign_in, signed_in
from tests.site.people import an_account

pytestmark = pytest.mark.django_db

NEW = {"password1": "acht neue zwerge", "password2": "acht neue zwerge"}


def link_for(account: Account, network: str = "192.0.2.1") -> str:
    assert account.email
    assert (
        post(Client(), "/accounts/password/reset/", email=account.email, network=network).status_code == 302
    )
    found = re.search(r"http://localhost:8000(/\S+)", last_mail(account.email).body)
    assert found is not None
    return found[1]


def opens(link: str, client: Client | None = None) -> bool:
    """Whether a link leads to the form."""
    return int(get(client or Client(), link).status_code) == 302


def test_check_20_a_reset_link_works_once() -> None:
    account = an_account()
    link, client = link_for(account), Client()
    form = get(client, link)["Location"]
    assert post(client, form, **NEW).status_code == 302
    assert not opens(link)
    assert post(client, form, **NEW).status_code == 200  # nor does the form that is still open


def test_check_20_a_reset_link_works_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import datetime, timedelta

    from django.contrib.auth.tokens import PasswordResetTokenGenerator

    link = link_for(an_account())
    for minutes, works in ((59, True), (61, False)):
        at = datetime.now() + timedelta(minutes=minutes)
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self, at=at: at)
        assert opens(link) is works


@pytest.mark.parametrize("change", ["password", "address", "sign-in"])
def test_check_20_a_reset_link_is_bound_to_the_account_as_it_was(change: str) -> None:
    account = an_account()
    link = link_for(account)
    if change == "password":
        account.set_password("another password")
        account.save()
    elif change == "address":
        account.emailaddress_set.update(email="other@example.org")  # type: ignore[attr-defined]
        Account.objects.filter(pk=account.pk).update(email="other@example.org")
    else:
        sign_in(Client(), account)
    assert not opens(link)


def test_check_20_a_reset_link_opens_no_other_account() -> None:
    mine, other = an_account(), an_account()
    own = re.sub(
        r"/key/\w+?-", f"/key/{password_link(other).split('/key/')[1].split('-')[0]}-", link_for(mine)
    )
    assert not opens(own)


def test_check_20_the_token_leaves_the_address_before_the_page_is_shown() -> None:
    client, link = Client(), link_for(an_account())
    redirected = get(client, link)
    token = link.rstrip("/").rpartition("-")[2]
    assert redirected.content == b""
    assert token not in redirected["Location"]
    page = get(client, redirected["Location"])
    assert token not in page.content.decode()
    assert page["Referrer-Policy"] in ("same-origin", "strict-origin-when-cross-origin", "no-referrer")
    assert page["Cache-Control"] == "private, no-store"


def test_check_20_codes_hold_a_quarter_of_an_hour_and_three_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    account, client, late = an_account(), Client(), Client()
    assert account.email
    post(client, "/accounts/login/code/", email=account.email)
    code = code_in(last_mail(account.email))
    for _ in range(3):
        post(client, "/accounts/login/code/confirm/", code="AAAA-AAAA")
    post(client, "/accounts/login/code/confirm/", code=code)
    assert signed_in(client) is None
    post(late, "/accounts/login/code/", email=account.email)
    code = code_in(last_mail(account.email))
    now = time.time()
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: now + 901)
    post(late, "/accounts/login/code/confirm/", code=code)
    assert signed_in(late) is None


def test_check_20_the_one_time_link_of_an_operator_is_such_a_link() -> None:
    account, client = an_account(password=None), Client()
    path = password_link(account).removeprefix("http://localhost:8000")
    form = get(client, path)["Location"]
    assert post(client, form, **NEW)["Location"] == reverse("account_reset_password_from_key_done")
    assert not opens(path)
    assert sign_in(client, account, NEW["password1"])["Location"] == "/account/"
