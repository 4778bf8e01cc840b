"""Whether chances are chances at plausible values of the judgements.

What lives here: a check of sums, probabilities and rates at the middle and near the ends of every
judgement, in plain Python. What may not: NumPy. The solver checks every draw again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from parley.game.symbolic import evaluate_scalar, needed
from parley.game.walk import Walk
from parley.scenario.diagnostics import Diagnostic, diagnostic
from parley.scenario.middle import central, quantile
from parley.scenario.model import Judgement, Scenario, Span

__all__ = ["chance_faults"]

_TOLERANCE = 1e-9
_TAILS = (0.001, 0.999)


def chance_faults(walked: Walk) -> Iterator[Diagnostic]:
    """Yield chances that do not sum to one, are negative or above one, and rates that are negative.

    A fault with every judgement at its middle is an error; one that shows only near an end of some judgement
    is a warning, since some readings only will be ill-posed.
    """
    if not walked.bounds:
        return
    builder = walked.builder
    registers = needed(builder, [register for register, _ in walked.bounds])
    used = {
        builder.parameters[int(builder.arguments[each][0])]
        for each in registers
        if builder.operation[each] == "parameter"
    }
    middle, variations = _points(walked.scenario, used)
    ordered = sorted(walked.bounds.items(), key=lambda item: item[0][1] == "sum")  # its parts first
    reported: set[Span] = set()
    for code, name, values in [("P830", "", middle), *(("P831", *each) for each in variations)]:
        numbers = evaluate_scalar(builder, values, registers)
        for (register, kind), span in ordered:
            fault = _fault(kind, numbers[register])
            if fault is not None and span not in reported:
                reported.add(span)
                where = f" when `{name}` is {values[name]:.4g}" if name else ""
                hint = _hint(kind, numbers[register])
                line = walked.scenario.text.splitlines()[span.line - 1]
                yield diagnostic(code, f"{fault}{where}", span, hint=hint, line=line)


def _hint(kind: str, number: float) -> str:
    if kind in ("total", "horizon"):
        return "bound the numbers behind it (`truncate`, or another range)"
    if kind in ("weight", "weights"):
        return "chances are proportional to the weights: none is negative, and one at least is above 0"
    if kind == "discount":
        return "bound the numbers behind it: a discount is 0 or more and below 1"
    if kind == "rate":
        return "a rate counts events per unit of time: it may be 0, not less"
    if kind == "chance" and 1 < number <= 100:
        return f"chances run from 0 to 1; for {number:.4g} in a hundred write {number:.4g}%"
    if kind == "chance":
        return "chances run from 0 to 1: bound the numbers behind this one (`truncate`, or another range)"
    return "let one option be `rest`, or bound the parameters"


def _fault(kind: str, number: float) -> str | None:
    if math.isnan(number) or math.isinf(number):
        return "a chance or rate is not a number here (a division by zero, a logarithm of nothing?)"
    if kind == "sum" and abs(number - 1) > _TOLERANCE:
        return f"the chances here add up to {number:.6g}, not to 1"
    if kind == "chance" and not -_TOLERANCE <= number <= 1 + _TOLERANCE:
        return f"a chance here is {number:.6g}, which is not between 0 and 1"
    if kind == "weight" and number < 0:
        return f"a weight here is {number:.6g}, which is negative"
    if kind == "weights" and number <= 0:
        return "all weights are 0 here"
    if kind == "total" and number <= 0:
        return "no clock runs here: all rates are 0, and there is no horizon"
    if kind == "horizon" and number <= 0:
        return f"the horizon here is {number:.6g}: a length of time is above 0"
    if kind == "discount" and not 0 <= number < 1:
        return f"the discount here is {number:.6g}; it must be 0 or more and below 1"
    if kind == "rate" and number < 0:
        return f"a rate here is {number:.6g}, which is negative"
    return None


def _points(
    scenario: Scenario, used: AbstractSet[str]
) -> tuple[dict[str, float], list[tuple[str, dict[str, float]]]]:
    """Return the judgements in use at the middle, and each one in turn near its ends."""
    judged = {name: each for name, each in _judgements(scenario).items() if name in used}
    middle = {name: central(judgement) for name, judgement in judged.items()}
    for payoff in scenario.payoffs.values():
        if payoff.ranking is not None:
            tiers = payoff.ranking.tiers
            for place, tier in enumerate(tiers):
                middle[f"{payoff.player}: {tier[0]}"] = 1 - place / max(len(tiers) - 1, 1)
    variations = []
    for name, judgement in judged.items():
        for share in _TAILS:
            variations.append((name, {**middle, name: quantile(judgement, share)}))
    return middle, variations


def _judgements(scenario: Scenario) -> Mapping[str, Judgement]:
    judged = {name: parameter.judgement for name, parameter in scenario.parameters.items()}
    for name, override in scenario.overrides.items():
        if override.judgement is not None and name in judged:
            judged[name] = override.judgement
    return judged
