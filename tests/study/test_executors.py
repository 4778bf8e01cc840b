"""Threads, processes and a cluster give the same bits, and lost workers are survived."""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
import os
import re
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import parley
from parley.study import Store, executors, tasks
from tests.game.stories import HEAD, SIGNALS

ROOT = Path(__file__).parents[2]
DRAWS, CHUNK = 3_000, 250
POSIX = pytest.mark.skipif(os.name != "posix", reason="kills processes outright")
PROC = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc")


@pytest.fixture(scope="module")
def scenario() -> parley.Scenario:
    return parley.loads(HEAD + SIGNALS, "story.yaml")


@pytest.fixture(scope="module")
def alone(scenario: parley.Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone")
    parley.run(scenario, draws=DRAWS, seed=11, store=folder, chunk=CHUNK)
    return folder


def assert_same_bits(one: Path, other: Path) -> None:
    left, right = Store.open(one), Store.open(other)
    assert left.done() == right.done()
    for key in left.done():
        mine, theirs = left.read_chunk(key), right.read_chunk(key)
        assert list(mine) == list(theirs)
        for name, values in mine.items():
            assert values.dtype == theirs[name].dtype
            assert values.tobytes() == theirs[name].tobytes(), (key, name)


def spawned() -> set[int]:
    """Process numbers of this process's children that multiprocessing has started to do work."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"spawn_main" in (entry / "cmdline").read_bytes():
                found.add(int(entry.name))
    return found


def test_processes_give_the_same_bits(scenario: parley.Scenario, alone: Path, tmp_path: Path) -> None:
    parley.run(scenario, draws=DRAWS, seed=11, store=tmp_path, chunk=CHUNK, executor="processes", threads=2)
    assert_same_bits(alone, tmp_path)


@PROC
def test_a_killed_process_is_survived(scenario: parley.Scenario, alone: Path, tmp_path: Path) -> None:
    killed = []

    def kill_one(done: int, total: int) -> None:
        if done in (3, 9):
            killed.append(min(spawned()))
            os.kill(killed[-1], signal.SIGKILL)

    parley.run(
        scenario,
        draws=DRAWS,
        seed=11,
        store=tmp_path,
        chunk=CHUNK,
        executor="processes",
        threads=2,
        progress=kill_one,
    )
    assert len(killed) == 2
    assert_same_bits(alone, tmp_path)


def test_a_process_killed_while_it_hands_over_its_result_is_survived() -> None:
    """Half a message is left: the pool waits for the rest and notices nothing by itself."""
    sent: list[int] = []

    def send(pool: Any, job: Any) -> Future[Any]:
        sent.append(job.first)
        future: Future[Any] = pool.submit(time.sleep, 0.5 if len(sent) > 1 else 30)
        if len(sent) == 1:
            os.write(pool._result_queue._writer.fileno(), struct.pack("!i", 4096) + b"half")
            time.sleep(0.3)
            os.kill(next(iter(pool._processes)), signal.SIGKILL)
        return future

    pool = executors._Processes(send, 2)
    try:
        assert pool.do(tasks.Job("pause", 0, 1, lean=True), lambda: False) is None
    finally:
        pool.close()
    assert len(sent) == 2


class _Breaking(Executor):
    """Every job's worker dies."""

    def submit(self, fn: Any, /, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("a process died"))
        return future


def test_a_job_that_kills_every_process_is_given_up(
    scenario: parley.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives: list[_Breaking] = []

    def live(*_: Any) -> _Breaking:
        lives.append(_Breaking())
        return lives[-1]

    monkeypatch.setattr(executors, "ProcessPoolExecutor", live)
    with pytest.raises(parley.StudyError, match=r"died 4 times .a process died.. Too little memory"):
        parley.run(scenario, draws=64, executor="processes", threads=1)
    assert len(lives) >= executors.ATTEMPTS


def test_an_executor_of_ones_own(scenario: parley.Scenario, alone: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        parley.run(scenario, draws=DRAWS, seed=11, store=tmp_path, chunk=CHUNK, executor=pool)
    assert_same_bits(alone, tmp_path)
    with pytest.raises(parley.StudyError, match=r"the workers are gone .cannot schedule new futures"):
        parley.run(scenario, draws=64, executor=pool)
    with pytest.raises(parley.StudyError, match=r"the workers are gone .a process died"):
        parley.run(scenario, draws=64, executor=_Breaking())


@pytest.mark.parametrize("executor", ["procesess", "", "tcp:/host", 7])
def test_an_executor_that_there_is_not(scenario: parley.Scenario, executor: Any) -> None:
    with pytest.raises(parley.StudyError, match=r"there is no executor .* threads, processes, or tcp://"):
        parley.run(scenario, draws=64, executor=executor)


def test_a_scenario_changed_in_memory_stays_in_this_process(scenario: parley.Scenario) -> None:
    changed = dataclasses.replace(scenario, digest="0" * 64)
    parley.run(changed, draws=64)
    with pytest.raises(parley.StudyError, match="was changed after it was read"):
        parley.run(changed, draws=64, executor="processes")


def test_settings_travel_with_the_text(scenario: parley.Scenario) -> None:
    name = next(iter(scenario.parameters))
    other = parley.loads(HEAD + SIGNALS, "story.yaml", {name: "range 0.1 0.2"})
    within = parley.run(other, draws=64)
    with ThreadPoolExecutor(1) as pool:
        away = parley.run(other, draws=64, executor=pool)
    assert within.parameters[name].max() <= 0.2
    for key, values in within.quantities.items():
        assert values.tobytes() == away.quantities[key].tobytes()


def test_tables_travel_with_the_text() -> None:
    counting = parley.load(str(ROOT / "docs" / "examples" / "counts.md"))
    assert counting.data
    elsewhere = dataclasses.replace(counting, path="/no/such/folder/counts.md")
    within = parley.run(counting, draws=32)
    with ThreadPoolExecutor(1) as pool:
        away = parley.run(elsewhere, draws=32, executor=pool)
    for key, values in within.parameters.items():
        assert values.tobytes() == away.parameters[key].tobytes()


def test_a_worker_of_another_version_refuses(scenario: parley.Scenario) -> None:
    from parley.solve.solution import Concept
    from parley.study.plan import plan

    planned = plan(scenario)
    job = tasks.Job(planned.policies[0], 0, 16, lean=True)
    task = tasks.task_of(planned, Concept(), 0, job)
    assert len(tasks.perform(task)["draw"]) == 16
    with pytest.raises(parley.StudyError, match=r"a worker has Parley 0\..*, this run is of 9\.9"):
        tasks.perform(dataclasses.replace(task, version="9.9"))
    with pytest.raises(parley.StudyError, match="another scenario from the same text"):
        tasks.perform(dataclasses.replace(task, digest="0" * 64))


@PROC
def test_stopped_processes_leave_nobody_behind(scenario: parley.Scenario, tmp_path: Path) -> None:
    stop = threading.Event()
    results = parley.run(
        scenario,
        draws=200_000,
        store=tmp_path,
        chunk=64,
        executor="processes",
        threads=2,
        progress=lambda done, total: stop.set() if done >= 12 else None,
        cancel=stop.is_set,
    )
    assert not results.complete
    assert len(results.draw) >= 64
    assert spawned() == set()


@POSIX
def test_processes_die_with_a_killed_parent(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(HEAD + SIGNALS, encoding="utf-8")
    asked = [
        "run",
        "story.yaml",
        "--draws",
        "1e6",
        "--save",
        "run",
        "--executor",
        "processes",
        "--threads",
        "2",
    ]
    main = "from parley.cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", main, *asked],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("run/chunks/*.parquet")):
            assert child.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        child.kill()
        child.wait()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                os.killpg(child.pid, 0)
            except ProcessLookupError:
                break
            time.sleep(0.05)
        else:
            pytest.fail("processes live on after the run was killed")


# --- a cluster --------------------------------------------------------------------------------------------


@contextmanager
def dask(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a part of a cluster; yields it, and the first address that it tells."""
    command = [sys.executable, "-W", "ignore", "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment
    ) as part:
        assert part.stderr is not None
        try:
            for line in part.stderr:
                found = re.search(r"(?:Scheduler at|Start worker at|Registered to):\s+(tcp://\S+)", line)
                if found:
                    threading.Thread(target=part.stderr.read, daemon=True).start()
                    yield part, found[1]
                    return
            pytest.fail("it did not start")
        finally:
            part.kill()


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    pytest.importorskip("distributed")
    with dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show") as (
        _,
        address,
    ):
        yield address


@contextmanager
def worker(address: str) -> Iterator[subprocess.Popen[str]]:
    options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1")
    with dask("worker", address, *options) as (part, _):
        yield part


@POSIX
def test_a_cluster_of_which_one_worker_is_killed(
    scheduler: str, scenario: parley.Scenario, alone: Path, tmp_path: Path
) -> None:
    with worker(scheduler) as first, worker(scheduler):

        def kill_one(done: int, total: int) -> None:
            if done == total // 3:
                first.kill()

        parley.run(
            scenario,
            draws=DRAWS,
            seed=11,
            store=tmp_path,
            chunk=CHUNK,
            executor=scheduler,
            progress=kill_one,
        )
        assert first.poll() is not None or first.wait(5)
    assert_same_bits(alone, tmp_path)


def test_a_cluster_that_cannot_work(
    scheduler: str, scenario: parley.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parley.study import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    with pytest.raises(parley.StudyError, match=r"has no workers: .*dask worker tcp://"):
        parley.run(scenario, draws=64, executor=scheduler)
    with pytest.raises(parley.StudyError, match=r"no Dask scheduler answers at 'tcp://127.0.0.1:9' within 1"):
        parley.run(scenario, draws=64, executor="tcp://127.0.0.1:9")
    with pytest.raises(parley.StudyError, match="no Dask scheduler answers at 'ptc://host:1'"):
        parley.run(scenario, draws=64, executor="ptc://host:1")
    with worker(scheduler):
        monkeypatch.setattr(parley, "__version__", "9.9")
        with pytest.raises(parley.StudyError, match=r"the scheduler at .* has Parley 0\..*, this is 9\.9"):
            parley.run(scenario, draws=64, executor=scheduler)


def test_without_dask_the_message_says_what_to_install(
    scenario: parley.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(parley.StudyError, match=re.escape("pip install 'parley-workbench[cluster]'")):
        parley.run(scenario, draws=64, executor="tcp://127.0.0.1:8786")


def test_a_pool_that_is_handed_over_is_not_closed(scenario: parley.Scenario) -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        parley.run(scenario, draws=64, executor=pool)
        assert pool.submit(np.sum, [1, 2]).result() == 3
