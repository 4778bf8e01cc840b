"""Runs: the same bits for any chunking, resuming, cancelling, what is undefined."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parley
from parley.scenario import override
from parley.study import Results, Store, read_run
from tests.game.stories import SIGNALS, scenario

SWITCHED = SIGNALS.replace(
    "story:\n",
    "switches: {doubt: {options: {yes: 30%, no: rest}}}\nstory:\n",
).replace("    when: talk is yes\n", "    when: talk is yes and doubt is no\n")


def _same(one: Results, other: Results) -> None:
    assert np.array_equal(one.draw, other.draw)
    for table in ("parameters", "criteria", "quantities", "claims", "margins"):
        left, right = getattr(one, table), getattr(other, table)
        assert list(left) == list(right)
        for key in left:
            assert np.array_equal(left[key], right[key], equal_nan=True), (table, key)
    for policy in one.policies:
        for name in ("status", "residual", "regret", "sweeps"):
            ours, theirs = getattr(one.proofs[policy], name), getattr(other.proofs[policy], name)
            assert np.array_equal(ours, theirs, equal_nan=True), (policy, name)


@settings(max_examples=8, deadline=None)
@given(chunk=st.one_of(st.just(1), st.integers(9, 60)), threads=st.integers(1, 3), draws=st.integers(16, 60))
def test_any_chunking_gives_the_same_bits(chunk: int, threads: int, draws: int) -> None:
    story = scenario(SWITCHED)
    whole = parley.run(story, draws=draws, seed=5, chunk=1000, threads=1)
    _same(whole, parley.run(story, draws=draws, seed=5, chunk=chunk, threads=threads))


def test_a_stored_run_reads_back_as_it_was(tmp_path: Path) -> None:
    story = scenario(SWITCHED)
    run = parley.run(story, draws=80, seed=5, chunk=32, store=tmp_path / "run")
    _same(run, read_run(tmp_path / "run"))


def test_a_cancelled_run_keeps_whole_chunks_and_resumes_to_the_same_bits(tmp_path: Path) -> None:
    story = scenario(SIGNALS)
    calls = 0

    def progress(done: int, total: int) -> None:
        nonlocal calls
        calls = done

    part = parley.run(
        story,
        draws=160,
        seed=5,
        chunk=16,
        threads=1,
        store=tmp_path / "run",
        progress=progress,
        cancel=lambda: calls >= 9,
    )
    assert not part.complete
    assert 0 < len(part.draw) < 160
    kept = len(Store.open(tmp_path / "run").done())
    assert kept >= 9
    again = parley.run(story, draws=160, seed=5, chunk=16, store=tmp_path / "run")
    assert again.complete
    _same(parley.run(story, draws=160, seed=5), again)


def test_nothing_finished_is_an_error() -> None:
    with pytest.raises(parley.StudyError, match="stopped before"):
        parley.run(scenario(SIGNALS), draws=64, cancel=lambda: True)


def test_impossible_conditions_and_ill_posed_draws_are_nan_and_counted() -> None:
    text = SIGNALS.replace("  e: 15%\n", "  e: {uniform: [-0.2, 0.5]}\n")
    results = parley.run(scenario(text), draws=64, seed=1)
    bad = results.parameters["e"] < 0
    assert 0 < bad.sum() < 64
    for policy in results.policies:
        assert np.array_equal(results.proofs[policy].status == 3, bad)
    assert np.array_equal(np.isnan(results.quantities["p deal", "open"]), bad)
    assert np.isnan(results.quantities["after yes", "shut"]).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"draws": 15}, "too few"),
        ({"draws": 10**12}, "too many"),
        ({"draws": 32, "threads": 0}, "0 threads"),
        ({"draws": 32, "chunk": 0}, "holds nothing"),
        ({"draws": 32, "policies": ["opne"]}, "no policy 'opne'"),
        ({"draws": 32, "policies": []}, "no policy was asked for"),
    ],
)
def test_arguments_that_make_no_sense(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(parley.StudyError, match=message):
        parley.run(scenario(SIGNALS), **arguments)  # type: ignore[arg-type]


def test_claims_without_a_policy_are_read_under_the_recommended_one() -> None:
    text = SIGNALS + "claims: {c: {text: t, derives: P(deal) > 30%}}\n"
    results = parley.run(scenario(text), draws=64, seed=2)
    deal = results.quantities["p deal", "open"]
    assert np.array_equal(results.claims["c"], (deal > 0.3).astype(float))
    assert np.allclose(results.margins["c"], deal - 0.3)


def test_a_parameter_put_in_anothers_place_is_that_parameter() -> None:
    story = override(scenario(SIGNALS), {"e": "p / 2"})
    results = parley.run(story, draws=64, seed=2)
    assert np.allclose(results.parameters["e"], results.parameters["p"] / 2)


def test_precision_is_four_unless_stated_and_may_be_an_expression() -> None:
    assert (parley.run(scenario(SIGNALS), draws=16).precision["a"] == 4.0).all()
    text = SIGNALS.replace("players: {a: A,", "precision: 2 + w\nplayers: {a: {text: A, precision: 7 * p},")
    results = parley.run(scenario(text), draws=16)
    assert np.allclose(results.precision["a"], 7 * results.parameters["p"])
    assert np.allclose(results.precision["b"], 2 + results.parameters["w"])
