"""Claims pushed and dropped, switches turned: what becomes of the conclusion.

What lives here: the pushes of the assumed claims' numbers and switches, and what is believed of a number when
its claim is dropped. What may not: thresholds.

**Pushed**: a number goes to 5 % or to 95 % of its judgement in every reading, the others stay. All numbers of
a claim together go to the ends that speak, each by its own mean margin, against or for the recommendation.

**Dropped**: nothing is believed of a number but its bounds, and nothing of how it hangs together with others.
A share or chance is uniform over 0 to 1; another positive number is uniform in proportion from a third of its
1 % quantile to three times its 99 % quantile; any other is uniform over its range (1 % to 99 %) doubled about
its middle. What the author truncated stays truncated. A choice between values gives each the same weight.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from parley.findings.flip_model import ClaimPush, CriterionPush, NumberPush, Push, SwitchOption
from parley.findings.flips.asking import Questions
from parley.findings.flips.axes import BEYOND, POSITIVE, bounds, is_share, judged
from parley.findings.flips.thresholds import Scan
from parley.findings.judgements import number as written
from parley.findings.model import ClaimFinding
from parley.findings.shares import Share
from parley.findings.statistics import sampling_error, share, spread

__all__ = ["ENDS", "claims_pushed", "options", "supported"]

Values = NDArray[np.float64]

ENDS = (0.05, 0.95)  # shares of its judgement that a number is pushed to
TAILS = np.array([0.01, 0.99])


def supported(margin: Values) -> Share:
    """In what share of the readings ``[draw]`` margins support the recommendation; a tie counts half."""
    tied = margin == 0
    known = np.isfinite(margin)
    ties = float(tied[known].mean()) if known.any() else 0.0
    return share((np.sign(margin) + 1) / 2, np.arange(margin.size), ties)


def _change(margin: Values, base: Values) -> tuple[float | None, float | None]:
    """By how much the share of support differs from that of other margins of the same readings."""
    apart = (np.sign(margin) - np.sign(base)) / 2
    known = np.isfinite(apart)
    if not known.any():
        return None, None
    return float(apart[known].mean()), sampling_error(apart, np.arange(apart.size))


def _pushed(values: Mapping[str, float], margin: Values, base: Values) -> Push:
    return Push(dict(values), supported(margin), *_change(margin, base))


def options(questions: Questions, base: Values) -> list[tuple[SwitchOption, ...]]:
    """Turn every switch to each of its options: ``[criterion]`` what becomes of the conclusion.

    ``base`` holds the margins ``[criterion, reading]`` in the readings as they are.
    """
    found: list[list[SwitchOption]] = [[] for _ in questions.criteria]
    draw = np.arange(questions.readings)
    for switch in questions.scenario.switches.values():
        put = questions.scenario.overrides.get(switch.name)
        default = put.option if put is not None and put.option is not None else switch.default
        for option in switch.options:
            margins = questions.margins(questions.ranks, switches={switch.name: option})
            for place, margin in enumerate(margins):
                found[place].append(
                    SwitchOption(
                        switch.name,
                        option,
                        option == default,
                        supported(margin),
                        spread(margin, draw),
                        *_change(margin, base[place]),
                    )
                )
    return [tuple(each) for each in found]


def claims_pushed(
    questions: Questions,
    claims: Sequence[ClaimFinding],
    scans: Sequence[Scan],
    base: Values,
    turned: Sequence[tuple[SwitchOption, ...]],
    labels: Sequence[str],
) -> tuple[ClaimPush, ...]:
    """Push and drop every assumed claim.

    Parameters
    ----------
    questions
        What is asked about.
    claims
        Of the same run.
    scans
        Every axis pushed to its grid.
    base
        ``[criterion, reading]`` margins in the readings as they are.
    turned
        From :func:`options`.
    labels
        The criteria in words.
    """
    numbers = {questions.axes[each.axis].name: each for each in scans}
    parameters = {name: each for name, each in numbers.items() if name in questions.scenario.parameters}
    return tuple(
        _claim(questions, claim, parameters, base, turned, labels)
        for claim in claims
        if claim.kind == "assumed"
    )


def _claim(
    questions: Questions,
    claim: ClaimFinding,
    parameters: Mapping[str, Scan],
    base: Values,
    turned: Sequence[tuple[SwitchOption, ...]],
    labels: Sequence[str],
) -> ClaimPush:
    names = tuple(name for name in claim.carriers if name in parameters)
    switches = tuple(name for name in claim.carriers if name in questions.scenario.switches)
    beliefs: dict[str, str] = {}
    dropped = None
    if names:
        spans = {name: _bare(questions, name) for name in names}
        beliefs = {name: words for name, (_, words) in spans.items()}
        dropped = questions.margins(questions.ranks, {name: value for name, (value, _) in spans.items()})
    criteria = []
    if names or switches:
        for place, label in enumerate(labels):
            alone = tuple(_alone(parameters[name], name, base[place], place) for name in names)
            worst, best = _sides(parameters, names, place)
            others = tuple(each for each in turned[place] if each.switch in switches and not each.default)
            criteria.append(
                CriterionPush(
                    criterion=label,
                    expression=questions.criterion(place).expression.source,
                    stated=supported(base[place]),
                    alone=alone,
                    hurts=_push(questions, worst, base[place], place) if names else None,
                    helps=_push(questions, best, base[place], place) if names else None,
                    dropped=_pushed({}, dropped[place], base[place]) if dropped is not None else None,
                    options=others,
                )
            )
    return ClaimPush(claim.name, names, switches, beliefs, tuple(criteria))


def _at_ends(found: Scan, place: int) -> list[tuple[float, Values]]:
    """Return value and margins ``[reading]`` of an axis at 5 and at 95 % of its judgement."""
    inside = np.flatnonzero(~found.grid.outside)
    ends = [inside[int(np.argmin(np.abs(found.grid.share[inside] - end)))] for end in ENDS]
    return [(float(found.grid.value[point]), found.margins[place, point]) for point in ends]


def _alone(found: Scan, name: str, base: Values, place: int) -> NumberPush:
    low, high = (_pushed({name: value}, margin, base) for value, margin in _at_ends(found, place))
    return NumberPush(name, low, high)


def _sides(
    parameters: Mapping[str, Scan], names: Sequence[str], place: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the ends that speak against the recommendation, and those that speak for it."""
    worst, best = {}, {}
    for name in names:
        (low, at_low), (high, at_high) = _at_ends(parameters[name], place)
        known = np.isfinite(at_low) & np.isfinite(at_high)
        rises = bool(known.any()) and float(at_high[known].mean()) >= float(at_low[known].mean())
        worst[name], best[name] = (low, high) if rises else (high, low)
    return worst, best


