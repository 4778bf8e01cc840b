"""The three readings of the lead picture in a real browser: tabs, curves that move, runs one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.looks import Appearance, measured, offences
from tests.browser.site_pages import Served
from tests.browser.test_site_pages import ARTICLE, DESK, UNSEEN, files, solved
from tests.site.render import samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

READER = samples.effect(better=0.3, worse=0.6, chip="flips").criteria[0].policies
_NUMBER = re.compile(r"\d+\.?\d*")
DRAWN = """name => document.querySelector(`.${name}`).innerHTML.replace(/\\s+/g, ' ')
.replace(/<(\\w+)([^>]*)\\/>/g, '<$1$2></$1>')"""


def with_runs(sent: Any) -> tuple[int, dict[str, object]]:
    """What the server answers for a reader's numbers, with the reader's runs."""
    code, told = solved(sent)
    return code, {**told, "runs": {each.policy: list(each.runs) for each in READER}}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    posts: dict[str, Callable[[Any], tuple[int, Mapping[str, object]]]] = {"/a/talks/solve": with_runs}
    with Served(files(), posts) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Any]:
    """Open a page; when the test ends, nothing may have gone wrong in it."""
    served.posts["/a/talks/solve"] = with_runs
    contexts, wrong = [], []

    def go(path: str = ARTICLE, appearance: Appearance = DESK, **more: Any) -> Page:
        context = browser.new_context(
            viewport={"width": appearance.width, "height": 900},
            color_scheme=appearance.scheme,  # type: ignore[arg-type]
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(served.base + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert wrong == []


def shown(page: Page) -> list[str]:
    """Return which of the readings can be seen."""
    names = ("dots", "curve", "runs")
    return [name for name in names if page.locator(f"#as-{name} .picture svg").is_visible()]


def run(page: Page) -> int:
    found = re.match(r"Run (\d+) of 100\. [ABC, ]+ ends? ", page.locator("[data-run]").inner_text())
    assert found is not None, page.locator("[data-run]").inner_text()
    return int(found[1])


def marks(page: Page) -> list[float]:
    """Return where the marks of the run at hand stand, by policy."""
    found = page.eval_on_selector_all(".runs .row .now", "all => all.map(each => each.getAttribute('d'))")
    return [float(re.findall(r"M([\d.]+)", each)[0]) for each in found]


def parts(svg: str) -> tuple[list[str], list[float]]:
    """Return what is drawn, and where, in the order of its attributes' names."""
    svg = re.sub(r"<desc>.*?</desc>", "", svg).replace("−", "-")
    found = sorted(re.findall(r'\b(?:d|x|y|x1|y1|class|stroke-width)="[^"]*"|>[^<]+<', svg), key=_bare)
    return [_bare(each) for each in found], [float(each) for each in _NUMBER.findall(" ".join(found))]


def _bare(part: str) -> str:
    return _NUMBER.sub("#", part)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("reading", ["dots", "curve", "runs"])
def test_every_reading_can_be_read_and_used_by_everybody(
    visit: Any, reading: str, width: int, scheme: str
) -> None:
    page = visit(appearance=Appearance(width, scheme))
    page.click(f"#as-{reading}-tab")
    assert shown(page) == [reading]
    assert offences(page) == []
    page.evaluate(UNSEEN)
    found = measured(page)
    assert found["sideways"] <= 0
    assert found["overlaps"] == []
    assert found["clipped"] == []


