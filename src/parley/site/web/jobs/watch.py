"""Noticing that there is work, within milliseconds and for next to nothing.

What lives here: waiting for a change of the database. What may not: taking jobs.

SQLite counts the changes that others made to a file (``PRAGMA data_version``): asking takes a tenth of a
millisecond and no lock, and is done when the time stamp of its write-ahead log says so, which costs next to
nothing to read. Two changes within one tick of the system's clock look the same there: therefore each wait
begins by asking. PostgreSQL calls (``LISTEN``).
"""

from __future__ import annotations

import os
import time
from typing import Any

from django.db import connection

from parley.site.web.jobs.queue import CHANNEL

__all__ = ["Watch", "watch"]

TICK = 0.012  # seconds between two looks at the log of SQLite


class Watch:
    """Waits on SQLite for others' changes."""

    def __init__(self) -> None:
        self._seen: int | None = None
        self._log = f"{connection.settings_dict['NAME']}-wal"

    def wait(self, seconds: float) -> bool:
        """Wait for a change, at most so long; returns whether there was one."""
        end = time.monotonic() + seconds
        stamp = self._look()
        while not self._changed():
            # The log is written before what it holds can be seen: from its first change on it is asked anew.
            while (left := end - time.monotonic()) > 0:
                time.sleep(min(TICK, left))
                if self._look() != stamp:
                    break
            else:
                return False
        return True

    def close(self) -> None:
        """Let go of the database."""
        connection.close()

    def _look(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._log)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def _changed(self) -> bool:
        connection.ensure_connection()
        row: Any = connection.connection.execute("PRAGMA data_version").fetchone()
        before, self._seen = self._seen, int(row[0])
        return before != self._seen


class Calls(Watch):
    """Waits on PostgreSQL for the call of whoever enters a job."""

    def __init__(self) -> None:
        super().__init__()
        import psycopg

        self._own = psycopg.connect(**_parameters(), autocommit=True)
        self._own.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> bool:
        """Wait for a call, at most so long; returns whether there was one."""
        return any(True for _ in self._own.notifies(timeout=seconds, stop_after=1))

    def close(self) -> None:
        """Let go of the database."""
        self._own.close()
        super().close()


def watch() -> Watch:
    """Return what waits on the site's database."""
    return Calls() if connection.vendor == "postgresql" else Watch()


def _parameters() -> dict[str, Any]:
    wanted = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return {name: wanted[name] for name in names if wanted.get(name)}
