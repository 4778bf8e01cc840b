"""What carries the conclusion: which assumptions a margin and a decision hang on.

What lives here: designs of questions, estimators on their answers, and :func:`cruxes`, which puts both
together. What may not: games, solvers, sentences.
"""

from __future__ import annotations

from parley.findings.sensitivity.cruxes import cruxes

__all__ = ["cruxes"]
