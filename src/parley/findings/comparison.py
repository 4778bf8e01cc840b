"""Policies beside each other: the verdict and the table of measures.

What lives here: which policies compete, what each criterion says, and the word for all of it. What may not:
claims, certificates, sentences.

Who competes: every policy that fixes at least one rule. A *free* policy (the player does as it likes) is
measured and shown, but it is a forecast rather than advice, so it competes only where the author made it
the baseline or the recommendation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.errors import FindingsError
from parley.findings.model import Answer, Measure, Pair, Spread, Verdict
from parley.findings.needs import left_out
from parley.findings.stated import label
from parley.findings.statistics import TIE, scale, share, side, spread, wins
from parley.scenario.model import Comparison, Criterion
from parley.study.results import Results

__all__ = [
    "Compared",
    "candidates",
    "compared",
    "contest",
    "label",
    "measures",
    "opponents",
    "overall",
    "solved",
    "verdict",
]

Values = NDArray[np.float64]  # [draw]
STRENGTH = ("fails", "open", "leans", "robust")


def candidates(comparison: Comparison, policies: tuple[str, ...]) -> tuple[str, ...]:
    """Return the policies that compete for being the best, out of those that were run.

    Parameters
    ----------
    comparison
        What the author compares.
    policies
        The policies of the run.
    """
    baseline = next(iter(comparison.policies))
    named = {baseline, comparison.recommend}
    return tuple(
        name
        for name, policy in comparison.policies.items()
        if name in policies and (policy.rules or name in named)
    )


def solved(results: Results, policy: str, values: Values) -> Values:
    """Return the values with NaN where they are infinite or the policy's game was not solved."""
    known = np.isfinite(values)
    if policy in results.proofs:
        known &= results.proofs[policy].status == 0
    return np.where(known, values, np.nan)


def opponents(results: Results, against: str | None = None) -> tuple[str, ...]:
    """Return whom the recommended policy is held against.

    Parameters
    ----------
    results
        A run's tables.
    against
        ``"baseline"``: the first policy; ``"rivals"``: all other candidates; None: the baseline, or the
        rivals where the recommendation is itself the baseline or the baseline was left out.

    Returns
    -------
    tuple of str
        Empty when nothing is compared, or the recommendation or all of those were left out.

    Examples
    --------
    >>> import parley
    >>> opponents(parley.run(parley.load("which-event-first"), draws=16, seed=7))
    ('status quo',)
    """
    comparison = results.scenario.comparison
    if comparison is None:
        return ()
    competing = candidates(comparison, results.policies)
    if comparison.recommend not in competing:
        return ()
    rivals = tuple(name for name in competing if name != comparison.recommend)
    first = next(iter(comparison.policies))
    if against == "rivals" or (against is None and first not in rivals):
        return rivals
    return (first,) if first in rivals else ()


def contest(results: Results, index: int, against: str | None = None) -> Values:
    """By how much the recommended policy does better, reading by reading.

    Parameters
    ----------
    results
        A run's tables, or answers of an :class:`parley.study.evaluator.Evaluator`.
    index
        Of the criterion, in the order of the text.
    against
        See :func:`opponents`; of several the best counts.

    Returns
    -------
    NDArray
        ``[draw]`` in the criterion's unit, positive where the recommendation is better (whichever side of
        the criterion is the good one), NaN where a value is undefined or not certified. 0 counts as a tie;
        differences within :data:`parley.findings.statistics.TIE` of the measure's size are 0.

    Raises
    ------
    FindingsError
        There is nobody to compare with, or the results hold no values of the criterion.

    Examples
    --------
    >>> import parley
    >>> results = parley.run(parley.load("which-event-first"), draws=16, seed=7)
    >>> bool((contest(results, 1) > 0).all())
    True
    """
    comparison, others = results.scenario.comparison, opponents(results, against)
    if comparison is None or not others:
        raise FindingsError("nothing to compare: the recommended policy and at least one other must be run")
    sign = 1.0 if comparison.by[index].higher else -1.0
    signed = sign * np.stack([_criterion(results, index, name) for name in (comparison.recommend, *others)])
    # A rival is undefined where any of the others is: the best of an unknown set is unknown.
    margin: Values = signed[0] - np.max(signed[1:], axis=0)
    return np.where(np.abs(margin) <= TIE * scale(signed), 0.0, margin)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The candidates' values by one criterion."""

    index: int  # of the criterion, in the order of the text
    criterion: Criterion
    label: str  # in words
    policies: tuple[str, ...]
    values: NDArray[np.float64]  # [policy, draw] more is better; NaN undefined or not certified


