"""What a run's tables offer for restricting: inputs with their names.

What lives here: from labelled tables to :class:`~parley.findings.discovery.box.Inputs`, and names back. What
may not: search, sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.findings.discovery.box import Inputs
from parley.scenario.model import Scenario
from parley.study.results import Results

__all__ = ["Label", "Offered", "offered"]


@dataclass(frozen=True, slots=True)
class Label:
    """The name of an input; ``kind`` is ``parameter``, ``ranking`` or ``switch``, ``text`` a phrase."""

    name: str
    kind: str
    text: str | None
    unit: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Offered:
    """What differs between readings, not copied: a run may have a million.

    ``rows`` are the values ``[draw]`` by input; ``known`` ``[draw]`` says where all of them are numbers.
    """

    labels: tuple[Label, ...]
    rows: tuple[NDArray[np.float64], ...]
    options: tuple[tuple[str, ...] | None, ...]
    known: NDArray[np.bool_]

    def inputs(self, chosen: NDArray[np.int64]) -> Inputs:
        """Return the inputs of some readings, by number; raises FindingsError where one is not known."""
        values = np.zeros((len(self.rows), chosen.size))
        for row, drawn in enumerate(self.rows):
            values[row] = drawn[chosen]
        return Inputs(values, self.options)


def offered(results: Results) -> Offered:
    """Return everything that differs between the readings.

    Parameters
    ----------
    results
        A run's tables.

    Examples
    --------
    >>> import parley
    >>> found = offered(parley.run(parley.load("which-event-first"), draws=16))
    >>> found.inputs(np.arange(16)).values.shape == (len(found.labels), 16), bool(found.known.all())
    (True, True)
    """
    labels: list[Label] = []
    rows: list[NDArray[np.float64]] = []
    options: list[tuple[str, ...] | None] = []
    known = np.ones(results.draw.size, dtype=np.bool_)
    for name, values in results.parameters.items():
        finite = np.isfinite(values)
        low, high = (edge(values, where=finite, initial=start) for edge, start in _EDGES)
        if low < high:
            known &= finite
            labels.append(_number(results.scenario, name))
            rows.append(values)
            options.append(None)
    for name, drawn in results.switches.items():
        present, codes = np.unique(drawn, return_inverse=True)
        if present.size > 1:
            labels.append(Label(name, "switch", results.scenario.switches[name].text, None))
            rows.append(codes.astype(np.float64))
            options.append(tuple(str(option) for option in present))
    return Offered(tuple(labels), tuple(rows), tuple(options), known)


_EDGES = ((np.min, np.inf), (np.max, -np.inf))


def _number(scenario: Scenario, name: str) -> Label:
    if name in scenario.parameters:
        parameter = scenario.parameters[name]
        return Label(name, "parameter", parameter.text, parameter.unit)
    # A ranking's utilities are named "player: outcome" (parley.draws.rankings).
    player, _, outcome = name.partition(": ")
    if player in scenario.players:
        return Label(name, "ranking", f"{scenario.players[player].text}'s liking of {outcome}", None)
    return Label(name, "parameter", None, None)
