"""Judgements that vary together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from parley.draws import sample
from parley.errors import DrawsError
from tests.draws.judged import judged, scenario

SEVERAL = {
    "a": judged("lognormal", 0.3, 0.45),
    "b": judged("beta", 2.5, 10.5),
    "c": judged("triangular", 1.0, 2.0, 4.0),
    "d": judged("gamma", 2.0, 3.0),
    "e": judged("uniform", 0.0, 1.0),
}


@pytest.mark.parametrize("rank", [-0.9, -0.3, 0.5, 0.95])
def test_the_stated_rank_correlation_is_reached(rank: float) -> None:
    values = sample(scenario(SEVERAL, together=[(("a", "d"), rank)]), 8192, seed=1).values
    assert stats.spearmanr(values[0], values[3]).statistic == pytest.approx(rank, abs=0.02)


def test_several_groups_make_one_matrix() -> None:
    groups = [(("a", "b", "c"), 0.5), (("c", "d"), -0.6), (("a", "d"), -0.4)]
    values = sample(scenario(SEVERAL, together=groups), 8192, seed=2).values
    expected = np.eye(5)
    for one, other, rank in [(0, 1, 0.5), (0, 2, 0.5), (1, 2, 0.5), (2, 3, -0.6), (0, 3, -0.4)]:
        expected[one, other] = expected[other, one] = rank
    np.testing.assert_allclose(stats.spearmanr(values.T).statistic, expected, atol=0.02)


def test_correlation_leaves_each_judgement_and_the_others_draws_alone() -> None:
    apart = sample(scenario(SEVERAL), 4096, seed=3).values
    joined = sample(scenario(SEVERAL, together=[(("b", "d"), 0.7)]), 4096, seed=3).values
    np.testing.assert_array_equal(
        joined[[0, 1, 2, 4]], apart[[0, 1, 2, 4]]
    )  # b comes first and keeps its points
    assert stats.kstest(joined[3], stats.gamma(2, scale=3).cdf).statistic < 0.01
    assert not np.array_equal(joined[3], apart[3])


def test_a_choice_may_vary_with_a_number() -> None:
    story = scenario(
        {"n": judged("choice", 5.0, 1.0, 2.0, 0.2, 0.5, 0.3), "x": judged("normal", 0.0, 1.0)},
        together=[(("n", "x"), 0.8)],
    )
    values = sample(story, 8192, seed=4).values
    assert np.mean(values[0] == 5) == pytest.approx(0.2, abs=0.005)
    means = [values[1][values[0] == value].mean() for value in (1, 2, 5)]
    assert means[0] < means[1] < means[2]


def test_a_certain_number_may_stand_in_a_group() -> None:
    story = scenario(
        {"n": judged("fixed", 5.0), "x": judged("normal", 0.0, 1.0)}, together=[(("n", "x"), 0.8)]
    )
    values = sample(story, 4096, seed=4).values
    assert (values[0] == 5).all()
    assert values[1].std() == pytest.approx(1, abs=0.01)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 1000), first=st.integers(0, 5000), cut=st.integers(1, 99))
def test_correlated_chunks_side_by_side_are_the_table(seed: int, first: int, cut: int) -> None:
    story = scenario(SEVERAL, together=[(("a", "b", "c", "d"), 0.4), (("d", "e"), 0.3)])
    whole = sample(story, 100, seed=seed, first=first).values
    left = sample(story, cut, seed=seed, first=first).values
    right = sample(story, 100 - cut, seed=seed, first=first + cut).values
    np.testing.assert_array_equal(np.hstack([left, right]), whole)


def test_deep_tails_stay_inside() -> None:
    """Nearly perfect correlation neither loses a tail nor reaches an end of the interval."""
    story = scenario(
        {name: judged("normal", 0.0, 1.0) for name in "abcdefgh"}, together=[(tuple("abcdefgh"), 0.999)]
    )
    values = sample(story, 65536, seed=5).values
    assert abs(values[7]).max() > 3.8
    assert abs(values[0] - values[7]).max() < 0.5


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([(("a", "z"), 0.5)], "'z' is not a parameter"),
        ([(("a", "a"), 0.5)], "names a parameter twice"),
        ([(("a", "b"), 1.0)], "not between -1 and 1"),
        ([(("a", "b"), float("nan"))], "not between -1 and 1"),
        ([(("a", "b"), 0.5), (("b", "c", "a"), 0.4)], "'a' and 'b' are given two different"),
        ([(("a", "b", "c"), -0.6), (("d", "e"), 0.5)], "'a', 'b', 'c' contradict one another"),
        ([(("a", "b"), 0.9), (("b", "c"), 0.9), (("a", "c"), -0.9)], "not positive definite"),
    ],
)
def test_correlations_that_cannot_be(groups: list[tuple[tuple[str, ...], float]], message: str) -> None:
    with pytest.raises(DrawsError, match=message):
        sample(scenario(SEVERAL, together=groups), 16)


def test_the_same_pair_twice_with_one_correlation_is_no_fault() -> None:
    once = sample(scenario(SEVERAL, together=[(("a", "b"), 0.5)]), 64).values
    twice = sample(scenario(SEVERAL, together=[(("a", "b"), 0.5), (("b", "a"), 0.5)]), 64).values
    np.testing.assert_array_equal(once, twice)
