"""Check 13: after signing in, up or out a reader comes back to this site, whatever the link said."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from tests.site.accounts.visits import get, post, sign_in
from tests.site.people import PASSWORD, an_account

pytestmark = pytest.mark.django_db

ELSEWHERE = (
    "//evil.example/",
    "\\\\evil.example",
    "/\\evil.example",
    "/%2Fevil.example",
    "/%5Cevil.example",
    "/%255Cevil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "/\tevil.example",
    "http://testserver.evil.example/",
    "http://testserver@evil.example/",
    "https://testserver/",
)


@pytest.mark.parametrize("where", ELSEWHERE)
def test_check_13_signing_in_and_out_leads_nowhere_else(where: str) -> None:
    account, client = an_account(), Client()
    answer = post(client, "/accounts/login/", login=account.name, password=PASSWORD, next=where)
    assert answer["Location"] == "/account/"
    assert get(client, f"/accounts/login/?next={quote(where)}")["Location"] == "/account/"
    assert post(client, "/accounts/logout/", next=where)["Location"] == "/"
    page = get(client, f"/accounts/login/?next={quote(where)}").content.decode()
    assert 'name="next"' not in page


def test_check_13_signing_in_leads_back_to_the_page_of_this_site() -> None:
    account, client = an_account(), Client()
    answer = post(
        client, "/accounts/login/", login=account.name, password=PASSWORD, next="/a/taliban/?s=a.5#c-4"
    )
    assert answer["Location"] == "/a/taliban/?s=a.5#c-4"


@pytest.mark.parametrize("where", ELSEWHERE)
def test_check_13_a_proof_within_a_session_leads_nowhere_else(where: str) -> None:
    account, client = an_account(), Client()
    sign_in(client, account)
    answer = post(client, "/accounts/reauthenticate/", password=PASSWORD, next=where)
    assert answer["Location"] == "/account/"
