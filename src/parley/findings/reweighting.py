"""Readings weighted by history: what the cases say about the assumptions, and about the conclusion.

What lives here: likelihoods of readings, and the verdict, claims and assumptions before and after. What may
not: solving, scores, sentences.

Each reading is weighted by the chance that it gives to all cases together (importance weights: the readings
are drawn from the judgements, the weights are the likelihood, so weighted readings are drawn from the
posterior; Geweke, *Econometrica* 57, 1989). The cases count as independent given the reading: one and the
same set of numbers holds in all of them, and nothing else ties them together. A clock of rate r that rang
at t contributes its density r exp(-r t), one that had not rung by t exp(-r t).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from parley.findings.comparison import contest, label, opponents
from parley.findings.history_model import (
    AssumptionShift,
    ClaimShift,
    CriterionShift,
    Quantiles,
    Reweighting,
)
from parley.findings.needs import left_out
from parley.findings.weights import change, effective, mean, quantiles, weighted_share
from parley.study.cases import CaseTable
from parley.study.results import Results

__all__ = ["SCARCE", "THIN", "likelihood", "reweighting", "weigh"]

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]

SCARCE = 160  # effective readings: ten for each replicate of the design
THIN = 0.05  # or this share of the readings
_AT = (0.05, 0.5, 0.95)


def likelihood(table: CaseTable) -> Values:
    """Return the natural logarithm of the chance (or density) of what happened, ``[draw]``.

    Minus infinity where it is impossible, NaN where it is undefined.

    Examples
    --------
    >>> import parley
    >>> from parley.study import Evaluator, ask_cases
    >>> run = parley.run(parley.load("which-event-first"), draws=16, seed=7)
    >>> tables = ask_cases(run, Evaluator(run.scenario, seed=7))
    >>> kappa = run.parameters["kappa"]
    >>> bool(np.allclose(likelihood(tables[1]), np.log(kappa) - 2.27 * kappa))
    True
    """
    with np.errstate(divide="ignore"):
        if table.rate is None:
            return np.asarray(np.log(table.chance[0]))
        after = table.case.after or 0.0
        return np.asarray((np.log(table.rate) if table.case.occurred else 0.0) - table.rate * after)


def reweighting(
    results: Results, tables: Sequence[CaseTable], used: Mapping[str, bool]
) -> tuple[Reweighting, ...]:
    """Weight the readings of a run by its cases.

    Parameters
    ----------
    results
        A run's tables.
    tables
        Its cases in its readings.
    used
        By case: whether it has set a parameter already. Weighting by such a case counts it twice.

    Returns
    -------
    tuple of Reweighting
        By all cases; then by those alone that have set no parameter, where there are both kinds.

    Examples
    --------
    >>> import parley
    >>> from parley.study import Evaluator, ask_cases
    >>> run = parley.run(parley.load("which-event-first"), draws=256, seed=7)
    >>> tables = ask_cases(run, Evaluator(run.scenario, seed=7))
    >>> found = reweighting(run, tables, {"ten days": True, "the pause": False})
    >>> [(each.cases, each.scarce) for each in found]
    [(('ten days', 'the pause'), False), (('the pause',), False)]
    """
    chosen = [tuple(tables)]
    free = tuple(table for table in tables if not used[table.case.name])
    if free and len(free) < len(tables):
        chosen.append(free)
    return tuple(_weighted(results, some, used) for some in chosen)


def weigh(tables: Sequence[CaseTable]) -> tuple[Values, Flags, tuple[str, ...]]:
    """Return weights ``[draw]``, the largest 1; which readings are defined; the cases that no reading allows.

    A case that is impossible or undefined in every reading is left out; where one of the others is undefined
    so is the reading, and its weight is 0.

    Examples
    --------
    >>> from types import SimpleNamespace as Some
    >>> table = Some(case=Some(name="c"), chance=np.array([[0.2, 0.1, np.nan, 0.0]]), rate=None)
    >>> weight, defined, left_out = weigh([table])
    >>> weight.round(9).tolist(), defined.tolist(), left_out
    ([1.0, 0.5, 0.0, 0.0], [True, True, False, True], ())
    """
    logs = {table.case.name: likelihood(table) for table in tables}
    kept = {name: each for name, each in logs.items() if np.any(np.isfinite(each))}
    without = tuple(name for name in logs if name not in kept)
    count = len(next(iter(logs.values()))) if logs else 0
    total = np.zeros(count)
    for each in kept.values():
        total = total + each
    defined = ~np.isnan(total)
    largest = np.max(total, initial=-np.inf, where=defined)
    if not kept or not np.isfinite(largest):
        return np.zeros(count), defined, without
    return np.where(defined, np.exp(np.where(defined, total, -np.inf) - largest), 0.0), defined, without


def _weighted(results: Results, tables: Sequence[CaseTable], used: Mapping[str, bool]) -> Reweighting:
    weight, defined, without = weigh(tables)
    names = tuple(table.case.name for table in tables if table.case.name not in without)
    worth = effective(weight)
    some = bool(worth > 0)
    total = float(np.sum(weight))
    return Reweighting(
        cases=names,
        left_out=without,
        independent=not any(used[name] for name in names),
        readings=int(weight.size),
        undefined=int(np.count_nonzero(~defined)),
        ruled_out=int(np.count_nonzero(defined & (weight == 0))),
        effective=worth,
        heaviest=float(weight.max()) / total if some else None,
        scarce=bool(worth < max(SCARCE, THIN * np.count_nonzero(defined))),
        criteria=tuple(_criteria(results, weight, defined)) if some else (),
        claims=tuple(_claims(results, weight, defined)) if some else (),
        assumptions=tuple(_assumptions(results, weight, defined)) if some else (),
    )


def _won(margin: Values) -> Values:
    return np.where(np.isnan(margin), np.nan, (np.sign(margin) + 1.0) / 2.0)


def _criteria(results: Results, weight: Values, defined: Flags) -> Iterator[CriterionShift]:
    scenario, against = results.scenario, opponents(results)
    if scenario.comparison is None or not against:
        return
    draw, plain, heavy = _some(results, weight, defined)
    for index, criterion in enumerate(scenario.comparison.by):
        if left_out(scenario, criterion.expression.root, results.policies):
            continue
        margin = contest(results, index)[: defined.size][defined]
        won = _won(margin)
        moved, error = change(won, heavy, draw)
        yield CriterionShift(
            criterion=label(scenario, criterion.expression, criterion.text),
            expression=criterion.expression.source,
            against=against,
            before=weighted_share(won, plain, draw),
            after=weighted_share(won, heavy, draw),
            change=moved,
            error=error,
            margin_before=mean(margin, plain),
            margin_after=mean(margin, heavy),
        )


def _claims(results: Results, weight: Values, defined: Flags) -> Iterator[ClaimShift]:
    draw, plain, heavy = _some(results, weight, defined)
    for name, values in results.claims.items():
        held = values[: defined.size][defined]
        before, after = weighted_share(held, plain, draw), weighted_share(held, heavy, draw)
        if before.share is not None and after.share is not None and before.word != after.word:
            yield ClaimShift(name, results.scenario.claims[name].text, before, after)


def _assumptions(results: Results, weight: Values, defined: Flags) -> list[AssumptionShift]:
    """Return how far history moves each uncertain thing, the furthest first."""
    draw, plain, heavy = _some(results, weight, defined)
    found: list[AssumptionShift] = []
    for name, column in results.parameters.items():
        values = column[: defined.size][defined]
        override = results.scenario.overrides.get(name)
        if np.all(values == values[0]) or (override is not None and override.expression is not None):
            continue  # certain, or it follows others
        before, after = quantiles(values, plain, _AT), quantiles(values, heavy, _AT)
        moved, error = change(_ranks(values), heavy, draw)
        if before is None or after is None or moved is None:
            continue
        parameter = results.scenario.parameters.get(name)
        found.append(
            AssumptionShift(
                name=name,
                kind="parameter" if parameter is not None else "utility",
                text=None if parameter is None else parameter.text,
                unit=None if parameter is None else parameter.unit,
                before=Quantiles(*before),
                after=Quantiles(*after),
                options={},
                shift=moved,
                error=error,
            )
        )
    found += _switches(results, heavy, draw, defined)
    return sorted(found, key=lambda item: (not item.distinct, -abs(item.shift)))


def _switches(
    results: Results, heavy: Values, draw: NDArray[np.int64], defined: Flags
) -> Iterator[AssumptionShift]:
    for name, column in results.switches.items():
        labels = column[: defined.size][defined]
        options = [each for each in results.scenario.switches[name].options if np.any(labels == each)]
        if len(options) < 2:
            continue
        taken = {option: (labels == option).astype(np.float64) for option in options}
        moves = {option: change(values, heavy, draw) for option, values in taken.items()}
        furthest = max(moves.values(), key=lambda item: abs(item[0] or 0.0))
        yield AssumptionShift(
            name=name,
            kind="switch",
            text=results.scenario.switches[name].text,
            unit=None,
            before=None,
            after=None,
            options={
                option: (float(values.mean()), mean(values, heavy) or 0.0) for option, values in taken.items()
            },
            shift=furthest[0] or 0.0,
            error=furthest[1],
        )


def _some(results: Results, weight: Values, defined: Flags) -> tuple[NDArray[np.int64], Values, Values]:
    """Return numbers, equal weights and weights of the readings that are defined."""
    draw = results.draw[: defined.size][defined]
    return draw, np.ones(draw.size), weight[defined]


def _ranks(values: Values) -> Values:
    """Return where each value stands among all, from 0 to 1; equals share the middle of their places."""
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(times) - times / 2.0
    return np.asarray(middle[place.reshape(-1)] / values.size)
