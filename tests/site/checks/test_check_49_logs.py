"""Check 49: the log holds no password, token, cookie, mail or network address, nor a reader's words."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from parley.site.web import logs
from parley.site.web.accounts import export
from tests.site.accounts.visits import ORIGIN, get, last_mail, post, sign_in
from tests.site.people import an_account

NETWORK = "203.0.113.77"
WORDS = "Sovereignty is worth more than peace"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logs.configure(stream)
    yield stream
    for name in ("parley", "django", "allauth"):
        logging.getLogger(name).removeHandler(handler)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Return the lines; each must be JSON by itself."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.django_db
def test_check_49_nothing_that_a_visit_brings_along_is_in_the_log(written: io.StringIO) -> None:
    account, client = an_account(name="Zaneera", email="zaneera@example.org"), Client()
    token = export.make(account)
    post(client, "/accounts/login/", login=account.email, password="a wrong password", network=NETWORK)
    sign_in(client, account, network=NETWORK)
    post(client, "/accounts/password/reset/", email=account.email, network=NETWORK)
    link = last_mail("zaneera@example.org").body.split("http://localhost:8000")[1].split()[0]
    get(Client(), link, NETWORK)
    get(client, f"/account/copy/{token}", NETWORK)
    get(client, f"/not/there/{token}?mail=zaneera@example.org", NETWORK)
    post(client, "/account/profile", bio=WORDS, network=NETWORK)
    client.post("/account/profile", {"bio": WORDS}, headers={"Origin": "https://evil.example"})
    text = written.getvalue()
    key = link.rstrip("/").rpartition("/")[2]
    for hidden in (
        "a wrong password",
        "correct horse",
        token,
        key,
        client.cookies["session"].value,
        "zaneera",
        "Zaneera",
        NETWORK,
        "Sovereignty",
    ):
        assert hidden not in text, hidden
    assert len(lines(written)) >= 8


@pytest.mark.django_db
def test_check_49_a_request_leaves_number_route_status_time_and_network(written: io.StringIO) -> None:
    answer = get(Client(), "/me", NETWORK)
    line = lines(written)[-1]
    assert line["request_id"] == answer["X-Request-ID"]
    assert (line["route"], line["method"], line["status"]) == ("me", "GET", 200)
    assert line["network"] == "203.0.113.0/24"
    assert 0 <= line["ms"] < 60_000
    assert set(line) == {"at", "level", "logger", "message", *logs.FIELDS}


@pytest.mark.django_db
def test_check_49_an_error_leaves_its_type_and_places_and_not_its_message(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(account: object) -> int:
        raise IntegrityError("Key (email)=(zaneera@example.org) already exists: " + WORDS)

    monkeypatch.setattr("parley.site.web.views.me.unread", fail)
    client = Client(raise_request_exception=False)
    client.force_login(an_account())
    assert get(client, "/me").status_code == 500
    text = written.getvalue()
    assert "zaneera" not in text
    assert "Sovereignty" not in text
    fault = next(each for each in lines(written) if "error" in each)
    assert fault["error"] == "IntegrityError"
    assert any(place.startswith("parley/site/web/views/me.py:") for place in fault["places"])
    assert not any(place.startswith("/") for place in fault["places"])


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x0b", "\x1b[2J"])
def test_check_49_no_value_begins_a_line_of_its_own(written: io.StringIO, end: str) -> None:
    forged = f'x{end}{{"level": "ERROR", "message": "forged"}}'
    logging.getLogger("parley.site").info("said %s", forged, extra={"route": forged, "method": forged})
    assert len(written.getvalue().splitlines()) == 1
    assert written.getvalue().isascii()
    assert end not in written.getvalue().rstrip("\n")
    assert lines(written)[0]["level"] == "INFO"


@pytest.mark.parametrize("end", ["\n", "\u2028", "\x1b[2J"])
def test_check_49_a_terminal_gets_one_line_for_a_fault_and_nothing_more(end: str) -> None:
    said = f"x{end}y of kim@example.org"
    told = logs.Brief().format(logging.LogRecord("parley.site", logging.ERROR, "", 1, said, None, None))
    assert told.startswith("parley: fault: x")
    assert "[mail]" in told
    assert "kim" not in told
    assert told.isprintable()


@pytest.mark.django_db
def test_check_49_a_method_made_up_by_a_client_is_not_written_down(written: io.StringIO) -> None:
    Client().generic("ZANEERA", "/me", headers=ORIGIN)
    assert [each["method"] for each in lines(written) if "method" in each] == ["other"]
    assert "ZANEERA" not in written.getvalue()


def test_check_49_lines_of_other_libraries_hold_no_values(written: io.StringIO) -> None:
    logging.getLogger("django.security").warning("Invalid HTTP_HOST header: %r.", "zaneera.example.org")
    logging.getLogger("allauth").error("failed for %s", WORDS)
    logging.getLogger("parley.x").info(
        "mail to %s from %s: %s", "a.b@c.example", "2001:db8:1:2:3:4:5:6", "t" * 40
    )
    first, second, third = lines(written)
    assert first["message"] == "Invalid HTTP_HOST header: %r."
    assert second["message"] == "failed for %s"
    assert third["message"] == "mail to [mail] from [address]: [token]"
