"""What each assumption does to the answer at either end of its judgement, as a tornado.

What lives here: which assumptions are shown, captions, the table behind. What may not: layout.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from parley.findings import CriterionFlips, CurvePoint, Findings, Flip, SwitchOption
from parley.report import words
from parley.report.document import Figure, Table, plain
from parley.report.figures.flips import named
from parley.report.pictures.tornado import MOST_LANES, MOST_ROWS, End, TornadoChart, TornadoRow, tornado

__all__ = ["tornado_chart", "tornado_figures"]

RANKS = (0.05, 0.95)
LONGEST_OPTION = 16
NEAR = 0.03  # how far from those ranks the point of a curve may lie
LEAST = 0.02  # an assumption that moves the share by less is not shown
MEANING = (
    "Each number alone is put as low and as high as its judgement goes in nine readings of ten, each choice "
    "at its options, all else as judged. Thin lines: 95 % intervals (sampling alone). Solid is "
    "counted (A), half tone read off (B), hatched judged (C), dotted has no grade."
)


def tornado_figures(findings: Findings, theme: str = "auto") -> tuple[Figure, ...]:
    """Draw for each criterion how far each assumption moves the share of readings.

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
            figures.append(
                Figure(f"tornado-{number}", picture, plain(chart.description), _table(findings, criterion))
            )
    return tuple(figures)


@dataclass(frozen=True, slots=True)
class _At:
    """The share with an assumption at one place: a number with its unit, or an option."""

    place: str
    short: str
    share: float | None
    error: float | None


@dataclass(frozen=True, slots=True)
class _Mover:
    """An assumption: its name, its words as in a row and as in a sentence, the share at its ends."""

    name: str
    label: str
    said: str
    ends: tuple[_At, ...]


def tornado_chart(findings: Findings, criterion: CriterionFlips) -> TornadoChart | None:
    """Return the data of one criterion's picture; None where nothing moves the share."""
    found, stated = findings.flips, criterion.stated.share
    moving = _moving(findings, criterion)
    if found is None or stated is None or not moving:
        return None
    grades = {each.name: each.confidence for each in findings.assumptions}
    rivals = words.listed([words.quoted(name) for name in criterion.against])
    shown = moving[:MOST_ROWS]
    return TornadoChart(
        title=f"What each assumption does by itself: {words.clean(criterion.criterion)}",
        head=f"of 100 readings, those in which {words.quoted(found.recommended)} is ahead of {rivals}",
        stated=100 * stated,
        stated_text=f"as judged: {_hundredths(stated)}",
        rows=tuple(
            TornadoRow(each.label, grades.get(each.name), tuple(_end(at) for at in each.ends))
            for each in shown
        ),
        notes=tuple(_notes(criterion, moving)),
        description=_caption(found.recommended, stated, shown[0]),
    )


def _notes(criterion: CriterionFlips, moving: list[_Mover]) -> Iterator[str]:
    """Say what the picture means, and what it leaves out."""
    yield MEANING
    hidden = moving[MOST_ROWS:]
    if hidden:
        most = math.ceil(round(100 * _swing(criterion, hidden[0]), 9))
        yield f"{len(hidden)} more move it by at most {most} of 100 readings."
    options = _switches(criterion)
    still = len(criterion.flips) + len(options) - len(moving)
    if still:
        verb = "moves" if still == 1 else "move"
        yield f"{still} {verb} it by less than 2, or with no answer at an end."
    if any(len(each) > MOST_LANES for each in options.values()):
        yield f"Of a choice with more than {MOST_LANES} options the two that move it furthest are drawn."


def _moving(findings: Findings, criterion: CriterionFlips) -> list[_Mover]:
    """Return the assumptions that move the share, those that move it most first."""
    if criterion.stated.share is None:
        return []
    movers = [mover for flip in criterion.flips if (mover := _number(flip)) is not None]
    texts = {each.name: each.text for each in findings.assumptions}
    movers += [_choice(options, texts.get(name)) for name, options in _switches(criterion).items()]
    moving = [each for each in movers if _swing(criterion, each) >= LEAST]
    return sorted(moving, key=lambda each: -_swing(criterion, each))


