"""One real site for all journeys, and browsers to visit it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import browser, program
from tests.site.journeys.visitor import Visitor
from tests.site.packages import a_text
from tests.site.real import RealSite

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser", "people", "program", "site", "visit"]

PEOPLE: list[dict[str, Any]] = [
    *({"name": f"Writer{n}", "points": 10} for n in range(4)),
    *({"name": f"Judge{n}", "role": "editor", "password": True} for n in range(4)),
    {"name": "Author", "role": "author"},
]


@pytest.fixture(scope="session")
def site(program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealSite]:
    """A served site whose article's advice a reader can turn."""
    if sys.platform != "linux":
        pytest.skip("looks at processes by /proc")
    text = a_text().replace("gain: {range: [0.0, 0.5]", "gain: {range: [-0.6, 0.9]")
    made = RealSite(tmp_path_factory.mktemp("journeys"), options=("--workers", "1"), text=text)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def people(site: RealSite) -> dict[str, dict[str, str]]:
    """The cookies of people who are signed in, once the numbers of the article are there."""
    found = site.people(PEOPLE)
    site.solved()
    return found


@pytest.fixture
def visit(
    browser: Browser, site: RealSite, people: dict[str, dict[str, str]]
) -> Iterator[Callable[..., Visitor]]:
    """Open a browser, as nobody or as somebody; in the end nothing may have been broken."""
    visitors: list[Visitor] = []

    def open_(who: str = "", **options: Any) -> Visitor:
        visitors.append(Visitor(browser, site, cookies=people[who] if who else {}, **options))
        return visitors[-1]

    yield open_
    for each in visitors:
        each.close()
