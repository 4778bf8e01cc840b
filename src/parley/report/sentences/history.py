"""What history says, in one paragraph.

What lives here: the sentences. What may not: scores, weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from parley.findings import AssumptionShift, Findings, Forecaster, History, Reweighting
from parley.report.document import Inline, plain
from parley.report.sentences.grammar import (
    alike,
    both,
    capital,
    count,
    hundredths,
    measure,
    name,
    noun,
    of_readings,
    united,
)

__all__ = ["history", "in_short"]

NOTABLE = 0.02  # of a judgement: an assumption that moves less is not told


def history(findings: Findings) -> tuple[Inline, ...]:
    """Say what the cases are worth, how the model did in them, and what they change.

    Parameters
    ----------
    findings
        With a history.

    Returns
    -------
    tuple of str
        Sentences of one paragraph; nothing without a history.

    Examples
    --------
    >>> import parley
    >>> history(parley.assess(parley.run(parley.load("which-event-first"), draws=16)))
    ()
    """
    found = findings.history
    if found is None:
        return ()
    return (_cases(found), *_score(found), *_used(found), *_weighted(findings, found))


def in_short(found: History) -> Inline:
    """Say in one sentence what the cases are worth.

    Examples
    --------
    >>> in_short(History(64, (), 0, 0, False, None, None, None, None, (), None, ()))
    'The model was held against no cases from history, too few for a test.'
    """
    what = _number(found)
    worth = "" if found.enough else ", too few for a test"
    if found.scored and all(item.used_for for item in found.cases if item.timing is None):
        worth += f", and it was built with {'it' if len(found.cases) == 1 else 'them'} in view"
    return f"The model was held against {what} from history{worth}."


def _number(found: History) -> str:
    cases = len(found.cases)
    return f"{count(cases)} case{'' if cases == 1 else 's'}"


def _cases(found: History) -> Inline:
    names = [plain(item.name) for item in found.cases]
    which = f" ({', '.join(names)})" if len(names) <= 6 else ""
    worth = "enough for a test" if found.enough else "which is a check for nonsense, not a test"
    return f"The model was held against {_number(found)} from history{which}, {worth}."


def _typical(bits: float) -> float:
    return math.exp2(-bits)


def _score(found: History) -> Iterator[Inline]:
    if not found.scored:
        return
    if found.log_score is None:
        wrong = [name(item.name) for item in found.cases if item.brier is not None and item.log_score is None]
        yield f"It holds impossible what happened in {' and '.join(wrong)}."
        return
    typical = _typical(found.log_score)
    beside = [
        _rival(each)
        for each in found.forecasters
        if each.cases == found.scored and each.log_score is not None
    ]
    others = f" ({'; '.join(beside)})" if beside else ""
    yield (
        f"It did as well as somebody who gave what then happened {hundredths(typical)} chances in 100 each "
        f"time{others}."
    )


def _rival(each: Forecaster) -> Inline:
    assert each.log_score is not None
    who = {"coin": "a coin", "other cases": "the other cases"}.get(each.name, name(each.name))
    return f"{who}: {hundredths(_typical(each.log_score))}"


def _used(found: History) -> Iterator[Inline]:
    used = [item for item in found.cases if item.used_for]
    if not used:
        return
    if len(used) == len(found.cases):
        which = "The case had" if len(used) == 1 else f"{capital(both(len(used)))} cases had"
    else:
        which = f"{capital(count(len(used)))} of the {count(len(found.cases))} cases had"
    yield f"{which} already been used to set numbers, so that the model agrees with them proves little."


def _weighted(findings: Findings, found: History) -> Iterator[Inline]:
    """Say what becomes of the answer when readings count by how well they foretold the cases."""
    if not found.reweighting:
        return
    item = found.reweighting[-1]  # by independent cases alone, where there are any
    if not item.cases or not item.effective:
        yield "No reading allows all cases together, so the cases cannot say which readings to trust."
        return
    if item.scarce:
        yield "Nearly all readings make the cases unlikely: too few are left to say what the cases change."
        return
    verdict = findings.verdict
    who = name(verdict.recommended) if verdict is not None else "the recommendation"
    moved = [each for each in item.criteria if each.distinct]
    if not moved and item.criteria:
        yield "Trusting each reading as far as it foretold the cases changes no answer that can be seen."
    for each in moved:
        word = (
            "the answer stays the same" if each.before.word == each.after.word else "that changes the answer"
        )
        yield (
            f"If each reading of the argument is trusted as far as it foretold the cases, {who} does better "
            f"in {of_readings(each.after.share)} instead of {hundredths(each.before.share)} by "
            f"{measure(each.criterion, each.expression).rstrip(',')}; {word}."
        )
    yield from _moves(item)


def _moves(item: Reweighting) -> Iterator[Inline]:
    moved = [each for each in item.assumptions if each.distinct and abs(each.shift) >= NOTABLE]
    if moved:
        yield f"Most of all the cases move {_shift(moved[0])}."


def _shift(item: AssumptionShift) -> Inline:
    what = noun(item.text, item.name)
    if item.before is None or item.after is None:
        chosen, shares = max(item.options.items(), key=lambda pair: abs(pair[1][1] - pair[1][0]))
        often = f"{of_readings(shares[1])} instead of {hundredths(shares[0])}"
        return f"{what.rstrip(',')}, which is {name(chosen)} in {often}"
    before, after = alike([item.before.middle, item.after.middle], item.unit, item.text)
    return f"{what.rstrip(',')}, from {before} to {united(after, item.unit)}"
