"""The comparison: what each policy comes to, by each criterion, and what else was measured.

What lives here: tables. What may not: which policy is recommended.
"""

from __future__ import annotations

from parley.findings import Findings, Measure
from parley.report import words
from parley.report.document import Block, Figure, Paragraph, Section, Table, plain
from parley.scenario.model import Scenario

__all__ = ["section"]

ABREAST = 3  # policies for whose ranges there is room beside each other
RANGE = (
    "The mean is over all readings; nine readings in ten lie between the two columns beside the middle. A "
    "range says how far the readings differ, not how sure the mean is."
)


def section(
    findings: Findings, scenario: Scenario | None, figures: tuple[Figure, ...] = ()
) -> Section | None:
    """Return the policies side by side, one table for each criterion, then the other quantities.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> found = section(parley.assess(parley.run(scenario, draws=16)), scenario)
    >>> [type(block).__name__ for block in found.blocks]
    ['Table', 'Table', 'Paragraph', 'Section']
    """
    criteria = [item for item in findings.measures if item.kind == "criterion" and item.spread]
    others = [item for item in findings.measures if item.kind == "quantity" and item.spread]
    if not criteria and not others:
        return None
    blocks: list[Block] = [*figures, *(_criterion(findings, item) for item in criteria)]
    blocks.append(Paragraph(RANGE, "note"))
    if others:
        blocks.append(Section("measured", "Also measured", (_quantities(findings, others),)))
    return Section("comparison", "The policies side by side", tuple(blocks))


def _criterion(findings: Findings, item: Measure) -> Table:
    better = "more is better" if item.higher is not False else "less is better"
    rows = []
    written = words.figures(
        value for each in item.spread.values() for value in (each.mean, each.low, each.middle, each.high)
    )
    for place, policy in enumerate(item.spread):
        mean, low, middle, high = written[4 * place : 4 * place + 4]
        rows.append(
            (_named(findings, policy), mean, low, middle, high, words.best_in(findings, item, policy))
        )
    head = ("policy", "mean", "5 %", "middle", "95 %", "best in")
    return Table(f"{plain(item.name)} ({better})", head, tuple(rows), (1, 2, 3, 4, 5))


def _named(findings: Findings, policy: str) -> str:
    verdict = findings.verdict
    recommended = verdict is not None and policy == verdict.recommended
    return f"**{plain(policy)}**" if recommended else plain(policy)


def _quantities(findings: Findings, items: list[Measure]) -> Table:
    policies = [name for name in findings.policies if any(name in item.spread for item in items)]
    rows = []
    for item in items:
        cells = []
        for policy in policies:
            spread = item.spread.get(policy)
            if spread is None or not spread.defined:
                cells.append(words.ABSENT if spread is not None else "")
                continue
            mean, low, high = words.figures((spread.mean, spread.low, spread.high))
            alone = low == high == mean or len(policies) > ABREAST
            cells.append(mean if alone else f"{mean} ({low} to {high})")
        rows.append((plain(item.name), *cells))
    what = "mean" if len(policies) > ABREAST else "mean (5 to 95 %)"
    head = (what, *(plain(policy) for policy in policies))
    return Table("", head, tuple(rows), tuple(range(1, len(head))))
