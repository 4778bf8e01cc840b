"""A worker that is killed, doubled, stopped, kept from the database: nothing is lost or written twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.site.packages import a_folder

ROOT = Path(__file__).parents[3]
NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"


class Site:
    """A site's folder with a database, and workers in processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[str]] = []
        others = ("DATABASE_URL", "PARLEY_URL")
        kept = {name: value for name, value in os.environ.items() if name not in others}
        self.environment = {
            **kept,
            "PARLEY_SITE": str(folder),
            "DJANGO_SETTINGS_MODULE": "parley.site.web.settings",
            "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
        }

    def start(self, **environment: str) -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.site.jobs.process"],
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.workers.append(worker)
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        return worker

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "site.sqlite3", timeout=20)) as connection, connection:
            return connection.execute(sql, values).fetchall()

    def enter(self, count: int, seconds: float, first: int = 0) -> None:
        with closing(sqlite3.connect(self.folder / "site.sqlite3", timeout=20)) as connection, connection:
            connection.executemany(
                "INSERT INTO web_job (kind, payload, priority, status, network, run_after, leased_by,"
                " attempts, max_attempts, error, created, touched, progress)"
                f" VALUES ('count', ?, 0, 'queued', '', {NOW}, '', 0, 50, '', {NOW}, {NOW}, 0)",
                [(f'{{"n": {n}, "seconds": {seconds}}}',) for n in range(first, first + count)],
            )

    def question(self, setting: str) -> int:
        """Enter a reader's question, waited for since now; returns the number of its job."""
        with closing(sqlite3.connect(self.folder / "site.sqlite3", timeout=20)) as connection, connection:
            solve = connection.execute(
                "INSERT INTO web_solve (version_id, setting, declared, digest, draws, seed, engine, status,"
                f" failure, created) VALUES (1, ?, '', ?, 256, 7, '', 'queued', '', {NOW})",
                (setting, setting),
            ).lastrowid
            job = connection.execute(
                "INSERT INTO web_job (kind, payload, priority, status, network, run_after, leased_by,"
                " attempts, max_attempts, error, created, touched, progress, wanted)"
                f" VALUES ('solve', ?, 20, 'queued', 'n', {NOW}, '', 0, 3, '', {NOW}, {NOW}, 0, {NOW})",
                (f'{{"solve": {solve}}}',),
            ).lastrowid
        assert job is not None
        return job

    def wanted(self, job: int) -> None:
        self.ask(f"UPDATE web_job SET wanted = {NOW} WHERE id = ?", job)

    def answered(self, job: int) -> None:
        """Ask again and again until the answer is there, as a reader's page does."""
        for _ in range(120):
            self.wanted(job)
            if self.state(job) == "done":
                return
            time.sleep(0.5)
        raise AssertionError(self.ask("SELECT id, status, attempts, error FROM web_job"))

    def state(self, job: int) -> str:
        return str(self.ask("SELECT status FROM web_job WHERE id = ?", job)[0][0])

    def answers(self) -> list[str]:
        return [
            row[0]
            for row in self.ask("SELECT setting FROM web_solve WHERE effect IS NOT NULL AND declared = ''")
        ]

    def done(self) -> int:
        return int(self.ask("SELECT count(*) FROM web_job WHERE kind = 'count' AND status = 'done'")[0][0])

    def written(self) -> list[str]:
        return [row[0] for row in self.ask("SELECT key FROM web_bucket WHERE key LIKE 'count:%' ORDER BY id")]

    def begun(self) -> list[str]:
        file = self.folder / "begun"
        return file.read_text().split() if file.exists() else []

    def until(self, holds: Callable[[], bool], seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, self.ask(
                "SELECT id, status, attempts, error, leased_by FROM web_job"
            )
            time.sleep(0.02)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a database with tables and nothing in them."""
    site = Site(tmp_path_factory.mktemp("empty"))
    code = (
        "import os, pathlib; from parley.site.web.standalone import start; "
        "start(pathlib.Path(os.environ['PARLEY_SITE']))"
    )
    subprocess.run([sys.executable, "-c", code], env=site.environment, check=True, cwd=ROOT)
    site.ask("PRAGMA wal_checkpoint(TRUNCATE)")
    return (site.folder / "site.sqlite3").read_bytes()


@pytest.fixture(scope="module")
def article(empty: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site with one small article, solved."""
    folder = tmp_path_factory.mktemp("article")
    site = Site(folder)
    (folder / "site.sqlite3").write_bytes(empty)
    source = a_folder(tmp_path_factory.mktemp("threat") / "threat")
    code = (
        "import django, sys; django.setup(); from parley.site.web.publishing import publish; "
        "from parley.site.web.jobs.worker import Worker; from tests.site.solver import StandIn; "
        "publish(sys.argv[1]); "
        "Worker(lambda lane: None if lane == 'light' else StandIn()).once()"
    )
    subprocess.run([sys.executable, "-c", code, str(source)], env=site.environment, check=True, cwd=ROOT)
    site.ask("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture
def live(tmp_path: Path, article: Path) -> Iterator[Site]:
    """Return a site of one's own with the article."""
    shutil.copytree(article, tmp_path / "site")
    yield from _ended(Site(tmp_path / "site"))


def _ended(site: Site) -> Iterator[Site]:
    yield site
    for worker in site.workers:
        worker.kill()
        worker.wait()
        assert worker.stdout is not None
        worker.stdout.close()


@pytest.fixture
def site(tmp_path: Path, empty: bytes) -> Iterator[Site]:
    site = Site(tmp_path)
    (tmp_path / "site.sqlite3").write_bytes(empty)
    yield from _ended(site)


def test_a_killed_workers_job_is_done_by_the_next(site: Site) -> None:
    site.enter(1, 1.0)
    worker = site.start()
    site.until(lambda: site.begun() == ["0"])
    worker.kill()
    worker.wait()
    assert site.written() == []
    began = time.monotonic()
    site.start()
    site.until(lambda: site.done() == 1)
    assert time.monotonic() - began < 20  # without waiting for the 30 seconds of the lease
    assert site.begun() == ["0", "0"]
    assert site.written() == ["count:0"]


def test_a_worker_killed_again_and_again_loses_nothing_and_writes_nothing_twice(site: Site) -> None:
    chance = random.Random(11)
    site.enter(100, 0.005)
    for _ in range(4):
        worker = site.start()
        time.sleep(chance.uniform(0.02, 0.5))
        worker.kill()
        worker.wait()
    site.start()
    site.until(lambda: site.done() == 100)
    assert sorted(site.written(), key=lambda key: int(key[6:])) == [f"count:{n}" for n in range(100)]
    assert site.ask("SELECT count(*) FROM web_job WHERE error != ''")[0][0] == 0


def test_two_workers_share_the_work_and_do_no_job_twice(site: Site) -> None:
    site.start()
    site.start()
    site.enter(60, 0.02)
    site.until(lambda: site.done() == 60)
    assert sorted(site.begun(), key=int) == [str(n) for n in range(60)]
    assert len(site.written()) == 60
    names = {row[0] for row in site.ask("SELECT DISTINCT leased_by FROM web_job WHERE kind = 'count'")}
    assert len(names) == 2


def test_a_worker_that_is_told_to_end_gives_long_work_back(site: Site) -> None:
    site.enter(1, 60.0)
    worker = site.start()
    site.until(lambda: site.begun() == ["0"])
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    row = site.ask("SELECT status, attempts, leased_by, error FROM web_job WHERE kind = 'count'")[0]
    assert row == ("queued", 0, "", "")
    assert not list((site.folder / "workers").iterdir())


def test_a_version_that_is_being_solved_is_given_back_at_once(live: Site) -> None:
    live.ask("UPDATE web_version SET status = 'preparing'")
    live.ask("UPDATE web_job SET status = 'queued', attempts = 0 WHERE kind = 'prepare'")
    worker = live.start(PARLEY_TEST_HOLD="prepare")
    live.until(lambda: live.ask("SELECT status FROM web_job WHERE kind = 'prepare'") == [("running",)])
    time.sleep(0.5)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert live.ask("SELECT status, attempts FROM web_job WHERE kind = 'prepare'") == [("queued", 0)]
    live.start()
    live.until(lambda: live.ask("SELECT status FROM web_version") == [("ready",)])


def test_a_worker_that_is_told_to_end_finishes_short_work(site: Site) -> None:
    site.enter(3, 0.6)
    worker = site.start()
    site.until(lambda: site.begun() == ["0"])
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert site.written() == ["count:0"]
    assert site.begun() == ["0"]


def test_check_39_what_is_being_computed_for_nobody_is_ended(live: Site) -> None:
    live.start(PARLEY_TEST_HOLD="gain=0.4")
    held = live.question("gain=0.4")
    for _ in range(4):
        live.until(lambda: live.state(held) == "running")
        time.sleep(1.0)
        live.wanted(held)
    live.until(lambda: live.state(held) == "cancelled", 15)
    next_one = live.question("gain=0.1")
    live.until(lambda: live.state(next_one) == "done", 15)
    assert live.answers() == ["gain=0.1"]


def test_check_39_a_question_that_is_taken_back_frees_its_place(live: Site) -> None:
    live.start(PARLEY_TEST_HOLD="gain=0.4")
    held = live.question("gain=0.4")
    live.until(lambda: live.state(held) == "running")
    live.ask("UPDATE web_job SET status = 'cancelled' WHERE id = ?", held)
    next_one = live.question("gain=0.1")
    live.until(lambda: live.state(next_one) == "done", 15)
    assert live.answers() == ["gain=0.1"]


def test_a_killed_child_is_replaced_and_the_question_answered(live: Site) -> None:
    worker = live.start(PARLEY_TEST_CHILD="real")
    live.until(lambda: len(_children(worker.pid)) == 1)  # it is made ready for the article
    first = live.question("gain=0.1")
    live.answered(first)
    child = _children(worker.pid)[0]
    os.kill(child, signal.SIGSTOP)
    second = live.question("gain=0.2")
    live.until(lambda: live.state(second) == "running")
    os.kill(child, signal.SIGKILL)
    live.answered(second)
    assert live.answers() == ["gain=0.1", "gain=0.2"]
    assert live.ask("SELECT attempts FROM web_job WHERE id = ?", second) == [(2,)]
    worker.kill()
    worker.wait()
    live.until(lambda: not _alive(_children(worker.pid) or [child]), 10)


def test_a_locked_database_delays_and_loses_nothing(site: Site) -> None:
    site.start()
    site.enter(5, 0.01)
    site.until(lambda: site.done() == 5)
    with closing(sqlite3.connect(site.folder / "site.sqlite3", timeout=20, isolation_level=None)) as other:
        site.enter(5, 0.01, first=5)
        other.execute("BEGIN IMMEDIATE")
        time.sleep(2.5)  # longer than a writer waits
        other.execute("ROLLBACK")
    site.until(lambda: site.done() == 10)
    assert sorted(site.written(), key=lambda key: int(key[6:])) == [f"count:{n}" for n in range(10)]


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(each) for each in task.read_text().split()]
    return found


def _alive(pids: list[int]) -> bool:
    return any(Path(f"/proc/{pid}").exists() for pid in pids)
