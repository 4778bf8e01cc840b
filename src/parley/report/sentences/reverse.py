"""What would change the answer: one sentence for each number, each switch, and the smallest joint move.

What lives here: the sentences. What may not: how flips are found (:mod:`parley.findings.flips`), tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parley.findings import Assumption, CriterionFlips, Findings, JointFlip, JointMove, SwitchOption
from parley.findings.flip_model import Flip
from parley.report.document import Inline
from parley.report.sentences.grammar import (
    alike,
    capital,
    count,
    hundredths,
    name,
    noun,
    of_readings,
    one_of,
    series,
    united,
)
from parley.report.words import listed

__all__ = ["central", "changing", "flip", "option", "turning"]

TOLD = 5  # numbers with a sentence of their own, nearest first
SWITCHES = 3
MOST = 0.5
NOTABLE = 0.01  # of the readings: what reverses fewer is not told

Known = Mapping[str, Assumption]


def changing(findings: Findings, criterion: CriterionFlips) -> tuple[Inline, ...]:
    """Say what would change one criterion's answer, nearest first.

    Parameters
    ----------
    findings
        With flips.
    criterion
        One of their criteria.

    Returns
    -------
    tuple of str
        A sentence for each of the nearest numbers, the switches, and what is known of the rest.

    Examples
    --------
    >>> import parley
    >>> from parley.findings.flips import flips
    >>> from parley.study import Evaluator
    >>> from dataclasses import replace
    >>> run = parley.run(parley.load("which-event-first"), draws=64, seed=7)
    >>> found = replace(parley.assess(run), flips=flips(run, Evaluator(run.scenario, seed=7)))
    >>> changing(found, found.flips.criteria[0])[-1].endswith(".")
    True
    """
    known = {each.name: each for each in findings.assumptions}
    told = turning(criterion)[:TOLD]
    recommended = findings.verdict.recommended if findings.verdict is not None else "the recommendation"
    said = [flip(each, criterion, recommended, known.get(each.name)) for each in told]
    said += _switches(criterion, recommended, known)
    said += _rest(criterion, told)
    return tuple(said)


def turning(criterion: CriterionFlips) -> tuple[Flip, ...]:
    """Return the assumptions that turn most readings within what is stated, nearest first.

    Examples
    --------
    >>> from parley.findings import Share
    >>> share = Share(0.7, 0.02, 0.0, 0.68, 0.72, 192, 0, "leans")
    >>> turning(CriterionFlips("net worth", "payoff(us)", ("wait",), share, (), (), None))
    ()
    """
    return tuple(
        each for each in criterion.flips if each.threshold is not None and not each.threshold.outside
    )


def flip(item: Flip, criterion: CriterionFlips, recommended: str, known: Assumption | None = None) -> Inline:
    r"""Say at which value of one number most readings turn.

    Parameters
    ----------
    item
        An assumption with a ``threshold``.
    criterion
        Whose answer turns.
    recommended
        The recommended policy.
    known
        What the author says of the number: then the range that holds nine readings in ten is told.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> from parley.findings import Crossing, Share
    >>> at = Crossing(19.08, 17.3, 23.6, 0.72, outside=False, fails="below", several=False)
    >>> loss = Flip("B", "parameter", "loss to us", "strikes", 1.0, 12.0, 142.0,
    ...     (0.3, 426.0), 192, 0, 0, 0.9, 0.05, 0.0, 0.0, "below", None, at, None, ())
    >>> now = Share(0.34, 0.02, 0.0, 0.32, 0.36, 192, 0, "fails")
    >>> by = CriterionFlips("net worth", "payoff(us)", ("wait",), now, (loss,), (), None)
    >>> print(flip(loss, by, "act").replace("), ", "),\n"))
    If the loss to us were above about 19 strikes (the argument takes 12),
    “act” would do better than “wait” in most readings.
    """
    at = item.threshold
    assert at is not None
    value, middle = alike([at.value, item.middle], item.unit, item.text)
    mostly = ""
    if known is not None and known.low is not None and known.high is not None and known.low != known.high:
        low, high = alike([known.low, known.high], item.unit, item.text)
        mostly = f", mostly {low} to {high}"
    taken = f"(the argument takes {middle}{mostly})"
    # On which side of the value the middle lies: the other side is what would have to be.
    below = item.middle < at.value
    loses = (at.fails == "below") == below
    where = f"{'above' if below else 'below'} about {united(value, item.unit)} {taken}".replace(") (", "; ")
    subject = noun(item.text, item.name)
    rival = one_of(criterion.against)
    again = ", though not everywhere beyond" if at.several else ""
    better = (criterion.stated.share or 0.0) > MOST
    if loses and better:
        return (
            f"{name(recommended)} does better than {rival} in most readings only if {subject} is "
            f"{where}{again}."
        )
    does = "would do better" if loses else "would no longer do better" if better else "would do worse"
    return f"If {subject} were {where}{again}, {name(recommended)} {does} than {rival} in most readings."


def option(
    item: SwitchOption, criterion: CriterionFlips, recommended: str, known: Known | None = None
) -> Inline:
    """Say what another option of a switch does to the share.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> from parley.findings import Share, Spread
    >>> before, after = (Share(share, 0.02, 0.0, 0.0, 1.0, 192, 0, "open") for share in (0.7, 0.4))
    >>> off = SwitchOption("binds", "off", False, after, Spread(0, 0, 0, 0, 0, 192, 0), -0.3, 0.02)
    >>> option(off, CriterionFlips("net worth", "payoff(us)", ("wait",), before, (), (), None), "act")
    'With “binds” set to “off”, “act” does better in 40 of 100 readings instead of 70, which turns ...'
    """
    before, after = criterion.stated.share, item.share.share
    other = (before or 0.0) > MOST >= (after or 0.0) or (after or 0.0) > MOST >= (before or 0.0)
    turns = ", which turns most of them" if other else ""
    chosen = f"{_switch(item.switch, known or {})} set to {name(item.option)}"
    often = f"{of_readings(after)} instead of {hundredths(before)}"
    return f"With {chosen}, {name(recommended)} does better in {often}{turns}."


def _switch(of: str, known: Known) -> Inline:
    """Name a switch: by the author's phrase, where there is one."""
    text = known[of].text if of in known else None
    return name(text or of)


