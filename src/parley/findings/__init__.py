"""What the tables say: verdict, comparison of policies, claims ledger, proof.

What lives here: statistics of labelled draws and the words for them. What may not: games, strategies,
solvers, sentences, files.
"""

from __future__ import annotations

from parley.findings.assessment import assess
from parley.findings.importance import CriterionCruxes, Crux, Cruxes, Index, Influence, Pawn
from parley.findings.model import (
    FORMAT,
    Answer,
    Assumption,
    Bounds,
    Certification,
    ClaimFinding,
    Coverage,
    ExpectedNumber,
    Findings,
    Measure,
    Multiplicity,
    PolicyProof,
    PolicySearch,
    Precision,
    Regret,
    Share,
    Spread,
    Survival,
    Verdict,
)
from parley.findings.policy_model import (
    Dominance,
    Information,
    InputValue,
    Metric,
    Pareto,
    Robustness,
)

__all__ = [
    "FORMAT",
    "Answer",
    "Assumption",
    "Bounds",
    "Certification",
    "ClaimFinding",
    "Coverage",
    "CriterionCruxes",
    "Crux",
    "Cruxes",
    "Dominance",
    "ExpectedNumber",
    "Findings",
    "Index",
    "Influence",
    "Information",
    "InputValue",
    "Measure",
    "Metric",
    "Multiplicity",
    "Pareto",
    "Pawn",
    "PolicyProof",
    "PolicySearch",
    "Precision",
    "Regret",
    "Robustness",
    "Share",
    "Spread",
    "Survival",
    "Verdict",
    "assess",
]
