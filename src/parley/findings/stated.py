"""What an author states, in words: grades of assumptions, names of measures.

What lives here: what can be said without a run. What may not: arrays.
"""

from __future__ import annotations

from collections.abc import Iterable

from parley.scenario.model import Expression, Scenario
from parley.scenario.syntax import Call, Reference

__all__ = ["grade", "label", "lowest"]


def lowest(grades: Iterable[str | None]) -> str | None:
    """Return the lowest grade; None (no grade) is lower than C."""
    found = list(grades)
    if not found or any(grade is None for grade in found):
        return None
    return max(grade for grade in found if grade is not None)


def grade(scenario: Scenario, confidence: str | None, evidence: tuple[str, ...]) -> str | None:
    """Return an assumption's own grade, or else the lowest among its evidence.

    Parameters
    ----------
    scenario
        Where the evidence is declared.
    confidence
        The assumption's own grade, if any.
    evidence
        Names of the pieces of evidence that it rests on.
    """
    if confidence is not None:
        return confidence
    return lowest(scenario.evidence[name].confidence for name in evidence if name in scenario.evidence)


def _within(name: str) -> str:
    """Write a player's name within a sentence: "The bus company" with a small t, "The Hague" as it is."""
    if name.startswith("The ") and name[4:5].islower():
        return f"the{name[3:]}"
    return name


def label(scenario: Scenario, expression: Expression, text: str | None) -> str:
    """Name a measure in words: the author's own, or who is paid, or the expression.

    Parameters
    ----------
    scenario
        Whose players may be named.
    expression
        The measure.
    text
        The author's words for it, if any.
    """
    if text is not None:
        return text
    match expression.root:
        case Call(function="payoff", arguments=(Reference(name=name),), given=None) if (
            name in scenario.players
        ):
            return f"payoff of {_within(scenario.players[name].text)}"
        case _:
            return expression.source
