"""Check 14: other sites' scripts may read the read-only JSON, without credentials, and nothing else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern

from tests.site.checks.routes import address, routes
from tests.site.people import an_account, an_article

SLUG = "an-article"
ROUTES = sorted(routes(), key=lambda each: each[0])


@pytest.mark.django_db
@pytest.mark.parametrize(("whole", "route"), ROUTES, ids=[whole for whole, _ in ROUTES])
def test_check_14_only_public_json_is_open(whole: str, route: URLPattern) -> None:
    an_article(SLUG)
    client = Client(raise_request_exception=False)
    client.force_login(an_account())
    answer = client.get(address(whole, slug=SLUG), headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Credentials" not in answer.headers
    opened = answer.headers.get("Access-Control-Allow-Origin")
    if opened is not None:
        assert opened == "*"
        assert "json" in answer.headers.get("Content-Type", "json")
        private = client.get(address(whole, slug=SLUG))
        assert "Set-Cookie" not in private.headers


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", [f"/a/{SLUG}/", f"/a/{SLUG}/solve", f"/a/{SLUG}/comment", "/me", f"/a/{SLUG}.json"]
)
def test_check_14_a_preflight_opens_nothing(path: str) -> None:
    an_article(SLUG)
    answer = Client().options(
        path.format(SLUG),
        headers={
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert "Access-Control-Allow-Methods" not in answer.headers
    assert "Access-Control-Allow-Headers" not in answer.headers
    assert "Access-Control-Allow-Credentials" not in answer.headers
