"""Where output goes: how wide it is, whether it takes colours, and the bar that shows progress.

What lives here: terminals. What may not: scenarios, findings.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Bar", "duration", "is_terminal", "printable", "takes_colour", "width"]

PLAIN_WIDTH = 100  # of a file or a pipe
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
PATIENCE = 1.0  # seconds before a bar appears
FIRST_LINE = 30.0  # seconds before a line says how far it is, where there is no bar
MOST_SILENCE = 600.0  # seconds between two such lines
ENOUGH = 5  # pieces from which their speed is judged
SPEED_OVER = 300.0  # seconds over which the time left is estimated


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody sees what is written there; a closed stream (``>&-``) is None."""
    return stream is not None and stream.isatty()


def width() -> int:
    """Return the columns of the terminal; 100 for a file or a pipe, unless COLUMNS says otherwise."""
    if os.environ.get("COLUMNS", "").isdigit() or is_terminal(sys.stdout):
        return shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns
    return PLAIN_WIDTH


def printable(text: str) -> str:
    r"""Replace control characters other than line ends and tabs: a file must not drive a terminal.

    >>> printable("a\x1b[31mb\n")
    'a\ufffd[31mb\n'
    """
    return "".join(
        sign if sign.isprintable() or sign in "\n\t" else "\N{REPLACEMENT CHARACTER}" for sign in text
    )


def takes_colour(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal that takes colours (https://no-color.org is respected)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Bar:
    """Progress on standard error: a bar with the time left on a terminal, elsewhere a line now and then.

    A bar appears after a second; the first line after half a minute, the next when twice as much time has
    passed, but every ten minutes at least. ``done`` and ``total`` are the pieces of the last :meth:`update`.
    """

    def __init__(self, *, label: str = "solving", quiet: bool = False) -> None:
        self.label = label
        self.done = 0
        self.total = 0
        self._wanted = not quiet and is_terminal(sys.stderr)
        self._lines = not quiet and not self._wanted and sys.stderr is not None
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._timer = threading.Timer(PATIENCE, self._open)
        self._timer.daemon = True
        self._began = time.monotonic()
        self._known: tuple[float, int] | None = None  # when the first pieces were reported, and how many
        self._next = FIRST_LINE

    def __enter__(self) -> Bar:
        if self._wanted:
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._closed = True
            if self._progress is not None:
                self._progress.stop()

    def update(self, done: int, total: int) -> None:
        """Say that so many pieces out of so many are finished."""
        with self._lock:
            now = time.monotonic()
            if self._known is None:
                self._known = (now, done)  # what an earlier run finished tells nothing of this one's speed
            self.done, self.total = done, total
            if self._progress is not None and self._task is not None:
                self._progress.update(self._task, completed=done, total=total)
            if self._lines and now - self._began >= self._next:
                self._next = min(2 * self._next, self._next + MOST_SILENCE)
                with suppress(OSError, ValueError):  # nobody reads it any more
                    sys.stderr.write(f"{self.label}: {self._told(now)}\n")
                    sys.stderr.flush()

    def _told(self, now: float) -> str:
        if not self.total:
            return f"{self.done:,} so far"
        share = f"{self.done:,} of {self.total:,} pieces ({100 * self.done // self.total} %)"
        assert self._known is not None
        since, before = self._known
        if self.done - before < ENOUGH:
            return share
        left = (now - since) / (self.done - before) * (self.total - self.done)
        return f"{share}, about {duration(left)} left"

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        with self._lock:
            if self._closed:
                return
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeRemainingColumn(),
            )
            self._progress = Progress(
                *columns, console=Console(stderr=True), transient=True, speed_estimate_period=SPEED_OVER
            )
            self._task = self._progress.add_task(self.label, total=self.total or None, completed=self.done)
            self._progress.start()


def duration(seconds: float) -> str:
    """Write a time as a person would, in one unit.

    >>> duration(20), duration(100), duration(5000), duration(10_000)
    ('20 seconds', '2 minutes', '83 minutes', '3 hours')
    """
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} minutes"
    return f"{round(seconds / 3600)} hours"
