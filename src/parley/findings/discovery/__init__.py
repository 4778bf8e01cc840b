"""Where a recommendation fails, as regions that can be said in a sentence.

What lives here: patient rule induction, the choice of a region, a tree as second opinion, and what of it all
holds in readings held back. What may not: sentences, solvers.
"""

from __future__ import annotations

from parley.findings.discovery.box import Box, Inputs
from parley.findings.discovery.failures import discover
from parley.findings.discovery.peeling import Trajectory, paste, peel
from parley.findings.discovery.search import Discovered, search
from parley.findings.discovery.significance import quasi_p_values

__all__ = [
    "Box",
    "Discovered",
    "Inputs",
    "Trajectory",
    "discover",
    "paste",
    "peel",
    "quasi_p_values",
    "search",
]
