"""Check 53: administration is apart, for administrators, under the same policy; filters tell nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from parley.site.web.administration import site
from parley.site.web.models import Account, Act, Outbox, Role
from tests.site.accounts.visits import get, post, signed_in
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(an_account(Role.ADMIN, name="Root Tree"))
    return client


def pages() -> list[str]:
    return ["/administration/"] + [
        f"/administration/web/{model._meta.model_name}/" for model in site._registry
    ]


@pytest.mark.parametrize("where", pages())
def test_check_53_only_administrators_enter(where: str, admin: Client) -> None:
    assert get(admin, where).status_code == 200
    assert get(Client(), where)["Location"].startswith("/accounts/login/")
    for role in (Role.READER, Role.AUTHOR, Role.EDITOR):
        client = Client()
        client.force_login(an_account(role))
        assert get(client, where).status_code == 404


@pytest.mark.parametrize(
    "where", ["login/", "logout/", "password_change/", "jsi18n/", "autocomplete/", "r/1/1/"]
)
def test_check_53_nothing_else_of_the_administration_is_open(where: str, admin: Client) -> None:
    assert get(admin, f"/administration/{where}").status_code == 404


def test_check_53_its_pages_stand_under_the_policy_of_all_pages(admin: Client) -> None:
    comment = a_comment(an_article(), an_account())
    shared = get(admin, "/account/")["Content-Security-Policy"]
    for where in [*pages(), f"/administration/web/comment/{comment.pk}/change/", f"{person()}change/"]:
        answer = get(admin, where)
        assert answer.status_code == 200, where
        assert answer["Content-Security-Policy"] == shared
        body = answer.content.decode()
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", body), where
        assert "no-store" in answer["Cache-Control"]


def person() -> str:
    return f"/administration/web/account/{an_account().pk}/"


@pytest.mark.parametrize(
    ("table", "query"),
    [
        ("account", "password__startswith=md5"),
        ("account", "email__startswith=a"),
        ("account", "email=a@example.org"),
        ("account", "skeleton__contains=a"),
        ("account", "sign_ins__digest__startswith=0"),
        ("account", "reports__reason=hate"),
        ("account", "role__startswith=a"),
        ("comment", "author__email__startswith=a"),
        ("comment", "author__password__startswith=a"),
        ("comment", "source__contains=secret"),
        ("comment", "network__startswith=192"),
        ("comment", "reports__reporter__name=Kim"),
        ("act", "detail__actor__name=Kim"),
        ("outbox", "to__startswith=a"),
        ("outbox", "body__contains=code"),
        ("job", "payload__contains=a"),
    ],
)
def test_check_53_filters_cannot_read_hidden_columns(table: str, query: str, admin: Client) -> None:
    an_account(name="Kim")
    answer = get(admin, f"/administration/web/{table}/?{query}")
    assert answer.status_code == 400 or answer["Location"].endswith("?e=1")


def test_check_53_filters_that_are_offered_work(admin: Client) -> None:
    an_account(Role.EDITOR, name="Edith")
    body = get(admin, "/administration/web/account/?role__exact=editor").content.decode()
    assert "Edith" in body
    assert body.count("field-name") == 1


def test_check_53_addresses_hashes_and_mails_are_not_shown(admin: Client) -> None:
    account = an_account(name="Kim")
    mail = Outbox.objects.create(key="k", to="someone@example.org", subject="Subject", body="the code 123")
    for where in (
        "/administration/web/account/",
        f"/administration/web/account/{account.pk}/change/",
        "/administration/web/outbox/",
        f"/administration/web/outbox/{mail.pk}/change/",
    ):
        body = get(admin, where).content.decode()
        for hidden in ("@example.org", account.password, "the code"):
            assert hidden not in body, where


def change(client: Client, account: Account, role: str) -> Any:
    return post(
        client, f"/administration/web/account/{account.pk}/change/", role=role, name="Other", points="99"
    )


def test_check_53_a_role_is_given_logged_and_nothing_else_is_changed(admin: Client) -> None:
    account, reader = an_account(name="Kim"), Client()
    reader.force_login(account)
    assert change(admin, account, Role.EDITOR).status_code == 302
    account.refresh_from_db()
    assert (account.role, account.name, account.points) == (Role.EDITOR, "Kim", 0)
    row = Act.objects.get()
    assert (row.act, row.before, row.after, str(row.detail.actor)) == (
        "role",
        "reader",
        "editor",
        "Root Tree",
    )
    assert signed_in(reader) is None


def test_check_53_a_change_of_role_asks_for_a_recent_proof(admin: Client) -> None:
    account = an_account()
    session = admin.session
    session["proved"] = "2020-01-01T00:00:00+00:00"
    session.save()
    assert change(admin, account, Role.EDITOR)["Location"].startswith("/accounts/reauthenticate/")
    account.refresh_from_db()
    assert account.role == Role.READER


def test_check_53_administrators_cannot_change_themselves_or_add_or_delete(admin: Client) -> None:
    root = Account.objects.get(role=Role.ADMIN)
    assert change(admin, root, Role.READER).status_code == 403
    assert post(admin, "/administration/web/account/add/", role="admin", name="Evil").status_code == 403
    assert post(admin, f"/administration/web/account/{root.pk}/delete/", post="yes").status_code == 403
    assert Account.objects.filter(role=Role.ADMIN).count() == 1
