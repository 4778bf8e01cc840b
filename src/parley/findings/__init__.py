"""What the tables say: verdict, comparison of policies, claims ledger, proof.

What lives here: statistics of labelled draws and the words for them. What may not: games, strategies,
solvers, sentences, files.
"""

from __future__ import annotations

from parley.findings.assessment import assess
from parley.findings.debate import (
    Challenged,
    ClaimMove,
    Debate,
    Move,
    Objection,
    Put,
    Shift,
    debate,
    objection,
)
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
    "Challenged",
    "ClaimFinding",
    "ClaimMove",
    "Coverage",
    "CriterionCruxes",
    "Crux",
    "Cruxes",
    "Debate",
    "Dominance",
    "ExpectedNumber",
    "Findings",
    "Index",
    "Influence",
    "Information",
    "InputValue",
    "Measure",
    "Metric",
    "Move",
    "Multiplicity",
    "Objection",
    "Pareto",
    "Pawn",
    "PolicyProof",
    "PolicySearch",
    "Precision",
    "Put",
    "Regret",
    "Robustness",
    "Share",
    "Shift",
    "Spread",
    "Survival",
    "Verdict",
    "assess",
    "debate",
    "objection",
]
