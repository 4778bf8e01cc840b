"""What waits for an editor: which comments, in which order, and all that a decision needs to know of each.

What lives here: reading. What may not: changing anything.

Order: illegal content, then appeals, then everything else; what an editor has approved before ranks
lower; then the weight of the reports; then the oldest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, IntegerField, Min, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from parley.site.render.desk import (
    AppealLine,
    EditLine,
    HistoryLine,
    NoteLine,
    NumberLine,
    QueueItem,
    QueuePage,
    ReportLine,
    Tab,
    waiting,
)
from parley.site.render.safe import sanitised
from parley.site.render.views import Link
from parley.site.text.diff import as_html
from parley.site.web.editions import LARGE_BEHIND, LARGE_OF_CURRENT
from parley.site.web.models import (
    Account,
    Act,
    Article,
    ChallengeEffect,
    Comment,
    Queue,
    Report,
    ReviewItem,
    State,
    Version,
)
from parley.site.web.moderation.acts import ARROWS
from parley.site.web.moderation.contesting import open_lines, opened
from parley.site.web.moderation.people import clause_words, person
from parley.site.web.moderation.words import act_words, by_words, note_of
from parley.site.web.sayings import said

__all__ = ["PAGE", "counts", "oldest_seconds", "open_items", "queue_item", "queue_page"]

PAGE = 20  # comments on a page
_TABS = ("all", *Queue.values)
_RANK = Case(
    When(queue=Queue.ILLEGAL, then=Value(0)),
    When(queue=Queue.APPEAL, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class _Around:
    """What is read once for all comments of a page."""

    items: Mapping[int, Sequence[ReviewItem]]
    acts: Mapping[int, Sequence[Act]]
    effects: Mapping[int, ChallengeEffect]
    replies: Mapping[int, int]
    assumptions: Mapping[int, Sequence[Mapping[str, Any]]]
    editor: Account


def open_items(article: str = "") -> QuerySet[ReviewItem]:
    """Return what is open, all or of one article, in the order in which it is to be looked at."""
    items = ReviewItem.objects.filter(open=True)
    if article:
        items = items.filter(comment__article__slug=article)
    return items.annotate(rank=_RANK).order_by("rank", "comment__approved", "-score", "created", "pk")


def counts(article: str = "") -> dict[str, int]:
    """Return how many comments wait in each queue, and in all of them together."""
    items = ReviewItem.objects.filter(open=True)
    if article:
        items = items.filter(comment__article__slug=article)
    found = {
        row["queue"]: row["n"] for row in items.values("queue").annotate(n=Count("comment")).order_by("queue")
    }
    whole = items.aggregate(n=Count("comment", distinct=True))["n"]
    contested = 0 if article else opened().count()  # mutes and bans belong to no article
    found[Queue.APPEAL] = found.get(Queue.APPEAL, 0) + contested
    return {"all": whole + contested, **{key: found.get(key, 0) for key in Queue.values}}


def oldest_seconds() -> float | None:
    """Return for how long the oldest open item waits, in seconds; None when nothing waits."""
    times = (
        ReviewItem.objects.filter(open=True).aggregate(first=Min("created"))["first"],
        opened().aggregate(first=Min("at"))["first"],
    )
    first = min((each for each in times if each is not None), default=None)
    return (timezone.now() - first).total_seconds() if first is not None else None


def queue_page(editor: Account, *, tab: str = "all", article: str = "", number: int = 1) -> QueuePage:
    """Read one page of the queue.

    Parameters
    ----------
    editor
        Who looks: sees the own claims as free, and which appeals are for others.
    tab
        ``all`` or one of :class:`Queue`.
    article
        The slug of the one article to look at; empty for all.
    number
        From 1.
    """
    items = open_items(article)
    if tab != "all":
        items = items.filter(queue=tab)
    order = list(dict.fromkeys(items.values_list("comment_id", flat=True)))
    start = PAGE * (number - 1)
    shown = order[start : start + PAGE]
    late = oldest_seconds()
    return QueuePage(
        tabs=_tabs(tab, article),
        items=_items(shown, editor),
        oldest=waiting(late) if late is not None else "",
        late=late is not None and late > 3600 * settings.PARLEY_RULES.alarm_hours,
        tab=tab,
        article=article,
        articles=_articles(tab),
        earlier_href=_href(tab, article, number - 1) if number > 1 else "",
        contests=open_lines(editor) if tab in {"all", Queue.APPEAL} and not article and number == 1 else (),
        later_href=_href(tab, article, number + 1) if start + PAGE < len(order) else "",
    )


def queue_item(comment: int, editor: Account) -> QueueItem | None:
    """Read one comment as the queue shows it, whether it waits or not."""
    found = _items([comment], editor)
    return found[0] if found else None


def _tabs(tab: str, article: str) -> tuple[Tab, ...]:
    titles = {
        "all": _("All"),
        Queue.HELD: _("Held"),
        Queue.REPORTED: _("Reported"),
        Queue.ILLEGAL: _("Illegal content"),
        Queue.APPEAL: _("Appeals"),
    }
    found = counts(article)
    return tuple(Tab(key, titles[key], found[key], _href(key, article), key == tab) for key in _TABS)


def _articles(tab: str) -> tuple[Link, ...]:
    waiting_in = Article.objects.filter(comments__review_items__open=True).distinct().order_by("slug")
    every = Link(_("All articles"), _href(tab, ""))
    return (
        every,
        *(
            Link(_title(each), _href(tab, each.slug))
            for each in waiting_in.select_related("current").defer(*LARGE_OF_CURRENT)
        ),
    )


def _href(tab: str, article: str, number: int = 1) -> str:
    asked = {"tab": tab, "article": article, "page": str(number) if number > 1 else ""}
    given = {key: value for key, value in asked.items() if value and value != "all"}
    return reverse("queue") + (f"?{urlencode(given)}" if given else "")


def _title(article: Article) -> str:
    return article.current.title if article.current is not None else article.slug


def _items(keys: Sequence[int], editor: Account) -> tuple[QueueItem, ...]:
    comments = (
        Comment.objects.filter(pk__in=keys)
        .select_related("author", "article__current", "parent", "challenge", "appeal__against__detail__actor")
        .defer(*LARGE_BEHIND)
        .prefetch_related("reports__reporter", "notes__by", "edits")
    )
    found = {each.pk: each for each in comments}
    around = _Around(
        items=_by(
            ReviewItem.objects.filter(comment__in=keys, open=True)
            .select_related("claimed_by")
            .order_by("created"),
            "comment_id",
        ),
        acts=_by(
            Act.objects.filter(subject__in=("comment", "challenge"), subject_id__in=keys)
            .select_related("detail__actor")
            .order_by("-seq"),
            "subject_id",
        ),
        effects={
            each.challenge.comment_id: each
            for each in ChallengeEffect.objects.filter(challenge__comment__in=keys)
            .select_related("challenge", "solve")
            .order_by("version__n")
        },
        replies=dict(
            Comment.objects.filter(parent__in=keys)
            .exclude(state=State.WITHDRAWN)
            .values_list("parent_id")
            .annotate(n=Count("pk"))
        ),
        assumptions=_assumptions(found.values()),
        editor=editor,
    )
    return tuple(_item(found[key], around) for key in keys if key in found)


def _assumptions(comments: Iterable[Comment]) -> dict[int, Sequence[Mapping[str, Any]]]:
    """Return what may be changed in the present versions that challenges of a page are about, by version."""
    versions = {each.article.current_id for each in comments if hasattr(each, "challenge")}
    rows = Version.objects.filter(pk__in=versions - {None}).values_list("pk", "edition")
    return {key: edition.get("assumptions", ()) for key, edition in rows}


def _by(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def _item(comment: Comment, around: _Around) -> QueueItem:
    items = around.items.get(comment.pk, ())
    effect = around.effects.get(comment.pk)
    since = min((item.created for item in items), default=comment.created)
    illegal = any(
        each.reason == Report.Reason.ILLEGAL and each.outcome == Report.Outcome.OPEN
        for each in comment.reports.all()
    )
    parent = comment.parent
    return QueueItem(
        id=comment.pk,
        revision=comment.revision,
        href=f"/c/{comment.pk}",
        kind=comment.get_kind_display(),
        state=comment.get_state_display(),
        queues=tuple(item.get_queue_display() for item in items),
        article=_title(comment.article),
        article_href=f"/a/{comment.article.slug}/",
        passage=comment.passage,
        posted=comment.created,
        waits=waiting((timezone.now() - since).total_seconds()),
        why=_why(comment, items),
        words=comment.source,
        quote=comment.quote,
        approved=comment.approved,
        pick=comment.pick,
        acts=_acts(comment, around.editor),
        answer=illegal,
        own=comment.author_id == around.editor.pk,
        writer=person(comment.author) if comment.author is not None else None,
        signed=comment.signed,
        claimed_by=_claimed(items, around.editor),
        effect=_sentence(effect),
        chip=effect.chip if effect is not None else "",
        parent=parent.source if parent is not None else "",
        parent_href=f"/c/{parent.pk}" if parent is not None else "",
        replies=around.replies.get(comment.pk, 0),
        numbers=_numbers(comment, effect, around),
        reports=tuple(_report(each) for each in comment.reports.all()),
        notes=tuple(NoteLine(each.text, _name(each.by), each.at) for each in comment.notes.all()),
        history=tuple(_history(each) for each in around.acts.get(comment.pk, ())),
        edits=_edits(comment),
        appeal=_appeal(comment, around.editor),
    )


def _why(comment: Comment, items: Sequence[ReviewItem]) -> tuple[str, ...]:
    """Return why it waits: the rules in words with what they found, then what the queues say."""
    rules = [said(each) for each in comment.held_reasons if comment.state == State.HELD]
    return tuple(dict.fromkeys([*rules, *(said(each) for item in items for each in item.why)]))


def _acts(comment: Comment, editor: Account) -> tuple[str, ...]:
    """Return the acts that the editor may choose from now."""
    if comment.author_id == editor.pk:
        return ()
    appeal = getattr(comment, "appeal", None)
    can = []
    for act in ("approve", "remove", "ask", "pick", "unpick", "restore", "uphold"):
        if comment.state not in ARROWS[act]:
            continue
        if act in {"restore", "uphold"} and (
            appeal is None or appeal.outcome != "open" or _mine(appeal, editor)
        ):
            continue
        if (act == "pick" and comment.pick) or (act == "unpick" and not comment.pick):
            continue
        can.append(act)
    return tuple(can)


def _mine(appeal: Any, editor: Account) -> bool:
    detail = getattr(appeal.against, "detail", None)
    return detail is not None and detail.actor_id == editor.pk


def _claimed(items: Sequence[ReviewItem], editor: Account) -> str:
    now = timezone.now()
    for item in items:
        other = item.claimed_by
        if other is not None and other.pk != editor.pk and item.claimed_until and item.claimed_until > now:
            return other.name
    return ""


def _sentence(effect: ChallengeEffect | None) -> str:
    """Return what a challenge does, in the words of its solve; or why there is nothing to say yet."""
    if effect is None:
        return ""
    if effect.inapplicable:
        return said(effect.inapplicable)
    solved = effect.solve.effect if effect.solve is not None else None
    return str(solved.get("advice", "")) if solved else _("It is being solved.")


def _numbers(comment: Comment, effect: ChallengeEffect | None, around: _Around) -> tuple[NumberLine, ...]:
    """Return a challenge's numbers: from its solve if there is one, else from what the reader set."""
    challenge = getattr(comment, "challenge", None)
    if challenge is None:
        return ()
    solved = effect.solve.effect if effect is not None and effect.solve is not None else None
    put = {each.get("name", ""): each for each in (solved or {}).get("put", ())}
    if not challenge.setting:  # the scenario states it, and may put a range or an expression
        return tuple(
            NumberLine(
                question=str(each.get("question") or name),
                before=str(each.get("author") or ""),
                after=str(each.get("reader") or ""),
                reason="",
                source="",
            )
            for name, each in put.items()
        )
    assumptions = around.assumptions.get(comment.article.current_id or 0, ())
    known = {each.get("key"): each for each in assumptions}
    lines = []
    for pair in filter(None, challenge.setting.split(";")):
        key, _equals, value = pair.partition("=")
        card = known.get(key, {})
        there = put.get(card.get("name", key), {})
        lines.append(
            NumberLine(
                question=str(card.get("question") or key),
                before=str(there.get("author") or card.get("judgement") or ""),
                after=str(there.get("reader") or value),
                reason=str(challenge.reasons.get(key, "")),
                source=str(challenge.sources.get(key, "")),
            )
        )
    return tuple(lines)


