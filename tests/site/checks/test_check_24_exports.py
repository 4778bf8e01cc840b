"""Check 24, for copies of data: another's copy answers as if there were none, and takes as long."""

from __future__ import annotations

import time
from statistics import median

import pytest
from django.test import Client

from parley.site.web.accounts import export
from tests.site.accounts.visits import get
from tests.site.people import an_account

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
    times: dict[str, list[float]] = {token: [], "x" * len(token): []}
    for trial in range(84):
        for each in list(times) if trial % 2 else list(times)[::-1]:
            began = time.process_time()
            get(client, f"/account/copy/{each}")
            if trial >= 4:
                times[each].append(time.process_time() - began)
    hidden, missing = (median(each) for each in times.values())
    assert 0.9 < hidden / missing < 1.1


@pytest.mark.parametrize("token", ["", "%00", "..", "a" * 4000, "'; DROP TABLE web_dataexport; --"])
def test_check_24_a_token_that_is_none_finds_nothing(token: str) -> None:
    client = Client()
    client.force_login(an_account())
    assert get(client, f"/account/copy/{token}").status_code == 404
