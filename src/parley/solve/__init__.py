"""Batched equilibria with certificates.

What lives here: stakes, solutions, the solver, its check; the search for other equilibria and other solution
concepts, each loaded on first use. What may not: studies, words, scenario texts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from parley.solve.at import solve_at
from parley.solve.batch import Tables, solve, solve_arrays, tables_of, tabulate
from parley.solve.certify import stakes
from parley.solve.solution import Certificate, Concept, Solution, Status

if TYPE_CHECKING:
    from parley.solve.equilibria import Equilibria, search
    from parley.solve.exact import ExactLimit, Exactness, exact_limit
    from parley.solve.levels import Levels, level_k
    from parley.solve.nash import NashEquilibria, nash_equilibria
    from parley.solve.pure import PureEquilibria, pure_equilibria
    from parley.solve.replies import BestReply, best_reply, nash_conv
    from parley.solve.sequential import Limit, limit
    from parley.solve.zero_sum import Scheme, ZeroSum, solve_zero_sum

__all__ = [
    "BestReply",
    "Certificate",
    "Concept",
    "Equilibria",
    "ExactLimit",
    "Exactness",
    "Levels",
    "Limit",
    "NashEquilibria",
    "PureEquilibria",
    "Scheme",
    "Solution",
    "Status",
    "Tables",
    "ZeroSum",
    "best_reply",
    "exact_limit",
    "level_k",
    "limit",
    "nash_conv",
    "nash_equilibria",
    "pure_equilibria",
    "search",
    "solve",
    "solve_arrays",
    "solve_at",
    "solve_zero_sum",
    "stakes",
    "tables_of",
    "tabulate",
]

_HOME = {
    "BestReply": "replies",
    "Equilibria": "equilibria",
    "ExactLimit": "exact",
    "Exactness": "exact",
    "Levels": "levels",
    "Limit": "sequential",
    "NashEquilibria": "nash",
    "PureEquilibria": "pure",
    "Scheme": "zero_sum",
    "ZeroSum": "zero_sum",
    "best_reply": "replies",
    "exact_limit": "exact",
    "level_k": "levels",
    "limit": "sequential",
    "nash_conv": "replies",
    "nash_equilibria": "nash",
    "pure_equilibria": "pure",
    "search": "equilibria",
    "solve_zero_sum": "zero_sum",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'parley.solve' has no attribute '{name}'")
    return getattr(import_module(f"parley.solve.{_HOME[name]}"), name)
