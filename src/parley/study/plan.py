"""What a run has to measure, and how the answers are put together.

What lives here: the quantities of a scenario without repetition, and the evaluation of claims, criteria and
reports from measured quantities. What may not: solving, storing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.errors import StudyError
from parley.game.lower import Lowering, Situation
from parley.game.model import Program
from parley.game.program import evaluate
from parley.game.reading import numbers_of
from parley.game.symbolic import Builder
from parley.game.tracking import Asked, asked, policy_of, quantities_in
from parley.scenario.expression import unparse
from parley.scenario.model import Expression, Policy, Scenario
from parley.scenario.syntax import Call, Compare

__all__ = ["FREE_PLAY", "Plan", "answer", "margin", "number", "plan"]

RUN = ("criterion", "quantity", "claim", "expected")  # what a run measures
FREE_PLAY = "free play"  # the one policy of a scenario that compares none

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Policies and quantities of a run.

    ``calls[policy]`` are the quantities to measure under that policy; ``index[policy]`` finds one by its
    text. A quantity that names a policy is measured under it alone.
    """

    scenario: Scenario
    policies: tuple[str, ...]
    reference: str  # the policy of a claim that names none
    asked: tuple[Asked, ...]
    calls: Mapping[str, tuple[Call, ...]]
    index: Mapping[str, Mapping[str, int]]

    def policy(self, name: str) -> Policy | None:
        """Return the policy of that name; None for free play in a scenario that compares none."""
        comparison = self.scenario.comparison
        return None if comparison is None else comparison.policies[name]


def plan(
    scenario: Scenario, policies: Sequence[str] | None = None, kinds: Collection[str] | None = None
) -> Plan:
    """Plan a run.

    Parameters
    ----------
    scenario
        What is asked.
    policies
        The policies to solve; all of the comparison by default. A claim or criterion that needs another one
        has no value then.
    kinds
        Of the questions to answer: criterion, quantity, claim, expected, published; all but the last by
        default, as a run's readings are not those for which such numbers were published.

    Raises
    ------
    StudyError
        When a policy does not exist.
    """
    comparison = scenario.comparison
    every = tuple(comparison.policies) if comparison is not None else (FREE_PLAY,)
    chosen = every if policies is None else tuple(dict.fromkeys(policies))
    for name in chosen:
        if name not in every:
            raise StudyError(f"there is no policy '{name}'; there are: {', '.join(every)}")
    if not chosen:
        raise StudyError("no policy was asked for")
    reference = comparison.recommend if comparison is not None else FREE_PLAY
    found = tuple(each for each in asked(scenario) if each.kind in (RUN if kinds is None else kinds))
    calls: dict[str, dict[str, Call]] = {name: {} for name in chosen}
    for each in found:
        for call in quantities_in(each.expression.root, scenario):
            named = policy_of(call)
            for name in chosen if named is None else (named,):
                if name in calls:
                    calls[name].setdefault(unparse(call), call)
    return Plan(
        scenario,
        chosen,
        reference,
        found,
        {name: tuple(each.values()) for name, each in calls.items()},
        {name: {text: number for number, text in enumerate(each)} for name, each in calls.items()},
    )


def answer(
    planned: Plan,
    question: Asked,
    policy: str,
    measured: Mapping[str, Values],
    parameters: Mapping[str, Values],
    options: Mapping[str, str],
) -> Values:
    """Evaluate one expression for all draws, reading quantities without a policy under ``policy``.

    Parameters
    ----------
    measured
        ``[quantity, draw]`` of every policy, in the order of ``planned.calls``.
    parameters
        ``[draw]`` of every parameter.
    options
        The option of every switch.

    Returns
    -------
    ``[draw]``; NaN where any quantity in it has no value.
    """
    draws = next(iter(measured.values())).shape[1]
    return _evaluate(planned, question.expression.root, policy, measured, parameters, options, draws)


def margin(
    planned: Plan,
    question: Asked,
    policy: str,
    measured: Mapping[str, Values],
    parameters: Mapping[str, Values],
    options: Mapping[str, str],
) -> Values | None:
    """Return by how much a comparison holds, ``[draw]``: positive when it does; None if it compares nothing.

    ``a > b`` and ``a >= b`` give a - b, the others b - a; equations have no margin.
    """
    root = question.expression.root
    if not isinstance(root, Compare) or root.operator in ("=", "!="):
        return None
    draws = next(iter(measured.values())).shape[1]
    left = _evaluate(planned, root.left, policy, measured, parameters, options, draws)
    right = _evaluate(planned, root.right, policy, measured, parameters, options, draws)
    return left - right if root.operator in (">", ">=") else right - left


def number(
    planned: Plan,
    expression: Expression,
    parameters: Mapping[str, Values],
    options: Mapping[str, str],
    draws: int,
) -> Values:
    """Evaluate an expression over parameters and switches alone, ``[draw]``."""
    return _evaluate(planned, expression.root, planned.reference, {}, parameters, options, draws)


def _evaluate(
    planned: Plan,
    root: object,
    policy: str,
    measured: Mapping[str, Values],
    parameters: Mapping[str, Values],
    options: Mapping[str, str],
    draws: int,
) -> Values:
    scenario, builder = planned.scenario, Builder()
    columns: dict[str, Values] = {}
    leaves: dict[Call, int] = {}
    for call in quantities_in(root, scenario):  # type: ignore[arg-type]
        under = policy_of(call) or policy
        text = unparse(call)
        key = f"{under}: {text}"
        known = planned.index.get(under, {}).get(text)
        columns[key] = np.full(draws, np.nan) if known is None else measured[under][known]
        leaves[call] = builder.parameter(key)
    lowering = Lowering(scenario, builder, numbers_of(scenario), leaves)
    register = lowering.node(root, Situation(dict(options)))  # type: ignore[arg-type]
    program = Program(tuple(builder.parameters), tuple(builder.operation), tuple(builder.arguments))
    given = [columns[name] if name in columns else parameters[name] for name in program.parameters]
    values = np.array(given, dtype=np.float64).reshape(len(given), draws)
    result: Values = evaluate(program, values)[register].copy()
    for column in columns.values():
        result[np.isnan(column)] = np.nan
    return result
