"""The cards of what was found: findings, an estimation, published numbers.

What lives here: three cards. What may not: statistics.
"""

from __future__ import annotations

from parley.findings.judgements import number
from parley.findings.model import Findings, Measure
from parley.findings.published import PublishedNumber, published
from parley.report import ledger, words
from parley.report.document import Block, Bullets, Inline, Paragraph, Table, plain
from parley.report.fit import interval, meaning
from parley.report.notebook.frame import MOST, count, exactness, framed, rest
from parley.study.fit_model import Fit
from parley.study.reproduction import Reproduction

__all__ = ["findings_card", "fit_card", "reproduction_card"]


def findings_card(findings: Findings) -> str:
    """Write the card of findings: the verdict, the policies compared, the claims in short, the proof.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=16))
    >>> plain(words.headline(found))[:30] in findings_card(found)
    True
    """
    blocks: list[Block] = []
    if findings.question:
        blocks.append(Paragraph(plain(findings.question)))
    blocks.append(Paragraph(plain(words.headline(findings)), "lead"))
    if findings.verdict is not None and findings.certification.sufficient:
        blocks.append(
            Bullets(
                tuple(
                    f"{plain(item.criterion)}: {plain(words.answer(findings, item))}"
                    for item in findings.verdict.answers
                )
            )
        )
    table = _comparison(findings)
    if table is not None:
        blocks.append(table)
    said = tuple(plain(line) for line in ledger.summary(findings))
    if said:
        blocks += [Paragraph(f"Of {count(len(findings.claims), 'claim')}:"), Bullets(said)]
    blocks.append(Paragraph(_proof(findings), "note"))
    kind = f"Findings of {count(findings.draws, 'reading')}"
    return framed(kind, plain(findings.title), blocks)


def _comparison(findings: Findings) -> Table | None:
    criteria = [item for item in findings.measures if item.kind == "criterion" and item.spread]
    if not criteria:
        return None
    policies = [name for name in findings.policies if any(name in item.spread for item in criteria)]
    columns = [_cells(item, policies) for item in criteria]
    recommended = findings.verdict.recommended if findings.verdict is not None else None
    rows = [
        (
            f"**{plain(policy)}**" if policy == recommended else plain(policy),
            *(cells[place] for cells in columns),
        )
        for place, policy in enumerate(policies[:MOST])
    ]
    head = ("mean (5 to 95 %)", *(plain(item.name) for item in criteria))
    table = (*rows, *rest(len(policies) - MOST, len(head)))
    return Table("", head, table, tuple(range(1, len(head))))


def _cells(item: Measure, policies: list[str]) -> list[Inline]:
    spreads = [item.spread.get(policy) for policy in policies]
    written = words.figures(value for each in spreads if each for value in (each.mean, each.low, each.high))
    cells = []
    for each in spreads:
        if each is None:
            cells.append("")
            continue
        mean, low, high, *written = written
        cells.append(mean if low == high == mean else f"{mean} ({low} to {high})")
    return cells


def _proof(findings: Findings) -> str:
    proof = findings.certification
    said = f"{proof.solved:,} of {count(proof.games, 'game')} certified"
    if proof.largest_residual is not None:
        said += exactness(proof.largest_residual)
    record = findings.provenance
    said += f". Seed {record.seed}, Parley {record.version}."
    if not findings.complete:
        said = f"**Interrupted.** {said}"
    return f"{said} `print(parley.report.render(findings))` says more."


def fit_card(found: Fit) -> str:
    """Write the card of an estimation: the estimates, and what they mean.

    Examples
    --------
    >>> import parley
    >>> from parley.study import fit
    >>> found = fit(parley.load("which-event-first"), {"outcome": ["settled", "clean failure"]}, ["pi_peace"])
    >>> "pi_peace" in fit_card(found)
    True
    """
    rows = tuple(
        (
            f"**{plain(each.name)}** {plain(each.text or '')}",
            number(each.value, 4) + (f" {plain(each.unit)}" if each.unit else ""),
            words.ABSENT if each.error is None else number(each.error),
            plain(interval(each.profile)),
        )
        for each in found.estimates[:MOST]
    )
    head = ("", "estimate", "standard error", f"{100 * found.confidence:.3g} % interval (profile)")
    blocks: list[Block] = [
        Paragraph(f"Log likelihood {number(found.log_likelihood, 6)}, {count(found.games, 'game')} solved."),
        Table("", head, (*rows, *rest(len(found.estimates) - MOST, len(head))), (1, 2)),
    ]
    said = tuple(plain(line) for each in found.estimates for line in meaning(each))
    if said:
        blocks.append(Bullets(said[:MOST]))
    blocks.append(Paragraph("`print(parley.report.fit.render_fit(found))` says more.", "note"))
    kind = f"Fit of {count(len(found.estimates), 'number')} to {number(found.plays, 6)} plays"
    return framed(kind, plain(found.title), blocks)


def reproduction_card(found: Reproduction) -> str:
    """Write the card of published numbers beside what the model gives.

    Examples
    --------
    >>> import parley
    >>> from parley.study import reproduce
    >>> "published" in reproduction_card(reproduce(parley.load("tucker-1950/prisoners-dilemma")))
    True
    """
    compared = published(found)
    met = sum(each.met for each in compared.numbers)
    lead = f"{met} of {count(len(compared.numbers), 'published number')} met."
    blocks: list[Block] = [Paragraph(lead if compared.met else f"**{lead}**", "lead")]
    if compared.problems:
        blocks.append(Bullets(tuple(plain(each) for each in compared.problems)))
    rows = [_number(each) for each in sorted(compared.numbers, key=lambda each: each.met)]
    head = ("quantity", "published", "found", "may be off by", "")
    table = (*rows[: 2 * MOST], *rest(len(rows) - 2 * MOST, len(head)))
    blocks.append(Table("", head, table, (1, 2, 3)))
    return framed(f"Reproduction, {count(compared.games, 'game')}", plain(compared.title), blocks)


def _number(each: PublishedNumber) -> tuple[Inline, ...]:
    given = f" ({plain(each.given)})" if each.given else ""
    return (
        plain(each.text or each.quantity) + given,
        f"{each.value + 0.0:.10g}",
        words.ABSENT if each.found is None else f"{each.found + 0.0:.10g}",
        f"{each.tolerance:.2g}",
        "met" if each.met else "**NOT MET**",
    )
