"""What carries the conclusion, in a terminal: the assumptions that decide, each on one line.

What lives here: sentences and layout. What may not: estimates, ranking.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from parley.findings import CriterionCruxes, Crux, Cruxes, Findings, Index
from parley.report import words

__all__ = ["amount", "cruxes", "half", "introduction", "notes", "remainder", "remark"]

ROWS = {1: 6, 2: 4}  # assumptions shown, by number of criteria
FEWEST = 3  # with more criteria
LONGEST_NAME = 20
SETTLED = 0.95  # of the readings: below it few reversals are the fault of few readings
SHIFTS = 4
UNCLEAR = "not told from 0"
INDENT = (0, 0, 0, 2)
PART = "part: of the margin's doubt, what the assumption accounts for (Shapley effect); all make 100."


def remark(findings: Findings) -> str:
    """Return what stands beside the section's heading."""
    found = findings.cruxes
    return "" if found is None else f"{found.readings:,} readings, one assumption after the other judged anew"


def cruxes(findings: Findings, width: int) -> Iterator[Padding]:
    """Lay out which assumptions carry the conclusion; nothing where it was not asked.

    Parameters
    ----------
    findings
        Of :func:`parley.findings.assess`.
    width
        Columns of the page.

    Yields
    ------
    For each criterion a sentence and a table, then what to know about them.

    Examples
    --------
    >>> import parley
    >>> findings = parley.assess(parley.run(parley.load("which-event-first"), draws=16))
    >>> list(cruxes(findings, 100))
    []
    """
    found = findings.cruxes
    if found is None:
        return
    most = ROWS.get(len(found.criteria), FEWEST)
    for item in found.criteria:
        shown = [each for each in item.cruxes if _moves(each)][:most]
        said = Text(words.clean(item.criterion), style="bold").append(
            f": {introduction(found, item)}", style="not bold"
        )
        yield Padding(said, INDENT)
        if shown:
            yield Padding(_table(item, shown, width - 2 * INDENT[3]), (0, 0, 0, 2 * INDENT[3]))
        for line in remainder(item, shown):
            yield Padding(Text(line, style="dim"), (0, 0, 0, 2 * INDENT[3]))
    for line in notes(found):
        yield Padding(Text(line), INDENT)
    yield Padding(Text(PART, style="dim"), INDENT)


def _moves(crux: Crux) -> bool:
    """Whether the assumption does anything that can be told from nothing."""
    return crux.reversed.distinct or (
        crux.margin is not None and (crux.margin.shapley.distinct or crux.margin.total.distinct)
    )


def introduction(found: Cruxes, item: CriterionCruxes) -> str:
    """Say in how many readings the answer changes when everything is judged anew."""
    rivals = _listed([words.quoted(name) for name in item.against])
    if item.ahead is None:
        return f"the margin over {rivals} is undefined in all readings; nothing can be said."
    if item.steady:
        return f"the margin over {rivals} is the same in all readings; no assumption bears on it."
    if item.decided:
        side = "ahead of" if (item.ahead or 0.0) > 0.5 else "behind"
        share = (item.ahead or 0.0) if side == "ahead of" else 1 - (item.ahead or 0.0)
        start = f"{words.quoted(found.recommended)} is {side} {rivals} in {words.of_hundred(share)} readings"
        if share < SETTLED:
            return f"{start}; too few readings to say what reverses that (more: --draws). Its margin hangs on"
        return f"{start}, so hardly anything reverses that; its margin hangs on"
    what = (
        "which of the two does better" if len(item.against) == 1 else f"whether it does better than {rivals}"
    )
    anew = item.reversed.value if item.reversed.value is not None else 0.0
    error = words.give_or_take(half(item.reversed))
    return (
        f"judging everything anew changes {what} in {words.of_hundred(anew)} readings ({error}); judging "
        "one assumption anew:"
    )


def half(index: Index) -> float | None:
    """Return the half-width of an index's interval; None where there is none."""
    return None if index.value is None or index.high is None else index.high - index.value