def _push(questions: Questions, values: Mapping[str, float], base: Values, place: int) -> Push:
    put = {name: np.full(questions.readings, value) for name, value in values.items()}
    return _pushed(values, questions.margins(questions.ranks, put)[place], base)


def _bare(questions: Questions, name: str) -> tuple[Values, str]:
    """Return a number of which nothing is believed but its bounds, ``[reading]``, and those in words."""
    scenario, probe = questions.scenario, questions.probe
    place, each = next((n, each) for n, each in enumerate(probe.inputs) if each.name == name)
    # A copy of the readings of its own for each number: independent of all else.
    rank = probe.ranks(questions.readings, copy=2 + place)[each.rows[0]]
    parameter = scenario.parameters[name]
    judgement = judged(scenario, parameter)
    if judgement.shape == "choice":
        every = np.unique(probe.values(name, np.linspace(0.0005, 0.9995, 1000)))
        return every[np.minimum((rank * every.size).astype(int), every.size - 1)], "each value as likely"
    low, high = probe.values(name, TAILS).tolist()
    positive = bounds(judgement)[0] >= 0 or judgement.shape in POSITIVE
    if is_share(parameter, judgement):
        low, high, proportional = 0.0, 1.0, False
    elif positive and low > 0:
        low, high, proportional = low / BEYOND, high * BEYOND, True
    else:
        low, high, proportional = low - (high - low) / 2, high + (high - low) / 2, False
    if judgement.truncate is not None:
        below, above = judgement.truncate
        low = low if below is None else max(low, float(below))
        high = high if above is None else min(high, float(above))
    words = f"anything from {written(low)} to {written(high)}"
    if proportional and low > 0:
        return np.exp(math.log(low) + rank * (math.log(high) - math.log(low))), f"{words}, in proportion"
    return low + rank * (high - low), words
