"""History asked of the model: in each reading, the chance that it gives to what happened.

What lives here: cases in, labelled tables over the readings of a run out. What may not: scores, weights,
sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.errors import StudyError
from parley.game.cases import Telling, given_numbers, tellings, under
from parley.scenario.expression import unparse
from parley.scenario.model import Case, Expression, Scenario
from parley.study.evaluator import Evaluator
from parley.study.plan import number, plan
from parley.study.results import Results

__all__ = ["ELSE", "LARGEST", "CaseTable", "ask_cases"]

Values = NDArray[np.float64]

ELSE = "anything else"
LARGEST = 2**14  # readings of a run in which its cases are told
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class CaseTable:
    """One case in every reading.

    ``outcomes`` names what could have happened, what happened first, :data:`ELSE` last where the others
    leave something over. A clock has no outcomes.
    """

    case: Case
    draw: NDArray[np.int64]  # [draw] numbers in the design
    outcomes: tuple[str, ...]
    chance: Values  # [outcome, draw]; NaN undefined or not certified
    baseline: Values | None  # [outcome, draw] under the scenario's first policy; may leave something over
    rate: Values | None  # [draw] of the clock


def ask_cases(results: Results, probe: Evaluator) -> tuple[CaseTable, ...]:
    """Tell the cases of a scenario in the readings of a run.

    Parameters
    ----------
    results
        Of the run: its readings, at most the first :data:`LARGEST`.
    probe
        Solves the same scenario with the same seed.

    Returns
    -------
    tuple of CaseTable
        In the order of the text; empty when the scenario has no cases.

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
    >>> run = parley.run(parley.load("taliban-talks"), draws=16, seed=7)
    >>> found = ask_cases(run, Evaluator(run.scenario, seed=7))
    >>> [(table.case.name, round(float(table.chance[0].mean()), 2)) for table in found][:2]
    [('bajaur-2006', 0.46), ('swat-2009', 0.95)]
    """
    scenario = results.scenario
    if not scenario.cases:
        return ()
    if probe.seed != results.provenance.seed:
        raise StudyError(f"the probe has the seed {probe.seed}, the run {results.provenance.seed}")
    draw = results.draw[:LARGEST]
    columns = _Columns(results, len(draw))
    told: dict[str, CaseTable] = {}
    if draw.size:
        stories = tellings(scenario)
        ranks = probe.ranks(int(draw.max()) + 1)[:, draw] if stories else np.empty((0, 0))
        for telling in stories:
            told |= _told(scenario, telling, probe, ranks, draw)
    for case in scenario.cases.values():
        if case.forecast is not None:
            told[case.name] = _forecast(scenario, case, case.forecast, columns, draw)
        elif case.clock is not None:
            told[case.name] = _clock(scenario, case, case.clock, columns, draw)
    return tuple(told[name] for name in scenario.cases)


def _told(
    scenario: Scenario, telling: Telling, probe: Evaluator, ranks: Values, draw: NDArray[np.int64]
) -> dict[str, CaseTable]:
    """Solve the story as some cases have it."""
    found = probe.other(telling.scenario).results(ranks, only="quantity")
    first = found.policies[0]
    tables: dict[str, CaseTable] = {}
    for name, events in telling.events.items():
        case = scenario.cases[name]
        assert case.happened is not None
        labels = [unparse(each.root) for each in (case.happened, *case.instead)]
        chance = np.stack([found.quantities[event, first] for event in events])
        usual = [found.quantities[event, first] for event in telling.baseline[name]]
        tables[name] = _table(case, draw, labels, chance, np.stack(usual) if usual else None)
    return tables


def _table(
    case: Case, draw: NDArray[np.int64], labels: list[str], chance: Values, baseline: Values | None
) -> CaseTable:
    """Add what is left over to the events of a case."""
    over = _left_over(case, chance)
    if len(labels) == 1 or np.any(over > _ROUNDING):
        labels, chance = [*labels, ELSE], np.vstack([chance, over])
    if baseline is not None:
        over = _left_over(case, baseline)
        if len(baseline) < len(labels) or np.any(over > _ROUNDING):
            baseline = np.vstack([baseline, over])
    return CaseTable(case, draw, tuple(labels), chance, baseline, None)


def _left_over(case: Case, chance: Values) -> Values:
    """Return what the chances of events leave over of 1, ``[draw]``."""
    rest = 1.0 - np.add.reduce(chance, axis=0)
    if np.any(rest < -_ROUNDING):
        total = 1.0 - float(np.nanmin(rest))
        raise StudyError(
            f"the events of the case '{case.name}' have chances that add up to {total:.6g}: "
            "they must exclude each other"
        )
    return np.asarray(np.maximum(rest, 0.0))  # below 0 by rounding alone


def _forecast(
    scenario: Scenario, case: Case, forecast: Expression, columns: _Columns, draw: NDArray[np.int64]
) -> CaseTable:
    chance = columns.values(scenario, case, forecast)
    wrong = np.flatnonzero((chance < 0) | (chance > 1))
    if wrong.size:
        raise StudyError(
            f"the forecast of the case '{case.name}' is {chance[wrong[0]]:.6g} in reading {draw[wrong[0]]}: "
            "a chance lies between 0 and 1"
        )
    labels = ("it happened", "it did not") if case.occurred else ("it did not happen", "it did")
    both = np.stack([chance, 1.0 - chance] if case.occurred else [1.0 - chance, chance])
    return CaseTable(case, draw, labels, both, None, None)


def _clock(
    scenario: Scenario, case: Case, clock: Expression, columns: _Columns, draw: NDArray[np.int64]
) -> CaseTable:
    rate = columns.values(scenario, case, clock)
    wrong = np.flatnonzero(rate < 0)
    if wrong.size:
        raise StudyError(
            f"the clock of the case '{case.name}' has the rate {rate[wrong[0]]:.6g} in reading "
            f"{draw[wrong[0]]}: a rate is not negative"
        )
    return CaseTable(case, draw, (), np.empty((0, draw.size)), None, rate)


class _Columns:
    """The numbers and options of a run's readings."""

    def __init__(self, results: Results, count: int) -> None:
        self.count = count
        self.parameters = {name: values[:count] for name, values in results.parameters.items()}
        self.switches = {name: values[:count] for name, values in results.switches.items()}

    def values(self, scenario: Scenario, case: Case, expression: Expression) -> Values:
        """Return an expression over parameters and switches, ``[draw]``, with what a case gives of them."""
        planned = plan(under(scenario, case), kinds=())
        given = given_numbers(scenario, case)
        parameters = {
            name: np.full(self.count, float(given[name])) if name in given else values
            for name, values in self.parameters.items()
        }
        found = np.empty(self.count)
        for options, columns in self._groups(given):
            some = {name: values[columns] for name, values in parameters.items()}
            with np.errstate(all="ignore"):  # what is no number is undefined, not warned of
                values = number(planned, expression, some, options, len(columns))
            found[columns] = np.where(np.isfinite(values), values, np.nan)
        return found

    def _groups(self, given: Mapping[str, str | float]) -> list[tuple[dict[str, str], NDArray[np.int64]]]:
        """Group the readings by the options of all switches."""
        groups: dict[tuple[str, ...], list[int]] = {}
        rows = {
            name: [str(given[name])] * self.count if name in given else [str(each) for each in values]
            for name, values in self.switches.items()
        }
        for column, key in enumerate(zip(*rows.values(), strict=True) if rows else [()] * self.count):
            groups.setdefault(key, []).append(column)
        return [
            (dict(zip(rows, key, strict=True)), np.array(columns, dtype=np.int64))
            for key, columns in groups.items()
        ]
