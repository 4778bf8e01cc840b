"""The cases of history as a picture: when each was, and what chance the model gave it.

What lives here: from findings to a time line. What may not: drawing, scores.
"""

from __future__ import annotations

from collections.abc import Iterator

from parley.findings import CaseFinding, Findings
from parley.report import history
from parley.report.document import Figure, Table, plain
from parley.report.pictures.timeline import Case, Timeline, moment, timeline

__all__ = ["MOST", "figures", "of_cases"]

MOST = 24  # cases that one picture holds
_COIN = "coin"


def figures(findings: Findings, theme: str = "auto") -> tuple[Figure, ...]:
    """Return the time line of the cases, with the table behind it; nothing where there is no case.

    Parameters
    ----------
    findings
        Of :func:`parley.assess`, with its history.
    theme
        ``auto``, ``light`` or ``dark``.

    Examples
    --------
    >>> import parley
    >>> from parley.findings.history import history
    >>> from parley.study import Evaluator
    >>> from dataclasses import replace
    >>> run = parley.run(parley.load("which-event-first"), draws=64, seed=7)
    >>> known = history(run, Evaluator(run.scenario, seed=7))
    >>> [figure.name for figure in figures(replace(parley.assess(run), history=known))]
    ['cases']
    """
    if findings.history is None or not findings.history.cases:
        return ()
    shown = of_cases(findings.history.cases)
    caption = "Each case at its date, with the chance that the model gave to what happened."
    return (Figure("cases", timeline(shown, theme), caption, _table(findings.history.cases)),)


def of_cases(cases: tuple[CaseFinding, ...]) -> Timeline:
    """Return what the time line of cases shows.

    Of more than a picture holds, those that the model gave the least chance are shown.
    """
    chosen = list(cases)
    if len(cases) > MOST:
        ranked = sorted(cases, key=lambda case: 2.0 if case.chance.mean is None else case.chance.mean)
        kept = {case.name for case in ranked[:MOST]}
        chosen = [case for case in cases if case.name in kept]
    shown = tuple(_case(case) for case in chosen)
    undated = sum(1 for case in shown if moment(case.date) is None)
    description = (
        f"{len(shown)} cases, {undated} of them without a date. "
        "The table says what happened in each and what chance the model gave it."
    )
    beside = "chance of a coin" if any(case.beside is not None for case in shown) else ""
    return Timeline(
        "What happened, and what the model said", shown, beside, tuple(_notes(cases)), description
    )


def _case(case: CaseFinding) -> Case:
    chance, timed = case.chance, case.timing is not None
    return Case(
        name=case.text or case.name,
        happened=history.case(case) if timed else case.happened,
        date=case.date,
        chance=None if timed else chance.mean,
        low=None if timed else chance.low,
        high=None if timed else chance.high,
        beside=None if timed else case.rivals.get(_COIN),
        used=bool(case.used_for),
        note="the model says nothing of it" if not timed and chance.mean is None else "",
    )


def _notes(cases: tuple[CaseFinding, ...]) -> Iterator[str]:
    if any(case.timing is None and case.chance.low is not None for case in cases):
        yield "Bars: where the chance lies in nine of ten readings."
    if len(cases) > MOST:
        yield f"Of {len(cases)} cases, the {MOST} to which the model gave the least chance."


def _table(cases: tuple[CaseFinding, ...]) -> Table:
    rows = tuple(
        (
            plain(case.name),
            plain(case.date or "none"),
            plain(history.case(case)),
            plain(", ".join(case.used_for) or "none"),
        )
        for case in cases
    )
    return Table("The cases", ("case", "date", "what happened, and the model", "numbers it has set"), rows)
