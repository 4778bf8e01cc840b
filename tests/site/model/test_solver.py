"""An effect is what `parley run` and `parley challenge` would say of the same readings."""

from __future__ import annotations

import math
from functools import lru_cache

import pytest

import parley
from parley.catalog import names
from parley.errors import ScenarioError
from parley.findings import Findings, Share, objection
from parley.scenario import Scenario, challenge, loads, override
from parley.scenario.model import Challenge
from parley.site.model import Effect
from parley.site.model.effect import CHIPS, chip
from parley.site.model.errors import CancelledError, SettingError, SolverError
from parley.site.model.setting import AUTHOR, Setting, parse
from parley.site.model.solver import Solver
from parley.study.results import Results

DRAWS, SEED = 128, 7
FLAGSHIP, SMALL = "taliban-talks", "which-event-first"
SLOW = (
    "selten-1978/chain-store",
    "powell-2006/commitment-problem",
    "taliban-talks",
)  # seconds each; the last is above


@lru_cache
def scenario(name: str) -> Scenario:
    return parley.load(name)


@lru_cache
def solver(name: str) -> Solver:
    return Solver(scenario(name))


@lru_cache
def run(name: str, settings: tuple[tuple[str, str], ...] = (), granted: str = "") -> Results:
    found = scenario(name)
    if granted:
        found = challenge(found, granted)
    if settings:
        found = override(found, dict(settings))
    return parley.run(found, draws=DRAWS, seed=SEED, threads=1)


def same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def holds(found: Effect, told: Findings) -> None:
    """Hold an effect against the findings of a run."""
    assert told.verdict is not None
    assert found.verdict == told.verdict.word
    assert found.certificate.sufficient == told.certification.sufficient
    assert found.certificate.solved == told.certification.solved
    assert found.words == {each.name: each.holds.word for each in told.claims if each.holds is not None}
    for each, answer in zip(found.criteria, told.verdict.answers, strict=True):
        stated = answer.against_baseline or answer.best
        assert (each.criterion, each.word) == (answer.criterion, stated.word)
        assert same(each.share, stated.share)
        assert same(each.error, stated.error)
        assert answer.pairs is not None
        for tally in each.tallies:
            pair = answer.pairs[tally.rival]
            said(pair.better, tally.better, tally.worse, tally.same)
            assert same(tally.gain, pair.margin.mean)
            assert tally.gains == pytest.approx(pair.margin.dots)
        measure = next(item for item in told.measures if item.name == each.criterion)
        for policy in each.policies:
            assert policy.dots == pytest.approx(measure.spread[policy.policy].dots)
            assert same(policy.middle, measure.spread[policy.policy].middle)


def said(share: Share, better: float | None, worse: float | None, equal: float | None) -> None:
    assert better is not None
    assert worse is not None
    assert equal is not None
    assert better + worse + equal == pytest.approx(1.0)
    assert same(better + equal / 2, share.share)


CASES = (
    (FLAGSHIP, "q_other=0.5", (("q_other", "0.5"),)),
    (FLAGSHIP, "B=1;S_clean=0.7;t_ttp=0.4", (("B", "1"), ("S_clean", "0.7"), ("t_ttp", "0.4"))),
    (FLAGSHIP, "autonomy=0.5;non_cooperation=on", (("autonomy", "0.5"), ("non cooperation", "on"))),
    (FLAGSHIP, "lambda_qre=20", (("lambda_qre", "20"),)),
    (SMALL, "B=1", (("B", "1"),)),
)


@pytest.mark.parametrize(("name", "text", "settings"), CASES, ids=[case[1] for case in CASES])
def test_a_setting_does_what_a_run_with_it_says(
    name: str, text: str, settings: tuple[tuple[str, str], ...]
) -> None:
    found = solver(name).solve(parse(text, solver(name).assumptions), DRAWS, SEED)
    author, changed = run(name), run(name, settings)
    holds(found, parley.assess(changed))
    told = objection(challenge_of(name), author, changed)
    for each, move in zip(found.criteria, told.moves, strict=True):
        assert same(each.before, move.before.share)
        assert each.before_word == move.before.word
        assert same(each.change, move.share.change)
        assert same(each.change_error, move.share.error)
        assert same(each.gain_change, move.margin.change)
    assert [each.name for each in found.claims] == [each.name for each in told.claims]
    assert found.setting == text
    assert (found.seed, found.draws, found.engine) == (SEED, DRAWS, parley.__version__)
    assert found.model == scenario(name).digest
    assert Effect.from_json(found.to_json()) == found


