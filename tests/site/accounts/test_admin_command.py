"""``parley admin``: the first administrator, roles, links."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from parley.cli import admin as command
from parley.site.web.models import Account, Act, Role
from tests.site.accounts.visits import get, post, sign_in, signed_in
from tests.site.people import an_account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def this_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.site.web.standalone.start", lambda site: None)


def test_links_lead_to_where_the_site_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARLEY_URL", raising=False)
    (tmp_path / "serve.lock").write_text("123 http://127.0.0.1:9000\n")
    command._start(tmp_path)
    assert os.environ["PARLEY_URL"] == "http://127.0.0.1:9000"
    monkeypatch.setenv("PARLEY_URL", "https://parley.example")
    command._start(tmp_path)
    assert os.environ["PARLEY_URL"] == "https://parley.example"
    monkeypatch.delenv("PARLEY_URL")


def run(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(command.admin, words, input=typed)


def test_the_first_administrator_gets_a_link_and_no_password_comes_with_it() -> None:
    done = run("create", "Rita Tree", "--email", "Root@Example.org")
    assert done.exit_code == 0, done.output
    account = Account.objects.get()
    assert (account.name, account.email, account.role) == ("Rita Tree", "root@example.org", Role.ADMIN)
    assert not account.has_usable_password()
    link = re.search(r"^http://localhost:8000(/accounts/password/reset/key/\S+)$", done.output, re.MULTILINE)
    assert link is not None
    client = Client()
    form = get(client, link[1])["Location"]
    fields = {"password1": "sieben zwerge im wald", "password2": "sieben zwerge im wald"}
    post(client, form, **fields)
    assert sign_in(client, account, "sieben zwerge im wald")["Location"] == "/account/"
    assert get(client, "/administration/")["Location"] == "/accounts/2fa/totp/activate/"
    assert Act.objects.get().act == "role"


def test_on_a_terminal_the_password_is_asked_for_until_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.cli.admin.sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True, raising=False)
    typed = "short\nshort\nsieben zwerge im wald\nsieben zwerge im wald\n"
    done = run("create", "Edith", "--email", "edith@example.org", "--role", "editor", typed=typed)
    assert done.exit_code == 0, done.output
    assert "too short" in done.output
    assert "sieben" not in done.output
    assert Account.objects.get().check_password("sieben zwerge im wald")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create", "Kim", "--email", "new@example.org"), "taken"),
        (("create", "K1m", "--email", "new@example.org"), "taken"),
        (("create", "New One", "--email", "kim@example.org"), "there is an account with the address"),
        (("create", "New One", "--email", "nowhere"), "no e-mail address"),
        (("create", "Editor", "--email", "new@example.org"), "reserved"),
        (("role", "Nobody", "editor"), "there is no account Nobody"),
        (("role", "Root", "reader"), "only administrator"),
        (("link", "Nobody"), "there is no account Nobody"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], said: str) -> None:
    an_account(name="Kim")
    root = an_account(Role.ADMIN, name="Rootly")
    Account.objects.filter(pk=root.pk).update(name="Root")
    done = run(*words)
    assert done.exit_code != 0
    assert said in str(done.exception)
    assert Account.objects.count() == 2


def test_a_role_is_given_and_listed_and_ends_the_sessions() -> None:
    account, client = an_account(name="Kim"), Client()
    client.force_login(account)
    assert run("role", "kim", "editor").output == "Kim is an editor.\n"
    assert signed_in(client) is None
    listed = run("list").output
    assert re.fullmatch(r"editor  no second factor \d{4}-\d\d-\d\d Kim\n", listed)
    an_account(name="Otto")
    assert "Otto" not in run("list").output
    assert "reader" in run("list", "--all").output


def test_a_lost_second_factor_is_taken_away() -> None:
    account = an_account(Role.EDITOR, name="Kim")
    assert "no second factor any more" in run("reset", account.name).output
    assert "no second factor" in run("list").output
