"""Games: a scenario's story compiled to arrays, with payoffs and chances kept symbolic.

Names are resolved on first use, so that the checks of a scenario (:func:`inspect`, :func:`size`) run
without NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley.game.compiler import compile_scenario as compile
    from parley.game.gambit_files import read_game
    from parley.game.inspection import Size, inspect, size
    from parley.game.model import CHANCE, DECISION, TERMINAL, Game, Program
    from parley.game.policy import Restriction, restrict
    from parley.game.program import evaluate
    from parley.game.quantity import Meter, measure, meter

__all__ = [
    "CHANCE",
    "DECISION",
    "TERMINAL",
    "Game",
    "Meter",
    "Program",
    "Restriction",
    "Size",
    "compile",
    "evaluate",
    "inspect",
    "measure",
    "meter",
    "read_game",
    "restrict",
    "size",
]

_HOME = {
    "CHANCE": "model",
    "DECISION": "model",
    "TERMINAL": "model",
    "Game": "model",
    "Meter": "quantity",
    "Program": "model",
    "Restriction": "policy",
    "Size": "inspection",
    "compile": "compiler",
    "evaluate": "program",
    "inspect": "inspection",
    "measure": "quantity",
    "meter": "quantity",
    "read_game": "gambit_files",
    "restrict": "policy",
    "size": "inspection",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'parley.game' has no attribute '{name}'")
    module = import_module(f"parley.game.{_HOME[name]}")
    return getattr(module, "compile_scenario" if name == "compile" else name)
