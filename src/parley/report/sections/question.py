"""The story's people and the choices: who is in it, who decides what, which policies are compared.

What lives here: what a reader must know beside the title's question. What may not: the answer.
"""

from __future__ import annotations

from parley.findings import Findings
from parley.report.document import Block, Paragraph, Section, Term, Terms, plain
from parley.report.story import policy_in_words
from parley.scenario.model import Scenario

__all__ = ["section"]


def section(findings: Findings, scenario: Scenario | None) -> Section:
    """Return who is in the story and the policies that are compared.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> found = section(parley.assess(parley.run(scenario, draws=16)), scenario)
    >>> found.title, len(found.blocks)
    ('Who is in it, and what can be chosen', 3)
    """
    blocks: list[Block] = []
    if scenario is not None and scenario.about.get("summary"):
        blocks.append(Paragraph(plain(scenario.about["summary"])))
    players = tuple(Term(plain(text), _part(name, scenario)) for name, text in findings.players.items())
    blocks.append(Section("who", "Who is in it", (Terms(players),)))
    if findings.policies and findings.verdict is not None:
        policies = tuple(Term(plain(name), _policy(name, findings, scenario)) for name in findings.policies)
        who = plain(findings.players[findings.verdict.player])
        blocks.append(Section("choices", f"What {who} can choose", (Terms(policies),)))
    return Section("question", "Who is in it, and what can be chosen", tuple(blocks))


def _part(name: str, scenario: Scenario | None) -> str:
    """Say what a player decides."""
    if scenario is None:
        return f"`{name}` in the model"
    from parley.scenario.uses import moves

    own = list(dict.fromkeys(move.name for move in moves(scenario) if move.player == name))
    if not own:
        return f"`{name}` in the model; decides nothing, but sees and believes"
    return f"`{name}` in the model; decides {', '.join(plain(each) for each in own)}"


def _policy(name: str, findings: Findings, scenario: Scenario | None) -> str:
    verdict = findings.verdict
    assert verdict is not None
    marks = []
    if name == verdict.recommended:
        marks.append("**recommended by the argument**")
    if name == verdict.baseline:
        marks.append("what it is compared with first")
    policy = (
        None if scenario is None or scenario.comparison is None else scenario.comparison.policies.get(name)
    )
    if policy is not None:
        if policy.intended:
            marks.append("the others do not know it")
        marks.insert(0, plain(policy_in_words(policy)))
    return "; ".join(marks) or "also compared"
