"""The conclusion at many values of one assumption, all others as in each reading.

What lives here: solving a sweep, and how near each assumption is to turning the advice round. What may
not: the packed form (:mod:`parley.site.model.strip`), the process that serves pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parley.findings.comparison import candidates, opponents, solved
from parley.findings.statistics import wins
from parley.site.model.article import Assumption
from parley.site.model.effect import Crossing, Flip, Leverage
from parley.site.model.solver import Solver
from parley.site.model.strip import DOTS, TOLD, Strip, crossings
from parley.study.results import Results

__all__ = ["POINTS", "READINGS", "leverages", "sweep"]

Values = NDArray[np.float64]

READINGS = 64  # at each point
POINTS = 41
_COARSE, _MIDDLING = 4, 2  # every so manieth point is solved first, and where the answer moves
_OUTSIDE = 8  # points on either side of where the author's judgement lies
_FLAT_SHARE = 0.05  # shares that move by less over the coarse points need no more of them
_FLAT_MEAN = 0.12  # likewise means, in standard deviations over all readings
_ENOUGH = 0.95  # of the readings must have an answer at a point
_STRONG, _SOME = 1.0, 3.0  # rooms to flip up to which an assumption is heavy, and less so
_SWING = 0.15  # a share that moves so far is worth a heavier line though nothing flips


def sweep(
    solver: Solver, known: Assumption, readings: int = READINGS, seed: int = 0, *, fine: bool = True
) -> Strip:
    """Solve at many values of an assumption.

    Of a parameter 11 values out to what a reader may set, most of them where the author's judgement lies; 21
    where these show that the answer moves; 41, each with twice the readings, where it turns
    round. Of a switch its options. The same readings at every value.

    Parameters
    ----------
    solver
        Of the scenario.
    known
        One of its assumptions.
    readings, seed
        At each value.
    fine
        Without it no parameter is swept over more than 11 values.

    Raises
    ------
    SolverError
        Nothing can be solved.
    CancelledError
        The solver was told to stop.

    Examples
    --------
    >>> import parley
    >>> solver = Solver(parley.load("which-event-first"))
    >>> found = sweep(solver, next(each for each in solver.assumptions if each.name == "B"), readings=16)
    >>> found.values[0], found.share()[0], found.values[-1], found.share()[-1]
    (0.93, 0.0, 160.0, 1.0)
    """
    if known.kind == "switch":
        places: Values = np.arange(len(known.options), dtype=np.float64)
        found = _joined([solver.at_option(known.name, option, readings, seed) for option in known.options])
    else:
        places = _places(known)
        found = _asked(solver, known, places[::_COARSE], readings, seed)
        if not fine or _flat(found):
            places = places[::_COARSE]
        elif _turns(solver, found):
            readings *= 2
            found = _asked(solver, known, places, readings, seed)
        else:
            places = places[::_MIDDLING]
            between = _asked(solver, known, places[1::2], readings, seed)
            found = {name: _woven(found[name], between[name]) for name in found}
    return _strip(solver, known, places, found, readings, seed)


def _places(known: Assumption) -> Values:
    """Return the values to solve at, ascending: the ends, where the author's judgement lies, and between."""
    assert known.least is not None
    assert known.most is not None
    assert known.low is not None
    assert known.high is not None
    least, most = known.least, known.most
    width = (known.high - known.low) / 2
    low, high = max(least, known.low - width), min(most, known.high + width)
    if high <= low:  # the author states one value
        low, high = least, most
    below = _OUTSIDE if low > least else 0
    above = _OUTSIDE if high < most else 0
    inner = POINTS - below - above
    found = np.concatenate(
        [
            np.linspace(least, low, below, endpoint=False),
            np.linspace(low, high, inner),
            np.linspace(most, high, above, endpoint=False)[::-1],
        ]
    )
    return np.asarray(found, dtype=np.float64)


def _asked(solver: Solver, known: Assumption, places: Values, readings: int, seed: int) -> dict[str, Values]:
    """Return the first criterion's values by policy, ``[point, reading]``; NaN without an answer."""
    results = solver.at_values(known.name, places, readings, seed)
    return {name: values.reshape(len(places), readings) for name, values in _values(results).items()}


