"""Where a recommendation fails: frozen data.

What lives here: the types. What may not: how regions are found, sentences. As in
:mod:`parley.findings.model`, nothing is an array and None stands for a number that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "DecisionTree",
    "Failure",
    "PeelingStep",
    "Plane",
    "PlaneAxis",
    "Portion",
    "Region",
    "Restriction",
    "TreeQuestion",
]


@dataclass(frozen=True, slots=True)
class Portion:
    """A share of ``count`` readings, with the half-width of a 95 % interval.

    ``share`` is None where there is no reading; ``error`` is None with fewer than two replicates, and never
    below 3 / ``count`` (:func:`parley.findings.statistics.share`).
    """

    share: float | None
    error: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Restriction:
    """One side of a region: a number at least ``low`` or at most ``high``, or a switch at one of ``options``.

    Exactly one of the three says something. ``kind`` is ``parameter``, ``ranking`` (a utility from 0 to 1 of
    which only the order was stated) or ``switch``; ``text`` is the author's phrase. ``chance`` is the
    quasi-p-value on the readings that the region was found in: how likely so many failures would be if
    the restriction made no difference. ``worth`` is by how much Youden's index of the region falls there
    without it.
    """

    name: str
    kind: str
    text: str | None
    unit: str | None
    low: float | None
    high: float | None
    options: tuple[str, ...]
    chance: float
    worth: float


@dataclass(frozen=True, slots=True)
class Region:
    """A box of readings in which the recommendation mostly fails, measured on the readings held back.

    ``mass`` is the share of the readings that lie in it, ``coverage`` the share of the failures that do,
    ``density`` the share of its readings that are failures; ``score`` is Youden's index, ``coverage`` minus
    the share of the successes that lie in it. The ``fitted_`` numbers are those of the readings that it was
    found in. Of a second region all is measured outside the first; only ``coverage`` is a share of all
    failures.
    """

    restrictions: tuple[Restriction, ...]
    mass: Portion
    coverage: Portion
    density: Portion
    score: float
    fitted_mass: float
    fitted_coverage: float
    fitted_density: float
    fitted_score: float


@dataclass(frozen=True, slots=True)
class PeelingStep:
    """One box of the peeling trajectory, measured on the readings that it was found in."""

    mass: float
    coverage: float
    density: float
    restricted: int


@dataclass(frozen=True, slots=True)
class TreeQuestion:
    """What a tree asks at one of its forks: is a number at most ``high``, is a switch at ``option``."""

    name: str
    kind: str
    text: str | None
    unit: str | None
    high: float | None
    option: str | None


@dataclass(frozen=True, slots=True)
class DecisionTree:
    """A second opinion: a shallow decision tree that was fitted to the same readings.

    ``questions`` are its forks from the top down, none where it does not divide the readings. ``right`` is
    the share of the readings held back in which it tells failure from success, ``region_right`` the same for
    the regions, ``guess_right`` for always naming what is more frequent. ``missing`` says how to get the
    library where there is none; then there is nothing else.
    """

    missing: str | None
    questions: tuple[TreeQuestion, ...]
    leaves: int
    right: Portion | None
    region_right: Portion | None
    guess_right: Portion | None


@dataclass(frozen=True, slots=True)
class PlaneAxis:
    """One of the two numbers of a plane; ``kind``, ``text`` and ``unit`` as of a :class:`Restriction`.

    ``edges`` bound the cells, the least and the largest value of the readings among them: a cell holds what
    lies above its lower edge up to its upper one, the first cell its lower edge too. ``middle`` is the
    median of the readings.
    """

    name: str
    kind: str
    text: str | None
    unit: str | None
    edges: tuple[float, ...]
    middle: float


@dataclass(frozen=True, slots=True)
class Plane:
    """Readings and failures, counted in the cells of a plane of two numbers.

    ``counts[row][column]`` and ``failures[row][column]``: columns along ``across``, rows along ``up``, both
    from the least value. All readings that can be compared are counted.
    """

    across: PlaneAxis
    up: PlaneAxis
    counts: tuple[tuple[int, ...], ...]
    failures: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Where the recommendation fails by one criterion.

    It fails in a reading where it does worse than the one of ``against``, or the best of them. ``word``:

    ========  =====================================================================
    found     ``regions`` has one, or two
    none      no region tells failures from successes well enough to be named
    never     it fails in fewer than one reading in a hundred
    always    it fails in more than 99 readings in a hundred
    few       too few failures or successes to look for a region
    ========  =====================================================================

    ``share`` is that of the failures among the readings that can be compared; ``level`` counts the ties among
    them, which are no failures; ``undefined`` counts the other readings. ``fitted`` and ``held`` count the
    readings that regions are found in and measured on; ``inputs`` counts what could have been restricted.
    ``trajectory`` is the first peeling, from the whole inwards. ``best`` is the best region where none
    could be named. ``plane`` counts the failures along the two numbers that matter most in the first region,
    or by themselves where there is none; None where no region was looked for, or fewer than two numbers vary.
    """

    criterion: str
    expression: str
    against: tuple[str, ...]
    word: str
    share: Portion
    level: int
    undefined: int
    fitted: int
    held: int
    inputs: int
    regions: tuple[Region, ...]
    best: Region | None
    trajectory: tuple[PeelingStep, ...]
    tree: DecisionTree | None
    plane: Plane | None = None
