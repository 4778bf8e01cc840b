"""The notebooks of the documentation run, and show what their files hold."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from scripts.notebooks import executed, notebooks, read, settled
from tests.docs.blocks import ROOT

LARGEST = 100_000


def test_there_are_notebooks() -> None:
    assert len(notebooks()) >= 3


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_shows_what_its_file_holds(path: Path) -> None:
    """Run ``python -m scripts.notebooks`` where it does not."""
    pytest.importorskip("pandas")
    before = read(path)
    assert len(path.read_bytes()) < LARGEST
    assert settled(executed(before, path.stem)) == settled(before)


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_runs_in_jupyter(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel shows the same cards: it finds them by the names under which they are entered."""
    pytest.importorskip("pandas")
    pytest.importorskip("ipykernel")
    client = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    nbformat.validate(notebook)
    client.NotebookClient(notebook, timeout=300).execute()
    found = json.loads(nbformat.writes(notebook))
    assert cards(found) == cards(read(path)) > 0


def cards(notebook: dict[str, Any]) -> int:
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    return sum("parley-card" in "".join(each.get("data", {}).get("text/html", "")) for each in outputs)
