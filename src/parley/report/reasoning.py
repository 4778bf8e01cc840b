"""Other ways of reasoning, in a terminal: one table, what survives and what does not.

What lives here: sentences and layout. What may not: what is tried, statistics.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from parley.findings import Dependence, Findings, Way
from parley.findings.judgements import number
from parley.report import words
from parley.report.ledger import STYLES

__all__ = ["reasoning", "remark", "rows", "summary"]

INDENT = (0, 0, 0, 2)
LABEL = 24  # least columns of the first column, where there is room


def remark(findings: Findings) -> str:
    """Return what stands beside the section's heading."""
    found = findings.reasoning
    return "" if found is None else f"{found.readings:,} readings, solved as if people reasoned otherwise"


def reasoning(findings: Findings, width: int) -> Iterator[Padding]:
    """Lay out which findings survive in other ways of reasoning; nothing where it was not asked.

    Parameters
    ----------
    findings
        Of :func:`parley.findings.assess`.
    width
        Columns of the page.

    Yields
    ------
    A sentence, one table, and what to know about it.

    Examples
    --------
    >>> import parley
    >>> list(reasoning(parley.assess(parley.run(parley.load("which-event-first"), draws=16)), 100))
    []
    """
    found = findings.reasoning
    if found is None:
        return
    for line in summary(found):
        yield Padding(Text(line), INDENT)
    if len(found.ways) > 1:
        yield Padding(_table(findings, found, width - INDENT[3]), INDENT)
        for line in _notes(findings, found):
            yield Padding(Text(line, style="dim"), INDENT)


def summary(found: Dependence) -> tuple[str, ...]:
    """Say in a sentence or two what survives.

    Examples
    --------
    >>> summary(Dependence(512, ("a", "b"), (), 0, True, ()))
    ('Under these policies nobody has a choice: nothing depends on how people reason.',)
    """
    if not found.choosers:
        return ("Under these policies nobody has a choice: nothing depends on how people reason.",)
    others = [way for way in found.ways if way.kind != "judged"]
    said = []
    if found.survives:
        said.append(f"Every answer keeps its word in all {len(others)} other ways of reasoning.")
    elif found.survives is not None:
        changed = sum(any(each.share.word != each.judged for each in way.answers) for way in others)
        said.append(
            f"The verdict depends on how people reason: in {changed} of {len(others)} other ways an answer "
            "gets another word."
        )
    else:
        said.append("There is no verdict in some of these ways, so none can be said to survive.")
    moved = list(dict.fromkeys(words.clean(each.name) for way in others for each in way.claims or ()))
    if found.claims and not moved:
        said.append("Every derived claim keeps its word.")
    elif moved:
        said.append(f"Derived claims that get another word: {words.listed(moved)} (of {found.claims}).")
    return tuple(said)


def rows(findings: Findings, found: Dependence) -> list[list[str]]:
    """Return the table's rows: neighbours that say the same are one. First the way, last the claims."""
    groups: list[list[Way]] = []
    for way in found.ways:
        if groups and _alike(groups[-1][-1], way):
            groups[-1].append(way)
        else:
            groups.append([way])
    return [[_named(findings, group), *_answers(group), _claims(group[0])] for group in groups]


def _alike(one: Way, other: Way) -> bool:
    """Whether two ways differ in a number alone and say the same."""

    def said(way: Way) -> tuple[object, ...]:
        claims = None if way.claims is None else tuple((each.name, each.share.word) for each in way.claims)
        return way.word, tuple(each.share.word for each in way.answers), claims

    def plain(way: Way) -> tuple[object, ...]:
        return way.kind, way.players, way.noisy

    return plain(one) == plain(other) and said(one) == said(other)


