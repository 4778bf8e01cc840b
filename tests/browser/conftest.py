"""What the tests in a real browser share: the browser, pages in all their appearances.

They need a Chromium, Chrome or Edge on the machine (``PARLEY_BROWSER`` names another one) and the dependency
group ``browser``. Without them they are skipped and say what to install; with ``PARLEY_BROWSER_TESTS=demand``
they fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parley.cli.browser import SILENT, find_browser
from tests.browser.driver import shared_browser
from tests.browser.looks import Appearance, absent

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MISSING_BROWSER = (
    "no Chromium, Chrome or Edge on this machine. On Debian and Ubuntu type: "
    "sudo apt-get install chromium fonts-liberation (or name one in PARLEY_BROWSER)"
)
MISSING_DRIVER = "playwright and axe-playwright-python are missing: pip install --group browser"


@pytest.fixture(scope="session")
def program() -> str:
    """Where the browser is."""
    found = find_browser()
    return found if found else absent(MISSING_BROWSER)


@pytest.fixture(scope="session")
def browser(program: str) -> Iterator[Browser]:
    """A browser of the session's own."""
    if find_spec("playwright") is None:
        absent(MISSING_DRIVER)
    # Tests may run as root, as they do in a container; Chromium has no sandbox there.
    with shared_browser(program, [*SILENT, "--no-sandbox"]) as shared:
        yield shared


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[Path, Appearance], Page]]:
    """Open a file in an appearance; when the test ends, nothing else may have been asked for."""
    asked: list[str] = []
    contexts = []

    def open_(file: Path, appearance: Appearance) -> Page:
        context = browser.new_context(
            viewport={"width": appearance.width, "height": 900},
            color_scheme=appearance.scheme,  # type: ignore[arg-type]
            bypass_csp=False,
            offline=True,
        )
        contexts.append(context)
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("pageerror", lambda fault: asked.append(f"error: {fault}"))
        page.goto(file.as_uri())
        allowed.add(file.as_uri())
        return page

    allowed: set[str] = set()
    yield open_
    for context in contexts:
        context.close()
    assert set(asked) <= allowed, "the page asked for something else"
