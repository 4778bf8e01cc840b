"""The public log as readers see it, and what it amounts to: counts by month, time to decision, appeals.

What lives here: reading. What may not: names of people, readers' words; both are not in the log at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.site.render.desk import LogPage, LogRow, Month, waiting
from parley.site.render.views import Link
from parley.site.text.csvsafe import table
from parley.site.web import journal
from parley.site.web.models import (
    Act,
    Appeal,
    Article,
    Comment,
    ReviewItem,
    SanctionAppeal,
    State,
    WordListEntry,
)
from parley.site.web.moderation.people import clause_words
from parley.site.web.moderation.queue import oldest_seconds
from parley.site.web.moderation.words import act_words, by_words, list_words, switch_words
from parley.site.web.sayings import rule_words

__all__ = ["COLUMNS", "PAGE", "act_words", "as_csv", "decision_seconds", "log_page", "page_of"]

PAGE = 100  # rows on a page
MONTHS = 12  # newest months that are counted
DECIDED_DAYS = 90  # over which the time to decision is taken
COLUMNS = (
    *("seq", "at", "act", "by", "subject", "subject_id", "article", "clause", "before", "after", "public"),
    *("previous", "hash"),
)


def log_page(number: int = 1, act: str = "") -> LogPage:
    """Read one page of the log, newest first, with its figures.

    Parameters
    ----------
    number
        From 1, the newest.
    act
        Rows of this act alone; empty for all.
    """
    rows = Act.objects.filter(act=act) if act else Act.objects.all()
    start = PAGE * (number - 1)
    found = list(rows.order_by("-seq")[start : start + PAGE + 1])
    seconds = decision_seconds()
    ended = Appeal.objects.filter(outcome__in=(Appeal.Outcome.RESTORED, Appeal.Outcome.UPHELD))
    contested = SanctionAppeal.objects.exclude(outcome=SanctionAppeal.Outcome.OPEN)
    lists = WordListEntry.objects.aggregate(
        suspect=Count("pk", filter=Q(kind="suspect")), banned=Count("pk", filter=Q(kind="banned"))
    )
    late = oldest_seconds()
    head = Act.objects.order_by("-seq").first()
    return LogPage(
        rows=_rows(found[:PAGE]),
        rows_in_all=head.seq if head is not None else 0,
        months=_months(),
        median=waiting(median(seconds)) if seconds else "",
        decided=len(seconds),
        appeals=ended.count() + contested.count(),
        restored=ended.filter(outcome=Appeal.Outcome.RESTORED).count()
        + contested.filter(outcome=SanctionAppeal.Outcome.LIFTED).count(),
        suspect=lists["suspect"],
        banned=lists["banned"],
        lists_at=_lists_at(),
        late=waiting(late) if late and late > 3600 * settings.PARLEY_RULES.public_alarm_hours else "",
        head=head.hash if head is not None else "",
        newer_href=_href(number - 1, act) if number > 1 else "",
        older_href=_href(number + 1, act) if len(found) > PAGE else "",
        acts=tuple(
            Link(act_words(each), _href(1, each))
            for each in Act.objects.values_list("act", flat=True).distinct().order_by("act")
        ),
    )


def page_of(seq: int) -> int | None:
    """Return on which page a row stands; None when there is no such row."""
    if not Act.objects.filter(seq=seq).exists():
        return None
    return Act.objects.filter(seq__gt=seq).count() // PAGE + 1


def decision_seconds(days: int = DECIDED_DAYS) -> list[float]:
    """Return how long each comment waited that editors decided on in the last days, in seconds."""
    since = timezone.now() - timedelta(days=days)
    closed = ReviewItem.objects.filter(open=False, closed_at__gte=since)
    return [(end - begin).total_seconds() for begin, end in closed.values_list("created", "closed_at") if end]


def as_csv() -> Iterator[str]:
    """Write the whole log as a table, oldest first, a piece at a time: every field that the hashes cover.

    The column ``public`` is JSON; whoever keeps the table can check the chain (``parley log verify --copy``).
    """
    yield table(COLUMNS, ())
    for row in Act.objects.order_by("seq").iterator(500):
        fields: dict[str, Any] = {**journal.fields(row), "hash": row.hash}
        fields["public"] = json.dumps(fields["public"], sort_keys=True, separators=(",", ":"))
        yield table(COLUMNS, [[fields[name] for name in COLUMNS]]).split("\r\n", 1)[1]


def _href(number: int, act: str) -> str:
    given = [f"act={act}"] if act else []
    given += [f"page={number}"] if number > 1 else []
    return "/log/" + (f"?{'&'.join(given)}" if given else "")


def _lists_at() -> datetime | None:
    """Return when the word lists were changed last: by a row of the log, or by the newest entry."""
    logged = Act.objects.filter(act="words").aggregate(at=Max("at"))["at"]
    entered = WordListEntry.objects.aggregate(at=Max("at"))["at"]
    return max((each for each in (logged, entered) if each is not None), default=None)


def _months() -> tuple[Month, ...]:
    since = timezone.now() - timedelta(days=31 * MONTHS)
    found: dict[str, list[tuple[str, int]]] = {}
    counted = (
        Act.objects.filter(at__gte=since)
        .annotate(month=TruncMonth("at"))
        .values("month", "act")
        .annotate(n=Count("pk"))
        .order_by("-month", "act")
    )
    for row in counted:
        found.setdefault(f"{row['month']:%Y-%m}", []).append((act_words(row["act"]), row["n"]))
    return tuple(Month(month, tuple(acts)) for month, acts in list(found.items())[:MONTHS])


def _rows(rows: list[Act]) -> tuple[LogRow, ...]:
    public = (Article.State.PUBLISHED, Article.State.CLOSED)
    slugs = dict(
        Article.objects.filter(pk__in=[row.article_id for row in rows], state__in=public).values_list(
            "pk", "slug"
        )
    )
    about = [row.subject_id for row in rows if row.subject in {"comment", "challenge"}]
    shown = set(
        Comment.objects.filter(
            pk__in=about, state__in=(State.VISIBLE, State.REMOVED), article__in=slugs
        ).values_list("pk", flat=True)
    )
    return tuple(_row(row, slugs, shown) for row in rows)


def _row(row: Act, slugs: dict[int, str], shown: set[int]) -> LogRow:
    of_comment = row.subject in {"comment", "challenge"} and row.subject_id in shown
    return LogRow(
        seq=row.seq,
        at=row.at,
        act=act_words(row.act),
        by=by_words(row),
        subject=_(row.subject),
        subject_id=row.subject_id,
        article=slugs.get(row.article_id or 0, ""),
        clause=clause_words(row.clause),
        change=f"{_state(row.before)} → {_state(row.after)}"
        if row.before and row.before != row.after
        else "",
        more=_more(row),
        hash=row.hash,
        previous=row.previous,
        href=f"/c/{row.subject_id}" if of_comment else "",
    )


def _state(state: str) -> str:
    return str(State(state).label) if state in State.values else state


def _more(row: Act) -> str:
    """Return what the row says besides, in words."""
    said = row.public
    parts = []
    if said.get("rules"):
        parts.append("; ".join(rule_words(str(each)) for each in said["rules"]))
    if "undoes" in said:
        parts.append(_("takes back entry %(seq)s") % {"seq": said["undoes"]})
    if "hours" in said:
        parts.append(_("for %(n)s hours") % {"n": said["hours"]})
    if said.get("removed"):
        parts.append(_("%(n)s comments removed with it") % {"n": said["removed"]})
    if said.get("restored"):
        parts.append(_("%(n)s comments put back") % {"n": said["restored"]})
    if "list" in said:
        parts.append(f"{list_words(str(said['list']))}: +{said.get('added', 0)} −{said.get('dropped', 0)}")
    if "switch" in said:
        parts.append(switch_words(str(said["switch"])))
    return "; ".join(parts)
