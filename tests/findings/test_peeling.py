"""Patient rule induction against a plain version of itself, closed forms and its own promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binomtest

from parley.errors import FindingsError
from parley.findings.discovery import Box, Inputs, Trajectory, paste, peel, quasi_p_values, search
from parley.findings.discovery.box import HIGH, LOW, OPTIONS, Side, measured, youden
from parley.findings.discovery.peeling import sides
from parley.findings.discovery.rounding import COST, rounded
from parley.findings.discovery.search import chosen
from parley.findings.discovery.sharpening import sharpened

LABELS = ("x", "y", "z")


@st.composite
def tables(draw: st.DrawFn) -> tuple[Inputs, NDArray[np.bool_]]:
    """Numbers with and without ties, a constant, a switch; failures with and without a reason."""
    count = draw(st.integers(2, 120))
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    values = generator.random((5, count))
    values[1] = np.floor(values[1] * draw(st.integers(1, 6)))
    values[2] = 0.25
    values[3] = np.where(values[3] < draw(st.floats(0, 1)), 0.5, values[3])
    values[4] = generator.integers(0, draw(st.integers(1, 3)), count)
    failed = generator.random(count) < draw(st.floats(0, 1))
    if draw(st.booleans()):
        failed &= values[0] > 0.3
    return Inputs(values, (None, None, None, None, LABELS)), failed


def plainly_peeled(inputs: Inputs, failed: NDArray[np.bool_], alpha: float, support: int) -> list[list[int]]:
    """Peel with lists and loops, as the paper says it: the readings left after each step."""
    left = list(range(inputs.draws))
    steps, known = [left], set()
    while any(not failed[n] for n in left):
        pieces: list[tuple[int, list[int]]] = []
        for row, options in enumerate(inputs.options):
            column = inputs.values[row]
            if len({column[n] for n in left}) < 2:
                continue
            if options is not None:
                pieces += [(row, [n for n in left if column[n] == code]) for code in range(len(options))]
                continue
            for sign in (-1, 1):
                ends = sorted(left, key=lambda n: sign * column[n])
                last = column[ends[min(1 + int(alpha * (len(left) - 1)), len(left) - 1)]]
                piece = [n for n in left if sign * column[n] < sign * last]
                pieces.append((row, piece or [n for n in left if column[n] == column[ends[0]]]))
        best, most = None, (-np.inf, False)
        for row, piece in pieces:
            rest = [n for n in left if n not in set(piece)]
            if not piece or len(rest) < max(1, support):
                continue
            was, will = sum(failed[left]) / len(left), sum(failed[rest]) / len(rest)
            if ((will - was) / len(piece), row in known) > most:
                best, most = (row, rest), ((will - was) / len(piece), row in known)
        if best is None:
            return steps
        known.add(best[0])
        left = best[1]
        steps.append(left)
    return steps


@settings(max_examples=60)
@given(tables(), st.sampled_from([0.03, 0.1, 0.4]), st.integers(1, 20))
def test_peels_are_those_of_the_plain_version(
    table: tuple[Inputs, NDArray[np.bool_]], alpha: float, support: int
) -> None:
    inputs, failed = table
    found = peel(inputs, failed, alpha=alpha, support=support)
    expected = plainly_peeled(inputs, failed, alpha, support)
    assert [np.flatnonzero(box.inside(inputs)).tolist() for box in found.boxes] == expected


@given(tables())
def test_a_trajectory_says_what_its_boxes_hold(table: tuple[Inputs, NDArray[np.bool_]]) -> None:
    inputs, failed = table
    found = peel(inputs, failed)
    for step, box in enumerate(found.boxes):
        row = (found.mass[step], found.coverage[step], found.density[step])
        assert row == pytest.approx(measured(box.inside(inputs), failed))
        assert found.restricted[step] == box.restricted
    assert np.all(np.diff(found.mass) < 0)


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_readings_does_not_matter(
    table: tuple[Inputs, NDArray[np.bool_]], shuffle: object
) -> None:
    inputs, failed = table
    order = np.random.default_rng(3).permutation(inputs.draws)
    one, two = peel(inputs, failed), peel(Inputs(inputs.values[:, order], inputs.options), failed[order])
    assert [bounds(box) for box in one.boxes] == [bounds(box) for box in two.boxes]


def bounds(box: Box) -> tuple[object, ...]:
    return dict(box.low), dict(box.high), dict(box.options)


@given(tables(), st.data())
def test_pasting_only_enlarges_and_never_thins(
    table: tuple[Inputs, NDArray[np.bool_]], data: st.DataObject
) -> None:
    inputs, failed = table
    found = peel(inputs, failed)
    box = found.boxes[data.draw(st.integers(0, len(found.boxes) - 1))]
    wider = paste(inputs, failed, box)
    before, after = box.inside(inputs), wider.inside(inputs)
    assert np.all(after | ~before)
    assert set(wider.sides()) <= set(box.sides())
    if before.any():
        assert measured(after, failed)[2] >= measured(before, failed)[2] - 1e-12


def test_pasting_gives_back_what_peeling_cut_too_deep() -> None:
    values = np.arange(1000.0)[np.newaxis] / 1000
    failed = values[0] >= 0.6
    too_deep = Box(low={0: 0.85})
    wider = paste(Inputs(values, (None,)), failed, too_deep)
    # One more piece, of 1 + floor(0.05 x 393) readings, would go below 0.6.
    assert 0.5995 <= wider.low[0] < 0.5995 + 0.021


def test_pasting_gives_an_option_back() -> None:
    values = np.repeat([[0.0, 1.0, 2.0]], 50, axis=0).reshape(1, -1)
    failed = values[0] != 1.0
    box = Box(options={0: (0,)})
    assert paste(Inputs(values, (LABELS,)), failed, box).options == {0: (0, 2)}
    everything = paste(Inputs(values, (LABELS,)), np.ones(150, dtype=np.bool_), box)
    assert list(everything.sides()) == []


def test_one_input_by_hand() -> None:
    values = np.arange(20.0)[np.newaxis]
    found = peel(Inputs(values, (None,)), values[0] >= 17, alpha=0.1, support=3)
    # 1 + floor(0.1 x 19) = 2 of 20, 2 of 18, ..., 2 of 12, 1 of 10, ... down to the three failures.
    assert (found.mass * 20).round().tolist() == [20, 18, 16, 14, 12, 10, 9, 8, 7, 6, 5, 4, 3]
    assert found.coverage.tolist() == [1.0] * 13
    assert found.density[-1] == 1.0
    assert found.boxes[-1].low == {0: 16.5}


def test_a_switch_is_cut_by_option_and_lenient_to_its_size() -> None:
    # The option holds half of all; a small piece of the number gains less for each reading it takes.
    values = np.array([np.tile(np.arange(100.0), 2), np.repeat([0.0, 1.0], 100)])
    found = peel(Inputs(values, (None, ("off", "on"))), values[1] == 1.0)
    assert bounds(found.boxes[1]) == ({}, {}, {1: (1,)})
    assert found.density.tolist() == [0.5, 1.0]


def test_an_input_that_is_restricted_already_comes_first_among_equals() -> None:
    values = np.array([np.arange(100.0) % 50, np.arange(100.0)])
    failed = values[1] >= 60
    found = peel(Inputs(values[::-1], (None, None)), failed, support=20)
    assert {row for box in found.boxes for row, _ in box.sides()} == {0}


def test_what_is_the_same_everywhere_is_no_side() -> None:
    inputs = Inputs(np.array([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]), (None, None, ("on", "off")))
    assert sides(inputs) == ((1, HIGH), (1, LOW))


@pytest.mark.parametrize("failed", [np.ones(50, dtype=np.bool_), np.zeros(50, dtype=np.bool_)])
def test_without_both_outcomes_there_is_nothing_to_find(failed: NDArray[np.bool_]) -> None:
    inputs = Inputs(np.random.default_rng(1).random((3, 50)), (None,) * 3)
    assert search(inputs, failed) is None
    assert chosen(peel(inputs, failed)).restricted == 0


def test_what_cannot_be_is_named() -> None:
    with pytest.raises(FindingsError, match="input 1 has readings without a value"):
        Inputs(np.array([[1.0], [np.nan]]), (None, None))
    with pytest.raises(FindingsError, match="input 0 is a switch with 2 options"):
        Inputs(np.array([[0.0, 2.0]]), (("on", "off"),))
    with pytest.raises(FindingsError, match=r"not \[2 inputs, draw\]"):
        Inputs(np.zeros((1, 3)), (None, None))
    inputs = Inputs(np.array([[1.0, 2.0]]), (None,))
    with pytest.raises(FindingsError, match="alpha must lie between 0 and 1, and 1 does not"):
        peel(inputs, np.array([True, False]), alpha=1.0)
    with pytest.raises(FindingsError, match="3 outcomes for 2 readings"):
        peel(inputs, np.array([True, False, True]))


@given(tables())
def test_quasi_p_values_are_binomial_tails(table: tuple[Inputs, NDArray[np.bool_]]) -> None:
    inputs, failed = table
    box = peel(inputs, failed).boxes[-1]
    inside = box.inside(inputs)
    count, bad = int(inside.sum()), int((inside & failed).sum())
    for side, value in quasi_p_values(inputs, failed, box).items():
        wider = box.without(side).inside(inputs)
        if bad:
            expected = binomtest(bad, count, failed[wider].mean(), alternative="greater").pvalue
            assert value == pytest.approx(expected, rel=1e-9, abs=1e-300)
        else:
            assert value == 1.0


@given(tables())
def test_the_chosen_box_is_the_best_of_the_trajectory(table: tuple[Inputs, NDArray[np.bool_]]) -> None:
    inputs, failed = table
    found = peel(inputs, failed)
    score = [youden(box.inside(inputs), failed) for box in found.boxes]
    assert youden(chosen(found).inside(inputs), failed) == pytest.approx(max(score), abs=1e-9)


@given(tables())
def test_sharpened_bounds_cannot_be_bettered(table: tuple[Inputs, NDArray[np.bool_]]) -> None:
    inputs, failed = table
    box = chosen(peel(inputs, failed))
    sharp = sharpened(inputs, failed, box)
    score = youden(sharp.inside(inputs), failed)
    assert list(sharp.sides()) == list(box.sides())
    assert score >= youden(box.inside(inputs), failed) - 1e-9
    for side in sharp.sides():
        open_ended = sharp.without(side).inside(inputs)
        for bound in np.unique(inputs.values[side[0]]) if side[1] != OPTIONS else ():
            other = sharp.bounded(side, float(bound)).inside(inputs)
            # A bound that keeps nobody out is none; whether the side matters is asked elsewhere.
            assert youden(other, failed) <= score + 1e-6 or np.array_equal(other, open_ended)


@given(tables())
def test_stopping_early_does_not_change_the_choice(table: tuple[Inputs, NDArray[np.bool_]]) -> None:
    inputs, failed = table
    whole, part = peel(inputs, failed), peel(inputs, failed, to_choose=True)
    assert bounds(chosen(part)) == bounds(chosen(whole))
    assert len(part.boxes) <= len(whole.boxes)


@given(tables())
def test_rounding_costs_little_and_shortens(table: tuple[Inputs, NDArray[np.bool_]]) -> None:
    inputs, failed = table
    box = chosen(peel(inputs, failed))
    said = rounded(inputs, failed, box)
    assert list(said.sides()) == list(box.sides())
    lost = youden(box.inside(inputs), failed) - youden(said.inside(inputs), failed)
    assert lost <= COST * len(list(box.sides())) + 1e-12
    for row, bound in (*said.low.items(), *said.high.items()):
        kept = (box.low if row in box.low else box.high).get(row)
        assert len(repr(bound).strip("-0.").replace(".", "")) <= 6 or bound == kept or row in box.high


@pytest.mark.parametrize("scale", [1e-6, 1.0, 40.0, 1e5])
def test_bounds_are_round_numbers(scale: float) -> None:
    values = np.random.default_rng(5).random((2, 4000)) * scale
    found = search(Inputs(values, (None, None)), values[0] > 0.62 * scale)
    assert found is not None
    assert found.box.low[0] == pytest.approx(0.62 * scale, rel=0.01)
    assert float(f"{found.box.low[0]:.3g}") == found.box.low[0]


def planted(seed: int, restricted: int, noise: float) -> tuple[Inputs, NDArray[np.bool_], dict[Side, float]]:
    """Return 20 inputs, failures in a box of some of them but for noise, and the planted bounds."""
    generator = np.random.default_rng(seed)
    values = generator.random((20, 1500))
    truth: dict[Side, float] = {}
    for row in sorted(generator.choice(20, restricted, replace=False).tolist()):
        width, kind = generator.uniform(0.45, 0.6), int(generator.integers(0, 2))
        truth[row, kind] = 1 - width if kind == LOW else width
    box = Box(
        {row: b for (row, k), b in truth.items() if k == LOW},
        {r: b for (r, k), b in truth.items() if k == HIGH},
    )
    inputs = Inputs(values, (None,) * 20)
    return inputs, box.inside(inputs) ^ (generator.random(1500) < noise), truth


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 2), st.floats(0.0, 0.1))
def test_planted_boxes_are_found_and_nothing_else_is_named(seed: int, restricted: int, noise: float) -> None:
    inputs, failed, truth = planted(seed, restricted, noise)
    found = search(inputs, failed)
    assert found is not None
    assert list(found.box.sides()) == list(truth)
    for (row, kind), bound in truth.items():
        assert (found.box.low if kind == LOW else found.box.high)[row] == pytest.approx(bound, abs=0.06)


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_planted_bounds_are_recovered(noise: float) -> None:
    missed = []
    for seed in range(40):
        inputs, failed, truth = planted(seed, 2, noise)
        found = search(inputs, failed)
        assert found is not None
        bounds = {
            **{(r, LOW): b for r, b in found.box.low.items()},
            **{(r, HIGH): b for r, b in found.box.high.items()},
        }
        missed += [abs(bounds[side] - truth[side]) for side in truth]
    assert np.median(missed) < 0.005
    assert np.quantile(missed, 0.95) < (0.03 if noise else 0.01)


def test_what_is_sure_but_does_not_matter_is_not_named() -> None:
    values = np.random.default_rng(6).random((5, 8000))
    inputs = Inputs(values, (None,) * 5)
    failed = (values[2] > 0.4) & (values[1] < 0.5) & (values[0] < 0.96)
    full = Box(low={2: 0.4}, high={0: 0.96, 1: 0.5})
    assert quasi_p_values(inputs, failed, full)[0, HIGH] < 1e-9
    found = search(inputs, failed)
    assert found is not None
    assert list(found.box.sides()) == [(1, HIGH), (2, LOW)]


def test_a_planted_switch_is_found() -> None:
    generator = np.random.default_rng(2)
    values = generator.random((4, 1000))
    values[2] = generator.integers(0, 3, 1000)
    failed = (values[2] != 1) & (values[0] < 0.5)
    found = search(Inputs(values, (None, None, LABELS, None)), failed)
    assert found is not None
    assert list(found.box.sides()) == [(0, HIGH), (2, OPTIONS)]
    assert found.box.options == {2: (0, 2)}


@pytest.mark.parametrize("seed", range(20))
def test_of_chance_alone_nothing_is_made(seed: int) -> None:
    generator = np.random.default_rng(seed)
    inputs = Inputs(generator.random((20, 500)), (None,) * 20)
    assert search(inputs, generator.random(500) < 0.4) is None


def test_a_trajectory_knows_its_shapes() -> None:
    found = peel(Inputs(np.random.default_rng(4).random((2, 64)), (None, None)), np.arange(64) % 3 == 0)
    assert isinstance(found, Trajectory)
    assert found.mass.shape == found.coverage.shape == found.density.shape == (len(found.boxes),)
    assert (found.mass[0], found.coverage[0], found.restricted[0]) == (1.0, 1.0, 0)
