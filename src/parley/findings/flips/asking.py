"""Pushing readings of the run: tables of pushes in, margins out.

What lives here: which policies are solved, who is held against whom, pushes put side by side. What may not:
what to push, what the answers mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from parley.errors import FindingsError
from parley.findings.comparison import contest, opponents
from parley.findings.flips.axes import Axis, axes
from parley.findings.needs import left_out
from parley.scenario.model import Criterion, Scenario
from parley.study.evaluator import Evaluator
from parley.study.results import Results

__all__ = ["Questions", "questions"]

Values = NDArray[np.float64]
Numbers = NDArray[np.int64]

BLOCK = 8192  # readings asked at a time: enough for all cores, few enough for the memory


@dataclass(eq=False, slots=True)
class Questions:
    """What is asked about: some readings of a run, the criteria, the axes.

    ``own`` holds the axes' values in the readings, ``[axis, reading]``; ``solved`` counts what was asked.
    """

    probe: Evaluator
    scenario: Scenario
    criteria: tuple[int, ...]  # indices, in the order of the text
    policies: tuple[str, ...]
    against: tuple[str, ...]
    axes: tuple[Axis, ...]
    ranks: Values  # [row, reading]
    own: Values
    solved: int = field(default=0)

    @property
    def readings(self) -> int:
        """How many readings are pushed."""
        return int(self.ranks.shape[1])

    def criterion(self, place: int) -> Criterion:
        """Return a criterion by its place among those asked about."""
        comparison = self.scenario.comparison
        assert comparison is not None
        return comparison.by[self.criteria[place]]

    def margins(
        self,
        ranks: Values,
        values: Mapping[str, Values] | None = None,
        switches: Mapping[str, str] | None = None,
    ) -> Values:
        """Return the margins ``[criterion, draw]`` in readings ``[row, draw]``, some parameters replaced."""
        found, values = [], values or {}
        for first in range(0, ranks.shape[1], BLOCK):
            part = slice(first, first + BLOCK)
            answer = self.probe.results(
                ranks[:, part],
                values={name: each[part] for name, each in values.items()},
                switches=switches,
                policies=self.policies,
            )
            found.append(np.stack([contest(answer, index) for index in self.criteria]))
        self.solved += ranks.shape[1]
        return np.concatenate(found, axis=1)

    def pushed(self, axis: Numbers, reading: Numbers, value: Values) -> Values:
        """Return the margins with one axis of each of some readings pushed.

        Parameters
        ----------
        axis, reading, value
            ``[push]``: which axis, of which reading, to which value.

        Returns
        -------
        ``[criterion, push]``
        """
        # In the order of the axes, few parameters are replaced in any one block.
        order = np.argsort(axis, kind="stable")
        found = np.empty((len(self.criteria), axis.size))
        for first in range(0, axis.size, BLOCK):
            part = order[first : first + BLOCK]
            ranks = self.ranks[:, reading[part]]
            values: dict[str, Values] = {}
            for number in np.unique(axis[part]).tolist():
                here, pushed = axis[part] == number, self.axes[number]
                if pushed.kind == "parameter":
                    values[pushed.name] = np.where(here, value[part], self.own[number][reading[part]])
                else:
                    table = ranks[:, here]
                    pushed.put(table, value[part][here])
                    ranks[:, here] = table
            found[:, part] = self.margins(ranks, values)
        return found


def questions(results: Results, probe: Evaluator, readings: int) -> Questions | None:
    """Return what can be asked about a run; None when nothing is compared or was left out.

    Parameters
    ----------
    results
        A run's tables.
    probe
        Solves the same scenario with the compared policies and those that a criterion names.
    readings
        How many of the run's readings are pushed.

    Raises
    ------
    FindingsError
        The probe does not solve a policy that is needed.
    """
    scenario, against = results.scenario, opponents(results)
    comparison = scenario.comparison
    if comparison is None or not against:
        return None
    roots = {index: each.expression.root for index, each in enumerate(comparison.by)}
    measured = [index for index, root in roots.items() if not left_out(scenario, root, results.policies)]
    if not measured:
        return None
    compared = (comparison.recommend, *against)
    named = [name for index in measured for name in left_out(scenario, roots[index], compared)]
    # In the order of the text: the first policy is the baseline.
    needed = {*compared, *named}
    policies = tuple(name for name in comparison.policies if name in needed)
    missing = [name for name in policies if name not in probe.policies]
    if missing:
        raise FindingsError(f"the probe does not solve the policy {missing[0]!r}")
    ranks = probe.ranks(readings)
    found = axes(scenario, probe.inputs)
    own = np.stack([each.values(probe, ranks) for each in found]) if found else np.empty((0, readings))
    return Questions(probe, scenario, tuple(measured), policies, against, found, ranks, own)
