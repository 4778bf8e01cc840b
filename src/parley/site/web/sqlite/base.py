"""Django's SQLite backend, in which one writer at a time begins a transaction.

What lives here: a lock around write transactions. What may not: anything of the SQL itself.

SQLite lets one writer in and makes the others try again after pauses that grow to a tenth of a second:
with a few threads the slowest post takes ten times as long as it must. Here writers of one site wait for
each other first, with pauses of a fraction of a millisecond, in all its threads and processes; SQLite
then finds the way free. The lock is advice: who does not ask for it (a back-up, another program) meets
SQLite's own.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

__all__ = ["DatabaseWrapper", "WriteLock"]

LONGEST_WAIT = 10.0  # seconds; as long as SQLite itself would wait
_FIRST_PAUSE, _LONGEST_PAUSE = 0.0002, 0.002


class WriteLock:
    """A lock between the threads of a process and between processes, by a file beside the database."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._inside = threading.Lock()
        self._file: int | None = None
        self._owner = 0

    def acquire(self, longest: float = LONGEST_WAIT) -> bool:
        """Wait for the lock; False when it was not free for so many seconds."""
        last = time.monotonic() + longest
        if not self._inside.acquire(timeout=longest):
            return False
        pause = _FIRST_PAUSE
        while True:
            try:
                fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() > last:
                    self._inside.release()
                    return False
            except OSError:  # a file system without locks: SQLite's own must do
                return True
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def release(self) -> None:
        """Let the next one in."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._inside.release()

    def _open(self) -> int:
        if self._file is None or self._owner != os.getpid():  # a forked process needs a lock of its own
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._owner = os.getpid()
        return self._file


_LOCKS: dict[str, WriteLock] = {}


def _lock_of(path: str) -> WriteLock:
    return _LOCKS.setdefault(path, WriteLock(f"{path}-writer"))


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to SQLite; a transaction holds the site's write lock from its begin to its end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: WriteLock | None = None

    def _start_transaction_under_autocommit(self) -> None:
        name = str(self.settings_dict["NAME"])
        if not self.is_in_memory_db() and self._held is None:
            lock = _lock_of(name)
            if not lock.acquire():
                raise OperationalError("database is locked")
            self._held = lock
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._let_go()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._let_go()  # where committing failed, Django rolls back next

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._let_go()

    def close(self) -> None:
        """Close the connection; what it held is free."""
        try:
            super().close()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.release()
