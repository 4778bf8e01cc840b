"""Check 47: webhooks are signed and time-stamped, private addresses refused, the resolved address pinned."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from parley.site.web.models import Delivery, Report, Role, State, Webhook
from parley.site.web.moderation.decide import decide
from parley.site.web.outlets import webhooks
from parley.site.web.outlets.transport import WINDOW, Refusal, Target, checked, post, resolved, verified
from tests.site.people import a_comment, an_account, an_article

NOT_PUBLIC = (
    "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::",
    "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a00:1::",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:db8::1",
)  # fmt: skip


class Receiver(BaseHTTPRequestHandler):
    """A receiver that remembers what came and answers as it is told."""

    got: list[tuple[dict[str, str], bytes]]
    status = 204
    location = ""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append((dict(self.headers.items()), body))
        self.send_response(type(self).status)
        if type(self).location:
            self.send_header("Location", type(self).location)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver(settings: Any) -> Iterator[type[Receiver]]:
    settings.PARLEY_WEBHOOKS_PRIVATE = True
    kind: Any = type("One", (Receiver,), {"got": []})
    server = HTTPServer(("127.0.0.1", 0), kind)
    kind.url = f"http://localhost:{server.server_port}/hook?room=1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield kind
    server.shutdown()
    thread.join()
    server.server_close()


def hooked(receiver: Any, *events: str) -> Webhook:
    return webhooks.add(receiver.url, events)


def due_again() -> None:
    Delivery.objects.update(not_before=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("number", NOT_PUBLIC)
def test_check_47_numbers_that_are_not_public_are_refused(number: str) -> None:
    host = f"[{number}]" if ":" in number else number
    with pytest.raises(Refusal, match="public address"):
        checked(f"https://{host}/hook")
    with pytest.raises(Refusal):
        resolved(f"https://{host}/hook")


@pytest.mark.parametrize("number", NOT_PUBLIC)
def test_check_47_names_that_lead_to_them_are_refused(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        return [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", (number, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(Refusal, match="public address"):
        resolved("https://hooks.example.org/")


@pytest.mark.parametrize("written", ["0x7f.0.0.1", "2130706433", "0177.0.0.1", "127.1", "localhost"])
def test_check_47_other_spellings_of_this_machine_are_refused(written: str) -> None:
    with pytest.raises(Refusal):
        resolved(f"https://{written}/hook")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/", "ftp://hooks.example.org/", "file:///etc/passwd", "https:///hook",
        "hook",
        "https://user:secret@hooks.example.org/", "https://hooks.example.org:0/", "https://hooks.example.org:x/",
        "https://hooks.example.org/a b", "https://hooks.example.org\\@127.0.0.1/", "https://e.org/\r\nX: y",
        "",
        "https://[::1/",
    ],
)  # fmt: skip
def test_check_47_addresses_of_another_form_are_refused(url: str) -> None:
    with pytest.raises(Refusal):
        checked(url)


def test_check_47_the_address_that_was_checked_is_the_one_connected_to(
    receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers twice, the second time otherwise, leads nowhere else."""
    port = int(receiver.url.rsplit(":", 1)[1].split("/")[0])
    answers = iter(["127.0.0.1", "192.0.2.66"])
    asked: list[str] = []

    def look_up(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", look_up)
        target = resolved(f"http://hooks.example.org:{port}/hook", private=True)
    status = post(target, b"{}", {"Content-Type": "application/json"})
    assert (status, asked) == (204, ["hooks.example.org"])
    assert receiver.got[0][0]["Host"] == f"hooks.example.org:{port}"


@pytest.mark.django_db
def test_check_47_a_delivery_is_signed_and_fresh(receiver: Any) -> None:
    hook = hooked(receiver, "comment.shown")
    comment = a_comment(an_article("talks"), an_account(name="Ann"), source="Secret words")
    assert webhooks.deliver_due() == 1
    headers, body = receiver.got[0]
    now = time.time()
    assert verified(hook.secret, headers, body, now)
    assert not verified(hook.secret, headers, body, now + WINDOW + 5)
    assert not verified(hook.secret, headers, body, now - WINDOW - 5)
    assert not verified("another", headers, body, now)
    assert not verified(hook.secret, headers, body + b" ", now)
    assert not verified(hook.secret, {**headers, "Parley-Timestamp": str(int(now) + 1)}, body, now)
    told = json.loads(body)
    assert told == {
        "event": "comment.shown", "id": int(headers["Parley-Delivery"]), "site": "http://localhost:8000",
        "comment": comment.pk, "kind": "comment", "state": "visible", "article": "talks",
        "url": f"http://localhost:8000/c/{comment.pk}/", "at": told["at"],
    }  # fmt: skip
    assert b"Secret" not in body
    assert b"Ann" not in body
    assert webhooks.deliver_due() == 0


@pytest.mark.django_db
def test_check_47_every_event_is_told_without_words_or_names(receiver: Any) -> None:
    hooked(receiver)
    article, writer, editor = an_article(), an_account(name="Writer"), an_account(Role.EDITOR, name="Boss")
    held = a_comment(article, writer, state=State.HELD, source="Secret words")
    decide(held, "approve", editor, 1)
    Report.objects.create(
        comment=held, reporter=an_account(name="Teller"), reason="attack", text="Secret reason"
    )
    held.refresh_from_db()
    decide(held, "remove", editor, held.revision, clause=1)
    article.versions.create(n=2, digest="f" * 64, title="Two", source="", edition={}, correction=True)
    webhooks.deliver_due()
    told = [json.loads(body) for _headers, body in receiver.got]
    assert [each["event"] for each in told] == [
        "article.version", "comment.held", "comment.shown", "report.made", "comment.removed",
        "article.version",
    ]  # fmt: skip
    assert told[3]["reason"] == "attack"
    assert (told[4]["clause"], told[4]["act"]) == (1, "remove")
    assert told[5]["correction"] is True
    everything = b"".join(body for _headers, body in receiver.got)
    assert not any(word in everything for word in (b"Secret", b"Writer", b"Boss", b"Teller", b"@"))


@pytest.mark.django_db
def test_check_47_redirects_are_not_followed(receiver: Any) -> None:
    hook = hooked(receiver)
    receiver.status, receiver.location = 302, receiver.url
    a_comment(an_article(), state=State.HELD)
    assert webhooks.deliver_due() == 0
    count = len(receiver.got)
    assert count == Delivery.objects.count()
    found = Delivery.objects.first()
    assert found is not None
    assert found.error == "answered 302: redirects are not followed"
    hook.refresh_from_db()
    assert hook.failures == count


@pytest.mark.django_db
def test_check_47_what_did_not_arrive_is_tried_again_and_then_given_up(receiver: Any) -> None:
    hook = hooked(receiver, "comment.held")
    receiver.status = 500
    a_comment(an_article(), state=State.HELD)
    for attempt in range(len(webhooks.PAUSES) + 1):
        assert webhooks.deliver_due() == 0
        assert len(receiver.got) == attempt + 1
        assert webhooks.deliver_due() == 0, "not before its time"
        due_again()
    found = Delivery.objects.get()
    assert found.failed_at is not None
    assert webhooks.deliver_due() == 0
    numbers = {headers["Parley-Delivery"] for headers, _body in receiver.got}
    assert numbers == {str(found.pk)}, "by which a receiver knows it"
    receiver.status = 200
    a_comment(an_article(), state=State.HELD)
    assert webhooks.deliver_due() == 1
    hook.refresh_from_db()
    assert hook.failures == 0


@pytest.mark.django_db
def test_check_47_private_addresses_need_the_setting(receiver: Any, settings: Any) -> None:
    hooked(receiver, "comment.held")
    settings.PARLEY_WEBHOOKS_PRIVATE = False
    with pytest.raises(Refusal):
        hooked(receiver)
    a_comment(an_article(), state=State.HELD)
    assert webhooks.deliver_due() == 0
    assert receiver.got == [], "the setting is asked at each delivery"


@pytest.mark.django_db(transaction=True)
def test_check_47_what_was_rolled_back_is_not_told(receiver: Any) -> None:
    hooked(receiver, "comment.held")
    article = an_article()
    with transaction.atomic():
        a_comment(article, state=State.HELD)
        transaction.set_rollback(True)
    assert webhooks.deliver_due() == 0
    assert not Delivery.objects.exists()


def test_check_47_a_receiver_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.site.web.outlets.transport.DEADLINE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stop = threading.Event()

        def drip() -> None:
            peer, _address = listening.accept()
            with peer:
                while not stop.wait(0.05):
                    try:
                        peer.sendall(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        with pytest.raises(Refusal):
            post(Target(False, "localhost", "127.0.0.1", listening.getsockname()[1], "/"), b"{}", {})
        stop.set()
        thread.join()
        assert time.monotonic() - began < 5


@pytest.mark.django_db
def test_check_47_an_unknown_event_is_refused() -> None:
    with pytest.raises(Refusal, match="no event"):
        webhooks.add("https://hooks.example.org/", ["comment.read"])
    assert not Webhook.objects.exists()
