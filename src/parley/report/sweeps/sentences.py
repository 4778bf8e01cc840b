"""Sweeps in sentences: how curves move, where they jump and cross, what has no value.

What lives here: English. What may not: layout.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from parley.report import words
from parley.report.pictures.table import alike
from parley.report.sweeps.panels import Group, groups, title_of
from parley.study.sweep_model import Best, Crossing, Curve, Jump, Sweep

__all__ = ["at_place", "gaps", "how", "moves", "places", "sentences", "turning"]

Values = NDArray[np.float64]

_FLAT = 1e-9
_WOBBLE = 5e-3  # of a curve's height: smaller ups and downs are not told
MOST = 6  # crossings told one by one
MOST_JUMPS = 3  # of one curve, likewise


def sentences(sweep: Sweep) -> tuple[str, ...]:
    """Say what a sweep shows: where curves cross and jump, how each moves, what has no value.

    Parameters
    ----------
    sweep
        The sweep.

    Returns
    -------
    tuple of str
        Whole sentences, the most important first.

    Examples
    --------
    >>> import parley
    >>> from parley.study import sweep
    >>> from parley.scenario import read_request
    >>> scenario = parley.load("which-event-first")
    >>> text = "{vary: B, from: 0, to: 40, show: tainted, policies: [status quo, pause]}"
    >>> request = read_request(scenario, text)
    >>> for sentence in sentences(sweep(scenario, request, draws=64)):
    ...     print(sentence)
    chance that a strike ends the talks ("status quo"): stays at 0.523.
    chance that a strike ends the talks ("pause"): stays at 0.
    """
    found: list[str] = []
    for group in groups(sweep):
        found += turning(sweep, group)
    for curve in sweep.curves:
        found.append(f"{_subject(curve)} {moves(sweep.x, curve.mean)}.")
    return (*found, *gaps(sweep))


def turning(sweep: Sweep, group: Group, *, alone: bool = False) -> list[str]:
    """Say where the curves of one panel cross and jump; ``alone`` where its quantity is named already."""
    best = [each for each in sweep.best if each.curve in group.curves]
    crossed = [each for each in sweep.crossings if each.upper in group.curves and not best]
    leapt = [each for each in sweep.jumps if each.curve in group.curves]
    found = [_best(sweep, best, alone=alone)] if best else []
    found += [_crossing(sweep, each, alone=alone) for each in crossed[:MOST]]
    if len(crossed) > MOST:
        found.append(f"They cross {len(crossed) - MOST} more times.")
    found += list(_leaps(sweep, leapt))
    return found


def _best(sweep: Sweep, best: list[Best], *, alone: bool) -> str:
    """Say which policy is the best where."""
    names = [words.quoted(sweep.curves[each.curve].policy or "") for each in best]
    average = ", on average over the readings" if sweep.readings > 1 else ""
    about = "" if alone else f" on {title_of(sweep.curves[best[0].curve].shown)}"
    vary, ends = words.clean(sweep.request.vary), [(each.low, each.high) for each in best]
    whole = ends[0][0] == sweep.request.low and ends[-1][1] == sweep.request.high
    if not whole or any(before[1] != after[0] for before, after in pairwise(ends)):
        spans = [f"from {at_place(sweep, low)} to {at_place(sweep, high)}" for low, high in ends]
        said = ", ".join(f"{name} {span}" for name, span in zip(names, spans, strict=True))
        return f"The best{about} where {vary} is: {said}{average}."
    if len(best) == 1:
        return f"{names[0]} is the best{about} from end to end{average}."
    said = f"{names[0]} is the best{about} where {vary} is below {at_place(sweep, ends[0][1])}"
    for name, (_, high) in zip(names[1:-1], ends[1:-1], strict=True):
        said += f", {name} from there to {at_place(sweep, high)}"
    return f"{said}, {names[-1]} above{average}."


def _crossing(sweep: Sweep, each: Crossing, *, alone: bool) -> str:
    upper, lower = sweep.curves[each.upper], sweep.curves[each.lower]
    about = "" if alone else f" on {title_of(upper.shown)}"
    average = ", on average over the readings" if sweep.readings > 1 else ""
    return (
        f"{words.quoted(upper.policy or '')} overtakes {words.quoted(lower.policy or '')}{about} "
        f"where {words.clean(sweep.request.vary)} is {at_place(sweep, each.at)}{average}."
    )


def _leaps(sweep: Sweep, leaps: list[Jump]) -> Iterator[str]:
    """Tell jumps one by one; of a curve that jumps often, the first and the last."""
    for number, run in groupby(leaps, key=lambda each: each.curve):
        together = list(run)
        subject = _subject(sweep.curves[number])
        if len(together) > MOST_JUMPS:
            first, last = (_leap(sweep, each) for each in (together[0], together[-1]))
            yield f"{subject} jumps {len(together)} times, first {first}, last {last}."
            continue
        yield from (f"{subject} jumps {_leap(sweep, each)}." for each in together)


def _leap(sweep: Sweep, each: Jump) -> str:
    before, after = _written(each.before, each.after)
    return f"from {before} to {after} where {words.clean(sweep.request.vary)} is {at_place(sweep, each.at)}"


def at_place(sweep: Sweep, value: float) -> str:
    """Write a place along the axis so that a thousandth of the axis shows, and no more."""
    return places(sweep, [value])[0]


def places(sweep: Sweep, values: Sequence[float]) -> list[str]:
    """Write places along the axis, alike."""
    span = sweep.request.high - sweep.request.low
    largest = max(abs(value) for value in values)
    if sweep.request.scale == "log" or largest >= 1e9 or span < 1e-6:
        return [words.figure(value) for value in values]
    decimals = max(0, math.ceil(2 - math.log10(span) - 1e-9))
    while decimals and all(f"{value:.{decimals}f}".endswith("0") for value in values):
        decimals -= 1
    return [f"{round(value, decimals) + 0.0:,.{decimals}f}" for value in values]


def _subject(curve: Curve) -> str:
    """Name a curve at the beginning of a sentence."""
    name = title_of(curve.shown)
    return f"{name}:" if curve.policy is None else f"{name} ({words.quoted(curve.policy)}):"


def _written(*values: float) -> list[str]:
    """Write numbers of one curve alike, and nothing as 0."""
    return ["0" if abs(value) < _FLAT else text for value, text in zip(values, alike(values), strict=True)]


def moves(x: Values, y: Values) -> str:
    """Say how a curve moves from one end to the other.

    Parameters
    ----------
    x, y
        ``[point]`` places and values; NaN where there is no value.

    Examples
    --------
    >>> x = np.linspace(0, 2, 5)
    >>> moves(x, x), moves(x, 0 * x + 3), moves(x, 1 - (x - 1) ** 2)
    ('rises from 0 to 2', 'stays at 3', 'rises from 0 to 1 (at 1), then falls to 0')
    """
    known = np.flatnonzero(np.isfinite(y))
    if not known.size:
        return "has no value anywhere"
    x, y = x[known], y[known]
    low, high = float(y.min()), float(y.max())
    height = high - low
    if height <= _FLAT * max(1.0, abs(low), abs(high)):
        return f"stays at {words.figure(float(y[0]))}"
    first, last = float(y[0]), float(y[-1])
    up, down = np.maximum(np.diff(y), 0).sum(), np.maximum(-np.diff(y), 0).sum()
    slack = _WOBBLE * height
    if min(up, down) <= slack:
        begin, end = _written(first, last)
        return f"{'rises' if last > first else 'falls'} from {begin} to {end}"
    for place, verbs in ((int(y.argmax()), ("rises", "falls")), (int(y.argmin()), ("falls", "rises"))):
        left, right = np.diff(y[: place + 1]), np.diff(y[place:])
        way = 1 if verbs[0] == "rises" else -1
        wrong = np.maximum(-way * left, 0).sum() + np.maximum(way * right, 0).sum()
        if wrong <= slack:
            begin, turn, end = _written(first, float(y[place]), last)
            return (
                f"{verbs[0]} from {begin} to {turn} (at {words.figure(float(x[place]))}), "
                f"then {verbs[1]} to {end}"
            )
    least, most, begin, end = _written(low, high, first, last)
    return f"moves between {least} and {most}, from {begin} to {end}"


def how(sweep: Sweep) -> str:
    """Say how the curves were found: readings, concept, what else was set."""
    parts = []
    if sweep.readings > 1:
        parts.append(f"Lines are means over the same {sweep.readings:,} readings of the words at every point")
    else:
        parts.append("Nothing else is uncertain, so one game is solved at each point")
    if sweep.request.concept == "limit":
        parts.append("nobody errs (the limit of quantal response)")
    if sweep.request.set:
        put = [f"{words.clean(name)} = {_set(value)}" for name, value in sweep.request.set.items()]
        parts.append(f"set: {', '.join(put)}")
    return "; ".join(parts) + "."


def _set(value: str | float) -> str:
    return words.clean(value) if isinstance(value, str) else words.figure(value)


def gaps(sweep: Sweep) -> tuple[str, ...]:
    """Say what has no value, where and why, and whether turns were left unfollowed."""
    found = list(dict.fromkeys(_unsolved(sweep)))
    for curve in sweep.curves:
        empty = ~np.isfinite(curve.mean) & (curve.unsolved == 0)
        if empty.any():
            found.append(
                f"{_subject(curve)} no value {_where(sweep, empty)}, as its condition cannot happen there."
            )
    partly = any(np.any(np.isfinite(curve.mean) & (curve.unsolved > 0)) for curve in sweep.curves)
    if partly:
        found.append(
            f"{sweep.unsolved:,} of {sweep.games:,} games were not solved with a certificate; they are left "
            "out, and a point at which they are more than 1 of 100 is a gap."
        )
    if not sweep.complete:
        found.append("There were too many turns to follow each: curves may turn between the points shown.")
    return tuple(found)


def _unsolved(sweep: Sweep) -> Iterator[str]:
    """Say where games were not solved; the same of several curves is the same sentence."""
    for curve in sweep.curves:
        empty = ~np.isfinite(curve.mean) & (curve.unsolved > 0)
        if empty.any():
            yield f"Not solved with a certificate, so without a value: {_where(sweep, empty)}."


def _where(sweep: Sweep, empty: NDArray[np.bool_]) -> str:
    """Say at how many points something is missing, and where these lie."""
    edges = np.diff(np.concatenate([[0], empty.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    count = f"{int(empty.sum()):,} of {len(sweep.x):,} points"
    if len(starts) > MOST_JUMPS:
        return f"at {count}"
    spans = []
    for start, end in zip(starts, ends, strict=True):
        low, high = (at_place(sweep, float(sweep.x[each])) for each in (start, end))
        spans.append(low if low == high else f"{low} to {high}")
    return f"where {words.clean(sweep.request.vary)} is {words.listed(spans)} ({count})"
