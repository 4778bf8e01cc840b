"""What would change the answer: numbers, choices, and several at once.

What lives here: one section. What may not: how flips are found.
"""

from __future__ import annotations

from parley.findings import Findings
from parley.report.document import Block, Bullets, Figure, Paragraph, Section
from parley.report.sentences import reverse
from parley.report.sentences.grammar import capital, measure
from parley.scenario.model import Scenario

__all__ = ["section"]

TAKES = (
    "In brackets: the middle of what the argument takes for a number, and the range that holds nine readings "
    "in ten. One number at a time was put elsewhere, in {readings:,} readings that were solved again."
)


def section(
    findings: Findings, scenario: Scenario | None, figures: tuple[Figure, ...] = ()
) -> Section | None:
    """Return what would change the answer, by each criterion; None where it was not asked.

    Examples
    --------
    >>> import parley
    >>> section(parley.assess(parley.run(parley.load("which-event-first"), draws=16)), None) is None
    True
    """
    found = findings.flips
    if found is None or not findings.certification.sufficient or not found.criteria:
        return None
    known = {each.name: each for each in findings.assumptions}
    blocks: list[Block] = []
    for place, criterion in enumerate(found.criteria):
        middle = reverse.central(criterion, found.recommended, known)
        start = f"**By {measure(criterion.criterion, criterion.expression).rstrip(',')}.**"
        blocks.append(Paragraph(start if middle is None else f"{start} {capital(middle)}"))
        if not place:
            blocks += figures
        blocks.append(Bullets(reverse.changing(findings, criterion)))
    blocks.append(Paragraph(TAKES.format(readings=found.readings), "note"))
    return Section("reverse", "What would change it", tuple(blocks))
