"""A process of its own for solving: it can be ended at any time, and nothing is lost but its answer.

What lives here: starting it, asking it, ending it. What may not: solving, NumPy: the asking side has no
kernels.

The child has caps on memory, is ended when a question takes too long, inherits no secret from the
environment, and ends by itself when the process that started it is gone. Faults of the child, of
whatever kind, become errors of :mod:`parley.site.model.errors` in the asking process; the next question
starts another child.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os import PathLike
from types import TracebackType
from typing import Any, Self

from parley.site.model.errors import (
    CancelledError,
    ChildError,
    EditionError,
    LimitError,
    SettingError,
    SolverError,
)
from parley.site.model.frames import Pipe
from parley.site.model.setting import Setting

__all__ = ["Child", "Progress", "Scenario", "Text"]

Progress = Callable[[float], None]

_GRACE = 1.0  # seconds for a question that was taken back to end by itself
_START = 60.0  # seconds to start: on a busy machine the kernels take their time to load
_HANDED_DOWN = (
    "PATH", "PYTHONPATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "NUMBA_CACHE_DIR", "SYSTEMROOT", "VIRTUAL_ENV",
)  # fmt: skip
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Text:
    """A scenario that lies in no file: its text, and the data that are counted, by name."""

    text: str
    data: Mapping[str, str] = field(default_factory=dict)


Scenario = str | PathLike[str] | Text


class Child:
    """A killable process that solves.

    One question at a time: a second thread that asks waits. :meth:`cancel` may be called from any thread.

    Parameters
    ----------
    memory_mb
        Address space of the child, in MiB.
    seconds
        For one question, by the clock, the start of the child not counted.
    kept
        Scenarios that the child keeps ready.
    command
        What is started in place of the solver, for tests.
    """

    def __init__(
        self,
        memory_mb: int = 3072,
        seconds: float = 30.0,
        kept: int = 4,
        command: tuple[str, ...] | None = None,
    ) -> None:
        self._memory, self._seconds, self._kept = memory_mb, seconds, kept
        self._command = command or (sys.executable, "-m", "parley.site.model.child")
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Pipe | None = None
        self._asking = threading.Lock()
        self._taken_back = threading.Event()
        self._number = 0
        self._busy = False
        self._spared = False  # whether the child ended a question by itself and is fit for the next

    # --- questions ----------------------------------------------------------------------------------------

    def solve(
        self,
        scenario: Scenario,
        setting: str | Setting = "",
        draws: int = 256,
        seed: int = 0,
        *,
        seconds: float | None = None,
    ) -> str:
        """Return what a setting does to a scenario: the JSON of an :class:`~parley.site.model.effect.Effect`.

        Parameters
        ----------
        scenario
            The path of its file or folder, or its text.
        setting
            A canonical text, or what was read from one; the author's own case by default.
        draws, seed
            Readings, and the seed of them.
        seconds
            For this question.

        Raises
        ------
        SettingError
            The scenario has no such assumption, or the value is out of range.
        LimitError
            It took too much time or memory; the child was ended.
        CancelledError
            The question was taken back.
        ChildError
            The child ended by itself, or said what is no answer.
        SolverError
            The scenario cannot be read or solved.
        """
        changed = setting if isinstance(setting, str) else setting.canonical()
        return self._ask(
            scenario, {"act": "solve", "setting": changed, "draws": draws, "seed": seed}, seconds
        )

    def challenge(
        self, scenario: Scenario, name: str, draws: int = 256, seed: int = 0, *, seconds: float | None = None
    ) -> str:
        """Return what an objection that the scenario states does: JSON; raises as :meth:`solve`."""
        asked = {"act": "challenge", "name": name, "draws": draws, "seed": seed}
        return self._ask(scenario, asked, seconds)

    def prepare(
        self, scenario: Scenario, progress: Progress | None = None, seed: int = 0, *, seconds: float = 900.0
    ) -> str:
        """Return what is solved once for a version: JSON of :class:`~parley.site.model.effect.Numbers`.

        Parameters
        ----------
        scenario
            The path of its file or folder, or its text.
        progress
            Called with the share that is done, 0 to 1.
        seed
            Of the readings.
        seconds
            For all of it.

        Raises
        ------
        ModelError
            As :meth:`solve`.
        """
        return self._ask(scenario, {"act": "prepare", "seed": seed}, seconds, progress)

    def warm(self, scenario: Scenario, *, seconds: float | None = None) -> None:
        """Load a scenario and the kernels, so that the next answer is quick; raises as :meth:`solve`."""
        self._ask(scenario, {"act": "warm"}, seconds)

    def cancel(self) -> None:
        """Take back the question that is being answered, if any: who asked gets a CancelledError."""
        if self._busy:
            self._taken_back.set()

    def close(self) -> None:
        """End the child, if it runs, and whatever it is doing."""
        self.cancel()
        with self._asking:
            self._end()

    @property
    def pid(self) -> int | None:
        """The process id of the child; None while there is none."""
        return self._process.pid if self._process is not None else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the talk -----------------------------------------------------------------------------------------

    def _ask(
        self,
        scenario: Scenario,
        asked: dict[str, Any],
        seconds: float | None,
        progress: Progress | None = None,
    ) -> str:
        with self._asking:
            self._taken_back.clear()
            self._spared = False
            self._busy = True
            try:
                return self._talk(scenario, asked, seconds or self._seconds, progress)
            except CancelledError:
                if not self._spared:
                    self._end()
                raise
            except (LimitError, ChildError):
                self._end()
                raise
            finally:
                self._busy = False

    def _talk(
        self, scenario: Scenario, asked: dict[str, Any], seconds: float, progress: Progress | None
    ) -> str:
        pipe = self._started()
        self._number += 1
        deadline = time.monotonic() + seconds
        pipe.send({"id": self._number, "scenario": _message(scenario), **asked}, deadline)
        try:
            answer = self._heard(pipe, deadline)
            while "progress" in answer:
                if progress is not None:
                    progress(float(answer["progress"]))
                answer = self._heard(pipe, deadline)
        except LimitError as fault:
            raise LimitError(f"no answer within {seconds:g} seconds") from fault
        except ChildError as fault:
            raise self._why(fault) from fault
        return _answered(answer)

    def _heard(self, pipe: Pipe, deadline: float) -> dict[str, Any]:
        """Wait for a message; when the question is taken back, say so to the child and give it a moment."""
        answer = pipe.receive(deadline, self._taken_back.is_set)
        if answer is not None:
            if answer.get("id") != self._number:
                raise ChildError("the solver answers another question than was asked")
            return answer
        grace = time.monotonic() + _GRACE
        try:
            pipe.send({"id": self._number, "act": "cancel"}, grace)
            while True:
                late = pipe.receive(grace)
                if late is not None and late.get("id") == self._number and "progress" not in late:
                    self._spared = True
                    break
        except (LimitError, ChildError):
            pass  # it does not listen: it is ended
        raise CancelledError("the question was taken back")

    def _started(self) -> Pipe:
        if self._process is not None and self._process.poll() is None and self._pipe is not None:
            return self._pipe
        self._end()
        kept = {name: os.environ[name] for name in _HANDED_DOWN if name in os.environ}
        self._process = subprocess.Popen(
            [*self._command, str(self._memory), str(self._kept)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**kept, **dict.fromkeys(_ONE_THREAD, "1")},
            start_new_session=True,  # so that a signal to the asking process's group leaves it to us
            close_fds=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._pipe = Pipe(self._process.stdout.fileno(), self._process.stdin.fileno())
        try:
            ready = self._pipe.receive(time.monotonic() + _START)
        except ChildError as fault:
            raise self._why(fault) from fault
        if ready is None or ready.get("ready") is not True:
            raise ChildError("the solver did not start")
        return self._pipe

    def _why(self, fault: ChildError) -> SolverError:
        """Say why the child ended, where it did."""
        if self._process is None:
            return fault
        try:
            code = self._process.wait(0.5)
        except subprocess.TimeoutExpired:
            return fault
        if code == -signal.SIGXCPU:
            return LimitError("the question took too much processor time")
        if code < 0:
            return ChildError(f"the solver was ended by {signal.Signals(-code).name}")
        return ChildError(f"the solver ended with the code {code}")

    def _end(self) -> None:
        process, self._process, self._pipe = self._process, None, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def _message(scenario: Scenario) -> dict[str, Any]:
    """Say where the child finds a scenario."""
    if isinstance(scenario, Text):
        return {"text": scenario.text, "data": dict(scenario.data)}
    return {"path": os.path.abspath(scenario)}


def _answered(answer: dict[str, Any]) -> str:
    """Return the answer, or raise what went wrong as this process knows it."""
    if isinstance(answer.get("done"), str):
        return str(answer["done"])
    fault = answer.get("fault")
    if not isinstance(fault, dict) or not isinstance(fault.get("said"), str):
        raise ChildError("the solver gave no answer")
    said = fault["said"]
    match fault.get("kind"):
        case "setting":
            values = fault.get("values") or {}
            raise SettingError(str(fault.get("field")), said, **values)
        case "memory":
            raise LimitError("the question took too much memory")
        case "cancelled":
            raise CancelledError(said)
        case "edition":
            raise EditionError(said)
        case "solver":
            raise SolverError(said)
        case _:
            raise ChildError(f"a fault in the solver: {said}")


if __name__ == "__main__":
    from parley.site.model.answering import main

    raise SystemExit(main(sys.argv[1:]))
