"""Where the recommendation fails, in a sentence or two.

What lives here: the sentences. What may not: the search for regions, layout.

Numbers of a region are those of the readings held back, for the bounds exactly as they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from parley.findings import DecisionTree, Failure, Findings, Portion, Region, Restriction, TreeQuestion
from parley.findings.judgements import number
from parley.report.words import clean, give_or_take, listed, of_hundred, quoted

__all__ = ["REMARK", "bound", "failing", "opinion", "region", "where"]

REMARK = "found in one half of the readings, measured on the other"


def failing(findings: Findings, failure: Failure) -> tuple[str, ...]:
    """Say where the recommendation fails by one criterion.

    Parameters
    ----------
    findings
        Whose recommendation it is.
    failure
        One of its ``discovery``.

    Returns
    -------
    tuple of str
        How often it fails and where; what the region holds; what else a reader must know.

    Examples
    --------
    >>> import parley
    >>> findings = parley.assess(parley.run(parley.load("which-event-first"), draws=1024, seed=7))
    >>> print(failing(findings, findings.discovery[1])[0])
    "short list" does worse than "status quo" in none of 1,024 readings.
    """
    verdict = findings.verdict
    name = quoted(verdict.recommended) if verdict is not None else "the recommendation"
    rival = quoted(failure.against[0]) if len(failure.against) == 1 else "the best of its rivals"
    often = f"{name} does worse than {rival} {_often(failure.share)}"
    match failure.word:
        case "found":
            said = [f"{often}, mostly where {where(failure.regions[0].restrictions)}."]
            said.append(region(failure.regions[0]))
            said += [_second(each) for each in failure.regions[1:]]
        case "none":
            said = [f"{often}, and no simple region tells where.", *_best(failure)]
        case "never" | "always":
            few = failure.word == "never" and failure.share.share
            said = [f"{often}{': too few to say where' if few else ''}."]
        case _:
            said = [f"{often}: too few readings to say where (more: --draws)."]
    return (*said, *_left_out(failure))


def _often(share: Portion) -> str:
    if share.share is None:
        return "in no reading that can be compared"
    if share.share in (0.0, 1.0):
        which = of_hundred(share.share)
        return (
            f"in {which} {share.count:,} readings" if share.share else f"in none of {share.count:,} readings"
        )
    return f"in {of_hundred(share.share)} readings ({give_or_take(share.error)})"


def where(restrictions: Sequence[Restriction]) -> str:
    """Write the restrictions of a region as a condition.

    >>> low = Restriction("p", "parameter", None, "per month", 0.5, None, (), 0.0, 0.1)
    >>> high = Restriction("p", "parameter", None, "per month", None, 2.0, (), 0.0, 0.1)
    >>> off = Restriction("binds", "switch", "the promise binds", None, None, None, ("off",), 0.0, 0.1)
    >>> print(where((low, high, off)))
    p is from 0.5 to 2 per month and "the promise binds" (binds) is "off"
    """
    by_name: dict[str, list[Restriction]] = {}
    for each in restrictions:
        by_name.setdefault(each.name, []).append(each)
    return listed([f"{_named(sides[0])} is {_range(sides)}" for sides in by_name.values()])


def _named(item: Restriction | TreeQuestion) -> str:
    if item.kind == "ranking" and item.text is not None:
        return f"{clean(item.text)} (0 the worst ending, 1 the best)"
    return clean(item.name) if item.text is None else f"{quoted(item.text)} ({clean(item.name)})"


def _range(sides: Sequence[Restriction]) -> str:
    if sides[0].options:
        return " or ".join(quoted(option) for option in sides[0].options)
    low = next((each.low for each in sides if each.low is not None), None)
    high = next((each.high for each in sides if each.high is not None), None)
    unit = f" {clean(sides[0].unit)}" if sides[0].unit else ""
    if low is not None and high is not None:
        return f"{bound(low)}{unit}" if low == high else f"from {bound(low)} to {bound(high)}{unit}"
    return f"at most {bound(high)}{unit}" if high is not None else f"at least {bound(low or 0.0)}{unit}"


def bound(value: float) -> str:
    """Write a bound in full: it was rounded before anything was measured.

    >>> bound(12345.0), bound(0.0625), bound(1e-7)
    ('12,345', '0.0625', '1e-07')
    """
    for digits in range(2, 17):
        text = number(value, digits)
        if float(text.replace(",", "")) == value:
            return text.replace(".e", "e")
    return repr(value)


def region(found: Region) -> str:
    """Say how much a region holds, and how surely the recommendation fails in it."""
    return (
        f"These are {_portion(found.mass)} readings; they hold {_portion(found.coverage)} of its failures, "
        f"and it fails in {_portion(found.density)} of them ({_largest(found)})."
    )


def _second(found: Region) -> str:
    return (
        f"Elsewhere it fails mostly where {where(found.restrictions)}: {_portion(found.mass)} readings, "
        f"which hold {_portion(found.coverage)} of its failures; it fails in {_portion(found.density)} "
        f"of them ({_largest(found)})."
    )


def _portion(portion: Portion) -> str:
    return of_hundred(portion.share)


def _largest(found: Region) -> str:
    errors = [each.error for each in (found.mass, found.coverage, found.density)]
    known = [error for error in errors if error is not None]
    return f"each {give_or_take(max(known) if len(known) == len(errors) else None)}"


def _best(failure: Failure) -> Iterable[str]:
    if failure.best is None:
        yield f"None of the {failure.inputs} things that vary matters enough by itself or with two others."
        return
    found = failure.best
    yield (
        f"The best one found, where {where(found.restrictions)}, holds {_portion(found.coverage)} of its "
        f"failures in {_portion(found.mass)} readings ({_largest(found)})."
    )


def _left_out(failure: Failure) -> Iterable[str]:
    if failure.level:
        yield f"Ties, in {failure.level:,} readings, are no failures."
    if failure.undefined:
        total = failure.share.count + failure.undefined
        yield f"{failure.undefined:,} of {total:,} readings cannot be compared and are left out."


def opinion(failure: Failure) -> str | None:
    """Say whether a decision tree on the same readings agrees; None where it was not asked.

    Examples
    --------
    >>> portions = [Portion(share, 0.01, 2048) for share in (0.87, 0.83, 0.56)]
    >>> asked = tuple(TreeQuestion(name, "parameter", None, None, 1.0, None) for name in "BBq")
    >>> side = Restriction("B", "parameter", None, None, None, 13.0, (), 0.0, 0.6)
    >>> from dataclasses import replace
    >>> box = Region((side,), *portions, 0.66, 0.54, 0.83, 0.86, 0.66)
    >>> found = Failure("", "", ("b",), "found", portions[0], 0, 0, 9, 9, 2, (box,), None, (),
    ...     DecisionTree(None, asked, 4, *portions))
    >>> print(opinion(found))
    A decision tree on the same readings agrees that B matters most; it asks about q too. Of the readings \
