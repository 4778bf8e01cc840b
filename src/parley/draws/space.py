"""The space of readings: where every uncertain thing stands in its own judgement.

What lives here: the inputs of a scenario, their ranks, ranks redrawn given others, and the way from ranks to
values. What may not: designs of points, the story, the game.

A *rank* is the share of a judgement that lies below a value, strictly inside (0, 1). Ranks are uniform one
by one; judgements that are stated together correlate them (Gaussian copula). A *row* is one rank: a
parameter has one, a ranking one per tier between best and worst, a switch one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.draws import rankings
from parley.draws.copula import Copula, copula
from parley.draws.marginals import quantile
from parley.draws.model import Draws
from parley.errors import DrawsError
from parley.scenario.model import Judgement, Parameter, Ranking, Scenario, Switch

__all__ = ["Input", "Space", "space"]

_ROUNDING = 1e-6  # what shares written with a few decimals may miss of 1
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Input:
    """Something uncertain.

    ``kind`` is ``parameter``, ``ranking`` or ``switch``. ``rows`` are its rows of the table of ranks.
    ``together`` names the other inputs whose judgements hang together with this one's, directly or through
    others; empty when it is independent of all.
    """

    name: str
    kind: str
    rows: tuple[int, ...]
    together: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """The space of readings of one scenario; see :func:`space`.

    ``inputs`` lists what is uncertain: no certain number, no number that an expression replaces, no switch
    that simply is at its default. ``dimensions`` counts all rows, those of certain numbers too.
    """

    scenario: Scenario
    dimensions: int
    inputs: tuple[Input, ...]
    copula: Copula
    _ranked: Mapping[str, Ranking]

    def correlated(self, p: Array, q: Array) -> None:
        """Turn independent points ``[row, draw]`` and their complements into ranks, in place."""
        self.copula.correlate(p, q)

    def mixed(self, ranks: Array, fresh: Array, keep: Collection[str]) -> Array:
        """Keep the ranks of some inputs and draw all others anew, given those.

        Parameters
        ----------
        ranks, fresh
            ``[row, draw]`` two independent tables of ranks of this space.
        keep
            Names of inputs.

        Returns
        -------
        ``[row, draw]`` ranks of the same law as either table. For independent inputs that is a swap of rows;
        where judgements hang together, the rest is drawn from its distribution given the kept ones.

        Raises
        ------
        DrawsError
            When a name is not that of an input.
        """
        rows = [row for name in keep for row in self.named(name).rows]
        mixed = fresh.copy()
        mixed[rows] = ranks[rows]
        self.copula.condition(mixed, fresh, frozenset(rows))
        return mixed

    def correlation(self) -> Array:
        """Return the correlation of the rows' normal scores, ``[row, row]``."""
        matrix = np.eye(self.dimensions)
        for group in self.copula.groups:
            matrix[np.ix_(group.places, group.places)] = group.root @ group.root.T
        return matrix

    def named(self, name: str) -> Input:
        """Return the input of a name; raises DrawsError when there is none."""
        for each in self.inputs:
            if each.name == name:
                return each
        raise DrawsError(f"'{name}' is not uncertain here: it has no rank")

    def values(self, name: str, ranks: Array) -> Array:
        """Return the values of a parameter at its ranks, ``[draw]``, in its own unit.

        Parameters
        ----------
        name
            Of a parameter.
        ranks
            ``[draw]`` inside (0, 1): of this parameter alone.

        Raises
        ------
        DrawsError
            There is no such parameter, or its judgement describes no distribution.
        """
        if name not in self.scenario.parameters:
            raise DrawsError(f"'{name}' is not a parameter: it has no values")
        judgement = _judgement(self.scenario, self.scenario.parameters[name])
        return quantile(name, judgement, ranks, 1 - ranks)

    def table(self, p: Array, q: Array, *, seed: int, first: int) -> Draws:
        """Return the table of draws at some ranks.

        Parameters
        ----------
        p, q
            ``[row, draw]`` ranks and their complements.
        seed, first
            For the record.

        Raises
        ------
        DrawsError
            When a judgement does not describe a distribution, or a name stands for two numbers.
        """
        scenario = self.scenario
        parameters = list(scenario.parameters.values())
        names = [parameter.name for parameter in parameters]
        rows = [
            quantile(parameter.name, _judgement(scenario, parameter), p[row], q[row])[np.newaxis]
            for row, parameter in enumerate(parameters)
        ]
        row = len(parameters)
        for player, ranking in self._ranked.items():
            width = rankings.dimensions(ranking)
            names.extend(rankings.names(player, ranking))
            rows.append(rankings.utilities(ranking, p[row : row + width]))
            row += width
        twice = [name for name, times in Counter(names).items() if times > 1]
        if twice:
            raise DrawsError(f"'{twice[0]}' names two parameters: an outcome's utility bears that name too")
        choice = np.empty((len(scenario.switches), p.shape[1]), dtype=np.int16)
        for number, switch in enumerate(scenario.switches.values()):
            choice[number] = _option(scenario, switch, p[row + number])
        values = np.concatenate(rows) if rows else np.empty((0, p.shape[1]))
        values.flags.writeable = False
        choice.flags.writeable = False
        return Draws(tuple(names), values, tuple(scenario.switches), choice, seed, first)


