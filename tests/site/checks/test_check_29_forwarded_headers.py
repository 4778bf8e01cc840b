"""Check 29: forwarding headers of clients count for nothing; those of trusted proxies from the right."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from parley.site.web.limits import TooOften, take
from parley.site.web.middleware.client import ClientAddress

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "443",
    "X-Client-IP": "203.0.113.9",
    "True-Client-IP": "203.0.113.9",
    "X-Parley-Proto": "https",
}


def asked(**headers: str) -> Any:
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    ClientAddress(view)(RequestFactory(REMOTE_ADDR="198.51.100.7").get("/", headers=headers))
    return seen[0]


def test_check_29_without_trusted_proxies_nothing_is_believed() -> None:
    request = asked(**FORGED)
    assert request.network == "198.51.100.0/24"
    assert "evil" not in request.get_host()
    assert not request.is_secure()


def test_check_29_the_last_entry_is_the_proxys_own(settings: Any) -> None:
    settings.PARLEY_TRUSTED_HOPS = 1
    assert asked(**{"X-Forwarded-For": "203.0.113.9, 192.0.2.1"}).network == "192.0.2.0/24"
    assert asked(**{"X-Forwarded-For": "203.0.113.9,nonsense"}).network == "198.51.100.0/24"
    assert asked().network == "198.51.100.0/24"
    settings.PARLEY_TRUSTED_HOPS = 2
    assert asked(**{"X-Forwarded-For": "203.0.113.9, 192.0.2.1, 198.18.0.1"}).network == "192.0.2.0/24"
    assert asked(**{"X-Forwarded-For": "192.0.2.1"}).network == "198.51.100.0/24"


def test_check_29_tls_is_believed_from_the_trusted_hop_alone(settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_PARLEY_PROTO", "https")
    assert not asked(**FORGED).is_secure()
    settings.PARLEY_TRUSTED_HOPS = 1
    assert asked(**{"X-Forwarded-Proto": "https"}).is_secure()
    assert not asked(**{"X-Forwarded-Proto": "https, http"}).is_secure()
    assert not asked(**{"X-Parley-Proto": "https"}).is_secure()


@pytest.mark.django_db
def test_check_29_a_forged_address_buys_no_further_attempt() -> None:
    client = Client()
    for number in range(40):
        headers = {"X-Forwarded-For": f"203.0.{number}.1", "Sec-Fetch-Site": "same-origin"}
        client.post("/accounts/login/", {"login": "a", "password": "b"}, headers=headers)
    with pytest.raises(TooOften):
        take("login", network="127.0.0.0/24")


@pytest.mark.django_db
def test_check_29_no_page_repeats_a_host_that_is_not_ours() -> None:
    for headers in ({"X-Forwarded-Host": "evil.example"}, {"Host": "evil.example"}):
        answer = Client().get("/accounts/password/reset/", headers=headers)
        assert b"evil.example" not in answer.content