def compared(results: Results) -> tuple[Compared, ...] | None:
    """Return the candidates' values by each criterion, in the good direction.

    Parameters
    ----------
    results
        A run's tables.

    Returns
    -------
    tuple of Compared, or None
        Without the criteria that name a policy that was not run; None when fewer than two candidates were.

    Raises
    ------
    FindingsError
        A criterion of the scenario has no values in the results.

    Examples
    --------
    >>> import parley
    >>> found = compared(parley.run(parley.load("which-event-first"), draws=16, seed=7))
    >>> found[0].values.shape == (len(found[0].policies), 16)
    True
    """
    comparison = results.scenario.comparison
    if comparison is None:
        return None
    competing = candidates(comparison, results.policies)
    if len(competing) < 2:
        return None
    return tuple(
        Compared(
            index=index,
            criterion=criterion,
            label=label(results.scenario, criterion.expression, criterion.text),
            policies=competing,
            values=(1.0 if criterion.higher else -1.0)
            * np.stack([_criterion(results, index, policy) for policy in competing]),
        )
        for index, criterion in enumerate(comparison.by)
        if not left_out(results.scenario, criterion.expression.root, results.policies)
    )


def verdict(results: Results, *, sufficient: bool) -> Verdict | None:
    """Say whether the recommendation stands, criterion by criterion.

    Parameters
    ----------
    results
        A run's tables.
    sufficient
        Whether enough draws are certified; if not, the words are withheld and the numbers stay.

    Returns
    -------
    Verdict or None
        None when the scenario compares nothing, or when the run left out the recommended policy or all of
        its rivals, or a policy that each criterion names. A criterion that names a policy that was left out
        has no answer.

    Raises
    ------
    FindingsError
        A criterion of the scenario has no values in the results.
    """
    comparison = results.scenario.comparison
    if comparison is None or not comparison.by:
        return None
    competing = candidates(comparison, results.policies)
    if comparison.recommend not in competing or len(competing) < 2:
        return None
    first = next(iter(comparison.policies))
    baseline = first if first in competing else None
    answers = tuple(
        _answer(results, index, criterion, comparison.recommend, baseline, competing)
        for index, criterion in enumerate(comparison.by)
        if not left_out(results.scenario, criterion.expression.root, results.policies)
    )
    if not answers:
        return None
    best_word = overall([answer.best.word for answer in answers])
    against = [answer.against_baseline.word for answer in answers if answer.against_baseline is not None]
    return Verdict(
        player=comparison.player,
        recommended=comparison.recommend,
        baseline=baseline,
        candidates=competing,
        word=(overall(against) if against else best_word) if sufficient else "withheld",
        best_word=best_word if sufficient else "withheld",
        answers=answers,
    )


def overall(words: list[str]) -> str:
    """One word for several criteria: the weakest of those on one side, ``divided`` across sides.

    >>> overall(["robust", "leans"]), overall(["robust", "open"])
    ('leans', 'divided')
    """
    if len({side(word) for word in words}) > 1:
        return "divided"
    return min(words, key=STRENGTH.index)


