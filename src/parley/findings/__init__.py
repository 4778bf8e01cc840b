"""What the tables say: verdict, comparison of policies, claims ledger, proof.

What lives here: statistics of labelled draws and the words for them. What may not: games, strategies,
solvers, sentences, files.
"""

from __future__ import annotations

from parley.findings.assessment import assess
from parley.findings.debate import ClaimMove, Debate, Move, Objection, Put, Shift, debate, objection
from parley.findings.discovery_model import (
    DecisionTree,
    Failure,
    PeelingStep,
    Portion,
    Region,
    Restriction,
    TreeQuestion,
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
    "ClaimFinding",
    "ClaimMove",
    "Coverage",
    "CriterionCruxes",
    "Crux",
    "Cruxes",
    "Debate",
    "DecisionTree",
    "Dominance",
    "ExpectedNumber",
    "Failure",
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
    "PeelingStep",
    "PolicyProof",
    "PolicySearch",
    "Portion",
    "Precision",
    "Put",
    "Region",
    "Regret",
    "Restriction",
    "Robustness",
    "Share",
    "Shift",
    "Spread",
    "Survival",
    "TreeQuestion",
    "Verdict",
    "assess",
    "debate",
    "objection",
]
