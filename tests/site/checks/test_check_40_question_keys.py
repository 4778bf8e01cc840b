"""Check 40: equal questions have one key, different ones never share an answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from parley.site.web.models import Article, Solve, Version
from parley.site.web.publishing import publish
from parley.site.web.questions import question
from tests.site.packages import a_folder, a_text

OURS: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def post(client: Client, body: Any, slug: str = "threat") -> Any:
    return client.post(f"/a/{slug}/solve", json.dumps(body), content_type="application/json", **OURS)


@pytest.mark.django_db
def test_check_40_one_question_however_it_is_written(client: Client, tmp_path: Path) -> None:
    publish(a_folder(tmp_path / "threat"))
    for body in (
        "cost=0.5;gain=0",
        "gain=-0;cost=.5",
        "gain=0.0;cost=0.50",
        "cost=5e-1;gain=0e5",
        "gain=+0;cost=00.5",
        " cost = 0.5 ; gain = 0 ",
        "cost=0.5;gain=%30",
        {"gain": 0, "cost": 0.5},
        {"cost": "0.5", "gain": "-0.0"},
    ):
        answer = post(client, {"s": body})
        assert answer.status_code == 202, (body, answer.content)
        assert answer.json()["s"] == "cost=0.5;gain=0"
    assert Solve.objects.count() == 1


@pytest.mark.django_db
def test_check_40_other_numbers_articles_and_versions_have_other_answers(
    client: Client, tmp_path: Path
) -> None:
    publish(a_folder(tmp_path / "threat"))
    publish(a_folder(tmp_path / "threat"), slug="twin")  # the same text under another address
    post(client, {"s": "gain=0.1"})
    post(Client(REMOTE_ADDR="198.51.100.7"), {"s": "gain=0.1"}, "twin")
    publish(a_folder(tmp_path / "threat", a_text("summary: changed\n")))
    assert post(client, {"s": "gain=0.1"}).status_code == 202
    assert Solve.objects.count() == 3
    assert Solve.objects.values("digest").distinct().count() == 3


TEXTS = st.text(alphabet='ab=;"\\,[]01 \0', max_size=6)


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.integers(1, 30), st.integers(1, 30))
def test_check_40_no_two_questions_share_a_key(
    setting: str, declared: str, other: str, another: str, one: int, two: int
) -> None:
    first = Version(article=Article(pk=one), digest="a" * 64)
    second = Version(article=Article(pk=two), digest="a" * 64)
    same = (setting, declared, one) == (other, another, two)
    assert (question(first, setting, declared) == question(second, other, another)) is same
