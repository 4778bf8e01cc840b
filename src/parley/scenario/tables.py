"""Tables of data beside a scenario: CSV files, read with suspicion.

What lives here: from a name to the text of a file that may be read, from the text to rows. What may not: what
the rows are counted for. Nothing is opened but a plain file inside the scenario's folder.
"""

from __future__ import annotations

import csv
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

__all__ = ["COLUMN_LIMIT", "FILE_LIMIT", "ROW_LIMIT", "DataFiles", "Table", "TableFault", "misnamed", "parse"]

FILE_LIMIT = 1_000_000  # bytes
ROW_LIMIT = 20_000
COLUMN_LIMIT = 200
TABLE_LIMIT = 40
COUNT_LIMIT = 1_000_000  # rows over all estimates: some seconds at most
_NAME_LIMIT = 200  # characters
_DRIVE = re.compile(r"[A-Za-z]:")
_NOT_OURS = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")


class TableFault(Exception):  # noqa: N818
    """A file that cannot be used: the code of the diagnostic, what is wrong, what to do."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def misnamed(name: str) -> str | None:
    """Say why a name cannot be that of a file in the scenario's folder; None when it can.

    Examples
    --------
    >>> misnamed("tables/deals.csv") is None
    True
    >>> misnamed("../../etc/passwd")
    'it leads out of the folder'
    """
    if name.startswith(("/", "~")) or _DRIVE.match(name) or name.startswith("\\"):
        return "it does not start from the folder"
    if ".." in re.split(r"[/\\]", name):
        return "it leads out of the folder"
    if (
        len(name) > _NAME_LIMIT
        or _NOT_OURS.search(name)
        or any(not part.strip(". ") for part in name.split("/"))
    ):
        return "it is no name of a file on every system"
    return None


class DataFiles:
    """The data that a scenario may use: texts that are known already, then files of its folder.

    ``used`` maps each name that was asked for to its text.

    Parameters
    ----------
    texts
        Name to text, as a stored run or a scenario that is read again has them.
    folder
        Where the scenario stands; None when no file may be opened.
    """

    def __init__(self, texts: Mapping[str, str] | None = None, folder: Path | None = None) -> None:
        self.texts = dict(texts or {})
        self.folder = folder
        self.used: dict[str, str] = {}
        self.evidence: dict[str, str] = {}  # names of evidence and the file that each gives
        self.counted = 0  # rows, over all that was estimated
        self._tables: dict[str, Table] = {}

    def table(self, name: str) -> Table:
        """Return the table in a file.

        Raises
        ------
        TableFault
            The name is not allowed, there is no such file, or it holds no table.
        """
        if name not in self._tables:
            if len(self._tables) == TABLE_LIMIT:
                raise TableFault(
                    "P426", f"a scenario may count {TABLE_LIMIT} files, and `{name}` is one more"
                )
            self._tables[name] = parse(name, self._text(name))
        table = self._tables[name]
        self.used[name] = table.text
        self.counted += len(table.rows)
        if self.counted > COUNT_LIMIT:
            message = f"more than {COUNT_LIMIT:,} rows are counted over all parameters"
            raise TableFault("P426", message, "keep smaller files, or state the counts")
        return table

    def _text(self, name: str) -> str:
        problem = misnamed(name)
        if problem is not None:
            hint = "put the file beside the scenario and give its name alone"
            raise TableFault("P425", f"the file `{name[:_NAME_LIMIT]}` cannot be read: {problem}", hint)
        if name in self.texts:
            return self.texts[name].removeprefix("\ufeff")
        if self.folder is None:
            hint = "read the scenario from a file, or state the counts"
            raise TableFault("P424", f"there is no folder in which to look for `{name}`", hint)
        return _decoded(name, self._bytes(name, self.folder))

    def _bytes(self, name: str, folder: Path) -> bytes:
        """Read a plain file inside the folder, no further than the limit."""
        try:
            place = (folder / name).resolve(strict=True)
            inside = place.is_relative_to(folder.resolve(strict=True))
        except (OSError, RuntimeError, ValueError):
            raise TableFault(
                "P424", f"there is no file `{name}` beside the scenario", _near(name, folder)
            ) from None
        if not inside:
            hint = "copy the file itself into the folder"
            raise TableFault("P425", f"`{name}` is a link that leads out of the folder", hint)
        try:
            handle = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise TableFault("P424", f"`{name}` is not a plain file", "give the name of a CSV file")
                data = file.read(FILE_LIMIT + 1)
        except OSError as error:
            reason = "it is a folder" if place.is_dir() else error.strerror
            raise TableFault("P424", f"`{name}` cannot be opened: {reason}", None) from None
        if len(data) > FILE_LIMIT:
            hint = "keep the rows and columns that are counted"
            raise TableFault("P426", f"`{name}` has more than {FILE_LIMIT:,} bytes", hint)
        return data


def _near(name: str, folder: Path) -> str | None:
    try:
        beside = [entry.name for entry in folder.iterdir() if entry.suffix.lower() == ".csv"]
    except OSError:
        return None
    close = get_close_matches(name, beside, n=1)
    if close:
        return f"did you mean `{close[0]}`?"
    return "files are looked for in the folder of the scenario"


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        message = f"line {line} of `{name}` is not UTF-8 text"
        raise TableFault("P427", message, "save the file as CSV UTF-8") from None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its file, its columns, its rows of text, and the line on which each row starts."""

    name: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


