"""Noticing that there is work, within milliseconds and for next to nothing.

What lives here: waiting for a change of the database. What may not: taking jobs.

SQLite counts the changes that others made to a file (``PRAGMA data_version``): asking takes some microseconds
and no lock. PostgreSQL calls (``LISTEN``).
"""

from __future__ import annotations

import time
from typing import Any

from django.db import connection

from parley.site.web.jobs.queue import CHANNEL

__all__ = ["Watch", "watch"]

TICK = 0.012  # seconds between two looks at SQLite


class Watch:
    """Waits on SQLite for others' changes."""

    def __init__(self) -> None:
        self._seen: int | None = None

    def wait(self, seconds: float) -> bool:
        """Wait for a change, at most so long; returns whether there was one."""
        end = time.monotonic() + seconds
        while True:
            now = self._version()
            if now != self._seen:
                self._seen = now
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(TICK, left))

    def close(self) -> None:
        """Let go of the database."""
        connection.close()

    def _version(self) -> int:
        connection.ensure_connection()
        row: Any = connection.connection.execute("PRAGMA data_version").fetchone()
        return int(row[0])


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
