"""A reader reports what breaks the policy; a stranger reports what is illegal, and reads what comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.site.journeys.visitor import PHONE, SCREEN, Visitor
from tests.site.real import RealSite

Visit = Callable[..., Visitor]
CASES = [(True, PHONE, "light"), (False, SCREEN, "dark")]


def a_comment(site: RealSite, cookies: dict[str, str], words: str) -> int:
    """Post a comment of somebody known, which is shown at once; returns its number."""
    answer = site.post("/a/threat/comment", {"text": words, "do": "post"}, cookies)
    assert answer.status == 303, answer
    return int(answer.headers["location"].rpartition("c-")[2])


@pytest.mark.parametrize(("scripts", "width", "scheme"), CASES)
def test_a_reader_reports_a_comment(
    visit: Visit, site: RealSite, people: dict[str, dict[str, str]], scripts: bool, width: int, scheme: str
) -> None:
    number = a_comment(site, people["Writer0"], f"Whoever waits is a coward, seen at {width} pixels.")
    reader = visit("Writer1", scripts=scripts, width=width, scheme=scheme)
    page = reader.page
    reader.go("/a/threat/")
    page.locator(f"#c-{number} a[data-report]").click()
    if scripts:
        dialog = page.locator("dialog.report")
        dialog.get_by_text("personal attack").click()
        reader.look()
        dialog.get_by_role("button", name="Report").click()
        dialog.locator(".said:not(:empty)").wait_for()
        assert "Reported." in dialog.inner_text()
    else:
        page.get_by_label("personal attack").check()
        reader.press("Report")
        assert "Thank you" in reader.text("h1")
    reports = site.ask("SELECT reason, outcome FROM web_report WHERE comment_id = ?", number)
    assert reports == [("attack", "open")]


@pytest.mark.parametrize(("scripts", "width", "scheme"), CASES)
def test_a_stranger_reports_what_is_illegal(
    visit: Visit, site: RealSite, people: dict[str, dict[str, str]], scripts: bool, width: int, scheme: str
) -> None:
    number = a_comment(site, people["Writer2"], f"Here is how the fence is cut, in {width} steps.")
    stranger = visit(scripts=scripts, width=width, scheme=scheme)
    page = stranger.page
    stranger.go("/a/threat/")
    page.locator(f"#c-{number} a[data-report]").click()
    if scripts:
        page.locator("dialog.report").get_by_text("illegal content").click()
        page.locator("dialog.report").get_by_role("button", name="Report").click()
    page.wait_for_url(f"**/c/{number}/report*")
    stranger.look()
    page.get_by_label("Why it is illegal").fill("It tells how to break in, against section 111.")
    stranger.press("Report")
    stranger.follow("Where the decision will stand")
    assert re.search(r"/receipts/[\w-]{20,}/$", page.url)
    assert "has not decided yet" in stranger.text()

    editor = visit("Judge1", scripts=scripts, width=width)
    editor.go(f"/queue/{number}/")
    card = editor.page.locator(f"#q-{number}")
    card.locator("[name=clause]").first.select_option("6")
    card.locator("[data-words]").fill("It is removed: we agree.")
    card.get_by_role("button", name="Remove", exact=True).click()
    if scripts:
        editor.page.wait_for_selector(f"#q-{number}.done")
    editor.look()
    page.reload()
    stranger.look()
    assert "It is removed: we agree." in stranger.text()
    stranger.go("/a/threat/")
    assert "fence is cut, in" not in stranger.text(f"#c-{number}")
