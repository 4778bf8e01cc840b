"""Check 11: what another site makes a browser send is refused, by each of three layers alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory

from parley.site.web.middleware.origin import same_origin
from parley.site.web.models import Comment
from tests.site.operate.published import SLUG, the_flagship
from tests.site.people import an_account

OWN = "http://testserver"


def token_of(client: Client) -> str:
    """Return a valid token, as a page with a form hands it out."""
    import re

    page = client.get("/accounts/login/").content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, "the page has no token"
    return found[1]


@pytest.mark.django_db
@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "SAME-ORIGIN ", "nonsense"])
def test_check_11_by_what_the_browser_says_alone(site: str) -> None:
    client = Client(enforce_csrf_checks=True)
    body = {"csrfmiddlewaretoken": token_of(client), "login": "x", "password": "y"}
    assert client.post("/accounts/login/", body, headers={"Sec-Fetch-Site": site}).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://testserver.evil.example", "https://testserver", "", "x"],
)
def test_check_11_by_the_origin_alone(origin: str) -> None:
    client = Client(enforce_csrf_checks=True)
    body = {"csrfmiddlewaretoken": token_of(client), "login": "x", "password": "y"}
    assert client.post("/accounts/login/", body, headers={"Origin": origin}).status_code == 403


@pytest.mark.django_db
def test_check_11_by_the_token_alone() -> None:
    client = Client(enforce_csrf_checks=True)
    token = token_of(client)
    body = {"login": "nobody", "password": "not the right one"}
    assert client.post("/accounts/login/", body).status_code == 403
    assert client.post("/accounts/login/", {**body, "csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert client.post("/accounts/login/", {**body, "csrfmiddlewaretoken": token}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_check_11_forms_on_shared_pages_rest_on_the_origin(method: str) -> None:
    the_flagship()
    client = Client(enforce_csrf_checks=True)
    client.force_login(an_account(points=9))
    path = f"/a/{SLUG}/comment"
    for headers in (
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        answer = getattr(client, method)(path, {"text": "Hello there."}, headers=headers)
        assert answer.status_code in (403, 405), headers
    assert not Comment.objects.exists()


@pytest.mark.django_db
def test_check_11_a_form_of_our_own_page_is_taken() -> None:
    the_flagship()
    client = Client(enforce_csrf_checks=True)
    client.force_login(an_account(points=9))
    own = {"Sec-Fetch-Site": "same-origin", "Origin": OWN}
    answer = client.post(f"/a/{SLUG}/comment", {"text": "A comment of my own.", "do": "post"}, headers=own)
    assert answer.status_code in (200, 302, 303), answer.content[:300]
    assert Comment.objects.count() == 1


def test_check_11_the_sites_own_address_counts_behind_a_proxy(settings: Any) -> None:
    settings.PARLEY_URL = "https://debate.example.org"
    settings.ALLOWED_HOSTS = ["inner"]
    factory = RequestFactory(SERVER_NAME="inner")

    def verdict(**headers: str) -> bool | None:
        return same_origin(factory.post("/", headers=headers))

    assert verdict(Origin="https://debate.example.org") is True
    assert verdict(Origin="http://debate.example.org") is False
    assert verdict(Origin="https://debate.example.org:8443") is False
    assert verdict() is None