def _answer(
    results: Results,
    index: int,
    criterion: Criterion,
    recommended: str,
    baseline: str | None,
    competing: tuple[str, ...],
) -> Answer:
    values = np.stack([_criterion(results, index, policy) for policy in competing])
    signed = values if criterion.higher else -values
    won, tied = wins(signed)
    row = competing.index(recommended)
    best = share(won[row], results.draw, _mean(tied & (won[row] > 0), where=np.isfinite(won[row])) or 0.0)
    best_share = {policy: _mean(won[i]) for i, policy in enumerate(competing)}
    others = [i for i in range(len(competing)) if i != row]
    # A rival is undefined where any of the others is: the best of an unknown set is unknown.
    over_rivals = signed[row] - np.max(signed[others], axis=0)
    margin_over_rivals = spread(_level(over_rivals, tied & (won[row] > 0)), results.draw, dots=True)
    pairs = {competing[i]: _pair(signed[[row, i]], results.draw) for i in others}
    first = pairs.get(baseline) if baseline is not None else None
    rival = max(others, key=lambda i: best_share[competing[i]] or 0.0)
    return Answer(
        criterion=label(results.scenario, criterion.expression, criterion.text),
        expression=criterion.expression.source,
        higher=criterion.higher,
        against_baseline=None if first is None else first.better,
        best=best,
        margin=None if first is None else first.margin,
        margin_over_rivals=margin_over_rivals,
        rival=competing[rival],
        rival_ties=tuple(
            name for i, name in enumerate(competing) if i != rival and _equal(signed[[i, rival]])
        ),
        best_share=best_share,
        pairs=pairs,
    )


def _pair(pair: Values, draw: NDArray[np.int64]) -> Pair:
    """Set the first of two policies beside the other."""
    beat, level = wins(pair)
    ties = _mean(level, where=np.isfinite(beat[0])) or 0.0
    margin = spread(_level(pair[0] - pair[1], level), draw, dots=True)
    return Pair(share(beat[0], draw, ties), margin)


def _level(margin: Values, tied: NDArray[np.bool_]) -> Values:
    """Return margins that are 0 where the compared are equal, whatever rounding left between them."""
    return np.where(tied, 0.0, margin)


def _equal(pair: Values) -> bool:
    """Whether two policies are equal wherever they can be compared."""
    won, tied = wins(pair)
    defined = np.isfinite(won[0])
    return bool(defined.any() and tied[defined].all())


def _mean(values: Values | NDArray[np.bool_], where: NDArray[np.bool_] | None = None) -> float | None:
    known = values[np.isfinite(values) if where is None else where]
    return float(known.mean()) if known.size else None


def _criterion(results: Results, index: int, policy: str) -> Values:
    if (index, policy) not in results.criteria:
        raise FindingsError(f"the results hold no values of criterion {index + 1} under policy {policy!r}")
    return solved(results, policy, results.criteria[index, policy])


def measures(results: Results) -> tuple[Measure, ...]:
    """Return the comparison table: every criterion and quantity under every policy that was run."""
    scenario = results.scenario
    found: list[Measure] = []
    if scenario.comparison is not None:
        competing = candidates(scenario.comparison, results.policies)
        for index, criterion in enumerate(scenario.comparison.by):
            found.append(_criterion_measure(results, index, criterion, competing))
    for name, quantity in scenario.quantities.items():
        needs = left_out(scenario, quantity.expression.root, results.policies)
        spreads = {
            policy: spread(solved(results, policy, results.quantities[of, policy]), results.draw)
            for of, policy in results.quantities  # a large run's columns are read when they are asked for
            if of == name and not needs
        }
        if spreads or needs:
            source = quantity.expression.source
            found.append(Measure(quantity.text or name, "quantity", source, None, needs, spreads, {}))
    return tuple(found)


def _criterion_measure(
    results: Results, index: int, criterion: Criterion, competing: tuple[str, ...]
) -> Measure:
    source = criterion.expression.source
    name = label(results.scenario, criterion.expression, criterion.text)
    needs = left_out(results.scenario, criterion.expression.root, results.policies)
    if needs:
        return Measure(name, "criterion", source, criterion.higher, needs, {}, {})
    values = {policy: _criterion(results, index, policy) for policy in results.policies}
    best: Mapping[str, float | None] = {}
    if len(competing) > 1:
        signed = np.stack([values[policy] for policy in competing]) * (1.0 if criterion.higher else -1.0)
        won, _ = wins(signed)
        best = {policy: _mean(won[i]) for i, policy in enumerate(competing)}
    spreads: dict[str, Spread] = {
        policy: spread(values[policy], results.draw, dots=True) for policy in results.policies
    }
    return Measure(name, "criterion", source, criterion.higher, (), spreads, best)
