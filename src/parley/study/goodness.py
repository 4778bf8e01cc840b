"""Observed against fitted frequencies, and the likelihood-ratio test against a saturated model.

What lives here: counts expected, G2. What may not: the search for the estimates.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from parley.study.fit_model import Cell, Goodness
from parley.study.likelihood import Likelihood, text_of
from parley.study.plays import OUTCOME, Pattern, Plays

__all__ = ["goodness", "unobserved"]

Values = NDArray[np.float64]

LEFT = 1e-6  # a chance below this is no cell: rounding, or nothing that a study would ever see
FEW = 5.0  # plays expected in a cell below which chi squared is rough
ENOUGH = 20.0  # plays per setting that a test asks for: with fewer there is no saturated model to speak of
ELSE = "anything else"


def unobserved(outcomes: tuple[str, ...], plays: Plays) -> list[Pattern]:
    """Return the outcomes to ask for beside what was observed: all, where nothing but endings was.

    Examples
    --------
    >>> from parley.study.plays import Plays
    >>> unobserved(("war", "peace"), Plays("", ((("outcome", "war"),),), (), (), ("outcome",), (), (), 0))
    [(('outcome', 'peace'),)]
    """
    if plays.columns != (OUTCOME,):
        return []
    return [pattern for name in outcomes if (pattern := ((OUTCOME, name),)) not in plays.patterns]


def goodness(asked: Likelihood, pattern: Values, estimated: int) -> Goodness:
    """Compare what was observed with what the fitted scenario expects.

    Parameters
    ----------
    asked
        The likelihood, for its plays and patterns.
    pattern
        ``[pattern, setting]`` chances at the estimates.
    estimated
        Number of parameters estimated.

    Returns
    -------
    Goodness
        ``deviance`` is G2 = 2 sum n log(n / (N p)) over the cells of every setting (Agresti, *Categorical
        Data Analysis*, 2013, section 1.5), with the number of cells less one, over settings, less the number
        of estimates as degrees of freedom.

    Examples
    --------
    >>> import numpy as np, parley
    >>> from parley.study.plays import read_plays
    >>> scenario = parley.load("which-event-first")
    >>> plays = read_plays(scenario, {"posture": ["as usual", "pause", "short list"], "count": [30, 50, 20]})
    >>> found = goodness(Likelihood(scenario, plays, ["B"]), np.full((3, 1), 1 / 3), 0)
    >>> round(found.deviance, 3), found.freedom
    (13.792, 2)
    """
    settings = pattern.shape[1]
    observed = np.zeros(pattern.shape)
    np.add.at(observed, (asked.pattern, asked.setting), asked.count)
    size = observed.sum(axis=0)
    rest = np.maximum(1.0 - pattern.sum(axis=0), 0.0)
    labels = [text_of(each) for each in asked.patterns]
    exclusive = _exclusive(asked.patterns)
    if exclusive and np.any(rest > LEFT):
        labels = [*labels, ELSE]
        observed, pattern = np.vstack([observed, np.zeros(settings)]), np.vstack([pattern, rest])
    cells = tuple(
        Cell(label, float(observed[row].sum()), float(size @ pattern[row]))
        for row, label in enumerate(labels)
    )
    expected = size * pattern
    possible = pattern > LEFT
    freedom = int(np.sum(np.maximum(possible.sum(axis=0) - 1, 0))) - estimated
    without = _without(exclusive, float(size.mean()), settings, freedom)
    if without is not None:
        return Goodness(cells, None, None, None, 0, without)
    told = observed > 0
    deviance = 2.0 * float(np.sum(observed[told] * np.log(observed[told] / expected[told])))
    sparse = int(np.sum(possible & (expected < FEW)))
    return Goodness(cells, deviance, freedom, _tail(deviance, freedom), sparse, None)


def _exclusive(patterns: tuple[Pattern, ...]) -> bool:
    same = len({tuple(name for name, _ in pattern) for pattern in patterns}) == 1
    return same or all(_exclude(a, b) for a, b in combinations(patterns, 2))


def _exclude(one: Pattern, other: Pattern) -> bool:
    """Whether two patterns cannot both be true of a play: something observed in both differs."""
    first, second = dict(one), dict(other)
    return any(first[name] != second[name] for name in first.keys() & second.keys())


def _without(exclusive: bool, plays: float, settings: int, freedom: int) -> str | None:
    if not exclusive:
        return "rows tell of different things, and several can be true of the same play"
    if plays < ENOUGH:
        each = "" if settings == 1 else f" in each of the {settings:,} settings, on average,"
        return f"{plays:.3g} plays{each} are too few to compare shares"
    if freedom < 1:
        return "there are as many estimates as shares: the fit could not be any worse"
    return None


def _tail(deviance: float, freedom: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(freedom, max(deviance, 0.0)))
