"""The proof: what was solved, how exactly, and how to do it again.

What lives here: the last section of a report but one. What may not: verdicts.
"""

from __future__ import annotations

from parley.findings import Findings
from parley.report import words
from parley.report.document import Block, Bullets, Code, Section, Term, Terms, plain
from parley.report.others import UNSEARCHED, others
from parley.scenario.model import Scenario

__all__ = ["section"]


def section(findings: Findings, scenario: Scenario | None) -> Section:
    """Return what was solved and how exactly, the record of the run, and the command that repeats it.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> found = section(parley.assess(parley.run(scenario, draws=16)), scenario)
    >>> found.blocks[0].items[0].term
    'Solved'
    """
    proof, record = findings.certification, findings.provenance
    games = f"{findings.draws:,} readings under {len(proof.policies)} policies: {proof.games:,} games"
    failed = proof.games - proof.solved
    terms = [
        Term("Solved", f"{games}; " + ("all certified" if not failed else f"**{failed:,} not certified**")),
        Term("Exact to", _exactness(proof.largest_residual)),
        *(Term("Other equilibria", plain(line)) for line in others(findings)),
        Term("Method", plain(words.method(findings))),
        Term(
            "Record",
            f"seed {record.seed}; Parley {record.version}; scenario `{record.digest[:12]}`; "
            + plain(record.design)
            + ("" if record.starts else UNSEARCHED),
        ),
    ]
    blocks: list[Block] = [Terms(tuple(terms))]
    notes = [*words.precisions(findings), *findings.notes, *words.unsound(findings)]
    if notes:
        blocks.append(Bullets(tuple(plain(note) for note in notes)))
    again = words.command(findings)
    blocks.append(Section("again", "Do it again", (Code(f"{again} --save run\nparley verify run"),)))
    return Section("proof", "The proof", tuple(blocks))


def _exactness(residual: float | None) -> str:
    if residual is None:
        return "nothing was solved"
    return (
        f"{words.scientific(residual)}: by so much, at most, the odds of any choice differ from those that "
        "the players' own reasons give (the residual of the equilibrium)"
    )
