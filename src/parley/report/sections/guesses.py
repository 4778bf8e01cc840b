"""What is a guess: the judged assumptions that bear on the answer.

What lives here: one section. What may not: the list of all assumptions.
"""

from __future__ import annotations

from parley.findings import Findings
from parley.report.document import Block, Bullets, Figure, Paragraph, Section
from parley.report.sentences import guesses
from parley.scenario.model import Scenario

__all__ = ["section"]


def section(
    findings: Findings, scenario: Scenario | None, figures: tuple[Figure, ...] = ()
) -> Section | None:
    """Return what rests on judgement alone and bears on the answer; None without assumptions.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> section(parley.assess(parley.run(scenario, draws=16)), scenario).title
    'What is a guess'
    """
    if not findings.assumptions:
        return None
    blocks: list[Block] = [Paragraph(guesses.guesses(findings)), *figures]
    told = guesses.weighty(findings)[: guesses.TOLD]
    if told:
        blocks.append(Bullets(tuple(guesses.guess(each) for each in told)))
    return Section("guesses", "What is a guess", tuple(blocks))
