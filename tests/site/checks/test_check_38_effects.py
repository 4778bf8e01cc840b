"""Check 38: the effect that is shown is the server's own, pinned to model, engine, seed and readings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from parley.site.web.jobs.worker import Worker
from parley.site.web.models import Job, Solve, Version
from parley.site.web.publishing import publish
from tests.site.packages import a_folder
from tests.site.solver import StandIn

pytestmark = pytest.mark.django_db
OURS: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}
CLAIMED = {
    "s": "gain=0.1",
    "effect": {"chip": "strengthens", "advice": "mine"},
    "status": "solved",
    "chip": "strengthens",
    "model": "f" * 64,
    "seed": 99,
    "draws": 1,
    "engine": "9.9",
    "version": 7,
}


@pytest.fixture
def solver() -> StandIn:
    return StandIn()


@pytest.fixture
def version(tmp_path: Path, solver: StandIn) -> Version:
    version = publish(a_folder(tmp_path / "threat"))
    work(solver)
    version.refresh_from_db()
    return version


def work(solver: StandIn) -> None:
    Worker(lambda lane: None if lane == "light" else solver).once()


def post(client: Client, body: Any) -> Any:
    return client.post("/a/threat/solve", json.dumps(body), content_type="application/json", **OURS)


def test_check_38_an_effect_that_a_client_sends_is_not_read(
    client: Client, version: Version, solver: StandIn
) -> None:
    answer = post(client, CLAIMED)
    assert answer.status_code == 202
    solve = Solve.objects.get(declared="")
    assert solve.effect is None
    assert (solve.seed, solve.draws, solve.version) == (version.seed, 256, version)
    work(solver)
    told = client.get(answer.json()["poll"]).json()
    assert told["status"] == "solved"
    assert (told["effect"]["chip"], told["effect"]["advice"]) == ("flips", "attack")
    assert (told["model"], told["seed"], told["draws"]) == (version.edition["model"], version.seed, 256)
    assert told["engine"] == "0.0"
    solve.refresh_from_db()
    assert solve.effect is not None
    assert solve.effect["model"] == version.edition["model"]
    assert (solve.engine, solve.effect["seed"], solve.effect["draws"]) == ("0.0", version.seed, 256)


def test_check_38_an_answer_stands_whatever_is_sent_later(
    client: Client, version: Version, solver: StandIn
) -> None:
    post(client, {"s": "gain=0.1"})
    work(solver)
    before = Solve.objects.get(declared="").effect
    assert before is not None
    again = post(client, CLAIMED)
    assert again.status_code == 200
    assert again.json()["effect"]["chip"] == "flips"
    assert Solve.objects.get(declared="").effect == before
    assert solver.kinds().count("solve") == 1


def test_check_38_looking_asks_nothing_of_the_worker(client: Client, version: Version) -> None:
    before = Job.objects.count()
    for address in ("/a/threat/solve?s=gain=0.1", "/a/threat/solve?s=gain%3D0.1", "/a/threat/solve"):
        for ask in (client.get, client.head):
            assert ask(address).status_code in (200, 404)
    assert client.get("/a/threat/solve?s=gain=0.1").json()["status"] == "unknown"
    assert client.get("/a/threat/solve?s=gain=NaN").status_code == 400
    assert Job.objects.count() == before
    assert Solve.objects.filter(declared="").count() == 0


def test_check_38_the_authors_case_is_answered_by_the_versions_numbers(
    client: Client, version: Version, solver: StandIn
) -> None:
    told = post(client, {"s": ""}).json()
    assert (told["status"], told["effect"]["chip"], told["draws"]) == ("solved", "no change", 64)
    assert "solve" not in solver.kinds()


def test_check_38_questions_from_other_sites_are_refused(client: Client, version: Version) -> None:
    elsewhere: list[dict[str, Any]] = [
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_ORIGIN": "https://evil.example"},
    ]
    for headers in elsewhere:
        answer = client.post("/a/threat/solve", "{}", content_type="application/json", **headers)
        assert answer.status_code == 403
    assert not Solve.objects.filter(declared="").exists()


def test_check_38_articles_that_may_not_be_read_are_not_there(client: Client, tmp_path: Path) -> None:
    publish(a_folder(tmp_path / "hidden"), draft=True)
    assert client.post("/a/hidden/solve", "{}", content_type="application/json", **OURS).status_code == 404
    assert client.get("/a/hidden/solve?s=gain=0.1").status_code == 404
    assert client.get("/a/none/solve?s=gain=0.1").status_code == 404


def test_a_form_without_a_script_leads_to_the_page(client: Client, version: Version, solver: StandIn) -> None:
    answer = client.post("/a/threat/solve", {"s": "cost=0.3", "v.gain": "0.1"}, **OURS)
    assert answer.status_code == 303
    assert answer["Location"] == "/a/threat/?s=cost%3D0.3%3Bgain%3D0.1#answer"
    assert Job.objects.get(kind="solve").wanted is None  # a page does not ask again
    work(solver)
    assert Solve.objects.get(declared="").status == "solved"


def test_a_question_that_failed_says_why(client: Client, version: Version, solver: StandIn) -> None:
    from parley.site.model.errors import LimitError

    solver.fault = LimitError("no answer within 20 seconds")
    poll = post(client, {"s": "gain=0.1"}).json()["poll"]
    work(solver)
    answer = client.get(poll)
    assert answer.status_code == 422
    assert "no answer within 20 seconds" in answer.json()["error"]
    assert post(client, {"s": "gain=0.1"}).status_code == 422  # not asked again and again
    assert solver.kinds().count("solve") == 1
