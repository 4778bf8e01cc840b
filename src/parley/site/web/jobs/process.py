"""The process of ``parley worker``: its children that compute, signals, keeping articles warm.

What lives here: what surrounds the loop. What may not: the loop (``worker``), kinds of work.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType

from django.conf import settings

from parley.errors import ParleyError
from parley.site.model import Effect, Numbers, Setting
from parley.site.model.child import Child
from parley.site.web import blobs
from parley.site.web.jobs.registry import Solving
from parley.site.web.jobs.worker import Lane, Worker
from parley.site.web.models import Article

__all__ = ["Computing", "Warming", "children", "run"]

LOG = logging.getLogger("parley.worker")
WARMING = 300.0  # seconds: kernels may have to be compiled first
KEPT = 4  # articles that a child keeps ready for quick answers


def run(*, once: bool = False, ready: Callable[[], object] = lambda: None) -> int:
    """Work until a signal says to end, or all that is due is done; returns the exit code.

    Parameters
    ----------
    once
        Do what is due, then end.
    ready
        Called when jobs are being taken.
    """
    warming = Warming()
    worker = Worker(children, idle=warming if not once else lambda lane: False)

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)  # whoever asks twice means at once
        worker.end()
        for lane in worker.lanes if once else ():
            lane.stop()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
    if once:
        keeper = worker.watch_over()
        try:
            worker.once()
        finally:
            worker.end()
            keeper.join(5.0)
    else:
        worker.run(ready)
    return 0


def children(lane: str) -> Solving | None:
    """Return the process that computes for a lane; it starts with its first question."""
    if lane == "light":
        return None
    rules = settings.PARLEY_RULES
    return Computing(Child(memory_mb=rules.solve_memory_mb, seconds=rules.solve_seconds, kept=KEPT))


class Computing:
    """The child process as work sees it: records instead of their JSON."""

    def __init__(self, child: Child) -> None:
        self.child = child

    @property
    def pid(self) -> int | None:
        """The process id; None while there is none."""
        return self.child.pid

    def solve(self, scenario: str, setting: Setting, draws: int, seed: int, /) -> Effect:
        """Return the effect of a setting on a scenario."""
        return Effect.from_json(self.child.solve(scenario, setting, draws, seed))

    def challenge(self, scenario: str, name: str, draws: int, seed: int, /) -> Effect:
        """Return the effect of an objection that the scenario declares."""
        return Effect.from_json(self.child.challenge(scenario, name, draws, seed))

    def prepare(self, scenario: str, progress: Callable[[float], None] | None, /) -> Numbers:
        """Return all that is solved once for a version."""
        return Numbers.from_json(self.child.prepare(scenario, progress))

    def warm(self, scenario: str, /) -> None:
        """Make ready for questions on a scenario."""
        self.child.warm(scenario, seconds=WARMING)

    def cancel(self) -> None:
        """End what is being computed, from another thread."""
        self.child.cancel()

    def close(self) -> None:
        """End the process."""
        self.child.close()


class Warming:
    """Makes a lane's child ready for the newest articles while there is nothing to do.

    The first answer on an article takes a second, to load kernels and compile the game; readers should not
    wait for it. A child that was ended and started again is made ready again.
    """

    def __init__(self) -> None:
        self._done: set[tuple[object, int]] = set()

    def __call__(self, lane: Lane) -> bool:
        """Make one article ready; returns whether there was one to make ready."""
        child, pid = lane.solver, getattr(lane.solver, "pid", None)
        if lane.lane != "quick" or child is None:
            return False
        newest = Article.objects.filter(
            state__in=(Article.State.PUBLISHED, Article.State.CLOSED), current__isnull=False
        )
        for article in newest.select_related("current").order_by("-published_at")[:KEPT]:
            version = article.current
            assert version is not None
            if (pid, version.pk) in self._done:
                continue
            try:
                child.warm(str(blobs.package_path(version)))
            except (ParleyError, OSError) as fault:  # a question on it will say why
                LOG.warning("version %d could not be made ready: %s", version.pk, fault)
            self._done.add((getattr(child, "pid", None), version.pk))
            return True
        return False
