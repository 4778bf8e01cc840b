"""The web server's worker: threads that no slow client can hold for long.

What lives here: a deadline on what a client sends and takes. What may not: answering.

gunicorn waits for the first byte of a request outside its threads, but then reads as slowly as a client
likes: a few clients that send a byte now and then would hold all threads. Here a whole request must
arrive within :data:`READ_SECONDS` and a whole answer be taken within :data:`WRITE_SECONDS`, else the
connection is closed.
"""

from __future__ import annotations

import errno
import socket
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

__all__ = ["MODESTY", "READ_SECONDS", "WRITE_SECONDS", "Deadlined", "PatientWorker"]

READ_SECONDS = 15.0
WRITE_SECONDS = 30.0
MODESTY = 0.001  # seconds: the system wakes a process within that


class Deadlined:
    """A socket whose reads all together end at one time; everything else is the socket's own."""

    def __init__(self, own: socket.socket) -> None:
        self._own = own
        self.deadline = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    def fileno(self) -> int:
        """Return the number that pollers ask for."""
        return self._own.fileno()

    def recv(self, size: int, *flags: int) -> bytes:
        """Read, but not beyond the deadline."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise OSError(errno.ECONNRESET, "the request took too long")
        self._own.settimeout(left)
        try:
            return self._own.recv(size, *flags)
        except TimeoutError:
            raise OSError(errno.ECONNRESET, "the request took too long") from None
        finally:
            self._own.settimeout(None)

    def sendall(self, data: bytes, *flags: int) -> None:
        """Send all, within the time for one answer (the operating system's own limit for the whole call)."""
        self._own.settimeout(WRITE_SECONDS)
        try:
            self._own.sendall(data, *flags)
        except TimeoutError:
            raise OSError(errno.ECONNRESET, "the answer was not taken") from None
        finally:
            self._own.settimeout(None)


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, with deadlines, and modest: it leaves connections to its siblings."""

    def accept(self, listener: socket.socket) -> None:
        """Take a connection; whoever has enough to do lets the other processes come first.

        Connections that arrive together would else all be taken by the process that the system woke first,
        and a proxy keeps them open: the others would have nothing to do for as long.
        """
        if self.nr_conns >= self.cfg.threads:
            time.sleep(MODESTY)
        super().accept(listener)

    def handle(self, conn: Any) -> Any:
        """Answer what comes over a connection."""
        if not isinstance(conn.sock, Deadlined):
            conn.sock = Deadlined(conn.sock)
        conn.sock.deadline = time.monotonic() + READ_SECONDS
        return super().handle(conn)
