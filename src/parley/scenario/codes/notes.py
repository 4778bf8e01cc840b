"""Faults of the topic notes."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    Code("P910", "note", "", "", "", ""),
    Code("P920", "note", "", "", "", ""),
)
