"""A place in a text, and an expression with its place.

What lives here: what every part of a scenario is made of. What may not: reading, checking.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.scenario.syntax import Node

__all__ = ["Expression", "Span"]


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: file, and 1-based line and column; ``length`` in characters (at least 1)."""

    file: str
    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: its source text, its tree, and where it stands."""

    source: str
    root: Node
    span: Span
