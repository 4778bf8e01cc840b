"""Boxes: a range for each number, a set of options for each switch.

What lives here: tables of inputs, boxes in them, who lies inside. What may not: how a box is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from parley.errors import FindingsError

__all__ = ["HIGH", "LOW", "OPTIONS", "Box", "Inputs", "Side", "between", "measured", "youden"]

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
Side = tuple[int, int]  # input and one of the following
LOW, HIGH, OPTIONS = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What may be restricted.

    Parameters
    ----------
    values
        ``[input, draw]``; of a switch the index of its option.
    options
        By input: the options of a switch, None for a number.

    Raises
    ------
    FindingsError
        The shapes don't fit, a number is not one, or an index has no option.
    """

    values: Values
    options: tuple[tuple[str, ...] | None, ...]

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[0] != len(self.options):
            raise FindingsError(
                f"values of shape {self.values.shape} are not [{len(self.options)} inputs, draw]"
            )
        if np.isnan(self.values).any():
            row = int(np.isnan(self.values).any(axis=1).argmax())
            raise FindingsError(f"input {row} has readings without a value; leave those readings out")
        for row, options in enumerate(self.options):
            if options is not None and not np.isin(self.values[row], np.arange(len(options))).all():
                raise FindingsError(
                    f"input {row} is a switch with {len(options)} options; give their indexes"
                )

    @property
    def draws(self) -> int:
        """Number of readings."""
        return int(self.values.shape[1])

    def where(self, chosen: Mask | NDArray[np.int64]) -> Inputs:
        """Return the readings that are chosen, by truth value ``[draw]`` or by number."""
        return Inputs(self.values[:, chosen], self.options)


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """A range for each number and a set of options for each switch; all bounds belong to it.

    Parameters
    ----------
    low, high
        By input that is bounded on that side.
    options
        By switch that is restricted: the indexes of the options that remain.

    Examples
    --------
    >>> box = Box(low={0: 0.5}, options={1: (0,)})
    >>> inputs = Inputs(np.array([[0.2, 0.5, 0.9], [0.0, 0.0, 1.0]]), (None, ("on", "off")))
    >>> box.inside(inputs).tolist(), list(box.sides()), box.restricted
    ([False, True, False], [(0, 0), (1, 2)], 2)
    """

    low: Mapping[int, float] = field(default_factory=dict)
    high: Mapping[int, float] = field(default_factory=dict)
    options: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def inside(self, inputs: Inputs) -> Mask:
        """Return ``[draw]`` whether a reading lies in the box."""
        inside = np.ones(inputs.draws, dtype=np.bool_)
        for side in self.sides():
            inside &= self.meets(inputs, side)
        return inside

    def meets(self, inputs: Inputs, side: Side) -> Mask:
        """Return ``[draw]`` whether a reading meets one of the restrictions."""
        row, kind = side
        if kind == LOW:
            return np.asarray(inputs.values[row] >= self.low[row])
        if kind == HIGH:
            return np.asarray(inputs.values[row] <= self.high[row])
        return np.isin(inputs.values[row], self.options[row])

    def sides(self) -> Iterator[Side]:
        """Yield the restrictions, by input."""
        for row in sorted({*self.low, *self.high, *self.options}):
            for kind, bounds in ((LOW, self.low), (HIGH, self.high), (OPTIONS, self.options)):
                if row in bounds:
                    yield row, kind

    @property
    def restricted(self) -> int:
        """Number of inputs that are restricted."""
        return len({row for row, _ in self.sides()})

    def bounded(self, side: Side, bound: float | tuple[int, ...]) -> Box:
        """Return the box with another bound, or other options, on one side."""
        row, kind = side
        if isinstance(bound, tuple):
            return replace(self, options={**self.options, row: bound})
        if kind == LOW:
            return replace(self, low={**self.low, row: bound})
        return replace(self, high={**self.high, row: bound})

    def without(self, side: Side) -> Box:
        """Return the box without one restriction."""
        row, kind = side
        return Box(
            {key: value for key, value in self.low.items() if kind != LOW or key != row},
            {key: value for key, value in self.high.items() if kind != HIGH or key != row},
            {key: value for key, value in self.options.items() if kind != OPTIONS or key != row},
        )


def between(cut: float, kept: float) -> float:
    """Return a bound midway between the last value cut off and the first one kept, on either side.

    >>> between(0.2, 0.3), between(1.0, 1.0 + 2.0**-52) == 1.0 + 2.0**-52
    (0.25, True)
    """
    middle = float(cut) / 2 + float(kept) / 2
    return middle if min(cut, kept) < middle < max(cut, kept) else float(kept)


def measured(inside: Mask, failed: Mask) -> tuple[float, float, float]:
    """Return mass, coverage and density of a box.

    Parameters
    ----------
    inside, failed
        ``[draw]`` whether a reading lies in the box, whether it is a failure.

    Returns
    -------
    tuple of float
        Share of the readings in the box, share of the failures in it, share of failures among its readings;
        0 where there is nothing to take a share of.

    Examples
    --------
    >>> measured(np.array([True, True, False, False]), np.array([True, False, False, True]))
    (0.5, 0.5, 0.5)
    """
    count, both = int(np.count_nonzero(inside)), int(np.count_nonzero(inside & failed))
    failures = int(np.count_nonzero(failed))
    return count / max(1, inside.size), both / max(1, failures), both / max(1, count)


def youden(inside: Mask, failed: Mask) -> float:
    """Return how well a box tells failures from successes (Youden 1950).

    The share of the failures in the box minus the share of the successes in it: 1 when it holds all failures
    and no success, 0 when it holds as much of the one as of the other. For a given table it grows with
    mass x (density - share of failures), the weighted relative accuracy of subgroup discovery (Lavrač,
    Flach & Zupan 1999), so both choose the same box.

    Examples
    --------
    >>> youden(np.array([True, True, False, False]), np.array([True, True, True, False]))
    0.6666666666666666
    >>> youden(np.array([True, False]), np.array([True, True]))
    0.0
    """
    count, both = int(np.count_nonzero(inside)), int(np.count_nonzero(inside & failed))
    failures = int(np.count_nonzero(failed))
    successes = failed.size - failures
    if not failures or not successes:
        return 0.0
    return both / failures - (count - both) / successes
