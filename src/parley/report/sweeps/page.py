"""A sweep in a terminal: a table of some ten rows, a curve in a line of signs, sentences.

What lives here: layout. What may not: games, statistics.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from parley.report import words
from parley.report.pictures.table import alike, evenly
from parley.report.sweeps.panels import CHANCE, Group, axis_title, groups
from parley.report.sweeps.sentences import gaps, how, moves, places, turning
from parley.report.terminal import NARROWEST, WIDEST, draw, heading
from parley.study.sweep_model import Curve, Sweep

__all__ = ["render_sweep", "sparkline"]

Values = NDArray[np.float64]

ROWS = 11
SIGNS = "▁▂▃▄▅▆▇█"
SPARK = 24  # signs of a curve, at most
_INDENT = (0, 0, 0, 2)
_WITH_RANGE = 2  # curves beside each other whose spread still fits


def render_sweep(sweep: Sweep, width: int = 100, colour: bool = False) -> str:
    """Lay a sweep out for a terminal or a plain text file.

    Parameters
    ----------
    sweep
        The sweep.
    width
        Columns, kept within 60 and 120.
    colour
        Whether to add ANSI colours.

    Returns
    -------
    str
        Lines without trailing blanks, ending in a newline.

    Examples
    --------
    >>> import parley
    >>> from parley.study import sweep
    >>> from parley.scenario import read_request
    >>> scenario = parley.load("which-event-first")
    >>> request = read_request(scenario, "{vary: B, from: 0, to: 40, steps: 3, show: payoff(us)}")
    >>> print(render_sweep(sweep(scenario, request, draws=16)).splitlines()[0])
    Which event comes first
    """
    width = min(max(width, NARROWEST), WIDEST)
    parts: list[RenderableType] = [Text(words.clean(sweep.scenario.title), style="bold")]
    if sweep.request.text:
        parts.append(Text(words.clean(sweep.request.text)))
    low, high = words.figures((sweep.request.low, sweep.request.high))
    even = ", even in proportion" if sweep.request.scale == "log" else ""
    parts.append(Text(f"How the answer moves with {axis_title(sweep)}, from {low} to {high}{even}."))
    parts.append(Text(how(sweep), style="dim"))
    for group in groups(sweep):
        parts += _group(sweep, group, width)
    said = gaps(sweep)
    if said:
        parts.append(Text())
        parts += [Padding(Text(each, style="yellow"), _INDENT) for each in said]
    return draw(parts, width, colour)


def _group(sweep: Sweep, group: Group, width: int) -> Iterable[RenderableType]:
    yield heading(group.title)
    yield Padding(_table(sweep, group, width), _INDENT)
    for sentence in turning(sweep, group, alone=True):
        yield Padding(Text(sentence, style="bold"), _INDENT)
    for number, label in zip(group.curves, group.labels, strict=True):
        who = words.quoted(label) + " " if label else "It "
        yield Padding(Text(f"{who}{moves(sweep.x, sweep.curves[number].mean)}."), _INDENT)


def _table(sweep: Sweep, group: Group, width: int) -> Table:
    rows = evenly(sweep.x.tolist(), sweep.request.scale, ROWS)
    table = Table(box=None, show_edge=False, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column(words.clean(sweep.request.vary), justify="right", no_wrap=True)
    columns = [places(sweep, sweep.x[rows].tolist())]
    ranged = len(group.curves) <= _WITH_RANGE and sweep.readings > 1
    for number, label in zip(group.curves, group.labels, strict=True):
        table.add_column(label, justify="left" if ranged else "right", overflow="fold")
        columns.append(_cells(sweep.curves[number], rows, ranged=ranged))
    for row in zip(*columns, strict=True):
        table.add_row(*row)
    size = max(8, min(SPARK, (width - 16) // len(group.curves) - 2))
    ends = _ends(sweep, group)
    table.add_row("", *(_spark(sweep, number, ends, size) for number in group.curves))
    return table


def _cells(curve: Curve, rows: list[int], *, ranged: bool) -> list[str]:
    """Write a curve at some points; where there is room, with the range of 9 in 10 readings."""
    series = [curve.mean]
    if ranged and curve.spread is not None:
        series += [curve.spread[0], curve.spread[-1]]
    known = [_known(value) for each in series for value in each[rows].tolist()]
    texts = alike(known)
    size = len(rows)
    if len(series) == 1:
        return texts
    return [
        text if text == words.ABSENT else f"{text}  ({low} to {high})"
        for text, low, high in zip(texts[:size], texts[size : 2 * size], texts[2 * size :], strict=True)
    ]


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _ends(sweep: Sweep, group: Group) -> tuple[float, float]:
    """Return the smallest and largest value of a group's curves: one scale for all their signs."""
    known = np.concatenate([sweep.curves[number].mean for number in group.curves])
    known = known[np.isfinite(known)]
    if not known.size:
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    return (min(low, 0.0) if group.kind == CHANCE else low), high


def _spark(sweep: Sweep, number: int, ends: tuple[float, float], size: int) -> str:
    chosen = evenly(sweep.x.tolist(), sweep.request.scale, size)
    return sparkline(sweep.curves[number].mean[chosen], *ends)


def sparkline(values: Values, low: float, high: float) -> str:
    """Write a curve as a line of signs, a blank where it has no value.

    Parameters
    ----------
    values
        ``[point]``
    low, high
        The values of the lowest and the highest sign.

    Examples
    --------
    >>> sparkline(np.array([0.0, 0.5, np.nan, 1.0]), 0.0, 1.0)
    '▁▅ █'
    """
    span = high - low
    found = ""
    for value in values.tolist():
        share = (value - low) / span if span > 0 else 0.5
        found += SIGNS[min(int(share * len(SIGNS)), len(SIGNS) - 1)] if np.isfinite(value) else " "
    return found
