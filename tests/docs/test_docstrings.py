"""The examples in the docstrings of the package run."""

from __future__ import annotations

import doctest
import inspect
import io
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).parents[2] / "src"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def documented() -> list[str]:
    names = []
    for path in sorted((SOURCE / "parley").rglob("*.py")):
        if ">>> " in path.read_text(encoding="utf-8"):
            parts = path.relative_to(SOURCE).with_suffix("").parts
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def examples(module: ModuleType) -> list[doctest.DocTest]:
    """Those of things that the module itself defines (a room's face shows things of other modules)."""
    return [test for test in doctest.DocTestFinder().find(module, module.__name__) if test.examples]


@pytest.mark.parametrize("name", documented())
def test_the_examples_of_a_module_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = import_module(name)
    found = examples(module)
    assert found, "the text holds >>> but no example was found"
    for test in found:
        report = io.StringIO()
        outcome = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=report.write)
        assert outcome.failed == 0, report.getvalue()


@pytest.mark.parametrize("name", documented())
def test_an_example_is_not_skipped(name: str) -> None:
    """A skipped example is no example."""
    skipped = [
        f"{test.name}: {example.source.strip()}"
        for test in examples(import_module(name))
        for example in test.examples
        if example.options.get(doctest.SKIP)
    ]
    assert skipped == []
    assert inspect.getdoc(import_module(name))
