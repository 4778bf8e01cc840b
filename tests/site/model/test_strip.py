"""Packed sweeps: what is packed is read back, and between points everything lies on the straight line."""

from __future__ import annotations

import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.site.model.errors import ModelError
from parley.site.model.strip import DOTS, Strip, crossings, estimate


def sweep(*, switch: bool = False, hole: bool = False, rival: int | None = 0) -> Strip:
    """A sweep of three points and two policies whose dots move by one from point to point."""
    dots = tuple(
        (
            tuple(point + k / DOTS for k in range(DOTS)),
            () if hole and point == 2 else tuple(10.0 for _ in range(DOTS)),
        )
        for point in range(3)
    )
    none = None if hole else 10.0
    return Strip(
        switch=switch, recommended=1, author=1, rival=rival, before=0.75, readings=128, middle=1.0,
        values=(0.0, 1.0, 4.0), dots=dots,
        mean=((0.5, 10.0), (1.5, 10.0), (2.5, none)),
        better=((0.9, None), (0.7, None), (0.1, None)),
        worse=((0.1, None), (0.2, None), (0.9, None)),
        best=((0.1, 0.9), (0.25, 0.75), (0.9, 0.1)),
    )  # fmt: skip


@pytest.mark.parametrize("rival", [0, None])
@pytest.mark.parametrize("hole", [False, True])
def test_what_is_packed_is_read_back(hole: bool, rival: int | None) -> None:
    found = sweep(hole=hole, rival=rival)
    read = Strip.unpack(found.pack())
    assert read.values == found.values
    assert (read.recommended, read.author, read.rival, read.readings) == (1, 1, rival, 128)
    assert read.before == pytest.approx(0.75, abs=1e-4)
    assert read.dots[2][1] == (() if hole else pytest.approx((10.0,) * DOTS, abs=2e-4))
    assert read.dots[1][0] == pytest.approx(found.dots[1][0], abs=2e-4)
    assert read.better[0][1] is None
    assert read.pack() == Strip.unpack(read.pack()).pack()


def test_the_layout_is_the_documented_one() -> None:
    """What a reader in another language does by the docstring."""
    data = sweep().pack()
    points, policies = data[5], data[6]
    low, high = struct.unpack_from("<dd", data, 16)
    at = 40 + 8 * points
    assert struct.unpack_from("<3d", data, 40) == (0.0, 1.0, 4.0)
    code = struct.unpack_from("<H", data, at + 2 * ((1 * policies + 0) * DOTS + 25))[0]
    assert low + (high - low) * code / 65534 == pytest.approx(1.5, abs=2e-4)
    shares = at + 2 * points * policies * (DOTS + 1)
    assert struct.unpack_from("<H", data, shares)[0] / 65534 == pytest.approx(0.9, abs=1e-4)
    assert struct.unpack_from("<H", data, shares + 2)[0] == 65535
    assert len(data) == at + 2 * points * policies * (DOTS + 4)


@pytest.mark.parametrize(
    "damage",
    [lambda d: d[:-1], lambda d: b"PSW2" + d[4:], lambda d: d[:20], lambda d: d[:4] + b"\xff" * 6 + d[10:]],
)
def test_damaged_bytes_are_refused(damage: object) -> None:
    with pytest.raises(ModelError):
        Strip.unpack(damage(sweep().pack()))  # type: ignore[operator]


def test_between_points_everything_lies_on_the_line() -> None:
    found = estimate(sweep(), 2.5)
    assert found.policies[0].dots[0] == pytest.approx(1.5)
    assert found.policies[0].better == pytest.approx(0.4)
    assert found.policies[0].worse == pytest.approx(0.55)
    assert found.share == pytest.approx((1 + 0.4 - 0.55) / 2)
    assert (found.before, found.chip) == (0.75, "flips")
    assert estimate(sweep(), 1.0).chip == "no change"
    assert estimate(sweep(), 0.0).chip == "strengthens"
    assert estimate(sweep(rival=None), 4.0).share == pytest.approx(0.1)


def test_a_hole_reaches_to_its_neighbours_and_no_further() -> None:
    found = sweep(hole=True)
    assert estimate(found, 1.0).policies[1].dots
    assert estimate(found, 4.0).policies[1].dots == ()
    assert estimate(found, 2.0).policies[1].dots == ()
    assert estimate(found, 2.0).policies[0].dots


@pytest.mark.parametrize("value", [-0.1, 4.1, float("nan"), float("inf")])
def test_what_was_not_swept_is_not_estimated(value: float) -> None:
    with pytest.raises(ModelError, match="was not swept"):
        estimate(sweep(), value)


def test_options_of_a_switch_are_not_mixed() -> None:
    assert estimate(sweep(switch=True), 4.0).policies[0].dots[0] == pytest.approx(2.0)
    with pytest.raises(ModelError, match="was not swept"):
        estimate(sweep(switch=True), 2.0)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_crossings_part_what_is_above_from_what_is_below(shares: list[float]) -> None:
    found = crossings(list(range(len(shares))), shares)
    sides = [share > 0.5 for share in shares if share != 0.5]
    assert len(found) == sum(a != b for a, b in pairwise(sides))
    assert [each.value for each in found] == sorted(each.value for each in found)
    if found:
        assert found[0].fails == ("above" if sides[0] else "below")


def test_nothing_is_crossed_over_a_hole() -> None:
    assert crossings([0, 1, 2], [0.9, None, 0.1]) == ()
