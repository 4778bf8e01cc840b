"""How often findings recover planted truths: ``python -m benchmarks.study_planted [COUNT] [DRAWS] [SEED]``.

Each scenario of :mod:`benchmarks.planted` is written to text, read, run and assessed as a user's would be.
What is found is held against closed forms: which judgement comes first, where the recommendation flips, the
box in which it fails, and whether 95 % intervals hold the truth.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import parley
from benchmarks.planted import FAMILIES, Planted, planted
from parley.findings.comparison import verdict
from parley.findings.discovery import discover
from parley.findings.discovery.search import MOST
from parley.findings.flips import flips
from parley.findings.sensitivity import cruxes
from parley.scenario import loads
from parley.study import Evaluator
from parley.study.results import Results

__all__ = ["Mark", "Table", "marks", "study"]

DRAWS = 4096
CLOSE = 0.02  # a flip is found when it is off by no more than this share of its value
SIDE = 0.02  # a side of a box: by no more than this, of a judgement from 0 to 1
SEED = 1000  # of the first scenario of each family


@dataclass(frozen=True)
class Mark:
    """One thing held against the truth: ``off`` is the distance, for reading."""

    family: str
    seed: int
    what: str
    name: str
    right: bool
    found: float | str | None
    truth: float | str


@dataclass(frozen=True)
class Table:
    """All marks of a study."""

    marks: tuple[Mark, ...]

    def rate(self, what: str) -> tuple[int, int]:
        """Return how many of the marks of this kind are right, and how many there are."""
        chosen = [mark for mark in self.marks if mark.what == what]
        return sum(mark.right for mark in chosen), len(chosen)

    def wrong(self, what: str) -> list[Mark]:
        """Return the marks of this kind that are wrong."""
        return [mark for mark in self.marks if mark.what == what and not mark.right]


def marks(of: Planted, draws: int = DRAWS, seed: int | None = None) -> Iterator[Mark]:
    """Assess a scenario and hold what is found against its truth."""
    scenario = loads(of.text)
    seed = of.seed if seed is None else seed
    results = parley.run(scenario, draws=draws, seed=seed)
    yield from _verdict(of, results)
    if of.box is not None:
        yield from _box(of, results)
        return
    probe = Evaluator(scenario, seed=seed)
    yield from _cruxes(of, results, probe)
    yield from _flips(of, results, probe)


def _mark(
    of: Planted, what: str, name: str, found: float | str | None, truth: float | str, *, right: bool
) -> Mark:
    return Mark(of.family, of.seed, what, name, right, found, truth)


def _inside(
    of: Planted, what: str, name: str, value: float | None, error: float | None, truth: float
) -> Mark:
    """Whether a value's interval holds the truth."""
    right = value is not None and error is not None and abs(value - truth) <= error
    return _mark(of, what, name, value, truth, right=right)


def _verdict(of: Planted, results: Results) -> Iterator[Mark]:
    found = verdict(results, sufficient=True)
    assert found is not None
    (answer,) = found.answers
    assert answer.against_baseline is not None
    assert answer.margin is not None
    if of.share is not None:
        share = answer.against_baseline
        yield _inside(of, "share covered", "", share.share, share.error, of.share)
    yield _inside(of, "mean covered", "", answer.margin.mean, answer.margin.error, of.mean)


def _cruxes(of: Planted, results: Results, probe: Evaluator) -> Iterator[Mark]:
    found = cruxes(results, probe)
    assert found is not None
    listed = found.criteria[0].cruxes
    if of.reversed:
        yield _mark(of, "driver first", "", listed[0].name, of.driver, right=listed[0].name == of.driver)
    parts = {each.name: each.margin for each in listed if each.margin is not None}
    first = max(parts, key=lambda name: parts[name].shapley.value or 0.0)
    yield _mark(of, "driver by Shapley effect", "", first, of.driver, right=first == of.driver)
    for each in listed:
        assert each.margin is not None
        for what, index, truth in (
            ("first-order covered", each.margin.first, of.first[each.name]),
            ("total covered", each.margin.total, of.total[each.name]),
            ("Shapley covered", each.margin.shapley, of.shapley[each.name]),
            ("reversed covered", each.reversed, of.reversed.get(each.name)),
        ):
            if truth:  # of what has no influence at all there is no error to cover
                right = index.low is not None and index.high is not None and index.low <= truth <= index.high
                yield _mark(of, what, each.name, index.value, truth, right=right)
            elif truth == 0.0:
                yield _mark(of, "told from nothing", each.name, index.value, truth, right=not index.distinct)


