"""The answer in pictures: by how much the recommendation is better, and the policies side by side.

What lives here: quantile dot plots and comparisons, from findings. What may not: drawing.
"""

from __future__ import annotations

from collections.abc import Sequence

from parley.errors import FindingsError
from parley.findings import Answer, Findings, Measure, Share, Spread, Verdict
from parley.findings.shares import DOTS
from parley.report import words
from parley.report.document import Figure, Table, plain
from parley.report.pictures.comparison import Comparison, Range, comparison, comparison_rows
from parley.report.pictures.dots import DotPlot, dot_plot, dot_rows

__all__ = ["comparisons", "dot_plots"]

FEW, MANY = 20, 50  # dots of a plot
_QUARTER, _THREE_QUARTERS = 12, 37  # of the fifty dots, those at 25 and 75 %
_APART = 5e-324  # the smallest number above 0


def dot_plots(findings: Findings, dots: int = FEW, theme: str = "auto") -> tuple[Figure, ...]:
    """Return for each criterion by how much the recommendation is better, as dots to be counted.

    Parameters
    ----------
    findings
        Of :func:`parley.assess`.
    dots
        How many there are in each picture, 20 or 50.
    theme
        See :func:`parley.report.pictures.dots.dot_plot`.

    Returns
    -------
    tuple of Figure
        ``answer-1`` and so on, in the order of the criteria: against the baseline, or against the best of the
        others where the recommendation is the baseline. None without a verdict, where it is withheld, where
        no reading can be compared, and of files that have no dots.

    Raises
    ------
    ValueError
        When there cannot be so many dots.
    FindingsError
        When the findings have dots that no Parley has written.

    Examples
    --------
    >>> import parley
    >>> found = dot_plots(parley.assess(parley.run(parley.load("which-event-first"), draws=64)))
    >>> [figure.name for figure in found]
    ['answer-1', 'answer-2']
    """
    verdict = findings.verdict
    if verdict is None or not findings.certification.sufficient:
        return ()
    found = []
    for number, item in enumerate(verdict.answers, 1):
        plot = _plot(verdict, item, dots)
        if plot is not None:
            table = Table(
                plain(plot.x_title), ("readings up to here, in %", "difference"), dot_rows(plot), (0, 1)
            )
            found.append(Figure(f"answer-{number}", dot_plot(plot, theme), _caption(plot, item), table))
    return tuple(found)


def _plot(verdict: Verdict, item: Answer, dots: int) -> DotPlot | None:
    share, margin = item.best, item.margin_over_rivals
    if item.against_baseline is not None and item.margin is not None:
        share, margin = item.against_baseline, item.margin
    values = _dots(margin)
    if share.share is None or values is None:
        return None
    name = words.quoted(verdict.recommended)
    if share is item.best:
        left, right = "another one is better", f"{name} is the best of {len(verdict.candidates)}"
        equal = f"{name} and the best of the others are equal"
        other = "the best of the others"
    else:
        other = words.quoted(verdict.baseline or "")
        left, right = f"{other} does better", f"{name} does better"
        equal = f"{name} and {other} are equal"
    where = words.readings(share).partition(" (")[0].replace("in", "In", 1)
    said = right if share is item.best else f"{right} than {other}"
    if share.ties == 1.0:
        where, said = f"In all {share.defined:,} readings", equal
    chosen = _sided(values if dots == DOTS else _fewer(values, dots), share)
    title = f"{where} {said}"
    x_title = f"{words.clean(item.criterion)}: {name} minus {other}"
    if not item.higher:
        x_title += "; less is better, so to the right of the line it is lower"
    plot = DotPlot(title, x_title, chosen, left, right)
    below, level, above = plot.counts()
    description = f"{dots} dots: {above} for {right}, {below} for {left}"
    description += f", {level} at no difference." if level else "."
    notes = tuple(_notes(share, right, left, dots))
    return DotPlot(title, x_title, chosen, left, right, notes, f"{description} {' '.join(notes)}")


