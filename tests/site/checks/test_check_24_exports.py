"""Check 24, for copies of data: another's copy answers as if there were none, and takes as long."""

from __future__ import annotations

import pytest
from django.test import Client

from parley.site.web.accounts import export
from tests.site.accounts.visits import get
from tests.site.people import an_account
from tests.site.timing import ratio_of_times

pytestmark = pytest.mark.django_db


def test_check_24_anothers_copy_answers_as_if_there_were_none() -> None:
    owner, other = an_account(), an_account()
    token = export.make(owner)
    mine, theirs = Client(), Client()
    mine.force_login(owner)
    theirs.force_login(other)
    assert get(mine, f"/account/copy/{token}").status_code == 200
    made_up = "x" * len(token)
    refused, missing = get(theirs, f"/account/copy/{token}"), get(theirs, f"/account/copy/{made_up}")
    assert refused.status_code == missing.status_code == 404
    # The page names its own address, in the links to other languages.
    assert refused.content.replace(token.encode(), made_up.encode()) == missing.content
    assert get(Client(), f"/account/copy/{token}")["Location"].startswith("/accounts/login/")


def test_check_24_anothers_copy_takes_as_long_as_none() -> None:
    owner, other = an_account(), an_account()
    token, client = export.make(owner), Client()
    client.force_login(other)
    none = "x" * len(token)
    ratio = ratio_of_times(
        lambda: lambda: get(client, f"/account/copy/{token}"),
        lambda: lambda: get(client, f"/account/copy/{none}"),
        same=0.1,
        trials=16,
    )
    assert 0.9 < ratio < 1.1


@pytest.mark.parametrize("token", ["", "%00", "..", "a" * 4000, "'; DROP TABLE web_dataexport; --"])
def test_check_24_a_token_that_is_none_finds_nothing(token: str) -> None:
    client = Client()
    client.force_login(an_account())
    assert get(client, f"/account/copy/{token}").status_code == 404
