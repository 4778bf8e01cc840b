"""The answer: in two sentences, then criterion by criterion.

What lives here: the section that comes first. What may not: what decides the answer.
"""

from __future__ import annotations

from parley.findings import Findings
from parley.report.document import Block, Bullets, Figure, Paragraph, Section
from parley.report.sentences import answer
from parley.report.story import policy_in_words
from parley.scenario.model import Scenario

__all__ = ["section"]


READING = "A reading is one complete set of numbers that agrees with the author's words: count the dots."


def section(findings: Findings, scenario: Scenario | None, figures: tuple[Figure, ...] = ()) -> Section:
    """Return the answer in two sentences, figures, and what each criterion answers.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> found = section(parley.assess(parley.run(scenario, draws=16)), scenario)
    >>> found.title, [type(block).__name__ for block in found.blocks]
    ('The answer', ['Paragraph', 'Paragraph', 'Bullets'])
    """
    blocks: list[Block] = [Paragraph(" ".join(answer.answer(findings)), "lead")]
    policies = {} if scenario is None or scenario.comparison is None else scenario.comparison.policies
    meant = answer.meanings(findings, {name: policy_in_words(each) for name, each in policies.items()})
    if meant:
        blocks.append(Paragraph(" ".join(meant), "note"))
    if figures:
        blocks.append(Paragraph(READING, "note"))
    blocks += figures
    criteria = answer.by_criterion(findings)
    if criteria:
        blocks.append(Bullets(criteria))
    beside = answer.caveats(findings)
    if beside:
        blocks.append(Paragraph(" ".join(beside), "note"))
    return Section("answer", "The answer", tuple(blocks))