def _dots(spread: Spread) -> tuple[float, ...] | None:
    """Return the quantiles of a spread, which are as many as they have to be."""
    if spread.dots is not None and len(spread.dots) != DOTS:
        raise FindingsError(f"a spread has {len(spread.dots)} dots, not {DOTS}; write the findings anew")
    return spread.dots


def _fewer(dots: Sequence[float], count: int) -> tuple[float, ...]:
    """Return fewer quantiles, each between the two next to it of those that there are."""
    found = []
    for number in range(count):
        place = (number + 0.5) / count * len(dots) - 0.5
        low, part = int(place), place - int(place)
        high = min(low + 1, len(dots) - 1)
        between = dots[low] * (1 - part) + dots[high] * part
        found.append(min(max(between, dots[low]), dots[high]))
    return tuple(found)


def _sided(dots: tuple[float, ...], share: Share) -> tuple[float, ...]:
    """Give a dot at 0 to a side where no reading is a tie: there it lies between two readings."""
    if share.ties or share.share is None:
        return dots
    above = sum(dot > 0 for dot in dots)
    middle = [number for number, dot in enumerate(dots) if dot == 0]
    found = list(dots)
    for number in reversed(middle):
        right = above + 0.5 <= share.share * len(dots)
        above += right
        found[number] = _APART if right else -_APART
    return tuple(found)


def _notes(share: Share, right: str, left: str, dots: int) -> list[str]:
    """Say what a dot stands for, and what dots cannot show."""
    each = round(100 / dots)
    notes = [f"Each dot stands for {each} of 100 readings."]
    if share.error is None:
        notes[0] += " With so few readings, nothing is known about the sampling error."
    elif share.ties < 1:
        error = words.give_or_take(share.error, words.decimals_of(share))
        notes[0] += f" Sampling error of the count: {error}."
    if 0 < share.ties < 1:
        notes.append(f"Equal in {words.of_hundred(share.ties)} readings: each counts as half.")
    for part, side in ((share.share or 0.0, right), (1.0 - (share.share or 0.0), left)):
        if not share.ties and 0 < part < 1 / dots:
            notes.append(f"{side}: in fewer than {each} of 100 readings, less than one dot stands for.")
    if share.undefined:
        total = share.defined + share.undefined
        notes.append(f"Undefined in {share.undefined:,} of {total:,} readings, which have no dot.")
    return notes


def _caption(plot: DotPlot, item: Answer) -> str:
    each = round(100 / len(plot.dots))
    return (
        f"**{plain(item.criterion)}**, reading by reading: each dot is {each} of 100 readings, and stands "
        "within its own width of its value."
    )


# --- policies side by side ------------------------------------------------------------------------------


def comparisons(findings: Findings, theme: str = "auto") -> tuple[Figure, ...]:
    """Return for each criterion the policies side by side, and below, the recommended one beside each other.

    Parameters
    ----------
    findings
        Of :func:`parley.assess`.
    theme
        See :func:`parley.report.pictures.comparison.comparison`.

    Returns
    -------
    tuple of Figure
        ``comparison-1`` and so on: the criteria that were measured under two policies or more, in order.

    Raises
    ------
    FindingsError
        When the findings have dots that no Parley has written.

    Examples
    --------
    >>> import parley
    >>> found = comparisons(parley.assess(parley.run(parley.load("which-event-first"), draws=64)))
    >>> [figure.name for figure in found]
    ['comparison-1', 'comparison-2']
    """
    found: list[Figure] = []
    for item in findings.measures:
        if item.kind != "criterion" or len(item.spread) < 2:
            continue
        shown = _comparison(findings, item)
        head = ("policy", "5 %", "25 %", "middle", "75 %", "95 %", f"{shown.beside} / {BETTER}")
        rows = tuple((plain(name), *rest) for name, *rest in comparison_rows(shown))
        table = Table(plain(item.name), head, rows, tuple(range(1, len(head))))
        name = f"comparison-{len(found) + 1}"
        found.append(Figure(name, comparison(shown, theme), _said(findings, item), table))
    return tuple(found)


