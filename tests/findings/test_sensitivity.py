"""Indices are right where they are known, and their intervals cover at their stated rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.errors import FindingsError
from parley.findings.sensitivity import designs
from parley.findings.sensitivity.estimators import Estimate, changed, first_and_total, shapley, variance
from parley.findings.sensitivity.pawn import noise, pawn
from tests.findings.closed_forms import Asked, Function, Gaussian, Ishigami, Known, SobolG, Values, ask

FUNCTIONS, READINGS = 240, 512


def function(number: int) -> Function:
    rng = np.random.default_rng(number)
    inputs = int(rng.integers(3, 6))
    kinds = (
        lambda: SobolG(rng, inputs),
        lambda: Ishigami(rng),
        lambda: Gaussian(rng, inputs, joined=False),
        lambda: Gaussian(rng, inputs, joined=True),
    )
    return kinds[number % len(kinds)]()


def mapped(asked: Asked, what: Callable[[Values], Values]) -> Asked:
    return Asked(
        what(asked.base),
        what(asked.fresh),
        what(asked.redrawn),
        what(asked.held),
        what(asked.chain),
        asked.order,
    )


def estimated(asked: Asked, *, dependent: bool, discrete: bool = False) -> dict[str, Estimate]:
    first, total = first_and_total(asked.base, asked.fresh, asked.redrawn, asked.held, discrete=discrete)
    shared = shapley(asked.chain, asked.order, dependent=dependent, discrete=discrete)
    return {"first": first, "total": total, "shapley": shared}


def covers(found: Estimate, true: Values) -> Values:
    return np.asarray((found.low <= true + 1e-9) & (true - 1e-9 <= found.high))


@pytest.fixture(scope="module")
def coverage() -> dict[str, list[bool]]:
    """For each kind of index, whether each interval holds the true one."""
    hits: dict[str, list[bool]] = defaultdict(list)

    def score(found: dict[str, Estimate], true: Known, of: str) -> None:
        for kind, estimate in found.items():
            inside = covers(estimate, getattr(true, kind))
            hits[f"{kind} of the {of}"].extend(inside.tolist())

    for number in range(FUNCTIONS):
        each = function(number)
        asked = ask(each, READINGS, number)
        dependent = any(item.together for item in each.inputs)
        score(estimated(asked, dependent=dependent), each.known(), "margin")
        if isinstance(each, Gaussian):
            decided = mapped(asked, each.decided)
            true, spread = each.known_of_decision()
            score(estimated(decided, dependent=dependent, discrete=True), true, "decision")
            # An outcome of 0 or 1 differs from its independent twin in twice the unexplained variance.
            share = changed(decided.base, decided.redrawn)
            hits["share reversed"].extend(covers(share, 2 * spread * true.total).tolist())
    return hits


@pytest.mark.parametrize(
    "kind",
    [f"{index} of the {of}" for of in ("margin", "decision") for index in ("first", "total", "shapley")]
    + ["share reversed"],
)
def test_intervals_cover_at_their_stated_rate(coverage: dict[str, list[bool]], kind: str) -> None:
    hits = coverage[kind]
    assert len(hits) > 450
    assert 0.92 <= np.mean(hits) <= 0.98


def test_the_two_ways_to_the_true_shapley_effects_agree() -> None:
    for number in range(20):
        each = Gaussian(np.random.default_rng(number), 4, joined=True)
        np.testing.assert_allclose(each.known().shapley, each.shapley(), atol=1e-12)


@pytest.mark.parametrize("number", range(8))
def test_many_readings_come_close(number: int) -> None:
    each = function(number)
    found = estimated(ask(each, 2**14, 3), dependent=any(item.together for item in each.inputs))
    true = each.known()
    for kind, estimate in found.items():
        np.testing.assert_allclose(estimate.value, getattr(true, kind), atol=0.03)
        assert (estimate.high - estimate.low).max() < 0.08
    assert found["shapley"].value.sum() == pytest.approx(1, abs=1e-12)


def test_dependent_inputs_without_weight_have_a_first_order_index_all_the_same() -> None:
    """A number that nothing depends on tells about one that it is judged together with."""
    each = Gaussian(np.random.default_rng(5), 2, joined=True)
    each.weight[:] = 0.0, 1.0
    found = estimated(ask(each, 4096, 1), dependent=True)
    r = each.covariance[0, 1]
    assert covers(found["first"], np.array([r**2, 1.0])).all()
    assert found["total"].value[0] == pytest.approx(0, abs=1e-12)
    assert covers(found["shapley"], np.array([r**2 / 2, 1 - r**2 / 2])).all()


def test_an_input_without_influence_is_not_told_from_zero() -> None:
    each = SobolG(np.random.default_rng(1), 4)
    each.a[:] = 0, 1, 3, 1e15
    found = estimated(ask(each, 1024, 1), dependent=False)
    for estimate in found.values():
        assert abs(estimate.value[3]) < 1e-9
        assert (estimate.low[:2] > 0).all()


def test_what_never_happened_may_still_happen() -> None:
    base = np.repeat([0.0, 1.0], 512)
    found = changed(base, np.stack([base, 1 - base]))
    assert found.value.tolist() == [0.0, 1.0]
    assert found.high[0] == pytest.approx(3 / 1024)
    assert found.low[1] == pytest.approx(1 - 3 / 1024)
    _, total = first_and_total(base, base[::-1].copy(), np.stack([base]), np.stack([base]), discrete=True)
    assert total.high[0] == pytest.approx(3 / 1024 / (2 * 0.25))


def test_a_tie_is_half_a_change() -> None:
    base = np.zeros(32)
    assert changed(base, np.full((1, 32), 0.5)).value.tolist() == [0.5]


def test_undefined_values_are_left_out_term_by_term() -> None:
    each = Gaussian(np.random.default_rng(8), 4, joined=False)
    asked = ask(each, 4096, 2)
    rng = np.random.default_rng(0)

    def holed(values: Values) -> Values:
        return np.where(rng.random(values.shape) < 0.03, np.nan, values)

    some = mapped(asked, holed)
    true = each.known()
    for kind, estimate in estimated(some, dependent=False).items():
        np.testing.assert_allclose(estimate.value, getattr(true, kind), atol=0.05)
    nothing = changed(np.full(32, np.nan), np.zeros((2, 32)))
    assert np.isnan([nothing.value, nothing.low, nothing.high]).all()


def test_a_single_replicate_tells_nothing_about_the_error() -> None:
    base = np.full(64, np.nan)
    base[::16] = 1.0
    found = changed(base, np.zeros((1, 64)))
    assert found.value.tolist() == [1.0]
    assert np.isnan(found.low).all()


def test_variance_knows_rounding_from_doubt() -> None:
    assert variance(np.linspace(1e6, 1e6 + 1e-5, 64)) == 0
    assert variance(np.full(64, np.nan)) != variance(np.full(64, np.nan))
    assert variance(np.array([1e-12, -1e-12])) > 0


def test_readings_must_fill_the_replicates() -> None:
    with pytest.raises(FindingsError, match="40 readings are not a multiple of 16"):
        changed(np.zeros(40), np.zeros((1, 40)))


@given(st.integers(1, 9), st.integers(1, 12), st.integers(0, 2**64 - 1))
@settings(max_examples=30, deadline=None)
def test_orders_are_orders_and_take_turns(inputs: int, rows: int, seed: int) -> None:
    found = designs.orders(inputs, 16 * rows, seed)
    assert (np.sort(found, axis=0) == np.arange(inputs)[:, None]).all()
    if rows >= inputs:
        assert (np.sort(found[:, 3 : 16 * inputs : 16], axis=1) == np.arange(inputs)).all()
    np.testing.assert_array_equal(designs.orders(inputs, 16, seed), found[:, :16])


def test_orders_are_uniform() -> None:
    found = designs.orders(3, 48_000, seed=1)
    counts = np.unique(found, axis=1, return_counts=True)[1]
    assert len(counts) == 6
    assert abs(counts / 8000 - 1).max() < 0.1


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_between_keeps_what_it_keeps_and_agrees_with_mixing_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    each = Gaussian(rng, 4, joined=True)
    one, other = rng.normal(size=(2, 4, 32))
    kept = rng.random((4, 32)) < 0.5
    found = designs.between(each, one, other, kept)
    np.testing.assert_array_equal(found[kept], one[kept])
    for draw in range(32):
        names = [str(i) for i in np.flatnonzero(kept[:, draw])]
        alone = each.mixed(one[:, [draw]], other[:, [draw]], names)
        np.testing.assert_allclose(found[:, [draw]], alone, atol=1e-12)


def test_pawn_finds_shifts_and_knows_its_noise() -> None:
    rng = np.random.default_rng(3)
    x, idle = rng.random((2, 4000))
    outcome = x + 0.1 * rng.normal(size=4000)
    floor = noise(outcome, 7)
    assert pawn(x, outcome) > 10 * floor
    below = [pawn(rng.random(4000), outcome) < floor for _ in range(200)]
    assert 0.9 <= np.mean(below) <= 0.99
    # A sum of only two values: jumps of the distribution are compared at their upper ends.
    coin = (x > 0.5).astype(np.float64)
    assert pawn(x, coin) == pytest.approx(0.5, abs=0.03)
    assert pawn(idle, coin) < noise(coin, 7) * 1.5


def test_the_only_input_accounts_for_everything_without_doubt() -> None:
    """The errors of numerator and denominator cancel: the ratio is certain though neither is."""
    chain = np.random.default_rng(1).normal(size=(2, 512))
    for dependent in (False, True):
        found = shapley(chain, np.zeros((1, 512), np.int64), dependent=dependent)
        assert (found.low[0], found.value[0], found.high[0]) == pytest.approx((1, 1, 1), abs=1e-12)


@pytest.mark.parametrize("number", [3, 7])
def test_where_the_margin_lies_does_not_matter(number: int) -> None:
    each = function(number)
    asked = ask(each, 512, 1)
    moved = mapped(asked, lambda values: values + 1000)
    for one, other in zip(
        estimated(asked, dependent=True).values(), estimated(moved, dependent=True).values(), strict=True
    ):
        np.testing.assert_allclose(one.low, other.low, atol=1e-6)
        np.testing.assert_allclose(one.high, other.high, atol=1e-6)


def test_shapley_effects_are_less_noisy_than_by_the_plain_algorithm() -> None:
    """About half the width for independent inputs, four fifths for dependent ones."""

    def plain(asked: Asked) -> float:  # Goda 2021, algorithm 1
        before, after = asked.chain[:-1], asked.chain[1:]
        growth = np.empty_like(before)
        terms = (asked.chain[0] - (before + after) / 2) * (before - after)
        np.put_along_axis(growth, asked.order, terms, axis=0)
        share = growth - growth.mean(axis=1, keepdims=True) / growth.mean(axis=1).sum() * growth.sum(axis=0)
        by_replicate = share.reshape(len(share), -1, 16).mean(axis=1) / growth.mean(axis=1).sum()
        return float(np.mean(2 * 2.131 * by_replicate.std(axis=1, ddof=1) / 4))

    ours, theirs = {True: 0.0, False: 0.0}, {True: 0.0, False: 0.0}
    for number in range(60):
        rng = np.random.default_rng(number)
        for joined in ours:
            asked = ask(Gaussian(rng, 4, joined=joined), 512, number)
            found = shapley(asked.chain, asked.order, dependent=joined)
            ours[joined] += float(np.mean(found.high - found.low))
            theirs[joined] += plain(asked)
    assert ours[False] < 0.6 * theirs[False]
    assert ours[True] < 0.83 * theirs[True]
