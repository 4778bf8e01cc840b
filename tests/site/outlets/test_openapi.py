"""The published description holds against the running site, with requests made from it to break it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from parley.site.render.openapi import OPERATIONS
from parley.site.web.models import Challenge, Kind, Role, State
from parley.site.web.moderation.decide import decide
from tests.site.people import a_comment, an_account, an_article

EXAMPLES = 25  # hostile requests for each address


@pytest.fixture
def populated(db: Any) -> None:
    """A little of everything, so that addresses lead somewhere."""
    article = an_article("known")
    reader = an_account(name="Ann")
    challenge = a_comment(article, reader, kind=Kind.CHALLENGE)
    Challenge.objects.create(comment=challenge, reasons={"kappa": "More"})
    a_comment(article, reader, state=State.HELD)
    decide(a_comment(article, an_account()), "remove", an_account(Role.EDITOR), 1, clause=1)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests see the test's own transaction: they do not close its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("populated", "one_connection")
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("path", [each.path for each in OPERATIONS])
def test_every_answer_is_as_described(path: str, mode: GenerationMode) -> None:
    described = schemathesis.openapi.from_wsgi("/openapi.json", WSGIHandler())
    operation = described[path]["GET"]
    takes_something = bool(list(operation.iter_parameters()))
    if mode == GenerationMode.NEGATIVE and not takes_something:
        return  # there is nothing to be got wrong

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def attacked(case: Any) -> None:
        # A path that names nothing is answered by 404 whether its form was right or not.
        case.call_and_validate(headers={"Host": "localhost"}, excluded_checks=[negative_data_rejection])

    attacked()


def test_known_addresses_fit_the_description(populated: None, client: Client) -> None:
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

    found = client.get("/openapi.json").json()
    values = {"{slug}": "known", "{id}": str(Challenge.objects.get().comment_id), "{name}": quote("Ann")}
    for path, item in found["paths"].items():
        address = path
        for name, value in values.items():
            address = address.replace(name, value)
        answer = client.get(address)
        assert answer.status_code == 200, address
        form = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        Draft202012Validator({**form, "components": found["components"]}).validate(answer.json())
