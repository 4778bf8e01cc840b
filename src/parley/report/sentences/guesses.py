"""What is a guess: the assumptions that rest on judgement alone and decide the answer.

What lives here: the sentences. What may not: how much each decides.
"""

from __future__ import annotations

from parley.findings import Assumption, Findings
from parley.report.document import Inline, plain
from parley.report.sentences.grammar import alike, both, capital, count, name, noun, united

__all__ = ["guess", "guesses", "judged", "resting", "uncertain", "weighty"]

TOLD = 6


def uncertain(findings: Findings) -> tuple[Assumption, ...]:
    """Return what the argument leaves uncertain: numbers with a range, and choices.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=16, seed=7))
    >>> len(uncertain(found)), len(judged(found)), len(weighty(found))
    (10, 5, 5)
    """
    return tuple(each for each in findings.assumptions if each.kind == "switch" or each.low != each.high)


def judged(findings: Findings) -> tuple[Assumption, ...]:
    """Return the uncertain assumptions that nobody has counted or read off: grade C, or none."""
    return tuple(each for each in uncertain(findings) if each.confidence in ("C", None))


def weighty(findings: Findings) -> tuple[Assumption, ...]:
    """Return the judged assumptions that decide something, most deciding first; all where that is unknown.

    Of several criteria the largest share of the readings that an assumption reverses counts.
    """
    if findings.cruxes is None:
        return judged(findings)
    weight: dict[str, float] = {}
    for criterion in findings.cruxes.criteria:
        for crux in criterion.cruxes:
            if crux.rests_on_judgement:
                weight[crux.name] = max(weight.get(crux.name, 0.0), crux.reversed.value or 0.0)
    known = {each.name: each for each in findings.assumptions}
    ranked = sorted((each for each in weight if each in known), key=lambda each: -weight[each])
    return tuple(known[each] for each in ranked)


def guesses(findings: Findings) -> Inline:
    """Say how much rests on judgement, and whether that decides anything.

    Examples
    --------
    >>> import parley
    >>> print(guesses(parley.assess(parley.run(parley.load("which-event-first"), draws=64, seed=7)))[:58])
    Of the ten things that the argument leaves uncertain, five
    """
    some, deciding = judged(findings), weighty(findings)
    said = resting(findings)
    if not some:
        return f"{said}."
    if findings.cruxes is None:
        return f"{said}; what {'it decides' if len(some) == 1 else 'they decide'} was not asked."
    if not deciding:
        return f"{said}, and none of that decides anything that can be told from chance."
    if len(deciding) > TOLD:
        bear = f"{count(len(deciding))} of these bear on the answer"
        return f"{said}; {bear}, and the {count(TOLD)} that bear most on it are:"
    bear = "one of these bears" if len(deciding) == 1 else f"{count(len(deciding))} of these bear"
    if len(some) == len(deciding):
        bear = "it bears" if len(some) == 1 else "they all bear"
    return f"{said}; {bear} on the answer:"


def resting(findings: Findings) -> Inline:
    """Say how many of the uncertain assumptions rest on judgement alone, without a full stop.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=16, seed=7))
    >>> resting(found)
    'Of the ten things that the argument leaves uncertain, five rest on judgement alone (grade C or none)'
    """
    every, some = len(uncertain(findings)), len(judged(findings))
    if not every:
        return "Nothing in the argument is uncertain: every number and every choice is stated as certain"
    grade = "on judgement alone (grade C or none)"
    if every == 1:
        which = "rests" if some else "does not rest"
        return f"The one thing that the argument leaves uncertain {which} {grade}"
    if some == every:
        return f"{capital(both(every))} things that the argument leaves uncertain rest {grade}"
    rest = "rest" if some > 1 else "rests"
    which = count(some) if some else "none"
    return f"Of the {count(every)} things that the argument leaves uncertain, {which} {rest} {grade}"


def guess(item: Assumption) -> Inline:
    """Say what was assumed in one case, and why.

    >>> loss = Assumption("B", "parameter", "loss to us", "", "strikes", 3.26, 12.0, 43.6, "C", (),
    ...     "no one has measured it", None, ())
    >>> print(guess(loss))
    **The loss to us** (`B`): 12 strikes, mostly between 3.3 and 44; “no one has measured it”.
    """
    start = f"**{capital(noun(item.text, item.name)).rstrip(',')}**"
    if item.text is not None:
        start += f" (`{plain(item.name)}`)"
    why = f"; {name(item.why.rstrip('.'), 300)}" if item.why else ""
    if item.low is None or item.middle is None or item.high is None:
        return f"{start}: {plain(item.judgement)}{why}."
    low, middle, high = alike([item.low, item.middle, item.high], item.unit, item.text)
    return f"{start}: {united(middle, item.unit)}, mostly between {low} and {high}{why}."
