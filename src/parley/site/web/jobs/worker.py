"""The loop of ``parley worker``: threads that take jobs, and one that watches over them.

What lives here: lanes, renewing leases, ending in good order. What may not: numbers; each lane that solves
has a process of its own that computes and can be killed.

The threads do nothing but wait and write; what takes time takes it in a child process or in a mail server.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections, connection

from parley.site.web.jobs import queue
from parley.site.web.jobs.perform import attempt, enter_periods, given_up
from parley.site.web.jobs.presence import Presence
from parley.site.web.jobs.registry import LANES, Solving, Work, kinds
from parley.site.web.jobs.watch import watch
from parley.site.web.models import Job

__all__ = ["Lane", "Worker"]

LOG = logging.getLogger("parley.worker")
SUPERVISE = 0.25  # seconds between two looks at what is running
RENEW = 8.0  # seconds between two renewals of a lease
IDLE = 5.0  # seconds after which a lane looks at the queue without having been told
GRACE = 5.0  # seconds that running work has when the worker ends
HOUSEKEEPING = 30.0

Solvers = Callable[[str], Solving | None]


class Lane(threading.Thread):
    """Takes and does the jobs of one lane, one at a time."""

    def __init__(self, worker: Worker, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.worker = worker
        self.lane = name
        self.kinds = [each.name for each in kinds().values() if each.lane == name]
        self.wake = threading.Event()
        self.work: Work | None = None
        self.renewed = 0.0
        self.solver: Solving | None = None

    def run(self) -> None:
        """Work until the worker ends."""
        self.solver = self.worker.solvers(self.lane)
        while not self.worker.ending.is_set():
            self.wake.clear()
            try:
                close_old_connections()
                while not self.worker.ending.is_set() and (self.once() or self.worker.idle(self)):
                    pass
            except DatabaseError as fault:
                LOG.error("the database does not answer: %s", type(fault).__name__)
                connection.close()
                self.worker.ending.wait(1.0)
            self.wake.wait(IDLE)
        _closed(self.solver)
        connection.close()

    def once(self) -> bool:
        """Take a job and do it; returns whether there was one."""
        job = queue.lease(self.kinds, self.worker.presence.name, self.worker.dead, given_up)
        if job is None:
            return False
        self.renewed = time.monotonic()
        self.work = Work(job, self.solver)
        try:
            ended = attempt(self.work, kinds()[job.kind])
        finally:
            self.work = None
        LOG.info("job %d, %s, attempt %d: %s", job.pk, job.kind, job.attempts, ended)
        return True

    def stop(self) -> None:
        """Make the work that runs end."""
        work = self.work
        if work is not None:
            work.stop.set()
            if work.solver is not None:
                work.solver.cancel()


class Worker:
    """All lanes, and what watches over them.

    Parameters
    ----------
    solvers
        Makes the process that computes for a lane; None where the lane has none.
    idle
        Called by a lane that has no job; returns whether it may have more to do.
    """

    def __init__(self, solvers: Solvers, idle: Callable[[Lane], bool] = lambda lane: False) -> None:
        self.solvers = solvers
        self.idle = idle
        self.ending = threading.Event()
        self.presence = Presence()
        self.dead: frozenset[str] = frozenset()
        self.lanes: list[Lane] = []
        self._kept_house = float("-inf")

    def run(self, ready: Callable[[], object] = lambda: None) -> None:
        """Work until :meth:`end` is called; then finish in good order.

        Parameters
        ----------
        ready
            Called once all lanes take jobs.
        """
        self.lanes = [Lane(self, name) for name in LANES]
        for lane in self.lanes:
            lane.start()
        waiting = watch()
        ready()
        looked = 0.0
        while not self.ending.is_set():
            try:
                if waiting.wait(SUPERVISE):
                    self._wake()
                if time.monotonic() - looked >= SUPERVISE:
                    looked = time.monotonic()
                    self.supervise()
            except DatabaseError as fault:
                LOG.error("the database does not answer: %s", type(fault).__name__)
                connection.close()
                self.ending.wait(1.0)
        self._finish()
        waiting.close()
        self.presence.close()

    def once(self) -> int:
        """Do all that is due, in this thread; returns how many jobs that was."""
        self.keep_house()
        count = 0
        self.lanes = [Lane(self, name) for name in LANES]
        try:
            for lane in self.lanes:
                lane.solver = self.solvers(lane.lane)
            while done := sum([lane.once() for lane in self.lanes]):
                count += done
        finally:
            for lane in self.lanes:
                _closed(lane.solver)
            self.presence.close()
        return count

    def watch_over(self) -> threading.Thread:
        """Supervise in a thread of its own, for :meth:`once`; ends with :meth:`end`."""

        def loop() -> None:
            while not self.ending.wait(SUPERVISE):
                try:
                    self.supervise()
                except DatabaseError as fault:
                    LOG.error("the database does not answer: %s", type(fault).__name__)
                    connection.close()
            connection.close()

        keeper = threading.Thread(target=loop, daemon=True)
        keeper.start()
        return keeper

    def end(self) -> None:
        """Ask all lanes to end after the work at hand."""
        self.ending.set()

    def supervise(self) -> None:
        """Renew leases, end work that nobody wants, keep house."""
        for lane in self.lanes:
            work = lane.work
            if work is None:
                continue
            if work.job.wanted is not None and queue.unwanted(work.job):
                queue.cancel(Job.objects.filter(pk=work.job.pk), queue.NOBODY)
                lane.stop()
            elif time.monotonic() - lane.renewed > RENEW:
                lane.renewed = time.monotonic()
                self._renew(lane, work)
            elif not queue.holds(work.job):
                lane.stop()
        if time.monotonic() - self._kept_house > HOUSEKEEPING:
            self.keep_house()

    def keep_house(self) -> None:
        """Mend times after a change of the clock, find dead workers, enter work that comes back."""
        self._kept_house = time.monotonic()
        moved = queue.mend_clock()
        if moved:
            LOG.warning("the clock was set back: %d jobs moved", moved)
        for name in (dead := self.presence.dead()):
            if not queue.orphaned(name).exists():
                self.presence.bury(name)
        self.dead = dead
        queue.drop_unwanted()
        enter_periods()

    def _wake(self) -> None:
        due = set(queue.due_kinds())
        for lane in self.lanes:
            if due.intersection(lane.kinds):
                lane.wake.set()

    def _renew(self, lane: Lane, work: Work) -> None:
        try:
            queue.renew(work.job, work.progress)
        except queue.LeaseLost:
            lane.stop()

    def _finish(self) -> None:
        """Let running work end; what takes long is given back."""
        for lane in self.lanes:
            lane.wake.set()
            if lane.lane == "heavy":
                lane.stop()
        end = time.monotonic() + GRACE
        for lane in self.lanes:
            lane.join(max(0.0, end - time.monotonic()))
        for lane in self.lanes:
            if lane.is_alive():
                lane.stop()
                lane.join(GRACE)


def _closed(solver: Solving | None) -> None:
    if solver is not None:
        solver.close()
