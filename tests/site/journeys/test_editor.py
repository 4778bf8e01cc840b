"""Editors: in by the second factor, the queue by keyboard alone, a removal that another editor takes back."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.site.accounts.visits import totp
from tests.site.journeys.test_reporter import a_comment
from tests.site.journeys.visitor import PHONE, SCREEN, Visitor
from tests.site.people import PASSWORD
from tests.site.real import RealSite

Visit = Callable[..., Visitor]


@pytest.mark.parametrize(
    ("scripts", "width", "scheme", "first", "second"),
    [(True, SCREEN, "light", "Judge2", "Judge0"), (False, PHONE, "dark", "Judge3", "Judge1")],
)
def test_editors(
    visit: Visit,
    site: RealSite,
    people: dict[str, dict[str, str]],
    scripts: bool,
    width: int,
    scheme: str,
    first: str,
    second: str,
) -> None:
    words = f"You are all fools, and {width} times so."
    bad = a_comment(site, people["Writer3"], words)
    good = a_comment(site, people["Writer2"], f"A treaty of {1900 + width} says otherwise.")
    for number in (bad, good):
        answer = site.post(f"/c/{number}/report", {"reason": "attack"}, people["Writer0"])
        assert answer.status in (200, 303), answer

    editor = visit(scripts=scripts, width=width, scheme=scheme)
    _signs_in(editor, first)
    _empties_the_queue(editor, bad)
    assert site.ask("SELECT state, clause FROM web_comment WHERE id = ?", bad) == [("removed", 1)]
    assert site.ask("SELECT state FROM web_comment WHERE id = ?", good) == [("visible",)]

    writer = visit("Writer3", scripts=scripts, width=width, scheme=scheme)
    writer.go("/account/notices/")
    assert "personal attack" in writer.text()
    writer.go(f"/c/{bad}/")
    writer.follow("Appeal")
    assert "clause 1" in writer.text()
    writer.page.get_by_label("Why it should be shown").fill("It is said of myself as much as of you.")
    writer.press("Appeal")

    editor.go(f"/queue/{bad}/")
    assert "another editor must decide" in editor.text(f"#q-{bad}")
    other = visit(second, scripts=scripts, width=width, scheme=scheme)
    other.go("/queue/?tab=appeal")
    _acts(other, bad, "restore", "a")
    assert site.ask("SELECT state FROM web_comment WHERE id = ?", bad) == [("visible",)]
    writer.go("/a/threat/")
    assert words in writer.text(f"#c-{bad}")


def _signs_in(editor: Visitor, name: str) -> None:
    """Sign in by keyboard alone."""
    page = editor.page
    editor.go("/accounts/login/?next=/queue/")
    editor.tab_to(page.get_by_label("Name or e-mail address"))
    page.keyboard.type(name)
    editor.tab_to(page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/2fa/authenticate/**")
    editor.look()
    editor.tab_to(page.locator("input[name=code]"))
    page.keyboard.type(totp())
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue/")
    editor.look()


def _empties_the_queue(editor: Visitor, bad: int) -> None:
    """Remove one comment and approve all others, from whatever waits."""
    page = editor.page
    last = time.monotonic() + 60
    while page.locator(".item[data-acts]:not(.done)").count():
        assert time.monotonic() < last, "the queue does not become empty"
        item = page.locator(".item[data-acts]:not(.done)").first
        number = int(item.get_attribute("data-comment") or 0)
        if number == bad:
            _acts(editor, number, "remove", "r", clause="1")
        else:
            acts = (item.get_attribute("data-acts") or "").split()
            _acts(editor, number, "approve" if "approve" in acts else "restore", "a")
    page.reload()
    editor.look()
    assert "The queue is empty." in editor.text()


def _acts(editor: Visitor, number: int, act: str, key: str, clause: str = "") -> None:
    """Decide by the keys of the page, or without scripts by the tabulator, the space bar and letters."""
    page = editor.page
    item = page.locator(f"#q-{number}")
    needs_words = item.get_attribute("data-answer") == "1"
    if editor.scripts:
        while page.evaluate("document.activeElement.closest('.item')?.id") != f"q-{number}":
            page.keyboard.press("j")
        page.keyboard.press(key)
        if clause:
            page.keyboard.press(clause)
        if needs_words:
            page.keyboard.type("Decided.")
            page.keyboard.press("Enter")
        page.wait_for_selector(f"#q-{number}.done")
        return
    if clause:
        editor.tab_to(item.locator("form.decide [name=clause]"))
        page.keyboard.type(clause)
    if needs_words:
        editor.tab_to(item.locator("[data-words]"))
        page.keyboard.type("Decided.")
    editor.tab_to(item.locator(f"form.decide button[value={act}]"))
    page.keyboard.press("Enter")
    page.wait_for_selector(".undo")
    editor.look()
