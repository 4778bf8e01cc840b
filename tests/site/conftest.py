"""What the site's tests share: the database without the triggers that would keep tests from tidying up."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from parley.site.web.editions import Memo
from parley.site.web.moderation.append_only import disarm
from tests.site.egress import no_egress

__all__ = ["no_egress"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let tests that commit empty the tables afterwards; the test of the triggers sets them again."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for statement in disarm(connection.vendor):
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def _nothing_kept_in_memory() -> None:
    """Rolled-back tables give the same keys to other rows; what a process keeps by them goes with them."""
    Memo.forget_all()
