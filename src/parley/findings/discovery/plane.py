"""Failures in the plane of two numbers, counted in cells: what a picture of a region needs.

What lives here: which two numbers, the counts. What may not: the search for regions, pictures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from parley.findings.discovery.box import Inputs
from parley.findings.discovery.labels import Label, Offered
from parley.findings.discovery_model import Plane, PlaneAxis, Restriction

__all__ = ["CELLS", "apart", "chosen_rows", "plane"]

CELLS = 12  # along either number
Mask = NDArray[np.bool_]
Values = NDArray[np.float64]


def apart(values: Values, failed: Mask) -> float:
    """Return how differently a number is spread over failures and successes: from 0, alike, to 1, apart.

    The Kolmogorov-Smirnov distance between the two empirical distributions (Smirnov 1939).

    Parameters
    ----------
    values, failed
        ``[draw]`` the number, and whether the reading is a failure.

    Examples
    --------
    >>> values = np.array([1.0, 2.0, 3.0, 4.0])
    >>> apart(values, np.array([True, True, False, False])), apart(values, np.array([True] * 4))
    (1.0, 0.0)
    """
    failures = int(np.count_nonzero(failed))
    successes = failed.size - failures
    if not failures or not successes:
        return 0.0
    order = np.argsort(values, kind="stable")
    lead = np.cumsum(np.where(failed[order], 1.0 / failures, -1.0 / successes))
    last = np.append(values[order][1:] != values[order][:-1], True)  # the last of several equal values
    return float(np.abs(lead[last]).max())


def chosen_rows(
    labels: Sequence[Label], inputs: Inputs, failed: Mask, restrictions: Sequence[Restriction]
) -> tuple[int, int] | None:
    """Return the inputs of the plane: of the numbers that bound a region the two that are worth most.

    Parameters
    ----------
    labels, inputs
        What varies, by input.
    failed
        ``[draw]`` whether a reading is a failure.
    restrictions
        Of the region; where fewer than two numbers bound it, those follow of which failures and successes
        differ most (:func:`apart`).

    Returns
    -------
    tuple of int, or None
        None where fewer than two numbers vary.
    """
    numbers = [row for row, options in enumerate(inputs.options) if options is None]
    if len(numbers) < 2:
        return None
    worth: dict[str, float] = {}
    for each in restrictions:
        if not each.options:
            worth[each.name] = max(each.worth, worth.get(each.name, -np.inf))
    named = [row for row in numbers if labels[row].name in worth]
    named.sort(key=lambda row: -worth[labels[row].name])
    others = [row for row in numbers if row not in named]
    if len(named) < 2:
        others.sort(key=lambda row: -apart(inputs.values[row], failed))
    first, second, *_ = [*named, *others]
    return first, second


def plane(offer: Offered, rows: tuple[int, int], chosen: NDArray[np.int64], failed: Mask) -> Plane | None:
    """Count readings and failures in the plane of two numbers.

    Parameters
    ----------
    offer
        What varies.
    rows
        The two inputs: across, and up.
    chosen
        Numbers of the readings that are counted.
    failed
        ``[chosen]`` whether each is a failure.

    Returns
    -------
    Plane or None
        Cells lie between twelfths of the readings by either number, so that each column and each row holds
        a twelfth of them; fewer where values repeat. None where one of the two is the same in all.
    """
    axes = tuple(_axis(offer.labels[row], offer.rows[row][chosen]) for row in rows)
    if any(len(axis.edges) < 2 for axis in axes):
        return None
    across, up = axes
    column, line = (
        np.searchsorted(np.asarray(axis.edges)[1:-1], offer.rows[row][chosen], side="left")
        for axis, row in zip(axes, rows, strict=True)
    )
    width, height = len(across.edges) - 1, len(up.edges) - 1
    cell = line * width + column
    counts, failures = (
        np.bincount(where, minlength=width * height).reshape(height, width) for where in (cell, cell[failed])
    )
    return Plane(across, up, _rows(counts), _rows(failures))


def _axis(label: Label, values: Values) -> PlaneAxis:
    edges = np.unique(np.quantile(values, np.arange(CELLS + 1) / CELLS))
    return PlaneAxis(
        name=label.name,
        kind=label.kind,
        text=label.text,
        unit=label.unit,
        edges=tuple(float(edge) for edge in edges),
        middle=float(np.quantile(values, 0.5)),
    )


def _rows(counts: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(count) for count in row) for row in counts)
