"""Signing up, in and out; passwords; addresses; codes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from parley.site.web.models import Account, Outbox, Role
from tests.site.accounts.visits import code_in, get, last_mail, post, sign_in, signed_in
from tests.site.people import PASSWORD, an_account

pytestmark = pytest.mark.django_db


def sign_up(client: Client, name: str = "Zaneera K.", email: str = "zaneera@example.org", **more: str) -> Any:
    fields = {"username": name, "email": email, "password1": "sieben zwerge"} | more
    return post(client, "/accounts/signup/", **fields)


def test_a_reader_signs_up_and_confirms_the_address_by_a_code() -> None:
    client = Client()
    answer = sign_up(client)
    assert answer["Location"] == "/accounts/confirm-email/"
    assert signed_in(client) is None
    page = get(client, "/accounts/confirm-email/").content.decode()
    assert "zaneera@example.org" in page
    assert "<label" in page
    wrong = post(client, "/accounts/confirm-email/", code="AAAA-BBBB")
    assert wrong.status_code == 200
    assert 'role="alert"' in wrong.content.decode()
    right = post(client, "/accounts/confirm-email/", code=code_in(last_mail("zaneera@example.org")))
    assert right["Location"] == "/account/"
    assert signed_in(client) == "Zaneera K."
    assert EmailAddress.objects.get(email="zaneera@example.org").verified


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Editor", "too close to editor"),
        ("Paul OBrien", "looks like it"),
        ("Kim Larsson2", "too close to Kim Larsson"),
        ("a\u200bb", "invisible"),
        ("<script>", "may hold letters"),
    ],
)
def test_a_name_that_nobody_may_have_is_refused_with_the_reason(name: str, words: str) -> None:
    an_account(name="Paul O'Brien")
    an_account(Role.EDITOR, name="Kim Larsson")
    answer = sign_up(Client(), name)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Account.objects.count() == 2


def test_the_page_of_a_new_password_says_in_words_what_it_must_be() -> None:
    person = an_account(email="zaneera@example.org")
    EmailAddress.objects.get_or_create(user=person, email=person.email, verified=True, primary=True)
    client = Client()
    post(client, "/accounts/password/reset/", email=person.email)
    found = re.search(r"http://\S+(/accounts/password/reset/key/\S+)", last_mail("zaneera@example.org").body)
    assert found is not None
    page = get(client, get(client, found[1])["Location"]).content.decode()
    assert "At least 10 characters." in page
    assert "New password, again" in page
    assert "&lt;" not in page.split("<main")[1].split("</main>")[0]


def test_a_short_or_common_password_is_refused() -> None:
    for password, words in (("kurz", "at least 10"), ("password123", "too common")):
        answer = sign_up(Client(), password1=password)
        assert words in answer.content.decode()
    assert not Account.objects.exists()


@pytest.mark.parametrize("login", ["Kim", "kim", "kim@example.org", " KIM@example.org "])
def test_name_and_address_sign_in_whatever_their_case(login: str) -> None:
    an_account(name="Kim")
    client = Client()
    assert post(client, "/accounts/login/", login=login, password=PASSWORD)["Location"] == "/account/"
    assert signed_in(client) == "Kim"


def test_a_code_by_mail_signs_in_once() -> None:
    account, client, other = an_account(), Client(), Client()
    assert account.email
    for each in (client, other):
        post(each, "/accounts/login/code/", email=account.email)
    code = code_in(last_mail(account.email))
    assert post(client, "/accounts/login/code/confirm/", code=code).status_code == 200  # the other's code
    assert post(other, "/accounts/login/code/confirm/", code=code)["Location"] == "/account/"
    assert signed_in(other) == account.name
    post(other, "/accounts/logout/")
    assert signed_in(other) is None
    assert post(other, "/accounts/login/code/confirm/", code=code)["Location"].startswith("/accounts/login")


def test_signing_out_takes_a_form_not_a_link() -> None:
    account, client = an_account(), Client()
    sign_in(client, account)
    page = get(client, "/accounts/logout/")
    assert page.status_code == 200
    assert '<form method="post"' in page.content.decode()
    assert signed_in(client) == account.name
    post(client, "/accounts/logout/")
    assert signed_in(client) is None


def test_a_reset_sets_another_password_and_ends_all_sessions() -> None:
    account, client, reader = an_account(), Client(), Client()
    assert account.email
    sign_in(reader, account)
    assert post(client, "/accounts/password/reset/", email=account.email).status_code == 302
    link = re.search(
        r"http://localhost:8000(/accounts/password/reset/key/\S+)", last_mail(account.email).body
    )
    assert link is not None
    form = get(client, link[1])
    assert form.status_code == 302
    assert get(client, form["Location"]).status_code == 200
    fields = {"password1": "acht neue zwerge", "password2": "acht neue zwerge"}
    assert post(client, form["Location"], **fields)["Location"] == "/accounts/password/reset/key/done/"
    assert signed_in(reader) is None
    assert sign_in(Client(), account).status_code == 200  # the old one
    assert sign_in(client, account, "acht neue zwerge")["Location"] == "/account/"
    assert "anew" in last_mail(account.email).subject


def test_another_address_takes_the_place_of_the_first_once_its_code_is_typed() -> None:
    account, client = an_account(name="Kim"), Client()
    sign_in(client, account)
    assert post(client, "/accounts/email/", action_add="1", email="new@example.org").status_code == 302
    account.refresh_from_db()
    assert account.email == "kim@example.org"
    post(client, "/accounts/confirm-email/", code=code_in(last_mail("new@example.org")))
    account.refresh_from_db()
    assert account.email == "new@example.org"
    assert [each.email for each in EmailAddress.objects.filter(user=account)] == ["new@example.org"]
    assert "another e-mail address" in last_mail("kim@example.org").body


@pytest.mark.parametrize("act", ["action_remove", "action_primary", "action_send"])
def test_an_account_keeps_its_one_address(act: str) -> None:
    account, client = an_account(name="Kim"), Client()
    sign_in(client, account)
    assert post(client, "/accounts/email/", email="kim@example.org", **{act: "1"}).status_code == 400
    assert EmailAddress.objects.get(user=account).verified


def test_whoever_took_an_address_without_confirming_it_does_not_keep_it() -> None:
    sign_up(Client(), "Squatter", "mine@example.org")
    account, client = an_account(name="Owner"), Client()
    sign_in(client, account)
    post(client, "/accounts/email/", action_add="1", email="mine@example.org")
    post(client, "/accounts/confirm-email/", code=code_in(last_mail("mine@example.org")))
    account.refresh_from_db()
    assert account.email == "mine@example.org"
    assert not Account.objects.filter(name="Squatter").exists()


def test_two_who_want_the_same_name_at_once_do_not_break_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    an_account(name="Kim")
    monkeypatch.setattr(
        "parley.site.web.accounts.adapter.Adapter.clean_username", lambda self, name, shallow=False: name
    )
    answer = sign_up(Client(), "Kim")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/signup/"
    assert Account.objects.count() == 1


def test_mails_hold_no_markup_and_lead_to_the_site_whatever_host_was_named() -> None:
    account = an_account()
    assert account.email
    client = Client()
    client.post(
        "/accounts/password/reset/",
        {"email": account.email},
        headers={"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin", "Host": "127.0.0.1"},
    )
    body = last_mail(account.email).body
    assert "http://localhost:8000/accounts/password/reset/key/" in body
    assert "127.0.0.1" not in body
    assert "<" not in body
    assert "&" not in body
    assert Outbox.objects.count() == 1


CLOSED = (
    "/accounts/social/signup/",
    "/accounts/phone/verify/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/trust/",
)


@pytest.mark.parametrize("where", CLOSED)
def test_ways_of_signing_in_that_are_not_ours_do_not_exist(where: str) -> None:
    client = Client()
    client.force_login(an_account())
    assert get(client, where).status_code == 404
