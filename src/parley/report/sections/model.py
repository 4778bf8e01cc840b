"""The model in words: who moves, who sees what, what each wants, every assumption with its source.

What lives here: the appendix of a report. What may not: findings.
"""

from __future__ import annotations

from parley.findings import Assumption, Findings
from parley.report import words
from parley.report.document import Block, Figure, Outline, Paragraph, Section, Table, Term, Terms, plain
from parley.report.story import story_lines
from parley.scenario.model import Scenario

__all__ = ["section"]


def section(
    findings: Findings, scenario: Scenario | None, figures: tuple[Figure, ...] = ()
) -> Section | None:
    """Return the story step by step, the wishes, and a table of every assumption.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> found = section(parley.assess(parley.run(scenario, draws=16)), scenario)
    >>> [block.title for block in found.blocks]
    ['The story, step by step', 'Every assumption', 'Sources']
    """
    blocks: list[Block] = list(figures)
    if scenario is not None:
        seen = Paragraph("Everybody sees a step at once unless it says otherwise.", "note")
        lines = tuple((depth, _step(text, remark)) for depth, text, remark in story_lines(scenario))
        blocks.append(Section("story", "The story, step by step", (seen, Outline(lines)), folded=True))
    if findings.assumptions:
        table = _assumptions(findings, scenario)
        blocks.append(Section("assumptions", "Every assumption", (table,), folded=True))
    if scenario is not None and (scenario.sources or scenario.evidence):
        blocks.append(Section("sources", "Sources", (Terms(tuple(_sources(scenario))),), folded=True))
    return Section("model", "The model in words", tuple(blocks)) if blocks else None


def _step(text: str, remark: str) -> str:
    return plain(text) + (f" ({plain(remark)})" if remark else "")


def _assumptions(findings: Findings, scenario: Scenario | None) -> Table:
    rows = []
    for item in findings.assumptions:
        values = ("", "", "") if item.low is None else words.figures((item.low, item.middle, item.high))
        rows.append((_name(item), *values, item.confidence or "none", _origin(item, scenario)))
    head = ("assumption", "5 %", "middle", "95 %", "grade", "as judged, and why")
    caption = "Grades: A counted, B read off something, C judged; none: the author gave none"
    return Table(caption, head, tuple(rows), (1, 2, 3))


def _name(item: Assumption) -> str:
    said = f"`{item.name}`"
    if item.text:
        said += f" {plain(item.text)}"
    return said + (f" ({plain(item.unit)})" if item.unit else "")


def _origin(item: Assumption, scenario: Scenario | None) -> str:
    known = scenario.evidence if scenario is not None else {}
    evidence = [known[name].text for name in item.evidence if name in known]
    parts = [item.judgement, *evidence, *([item.why] if item.why else [])]
    return plain("; ".join(parts))


def _sources(scenario: Scenario) -> list[Term]:
    said = []
    for source in scenario.sources.values():
        parts = [source.text, source.url or "", source.licence or ""]
        said.append(Term(f"`{source.name}`", plain("; ".join(part for part in parts if part))))
    for item in scenario.evidence.values():
        where = [f"source: {item.source}"] if item.source else []
        said.append(Term(f"`{item.name}`", plain("; ".join([item.text, *where]))))
    return said
