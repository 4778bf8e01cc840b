"""Writers of one SQLite site wait in line."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.utils import load_backend

from parley.site.web.sqlite.base import WriteLock


def test_the_lock_is_one_for_threads_and_processes(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    lock = WriteLock(path)
    assert lock.acquire(0.1)
    assert not lock.acquire(0.05), "another thread got in"
    child = os.fork()
    if child == 0:
        os._exit(1 if WriteLock(path).acquire(0.05) else 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "another process got in"
    lock.release()
    assert WriteLock(path).acquire(0.1)


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        WriteLock(path).acquire(1)
        os.write(writing, b"x")
        time.sleep(60)
        os._exit(0)
    os.read(reading, 1)
    assert not WriteLock(path).acquire(0.05)
    os.kill(child, 9)
    os.waitpid(child, 0)
    assert WriteLock(path).acquire(0.5)


def a_connection(path: Path) -> Any:
    settings = {
        "ENGINE": "parley.site.web.sqlite",
        "NAME": str(path),
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"timeout": 0.2, "transaction_mode": "IMMEDIATE"},
        "TEST": {},
        "USER": "",
        "PASSWORD": "",
        "HOST": "",
        "PORT": "",
    }
    return load_backend("parley.site.web.sqlite").DatabaseWrapper(settings, "another")


@pytest.mark.django_db
def test_a_transaction_holds_the_lock_and_gives_it_back_however_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "site.sqlite3"
    connection = a_connection(path)
    watched = WriteLock(f"{path}-writer")

    def free() -> bool:
        found = watched.acquire(0.02)
        if found:
            watched.release()
        return found

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE a (b INTEGER UNIQUE)")
    connection.in_atomic_block = False
    for ending in ("commit", "rollback", "close"):
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        assert not free(), ending
        getattr(connection, ending)()
        if ending != "close":
            connection.set_autocommit(True)
        assert free(), ending


@pytest.mark.django_db
def test_a_transaction_that_cannot_begin_leaves_the_lock_free(tmp_path: Path) -> None:
    path = tmp_path / "site.sqlite3"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN IMMEDIATE")
    connection = a_connection(path)
    connection.ensure_connection()
    with pytest.raises(OperationalError, match="locked"):
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert WriteLock(f"{path}-writer").acquire(0.1)
    other.execute("ROLLBACK")


@pytest.mark.django_db
def test_many_threads_write_without_losing_anything(tmp_path: Path) -> None:
    path = tmp_path / "site.sqlite3"
    first = a_connection(path)
    with first.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("CREATE TABLE a (b INTEGER)")
        cursor.execute("INSERT INTO a VALUES (0)")
    failed: list[str] = []

    def write() -> None:
        connection = a_connection(path)
        for _ in range(25):
            try:
                connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
                with connection.cursor() as cursor:
                    cursor.execute("SELECT b FROM a")
                    cursor.execute("UPDATE a SET b = %s", [cursor.fetchone()[0] + 1])
                connection.commit()
                connection.set_autocommit(True)
            except OperationalError as fault:
                failed.append(str(fault))
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with first.cursor() as cursor:
        cursor.execute("SELECT b FROM a")
        assert (cursor.fetchone()[0], failed) == (150, [])
