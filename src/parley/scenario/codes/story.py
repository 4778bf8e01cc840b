"""Faults of the topic story."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    Code("P501", "error", "", "", "", ""),
    Code("P502", "error", "", "", "", ""),
    Code("P503", "error", "", "", "", ""),
    Code("P504", "error", "", "", "", ""),
    Code("P505", "error", "", "", "", ""),
    Code("P510", "error", "", "", "", ""),
    Code("P511", "error", "", "", "", ""),
    Code("P512", "error", "", "", "", ""),
    Code("P513", "error", "", "", "", ""),
    Code("P514", "error", "", "", "", ""),
    Code("P515", "error", "", "", "", ""),
    Code("P525", "error", "", "", "", ""),
    Code("P526", "error", "", "", "", ""),
    Code("P530", "error", "", "", "", ""),
    Code("P531", "error", "", "", "", ""),
    Code("P532", "error", "", "", "", ""),
    Code("P533", "error", "", "", "", ""),
    Code("P534", "error", "", "", "", ""),
    Code("P540", "error", "", "", "", ""),
)