def _values(results: Results) -> dict[str, Values]:
    comparison = results.scenario.comparison
    assert comparison is not None
    return {name: solved(results, name, results.criteria[0, name]) for name in comparison.policies}


def _joined(parts: Sequence[Results]) -> dict[str, Values]:
    each = [_values(part) for part in parts]
    return {name: np.stack([values[name] for values in each]) for name in each[0]}


def _woven(ends: Values, between: Values) -> Values:
    """Return rows of one table with those of another between them."""
    return np.insert(ends, range(1, len(ends)), between, axis=0)


def _turns(solver: Solver, found: Mapping[str, Values]) -> bool:
    """Whether the share of the recommended policy crosses one half over some points."""
    comparison = solver.scenario.comparison
    assert comparison is not None
    rivals = candidates(comparison, tuple(comparison.policies))
    first = next(iter(comparison.policies))
    against = [first] if first in rivals and first != comparison.recommend else list(rivals)
    sign = 1.0 if comparison.by[0].higher else -1.0
    others = np.max([sign * found[name] for name in against if name != comparison.recommend], axis=0)
    margin = sign * found[comparison.recommend] - others
    shares = np.where(np.isfinite(margin), (np.sign(margin) + 1) / 2, np.nan)
    known = np.isfinite(shares).mean(axis=1) >= _ENOUGH
    mean = np.nanmean(shares[known], axis=1)
    return bool(mean.size and mean.min() < 0.5 < mean.max())


def _flat(found: Mapping[str, Values]) -> bool:
    """Whether next to nothing moves over some points."""
    values = np.stack(list(found.values()))  # [policy, point, reading]
    known = np.isfinite(values).all(axis=0).mean(axis=1) >= _ENOUGH
    if not known.all():
        return False
    means = np.nanmean(values, axis=2)
    size = float(np.nanstd(values)) or 1.0
    order = np.argmax(values, axis=0)  # which policy is the best, [point, reading]
    shares = np.stack([(order == policy).mean(axis=1) for policy in range(len(values))])
    return bool(
        np.ptp(means, axis=1).max() < _FLAT_MEAN * size and np.ptp(shares, axis=1).max() < _FLAT_SHARE
    )


