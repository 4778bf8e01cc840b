"""A piece of a run as something that can be sent away: small, picklable, the same wherever it is done.

What lives here: tasks, and what does them in this process or another. What may not: who does which, files.

A task is a scenario's text and settings, a policy, a range of draws, the seed and the solution concept. Doing
it twice gives the same bits. A process compiles a scenario once and keeps it for its next tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

import parley
from parley.draws import Draws, sample
from parley.errors import ScenarioError, StudyError
from parley.scenario import loads
from parley.scenario.model import Scenario
from parley.solve.solution import Concept
from parley.study.columns import to_columns
from parley.study.plan import Plan, plan
from parley.study.work import Chunk, Workshop, split

__all__ = ["Job", "Solver", "Task", "perform", "readable", "task_of"]

KEPT = 4  # scenarios that a process keeps compiled
WIDTHS = (512, 4096)  # draws that are solved and measured together, of large games and of small ones
CELLS = 1 << 18  # of tables [edge, draw]: what a core's cache holds

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Job:
    """One policy for ``count`` draws from number ``first``.

    ``lean`` leaves out of the columns what only a folder needs: strategies, payoffs, parameters, switches.
    """

    policy: str
    first: int
    count: int
    lean: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A job with everything that another process needs to do it."""

    text: str
    path: str
    overrides: Mapping[str, str]  # as written behind --set
    data: Mapping[str, str]  # tables that the text counts
    digest: str  # of the scenario that these must give
    version: str  # of Parley
    policies: tuple[str, ...]  # of the run
    seed: int
    concept: Concept
    job: Job


class Solver:
    """Does the jobs of one run: compiles once, draws once for all policies. Threads may share it."""

    def __init__(self, planned: Plan, concept: Concept, seed: int, chunks: int = 4) -> None:
        self.planned = planned
        self.seed = seed
        self.workshop = Workshop(planned, concept)
        self._drawn = lru_cache(maxsize=chunks)(self._draw)
        self._lock = Lock()

    def columns(self, job: Job, cancel: Callable[[], bool] | None = None) -> Columns:
        """Do a job; return its columns (:mod:`parley.study.columns`).

        Raises
        ------
        SolveError
            When ``cancel`` said True.
        """
        with self._lock:  # several policies of one range are asked for at the same time
            parts = self._drawn(job.first, job.count)
        pieces = []
        for part in parts:
            piece = self.workshop.work(job.policy, part, cancel)
            columns = to_columns(self.planned, piece, part.draws)
            pieces.append(_lean(columns) if job.lean else columns)
        return _joined(pieces)

    def _draw(self, first: int, count: int) -> tuple[Chunk, ...]:
        """Return draws in parts of a width that suits the free game; no answer depends on it."""
        draws = sample(self.planned.scenario, count, seed=self.seed, first=first)
        options, _ = split(draws, self.planned.scenario)[0]
        *_, free = self.workshop.game(self.planned.policies[0], options)
        width = min(max(CELLS // max(free.edges, 1), WIDTHS[0]), WIDTHS[1])
        return tuple(_part(draws, start, width) for start in range(0, count, width))


def _part(draws: Draws, start: int, width: int) -> Chunk:
    columns = slice(start, start + width)
    return Chunk(
        Draws(
            draws.parameters,
            np.ascontiguousarray(draws.values[:, columns]),
            draws.switches,
            np.ascontiguousarray(draws.choice[:, columns]),
            draws.seed,
            draws.first + start,
        )
    )


def _lean(columns: Columns) -> Columns:
    empty = np.empty((0, len(columns["draw"])))
    kept = {name: each for name, each in columns.items() if not name.startswith(("parameter: ", "switch: "))}
    return kept | {"strategy": empty, "value": empty}


def _joined(parts: list[Columns]) -> Columns:
    """Join the columns of parts; a strategy of fewer actions is filled up, the size is the largest one."""
    if len(parts) == 1:
        return parts[0]
    joined: Columns = {}
    for name in parts[0]:
        tables = [part[name] for part in parts]
        if name == "strategy":
            rows = max(len(table) for table in tables)
            tables = [
                np.vstack([table, np.full((rows - len(table), table.shape[1]), np.nan)]) for table in tables
            ]
        joined[name] = np.concatenate(tables, axis=-1)
    size = max(tuple(part["size"][:, 0]) for part in parts)
    joined["size"] = np.repeat(np.array(size)[:, None], len(joined["draw"]), axis=1)
    return joined


# --- in another process -----------------------------------------------------------------------------------


def readable(scenario: Scenario, others: str) -> None:
    """Make sure that another process gets the same scenario from its text, settings and tables.

    Parameters
    ----------
    scenario
        What is solved.
    others
        Who is to do it, for the message.

    Raises
    ------
    StudyError
        When the scenario is not what its text and settings say: it was changed in this process.
    """
    overrides, data = dict(scenario.override_texts), dict(scenario.data)
    try:
        same = loads(scenario.text, scenario.path, overrides, data).digest == scenario.digest
    except ScenarioError:
        same = False
    if not same:
        raise StudyError(
            f"'{scenario.title}' was changed after it was read, so {others} cannot read it from its text: "
            "use threads, or save the changed text and load it"
        )


def task_of(planned: Plan, concept: Concept, seed: int, job: Job) -> Task:
    """Return a job as a task."""
    scenario = planned.scenario
    return Task(
        scenario.text,
        scenario.path,
        dict(scenario.override_texts),
        dict(scenario.data),
        scenario.digest,
        parley.__version__,
        planned.policies,
        seed,
        concept,
        job,
    )


_kept: dict[tuple[object, ...], Solver] = {}
_keeping = Lock()


def perform(task: Task, cancel: Callable[[], bool] | None = None) -> Columns:
    """Do a task in this process.

    Raises
    ------
    StudyError
        When this process has another version of Parley, or reads another scenario from the text.
    SolveError
        When ``cancel`` said True.
    """
    if task.version != parley.__version__:
        raise StudyError(
            f"a worker has Parley {parley.__version__}, this run is of {task.version}: install the same "
            "version everywhere"
        )
    return _solver(task).columns(task.job, cancel)


def _solver(task: Task) -> Solver:
    key = (task.digest, task.policies, task.seed, task.concept)
    with _keeping:
        if key not in _kept:
            scenario = loads(task.text, task.path, dict(task.overrides), dict(task.data))
            if scenario.digest != task.digest:
                raise StudyError("a worker reads another scenario from the same text: is it the same Parley?")
            while len(_kept) >= KEPT:
                del _kept[next(iter(_kept))]
            _kept[key] = Solver(plan(scenario, task.policies), task.concept, task.seed)
        return _kept[key]
