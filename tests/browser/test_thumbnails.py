"""Every form of picture still looks as it did when somebody looked at it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.browser.looks import absent
from tests.browser.thumbnails import CELLS, KEPT, away, has_font, seen

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NEAR = 0.03  # of a picture's ink
HOW = "look at the pictures, then keep them: python -m tests.browser.thumbnails"


def test_pictures_look_as_they_did(browser: Browser) -> None:
    if not has_font(browser):
        absent(
            "there is no Arial and no font of its widths. On Debian: sudo apt-get install fonts-liberation"
        )
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    now = seen(browser)
    assert now.keys() == kept.keys(), HOW
    far = {name: away(kept[name], shades) for name, shades in now.items()}
    assert {name: share for name, share in far.items() if share > NEAR} == {}, HOW


def test_another_picture_looks_different() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    for name, shades in kept.items():
        assert len(shades) == 2 * CELLS**2
        moved = shades[-CELLS * 2 :] + shades[: -CELLS * 2]  # by one row
        others = [other for each, other in kept.items() if each != name]
        assert all(away(shades, other) > 2 * NEAR for other in ("ff" * CELLS**2, moved, *others)), name
