"""Policies by several criteria at once: which are dominated.

What lives here: dominance by means and reading by reading. What may not: weights between criteria (nobody
stated any), sentences.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parley.findings.comparison import compared
from parley.findings.policy_model import Dominance, Pareto
from parley.findings.statistics import TIE, number_or_none, scale, share
from parley.study.results import Results

__all__ = ["dominates", "pareto"]

Values = NDArray[np.float64]


def dominates(one: Values, other: Values, noise: Values) -> NDArray[np.bool_]:
    """Say where one policy is at least as good by every criterion and better by one.

    Parameters
    ----------
    one, other
        ``[criterion, ...]`` values, more is better.
    noise
        ``[criterion, ...]`` differences up to this are none.

    Examples
    --------
    >>> import numpy as np
    >>> a, b = np.array([[1.0, 2.0], [0.0, 0.0]]), np.array([[1.0, 1.0], [0.0, 0.5]])
    >>> dominates(a, b, np.zeros((2, 1))).tolist(), dominates(b, a, np.zeros((2, 1))).tolist()
    ([False, False], [False, False])
    >>> dominates(a, a - 1, np.zeros((2, 1))).tolist()
    [True, True]
    """
    difference = one - other
    found: NDArray[np.bool_] = np.all(difference >= -noise, axis=0) & np.any(difference > noise, axis=0)
    return found


def pareto(results: Results) -> Pareto | None:
    """Compare the candidates by all criteria at once.

    Parameters
    ----------
    results
        A run's tables.

    Returns
    -------
    Pareto or None
        None when fewer than two candidates were run or fewer than two criteria measured.

    Raises
    ------
    FindingsError
        A criterion of the scenario has no values in the results.

    Examples
    --------
    >>> import parley
    >>> found = pareto(parley.run(parley.load("which-event-first"), draws=64, seed=7))
    >>> "short list" in found.frontier
    True
    """
    found = compared(results)
    if found is None or len(found) < 2:
        return None
    policies = found[0].policies
    values = np.stack([each.values for each in found], axis=1)  # [policy, criterion, draw]
    defined = np.isfinite(values).all(axis=(0, 1))
    values = values[:, :, defined]
    sign = np.array([1.0 if each.criterion.higher else -1.0 for each in found])
    known = bool(values.shape[2])
    if known:
        noise = TIE * np.stack([scale(values[:, i]) for i in range(len(found))])
        mean = values.mean(axis=2)
        slack = np.median(noise, axis=1)
    rows = []
    for row, policy in enumerate(policies):
        others = [i for i in range(len(policies)) if i != row]
        beaten = {i: dominates(values[i], values[row], noise) for i in others} if known else {}
        any_other = np.full(defined.size, np.nan)
        if known:
            any_other[defined] = np.any(list(beaten.values()), axis=0)
        over = share(any_other, results.draw)
        rows.append(
            Dominance(
                policy=policy,
                means=tuple(number_or_none(x) for x in sign * mean[row]) if known else (None,) * len(found),
                dominated_by=tuple(
                    policies[i] for i in others if known and dominates(mean[i], mean[row], slack)
                ),
                dominated=over.share,
                error=over.error,
                by={policies[i]: float(beaten[i].mean()) if known else None for i in others},
            )
        )
    return Pareto(
        criteria=tuple(each.label for each in found),
        higher=tuple(each.criterion.higher for each in found),
        defined=int(values.shape[2]),
        undefined=int(defined.size - values.shape[2]),
        frontier=tuple(each.policy for each in rows if known and not each.dominated_by),
        candidates=tuple(rows),
    )
