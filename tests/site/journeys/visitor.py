"""Somebody with a browser, and what must hold on every page that they come to."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request

    from tests.site.real import RealSite

__all__ = ["PHONE", "SCREEN", "Visitor"]

PHONE, SCREEN = 360, 1280
# The browser says to its console what the policy forbids, with scripts or without; an event comes besides.
LISTEN = """addEventListener('securitypolicyviolation',
event => console.error('Content Security Policy: ' + event.violatedDirective + ' ' + event.blockedURI));"""
# What a browser notes by itself when an answer is a refusal that the journey wants.
_WANTED = "Failed to load resource"

_WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


def _offences(page: Page) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 at levels A and AA."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        f"{each['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for each in Axe().run(page, options=_WCAG).response["violations"]
        for node in each["nodes"]
    ]


@dataclass
class Visitor:
    """A reader's browser on a served site.

    Attributes
    ----------
    scripts
        Whether it runs them.
    width, scheme
        Of its screen: 360 or 1280 pixels, ``light`` or ``dark``.
    cookies
        Of somebody who is signed in already.
    """

    browser: Browser
    site: RealSite
    scripts: bool = True
    width: int = SCREEN
    scheme: str = "light"
    cookies: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.faults: list[str] = []
        self._options: dict[str, Any] = {
            "viewport": {"width": self.width, "height": 800},
            "color_scheme": self.scheme,
        }
        self.context: BrowserContext = self.browser.new_context(
            java_script_enabled=self.scripts, **self._options
        )
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.site.url} for name, value in self.cookies.items()]
        )
        self.context.on("request", self._asked)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("pageerror", lambda fault: self.faults.append(f"a script failed: {fault}"))
        self.page.on("console", lambda said: self._noted(said.type, said.text))
        if self.scripts:
            self.page.add_init_script(LISTEN)

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if (
            address.scheme not in ("data", "about", "blob")
            and address.netloc != f"localhost:{self.site.port}"
        ):
            self.faults.append(f"another host was asked: {request.url}")

    def _noted(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith(_WANTED):
            self.faults.append(f"{self.page.url}: {text}")

    def go(self, path: str) -> None:
        """Open a page, and look at it."""
        self.page.goto(self.site.url + path)
        self.look()

    def look(self) -> None:
        """Hold the page to account: usable by everybody, no wider than the screen, nothing broken."""
        self.page.wait_for_load_state()
        with self._to_be_judged() as page:
            found = _offences(page)
            assert not found, f"{self.page.url}: {found}"
        wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{self.page.url} is {wider} pixels wider than the screen"
        assert self.faults == []

    @contextmanager
    def _to_be_judged(self) -> Iterator[Page]:
        """Hand out the page, or its twin: the judge is a script, and does not run where none may."""
        if self.scripts:
            yield self.page
            return
        content, address = self.page.content(), self.page.url
        with closing(self.browser.new_context(**self._options)) as context:
            context.route("**/*.js", lambda route: route.abort())
            context.route(
                address.split("#")[0], lambda route: route.fulfill(body=content, content_type="text/html")
            )
            twin = context.new_page()
            twin.goto(address)
            yield twin

    def press(self, name: str) -> None:
        """Press a button of the page by its words, and look at what comes."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.look()

    def follow(self, name: str) -> None:
        """Follow a link by its words, and look at what comes."""
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.look()

    def tab_to(self, target: Locator) -> None:
        """Press the tabulator until something has the focus."""
        for _ in range(200):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the tabulator does not lead to {target}")

    def text(self, where: str = "main") -> str:
        """Return the words of a part of the page."""
        return self.page.locator(where).first.inner_text()

    def close(self) -> None:
        """Leave; nothing may have been broken on the way."""
        self.context.close()
        assert self.faults == []