def _strip(
    solver: Solver, known: Assumption, places: Values, found: Mapping[str, Values], readings: int, seed: int
) -> Strip:
    scenario = solver.scenario
    comparison = scenario.comparison
    assert comparison is not None
    policies = tuple(comparison.policies)
    author = solver.author(readings, seed)
    against = opponents(author)
    row = policies.index(comparison.recommend)
    rival = policies.index(against[0]) if len(against) == 1 else None
    competing = [policies.index(name) for name in candidates(comparison, policies)]
    sign = 1.0 if comparison.by[0].higher else -1.0
    values = np.stack([found[name] for name in policies])  # [policy, point, reading]
    own = np.stack(list(_values(author).values()))
    cells = [_cell(values[:, point], row, competing, sign) for point in range(len(places))]
    before = _cell(own, row, competing, sign)
    ahead, behind = (None, None) if rival is None else (before.better[rival], before.worse[rival])
    held = before.best[row] if ahead is None or behind is None else (1.0 + ahead - behind) / 2
    middle = known.middle if known.default is None else float(known.options.index(known.default))
    assert middle is not None
    return Strip(
        switch=known.kind == "switch",
        recommended=row,
        author=int(middle) if known.kind == "switch" and known.point else None,
        rival=rival,
        before=held,
        readings=readings,
        middle=middle,
        values=tuple(places.tolist()),
        dots=tuple(each.dots for each in cells),
        mean=tuple(each.mean for each in cells),
        better=tuple(each.better for each in cells),
        worse=tuple(each.worse for each in cells),
        best=tuple(each.best for each in cells),
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """All policies at one point."""

    dots: tuple[tuple[float, ...], ...]
    mean: tuple[float | None, ...]
    better: tuple[float | None, ...]
    worse: tuple[float | None, ...]
    best: tuple[float | None, ...]


def _cell(values: Values, row: int, competing: Sequence[int], sign: float) -> _Cell:
    """Sum up ``[policy, reading]``: by policy, beside the recommended one, and who is the best."""
    levels = (np.arange(DOTS) + 0.5) / DOTS
    dots: list[tuple[float, ...]] = []
    mean: list[float | None] = []
    better: list[float | None] = []
    worse: list[float | None] = []
    for policy, each in enumerate(values):
        known = each[np.isfinite(each)]
        whole = known.size >= _ENOUGH * each.size
        dots.append(tuple(np.sort(np.quantile(known, levels)).tolist()) if whole else ())
        mean.append(float(known.mean()) if whole else None)
        ahead, behind = (None, None) if policy == row else _beside(sign * values[[row, policy]])
        better.append(ahead)
        worse.append(behind)
    best: list[float | None] = [None] * len(values)
    won, _ = wins(sign * values[list(competing)])
    for place, policy in enumerate(competing):
        best[policy] = _mean(won[place])
    return _Cell(tuple(dots), tuple(mean), tuple(better), tuple(worse), tuple(best))


def _beside(pair: Values) -> tuple[float | None, float | None]:
    """Return how often the first does better than the second, and how often worse; ties are neither."""
    won, tied = wins(pair)
    share, ties = _mean(won[0]), float(tied[np.isfinite(won[0])].mean()) if np.isfinite(won[0]).any() else 0.0
    if share is None:
        return None, None
    return max(0.0, share - ties / 2), max(0.0, 1.0 - share - ties / 2)


def _mean(won: Values) -> float | None:
    known = won[np.isfinite(won)]
    return float(known.mean()) if known.size >= _ENOUGH * won.size else None


def leverages(
    strips: Mapping[str, Strip], known: Iterable[Assumption], told: Mapping[str, Crossing] | None = None
) -> tuple[Leverage, ...]:
    """Say how far each assumption is from turning the advice round, nearest first.

    Parameters
    ----------
    strips
        Sweeps by the names of assumptions.
    known
        The assumptions.
    told
        Crossings that the findings looked for more closely, by the names of assumptions: one takes the
        place of a sweep's where that lies within its bounds, so that a page says one number.

    Returns
    -------
    tuple of Leverage
        First those that flip, by room (those without, because the author states one value, after the others),
        then by how far the share moves.
    """
    closer = told or {}
    found = [
        _leverage(each, strips[each.name], closer.get(each.name)) for each in known if each.name in strips
    ]
    found.sort(key=lambda each: (not _flips(each), each.room is None, each.room or 0.0, -each.swing))
    return tuple(replace(each, rank=rank, weight=_weight(each)) for rank, each in enumerate(found, start=1))


def _flips(each: Leverage) -> bool:
    return each.crossing is not None or bool(each.options)


def _weight(each: Leverage) -> int:
    if each.options or (each.room is not None and each.room <= _STRONG):
        return 3
    near = each.room is not None and each.room <= _SOME
    return 2 if near or each.swing >= _SWING else 1


def _leverage(known: Assumption, strip: Strip, closer: Crossing | None) -> Leverage:
    shares = strip.share()
    there = [share for share in shares if share is not None]
    swing = max(there) - min(there) if there else 0.0
    if known.kind == "switch":
        options = tuple(
            Flip(option, share)
            for option, share in zip(known.options, shares, strict=True)
            if _turned(strip.before, share)
        )
        return Leverage(known.name, None, (), None, options, swing, 0, 0)
    crossed = tuple(_closer(each, closer) for each in crossings(strip.values, shares))
    nearest = min(crossed, key=lambda each: abs(each.value - strip.middle), default=None)
    room = None
    if nearest is not None and known.half:
        room = abs(nearest.value - strip.middle) / known.half
    return Leverage(known.name, nearest, crossed, room, (), swing, 0, 0)


def _closer(found: Crossing, told: Crossing | None) -> Crossing:
    """Return the crossing of the findings where it is the same as a sweep's, but for sampling error."""
    if told is None or told.fails != found.fails or told.low is None or told.high is None:
        return found
    return told if told.low <= found.value <= told.high else found


def _turned(before: float | None, share: float | None) -> bool:
    """Whether an option turns the author's answer round, by more than a sweep can err."""
    if before is None or share is None:
        return False
    return (before - 0.5) * (share - 0.5) < 0 and abs(share - before) > TOLD
