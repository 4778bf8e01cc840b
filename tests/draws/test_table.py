"""The table of draws: what gets which row, rankings, switches, overrides."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from parley.draws import Draws, sample
from parley.errors import DrawsError
from parley.scenario.model import Draw, Ranking
from tests.draws.judged import SPAN, judged, ranking, scenario, switch

EVERY_SHAPE = {
    "fixed": judged("fixed", 3.0),
    "uniform": judged("uniform", 1.0, 3.0),
    "loguniform": judged("loguniform", 1.0, 20.0),
    "triangular": judged("triangular", 1.0, 2.0, 4.0),
    "logtriangular": judged("logtriangular", 1.0, 2.0, 8.0),
    "pert": judged("pert", 1.0, 2.0, 4.0),
    "normal": judged("normal", 0.0, 1.0, truncate=(0.0, None)),
    "lognormal": judged("lognormal", 0.3, 0.45, truncate=(0.01, 5.0)),
    "beta": judged("beta", 2.5, 10.5),
    "gamma": judged("gamma", 2.0, 3.0),
    "exponential": judged("exponential", 2.0),
    "likelihood": judged("likelihood", 0.05, 0.2),
    "choice": judged("choice", 5.0, 1.0, 0.25, 0.75),
}
WHOLE = scenario(
    EVERY_SHAPE,
    together=[(("beta", "gamma"), 0.5), (("gamma", "uniform"), -0.3)],
    switches=[
        switch("doubt", ("yes", "no"), "yes", (0.3, 0.7)),
        switch("binds", ("on", "off"), "off", None),
    ],
    rankings={"ttp": ranking("concessions", "settled", ("stalemate", "operation"), "war", marked=(1,))},
)


def test_rows_follow_the_text() -> None:
    draws = sample(WHOLE, 48, seed=7, first=5)
    assert draws.parameters == (
        *EVERY_SHAPE,
        "ttp: concessions",
        "ttp: settled",
        "ttp: stalemate",
        "ttp: war",
    )
    assert draws.switches == ("doubt", "binds")
    assert draws.values.shape == (17, 48)
    assert draws.values.dtype == np.float64
    assert draws.choice.shape == (2, 48)
    assert draws.choice.dtype == np.int16
    assert (draws.seed, draws.first, draws.count) == (7, 5, 48)


def test_tables_are_write_locked() -> None:
    draws = sample(WHOLE, 4)
    with pytest.raises(ValueError, match="read-only"):
        draws.values[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        draws.choice[0, 0] = 1


@pytest.mark.parametrize("design", ["sobol", "random"])
@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**64 - 1), first=st.integers(0, 10_000), cuts=st.sets(st.integers(1, 99), max_size=5)
)
def test_chunks_side_by_side_are_the_table(design: str, seed: int, first: int, cuts: set[int]) -> None:
    whole = sample(WHOLE, 100, seed=seed, first=first, design=design)
    edges = [0, *sorted(cuts), 100]
    for low, high in itertools.pairwise(edges):
        chunk = sample(WHOLE, high - low, seed=seed, first=first + low, design=design)
        np.testing.assert_array_equal(chunk.values, whole.values[:, low:high])
        np.testing.assert_array_equal(chunk.choice, whole.choice[:, low:high])


def test_every_single_draw_is_its_column_of_the_table() -> None:
    whole = sample(WHOLE, 64, seed=1)
    for draw in range(64):
        np.testing.assert_array_equal(
            sample(WHOLE, 1, seed=1, first=draw).values[:, 0], whole.values[:, draw]
        )


GOLDEN = [
    192.0,
    127.15080353259782,
    411.26441039139144,
    147.72725195799512,
    179.1765228901259,
    139.35636535476584,
    51.54872268157057,
    20.86443126218024,
    11.897872999571714,
    375.65974232388425,
    116.75462710300448,
    7.998469902775717,
    128.0,
    64.0,
    53.53938994978897,
    9.825688463025458,
    0.0,
]


def test_values_stay_what_they_were() -> None:
    """Row by row the sum over 64 draws; logarithms differ between processors in the last digit only."""
    np.testing.assert_allclose(sample(WHOLE, 64, seed=2013).values.sum(axis=1), GOLDEN, rtol=1e-13)


def test_a_certain_number_leaves_all_others_as_they_were() -> None:
    """So a challenge that makes one number certain is compared on the same draws."""
    certain = scenario(EVERY_SHAPE | {"uniform": judged("fixed", 9.0)})
    before, after = sample(scenario(EVERY_SHAPE), 64, seed=3), sample(certain, 64, seed=3)
    changed = [
        name
        for name, a, b in zip(before.parameters, before.values, after.values, strict=True)
        if (a != b).any()
    ]
    assert changed == ["uniform"]


# --- rankings -------------------------------------------------------------------------------------------


def _utilities(order: Ranking, count: int = 8192) -> NDArray[np.float64]:
    return sample(scenario({}, rankings={"ttp": order}), count, seed=6).values


@pytest.mark.parametrize("tiers", [3, 4, 6])
def test_spacings_are_uniform_over_the_simplex(tiers: int) -> None:
    utility = _utilities(ranking(*"abcdef"[:tiers]))
    spacing = -np.diff(utility, axis=0)
    steps = tiers - 1
    assert (utility[0] == 1).all()
    assert (utility[-1] == 0).all()
    assert (spacing > 0).all()
    # Flat Dirichlet: mean 1/k, variance (k - 1) / (k^2 (k + 1)), covariance -1 / (k^2 (k + 1)).
    np.testing.assert_allclose(spacing.mean(axis=1), 1 / steps, rtol=0.01)
    covariance = (steps * np.eye(steps) - 1) / (steps**2 * (steps + 1))
    np.testing.assert_allclose(np.cov(spacing), covariance, atol=0.03 * covariance[0, 0])


def test_a_marked_step_takes_at_least_half_of_the_range() -> None:
    spacing = -np.diff(_utilities(ranking(*"abcd", marked=(1,))), axis=0)
    assert spacing[1].min() >= 0.5
    assert spacing[1].min() < 0.51
    np.testing.assert_allclose(spacing.mean(axis=1), [1 / 6, 4 / 6, 1 / 6], rtol=0.01)
    np.testing.assert_allclose(spacing.var(axis=1), 0.25 * 2 / 36, rtol=0.03)


def test_two_marked_steps_share_their_half() -> None:
    utility = _utilities(ranking(*"abcde", marked=(0, 3)))
    spacing = -np.diff(utility, axis=0)
    assert spacing[[0, 3]].min() >= 0.25 - 1e-15
    assert (spacing > 0).all()
    np.testing.assert_allclose(spacing.mean(axis=1), [0.375, 0.125, 0.125, 0.375], rtol=0.01)
    assert (utility[0] == 1).all()
    assert (utility[-1] == 0).all()


def test_the_shortest_rankings() -> None:
    np.testing.assert_array_equal(_utilities(ranking("a", "b"), 2), [[1, 1], [0, 0]])
    np.testing.assert_array_equal(_utilities(ranking("a", "b", marked=(0,)), 2), [[1, 1], [0, 0]])
    np.testing.assert_array_equal(_utilities(ranking(("a", "b")), 2), [[0, 0]])


@pytest.mark.parametrize(
    "order", [Ranking((), (), SPAN), Ranking((("a",), ()), (False,), SPAN), Ranking((("a",),), (True,), SPAN)]
)
def test_a_ranking_without_tiers_is_refused(order: Ranking) -> None:
    with pytest.raises(DrawsError, match="the ranking of 'ttp'"):
        _utilities(order)


def test_a_utility_may_not_bear_a_parameters_name() -> None:
    with pytest.raises(DrawsError, match="'ttp: a' names two parameters"):
        sample(scenario({"ttp: a": judged("fixed", 1.0)}, rankings={"ttp": ranking("a", "b")}), 1)


# --- switches and overrides -----------------------------------------------------------------------------


def test_switches_take_their_default_or_are_drawn_by_weight() -> None:
    draws = sample(WHOLE, 4096, seed=8)
    assert (draws.choice[1] == 1).all()
    assert np.mean(draws.choice[0] == 0) == pytest.approx(0.3, abs=0.002)


def test_an_option_without_weight_is_never_drawn() -> None:
    story = scenario({}, switches=[switch("s", ("a", "b", "c", "d"), "a", (0.0, 0.5, 0.5, 0.0))])
    assert set(sample(story, 1024).choice[0].tolist()) == {1, 2}


@pytest.mark.parametrize("weights", [(0.5,), (0.5, 0.6), (1.5, -0.5), (float("nan"), 1.0)])
def test_weights_that_are_no_probabilities_are_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(DrawsError, match="switch 's' needs one weight per option"):
        sample(scenario({}, switches=[switch("s", ("a", "b"), "a", weights)]), 1)


def _draws(**overrides: Draw) -> Draws:
    story = scenario(
        {"x": judged("uniform", 0.0, 1.0), "y": judged("uniform", 0.0, 1.0)},
        switches=[switch("s", ("a", "b"), "a", (0.5, 0.5)), switch("t", ("on", "off"), "on", None)],
        overrides=overrides,
    )
    return sample(story, 64, seed=9)


def test_overrides_replace_judgements_and_options_and_nothing_else() -> None:
    plain = _draws()
    set_x = _draws(x=Draw(judged("fixed", 5.0), None, None, SPAN))
    assert (set_x.values[0] == 5).all()
    np.testing.assert_array_equal(set_x.values[1], plain.values[1])
    np.testing.assert_array_equal(set_x.choice, plain.choice)
    set_s = _draws(s=Draw(None, None, "b", SPAN), t=Draw(None, None, "off", SPAN))
    assert (set_s.choice == 1).all()
    np.testing.assert_array_equal(set_s.values, plain.values)


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(DrawsError, match="switch 't' has no option 'maybe'"):
        _draws(t=Draw(None, None, "maybe", SPAN))


def test_a_scenario_without_uncertainty_has_empty_tables() -> None:
    draws = sample(scenario({}), 3)
    assert draws.values.shape == (0, 3)
    assert draws.choice.shape == (0, 3)
