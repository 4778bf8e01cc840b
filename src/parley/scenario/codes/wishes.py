"""Faults of the topic wishes."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    Code("P601", "error", "", "", "", ""),
    Code("P602", "error", "", "", "", ""),
    Code("P603", "error", "", "", "", ""),
    Code("P604", "error", "", "", "", ""),
    Code("P605", "error", "", "", "", ""),
    Code("P606", "error", "", "", "", ""),
)
