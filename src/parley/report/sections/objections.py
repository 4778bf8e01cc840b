"""The objections, each granted: what it changes.

What lives here: one section. What may not: how an objection is granted.
"""

from __future__ import annotations

from parley.findings import Debate, Findings
from parley.report.document import Block, Bullets, Figure, Paragraph, Section, plain
from parley.report.sentences import objections
from parley.report.sentences.grammar import count, name
from parley.scenario.model import Scenario

__all__ = ["section"]


def section(
    findings: Findings,
    scenario: Scenario | None,
    figures: tuple[Figure, ...] = (),
    *,
    debate: Debate | None = None,
) -> Section | None:
    """Return the objections; None where the scenario states none, or is not known and nothing was granted.

    Parameters
    ----------
    findings
        Of :func:`parley.assess`.
    scenario
        Which states the objections.
    figures
        Pictures behind the first sentence.
    debate
        The objections, each granted: of :func:`parley.findings.objections.debate`. Without it they are
        listed, and nothing is said of what they change.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> found = section(parley.assess(parley.run(scenario, draws=16)), scenario)
    >>> print(found.blocks[0].text)
    The scenario states three objections; none was granted in this run: `parley debate` does that.
    """
    if debate is not None:
        said = tuple(objections.objection(each, debate.recommended) for each in debate.objections)
        blocks: list[Block] = [Paragraph(objections.summary(debate)), *figures, Bullets(said)]
        return Section("objections", "The objections", tuple(blocks))
    if scenario is None or not scenario.challenges:
        return None
    number = len(scenario.challenges)
    stated = f"{count(number)} objection{'' if number == 1 else 's'}"
    start = f"The scenario states {stated}; none was granted in this run: `parley debate` does that."
    listed = tuple(f"**{plain(each.name)}** {name(each.text, 300)}" for each in scenario.challenges.values())
    return Section("objections", "The objections", (Paragraph(start), *figures, Bullets(listed)))
