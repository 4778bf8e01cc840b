"""The table of draws of a scenario.

What lives here: which dimension of the design belongs to what. What may not: distributions, designs.

Dimensions follow the text: one per parameter (a certain one too, so that a challenge which makes a number
certain leaves all others as they were), then per ranking one for each tier between best and worst, then one
per switch.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from parley.draws import rankings
from parley.draws.copula import correlate
from parley.draws.marginals import quantile
from parley.draws.model import Draws
from parley.draws.points import points
from parley.errors import DrawsError
from parley.scenario.model import Judgement, Parameter, Ranking, Scenario, Switch

__all__ = ["sample"]

_ROUNDING = 1e-6  # what shares written with a few decimals may miss of 1


def sample(scenario: Scenario, count: int, *, seed: int = 0, first: int = 0, design: str = "sobol") -> Draws:
    """Draw readings of a scenario's judgements.

    Draw n depends on the seed and n alone: any chunks of a table, put side by side, are the table, bit for
    bit.

    Parameters
    ----------
    scenario
        Its parameters, correlations, rankings and switches are drawn. An override by a judgement or an
        option replaces the scenario's own. A parameter overridden by an expression keeps the values of its
        own judgement here; the game computes the expression where the parameter is read.
    count, first
        Draws ``first`` to ``first + count - 1``; at most 2^28 of them in a design.
    seed
        From 0 to 2^64 - 1.
    design
        ``"sobol"``: 16 independently scrambled Sobol' sequences, draw n being row ``n // 16`` of sequence
        ``n % 16``; ``"random"``: independent draws.

    Returns
    -------
    Draws
        ``values[parameter, draw]`` in each parameter's own unit and ``choice[switch, draw]``, write-locked.

    Raises
    ------
    DrawsError
        When a judgement does not describe a distribution, correlations contradict one another, or an
        argument is out of its range.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from parley.scenario.model import Span
    >>> span = Span("a.md", 1, 1)
    >>> judged = Judgement("uniform", (1.0, 3.0), None, None, None, span)
    >>> cost = Parameter("cost", judged, None, None, None, (), (), None, None, span)
    >>> story = SimpleNamespace(parameters={"cost": cost}, payoffs={}, switches={}, together=(), overrides={})
    >>> draws = sample(story, 4096, seed=7)
    >>> draws.parameters, draws.values.shape, round(float(draws.values.mean()), 4)
    (('cost',), (1, 4096), 2.0)
    """
    ranked = _ranked(scenario)
    parameters = list(scenario.parameters.values())
    inner = [rankings.dimensions(ranking) for ranking in ranked.values()]
    dimensions = len(parameters) + sum(inner) + len(scenario.switches)
    p = points(dimensions, count, seed=seed, first=first, design=design)
    q = 1 - p
    correlate({parameter.name: row for row, parameter in enumerate(parameters)}, scenario.together, p, q)

    names = [parameter.name for parameter in parameters]
    rows = [
        quantile(parameter.name, _judgement(scenario, parameter), p[row], q[row])[np.newaxis]
        for row, parameter in enumerate(parameters)
    ]
    dimension = len(parameters)
    for (player, ranking), width in zip(ranked.items(), inner, strict=True):
        names.extend(rankings.names(player, ranking))
        rows.append(rankings.utilities(ranking, p[dimension : dimension + width]))
        dimension += width
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise DrawsError(f"'{twice[0]}' names two parameters: an outcome's utility bears that name too")

    choice = np.empty((len(scenario.switches), count), dtype=np.int16)
    for row, switch in enumerate(scenario.switches.values()):
        choice[row] = _option(scenario, switch, p[dimension + row])
    values = np.concatenate(rows) if rows else np.empty((0, count))
    values.flags.writeable = False
    choice.flags.writeable = False
    return Draws(
        parameters=tuple(names),
        values=values,
        switches=tuple(scenario.switches),
        choice=choice,
        seed=seed,
        first=first,
    )


def _ranked(scenario: Scenario) -> dict[str, Ranking]:
    """Rankings by player, in the order of the text."""
    return {
        player: payoff.ranking for player, payoff in scenario.payoffs.items() if payoff.ranking is not None
    }


def _judgement(scenario: Scenario, parameter: Parameter) -> Judgement:
    override = scenario.overrides.get(parameter.name)
    if override is not None and override.judgement is not None:
        return override.judgement
    return parameter.judgement


def _option(scenario: Scenario, switch: Switch, p: NDArray[np.float64]) -> NDArray[np.int16] | int:
    """Index of the option that each draw takes: the one set, one drawn by weight, or the default."""
    override = scenario.overrides.get(switch.name)
    label = switch.default if override is None or override.option is None else override.option
    if label not in switch.options:
        raise DrawsError(f"switch '{switch.name}' has no option '{label}'")
    if switch.weights is None or (override is not None and override.option is not None):
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
