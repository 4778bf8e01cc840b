"""A run killed in mid-solve goes on to the bits of one that was left alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import parley
from parley.study import Store
from parley.study.results import Results
from tests.game.stories import HEAD, SIGNALS

PARLEY = [sys.executable, "-c", "from parley.cli.main import main; main()"]
DRAWS = 6_144  # 48 chunks
POSIX = pytest.mark.skipif(os.name != "posix", reason="kills a process outright")


def command(folder: Path, kept: str, threads: int = 1) -> list[str]:
    asked = ["run", str(folder / "story.yaml"), "--draws", str(DRAWS), "--seed", "11"]
    return [*PARLEY, *asked, "--save", str(folder / kept), "--threads", str(threads), "--quiet"]


def chunks(folder: Path) -> set[str]:
    return {file.name for file in folder.glob("chunks/*.parquet")}


def bits(folder: Path) -> dict[Any, dict[str, Any]]:
    with Store.open(folder) as store:
        return {key: store.read_chunk(key) for key in store.done()}


def assert_same(one: Path, other: Path) -> None:
    left, right = bits(one), bits(other)
    assert set(left) == set(right)
    for key, columns in left.items():
        assert set(columns) == set(right[key])
        for name, column in columns.items():
            if column.dtype.kind == "f":
                assert column.tobytes() == right[key][name].tobytes(), (key, name)
            else:
                assert np.array_equal(column, right[key][name]), (key, name)
    assert (one / "findings.json").read_text() == (other / "findings.json").read_text()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the story and a run that nobody disturbed."""
    folder = tmp_path_factory.mktemp("kill")
    (folder / "story.yaml").write_text(HEAD + SIGNALS, encoding="utf-8")
    done = subprocess.run(command(folder, "alone"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def kill_after(child: subprocess.Popen[bytes], folder: Path, more: int) -> bool:
    """Kill a process outright once it has written so many more chunks; False when it ended before."""
    before, deadline = len(chunks(folder)), time.monotonic() + 120
    while child.poll() is None and len(chunks(folder)) < before + more:
        assert time.monotonic() < deadline, "nothing was written for two minutes"
        time.sleep(0.001)
    if child.poll() is not None:
        return False
    child.send_signal(signal.SIGKILL)
    child.wait()
    return True


@POSIX
def test_killed_in_mid_solve_three_times_and_resumed(alone: Path) -> None:
    kept, threads = "killed", 2
    whole = len(chunks(alone / "alone"))
    sizes = [0]
    for more in (3, 4, 1):
        with subprocess.Popen(command(alone, kept, threads), stdout=subprocess.DEVNULL) as child:
            assert kill_after(child, alone / kept, more), "it ended before it could be killed"
        sizes.append(len(chunks(alone / kept)))
    assert sizes == sorted(set(sizes))  # every life left something, and the next lost nothing of it
    assert sizes[-1] < whole
    assert not (alone / kept / "findings.json").exists()
    survivors = {name: (alone / kept / "chunks" / name).stat().st_mtime_ns for name in chunks(alone / kept)}
    done = subprocess.run(command(alone, kept, threads), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name, written in survivors.items():
        assert (alone / kept / "chunks" / name).stat().st_mtime_ns == written  # taken over, not solved again
    assert len(chunks(alone / kept)) == whole
    assert_same(alone / "alone", alone / kept)
    assert json.loads((alone / kept / "findings.json").read_text())["certification"]["games"] == 4 * DRAWS


@POSIX
def test_a_killed_run_is_verified_as_far_as_it_got(alone: Path) -> None:
    with subprocess.Popen(command(alone, "part"), stdout=subprocess.DEVNULL) as child:
        assert kill_after(child, alone / "part", 2)
    found = parley.verify(alone / "part")
    assert found.sound
    assert not found.complete
    assert 2 <= found.pieces < len(chunks(alone / "alone"))


@POSIX
def test_a_process_killed_while_it_solves_for_itself_leaves_nothing_behind(tmp_path: Path) -> None:
    """Without --save: no file, no lock, no child that goes on; the next run is as if nothing had been."""
    (tmp_path / "story.yaml").write_text(HEAD + SIGNALS, encoding="utf-8")
    asked = [*PARLEY, "run", "story.yaml", "--draws", "1000000", "--quiet", "--json", "found.json"]
    with subprocess.Popen(asked, cwd=tmp_path, stdout=subprocess.DEVNULL, start_new_session=True) as child:
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(timeout=3)
        child.kill()
        child.wait()
        with pytest.raises(ProcessLookupError):
            os.killpg(child.pid, 0)
    assert [each.name for each in tmp_path.iterdir()] == ["story.yaml"]


def test_the_results_of_a_resumed_run_are_those_of_a_call(alone: Path) -> None:
    story = parley.load(str(alone / "story.yaml"))
    results: Results = parley.run(story, draws=DRAWS, seed=11, store=alone / "alone")
    direct = parley.run(story, draws=DRAWS, seed=11, chunk=3000)
    for key, column in direct.quantities.items():
        assert np.array_equal(column, results.quantities[key], equal_nan=True)
