"""The table of draws of a scenario.

What lives here: a design's points made into readings. What may not: distributions, designs, the story.
"""

from __future__ import annotations

from parley.draws.model import Draws
from parley.draws.points import points
from parley.draws.space import space
from parley.scenario.model import Scenario

__all__ = ["sample"]


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
    >>> from parley.scenario.model import Judgement, Parameter, Span
    >>> span = Span("a.md", 1, 1)
    >>> judged = Judgement("uniform", (1.0, 3.0), None, None, None, span)
    >>> cost = Parameter("cost", judged, None, None, None, (), (), None, None, span)
    >>> story = SimpleNamespace(parameters={"cost": cost}, payoffs={}, switches={}, together=(), overrides={})
    >>> draws = sample(story, 4096, seed=7)
    >>> draws.parameters, draws.values.shape, round(float(draws.values.mean()), 4)
    (('cost',), (1, 4096), 2.0)
    """
    readings = space(scenario)
    p = points(readings.dimensions, count, seed=seed, first=first, design=design)
    q = 1 - p
    readings.correlated(p, q)
    return readings.table(p, q, seed=seed, first=first)
