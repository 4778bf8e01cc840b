"""How sure the answer is, and on what: where its doubt comes from and what it survives.

What lives here: three to five sentences. What may not: the answer itself, the numbers behind it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from parley.findings import CriterionCruxes, Crux, Findings
from parley.report.document import Inline
from parley.report.sentences.answer import answered
from parley.report.sentences.grammar import capital, count, hundredths, measure, name, noun, plural, series
from parley.report.sentences.guesses import judged, resting, uncertain
from parley.report.sentences.history import in_short
from parley.report.words import listed

__all__ = ["not_a_probability", "sure"]

NAMED = 2  # assumptions
TOP = 3


def sure(findings: Findings) -> tuple[Inline, ...]:
    """Say how sure the answer is and what it rests on.

    Parameters
    ----------
    findings
        Of :func:`parley.assess`.

    Returns
    -------
    tuple of str
        Up to five sentences: sampling, where the doubt comes from, what rests on judgement, whether other
        ways of reasoning and other equilibria agree, history. None where there is no answer.

    Examples
    --------
    >>> import parley
    >>> found = sure(parley.assess(parley.run(parley.load("which-event-first"), draws=64, seed=7)))
    >>> found[0]
    'Drawing other readings would move these shares by at most 8 of 100, 19 times in 20.'
    """
    if findings.verdict is None or not findings.certification.sufficient:
        return ()
    found = (*_sampled(findings), *_doubt(findings), *_judged(findings), *_survives(findings))
    return found if findings.history is None else (*found, in_short(findings.history))


def not_a_probability(findings: Findings) -> Inline:
    """Say what a reading is, and what a share of readings is not.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=16, seed=7))
    >>> not_a_probability(found)[-50:]
    ' It is not a probability that the advice is right.'
    """
    return (
        "A reading is one complete set of values for everything that the argument leaves uncertain, drawn "
        f"from what its author thinks possible; {plural(findings.draws, 'reading')} were drawn. A share of "
        "readings says how far the argument's own words settle the question. It is not a probability that "
        "the advice is right."
    )


def _sampled(findings: Findings) -> Iterator[Inline]:
    assert findings.verdict is not None
    errors = [answered(item).error for item in findings.verdict.answers]
    known = [error for error in errors if error is not None]
    if len(known) < len(errors):
        yield "How far drawing other readings would move these shares is not known."
        return
    most = max(1, math.ceil(100 * max(known) - 1e-9))
    yield f"Drawing other readings would move these shares by at most {most} of 100, 19 times in 20."


def _doubt(findings: Findings) -> Iterator[Inline]:
    """Say where the doubt comes from, by the criterion that is most in doubt."""
    if findings.cruxes is None:
        return
    unsettled = [each for each in findings.cruxes.criteria if not each.decided and not each.steady]
    if not unsettled:
        yield "Hardly anything that is left uncertain changes which policy does better."
        return
    item = max(unsettled, key=lambda each: each.reversed.value or 0.0)
    top = [each for each in item.cruxes if each.reversed.distinct][:NAMED]
    if not top:
        return
    by = _by(item) if len(findings.cruxes.criteria) > 1 else ""
    who = [_named(each) for each in top]
    often = listed([hundredths(each.reversed.value) for each in top])
    start = f"{by}the doubt comes mostly from {series(who)}"
    alone = "they turn" if len(top) > 1 else "it turns"
    yield f"{capital(start)}: judged anew alone, {alone} {often} of 100 readings."


def _by(item: CriterionCruxes) -> Inline:
    return f"by {measure(item.criterion, item.expression).rstrip(',')}, "


def _named(crux: Crux) -> Inline:
    if crux.kind == "ranking" and crux.text:
        return f"how {name(crux.text)} ranks the endings"
    return noun(crux.text, crux.name)


def _judged(findings: Findings) -> Iterator[Inline]:
    every, some = uncertain(findings), judged(findings)
    if not every:
        return
    said = resting(findings)
    if findings.cruxes is None:
        yield f"{said}."
        return
    weight: dict[str, Crux] = {}
    for criterion in findings.cruxes.criteria:
        for crux in criterion.cruxes:
            if crux.reversed.distinct:
                known = weight.get(crux.name)
                if known is None or (crux.reversed.value or 0.0) > (known.reversed.value or 0.0):
                    weight[crux.name] = crux
    top = sorted(weight.values(), key=lambda crux: -(crux.reversed.value or 0.0))[:TOP]
    among = sum(each.rests_on_judgement for each in top)
    if len(top) < TOP or len(some) in (0, len(every)):
        yield f"{said}."
        return
    which = {0: "none of", TOP: "all of"}.get(among, f"{count(among)} of")
    yield f"{said}, {which} the {count(TOP)} that decide most among them."


def _survives(findings: Findings) -> Iterator[Inline]:
    """Say whether the answer survives other ways of reasoning, and other equilibria."""
    parts = [*_reasoned(findings), *_other_outcomes(findings)]
    if parts:
        yield f"{capital('; '.join(parts))}."


def _reasoned(findings: Findings) -> Iterator[Inline]:
    found = findings.reasoning
    if found is None:
        return
    others = [way for way in found.ways if way.kind != "judged"]
    if not others or not found.choosers:
        yield "nobody has a choice to reason about"
    elif found.survives is None:
        yield f"not all of {len(others)} other ways in which people might reason give an answer"
    elif found.survives:
        yield f"the answer is the same in all {len(others)} other ways of reasoning that were tried"
    else:
        changed = sum(any(each.share.word != each.judged for each in way.answers) for way in others)
        what = "the answer changes" if len(found.ways[0].answers) == 1 else "part of the answer changes"
        yield f"{what} in {changed} of {len(others)} other ways of reasoning that were tried"


def _other_outcomes(findings: Findings) -> Iterator[Inline]:
    found = findings.multiplicity
    if found is None:
        yield "whether the same reasons allow another outcome (another equilibrium) was not searched"
    elif not found.several:
        yield "no other outcome was found that the same reasons allow (another equilibrium)"
    elif found.survives:
        yield "it is the same whichever outcome comes about that the same reasons allow (other equilibria)"
    elif found.survives is False:
        yield "it can change where the same reasons allow another outcome (another equilibrium)"
