"""Batched equilibria with certificates.

What lives here: stakes, solutions, the solver, its check. What may not: studies, words, scenario texts.
"""

from parley.solve.at import solve_at
from parley.solve.batch import Tables, solve, solve_arrays, tables_of, tabulate
from parley.solve.certify import stakes
from parley.solve.solution import Certificate, Concept, Solution, Status

__all__ = [
    "Certificate",
    "Concept",
    "Solution",
    "Status",
    "Tables",
    "solve",
    "solve_arrays",
    "solve_at",
    "stakes",
    "tables_of",
    "tabulate",
]
