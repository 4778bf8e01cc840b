"""Faults of the topic argument."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = ()
