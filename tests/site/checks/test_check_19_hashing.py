"""Check 19: passwords are kept as Argon2id at the cost that OWASP names, at most two computed at once."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from parley.site.web import hashing
from parley.site.web import settings as own


def test_check_19_the_site_hashes_by_argon2id_at_the_agreed_cost() -> None:
    assert own.PASSWORD_HASHERS == ["parley.site.web.hashing.BoundedArgon2"]
    encoded = hashing.BoundedArgon2().encode("sieben zwerge", "saltsaltsalt")
    parameters = extract_parameters(encoded.removeprefix("argon2"))
    assert parameters.type is Type.ID
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19 * 1024, 2, 1)


def test_check_19_two_are_computed_at_once_and_the_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def slow(self: object, password: str, salt: str) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return "hash"

    monkeypatch.setattr("django.contrib.auth.hashers.Argon2PasswordHasher.encode", slow)
    flood = [threading.Thread(target=hashing.BoundedArgon2().encode, args=("a", "b")) for _ in range(8)]
    for each in flood:
        each.start()
    for each in flood:
        each.join()
    assert most == 2


@pytest.mark.django_db
def test_check_19_an_older_hash_is_renewed_when_its_owner_signs_in(settings: Any) -> None:
    from django.contrib.auth import authenticate

    from tests.site.people import PASSWORD, an_account

    account = an_account()
    assert account.password.startswith("md5$")
    settings.PASSWORD_HASHERS = [
        "parley.site.web.hashing.BoundedArgon2",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    assert authenticate(None, username=account.name, password=PASSWORD) == account
    account.refresh_from_db()
    assert account.password.startswith("argon2$argon2id$")
