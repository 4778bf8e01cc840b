"""Write the golden texts anew: ``python -m tests.report.regenerate``. Read what changed before keeping it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from tests.report.pages import PAGES
from tests.report.states import STATES, page

GOLDEN = Path(__file__).parent / "golden"


def write(folder: Path, texts: Mapping[str, Callable[[], str]]) -> None:
    folder.mkdir(exist_ok=True)
    for stale in set(folder.glob("*.txt")) - {folder / f"{name}.txt" for name in texts}:
        stale.unlink()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text(), encoding="utf-8")


def _sentences(name: str) -> str:
    return page(STATES[name]())


if __name__ == "__main__":
    write(GOLDEN, PAGES)
    write(GOLDEN / "sentences", {name: partial(_sentences, name) for name in STATES})
