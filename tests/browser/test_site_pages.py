"""The public pages in a real browser: looks, use by everybody, the script under its policy."""

from __future__ import annotations

import json
import re
import struct
import time
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from parley.site.render.compose import article_page
from parley.site.render.environment import STATIC, render
from parley.site.render.policy import CLAUSES, WELCOME
from parley.site.render.views import FrontItem, FrontPage
from tests.browser.looks import Appearance, measured, offences
from tests.browser.site_pages import Served
from tests.site.render import samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OTHERS = ("/unsolved/", "/closed/", "/front/", "/policy/", "/error/", "/message/")
WIDTHS = (320, 360, 768, 1280)
SEEN = [  # the article in every appearance, the others where they differ most
    *(("/a/talks/", Appearance(width, scheme)) for width in WIDTHS for scheme in ("light", "dark")),
    *(
        (path, Appearance(width, scheme))
        for path in OTHERS
        for width, scheme in ((320, "light"), (1280, "dark"))
    ),
]
ARTICLE = "/a/talks/"
DESK = Appearance(1280, "light")
REFUSAL = "status of 422"  # a browser notes every refusal
OWN = {"id": 99, "href": "/c/99", "state_words": "held for an editor", "reasons": ["a first comment"]}
# Takes away what is read aloud but not seen, and what is pinned over the page on purpose.
UNSEEN = """() => {
document.querySelectorAll('.skips,.visually-hidden,.trap,.verdict-bar').forEach(e => e.remove());
document.querySelectorAll('.margin, .model').forEach(e => {
e.style.position = 'static'; e.style.maxHeight = 'none'; }); }"""


def png(width: int, height: int) -> bytes:
    """A grey picture of a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\x99" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def solved(sent: Any) -> tuple[int, dict[str, object]]:
    """What the server answers for a reader's numbers."""
    effect = samples.effect(better=0.3, worse=0.6, chip="flips")
    first = effect.criteria[0]
    return 200, {
        "status": "solved",
        "sentence": f"Solved for {sent['s']}.",
        "message": "The advice flips: C to A.",
        "brief": "C beats A in 30 of 100 runs",
        "effect": {"advice": first.advice, "chip": first.chip},
        "picture": {each.policy: list(each.dots) for each in first.policies},
        "ms": 120,
    }


def files() -> dict[str, bytes]:
    numbers = samples.numbers()
    page = article_page(samples.edition(), samples.around(), numbers)
    item = FrontItem("/a/talks/", page.title, page.question, page.published, advice="C", challenges=3)
    pages = {
        ARTICLE: render("article.html", page=page),
        "/unsolved/": render("article.html", page=replace(page, answer=None, flips=(), figures=())),
        "/closed/": render("article.html", page=replace(page, open=False, comments=(), challenges=())),
        "/front/": render("front.html", page=FrontPage((item, item))),
        "/policy/": render("policy.html", welcome=WELCOME, clauses=CLAUSES),
        "/error/": render("error.html", code=404),
        "/message/": render("message.html", title="Thank you", text="An editor will read it."),
        "/me": json.dumps(
            {"name": "Zaneera", "role": "editor", "unread": 3, "marks": {"21": ["advances"]}, "unseen": [OWN]}
        ),
    }
    found = {name: text.encode() for name, text in pages.items()}
    for each in STATIC.iterdir():
        found[f"/static/{each.name}"] = each.read_bytes()
    for picture in samples.edition().pictures:
        found[f"/a/talks/pictures/{picture.file}"] = png(picture.width, picture.height)
    keys = {each.name: each.key for each in samples.ASSUMPTIONS}
    for sweep in numbers.sweeps:
        found[f"/a/talks/sweeps/{keys[sweep.assumption]}"] = b64decode(sweep.data)
    return found


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    posts: dict[str, Callable[[Any], tuple[int, Mapping[str, object]]]] = {
        "/a/talks/solve": solved,
        "/c/21/mark": lambda _: (200, {"count": 12, "set": True}),
        "/c/21/report": lambda _: (200, {"message": "Reported. Thank you."}),
    }
    with Served(files(), posts) as server:
        yield server


