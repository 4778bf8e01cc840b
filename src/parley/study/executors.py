"""Who does the jobs of a run: threads of this process, processes of this machine, a cluster, any executor.

What lives here: workers that come and go, and what happens when one is lost. What may not: what a job is,
files. Only the process that was asked writes; workers hand back columns.

Every kind gives the same bits: a job depends on its task alone (:mod:`parley.study.tasks`).
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as TooEarly
from contextlib import suppress
from functools import partial
from os import cpu_count
from time import monotonic
from typing import Any, Protocol

from numpy.typing import NDArray

from parley.errors import SolveError, StudyError
from parley.study.plan import Plan
from parley.study.tasks import Job, Solver, perform, readable, task_of

__all__ = ["ATTEMPTS", "EXECUTORS", "Workers", "sensible", "workers"]

EXECUTORS = "threads, processes, or tcp://host:port of a Dask scheduler"
ATTEMPTS = 4  # lives of a job whose workers die
WAITED = 0.1  # seconds between two looks at whether the run was stopped
MOST_SLOTS = 256  # jobs in flight
NOTICED = 2.0  # seconds in which a pool notices by itself that a process died

Columns = dict[str, NDArray[Any]]


class Workers(Protocol):
    """Does jobs; ``slots`` of them are worth having at the same time."""

    slots: int

    def do(self, job: Job, cancel: Callable[[], bool]) -> Columns:
        """Do a job, wherever. Raises SolveError when stopped, StudyError when workers are lost for good."""

    def close(self) -> None:
        """Let the workers go, at once."""


def workers(executor: str | Executor, planned: Plan, solver: Solver, threads: int | None) -> Workers:
    """Engage the workers that a run asks for.

    Parameters
    ----------
    executor
        ``"threads"``, ``"processes"``, ``"tcp://host:port"``, or any :class:`concurrent.futures.Executor`.
    planned, solver
        Of the run.
    threads
        How many threads or processes of this machine; one per core by default.

    Raises
    ------
    StudyError
        When there is no such executor, its library is not installed, or the cluster does not answer or runs
        another version of Parley; when the scenario can't be read from its text elsewhere.
    """
    count = threads or cpu_count() or 1
    if executor == "threads":
        return _Threads(solver, count)
    readable(planned.scenario, "another process")

    def send(pool: Executor, job: Job) -> Future[Columns]:
        return pool.submit(_perform, task_of(planned, solver.workshop.concept, solver.seed, job))

    if executor == "processes":
        return _Processes(send, count)
    if isinstance(executor, Executor):
        return _Pool(send, executor, 2 * count)
    if isinstance(executor, str) and "://" in executor:
        from parley.study.cluster import Cluster

        cluster = Cluster(executor)
        return _Pool(send, cluster.executor, 2 * cluster.threads, cluster.close, cluster.lost)
    raise _unknown(executor)


def sensible(executor: object) -> None:
    """Raise StudyError when there is no such executor."""
    named = isinstance(executor, str) and (executor in ("threads", "processes") or "://" in executor)
    if not named and not isinstance(executor, Executor):
        raise _unknown(executor)


def _unknown(executor: object) -> StudyError:
    return StudyError(f"there is no executor '{executor}'; there are: {EXECUTORS}")


class _Threads:
    def __init__(self, solver: Solver, count: int) -> None:
        self.slots = count
        self._solver = solver

    def do(self, job: Job, cancel: Callable[[], bool]) -> Columns:
        return self._solver.columns(job, cancel)

    def close(self) -> None:
        pass


def _waited(
    future: Future[Columns], cancel: Callable[[], bool], watch: Callable[[], None] = lambda: None
) -> Columns:
    """Wait for what another does, looking up now and then."""
    while True:
        try:
            return future.result(timeout=WAITED)
        except TooEarly:
            if future.done():  # the worker's own failure bears that name
                return future.result()
            if cancel():
                future.cancel()
                raise SolveError("stopped") from None
            watch()


class _Pool:
    """Somebody else's executor; what its workers lose is theirs to do again."""

    def __init__(
        self,
        send: Callable[[Executor, Job], Future[Columns]],
        pool: Executor,
        slots: int,
        close: Callable[[], None] = lambda: None,
        lost: tuple[type[BaseException], ...] = (),
    ) -> None:
        self.slots = min(max(slots, 2), MOST_SLOTS)
        self._send = send
        self._pool = pool
        self.close = close
        self._lost: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError, *lost)

    def do(self, job: Job, cancel: Callable[[], bool]) -> Columns:
        try:
            try:
                future = self._send(self._pool, job)
            except RuntimeError as error:  # it was shut down
                raise BrokenExecutor(str(error)) from error
            return _waited(future, cancel)
        except self._lost as error:
            raise StudyError(
                f"the workers are gone ({_first_line(error)}); what was finished is kept where the run is "
                "stored: mend them, or choose another executor, and the same command resumes"
            ) from error


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0] or type(error).__name__


