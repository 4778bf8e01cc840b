"""The designs: balance, independence, random access, the same bits everywhere."""

from __future__ import annotations

import hashlib
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import qmc

from parley.draws.model import REPLICATES
from parley.draws.points import DESIGNS, points
from parley.errors import DrawsError

DIGESTS = {
    "sobol": "9ed1b93494d5fe3d434437eeb0b5294f5ae3edcec5c8c8816ffd9b9cf672883d",
    "random": "ed9784d7b77dd6ca5d01e87591c63c5148ec5253ed1169574653e7b51bbac635",
}


@pytest.mark.parametrize("design", DESIGNS)
@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**64 - 1),
    dimensions=st.integers(1, 9),
    first=st.one_of(st.integers(0, 9000), st.integers(2**20, 2**21)),
    cuts=st.lists(st.integers(0, 300), max_size=4),
)
def test_chunks_side_by_side_are_the_table(
    design: str, seed: int, dimensions: int, first: int, cuts: list[int]
) -> None:
    whole = points(dimensions, 301, seed=seed, first=first, design=design)
    edges = [0, *sorted(set(cuts) - {0}), 301]
    for low, high in itertools.pairwise(edges):
        chunk = points(dimensions, high - low, seed=seed, first=first + low, design=design)
        np.testing.assert_array_equal(chunk, whole[:, low:high])


@pytest.mark.parametrize("design", DESIGNS)
def test_a_dimension_does_not_depend_on_how_many_follow(design: str) -> None:
    few = points(3, 200, seed=5, first=77, design=design)
    many = points(40, 200, seed=5, first=77, design=design)
    np.testing.assert_array_equal(few, many[:3])


@pytest.mark.parametrize("first", [0, 16 * 64 * 5, 16 * 4096 * 3])
def test_each_replicate_is_a_net(first: int) -> None:
    """One of 64 aligned points of a replicate in each 64th, in every dimension; one of 64 in each 8 x 8 cell
    of the first two dimensions, which form a (0, 2)-sequence."""
    u = points(12, 16 * 64, seed=3, first=first, design="sobol").reshape(12, 64, REPLICATES)
    for replicate in range(REPLICATES):
        one = u[:, :, replicate]
        np.testing.assert_array_equal(
            np.sort((one * 64).astype(int), axis=1), np.tile(np.arange(64), (12, 1))
        )
        cells = (one[0] * 8).astype(int) * 8 + (one[1] * 8).astype(int)
        np.testing.assert_array_equal(np.sort(cells), np.arange(64))


def test_the_distance_between_rows_is_that_of_scipys_sequence_in_its_first_digit_that_differs() -> None:
    """Lower triangular matrices and a shift keep the first digit in which two points differ."""
    plain = (qmc.Sobol(7, scramble=False).random(64).T * 2**30).astype(np.int64)
    ours = points(7, 64 * 16, seed=11, first=0, design="sobol").reshape(7, 64, REPLICATES)
    for replicate in range(REPLICATES):
        digits = (ours[:, :, replicate] * 2**52).astype(np.int64)
        for row in range(1, 64):
            expected = 30 - np.floor(np.log2(plain[:, row] ^ plain[:, 0]))
            found = 52 - np.floor(np.log2(digits[:, row] ^ digits[:, 0]))
            np.testing.assert_array_equal(found, expected)


def test_replicates_are_independent() -> None:
    """Errors of the sixteen estimates of a smooth mean have the correlation of independent ones."""
    errors = []
    for seed in range(200):
        u = points(3, 16 * 16, seed=seed, first=0, design="sobol").reshape(3, 16, REPLICATES)
        errors.append(np.exp(u.sum(axis=0)).mean(axis=0) - (np.e - 1) ** 3)
    correlation = np.corrcoef(np.array(errors).T)[np.triu_indices(REPLICATES, 1)]
    assert abs(correlation.mean()) < 4 / np.sqrt(200 * correlation.size)
    assert abs(correlation).max() < 5 / np.sqrt(200)


def test_the_spread_of_replicates_is_the_sampling_error() -> None:
    truth = (np.e - 1) ** 3
    scores = []
    for seed in range(300):
        u = points(3, 256, seed=seed, first=0, design="sobol").reshape(3, 16, REPLICATES)
        means = np.exp(u.sum(axis=0)).mean(axis=0)
        scores.append((means.mean() - truth) / (means.std(ddof=1) / 4))
    # Student's t with 15 degrees of freedom has standard deviation sqrt(15 / 13) = 1.074.
    assert 0.95 < np.std(scores) < 1.2
    assert abs(np.mean(scores)) < 0.25


def test_sobol_errs_less_than_independent_draws() -> None:
    truth = (np.e - 1) ** 3
    error = {
        design: np.sqrt(
            np.mean(
                [
                    (np.exp(points(3, 4096, seed=seed, first=0, design=design).sum(axis=0)).mean() - truth)
                    ** 2
                    for seed in range(40)
                ]
            )
        )
        for design in DESIGNS
    }
    assert error["sobol"] < error["random"] / 10


def test_independent_draws_are_uniform_and_uncorrelated() -> None:
    u = points(6, 40_000, seed=9, first=3, design="random")
    for row in u:
        assert abs(np.sort(row) - (np.arange(40_000) + 0.5) / 40_000).max() < 1.95 / 200  # Kolmogorov, 0.1 %
    off = np.asarray(np.corrcoef(np.vstack([u, np.roll(u, 1, axis=1)])))[np.triu_indices(12, 1)]
    assert abs(off).max() < 5 / 200


@pytest.mark.parametrize("design", DESIGNS)
def test_seeds_differ_and_points_and_complements_are_exact(design: str) -> None:
    one = points(5, 512, seed=0, first=0, design=design)
    assert not (one == points(5, 512, seed=1, first=0, design=design)).any()
    assert one.min() > 0
    assert one.max() < 1
    np.testing.assert_array_equal(1 - (1 - one), one)


@pytest.mark.parametrize("design", DESIGNS)
def test_the_same_bits_on_every_machine_and_release(design: str) -> None:
    """Integer arithmetic alone makes the points, so this digest holds everywhere."""
    u = points(30, 1000, seed=2013, first=123, design=design)
    assert hashlib.sha256(u.astype("<f8").tobytes()).hexdigest() == DIGESTS[design]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"design": "halton"}, "unknown design 'halton'"),
        ({"seed": -1}, "the seed is -1"),
        ({"seed": 2**64}, "between 0 and"),
        ({"count": 0}, "asked for 0 draws"),
        ({"first": -1}, "from number -1"),
        ({"first": 2**28}, "beyond the last of the design, 268,435,455"),
        ({"dimensions": 21202}, "21,202 uncertain things"),
    ],
)
def test_arguments_out_of_range(change: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"dimensions": 2, "count": 1, "seed": 0, "first": 0, "design": "sobol"}
    with pytest.raises(DrawsError, match=message):
        points(**(arguments | change))  # type: ignore[arg-type]


def test_the_last_draw_of_the_design_can_be_reached() -> None:
    assert points(2, 1, seed=0, first=2**28 - 1, design="sobol").shape == (2, 1)


def test_nothing_uncertain_is_an_empty_table() -> None:
    assert points(0, 5, seed=0, first=0, design="sobol").shape == (0, 5)
