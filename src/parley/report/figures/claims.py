"""The claims in one picture, in the order of the article.

What lives here: the strip of claims, from findings. What may not: drawing.
"""

from __future__ import annotations

from parley.findings import ClaimFinding, Findings
from parley.report import words
from parley.report.document import Figure, Table, plain
from parley.report.pictures.ledger import WORDS, Cell, LedgerStrip, ledger_strip

__all__ = ["strip"]

_KINDS = {"derived": "derived", "assumed": "assumed", "unmodelled": "not modelled"}
_FILLED = (
    "A derived claim's box is filled as far as the share of the readings in which it holds; the number below "
    "says in how many of 100. The letter of an assumed claim is its grade."
)


def strip(findings: Findings, theme: str = "auto") -> tuple[Figure, ...]:
    """Return the strip of claims; nothing where the argument has none.

    Parameters
    ----------
    findings
        Of :func:`parley.assess`.
    theme
        See :func:`parley.report.pictures.ledger.ledger_strip`.

    Examples
    --------
    >>> import parley
    >>> found = strip(parley.assess(parley.run(parley.load("which-event-first"), draws=16)))
    >>> [figure.name for figure in found]
    ['claims-strip']
    """
    if not findings.claims:
        return ()
    cells = tuple(_cell(claim) for claim in findings.claims)
    notes = (_FILLED,) if any(cell.kind == "derived" for cell in cells) else ()
    described = "; ".join(f"{words.clean(claim.name)}: {_became(claim)}" for claim in findings.claims) + "."
    drawn = ledger_strip(LedgerStrip(_title(findings), cells, notes, described), theme)
    rows = tuple((plain(each.name), plain(each.text), plain(_became(each))) for each in findings.claims)
    table = Table("Claims in the order of the article", ("claim", "what it says", "what became of it"), rows)
    return (Figure("claims-strip", drawn, "Every claim of the article, in its order.", table),)


def _cell(claim: ClaimFinding) -> Cell:
    name = words.clean(claim.name)
    if claim.kind == "derived" and claim.holds is not None:
        counted = words.brief(words.of_hundred(claim.holds.share)).replace(" of 100", "")
        return Cell(name, "derived", claim.holds.word, claim.holds.share or 0.0, counted)
    return Cell(name, claim.kind, grade=claim.confidence if claim.kind == "assumed" else None)


def _became(claim: ClaimFinding) -> str:
    """Say in a few words what became of a claim."""
    if claim.kind == "derived":
        if claim.holds is None:
            return "derived, not measured in this run"
        return f"derived, {claim.holds.word}: {words.readings(claim.holds)}"
    if claim.kind == "assumed":
        return f"assumed: {words.GRADES[claim.confidence]}"
    return "not modelled" + (f": {words.clean(claim.reason)}" if claim.reason else "")


def _title(findings: Findings) -> str:
    """Say how many claims the model tests, and how they come out."""
    count = findings.coverage
    if not count.derived:
        return f"The model tests none of {count.claims} claims"
    ways = [f"{count.words[word]} {word}" for word in (*WORDS, "unmeasured") if count.words.get(word)]
    return f"The model tests {count.derived} of {count.claims} claims: {words.listed(ways)}"
