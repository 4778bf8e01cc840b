"""Files and functions stay short enough to be read in one go."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, SOURCES, tree

LONGEST_FILE = 600
LONGEST_FUNCTION = 60
SCRIPTS = tuple((ROOT / "scripts").glob("*.py"))
EVERYWHERE = sorted(
    {*SOURCES, *SCRIPTS, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").glob("*.py")}
)


@pytest.mark.parametrize("path", EVERYWHERE, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def body_length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement behind the docstring to the last."""
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


@pytest.mark.parametrize("path", [*SOURCES, *SCRIPTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_are_short(path: Path) -> None:
    long = {
        item.name: body_length(item)
        for item in ast.walk(tree(path))
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and body_length(item) > LONGEST_FUNCTION
    }
    assert long == {}
