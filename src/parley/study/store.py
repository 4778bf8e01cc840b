"""The folder of a run: what was asked, the scenario as it was read, every finished chunk, the findings.

What lives here: the folder's format, its checks, resuming. What may not: solving, what a column means.

::

    run.json                   what was asked: provenance, policies, chunk size; "format": 2
    scenario.md, scenario.yaml the exact text that was read (overrides are in run.json)
    data/                      the tables that it counts, as they were read
    chunks/<policy>-<draw>.parquet   policy's number, first draw of the chunk
    search/<policy>.parquet    equilibria found in that policy's games, when they were searched
    readings/<draw>.parquet    the table of readings, made of the chunks when all are there
    findings.json              when the run is finished
    run.lock                   held while a process writes here

Every file is whole or not there. A folder left by a process that was killed is resumed as it is.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from threading import Lock
from types import MappingProxyType, TracebackType
from typing import Any, NamedTuple, Self

from numpy.typing import NDArray

from parley.errors import StudyError
from parley.scenario.model import Scenario
from parley.scenario.tables import misnamed
from parley.study.durable import PARTIAL, FolderLock, sweep, write_text
from parley.study.parquet import ParquetFiles
from parley.study.results import Provenance

__all__ = ["FORMAT", "RUN", "Key", "Store"]

FORMAT = 2  # of the folder; 1 had one digest for all columns of a chunk

RUN = "run.json"  # without it there is no run
_LOCK = "run.lock"
_CHUNKS = "chunks"
_DATA = "data"
_SEARCH = "search"
_FINDINGS = "findings.json"
_CHUNK_FILE = re.compile(r"(0|[1-9][0-9]*)-(0|[1-9][0-9]*)\.parquet")

# What must be the same for a run to go on, in words.
_ASKED = {
    "seed": "seed",
    "draws": "number of draws",
    "design": "design",
    "concept": "solution concept",
    "version": "version of Parley",
    "starts": "starts of the search",
    "searched": "draws searched",
}


class Key(NamedTuple):
    """A chunk: the number of the policy in the run's list, and the number of the first draw."""

    policy: int
    first: int


