"""Policies under deep uncertainty: eleven robustness metrics, and which policy each prefers.

What lives here: the metrics of McPhail, Maier, Kwakkel, Giuliani, Castelletti & Westra (2018, *Earth's
Future* 6, 169-191) as three transformations each, applied to every criterion. What may not: sentences, games.

A metric is T3 of T2 of T1. T1 turns performance into what counts (the value itself, regret from the best
policy in the reading, deviation from the policy's own median, whether a threshold is met); T2 picks readings
(worst, best, both, all, the worse half, percentiles); T3 makes one number of them. After T1 more is better:
where less of a criterion is better its sign is turned, and regret is negative.

======================  ==================  ==============  ===========================================
metric                  T1                  T2              T3
======================  ==================  ==============  ===========================================
maximin                 value               worst           identity
maximax                 value               best            identity
hurwicz                 value               worst and best  0.5 worst + 0.5 best
laplace                 value               all             mean
minimax regret          regret from best    worst           identity
90th percentile regret  regret from best    90th percentile  identity
mean-variance           value               all             (mean + 1) / (standard deviation + 1)
undesirable deviations  regret from median  worse half      mean
percentile skewness     value               10, 50, 90 %    (q50 - (q10 + q90) / 2) / ((q90 - q10) / 2)
percentile peakedness   value               10, 25, 75, 90 %  (q90 - q10) / (q75 - q25)
starr                   value >= threshold  all             mean
======================  ==================  ==============  ===========================================

Details that the article leaves open follow its first author's own software, RAPID (McPhail et al. 2021,
*Environmental Modelling & Software* 143, 105059): percentiles are readings (the nearest, halves to even), the
standard deviation is the sample's, undesirable deviations are summed and divided by their number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from parley.findings.comparison import Compared, compared
from parley.findings.policy_model import Metric, Robustness
from parley.findings.statistics import REPLICATES, TIE, number_or_none, scale
from parley.study.results import Results

__all__ = ["METRICS", "metric_scores", "robustness"]

Values = NDArray[np.float64]

OPTIMISM = 0.5  # Hurwicz: weight of the best reading
KINDS = {
    "maximin": "value",
    "maximax": "value",
    "hurwicz": "value",
    "laplace": "value",
    "minimax regret": "regret",
    "90th percentile regret": "regret",
    "mean-variance": "ratio",
    "undesirable deviations": "regret",
    "percentile skewness": "ratio",
    "percentile peakedness": "ratio",
    "starr": "share",
}
METRICS = tuple(KINDS)


def metric_scores(values: Values, threshold: float, noise: float = 0.0) -> dict[str, Values]:
    """Return the score of every policy by every metric.

    Parameters
    ----------
    values
        ``[policy, draw]`` finite, more is better.
    threshold
        What Starr's domain criterion calls good enough.
    noise
        Differences up to this are none: a value within it of the threshold meets it, and a spread no
        wider has no shape.

    Returns
    -------
    dict of NDArray
        By name, ``[policy]``; NaN where a metric is undefined: the shape of what has no spread, the standard
        deviation of one reading.

    Examples
    --------
    Three readings of two policies:

    >>> import numpy as np
    >>> table = np.array([[0.99, 1.0, 0.5], [0.69, 0.6, 0.6]])
    >>> scores = metric_scores(table, threshold=0.65)
    >>> scores["maximin"].tolist(), scores["minimax regret"].round(9).tolist()
    ([0.5, 0.6], [-0.1, -0.4])
    >>> scores["starr"].round(3).tolist()
    [0.667, 0.333]
    """
    ordered = np.sort(values, axis=1)
    regret = np.sort(values - values.max(axis=0), axis=1)
    worst, best, mean = ordered[:, 0], ordered[:, -1], values.mean(axis=1)
    q10, q25, q50, q75, q90 = (_percentile(ordered, share) for share in (0.1, 0.25, 0.5, 0.75, 0.9))
    return {
        "maximin": worst,
        "maximax": best,
        "hurwicz": (1.0 - OPTIMISM) * worst + OPTIMISM * best,
        "laplace": mean,
        "minimax regret": regret[:, 0],
        # The regret that is exceeded in one reading of ten; regret is negative here.
        "90th percentile regret": _percentile(regret, 0.1),
        "mean-variance": _mean_variance(values, mean),
        "undesirable deviations": _undesirable(ordered),
        "percentile skewness": _ratio(q50 - 0.5 * (q10 + q90), 0.5 * (q90 - q10), noise),
        "percentile peakedness": _ratio(q90 - q10, q75 - q25, noise),
        "starr": np.mean(values >= threshold - noise, axis=1),
    }


def _percentile(ordered: Values, share: float) -> Values:
    """Return the reading nearest to a percentile, ``[policy]``, of values in ascending order."""
    found: Values = ordered[:, int(np.rint(share * (ordered.shape[1] - 1)))]
    return found


def _ratio(above: Values, below: Values, noise: float) -> Values:
    """Divide; NaN where the divisor is nothing but noise."""
    spread = below > noise
    found: Values = np.where(spread, above / np.where(spread, below, 1.0), np.nan)
    return found


def _mean_variance(values: Values, mean: Values) -> Values:
    if values.shape[1] < 2:
        return np.full(len(values), np.nan)
    found: Values = (mean + 1.0) / (_deviation(values, mean) + 1.0)
    return found


def _deviation(values: Values, mean: Values) -> Values:
    """Return the sample standard deviation ``[policy]``; squares of huge values do not overflow."""
    rest = values - mean[:, np.newaxis]
    size = np.maximum(np.abs(rest).max(axis=1), np.finfo(np.float64).tiny)[:, np.newaxis]
    found: Values = size[:, 0] * np.sqrt(((rest / size) ** 2).sum(axis=1) / (values.shape[1] - 1))
    return found


def _undesirable(ordered: Values) -> Values:
    """Return the mean deviation of the worse half (a middle reading belongs to it) from the median."""
    half = ordered[:, : (ordered.shape[1] + 1) // 2]
    found: Values = half.mean(axis=1) - np.median(ordered, axis=1)
    return found


def robustness(
    results: Results, thresholds: Mapping[int, float] | None = None
) -> tuple[Robustness, ...] | None:
    """Score the candidates by eleven robustness metrics under every criterion.

    Parameters
    ----------
    results
        A run's tables.
    thresholds
        What Starr's domain criterion calls good enough, by number of the criterion in the text and in its
        unit. By default: the middle reading (the median) of the first candidate, which is the baseline where
        it was run.

    Returns
    -------
    tuple of Robustness, or None
        One for each criterion that this run measured; None when fewer than two candidates were run.

    Raises
    ------
    FindingsError
        A criterion of the scenario has no values in the results.

    Examples
    --------
    >>> import parley
    >>> results = parley.run(parley.load(parley.catalog.template()), draws=64, seed=7)
    >>> found = robustness(results)[0]
    >>> [metric.name for metric in found.metrics if metric.preferred != ("accept",)]
    ['percentile skewness', 'percentile peakedness']
    """
    found = compared(results)
    if found is None:
        return None
    return tuple(_scored(results, each, (thresholds or {}).get(each.index)) for each in found)


def _scored(results: Results, of: Compared, threshold: float | None) -> Robustness:
    defined = np.isfinite(of.values).all(axis=0)
    values = of.values[:, defined]
    sign = 1.0 if of.criterion.higher else -1.0
    metrics: tuple[Metric, ...] = ()
    level, given = threshold, threshold is not None
    if values.shape[1]:
        noise = TIE * float(np.median(scale(values)))
        if level is None:
            level = sign * float(_percentile(np.sort(values, axis=1), 0.5)[0])
        score = _scorer(sign * level, noise)
        replicate = results.draw[defined] % REPLICATES
        metrics = _metrics(of.policies, score, values, replicate, noise)
    return Robustness(
        criterion=of.label,
        expression=of.criterion.expression.source,
        higher=of.criterion.higher,
        candidates=of.policies,
        defined=values.shape[1],
        undefined=int(defined.size) - values.shape[1],
        threshold=None if level is None else number_or_none(level),
        threshold_of=None if given or level is None else of.policies[0],
        metrics=metrics,
    )


def _scorer(threshold: float, noise: float) -> Callable[[Values], dict[str, Values]]:
    return lambda values: metric_scores(values, threshold, noise)


def _metrics(
    policies: tuple[str, ...],
    score: Callable[[Values], dict[str, Values]],
    values: Values,
    replicate: NDArray[np.int64],
    noise: float,
) -> tuple[Metric, ...]:
    whole = score(values)
    preferred = {name: _preferred(name, whole[name], noise) for name in METRICS}
    agree, count = dict.fromkeys(METRICS, 0), 0
    for number in range(REPLICATES):
        members = replicate == number
        if not members.any():
            continue
        count += 1
        part = score(values[:, members])
        for name in METRICS:
            agree[name] += preferred[name] == _preferred(name, part[name], noise)
    return tuple(
        Metric(
            name=name,
            kind=KINDS[name],
            scores={policy: number_or_none(x) for policy, x in zip(policies, whole[name], strict=True)},
            preferred=tuple(policies[i] for i in preferred[name]),
            agree=agree[name],
            replicates=count,
        )
        for name in METRICS
    )


def _preferred(name: str, scores: Values, noise: float) -> tuple[int, ...]:
    """Return the rows with the highest score; none when one is undefined: the best is unknown then."""
    if not np.isfinite(scores).all():
        return ()
    best = float(scores.max())
    slack = noise if KINDS[name] in ("value", "regret") else TIE * max(1.0, abs(best))
    return tuple(int(i) for i in np.flatnonzero(scores >= best - slack))
