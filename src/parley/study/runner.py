"""A run: all policies for all draws, in chunks, on threads, stored as it goes.

What lives here: the order of work, progress, interruption, and putting pieces together. What may not:
solving itself, sentences about the results.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import lru_cache
from os import PathLike, cpu_count
from threading import Event
from typing import Any

import numpy as np
from numpy.typing import NDArray

import parley
from parley.draws import sample
from parley.errors import SolveError, StudyError
from parley.scenario.model import Scenario
from parley.solve.solution import Concept
from parley.study.assemble import assemble
from parley.study.columns import from_columns, to_columns
from parley.study.plan import Plan, plan
from parley.study.results import Provenance, Results
from parley.study.search import SEARCHED, chosen, look, selected
from parley.study.store import Key, Store
from parley.study.work import Chunk, Piece, Workshop

__all__ = ["CHUNK", "MOST_DRAWS", "recorded", "run"]

CHUNK = 512  # draws; answers do not depend on it
MOST_DRAWS = 10_000_000
DESIGN = "scrambled Sobol', 16 replicates"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Job:
    policy: str
    first: int
    count: int


def run(
    scenario: Scenario,
    draws: int = 4096,
    seed: int = 0,
    policies: Sequence[str] | None = None,
    *,
    store: str | PathLike[str] | None = None,
    threads: int | None = None,
    chunk: int = CHUNK,
    starts: int = 0,
    searched: int = SEARCHED,
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
        A folder in which every finished piece is kept. A run that was interrupted goes on from there.
    threads
        Default: one per core.
    chunk
        Draws per piece of work.
    starts
        In some games, look for other equilibria from so many starts; 0: don't look.
    searched
        In how many draws, under every policy: all, or a simple random sample that depends on the seed.
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
        When an argument makes no sense, the folder holds another run, or nothing was finished.

    Examples
    --------
    >>> import parley
    >>> results = parley.run(parley.load("which-event-first"), draws=64, seed=7)
    >>> results.policies, len(results.draw)
    (('status quo', 'short list', 'pause'), 64)
    """
    if draws < 16:
        raise StudyError(f"{draws} draws are too few: the sampling error needs at least 16")
    if draws > MOST_DRAWS:
        raise StudyError(f"{draws:,} draws are too many to hold at once: at most {MOST_DRAWS:,}")
    if threads is not None and threads < 1:
        raise StudyError(f"{threads} threads can do no work")
    if chunk < 1:
        raise StudyError(f"a chunk of {chunk} draws holds nothing")
    if starts < 0:
        raise StudyError(f"a search from {starts} starts is none: give 0 for no search")
    if starts and searched < 1:
        raise StudyError(f"a search in {searched} draws finds nothing")
    planned = plan(scenario, policies)
    concept = Concept()
    provenance = replace(
        recorded(scenario, seed, draws, concept),
        starts=starts,
        searched=min(searched, draws) if starts else 0,
    )
    folder = None if store is None else Store.begin(store, scenario, provenance, planned.policies, chunk)
    try:
        runner = _Runner(planned, concept, provenance, chunk, folder, progress, cancel)
        pieces = runner.all(threads)
        complete = len(pieces) == _count(planned, draws, chunk)
        if not complete or not starts:
            return assemble(planned, provenance, pieces, complete=complete)
        numbers, kept = runner.search(threads)
        return assemble(
            planned,
            provenance,
            pieces,
            complete=len(kept) == len(planned.policies),
            searched=numbers,
            kept=kept if len(kept) == len(planned.policies) else None,
        )
    finally:
        if folder is not None:
            folder.close()


def _count(planned: Plan, draws: int, chunk: int) -> int:
    return len(planned.policies) * -(-draws // chunk)


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
        concept="agent logit quantal response equilibrium on the principal branch, "
        f"residual <= {concept.tolerance:g}",
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
        self.workshop = Workshop(planned, concept)
        # the policies of one chunk share its draws; a few chunks are in work at a time
        self.chunks = lru_cache(maxsize=8)(self._sample)

    def _sample(self, first: int, count: int) -> Chunk:
        return Chunk(sample(self.planned.scenario, count, seed=self.asked.seed, first=first))

    def cancelled(self) -> bool:
        if self.asked_to_stop():
            self.stop.set()
        return self.stop.is_set()

    def all(self, threads: int | None) -> list[Piece]:
        draws, chunk = self.asked.draws, self.chunk
        jobs = [
            _Job(policy, first, min(chunk, draws - first))
            for first in range(0, draws, chunk)
            for policy in self.planned.policies
        ]
        kept = set() if self.folder is None else self.folder.done()
        pieces: list[Piece] = []
        todo: list[_Job] = []
        for job in jobs:
            if self.folder is None or self._key(job) not in kept:
                todo.append(job)
            else:
                columns = self.folder.read_chunk(self._key(job))
                pieces.append(from_columns(self.planned, job.policy, columns))
        total = len(jobs) + self.searches
        self.progress(len(pieces), total)
        with ThreadPoolExecutor(max_workers=threads or cpu_count() or 1) as pool:
            try:
                self._collect([pool.submit(self._one, job) for job in todo], pieces, total)
            except BaseException:
                self.stop.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return pieces

    def _collect(self, waiting: list[Future[Piece | None]], pieces: list[Piece], total: int) -> None:
        pending = set(waiting)
        while pending:
            done, pending = wait(pending, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in done:
                piece = future.result()
                if piece is not None:
                    pieces.append(piece)
                    self.progress(len(pieces), total)
            self.cancelled()

    def _one(self, job: _Job) -> Piece | None:
        if self.cancelled():
            return None
        chunk = self.chunks(job.first, job.count)
        try:
            piece = self.workshop.work(job.policy, chunk, self.cancelled)
        except SolveError:
            if self.cancelled():  # the solver was cut short: there is no answer
                return None
            raise
        if self.folder is not None:
            self.folder.write_chunk(self._key(job), to_columns(self.planned, piece, chunk.draws))
        return piece

    def search(self, threads: int | None) -> tuple[NDArray[np.int64], dict[str, Mapping[str, NDArray[Any]]]]:
        """Search the chosen draws' games of every policy; stopped, it returns the policies that are done."""
        asked, scenario = self.asked, self.planned.scenario
        numbers = chosen(asked.seed, asked.draws, asked.searched)
        draws = selected(scenario, asked.seed, numbers)
        pieces = _count(self.planned, asked.draws, self.chunk)
        kept: dict[str, Mapping[str, NDArray[Any]]] = {}
        for place, policy in enumerate(self.planned.policies):
            known = None if self.folder is None else self.folder.read_search(place)
            if known is None:
                if self.cancelled():
                    break
                try:
                    known = look(self.workshop, policy, numbers, draws, asked.starts, threads, self.cancelled)
                except SolveError:
                    if self.cancelled():
                        break
                    raise
                if self.folder is not None:
                    self.folder.write_search(place, known)
            kept[policy] = known
            self.progress(pieces + len(kept), pieces + self.searches)
        return numbers, kept

    def _key(self, job: _Job) -> Key:
        return Key(self.planned.policies.index(job.policy), job.first)
