"""The model held against history.

What lives here: cases scored, forecasters beside the model. What may not: solving, weighting
(:mod:`parley.findings.reweighting`), sentences.

The model's forecast of a case is its *ensemble* forecast: the mean over the readings of the chance that each
gives. Scores of single readings are worse on average, for both scores are convex.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from parley.findings.history_model import CaseFinding, Forecaster, History, Timing
from parley.findings.reweighting import reweighting
from parley.findings.scoring import base_rate, brier, calibration, log_score
from parley.findings.statistics import number_or_none, spread
from parley.scenario.model import Case, Scenario
from parley.study.cases import CaseTable, ask_cases
from parley.study.evaluator import Evaluator
from parley.study.results import Results

__all__ = ["ENOUGH", "history", "set_by"]

Values = NDArray[np.float64]

ENOUGH = 20  # cases that have set no parameter: from here on it is a test, not a sanity check


def history(results: Results, probe: Evaluator) -> History | None:
    """Hold a model against the cases of its scenario.

    Parameters
    ----------
    results
        A run's tables: its readings, at most the first 16,384.
    probe
        Solves the same scenario with the same seed: the story is told anew as each case has it.

    Returns
    -------
    History or None
        None when the scenario has no cases.

    Raises
    ------
    StudyError
        A forecast is no chance, a rate is negative, events that exclude each other have chances that add up
        to more than 1, or the probe has another seed.
    GameError
        The story cannot be told as a case has it.

    Examples
    --------
    >>> import parley
    >>> from parley.study import Evaluator
    >>> run = parley.run(parley.load("which-event-first"), draws=256, seed=7)
    >>> found = history(run, Evaluator(run.scenario, seed=7))
    >>> [(case.name, case.kind, case.used_for) for case in found.cases][1]
    ('the pause', 'clock', ('kappa',))
    >>> round(found.cases[0].chance.mean, 2), round(found.cases[1].timing.half.middle, 1)
    (0.12, 2.3)
    """
    scenario = results.scenario
    tables = ask_cases(results, probe)
    if not tables:
        return None
    means = {table.case.name: _ensemble(table) for table in tables if table.rate is None}
    forecasts = {name: mean for name, mean in means.items() if mean is not None}
    rivals = _rivals(scenario, [table for table in tables if table.case.name in forecasts])
    cases = tuple(_case(scenario, table, forecasts, rivals) for table in tables)
    scored = [case for case in cases if case.brier is not None]
    independent = sum(not case.used_for for case in scored)
    enough = independent >= ENOUGH
    free = [forecasts[case.name] for case in scored if not case.used_for]
    singles = _singles([table for table in tables if table.case.name in forecasts])
    return History(
        readings=int(tables[0].draw.size),
        cases=cases,
        scored=len(scored),
        independent=independent,
        enough=enough,
        log_score=_mean([case.log_score for case in scored]),
        brier=_mean([case.brier for case in scored]),
        single_log_score=None if singles is None else spread(singles[0], tables[0].draw),
        single_brier=None if singles is None else spread(singles[1], tables[0].draw),
        forecasters=tuple(_forecasters(scenario, forecasts, rivals)),
        calibration=calibration(free) if enough else None,
        reweighting=reweighting(results, tables, {case.name: bool(case.used_for) for case in cases}),
    )


def set_by(scenario: Scenario, case: Case) -> tuple[str, ...]:
    """Return the parameters that a case has set: those its author names, and those with the same evidence.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> set_by(scenario, scenario.cases["ten days"])
    ('sigma_other', 'q_other')
    """
    shared = [
        name
        for name, parameter in scenario.parameters.items()
        if name not in case.used_for and any(each in parameter.evidence for each in case.evidence)
    ]
    return (*case.used_for, *shared)


def _ensemble(table: CaseTable) -> Values | None:
    """Return the mean forecast ``[outcome]``; None where no reading has one."""
    defined = np.all(np.isfinite(table.chance), axis=0)
    return np.asarray(table.chance[:, defined].mean(axis=1)) if defined.any() else None


def _case(
    scenario: Scenario,
    table: CaseTable,
    forecasts: Mapping[str, Values],
    rivals: Mapping[str, Mapping[str, Values]],
) -> CaseFinding:
    case, forecast = table.case, forecasts.get(table.case.name)
    chance = _chance(table)
    source = scenario.sources.get(case.source or "")
    outcomes = table.outcomes or ("it rang" if case.occurred else "it had not rung",)
    found: Mapping[str, float | None] = {}
    if table.rate is None:
        means = [None] * len(outcomes) if forecast is None else [float(each) for each in forecast]
        found = dict(zip(outcomes, means, strict=True))
    return CaseFinding(
        name=case.name,
        kind="clock" if case.clock is not None else "forecast" if case.forecast is not None else "story",
        text=case.text,
        date=case.date,
        source=source.text if source is not None else case.source,
        given={name: str(value) for name, value in case.given.items()},
        happened=outcomes[0],
        forecast=found,
        chance=spread(chance, table.draw),
        rivals={name: float(each[case.name][0]) for name, each in rivals.items() if case.name in each},
        log_score=None if forecast is None else log_score(float(forecast[0])),
        brier=None if forecast is None else float(brier(forecast)),
        impossible=int(np.count_nonzero(chance == 0)),
        undefined=int(np.count_nonzero(~np.isfinite(chance))),
        used_for=set_by(scenario, case),
        timing=_timing(table),
    )


def _chance(table: CaseTable) -> Values:
    """Return the chance of what happened, ``[draw]``: for a clock that it rings, or does not, by then."""
    if table.rate is None:
        return np.asarray(table.chance[0])
    still = np.exp(-table.rate * (table.case.after or 0.0))
    return np.asarray(1.0 - still if table.case.occurred else still)


def _timing(table: CaseTable) -> Timing | None:
    if table.rate is None or table.case.after is None:
        return None
    with np.errstate(divide="ignore"):
        half = np.log(2.0) / table.rate  # of a clock that never rings: infinite, and counted as undefined
    by = 1.0 - np.exp(-table.rate * table.case.after)
    known = by[np.isfinite(by)]
    mean = number_or_none(float(known.mean())) if known.size else None
    return Timing(table.case.after, table.case.occurred, spread(half, table.draw), mean)


def _rivals(scenario: Scenario, tables: Sequence[CaseTable]) -> dict[str, dict[str, Values]]:
    """Return what other forecasters say of each case, ``[outcome]``, by forecaster and case."""
    stories = [table for table in tables if table.case.happened is not None]
    found: dict[str, dict[str, Values]] = {"coin": {}, "other cases": {}}
    baseline = _baseline(scenario)
    for table in tables:
        name, count = table.case.name, len(table.outcomes)
        found["coin"][name] = np.full(count, 1.0 / count)
        if table.case.happened is not None:
            others = [each.outcomes[0] for each in stories if each is not table]
            rate = base_rate(table.outcomes, others)
            if rate is not None:
                found["other cases"][name] = rate
        if table.baseline is not None and baseline is not None:
            defined = np.all(np.isfinite(table.baseline), axis=0)
            if defined.any():
                found.setdefault(baseline, {})[name] = table.baseline[:, defined].mean(axis=1)
    return {name: each for name, each in found.items() if each}


def _baseline(scenario: Scenario) -> str | None:
    return None if scenario.comparison is None else f"always {next(iter(scenario.comparison.policies))}"


def _forecasters(
    scenario: Scenario, forecasts: Mapping[str, Values], rivals: Mapping[str, Mapping[str, Values]]
) -> Sequence[Forecaster]:
    texts = {
        "coin": "all that could have happened equally likely",
        "other cases": "as often as in the other cases, this one left out",
    }
    found = []
    for name, said in rivals.items():
        both = [case for case in forecasts if case in said]
        own = [float(brier(forecasts[case])) for case in both]
        theirs = [float(brier(said[case])) for case in both]
        brier_own, brier_theirs = _mean(own), _mean(theirs)
        usable = brier_own is not None and brier_theirs is not None and brier_theirs > 0
        found.append(
            Forecaster(
                name=name,
                text=texts.get(name, "the same model, had the baseline policy been followed in every case"),
                cases=len(both),
                log_score=_mean([log_score(float(said[case][0])) for case in both]),
                brier=brier_theirs,
                model_log_score=_mean([log_score(float(forecasts[case][0])) for case in both]),
                model_brier=brier_own,
                skill=1.0 - (brier_own or 0.0) / (brier_theirs or 1.0) if usable else None,
            )
        )
    return found


def _singles(tables: Sequence[CaseTable]) -> tuple[Values, Values] | None:
    """Return the log score and the Brier score of each reading, ``[draw]``, means over the cases."""
    if not tables:
        return None
    with np.errstate(divide="ignore"):
        logs = np.stack([-np.log2(table.chance[0]) for table in tables])
    squares = np.stack([brier(table.chance) for table in tables])
    return np.asarray(logs.mean(axis=0)), np.asarray(squares.mean(axis=0))


def _mean(values: Sequence[float | None]) -> float | None:
    """Return the mean; None for an infinite value among them, or none at all."""
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known and len(known) == len(values) else None