def _named(findings: Findings, group: Sequence[Way]) -> str:
    first, last = group[0], group[-1]
    if first.kind == "judged":
        return "as judged"
    if first.kind in ("worst", "best"):
        return f"{first.kind} of other equilibria (in {first.readings:,} readings)"
    if first.kind == "level":
        steps = _span(first.level, last.level)
        ahead = f"{steps} step{'s' if last.level != 1 else ''} ahead"
        return ahead if first.noisy else f"{ahead}, never erring"
    if first.kind == "band":
        whose = f" of {_players(findings, first)}" if _several(findings) else ""
        low, high = number(first.low or 0.0, 2), number(last.high or 0.0, 2)
        return f"judged precision{whose} {low} to {high}"
    assert findings.reasoning is not None
    alone = "" if first.players == findings.reasoning.choosers else f"{_players(findings, first)} alone: "
    return f"{alone}precision {_span(first.precision, last.precision)}"


def _several(findings: Findings) -> bool:
    """Whether several precisions were judged, so that a band must say whose it is."""
    found = findings.reasoning
    return found is not None and len({way.players for way in found.ways if way.kind == "band"}) > 1


def _players(findings: Findings, way: Way) -> str:
    return words.listed([words.clean(findings.players.get(name, name)) for name in way.players])


def _span(first: float | None, last: float | None) -> str:
    low, high = number(first or 0.0), number(last or 0.0)
    return low if low == high else f"{low} to {high}"


def _answers(group: Sequence[Way]) -> list[str]:
    if group[0].word == "withheld":
        return ["withheld"] * len(group[0].answers)
    said = []
    for place, answer in enumerate(group[0].answers):
        shares = [way.answers[place].share.share for way in group]
        known = [share for share in shares if share is not None]
        numbers = [_hundredths(min(known)), _hundredths(max(known))] if known else [words.ABSENT]
        said.append(f"{answer.share.word} {' to '.join(dict.fromkeys(numbers))}")
    return said


def _hundredths(share: float) -> str:
    """Write a share in hundredths, never 0 or 100 unless it is exactly none or all."""
    if 0.0 < share < 0.005:
        return "<1"
    if 0.995 <= share < 1.0:
        return ">99"
    return str(math.floor(100 * share + 0.5))


def _claims(way: Way) -> str:
    if way.claims is None:
        return "not looked at"
    return ", ".join(f"{words.clean(each.name)} {each.share.word}" for each in way.claims)


def _table(findings: Findings, found: Dependence, width: int) -> Table:
    lines = rows(findings, found)
    answers = found.ways[0].answers
    claims = any(line[-1] for line in lines)
    table = Table(box=None, show_edge=False, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("", overflow="fold", min_width=min(LABEL, width // 4))
    room = max(8, (width - LABEL) // (len(answers) + claims) - 2) if answers else width
    for answer in answers:
        table.add_column(words.shorten(answer.criterion, room), overflow="fold")
    if claims:
        table.add_column("claims that change", overflow="fold")
    for line in lines:
        cells: list[Text | str] = [line[0]]
        for said in line[1 : len(answers) + 1]:
            cells.append(Text(said, style=STYLES.get(said.split(" ")[0], "")))
        table.add_row(*cells, *([Text(line[-1], style="dim")] if claims else []))
    return table


def _notes(findings: Findings, found: Dependence) -> Iterator[str]:
    yield "In hundredths of the readings: how often the recommendation is ahead."
    precisions = [way.precision for way in found.ways if way.precision is not None]
    if precisions and all(each.errors == "logistic" for each in findings.precision):
        low, high = min(precisions), max(precisions)
        yield (
            "Precision: of two options that differ by a tenth of the stake, the better is taken with odds "
            f"{words.odds(math.exp(low / 10))} at {number(low)}, {words.odds(math.exp(high / 10))} at "
            f"{number(high)}."
        )
    levels = [way for way in found.ways if way.kind == "level"]
    if levels:
        worst = max((way.largest_residual or 0.0) for way in levels)
        yield (
            "Steps ahead (level-k): 1 replies to people who choose at random, 2 to those of 1, and so on. "
            f"It is no equilibrium; each reply is proved exact to {worst:.0e}."
        )
    if found.choosers and all(way.level is None for way in found.ways):
        yield "Thinking a fixed number of steps ahead is not worked out for rounds without a last one."
    unsolved = max(way.unsolved for way in found.ways)
    if unsolved:
        yield f"Up to {unsolved:,} readings of a way have no proof; its words allow for either side there."
