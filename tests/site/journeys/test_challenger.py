"""Somebody signs up, challenges the argument, is held, is approved, and stands there with the effect."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.site.journeys.visitor import PHONE, SCREEN, Visitor
from tests.site.real import RealSite

Visit = Callable[..., Visitor]
WHY = "Ten years of waiting have made everything worse."


@pytest.mark.parametrize(
    ("scripts", "width", "scheme", "name", "value"),
    [(True, SCREEN, "dark", "Zaneera", "-0.55"), (False, PHONE, "light", "Brother Kenny", "-0.52")],
)
def test_a_challenger(
    visit: Visit, site: RealSite, scripts: bool, width: int, scheme: str, name: str, value: str
) -> None:
    reader = visit(scripts=scripts, width=width, scheme=scheme)
    _signs_up(reader, site, name)
    page = reader.page
    reader.go("/a/threat/challenge?claim=wait")
    page.locator("[name='v.gain']").fill(value)
    page.locator("[name='why.gain']").fill(WHY)
    for _ in range(3):  # one press is enough, unless this machine is very busy
        page.get_by_role("button", name="Show what it does").click()
        if page.locator("#step-3 ~ div .verdict").count():
            break
    assert "flips the advice" in reader.text("#step-3 ~ div .verdict")
    reader.look()
    assert page.locator("[name='why.gain']").input_value() == WHY
    page.locator("[name=text]").fill(f"To wait is to lose {value.strip('-')} each year.")
    reader.press("Post challenge")
    found = re.search(r"/c/(\d+)/", page.url)
    assert found, page.url
    number = found[1]
    assert "It waits for an editor" in reader.text()

    stranger = visit()
    stranger.go("/a/threat/")
    assert stranger.page.locator(f"#c-{number}").count() == 0
    editor = visit("Judge0", scripts=scripts, width=width)
    editor.go(f"/queue/{number}/")
    assert WHY in editor.text(f"#q-{number}")
    editor.page.locator(f"#q-{number}").get_by_role("button", name="Approve", exact=True).click()
    if scripts:
        editor.page.wait_for_selector(f"#q-{number}.done")
    editor.look()

    stranger.go("/a/threat/")
    shown = stranger.page.locator(f"#c-{number}")
    assert name in shown.inner_text()
    assert "flips the advice" in shown.locator(".verdict").inner_text()
    assert WHY in shown.inner_text()


def _signs_up(reader: Visitor, site: RealSite, name: str) -> None:
    address = f"{name.split()[0].lower()}@example.org"
    page = reader.page
    reader.go("/accounts/signup/?next=/a/threat/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password").fill("sieben zwerge im wald")
    reader.press("Sign up")
    code = re.search(r"^    (\S+)$", site.mail(address), re.MULTILINE)
    assert code
    page.get_by_label("Code").fill(code[1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/a/threat/")
    reader.look()