def test_the_tabs_follow_the_keys_of_the_pattern(visit: Any) -> None:
    page = visit()
    assert page.get_by_role("tablist").get_attribute("aria-label") == "Ways to see the outcomes"
    tabs = page.get_by_role("tab")
    assert [tabs.nth(each).get_attribute("tabindex") for each in range(3)] == ["0", "-1", "-1"]
    tabs.first.focus()
    for key, reading in (
        ("ArrowRight", "curve"), ("ArrowRight", "runs"), ("ArrowRight", "dots"), ("ArrowLeft", "runs"),
        ("Home", "dots"), ("End", "runs"),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert shown(page) == [reading]
        assert page.evaluate("document.activeElement.getAttribute('aria-controls')") == f"as-{reading}"
        assert page.locator("[role=tab][aria-selected=true]").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.panel').id") == "as-runs"


def test_the_chosen_reading_is_remembered_and_nothing_moves(visit: Any) -> None:
    page = visit()
    page.click("#as-runs-tab")
    page.reload()
    assert shown(page) == ["runs"]
    shifts = page.evaluate(
        """() => new Promise(done => { let sum = 0; new PerformanceObserver(list => { for (const each of
        list.getEntries()) if (each.sources.some(one => one.node && document.querySelector('.margin')
        .contains(one.node))) sum += each.value; })
        .observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 300); })"""
    )
    assert shifts == 0
    other = visit()
    assert shown(other) == ["dots"], "another tab of the browser starts with the dots"


@pytest.mark.parametrize("width", [360, 1280])
def test_another_reading_moves_nothing_below(visit: Any, width: int) -> None:
    page = visit(appearance=Appearance(width, "light"))
    place = "document.querySelector('.behind').getBoundingClientRect().top + scrollY"
    before = page.evaluate(place)
    for reading in ("curve", "runs"):
        page.click(f"#as-{reading}-tab")
        assert page.evaluate(place) == pytest.approx(before, abs=0.5)


def test_without_a_script_each_reading_has_an_address(visit: Any) -> None:
    page = visit(java_script_enabled=False)
    assert shown(page) == ["dots"]
    for reading in ("curve", "runs", "dots"):
        page.locator(f".tabs a[href='#as-{reading}']").click()
        assert shown(page) == [reading]
        assert page.url.endswith(f"#as-{reading}")
    page.locator(".tabs a[href='#as-runs']").click()
    words = page.locator("[data-run-words]")
    assert words.is_visible()
    assert words.inner_text() == "In 63 of 100 runs C ends better than A, in 29 worse, in 8 the same."
    assert not page.locator("[data-player]").is_visible()
    assert not page.locator(".runs .row .now").first.is_visible(), "no single run without a way to the next"


def test_the_script_draws_what_the_server_draws(visit: Any) -> None:
    page = visit()
    before = {name: page.evaluate(DRAWN, name) for name in ("curve", "runs")}
    page.click("#p-strike")
    page.click("#a-q_other .step >> nth=1")
    page.wait_for_selector("[data-state=solved]")
    for name, drawn in before.items():
        assert page.evaluate(DRAWN, name) != drawn
    page.keyboard.press("Escape")
    page.locator("#p-strike").focus()
    page.keyboard.press("0")
    page.wait_for_selector("[data-state=author]")

    for name, drawn in before.items():
        words, places = parts(page.evaluate(DRAWN, name))
        told, stood = parts(drawn)
        assert words == told, name
        assert places == pytest.approx(stood, abs=0.11), name  # the script knows four digits of a dot


def test_an_estimate_moves_the_curve_and_shows_no_run(visit: Any, served: Served) -> None:
    served.posts["/a/talks/solve"] = lambda sent: (202, {"status": "queued", "poll": "/none", "pause": 9000})
    page = visit()
    page.click("#as-runs-tab")
    curve = page.evaluate(DRAWN, "curve")
    page.click("#p-strike")
    page.wait_for_timeout(300)  # the sweep has come
    page.locator("#a-q_other .step").nth(1).click()
    page.wait_for_selector("[data-state]:not([data-state=author])")
    assert page.evaluate(DRAWN, "curve") != curve
    words = page.locator("[data-run-words]")
    assert words.is_visible()
    assert words.inner_text() == "Single runs wait for the exact answer: an estimate knows none."
    paths = page.eval_on_selector_all(
        ".runs :is(.each, .now, .up, .down, .same)", "all => all.map(each => each.getAttribute('d')).join('')"
    )
    assert paths == "", "not one of the author's runs is left"
    assert not page.locator("[data-player]").is_visible()
    assert offences(page) == []


def test_a_solved_answer_brings_the_readers_runs(visit: Any) -> None:
    page = visit()
    page.click("#as-runs-tab")
    page.click("#p-strike")
    page.click("#a-q_other .step >> nth=1")
    page.wait_for_selector("[data-state=solved]")
    page.keyboard.press("Escape")
    assert page.locator(".runs .better").text_content() == "C better in 30"
    assert page.locator(".runs .worse").text_content() == "C worse in 60"
    assert len(re.findall("M", page.locator(".runs .up").get_attribute("d"))) == 30
    assert run(page) == 1


def test_runs_of_other_numbers_are_gone_while_new_ones_are_solved(visit: Any, served: Served) -> None:
    page = visit()
    page.click("#as-runs-tab")
    page.click("#p-strike")
    page.click("#a-q_other .step >> nth=1")
    page.wait_for_selector("[data-state=solved]")
    served.posts["/a/talks/solve"] = lambda sent: (202, {"status": "queued", "poll": "/none", "pause": 9000})
    page.click("#p-list")
    page.click("#a-commit .step >> nth=0")
    page.wait_for_selector("[data-state=queued]")  # two changes have no estimate
    assert page.locator("[data-runs][data-waits]").count() == 1
    page.wait_for_url("**commit**")
    page.go_back()
    page.wait_for_selector("[data-state=queued]")
    assert page.locator("[data-runs][data-waits]").count() == 1
    page.go_back()
    page.wait_for_selector("[data-state=author]")
    assert page.locator(".runs .better").text_content() == "C better in 63"
    page.go_forward()
    page.wait_for_selector("[data-state=queued]")
    assert page.locator("[data-runs][data-waits]").count() == 1, "not the author's"


def test_an_answer_without_runs_says_so(visit: Any, served: Served) -> None:
    served.posts["/a/talks/solve"] = solved
    page = visit()
    page.click("#as-runs-tab")
    page.click("#p-strike")
    page.click("#a-q_other .step >> nth=1")
    page.wait_for_selector("[data-state=solved]")
    assert page.locator("[data-run-words]").inner_text() == "No single runs are kept of this answer."


def test_runs_are_shown_one_by_one_by_buttons_and_keys(visit: Any) -> None:
    page = visit()
    page.click("#as-runs-tab")
    assert run(page) == 1
    page.wait_for_timeout(900)
    assert run(page) == 1, "nothing moves unless the reader moves it"
    first = marks(page)
    page.click("[data-forward]")
    assert run(page) == 2
    own = [policy.runs for policy in samples.effect().criteria[0].policies]
    second = marks(page)
    moved = [after - before for before, after in zip(first, second, strict=True)]
    steps = [runs[1] - runs[0] for runs in own]
    scale = moved[0] / steps[0]
    assert moved == pytest.approx([scale * step for step in steps], abs=0.2), "the same run in every row"
    best = "ABC"[max(range(3), key=lambda policy: own[policy][1])]
    assert page.locator("[data-run]").inner_text() == f"Run 2 of 100. {best} ends best."
    page.keyboard.press("ArrowRight")
    assert run(page) == 3
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert run(page) == 100
    assert page.locator("[data-run]").get_attribute("aria-live") == "polite"


def test_runs_play_until_they_are_paused(visit: Any) -> None:
    page = visit()
    page.click("#as-runs-tab")
    play = page.locator("[data-play]")
    play.click()
    assert play.inner_text() == "Pause"
    assert page.locator("[data-run]").get_attribute("aria-live") is None, "nobody could listen to that"
    page.locator("[data-run]").filter(has_text=re.compile(r"Run ([3-9]|\d\d) ")).wait_for()
    play.click()
    at = run(page)
    page.wait_for_timeout(900)
    assert (run(page), play.inner_text()) == (at, "Play")
    play.click()
    page.click("#as-dots-tab")
    at = page.locator("[data-run]").text_content()
    page.wait_for_timeout(900)
    assert page.locator("[data-run]").text_content() == at, "what is not seen does not play"


def test_who_wants_no_motion_gets_none(visit: Any) -> None:
    page = visit(reduced_motion="reduce")
    page.click("#as-runs-tab")
    assert not page.locator("[data-play]").is_visible()
    page.evaluate("document.querySelector('[data-play]').click()")
    page.wait_for_timeout(900)
    assert run(page) == 1
    page.click("[data-forward]")
    assert run(page) == 2, "a step is the reader's own"


def test_a_card_that_is_open_stays_where_it_is_when_runs_wait(visit: Any, served: Served) -> None:
    served.posts["/a/talks/solve"] = lambda sent: (202, {"status": "queued", "poll": "/none", "pause": 9000})
    page = visit()
    page.click("#as-runs-tab")
    page.click("#p-strike")
    page.wait_for_timeout(300)
    height = "document.querySelector('.readings').getBoundingClientRect().height"
    before = page.evaluate(height)
    page.locator("#a-q_other .step").nth(1).click()
    page.wait_for_selector("[data-runs][data-waits]")
    assert page.evaluate(height) == pytest.approx(before, abs=0.5)


def test_on_paper_stand_all_three_and_no_button(visit: Any) -> None:
    page = visit()
    page.emulate_media(media="print")
    assert shown(page) == ["dots", "curve", "runs"]
    assert page.locator("[data-run-words]").is_visible()
    assert not page.locator("[data-player]").is_visible()
    assert not page.locator(".tabs").is_visible()
    boxes = [page.locator(f"#as-{name}").bounding_box() for name in ("dots", "curve", "runs")]
    assert all(one["y"] + one["height"] <= other["y"] + 1 for one, other in pairwise(boxes))


def test_forced_colours_tell_what_colours_told(visit: Any) -> None:
    page = visit(forced_colors="active")
    stroke = "selector => getComputedStyle(document.querySelector(selector)).stroke"
    assert page.evaluate(stroke, ".curve .advised .moved") != page.evaluate(
        stroke, ".curve .row:not(.advised) .moved"
    )
    assert page.evaluate(stroke, ".runs .up") != page.evaluate(stroke, ".runs .down")
    border = "name => getComputedStyle(document.querySelector(`#as-${name}-tab`)).borderBottomColor"
    assert page.evaluate(border, "dots") != page.evaluate(border, "curve")
