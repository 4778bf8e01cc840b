"""What the tests of the site in a real browser share: the browser, and somebody signed in in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client

from parley.site.web.models import Account
from tests.browser.conftest import browser, program

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# The browser's driver runs a loop in the thread of the test, where Django would refuse its database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

__all__ = ["browser", "program", "signed_in"]


@pytest.fixture
def signed_in(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Open a page of the site as somebody; no script may fail, nothing may break the policy."""
    faults: list[str] = []
    contexts = []

    def open_(account: Account, path: str, **options: Any) -> Page:
        client = Client()
        client.force_login(account)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda fault: faults.append(f"error: {fault}"))
        page.on(
            "console",
            lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None,
        )
        page.goto(live_server.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not faults
