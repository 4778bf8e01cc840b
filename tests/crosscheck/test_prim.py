"""Peeling is the peers' peeling: EMA Workbench's and prim's, step by step.

Both peers are under the GPL and imported in tests alone. What differs on purpose:

- They stop as soon as no peel raises the density; ours goes on to the smallest box, so theirs is a beginning
  of ours.
- Where many readings tie at a quantile they cut the whole tie with what lies beyond it; ours keeps it unless
  it is the end of the range, so that no peel takes more than it must. There are no such ties here.
- They paste by their own objective, the smallest box, whereas ours pastes the box that it names; pasting is
  not compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from parley.findings.discovery import Inputs, peel, quasi_p_values
from parley.findings.discovery.box import HIGH, LOW

pytestmark = pytest.mark.filterwarnings("ignore")
ALPHA = 1 / 16  # exact in binary: the ranks of quantiles are then the same whichever way they are rounded
COLUMNS = list("abcdef")


def data(seed: int, noise: float = 0.1) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    generator = np.random.default_rng(seed)
    values = generator.random((len(COLUMNS), 800))
    failed = (values[1] > 0.4) & (values[4] < 0.6)
    return values, failed ^ (generator.random(800) < noise)


def table(values: NDArray[np.float64]) -> Any:
    pandas = pytest.importorskip("pandas")
    return pandas.DataFrame(values.T, columns=COLUMNS)


def peer_boxes(package: str, values: NDArray[np.float64], failed: NDArray[np.bool_]) -> Any:
    """Return the peer's box and the number of its steps before pasting."""
    if package == "ema_workbench":
        module = pytest.importorskip("ema_workbench.analysis.prim")
        outcome = failed.astype(int)
        found = module.Prim(table(values), outcome, threshold=0.1, peel_alpha=ALPHA, mass_min=0.05).find_box()
    else:
        module = pytest.importorskip("prim")
        outcome = failed.astype(float)
        options = {"threshold": 0.5, "threshold_type": ">", "peel_alpha": ALPHA, "mass_min": 0.05}
        found = module.Prim(table(values), outcome, **options).find_box()
    mass = found.peeling_trajectory["mass"].to_numpy()
    steps = int(np.argmax(np.append(np.diff(mass) >= 0, True))) + 1
    return found, steps


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("package", ["ema_workbench", "prim"])
def test_the_same_peels(package: str, seed: int) -> None:
    values, failed = data(seed)
    found, steps = peer_boxes(package, values, failed)
    peer = found.peeling_trajectory.iloc[:steps]
    ours = peel(Inputs(values, (None,) * len(COLUMNS)), failed, alpha=ALPHA, support=40)
    assert 15 < steps <= len(ours.boxes)
    np.testing.assert_allclose(ours.mass[:steps], peer["mass"], rtol=1e-12)
    np.testing.assert_allclose(ours.coverage[:steps], peer["coverage"], rtol=1e-12)
    np.testing.assert_allclose(ours.density[:steps], peer["density"], rtol=1e-12)
    assert ours.restricted[:steps].tolist() == peer["res_dim" if "res_dim" in peer else "res dim"].tolist()


@pytest.mark.parametrize("seed", range(3))
def test_the_same_boxes(seed: int) -> None:
    values, failed = data(seed)
    found, steps = peer_boxes("ema_workbench", values, failed)
    ours = peel(Inputs(values, (None,) * len(COLUMNS)), failed, alpha=ALPHA, support=40)
    for step in range(steps):
        limits, box = found.box_lims[step], ours.boxes[step]
        for row, name in enumerate(COLUMNS):
            assert limits[name].iloc[0] == pytest.approx(box.low.get(row, values[row].min()), rel=1e-12)
            assert limits[name].iloc[1] == pytest.approx(box.high.get(row, values[row].max()), rel=1e-12)


def test_the_same_quasi_p_values() -> None:
    values, failed = data(3, noise=0.3)
    found, steps = peer_boxes("ema_workbench", values, failed)
    ours = peel(Inputs(values, (None,) * len(COLUMNS)), failed, alpha=ALPHA, support=40)
    last = steps - 1
    mine = quasi_p_values(Inputs(values, (None,) * len(COLUMNS)), failed, ours.boxes[last])
    theirs = found.qp[last]
    assert len(mine) >= 3
    for (row, kind), value in mine.items():
        assert kind in (LOW, HIGH)
        assert value == pytest.approx(theirs[COLUMNS[row]][kind], rel=1e-9, abs=1e-300)


def test_the_peers_are_fed_what_they_can_do() -> None:
    """A switch: EMA's categories are cut one at a time, as ours are."""
    generator = np.random.default_rng(11)
    number, code = generator.random(900), generator.integers(0, 3, 900)
    failed = ((code == 2) & (number > 0.3)) ^ (generator.random(900) < 0.05)
    pandas = pytest.importorskip("pandas")
    module = pytest.importorskip("ema_workbench.analysis.prim")
    frame = pandas.DataFrame({"a": number, "b": np.array(["x", "y", "z"], dtype=object)[code]})
    found = module.Prim(frame, failed.astype(int), threshold=0.1, peel_alpha=ALPHA, mass_min=0.05).find_box()
    ours = peel(Inputs(np.array([number, code]), (None, ("x", "y", "z"))), failed, alpha=ALPHA, support=45)
    mass = found.peeling_trajectory["mass"].to_numpy()
    steps = int(np.argmax(np.append(np.diff(mass) >= 0, True))) + 1
    assert steps > 3
    np.testing.assert_allclose(ours.mass[:steps], mass[:steps], rtol=1e-12)
    assert ours.boxes[steps - 1].options == {1: (2,)}
