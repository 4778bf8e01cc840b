"""The answer in two sentences that a minister could read, and what to know beside it.

What lives here: one sentence that answers, one that says what else counts, for every state of the verdict.
What may not: what decides the answer, how sure it is (:mod:`parley.report.sentences.sure`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parley.findings import Answer, Findings, Share, Spread, Verdict
from parley.findings.statistics import side
from parley.report import words
from parley.report.document import Inline, plain
from parley.report.sentences.grammar import (
    ahead,
    both,
    capital,
    count,
    counted,
    hundredths,
    interval,
    measure,
    name,
    of_readings,
    plural,
    roughly,
    shortest,
    uncounted,
)

__all__ = ["answer", "answered", "by_criterion", "caveats", "meanings", "title"]

OF = "of the argument"
ONLY = 0.4  # of the readings: a share below it is "only" so much
TITLES = {
    "robust": "The advice holds up",
    "leans": "The advice holds up more often than not",
    "open": "The question stays open",
    "fails": "The advice does not hold up",
    "divided": "It depends on what counts",
    "withheld": "No answer is given",
}
_AGAINST = {1: "better", 0: "neither better nor worse", -1: "worse"}
_BEST = {1: "the best", 0: "perhaps the best", -1: "not the best"}


def title(findings: Findings) -> str:
    """Return the answer in a few words, for a heading.

    Examples
    --------
    >>> import parley
    >>> title(parley.assess(parley.run(parley.load("which-event-first"), draws=64, seed=7)))
    'It depends on what counts'
    """
    if not findings.certification.sufficient:
        return TITLES["withheld"]
    if findings.verdict is None:
        return "No answer" if _criteria(findings) else "Nothing is recommended here"
    return TITLES[findings.verdict.word]


def answer(findings: Findings) -> tuple[Inline, Inline]:
    r"""Answer in two sentences of at most 45 words each.

    Parameters
    ----------
    findings
        Of :func:`parley.assess`.

    Returns
    -------
    tuple of str
        Whether the recommendation holds, by what measure and how often; then how it stands among all
        policies, or by how much it is ahead.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=1024, seed=7))
    >>> print(answer(found)[1][:63])
    It is not clearly the best of the three policies compared: by t
    """
    verdict = findings.verdict
    if not findings.certification.sufficient:
        return _withheld(findings)
    if verdict is None:
        return _unanswered(findings), _measured(findings)
    start = f"**{title(findings)}:**"
    return shortest([f"{start} {form}." for form in _verdict_forms(verdict)]), _beside(verdict)


def meanings(findings: Findings, prescribed: Mapping[str, str]) -> tuple[Inline, ...]:
    """Say what the policies that the answer names stand for, one sentence each.

    Parameters
    ----------
    findings
        Of :func:`parley.assess`.
    prescribed
        By policy: what it prescribes, in words.

    Returns
    -------
    tuple of str
        The recommendation first; nothing without a verdict, nor of policies that are not in ``prescribed``.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=16, seed=7))
    >>> meanings(found, {"short list": "posture short list"})
    ('“short list” stands for: posture short list.',)
    """
    verdict = findings.verdict
    if verdict is None:
        return ()
    named = (verdict.recommended, *_against(verdict)[:1])
    return tuple(
        f"{name(each)} stands for: {plain(prescribed[each])}." for each in named if prescribed.get(each)
    )


def answered(item: Answer) -> Share:
    """Return the share that one criterion's answer is about.

    It is that of the readings in which the recommendation beats the baseline, or in which it is the best
    where it is itself the baseline.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=16, seed=7))
    >>> answered(found.verdict.answers[1]).share
    1.0
    """
    return item.against_baseline if item.against_baseline is not None else item.best


def _criteria(findings: Findings) -> bool:
    return any(item.kind == "criterion" for item in findings.measures)


def _withheld(findings: Findings) -> tuple[Inline, Inline]:
    proof = findings.certification
    said = (
        f"**{title(findings)}:** in {proof.uncertified:,} of {plural(proof.draws, 'reading')} {OF} the model "
        "could not be solved with a proof, and an answer takes one in at least "
        f"{words.of_hundred(1 - proof.limit)}."
    )
    return said, (
        "The numbers below are those of the other readings; what the missing ones would say is not known."
    )


def _unanswered(findings: Findings) -> Inline:
    if _criteria(findings):
        return "**No answer:** this run left out the recommended policy or everything it is compared with."
    return "**Nothing is recommended here, so nothing stands or falls; this is what was found.**"


def _measured(findings: Findings) -> Inline:
    """Say what a run without a verdict found: what became of the claims, or the first number measured."""
    found = findings.coverage
    held = sum(found.words.get(word, 0) for word in ("robust", "leans"))
    known = sum(number for word, number in found.words.items() if word != "unmeasured")
    if known:
        failed = found.words.get("fails", 0)
        verb = "holds" if held == 1 else "hold"
        rest = f", {count(failed)} in fewer than 40" if failed else ""
        which = f"{count(known)} claim{'' if known == 1 else 's'}"
        often = f"{count(held)} {verb} in more than 60 of 100 readings{rest}"
        return f"Of {which} that should follow from the model, {often}."
    for item in findings.measures:
        for policy, spread in item.spread.items():
            under = f" under {name(policy)}" if len(item.spread) > 1 else ""
            return f"{capital(measure(item.name, item.expression))} is {interval(spread)}{under}."
    return "Nothing was measured either: the scenario names no quantity."


def _verdict_forms(verdict: Verdict) -> Iterator[Inline]:
    """Yield the first sentence behind its title: the richest form first, the shortest last."""
    answers = verdict.answers
    if len(answers) == 1:
        yield from _one(verdict, answers[0])
    elif verdict.word == "divided":
        yield from _divided(verdict)
    else:
        yield from _agreeing(verdict)


def _does(verdict: Verdict, *, introduced: bool = True) -> Inline:
    """Say what the recommendation does where it wins; ``introduced`` says that it is the recommendation."""
    who = f"{'the recommended ' if introduced else ''}{name(verdict.recommended)}"
    rivals = _against(verdict)
    if len(rivals) == 1:
        return f"{who} does better than {name(rivals[0])}"
    return f"{who} does best of the {count(len(verdict.candidates))} policies compared"


def _against(verdict: Verdict) -> tuple[str, ...]:
    """Return whom the answer is about: the baseline, or all rivals where it is itself the recommendation."""
    if verdict.answers[0].against_baseline is not None and verdict.baseline is not None:
        return (verdict.baseline,)
    return tuple(each for each in verdict.candidates if each != verdict.recommended)


def _by(item: Answer) -> Inline:
    return f"by {_what(item)}"


def _one(verdict: Verdict, item: Answer) -> Iterator[Inline]:
    share = answered(item)
    does, by = _does(verdict), _by(item)
    if share.share is None:
        yield f"{by}, no reading can be compared"
        return
    if share.ties == 1.0:
        yield f"{by}, {_level(verdict)} in all {plural(share.defined, 'reading')} {OF}"
        return
    halves = ", ties counted half" if share.ties else ""
    often = counted(share, OF)
    if share.share < ONLY and often[3].isdigit():
        often = often.replace("in ", "in only ", 1)
    yield f"{does} {often}{halves}, judged {by}"
    yield f"{does} in {of_readings(share.share)}{halves}, judged {by}"
    yield f"{does} in {of_readings(share.share)}{halves}"


def _level(verdict: Verdict) -> Inline:
    rivals = _against(verdict)
    if len(rivals) > 1:
        return f"{name(verdict.recommended)} and the best of its rivals come out level"
    return f"{name(verdict.recommended)} and {name(rivals[0])} come out level"


def _agreeing(verdict: Verdict) -> Iterator[Inline]:
    """Several criteria that point one way."""
    answers = verdict.answers
    does, number = _does(verdict), both(len(answers))
    shares = [answered(item) for item in answers]
    known = [share.share for share in shares if share.share is not None]
    if known and len(known) == len(answers):
        if len(answers) == 2:
            first, second = (_by(item) for item in answers)
            also = f"{hundredths(known[1])}{_of_100(known[1])}"
            for of in (f" {OF}", ""):
                yield f"{does} in {of_readings(known[0])}{of} {first}, and in {also} {second}"
        yield f"{does} {_span(known)} {OF}, by {number} measures alike"
    yield f"{does} {_span(known)}, by {number} measures"


def _of_100(share: float) -> str:
    return " of them" if share in (0.0, 1.0) else " of 100"


def _span(shares: list[float]) -> Inline:
    if not shares:
        return "in no reading that can be compared"
    low, high = min(shares), max(shares)
    if hundredths(low) == hundredths(high) or low >= 0.995:
        return f"in {of_readings(low)}"
    if high < 0.005:
        return f"in {of_readings(high)}"
    few, many = (not hundredths(each)[0].isdigit() for each in (low, high))
    if few and many:
        return "in anything from hardly any to nearly all readings"
    if many:
        return f"in at least {of_readings(low)}"
    if few:
        return f"in at most {of_readings(high)}"
    return f"in {hundredths(low)} to {of_readings(high)}"


def _divided(verdict: Verdict) -> Iterator[Inline]:
    """Criteria that point different ways, those that speak for the recommendation first."""
    ordered = sorted(verdict.answers, key=lambda item: -side(answered(item).word))
    first, *others = ordered
    does = _does(verdict)
    if all(answered(item).share is not None for item in ordered):
        start = f"{_by(first)}, {does} in {of_readings(answered(first).share)}"
        rest = [f"{_by(item)}, in {_only(answered(item))}" for item in others]
        if len(ordered) == 2:
            yield f"{start} {OF}; {rest[0]}"
        yield f"{start}; {'; '.join(rest)}"
    yield from _sides(verdict, ordered)


def _sides(verdict: Verdict, ordered: list[Answer]) -> Iterator[Inline]:
    """Say by which criteria the recommendation is better and by which worse, without numbers."""
    against = verdict.answers[0].against_baseline is not None
    said = _AGAINST if against else _BEST
    start = f"{name(verdict.recommended)} {'does' if against else 'is'} "
    than = f" than {name(verdict.baseline or '')}" if against else " of all"
    groups = [(way, [item for item in ordered if _side(item) == way]) for way in (1, 0, -1)]
    parts = [
        f"{said[way]} by {words.listed([_what(item) for item in items])}" for way, items in groups if items
    ]
    # The comparison is named once, behind the first predicate.
    yield start + "; ".join([parts[0].replace(" by ", f"{than} by ", 1), *parts[1:]])
    counts = [f"{said[way]} by {count(len(items))}" for way, items in groups if items]
    yield (
        start
        + ", ".join([counts[0].replace(" by ", f"{than} by ", 1), *counts[1:]])
        + (f" of the {count(len(ordered))} measures")
    )


def _what(item: Answer) -> Inline:
    return measure(item.criterion, item.expression).rstrip(",")


def _side(item: Answer) -> int:
    return side(answered(item).word)


def _only(share: Share) -> str:
    if share.share in (0.0, 1.0) or share.share is None:
        return of_readings(share.share)
    if share.word == "open":
        return roughly(share)
    said = words.of_hundred(share.share)
    return f"only {said}" if share.share < ONLY and said[0].isdigit() else said


def _beside(verdict: Verdict) -> Inline:
    """Say how the recommendation stands among all candidates, or by how much it is ahead."""
    if len(verdict.candidates) > 2 and verdict.answers[0].against_baseline is not None:
        return shortest(list(_among_all(verdict)))
    return shortest(list(_margins(verdict)))


def _among_all(verdict: Verdict) -> Iterator[Inline]:
    answers = verdict.answers
    every = f"of the {count(len(verdict.candidates))} policies compared"
    sides = [side(item.best.word) for item in answers]
    if set(sides) == {1}:
        least = min(item.best.share or 0.0 for item in answers)
        by = "" if len(answers) == 1 else f" by {both(len(answers))} measures"
        yield f"It is also the best {every}{by}, in {_at_least(least, len(answers))}."
        return
    if set(sides) == {0}:
        often = _span([item.best.share for item in answers if item.best.share is not None])
        yield f"Whether it is also the best {every} stays open: it is {often}."
        return
    if set(sides) == {-1}:
        yield from _beaten(answers, every)
        return
    best = [item for item in answers if side(item.best.word) == 1]
    rest = [item for item in answers if side(item.best.word) != 1]
    leading = words.listed([_what(item) for item in best]) if best else ""
    start = f"It is the best {every} by {leading}, but " if best else f"It is not clearly the best {every}: "
    yield start + "; ".join(_ahead(item) for item in rest) + "."
    yield (
        f"It is the best {every} by {count(len(best))} of the {count(len(answers))} measures."
        if best
        else f"It is not clearly the best {every}."
    )


def _at_least(least: float, answers: int) -> str:
    return of_readings(least) if answers == 1 or least == 1.0 else f"at least {of_readings(least)}"


def _beaten(answers: tuple[Answer, ...], every: str) -> Iterator[Inline]:
    """Say who is the best of all where the recommendation is not, by any criterion."""
    rivals = list(dict.fromkeys(_rival(item) for item in answers))
    if len(answers) == 1:
        yield f"It is not the best {every}: that is {_rival(answers[0])}."
        return
    neither = "neither" if len(answers) == 2 else f"none of the {count(len(answers))}"
    measures = "measure" if len(answers) == 2 else "measures"
    start = f"By {neither} {measures} is it the best {every}"
    if len(rivals) == 1:
        yield f"{start}: by {both(len(answers))} that is {rivals[0]}."
    yield f"{start}: {'; '.join(_ahead(item) for item in answers)}."
    yield f"{start}."


def _ahead(item: Answer) -> Inline:
    return f"{_by(item)}, {_rival(item)} is"


def _rival(item: Answer) -> Inline:
    """Name who is the best most often, with its equals."""
    share, own = item.best_share.get(item.rival), item.best.share
    equals = [each for each in item.rival_ties if each in item.best_share]
    who = " or ".join(name(each) for each in (item.rival, *equals))
    together = (share or 0.0) * (1 + len(equals))
    if together > 1.0 - 1e-12:
        return who
    if share is None or own is None or share <= own:
        return "no single one"
    return f"most often {who}"


def _margins(verdict: Verdict) -> Iterator[Inline]:
    """Say by how much the recommendation is ahead on average."""
    over = "" if len(_against(verdict)) == 1 else " than the next best"
    several = len(verdict.answers) > 1
    if all(_margin(item).mean is None for item in verdict.answers):
        yield "By how much cannot be said: the difference has no value in any reading."
        return
    for spread in (True, False):
        parts = []
        for item in verdict.answers:
            said = ahead(_margin(item), item.criterion, spread=spread)
            if said is not None:
                by = measure(uncounted(item.criterion), uncounted(item.expression)).rstrip(",")
                parts.append(f"{said} by {by}" if several else said)
        yield f"On average it is {words.listed(parts)}{over}."
    yield f"On average it is {parts[0]}{over}."


def _margin(item: Answer) -> Spread:
    return item.margin if item.margin is not None else item.margin_over_rivals


def by_criterion(findings: Findings) -> tuple[Inline, ...]:
    """Say what each criterion answers, one sentence each, with sampling errors and the average margin.

    Nothing where there is no verdict.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=16, seed=7))
    >>> by_criterion(found)[1][:80]
    '**The chance that a failure is clean:** “short list” does better than “status qu'
    """
    verdict = findings.verdict
    if verdict is None or not findings.certification.sufficient:
        return ()
    return tuple(_criterion(verdict, item) for item in verdict.answers)


def _criterion(verdict: Verdict, item: Answer) -> Inline:
    share, who = answered(item), capital(_what(item))
    if share.ties == 1.0:
        return f"**{who}:** {_level(verdict)} in all {plural(share.defined, 'reading')}."
    halves = ", ties counted half" if share.ties else ""
    average = ahead(_margin(item), item.criterion)
    also = "" if average is None else f", on average {average}"
    return f"**{who}:** {_does(verdict, introduced=False)} {counted(share)}{halves}{also}."


def caveats(findings: Findings) -> tuple[Inline, ...]:
    """Say what to know beside the answer: an unfinished run, ties, readings without a value.

    Returns
    -------
    tuple of str
        Whole sentences; none in a run without any of these.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=16, seed=7))
    >>> caveats(found)
    ()
    """
    return tuple(_caveats(findings))


def _caveats(findings: Findings) -> Iterator[Inline]:
    if not findings.complete:
        planned = findings.provenance.draws
        yield f"This run was stopped early: {findings.draws:,} of {plural(planned, 'reading')} are made."
    verdict = findings.verdict
    if verdict is None or not findings.certification.sufficient:
        return
    for item in verdict.answers:
        share, what = answered(item), capital(_by(item))
        if 0.0 < share.ties < 1.0:
            yield f"{what}, {of_readings(share.ties)} are ties: each counts as half a win."
        if share.undefined and share.defined:
            total = share.undefined + share.defined
            yield (
                f"{what}, nothing can be compared in {share.undefined:,} of {plural(total, 'reading')}; the "
                "answer allows for either outcome there."
            )
    for missing in findings.measures:
        if missing.kind == "criterion" and missing.needs:
            needed = words.listed([name(each) for each in missing.needs])
            what = capital(measure(missing.name, missing.expression))
            yield f"{what} was not measured: this run left out {needed}."
