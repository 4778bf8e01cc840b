"""The claims of the argument, each with its passage and what became of it.

What lives here: the ledger as a section. What may not: what became of a claim.
"""

from __future__ import annotations

from parley.findings import ClaimFinding, Findings
from parley.report import flips, ledger, words
from parley.report.document import Block, Bullets, Figure, Paragraph, Section, Table, plain
from parley.scenario.model import Scenario

__all__ = ["section"]

_KINDS = (
    ("derived", "What follows from the model", "in how many readings it holds"),
    ("assumed", "What is put in", "grade of the evidence"),
    ("unmodelled", "What the model leaves out", "why"),
)


def section(
    findings: Findings, scenario: Scenario | None, figures: tuple[Figure, ...] = ()
) -> Section | None:
    """Return the ledger of claims: those that follow, those that are assumed, those that are left out.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> found = section(parley.assess(parley.run(scenario, draws=16)), scenario)
    >>> found.title
    'The claims, one by one'
    """
    if not findings.claims:
        return None
    blocks: list[Block] = [Bullets(tuple(plain(line) for line in ledger.summary(findings))), *figures]
    for kind, title, column in _KINDS:
        members = [claim for claim in findings.claims if claim.kind == kind]
        if members:
            rows = tuple(_row(findings, scenario, claim) for claim in members)
            table = Table("", ("claim", "in the article", column), rows)
            blocks.append(Section(f"claims-{kind}", title, (table,)))
    blocks.append(Paragraph(plain(words.thresholds()), "note"))
    return Section("claims", "The claims, one by one", tuple(blocks))


def _row(findings: Findings, scenario: Scenario | None, claim: ClaimFinding) -> tuple[str, str, str]:
    passage = None if scenario is None else scenario.passages.get(claim.passage or "")
    quoted = f"“{plain(passage.text)}”" if passage is not None else ""
    return f"**{plain(claim.name)}** {plain(claim.text)}", quoted, _became(findings, claim)


def _became(findings: Findings, claim: ClaimFinding) -> str:
    if claim.kind == "derived":
        if claim.holds is None:
            return "not measured"
        share = words.readings(claim.holds)
        return f"**{claim.holds.word}**: {plain(share)}"
    if claim.kind == "unmodelled":
        return plain(claim.reason or "")
    said = [words.GRADES[claim.confidence] if claim.carriers else "by the story"]
    if claim.carriers:
        said.append("rests on " + ", ".join(f"`{name}`" for name in claim.carriers))
    if claim.structure:
        said.append(plain(claim.structure))
    tested = flips.pushed(findings, claim.name)
    return "; ".join([*said, *([plain(tested)] if tested else [])])
