"""What operators ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from parley.site.web.models import Job, Role, State
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


def test_health_says_whether_workers_live_and_how_long_jobs_wait() -> None:
    assert Client().get("/healthz").json() == {"status": "ok", "workers": 0, "oldest_job_seconds": 0}
    Job.objects.create(kind="prepare", run_after=timezone.now() - timedelta(seconds=90))
    assert Client().get("/healthz").json()["oldest_job_seconds"] in (90, 91)


def test_health_is_bad_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise DatabaseError("disk I/O error at /secret/place")

    monkeypatch.setattr("parley.site.web.views.health.oldest_wait", broken)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "no database"})


def test_metrics_count_and_name_nobody() -> None:
    article, account = an_article(), an_account(Role.EDITOR, name="Nobody")
    a_comment(article, account, state=State.HELD, source="Held words.")
    text = Client().get("/metrics").content.decode()
    assert 'parley_comments{kind="comment",state="held"} 1.0' in text
    assert 'parley_accounts{role="editor"} 1.0' in text
    assert "parley_workers 0.0" in text
    assert "Nobody" not in text
    assert "Held words" not in text


@pytest.mark.parametrize(
    "asked",
    [
        {"REMOTE_ADDR": "192.0.2.1"},
        {"headers": {"X-Forwarded-For": "192.0.2.1"}},
        {"headers": {"Via": "1.1 proxy"}},
        {"REMOTE_ADDR": ""},
    ],
)
def test_metrics_are_for_this_machine_alone(asked: Any) -> None:
    assert Client().get("/metrics", **asked).status_code == 404


def test_metrics_behind_a_proxy_need_the_token(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PARLEY_TRUSTED_HOPS = 1
    monkeypatch.setenv("PARLEY_METRICS_TOKEN", "sixteen-characters")
    assert Client().get("/metrics").status_code == 404
    for given, status in (("Bearer sixteen-characters", 200), ("Bearer wrong", 404), ("", 404)):
        assert Client().get("/metrics", headers={"Authorization": given}).status_code == status
    monkeypatch.setenv("PARLEY_METRICS_TOKEN", "")
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
