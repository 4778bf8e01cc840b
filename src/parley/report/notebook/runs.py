"""The cards of what was measured: results of a run, a sweep with its picture.

What lives here: two cards. What may not: verdicts.
"""

from __future__ import annotations

import hashlib

import numpy as np

from parley.report import words
from parley.report.document import Block, Bullets, Figure, Paragraph, Table, plain
from parley.report.notebook.frame import MOST, count, exactness, framed, rest
from parley.study.results import Results
from parley.study.sweep_model import Sweep

__all__ = ["results_card", "sweep_card"]

COLUMNS = 4  # policies beside each other


def results_card(results: Results) -> str:
    """Write the card of a run's results: means by policy, and the proof.

    Examples
    --------
    >>> import parley
    >>> "16 readings" in results_card(parley.run(parley.load("which-event-first"), draws=16))
    True
    """
    blocks: list[Block] = []
    if not results.complete:
        blocks.append(Paragraph("**Interrupted**: these are the readings that were finished."))
    policies = results.policies[:COLUMNS]
    rows = [*_criteria(results, policies), *_quantities(results, policies)]
    if rows:
        head = ("mean over the readings", *(plain(name) for name in policies))
        table = (*rows[:MOST], *rest(len(rows) - MOST, len(head)))
        more = len(results.policies) - len(policies)
        caption = f"{count(more, 'policy').replace('policys', 'policies')} not shown" if more else ""
        blocks.append(Table(caption, head, table, tuple(range(1, len(head)))))
    blocks.append(Paragraph(_proof(results)))
    blocks.append(
        Paragraph("`parley.assess(results)` is the answer, `results.to_frame()` every reading.", "note")
    )
    kind = f"Results of {count(len(results.draw), 'reading')} under {_policies(len(results.policies))}"
    return framed(kind, plain(results.scenario.title), blocks)


def _policies(amount: int) -> str:
    return "1 policy" if amount == 1 else f"{amount:,} policies"


def _criteria(results: Results, policies: tuple[str, ...]) -> list[tuple[str, ...]]:
    compared = results.scenario.comparison
    by = compared.by if compared is not None else ()
    return [
        (
            f"**{plain(item.text or item.expression.source)}**",
            *_means([results.criteria.get((number, policy)) for policy in policies]),
        )
        for number, item in enumerate(by)
    ]


def _quantities(results: Results, policies: tuple[str, ...]) -> list[tuple[str, ...]]:
    names = dict.fromkeys(name for name, _ in results.quantities)
    return [
        (plain(name), *_means([results.quantities.get((name, policy)) for policy in policies]))
        for name in names
    ]


def _means(columns: list[np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None]) -> list[str]:
    found: list[float | None] = []
    for column in columns:
        known = np.empty(0) if column is None else column[np.isfinite(column)]
        found.append(float(known.mean()) if known.size else None)
    return words.figures(found)


def _proof(results: Results) -> str:
    games = sum(len(proof.status) for proof in results.proofs.values())
    solved = sum(int((proof.status == 0).sum()) for proof in results.proofs.values())
    worst = [proof.residual[proof.status == 0] for proof in results.proofs.values()]
    largest = max((float(each.max()) for each in worst if each.size), default=None)
    said = f"{solved:,} of {count(games, 'game')} certified"
    said += f"{exactness(largest) if largest is not None else ''}."
    return said if solved == games else f"**{said}**"


def sweep_card(sweep: Sweep) -> str:
    """Write the card of a sweep: the picture, then what it shows in sentences.

    Examples
    --------
    >>> import parley
    >>> from parley.study import sweep
    >>> from parley.scenario import read_request
    >>> scenario = parley.load("which-event-first")
    >>> request = read_request(scenario, "{vary: B, from: 0, to: 40, steps: 3, show: payoff(us)}")
    >>> "<svg" in sweep_card(sweep(scenario, request, draws=16))
    True
    """
    from parley.report.sweeps import sentences, sweep_picture

    drawn = sweep_picture(sweep)
    name = hashlib.sha256(drawn.encode()).hexdigest()[:8]  # a notebook may hold many pictures
    said = sentences(sweep)
    text = plain(sweep.request.text) if sweep.request.text else ""
    shown = tuple(plain(each) for each in said[:MOST])
    blocks: list[Block] = [Figure(f"sweep-{name}", drawn, text), Bullets(shown)]
    if len(said) > MOST:
        blocks.append(Paragraph(f"and {len(said) - MOST} more sentences", "note"))
    size = f"{count(len(sweep.x), 'point')}, {count(sweep.games, 'game')}"
    kind = f"Sweep over {plain(sweep.request.vary)}: {size}"
    return framed(kind, plain(sweep.scenario.title), blocks, pictures=True)
