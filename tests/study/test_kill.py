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
DRAWS = 12_288  # 96 chunks
KILLS = 20
POSIX = pytest.mark.skipif(os.name != "posix", reason="kills a process outright")


def command(folder: Path, kept: str, threads: int = 1) -> list[str]:
    asked = ["run", str(folder / "story.yaml"), "--draws", str(DRAWS), "--seed", "11"]
    return [*PARLEY, *asked, "--save", str(folder / kept), "--threads", str(threads), "--quick", "--quiet"]


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


def kill_after(child: subprocess.Popen[bytes], folder: Path, more: int, later: float = 0) -> bool:
    """Kill a process outright when it has written so many more chunks; False when it ended before."""
    before, deadline = len(chunks(folder)), time.monotonic() + 120
    while child.poll() is None and len(chunks(folder)) < before + more:
        assert time.monotonic() < deadline, "nothing was written for two minutes"
        time.sleep(0.001)
    time.sleep(later)
    if child.poll() is not None:
        return False
    child.send_signal(signal.SIGKILL)
    child.wait()
    return True


@POSIX
def test_killed_twenty_times_and_resumed(alone: Path) -> None:
    """At random moments, whatever the process is doing: starting, solving, writing."""
    random = np.random.default_rng(20)
    whole, sizes, seen = len(chunks(alone / "alone")), [0], dict[str, int]()
    kept = alone / "killed"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.study.kept", "again", str(alone)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as lives:
        assert lives.stdin is not None
        assert lives.stdout is not None
        for life in range(KILLS):
            print(json.dumps(command(alone, "killed", 2)[len(PARLEY) :]), file=lives.stdin, flush=True)
            child = int(lives.stdout.readline())
            deadline = time.monotonic() + 120
            if life % 4 == 3:  # at any time of its life
                time.sleep(float(random.uniform(0, 0.1)))
            else:  # as soon as it has written, or a little later
                while len(chunks(kept)) <= sizes[-1]:
                    assert time.monotonic() < deadline, "nothing was written for two minutes"
                    time.sleep(0.001)
                time.sleep(float(random.uniform(0, 0.01)) * (life % 4))
            os.kill(child, signal.SIGKILL)
            assert int(lives.stdout.readline()) == -signal.SIGKILL, "it ended before it could be killed"
            now = {name: (kept / "chunks" / name).stat().st_mtime_ns for name in chunks(kept)}
            assert seen.items() <= now.items()  # nothing is lost or solved again
            seen = now
            sizes.append(len(now))
        lives.stdin.close()
    assert sizes[1] < sizes[KILLS // 2] < sizes[-1] < whole
    assert not (kept / "findings.json").exists()
    done = subprocess.run(command(alone, "killed", 2), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(chunks(kept)) == whole
    assert_same(alone / "alone", kept)
    assert not list(kept.rglob("*.partial"))
    assert json.loads((kept / "findings.json").read_text())["certification"]["games"] == 4 * DRAWS


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
