"""A reader moves a number, gets the exact answer, shares it, comes back, prints."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.site.journeys.visitor import PHONE, SCREEN, Visitor

Visit = Callable[..., Visitor]


def test_a_reader_with_scripts(visit: Visit) -> None:
    reader = visit(width=PHONE, scheme="dark")
    page = reader.page
    reader.go("/")
    reader.follow("A threat")
    page.locator(".body a.claim").nth(1).click()
    box = page.locator("#a-gain input[type=number]")
    box.fill("-0.31")
    box.press("Enter")
    page.wait_for_selector("#answer [data-state=solved]")
    assert box.input_value() == "-0.31"  # Enter presses no − beside it
    reader.look()
    assert page.url.endswith("/a/threat/?s=gain=-0.31")
    told = reader.text("p[data-sentence]")

    other = visit(width=SCREEN)
    other.go(page.url.removeprefix(other.site.url))
    assert other.page.locator("#answer [data-state=solved]").is_visible()
    assert "numbers of a reader" in other.text("#case")
    assert other.text("p[data-sentence]").split(".")[0] in told

    page.keyboard.press("Escape")
    page.keyboard.press("0")
    page.wait_for_selector("#answer [data-state=author]")
    assert page.url.endswith("/a/threat/")
    _prints(reader)


@pytest.mark.parametrize(("width", "scheme", "value"), [(SCREEN, "light", "-0.32"), (PHONE, "dark", "-0.33")])
def test_a_reader_without_scripts(visit: Visit, width: int, scheme: str, value: str) -> None:
    reader = visit(scripts=False, width=width, scheme=scheme)
    page = reader.page
    reader.go("/")
    reader.follow("A threat")
    page.locator(".body a.claim").nth(1).click()
    page.locator("#a-gain input[type=number]").fill(value)
    if width == SCREEN:
        page.locator("#claim-wait").get_by_role("button", name="Show what this does").click()
    else:
        page.locator("#a-gain input[type=number]").press("Enter")
    reader.look()
    assert f"?s=gain={value}" in page.url
    reader.press("Solve it exactly")
    for _ in range(60):
        if page.locator("#answer [data-state=solved]").count():
            break
        page.wait_for_timeout(300)
        page.get_by_role("link", name="Look again").click()
    assert page.locator("#answer [data-state=solved]").is_visible()
    reader.look()
    reader.go(page.url.removeprefix(reader.site.url).split("#")[0])  # the address that is shared
    assert page.locator("#answer [data-state=solved]").is_visible()
    reader.follow("Back to the author's case")
    assert page.locator("#answer [data-state=author]").is_visible()
    _prints(reader)


def _prints(reader: Visitor) -> None:
    reader.page.emulate_media(media="print")
    assert "/a/threat/ · v" in reader.text(".print-only")
    assert not reader.page.locator("#comments").is_visible()
    assert reader.page.locator("#a-gain dl.judged").is_visible()