def _table(item: CriterionCruxes, shown: Sequence[Crux], width: int) -> Table:
    table = Table(box=None, show_edge=False, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    heads = ["", *([] if item.decided else ["changes it in"]), "part", "grade"]
    rows = [_cells(item, each) for each in shown]
    taken = sum(2 + max(len(head), *(len(row[place]) for row in rows)) for place, head in enumerate(heads))
    for head in heads:
        table.add_column(head, no_wrap=True)
    table.add_column("", overflow="fold")
    room = max(width - taken, 8)
    for each, (*cells, grade) in zip(shown, rows, strict=True):
        style = "bold yellow" if each.rests_on_judgement else ""
        table.add_row(*cells, Text(grade, style=style), words.shorten(about(each), room))
    return table


def _cells(item: CriterionCruxes, crux: Crux) -> list[str]:
    part = UNCLEAR if crux.margin is None else amount(crux.margin.shapley)
    changed = [] if item.decided else [amount(crux.reversed, " of 100")]
    return [words.shorten(crux.name, LONGEST_NAME), *changed, part, words.GRADES[crux.confidence]]


def amount(index: Index, unit: str = "") -> str:
    """Write an index in hundredths with its error, or that it cannot be told from zero.

    >>> amount(Index(0.274, 0.21, 0.338), " of 100"), amount(Index(-0.004, -0.02, 0.012))
    ('27 of 100 ±7', 'not told from 0')
    """
    if index.value is None or not index.distinct:
        return UNCLEAR
    value = "<1" if index.value < 0.005 else f"{min(100 * index.value, 100):.0f}"
    return f"{value}{unit} ±{words.give_or_take(half(index)).removeprefix('give or take ')}"


def about(crux: Crux) -> str:
    """Say what an assumption is: in the author's words, or what was judged.

    >>> about(Crux("ranking of ttp", "ranking", "the group", "only the order is stated", None, (),
    ...     Index(0.1, 0.0, 0.2), None, None, None, False))
    'how the group ranks the endings: only the order is stated'
    """
    if crux.kind == "ranking":
        return f"how {crux.text} ranks the endings: {crux.judgement}"
    return f"{crux.text}: {crux.judgement}" if crux.text else crux.judgement


def remainder(item: CriterionCruxes, shown: Sequence[Crux]) -> Iterator[str]:
    """Say what is left: the assumptions that are not shown, and undefined readings."""
    others = [each for each in item.cruxes if each not in shown]
    silent = sum(not _moves(each) for each in others)
    if others and not item.steady:
        which = f"The other {len(others)}" if shown else f"Of all {len(others)} assumptions"
        if silent == len(others):
            yield (
                f"{which}: nothing that can be told from 0." if shown else f"{which} none can be told from 0."
            )
        else:
            found = [_weight(item, each) for each in others]
            most = math.ceil(100 * max((value for value in found if value is not None), default=0.0))
            what = f"a part of {most}" if item.decided else f"{most} of 100 readings"
            told = f"; {silent} of them cannot be told from 0" if silent else ""
            yield f"{which}: at most {what} each{told}."
    if item.undefined:
        yield f"Undefined or not certified in {item.undefined:,} of the readings solved: left out here."


def _weight(item: CriterionCruxes, crux: Crux) -> float | None:
    if not item.decided:
        return crux.reversed.value
    return crux.margin.shapley.value if crux.margin is not None else None


def notes(found: Cruxes) -> Iterator[str]:
    """Say which weighty assumptions rest on judgement alone, and which are judged together."""
    every = [each for item in found.criteria for each in item.cruxes]
    judged = dict.fromkeys(words.clean(each.name) for each in every if each.rests_on_judgement)
    if judged:
        yield f"Rests on judgement (grade C or none): {_listed(list(judged))}."
    groups = dict.fromkeys(frozenset({each.name, *each.together}) for each in every if each.together)
    if groups:
        joined = "; ".join(_listed(sorted(words.clean(name) for name in group)) for group in groups)
        yield f"Judged together, so that no index can part what each does: {joined}.{_shift(found)}"


def _shift(found: Cruxes) -> str:
    """Say how far the first criterion's margin shifts with the assumptions that are judged together."""
    shifts = [(each.pawn, each.name) for each in found.criteria[0].cruxes if each.pawn is not None]
    clear = sorted(((at.index, name) for at, name in shifts if at.index > at.noise), reverse=True)
    if not clear:
        return ""
    listed = ", ".join(f"{words.clean(name)} {100 * index:.0f}" for index, name in clear[:SHIFTS])
    noise = math.ceil(100 * shifts[0][0].noise)
    return f" The margin shifts with them, 0 not at all, 100 wholly, below {noise} noise (PAWN): {listed}."


def _listed(names: Iterable[str]) -> str:
    texts = list(names)
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
