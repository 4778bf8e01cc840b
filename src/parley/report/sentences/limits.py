"""What the report can't say: always, and in this case.

What lives here: the sentences. What may not: anything measured.
"""

from __future__ import annotations

from parley.findings import Findings
from parley.report.document import Inline, plain
from parley.report.sentences.grammar import count, name

__all__ = ["STANDING", "left_out", "unsaid"]

STANDING = (
    "A share of readings is not a probability.",
    "It says how far the words of the argument, taken with everything they leave open, settle the question; "
    "it does not say how likely the world is to agree.",
    "The model knows only the players, the choices and the wishes that were written down.",
    "Whether somebody is missing, whether a number is right, and whether people reason in this way, no "
    "computation can say.",
)


def unsaid(findings: Findings) -> tuple[Inline, ...]:
    """Say what was not looked at in this case.

    Parameters
    ----------
    findings
        Of :func:`parley.assess`.

    Returns
    -------
    tuple of str
        Whole sentences.

    Examples
    --------
    >>> import parley
    >>> unsaid(parley.assess(parley.run(parley.load("which-event-first"), draws=16)))[1]
    'Whether the same reasons allow another outcome (another equilibrium) was not searched.'
    """
    said = []
    if findings.verdict is not None and findings.cruxes is None and findings.flips is None:
        said.append("What carries the answer and what would reverse it was not asked.")
    if findings.multiplicity is None:
        said.append("Whether the same reasons allow another outcome (another equilibrium) was not searched.")
    if findings.reasoning is None and findings.verdict is not None:
        said.append("Whether the answer is the same when people reason in other ways was not looked at.")
    if findings.history is None:
        said.append("The model was not held against any case from history.")
    return tuple(said)


def left_out(findings: Findings) -> tuple[Inline, ...]:
    """Say which claims the model leaves out, and why: an introduction, then a line for each.

    Examples
    --------
    >>> import parley
    >>> left_out(parley.assess(parley.run(parley.load("which-event-first"), draws=16)))
    ()
    """
    claims = [claim for claim in findings.claims if claim.kind == "unmodelled"]
    if not claims:
        return ()
    total = count(len(findings.claims))
    start = (
        f"One of the {total} claims of the argument is not in the model, and nothing here bears on it:"
        if len(claims) == 1
        else f"Of the {total} claims of the argument, {count(len(claims))} are not in the model, and "
        "nothing here bears on them:"
    )
    lines = [
        f"{name(claim.text.rstrip('.'))}: {plain(claim.reason or 'no reason is given')}" for claim in claims
    ]
    return (start, *(f"{line.rstrip('.')}." for line in lines))
