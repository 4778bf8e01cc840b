"""How a page looks, in numbers: measured in the page, and judged by axe-core.

axe-core is Deque's, under the Mozilla Public License 2.0; the package axe-playwright-python brings it along,
and only these tests use it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["APPEARANCES", "Appearance", "absent", "measured", "offences"]

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Appearance:
    """How wide a screen is, in CSS pixels, and whether it is night."""

    width: int
    scheme: str

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


APPEARANCES = [Appearance(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]


def absent(what: str) -> NoReturn:
    """Skip a test for want of something, or fail it where everything must be there."""
    if os.environ.get("PARLEY_BROWSER_TESTS") == "demand":
        pytest.fail(f"PARLEY_BROWSER_TESTS=demand, and {what}", pytrace=False)
    pytest.skip(what)


def measured(page: Page) -> dict[str, Any]:
    """Return what :file:`measure.js` finds on a page."""
    found: dict[str, Any] = page.evaluate(MEASURE)
    return found


def offences(page: Page) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 at levels A and AA and against its own best practices."""
    from axe_playwright_python.sync_playwright import Axe

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}
    results = Axe().run(page, options=options)
    return [
        f"{each['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for each in results.response["violations"]
        for node in each["nodes"]
    ]
