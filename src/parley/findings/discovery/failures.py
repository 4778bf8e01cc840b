"""Where a recommendation fails: from a run's tables to regions that can be said in words.

What lives here: what counts as a failure, which readings are held back, what is measured on them. What may
not: the search itself, sentences.

Regions are looked for in the even replicates of the design and measured on the odd ones. The two halves are
independent, and each is spread evenly over the judgements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from parley.findings.comparison import contest, label, opponents
from parley.findings.discovery.box import HIGH, LOW, OPTIONS, Inputs, Side, measured, youden
from parley.findings.discovery.labels import Label, Offered, offered
from parley.findings.discovery.peeling import Trajectory, peel
from parley.findings.discovery.plane import chosen_rows, plane
from parley.findings.discovery.search import Discovered, search, support
from parley.findings.discovery.tree import MISSING, Fork, grow
from parley.findings.discovery_model import (
    DecisionTree,
    Failure,
    PeelingStep,
    Plane,
    Portion,
    Region,
    Restriction,
    TreeQuestion,
)
from parley.findings.needs import left_out
from parley.findings.statistics import REPLICATES, share
from parley.study.results import Results

__all__ = ["FEWEST", "NAMED", "RARE", "SECOND", "discover"]

RARE = 0.01  # a recommendation that fails in fewer readings never fails, in more than the rest always
FEWEST = 20  # failures, and successes, in the readings that regions are looked for in
NAMED = 0.2  # the least Youden index, on the readings held back, of a region that is named
LARGEST = 32_768  # readings that regions are looked for in; bounds are known well enough from those
SECOND = 0.1  # the least share of the failures that a second region must add
Mask = NDArray[np.bool_]


def discover(results: Results, *, tree: bool = False) -> tuple[Failure, ...]:
    """Say where the recommended policy fails, criterion by criterion.

    It fails in a reading where it does worse than the baseline, or, when it is the baseline, worse than the
    best other candidate. Regions are found by patient rule induction
    (:func:`parley.findings.discovery.search.search`) in one half of the readings (at most its first 32,768)
    and measured on the other; one is named when its Youden index there is at least :data:`NAMED` and,
    sampling error allowed for, failures are more frequent in it than overall. A second one is looked for
    outside the first, and named when the same holds of it there and it adds at least :data:`SECOND` of all
    failures.

    Parameters
    ----------
    results
        A run's tables; nothing is solved again.
    tree
        Whether to ask a decision tree too (needs scikit-learn).

    Returns
    -------
    tuple of Failure
        One for each criterion that was measured; nothing where there is nobody to compare with.

    Raises
    ------
    FindingsError
        The results lack a criterion's values.

    Examples
    --------
    >>> import parley
    >>> found = discover(parley.run(parley.load("which-event-first"), draws=1024, seed=7))
    >>> [failure.word for failure in found]
    ['found', 'never']
    >>> [side.name for side in found[0].regions[0].restrictions]
    ['B']
    """
    comparison, against = results.scenario.comparison, opponents(results)
    if comparison is None or not against:
        return ()
    offer = offered(results)
    found = []
    for index, criterion in enumerate(comparison.by):
        if left_out(results.scenario, criterion.expression.root, results.policies):
            continue
        margin = np.where(offer.known, contest(results, index), np.nan)
        failure = _failure(offer, margin, results.draw, tree=tree)
        name = label(results.scenario, criterion.expression, criterion.text)
        found.append(
            replace(failure, criterion=name, expression=criterion.expression.source, against=against)
        )
    return tuple(found)


def _portion(holds: Mask, among: Mask, draw: NDArray[np.int64]) -> Portion:
    """Return the share of some readings in which something holds, with its sampling error."""
    found = share(holds[among].astype(np.float64), draw[among])
    return Portion(found.share, found.error, found.defined)


@dataclass(frozen=True, slots=True, eq=False)
class _Half:
    """The readings that regions are found in, or those they are measured on."""

    inputs: Inputs
    failed: Mask
    draw: NDArray[np.int64]

    def where(self, chosen: Mask) -> _Half:
        return _Half(self.inputs.where(chosen), self.failed[chosen], self.draw[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """One criterion: the readings that can be compared, in two halves, and the names of what varies."""

    labels: Sequence[Label]
    fitted: _Half
    held: _Half


def _failure(offer: Offered, margin: NDArray[np.float64], draw: NDArray[np.int64], *, tree: bool) -> Failure:
    """Say where a margin is negative; names are put in by the caller."""
    failed, defined, even = margin < 0, np.isfinite(margin), draw % 2 == 0
    looked_at = np.flatnonzero(defined & even)[:LARGEST]
    fitted, held = (
        _Half(offer.inputs(chosen), failed[chosen], draw[chosen])
        for chosen in (looked_at, np.flatnonzero(defined & ~even))
    )
    asked = _Question(offer.labels, fitted, held)
    whole = _portion(failed, defined, draw)
    found = Failure(
        criterion="",
        expression="",
        against=(),
        word=_word(whole, fitted, held),
        share=whole,
        level=int(np.count_nonzero(margin == 0)),
        undefined=int(np.count_nonzero(~defined)),
        fitted=fitted.failed.size,
        held=held.failed.size,
        inputs=len(offer.labels),
        regions=(),
        best=None,
        trajectory=(),
        tree=None,
    )
    if found.word != "none":
        return found
    trajectory = peel(fitted.inputs, fitted.failed, support=support(fitted.failed.size))
    regions, best, inside = _regions(asked, trajectory)
    return replace(
        found,
        word="found" if regions else "none",
        regions=regions,
        best=best,
        trajectory=_steps(trajectory),
        tree=_tree(asked, inside) if tree else None,
        plane=_plane(offer, asked, (*regions, *([best] if best else [])), np.flatnonzero(defined), failed),
    )


def _plane(
    offer: Offered, asked: _Question, regions: Sequence[Region], chosen: NDArray[np.int64], failed: Mask
) -> Plane | None:
    """Count the failures in the plane of the two numbers that matter most; ``chosen`` can be compared."""
    restrictions = regions[0].restrictions if regions else ()
    rows = chosen_rows(asked.labels, asked.fitted.inputs, asked.fitted.failed, restrictions)
    return None if rows is None else plane(offer, rows, chosen, failed[chosen])


def _word(whole: Portion, fitted: _Half, held: _Half) -> str:
    """Return whether there is something to look for."""
    if whole.share is None:
        return "few"
    if whole.share < RARE:
        return "never"
    if whole.share > 1.0 - RARE:
        return "always"
    for half in (fitted, held):
        failures = int(np.count_nonzero(half.failed))
        if min(failures, half.failed.size - failures) < FEWEST:
            return "few"
    return "none"


def _regions(asked: _Question, trajectory: Trajectory) -> tuple[tuple[Region, ...], Region | None, Mask]:
    """Return the regions that may be named, the best that may not, and who lies in a region, held back."""
    fitted, held = asked.fitted, asked.held
    inside = np.zeros(held.failed.size, dtype=np.bool_)
    first = search(fitted.inputs, fitted.failed, trajectory)
    if first is None:
        return (), None, inside
    region = _measured(asked, first, fitted, held)
    if not _named(region, held):
        return (), region, inside
    inside = first.box.inside(held.inputs)
    rest = fitted.where(~first.box.inside(fitted.inputs)), held.where(~inside)
    if any(np.count_nonzero(half.failed) < FEWEST for half in rest):
        return (region,), None, inside
    second = search(rest[0].inputs, rest[0].failed, denser=float(fitted.failed.mean()))
    if second is None:
        return (region,), None, inside
    further = _measured(asked, second, *rest)
    if not _named(further, held) or (further.coverage.share or 0.0) < SECOND:
        return (region,), None, inside
    return (region, further), None, inside | second.box.inside(held.inputs)


def _named(region: Region, held: _Half) -> bool:
    """Whether a region tells failures from successes in readings that it was not found in.

    ``held`` are all of those, also for a second region: what is named must be worse than the whole.
    """
    density, overall = region.density, float(held.failed.mean())
    if density.share is None or density.error is None:
        return False
    return region.score >= NAMED and density.share - density.error > overall


def _measured(asked: _Question, found: Discovered, fitted: _Half, held: _Half) -> Region:
    """Measure a region: ``fitted`` and ``held`` are the readings outside regions named before."""
    inside, fitted_inside = found.box.inside(held.inputs), found.box.inside(fitted.inputs)
    mass, coverage, density = measured(fitted_inside, fitted.failed)
    # Of all failures held back, those in earlier regions too: they lie outside this one.
    failures = int(np.count_nonzero(asked.held.failed))
    whole = found.box.inside(asked.held.inputs) & np.isin(asked.held.draw, held.draw)
    of_all = _portion(whole, asked.held.failed, asked.held.draw)
    assert of_all.count == failures
    fitted_all = int(np.count_nonzero(asked.fitted.failed))
    return Region(
        restrictions=tuple(_restriction(asked, found, side) for side in found.box.sides()),
        mass=_portion(whole, np.ones(whole.size, dtype=np.bool_), asked.held.draw),
        coverage=of_all,
        density=_portion(held.failed, inside, held.draw),
        score=youden(inside, held.failed),
        fitted_mass=mass * fitted.failed.size / asked.fitted.failed.size,
        fitted_coverage=coverage * int(np.count_nonzero(fitted.failed)) / fitted_all,
        fitted_density=density,
        fitted_score=youden(fitted_inside, fitted.failed),
    )


def _restriction(asked: _Question, found: Discovered, side: Side) -> Restriction:
    row, kind = side
    named, box = asked.labels[row], found.box
    options = asked.fitted.inputs.options[row] if kind == OPTIONS else None
    return Restriction(
        name=named.name,
        kind=named.kind,
        text=named.text,
        unit=named.unit,
        low=box.low[row] if kind == LOW else None,
        high=box.high[row] if kind == HIGH else None,
        options=tuple(options[code] for code in box.options[row]) if options is not None else (),
        chance=found.chance[side],
        worth=found.worth[side],
    )


def _steps(trajectory: Trajectory) -> tuple[PeelingStep, ...]:
    columns = (trajectory.mass, trajectory.coverage, trajectory.density, trajectory.restricted)
    return tuple(
        PeelingStep(float(mass), float(coverage), float(density), int(restricted))
        for mass, coverage, density, restricted in zip(*columns, strict=True)
    )


def _tree(asked: _Question, inside: Mask) -> DecisionTree:
    """Ask a decision tree, and say how often it, the regions and a blind guess are right."""
    fitted, held = asked.fitted, asked.held
    least = support(fitted.failed.size)
    grown = grow(fitted.inputs, fitted.failed, fitted.draw % REPLICATES, held.inputs, least)
    if grown is None:
        return DecisionTree(MISSING, (), 0, None, None, None)
    everywhere = np.ones(held.failed.size, dtype=np.bool_)
    usual = np.full(held.failed.size, np.mean(fitted.failed) > 0.5)
    right, region, guess = (
        _portion(said == held.failed, everywhere, held.draw) for said in (grown.fails, inside, usual)
    )
    questions = tuple(_asked(asked, fork) for fork in grown.forks)
    return DecisionTree(None, questions, grown.leaves, right, region if inside.any() else None, guess)


def _asked(asked: _Question, fork: Fork) -> TreeQuestion:
    named, options = asked.labels[fork.row], asked.fitted.inputs.options[fork.row]
    option = options[fork.option] if options is not None and fork.option is not None else None
    return TreeQuestion(named.name, named.kind, named.text, named.unit, fork.high, option)
