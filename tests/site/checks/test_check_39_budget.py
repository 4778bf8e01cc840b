"""Check 39: a reader has one question running and two waiting; what nobody waits for is dropped."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parley.site.web.jobs import queue
from parley.site.web.models import Bucket, Job, Solve, Version
from parley.site.web.publishing import publish
from parley.site.web.rules import Limit
from tests.site.packages import a_folder
from tests.site.people import an_account

pytestmark = pytest.mark.django_db
OURS: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def version(tmp_path: Path) -> Version:
    return publish(a_folder(tmp_path / "threat"))


def post(client: Client, setting: str, tab: str = "", **headers: Any) -> Any:
    body = json.dumps({"s": setting, "tab": tab})
    return client.post("/a/threat/solve", body, content_type="application/json", **OURS, **headers)


def waiting() -> list[str]:
    rows = Job.objects.filter(kind="solve", status="queued").order_by("pk")
    return [str(each.payload["solve"]) for each in rows]


def test_check_39_two_wait_and_a_third_is_told_when_to_come_again(client: Client, version: Version) -> None:
    assert [post(client, f"gain=0.{n}").status_code for n in (1, 2)] == [202, 202]
    answer = post(client, "gain=0.3")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1
    assert len(waiting()) == 2
    assert queue.lease(["solve"], "w") is not None  # one runs: another may wait
    assert post(client, "gain=0.3").status_code == 202
    assert post(client, "gain=0.4").status_code == 429
    assert queue.lease(["solve"], "w") is None  # but no second one runs


def test_check_39_accounts_are_bounded_each_and_networks_for_the_signed_out(
    client: Client, version: Version
) -> None:
    ada, ben = Client(), Client()
    ada.force_login(an_account())
    ben.force_login(an_account())
    for who in (ada, ben, client):
        assert [post(who, f"gain=0.{n}{id(who)}").status_code for n in (1, 2, 3)] == [202, 202, 429]
    other = {"REMOTE_ADDR": "198.51.100.7"}
    assert post(client, "gain=0.45", **other).status_code == 202


def test_check_39_the_same_question_costs_once(client: Client, version: Version) -> None:
    for _ in range(5):
        assert post(client, "gain=0.1").status_code == 202
    assert len(waiting()) == 1


def test_check_39_a_sliders_newer_question_takes_the_place_of_its_older(
    client: Client, version: Version
) -> None:
    for n in range(10, 30):
        assert post(client, f"gain=0.{n}", tab="one").status_code == 202
    assert len(waiting()) == 1
    assert post(client, "gain=0.4", tab="two").status_code == 202
    assert len(waiting()) == 2
    assert Job.objects.filter(kind="solve", status="cancelled").count() == 19


def test_check_39_a_cancelled_question_can_be_asked_again(client: Client, version: Version) -> None:
    poll = post(client, "gain=0.1", tab="one").json()["poll"]
    post(client, "gain=0.2", tab="one")
    assert client.get(poll).status_code == 404
    assert post(client, "gain=0.1", tab="one").status_code == 202
    assert client.get(poll).status_code == 202


def test_check_39_no_reader_takes_anothers_question_away(client: Client, version: Version) -> None:
    other = Client(REMOTE_ADDR="198.51.100.7")
    poll = post(client, "gain=0.1", tab="one").json()["poll"]
    assert post(other, "gain=0.1", tab="two").status_code == 202
    post(client, "gain=0.2", tab="one")
    assert other.get(poll).status_code == 202
    assert len(waiting()) == 2


def test_check_39_what_nobody_waits_for_is_dropped(client: Client, version: Version) -> None:
    poll = post(client, "gain=0.1").json()["poll"]
    job = Job.objects.get(kind="solve")
    Job.objects.filter(pk=job.pk).update(wanted=timezone.now() - timedelta(seconds=4))
    assert client.get(poll).status_code == 202  # still there
    job.refresh_from_db()
    assert job.wanted is not None
    assert timezone.now() - job.wanted < timedelta(seconds=2)
    Job.objects.filter(pk=job.pk).update(wanted=timezone.now() - timedelta(seconds=6))
    assert queue.lease(["solve"], "w") is None
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert client.get(poll).status_code == 404


def test_check_39_polls_write_seldom(client: Client, version: Version) -> None:
    poll = post(client, "gain=0.1").json()["poll"]
    before = Job.objects.get(kind="solve").wanted
    for _ in range(5):
        client.get(poll)
    assert Job.objects.get(kind="solve").wanted == before


def test_check_39_all_readers_together_are_bounded(
    client: Client, version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.site.web.answers.MOST_WAITING", 3)
    for n in range(3):
        assert post(client, f"gain=0.{n + 1}", REMOTE_ADDR=f"198.51.{n}.7").status_code == 202
    answer = post(client, "gain=0.4", REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1


def test_check_39_new_questions_are_limited_known_answers_are_not(
    client: Client, version: Version, settings: Any
) -> None:
    # Hardly refilled, so that a slow machine gains nothing by waiting.
    limits = MappingProxyType({**settings.PARLEY_RULES.limits, "solve": Limit(40, 1.0)})
    settings.PARLEY_RULES = replace(settings.PARLEY_RULES, limits=limits)
    codes = []
    for n in range(48):
        codes.append(post(client, f"gain=0.{n + 10}", tab="one").status_code)
    assert codes[:40] == [202] * 40
    assert codes[40:].count(429) >= 5  # tokens come back at one in three seconds
    last = len(codes) - 1 - codes[::-1].index(202)
    assert post(client, f"gain=0.{last + 10}", tab="one").status_code == 202  # it waits already: nothing new


def test_a_question_that_is_refused_costs_nothing_and_leaves_nothing(
    client: Client, version: Version
) -> None:
    for n in (1, 2):
        post(client, f"gain=0.{n}")
    tokens = Bucket.objects.get(key__startswith="solve:n:").tokens
    for _ in range(5):
        assert post(client, "gain=0.3").status_code == 429
    assert Bucket.objects.get(key__startswith="solve:n:").tokens == tokens
    assert Solve.objects.count() == 2
    Bucket.objects.update(tokens=0.0)
    Job.objects.update(status="done")
    assert post(client, "gain=0.4").status_code == 429
    assert Solve.objects.count() == 2
    assert not Job.objects.filter(kind="solve", status="queued").exists()
