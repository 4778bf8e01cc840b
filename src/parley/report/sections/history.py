"""What history says.

What lives here: one section. What may not: scores, weights.
"""

from __future__ import annotations

from parley.findings import Findings
from parley.report.document import Figure, Paragraph, Section
from parley.report.sentences import history
from parley.scenario.model import Scenario

__all__ = ["section"]


def section(
    findings: Findings, scenario: Scenario | None, figures: tuple[Figure, ...] = ()
) -> Section | None:
    """Return what cases say of the model; None where it was held against none.

    Examples
    --------
    >>> import parley
    >>> section(parley.assess(parley.run(parley.load("which-event-first"), draws=16)), None) is None
    True
    """
    if not findings.certification.sufficient:
        return None
    said = history.history(findings)
    if not said:
        return None
    return Section("history", "What history says", (Paragraph(" ".join(said)), *figures))
