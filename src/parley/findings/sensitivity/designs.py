"""What to ask in order to learn what carries a conclusion: readings with some inputs drawn anew.

What lives here: orders, and tables of ranks for the estimators of
:mod:`parley.findings.sensitivity.estimators`. What may not: the answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from parley.findings.statistics import REPLICATES

__all__ = ["Probe", "Uncertain", "between", "chain", "held", "orders", "redrawn"]

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]
_KEY = 2**33  # Philox keys from here belong to the orders; those below to the design of the readings


class Uncertain(Protocol):
    """An input: see :class:`parley.study.evaluator.Input`."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def rows(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def together(self) -> tuple[str, ...]: ...  # noqa: D102


class Probe(Protocol):
    """Draws some inputs anew: see :meth:`parley.study.evaluator.Evaluator.mixed`."""

    @property
    def inputs(self) -> Sequence[Uncertain]: ...  # noqa: D102
    def mixed(self, ranks: Values, fresh: Values, keep: Collection[str]) -> Values: ...  # noqa: D102


def orders(inputs: int, draws: int, seed: int) -> NDArray[np.int64]:
    """Return a random order of the inputs for each draw.

    Parameters
    ----------
    inputs, draws
        How many.
    seed
        From 0 to 2^64 - 1.

    Returns
    -------
    NDArray
        ``[step, draw]``. Each order is uniform; within a replicate those of ``inputs`` successive draws are
        turned against each other, so that each input stands once at each step (less noise).

    Examples
    --------
    >>> sorted(orders(5, 80, seed=7)[2, ::16].tolist())
    [0, 1, 2, 3, 4]
    """
    found = np.empty((inputs, draws), dtype=np.int64)
    for replicate in range(REPLICATES):
        stream = np.random.Philox(key=np.array([seed, _KEY + replicate], dtype=np.uint64))
        order = np.empty(0, dtype=np.int64)
        for row, draw in enumerate(range(replicate, draws, REPLICATES)):
            if row % inputs == 0:
                order = np.argsort(stream.random_raw(inputs), kind="stable")
            found[:, draw] = np.roll(order, row % inputs)
    return found


def redrawn(probe: Probe, ranks: Values, fresh: Values) -> Iterator[Values]:
    """Yield for each input the ranks with that input drawn anew, given all others.

    Parameters
    ----------
    probe
        Knows the inputs and how they hang together.
    ranks, fresh
        ``[row, draw]`` two independent samples.

    Yields
    ------
    ``[row, draw]``
    """
    names = [each.name for each in probe.inputs]
    for name in names:
        yield probe.mixed(ranks, fresh, [other for other in names if other != name])


def held(probe: Probe, ranks: Values, fresh: Values) -> Iterator[tuple[int, Values]]:
    """Yield for each input that depends on others the ranks with all others drawn anew, given it.

    For the other inputs these are the readings of :func:`redrawn` with the samples exchanged.

    Parameters
    ----------
    probe
        Knows the inputs and how they hang together.
    ranks, fresh
        ``[row, draw]``: the input is kept from ``fresh``, the randomness of the others is that of ``ranks``.

    Yields
    ------
    Number of the input, and ``[row, draw]``.
    """
    for number, each in enumerate(probe.inputs):
        if each.together:
            yield number, probe.mixed(fresh, ranks, [each.name])


def chain(probe: Probe, ranks: Values, fresh: Values, order: NDArray[np.int64]) -> Iterator[Values]:
    """Yield the steps of the chains between the first, ``ranks``, and the last, ``fresh``.

    Parameters
    ----------
    probe
        Knows the inputs and how they hang together.
    ranks, fresh
        ``[row, draw]``
    order
        ``[step, draw]`` the input drawn anew with each step; see :func:`orders`.

    Yields
    ------
    ``[row, draw]`` for every step but the last.
    """
    kept = np.ones(order.shape, dtype=np.bool_)
    draws = np.arange(order.shape[1])
    for step in order[:-1]:
        kept[step, draws] = False
        yield between(probe, ranks, fresh, kept)


def between(probe: Probe, ranks: Values, fresh: Values, kept: Flags) -> Values:
    """Draw in each reading other inputs anew, given the kept ones.

    Parameters
    ----------
    probe
        Knows the inputs and how they hang together.
    ranks, fresh
        ``[row, draw]``
    kept
        ``[input, draw]``

    Returns
    -------
    ``[row, draw]``
    """
    inputs = probe.inputs
    found = fresh.copy()
    number = {each.name: place for place, each in enumerate(inputs)}
    done: set[str] = set()
    for place, each in enumerate(inputs):
        if not each.together:
            for row in each.rows:
                found[row] = np.where(kept[place], ranks[row], fresh[row])
        elif each.name not in done:
            group = [place, *(number[name] for name in each.together)]
            done.update(inputs[member].name for member in group)
            _group(probe, found, ranks, fresh, kept, group)
    return found


def _group(
    probe: Probe, found: Values, ranks: Values, fresh: Values, kept: Flags, group: Sequence[int]
) -> None:
    """Fill in inputs that hang together, pattern by pattern of what is kept of them."""
    members = [probe.inputs[member] for member in group]
    rows = [row for each in members for row in each.rows]
    patterns, which = np.unique(kept[list(group)], axis=1, return_inverse=True)
    for number, pattern in enumerate(patterns.T):
        draws = np.flatnonzero(which.reshape(-1) == number)
        names = [each.name for each, keep in zip(members, pattern, strict=True) if keep]
        mixed = probe.mixed(ranks[:, draws], fresh[:, draws], names)
        for row in rows:
            found[row, draws] = mixed[row]