BETTER = "better in"
_BARS = (
    "Ring: the middle reading. Thick bar: the middle half of the readings; thin bar: nine readings in ten."
)
_PAIRED = (
    "The ranges above overlap because readings differ from each other; the lower part takes both policies in "
    "the same reading."
)


def _comparison(findings: Findings, item: Measure) -> Comparison:
    verdict = findings.verdict
    recommended = verdict.recommended if verdict is not None else None
    rows = tuple(
        _range(
            f"{policy} (recommended)" if policy == recommended else policy,
            spread,
            words.best_in(findings, item, policy),
            marked=policy == recommended,
        )
        for policy, spread in item.spread.items()
    )
    pairs = _pairs(findings, item)
    better = "more is better" if item.higher is not False else "less is better"
    return Comparison(
        title=_title(findings, item),
        x_title=f"{words.clean(item.name)} ({better})",
        rows=rows,
        beside="best in",
        pairs=pairs,
        pairs_title=f"{words.quoted(recommended or '')} beside each other one, reading by reading",
        pairs_beside=BETTER,
        notes=(_BARS, _PAIRED) if pairs else (_BARS,),
        description=_described((*rows, *pairs)),
    )


def _range(name: str, spread: Spread, said: str, *, marked: bool = False) -> Range:
    dots, low, middle, high = _dots(spread), spread.low, spread.middle, spread.high
    quarter = three_quarters = None
    if dots is not None and low is not None and middle is not None and high is not None:
        # Between readings that are all but equal, quantiles may be out of order by their last bit.
        quarter = min(max(dots[_QUARTER], low), middle)
        three_quarters = min(max(dots[_THREE_QUARTERS], middle), high)
    return Range(name, low, quarter, middle, three_quarters, high, said, marked)


def _pairs(findings: Findings, item: Measure) -> tuple[Range, ...]:
    """Return the recommended policy beside each other candidate by one criterion, where that is known."""
    verdict = findings.verdict
    if verdict is None or not findings.certification.sufficient:
        return ()
    answers = [each for each in verdict.answers if each.expression == item.expression]
    if not answers or answers[0].pairs is None:
        return ()
    return tuple(
        _range(
            f"against {words.quoted(other)}",
            pair.margin,
            words.brief(words.of_hundred(pair.better.share)),
        )
        for other, pair in answers[0].pairs.items()
    )


def _title(findings: Findings, item: Measure) -> str:
    """Say which candidate is most often the best."""
    shares = {name: share for name, share in item.best_share.items() if share is not None}
    if not shares or not findings.certification.sufficient:
        return f"The policies by {words.clean(item.name)}"
    most = max(shares.values())
    first = [words.quoted(name) for name, share in shares.items() if share > most - 1e-12]
    if len(first) > 1:
        return f"By {words.clean(item.name)}, {words.listed(first)} are equally often the best"
    where = "in all readings" if most == 1.0 else f"in {words.of_hundred(most)} readings"
    return f"By {words.clean(item.name)}, {first[0]} is most often the best: {where}"


def _said(findings: Findings, item: Measure) -> str:
    text = f"**{plain(item.name)}** under each policy, over {findings.draws:,} readings."
    undefined = [name for name, spread in item.spread.items() if spread.undefined]
    if undefined:
        counts = [f"{plain(name)} in {item.spread[name].undefined:,}" for name in undefined]
        text += f" Undefined under {words.listed(counts)}, and left out there."
    return text


def _described(rows: Sequence[Range]) -> str:
    written = words.figures([each for row in rows for each in (row.low, row.middle, row.high)])
    parts = []
    for place, row in enumerate(rows):
        low, middle, high = written[3 * place : 3 * place + 3]
        parts.append(f"{words.clean(row.name)}: {middle} ({low} to {high}), {row.said}")
    return "; ".join(parts) + "."
