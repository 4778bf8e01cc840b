"""What the editors' pages and the public log take.

What lives here: the records of the templates in ``editors/`` and of ``log.html``. What may not: how they
are made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from parley.site.render.safe import Safe
from parley.site.render.views import Link

__all__ = [
    "AppealLine",
    "ContestLine",
    "EditLine",
    "HistoryLine",
    "LogPage",
    "LogRow",
    "Month",
    "NoteLine",
    "NumberLine",
    "Person",
    "QueueItem",
    "QueuePage",
    "ReportLine",
    "SanctionLine",
    "Tab",
    "waiting",
]


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the queue; ``count`` is how many comments wait in it."""

    key: str
    title: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A writer as editors see one."""

    name: str
    href: str
    standing: str
    approved: int
    removed: int
    joined: datetime
    silenced: str = ""  # "banned", "muted until …"
    next_mute: int | None = None  # hours
    seen: int = 0  # what a form on sanctions says that the editor saw


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report; who sent it is for editors' eyes alone."""

    reason: str
    text: str
    reporter: str
    reporter_href: str
    weight: float
    at: datetime
    outcome: str
    illegal: str = ""  # country and ground of a report of illegal content


@dataclass(frozen=True, slots=True)
class NoteLine:
    """An editor's note."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An act of the past, with its row of the log."""

    act: str
    by: str
    at: datetime
    seq: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class EditLine:
    """How an edit changed the words: a comparison, sanitised."""

    at: datetime
    difference: Safe


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One number of a challenge."""

    question: str
    before: str
    after: str
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class AppealLine:
    """An appeal: what its writer says, by whom the comment was removed and why."""

    text: str
    at: datetime
    removed_by: str
    clause: str
    mine: bool  # whether this editor removed it, and so may not decide


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A comment that waits, with all that a decision needs.

    ``acts`` are the acts that are possible now; ``answer`` says that a decision needs words (illegal
    content).
    """

    id: int
    revision: int
    href: str
    kind: str
    state: str
    queues: tuple[str, ...]
    article: str
    article_href: str
    passage: str
    posted: datetime
    waits: str
    why: tuple[str, ...]
    words: str
    quote: str
    approved: bool
    pick: bool
    acts: tuple[str, ...]
    answer: bool
    own: bool
    writer: Person | None
    signed: str = ""
    claimed_by: str = ""
    effect: str = ""
    chip: str = ""
    parent: str = ""
    parent_href: str = ""
    replies: int = 0
    numbers: tuple[NumberLine, ...] = ()
    reports: tuple[ReportLine, ...] = ()
    notes: tuple[NoteLine, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    edits: tuple[EditLine, ...] = ()
    appeal: AppealLine | None = None


@dataclass(frozen=True, slots=True)
class ContestLine:
    """An appeal against a mute or ban: whose, what was decided by whom and why, what is said against it."""

    id: int
    person: Person
    kind: str
    since: datetime
    until: datetime | None
    clause: str
    said: str
    by: str
    text: str
    at: datetime
    mine: bool  # whether this editor set it, and so may not decide


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue."""

    tabs: tuple[Tab, ...]
    items: tuple[QueueItem, ...]
    oldest: str
    late: bool  # whether the oldest waits longer than the alarm allows
    tab: str
    article: str
    articles: tuple[Link, ...]
    earlier_href: str = ""
    later_href: str = ""
    contests: tuple[ContestLine, ...] = ()


@dataclass(frozen=True, slots=True)
class SanctionLine:
    """A mute or a ban, as it was and as it ended."""

    id: int
    kind: str
    at: datetime
    until: datetime | None
    clause: str
    text: str
    by: str
    lifted: datetime | None


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row of the public log."""

    seq: int
    at: datetime
    act: str
    by: str
    subject: str
    subject_id: int | None
    article: str
    clause: str
    change: str
    more: str
    hash: str
    previous: str
    href: str = ""  # of the comment, if readers may see it or what is left of it


@dataclass(frozen=True, slots=True)
class Month:
    """What was done in a month, by act."""

    month: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class LogPage:
    """The public log, newest first, and its figures."""

    rows: tuple[LogRow, ...]
    rows_in_all: int
    months: tuple[Month, ...]
    median: str
    decided: int
    appeals: int
    restored: int
    suspect: int
    banned: int
    lists_at: datetime | None
    late: str = ""  # how long the oldest waits, if longer than the rules promise
    head: str = ""
    newer_href: str = ""
    older_href: str = ""
    acts: tuple[Link, ...] = field(default_factory=tuple)


def waiting(seconds: float) -> str:
    """Write how long something waits: ``12 min``, ``3 h 12 min``, ``2 d 5 h``.

    Examples
    --------
    >>> [waiting(each) for each in (-5, 59, 720, 11_520, 190_800)]
    ['0 min', '0 min', '12 min', '3 h 12 min', '2 d 5 h']
    """
    minutes = max(0, int(seconds // 60))
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h"
