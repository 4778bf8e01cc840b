"""Check 12: no route changes anything by GET or HEAD, whoever asks."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

from parley.site.web.models import Role, State
from tests.site.checks.routes import address, finished, routes
from tests.site.people import a_comment, an_account, an_article

SLUG = "an-article"
ROUTES = sorted(routes(), key=lambda each: each[0])
# What a request leaves behind by itself: a session, the buckets of limits, the form of a sign-in under way.
OWN = ("django_session", "web_bucket")
CHANGE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, Role.READER, Role.ADMIN])
@pytest.mark.parametrize(("whole", "route"), ROUTES, ids=[whole for whole, _ in ROUTES])
def test_check_12_get_and_head_change_nothing(whole: str, route: URLPattern, role: str | None) -> None:
    article = an_article(SLUG)
    account = an_account(role or Role.READER)
    comment = a_comment(article, account, state=State.VISIBLE)
    client = Client(raise_request_exception=False)
    if role is not None:
        client.force_login(account)
    known = {"slug": SLUG, "key": comment.pk, "pk": comment.pk, "n": 1, "name": account.name}
    known |= {"id": comment.pk, "number": comment.pk, "comment": comment.pk}
    for method in (client.get, client.head):
        with CaptureQueriesContext(connection) as caught:
            finished(method(address(whole, **known)))
        changed = [found[1] for each in caught if (found := CHANGE.match(each["sql"]))]
        assert [table for table in changed if table not in OWN] == [], whole
