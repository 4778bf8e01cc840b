"""The sections of a report: what it says about a question, from findings and the scenario.

What lives here: one module for each section, each with one function that returns it, or None where there is
nothing to say. What may not: markup, drawing.
"""

from __future__ import annotations

__all__: list[str] = []
