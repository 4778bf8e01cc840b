"""Check 12, editors' pages: nothing changes by GET or HEAD, whatever the address says."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from parley.site.web.models import Report
from parley.site.web.moderation.sanctions import mute
from parley.site.web.views import house, log, notices, people, queue
from tests.site.moderation.desk import a_held_comment, a_report, an_editor, desk_of
from tests.site.people import an_account

pytestmark = pytest.mark.django_db
ASKED = "?act=approve&revision=1&clause=1&chosen=1:1&typed=ban&seen=0&text=x&list=suspect&add=x&to=close"


def everything() -> dict[str, list[Any]]:
    """Return all rows of all of our tables; a session may note that it was used."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in apps.get_app_config("web").get_models()
    }


@pytest.mark.parametrize("method", ["get", "head"])
def test_check_12_no_address_of_the_editors_changes_anything_when_it_is_read(method: str) -> None:
    writer, editor = an_account(name="Zaneera"), an_editor()
    comment = a_held_comment(writer)
    a_report(comment, reason=Report.Reason.ILLEGAL, receipt="r" * 20)
    sanction = mute(writer, an_editor(), seen=0, clause=1)
    client = desk_of(editor)
    values: dict[str, Any] = {
        "comment": comment.pk,
        "name": "Zaneera",
        "sanction": sanction.pk,
        "slug": comment.article.slug,
        "seq": 1,
        "receipt": "r" * 20,
    }
    before, asked = everything(), 0
    routes = [*queue.addresses, *people.addresses, *house.addresses, *log.addresses, *notices.addresses]
    for route in routes:
        names = route.pattern.converters
        given = {name: values[name] for name in names if name in values}
        if route.name == "queue-export":
            given = {"name": "decisions"}
        address = reverse(str(route.name), kwargs=given) + ASKED
        answer = getattr(client, method)(address)
        if answer.streaming:
            list(answer)
        assert answer.status_code in {200, 302, 400, 405}, f"{address}: {answer.status_code}"
        if "POST" in route.callback.methods:  # type: ignore[attr-defined]
            assert answer.status_code == 405, f"{address} answers {method}"
        asked += 1
    assert asked == len(routes) >= 20
    assert everything() == before
