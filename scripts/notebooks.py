"""Runs the notebooks of the documentation and writes what they show; --check says whether it is the same.

A notebook is the file that Jupyter opens. It is run here without Jupyter: cell by cell, the last value of a
cell shown as Jupyter would, a card for what has one. A test runs the same files with Jupyter where it is
installed.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parley.report.notebook import CARDS, card

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "notebooks"
NOTE = "% Written by scripts/generate.py from the notebook of the same name. Do not edit.\n\n"

Notebook = dict[str, Any]

FRAME = '<table border="1" class="dataframe">'  # of pandas: the page has a style for tables
_NOISE = re.compile(r"exact(?:ly| to \d\.\de[-+]\d+)")  # rounding of the last bits, another on each machine


def notebooks() -> list[Path]:
    """Return the files of all notebooks, in their order."""
    return sorted(FOLDER.glob("*.ipynb"))


def read(path: Path) -> Notebook:
    """Read a notebook."""
    found: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return found


def written(notebook: Notebook) -> str:
    """Return the text of a notebook's file, as Jupyter writes it."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def executed(notebook: Notebook, name: str) -> Notebook:
    """Return the notebook with the outputs of this machine."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    cells = []
    for number, cell in enumerate(notebook["cells"], start=1):
        kept = {**cell, "id": hashlib.sha256(f"{name} {number}".encode()).hexdigest()[:8]}
        if cell["cell_type"] == "code":
            kept |= {"execution_count": None, "metadata": {}}
            kept["outputs"] = list(_outputs("".join(cell["source"]), f"{name}, cell {number}", namespace))
        cells.append(kept)
    return {**notebook, "cells": cells}


def _outputs(source: str, place: str, namespace: dict[str, Any]) -> Iterator[dict[str, Any]]:
    tree = ast.parse(source, place)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    shown = None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, place, "exec"), namespace)
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), place, "eval"), namespace)
    if printed.getvalue():
        yield {"output_type": "stream", "name": "stdout", "text": _lines(printed.getvalue())}
    if shown is not None:
        data = {"text/plain": _lines(repr(shown))}
        kind = type(shown)
        if (kind.__module__, kind.__name__) in CARDS:
            data["text/html"] = _lines(card(shown))
        elif hasattr(shown, "_repr_html_"):
            data["text/html"] = _lines(shown._repr_html_())
        yield {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def settled(notebook: Notebook) -> str:
    """Return what a notebook shows without the noise of the last bits, to compare two runs by."""
    return _NOISE.sub("exact", written(notebook))


def page(notebook: Notebook, name: str) -> str:
    """Return a notebook as a page of the documentation."""
    parts = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"<!-- test: not run: the notebook is -->\n```python\n{source}\n```")
        for output in cell["outputs"]:
            data = output.get("data", {"text/plain": output.get("text", [])})
            if "text/html" in data:
                drawn = "".join(data["text/html"]).replace(FRAME, '<table class="docutils">')
                parts.append(f"```{{raw}} html\n{drawn.rstrip()}\n```")
            else:
                parts.append("```text\n" + "".join(data["text/plain"]).rstrip() + "\n```")
    parts.append(f"The notebook itself: {{download}}`{name}.ipynb`.")
    return NOTE + "\n\n".join(parts) + "\n"


def pages() -> dict[Path, str]:
    """Return the page of every notebook, made from the outputs that its file holds."""
    return {path.with_suffix(".md"): page(read(path), path.stem) for path in notebooks()}


def main(arguments: list[str]) -> int:
    """Run the notebooks and write them, or with ``--check`` compare; returns the exit code."""
    stale = False
    for path in notebooks():
        before = read(path)
        after = executed(before, path.stem)
        if settled(before) == settled(after):
            continue
        stale = True
        if arguments == ["--check"]:
            print(f"shows something else now: {path.relative_to(ROOT)}", file=sys.stderr)
        else:
            path.write_text(written(after), encoding="utf-8")
    return 1 if stale and arguments == ["--check"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
