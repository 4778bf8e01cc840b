"""``parley query``: questions in SQL to a kept run."""

from __future__ import annotations

import csv
import io
import json
import math
import shlex
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from parley.cli.output import writable, writing
from parley.cli.screen import printable, width

if TYPE_CHECKING:
    from parley.study import Answer, Column

__all__ = ["query"]

SHOWN = 40  # rows on the screen
WIDEST = 40  # columns of the screen for one value


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False))
@click.argument("sql", metavar="[SQL]", required=False)
@click.option("--csv", "csv_file", metavar="FILE", help="Write all rows as CSV; - is standard output.")
@click.option("--json", "json_file", metavar="FILE", help="Write all rows as JSON; - is standard output.")
def query(folder: str, sql: str | None, csv_file: str | None, json_file: str | None) -> int:
    """Ask a kept run something in SQL.

    DIR is what `parley run --save` wrote. Without SQL it says which views and columns there are: readings
    (one row per draw), measures and certificates (one row per policy and draw). The run can only be read.
    """
    from parley import study

    for target, option in ((csv_file, "--csv"), (json_file, "--json")):
        writable(target, option)
    if csv_file is not None and json_file is not None:
        raise click.UsageError("--csv and --json are two answers: ask twice")
    if sql is None:
        _columns(study.views(folder))
        click.echo(f'\nFor example: parley query {shlex.quote(folder)} "select count(*) from readings"')
        return 0
    with study.query(folder, sql) as answer:
        if csv_file is not None:
            _csv(answer, csv_file)
        elif json_file is not None:
            _json(answer, json_file)
        else:
            _table(answer)
    return 0


def _columns(views: dict[str, tuple[Column, ...]]) -> None:
    longest = max(len(column.name) for columns in views.values() for column in columns)
    for number, (view, columns) in enumerate(views.items()):
        click.echo(("\n" if number else "") + view)
        for column in columns:
            text = " ".join(column.text.split())
            line = printable(f"  {column.name:{min(longest, WIDEST)}}  {text}")
            click.echo(_cut(line, max(width(), WIDEST)))


def _table(answer: Answer) -> None:
    rows = list(islice(answer.rows, SHOWN + 1))
    numeric = [
        any(row[n] is not None for row in rows)
        and all(
            isinstance(row[n], int | float | Decimal | None) and not isinstance(row[n], bool) for row in rows
        )
        for n in range(len(answer.columns))
    ]
    cells = [[_cut(_written(value), WIDEST) for value in row] for row in rows[:SHOWN]]
    header = [_cut(printable(" ".join(name.split())), WIDEST) for name in answer.columns]
    widths = [max(len(row[n]) for row in [header, *cells]) for n in range(len(header))]
    for row in [header, ["-" * each for each in widths], *cells]:
        click.echo("  ".join(_padded(row, widths, numeric)).rstrip())
    if len(rows) > SHOWN:
        click.echo(f"(the first {SHOWN} rows; --csv FILE or --json FILE writes all)", err=True)


def _padded(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> Iterator[str]:
    for text, size, right in zip(row, widths, numeric, strict=True):
        yield text.rjust(size) if right else text.ljust(size)


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return printable(" ".join(str(value).split()))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."


def _csv(answer: Answer, target: str) -> None:
    with writing(target) as put:
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        for row in _with_header(answer):
            writer.writerow(row)
            if buffer.tell() > 1 << 16:
                put(buffer.getvalue())
                buffer.seek(0)
                buffer.truncate()
        put(buffer.getvalue())


def _with_header(answer: Answer) -> Iterator[Sequence[Any]]:
    yield answer.columns
    yield from answer.rows


def _json(answer: Answer, target: str) -> None:
    """Write a list of objects; columns of one name are an error, since an object holds one of each."""
    if len(set(answer.columns)) < len(answer.columns):
        raise click.UsageError("two columns have the same name: tell them apart with AS, or use --csv")
    with writing(target) as put:
        separator = "["
        for row in answer.rows:
            entry = {name: _plain(value) for name, value in zip(answer.columns, row, strict=True)}
            put(separator + "\n  " + json.dumps(entry, ensure_ascii=False, allow_nan=False))
            separator = ","
        put("[]\n" if separator == "[" else "\n]\n")


def _plain(value: Any) -> Any:
    """Return a value that JSON can hold: what is no number there is a text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    return str(value)
