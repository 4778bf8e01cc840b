"""The language: text in, a typed and validated scenario out, or every fault at once.

What lives here: reading. What may not: anything that computes with a scenario, NumPy.
"""

from __future__ import annotations

from parley.scenario.diagnostics import Diagnostic
from parley.scenario.model import Scenario
from parley.scenario.override import challenge, object_to, override
from parley.scenario.reader import check, load, loads, read, read_file, read_request

__all__ = [
    "Diagnostic",
    "Scenario",
    "challenge",
    "check",
    "load",
    "loads",
    "object_to",
    "override",
    "read",
    "read_file",
    "read_request",
]
