"""What a module shows is what it says it shows; each function of a face has an example in its docstring."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import pytest

import parley
from tests.architecture.house import ROOT, SOURCES, import_source, module_name, public_things, tree

SHOWN = [path for path in SOURCES if not path.name.startswith("_") or path.name == "__init__.py"]
SETTINGS = "settings.py"  # Django reads every name in capitals: a list of them would say nothing


def in_order(name: str) -> tuple[int, list[str | int]]:
    """Constants, then classes, then the rest, each by name (the order that ruff's RUF022 keeps)."""
    kind = 0 if name.isupper() else 1 if name[0].isupper() else 2
    return kind, [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


@pytest.mark.parametrize("path", [path for path in SHOWN if path.name != SETTINGS], ids=module_name)
def test_all_is_sorted_and_true(path: Path) -> None:
    module = import_source(path)
    if path.name == "__init__.py" and not hasattr(module, "__all__"):
        assert len(tree(path).body) <= 2, "a face that shows something needs __all__"
        return
    shown = list(module.__all__)
    assert shown == sorted(set(shown), key=in_order), "__all__ is not sorted, or names a thing twice"
    for name in shown:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_modules_take_from_each_other_only_what_is_shown(path: Path) -> None:
    hidden = []
    for item in ast.walk(tree(path)):
        if isinstance(item, ast.ImportFrom) and (item.module or "").split(".")[0] == "parley":
            source = import_module(str(item.module))
            known = {*getattr(source, "__all__", ()), "__version__", *submodules(source)}
            hidden += [f"{item.module}.{name.name}" for name in item.names if name.name not in known]
    assert hidden == []


def submodules(package: ModuleType) -> set[str]:
    return {found.name for found in iter_modules(getattr(package, "__path__", ()))}


@pytest.mark.parametrize("path", SHOWN, ids=module_name)
def test_every_module_and_public_thing_is_described(path: Path) -> None:
    module = import_source(path)
    assert (module.__doc__ or "").strip(), "the module says nothing of what lives in it"
    silent = [name for name, thing in public_things(module) if not (inspect.getdoc(thing) or "").strip()]
    assert silent == []


@pytest.mark.parametrize("path", SHOWN, ids=module_name)
def test_every_public_function_has_an_example(path: Path) -> None:
    """Of a room's face: what `parley.<room>` shows is what users call."""
    if path.name != "__init__.py":
        return
    module = import_source(path)
    without = [
        name
        for name in getattr(module, "__all__", ())
        if inspect.isfunction(thing := getattr(module, name))
        and not doctest.DocTestParser().get_examples(inspect.getdoc(thing) or "")
    ]
    assert without == [], f"no example in the docstring of: {without}"


def test_the_face_resolves_every_name_and_no_other() -> None:
    for name in parley.__all__:
        assert name in dir(parley)
        getattr(parley, name)
    with pytest.raises(AttributeError, match="no attribute 'solver'"):
        _ = parley.solver  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "first", ["parley.solve", "import parley.solve", "from parley.solve import Solution", "parley.run"]
)
def test_solve_is_a_verb_and_a_room_in_any_order(first: str) -> None:
    code = (
        f"import parley; {first}; import parley.solve; assert callable(parley.solve); parley.solve.Solution"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_the_version_is_written_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "src/parley/__init__.py"
    assert version("parley-workbench") == parley.__version__
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {parley.__version__}\n" in citation
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {parley.__version__}" in changelog
