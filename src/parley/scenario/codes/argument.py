"""Faults of the topic argument."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    Code("P700", "error", "", "", "", ""),
    Code("P701", "error", "", "", "", ""),
    Code("P702", "error", "", "", "", ""),
    Code("P703", "error", "", "", "", ""),
    Code("P704", "error", "", "", "", ""),
    Code("P705", "error", "", "", "", ""),
    Code("P706", "error", "", "", "", ""),
    Code("P710", "error", "", "", "", ""),
    Code("P711", "error", "", "", "", ""),
    Code("P712", "error", "", "", "", ""),
    Code("P713", "error", "", "", "", ""),
    Code("P720", "error", "", "", "", ""),
    Code("P721", "error", "", "", "", ""),
    Code("P722", "error", "", "", "", ""),
    Code("P723", "error", "", "", "", ""),
    Code("P740", "error", "", "", "", ""),
)
