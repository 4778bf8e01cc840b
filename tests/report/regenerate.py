"""Write the golden texts anew: ``python -m tests.report.regenerate``. Read what changed before keeping it."""

from __future__ import annotations

from pathlib import Path

from tests.report.pages import PAGES

GOLDEN = Path(__file__).parent / "golden"

if __name__ == "__main__":
    for stale in set(GOLDEN.glob("*.txt")) - {GOLDEN / f"{name}.txt" for name in PAGES}:
        stale.unlink()
    for name, page in PAGES.items():
        (GOLDEN / f"{name}.txt").write_text(page(), encoding="utf-8")