def parse(name: str, text: str) -> Table:
    r"""Read comma-separated values with a header (RFC 4180); blanks around a value are not part of it.

    Raises
    ------
    TableFault
        There is no header, a row has more or fewer values than it, a quote stays open, the values are not
        separated by commas, there are control characters, or it is too large.

    Examples
    --------
    >>> table = parse("deals.csv", 'deal,days\nShakai,48\n"Swat, first",69\n')
    >>> table.columns, table.rows[1], table.lines
    (('deal', 'days'), ('Swat, first', '69'), (2, 3))
    """
    if len(text) > FILE_LIMIT:
        raise TableFault("P426", f"`{name}` has more than {FILE_LIMIT:,} characters", None)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise TableFault(
            "P427", f"line {line} of `{name}` has a NUL character", "save the table as CSV UTF-8"
        )
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    columns: tuple[str, ...] | None = None
    try:
        while True:
            line = reader.line_num + 1
            row = next(reader, None)
            if row is None:
                break
            values = tuple(value.strip() for value in row)
            if not any(values) and len(values) <= 1:
                continue  # an empty line
            if columns is None:
                columns = _header(name, values)
            elif len(values) != len(columns):
                counted = (
                    f"line {line} of `{name}` has {len(values)} values, the header {len(columns)} columns"
                )
                raise TableFault("P427", counted, "put a value that contains a comma in double quotes")
            elif len(rows) == ROW_LIMIT:
                raise TableFault(
                    "P426", f"`{name}` has more than {ROW_LIMIT:,} rows", "keep the rows that are counted"
                )
            else:
                rows.append(values)
                lines.append(line)
    except csv.Error as fault:
        message = f"line {line} of `{name}` cannot be read: {fault}"
        raise TableFault(
            "P427", message, "a quote opens and closes a whole value; inside one it is doubled"
        ) from None
    if columns is None:
        raise TableFault("P427", f"`{name}` is empty", "its first line names the columns")
    return Table(name, text, columns, tuple(rows), tuple(lines))


def _header(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    if len(values) > COLUMN_LIMIT:
        message = f"`{name}` has {len(values):,} columns; the limit is {COLUMN_LIMIT}"
        raise TableFault("P426", message, "keep the columns that are counted")
    if len(values) == 1 and (";" in values[0] or "\t" in values[0]):
        what = "semicolons" if ";" in values[0] else "tabs"
        message = f"the columns of `{name}` are separated by {what}"
        raise TableFault("P427", message, "save the table with commas (CSV UTF-8) and decimal points")
    if not all(values):
        place = values.index("") + 1
        raise TableFault(
            "P427", f"column {place} of `{name}` has no name", "name every column in the first line"
        )
    return values
