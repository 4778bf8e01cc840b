"""Runs: policies for many draws, in chunks, measured, stored, resumed, verified.

What verification needs is loaded on first use: a run does not need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.study.results import Measured, Proof, Provenance, Results
from parley.study.run import run
from parley.study.store import Store

if TYPE_CHECKING:
    from parley.study.verify import Problem, Verification, read_run, verify

__all__ = [
    "Measured",
    "Problem",
    "Proof",
    "Provenance",
    "Results",
    "Store",
    "Verification",
    "read_run",
    "run",
    "verify",
]


def __getattr__(name: str) -> object:
    if name not in ("Problem", "Verification", "read_run", "verify"):
        raise AttributeError(f"module 'parley.study' has no attribute '{name}'")
    from importlib import import_module

    module = import_module("parley.study.verify")
    for each in ("Problem", "Verification", "read_run", "verify"):  # the module must not hide the function
        globals()[each] = getattr(module, each)
    return globals()[name]
