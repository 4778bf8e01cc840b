"""Observed plays: a table of data read as what a scenario can say about them.

What lives here: columns matched with names of the scenario, cells with its labels, rows with the event that
was observed and the numbers that held in it. What may not: chances, estimates.

A *play* is one time that the story was played. A *pattern* is what was observed of a play: some variables and
the labels that they came to, perhaps the outcome. A *setting* is what held in it and is no choice of anybody:
values of parameters and options of switches. A *row* joins a pattern and a setting, with a count of plays.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path

from parley.errors import StudyError
from parley.scenario.model import Move, Nature, Race, Scenario, Signal, Step
from parley.scenario.names import canonical, label_key, suggest
from parley.scenario.syntax import Kind
from parley.scenario.tables import FILE_LIMIT, Table, TableFault, parse
from parley.scenario.uses import steps

__all__ = ["OUTCOME", "Pattern", "Plays", "Row", "Setting", "Source", "observable", "read_plays"]

OUTCOME = "outcome"  # the column that says how a play ended
COUNT = "count"  # the column that says how many plays a row stands for

Pattern = tuple[tuple[str, str], ...]
"""(variable, label) pairs that were observed; the name :data:`OUTCOME` stands for the ending."""
Source = str | PathLike[str] | Mapping[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What held in a play: values of parameters and options of switches that the data give."""

    numbers: tuple[tuple[str, float], ...]
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Plays in which the same was observed under the same setting.

    ``pattern`` and ``setting`` are numbers in the lists of :class:`Plays`; ``count`` need not be whole, as
    where published shares are turned into plays; ``line`` is the first line of the file that says so.
    """

    pattern: int
    setting: int
    count: float
    line: int


@dataclass(frozen=True, slots=True)
class Plays:
    """A table of observed plays; equal rows are joined.

    ``name`` is that of the file, ``columns`` the variables observed in some row (:data:`OUTCOME` for the
    ending), ``given`` the parameters and switches that the data give, ``ignored`` the columns left aside,
    ``written`` the number of rows in the file.
    """

    name: str
    patterns: tuple[Pattern, ...]
    settings: tuple[Setting, ...]
    rows: tuple[Row, ...]
    columns: tuple[str, ...]
    given: tuple[str, ...]
    ignored: tuple[str, ...]
    written: int

    @property
    def count(self) -> float:
        """Number of plays."""
        return math.fsum(row.count for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column of the table means: ``role`` is observed, parameter, switch, count or ignored."""

    role: str
    name: str
    labels: tuple[str, ...] = ()


def observable(scenario: Scenario) -> dict[str, tuple[Kind, tuple[str, ...]]]:
    """Return what can be observed of a play: variables and states, with the labels that they come to.

    A step inside a ``repeat`` is observed as it was the last time.

    Examples
    --------
    >>> import parley
    >>> observable(parley.load("which-event-first"))["posture"][1]
    ('as usual', 'short list', 'pause')
    """
    found = {
        step.name: (Kind.VARIABLE, _labels(step))
        for step, _ in steps(scenario.story)
        if isinstance(step, Move | Nature | Signal | Race)
    }
    return found | {name: (Kind.STATE, state.values) for name, state in scenario.states.items()}


def _labels(step: Step) -> tuple[str, ...]:
    if isinstance(step, Race):
        last = () if step.otherwise is None else (step.otherwise,)
        return tuple(clock.label for clock in step.clocks) + last
    assert isinstance(step, Move | Nature | Signal)
    return tuple(option.label for option in step.options)


def read_plays(scenario: Scenario, source: Source, ignore: Iterable[str] = ()) -> Plays:
    """Read a table of observed plays.

    Parameters
    ----------
    scenario
        Whose story was played.
    source
        The path of a CSV file with a header, or columns by name. A column named after a variable or state
        holds labels, ``outcome`` the ending; a blank cell was not observed. A column named after a parameter
        or switch gives it that value in the row. ``count`` is the number of plays of a row, 1 without it.
    ignore
        Columns to leave aside.

    Raises
    ------
    StudyError
        A column or label means nothing in the scenario, a number is missing or no number, a row says
        nothing, or there is no play at all; it names the column, the line and what was probably meant.
    OSError
        The file cannot be opened.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> plays = read_plays(scenario, {"outcome": ["settled", "clean failure", "settled"], "B": [1, 2, 1]})
    >>> plays.patterns, [row.count for row in plays.rows]
    (((('outcome', 'settled'),), (('outcome', 'clean failure'),)), [2.0, 1.0])
    """
    table = _table(source)
    columns = _columns(scenario, table, {canonical(name) for name in ignore})
    if not any(column.role == "observed" for column in columns):
        raise StudyError(
            f"no column of '{table.name}' is named after anything that can be observed of a play; there is: "
            f"{', '.join([*observable(scenario), OUTCOME])}"
        )
    patterns: dict[Pattern, int] = {}
    settings: dict[Setting, int] = {}
    rows: dict[tuple[int, int], Row] = {}
    for cells, line in zip(table.rows, table.lines, strict=True):
        pattern, setting, count = _row(columns, cells, _Place(table, line))
        key = patterns.setdefault(pattern, len(patterns)), settings.setdefault(setting, len(settings))
        before = rows.get(key)
        rows[key] = Row(*key, count, line) if before is None else _added(before, count)
    found = Plays(
        table.name,
        tuple(patterns),
        tuple(settings),
        tuple(rows.values()),
        tuple(column.name for column in columns if column.role == "observed"),
        tuple(column.name for column in columns if column.role in ("parameter", "switch")),
        tuple(column.name for column in columns if column.role == "ignored"),
        len(table.rows),
    )
    if not found.count > 0:
        raise StudyError(f"'{table.name}' holds no plays: nothing can be estimated from it")
    return found


