"""Where the recommendation fails.

What lives here: one section. What may not: the search for regions.
"""

from __future__ import annotations

from parley.findings import Findings
from parley.report.document import Block, Figure, Paragraph, Section
from parley.report.sentences import fails
from parley.scenario.model import Scenario

__all__ = ["section"]


def section(
    findings: Findings, scenario: Scenario | None, figures: tuple[Figure, ...] = ()
) -> Section | None:
    """Return where the recommendation falls behind, a sentence for each criterion; None where nobody looked.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> section(parley.assess(parley.run(scenario, draws=64)), scenario).title
    'Where it fails'
    """
    if not findings.discovery or not findings.certification.sufficient:
        return None
    first, *others = (fails.failing(findings, each) for each in findings.discovery)
    blocks: list[Block] = [Paragraph(first), *figures, *(Paragraph(each) for each in others)]
    notes = [note for note in map(fails.held, findings.discovery) if note is not None]
    blocks += [Paragraph(note, "note") for note in notes]
    return Section("fails", "Where it fails", tuple(blocks))
