"""How sure the answer is, and on what it rests.

What lives here: one section. What may not: the answer.
"""

from __future__ import annotations

from parley.findings import Findings
from parley.report.document import Bullets, Figure, Paragraph, Section
from parley.report.sentences import sure
from parley.scenario.model import Scenario

__all__ = ["section"]


def section(
    findings: Findings, scenario: Scenario | None, figures: tuple[Figure, ...] = ()
) -> Section | None:
    """Return how sure the answer is; None where there is none.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> section(parley.assess(parley.run(scenario, draws=16)), scenario).title
    'How sure, and on what'
    """
    said = sure.sure(findings)
    if not said:
        return None
    start = Paragraph(sure.not_a_probability(findings))
    return Section("sure", "How sure, and on what", (start, *figures, Bullets(said)))