def _added(row: Row, count: float) -> Row:
    return Row(row.pattern, row.setting, row.count + count, row.line)


def _table(source: Source) -> Table:
    if isinstance(source, Mapping):
        return _of_columns(source)
    path = Path(fspath(source))
    with path.open("rb") as file:
        data = file.read(FILE_LIMIT + 1)
    try:
        if len(data) > FILE_LIMIT:
            raise StudyError(f"'{path.name}' has more than {FILE_LIMIT:,} bytes: join equal rows by `count`")
        return parse(path.name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise StudyError(f"line {line} of '{path.name}' is not UTF-8 text: save it as CSV UTF-8") from None
    except TableFault as fault:
        raise StudyError(fault.message + (f": {fault.hint}" if fault.hint else "")) from None


def _of_columns(source: Mapping[str, Sequence[object]]) -> Table:
    lengths = {len(values) for values in source.values()}
    if len(lengths) != 1:
        raise StudyError(f"columns of {sorted(lengths) or 'no'} rows make no table")
    columns = [["" if cell is None else str(cell).strip() for cell in cells] for cells in source.values()]
    rows = tuple(zip(*columns, strict=True))
    return Table("the table", "", tuple(source), rows, tuple(range(1, len(rows) + 1)))


def _columns(scenario: Scenario, table: Table, ignore: set[str]) -> list[_Column]:
    known = {canonical(name): column for name, column in _meanings(scenario)}
    unknown = ignore - {canonical(name) for name in table.columns}
    if unknown:
        raise StudyError(f"'{table.name}' has no column '{min(unknown)}' to ignore")
    found: list[_Column] = []
    for name in table.columns:
        key = canonical(name)
        if key in ignore:
            found.append(_Column("ignored", name))
            continue
        if key not in known:
            near = suggest(name, [column.name for column in known.values()])
            meant = f"did you mean '{near}'?" if near else f"there is: {', '.join(_names(known.values()))}"
            raise StudyError(
                f"the column '{name}' of '{table.name}' is named after nothing in the scenario; {meant} "
                f"To leave it aside: --ignore '{name}'"
            )
        column = known[key]
        if any(column == other for other in found):
            raise StudyError(f"'{table.name}' has two columns '{column.name}'")
        found.append(column)
    return found


def _names(columns: Iterable[_Column]) -> list[str]:
    return [column.name for column in columns]


def _meanings(scenario: Scenario) -> Iterator[tuple[str, _Column]]:
    """Yield what columns may be named after; a name of the scenario goes before ``count`` and ``outcome``."""
    yield COUNT, _Column("count", COUNT)
    yield OUTCOME, _Column("observed", OUTCOME, scenario.outcomes)
    for name in scenario.parameters:
        yield name, _Column("parameter", name)
    for name, switch in scenario.switches.items():
        yield name, _Column("switch", name, switch.options)
    for name, (_, labels) in observable(scenario).items():
        yield name, _Column("observed", name, labels)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row stands, for messages."""

    table: Table
    line: int

    def fault(self, text: str) -> StudyError:
        """Return an error that says where it is."""
        return StudyError(f"line {self.line} of '{self.table.name}': {text}")


def _row(columns: Sequence[_Column], cells: Sequence[str], place: _Place) -> tuple[Pattern, Setting, float]:
    observed: list[tuple[str, str]] = []
    numbers: list[tuple[str, float]] = []
    options: list[tuple[str, str]] = []
    count = 1.0
    for column, cell in zip(columns, cells, strict=True):
        if column.role == "observed" and cell:
            observed.append((column.name, _label(column, cell, place)))
        elif column.role == "parameter":
            numbers.append((column.name, _number(column, cell, place)))
        elif column.role == "switch":
            options.append((column.name, _label(column, cell, place)))
        elif column.role == "count":
            count = _number(column, cell, place)
            if count < 0:
                raise place.fault(f"the count {cell} is negative")
    if not observed:
        raise place.fault("nothing was observed: fill in a cell, or leave the row out")
    return tuple(observed), Setting(tuple(numbers), tuple(options)), count


def _label(column: _Column, cell: str, place: _Place) -> str:
    wanted = label_key(cell)
    for label in column.labels:
        if label_key(label) == wanted:
            return label
    if not cell:
        raise place.fault(f"'{column.name}' has no value: give one, or leave the row out")
    near = suggest(cell, column.labels)
    meant = f"did you mean '{near}'?" if near else f"there is: {', '.join(column.labels)}"
    raise place.fault(f"'{column.name}' has no '{cell}'; {meant}")


def _number(column: _Column, cell: str, place: _Place) -> float:
    digits = cell.removesuffix("%")
    try:
        value = float(digits) / (100.0 if digits != cell else 1.0)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        what = f"'{cell}' is no number" if cell else "it has no value"
        raise place.fault(f"'{column.name}': {what}; give a number, or leave the row out")
    return value
