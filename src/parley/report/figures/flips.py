"""What would reverse the answer, as curves.

What lives here: which curves are shown, captions, the table behind. What may not: how flips are found,
layout.
"""

from __future__ import annotations

from itertools import pairwise

from parley.findings import CriterionFlips, Crossing, CurvePoint, Findings, Flip
from parley.findings.shares import Share
from parley.report import words
from parley.report.document import Figure, Table, plain
from parley.report.pictures.chart import Judged
from parley.report.pictures.flip import FlipChart, Turn, flip_chart
from parley.report.pictures.scales import LINEAR, LOG

__all__ = ["flip_curve", "flip_figures", "named", "shown_flips"]

CURVES = 6  # of a criterion
NOTABLE = 0.05  # without a turning point: shown when it can reverse at least this share of the readings
WIDE = 40.0  # an axis whose ends differ by more than so many times is even in proportion
LIKELY = (0.05, 0.95)
MEANING = (
    "Shaded: what the author thinks possible; hatched: beyond. The bar below the axis holds nine tenths of "
    "the judgement, the diamond its middle. Band and thin lines: 95 % intervals (sampling alone)."
)
PROPORTION = "Equal steps along the axis multiply by the same number."


def flip_figures(findings: Findings, curves: int = CURVES, theme: str = "auto") -> tuple[Figure, ...]:
    """Draw for each criterion how its answer turns with the numbers that turn it most readily.

    Parameters
    ----------
    findings
        Of :func:`parley.findings.assess` with ``flips``.
    curves
        At most so many for each criterion.
    theme
        See :func:`parley.report.pictures.theme.style_sheet`.

    Returns
    -------
    tuple of Figure
        ``flip-1-1`` and so on; none where flips were not asked for.

    Examples
    --------
    >>> import parley
    >>> flip_figures(parley.assess(parley.run(parley.load("which-event-first"), draws=16)))
    ()
    """
    found = findings.flips
    if found is None or not findings.certification.sufficient:
        return ()
    figures = []
    for number, criterion in enumerate(found.criteria, start=1):
        for place, flip in enumerate(shown_flips(criterion)[:curves], start=1):
            picture = flip_chart(flip_curve(found.recommended, criterion, flip), theme)
            caption = plain(_caption(found.recommended, criterion.stated, flip))
            figures.append(Figure(f"flip-{number}-{place}", picture, caption, _table(flip)))
    return tuple(figures)


def shown_flips(criterion: CriterionFlips) -> tuple[Flip, ...]:
    """Return the assumptions of a criterion whose curves are shown, those that turn it first."""
    drawn = [flip for flip in criterion.flips if _drawable(flip)]
    turning = [flip for flip in drawn if flip.threshold is not None or flip.break_even is not None]
    others = [flip for flip in drawn if flip not in turning and (flip.share or 0.0) >= NOTABLE]
    others.sort(key=lambda flip: -(flip.share or 0.0))
    return tuple([*turning, *others][:CURVES])


def _drawable(flip: Flip) -> bool:
    """Whether there is a curve: two values or more, one of them with an answer."""
    apart = all(after.value > before.value for before, after in pairwise(flip.curve))
    return len(flip.curve) > 1 and apart and any(point.share is not None for point in flip.curve)


def flip_curve(recommended: str, criterion: CriterionFlips, flip: Flip) -> FlipChart:
    """Return the data of one picture."""
    points = flip.curve
    wide = points[0].value > 0 and points[-1].value > WIDE * points[0].value
    unit = f" ({words.clean(flip.unit)})" if flip.unit else ""
    rivals = words.listed([words.quoted(name) for name in criterion.against])
    return FlipChart(
        title=named(flip),
        x_title=f"{words.clean(flip.name)}{unit}",
        y_title=(
            f"of 100 readings, those in which {words.quoted(recommended)} is ahead of {rivals} on "
            f"{words.clean(criterion.criterion)}"
        ),
        xs=tuple(point.value for point in points),
        shares=tuple(None if point.share is None else 100 * point.share for point in points),
        low=tuple(_end(point, -1) for point in points),
        high=tuple(_end(point, 1) for point in points),
        possible=(flip.low, flip.high),
        judged=_judged(flip),
        half=_turn(flip.threshold, "half of the readings turn"),
        average=_turn(flip.break_even, "on average it turns"),
        kind=LOG if wide else LINEAR,
        notes=(f"{MEANING} {PROPORTION}" if wide else MEANING,),
        description=_caption(recommended, criterion.stated, flip),
    )


