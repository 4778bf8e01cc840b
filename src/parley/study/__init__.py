"""Runs: policies for many draws, in chunks, measured, stored, resumed, verified.

Names are resolved on first use: who only reads results loads no solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley.study.answers import Answers
    from parley.study.cases import CaseTable, ask_cases
    from parley.study.evaluator import Evaluator, Input
    from parley.study.fit_model import Fit
    from parley.study.fitting import fit
    from parley.study.limits import run_limit
    from parley.study.reasoning import Reasoning
    from parley.study.reproduction import Reproduced, Reproduction, reproduce
    from parley.study.results import Proof, Provenance, Results
    from parley.study.runner import run
    from parley.study.sql import Answer, Column, query, views
    from parley.study.store import Store
    from parley.study.sweep_model import Sweep
    from parley.study.sweeping import sweep
    from parley.study.verification import (
        Problem,
        Verification,
        answered,
        read_run,
        stored_scenario,
        verify,
    )

__all__ = [
    "Answer",
    "Answers",
    "CaseTable",
    "Column",
    "Evaluator",
    "Fit",
    "Input",
    "Problem",
    "Proof",
    "Provenance",
    "Reasoning",
    "Reproduced",
    "Reproduction",
    "Results",
    "Store",
    "Sweep",
    "Verification",
    "answered",
    "ask_cases",
    "fit",
    "query",
    "read_run",
    "reproduce",
    "run",
    "run_limit",
    "stored_scenario",
    "sweep",
    "verify",
    "views",
]

_HOME = {
    "Answer": "sql",
    "Answers": "answers",
    "Column": "sql",
    "CaseTable": "cases",
    "Evaluator": "evaluator",
    "Fit": "fit_model",
    "Input": "evaluator",
    "Problem": "verification",
    "Proof": "results",
    "Provenance": "results",
    "Reasoning": "reasoning",
    "Reproduced": "reproduction",
    "Reproduction": "reproduction",
    "Results": "results",
    "Store": "store",
    "Sweep": "sweep_model",
    "Verification": "verification",
    "answered": "verification",
    "query": "sql",
    "ask_cases": "cases",
    "fit": "fitting",
    "read_run": "verification",
    "reproduce": "reproduction",
    "run": "runner",
    "run_limit": "limits",
    "stored_scenario": "verification",
    "sweep": "sweeping",
    "verify": "verification",
    "views": "sql",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'parley.study' has no attribute '{name}'")
    return getattr(import_module(f"parley.study.{_HOME[name]}"), name)
