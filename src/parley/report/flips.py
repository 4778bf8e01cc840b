"""When the recommendation would be wrong: the section in the terminal, and what pushing a claim does.

What lives here: sentences and rows. What may not: how flips are found.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from parley.findings import Findings
from parley.findings.flip_model import (
    ClaimPush,
    CriterionFlips,
    CriterionPush,
    Crossing,
    Flip,
    JointMove,
    Push,
    SwitchOption,
)
from parley.report import words

__all__ = ["joint", "pushed", "remark", "section", "switches", "turns"]

SHOWN = 6  # assumptions in the table of a criterion
INDENT = (0, 0, 0, 2)
NOTABLE = 0.01  # an assumption that can reverse at least this share of the readings is named
MANY = 0.5  # ... or, outside what is stated, this share
NAMED = 3
SAME = "same"


def remark(findings: Findings) -> str:
    """Say what the section is about, beside its heading."""
    return "what would reverse the answer: other values of the assumptions, solved again"


def section(findings: Findings, width: int) -> Iterable[RenderableType]:
    """Lay out what would reverse each criterion's answer, nearest assumptions first.

    Parameters
    ----------
    findings
        With flips.
    width
        Columns.
    """
    found = findings.flips
    assert found is not None
    tables = False
    for criterion in found.criteria:
        label = Text(words.clean(criterion.criterion), style="bold").append(": ")
        said = [joint(criterion, found.recommended), *_rest(criterion), *switches(criterion)]
        yield Padding(label.append(Text(" ".join(each for each in said if each), style="not bold")), INDENT)
        rows = [flip for flip in criterion.flips if _crossed(flip)][:SHOWN]
        if rows:
            tables = True
            yield Padding(_table(rows), (0, 0, 0, 4))
    yield Padding(Text(_meaning(findings, tables=tables), style="dim"), INDENT)


def _crossed(flip: Flip) -> bool:
    return flip.threshold is not None or flip.break_even is not None


def _table(rows: list[Flip]) -> Table:
    table = Table(box=None, show_edge=False, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("", overflow="fold")
    table.add_column("middle", justify="right", no_wrap=True)
    table.add_column("worse", no_wrap=True)
    table.add_column("most readings turn at", overflow="fold")
    table.add_column("average turns at", overflow="fold")
    table.add_column("flips in", justify="right", no_wrap=True)
    for flip in rows:
        table.add_row(
            words.clean(flip.name) + (f" ({words.clean(flip.unit)})" if flip.unit else ""),
            words.figure(flip.middle),
            _worse(flip),
            _crossing(flip.threshold),
            _crossing(flip.break_even),
            words.brief(words.of_hundred(flip.share)),
        )
    return table


def _worse(flip: Flip) -> str:
    """Say on which side the recommendation is worse: where the curves cross, else in single readings."""
    sides = {each.fails for each in (flip.threshold, flip.break_even) if each is not None}
    if not sides:
        return flip.fails or ""
    return sides.pop() if len(sides) == 1 else "either"


def _crossing(found: Crossing | None) -> str:
    if found is None:
        return "no value"
    low, high = words.figure(found.low), words.figure(found.high)
    if found.low is not None and found.high is not None:
        text = f" ({low} to {high})"
    elif found.low is not None:
        text = f" (above {low})"
    elif found.high is not None:
        text = f" (below {high})"
    else:
        text = ""
    text += ", and elsewhere" if found.several else ""
    return f"{words.figure(found.value)}{text}" + (", outside" if found.outside else "")


def _rest(criterion: CriterionFlips) -> list[str]:
    """Say of the assumptions without a row what is known of them."""
    without = [flip for flip in criterion.flips if not _crossed(flip)]
    some = sorted((flip for flip in without if (flip.share or 0.0) >= NOTABLE), key=_share, reverse=True)
    said = []
    hidden = len(criterion.flips) - len(without) - SHOWN
    if hidden > 0:
        said.append(f"{hidden} more turn it less readily than those listed.")
    if some:
        named = [f"{words.clean(each.name)} (in {words.of_hundred(each.share)})" for each in some[:NAMED]]
        start = (
            "Single readings are reversed by"
            if len(without) < len(criterion.flips)
            else ("No single number reverses most readings, wherever it is put; a few are reversed by")
        )
        others = f" and {len(some) - NAMED} more" if len(some) > NAMED else ""
        said.append(f"{start} {', '.join(named)}{others}.")
    elif criterion.flips and len(without) == len(criterion.flips):
        said.append("No single number reverses more than 1 of 100 readings within what is stated.")
    beyond = [words.clean(flip.name) for flip in without if (flip.beyond or 0.0) >= MANY]
    if beyond:
        said.append(f"Only outside what the author thinks possible, in most readings: {', '.join(beyond)}.")
    broken = [
        words.clean(flip.name) for flip in criterion.flips if flip.broken >= NOTABLE * flip.compared > 0
    ]
    if broken:
        said.append(f"Not certified on the way, in some readings: {', '.join(broken)}.")
    return said


def _share(flip: Flip) -> float:
    return flip.share or 0.0


def switches(criterion: CriterionFlips) -> tuple[str, ...]:
    """Say which switches change an answer; nothing where there are no switches."""
    changing = [each for each in criterion.options if each.moves and not each.default]
    if not criterion.options:
        return ()
    if not changing:
        return ("No switch changes the share of readings beyond sampling error.",)
    return tuple(_option(each, criterion) for each in changing)


def _option(each: SwitchOption, criterion: CriterionFlips) -> str:
    name = f"{words.clean(each.switch)} {words.clean(each.option)}"
    now, stated = words.of_hundred(each.share.share), words.of_hundred(criterion.stated.share)
    return f"With {name} it is better in {now} readings rather than {stated}."


def joint(criterion: CriterionFlips, recommended: str) -> str:
    r"""Say the smallest move of several assumptions that reverses a criterion's answer.

    Examples
    --------
    >>> from parley.findings import CriterionFlips, JointFlip, JointMove, Share
    >>> move = JointMove("B", "parameter", None, 12.0, 8.1, 0.3)
    >>> flip = JointFlip(True, 0.4, (move,), 0.52, 0.001, -0.001, (move,), 0.52)
    >>> share = Share(0.7, 0.02, 0.0, 0.68, 0.72, 192, 0, "leans")
    >>> said = joint(CriterionFlips("net worth", "payoff(us)", ("wait",), share, (), (), flip), "act")
    >>> print(said.replace("; ", ";\n"))
    With every number at its middle "act" is better;
    it takes B from 12 down to 8.1 (as low as 30 of 100 readings go) to make it worse.
    """
    found = criterion.joint
    if found is None:
        if not criterion.flips:
            return "No number is uncertain: nothing can be put elsewhere within what is stated."
        return "With every number at its middle there is a tie or no certified answer."
    name = words.quoted(recommended)
    now, then = ("better", "worse") if found.supports else ("worse", "better")
    start = f"With every number at its middle {name} is {'already ' if not found.supports else ''}{now}"
    if not found.moves:
        some = f" (one of {len(found.all_moves)} at once was)" if found.all_moves else ""
        return (
            f"{start}; no move of up to three numbers within what is stated was found to change that{some}."
        )
    first, *others = [_move(each) for each in found.moves]
    together = f" together with {' and '.join(others)}" if others else ""
    return f"{start}; it takes {first}{together} to make it {then}."


def _move(each: JointMove) -> str:
    lower = each.value < each.start
    share = each.rank if lower else 1.0 - each.rank
    way = "down" if lower else "up"
    start, value = words.figure(each.start), words.figure(each.value)
    # Two numbers that round to the same need more digits.
    if start == value:
        start, value = f"{each.start:.5g}", f"{each.value:.5g}"
    extreme = f"as {'low' if lower else 'high'} as {words.of_hundred(share)} readings go"
    return f"{words.clean(each.name)} from {start} {way} to {value} ({extreme})"


def _meaning(findings: Findings, *, tables: bool) -> str:
    found = findings.flips
    assert found is not None
    said = f"{found.readings:,} readings were changed, one number at a time, the others as they are."
    if tables:
        said += (
            " turn at: where they change sides, with its sampling error. flips in: those readings in which "
            "some value within what is stated reverses the answer."
        )
    crossings = [
        each for one in found.criteria for flip in one.flips for each in (flip.threshold, flip.break_even)
    ]
    if any(each is not None and each.outside for each in crossings):
        said += " outside: beyond what the author thinks possible."
    return said


def pushed(findings: Findings, claim: str) -> str:
    """Say what becomes of the answers when an assumed claim is pushed to its ends, and when it is dropped.

    Returns
    -------
    str
        One phrase; of several criteria those that change, with their numbers; "same" where the share of
        readings does not change beyond sampling error. Empty where nothing can be pushed.

    Examples
    --------
    >>> import parley
    >>> from parley.study.evaluator import Evaluator
    >>> scenario = parley.load(parley.catalog.template())
    >>> pushed(parley.assess(parley.run(scenario, draws=16)), "no such claim")
    ''
    """
    if findings.flips is None or not findings.certification.sufficient:
        return ""
    found: ClaimPush | None = next((each for each in findings.flips.claims if each.claim == claim), None)
    if found is None or not found.criteria:
        return ""
    said = []
    if found.numbers:
        spans = _numbered([_span(each) for each in found.criteria])
        drops = _numbered([_word(each.dropped) for each in found.criteria if each.dropped is not None])
        both = spans == drops == SAME
        said.append(f"pushed or dropped {SAME}" if both else f"pushed {spans}; dropped {drops}")
    for number, option in enumerate(found.criteria[0].options):
        across = _numbered([_word(each.options[number]) for each in found.criteria])
        said.append(f"{words.clean(option.switch)} {words.clean(option.option)} {across}")
    return "; ".join(said)


def turns(findings: Findings, claim: str) -> bool:
    """Whether pushing or dropping an assumed claim gives any criterion's answer another word.

    Examples
    --------
    >>> import parley
    >>> turns(parley.assess(parley.run(parley.load(parley.catalog.template()), draws=16)), "no such claim")
    False
    """
    if findings.flips is None or not findings.certification.sufficient:
        return False
    found = next((each for each in findings.flips.claims if each.claim == claim), None)
    if found is None:
        return False
    return any(
        push.moves and push.share.word != each.stated.word
        for each in found.criteria
        for push in (each.hurts, each.helps, each.dropped, *each.options)
        if push is not None
    )


def _numbered(said: list[str]) -> str:
    """Join what criteria say, those that change with their number where there are several."""
    if len(said) == 1:
        return said[0]
    changed = [f"{each} ({number})" for number, each in enumerate(said, start=1) if each != SAME]
    return ", ".join(changed) or SAME


def _word(each: Push | SwitchOption) -> str:
    return each.share.word if each.moves else SAME


def _span(each: CriterionPush) -> str:
    assert each.hurts is not None
    assert each.helps is not None
    low, high = _word(each.hurts), _word(each.helps)
    return low if low == high else f"{low} .. {high}"
