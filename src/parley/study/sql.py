"""Questions in SQL to a stored run, which can read this run and do nothing else.

What lives here: the views that SQL sees, and the locked database that answers. What may not: layout, files to
write.

A question is one SELECT (or EXPLAIN). The database lives in memory, may open the run's own files and no
others, neither writes nor loads anything, and takes at most a gibibyte.

Names of columns are those of the scenario with ``_`` in the place of every sign that SQL would have quoted;
where two would be the same (SQL ignores capitals), the second gets a number. Kinds of columns:

``readings``, one row per draw
    ``draw``, ``replicate`` (draw modulo 16); parameters and utilities, switches, by name;
    ``precision_<player>``; ``criterion_<n>_<policy>`` (n from 1, in the order of the text) and
    ``<quantity>_<policy>``; claims by name: 1 holds, 0 does not, NULL undefined; ``<claim>_margin``.
``measures``, one row per policy and draw
    ``draw``, ``policy``, ``criterion_<n>``, quantities by name.
``certificates``, one row per policy and draw
    ``draw``, ``policy``, ``status``, ``residual``, ``sweeps``, ``regret_<player>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from typing import Any

from parley.draws import REPLICATES
from parley.errors import StudyError
from parley.solve.solution import Status
from parley.study.parquet import identifier, literal, pattern_of, stored_names
from parley.study.plan import Plan, plan
from parley.study.readings import Readings
from parley.study.store import Store
from parley.study.verification import stored_scenario

__all__ = ["Answer", "Column", "query", "views"]

MEMORY = "1GiB"
FETCHED = 1000  # rows at a time


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view, and what it holds, in words."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns of an answer, and its rows as they come. NULL is None."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Shown:
    name: str
    expression: str
    text: str


def views(path: str | PathLike[str]) -> dict[str, tuple[Column, ...]]:
    """Return what a stored run can be asked about: the views and their columns.

    Raises
    ------
    StudyError
        When the folder holds no run, or a file in it is damaged.

    Examples
    --------
    >>> import parley, tempfile
    >>> folder = tempfile.mkdtemp() + "/run"
    >>> _ = parley.run(parley.load("which-event-first"), draws=32, seed=1, store=folder)
    >>> [column.name for column in views(folder)["measures"]][:4]
    ['draw', 'policy', 'criterion_1', 'criterion_2']
    """
    found = _views(*_opened(path))
    return {view: tuple(Column(each.name, each.text) for each in parts[0]) for view, parts in found.items()}


@contextmanager
def query(path: str | PathLike[str], sql: str) -> Iterator[Answer]:
    """Ask a stored run something in SQL.

    Parameters
    ----------
    path
        The folder of a run, finished or not: draws that every policy was solved for are seen.
    sql
        One SELECT over ``readings``, ``measures`` and ``certificates``.

    Raises
    ------
    StudyError
        When the folder holds no run, the SQL is not one SELECT, or DuckDB refuses it; also while rows are
        read.

    Examples
    --------
    >>> import parley, tempfile
    >>> folder = tempfile.mkdtemp() + "/run"
    >>> _ = parley.run(parley.load("which-event-first"), draws=32, seed=1, store=folder)
    >>> with query(folder, "select policy, count(*) n from certificates group by policy order by 1") as found:
    ...     found.columns, list(found.rows)
    (('policy', 'n'), [('pause', 32), ('short list', 32), ('status quo', 32)])
    """
    import duckdb

    planned, table = _opened(path)
    files = [pattern_of(file) for file in table.files()]
    source = f"read_parquet([{', '.join(files)}], hive_partitioning=false)"
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "memory_limit": MEMORY,
            "temp_directory": "",
        },
    )
    try:
        for view, parts in _views(planned, table).items():
            selects = []
            for part in parts:
                columns_of = ", ".join(f"{each.expression} AS {identifier(each.name)}" for each in part)
                selects.append(f"SELECT {columns_of} FROM {source}")
            connection.execute(f"CREATE VIEW {view} AS {' UNION ALL '.join(selects)}")
        # a file is opened by its name, after it was looked up by a pattern that stands for nothing else
        own = [literal(str(file.absolute())) for file in table.files()]
        connection.execute(f"SET allowed_paths=[{', '.join([*own, *files])}]")
        connection.execute("SET enable_external_access=false")
        connection.execute("SET lock_configuration=true")
        _one_select(duckdb, sql)
        connection.execute(sql)
        columns = tuple(entry[0] for entry in connection.description or ())
        yield Answer(columns, _rows(connection, duckdb.Error))
    except duckdb.Error as error:
        raise _refused(error) from error
    finally:
        connection.close()


def _one_select(duckdb: Any, sql: str) -> None:
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise _refused(error) from error
    if len(statements) != 1:
        raise StudyError(f"ask one thing at a time: this is {len(statements)} statements")
    kind = statements[0].type.name
    if kind not in ("SELECT", "EXPLAIN"):
        raise StudyError(f"a run can only be read: this is {kind}, ask with SELECT")


def _rows(connection: Any, failure: type[Exception]) -> Iterator[tuple[Any, ...]]:
    while True:
        try:
            rows = connection.fetchmany(FETCHED)
        except failure as error:
            raise _refused(error) from error
        if not rows:
            return
        yield from rows


def _refused(error: Exception) -> StudyError:
    return StudyError(str(error).strip())


# --- what SQL sees ----------------------------------------------------------------------------------------


def _opened(path: str | PathLike[str]) -> tuple[Plan, Readings]:
    store = Store.open(path)
    planned = plan(stored_scenario(store), store.policies)
    return planned, Readings(planned, store)


def _views(planned: Plan, table: Readings) -> dict[str, list[list[_Shown]]]:
    """Return each view as the parts that are put one below another."""
    names = table.names()
    column = dict(zip(names, (identifier(name) for name in stored_names(names)), strict=True))
    return {
        "readings": [_reading(planned, column)],
        "measures": [_measure(planned, column, number) for number in range(len(planned.policies))],
        "certificates": [_certificate(planned, column, number) for number in range(len(planned.policies))],
    }


def _reading(planned: Plan, column: dict[str, str]) -> list[_Shown]:
    scenario = planned.scenario
    shown = [
        _Shown("draw", column["draw"], "number in the design"),
        _Shown("replicate", f"{column['draw']} % {REPLICATES}", "independent part of the design"),
    ]
    for name, expression in column.items():
        head, _, rest = name.partition(": ")
        if head == "parameter":
            parameter = scenario.parameters.get(rest)
            unit = f", {parameter.unit}" if parameter is not None and parameter.unit else ""
            what = "a utility" if parameter is None else (parameter.text or rest)
            shown.append(_Shown(rest, expression, f"{what}{unit}"))
        elif head == "switch":
            shown.append(_Shown(rest, expression, scenario.switches[rest].text or "a switch"))
        elif head == "precision":
            shown.append(
                _Shown(f"precision_{rest}", expression, "how closely the player follows its interest")
            )
        elif head == "claim":
            shown.append(_Shown(rest, expression, f"1 where it holds: {scenario.claims[rest].text}"))
        elif head == "margin":
            shown.append(_Shown(f"{rest}_margin", expression, "by how much the claim holds"))
        elif head == "expected":
            plain = [each for each in scenario.expected if not each.apart]
            source = plain[int(rest)].expression.source
            shown.append(_Shown(f"expected_{int(rest) + 1}", expression, source))
        elif head.isdigit() and rest.startswith(("criterion ", "quantity ")):
            policy = planned.policies[int(head)]
            measured, text = _measured(planned, rest)
            shown.append(_Shown(f"{measured}_{policy}", expression, f"{text}, under {policy}"))
    return _plain(shown)


def _measured(planned: Plan, rest: str) -> tuple[str, str]:
    """Name and words of a criterion or quantity."""
    kind, _, name = rest.partition(" ")
    if kind == "quantity":
        quantity = planned.scenario.quantities[name]
        return name, quantity.text or quantity.expression.source
    comparison = planned.scenario.comparison
    assert comparison is not None
    criterion = comparison.by[int(name)]
    return f"criterion_{int(name) + 1}", criterion.text or criterion.expression.source


def _measure(planned: Plan, column: dict[str, str], number: int) -> list[_Shown]:
    shown = _headed(planned, column, number)
    for name, expression in column.items():
        head, _, rest = name.partition(": ")
        if head == str(number) and rest.startswith(("criterion ", "quantity ")):
            shown.append(_Shown(_measured(planned, rest)[0], expression, _measured(planned, rest)[1]))
    return _plain(shown)


def _certificate(planned: Plan, column: dict[str, str], number: int) -> list[_Shown]:
    own = {part: column[f"{number}: {part}"] for part in ("status", "residual", "sweeps", "regret")}
    words = " ".join(f"WHEN {each.value} THEN '{each.name.lower().replace('_', '-')}'" for each in Status)
    shown = _headed(planned, column, number)
    shown += [
        _Shown("status", f"CASE {own['status']} {words} END", "converged, or why there is no answer"),
        _Shown("residual", own["residual"], "of the quantal-response equation"),
        _Shown("sweeps", own["sweeps"], "that the solver used"),
    ]
    for row, player in enumerate(planned.scenario.players, start=1):
        text = "what the player could still gain, in stakes"
        shown.append(_Shown(f"regret_{player}", f"{own['regret']}[{row}]", text))
    return _plain(shown)


def _headed(planned: Plan, column: dict[str, str], number: int) -> list[_Shown]:
    return [
        _Shown("draw", column["draw"], "number in the design"),
        _Shown("policy", literal(planned.policies[number]), "the policy that was solved"),
    ]


def _plain(shown: Sequence[_Shown]) -> list[_Shown]:
    """Give the columns names that need no quotes and differ in more than capitals."""
    plain = [re.sub(r"\W+", "_", each.name).strip("_") or "_" for each in shown]
    plain = [f"_{name}" if name[0].isdigit() else name for name in plain]
    taken: set[str] = set()
    found = []
    for name, each in zip(plain, shown, strict=True):
        free, number = name, 1
        while free.lower() in taken:
            number += 1
            free = f"{name}_{number}"
        taken.add(free.lower())
        found.append(_Shown(free, each.expression, each.text))
    return found
