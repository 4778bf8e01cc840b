"""Other equilibria: how many a search found, and whether the verdict survives in them.

What lives here: counts, and the verdict's shares with the worst and the best equilibrium for the
recommendation. What may not: the search, sentences.

The bounds are wide on purpose: reading by reading, every policy may be met by another equilibrium.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parley.findings.comparison import solved
from parley.findings.model import (
    Answer,
    Bounds,
    Certification,
    Multiplicity,
    PolicySearch,
    Survival,
    Verdict,
)
from parley.findings.statistics import number_or_none, share, wins
from parley.study.results import Found, Results, Search

__all__ = ["multiplicity"]

Values = NDArray[np.float64]


def multiplicity(
    results: Results, verdict: Verdict | None, certification: Certification
) -> Multiplicity | None:
    """Sum up the search for other equilibria; None when there was none.

    Parameters
    ----------
    results
        A run's tables.
    verdict, certification
        What was made of them.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load(parley.catalog.template())
    >>> findings = parley.assess(parley.run(scenario, draws=16, seed=7, starts=8))
    >>> findings.multiplicity.games, findings.multiplicity.several
    (32, 0)
    """
    search = results.search
    if search is None:
        return None
    policies = tuple(_policy(policy, search, found) for policy, found in search.found.items())
    criteria: tuple[Survival, ...] = ()
    if verdict is not None:
        criteria = tuple(_survival(results, search, verdict, answer) for answer in verdict.answers)
    judged = bool(criteria) and certification.sufficient
    return Multiplicity(
        starts=results.provenance.starts,
        draws=len(search.draw),
        games=sum(each.games for each in policies),
        several=sum(each.several for each in policies),
        most=max(each.most for each in policies),
        missed=sum(each.missed for each in policies),
        twins=sum(each.twins for each in policies),
        accidents=sum(each.accidents for each in policies),
        survives=all(_same(each) for each in criteria) if judged else None,
        policies=policies,
        criteria=criteria,
    )


def _policy(policy: str, search: Search, found: Found) -> PolicySearch:
    at = np.searchsorted(search.draw, found.draw)
    games = len(search.draw)
    count = np.bincount(at, minlength=games)
    index = np.bincount(at, weights=found.sign, minlength=games)
    mirrored = np.bincount(at, weights=found.twin, minlength=games)
    accidents = np.bincount(at, weights=found.twin & found.principal, minlength=games)
    return PolicySearch(
        policy=policy,
        games=games,
        several=int(np.count_nonzero(count > 1)),
        most=int(count.max(initial=0)),
        missed=int(np.count_nonzero((index != 1) & (count > 0))),
        twins=int(np.count_nonzero(mirrored)),
        accidents=int(np.count_nonzero(accidents)),
        none=int(np.count_nonzero(count == 0)),
        largest_residual=number_or_none(float(found.residual.max())) if found.residual.size else None,
    )


def _survival(results: Results, search: Search, verdict: Verdict, answer: Answer) -> Survival:
    comparison = results.scenario.comparison
    assert comparison is not None
    index, criterion = next(
        (number, each)
        for number, each in enumerate(comparison.by)
        if (each.expression.source, each.higher) == (answer.expression, answer.higher)
    )
    ranges = {
        policy: _range(results, search, index, policy, 1.0 if criterion.higher else -1.0)
        for policy in verdict.candidates
    }
    against = None
    if verdict.baseline is not None and answer.against_baseline is not None:
        against = _bounds(search, ranges, verdict.recommended, (verdict.baseline,))
    rivals = tuple(name for name in verdict.candidates if name != verdict.recommended)
    return Survival(
        answer.criterion, answer.expression, against, _bounds(search, ranges, verdict.recommended, rivals)
    )


def _range(results: Results, search: Search, index: int, policy: str, sign: float) -> Values:
    """Return ``[played / lowest / highest, searched]`` of a criterion that is better when higher."""
    row = np.searchsorted(results.draw, search.draw)
    played = sign * solved(results, policy, results.criteria[index, policy])[row]
    known = np.isfinite(played)
    found = search.found[policy]
    at = np.searchsorted(search.draw, found.draw)
    values = sign * found.criteria[index]
    low, high = np.where(known, played, np.inf), np.where(known, played, -np.inf)
    # minimum and maximum keep what is no number: where any equilibrium leaves it undefined, so is the bound
    np.minimum.at(low, at, values)
    np.maximum.at(high, at, values)
    return np.stack(
        [played, np.where(np.isfinite(low), low, np.nan), np.where(np.isfinite(high), high, np.nan)]
    )


def _bounds(search: Search, ranges: dict[str, Values], recommended: str, rivals: tuple[str, ...]) -> Bounds:
    played, low, high = 0, 1, 2
    won = [
        wins(np.stack([ranges[recommended][own], *(ranges[name][theirs] for name in rivals)]))
        for own, theirs in ((played, played), (low, high), (high, low))
    ]
    shares = []
    for values, tied in won:
        defined = np.isfinite(values[0])
        ties = float((tied & (values[0] > 0))[defined].mean()) if defined.any() else 0.0
        shares.append(share(values[0], search.draw, ties))
    worst, best = won[1][0][0], won[2][0][0]
    differ = ~(worst == best) & ~(np.isnan(worst) & np.isnan(best))
    return Bounds(shares[0], shares[1], shares[2], int(np.count_nonzero(differ)))


def _same(criterion: Survival) -> bool:
    """Whether the words are the same whichever equilibrium is played."""
    bounds = [each for each in (criterion.against_baseline, criterion.best) if each is not None]
    return all(len({each.played.word, each.worst.word, each.best.word}) == 1 for each in bounds)