def _flips(of: Planted, results: Results, probe: Evaluator) -> Iterator[Mark]:
    found = flips(results, probe)
    assert found is not None
    for flip in found.criteria[0].flips:
        for what, crossing, truths in (
            ("threshold", flip.threshold, of.threshold),
            ("break-even", flip.break_even, of.break_even),
        ):
            truth = truths.get(flip.name)
            low, high = flip.outside
            if truth is None or not low <= truth <= high:
                continue  # beyond what was searched
            inside = flip.low <= truth <= flip.high
            value = None if crossing is None else crossing.value
            if flip.name == of.driver:
                close = value is not None and abs(value - truth) <= CLOSE * abs(truth)
                where = "" if inside else ", beyond the judgement,"
                yield _mark(of, f"driver's {what}{where} within 2 %", flip.name, value, truth, right=close)
            if crossing is not None and crossing.low is not None and crossing.high is not None:
                right = crossing.low <= truth <= crossing.high
                yield _mark(of, f"{what} covered", flip.name, value, truth, right=right)


def _box(of: Planted, results: Results) -> Iterator[Mark]:
    assert of.box is not None
    found = discover(results)[0]
    truth = sorted([*of.box.sides, *of.box.options])
    region = found.regions[0] if found.regions else None
    named = sorted(each.name for each in region.restrictions) if region is not None else []
    # a region is named by three sides at most: of a box that has more, three and none that it has not
    if len(truth) <= MOST:
        what, right = "box: its sides named", named == truth and len(found.regions) == 1
    else:
        what, right = f"box of more than {MOST} sides: {MOST} named", len(set(named) & set(truth)) == MOST
        right = right and len(named) == MOST
    yield _mark(of, what, "", ", ".join(named), ", ".join(truth), right=right)
    for each in region.restrictions if region is not None else ():
        if each.name in of.box.sides:
            for value, side in zip((each.low, each.high), of.box.sides[each.name], strict=True):
                if side is not None or value is not None:
                    close = value is not None and side is not None and abs(value - side) <= SIDE
                    yield _mark(of, "box: side within 0.02", each.name, value, side or "none", right=close)
    if of.share is not None:
        share = found.share
        yield _inside(of, "failures covered", "", share.share, share.error, 1 - of.share)


def study(scenarios: int, draws: int = DRAWS, first: int = SEED, families: Sequence[str] = FAMILIES) -> Table:
    """Assess so many scenarios, the families in turn, from this seed on."""
    found: list[Mark] = []
    for number in range(scenarios):
        family = families[number % len(families)]
        found += marks(planted(family, first + number // len(families)), draws)
    return Table(tuple(found))


def main() -> None:
    """Print how often each thing was right, and what was wrong with drivers, flips and boxes."""
    scenarios = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    draws = int(sys.argv[2]) if len(sys.argv) > 2 else DRAWS
    first = int(sys.argv[3]) if len(sys.argv) > 3 else SEED
    begin = time.perf_counter()
    table = study(scenarios, draws, first)
    print(f"{scenarios} scenarios from seed {first} on, {draws:,} draws, {time.perf_counter() - begin:.0f} s")
    for what in dict.fromkeys(mark.what for mark in table.marks):
        right, count = table.rate(what)
        print(f"  {what:52} {right:5} of {count:5} = {100 * right / count:5.1f} %")
    for what in dict.fromkeys(mark.what for mark in table.marks):
        if "covered" not in what:
            for mark in table.wrong(what)[:8]:
                where = f"{mark.family} {mark.seed}"
                print(f"  not: {what}, {where} {mark.name}: {mark.found}, truth {mark.truth}")


if __name__ == "__main__":
    main()
