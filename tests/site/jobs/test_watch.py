"""Noticing that another process changed the database: at once, and without asking it much."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from parley.site.web.jobs import watch as module
from parley.site.web.jobs.queue import enqueue
from parley.site.web.jobs.watch import TICK, Watch, watch
from parley.site.web.jobs.worker import SUPERVISE


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Return another program's connection to the file that is watched."""
    file = tmp_path / "watched.sqlite3"
    with closing(sqlite3.connect(file)) as mine, closing(sqlite3.connect(file)) as others:
        others.execute("PRAGMA journal_mode=WAL")
        others.execute("CREATE TABLE job (n)")
        others.commit()
        stand_in = SimpleNamespace(
            connection=mine, ensure_connection=lambda: None, vendor="sqlite", settings_dict={"NAME": file}
        )
        monkeypatch.setattr(module, "connection", stand_in)
        yield others


def test_a_change_by_another_program_is_noticed_once(other: sqlite3.Connection) -> None:
    waiting = watch()
    assert waiting.wait(0.0)  # what was there before it began
    assert not waiting.wait(0.0)
    for _ in range(3):
        other.execute("INSERT INTO job VALUES (1)")
        assert not waiting.wait(0.0)  # not yet committed
        other.commit()
        assert waiting.wait(0.0)
        assert not waiting.wait(0.0)


def test_a_change_that_comes_while_waiting_is_noticed(other: sqlite3.Connection) -> None:
    waiting = watch()
    waiting.wait(0.0)
    file = other.execute("PRAGMA database_list").fetchone()[2]

    def change() -> None:
        with closing(sqlite3.connect(file)) as third:
            third.execute("INSERT INTO job VALUES (1)")
            third.commit()

    for _ in range(20):
        later = threading.Timer(0.03, change)
        later.start()
        assert any(waiting.wait(SUPERVISE) for _ in range(200))  # as the worker asks
        later.join()
        assert not waiting.wait(0.0)


def test_a_log_that_is_written_before_it_can_be_seen_is_asked_again(
    other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = watch()
    waiting.wait(0.0)
    written = [(1, 1)]
    monkeypatch.setattr(waiting, "_look", lambda: written[-1])
    asked: list[str] = []

    def sleep(seconds: float) -> None:
        written.append((2, 2))  # at the first tick; what was written can be seen three ticks later
        if len(written) == 5:
            other.execute("INSERT INTO job VALUES (1)")
            other.commit()

    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: 0.01 * len(written), sleep=sleep))
    vars(module)["connection"].connection.set_trace_callback(asked.append)
    assert waiting.wait(1.0)
    assert len(asked) == 5


def test_waiting_is_a_look_every_tick_and_asks_the_database_once(
    other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    now: list[float] = [0.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=sleep))
    looked: list[str] = []
    waiting = Watch()
    waiting.wait(0.0)
    vars(module)["connection"].connection.set_trace_callback(looked.append)
    assert not waiting.wait(1.0)
    assert sum(slept) == pytest.approx(1.0)
    assert len(slept) <= 1.0 / TICK + 1
    assert looked == ["PRAGMA data_version"]


@pytest.mark.django_db(transaction=True)
def test_postgresql_calls_whoever_waits() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite does not call")
    waiting = watch()
    try:
        assert not waiting.wait(0.0)
        caller = threading.Thread(target=_enter)
        caller.start()
        assert waiting.wait(60.0)
        caller.join()
    finally:
        waiting.close()


def _enter() -> None:
    enqueue("mail")
    connection.close()
