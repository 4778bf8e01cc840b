"""Check 9: a strict content security policy on every response, errors and files included."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern

from parley.site.web.models import Role
from tests.site.checks.routes import address, finished, routes
from tests.site.operate.published import SLUG, the_flagship
from tests.site.operate.wsgi import Server
from tests.site.people import an_account, an_article

ROUTES = sorted(routes(), key=lambda each: each[0])


def directives(policy: str) -> dict[str, str]:
    return {name: rest for name, _, rest in (each.strip().partition(" ") for each in policy.split(";"))}


def strict(policy: str) -> bool:
    found = directives(policy)
    assert "unsafe" not in policy
    assert not any(scheme in policy for scheme in ("data:", "blob:", "http:", "https:"))
    assert found["default-src"] == "'none'"
    if "sandbox" in found:  # a file: nothing runs in it
        return True
    assert found["require-trusted-types-for"] == "'script'"
    assert found["base-uri"] == "'none'"
    assert found["form-action"] == "'self'"
    assert "*" not in found["script-src"]
    return True


@pytest.mark.django_db
@pytest.mark.parametrize(("whole", "route"), ROUTES, ids=[whole for whole, _ in ROUTES])
def test_check_09_every_route_answers_with_the_policy(whole: str, route: URLPattern) -> None:
    an_article(SLUG)
    for account in (None, an_account(Role.ADMIN)):
        client = Client(raise_request_exception=False)
        if account is not None:
            client.force_login(account)
        for path in {address(whole, slug=SLUG), address(whole)}:
            answer = client.get(path)
            assert strict(answer.headers["Content-Security-Policy"]), path


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [("/nothing/", 404), ("/static/parley.css", 200), ("/static/none.css", 404), ("/a/no", 404)],
)
def test_check_09_errors_and_static_files_too(path: str, status: int) -> None:
    answer = finished(Client().get(path, follow=True))
    assert answer.status_code == status
    assert strict(answer.headers["Content-Security-Policy"])


@pytest.mark.django_db
def test_check_09_a_fault_of_ours_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("parley.site.web.views.articles.thread", broken)
    the_flagship()
    answer = Client(raise_request_exception=False).get(f"/a/{SLUG}/")
    assert answer.status_code == 500
    assert strict(answer.headers["Content-Security-Policy"])


@pytest.mark.django_db
def test_check_09_refusals_too() -> None:
    client = Client(enforce_csrf_checks=True)
    elsewhere = client.post("/accounts/login/", {}, headers={"Sec-Fetch-Site": "cross-site"})
    no_token = client.post("/accounts/login/", {})
    no_host = client.get("/", headers={"Host": "evil.example"})
    assert [each.status_code for each in (elsewhere, no_token, no_host)] == [403, 403, 400]
    for each in (elsewhere, no_token, no_host):
        assert strict(each.headers["Content-Security-Policy"])


@pytest.mark.django_db
def test_check_09_pages_hold_no_inline_script_or_style() -> None:
    the_flagship()
    import re

    page = Server().ask(f"/a/{SLUG}/").text
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!localhost)[^"]*\.(?:js|css|woff|png)', page)
