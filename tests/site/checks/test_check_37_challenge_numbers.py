"""Check 37: a reader's numbers are refused with the field when they are no numbers of this article."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from parley.site.web.models import Job, Solve, Version
from parley.site.web.publishing import publish
from tests.site.packages import a_folder

pytestmark = pytest.mark.django_db
OURS: dict[str, Any] = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def version(tmp_path: Path) -> Version:
    return publish(a_folder(tmp_path / "threat"))


def post(client: Client, body: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post("/a/threat/solve", text, content_type="application/json", **OURS)


REFUSED = [
    ("nobody=1", "nobody"),
    ("gain=NaN", "gain"),
    ("gain=Infinity", "gain"),
    ("gain=-inf", "gain"),
    ("gain=1e308", "gain"),
    ("gain=-1e308", "gain"),
    ("gain=1e999", "gain"),
    ("gain=7 parsecs", "gain"),
    ("gain=10%", "gain"),
    ("gain=", "gain"),
    ("gain", "gain"),
    ("=1", "=1"),
    ("gain=0.1;gain=0.2", "gain"),
    ("gain=0.1;GAIN=0.2", "GAIN"),
    ("gain=0x10", "gain"),
    ("gain=1_0", "gain"),
    ("gain=٣", "gain"),
    ("gain=__import__('os')", "gain"),
    (";".join(f"a{n}=1" for n in range(9)), ""),
    ("gain=" + "1" * 5000, ""),
    ("x" * 5000, ""),
]


@pytest.mark.parametrize(("text", "field"), REFUSED)
def test_check_37_numbers_that_are_none_are_refused_with_the_field(
    client: Client, version: Version, text: str, field: str
) -> None:
    answer = post(client, {"s": text})
    assert answer.status_code == 400, answer.content
    told = answer.json()
    assert (told["status"], told["field"]) == ("refused", field)
    assert told["error"]
    assert not Solve.objects.exists()
    assert not Job.objects.filter(kind="solve").exists()


@pytest.mark.parametrize(
    "body",
    [
        " ",
        "[]",
        "nonsense",
        '{"s": NaN}',
        '{"s": "gain=0.1", "s": "gain=0.2"}',
        '{"s": ["gain=0.1"]}',
        '{"s": 5}',
        '{"s": null}',
        '{"s": {"gain": NaN}}',
        '{"s": "gain=0.1", "beside": NaN}',
        '{"s": {"gain": Infinity}}',
        '{"s": {"gain": 1e999}}',
        '{"s": {"gain": 0.1, "gain": 0.2}}',
        '{"s": {"gain": true}}',
        '{"s": {"gain": [0.1, 0.2]}}',
        '{"s": {"gain": {"a": 1}}}',
        '{"s": {"gain": null}}',
        '{"s": "gain=0.1", "tab": 5}',
        json.dumps({"s": "gain=0.1", "tab": "x" * 41}),
        json.dumps({"s": "gain=0.1", "pad": "x" * 9000}),
        "[" * 3000,
        "\x00",
    ],
)
def test_check_37_a_body_that_is_no_question_is_refused(client: Client, version: Version, body: str) -> None:
    answer = post(client, body)
    assert answer.status_code == 400, answer.content
    assert answer.json()["status"] == "refused"
    assert not Solve.objects.exists()


def test_check_37_minus_nought_and_the_ends_of_the_range_are_numbers(
    client: Client, version: Version
) -> None:
    assert post(client, {"s": "gain=-0"}).json()["s"] == "gain=0"
    known = next(each for each in version.edition["assumptions"] if each["name"] == "gain")
    assert post(client, {"s": {"gain": known["most"]}}).status_code == 202
    beyond = known["most"] + max(1.0, abs(known["most"]))
    assert post(client, {"s": {"gain": beyond}}).json()["field"] == "gain"


def test_check_37_forms_are_refused_alike(client: Client, version: Version) -> None:
    for fields in (
        {"s": "gain=NaN"},
        {"v.gain": "1e308"},
        {"v.nobody": "1"},
        {"v.gain": ["0.1", "0.2"]},
        {"s": ["gain=0.1", "gain=0.2"]},
    ):
        answer = client.post("/a/threat/solve", fields, **OURS)
        assert answer.status_code == 400, fields
    assert not Solve.objects.exists()


def test_check_37_words_of_a_refusal_are_text(client: Client, version: Version) -> None:
    answer = client.post("/a/threat/solve", {"s": "<script>alert(1)</script>=1"}, **OURS)
    assert b"<script>alert" not in answer.content
    answer = post(client, {"s": "<script>alert(1)</script>=1"})
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
