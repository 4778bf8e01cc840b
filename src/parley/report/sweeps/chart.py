"""A sweep as a line chart.

What lives here: which data of a sweep the picture shows. What may not: how it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from parley.report import words
from parley.report.pictures.chart import Band, Dot, Judged, Line, LineChart, Mark, Panel
from parley.report.pictures.lines import line_chart
from parley.report.sweeps.panels import CHANCE, Group, axis_title, groups
from parley.report.sweeps.sentences import at_place, gaps, how, sentences
from parley.scenario.middle import quantile
from parley.study.sweep_model import SHARES, Curve, Sweep

__all__ = ["sweep_chart", "sweep_picture"]

MARKS = 4  # of a panel; with more, none is marked and the table and the sentences tell
_CLOSE = 0.01  # of the axis: marks as close as this are one
_NARROW, _WIDE = (1, 3), (0, 4)  # rows of a spread


def sweep_picture(sweep: Sweep, theme: str = "auto") -> str:
    r"""Draw a sweep.

    Parameters
    ----------
    sweep
        The sweep.
    theme
        ``auto`` (as the reader's machine is set), ``light`` or ``dark``.

    Returns
    -------
    str
        One SVG element, see :func:`parley.report.pictures.line_chart`.

    Raises
    ------
    ValueError
        When there is no such theme.

    Examples
    --------
    >>> import parley
    >>> from parley.study import sweep
    >>> from parley.scenario import read_request
    >>> scenario = parley.load("which-event-first")
    >>> request = read_request(scenario, "{vary: B, from: 0, to: 40, steps: 3, show: payoff(us)}")
    >>> sweep_picture(sweep(scenario, request, draws=16)).endswith("</svg>\n")
    True
    """
    return line_chart(sweep_chart(sweep), theme)


def sweep_chart(sweep: Sweep) -> LineChart:
    """Return the data of a sweep's picture, from which its table is written too.

    Examples
    --------
    >>> import parley
    >>> from parley.study import sweep
    >>> from parley.scenario import read_request
    >>> scenario = parley.load("which-event-first")
    >>> request = read_request(scenario, "{vary: B, from: 0, to: 40, steps: 3, show: payoff(us)}")
    >>> [line.label for line in sweep_chart(sweep(scenario, request, draws=16)).panels[0].lines]
    ['status quo', 'short list', 'pause']
    """
    request = sweep.request
    parts = groups(sweep)
    title = words.clean(request.text or sweep.scenario.title)
    return LineChart(
        title=title,
        x_title=axis_title(sweep),
        xs=tuple(sweep.x.tolist()),
        panels=tuple(_panel(sweep, group) for group in parts),
        kind=request.scale,
        judged=_judged(sweep),
        notes=tuple(_notes(sweep, parts)),
        description=" ".join(
            (f"How the answer moves with {axis_title(sweep)}, {_range(sweep)}.", *sentences(sweep))
        ),
    )


def _range(sweep: Sweep) -> str:
    low, high = words.figures((sweep.request.low, sweep.request.high))
    return f"from {low} to {high}" + (", in proportion" if sweep.request.scale == "log" else "")


def _panel(sweep: Sweep, group: Group) -> Panel:
    rows = _bands(group)
    lines = tuple(
        Line(
            label,
            _series(sweep.curves[number].mean),
            _spread(sweep.curves[number], rows),
            tuple((each.low, each.high) for each in sweep.jumps if each.curve == number),
        )
        for number, label in zip(group.curves, group.labels, strict=True)
    )
    dots = tuple(
        Dot(each.x, each.value, group.curves.index(each.curve))
        for each in sweep.published
        if each.curve in group.curves
    )
    chance = group.kind == CHANCE
    return Panel(
        title=group.title,
        lines=lines,
        dots=dots,
        marks=_marks(sweep, group),
        floor=0.0 if chance else None,
        ceiling=1.0 if chance else None,
    )


def _bands(group: Group) -> tuple[tuple[int, int], ...]:
    """Return which bands a panel has room for: both, the narrow one, none."""
    if len(group.curves) <= 2:
        return (_WIDE, _NARROW)
    return (_NARROW,) if len(group.curves) == 3 else ()


def _spread(curve: Curve, rows: tuple[tuple[int, int], ...]) -> tuple[Band, ...]:
    if curve.spread is None:
        return ()
    return tuple(Band(_series(curve.spread[low]), _series(curve.spread[high])) for low, high in rows)


def _series(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float | None, ...]:
    return tuple(value if np.isfinite(value) else None for value in values.tolist())


def _marks(sweep: Sweep, group: Group) -> tuple[Mark, ...]:
    """Return the places at which another policy becomes the best, or else curves cross, and jumps."""
    best = [each for each in sweep.best if each.curve in group.curves]
    turns = [before.high for before, after in pairwise(best) if before.high == after.low]
    if not best:
        turns = [each.at for each in sweep.crossings if each.upper in group.curves]
    places = sorted([*turns, *(each.at for each in sweep.jumps if each.curve in group.curves)])
    span = sweep.request.high - sweep.request.low
    apart: list[float] = []
    for place in places:
        if not apart or place - apart[-1] > _CLOSE * span:
            apart.append(place)
    if len(apart) > MARKS:
        return ()
    return tuple(Mark(place, at_place(sweep, place)) for place in apart)


def _judged(sweep: Sweep) -> Judged | None:
    """Return what the author thinks of the varied number."""
    override = sweep.scenario.overrides.get(sweep.request.vary)
    if override is not None and override.expression is not None:
        return None
    judgement = sweep.scenario.parameters[sweep.request.vary].judgement
    low, middle, high = (quantile(judgement, SHARES[row]) for row in (0, 2, 4))
    return Judged(low, middle, high)


def _notes(sweep: Sweep, parts: tuple[Group, ...]) -> Iterator[str]:
    """Say what lines, areas, rings and the bar on the axis mean."""
    said = how(sweep)
    if sweep.readings > 1:
        rows = {len(_bands(group)) for group in parts}
        if 2 in rows:
            said += " Shaded: where 9 of 10 readings lie, and darker, where half of them lie."
        elif 1 in rows:
            said += " Shaded: where half of the readings lie."
    yield said
    judged = _judged(sweep)
    if judged is not None:
        yield from _axis_note(sweep, judged)
    if sweep.published:
        yield "Rings: published numbers."
    yield from gaps(sweep)


def _axis_note(sweep: Sweep, judged: Judged) -> Iterator[str]:
    name = words.clean(sweep.request.vary)
    inside = sweep.request.low <= judged.middle <= sweep.request.high
    if judged.low == judged.high:
        where = "Diamond" if inside else "Off this picture"
        yield f"{where}: the scenario's own {name}, {words.figure(judged.middle)}."
        return
    low, middle, high = words.figures((judged.low, judged.middle, judged.high))
    where = "Below the axis" if inside else "Partly off the axis"
    yield (
        f"{where}: what the author thinks of {name}, {low} to {high} in 9 of 10 readings (bar), "
        f"{middle} in the middle (diamond)."
    )
