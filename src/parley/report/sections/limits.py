"""What the report can't say.

What lives here: one section. What may not: findings.
"""

from __future__ import annotations

from parley.findings import Findings
from parley.report.document import Block, Bullets, Figure, Paragraph, Section
from parley.report.sentences import limits
from parley.scenario.model import Scenario

__all__ = ["section"]


def section(findings: Findings, scenario: Scenario | None, figures: tuple[Figure, ...] = ()) -> Section:
    """Return what no computation can say, what this one did not look at, and the claims it leaves out.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> section(parley.assess(parley.run(scenario, draws=16)), scenario).title
    'What this can’t tell you'
    """
    blocks: list[Block] = [Paragraph(" ".join(limits.STANDING)), *figures]
    unsaid = limits.unsaid(findings)
    if unsaid:
        blocks.append(Paragraph(" ".join(unsaid)))
    claims = limits.left_out(findings)
    if claims:
        blocks += [Paragraph(claims[0]), Bullets(claims[1:])]
    return Section("limits", "What this can’t tell you", tuple(blocks))
