"""Check 15: the session's cookie is bound to the host, unreadable, not sent across sites, and changes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from parley.site.web.models import Role
from tests.site.accounts.visits import get, post, sign_in, signed_in, totp
from tests.site.people import PASSWORD, SECRET, an_account

SHOWN = """
import json
from parley.site.web import settings as s
print(json.dumps([
    [s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE],
    [s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.CSRF_COOKIE_HTTPONLY, s.CSRF_COOKIE_SAMESITE],
    getattr(s, "SESSION_COOKIE_DOMAIN", None), getattr(s, "SESSION_COOKIE_PATH", "/"),
]))
"""


def cookies_under(address: str, folder: Path) -> Any:
    environment = os.environ | {"PARLEY_URL": address, "PARLEY_SITE": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", SHOWN], env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_check_15_under_https_cookies_are_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    session, token, domain, path = cookies_under("https://parley.example", tmp_path)
    assert session == ["__Host-session", True, True, "Lax"]
    assert token == ["__Host-csrf", True, True, "Lax"]
    assert (domain, path) == (None, "/")  # what __Host- demands
    plain, *_ = cookies_under("http://localhost:8000", tmp_path)
    assert plain == ["session", False, True, "Lax"]  # without https a browser would not keep the other


@pytest.mark.django_db
def test_check_15_the_session_gets_another_key_at_sign_in() -> None:
    account, client = an_account(), Client()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["session"] = session.session_key or ""
    planted = client.cookies["session"].value
    sign_in(client, account)
    cookie = client.cookies["session"]
    assert cookie.value != planted
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    thief = Client()
    thief.cookies["session"] = planted
    assert signed_in(thief) is None


@pytest.mark.django_db(transaction=True)
def test_check_15_the_session_gets_another_key_when_rights_grow() -> None:
    account, client = an_account(Role.EDITOR, second_factor=False), Client()
    sign_in(client, account)
    before = client.cookies["session"].value
    page = get(client, "/accounts/2fa/totp/activate/").content.decode()
    secret = page.split("<code>")[1].split("</code>")[0]
    assert len(secret) == len(SECRET)
    assert post(client, "/accounts/2fa/totp/activate/", code=totp(secret)).status_code == 302
    assert client.cookies["session"].value != before
    thief = Client()
    thief.cookies["session"] = before
    assert signed_in(thief) is None
    assert signed_in(client) == account.name


@pytest.mark.django_db
def test_check_15_a_change_of_role_ends_the_sessions_of_the_former_role() -> None:
    from parley.site.web.accounts.roles import appoint

    account, client = an_account(), Client()
    sign_in(client, account)
    appoint(account, Role.EDITOR, by=None)
    assert signed_in(client) is None
    assert post(client, "/accounts/login/", login=account.name, password=PASSWORD).status_code == 302
