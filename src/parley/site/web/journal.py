"""The public moderation log: each act one row, each row bound to the one before by its hash.

What lives here: writing a row, and checking the chain. What may not: names or removed text (they are not in
the log).

The hash is SHA-256 over the canonical JSON of the row's public fields and the hash of the row before. Whoever
keeps a copy of any row can tell whether the rows before it were changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from parley.site.web.models import Account, Act, ActDetail, Article
from parley.site.web.sayings import Kept

__all__ = ["GENESIS", "Entry", "Fault", "append", "begin", "digest", "faults", "fields"]

GENESIS = "0" * 64
LOCK = 0x7061726C6579  # PostgreSQL's advisory lock under which rows are appended


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be logged; ``public`` must hold neither names nor readers' words."""

    act: str
    by: str
    subject: str
    subject_id: int | None = None
    article: Article | None = None
    clause: int | None = None
    before: str = ""
    after: str = ""
    public: Mapping[str, Any] | None = None
    actor: Account | None = None
    note: str = ""
    undo: Mapping[str, Any] | None = None
    why: Sequence[Kept] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A row at which the chain is broken, and how."""

    seq: int
    text: str


def begin() -> None:
    """See that no other transaction writes to the log until this one ends.

    Whoever locks rows of other tables as well calls this first: with one order of locks nobody waits in a
    circle. (SQLite has one writer anyway.)
    """
    assert connection.in_atomic_block, "an act and its log row are one transaction"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def append(entry: Entry) -> Act:
    """Write one row at the end of the log; must run inside the transaction of the act itself."""
    begin()
    last = Act.objects.order_by("-seq").only("seq", "hash").first()
    row = Act(
        seq=last.seq + 1 if last else 1,
        at=timezone.now(),
        act=entry.act,
        by=entry.by,
        subject=entry.subject,
        subject_id=entry.subject_id,
        article=entry.article,
        clause=entry.clause,
        before=entry.before,
        after=entry.after,
        public=dict(entry.public or {}),
        previous=last.hash if last else GENESIS,
    )
    row.hash = digest(row)
    row.save(force_insert=True)
    if entry.actor is not None or entry.note or entry.undo or entry.why:
        ActDetail.objects.create(
            act=row,
            actor=entry.actor,
            note=entry.note,
            undo=dict(entry.undo) if entry.undo else None,
            why=list(entry.why),
        )
    return row


def fields(row: Act) -> dict[str, Any]:
    """Return the public fields of a row, those that its hash covers: what a copy of the log must hold."""
    return {
        "seq": row.seq,
        "at": _stamp(row.at),
        "act": row.act,
        "by": row.by,
        "subject": row.subject,
        "subject_id": row.subject_id,
        "article": row.article_id,
        "clause": row.clause,
        "before": row.before,
        "after": row.after,
        "public": row.public,
        "previous": row.previous,
    }


def digest(row: Act | Mapping[str, Any]) -> str:
    """Return the hash of a row: SHA-256 of its public fields as canonical JSON, hexadecimal.

    Canonical: keys in order, no blanks, ASCII with escapes.
    """
    content = fields(row) if isinstance(row, Act) else {key: row[key] for key in row if key != "hash"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def faults(rows: Iterable[Act] | None = None) -> list[Fault]:
    """Check the whole chain; the empty list says that it is unbroken."""
    found: list[Fault] = []
    previous, expected = GENESIS, 1
    for row in rows if rows is not None else Act.objects.order_by("seq").iterator(1000):
        if row.seq != expected:
            found.append(Fault(row.seq, f"row {expected} is missing"))
        if row.previous != previous:
            found.append(Fault(row.seq, "does not follow the row before it"))
        if digest(row) != row.hash:
            found.append(Fault(row.seq, "its content does not fit its hash"))
        previous, expected = row.hash, row.seq + 1
    return found


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
