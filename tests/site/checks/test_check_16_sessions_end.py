"""Check 16: signing out everywhere and another password end other sessions; sessions end by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from parley.site.web.models import Account, Role
from tests.site.accounts.visits import get, post, sign_in, signed_in
from tests.site.people import PASSWORD, an_account

pytestmark = pytest.mark.django_db


def two(account: Account) -> tuple[Client, Client]:
    here, there = Client(), Client()
    for each in (here, there):
        sign_in(each, account)
        assert signed_in(each) == account.name
    return here, there


def test_check_16_another_password_ends_the_other_sessions_and_keeps_this_one() -> None:
    account = an_account()
    here, there = two(account)
    fields = {"password1": "acht neue zwerge", "password2": "acht neue zwerge"}
    assert post(here, "/accounts/password/change/", oldpassword=PASSWORD, **fields).status_code == 302
    assert (signed_in(here), signed_in(there)) == (account.name, None)


def test_check_16_signing_out_everywhere_ends_the_other_sessions_and_keeps_this_one() -> None:
    account = an_account()
    here, there = two(account)
    key = here.cookies["session"].value
    post(here, "/account/sessions/end")
    assert (signed_in(here), signed_in(there)) == (account.name, None)
    assert here.cookies["session"].value != key


def test_check_16_signing_out_ends_the_session_on_the_server() -> None:
    client = Client()
    sign_in(client, an_account())
    stolen = client.cookies["session"].value
    post(client, "/accounts/logout/")
    thief = Client()
    thief.cookies["session"] = stolen
    assert signed_in(thief) is None


@pytest.mark.parametrize(
    ("role", "unused", "age", "lives"),
    [
        (Role.READER, timedelta(days=13), timedelta(days=13), True),
        (Role.READER, timedelta(days=15), timedelta(days=15), False),
        (Role.READER, timedelta(hours=1), timedelta(days=61), False),
        (Role.EDITOR, timedelta(hours=1), timedelta(hours=11), True),
        (Role.EDITOR, timedelta(hours=1), timedelta(hours=13), False),
        (Role.EDITOR, timedelta(hours=3), timedelta(hours=3), False),
        (Role.ADMIN, timedelta(hours=1), timedelta(hours=13), False),
    ],
)
def test_check_16_idle_and_old_sessions_are_over(
    role: Role, unused: timedelta, age: timedelta, lives: bool
) -> None:
    account, client = an_account(role), Client()
    client.force_login(account)
    session, now = client.session, timezone.now()
    session["seen"], session["since"] = (now - unused).isoformat(), (now - age).isoformat()
    session.save()
    assert signed_in(client) == (account.name if lives else None)
    if not lives:
        assert SESSION_KEY not in client.session


def test_check_16_a_session_in_use_goes_on_and_is_written_every_five_minutes_at_most() -> None:
    client = Client()
    client.force_login(an_account())

    def seen() -> datetime:
        return datetime.fromisoformat(client.session["seen"])

    first = seen()
    get(client, "/me")
    assert seen() == first
    session: Any = client.session
    session["seen"] = (first - timedelta(minutes=6)).isoformat()
    session.save()
    get(client, "/me")
    assert seen() >= first


def test_check_16_a_deleted_account_is_signed_out_a_banned_one_reads_on() -> None:
    banned, deleted = an_account(banned_at=timezone.now()), an_account()
    reader, gone = Client(), Client()
    reader.force_login(banned)
    gone.force_login(deleted)
    Account.objects.filter(pk=deleted.pk).update(deleted_at=timezone.now())
    assert signed_in(reader) == banned.name
    assert get(reader, "/me").json()["silenced"] is True
    assert signed_in(gone) is None
