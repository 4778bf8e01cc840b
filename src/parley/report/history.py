"""What history says of the model, in sentences.

What lives here: the sentences and rows of one section. What may not: scores, weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from parley.findings import AssumptionShift, CaseFinding, CriterionShift, History, Reweighting
from parley.report import words
from parley.report.ledger import STYLES

__all__ = ["case", "remark", "reweighted", "score", "section"]

SHOWN = 6  # cases with a row of their own
MOVED = 3  # assumptions
NOTABLE = 0.02  # of a judgement: a mean rank, or a share of an option, that moves less is not worth a word
CALIBRATED = 1.96  # of Spiegelhalter's z, 95 %
INDENT = (0, 0, 0, 2)


def remark(found: History) -> str:
    """Say how much the cases are worth as a test.

    Examples
    --------
    >>> import parley
    >>> from parley.findings.history import history
    >>> from parley.study import Evaluator
    >>> run = parley.run(parley.load("which-event-first"), draws=64, seed=7)
    >>> remark(history(run, Evaluator(run.scenario, seed=7)))
    '2 cases: a sanity check, not a test'
    """
    count = len(found.cases)
    said = "1 case" if count == 1 else f"{count} cases"
    return said if found.enough else f"{said}: a sanity check, not a test"


def section(found: History, width: int) -> Iterator[RenderableType]:
    """Yield the section: cases, scores, readings weighted by the cases."""
    table = Table(box=None, show_header=False, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for item in found.cases[:SHOWN]:
        mark = " *" if item.used_for else ""
        table.add_row(Text(words.shorten(item.name, max(16, width // 4)) + mark, style="bold"), case(item))
    yield Padding(table, INDENT)
    if len(found.cases) > SHOWN:
        yield _line(f"and {len(found.cases) - SHOWN} more cases, in the JSON.", dim=True)
    for text in (*used(found), *score(found), *calibrated(found)):
        yield _line(text)
    for weighting in found.reweighting[-1:]:  # by independent cases alone, where there are any
        yield from (_line(text) for text in reweighted(weighting))


def _line(text: str | Text, *, dim: bool = False) -> Padding:
    return Padding(text if isinstance(text, Text) else Text(text, style="dim" if dim else ""), INDENT)


def case(item: CaseFinding) -> str:
    """Say what happened in a case and what chance the model gave it.

    Examples
    --------
    >>> import parley
    >>> from parley.findings.history import history
    >>> from parley.study import Evaluator
    >>> run = parley.run(parley.load("which-event-first"), draws=1024, seed=7)
    >>> found = history(run, Evaluator(run.scenario, seed=7))
    >>> print(case(found.cases[0]))
    tainted failure: the model gives it 12 of 100 (5 to 95% of readings: 3 to 25).
    >>> print(case(found.cases[1]))
    it rang after 2.27; half the time it rings within 2.31 (5 to 95% of readings: 1.10 to 4.89).
    """
    if item.timing is not None:
        return _timed(item)
    what = words.clean(item.happened)
    if item.chance.mean is None:
        return f"{what}: the model says nothing, what is given has no chance in any reading."
    if not item.chance.mean:
        return f"{what}: impossible in the model, it gives it no chance in any reading."
    low, high = (_hundred(each) for each in (item.chance.low, item.chance.high))
    text = f"{what}: the model gives it {words.of_hundred(item.chance.mean)}"
    text += f" (5 to 95% of readings: {low} to {high})."
    if item.impossible:
        text += f" {item.impossible:,} readings give it none."
    if item.undefined:
        text += f" Undefined in {item.undefined:,}."
    return text


def _timed(item: CaseFinding) -> str:
    assert item.timing is not None
    half, after = item.timing.half, words.figure(item.timing.after)
    what = f"it rang after {after}" if item.timing.rang else f"it had not rung after {after}"
    if half.middle is None:
        return f"{what}; in the model it never rings."
    middle, low, high = words.figures((half.middle, half.low, half.high))
    text = f"{what}; half the time it rings within {middle} (5 to 95% of readings: {low} to {high})."
    if half.undefined:
        text += f" In {half.undefined:,} readings it never rings."
    return text


def _rival(name: str) -> str:
    return "a coin" if name == "coin" else "the other cases" if name == "other cases" else words.clean(name)


def _hundred(share: float | None) -> str:
    """Write a share as a number of hundredths without the words ``of 100``."""
    said = words.brief(words.of_hundred(share))
    return {"all": "100", "none": "0"}.get(said, said.removesuffix(" of 100"))


def used(found: History) -> Iterator[str]:
    """Say which cases are no test because they have set numbers already."""
    marked = [item for item in found.cases if item.used_for]
    if not marked:
        return
    names = list(dict.fromkeys(name for item in marked for name in item.used_for))
    numbers = words.listed([words.clean(name) for name in names])
    if len(marked) == len(found.cases):
        which = {1: "The only case", 2: "Both cases"}.get(len(marked), f"All {len(marked)} cases")
    else:
        which = f"{len(marked)} of {len(found.cases)} cases"
    verb = "has" if len(marked) == 1 else "have"
    yield f"* {which} {verb} set numbers already ({numbers}): that the model agrees with them proves little."


def score(found: History) -> Iterator[str]:
    """Say how well the model forecast, beside others on the same cases.

    Examples
    --------
    >>> import parley
    >>> from parley.findings.history import history
    >>> from parley.study import Evaluator
    >>> run = parley.run(parley.load("which-event-first"), draws=64, seed=7)
    >>> print(*score(history(run, Evaluator(run.scenario, seed=7))))
    Score: as if it had given what happened 12 of 100 each time (a coin: 25, always status quo: 12); ...
    """
    if not found.scored:
        return
    impossible = [item.name for item in found.cases if item.brier is not None and item.log_score is None]
    same = [each for each in found.forecasters if each.cases == found.scored]
    if found.log_score is None:
        names = words.listed([words.clean(name) for name in impossible])
        yield f"The log score is infinite: the model holds impossible what happened in {names}."
    else:
        others = [
            f"{_rival(each.name)}: {_hundred(_typical(each.log_score))}"
            for each in same
            if each.log_score is not None
        ]
        beside = f" ({', '.join(others)})" if others else ""
        text = f"Score: as if it had given what happened {words.of_hundred(_typical(found.log_score))}"
        written = words.figures((found.brier, *(each.brier for each in same)))
        briers = f" ({', '.join(written[1:])})" if same else ""
        yield f"{text} each time{beside}; Brier score {written[0]}{briers}, 0 the best."


def _typical(bits: float | None) -> float | None:
    """Return the chance that, given each time to what happened, earns a log score."""
    return None if bits is None else math.exp2(-bits)


def calibrated(found: History) -> Iterator[str]:
    """Say whether what was forecast at p comes about in p of the cases; nothing with few cases."""
    if found.calibration is None or found.calibration.z is None:
        return
    off = abs(found.calibration.z) > CALIBRATED
    word = "too sure of itself or not sure enough" if off else "as sure as it should be"
    cases = found.calibration.cases
    yield f"Calibration: over {cases} cases it is {word} (Spiegelhalter's z {found.calibration.z:.2f})."


def reweighted(item: Reweighting) -> Iterator[str | Text]:
    """Say what becomes of the conclusion when readings count by the chance that they give the cases."""
    for name in item.left_out:
        yield f"{words.clean(name)} is left out of the weights: no reading allows it."
    if not item.cases:
        return
    if not item.effective:
        yield "No reading allows all cases together, so the readings cannot be weighted by them."
        return
    by = "the case" if len(item.cases) == 1 else f"the {len(item.cases)} cases"
    again = "" if item.independent else ", counting again what has set numbers already"
    worth = f"{math.floor(item.effective):,} of {item.readings:,} readings are left in effect"
    yield f"Weighted by the chance each reading gives {by}{again}: {worth}."
    if item.scarce:
        yield "That is too few to rely on what follows: the cases rule out nearly all that was judged."
    if item.undefined:
        yield f"{item.undefined:,} readings have no chance for some case and are left out."
    yield from (_criterion(each) for each in item.criteria)
    for claim in item.claims:
        text = words.shorten(claim.text, 60)
        yield f"{words.clean(claim.name)} {claim.before.word} -> {claim.after.word}: {text}"
    yield _moved(item.assumptions)


def _criterion(item: CriterionShift) -> Text:
    text = Text(f"{words.clean(item.criterion)}: better in {_hundred(item.before.share)} -> ")
    text.append(f"{_hundred(item.after.share)} of 100")
    if item.change is not None and item.distinct:
        size = math.floor(100 * abs(item.change) + 0.5)
        number = f"{'-' if item.change < 0 else '+'}{size}" if size else "less than 1"
        text.append(f" ({number} ±{max(1, math.ceil(100 * (item.error or 0.0) - 1e-9))})")
    else:
        text.append(" (not to be told from no change)")
    if item.before.word == item.after.word:
        return text.append(f"; {item.after.word} as before.")
    text.append(f"; {item.before.word} -> ")
    return text.append(item.after.word, style=STYLES[item.after.word]).append(".")


def _moved(assumptions: Iterable[AssumptionShift]) -> str:
    moved = [item for item in assumptions if item.distinct and abs(item.shift) >= NOTABLE]
    if not moved:
        return "No assumption moves notably."
    shown = "; ".join(_shift(item) for item in moved[:MOVED])
    more = len(moved) - MOVED
    return f"What moves: {shown}{f'; less far {more} more' if more > 0 else ''}."


def _shift(item: AssumptionShift) -> str:
    name = words.clean(item.name)
    if item.before is None or item.after is None:
        option, shares = max(item.options.items(), key=lambda pair: abs(pair[1][1] - pair[1][0]))
        return f"{name} is {words.clean(option)} in {_hundred(shares[0])} -> {_hundred(shares[1])} of 100"
    sides = (item.before, item.after)
    written = words.figures([each for side in sides for each in (side.middle, side.low, side.high)])
    before, after = (f"{one} ({low} to {high})" for one, low, high in (written[:3], written[3:]))
    return f"{name} {before} -> {after}"
