"""What carries the conclusion, as bars with intervals.

What lives here: which assumptions are shown, captions, the table behind. What may not: estimates, layout.
"""

from __future__ import annotations

import math

from parley.findings import CriterionCruxes, Crux, Cruxes, Findings, Index
from parley.report import cruxes as said
from parley.report import words
from parley.report.document import Figure, Table, plain
from parley.report.pictures.bars import MOST_ROWS, Bar, BarChart, BarRow, bar_chart

__all__ = ["INTERVAL", "crux_chart", "crux_figures", "named"]

INTERVAL = (
    "The thin line through the end of a bar is a 95 % interval: sampling alone leaves the number within it "
    "nineteen times in twenty. It says nothing of how well an assumption was judged."
)
CHANGES = "in so many of 100 readings the decision changes when this alone is judged anew"
PART = "its part of the margin's doubt; all assumptions together make 100 (Shapley effect)"


def crux_figures(findings: Findings, theme: str = "auto") -> tuple[Figure, ...]:
    """Draw for each criterion which assumptions carry its answer.

    Parameters
    ----------
    findings
        Of :func:`parley.findings.assess` with ``cruxes``.
    theme
        See :func:`parley.report.pictures.theme.style_sheet`.

    Returns
    -------
    tuple of Figure
        ``cruxes-1`` for the first criterion, and so on; none for a criterion in which no assumption can be
        told from 0, or where cruxes were not asked for.

    Examples
    --------
    >>> import parley
    >>> crux_figures(parley.assess(parley.run(parley.load("which-event-first"), draws=16)))
    ()
    """
    found = findings.cruxes
    if found is None:
        return ()
    figures = []
    for number, item in enumerate(found.criteria, start=1):
        chart = crux_chart(found, item)
        if chart is not None:
            table = _table(item, _shown(item))
            picture = bar_chart(chart, theme)
            figures.append(Figure(f"cruxes-{number}", picture, plain(_caption(found, item)), table))
    return tuple(figures)


def crux_chart(found: Cruxes, item: CriterionCruxes) -> BarChart | None:
    """Return the data of one criterion's picture; None where nothing can be told from 0."""
    shown = _shown(item)
    if not shown:
        return None
    heads = (PART,) if item.decided else (CHANGES, PART)
    return BarChart(
        title=f"What the answer hangs on: {words.clean(item.criterion)}",
        heads=heads,
        rows=tuple(BarRow(named(each), each.confidence, _bars(item, each)) for each in shown),
        notes=(INTERVAL, *said.remainder(item, shown)),
        description=_caption(found, item),
    )


def _shown(item: CriterionCruxes) -> list[Crux]:
    return [each for each in item.cruxes if _told(item, each)][:MOST_ROWS]


def _told(item: CriterionCruxes, crux: Crux) -> bool:
    """Whether one of the bars of the picture can be told from 0."""
    margin = crux.margin is not None and crux.margin.shapley.distinct
    return margin or (crux.reversed.distinct and not item.decided)


def _bars(item: CriterionCruxes, crux: Crux) -> tuple[Bar, ...]:
    part = _bar(None if crux.margin is None else crux.margin.shapley)
    return (part,) if item.decided else (_bar(crux.reversed), part)


def _bar(index: Index | None) -> Bar:
    if index is None or index.value is None:
        return Bar(None, None, None, words.ABSENT, told=False)
    low, high = (None if each is None else 100 * each for each in (index.low, index.high))
    return Bar(100 * index.value, low, high, _written(index), told=index.distinct)


def _written(index: Index) -> str:
    """Write an index in hundredths with its error, whether or not it can be told from 0.

    >>> _written(Index(0.274, 0.21, 0.338)), _written(Index(-0.004, -0.02, 0.012))
    ('27 ±7', '0 ±2')
    """
    if index.value is None:
        return words.ABSENT
    value = 100 * index.value
    text = (
        "<1"
        if 0 < value < 0.5 and index.distinct
        else f"{round(value) + 0:.0f}".replace("-", "\N{MINUS SIGN}")
    )
    if index.high is None:
        return text
    return f"{text} ±{max(1, math.ceil(round(100 * index.high - value, 9)))}"


def named(crux: Crux) -> str:
    """Return the author's words for an assumption, with its name; the name alone where there are none.

    Examples
    --------
    >>> nothing = Index(None, None, None)
    >>> named(Crux("B", "parameter", "loss", "1 to 2", "C", (), nothing, None, None, None, True))
    'loss (B)'
    """
    name = words.clean(crux.name)
    if crux.kind == "ranking" and crux.text:
        return f"how {words.clean(crux.text)} ranks the endings"
    return f"{words.clean(crux.text)} ({name})" if crux.text else name


def _caption(found: Cruxes, item: CriterionCruxes) -> str:
    """Say in one counted sentence what is to be seen."""
    first = _shown(item)[0]
    rivals = words.listed([words.quoted(name) for name in item.against])
    if item.decided:
        share = item.ahead if item.ahead is not None else 0.0
        start = (
            f"{words.quoted(found.recommended)} is ahead of {rivals} in {words.of_hundred(share)} readings"
        )
        part = None if first.margin is None else first.margin.shapley.value
        which = _quoted(first)
        return f"{start}; of 100 parts of its margin's doubt {_parts(part)} come from {which}."
    which = "which of the two does better" if len(item.against) == 1 else f"whether it beats {rivals}"
    anew = (
        f"Judging everything anew changes {which} in {words.of_hundred(item.reversed.value)} readings "
        f"({words.give_or_take(said.half(item.reversed))})"
    )
    return f"{anew}; judging only {_quoted(first)} anew, in {words.of_hundred(first.reversed.value)}."


def _quoted(crux: Crux) -> str:
    """Return the author's words for an assumption as they stand in a sentence."""
    if crux.kind == "ranking" or not crux.text:
        return named(crux)
    return f"{words.quoted(crux.text)} ({words.clean(crux.name)})"


def _parts(value: float | None) -> str:
    return words.of_hundred(value).removesuffix(" of 100")


def _table(item: CriterionCruxes, shown: list[Crux]) -> Table:
    heads = ("part",) if item.decided else ("changes it in", "part")
    rows = []
    for each in shown:
        numbers = (
            [_written(_part(each))] if item.decided else [_written(each.reversed), _written(_part(each))]
        )
        rows.append((plain(named(each)), plain(each.judgement), words.GRADES[each.confidence], *numbers))
    head = ("assumption", "judgement", "grade", *heads)
    caption = "Hundredths with the half-width of a 95 % interval."
    return Table(caption, head, tuple(rows), tuple(range(3, len(head))))


def _part(crux: Crux) -> Index:
    return Index(None, None, None) if crux.margin is None else crux.margin.shapley
