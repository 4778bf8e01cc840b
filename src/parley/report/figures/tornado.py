"""What each number does to the answer at either end of its judgement, as a tornado.

What lives here: which numbers are shown, captions, the table behind. What may not: layout.
"""

from __future__ import annotations

import math

from parley.findings import CriterionFlips, CurvePoint, Findings, Flip
from parley.report import words
from parley.report.document import Figure, Table, plain
from parley.report.figures.flips import named
from parley.report.pictures.tornado import MOST_ROWS, End, TornadoChart, TornadoRow, tornado

__all__ = ["tornado_chart", "tornado_figures"]

RANKS = (0.05, 0.95)
NEAR = 0.03  # how far from those ranks the point of a curve may lie
LEAST = 0.02  # an assumption that moves the share by less is not shown
MEANING = (
    "Each number alone is put as low and as high as the author's judgement goes in nine readings of ten, all "
    "others as judged. Thin lines: 95 % intervals of the share, what sampling alone leaves open. Solid is "
    "counted (A), half tone read off (B), hatched judged (C), dotted has no grade."
)

Ends = tuple[CurvePoint, CurvePoint]


def tornado_figures(findings: Findings, theme: str = "auto") -> tuple[Figure, ...]:
    """Draw for each criterion how far each number moves the share of readings at either end.

    Parameters
    ----------
    findings
        Of :func:`parley.findings.assess` with ``flips``.
    theme
        See :func:`parley.report.pictures.theme.style_sheet`.

    Returns
    -------
    tuple of Figure
        ``tornado-1`` for the first criterion, and so on; none where no number moves its share by two in a
        hundred readings, or where flips were not asked for.

    Examples
    --------
    >>> import parley
    >>> tornado_figures(parley.assess(parley.run(parley.load("which-event-first"), draws=16)))
    ()
    """
    found = findings.flips
    if found is None or not findings.certification.sufficient:
        return ()
    figures = []
    for number, criterion in enumerate(found.criteria, start=1):
        chart = tornado_chart(findings, criterion)
        if chart is not None:
            picture = tornado(chart, theme)
            figures.append(Figure(f"tornado-{number}", picture, plain(chart.description), _table(criterion)))
    return tuple(figures)


def tornado_chart(findings: Findings, criterion: CriterionFlips) -> TornadoChart | None:
    """Return the data of one criterion's picture; None where no number moves the share."""
    found = findings.flips
    moving = _moving(criterion)
    if found is None or criterion.stated.share is None or not moving:
        return None
    grades = {each.name: each.confidence for each in findings.assumptions}
    rivals = words.listed([words.quoted(name) for name in criterion.against])
    shown, hidden = moving[:MOST_ROWS], moving[MOST_ROWS:]
    notes = [MEANING]
    if hidden:
        most = math.ceil(100 * _swing(criterion, hidden[0][1]))
        notes.append(f"{len(hidden)} more move it by at most {most} of 100 readings.")
    still = len(criterion.flips) - len(moving)
    if still:
        notes.append(f"{still} move it by less than 2 of 100 readings or have no answer at an end.")
    stated = 100 * criterion.stated.share
    return TornadoChart(
        title=f"What each number does by itself: {words.clean(criterion.criterion)}",
        head=f"of 100 readings, those in which {words.quoted(found.recommended)} is ahead of {rivals}",
        stated=stated,
        stated_text=f"as judged: {_hundredths(criterion.stated.share)}",
        rows=tuple(TornadoRow(named(flip), grades.get(flip.name), _ends(ends)) for flip, ends in shown),
        notes=tuple(notes),
        description=_caption(found.recommended, criterion, *shown[0]),
    )


def _moving(criterion: CriterionFlips) -> list[tuple[Flip, Ends]]:
    """Return the numbers that move the share, those that move it most first."""
    if criterion.stated.share is None:
        return []
    both = [(flip, ends) for flip in criterion.flips if (ends := _both(flip)) is not None]
    moving = [pair for pair in both if _swing(criterion, pair[1]) >= LEAST]
    return sorted(moving, key=lambda pair: -_swing(criterion, pair[1]))


def _both(flip: Flip) -> Ends | None:
    """Return the points of a curve at 5 and 95 % of the judgement; None where there is no such point."""
    inside = [point for point in flip.curve if not point.outside and point.share is not None]
    if not inside:
        return None
    low, high = (min(inside, key=lambda point: abs(point.rank - rank)) for rank in RANKS)
    near = all(abs(point.rank - rank) <= NEAR for point, rank in zip((low, high), RANKS, strict=True))
    return (low, high) if near else None


def _swing(criterion: CriterionFlips, ends: Ends) -> float:
    shares = [criterion.stated.share or 0.0, *(point.share or 0.0 for point in ends)]
    return max(shares) - min(shares)


def _ends(ends: Ends) -> tuple[End, ...]:
    values = [words.figure(point.value) for point in ends]
    return tuple(
        End(
            None if point.share is None else 100 * point.share,
            None if point.share_error is None else 100 * point.share_error,
            f"at {value}: {_hundredths(point.share)}",
        )
        for value, point in zip(values, ends, strict=True)
    )


def _hundredths(share: float | None) -> str:
    """Write a share in hundredths, never 0 or 100 unless it is none or all.

    >>> _hundredths(0.344), _hundredths(1.0), _hundredths(0.002), _hundredths(None)
    ('34', '100', '<1', 'n/a')
    """
    said = words.brief(words.of_hundred(share)).removesuffix(" of 100").replace("< ", "<").replace("> ", ">")
    return {"all": "100", "none": "0"}.get(said, said)


def _caption(recommended: str, criterion: CriterionFlips, flip: Flip, ends: Ends) -> str:
    """Say in one counted sentence what is to be seen."""
    said = f"{words.quoted(flip.text)} ({words.clean(flip.name)})" if flip.text else words.clean(flip.name)
    (low, first), (high, second) = ((words.figure(end.value), words.of_hundred(end.share)) for end in ends)
    unit = f" {words.clean(flip.unit)}" if flip.unit else ""
    return (
        f"As judged {words.quoted(recommended)} is ahead in {words.of_hundred(criterion.stated.share)} "
        f"readings; {said} moves that most: with {low}{unit} to {first}, with {high}{unit} to {second}."
    )


def _table(criterion: CriterionFlips) -> Table:
    rows = []
    for flip, (low, high) in _moving(criterion)[:MOST_ROWS]:
        unit = f" ({plain(flip.unit)})" if flip.unit else ""
        cells = (words.figure(low.value), _share(low), words.figure(high.value), _share(high))
        rows.append((f"{plain(named(flip))}{unit}", *cells))
    stated = f"As judged: ahead {words.readings(criterion.stated)}."
    return Table(stated, ("number", "low", "ahead in", "high", "ahead in"), tuple(rows), (1, 2, 3, 4))


def _share(point: CurvePoint) -> str:
    return f"{words.brief(words.of_hundred(point.share))} ({words.give_or_take(point.share_error)})"
