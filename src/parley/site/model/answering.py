"""The solving side of the pipe: questions in, answers out.

What lives here: what runs in the child of :mod:`parley.site.model.child`. What may not: being imported
by the process that serves pages.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parley.errors import ParleyError
from parley.site.model.errors import CancelledError, EditionError, SettingError, SolverError
from parley.site.model.frames import MOST, pack, unpack

if TYPE_CHECKING:
    from parley.scenario.model import Scenario
    from parley.site.model.solver import Solver

__all__ = ["main"]

_NICE = 10  # pages go first
_FILES = 256
_LENGTH = 4


def main(arguments: Sequence[str]) -> int:
    """Answer questions until the other side is gone.

    Parameters
    ----------
    arguments
        MiB of address space, and how many scenarios to keep ready.

    Returns
    -------
    int
        0.
    """
    memory, kept = (int(each) for each in arguments)
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints goes with the faults, not into an answer
    _bounded(memory)
    Answering(out, kept).run()
    return 0


def _bounded(memory: int) -> None:
    """Cap what this process may take; where the system has no caps, the deadline remains."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_AS, (memory * 2**20, memory * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))


class Answering:
    """Reads questions in one thread, so that one can be taken back while it is answered in another."""

    def __init__(self, out: int, kept: int) -> None:
        self._out, self._kept = out, kept
        self._questions: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._solvers: OrderedDict[str, Solver] = OrderedDict()

    def run(self) -> None:
        """Answer one question after the other; the process ends when its input does."""
        threading.Thread(target=self._listen, daemon=True).start()
        self._say({"ready": True})
        while True:
            question = self._questions.get()
            self._cancelled.clear()
            self._say({"id": question.get("id"), **self._answer(question)})

    def _listen(self) -> None:
        source = sys.stdin.buffer
        while True:
            head = source.read(_LENGTH)
            size = int.from_bytes(head, "big")
            if len(head) < _LENGTH or size > MOST:
                os._exit(0)  # nobody is there to hear an answer, however far it has come
            message = unpack(source.read(size))
            if message.get("act") == "cancel":
                self._cancelled.set()
            else:
                self._questions.put(message)

    def _say(self, message: dict[str, Any]) -> None:
        data = memoryview(pack(message))
        try:
            while data:
                data = data[os.write(self._out, data) :]
        except OSError:
            os._exit(0)

    def _answer(self, question: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"done": self._done(question)}
        except MemoryError:
            return {"fault": {"kind": "memory", "said": "out of memory"}}
        except SettingError as fault:
            values = {name: str(value) for name, value in fault.values.items()}
            return {
                "fault": {"kind": "setting", "field": fault.field, "said": fault.template, "values": values}
            }
        except CancelledError as fault:
            return {"fault": {"kind": "cancelled", "said": str(fault)}}
        except EditionError as fault:
            return {"fault": {"kind": "edition", "said": str(fault)}}
        except ParleyError as fault:
            return {"fault": {"kind": "solver", "said": str(fault)}}
        except Exception as fault:
            traceback.print_exc()
            return {"fault": {"kind": "fault", "said": type(fault).__name__}}

    def _done(self, question: dict[str, Any]) -> str:
        from parley.site.model.setting import parse
        from parley.site.model.solver import DRAWS

        solver = self._solver(question["scenario"])
        draws, seed = question.get("draws", 0), question.get("seed", 0)
        match question.get("act"):
            case "solve":
                setting = parse(str(question["setting"]), solver.assumptions)
                return solver.solve(setting, draws, seed).to_json()
            case "challenge":
                return solver.challenge(str(question["name"]), draws, seed).to_json()
            case "prepare":
                from parley.site.model.prepare import prepare

                return prepare(solver, seed=seed, progress=self._progress(question)).to_json()
            case "warm":
                solver.warm(DRAWS, seed)
                return ""
            case other:
                raise SolverError(f"{other!r} is no question")

    def _progress(self, question: dict[str, Any]) -> Callable[[float], None]:
        return lambda share: self._say({"id": question.get("id"), "progress": share})

    def _solver(self, place: dict[str, Any]) -> Solver:
        """Return the solver of a scenario, from those kept ready or made anew."""
        from parley.site.model.solver import Solver

        key = _key(place)
        if key not in self._solvers:
            self._solvers[key] = Solver(_scenario(place), self._cancelled.is_set)
            while len(self._solvers) > self._kept:
                self._solvers.popitem(last=False)
        self._solvers.move_to_end(key)
        return self._solvers[key]


def _key(place: dict[str, Any]) -> str:
    """Return what tells one scenario from another: its text, or its files with their sizes and times."""
    path = place.get("path")
    if path is None:
        return json.dumps(place, sort_keys=True)
    file = Path(path)
    folder = file if file.is_dir() else file.parent
    try:
        known = sorted((each.name, each.stat()) for each in folder.iterdir() if each.is_file())
    except OSError as fault:
        raise SolverError(f"the scenario cannot be read: {fault.strerror}") from fault
    return json.dumps([path, *((name, found.st_mtime_ns, found.st_size) for name, found in known)])


def _scenario(place: dict[str, Any]) -> Scenario:
    from parley.scenario import load, loads

    if place.get("path") is not None:
        try:
            return load(place["path"])
        except OSError as fault:
            raise SolverError(f"the scenario cannot be read: {fault.strerror}") from fault
    return loads(str(place.get("text")), "argument.md", data=place.get("data") or {})