class Store:
    """The folder of one run.

    Made by :meth:`create`, :meth:`resume` or :meth:`begin` to be written (one process at a time), by
    :meth:`open` to be read. Any number of threads may share one. Close it, or use it in a ``with`` block.

    Attributes
    ----------
    path
        The folder.
    provenance, policies, chunk
        What was asked: how to do the run again, the policies in order, draws per chunk.
    scenario_file, scenario_text
        Name of the scenario's file in the folder, and its exact text.
    data
        The tables that the scenario counts, by name.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> text = SimpleNamespace(path="talks.yaml", text="parley: 1", data={})
    >>> asked = Provenance("talks", "talks.yaml", "5e1f", {}, 7, 256, "sobol", "logit", "0.1.0")
    >>> with TemporaryDirectory() as folder:
    ...     with Store.begin(folder, text, asked, ["free play"], 128) as store:
    ...         store.write_chunk((0, 128), {"draw": np.arange(128, 256), "payoff us": np.zeros(128)})
    ...     again = Store.open(folder)
    ...     again.done(), again.read_chunk((0, 128))["draw"][:3].tolist()
    ({Key(policy=0, first=128)}, [128, 129, 130])
    """

    def __init__(
        self,
        path: Path,
        provenance: Provenance,
        policies: tuple[str, ...],
        chunk: int,
        scenario: tuple[str, str, Mapping[str, str]],
        lock: FolderLock | None,
    ) -> None:
        self.path = path
        self.provenance = provenance
        self.policies = policies
        self.chunk = chunk
        self.scenario_file, self.scenario_text, self.data = scenario
        self._lock = lock
        self._files: ParquetFiles | None = None
        self._opening = Lock()

    # --- opening ----------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        path: str | PathLike[str],
        scenario: Scenario,
        provenance: Provenance,
        policies: Sequence[str],
        chunk: int,
    ) -> Self:
        """Begin a run in a folder that is new or empty.

        Raises
        ------
        StudyError
            When the folder holds anything, another process writes there, or it can't be written.
        """
        return cls._begin(Path(path), scenario, provenance, tuple(policies), chunk, resume=False, new=True)

    @classmethod
    def resume(
        cls,
        path: str | PathLike[str],
        scenario: Scenario,
        provenance: Provenance,
        policies: Sequence[str],
        chunk: int,
    ) -> Self:
        """Go on with a run that asked for the same; remove what was left half written.

        Raises
        ------
        StudyError
            When there is no run, it asked for something else (the message says what), it was written by
            another version, or another process writes there.
        """
        return cls._begin(Path(path), scenario, provenance, tuple(policies), chunk, resume=True, new=False)

    @classmethod
    def begin(
        cls,
        path: str | PathLike[str],
        scenario: Scenario,
        provenance: Provenance,
        policies: Sequence[str],
        chunk: int,
    ) -> Self:
        """Go on with the run in a folder; begin one where there is none. Raises as the other two do."""
        return cls._begin(Path(path), scenario, provenance, tuple(policies), chunk, resume=True, new=True)

    @classmethod
    def _begin(
        cls,
        path: Path,
        scenario: Scenario,
        provenance: Provenance,
        policies: tuple[str, ...],
        chunk: int,
        *,
        resume: bool,
        new: bool,
    ) -> Self:
        if not new and not (path / RUN).is_file():
            raise _no_run(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StudyError(f"cannot make the folder '{path}': {error.strerror}") from error
        lock = FolderLock(path / _LOCK)
        try:
            if (path / RUN).exists():
                if not resume:
                    raise StudyError(f"'{path}' already holds a run: resume it, or save into another folder")
                found = _read_run(path)
                _compare(path, found, provenance, policies, chunk)
                text = found.scenario
                _sweep_all(path)
            else:
                text = _lay_out(path, scenario, provenance, policies, chunk)
            return cls(path, provenance, policies, chunk, text, lock)
        except OSError as error:
            lock.release()
            raise StudyError(f"cannot use '{error.filename or path}': {error.strerror}") from error
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, path: str | PathLike[str]) -> Self:
        """Open a run to read it. Another process may be writing it: what is finished is seen.

        Raises
        ------
        StudyError
            When the folder holds no run, or its ``run.json`` or scenario is damaged or of another format.
        """
        folder = Path(path)
        found = _read_run(folder)
        return cls(folder, found.provenance, found.policies, found.chunk, found.scenario, None)

    def close(self) -> None:
        """Give the folder back; a second time does nothing."""
        if self._files is not None:
            self._files.close()
            self._files = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def writable(self) -> bool:
        """Whether this process may write here."""
        return self._lock is not None

    @property
    def whole(self) -> int:
        """Number of chunks of the finished run, over all policies."""
        return len(self.policies) * -(-self.provenance.draws // self.chunk)

    def _writable(self) -> None:
        if self._lock is None:
            raise StudyError(f"the run in '{self.path}' is not open for writing")

    def _parquet(self) -> ParquetFiles:
        with self._opening:
            if self._files is None:
                self._files = ParquetFiles()
            return self._files

    # --- chunks -----------------------------------------------------------------------------------------

    def write_chunk(self, key: tuple[int, int], columns: Mapping[str, NDArray[Any]]) -> None:
        """Keep a finished chunk; one of the same key is replaced.

        Parameters
        ----------
        key
            (number of the policy, first draw), see :class:`Key`.
        columns
            ``[draw]`` arrays of float64, bool, int8 to int64 or text; ``[item, draw]`` tables of float64.

        Raises
        ------
        StudyError
            When the store is read only, the key is not of this run, or the disk refuses. What was finished
            before stays.
        """
        self._writable()
        self._parquet().write(self._file(key), columns, self._belongs(key))

    def read_chunk(
        self, key: tuple[int, int], *, check: bool = True, only: Callable[[str], bool] | None = None
    ) -> dict[str, NDArray[Any]]:
        """Read a chunk, or the columns whose names ``only`` wants, bit for bit (any NaN is NaN).

        ``check=False`` reads a file whose numbers were changed after the run, so that ``verify`` can say
        which draw is wrong.

        Raises
        ------
        StudyError
            When the file is missing, damaged, or of another run; the message names it and says what to do.
        """
        return self._parquet().read(self._file(key), self._belongs(key), check=check, only=only)

    def done(self) -> set[Key]:
        """Keys of the chunks that are finished.

        Raises
        ------
        StudyError
            When there is a Parquet file among them that is not of this run.
        """
        folder = self.path / _CHUNKS
        keys: set[Key] = set()
        try:
            names = sorted(file.name for file in folder.iterdir())
        except FileNotFoundError:
            return keys
        except OSError as error:
            raise StudyError(f"cannot read '{folder}': {error.strerror}") from error
        for name in names:
            if not name.endswith(".parquet"):
                continue
            match = _CHUNK_FILE.fullmatch(name)
            key = Key(int(match[1]), int(match[2])) if match else None
            if key is None or not self._holds(key):
                raise StudyError(f"'{folder / name}' is not a chunk of this run: remove it and run again")
            keys.add(key)
        return keys

    def _holds(self, key: Key) -> bool:
        return (
            0 <= key.policy < len(self.policies)
            and 0 <= key.first < self.provenance.draws
            and key.first % self.chunk == 0
        )

    def _file(self, key: tuple[int, int]) -> Path:
        if not self._holds(Key(*key)):
            raise StudyError(
                f"policy {key[0]} from draw {key[1]} is not a chunk of a run of {len(self.policies)} "
                f"policies and {self.provenance.draws} draws in chunks of {self.chunk}"
            )
        return self.path / _CHUNKS / f"{key[0]}-{key[1]}.parquet"

    def _belongs(self, key: tuple[int, int]) -> dict[str, Any]:
        return {
            "digest": self.provenance.digest,
            "seed": self.provenance.seed,
            "design": self.provenance.design,
            "concept": self.provenance.concept,
            "version": self.provenance.version,
            "policy": self.policies[key[0]],
            "first": key[1],
        }

    # --- the search for other equilibria ----------------------------------------------------------------

    def write_search(self, policy: int, columns: Mapping[str, NDArray[Any]]) -> None:
        """Keep the equilibria found in a policy's games, whole or not at all; columns as for a chunk.

        Raises
        ------
        StudyError
            When the store is read only or the disk refuses.
        """
        self._writable()
        file = self._search_file(policy)
        try:
            file.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise StudyError(f"cannot make the folder '{file.parent}': {error.strerror}") from error
        self._parquet().write(file, columns, self._sought(policy))

    def read_search(self, policy: int, *, check: bool = True) -> dict[str, NDArray[Any]] | None:
        """Read what :meth:`write_search` kept; None where nothing was.

        Raises
        ------
        StudyError
            When the file is damaged or of another run.
        """
        file = self._search_file(policy)
        return self._parquet().read(file, self._sought(policy), check=check) if file.exists() else None

    def _search_file(self, policy: int) -> Path:
        return self.path / _SEARCH / f"{policy}.parquet"

    def _sought(self, policy: int) -> dict[str, Any]:
        record = self.provenance
        return {
            **self._belongs((policy, 0)),
            "starts": record.starts,
            "searched": record.searched,
        }

    # --- findings ---------------------------------------------------------------------------------------

    def finish(self, findings_json: str) -> None:
        """Keep the findings; the run is finished.

        Raises
        ------
        StudyError
            When the store is read only, the text is not JSON, or the disk refuses.
        """
        self._writable()
        try:
            json.loads(findings_json)
        except ValueError as error:
            raise StudyError(f"findings must be JSON: {error}") from error
        write_text(self.path / _FINDINGS, findings_json)

    def findings(self) -> str | None:
        """Return the findings as they were kept; None while the run is not finished."""
        file = self.path / _FINDINGS
        return _read_text(file) if file.exists() else None


# --- run.json ---------------------------------------------------------------------------------------------


class _Asked(NamedTuple):
    provenance: Provenance
    policies: tuple[str, ...]
    chunk: int
    scenario: tuple[str, str, Mapping[str, str]]  # file, text, tables that it counts


def _no_run(path: Path) -> StudyError:
    return StudyError(f"'{path}' holds no run of Parley: there is no '{path / RUN}'")


def _sweep_all(path: Path) -> None:
    sweep(path)
    sweep(path / _CHUNKS)
    sweep(path / _SEARCH)
    sweep(path / _DATA)


def _lay_out(
    path: Path, scenario: Scenario, provenance: Provenance, policies: tuple[str, ...], chunk: int
) -> tuple[str, str, Mapping[str, str]]:
    """Write all but the chunks. ``run.json`` comes last: without it there is no run."""
    name = "scenario.yaml" if scenario.path.lower().endswith((".yaml", ".yml")) else "scenario.md"
    _refuse_strangers(path, name, scenario)
    _sweep_all(path)
    try:
        (path / _CHUNKS).mkdir(exist_ok=True)
    except OSError as error:
        raise StudyError(f"cannot make the folder '{path / _CHUNKS}': {error.strerror}") from error
    write_text(path / name, scenario.text)
    for table, text in scenario.data.items():
        file = path / _DATA / table
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StudyError(f"cannot make the folder '{file.parent}': {error.strerror}") from error
        write_text(file, text)
    asked = {
        "format": FORMAT,
        "provenance": {
            field.name: dict(value) if isinstance(value, Mapping) else value
            for field in dataclasses.fields(provenance)
            for value in [getattr(provenance, field.name)]
        },
        "policies": list(policies),
        "chunk": chunk,
        "scenario": {"file": name, "sha256": _sha256(scenario.text)},
    }
    if scenario.data:
        asked["data"] = {table: _sha256(text) for table, text in scenario.data.items()}
    write_text(path / RUN, json.dumps(asked, indent=2, ensure_ascii=False) + "\n")
    return name, scenario.text, scenario.data


def _refuse_strangers(path: Path, name: str, scenario: Scenario) -> None:
    """Let nothing stand in the folder but what a beginning that was interrupted leaves."""
    for file in sorted(path.iterdir()):
        known = (
            file.name == _LOCK
            or file.name.endswith(PARTIAL)
            or (file.name == name and file.read_bytes() == scenario.text.encode("utf-8"))
            or (file.name == _DATA and all(_of_ours(each, file, scenario.data) for each in file.rglob("*")))
            or (file.name == _CHUNKS and all(each.name.endswith(PARTIAL) for each in file.iterdir()))
        )
        if not known:
            raise StudyError(
                f"'{path}' is not empty and holds no run (it has '{file.name}'): save into a new folder"
            )


def _of_ours(file: Path, folder: Path, data: Mapping[str, str]) -> bool:
    """Whether a file of an interrupted beginning is one of the scenario's tables, or half of one."""
    if file.is_dir() or file.name.endswith(PARTIAL):
        return True
    text = data.get(file.relative_to(folder).as_posix())
    return text is not None and file.read_bytes() == text.encode("utf-8")


def _read_text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise StudyError(f"cannot read '{file}': {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise StudyError(
            f"'{file}' is damaged ({error.reason}): restore it or run into a new folder"
        ) from error


def _read_run(path: Path) -> _Asked:
    file = path / RUN
    if not file.exists():
        raise _no_run(path)
    text = _read_text(file)
    try:
        asked = json.loads(text)
        number = asked["format"]
        if number != FORMAT:
            raise StudyError(
                f"'{file}' has format {number!r}; this version of Parley reads format {FORMAT}: "
                "use the version that wrote it, or run into a new folder"
            )
        provenance = _provenance(asked["provenance"])
        policies = tuple(str(name) for name in asked["policies"])
        chunk, name = int(asked["chunk"]), str(asked["scenario"]["file"])
        digest = str(asked["scenario"]["sha256"])
        if chunk < 1 or not policies or name not in ("scenario.md", "scenario.yaml"):
            raise ValueError("it asks for nothing")
    except (RecursionError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StudyError(
            f"'{file}' is damaged ({type(error).__name__}: {error}): restore it, or run into a new folder"
        ) from error
    source = path / name
    scenario = _read_text(source)
    if _sha256(scenario) != digest:
        raise StudyError(
            f"'{source}' is not the text that was run: restore it, or run the new text into a new folder"
        )
    return _Asked(provenance, policies, chunk, (name, scenario, _tables(path, file, asked.get("data", {}))))


def _tables(path: Path, file: Path, digests: object) -> Mapping[str, str]:
    """Read the tables of a run; each must be what was counted."""
    if not isinstance(digests, dict) or not all(isinstance(each, str) for each in digests.values()):
        raise StudyError(f"'{file}' is damaged (data): restore it, or run into a new folder")
    found: dict[str, str] = {}
    for name, digest in digests.items():
        if misnamed(name) is not None:
            raise StudyError(f"'{file}' is damaged (it names the table '{name}'): restore it")
        found[name] = _read_text(path / _DATA / name)
        if _sha256(found[name]) != digest:
            raise StudyError(
                f"'{path / _DATA / name}' is not the table that was counted: "
                "restore it, or run into a new folder"
            )
    return MappingProxyType(found)


def _provenance(data: Mapping[str, Any]) -> Provenance:
    """Build a Provenance from JSON, with each value of its kind."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(Provenance):
        if field.name not in data and field.default is not dataclasses.MISSING:
            continue
        value = data[field.name]
        expected = {"str": str, "int": int}.get(str(field.type), dict)
        if not isinstance(value, expected) or isinstance(value, bool):
            raise TypeError(f"{field.name} is {value!r}")
        values[field.name] = MappingProxyType(value) if isinstance(value, dict) else value
    return Provenance(**values)


def _compare(
    path: Path, found: _Asked, provenance: Provenance, policies: tuple[str, ...], chunk: int
) -> None:
    """Refuse to go on with a run that asked for something else."""
    there, here = found.provenance, provenance
    differences: list[str] = []
    if there.digest != here.digest:
        # The digest is of the text and what is set; settings that differ say more than two digests.
        settings = [", ".join(f"{k}={v}" for k, v in each.overrides.items()) for each in (there, here)]
        if settings[0] != settings[1]:
            differences.append(f"set: there {settings[0] or 'nothing'}, here {settings[1] or 'nothing'}")
        else:
            tables = ", or a table that it counts" if found.scenario[2] else ""
            differences.append(f"the scenario's text{tables}")
    differences += [
        f"{words}: there {getattr(there, name)}, here {getattr(here, name)}"
        for name, words in _ASKED.items()
        if getattr(there, name) != getattr(here, name)
    ]
    if found.policies != policies:
        differences.append(f"policies: there {', '.join(found.policies)}; here {', '.join(policies)}")
    if found.chunk != chunk:
        differences.append(f"draws per chunk: there {found.chunk}, here {chunk}")
    if differences:
        raise StudyError(
            f"'{path}' holds another run; choose another folder. What differs: {'; '.join(differences)}"
        )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
