"""What carries the conclusion: the assumptions that decide, as pictures with their sentences.

What lives here: the order of pictures and sentences. What may not: estimates, ranking, drawing.
"""

from __future__ import annotations

from parley.findings import Findings
from parley.report import cruxes
from parley.report.document import Block, Bullets, Figure, Paragraph, Section, plain
from parley.scenario.model import Scenario

__all__ = ["section"]

LEAD = (
    "Judged anew, one at a time, some assumptions change the answer in many readings and others in none. "
    "An assumption that rests on judgement alone (grade C) decides no less for that; it is only less well "
    "supported."
)


def section(
    findings: Findings, scenario: Scenario | None, figures: tuple[Figure, ...] = ()
) -> Section | None:
    """Return what the answer hangs on; None where it was not asked or no answer is given.

    Examples
    --------
    >>> import parley
    >>> section(parley.assess(parley.run(parley.load("which-event-first"), draws=16)), None) is None
    True
    """
    if findings.cruxes is None or not findings.certification.sufficient:
        return None
    notes = [plain(line) for line in cruxes.notes(findings.cruxes)]
    blocks: list[Block] = [Paragraph(LEAD), *figures]
    if notes:
        blocks.append(Bullets(tuple(notes)))
    return Section("cruxes", "What carries it", tuple(blocks))
