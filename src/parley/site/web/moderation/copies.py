"""Checking the public log: of the site itself, and against a copy that somebody kept.

What lives here: reading copies and comparing. What may not: the chain's own rules (``journal``).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from parley.errors import ParleyError
from parley.site.web import journal
from parley.site.web.models import Act, Comment, State
from parley.site.web.moderation.public_log import COLUMNS, as_csv

__all__ = ["CopyError", "check_copy", "check_site", "export"]

_NUMBERS = ("subject_id", "article", "clause")


class CopyError(ParleyError):
    """A copy of the log cannot be read."""


def export(form: str) -> Iterator[str]:
    """Write the log as ``csv`` or ``json``, a piece at a time: every field that the hashes cover.

    Raises
    ------
    ValueError
        There is no such form.
    """
    if form == "csv":
        yield from as_csv()
        return
    if form != "json":
        raise ValueError(f"the log is written as csv or json, not {form}")
    lead = "[\n"
    for row in Act.objects.order_by("seq").iterator(500):
        yield lead + json.dumps({**journal.fields(row), "hash": row.hash}, sort_keys=True)
        lead = ",\n"
    yield "\n]\n" if lead == ",\n" else "[]\n"


def check_site() -> list[str]:
    """Check the site's own log; return what is wrong, in sentences.

    Beside the chain: whether each comment is in the state in which the log left it, so that a state which was
    changed behind the log's back shows.
    """
    found = [f"entry {fault.seq}: {fault.text}" for fault in journal.faults()]
    left: dict[int, str] = {}
    about = Act.objects.filter(subject__in=("comment", "challenge"), subject_id__isnull=False).exclude(
        after=""
    )
    for key, before, after in (
        about.order_by("seq").values_list("subject_id", "before", "after").iterator(2000)
    ):
        if key is None:
            continue
        known = left.get(key)
        if known is not None and before != known:
            found.append(f"comment {key} was left {known}, and an entry says that it was {before}")
        left[key] = after
    for key, state in Comment.objects.order_by("pk").values_list("pk", "state").iterator(2000):
        told = left.get(key, State.VISIBLE)
        if state != told:
            found.append(f"comment {key} is {state}, but the log left it {told}")
    return found


def check_copy(text: str) -> list[str]:
    """Check a copy of the log, as ``log.csv`` or ``log export`` wrote it, and compare it with the site's log.

    Returns
    -------
    list of str
        What is wrong, in sentences: the copy's own chain, and entries that the site tells otherwise now.

    Raises
    ------
    CopyError
        It is no such copy.
    """
    rows = _json_rows(text) if text.lstrip().startswith("[") else _csv_rows(text)
    found: list[str] = []
    previous = journal.GENESIS
    for number, row in enumerate(rows, 1):
        if row["seq"] != number:
            found.append(f"the copy has entry {row['seq']} where {number} should stand")
        if row["previous"] != previous:
            found.append(f"entry {row['seq']} of the copy does not follow the one before it")
        if journal.digest(row) != row["hash"]:
            found.append(f"entry {row['seq']} of the copy does not fit its hash")
        previous = row["hash"]
    now = dict(Act.objects.filter(seq__in=[row["seq"] for row in rows]).values_list("seq", "hash"))
    for row in rows:
        if row["seq"] not in now:
            found.append(f"entry {row['seq']} of the copy is not in the site's log")
        elif now[row["seq"]] != row["hash"]:
            found.append(f"entry {row['seq']} is another one in the site's log than in the copy")
    return found


def _json_rows(text: str) -> list[dict[str, Any]]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as fault:
        raise CopyError(f"the copy is not JSON: {fault}") from None
    if not all(isinstance(row, dict) and set(row) == set(COLUMNS) for row in rows):
        raise CopyError(f"the copy's entries must have {', '.join(COLUMNS)}")
    return list(rows)


def _csv_rows(text: str) -> list[dict[str, Any]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise CopyError(f"the copy must be a table with the columns {', '.join(COLUMNS)}")
    rows: list[dict[str, Any]] = []
    for line, row in enumerate(reader, 2):
        try:
            rows.append(
                {
                    **row,
                    "seq": int(row["seq"]),
                    "public": json.loads(row["public"]),
                    **{name: int(row[name]) if row[name] else None for name in _NUMBERS},
                }
            )
        except (ValueError, TypeError) as fault:
            raise CopyError(f"line {line} of the copy can't be read: {fault}") from None
    return rows
