"""Which workers are alive: each holds the lock of a file of its own in the site's folder.

What lives here: the locks, and what health pages ask. What may not: leases; they hold between machines,
these locks on one.

The system takes a lock from a process that ends, however it ends. So what a killed worker held is free at
once for workers on the same machine, without waiting for its leases to run out.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils import timezone

from parley.site.web.models import Job

__all__ = ["Presence", "alive", "oldest_wait"]


class Presence:
    """A worker's name, and its lock for as long as it lives."""

    def __init__(self) -> None:
        host = "".join(c for c in socket.gethostname() if c.isalnum() or c in "-.")[:40]
        self.name = f"{host}-{os.getpid()}-{secrets.token_hex(4)}"
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] | None = (folder / self.name).open("w", encoding="ascii")
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self) -> None:
        """End the worker's presence."""
        if self._file is not None:
            (_folder() / self.name).unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def dead(self) -> frozenset[str]:
        """Return the names of workers of this machine that ended without a word."""
        return frozenset(each.name for each in _files() if each.name != self.name and not _locked(each))

    def bury(self, name: str) -> None:
        """Forget a dead worker that holds nothing any more."""
        (_folder() / name).unlink(missing_ok=True)


def alive() -> int:
    """Return how many workers live on this machine."""
    return sum(_locked(each) for each in _files())


def oldest_wait() -> timedelta | None:
    """Return how long the job has been due that waits longest; None when none is due."""
    now = timezone.now()
    due = Job.objects.filter(status=Job.Status.QUEUED, run_after__lte=now).order_by("run_after").first()
    return None if due is None else now - due.run_after


def _folder() -> Path:
    return Path(settings.PARLEY_SITE) / "workers"


def _files() -> list[Path]:
    folder = _folder()
    return [each for each in folder.iterdir() if each.is_file()] if folder.is_dir() else []


def _locked(file: Path) -> bool:
    try:
        with file.open("r", encoding="ascii") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
