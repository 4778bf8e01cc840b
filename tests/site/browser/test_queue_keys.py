"""An editor works the queue by keyboard alone, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from parley.site.web.models import Account, Act, Comment, Note, Queue, Report, ReviewItem, State
from parley.site.web.moderation.claims import claim
from parley.site.web.moderation.consequences import open_item
from parley.site.web.moderation.decide import decide
from tests.site.moderation.desk import a_held_comment, a_report, an_appeal, an_editor
from tests.site.people import a_comment, an_account, an_article

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
Opened = Callable[..., "Page"]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('.item')?.id ?? document.activeElement.tagName"))


def settled(page: Page, comment: Comment) -> None:
    page.wait_for_selector(f"#q-{comment.pk}.done")


def state(comment: Comment) -> str:
    comment.refresh_from_db()
    return str(comment.state)


def test_the_queue_is_emptied_by_keyboard_and_the_focus_is_kept(signed_in: Opened) -> None:
    first, second, third = (a_held_comment() for _ in range(3))
    page = signed_in(an_editor(), "/queue/")
    assert focused(page) == f"q-{first.pk}"
    page.keyboard.press("j")
    assert focused(page) == f"q-{second.pk}"
    page.keyboard.press("k")
    page.keyboard.press("a")
    settled(page, first)
    assert state(first) == State.VISIBLE
    assert focused(page) == f"q-{second.pk}"
    page.keyboard.press("r")
    page.keyboard.press("3")
    settled(page, second)
    assert (state(second), second.clause) == (State.REMOVED, 3)
    assert focused(page) == f"q-{third.pk}"
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    assert state(third) == State.HELD
    page.keyboard.press("e")
    page.keyboard.type("Name the source, please.")
    page.keyboard.press("Enter")
    page.wait_for_selector("p[aria-live]:has-text('asked to change')", state="attached")
    assert Act.objects.filter(act="ask", subject_id=third.pk).exists()
    assert focused(page) == f"q-{third.pk}"
    page.keyboard.press("w")
    page.keyboard.type("Looks fine.")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#q-{third.pk} [data-notes] li", state="attached")
    assert Note.objects.get().text == "Looks fine."
    page.keyboard.press("a")
    settled(page, third)
    assert not ReviewItem.objects.filter(open=True).exists()
    assert page.locator("[data-tab=all] .count").inner_text() == "0"
    assert (
        page.evaluate("document.activeElement.textContent") == "Everything here is done: load what waits now"
    )
    page.keyboard.press("Enter")
    page.wait_for_selector("text=The queue is empty.")


def test_undo_puts_the_comment_and_the_focus_back(signed_in: Opened) -> None:
    first, second = a_held_comment(), a_held_comment()
    page = signed_in(an_editor(), "/queue/")
    page.keyboard.press("r")
    page.keyboard.press("1")
    settled(page, first)
    page.keyboard.press("u")
    page.wait_for_selector(f"#q-{first.pk}:not(.done)")
    assert state(first) == State.HELD
    assert focused(page) == f"q-{first.pk}"
    page.keyboard.press("a")
    settled(page, first)
    assert (state(first), state(second)) == (State.VISIBLE, State.HELD)


def test_ban_and_remove_everything_by_keyboard(signed_in: Opened) -> None:
    writer = an_account(name="Spammer")
    one, two = a_held_comment(writer), a_held_comment(writer)
    page = signed_in(an_editor(), "/queue/")
    page.keyboard.press("b")
    page.keyboard.type("spam")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    settled(page, one)
    writer.refresh_from_db()
    assert writer.banned_at is not None
    assert (state(one), state(two)) == (State.REMOVED, State.REMOVED)


def test_mute_takes_the_next_step_by_keyboard(signed_in: Opened) -> None:
    writer = an_account()
    a_held_comment(writer)
    page = signed_in(an_editor(), "/queue/")
    page.keyboard.press("m")
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast:has-text('may not write')")
    writer.refresh_from_db()
    assert (writer.silenced(), writer.mute_step) == (True, 1)


def test_illegal_content_asks_for_words_and_an_appeal_is_restored(signed_in: Opened) -> None:
    illegal = a_comment(an_article(), an_account())
    Report.objects.create(comment=illegal, reason=Report.Reason.ILLEGAL, receipt="r" * 20)
    open_item(illegal, Queue.ILLEGAL, ["illegal"])
    gone = decide(a_comment(an_article(), an_account()), "remove", an_editor(), 1, clause=1).comment
    an_appeal(gone)
    page = signed_in(an_editor(), "/queue/")
    assert focused(page) == f"q-{illegal.pk}"
    page.keyboard.press("a")
    page.keyboard.type("It is satire, and lawful.")
    page.keyboard.press("Enter")
    settled(page, illegal)
    assert Report.objects.get().decision == "It is satire, and lawful."
    page.keyboard.press("a")
    settled(page, gone)
    assert state(gone) == State.VISIBLE


def test_who_is_late_hears_who_was_quicker_and_nothing_is_changed(signed_in: Opened) -> None:
    comment = a_held_comment()
    page = signed_in(an_editor(), "/queue/")
    decide(comment, "approve", an_editor(name="Kim"), 1)
    page.keyboard.press("r")
    page.keyboard.press("1")
    page.wait_for_selector(".toast:has-text('Kim')")
    assert state(comment) == State.VISIBLE
    assert focused(page) == f"q-{comment.pk}"


def test_a_claim_of_another_editor_is_shown(signed_in: Opened) -> None:
    comment = a_held_comment()
    page = signed_in(an_editor(), "/queue/?tab=held")
    claim(comment.pk, an_editor(name="Kim"))
    page.wait_for_selector(f"#q-{comment.pk} [data-claim]:has-text('Kim is looking at it')")


def test_keys_are_changed_switched_off_and_kept(signed_in: Opened) -> None:
    comment = a_held_comment()
    page = signed_in(an_editor(), "/queue/")
    page.keyboard.press("?")
    page.wait_for_selector("dialog.keys[open]")
    page.fill("dialog.keys [data-key=approve]", "z")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.keys", state="detached")
    page.reload()
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert state(comment) == State.HELD
    page.keyboard.press("z")
    settled(page, comment)
    other = a_held_comment()
    page.reload()
    page.keyboard.press("?")
    page.check("dialog.keys [data-off]")
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    page.wait_for_timeout(300)
    assert state(other) == State.HELD


def test_enter_in_a_field_decides_nothing_and_the_page_works_without_a_script(signed_in: Opened) -> None:
    comment = a_held_comment()
    page = signed_in(an_editor(), "/queue/", java_script_enabled=False)
    page.fill(f"#words-{comment.pk}", "hello")
    page.press(f"#words-{comment.pk}", "Enter")
    assert state(comment) == State.HELD
    page.select_option(f"#clause-{comment.pk}", "4")
    page.click(f"#q-{comment.pk} button[value=remove]")
    page.wait_for_selector("text=is removed; its writer is told")
    assert state(comment) == State.REMOVED
    page.click("button[value=undo]")
    assert state(comment) == State.HELD


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_is_accessible_and_does_not_scroll_sideways(
    signed_in: Opened, width: int, scheme: str, tmp_path: Any
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    editor: Account = an_editor()
    comment = a_held_comment(an_account(name="Zaneera"), source="Long " + "word" * 60)
    a_report(comment, an_account(), text="He attacks me.")
    decide(a_comment(an_article(), an_account()), "remove", an_editor(), 1, clause=1)
    page = signed_in(editor, "/queue/", viewport={"width": width, "height": 900}, color_scheme=scheme)
    for path in (
        "/queue/",
        "/queue/people/Zaneera/",
        "/queue/words/",
        "/queue/articles/",
        "/queue/statistics/",
        "/log/",
        "/account/notices/",
    ):
        page.goto(re.sub(r"(https?://[^/]+).*", r"\1", page.url) + path)
        if path == "/queue/":
            for box in page.locator("details").all():
                box.evaluate("box => { box.open = true; }")
            page.keyboard.press("r")
            page.wait_for_selector("main .toast:has-text('number of the clause')")
        found = Axe().run(
            page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
        )
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        wide = page.evaluate(
            "[...document.querySelectorAll('main *')].filter(e => !e.closest('.wide')"
            " && e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 90)).slice(0, 5)"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, wide)