# --- processes --------------------------------------------------------------------------------------------

_stop: Any = None  # in a worker: the event by which the run tells its processes to stop


def _begin(stop: Any) -> None:
    """Prepare a worker: it stops when it is told, not by Ctrl-C, and never outlives the run."""
    import signal

    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _die_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _perform(task: Any) -> Columns:
    return perform(task, None if _stop is None else _stop.is_set)


class _Processes:
    """Processes that are started anew when one of them dies."""

    def __init__(self, send: Callable[[Executor, Job], Future[Columns]], count: int) -> None:
        self.slots = min(count + 2, MOST_SLOTS)  # a worker that is done finds its next job waiting
        self._send = send
        self._count = count
        # A fork would copy threads' locks in whatever state they are.
        self._context = multiprocessing.get_context("spawn")
        self._stop = self._context.Event()
        self._lock = threading.Lock()
        self._life = 0
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._count, self._context, _begin, (self._stop,))

    def _renew(self, life: int) -> None:
        """Start new processes in place of those of one life, once for all who lost a job with them."""
        with self._lock:
            if life == self._life:
                self._pool.shutdown(wait=False, cancel_futures=True)
                self._pool = self._start()
                self._life += 1

    def _watch(self, pool: ProcessPoolExecutor, seen: list[float]) -> None:
        """End a pool that has lost a process without noticing.

        A process that is killed while it hands over a result leaves half a message: the pool then waits for
        the rest for ever, and its other processes for their turn. Without any process, and without its own
        end to write to, the pool reads to the end and knows that it is broken.
        """
        processes = list((getattr(pool, "_processes", None) or {}).values())
        if all(process.is_alive() for process in processes):
            seen.clear()
            return
        seen.append(monotonic())
        if seen[-1] - seen[0] < NOTICED:
            return
        with self._lock:
            for process in processes:
                process.kill()
            with suppress(OSError, AttributeError):
                pool._result_queue._writer.close()  # type: ignore[attr-defined]

    def do(self, job: Job, cancel: Callable[[], bool]) -> Columns:
        for _ in range(ATTEMPTS):
            with self._lock:
                pool, life = self._pool, self._life
            try:
                try:
                    future = self._send(pool, job)
                except RuntimeError as error:  # another job's loss has shut it down
                    raise BrokenExecutor(str(error)) from error
                return _waited(future, cancel, partial(self._watch, pool, []))
            except (BrokenExecutor, CancelledError) as error:
                if cancel():
                    raise SolveError("stopped") from error
                broken = error
            self._renew(life)
        raise StudyError(
            f"the processes that solved draws {job.first} to {job.first + job.count - 1} under "
            f"'{job.policy}' died {ATTEMPTS} times ({_first_line(broken)}). Too little memory? Then fewer "
            'threads help. In a script of your own, call Parley under `if __name__ == "__main__":`'
        ) from broken

    def close(self) -> None:
        self._stop.set()
        with suppress(OSError):
            self._pool.shutdown(wait=True, cancel_futures=True)
