"""One chunk of a run as one Parquet file, and back, bit for bit.

What lives here: columns to Parquet and back through DuckDB. What may not: which chunks there are.

A one-dimensional array [draw] is a column of that name; a table [item, draw] is a column of lists, one list
per draw. A number that has no value (NaN) is a NULL, so that anybody's averages leave it out. The file's
metadata carry the columns' own names and types and a SHA-256 digest of each one's values. Column names that
differ in capitals only (``B`` and ``b``) are told apart by a number in brackets, since SQL takes them for one
name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.errors import StudyError
from parley.study.durable import cannot_write, replacing

__all__ = ["ParquetFiles", "identifier", "literal", "pattern_of", "stored_names"]

_KEY = "parley"  # of the metadata entry
_KINDS = {
    "TINYINT": "int8",
    "SMALLINT": "int16",
    "INTEGER": "int32",
    "BIGINT": "int64",
    "DOUBLE": "float64",
    "DOUBLE[]": "float64",
    "BOOLEAN": "bool",
}
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
        for stored, (name, values) in zip(stored_names(columns), columns.items(), strict=True):
            kind = _kind(name, values)
            described.append(
                {
                    "name": name,
                    "kind": kind,
                    "items": len(values) if values.ndim == 2 else None,
                    "sha256": _digest(name, values),
                }
            )
            # A list per draw, made of one array per item: an object per draw would take ten times as long.
            rows = list(values) if values.ndim == 2 else [values]
            given = [f"c{len(table) + number}" for number in range(len(rows))]
            table |= {key: _stored(row, kind) for key, row in zip(given, rows, strict=True)}
            whole = f"[{', '.join(given)}]::DOUBLE[]" if values.ndim == 2 else given[0]
            selected.append(f"{whole} AS {identifier(stored)}")
        if not table:  # tables without items alone: DuckDB still wants the number of rows
            table["c0"] = np.zeros(draws)
        note = json.dumps({"belongs": dict(belongs), "draws": draws, "columns": described})
        with replacing(target) as partial:
            cursor = self._cursor()
            try:
                cursor.register("chunk", table)
                cursor.execute(
                    f"COPY (SELECT {', '.join(selected)} FROM chunk) TO {literal(str(partial.absolute()))} "
                    f"(FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, "
                    f"KV_METADATA {{{_KEY}: {literal(note)}}})"
                )
            except self._failure as error:
                raise cannot_write(target, error) from error
            finally:
                cursor.close()

    def read(
        self,
        source: Path,
        belongs: Mapping[str, Any],
        *,
        check: bool = True,
        only: Callable[[str], bool] | None = None,
    ) -> dict[str, NDArray[Any]]:
        """Read a chunk, or some of its columns.

        Parameters
        ----------
        source
            The file.
        belongs
            What the chunk must belong to.
        check
            Compare the digests of what is read. Without, a file that another program has changed or written
            anew is read as it is, so that its numbers can be judged one by one.
        only
            Says of a column's name whether it is wanted; all are by default.

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
            pattern = pattern_of(source)
            notes = cursor.execute(f"SELECT key, value FROM parquet_kv_metadata({pattern})").fetchall()
            note = _note(source, notes, belongs, check=check)
            described = note.get("columns") or _guessed(cursor, pattern)
            names = stored_names([entry["name"] for entry in described])
            wanted = [
                (name, entry)
                for name, entry in zip(names, described, strict=True)
                if only is None or only(entry["name"])
            ]
            items = [each for name, entry in wanted for each in _items(name, entry["items"])]
            fetched: list[NDArray[Any]] = []
            if items:
                cursor.execute(
                    f"SELECT {', '.join(items)} FROM read_parquet({pattern}, hive_partitioning=false)"
                )
                fetched = list(cursor.fetchnumpy().values())
        except (self._failure, UnicodeDecodeError) as error:
            raise _damaged(source, str(error).partition("\n")[0]) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(source, f"its metadata can't be read: {error}") from error
        finally:
            cursor.close()
        try:
            columns = _restored([entry for _, entry in wanted], fetched, note.get("draws"))
            if check:
                for _, entry in wanted:
                    if _digest(entry["name"], columns[entry["name"]]) != entry["sha256"]:
                        raise ValueError("its values are not the ones that were written")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(source, str(error)) from error
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
    """Give the array the form that DuckDB reads."""
    return values.astype(object) if kind == "text" else np.ascontiguousarray(values)


def _items(name: str, items: int | None) -> list[str]:
    """Return what to select: a table is read item by item."""
    column = identifier(name)
    return (
        [column] if items is None else [f"{column}[{number}] AS i{number}" for number in range(1, items + 1)]
    )


def _guessed(cursor: Any, pattern: str) -> list[dict[str, Any]]:
    """Describe the columns of a file without a note, as far as the file speaks for itself."""
    described: list[dict[str, Any]] = []
    cursor.execute(f"DESCRIBE SELECT * FROM read_parquet({pattern}, hive_partitioning=false)")
    for name, type_, *_ in cursor.fetchall():
        items = None
        if type_ == "DOUBLE[]":
            longest = (
                f"SELECT max(len({identifier(name)})) FROM read_parquet({pattern}, hive_partitioning=false)"
            )
            items = int(cursor.execute(longest).fetchone()[0] or 0)
        described.append({"name": name, "kind": _KINDS.get(type_, "text"), "items": items})
    return described


def _restored(
    described: Sequence[Mapping[str, Any]], fetched: Sequence[NDArray[Any]], draws: int | None
) -> dict[str, NDArray[Any]]:
    """Put the arrays that were read together as they were written."""
    columns: dict[str, NDArray[Any]] = {}
    remaining = iter(fetched)
    for entry in described:
        if entry["items"] is None:
            columns[entry["name"]] = _column(next(remaining), entry["kind"])
            continue
        rows = [_column(next(remaining), entry["kind"]) for _ in range(entry["items"])]
        columns[entry["name"]] = np.array(rows) if rows else np.empty((0, draws or 0))
    if draws is not None and any(values.shape[-1] != draws for values in columns.values()):
        raise ValueError(f"it does not hold its {draws} draws")
    return columns


def _column(values: NDArray[Any], kind: str) -> NDArray[Any]:
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
        complete = {"columns", "draws"} <= note.keys()
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


def _digest(name: str, values: NDArray[Any]) -> str:
    """SHA-256 of a column's name, shape and values; every NaN counts as the same."""
    sha = hashlib.sha256(json.dumps([name, list(values.shape), _kind(name, values)]).encode())
    if values.dtype.kind == "U":
        sha.update(json.dumps(values.tolist()).encode())
        return sha.hexdigest()
    plain = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
    if plain.dtype.kind == "f" and np.isnan(plain).any():
        plain = np.where(np.isnan(plain), np.nan, plain).astype("<f8")
    sha.update(plain.data if plain.size else b"")
    return sha.hexdigest()


def stored_names(names: Iterable[str]) -> list[str]:
    """Find column names that SQL, which ignores capitals, does not take for one another.

    >>> stored_names(["B", "b"])
    ['B', 'b (2)']
    """
    found: dict[str, str] = {}
    for name in names:
        free, number = name, 1
        while free.lower() in found:
            number += 1
            free = f"{name} ({number})"
        found[free.lower()] = free
    return list(found.values())


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for SQL."""
    return "'" + text.replace("'", "''") + "'"


def pattern_of(path: Path) -> str:
    """Quote a file's name for SQL, with an escape for what DuckDB would take for a pattern."""
    return literal("".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path.absolute())))
