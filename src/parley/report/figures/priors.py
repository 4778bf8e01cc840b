"""Assumptions as pictures: what was judged, against what was counted and what the cases say.

What lives here: from a scenario and findings to strips of quantiles. What may not: drawing, statistics.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from parley.findings import Assumption, AssumptionShift, Findings
from parley.findings.judgements import in_words, number, plural
from parley.report import words
from parley.report.document import Figure, Table, plain
from parley.report.pictures.prior import Prior, Strip, prior
from parley.scenario.estimates import JEFFREYS, Estimate
from parley.scenario.middle import quantile
from parley.scenario.model import Judgement, Parameter, Scenario

__all__ = ["figures", "of_assumption"]

_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
_CHANCES = ("beta", "likelihood")


def figures(findings: Findings, scenario: Scenario, theme: str = "auto") -> tuple[Figure, ...]:
    """Return a picture of each number that rests on counts, or that independent cases move.

    Parameters
    ----------
    findings
        Of :func:`parley.assess`.
    scenario
        That was run.
    theme
        ``auto``, ``light`` or ``dark``.

    Returns
    -------
    ``prior-1`` and so on, in the order of the text. Numbers that a challenge or an override has set are left
    out, as are those that nothing but the author's judgement stands behind; :func:`of_assumption` shows those
    too.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> found = figures(parley.assess(parley.run(scenario, draws=16)), scenario)
    >>> [figure.name for figure in found], found[0].table.rows[1][0]
    (['prior-1'], 'what was counted')
    """
    found: list[Figure] = []
    moved = _moved(findings)
    for item in findings.assumptions:
        parameter = scenario.parameters.get(item.name)
        if item.kind != "parameter" or parameter is None or item.name in scenario.overrides:
            continue
        shift = moved.get(item.name)
        if parameter.judgement.estimate is None and (shift is None or not shift.distinct):
            continue
        shown = of_assumption(item, parameter, shift)
        caption = (
            f"{plain(item.name)}: the thick bar holds half of the readings, the thin one nine tenths, "
            "the mark is their middle."
        )
        found.append(Figure(f"prior-{len(found) + 1}", prior(shown, theme), caption, _table(shown)))
    return tuple(found)


def _moved(findings: Findings) -> dict[str, AssumptionShift]:
    """Return how cases that have set no number move each."""
    if findings.history is None or not findings.history.reweighting:
        return {}
    last = findings.history.reweighting[-1]
    return {} if last.scarce or not last.independent else {shift.name: shift for shift in last.assumptions}


def of_assumption(item: Assumption, parameter: Parameter, shift: AssumptionShift | None = None) -> Prior:
    """Return what the picture of one assumption shows.

    Parameters
    ----------
    item
        The assumption as the findings have it.
    parameter
        The same as the scenario has it.
    shift
        How the cases move it, if they are held against it.
    """
    judgement = parameter.judgement
    strips = list(_stages(judgement))
    if shift is not None and shift.after is not None:
        after = shift.after
        strips.append(Strip("weighted by the cases", (after.low, after.middle, after.high)))
    known = f"{item.name}: {item.text}" if item.text else item.name
    chances = judgement.shape in _CHANCES and _within(strips, 1.0)
    return Prior(
        title=words.clean(known),
        axis=words.clean(item.unit or ""),
        strips=tuple(strips),
        grade=item.confidence,
        floor=0.0 if _within(strips, math.inf) else None,
        ceiling=1.0 if chances else None,
        notes=tuple(_notes(item, judgement)),
        description=f"{words.clean(item.name)}, {words.GRADES[item.confidence]}: {in_words(judgement)}.",
    )


def _within(strips: list[Strip], high: float) -> bool:
    return all(0 <= value <= high for strip in strips for value in strip.values)


def _stages(judgement: Judgement) -> Iterator[Strip]:
    found = judgement.estimate
    if found is None:
        yield Strip("as judged", _quantiles(judgement))
        return
    yield _before(found, judgement)
    seen = f"{number(found.count)} of {number(found.size)}"
    if found.kind == "rate":
        seen = f"{number(found.count)} in {number(found.size)}"
        seen += f" {plural(found.per, found.size)}" if found.per else ""
    weight = "" if found.discount == 1 else ", counted in part"
    observed = (found.count / found.size,) if found.size > 0 else ()
    yield Strip("what was counted", observed, f"{seen}{weight}")
    yield Strip("what the readings take", _quantiles(judgement))


def _before(found: Estimate, judgement: Judgement) -> Strip:
    """Return what was thought before the count."""
    name = "Jeffreys' prior" if found.prior == JEFFREYS else f"{found.prior} prior"
    a, b = found.numbers
    if b <= 0:
        return Strip("before the count", (), f"{name}: anything")
    shape, numbers = ("gamma", (a, 1 / b)) if found.kind == "rate" else ("beta", (a, b))
    before = Judgement(shape, numbers, None, None, None, judgement.span)
    return Strip("before the count", _quantiles(before), name)


def _quantiles(judgement: Judgement) -> tuple[float, ...]:
    found = [quantile(judgement, share) for share in _SHARES]
    return tuple(max(found[: place + 1]) for place in range(len(found)))  # bisection may err in the last bit


def _notes(item: Assumption, judgement: Judgement) -> Iterator[str]:
    yield f"Grade {words.GRADES[item.confidence]}." if item.confidence else "The author gave no grade."
    if judgement.estimate is None:
        yield f"As judged: {in_words(judgement)}."
    if item.evidence:
        yield "; ".join(words.clean(text) for text in item.evidence)


def _table(shown: Prior) -> Table:
    rows = []
    for strip in shown.strips:
        values = strip.values
        ends = (values[0], values[len(values) // 2], values[-1]) if len(values) > 1 else ()
        single = ("", words.figure(values[0]), "") if len(values) == 1 else ("", "", "")
        numbers = tuple(words.figures(ends)) if ends else single
        rows.append((plain(strip.label), *numbers, plain(strip.detail)))
    return Table(plain(shown.title), ("stage", "5 %", "middle", "95 %", "from"), tuple(rows), (1, 2, 3))
