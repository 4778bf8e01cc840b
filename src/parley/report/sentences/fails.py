"""Where the recommendation fails, in one sentence for each criterion.

What lives here: the sentences. What may not: the search for regions.
"""

from __future__ import annotations

from collections.abc import Sequence

from parley.findings import Failure, Findings, Restriction
from parley.report.discovery import bound
from parley.report.document import Inline
from parley.report.sentences.grammar import (
    capital,
    is_share,
    measure,
    name,
    noun,
    of_readings,
    one_of,
    united,
)
from parley.report.words import give_or_take, listed

__all__ = ["failing", "held", "where"]


def failing(findings: Findings, failure: Failure) -> Inline:
    """Say where the recommendation falls behind by one criterion.

    Parameters
    ----------
    findings
        Whose recommendation it is.
    failure
        One of its ``discovery``.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> import parley
    >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=1024, seed=7))
    >>> print(failing(found, found.discovery[1])[-63:])
    “short list” falls behind “status quo” in none of the readings.
    """
    verdict = findings.verdict
    who = name(verdict.recommended) if verdict is not None else "the recommendation"
    by = f"By {measure(failure.criterion, failure.expression).rstrip(',')}, "
    behind = f"{by}{who} falls behind {one_of(failure.against)}"
    often = of_readings(failure.share.share)
    match failure.word:
        case "found":
            region = failure.regions[0]
            return (
                f"{behind} mostly where {where(region.restrictions)}: there it does so in "
                f"{of_readings(region.density.share)}."
            )
        case "none":
            return f"{behind} in {often}, and no simple condition tells where."
        case "few":
            few = "too few" if (failure.share.share or 0.0) < 0.5 else "too nearly all"
            return f"{behind} in {often}, {few} to say where."
        case _:
            return f"{behind} in {often}."


def held(failure: Failure) -> Inline | None:
    """Say how much the region holds that :func:`failing` names; None where it names none.

    Returns
    -------
    str or None
        One sentence: the shares of the readings and of the failures, with their error.

    Examples
    --------
    >>> from parley.findings import Portion, Region
    >>> side = Restriction("B", "parameter", None, None, None, 13.0, (), 0.0, 0.6)
    >>> mass, coverage, density = (Portion(share, 0.012, 1024) for share in (0.49, 0.65, 0.88))
    >>> box = Region((side,), mass, coverage, density, 0.5, 0.5, 0.6, 0.9, 0.5)
    >>> found = Failure("", "", ("b",), "found", density, 0, 0, 9, 9, 2, (box,), None, (), None)
    >>> held(found)[:63]
    '49 of 100 readings lie there, and 65 of 100 of its failures (gi'
    """
    if failure.word != "found":
        return None
    region, *others = failure.regions
    errors = [each.error for each in (region.mass, region.coverage, region.density)]
    known = [each for each in errors if each is not None]
    error = give_or_take(max(known) if len(known) == len(errors) else None)
    elsewhere = ""
    if others:
        elsewhere = f" Elsewhere it falls behind mostly where {where(others[0].restrictions)}."
    return (
        f"{capital(of_readings(region.mass.share))} lie there, and "
        f"{of_readings(region.coverage.share, what='of its failures')} "
        f"({error}; measured on readings that the condition was not found in).{elsewhere}"
    )


def where(restrictions: Sequence[Restriction]) -> Inline:
    """Write the restrictions of a region as a condition, with its bounds as they were measured.

    >>> low = Restriction("p", "parameter", "pace of talks", "per month", 0.5, None, (), 0.0, 0.1)
    >>> off = Restriction("binds", "switch", None, None, None, None, ("off",), 0.0, 0.1)
    >>> print(where((low, off)))
    the pace of talks is at least 0.5 per month and `binds` is “off”
    """
    by_name: dict[str, list[Restriction]] = {}
    for each in restrictions:
        by_name.setdefault(each.name, []).append(each)
    return listed([f"{_named(sides[0])} is {_range(sides)}" for sides in by_name.values()])


def _named(item: Restriction) -> Inline:
    if item.kind == "ranking" and item.text is not None:
        return f"{noun(item.text, item.name).rstrip(',')} (0 the worst ending, 1 the best)"
    return noun(item.text, item.name)


def _range(sides: Sequence[Restriction]) -> Inline:
    if sides[0].options:
        return " or ".join(name(each) for each in sides[0].options)
    low = next((each.low for each in sides if each.low is not None), None)
    high = next((each.high for each in sides if each.high is not None), None)
    least, most = (None if each is None else _bound(each, sides[0]) for each in (low, high))
    unit = sides[0].unit
    if least is not None and most is not None:
        return united(most, unit) if low == high else f"between {least} and {united(most, unit)}"
    return f"at most {united(most, unit)}" if most is not None else f"at least {united(least or '0', unit)}"


def _bound(value: float, item: Restriction) -> str:
    """Write a bound in full: it was rounded before anything was measured."""
    if is_share(item.unit, item.text) and 0.0 <= value <= 1.0:
        return f"{bound(float(f'{100 * value:.12g}'))}%"
    return bound(value)
