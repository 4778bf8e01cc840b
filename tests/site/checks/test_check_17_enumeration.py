"""Check 17: signing in, signing up, resets and changes of address tell nothing of which accounts there are.

Text, status and size are equal but for the address that was typed; processor time is equal within 10 %. The
statistic: trials with and without an account alternate, each trial begins with a fresh visitor, and the ratio
of the medians of processor time is compared, with more trials where few leave it open. ``PARLEY_TRIALS``
sets the number to begin with (500 in full).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from parley.site.web.models import Account, Bucket
from tests.site.accounts.visits import get, post, sign_in
from tests.site.people import an_account
from tests.site.timing import ratio_of_times

pytestmark = pytest.mark.django_db

TRIALS = int(os.environ.get("PARLEY_TRIALS", "6"))
SAME = 0.10
ACCOUNTS = ("there", "passwordless", "inactive", "unconfirmed", "nobody")


@pytest.fixture
def people() -> dict[str, str]:
    """Addresses (of equal length) of accounts of every kind, and of none."""
    an_account(name="there", email="account.there@example.org")
    an_account(name="without", email="passw.without@example.org", password=None)
    an_account(name="closed", email="accou.closed1@example.org", is_active=False)
    waiting = an_account(name="waiting", email="accou.waiting@example.org")
    EmailAddress.objects.filter(user=waiting).update(verified=False)
    return {
        "there": "account.there@example.org",
        "passwordless": "passw.without@example.org",
        "inactive": "accou.closed1@example.org",
        "unconfirmed": "accou.waiting@example.org",
        "nobody": "accou.nobody1@example.org",
    }


def log_in(client: Client, address: str) -> Any:
    return post(client, "/accounts/login/", login=address, password="not the password")


def sign_up(client: Client, address: str) -> Any:
    return post(
        client, "/accounts/signup/", email=address, username="Fresh Name", password1="sieben zwerge im wald"
    )


def reset(client: Client, address: str) -> Any:
    return post(client, "/accounts/password/reset/", email=address)


def ask_code(client: Client, address: str) -> Any:
    return post(client, "/accounts/login/code/", email=address)


def change(client: Client, address: str) -> Any:
    return post(client, "/accounts/email/", action_add="1", email=address)


FLOWS: dict[str, Callable[[Client, str], Any]] = {
    "login": log_in,
    "sign-up": sign_up,
    "reset": reset,
    "code": ask_code,
    "change": change,
}


def visitor(flow: str) -> Client:
    client = Client()
    if flow == "change":
        asker = Account.objects.filter(name="asker").first() or an_account(name="asker")
        client.force_login(asker)
    get(client, "/accounts/login/")
    return client


def clear(address: str) -> None:
    """Forget what a trial left: buckets, and the account that it made."""
    Bucket.objects.all().delete()
    Account.objects.filter(email=address, name="Fresh Name").delete()


def shown(client: Client, answer: Any) -> tuple[object, ...]:
    """What a visitor sees of an answer and of the page that it leads to, without tokens and times."""
    parts: list[object] = []
    for each in (answer, get(client, answer["Location"]) if answer.status_code == 302 else None):
        if each is not None:
            body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", each.content.decode())
            body = re.sub(r"[\w.]+@example\.org", "ADDRESS", body)
            own = ("Content-Length", "Expires", "X-Request-ID")  # of each answer alone
            headers = {k: v for k, v in each.headers.items() if k not in own}
            parts.append((each.status_code, sorted(headers.items()), len(each.content), body))
    return tuple(parts)


@pytest.mark.parametrize("kind", ACCOUNTS[:-1])
@pytest.mark.parametrize("flow", FLOWS)
def test_check_17_same_text_status_and_size(flow: str, kind: str, people: dict[str, str]) -> None:
    seen = []
    for address in (people[kind], people["nobody"]):
        client = visitor(flow)
        seen.append(shown(client, FLOWS[flow](client, address)))
        clear(address)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("kind", ["there", "passwordless", "inactive"])
@pytest.mark.parametrize("flow", FLOWS)
def test_check_17_same_time(flow: str, kind: str, people: dict[str, str], settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "parley.site.web.hashing.BoundedArgon2",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    for account in Account.objects.exclude(password__startswith="!"):
        account.set_password("correct horse battery")
        account.save()

    def ready(which: str) -> Callable[[], object]:
        clear(people["nobody"])
        clear(people[which])
        client = visitor(flow)
        return lambda: FLOWS[flow](client, people[which])

    ratio = ratio_of_times(
        lambda: ready(kind), lambda: ready("nobody"), same=SAME, trials=TRIALS, most=max(TRIALS, 256)
    )
    assert 1 - SAME < ratio < 1 + SAME, f"{flow}, {kind}: {ratio:.3f} of the time that nobody takes"


def test_check_17_a_right_password_of_a_closed_account_says_what_a_wrong_one_says() -> None:
    closed, open_ = an_account(is_active=False), an_account()
    first, second = Client(), Client()
    right = sign_in(first, closed)
    wrong = post(second, "/accounts/login/", login=open_.name, password="not the password")
    assert right.status_code == wrong.status_code == 200
    text = "The name or address and the password do not fit together."
    assert text in right.content.decode()
    assert text in wrong.content.decode()
