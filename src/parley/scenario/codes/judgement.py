"""Faults of the topic judgement."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = ()
