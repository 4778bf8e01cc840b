"""Patient rule induction: peeling and pasting.

What lives here: the search for boxes with many failures. What may not: which of them is chosen, what it is
called.

The method is that of Friedman and Fisher ("Bump hunting in high-dimensional data", *Statistics and Computing*
9, 1999, 123-143, sections 8 and 9). Peeling begins with all readings and cuts off a little, at one end of one
input, again and again; pasting gives some back. Inputs are sorted once; after each cut the sorted lists are
thinned, so a peel costs a pass over what is left.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.errors import FindingsError
from parley.findings.discovery.box import HIGH, LOW, OPTIONS, Box, Inputs, Side, between

__all__ = ["ALPHA", "Trajectory", "paste", "peel", "sides"]

ALPHA = 0.05  # the share of a box that a peel takes off and a paste gives back
Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
Order = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """The boxes of one peeling, from the whole inwards.

    ``mass`` ``[step]`` is the share of the readings in the box, ``coverage`` the share of the failures,
    ``density`` the share of failures among its readings, ``restricted`` the number of inputs restricted.
    """

    boxes: tuple[Box, ...]
    mass: Values
    coverage: Values
    density: Values
    restricted: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A piece that may be cut off a box: ``count`` readings, ``failures`` among them, and the box left."""

    side: Side
    count: int
    failures: int
    bound: float | tuple[int, ...]


def sides(inputs: Inputs) -> tuple[Side, ...]:
    """Return every side that a box can be restricted on.

    Two for a number, one for a switch, none for what is the same in all readings.
    """
    found: list[Side] = []
    for row, options in enumerate(inputs.options):
        values = inputs.values[row]
        if values.size and values.min() < values.max():
            found += [(row, HIGH), (row, LOW)] if options is None else [(row, OPTIONS)]
    return tuple(found)


def peel(
    inputs: Inputs,
    failed: Mask,
    allowed: Collection[Side] | None = None,
    *,
    alpha: float = ALPHA,
    support: int = 1,
    to_choose: bool = False,
) -> Trajectory:
    """Peel: cut off, again and again, the small piece without which failures are the most frequent.

    Candidates are, for each number, the lowest and the highest ``alpha`` of the readings left: the
    ``1 + floor(alpha * (left - 1))`` that lie beyond the usual sample quantile, fewer where those behind
    tie with the next, and where a tie holds more than that, all of the tie; for each switch, each of its
    options. Of the candidates that leave ``support`` readings the one is cut off that gains most density
    for each reading it takes (Kwakkel & Jaxa-Rozen, "Improving scenario discovery for handling
    heterogeneous uncertainties and multinomial classified outcomes", *Environmental Modelling & Software*
    79, 2016, 311-321, call it *lenient*); of equals one of an input that is restricted already, then the
    first: by input, high before low. Without ties all candidates of numbers are of one size, and that is
    the one that leaves most density.

    Parameters
    ----------
    inputs
        What may be restricted.
    failed
        ``[draw]`` whether a reading is a failure.
    allowed
        The sides that may be restricted; all by default.
    alpha
        Share of the box cut off by a peel, inside (0, 1).
    support
        Fewest readings in a box.
    to_choose
        Stop as soon as no later box can have a larger Youden index than the best so far: when the coverage,
        which only falls, is below it.

    Returns
    -------
    Trajectory
        It begins with all readings, and ends where no candidate leaves ``support`` readings or all
        readings left are failures.

    Raises
    ------
    FindingsError
        ``alpha`` is outside (0, 1), or there are not as many ``failed`` as readings.

    Examples
    --------
    >>> values = np.arange(100.0)[np.newaxis] / 100
    >>> found = peel(Inputs(values, (None,)), values[0] >= 0.6)
    >>> found.boxes[-1].low, found.mass[-1].tolist(), found.density[-1].tolist()
    ({0: 0.605}, 0.39, 1.0)
    """
    if not 0.0 < alpha < 1.0:
        raise FindingsError(f"alpha must lie between 0 and 1, and {alpha:g} does not")
    if failed.shape != (inputs.draws,):
        raise FindingsError(f"{failed.size} outcomes for {inputs.draws} readings")
    left = _Left(inputs, failed, tuple(sides(inputs) if allowed is None else allowed))
    boxes, counts, failures = [Box()], [left.count], [left.failures]
    best = 0.0
    while left.count and left.failures < left.count:
        cut = left.best(alpha, {row for row, _ in boxes[-1].sides()}, max(1, support))
        if cut is None:
            break
        boxes.append(boxes[-1].bounded(cut.side, cut.bound))
        left.keep(boxes[-1].meets(inputs, cut.side))
        counts.append(left.count)
        failures.append(left.failures)
        coverage = left.failures / max(1, failures[0])
        best = max(best, coverage - (left.count - left.failures) / max(1, counts[0] - failures[0]))
        if to_choose and coverage < best:
            break
    return _trajectory(boxes, np.array(counts), np.array(failures))