def _report(report: Report) -> ReportLine:
    reporter = report.reporter
    name = reporter.name if reporter is not None else report.contact_name or _("signed out")
    grounds = [each for each in (report.country, report.ground) if each]
    return ReportLine(
        reason=report.get_reason_display(),
        text=report.text,
        reporter=name,
        reporter_href=reverse("queue-person", args=[reporter.name]) if reporter is not None else "",
        weight=report.weight,
        at=report.at,
        outcome=report.get_outcome_display(),
        illegal=": ".join(grounds),
    )


def _history(row: Act) -> HistoryLine:
    detail = getattr(row, "detail", None)
    by = _name(detail.actor) if detail is not None and detail.actor is not None else by_words(row)
    return HistoryLine(act_words(row.act), by, row.at, row.seq, note_of(row))


def _name(account: Account | None) -> str:
    return account.name if account is not None else _("a former editor")


def _edits(comment: Comment) -> tuple[EditLine, ...]:
    """Return what each edit changed, newest first."""
    earlier = sorted(comment.edits.all(), key=lambda each: (each.at, each.pk))
    texts = [*(each.source for each in earlier), comment.source]
    lines = [
        EditLine(each.at, sanitised(as_html(each.source, after)))
        for each, after in zip(earlier, texts[1:], strict=True)
    ]
    return tuple(reversed(lines))


def _appeal(comment: Comment, editor: Account) -> AppealLine | None:
    appeal = getattr(comment, "appeal", None)
    if appeal is None or appeal.outcome != "open":
        return None
    detail = getattr(appeal.against, "detail", None)
    by = _name(detail.actor if detail is not None else None)
    clause = clause_words(appeal.against.clause)
    return AppealLine(appeal.text, appeal.at, by, clause, _mine(appeal, editor))
