"""A report and every form of picture, on a phone and on a desk, by day and by night, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import pages
from tests.browser.looks import APPEARANCES, Appearance, measured, offences
from tests.report.pictures.examples import examples

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Opened = Callable[[Path, Appearance], Page]

SMALLEST = 9.5  # CSS pixels
HIGHEST = 986  # CSS pixels of an A4 page between its margins, see @page in the style sheet
CLOSED = """all => all.filter(each => {
  const last = each.lastElementChild;
  return last.getBoundingClientRect().height === 0;
}).map(each => each.outerHTML.slice(0, 80))"""
PAPER = Appearance(673, "light")  # as wide as it is


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("pages")

    def write(name: str) -> Path:
        file = folder / f"{name}.html"
        if not file.exists():
            file.write_text(getattr(pages, name)(), encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize("appearance", APPEARANCES, ids=str)
@pytest.mark.parametrize("name", ["report", "pictures"])
def test_everything_can_be_read(
    opened: Opened, written: Callable[[str], Path], name: str, appearance: Appearance
) -> None:
    page = opened(written(name), appearance)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = measured(page)
    assert found["texts"] >= 50
    assert found["drawn"] >= (10 * len(examples()) if name == "pictures" else 0)
    assert found["sideways"] <= 0, "the page scrolls sideways"
    assert found["overlaps"] == [], "texts cover one another"
    assert found["clipped"] == [], "something is cut off"
    assert found["faint"] == [], "letters without contrast"
    assert found["smallest"][0] >= SMALLEST, found["smallest"]
    assert offences(page) == []


@pytest.mark.parametrize("name", ["report", "pictures"])
def test_on_paper_nothing_is_cut_and_everything_is_open(
    opened: Opened, written: Callable[[str], Path], name: str
) -> None:
    page = opened(written(name), PAPER)
    page.emulate_media(media="print")
    found = measured(page)
    assert found["sideways"] <= 0
    assert found["overlaps"] == []
    assert found["clipped"] == []
    figures = page.eval_on_selector_all(
        "figure", "all => all.map(each => [each.offsetHeight, getComputedStyle(each).breakInside])"
    )
    assert all(height <= HIGHEST and how == "avoid" for height, how in figures)
    cut = page.eval_on_selector_all(
        "body *:not(svg *)",
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth).map(e => e.outerHTML)",
    )
    assert cut == [], "wider than its place: a scroll bar on paper, or cut off"
    closed = page.eval_on_selector_all("section > details", CLOSED)
    assert closed == [], "folded on paper"
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF-")


BROKEN = {
    "sideways": "<p style='width:2000px'>wide</p>",
    "overlaps": "<p>one</p><p style='position:relative;top:-1.6em;margin:0'>two</p>",
    "clipped": "<p style='overflow:hidden;height:8px'>half</p>",
    "smallest": "<p style='font-size:9px'>small</p>",
}
SVG = (
    "<svg class='parley-picture' viewBox='0 0 440 60' width='440' role='img' aria-label='x'>"
    "<rect width='440' height='60' fill='#fff'/>{}</svg>"
)
DRAWN = {
    "faint": "<text x='10' y='30' fill='#aaa'>faint</text>",
    "overlaps": "<text x='10' y='30'>over</text><text x='20' y='32'>under</text>",
    "clipped": "<text x='425' y='30'>outside</text>",
}


@pytest.mark.parametrize(
    ("fault", "body"),
    [*BROKEN.items(), *((fault, SVG.format(body)) for fault, body in DRAWN.items())],
)
def test_the_measure_sees_what_is_wrong(opened: Opened, tmp_path: Path, fault: str, body: str) -> None:
    file = tmp_path / "broken.html"
    head = "<!doctype html><html lang='en'><title>t</title><body style='background:#fff'><p>sound</p>"
    file.write_text(head, encoding="utf-8")
    sound = measured(opened(file, Appearance(360, "light")))
    assert (sound["sideways"], sound["overlaps"], sound["clipped"], sound["faint"]) == (0, [], [], [])
    file.write_text(head + body, encoding="utf-8")
    found = measured(opened(file, Appearance(460, "light")))
    seen = {
        "sideways": found["sideways"] > 0,
        "overlaps": bool(found["overlaps"]),
        "clipped": bool(found["clipped"]),
        "faint": bool(found["faint"]),
        "smallest": found["smallest"][0] < SMALLEST,
    }
    assert seen[fault], found


def test_axe_sees_what_is_wrong(opened: Opened, tmp_path: Path) -> None:
    file = tmp_path / "broken.html"
    file.write_text(
        "<!doctype html><html><body><h1>x</h1><p style='color:#bbb;background:#fff'>faint</p>"
        "<img src='data:,'>",
        encoding="utf-8",
    )
    found = "\n".join(offences(opened(file, Appearance(360, "light"))))
    assert all(rule in found for rule in ("color-contrast", "html-has-lang", "image-alt", "document-title"))
