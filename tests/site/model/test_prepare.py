"""What is solved once for a version: sweeps that agree with solving, leverage, findings, pictures."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

import parley
from parley.findings import Findings
from parley.scenario import loads
from parley.site.model import Numbers, Strip, estimate
from parley.site.model.article import Assumption
from parley.site.model.effect import Crossing
from parley.site.model.errors import CancelledError
from parley.site.model.prepare import pictures, prepare
from parley.site.model.setting import parse
from parley.site.model.solver import Solver
from parley.site.model.sweeps import POINTS, leverages, sweep

SMALL = "which-event-first"
SEED = 7


@lru_cache
def solver() -> Solver:
    return Solver(parley.load(SMALL))


def known(name: str, of: Solver | None = None) -> Assumption:
    return next(each for each in (of or solver()).assumptions if each.name == name)


@lru_cache
def strip(name: str) -> Strip:
    return sweep(solver(), known(name), 64, SEED)


@pytest.mark.parametrize("name", ["B", "kappa", "q_other"])
def test_a_point_of_a_sweep_is_what_solving_there_says(name: str) -> None:
    found = strip(name)
    assert found.readings == (128 if len(found.values) == POINTS else 64)
    for point in range(0, len(found.values), 8):
        solved = solver().solve(
            parse({name: found.values[point]}, solver().assumptions), found.readings, SEED
        )
        told = solved.criteria[0]
        for place, policy in enumerate(told.policies):
            assert found.dots[point][place] == pytest.approx(policy.dots, rel=1e-9)
            assert found.mean[point][place] == pytest.approx(policy.mean)
            assert found.best[point][place] == pytest.approx(policy.best)
        for tally in told.tallies:
            place = [policy.policy for policy in told.policies].index(tally.rival)
            assert found.better[point][place] == pytest.approx(tally.better)
            assert found.worse[point][place] == pytest.approx(tally.worse)
        assert found.share()[point] == pytest.approx(told.share)
        assert found.before == pytest.approx(told.before)


def test_between_points_an_estimate_is_near_to_solving() -> None:
    packed = Strip.unpack(strip("B").pack())
    for value in (3.3, 9.1, 21.7, 33.0, 77.7):
        solved = solver().solve(parse({"B": value}, solver().assumptions), packed.readings, SEED).criteria[0]
        found = estimate(packed, value)
        assert found.share == pytest.approx(solved.share, abs=0.05)
        for one, other in zip(found.policies, solved.policies, strict=True):
            size = np.ptp(other.dots) or 1.0
            assert np.abs(np.subtract(one.dots, other.dots)).max() < 0.06 * size


def test_a_sweep_reaches_from_the_least_to_the_most_and_is_finest_where_the_author_judges() -> None:
    one, found = known("B"), strip("B")
    assert (found.values[0], found.values[-1]) == (one.least, one.most)
    assert len(found.values) == POINTS
    assert one.low is not None
    assert one.high is not None
    assert sum(one.low <= value <= one.high for value in found.values) >= 10
    assert list(found.values) == sorted(set(found.values))


def test_what_moves_nothing_is_swept_coarsely() -> None:
    found = strip("S_clean")
    assert len(found.values) == 11
    assert max(share for share in found.share() if share is not None) == min(
        share for share in found.share() if share is not None
    )


TWO = """
parley: 1
title: Near or far
players: {us: We}
parameters: {cost: {range: [1, 3]}, prize: {range: [1, 2]}}
switches: {far: {options: [near, middling, far], default: near}}
story: [{player: us, move: act, options: [go, stay]}, {outcomes: [end]}]
payoffs: {us: (prize * (1 if far is near else 2 if far is middling else 4) - cost) if act is go else 0}
compare: {player: us, policies: {stay: {act: stay}, go: {act: go}}, recommend: go, by: [payoff(us)]}
"""


@lru_cache
def two() -> Solver:
    return Solver(loads(TWO))


def test_a_switch_is_swept_over_its_options() -> None:
    found = sweep(two(), known("far", two()), 64, SEED)
    assert (found.switch, found.author, found.values) == (True, 0, (0.0, 1.0, 2.0))
    shares = found.share()
    assert found.before == shares[0]
    for place, option in enumerate(("near", "middling", "far")):
        solved = two().solve(parse({"far": option}, two().assumptions), 64, SEED)
        assert shares[place] == pytest.approx(solved.criteria[0].share)


def test_leverage_puts_first_what_is_nearest_to_turning_the_advice() -> None:
    of = two()
    strips = {each.name: sweep(of, each, 64, SEED) for each in of.assumptions}
    found = leverages(strips, of.assumptions)
    assert [each.rank for each in found] == [1, 2, 3]
    by_name = {each.assumption: each for each in found}
    far, cost = by_name["far"], by_name["cost"]
    assert [each.option for each in far.options] == ["middling", "far"]
    assert (far.crossing, far.weight) == (None, 3)
    assert cost.crossing is not None
    assert cost.crossing.fails == "above"
    one = known("cost", of)
    assert one.middle is not None
    assert one.half is not None
    assert cost.room == pytest.approx(abs(cost.crossing.value - one.middle) / one.half)
    # At the crossing the two are level: a reader's number on either side is answered on either side.
    for value, better in ((cost.crossing.value - 0.2, True), (cost.crossing.value + 0.2, False)):
        share = of.solve(parse({"cost": value}, of.assumptions), 256, SEED).criteria[0].share
        assert share is not None
        assert (share > 0.5) == better


def test_a_crossing_that_was_looked_for_more_closely_takes_the_place_of_the_sweeps() -> None:
    one = known("B")
    (first,) = leverages({"B": strip("B")}, [one])
    assert first.crossing is not None
    at = first.crossing.value
    near = Crossing(at * 1.05, first.crossing.fails, at * 0.9, at * 1.2)
    (second,) = leverages({"B": strip("B")}, [one], {"B": near})
    assert second.crossing == near
    assert one.half is not None
    assert one.middle is not None
    assert second.room == pytest.approx(abs(near.value - one.middle) / one.half)
    for far in (
        Crossing(at * 3, near.fails, at * 2, at * 4),
        Crossing(at * 1.05, "above", at * 0.9, at * 1.2),
    ):
        (third,) = leverages({"B": strip("B")}, [one], {"B": far})
        assert third.crossing == first.crossing


def test_no_crossing_is_said_to_be_none() -> None:
    found = leverages({"S_clean": strip("S_clean")}, solver().assumptions)
    (one,) = found
    assert (one.crossing, one.crossings, one.room, one.weight) == (None, (), None, 1)


def test_a_hole_in_the_answers_is_a_hole_in_the_sweep() -> None:
    found = strip("pi_peace")  # at a chance of exactly 1 nothing is certified
    assert found.values[-1] == 1.0
    assert found.share()[-1] is None
    assert found.dots[-1][0] == ()
    assert found.share()[0] is not None


@pytest.fixture(scope="module")
def numbers() -> tuple[Numbers, list[float]]:
    told: list[float] = []
    return prepare(solver(), seed=SEED, draws=64, readings=32, progress=told.append), told


def test_everything_is_solved_once(numbers: tuple[Numbers, list[float]]) -> None:
    found, told = numbers
    assert Numbers.from_json(found.to_json()) == found
    assert found.model == solver().scenario.digest
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert found.effect == solver().solve(draws=64, seed=SEED) or found.effect.criteria
    assert set(found.challenges) == set(solver().scenario.challenges)
    assert {each.chip for each in found.challenges.values()} <= {
        "flips",
        "weakens",
        "strengthens",
        "no change",
    }
    names = {each.name for each in solver().assumptions}
    assert {each.assumption for each in found.sweeps} == names == {each.assumption for each in found.leverage}
    for each in found.sweeps:
        data = base64.b64decode(each.data)
        assert (len(data), hashlib.sha256(data).hexdigest()) == (each.size, each.digest)
        assert len(Strip.unpack(data).values) == each.points


def test_findings_are_those_of_a_run(numbers: tuple[Numbers, list[float]]) -> None:
    read = Findings.from_json(numbers[0].findings)
    run = parley.assess(parley.run(solver().scenario, draws=64, seed=SEED))
    assert read.verdict is not None
    assert run.verdict is not None
    assert read.verdict.word == run.verdict.word
    assert read.flips is not None
    assert read.cruxes is not None


def test_pictures_are_drawn_with_their_numbers(numbers: tuple[Numbers, list[float]]) -> None:
    found = {each.name: each for each in numbers[0].pictures}
    assert {"answer-1", "comparison-1", "tornado-1", "flip-1-1"} <= set(found)
    for each in found.values():
        assert each.svg.startswith("<svg")
        assert "**" not in each.caption
        assert all(len(row) == len(each.head) for row in each.rows)
        assert "<script" not in each.svg
        assert " style=" not in each.svg


def test_where_the_recommendation_fails_is_among_the_pictures() -> None:
    found = {each.name: each for each in pictures(parley.assess(solver().author(1024, SEED)))}
    assert "short list" in found["where-1"].caption
    assert len(found["where-1"].rows) == 4


def test_preparing_can_be_taken_back() -> None:
    stop: list[float] = []
    found = Solver(parley.load(SMALL), cancel=lambda: bool(stop))
    with pytest.raises(CancelledError):
        prepare(
            found, draws=16, readings=16, progress=lambda share: stop.append(share) if share > 0.3 else None
        )


def test_pictures_of_a_title_with_markup_are_safe() -> None:
    text = TWO.replace("title: Near or far", 'title: "<script>alert(1)</script>"')
    text = text.replace(
        "cost: {range: [1, 3]}", 'cost: {range: [1, 3], text: "<img src=x onerror=alert(1)>"}'
    )
    found = prepare(Solver(loads(text)), draws=16, readings=16)
    said: Any = json.loads(found.to_json())
    for each in said["pictures"]:
        assert "<script" not in each["svg"]
        assert "<img" not in each["svg"]


def test_what_is_dear_is_asked_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """A game that takes long to solve is still published: with coarser sweeps, and nothing asked further."""
    monkeypatch.setattr("parley.site.model.prepare._DEAR", 0.0)
    monkeypatch.setattr("parley.site.model.prepare._LONG", 0.0)
    found = prepare(two(), draws=16, readings=16)
    assert {each.assumption: each.points for each in found.sweeps} == {"cost": 11, "prize": 11, "far": 3}
    read = Findings.from_json(found.findings)
    assert (read.flips, read.cruxes) == (None, None)
    assert read.verdict is not None