def space(scenario: Scenario) -> Space:
    """Return the space of readings of a scenario.

    Rows follow the text: one per parameter (a certain one too, so that a challenge which makes a number
    certain leaves all others as they were), then per ranking one for each tier between best and worst, then
    one per switch.

    Raises
    ------
    DrawsError
        When correlations contradict one another.

    Examples
    --------
    >>> import parley
    >>> readings = space(parley.load("which-event-first"))
    >>> [each.name for each in readings.inputs][:3], readings.dimensions
    (['sigma_other', 'sigma_senior', 'q_other'], 14)
    """
    rows = {name: row for row, name in enumerate(scenario.parameters)}
    joined = copula(rows, scenario.together)
    uncertain = {name for name, parameter in scenario.parameters.items() if _uncertain(scenario, parameter)}
    inputs = [
        Input(name, "parameter", (row,), tuple(n for n in joined.partners(name) if n in uncertain))
        for name, row in rows.items()
        if name in uncertain
    ]
    ranked = {
        player: payoff.ranking for player, payoff in scenario.payoffs.items() if payoff.ranking is not None
    }
    row = len(rows)
    for player, ranking in ranked.items():
        width = rankings.dimensions(ranking)
        if width:
            inputs.append(Input(f"ranking of {player}", "ranking", tuple(range(row, row + width)), ()))
        row += width
    for switch in scenario.switches.values():
        if switch.weights is not None and _set(scenario, switch) is None:
            inputs.append(Input(switch.name, "switch", (row,), ()))
        row += 1
    return Space(scenario, row, tuple(inputs), joined, ranked)


def _judgement(scenario: Scenario, parameter: Parameter) -> Judgement:
    override = scenario.overrides.get(parameter.name)
    if override is not None and override.judgement is not None:
        return override.judgement
    return parameter.judgement


def _uncertain(scenario: Scenario, parameter: Parameter) -> bool:
    override = scenario.overrides.get(parameter.name)
    if override is not None and override.expression is not None:
        return False
    return _judgement(scenario, parameter).shape != "fixed"


def _set(scenario: Scenario, switch: Switch) -> str | None:
    override = scenario.overrides.get(switch.name)
    return None if override is None else override.option


def _option(scenario: Scenario, switch: Switch, p: Array) -> NDArray[np.int16] | int:
    """Index of the option that each draw takes: the one set, one drawn by weight, or the default."""
    put = _set(scenario, switch)
    label = switch.default if put is None else put
    if label not in switch.options:
        raise DrawsError(f"switch '{switch.name}' has no option '{label}'")
    if switch.weights is None or put is not None:
        return switch.options.index(label)
    weights = np.array(switch.weights)
    if (
        weights.shape != (len(switch.options),)
        or not (weights >= 0).all()
        or abs(weights.sum() - 1) > _ROUNDING
    ):
        raise DrawsError(f"switch '{switch.name}' needs one weight per option, at least 0, that sum to 1")
    reached = np.cumsum(weights)
    # The last option that can happen closes the scale, whatever the rounding of the sum.
    reached[np.flatnonzero(weights)[-1] :] = 1
    return np.searchsorted(reached, p).astype(np.int16)