def challenge_of(name: str) -> Challenge:
    return next(iter(scenario(name).challenges.values()))


def test_the_authors_case_is_the_authors_run() -> None:
    found = solver(FLAGSHIP).solve(AUTHOR, DRAWS, SEED)
    holds(found, parley.assess(run(FLAGSHIP)))
    assert (found.chip, found.claims, found.put, found.before_verdict) == ("no change", (), (), None)


@pytest.mark.parametrize("name", ["K2", "K4"])
def test_a_stated_challenge_does_what_granting_it_says(name: str) -> None:
    found = solver(FLAGSHIP).challenge(name, DRAWS, SEED)
    holds(found, parley.assess(run(FLAGSHIP, granted=name)))
    told = objection(scenario(FLAGSHIP).challenges[name], run(FLAGSHIP), run(FLAGSHIP, granted=name))
    assert [each.change for each in found.criteria] == pytest.approx(
        [move.share.change for move in told.moves]
    )
    assert (found.challenge, found.setting) == (name, "")
    assert {put.name for put in found.put} == set(scenario(FLAGSHIP).challenges[name].set)


def test_a_challenge_that_is_not_stated_is_refused() -> None:
    with pytest.raises(ScenarioError, match="there is no challenge"):
        solver(FLAGSHIP).challenge("K99")


def test_the_chip_says_what_happened_to_the_advice() -> None:
    flips = solver(SMALL).solve(parse("B=100", solver(SMALL).assumptions), DRAWS, SEED)
    assert flips.chip == "flips"
    first = flips.criteria[flips.leading]
    assert first.before is not None
    assert first.share is not None
    assert first.before < 0.5 < first.share
    assert (first.before_advice, first.advice) == ("status quo", "short list")
    tally = first.tally("status quo")
    assert tally.worse is not None
    assert tally.better is not None
    assert tally.better > tally.worse
    with pytest.raises(KeyError):
        first.tally("short list")


@pytest.mark.parametrize(
    ("before", "after", "change", "error", "word"),
    [
        (0.6, 0.4, -0.2, 0.1, "flips"),
        (0.4, 0.6, 0.2, 0.1, "flips"),
        (0.6, 0.4, -0.2, 0.2, "no change"),
        (0.9, 0.7, -0.2, 0.1, "weakens"),
        (0.2, 0.4, 0.2, 0.1, "strengthens"),
        (0.5, 0.4, -0.1, 0.0, "weakens"),
        (0.9, None, None, None, "withheld"),
        (0.9, 0.7, -0.2, None, "no change"),
    ],
)  # fmt: skip
def test_a_chip(before: float, after: float, change: float, error: float, word: str) -> None:
    assert chip(before, after, change, error) == word
    assert word in CHIPS


def test_what_is_not_certified_is_withheld() -> None:
    """At a chance of exactly 1 the log-odds of the flagship's public do not exist: none has an answer."""
    found = solver(FLAGSHIP).solve(parse("S_clean=1", solver(FLAGSHIP).assumptions), DRAWS, SEED)
    assert not found.certificate.sufficient
    assert (found.verdict, found.chip) == ("withheld", "withheld")


def test_a_question_can_be_taken_back() -> None:
    asked = iter([False, False] + [True] * 1000)
    found = Solver(scenario(SMALL), cancel=lambda: next(asked))
    with pytest.raises(CancelledError):
        found.solve(AUTHOR, 4096)


def test_what_cannot_be_solved_says_so() -> None:
    text = "parley: 1\ntitle: A\nplayers: {us: We}\nstory: [{outcomes: [end]}]\npayoffs: {us: 1}\n"
    with pytest.raises(SolverError, match="nothing is compared"):
        Solver(loads(text))
    with pytest.raises(SolverError, match="15 readings"):
        solver(SMALL).solve(AUTHOR, 15)
    with pytest.raises(SolverError, match="take 16 to 65,536"):
        solver(SMALL).solve(AUTHOR, 10**9)
    with pytest.raises(SettingError, match="no such assumption"):
        solver(SMALL).solve(Setting((("kappa_2", 0.5),)))


@pytest.mark.parametrize(
    "name", [name for name in names() if name not in SLOW and scenario(name).comparison is not None]
)
def test_every_shipped_comparison_has_an_effect(name: str) -> None:
    found = Solver(scenario(name)).solve(AUTHOR, 16, SEED)
    assert Effect.from_json(found.to_json()) == found
    assert found.advice in {each.policy for each in found.criteria[0].policies}
