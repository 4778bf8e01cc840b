"""The operators' commands: webhooks, the outbox, the index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.utils import timezone

from parley.cli.mail import mail
from parley.cli.search import search
from parley.cli.webhook import webhook
from parley.errors import ParleyError
from parley.site.web.models import Delivery, Outbox, Webhook
from tests.site.people import a_comment, an_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands act on the tests' own database."""
    monkeypatch.setattr("parley.site.web.standalone.start", lambda site: None)


def said(command: Any, *args: str) -> str:
    result = CliRunner().invoke(command, [*args, "--site", str(Path("x"))], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_webhooks_are_added_listed_and_removed() -> None:
    assert "no webhook" in said(webhook, "list")
    made = said(webhook, "add", "https://hooks.example.org/a", "--event", "comment.held")
    hook = Webhook.objects.get()
    assert hook.secret in made
    assert len(hook.secret) > 40
    Delivery.objects.create(webhook=hook, event="comment.held", body={})
    listed = said(webhook, "list")
    assert "comment.held  1 waiting, 0 given up, 0 failures in a row" in listed
    assert hook.secret not in listed
    said(webhook, "remove", str(hook.pk))
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "args",
    [["add", "http://hooks.example.org/"], ["add", "https://10.0.0.1/"], ["remove", "77"], ["test", "77"]],
)
def test_what_cannot_be_done_is_said(args: list[str]) -> None:
    with pytest.raises(ParleyError):
        CliRunner().invoke(webhook, args, catch_exceptions=False)


def test_the_outbox_shows_and_sends_again_what_is_stuck() -> None:
    now = timezone.now()
    row = Outbox.objects.create(key="digest:1:x", to="ann@example.org", subject="S", body="B", taken_at=now)
    Outbox.objects.create(
        key="alert:1", to="ann@example.org", subject="S", body="B", sent_at=now, taken_at=now
    )
    told = said(mail, "status")
    assert "0 waiting" in told
    assert "1 uncertain" in told
    assert f"{row.pk}  uncertain  digest" in told
    assert "ann@" not in told
    said(mail, "retry", str(row.pk))
    assert "1 waiting" in said(mail, "status")
    with pytest.raises(ParleyError, match="neither"):
        CliRunner().invoke(mail, ["retry", str(row.pk)], catch_exceptions=False)


def test_the_index_is_filled_anew() -> None:
    a_comment(an_article())
    assert said(search, "rebuild") == "2 texts in the index\n"
