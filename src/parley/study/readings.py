"""The readings of a run as a table of Parquet files: one row per draw, everything that findings ask for.

What lives here: the table's columns, its blocks, writing and reading them. What may not: solving, strategies.

Made from the chunks when they are all there, in ``readings/<first draw>.parquet``; of a run that is not
finished, or that cannot be written, in a folder that is removed with its reader. A block holds the draws that
every policy was solved for, out of about 32,768. ``n`` is the number of a policy in the run's list.

=======================  ===============================================================
``draw``                 number in the design
``parameter: ...``       one column per parameter and utility, as the game was solved with
``switch: ...``          one column per switch, its option
``precision: ...``       one column per player, per stake
``n: criterion ...``     one column per criterion of the comparison, counted from 0
``n: quantity ...``      one column per quantity of the scenario
``claim: ...``           one column per derived claim: 1 holds, 0 does not
``margin: ...``          of those that are comparisons, by how much
``expected: ...``        one column per published number, counted from 0
``n: status``            0 converged, 1 stalled, 2 limit, 3 ill-posed
``n: residual``          of the quantal-response equation
``n: sweeps``            used by the solver
``n: regret``            one number per player, in stakes
``n: size``              nodes, information sets, actions of the largest game
=======================  ===============================================================
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.errors import StudyError
from parley.study.assemble import assemble
from parley.study.columns import from_columns
from parley.study.durable import cannot_write, sweep
from parley.study.parquet import ParquetFiles
from parley.study.plan import Plan
from parley.study.results import Results
from parley.study.store import Key, Store
from parley.study.work import Piece

__all__ = [
    "FOLDER",
    "Readings",
    "block_of",
    "compared",
    "keep_readings",
    "kept_piece",
    "lean_piece",
    "make_readings",
]

FOLDER = "readings"
BLOCK = 32_768  # draws of a file, at least a chunk
CACHE = 128 * 2**20  # bytes of columns that a reader keeps

Columns = dict[str, NDArray[Any]]


def lean_piece(planned: Plan, policy: str, columns: Columns) -> Piece:
    """Return the piece that columns were made from, without what only the folder needs."""
    empty = np.empty((0, len(columns["draw"])))
    return from_columns(planned, policy, {**columns, "strategy": empty, "value": empty})


def kept_piece(planned: Plan, store: Store, key: Key, *, check: bool = True) -> Piece:
    """Read a finished chunk without what only the folder needs; ``check`` as for :meth:`Store.read_chunk`.

    Raises
    ------
    StudyError
        When the file is missing, damaged or of another run.
    """
    columns = store.read_chunk(
        key,
        check=check,
        only=lambda name: (
            name not in ("strategy", "value") and not name.startswith(("parameter: ", "switch: "))
        ),
    )
    return lean_piece(planned, planned.policies[key.policy], columns)


def block_of(results: Results, part: slice = slice(None)) -> Columns:
    """Return some of the draws of results as the columns of a block."""
    place = {policy: number for number, policy in enumerate(results.policies)}
    columns: Columns = {"draw": results.draw[part]}
    columns |= {f"parameter: {name}": values[part] for name, values in results.parameters.items()}
    columns |= {f"switch: {name}": values[part] for name, values in results.switches.items()}
    columns |= {f"precision: {name}": values[part] for name, values in results.precision.items()}
    for (index, policy), values in results.criteria.items():
        columns[f"{place[policy]}: criterion {index}"] = values[part]
    for (name, policy), values in results.quantities.items():
        columns[f"{place[policy]}: quantity {name}"] = values[part]
    columns |= {f"claim: {name}": values[part] for name, values in results.claims.items()}
    columns |= {f"margin: {name}": values[part] for name, values in results.margins.items()}
    columns |= {f"expected: {number}": values[part] for number, values in enumerate(results.expected)}
    for policy, proof in results.proofs.items():
        number = place[policy]
        columns[f"{number}: status"] = proof.status[part]
        columns[f"{number}: residual"] = proof.residual[part]
        columns[f"{number}: sweeps"] = proof.sweeps[part]
        columns[f"{number}: regret"] = proof.regret[:, part]
        size = np.array([proof.nodes, proof.infosets, proof.actions], dtype=np.float64)
        columns[f"{number}: size"] = np.repeat(size[:, None], len(columns["draw"]), axis=1)
    return columns


def keep_readings(store: Store, results: Results) -> None:
    """Write the table of a finished run from results that are in memory, as far as it is not there.

    Raises
    ------
    StudyError
        When the disk refuses.
    """
    size = _block_size(store)
    _write(store, store.path / FOLDER, lambda first: block_of(results, slice(first, first + size)))


def make_readings(planned: Plan, store: Store, folder: Path | None = None) -> None:
    """Write the table from the chunks, block by block, as far as it is not there.

    Parameters
    ----------
    folder
        Where; the run's own by default, which must be open for writing then.

    Raises
    ------
    StudyError
        When a chunk is damaged or the disk refuses.
    """
    ready = _ready(planned, store)
    _write(store, folder or store.path / FOLDER, lambda first: _made(planned, store, ready, first))


def _made(
    planned: Plan, store: Store, ready: Sequence[int], first: int, *, check: bool = True
) -> Columns | None:
    """Compute a block from the chunks that are ready; None where there is none of its draws."""
    size = _block_size(store)
    pieces = [
        kept_piece(planned, store, Key(policy, start), check=check)
        for start in ready
        if first <= start < first + size
        for policy in range(len(planned.policies))
    ]
    return block_of(assemble(planned, store.provenance, pieces)) if pieces else None


def compared(planned: Plan, store: Store) -> Iterator[tuple[Path, Columns, Columns]]:
    """Yield each block that is in the run's folder, as it is there and as the chunks give it.

    Raises
    ------
    StudyError
        When a file cannot be read.
    """
    ready = _ready(planned, store)
    files = ParquetFiles()
    try:
        for first in _firsts(store):
            file = store.path / FOLDER / f"{first}.parquet"
            computed = _made(planned, store, ready, first, check=False) if file.exists() else None
            if computed is not None:
                yield file, files.read(file, _belongs(store, first), check=False), computed
    finally:
        files.close()


def _ready(planned: Plan, store: Store) -> list[int]:
    """First draws of the chunks that are finished for every policy, in order."""
    count: dict[int, int] = {}
    for key in store.done():
        count[key.first] = count.get(key.first, 0) + 1
    return sorted(first for first, policies in count.items() if policies == len(planned.policies))


def _block_size(store: Store) -> int:
    return store.chunk * max(1, BLOCK // store.chunk)


def _firsts(store: Store) -> range:
    return range(0, store.provenance.draws, _block_size(store))


def _belongs(store: Store, first: int) -> dict[str, Any]:
    record = store.provenance
    return {
        "digest": record.digest,
        "seed": record.seed,
        "draws": record.draws,
        "version": record.version,
        "policies": list(store.policies),
        "first": first,
    }


def _write(store: Store, folder: Path, made: Callable[[int], Columns | None]) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    sweep(folder)
    files = ParquetFiles()

    def write(first: int) -> None:
        target = folder / f"{first}.parquet"
        columns = None if target.exists() else made(first)
        if columns is not None:
            files.write(target, columns, _belongs(store, first))

    try:
        # two at a time: one is read and written while the other is computed
        with ThreadPoolExecutor(max_workers=min(2, cpu_count() or 1)) as pool:
            for _ in pool.map(write, _firsts(store)):
                pass
    finally:
        files.close()


class Readings:
    """Reads the table column by column. Threads may share one.

    Parameters
    ----------
    planned, store
        Of the run. Where its table is not there or not whole, one is made when it is first needed, in a
        folder for temporary files.

    Attributes
    ----------
    draw
        ``[draw]`` numbers in the design of the draws that every policy was solved for.

    Raises
    ------
    StudyError
        When no chunk is finished for all policies.
    """

    def __init__(self, planned: Plan, store: Store) -> None:
        self._planned = planned
        self._store = store
        self._files = ParquetFiles()
        self._folder: Path | None = None
        self._names: tuple[str, ...] | None = None
        self._kept: OrderedDict[str, NDArray[Any]] = OrderedDict()
        self._lock = Lock()
        ready = _ready(planned, store)
        if not ready:
            raise StudyError("the run stopped before any chunk of draws was finished for all policies")
        record = store.provenance
        whole = [np.arange(first, min(first + store.chunk, record.draws)) for first in ready]
        self.draw: NDArray[np.int64] = np.concatenate(whole)
        self._complete = len(self.draw) == record.draws

    def files(self) -> list[Path]:
        """Return the blocks in order, made if need be.

        Raises
        ------
        StudyError
            When a chunk is damaged, or there is no room for temporary files.
        """
        with self._lock:
            if self._folder is None:
                self._folder = self._found() or self._made()
        found = ((first, self._folder / f"{first}.parquet") for first in _firsts(self._store))
        return [file for _, file in found if file.exists()]

    def _found(self) -> Path | None:
        folder = self._store.path / FOLDER
        there = all((folder / f"{first}.parquet").exists() for first in _firsts(self._store))
        return folder if self._complete and there else None

    def _made(self) -> Path:
        try:
            folder = Path(tempfile.mkdtemp(prefix="parley-readings-"))
        except OSError as error:
            raise StudyError(f"there is no place for temporary files: {error.strerror}") from error
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        make_readings(self._planned, self._store, folder)
        return folder

    def column(self, name: str) -> NDArray[Any]:
        """Return a column ``[draw]`` or ``[item, draw]``; not to be written to.

        Raises
        ------
        StudyError
            When a block is damaged.
        """
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        parts = [columns[name] for columns in self.blocks(lambda each: each == name)]
        values = np.concatenate(parts, axis=-1)
        values.setflags(write=False)
        with self._lock:
            self._kept[name] = values
            while len(self._kept) > 1 and sum(each.nbytes for each in self._kept.values()) > CACHE:
                self._kept.popitem(last=False)
        return values

    def names(self) -> tuple[str, ...]:
        """Return the names of the columns; raises StudyError as :meth:`column`."""
        if self._names is None:
            found: list[str] = []

            def noted(name: str) -> bool:
                found.append(name)
                return False

            first = self.files()[0]
            self._files.read(first, _belongs(self._store, int(first.stem)), only=noted)
            self._names = tuple(found)
        return self._names

    def blocks(self, only: Callable[[str], bool] | None = None, *, check: bool = True) -> Iterator[Columns]:
        """Read one block after another, or some columns of each; raises StudyError where one is damaged."""
        for file in self.files():
            belongs = _belongs(self._store, int(file.stem))
            columns = self._files.read(file, belongs, check=check, only=only)
            if only is not None and not columns:
                raise StudyError(f"'{file}' lacks a column: delete the folder '{file.parent}' and run again")
            yield columns
