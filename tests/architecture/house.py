"""What there is in the house: the modules of the package, their syntax trees, their public functions."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["ROOT", "SOURCES", "import_source", "module_name", "public_things", "tree"]

ROOT = Path(__file__).parents[2]
# All but the site's migration, which is generated.
SOURCES = tuple(
    path for path in sorted((ROOT / "src" / "parley").rglob("*.py")) if path.name != "0001_initial.py"
)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def import_source(path: Path) -> ModuleType:
    return import_module(module_name(path))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def public_things(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Functions and classes that the module both lists and defines."""
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if (inspect.isfunction(thing) or inspect.isclass(thing)) and thing.__module__ == module.__name__:
            yield name, thing
