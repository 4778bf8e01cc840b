"""One chunk of a run as one Parquet file, and back, bit for bit.

What lives here: columns to Parquet and back through DuckDB. What may not: which chunks there are.

A one-dimensional array [draw] is a column of that name; a table [item, draw] is a column of lists, one list
per draw. A number that has no value (NaN) is a NULL, so that anybody's averages leave it out. The file's
metadata carry the columns' own names and types and a SHA-256 digest of all values. Column names that differ
in capitals only (``B`` and ``b``) are told apart by a number in brackets, since SQL takes them for one name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.errors import StudyError
from parley.study.durable import cannot_write, replacing

__all__ = ["ParquetFiles"]

_KEY = "parley"  # of the metadata entry
_NUMBERS = ("int8", "int16", "int32", "int64", "float64", "bool")


class ParquetFiles:
    """Writes and reads chunks. One object serves any number of threads.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> files = ParquetFiles()
    >>> with TemporaryDirectory() as folder:
    ...     target = Path(folder, "0-0.parquet")
    ...     files.write(target, {"draw": np.arange(2), "strategy": np.array([[0.25, 1], [0.75, 0]])}, {})
    ...     files.read(target, {})["strategy"].tolist()
    [[0.25, 1.0], [0.75, 0.0]]
    """

    def __init__(self) -> None:
        # Loading DuckDB takes a tenth of a second: only a run that is stored pays for it.
        import duckdb

        self._failure = duckdb.Error
        # Files alone are read and written here: no extension is fetched, no variable of the program is seen.
        self._connection = duckdb.connect(
            ":memory:",
            config={"threads": 1, "autoinstall_known_extensions": False, "python_enable_replacements": False},
        )
        self._lock = Lock()

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _cursor(self) -> Any:
        with self._lock:
            return self._connection.cursor()

    def write(self, target: Path, columns: Mapping[str, NDArray[Any]], belongs: Mapping[str, Any]) -> None:
        """Write a chunk, whole or not at all.

        Parameters
        ----------
        target
            The file; one that is there is replaced.
        columns
            ``[draw]`` of float64, bool, int8 to int64 or text; ``[item, draw]`` of float64.
        belongs
            What the chunk belongs to: values that JSON can hold, compared when it is read.

        Raises
        ------
        StudyError
            When a column is of another kind or length, or the file can't be written.
        """
        draws = _draws(columns)
        table: dict[str, NDArray[Any]] = {}
        described: list[dict[str, Any]] = []
        selected: list[str] = []
        for name, values in columns.items():
            stored = _free_name(name, table)
            kind = _kind(name, values)
            table[stored] = _stored(values, kind)
            described.append({"name": name, "kind": kind, "items": len(values) if values.ndim == 2 else None})
            type_ = "::DOUBLE[]" if values.ndim == 2 else ""
            selected.append(f"{_identifier(stored)}{type_} AS {_identifier(stored)}")
        note = json.dumps(
            {"belongs": dict(belongs), "draws": draws, "columns": described, "sha256": _digest(columns)}
        )
        with replacing(target) as partial:
            cursor = self._cursor()
            try:
                cursor.register("chunk", table)
                cursor.execute(
                    f"COPY (SELECT {', '.join(selected)} FROM chunk) TO {_literal(str(partial.absolute()))} "
                    f"(FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, "
                    f"KV_METADATA {{{_KEY}: {_literal(note)}}})"
                )
            except self._failure as error:
                raise cannot_write(target, error) from error
            finally:
                cursor.close()

    def read(
        self, source: Path, belongs: Mapping[str, Any], *, check: bool = True
    ) -> dict[str, NDArray[Any]]:
        """Read a chunk.

        Parameters
        ----------
        source
            The file.
        belongs
            What the chunk must belong to.
        check
            Compare the digest of the values. Without, a file that another program has changed or written
            anew is read as it is, so that its numbers can be judged one by one.

        Returns
        -------
        dict[str, NDArray]
            The columns as they were given to :meth:`write`; NULL is NaN.

        Raises
        ------
        StudyError
            When the file is missing, damaged, changed, or belongs to another run. The message names it.
        """
        if not source.is_file():
            raise StudyError(f"'{source}' is missing: run again to have it made")
        cursor = self._cursor()
        try:
            pattern = _literal(_exactly(source.absolute()))
            notes = cursor.execute(f"SELECT key, value FROM parquet_kv_metadata({pattern})").fetchall()
            note = _note(source, notes, belongs, check=check)
            cursor.execute(f"SELECT * FROM read_parquet({pattern}, hive_partitioning=false)")
            names = [entry[0] for entry in cursor.description]
            fetched = list(cursor.fetchnumpy().values())
        except (self._failure, UnicodeDecodeError) as error:
            raise _damaged(source, str(error).partition("\n")[0]) from error
        finally:
            cursor.close()
        try:
            columns = _restored(names, fetched, note)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(source, str(error)) from error
        if check and _digest(columns) != note["sha256"]:
            raise _damaged(source, "its values are not the ones that were written")
        return columns


def _damaged(source: Path, reason: str) -> StudyError:
    return StudyError(
        f"'{source}' is damaged ({reason}): delete this file and run again, and it is made anew; "
        "`parley verify` says whether the numbers in the others are right"
    )


def _draws(columns: Mapping[str, NDArray[Any]]) -> int:
    lengths = {name: values.shape[-1] for name, values in columns.items() if values.ndim in (1, 2)}
    if not columns or len(lengths) < len(columns) or len(set(lengths.values())) != 1:
        raise StudyError(f"the columns of a chunk need one and the same number of draws: {lengths}")
    return int(next(iter(lengths.values())))


def _kind(name: str, values: NDArray[Any]) -> str:
    kind = "text" if values.dtype.kind == "U" else values.dtype.name
    if values.ndim == 2 and kind != "float64":
        raise StudyError(f"column '{name}' is a table of {kind}: only float64 has tables")
    if kind != "text" and kind not in _NUMBERS:
        raise StudyError(f"column '{name}' is of {kind}, which a chunk can't hold")
    return kind


def _stored(values: NDArray[Any], kind: str) -> NDArray[Any]:
    """Give the array the form that DuckDB reads: text as objects, a table as one object per draw."""
    if kind == "text":
        return values.astype(object)
    if values.ndim == 1:
        return np.ascontiguousarray(values)
    lists = np.empty(values.shape[1], dtype=object)
    for draw, row in enumerate(np.ascontiguousarray(values.T)):
        lists[draw] = row
    return lists


def _restored(
    names: list[str], fetched: list[NDArray[Any]], note: Mapping[str, Any]
) -> dict[str, NDArray[Any]]:
    """Undo :func:`_stored`, by place; a file without a note speaks for itself."""
    described = note.get("columns")
    if described is None:
        described = [
            {
                "name": name,
                "kind": _guess(values),
                "items": len(values[0]) if values.dtype == object and _is_list(values) else None,
            }
            for name, values in zip(names, fetched, strict=True)
        ]
    if len(described) != len(fetched):
        raise ValueError(f"it has {len(fetched)} columns instead of {len(described)}")
    return {
        entry["name"]: _column(values, entry["kind"], entry["items"])
        for entry, values in zip(described, fetched, strict=True)
    }


def _is_list(values: NDArray[Any]) -> bool:
    return len(values) > 0 and isinstance(values[0], np.ndarray)


def _guess(values: NDArray[Any]) -> str:
    if values.dtype != object:
        return values.dtype.name
    return "float64" if _is_list(values) else "text"


def _column(values: NDArray[Any], kind: str, items: int | None) -> NDArray[Any]:
    if items is not None:
        table = np.empty((len(values), items))
        for draw, row in enumerate(values):
            table[draw] = np.ma.filled(row.astype(np.float64), np.nan)
        return np.ascontiguousarray(table.T)
    if np.ma.is_masked(values) and kind != "float64":
        raise ValueError(f"a column of {kind} has gaps")
    if kind == "text":
        return np.asarray(np.ma.getdata(values), dtype=np.str_)
    filled = np.ma.filled(values, np.nan) if np.ma.is_masked(values) else np.ma.getdata(values)
    return np.ascontiguousarray(filled, dtype=np.dtype(kind))


def _note(
    source: Path, notes: list[tuple[bytes, bytes]], belongs: Mapping[str, Any], *, check: bool
) -> Mapping[str, Any]:
    """Read the metadata that :meth:`ParquetFiles.write` left in the file."""
    text = next((value for key, value in notes if bytes(key).decode() == _KEY), None)
    if text is None:
        if check:
            raise _damaged(source, "another program wrote it, without Parley's checksum")
        return {}
    try:
        note = json.loads(bytes(text).decode("utf-8"))
        owner = note["belongs"]
        complete = {"columns", "draws", "sha256"} <= note.keys()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(source, f"its metadata can't be read: {error}") from error
    if not complete:
        raise _damaged(source, "its metadata are incomplete")
    for key, value in belongs.items():
        if owner.get(key) != value:
            raise StudyError(
                f"'{source}' belongs to another run (its {key} is {owner.get(key)!r}, not {value!r}): "
                "remove this file and run again"
            )
    return dict(note)


def _digest(columns: Mapping[str, NDArray[Any]]) -> str:
    """SHA-256 of names, shapes and values; every NaN counts as the same."""
    sha = hashlib.sha256()
    for name, values in columns.items():
        sha.update(json.dumps([name, list(values.shape), _kind(name, values)]).encode())
        if values.dtype.kind == "U":
            sha.update(json.dumps(values.tolist()).encode())
            continue
        plain = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
        if plain.dtype.kind == "f":
            plain = np.where(np.isnan(plain), np.nan, plain).astype("<f8")
        sha.update(plain.tobytes())
    return sha.hexdigest()


def _free_name(name: str, taken: Mapping[str, Any]) -> str:
    """Find a column name that SQL, which ignores capitals, does not take for another."""
    lowered = {other.lower() for other in taken}
    free, number = name, 1
    while free.lower() in lowered:
        number += 1
        free = f"{name} ({number})"
    return free


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _exactly(path: Path) -> str:
    """Escape what DuckDB would take for a pattern in a file's name."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
