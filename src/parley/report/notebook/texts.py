"""The card of a scenario: what it asks, who plays, what is judged.

What lives here: one card. What may not: findings.
"""

from __future__ import annotations

from parley.catalog.naming import known_as
from parley.findings.judgements import in_words, set_in_words, switch_in_words
from parley.report import words
from parley.report.document import Block, Paragraph, Table, plain
from parley.report.notebook.frame import MOST, count, framed, rest
from parley.scenario.model import Draw, Scenario

__all__ = ["scenario_card"]


def scenario_card(scenario: Scenario) -> str:
    """Write the card of a scenario.

    Examples
    --------
    >>> import parley
    >>> "recommends" in scenario_card(parley.load("which-event-first"))
    True
    """
    blocks: list[Block] = []
    if scenario.question:
        blocks.append(Paragraph(plain(scenario.question), "lead"))
    blocks.append(Paragraph(_asked(scenario)))
    rows = [*_numbers(scenario), *_switches(scenario)]
    if rows:
        caption = f"What is judged: {count(len(rows), 'assumption')}"
        table = (*rows[:MOST], *rest(len(rows) - MOST, 3))
        blocks.append(Table(caption, ("name", "judged to be", "what it is"), table))
    blocks.append(Paragraph(_size(scenario), "note"))
    return framed("Scenario", plain(scenario.title), blocks)


def _asked(scenario: Scenario) -> str:
    players = (
        words.listed([f"**{plain(name)}**" for name in scenario.players]) if scenario.players else "nobody"
    )
    said = f"Between {players}."
    compared = scenario.comparison
    if compared is not None:
        policies = words.listed([plain(words.quoted(name)) for name in compared.policies])
        said += (
            f" For {plain(compared.player)}, it compares {policies}, "
            f"and recommends **{plain(compared.recommend)}**."
        )
    return said


def _numbers(scenario: Scenario) -> list[tuple[str, str, str]]:
    rows = []
    for name, item in scenario.parameters.items():
        unit = f" {plain(item.unit)}" if item.unit else ""
        said = _set(scenario.overrides.get(name)) or plain(in_words(item.judgement)) + unit
        rows.append((f"`{name}`", said, plain(item.text or "")))
    return rows


def _switches(scenario: Scenario) -> list[tuple[str, str, str]]:
    return [
        (
            f"`{name}`",
            _set(scenario.overrides.get(name)) or plain(switch_in_words(item)),
            plain(item.text or ""),
        )
        for name, item in scenario.switches.items()
    ]


def _set(override: Draw | None) -> str:
    return "" if override is None else f"{plain(set_in_words(override))} (as set)"


def _size(scenario: Scenario) -> str:
    parts = [
        count(len(scenario.claims), "claim"),
        count(len(scenario.challenges), "challenge"),
        count(len(scenario.cases), "case"),
        count(len(scenario.sources), "source"),
    ]
    said = ", ".join(part for part in parts if not part.startswith("0 "))
    name = plain(known_as(scenario.path))
    return f"{said}. `{name}`" if said else f"`{name}`"
