"""Faults of the topic structure."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    Code("P201", "error", "", "", "", ""),
    Code("P202", "error", "", "", "", ""),
    Code("P203", "error", "", "", "", ""),
    Code("P204", "error", "", "", "", ""),
    Code("P205", "error", "", "", "", ""),
    Code("P210", "error", "", "", "", ""),
    Code("P211", "error", "", "", "", ""),
    Code("P212", "error", "", "", "", ""),
    Code("P213", "error", "", "", "", ""),
    Code("P214", "error", "", "", "", ""),
    Code("P215", "error", "", "", "", ""),
    Code("P216", "error", "", "", "", ""),
    Code("P217", "error", "", "", "", ""),
    Code("P220", "error", "", "", "", ""),
    Code("P221", "error", "", "", "", ""),
    Code("P222", "error", "", "", "", ""),
    Code("P230", "error", "", "", "", ""),
    Code("P231", "error", "", "", "", ""),
    Code("P232", "error", "", "", "", ""),
    Code("P233", "error", "", "", "", ""),
    Code("P234", "error", "", "", "", ""),
    Code("P235", "error", "", "", "", ""),
    Code("P240", "error", "", "", "", ""),
    Code("P241", "error", "", "", "", ""),
    Code("P242", "error", "", "", "", ""),
    Code("P243", "error", "", "", "", ""),
    Code("P244", "error", "", "", "", ""),
)