def _trajectory(boxes: list[Box], counts: NDArray[np.int64], failures: NDArray[np.int64]) -> Trajectory:
    return Trajectory(
        tuple(boxes),
        counts / max(1, counts[0]),
        failures / max(1, failures[0]),
        failures / np.maximum(1, counts),
        np.array([box.restricted for box in boxes]),
    )


class _Left:
    """The readings left in a box, in the order of each number."""

    def __init__(self, inputs: Inputs, failed: Mask, allowed: tuple[Side, ...]) -> None:
        self.inputs, self.failed, self.allowed = inputs, failed, allowed
        self.rows = sorted({row for row, kind in allowed if kind != OPTIONS})
        self.place = {row: place for place, row in enumerate(self.rows)}
        self.column = np.array(self.rows)[:, np.newaxis]
        self.numbers = [side for side in allowed if side[1] != OPTIONS]
        self.kinds = [kind for _, kind in self.numbers]
        self.places = [self.place[row] for row, _ in self.numbers]
        # Readings that tie may come in any order: a cut takes all of them or none.
        self.order = np.argsort(inputs.values[self.rows], axis=1).astype(np.int32)
        self.inside = np.ones(inputs.draws, dtype=np.bool_)
        self.count, self.failures = inputs.draws, int(np.count_nonzero(failed))

    def keep(self, meets: Mask) -> None:
        """Leave out the readings that don't meet a new restriction."""
        self.inside &= meets
        self.count = int(np.count_nonzero(self.inside))
        self.failures = int(np.count_nonzero(self.failed & self.inside))
        if self.rows:
            self.order = self.order[self.inside[self.order]].reshape(len(self.rows), self.count)

    def best(self, alpha: float, known: set[int], support: int) -> _Cut | None:
        """Return the piece to cut off; ``known`` are the inputs that are restricted already."""
        counts, failures = self._ends(alpha)
        pieces: list[tuple[Side, tuple[int, ...] | None]] = [(side, None) for side in self.numbers]
        for row, kind in self.allowed:
            if kind == OPTIONS:
                present, held, bad = self._options(row)
                pieces += [((row, kind), tuple(c for c in present if c != code)) for code in present]
                counts, failures = np.append(counts, held), np.append(failures, bad)
        left = self.count - counts
        possible = (counts > 0) & (left >= support)
        if not possible.any():
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = ((self.failures - failures) / left - self.failures / self.count) / counts
        gain[~possible] = -np.inf
        equals = np.flatnonzero(gain == gain.max())
        # By input, high before low: that is the order of the sides, but for those of switches.
        first = min(equals, key=lambda n: (pieces[n][0][0] not in known, pieces[n][0][0], n))
        side, options = pieces[first]
        return _Cut(
            side, int(counts[first]), int(failures[first]), options or self._bound(side, counts[first])
        )

    def _ends(self, alpha: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """By side of a number: readings and failures that may be cut off; no readings where all tie."""
        if not self.rows:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        take = min(1 + int(alpha * (self.count - 1)), self.count - 1)
        found = np.zeros((2, 2, len(self.rows)), dtype=np.int64)  # [kind, readings or failures, number]
        for kind, ends in ((LOW, self.order[:, : take + 1]), (HIGH, self.order[:, ::-1][:, : take + 1])):
            values = self.inputs.values[self.column, ends]
            # Sorted values: those that differ from the last one come first.
            beyond = values[:, :-1] != values[:, -1:]
            found[kind, 0] = beyond.sum(axis=1)
            found[kind, 1] = (beyond & self.failed[ends[:, :-1]]).sum(axis=1)
        kinds, places = self.kinds, self.places
        counts, failures = found[kinds, 0, places], found[kinds, 1, places]
        for number in np.flatnonzero(counts == 0):
            counts[number], failures[number] = self._tie(self.numbers[number])
        return counts, failures

    def _from_end(self, side: Side) -> Order:
        """Return the readings in the order of a number, from one of its ends inwards."""
        row, kind = side
        order: Order = self.order[self.place[row]]
        return order if kind == LOW else order[::-1]

    def _tie(self, side: Side) -> tuple[int, int]:
        """Return how many readings tie for the end of a number, and failures among them; 0 where all do."""
        ends = self._from_end(side)
        values = self.inputs.values[side[0]][ends]
        count = int(np.count_nonzero(values == values[0]))
        return (0, 0) if count == values.size else (count, int(np.count_nonzero(self.failed[ends[:count]])))

    def _bound(self, side: Side, count: int) -> float:
        """Return the bound that cuts off so many readings."""
        cut, kept = self.inputs.values[side[0]][self._from_end(side)[count - 1 : count + 1]]
        return between(cut, kept)

    def _options(self, row: int) -> tuple[list[int], NDArray[np.int64], NDArray[np.int64]]:
        """Return the options of a switch that are left, their readings and failures; none if it is one."""
        codes = self.inputs.values[row].astype(np.int64)
        options = self.inputs.options[row]
        assert options is not None
        counts = np.bincount(codes[self.inside], minlength=len(options))
        failures = np.bincount(codes[self.inside & self.failed], minlength=len(options))
        present = np.flatnonzero(counts) if np.count_nonzero(counts) > 1 else np.zeros(0, dtype=np.int64)
        return present.tolist(), counts[present], failures[present]


def paste(inputs: Inputs, failed: Mask, box: Box, *, alpha: float = ALPHA) -> Box:
    """Paste: give back a little at one side, again and again, as long as failures get no rarer.

    Candidates are, for each bound, the ``1 + floor(alpha * (inside - 1))`` readings (ties in full) that lie
    next to it and are kept out by it alone, and each option left out of a switch. The one is given back
    after which failures are the most frequent, of equals the largest, of those the first
    (Friedman & Fisher 1999, section 8.2, where they must get more frequent: a box in which all readings
    fail would then never be enlarged).

    Parameters
    ----------
    inputs, failed, alpha
        As in :func:`peel`.
    box
        The box to enlarge.

    Returns
    -------
    Box
        With the same restrictions at wider bounds; a switch all of whose options are back is not restricted.

    Examples
    --------
    >>> values = np.arange(100.0)[np.newaxis] / 100
    >>> paste(Inputs(values, (None,)), values[0] >= 0.6, Box(low={0: 0.615})).low
    {0: 0.595}
    """
    while True:
        met = {side: box.meets(inputs, side) for side in box.sides()}
        inside = np.logical_and.reduce([np.ones(inputs.draws, dtype=np.bool_), *met.values()])
        count, bad = int(np.count_nonzero(inside)), int(np.count_nonzero(inside & failed))
        take = 1 + int(alpha * max(0, count - 1))
        pieces: list[_Cut] = []
        for side in met:
            others = [mask for other, mask in met.items() if other != side]
            outside = np.logical_and.reduce([~met[side], *others])
            pieces += _pieces(inputs, failed, box, side, outside, take)
        best, most = None, (bad / max(1, count), 0)
        for piece in pieces:
            found = ((bad + piece.failures) / (count + piece.count), piece.count)
            if found > most:
                best, most = piece, found
        if best is None:
            return box
        box = _restored(inputs, box, best)


def _restored(inputs: Inputs, box: Box, piece: _Cut) -> Box:
    row, kind = piece.side
    if kind == OPTIONS and isinstance(piece.bound, tuple) and set(piece.bound) >= set(inputs.values[row]):
        return box.without(piece.side)
    return box.bounded(piece.side, piece.bound)


def _pieces(inputs: Inputs, failed: Mask, box: Box, side: Side, outside: Mask, take: int) -> list[_Cut]:
    """Return what may be given back at one side; ``outside`` are the readings kept out by it alone."""
    row, kind = side
    found = np.flatnonzero(outside)
    if not found.size:
        return []
    values = inputs.values[row][found]
    if kind == OPTIONS:
        pieces = []
        for code in np.unique(values).astype(np.int64):
            these = found[values == code]
            wider = tuple(sorted({*box.options[row], int(code)}))
            pieces.append(_Cut(side, these.size, int(np.count_nonzero(failed[these])), wider))
        return pieces
    nearest = np.argsort(-values if kind == LOW else values, kind="stable")
    values, found = values[nearest], found[nearest]
    last = values[min(take, values.size) - 1]
    count = int(np.count_nonzero(values >= last if kind == LOW else values <= last))
    bound = between(values[count], last) if count < values.size else float(last)
    return [_Cut(side, count, int(np.count_nonzero(failed[found[:count]])), bound)]
