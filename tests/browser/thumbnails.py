"""Pictures as a browser draws them, remembered coarsely: 32 by 32 cells of 256 shades of grey.

A picture's golden text says what is written; this says what is seen: a style that no longer reaches its
shape, a colour gone white, a part drawn over another. The letters are those of Arial or of a font of the same
widths (on Debian: fonts-liberation).

Look at the pictures (``build/browser/``) before you keep new thumbnails:
``python -m tests.browser.thumbnails``.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING

from tests.report.pictures.examples import examples

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["CELLS", "KEPT", "away", "has_font", "seen"]

KEPT = Path(__file__).parent / "thumbnails.json"
CELLS = 32
SHOWN = Path(__file__).parents[2] / "build" / "browser"
_FAMILY = "'Liberation Sans',Arimo,Arial"
_FONT = f"<style>svg{{font-family:{_FAMILY},monospace!important}}</style>"
_PAPER = "<!doctype html><body style='margin:10px;background:#fff'>"
_ARIAL = 149.36  # how wide "parley mm" is in Arial at 32 pixels
_SHADES = (Path(__file__).parent / "shades.js").read_text(encoding="utf-8")


def seen(browser: Browser, keep: Path | None = None) -> dict[str, str]:
    """Return the thumbnail of every form: two hexadecimal digits for each cell, row by row, 00 is black.

    Parameters
    ----------
    browser
        What draws.
    keep
        A folder for the pictures themselves.
    """
    page = browser.new_page(viewport={"width": 460, "height": 900}, color_scheme="light")
    found = {}
    for name, svg in examples().items():
        page.set_content(f"{_PAPER}{svg}{_FONT}")
        image = page.locator("svg").screenshot()
        if keep is not None:
            (keep / f"{name}.png").write_bytes(image)
        found[name] = str(page.evaluate(_SHADES, [base64.b64encode(image).decode(), CELLS]))
    page.close()
    return found


def has_font(browser: Browser) -> bool:
    """Say whether there is a font of the widths that thumbnails are made with."""
    page = browser.new_page()
    page.set_content(f'{_PAPER}<span style="font:32px {_FAMILY},monospace">parley mm</span>')
    width = float(page.evaluate("document.querySelector('span').getBoundingClientRect().width"))
    page.close()
    return abs(width - _ARIAL) < 1.0


def away(shades: str, other: str) -> float:
    """Return by how much another thumbnail differs, as a share of the ink of the first.

    Examples
    --------
    >>> away("ff00", "ff00"), away("ff00", "ff80"), away("ff00", "00ff")
    (0.0, 0.5019607843137255, 2.0)
    """
    one, two = bytes.fromhex(shades), bytes.fromhex(other)
    ink = sum(255 - shade for shade in one)
    return sum(abs(a - b) for a, b in zip(one, two, strict=True)) / ink


def main() -> None:
    """Write the thumbnails anew."""
    from playwright.sync_api import sync_playwright

    from parley.cli.browser import SILENT, browser_or_fail

    SHOWN.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_or_fail(), args=[*SILENT, "--no-sandbox"])
        KEPT.write_text(json.dumps(seen(browser, SHOWN), indent=1) + "\n", encoding="utf-8")
        browser.close()


if __name__ == "__main__":
    main()
