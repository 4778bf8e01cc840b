"""A picture of every form there is, for tests in a browser: the golden pictures in the reader's own theme.

Whoever adds a form keeps a golden picture of it, and need do no more to have it looked at in a browser.
"""

from __future__ import annotations

from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def examples() -> dict[str, str]:
    """Return a picture of every form, by its name: one SVG element each."""
    return {
        file.stem.removesuffix("-auto"): file.read_text(encoding="utf-8")
        for file in sorted(GOLDEN.glob("*-auto.svg"))
    }
