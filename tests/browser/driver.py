"""One browser for the tests of a process: its driver runs in the thread of the tests, where one can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["shared_browser"]

_RUNNING: list[Any] = []  # driver and browser while there are users
_USERS: list[object] = []


@contextmanager
def shared_browser(program: str, arguments: list[str]) -> Iterator[Browser]:
    """Lend the browser; the first user starts it, the last one ends it."""
    from playwright.sync_api import sync_playwright

    user = object()
    if not _RUNNING:
        driver = sync_playwright().start()
        _RUNNING.extend([driver, driver.chromium.launch(executable_path=program, args=arguments)])
    _USERS.append(user)
    try:
        yield _RUNNING[1]
    finally:
        _USERS.remove(user)
        if not _USERS:
            driver, browser = _RUNNING
            _RUNNING.clear()
            browser.close()
            driver.stop()
