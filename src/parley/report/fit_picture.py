"""Profile likelihoods as pictures: how much of the fit is lost when one estimate is held elsewhere.

What lives here: the chart of one parameter. What may not: how charts are drawn, how profiles are computed.
"""

from __future__ import annotations

from parley.findings.judgements import number
from parley.report import words
from parley.report.fit import interval
from parley.report.pictures import Line, LineChart, Mark, Panel
from parley.study.fit_model import Estimated, Fit

__all__ = ["profile_chart"]

DIGITS = 4


def profile_chart(found: Fit, each: Estimated) -> LineChart:
    """Return the chart of one parameter's profile likelihood, with its estimate and interval marked.

    Parameters
    ----------
    found
        What :func:`parley.study.fit` returned, with ``curve`` points asked for.
    each
        One of its estimates.

    Raises
    ------
    ValueError
        The estimate has no curve.

    Examples
    --------
    >>> import parley
    >>> from parley.study import fit
    >>> scenario = parley.load("mckelvey-palfrey-1992/centipede-four")
    >>> plays = {"outcome": ["taken at 1", "taken at 2", "taken at 4"], "count": [5, 9, 1]}
    >>> found = fit(scenario, plays, ["lambda"], curve=9)
    >>> chart = profile_chart(found, found.estimates[0])
    >>> len(chart.xs), max(chart.panels[0].lines[0].values) <= 0
    (9, True)
    """
    name = words.clean(each.name)
    confidence = f"{number(100 * found.confidence)}%"
    ends = [end for end in (each.profile.low, each.profile.high) if end is not None]
    marks = (
        Mark(each.value, f"estimate {number(each.value, DIGITS)}"),
        *(Mark(end, number(end, DIGITS)) for end in ends),
    )
    xs = tuple(point.value for point in each.curve)
    curve = Line("the data", tuple(point.drop for point in each.curve))
    level = Line(f"{confidence} level", (-found.level / 2,) * len(xs))
    unit = f" ({words.clean(each.unit)})" if each.unit else ""
    said = f"{confidence} interval: {interval(each.profile)}"
    return LineChart(
        title=f"What the data say of {name}",
        x_title=f"{name}{unit}",
        xs=xs,
        panels=(
            Panel(
                "log-likelihood lost, every other estimate chosen anew",
                (curve, level),
                marks=marks,
                ceiling=0.0,
            ),
        ),
        notes=(f"{said}. Values where the curve lies above the level are not ruled out by the data.",),
        description=(
            f"The profile log-likelihood of {name}, highest at {number(each.value, DIGITS)}. It falls below "
            f"the {confidence} level outside the interval. {said}."
        ),
    )
