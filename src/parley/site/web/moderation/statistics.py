"""How the editors' work goes, for editors: who decided what, what the rules hold in vain, how appeals end.

What lives here: counts and tables. What may not: readers' mail addresses, which editors do not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Count
from django.utils import timezone

from parley.site.render.desk import waiting
from parley.site.text.csvsafe import table
from parley.site.web.models import Act, ActDetail, Appeal, Comment, Report, State
from parley.site.web.moderation.public_log import decision_seconds
from parley.site.web.moderation.queue import counts
from parley.site.web.moderation.words import act_words, note_of
from parley.site.web.sayings import rule_words

__all__ = ["EXPORTS", "EditorLine", "Figures", "RuleLine", "export", "figures"]

DAYS = 90


@dataclass(frozen=True, slots=True)
class EditorLine:
    """What one editor decided, and how appeals against the removals ended."""

    name: str
    acts: tuple[tuple[str, int], ...]
    appealed: int
    restored: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """What a rule held, and how much of it was approved: a high share says that the rule holds in vain."""

    rule: str
    held: int
    approved: int
    removed: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The page of statistics; all over the last 90 days but the queue, which is now."""

    days: int
    queue: tuple[tuple[str, int], ...]
    median: str
    slowest: str
    editors: tuple[EditorLine, ...]
    rules: tuple[RuleLine, ...]
    reports: tuple[tuple[str, int, int, int], ...]  # reason, followed, not followed, open


def figures() -> Figures:
    """Count."""
    since = timezone.now() - timedelta(days=DAYS)
    seconds = decision_seconds(DAYS)
    return Figures(
        days=DAYS,
        queue=tuple(counts().items()),
        median=waiting(median(seconds)) if seconds else "",
        slowest=waiting(max(seconds)) if seconds else "",
        editors=_editors(since),
        rules=_rules(since),
        reports=_reports(since),
    )


def _editors(since: object) -> tuple[EditorLine, ...]:
    acts: dict[str, Counter[str]] = {}
    for row in (
        ActDetail.objects.filter(act__at__gte=since, act__by="editor", actor__isnull=False)
        .values("actor__name", "act__act")
        .annotate(n=Count("pk"))
        .order_by("actor__name", "act__act")
    ):
        acts.setdefault(row["actor__name"], Counter())[row["act__act"]] = row["n"]
    appealed: Counter[str] = Counter()
    restored: Counter[str] = Counter()
    for appeal in Appeal.objects.filter(at__gte=since).select_related("against__detail__actor"):
        detail = getattr(appeal.against, "detail", None)
        if detail is None or detail.actor is None:
            continue
        appealed[detail.actor.name] += 1
        restored[detail.actor.name] += appeal.outcome == Appeal.Outcome.RESTORED
    return tuple(
        EditorLine(
            name,
            tuple((act_words(act), n) for act, n in sorted(done.items())),
            appealed[name],
            restored[name],
        )
        for name, done in sorted(acts.items())
    )


def _rules(since: object) -> tuple[RuleLine, ...]:
    held: Counter[str] = Counter()
    ended: dict[str, Counter[str]] = {}
    rows = list(Act.objects.filter(act="hold", at__gte=since).values_list("subject_id", "public"))
    states = dict(Comment.objects.filter(pk__in=[key for key, _ in rows]).values_list("pk", "state"))
    for key, public in rows:
        for rule in public.get("rules", ["edit"]):
            held[rule] += 1
            ended.setdefault(rule, Counter())[states.get(key or 0, "")] += 1
    return tuple(
        RuleLine(rule_words(rule), n, ended[rule][State.VISIBLE], ended[rule][State.REMOVED])
        for rule, n in held.most_common()
    )


def _reports(since: object) -> tuple[tuple[str, int, int, int], ...]:
    found: dict[str, Counter[str]] = {}
    for row in (
        Report.objects.filter(at__gte=since).values("reason", "outcome").annotate(n=Count("pk")).order_by()
    ):
        found.setdefault(row["reason"], Counter())[row["outcome"]] = row["n"]
    return tuple(
        (
            str(Report.Reason(reason).label),
            n[Report.Outcome.UPHELD],
            n[Report.Outcome.REJECTED],
            n[Report.Outcome.OPEN],
        )
        for reason, n in sorted(found.items())
    )


def _decisions() -> Iterator[str]:
    head = ("seq", "at", "act", "subject", "number", "article", "clause", "before", "after", "editor", "note")
    yield table(head, ())
    rows = Act.objects.select_related("detail__actor", "article").order_by("seq")
    for row in rows.iterator(500):
        detail = getattr(row, "detail", None)
        article = row.article.slug if row.article_id is not None and row.article is not None else ""
        editor = detail.actor.name if detail is not None and detail.actor is not None else ""
        note = note_of(row)
        cells = [row.seq, row.at.isoformat(), row.act, row.subject, row.subject_id, article, row.clause]
        yield _line([*cells, row.before, row.after, editor if row.by == "editor" else row.by, note])


def _report_rows() -> Iterator[str]:
    yield table(("number", "at", "comment", "reason", "text", "reporter", "weight", "outcome", "decided"), ())
    for each in Report.objects.select_related("reporter").order_by("pk").iterator(500):
        name = each.reporter.name if each.reporter is not None else ""
        decided = each.outcome_at.isoformat() if each.outcome_at is not None else ""
        cells = [each.pk, each.at.isoformat(), each.comment_id, each.reason, each.text, name]
        yield _line([*cells, each.weight, each.outcome, decided])


def _line(cells: list[object]) -> str:
    return table((), [cells]).split("\r\n", 1)[1]


EXPORTS = {"decisions": _decisions, "reports": _report_rows}


def export(name: str) -> Iterator[str]:
    """Write a table for editors, a piece at a time; every cell is safe in a spreadsheet.

    Raises
    ------
    KeyError
        There is no such table.
    """
    return EXPORTS[name]()
