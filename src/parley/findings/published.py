"""Published numbers beside what the model gives in their place.

What lives here: comparisons, as records that can be written as JSON. What may not: solving, sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

import parley
from parley.catalog.naming import known_as
from parley.findings.exchange import write
from parley.findings.statistics import number_or_none, spread
from parley.scenario.model import Scenario
from parley.study.reproduction import Reproduced, Reproduction, published_for

__all__ = ["EXACT", "Publications", "PublishedNumber", "PublishedNumbers", "publications", "published"]

EXACT = 1e-12  # gap, in stakes, up to which a limit counts as solved exactly


@dataclass(frozen=True, slots=True)
class PublishedNumber:
    """One published number: ``value`` stated, ``found`` in its place, ``off`` by how much.

    ``how`` is ``formula`` (it follows from parameters), ``quantal``, ``exact`` or ``extrapolated`` (the limit
    of precision without bound), or ``unsolved``. ``residual`` is the largest certificate of its games: the
    miss of the quantal-response equation, or of a limit the gap in stakes. ``error`` is half the width of a
    95 % interval of a mean over ``readings``; None for one reading.
    """

    quantity: str
    text: str | None
    given: str  # "p = 0.3, bluff = on"; empty where it is as written
    concept: str
    value: float
    tolerance: float
    found: float | None
    error: float | None
    off: float | None
    met: bool
    how: str
    residual: float | None
    readings: int
    undefined: int  # readings in which the quantity has no value though its games are solved
    unsolved: int
    source: str | None


@dataclass(frozen=True, slots=True)
class PublishedNumbers:
    """The published numbers of one scenario. ``problems`` is what the independent check found wrong."""

    title: str
    name: str  # of a shipped scenario, or a path
    digest: str
    met: bool
    numbers: tuple[PublishedNumber, ...]
    problems: tuple[str, ...]
    games: int
    seed: int


@dataclass(frozen=True, slots=True)
class Publications:
    """The published numbers of several scenarios."""

    version: str
    met: bool
    scenarios: tuple[PublishedNumbers, ...]

    def to_json(self) -> str:
        """Write them as JSON, the same text as ``parley reproduce --json``."""
        return write(self, "parley_reproduction", 1)


def published(found: Reproduction) -> PublishedNumbers:
    """Compare what was solved for with what was published.

    Examples
    --------
    >>> import parley
    >>> from parley.study import reproduce
    >>> found = published(reproduce(parley.load("which-event-first"), draws=64))
    >>> found.numbers[0].how, found.numbers[0].readings
    ('quantal', 64)
    """
    scenario = found.scenario
    return PublishedNumbers(
        title=scenario.title,
        name=known_as(scenario.path),
        digest=scenario.digest,
        met=found.met,
        numbers=tuple(_number(scenario, each) for each in found.numbers),
        problems=tuple(
            f"policy {problem.policy}: {problem.message}" if problem.policy else problem.message
            for problem in found.problems
        ),
        games=found.games,
        seed=found.seed,
    )


def publications(found: Iterable[PublishedNumbers]) -> Publications:
    """Put the comparisons of several scenarios together."""
    scenarios = tuple(found)
    return Publications(parley.__version__, all(each.met for each in scenarios), scenarios)


def _number(scenario: Scenario, each: Reproduced) -> PublishedNumber:
    stated = each.expectation
    over = spread(np.where(np.isfinite(each.values), each.values, np.nan), each.draw)
    source = scenario.sources.get(stated.source or "")
    residuals = [number_or_none(value) for value in each.residual.values()]
    known = [value for value in residuals if value is not None]
    return PublishedNumber(
        quantity=stated.expression.source,
        text=stated.text,
        given=published_for(stated),
        concept=stated.concept,
        value=stated.value,
        tolerance=stated.tolerance,
        found=each.found,
        error=over.error if len(each.values) > 1 else None,
        off=None if each.found is None else each.found - stated.value,
        met=each.met,
        how=_how(each, max(known, default=0.0)),
        residual=max(known, default=None),
        readings=len(each.values),
        undefined=over.undefined - each.unsolved,
        unsolved=each.unsolved,
        source=source.text if source is not None else stated.source,
    )


def _how(each: Reproduced, residual: float) -> str:
    if not each.residual:
        return "formula"
    if each.unsolved == len(each.values):
        return "unsolved"
    if each.expectation.concept == "quantal":
        return "quantal"
    return "exact" if residual <= EXACT else "extrapolated"
