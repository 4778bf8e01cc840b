"""A run: all policies for all draws, in chunks, by any workers, stored as it goes.

What lives here: the order of work, progress, interruption, and putting pieces together. What may not:
solving itself, sentences about the results.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, ThreadPoolExecutor, wait
from dataclasses import replace
from os import PathLike
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
from numpy.typing import NDArray

import parley
from parley.errors import SolveError, StudyError
from parley.scenario.endless import endless
from parley.scenario.model import Scenario
from parley.scenario.players import kinds_of
from parley.solve.solution import Concept
from parley.study.assemble import assemble
from parley.study.executors import Workers, sensible, workers
from parley.study.plan import Plan, plan
from parley.study.readings import keep_readings, kept_piece, lean_piece
from parley.study.results import Provenance, Results
from parley.study.search import SEARCHED, chosen, look, selected
from parley.study.store import RUN, Key, Store
from parley.study.stored import HELD, held, stored_results
from parley.study.tasks import Job, Solver
from parley.study.work import Piece

__all__ = ["CHUNK", "DESIGN", "MOST_DRAWS", "MOST_HELD", "recorded", "run"]

CHUNK = 512  # draws; answers do not depend on it
LARGE = 32_768  # draws; from here on chunks are larger
LARGE_CHUNK = 4096
MOST_HELD = 4 * 2**30  # bytes of results without a folder
MOST_DRAWS = 10_000_000
DESIGN = "scrambled Sobol', 16 replicates"

Progress = Callable[[int, int], None]


def run(
    scenario: Scenario,
    draws: int = 4096,
    seed: int = 0,
    policies: Sequence[str] | None = None,
    *,
    store: str | PathLike[str] | None = None,
    threads: int | None = None,
    chunk: int | None = None,
    starts: int = 0,
    searched: int = SEARCHED,
    executor: str | Executor = "threads",
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Results:
    """Solve a scenario for many readings of its words, under every policy, and measure what it asks.

    Parameters
    ----------
    scenario
        What to solve.
    draws
        How many readings; at least 16, one per replicate of the design.
    seed
        Of the design. The same seed gives the same numbers, for any ``chunk`` and ``threads``.
    policies
        Names of the policies to solve; all by default.
    store
        A folder in which every finished piece is kept. A run that was interrupted goes on from there. The
        results of a large run are read from it column by column, when they are asked for.
    threads
        Of this machine, or processes of it; default: one per core.
    chunk
        Draws per piece of work; default: that of the run in the folder, or 512, of large runs 4096.
    starts
        In some games, look for other equilibria from so many starts; 0: don't look.
    searched
        In how many draws, under every policy: all, or a simple random sample that depends on the seed.
    executor
        Who solves: ``"threads"``, ``"processes"``, ``"tcp://host:port"`` of a Dask scheduler (with the extra
        ``parley-workbench[cluster]``), or any :class:`concurrent.futures.Executor`. All give the same bits.
        The search for other equilibria is done by threads.
    progress
        Called with (pieces done, pieces in all); the search of one policy's games counts as a piece.
    cancel
        Asked now and then; when it returns True the run stops and what is finished is returned.

    Returns
    -------
    Results
        ``complete`` is False when the run was cancelled; then only whole chunks are in it.

    Raises
    ------
    StudyError
        When an argument makes no sense, the folder holds another run, the results need a folder since they
        are too large for the memory, workers are missing or lost, or nothing was finished.

    Examples
    --------
    >>> import parley
    >>> results = parley.run(parley.load("which-event-first"), draws=64, seed=7)
    >>> results.policies, len(results.draw)
    (('status quo', 'short list', 'pause'), 64)
    """
    sensible(executor)
    _sensible(draws, threads, chunk, starts, searched)
    if starts and endless(scenario) is not None:
        raise StudyError(
            "other equilibria are not searched for with `repeat: forever`: leave `starts` out, or write a "
            "number of rounds"
        )
    planned = plan(scenario, policies)
    size = held(planned, draws)
    if store is None and size > MOST_HELD:
        raise StudyError(
            f"the results of {draws:,} draws would take about {size / 2**30:.0f} GiB of memory and at most "
            f"{MOST_HELD / 2**30:.0f} are held: keep the run in a folder (--save DIR), from which they are "
            "read column by column"
        )
    concept = Concept()
    provenance = replace(
        recorded(scenario, seed, draws, concept),
        starts=starts,
        searched=min(searched, draws) if starts else 0,
    )
    folder = None
    if store is not None:
        folder = Store.begin(store, scenario, provenance, planned.policies, chunk or _chunk(store, draws))
    try:
        each = chunk or (_chunk(store, draws) if folder is None else folder.chunk)
        runner = _Runner(planned, concept, provenance, each, folder, progress, cancel)
        complete = runner.all(executor, threads)
        numbers, kept = runner.search(threads) if complete and starts else (None, None)
        if kept is not None and len(kept) < len(planned.policies):
            complete, kept = False, None
        return runner.results(numbers, kept, complete=complete)
    finally:
        if folder is not None:
            folder.close()


def _sensible(draws: int, threads: int | None, chunk: int | None, starts: int, searched: int) -> None:
    if draws < 16:
        raise StudyError(f"{draws} draws are too few: the sampling error needs at least 16")
    if draws > MOST_DRAWS:
        raise StudyError(f"{draws:,} draws are too many: at most {MOST_DRAWS:,}")
    if threads is not None and threads < 1:
        raise StudyError(f"{threads} threads can do no work")
    if chunk is not None and chunk < 1:
        raise StudyError(f"a chunk of {chunk} draws holds nothing")
    if starts < 0:
        raise StudyError(f"a search from {starts} starts is none: give 0 for no search")
    if starts and searched < 1:
        raise StudyError(f"a search in {searched} draws finds nothing")


def _chunk(store: str | PathLike[str] | None, draws: int) -> int:
    """Return the draws per chunk of a run that does not say: a run in the folder goes on with its own.

    Ten thousand small files are slow to open; a large chunk is lost whole when a process dies.
    """
    if store is not None and Path(store, RUN).is_file():
        return Store.open(store).chunk
    return CHUNK if draws <= LARGE else LARGE_CHUNK


def _concept(scenario: Scenario) -> str:
    """Name the kind of quantal response, by the errors that players may make."""
    found = [kinds_of(player, scenario.errors) for player in scenario.players.values()]
    kinds = list(dict.fromkeys(kind for each in found for kind in each))
    if kinds == ["logistic"]:
        return "agent logit quantal response equilibrium on the principal branch"
    return f"agent quantal response equilibrium on the principal branch, errors {' or '.join(kinds)}"


def recorded(scenario: Scenario, seed: int, draws: int, concept: Concept) -> Provenance:
    """Return what is needed to solve so many readings again."""
    return Provenance(
        scenario=scenario.title,
        path=scenario.path,
        digest=scenario.digest,
        overrides=scenario.override_texts,
        seed=seed,
        draws=draws,
        design=DESIGN,
        concept=f"{_concept(scenario)}, residual <= {concept.tolerance:g}",
        version=parley.__version__,
    )


class _Runner:
    def __init__(
        self,
        planned: Plan,
        concept: Concept,
        provenance: Provenance,
        chunk: int,
        folder: Store | None,
        progress: Progress | None,
        cancel: Callable[[], bool] | None,
    ) -> None:
        self.planned = planned
        self.asked = provenance
        self.chunk = chunk
        self.searches = len(planned.policies) if provenance.starts else 0
        self.folder = folder
        self.progress = progress or (lambda done, total: None)
        self.stop = Event()
        self.asked_to_stop = cancel or (lambda: False)
        self.solver = Solver(planned, concept, provenance.seed)
        self.held: (
            list[Piece] | None
        ) = []  # what the results are made of; None: they are read from the folder
        if folder is not None and held(planned, provenance.draws) > HELD:
            self.held = None

    def cancelled(self) -> bool:
        if self.asked_to_stop():
            self.stop.set()
        return self.stop.is_set()

    def all(self, executor: str | Executor, threads: int | None) -> bool:
        """Do what is not done; returns whether all is."""
        draws, chunk = self.asked.draws, self.chunk
        jobs = [
            Job(policy, first, min(chunk, draws - first), lean=self.folder is None)
            for first in range(0, draws, chunk)
            for policy in self.planned.policies
        ]
        there = set() if self.folder is None else self.folder.done()
        todo = []
        for job in jobs:
            if self.folder is None or self._key(job) not in there:
                todo.append(job)
            elif self.held is not None:
                self.held.append(kept_piece(self.planned, self.folder, self._key(job)))
        self.done, self.total = len(jobs) - len(todo), len(jobs) + self.searches
        self.progress(self.done, self.total)
        if todo:
            engaged = workers(executor, self.planned, self.solver, threads)
            try:
                self._all(engaged, todo)
            finally:
                engaged.close()
        return self.done == len(jobs)

    def _all(self, engaged: Workers, todo: list[Job]) -> None:
        """Have the jobs done, as many at a time as the workers have slots."""
        with ThreadPoolExecutor(max_workers=engaged.slots) as pool:
            try:
                pending = {pool.submit(self._one, engaged, job) for job in todo}
                while pending:
                    done, pending = wait(pending, timeout=0.1, return_when=FIRST_COMPLETED)
                    for future in done:
                        if future.result():
                            self.done += 1
                            self.progress(self.done, self.total)
                    self.cancelled()
            except BaseException:
                self.stop.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _one(self, engaged: Workers, job: Job) -> bool:
        if self.cancelled():
            return False
        try:
            columns = engaged.do(job, self.cancelled)
        except SolveError:
            if self.cancelled():  # the solver was cut short: there is no answer
                return False
            raise
        if self.folder is not None:
            self.folder.write_chunk(self._key(job), columns)
        if self.held is not None:
            self.held.append(lean_piece(self.planned, job.policy, columns))
        return True

    def results(
        self,
        numbers: NDArray[np.int64] | None,
        kept: dict[str, Mapping[str, NDArray[Any]]] | None,
        *,
        complete: bool,
    ) -> Results:
        """Put together what was found, in memory or in the folder."""
        if self.held is not None:
            results = assemble(
                self.planned, self.asked, self.held, complete=complete, searched=numbers, kept=kept
            )
            if self.folder is not None and complete:
                keep_readings(self.folder, results)
            return results
        assert self.folder is not None
        return stored_results(self.planned, self.folder, complete=complete, searched=numbers, kept=kept)

    def search(self, threads: int | None) -> tuple[NDArray[np.int64], dict[str, Mapping[str, NDArray[Any]]]]:
        """Search the chosen draws' games of every policy; stopped, it returns the policies that are done."""
        asked, scenario = self.asked, self.planned.scenario
        numbers = chosen(asked.seed, asked.draws, asked.searched)
        draws = selected(scenario, asked.seed, numbers)
        kept: dict[str, Mapping[str, NDArray[Any]]] = {}
        for place, policy in enumerate(self.planned.policies):
            known = None if self.folder is None else self.folder.read_search(place)
            if known is None:
                if self.cancelled():
                    break
                try:
                    known = look(
                        self.solver.workshop, policy, numbers, draws, asked.starts, threads, self.cancelled
                    )
                except SolveError:
                    if self.cancelled():
                        break
                    raise
                if self.folder is not None:
                    self.folder.write_search(place, known)
            kept[policy] = known
            self.progress(self.done + len(kept), self.total)
        return numbers, kept

    def _key(self, job: Job) -> Key:
        return Key(self.planned.policies.index(job.policy), job.first)
