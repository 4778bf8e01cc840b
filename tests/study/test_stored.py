"""Results of a run that stays in its folder are those that would be in memory, bit for bit."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import parley
from parley.study import readings, runner, stored, verification
from parley.study.plan import plan
from parley.study.results import Results
from parley.study.runner import MOST_HELD
from parley.study.stored import held
from tests.game.stories import HEAD, SIGNALS

DRAWS, CHUNK = 480, 64
TABLES = ("parameters", "switches", "precision", "criteria", "quantities", "claims", "margins")
PROOF = ("status", "residual", "regret", "sweeps", "nodes", "infosets", "actions")


def assert_same(one: Results, other: Results) -> None:
    np.testing.assert_array_equal(one.draw, other.draw)
    for name in TABLES:
        left, right = getattr(one, name), getattr(other, name)
        assert list(left) == list(right), name
        assert len(left) == len(right)
        assert all(key in right for key in left)
        for key in left:
            np.testing.assert_array_equal(left[key], right[key], err_msg=f"{name} {key}", strict=True)
    assert len(one.expected) == len(other.expected)
    for left, right in zip(one.expected, other.expected, strict=True):
        np.testing.assert_array_equal(left, right, strict=True)
    for policy, proof in one.proofs.items():
        for part in PROOF:
            np.testing.assert_array_equal(getattr(proof, part), getattr(other.proofs[policy], part))
    assert one.complete == other.complete


@pytest.fixture
def on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small run be treated as one that is too large for the memory."""
    for module in (runner, verification, stored):
        monkeypatch.setattr(module, "HELD", 0)
    monkeypatch.setattr(readings, "BLOCK", 2 * CHUNK)


@pytest.mark.parametrize("name", ["which-event-first", "signals", "taliban-talks"])
@pytest.mark.usefixtures("on_disk")
def test_results_from_the_folder_are_those_in_memory(tmp_path: Path, name: str) -> None:
    scenario = parley.loads(HEAD + SIGNALS, "a.yaml") if name == "signals" else parley.load(name)
    asked: dict[str, Any] = {"draws": DRAWS, "seed": 3, "chunk": CHUNK}
    if name == "signals":
        asked |= {"starts": 4, "searched": 24}
    within = parley.run(scenario, **asked)
    kept = parley.run(scenario, store=tmp_path / "run", **asked)
    assert type(within.parameters) is dict
    assert type(kept.parameters) is not dict
    assert_same(within, kept)
    again = verification.read_run(tmp_path / "run")
    assert_same(within, again)
    expected = parley.assess(within).to_json()
    assert parley.assess(kept).to_json() == expected
    assert parley.assess(again).to_json() == expected
    assert {file.name for file in (tmp_path / "run" / "readings").iterdir()} == {
        f"{first}.parquet" for first in range(0, DRAWS, 2 * CHUNK)
    }


@pytest.mark.usefixtures("on_disk")
def test_without_a_table_one_is_made_elsewhere_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a folder that cannot be written, or a run that is not finished."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    scenario = parley.load("which-event-first")
    within = parley.run(scenario, draws=DRAWS, seed=3, chunk=CHUNK)
    parley.run(scenario, draws=DRAWS, seed=3, chunk=CHUNK, store=tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "readings")
    before = sorted(file.name for file in (tmp_path / "run").rglob("*"))
    again = verification.read_run(tmp_path / "run")
    assert not list(scratch.iterdir())  # nothing was asked for yet
    assert_same(within, again)
    assert len(list(scratch.iterdir())) == 1
    del again
    assert not list(scratch.iterdir())
    (tmp_path / "run" / "chunks" / "1-128.parquet").unlink()
    part = verification.read_run(tmp_path / "run")
    assert not part.complete
    assert part.draw.tolist() == [n for n in range(DRAWS) if not 128 <= n < 192]
    held_of = np.isin(within.draw, part.draw)
    for key, values in within.quantities.items():
        np.testing.assert_array_equal(values[held_of], part.quantities[key])
    assert sorted(file.name for file in (tmp_path / "run").rglob("*")) == [
        name for name in before if name != "1-128.parquet"
    ]


@pytest.mark.usefixtures("on_disk")
def test_a_damaged_block_is_named(tmp_path: Path) -> None:
    scenario = parley.load("which-event-first")
    kept = parley.run(scenario, draws=DRAWS, seed=3, chunk=CHUNK, store=tmp_path)
    block = tmp_path / "readings" / "128.parquet"
    shutil.copy(tmp_path / "readings" / "0.parquet", block)
    with pytest.raises(parley.StudyError, match=r"128\.parquet' belongs to another run"):
        _ = verification.read_run(tmp_path).parameters["kappa"]
    block.write_bytes(b"not Parquet")
    with pytest.raises(parley.StudyError, match=r"128\.parquet' is damaged"):
        _ = kept.parameters["kappa"]


def test_columns_are_not_held_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (runner, verification, stored):
        monkeypatch.setattr(module, "HELD", 0)
    monkeypatch.setattr(readings, "CACHE", 3 * DRAWS * 8)
    kept = parley.run(parley.load("which-event-first"), draws=DRAWS, seed=3, store=tmp_path)
    first = kept.parameters["kappa"]
    assert kept.parameters["kappa"] is first
    assert not first.flags.writeable
    for name in kept.parameters:
        _ = kept.parameters[name]
    assert kept.parameters["kappa"] is not first


def test_what_is_too_large_for_the_memory_needs_a_folder() -> None:
    scenario = parley.load("taliban-talks")
    planned = plan(scenario)
    assert held(planned, 1_000_000) < MOST_HELD < held(planned, 10_000_000)
    with pytest.raises(parley.StudyError, match=r"10,000,000 draws would take about \d+ GiB .*--save DIR"):
        parley.run(scenario, draws=10_000_000)


def test_the_estimate_of_memory_is_that_of_the_results() -> None:
    scenario = parley.load("taliban-talks")
    results = parley.run(scenario, draws=64)
    arrays = [array for name in TABLES if name != "switches" for array in getattr(results, name).values()]
    for proof in results.proofs.values():
        arrays += [proof.residual, proof.regret, proof.sweeps, proof.status]
    size = sum(array.nbytes for array in arrays)
    assert size <= held(plan(scenario), 64) <= 4 * size
