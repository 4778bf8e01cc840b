"""Tables that a spreadsheet opens without running what is in them.

What lives here: cells. What may not: which tables there are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

__all__ = ["cell", "table"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> object:
    r"""Make a value safe in a table: a text that a spreadsheet takes for a formula gets an apostrophe.

    Numbers stay numbers; None is an empty cell.

    Examples
    --------
    >>> cell("=HYPERLINK(1)"), cell(-3.5), cell("a - b"), cell("\t=1"), cell(None)
    ("'=HYPERLINK(1)", -3.5, 'a - b', "'\t=1", '')
    """
    if value is None:
        return ""
    if isinstance(value, (bool, int, float)):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    r"""Write rows as CSV (RFC 4180), each cell made safe.

    Examples
    --------
    >>> table(["act", "clause"], [["remove", "+1"]])
    "act,clause\r\nremove,'+1\r\n"
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([cell(name) for name in head])
    for row in rows:
        writer.writerow([cell(value) for value in row])
    return stream.getvalue()