class Tab:
    """A page that is open, and everything that went wrong in it."""

    def __init__(self, page: Page, wrong: list[str]) -> None:
        self.page, self.wrong = page, wrong


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Any]:
    """Open a page; when the test ends, nothing may have gone wrong in it."""
    tabs: list[Tab] = []
    contexts = []

    def go(path: str, appearance: Appearance = DESK, **more: Any) -> Page:
        context = browser.new_context(
            viewport={"width": appearance.width, "height": 900},
            color_scheme=appearance.scheme,  # type: ignore[arg-type]
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        wrong: list[str] = []
        page.on("console", lambda message: None if REFUSAL in message.text else wrong.append(message.text))
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.on(
            "request", lambda asked: None if asked.url.startswith(served.base) else wrong.append(asked.url)
        )
        page.goto(served.base + path)
        tabs.append(Tab(page, wrong))
        return page

    yield go
    for context in contexts:
        context.close()
    assert [fault for tab in tabs for fault in tab.wrong] == []


@pytest.mark.parametrize(("path", "appearance"), SEEN, ids=str)
def test_every_page_can_be_read_and_used_by_everybody(visit: Any, path: str, appearance: Appearance) -> None:
    page = visit(path, appearance)
    page.evaluate(
        "document.querySelectorAll('details').forEach(each => { each.name = ''; each.open = true })"
    )
    assert offences(page) == []
    page.evaluate(UNSEEN)
    found = measured(page)
    assert found["sideways"] <= 0, "the page scrolls sideways"
    assert found["overlaps"] == []
    assert found["clipped"] == []
    assert found["smallest"][0] >= 9.5, found["smallest"]


@pytest.mark.parametrize("path", [ARTICLE, "/policy/"])
def test_text_is_large_and_its_lines_are_short(visit: Any, path: str) -> None:
    page = visit(path, Appearance(1280, "light"))
    size, width = page.evaluate(
        """() => { const p = document.querySelector('.body p, main p.lead ~ p, main li');
        const style = getComputedStyle(p); const probe = document.createElement('span'); probe.textContent =
        '0'; p.append(probe); const one = probe.getBoundingClientRect().width; probe.remove();
        return [parseFloat(style.fontSize), p.getBoundingClientRect().width / one]; }"""
    )
    assert size >= 18
    assert width <= 76  # digits; about 66 letters


def test_the_article_reads_without_a_script(visit: Any) -> None:
    page = visit(ARTICLE, java_script_enabled=False)
    link = page.locator(".body a.claim").nth(1)
    link.click()
    assert page.url.endswith("#claim-strike")
    box = page.locator("#a-q_other input[type=number]")
    assert box.is_visible(), "a link to a card opens it without a script"
    box.fill("0.5")
    page.locator("#claim-strike button", has_text="Show what this does").click()
    assert "v.q_other=0.5" in page.url
    assert page.locator("[data-me] a").inner_text() == "Your account"


def test_moving_an_assumption_shows_an_estimate_at_once_and_then_the_exact_answer(
    visit: Any, served: Served
) -> None:
    page = visit(ARTICLE)
    page.click("#p-strike")
    slider = page.locator("#a-q_other input[type=range]")
    slider.focus()
    page.wait_for_timeout(200)  # the sweep has come
    states = page.evaluate(
        """async () => { const slider = document.querySelector('#a-q_other input[type=range]');
        const state = document.querySelector('[data-state]'); const sentence =
        document.querySelector('p[data-sentence]'); const began = performance.now(); slider.value = 0.25;
        slider.dispatchEvent(new Event('input', {bubbles: true})); while (state.dataset.state !==
        'estimate') await new Promise(requestAnimationFrame);
        return [performance.now() - began, sentence.textContent]; }"""
    )
    assert states[0] < 50, "milliseconds until the estimate is drawn"
    assert "35 of 100 runs, worse in 60" in states[1]
    page.wait_for_selector("[data-state=solved]")
    assert (
        page.locator("p[data-sentence]").inner_text() == "The advice flips: C to A. Solved for q_other=0.25."
    )
    assert page.locator("[data-advice]").first.inner_text() == "A status quo"
    assert page.locator("[data-live]").text_content() == "The advice flips: C to A. Solved for q_other=0.25."
    assert page.url.endswith("?s=q_other=0.25")
    link = page.locator("#claim-strike [data-challenge]").get_attribute("href") or ""
    assert link.endswith("/challenge?claim=strike&s=q_other%3D0.25"), (
        "a challenge begins with the numbers shown"
    )
    page.go_back()
    page.wait_for_selector("[data-state=author]")
    assert page.locator("#a-q_other input[type=number]").input_value() == "0.17"


def test_an_older_answer_never_replaces_a_newer_one(visit: Any, served: Served) -> None:
    def slow(sent: Any) -> tuple[int, dict[str, object]]:
        if "0.3" in sent["s"]:
            time.sleep(0.8)
        return solved(sent)

    served.posts["/a/talks/solve"] = slow
    page = visit(ARTICLE)
    page.click("#p-strike")
    box = page.locator("#a-q_other input[type=number]")
    box.fill("0.3")
    box.blur()
    page.wait_for_timeout(300)
    box.fill("0.6")
    box.blur()
    page.wait_for_selector("[data-state=solved]")
    page.wait_for_timeout(900)
    assert "q_other=0.6" in page.locator("p[data-sentence]").inner_text()
    served.posts["/a/talks/solve"] = solved


def test_an_answer_that_takes_long_is_asked_for_again(visit: Any, served: Served) -> None:
    served.posts["/a/talks/solve"] = lambda sent: (202, {"status": "queued", "poll": "/a/talks/solve?s=x"})
    served.files["/a/talks/solve"] = json.dumps(solved({"s": "polled"})[1]).encode()
    page = visit(ARTICLE)
    page.click("#p-list")
    page.click("#a-commit .step >> nth=1")
    page.wait_for_selector("[data-state=solved]")
    assert "polled" in page.locator("p[data-sentence]").inner_text()
    served.posts["/a/talks/solve"] = solved


def test_refused_numbers_say_why(visit: Any, served: Served) -> None:
    served.posts["/a/talks/solve"] = lambda sent: (422, {"error": "q_other: lies between 0 and 1"})
    page = visit(ARTICLE)
    page.click("#p-list")
    page.click("#a-commit .step >> nth=0")
    page.wait_for_selector("[data-state=refused]")
    assert page.locator("p[data-sentence]").inner_text() == "q_other: lies between 0 and 1"
    served.posts["/a/talks/solve"] = solved


def test_the_script_draws_the_dots_that_the_server_draws(visit: Any) -> None:
    """Moving away and back gives the very picture that came with the page."""
    page = visit(ARTICLE)
    drawn = "() => document.querySelector('.picture .dots').innerHTML.replace(/\\s+/g, ' ')"
    before = page.evaluate(drawn)
    page.click("#p-strike")
    page.click("#a-q_other .step >> nth=1")
    page.wait_for_selector("[data-state=solved]")
    assert page.evaluate(drawn) != before
    assert page.locator(".dots .before").count() == 3, "the author's medians stand beside a reader's dots"
    page.keyboard.press("Escape")
    page.locator("#p-strike").focus()
    page.keyboard.press("0")
    page.wait_for_selector("[data-state=author]")

    def bare(svg: str) -> str:
        svg = re.sub(r"<desc>.*?</desc>", "", svg)
        return re.sub(r'(x1|x2|y1|y2|x|y)="[^"]*"', "", svg).replace(" ", "")

    assert bare(page.evaluate(drawn)) == bare(before)


def test_claims_and_cards_by_keyboard(visit: Any) -> None:
    page = visit(ARTICLE)
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "p-strike"
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.id") == "p-talks"
    page.keyboard.press("Enter")
    assert page.locator("details.card[open]").get_attribute("data-claim") == "talks"
    page.keyboard.press("Escape")
    assert page.locator("details.card[open]").count() == 0
    assert page.evaluate("document.activeElement.id") == "p-talks", "the focus comes back"
    page.keyboard.press("?")
    dialog = page.locator("dialog.keys")
    assert dialog.is_visible()
    assert offences(page) == []
    dialog.locator("input").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") != "p-strike", "single keys are switched off"
    page.reload()
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "", "and stay off"


def test_on_a_phone_a_card_is_a_sheet_that_leaves_the_advice_in_view(visit: Any) -> None:
    page = visit(ARTICLE, Appearance(360, "light"))
    page.click("#p-strike")
    sheet = page.locator("details.card.sheet").bounding_box()
    bar = page.locator(".verdict-bar").bounding_box()
    assert sheet is not None
    assert bar is not None
    assert sheet["height"] <= 0.6 * 900 + 1
    assert bar["y"] + bar["height"] == pytest.approx(900, abs=1)
    assert sheet["y"] + sheet["height"] <= bar["y"] + 2
    page.keyboard.press("Escape")
    assert page.locator("details.card.sheet").count() == 0


def test_what_is_the_readers_own_comes_afterwards(visit: Any) -> None:
    page = visit(ARTICLE)
    page.wait_for_selector(".unread")
    assert page.locator("[data-me]").inner_text() == "Zaneera 3"
    assert page.locator("a[href='/queue/']").count() == 1
    assert page.locator("#c-21 [data-mark=advances]").get_attribute("aria-pressed") == "true"
    assert page.locator("[data-own] li").inner_text() == "#99 held for an editor · a first comment"


def test_a_mark_and_a_report_without_leaving_the_page(visit: Any, served: Served) -> None:
    page = visit(ARTICLE)
    mark = page.locator("#c-21 > .acts [data-mark=convinced]")
    mark.click()
    page.locator("#c-21 > .acts [data-mark=convinced][aria-pressed=true]").wait_for()
    assert "12" in mark.inner_text()
    page.locator("#c-21 > .acts [data-report]").click()
    dialog = page.locator("dialog.report")
    assert dialog.is_visible()
    assert dialog.locator("[data-only-challenges]").count() == 0
    assert offences(page) == []
    dialog.get_by_text("personal attack").click()
    dialog.get_by_role("button", name="Report").click()
    dialog.locator(".said:not(:empty)").wait_for()
    assert dialog.locator(".said").inner_text() == "Reported. Thank you."
    dialog.get_by_role("button", name="OK").click()
    assert dialog.count() == 0
    assert page.url == served.base + ARTICLE


def test_a_draft_is_kept_on_this_machine(visit: Any) -> None:
    page = visit(ARTICLE)
    page.fill("#write-text", "Half a thought")
    page.reload()
    assert page.input_value("#write-text") == "Half a thought"


def test_nothing_moves_while_the_page_loads(visit: Any) -> None:
    page = visit(ARTICLE)
    page.wait_for_timeout(300)
    shifts = page.evaluate(
        """() => new Promise(done => { const all = []; new PerformanceObserver(list => { for (const each of
        list.getEntries()) all.push([each.value, each.sources.map(one => one.node && one.node.outerHTML)]); })
        .observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(all), 200); })"""
    )
    assert sum(each[0] for each in shifts) < 0.0005, shifts  # the reader's own name in the head


def test_colours_that_the_reader_forces(visit: Any) -> None:
    page = visit(ARTICLE, forced_colors="active")
    assert measured(page)["sideways"] <= 0
    stroke = page.evaluate("getComputedStyle(document.querySelector('.dots .advised .dot')).stroke")
    other = page.evaluate("getComputedStyle(document.querySelector('.dots .row:not(.advised) .dot')).stroke")
    assert stroke != other


def test_on_paper_the_claims_are_open_and_the_debate_stays_away(visit: Any) -> None:
    page = visit(ARTICLE, Appearance(673, "light"))
    page.emulate_media(media="print")
    assert page.locator("#a-q_other dl.judged").is_visible()
    assert page.locator(".print-only").is_visible()
    for gone in (
        "#comments",
        "#challenges",
        ".site-head nav",
        ".verdict-bar",
        "#a-q_other input[type=range]",
    ):
        assert not page.locator(gone).first.is_visible(), gone
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