held back it calls 87 of 100 rightly, the region 83; always naming what is more frequent, 56.
    >>> print(opinion(replace(found, tree=DecisionTree("pip install x", (), 0, None, None, None))))
    A decision tree as second opinion needs scikit-learn: pip install x
    """
    tree = failure.tree
    if tree is None:
        return None
    if tree.missing is not None:
        return f"A decision tree as second opinion needs scikit-learn: {tree.missing}"
    if not tree.questions:
        also = "nothing to ask either" if not failure.regions else "nothing worth asking"
        return f"A decision tree on the same readings finds {also}."
    return f"A decision tree on the same readings {_asks(failure, tree)}.{_rightness(tree)}"


def _asks(failure: Failure, tree: DecisionTree) -> str:
    names = list(dict.fromkeys(question.name for question in tree.questions))
    first, others = clean(names[0]), [clean(name) for name in names[1:]]
    restricted = {each.name for found in failure.regions for each in found.restrictions}
    too = f"; it asks about {listed(others)} too" if others else ""
    if not restricted:
        return f"asks about {listed([first, *others])}"
    if names[0] not in restricted:
        return f"disagrees: it asks about {first} first" + (
            f", then about {listed(others)}" if others else ""
        )
    return f"agrees that {first} matters most{too}" if len(restricted) == 1 else f"agrees on {first}{too}"


def _rightness(tree: DecisionTree) -> str:
    if tree.right is None or tree.guess_right is None:
        return ""
    said = f" Of the readings held back it calls {_portion(tree.right)} rightly"
    if tree.region_right is not None:
        said += f", the region {_portion(tree.region_right).replace(' of 100', '')}"
    guess = _portion(tree.guess_right).replace(" of 100", "")
    return f"{said}; always naming what is more frequent, {guess}."
