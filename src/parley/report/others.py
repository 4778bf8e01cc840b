"""What a search for other equilibria found, in sentences.

What lives here: the sentences. What may not: the search, statistics, layout.
"""

from __future__ import annotations

from parley.findings import Bounds, Findings, Multiplicity, Survival
from parley.report.words import clean, of_hundred, quoted

__all__ = ["UNSEARCHED", "others"]

UNSEARCHED = "; no search for other equilibria (--starts 32)"


def others(findings: Findings) -> tuple[str, ...]:
    r"""Say how many equilibria were found and whether the verdict survives in them, a sentence each.

    Nothing is said where there was no search; :data:`UNSEARCHED` is for the record then.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load(parley.catalog.template())
    >>> others(parley.assess(parley.run(scenario, draws=16)))
    ()
    >>> print(*others(parley.assess(parley.run(scenario, draws=16, starts=8))), sep="\n")
    No other equilibrium was found in 32 games searched (16 readings x 2 policies, 8 starts each).
    """
    found = findings.multiplicity
    if found is None:
        return ()
    said = [_counted(found)]
    empty = sum(each.none for each in found.policies)
    if empty:
        said.append(f"{_games(empty)} no equilibrium was found at all.")
    if found.missed:
        said.append(f"{_games(found.missed)} those found cannot be all: their signs do not add up to 1.")
    if found.twins:
        said.append(
            f"{_games(found.twins)} two equilibria are mirror images: the game treats players or options "
            "alike, and nothing in it says which of them is played."
        )
    if found.accidents:
        said.append(f"{_games(found.accidents)} the one that was followed is such an image: an accident.")
    if found.several:
        said += _survival(findings, found)
    return tuple(said)


def _counted(found: Multiplicity) -> str:
    count = len(found.policies)
    policies = f"{count} policies" if count != 1 else "1 policy"
    what = f"{found.draws:,} readings x {policies}, {found.starts:,} starts each"
    searched = f"{found.games:,} games searched ({what})"
    if not found.several:
        return f"No other equilibrium was found in {searched}."
    most = f"up to {found.most:,} in one" if found.most > 2 else "one more in each"
    verb = "has" if found.several == 1 else "have"
    return f"{found.several:,} of {searched} {verb} another equilibrium ({most}, at least)."


def _games(count: int) -> str:
    return f"In {count:,} game{'s' if count != 1 else ''}"


def _survival(findings: Findings, found: Multiplicity) -> list[str]:
    if found.survives is None:
        return []
    depends = [line for each in found.criteria for line in _changes(findings, each)]
    if not depends:
        return ["Whichever is played, every answer of the verdict is the same."]
    if found.survives:
        return ["The words of the verdict are the same whichever is played.", *depends]
    return ["The verdict would change if another one were played.", *depends]


def _changes(findings: Findings, criterion: Survival) -> list[str]:
    """Say of what depends on the equilibrium how much."""
    verdict = findings.verdict
    assert verdict is not None
    name = quoted(verdict.recommended)
    said = []
    if criterion.against_baseline is not None:
        beats = f"{name} beats {quoted(verdict.baseline or '')}"
        said.append((beats, criterion.against_baseline))
    if criterion.against_baseline is None or len(verdict.candidates) > 2:
        said.append((f"{name} is the best of {len(verdict.candidates)}", criterion.best))
    return [
        f"{clean(criterion.criterion)}: {what} in {_bounds(bounds)}"
        for what, bounds in said
        if bounds.depends
    ]


def _bounds(bounds: Bounds) -> str:
    played, worst, best = (of_hundred(each.share) for each in (bounds.played, bounds.worst, bounds.best))
    return (
        f"{played} of these readings as played; in {worst} if always the worst equilibrium for it is played, "
        f"in {best} if the best (it depends on the equilibrium in {bounds.depends:,} of "
        f"{bounds.played.defined + bounds.played.undefined:,})."
    )
