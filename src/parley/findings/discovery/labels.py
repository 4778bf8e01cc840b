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

__all__ = ["Label", "offered"]


@dataclass(frozen=True, slots=True)
class Label:
    """The name of an input; ``kind`` is ``parameter``, ``ranking`` or ``switch``, ``text`` a phrase."""

    name: str
    kind: str
    text: str | None
    unit: str | None


def offered(results: Results) -> tuple[tuple[Label, ...], Inputs, NDArray[np.bool_]]:
    """Return everything that differs between the readings.

    Parameters
    ----------
    results
        A run's tables.

    Returns
    -------
    tuple
        Names; values ``[input, draw]`` (0 where there is none); and ``[draw]`` whether all of a reading's
        inputs have a value.

    Examples
    --------
    >>> import parley
    >>> names, inputs, known = offered(parley.run(parley.load("which-event-first"), draws=16))
    >>> inputs.values.shape == (len(names), 16), bool(known.all()), {label.kind for label in names}
    (True, True, {'parameter'})
    """
    labels: list[Label] = []
    rows: list[NDArray[np.float64]] = []
    options: list[tuple[str, ...] | None] = []
    known = np.ones(results.draw.size, dtype=np.bool_)
    for name, values in results.parameters.items():
        finite = np.isfinite(values)
        if np.unique(values[finite]).size > 1:
            known &= finite
            labels.append(_number(results.scenario, name))
            rows.append(np.where(finite, values, 0.0))
            options.append(None)
    for name, drawn in results.switches.items():
        present, codes = np.unique(drawn, return_inverse=True)
        if present.size > 1:
            labels.append(Label(name, "switch", results.scenario.switches[name].text, None))
            rows.append(codes.astype(np.float64))
            options.append(tuple(str(option) for option in present))
    values = np.array(rows) if rows else np.zeros((0, results.draw.size))
    return tuple(labels), Inputs(values, tuple(options)), known


def _number(scenario: Scenario, name: str) -> Label:
    if name in scenario.parameters:
        parameter = scenario.parameters[name]
        return Label(name, "parameter", parameter.text, parameter.unit)
    # A ranking's utilities are named "player: outcome" (parley.draws.rankings).
    player, _, outcome = name.partition(": ")
    if player in scenario.players:
        return Label(name, "ranking", f"{scenario.players[player].text}'s liking of {outcome}", None)
    return Label(name, "parameter", None, None)
