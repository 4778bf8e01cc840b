"""Parley makes a strategic argument executable.

The face of the package: every name below is resolved on first use, so that importing :mod:`parley` costs
nothing and a command loads only the rooms that it needs.

What lives here: names. What may not: anything that computes.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parley.catalog import load
    from parley.draws import Draws, sample
    from parley.errors import (
        DrawsError,
        FindingsError,
        GameError,
        ParleyError,
        ScenarioError,
        SolveError,
        StudyError,
    )
    from parley.findings import Findings, assess
    from parley.game import Game, compile, read_game
    from parley.scenario import Diagnostic, Scenario, check, loads
    from parley.solve import Solution, solve, solve_at
    from parley.study import run, verify
    from parley.study.results import Results

__all__ = [
    "Diagnostic",
    "Draws",
    "DrawsError",
    "Findings",
    "FindingsError",
    "Game",
    "GameError",
    "ParleyError",
    "Results",
    "Scenario",
    "ScenarioError",
    "Solution",
    "SolveError",
    "StudyError",
    "__version__",
    "assess",
    "check",
    "compile",
    "load",
    "loads",
    "read_game",
    "run",
    "sample",
    "solve",
    "solve_at",
    "verify",
]

__version__ = "0.1.0"

_HOME = {
    "Diagnostic": "parley.scenario",
    "Draws": "parley.draws",
    "DrawsError": "parley.errors",
    "Findings": "parley.findings",
    "FindingsError": "parley.errors",
    "Game": "parley.game",
    "GameError": "parley.errors",
    "ParleyError": "parley.errors",
    "Results": "parley.study",
    "Scenario": "parley.scenario",
    "ScenarioError": "parley.errors",
    "Solution": "parley.solve",
    "SolveError": "parley.errors",
    "StudyError": "parley.errors",
    "assess": "parley.findings",
    "check": "parley.scenario",
    "compile": "parley.game",
    "load": "parley.catalog",
    "loads": "parley.scenario",
    "read_game": "parley.game",
    "run": "parley.study",
    "sample": "parley.draws",
    "solve": "parley.solve",
    "solve_at": "parley.solve",
    "verify": "parley.study",
}


if not TYPE_CHECKING:  # so that a type checker sees the names above and no others

    def __getattr__(name: str) -> Any:
        """Resolve a public name on first use (PEP 562)."""
        if name not in _HOME:
            raise AttributeError(f"module 'parley' has no attribute {name!r}")
        value = getattr(import_module(_HOME[name]), name)
        # Importing the room `parley.solve` has already put that (callable) room under the name.
        return globals().setdefault(name, value)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _CallableRoom(ModuleType):
    """The room ``solve`` bears the name of its one verb; calling the room calls the verb."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self.solve(*arguments, **options)


class _Face(ModuleType):
    """Makes ``parley.solve(...)`` and ``import parley.solve`` work side by side, in any order."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "solve" and isinstance(value, ModuleType):
            value.__class__ = _CallableRoom
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face


def _show_in_notebooks() -> None:
    """Have a running notebook draw Parley's objects as cards; outside one, load nothing and do nothing."""
    running = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = running() if running is not None else None
    if shell is not None:
        import_module("parley.report.notebook").install(shell)


_show_in_notebooks()
