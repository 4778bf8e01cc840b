"""The kinds of work, each a function: who writes one registers it here and the worker finds it.

What lives here: registering and looking up. What may not: any kind of work; those are modules of
``parley.site.web.work``, all of which are loaded when a kind is first looked up.

A function of work gets a :class:`Work` and returns what is still to be written, or nothing::

    @job("mail")
    def mail(work: Work) -> Write | None:
        ...
        return lambda: Outbox.objects.filter(pk=...).update(sent_at=...)

What it returns is called in the transaction that ends the job, and only if the job is still this worker's:
results are written once, however often the work was begun.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol

from parley.errors import ParleyError
from parley.site.web.models import Job

if TYPE_CHECKING:
    from parley.site.model import Effect, Numbers, Setting

__all__ = [
    "LANES",
    "Final",
    "Registered",
    "Solving",
    "Stopped",
    "Work",
    "Write",
    "every",
    "job",
    "kinds",
    "periods",
]

# What runs beside one another. Readers wait for the first; the second takes minutes and is nice; the third
# does no solving.
HOME = "parley.site.web.work"
LANES = ("quick", "heavy", "light")

Write = Callable[[], object]


class Final(ParleyError):
    """The work cannot be done, now or later: it is not tried again."""


class Stopped(ParleyError):
    """The worker ends, or nobody wants the answer any more."""


class Solving(Protocol):
    """The process that computes, as work sees it: :class:`parley.site.model.Child`.

    ``scenario`` is the path of its file.
    """

    def solve(self, scenario: str, setting: Setting, draws: int, seed: int, /) -> Effect:
        """Return the effect of a setting on a scenario."""

    def challenge(self, scenario: str, name: str, draws: int, seed: int, /) -> Effect:
        """Return the effect of an objection that the scenario declares."""

    def prepare(self, scenario: str, progress: Callable[[float], None] | None, /) -> Numbers:
        """Return all that is solved once for a version."""

    def warm(self, scenario: str, /) -> None:
        """Make ready for questions on a scenario."""

    def cancel(self) -> None:
        """End what is being computed, from another thread."""

    def close(self) -> None:
        """End the process."""


@dataclass(slots=True)
class Work:
    """One attempt at a job.

    ``stop`` is set when the attempt should end; ``solver`` is the lane's process that computes, None in the
    lane that has none.
    """

    job: Job
    solver: Solving | None
    stop: Event = field(default_factory=Event)
    progress: float = 0.0

    @property
    def payload(self) -> Mapping[str, Any]:
        """What the job was entered with."""
        payload: Mapping[str, Any] = self.job.payload
        return payload

    def go_on(self) -> None:
        """Say that there is more to do; long work calls it between its parts.

        Raises
        ------
        Stopped
            The worker ends, or the job was taken back.
        """
        if self.stop.is_set():
            raise Stopped("the worker ends")

    def computes(self) -> Solving:
        """Return the process that computes.

        Raises
        ------
        Final
            The kind of work was registered for the lane without one.
        """
        if self.solver is None:
            raise Final(f"`{self.job.kind}` runs in a lane that solves nothing")
        return self.solver


Run = Callable[[Work], Write | None]
GiveUp = Callable[[Job, str], object]


@dataclass(frozen=True, slots=True)
class Registered:
    """A kind of work: its name, where it runs, the function, and what to do when it is given up."""

    name: str
    lane: str
    run: Run
    give_up: GiveUp | None


@dataclass(frozen=True, slots=True)
class Period:
    """Work that comes back: the name of its kind, and how long after its end."""

    name: str
    pause: timedelta


_KINDS: dict[str, Registered] = {}
_PERIODS: dict[str, Period] = {}
_LOADED: list[bool] = []


def job(name: str, *, lane: str = "light", give_up: GiveUp | None = None) -> Callable[[Run], Run]:
    """Register a function as a kind of work.

    Parameters
    ----------
    name
        The kind, as :func:`~parley.site.web.jobs.queue.enqueue` is given it; at most 20 characters.
    lane
        One of :data:`LANES`.
    give_up
        Called in the transaction that gives a job up, with the job and the error.

    Raises
    ------
    ValueError
        The name is taken, or there is no such lane.
    """
    if lane not in LANES or not 0 < len(name) <= 20:
        raise ValueError(f"there is no lane {lane!r}, or the name {name!r} is too long")

    def register(run: Run) -> Run:
        known = _KINDS.get(name)
        if known is not None and (known.run.__module__, known.run.__name__) != (run.__module__, run.__name__):
            raise ValueError(f"work of the kind {name!r} is registered twice")
        _KINDS[name] = Registered(name, lane, run, give_up)
        return run

    return register


def every(name: str, *, hours: float, lane: str = "light") -> Callable[[Run], Run]:
    """Register a function as work that comes back, ``hours`` after it last ended."""

    def register(run: Run) -> Run:
        job(name, lane=lane)(run)
        _PERIODS[name] = Period(name, timedelta(hours=hours))
        return run

    return register


def kinds() -> Mapping[str, Registered]:
    """Return all kinds of work by name."""
    if not _LOADED:
        home = import_module(HOME)  # by its name: kinds of work know the queue, not the other way round
        for module in pkgutil.iter_modules(home.__path__):
            import_module(f"{HOME}.{module.name}")
        _LOADED.append(True)
    return _KINDS


def periods() -> Mapping[str, Period]:
    """Return the work that comes back, by name."""
    kinds()
    return _PERIODS