def _number(flip: Flip) -> _Mover | None:
    """Return a number at the ends of its judgement; None where it has no answer there."""
    points = _places(flip)
    if not points or any(point.share is None for point in points):
        return None
    unit = f" {words.clean(flip.unit)}" if flip.unit else ""
    ends = []
    for point in points:
        value = words.figure(point.value)
        ends.append(_At(f"{value}{unit}", f"at {value}", point.share, point.share_error))
    said = f"{words.quoted(flip.text)} ({words.clean(flip.name)})" if flip.text else words.clean(flip.name)
    return _Mover(flip.name, named(flip), said, tuple(ends))


def _places(flip: Flip) -> list[CurvePoint]:
    """Return the points of a curve at 5 and 95 % of the judgement.

    A choice between a few values has no such points: then all of its values, or the first and the last.
    """
    inside = [point for point in flip.curve if not point.outside]
    if len(inside) < 2:
        return []
    points = [min(inside, key=lambda point: abs(point.rank - rank)) for rank in RANKS]
    if all(abs(point.rank - rank) <= NEAR for point, rank in zip(points, RANKS, strict=True)):
        return points
    return inside if len(inside) <= MOST_LANES else [inside[0], inside[-1]]


def _switches(criterion: CriterionFlips) -> dict[str, list[SwitchOption]]:
    found: dict[str, list[SwitchOption]] = {}
    for each in criterion.options:
        found.setdefault(each.switch, []).append(each)
    return found


def _choice(options: list[SwitchOption], text: str | None) -> _Mover:
    """Return a switch at each of its options, of many at those of the least and the largest share."""
    if len(options) > MOST_LANES:
        known = [each for each in options if each.share.share is not None] or options[:2]
        ordered = sorted(known, key=lambda each: each.share.share or 0.0)
        options = [ordered[0], ordered[-1]]
    ends = []
    for each in options:
        place = words.quoted(each.option)
        short = words.shorten(each.option, LONGEST_OPTION)
        ends.append(_At(place, short, each.share.share, each.share.error))
    name = options[0].switch
    label, said = words.clean(name), f"the choice {words.quoted(name)}"
    if text:
        label, said = f"{words.clean(text)} ({label})", f"{words.quoted(text)} ({label})"
    return _Mover(name, label, said, tuple(ends))


def _swing(criterion: CriterionFlips, mover: _Mover) -> float:
    shares = [criterion.stated.share, *(at.share for at in mover.ends)]
    known = [share for share in shares if share is not None]
    return max(known) - min(known)


def _end(at: _At) -> End:
    share, error = (None if each is None else 100 * each for each in (at.share, at.error))
    return End(share, error, f"{at.short}: {_hundredths(at.share)}")


def _hundredths(share: float | None) -> str:
    """Write a share in hundredths, never 0 or 100 unless it is none or all.

    >>> _hundredths(0.344), _hundredths(1.0), _hundredths(0.002), _hundredths(None)
    ('34', '100', '<1', 'n/a')
    """
    said = words.brief(words.of_hundred(share)).removesuffix(" of 100").replace("< ", "<").replace("> ", ">")
    return {"all": "100", "none": "0"}.get(said, said)


def _caption(recommended: str, stated: float, mover: _Mover) -> str:
    """Say in one counted sentence what is to be seen."""
    ends = [f"with {at.place} to {words.of_hundred(at.share)}" for at in mover.ends]
    return (
        f"As judged {words.quoted(recommended)} is ahead in {words.of_hundred(stated)} readings; "
        f"{mover.said} moves that most: {', '.join(ends)}."
    )


def _table(findings: Findings, criterion: CriterionFlips) -> Table:
    rows = []
    for mover in _moving(findings, criterion)[:MOST_ROWS]:
        for at in mover.ends:
            ahead = f"{words.brief(words.of_hundred(at.share))} ({words.give_or_take(at.error)})"
            ahead = words.ABSENT if at.share is None else ahead
            rows.append((plain(mover.label), plain(at.place), ahead))
    stated = f"As judged: ahead {words.readings(criterion.stated)}."
    return Table(stated, ("assumption", "put at", "ahead in"), tuple(rows), (1, 2))