def _end(point: CurvePoint, side: int) -> float | None:
    if point.share is None or point.share_error is None:
        return None
    return 100 * min(max(point.share + side * point.share_error, 0.0), 1.0)


def _judged(flip: Flip) -> Judged:
    """Return where the number likely lies: nine tenths of its judgement, as near as the curve knows."""
    inside = [point for point in flip.curve if not point.outside]
    low, high = (min(inside, key=lambda point: abs(point.rank - rank)).value for rank in LIKELY)
    return Judged(min(low, flip.middle), flip.middle, max(high, flip.middle))


def _turn(found: Crossing | None, what: str) -> Turn | None:
    if found is None:
        return None
    elsewhere = ", and elsewhere" if found.several else ""
    return Turn(found.value, found.low, found.high, f"{what} at {_at(found)}{elsewhere}")


def _at(found: Crossing) -> str:
    """Write where a curve crosses, with its interval."""
    low, high = words.figure(found.low), words.figure(found.high)
    if found.low is not None and found.high is not None:
        interval = f" ({low} to {high})"
    elif found.low is not None:
        interval = f" (above {low}; no upper end found)"
    elif found.high is not None:
        interval = f" (below {high}; no lower end found)"
    else:
        interval = " (no ends found)"
    outside = ", outside what is thought possible" if found.outside else ""
    return f"{words.figure(found.value)}{interval}{outside}"


def named(flip: Flip) -> str:
    """Return the author's words for an assumption, with its name; the name alone where there are none."""
    name = words.clean(flip.name)
    return f"{words.clean(flip.text)} ({name})" if flip.text else name


def _caption(recommended: str, stated: Share, flip: Flip) -> str:
    """Say in one counted sentence what is to be seen."""
    name = words.quoted(recommended)
    said = f"{words.quoted(flip.text)} ({words.clean(flip.name)})" if flip.text else words.clean(flip.name)
    judged = f"as judged it is ahead in {words.of_hundred(stated.share)} readings"
    found = flip.threshold
    if found is not None:
        just, too = ("just ", ", and the answer turns elsewhere too") if found.several else ("", "")
        return (
            f"With {said} {just}{found.fails} {_at(found)}, {name} is behind in most readings{too}; {judged}."
        )
    inside = [point.share for point in flip.curve if point.share is not None and not point.outside]
    if not inside:
        return f"Within what is thought possible of {said} no reading has an answer; {judged}."
    low, high = (words.of_hundred(each) for each in (min(inside), max(inside)))
    span = f"between {low} and {high}" if low != high else low
    start = f"Wherever {said} is put within what is thought possible"
    return f"{start}, {name} is ahead in {span} readings; {judged}."


def _table(flip: Flip) -> Table:
    values = [words.figure(point.value) for point in flip.curve]
    margins = words.figures(point.margin for point in flip.curve)
    rows = tuple(
        (value, _judgement(point), _share(point), margin, f"{point.undefined:,}")
        for value, margin, point in zip(values, margins, flip.curve, strict=True)
    )
    unit = f" ({plain(flip.unit)})" if flip.unit else ""
    head = (f"{plain(flip.name)}{unit}", "judged lower", "ahead in", "mean margin", "undefined")
    return Table(plain(named(flip)), head, rows, (1, 2, 3, 4))


def _judgement(point: CurvePoint) -> str:
    return "outside" if point.outside else words.brief(words.of_hundred(point.rank))


def _share(point: CurvePoint) -> str:
    if point.share is None:
        return words.ABSENT
    return f"{words.brief(words.of_hundred(point.share))} ({words.give_or_take(point.share_error)})"