def _switches(criterion: CriterionFlips, recommended: str, known: Known) -> Iterator[Inline]:
    others = [each for each in criterion.options if not each.default]
    moving = sorted(
        (each for each in others if each.moves), key=lambda each: abs(each.change or 0.0), reverse=True
    )
    yield from (option(each, criterion, recommended, known) for each in moving[:SWITCHES])
    still = list(dict.fromkeys(each.switch for each in others if not each.moves))
    still = [each for each in still if all(item.switch != each for item in moving)]
    if still:
        names = listed([_switch(each, known) for each in still])
        yield f"Setting {names} otherwise changes nothing that can be told from chance."


def _rest(criterion: CriterionFlips, told: tuple[Flip, ...]) -> Iterator[Inline]:
    """Say of the numbers without a sentence of their own what is known of them."""
    others = [each for each in criterion.flips if each not in told]
    more = [each for each in others if each in turning(criterion)]
    if more:
        many = "One more number turns" if len(more) == 1 else f"{capital(count(len(more)))} more numbers turn"
        yield f"{many} it less readily."
    outside = [each for each in others if each.threshold is not None and each.threshold.outside]
    if outside:
        names = series([noun(each.text, each.name) for each in outside[:3]])
        yield f"{capital(names)} would turn it only beyond what the argument thinks possible."
    if told or more:
        return
    single = [each for each in others if (each.share or 0.0) >= NOTABLE]
    if single:
        first = max(single, key=lambda each: each.share or 0.0)
        yield (
            "No single number turns most readings, wherever in its range it lies; nearest to that comes "
            f"{noun(first.text, first.name).rstrip(',')}, which turns {of_readings(first.share)}."
        )
    elif criterion.flips:
        yield "No single number turns more than 1 of 100 readings, wherever in its range it lies."
    else:
        yield "No number is uncertain here, so none could lie elsewhere."


def central(criterion: CriterionFlips, recommended: str, assumptions: Known) -> Inline | None:
    r"""Say how near the turn is when every number is at its middle.

    Parameters
    ----------
    criterion
        Of the flips.
    recommended
        The recommended policy.
    assumptions
        By name: for their phrases and units.

    Returns
    -------
    str or None
        One sentence; None where the middle has no answer.

    Examples
    --------
    >>> from parley.findings import Share
    >>> move = JointMove("B", "parameter", "strikes", 12.0, 8.1, 0.3)
    >>> found = JointFlip(True, 0.4, (move,), 0.52, 0.001, -0.001, (move,), 0.52)
    >>> share = Share(0.7, 0.02, 0.0, 0.68, 0.72, 192, 0, "leans")
    >>> by = CriterionFlips("net worth", "payoff(us)", ("wait",), share, (), (), found)
    >>> print(central(by, "act", {}).replace("; ", ";\n"))
    With every number at its middle “act” does better than “wait”;
    it would do worse if `B` went from 12 down to 8.1 strikes.
    """
    found: JointFlip | None = criterion.joint
    if found is None:
        return None
    now, then = ("better", "worse") if found.supports else ("worse", "better")
    start = f"With every number at its middle {name(recommended)} does {now} than {one_of(criterion.against)}"
    if not found.moves:
        return f"{start}, and no move of up to three numbers within their ranges was found that turns it."
    moves = [_move(each, assumptions) for each in found.moves]
    once = " at once" if len(moves) > 1 else ""
    return f"{start}; it would do {then} if {listed(moves)}{once}."


def _move(each: JointMove, assumptions: Known) -> Inline:
    known = assumptions.get(each.name)
    text = known.text if known is not None else None
    start, value = alike([each.start, each.value], each.unit, text)
    way = "down" if each.value < each.start else "up"
    return f"{noun(text, each.name)} went from {start} {way} to {united(value, each.unit)}"
