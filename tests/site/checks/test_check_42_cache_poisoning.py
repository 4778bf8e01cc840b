"""Check 42: nothing of one reader's request shows in what another reader gets from the cache."""

from __future__ import annotations

import pytest
from django.test import Client

from parley.site.web.models import Role
from tests.site.operate.published import SLUG, the_flagship
from tests.site.operate.wsgi import Server
from tests.site.people import a_comment, an_account

pytestmark = pytest.mark.django_db
PAGE = f"/a/{SLUG}/"
HOSTILE = {
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_FOR": "evil.example",
    "HTTP_FORWARDED": "host=evil.example",
    "HTTP_X_FORWARDED_PROTO": "evil",
    "HTTP_X_FORWARDED_PREFIX": "/evil.example",
    "HTTP_X_ORIGINAL_URL": "/evil.example",
    "HTTP_X_REWRITE_URL": "/evil.example",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "POST",
    "HTTP_X_METHOD_OVERRIDE": "DELETE",
    "HTTP_REFERER": "https://evil.example/",
    "HTTP_ORIGIN": "https://evil.example",
    "HTTP_USER_AGENT": "evil.example",
    "HTTP_ACCEPT": "application/json",
    "HTTP_ACCEPT_LANGUAGE": "en, evil.example",
    "SCRIPT_NAME": "/evil.example",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_check_42_no_header_reaches_the_view_of_a_shared_page(name: str) -> None:
    the_flagship()
    clean = Server().ask(PAGE)
    server = Server()
    first = server.ask(PAGE, **{name: HOSTILE[name]})
    assert b"evil" not in first.body
    assert (first.status, first.body) == (200, clean.body)
    assert server.ask(PAGE).body == clean.body
    assert "evil" not in str(server.reached)


def test_check_42_signed_in_readers_get_the_page_of_everybody() -> None:
    article = the_flagship()
    a_comment(article, an_account())
    client = Client()
    client.force_login(an_account(Role.EDITOR, name="Visible"))
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    server = Server()
    signed_in = server.ask(PAGE, HTTP_COOKIE=cookie)
    signed_out = Server().ask(PAGE)
    assert signed_in.body == signed_out.body
    assert "Visible" not in signed_in.text
    assert "csrfmiddlewaretoken" not in signed_in.text
    for answer in (signed_in, signed_out):
        assert "set-cookie" not in answer.headers
        assert "Cookie" not in answer.headers["vary"]
    assert client.get(PAGE).content == signed_out.body


def test_check_42_unknown_parameters_make_no_page_of_their_own() -> None:
    the_flagship()
    server = Server()
    plain = server.ask(PAGE)
    for query in ("utm_source=evil", "cb=1&evil=1", "S=evil", "%20s=evil", ";s=evil", "=evil"):
        answer = server.ask(f"{PAGE}?{query}")
        assert answer.body == plain.body, query
        assert answer.headers["etag"] == plain.headers["etag"]
    assert len(server.reached) == 1


def test_check_42_the_order_of_parameters_does_not_matter() -> None:
    the_flagship()
    server = Server()
    server.ask(f"{PAGE}?sort=oldest&claim=strike-ends&hl=en")
    server.ask(f"{PAGE}?hl=en&claim=strike-ends&utm=1&sort=oldest")
    assert len(server.reached) == 1
    assert server.reached[0]["QUERY_STRING"] == "claim=strike-ends&hl=en&sort=oldest"


@pytest.mark.parametrize(
    "path",
    [
        f"/a/{SLUG}%2F",
        f"/a%2F{SLUG}/",
        f"//a/{SLUG}/",
        f"/a/{SLUG}/%2e%2e/",
        f"/a/{SLUG}/.",
        f"/a/{SLUG}/x.css",
    ],
)
def test_check_42_an_odd_path_is_that_very_page_or_nothing(path: str) -> None:
    the_flagship()
    server = Server()
    plain = server.ask(PAGE)
    odd = server.ask(path.format(SLUG))
    assert odd.status in (301, 302, 404) or odd.body == plain.body
    assert server.ask(PAGE).body == plain.body


def test_check_42_another_host_gets_nothing_from_the_cache() -> None:
    the_flagship()
    server = Server()
    server.ask(PAGE)
    for host in ("evil.example", "testserver.evil.example", "", "testserver@evil.example"):
        assert server.ask(PAGE, HTTP_HOST=host).status == 400
    assert server.ask(PAGE, HTTP_HOST="testserver").status == 200


def test_check_42_a_method_that_is_spelt_otherwise_is_not_get() -> None:
    the_flagship()
    server = Server()
    server.ask(PAGE)
    for method in ("POST", "PURGE", "OPTIONS"):
        assert server.ask(PAGE, method, HTTP_SEC_FETCH_SITE="same-origin").status in (403, 405)


def test_check_42_what_is_not_found_or_refused_is_not_kept() -> None:
    server = Server()
    assert server.ask(PAGE).status == 404
    the_flagship()
    assert server.ask(PAGE).status == 200
    assert server.ask(f"{PAGE}?sort=evil").status == 400
    assert "etag" not in server.ask(f"{PAGE}?sort=evil").headers


def test_check_42_private_pages_may_not_be_kept_by_anybody() -> None:
    client = Client()
    client.force_login(an_account())
    for path in ("/me", "/account/", "/accounts/login/"):
        answer = client.get(path)
        assert "no-store" in answer.headers.get("Cache-Control", ""), path
