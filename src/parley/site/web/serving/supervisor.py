"""Processes that are kept alive: the web server, and the worker beside it.

What lives here: starting, watching, starting again, stopping. What may not: what the processes do.
"""

from __future__ import annotations

import contextlib
import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

__all__ = ["Process", "Supervisor"]

LONGEST_PAUSE = 30.0  # seconds before a process that keeps ending is started again
STEADY = 60.0  # seconds after which a process counts as well
GRACE = 20.0  # seconds in which a process may end by itself
_DEATH_SIGNAL = 1  # Linux: PR_SET_PDEATHSIG


@dataclass
class Process:
    """A process to keep alive.

    ``command`` and ``keep`` (file descriptors that it inherits) never change; the rest is its state.
    """

    name: str
    command: Sequence[str]
    keep: Sequence[int] = ()
    running: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    due: float = 0.0
    ends: int = field(default=0)


class Supervisor:
    """Keeps processes alive until told to stop.

    Parameters
    ----------
    processes
        What to keep alive.
    environment
        Of all of them.
    say
        Takes a line for the operator.
    """

    def __init__(
        self, processes: Sequence[Process], environment: Mapping[str, str], say: Callable[[str], object]
    ) -> None:
        self.processes = list(processes)
        self._environment = dict(environment)
        self._say = say
        self._stop = False

    def __enter__(self) -> Supervisor:
        """Start all processes."""
        for each in self.processes:
            self._start(each)
        return self

    def add(self, process: Process) -> None:
        """Start one more process, and keep it alive."""
        self.processes.append(process)
        self._start(process)

    def __exit__(self, *_: object) -> None:
        """End all processes, whatever happened."""
        self.stop()

    def run(self, until: Callable[[], bool] | None = None) -> int:
        """Watch until a signal to stop, or until a condition holds; the exit code is 0."""
        before = {number: signal.signal(number, self._asked) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self._stop and not (until and until()):
                self.watch()
                time.sleep(0.1)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        return 0

    def watch(self) -> None:
        """Look once at each process; one that ended is started again, later each time it ends soon."""
        now = time.monotonic()
        for each in self.processes:
            if each.running is None:
                if now >= each.due:
                    self._start(each)
                continue
            code = each.running.poll()
            if code is None:
                if now - each.started > STEADY:
                    each.pause = 0.0
                continue
            each.running = None
            each.ends += 1
            each.due = now + each.pause
            after = f" in {each.pause:g} s" if each.pause else ""
            self._say(f"the {each.name} ended ({_ending(code)}) and is started again{after}")
            each.pause = min(LONGEST_PAUSE, 2 * each.pause or 1.0)

    def stop(self) -> None:
        """End all processes: politely, and after a while by force."""
        for each in self.processes:
            if each.running is not None and each.running.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    each.running.send_signal(signal.SIGTERM)
        last = time.monotonic() + GRACE
        for each in self.processes:
            if each.running is None:
                continue
            try:
                each.running.wait(max(0.1, last - time.monotonic()))
            except subprocess.TimeoutExpired:
                each.running.kill()
                each.running.wait()
            each.running = None

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self._stop = True

    def _start(self, each: Process) -> None:
        each.running = subprocess.Popen(
            each.command,
            env=self._environment,
            pass_fds=tuple(each.keep),
            start_new_session=True,  # Ctrl-C reaches this process alone, which then ends the others in order
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        each.started = time.monotonic()


def _die_with_parent() -> None:
    """Let the kernel end a process whose parent was killed."""
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGTERM)


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
