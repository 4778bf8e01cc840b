"""Webhooks: other programs are told that something happened, never what was said or by whom.

What lives here: which events there are, writing and sending deliveries. What may not: connections
(``transport``).

A delivery is written in the transaction of what happened, sent after it, and tried again until it arrives:
at least once, with a number by which a receiver knows one that it has had already.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

import parley
from parley.site.web.models import Act, Appeal, Article, Comment, Delivery, Report, State, Version, Webhook
from parley.site.web.outlets import places
from parley.site.web.outlets.transport import Refusal, checked, post, resolved, signature
from parley.site.web.prepared import Prepared

__all__ = [
    "EVENTS",
    "PAUSES",
    "add",
    "deliver_due",
    "find",
    "of_act",
    "of_appeal",
    "of_comment",
    "of_report",
    "of_version",
    "overview",
    "tell",
    "test",
]

EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "comment.held": "a comment waits for an editor",
        "comment.shown": "a comment is shown",
        "comment.removed": "a comment was removed or withdrawn",
        "report.made": "something was reported",
        "appeal.made": "a writer appeals against a removal",
        "article.version": "an article has a new version",
        "test": "somebody tries the webhook out",
    }
)
PAUSES = (1, 5, 30, 120, 480, 1440)  # minutes between attempts; after the last it is given up
LEASE = timedelta(minutes=5)
_OF_STATE = {
    State.VISIBLE: "comment.shown",
    State.HELD: "comment.held",
    State.HIDDEN: "comment.held",
    State.REMOVED: "comment.removed",
    State.WITHDRAWN: "comment.removed",
}


def add(url: str, events: Iterable[str] = ()) -> Webhook:
    """Enter a webhook; none named means all events. Its secret is made here.

    Raises
    ------
    Refusal
        The address is one that nothing is sent to, or there is no such event.
    """
    wanted = list(dict.fromkeys(events))
    unknown = [each for each in wanted if each not in EVENTS]
    if unknown:
        raise Refusal(f"there is no event `{unknown[0]}`; there are {', '.join(EVENTS)}")
    place = checked(url, private=settings.PARLEY_WEBHOOKS_PRIVATE)
    return Webhook.objects.create(url=place, secret=secrets.token_urlsafe(32), events=wanted)


def find(number: int) -> Webhook:
    """Return a webhook by its number.

    Raises
    ------
    Refusal
        There is none.
    """
    found = Webhook.objects.filter(pk=number).first()
    if found is None:
        raise Refusal(f"there is no webhook {number}; `parley webhook list` shows them")
    return found


def overview() -> list[str]:
    """Return a line for each webhook: where, what, how it stands."""
    open_ = Q(deliveries__sent_at=None, deliveries__failed_at=None)
    rows = Webhook.objects.order_by("pk").annotate(
        waiting=Count("deliveries", filter=open_),
        lost=Count("deliveries", filter=Q(deliveries__failed_at__isnull=False)),
    )
    return [
        f"{each.pk}  {each.url}  {', '.join(each.events) or 'all events'}  {each.waiting} waiting, "
        f"{each.lost} given up, {each.failures} failures in a row" + ("" if each.active else ", switched off")
        for each in rows
    ]


_ACTIVE = Prepared(lambda: Webhook.objects.filter(active=True).values_list("pk"))


def tell(event: str, body: Mapping[str, Any]) -> int:
    """Write a delivery for each webhook that wants the event, within the transaction at hand."""
    if not _ACTIVE.rows():  # as on most sites, and asked with each comment
        return 0
    wanted = [each for each in Webhook.objects.filter(active=True) if not each.events or event in each.events]
    for each in wanted:
        Delivery.objects.create(webhook=each, event=event, body=dict(body))
    return len(wanted)


def test(hook: Webhook) -> int:
    """Send a trial at once and return the status of the answer.

    Raises
    ------
    Refusal
        The other side cannot be reached, or is not to be.
    """
    trial = Delivery.objects.create(
        webhook=hook, event="test", body={}, not_before=timezone.now() + LEASE, attempts=1
    )
    try:
        status = _send(trial)
    except Refusal as fault:
        Delivery.objects.filter(pk=trial.pk).update(failed_at=timezone.now(), error=str(fault)[:300])
        raise
    Delivery.objects.filter(pk=trial.pk).update(sent_at=timezone.now())
    return status


def deliver_due(most: int = 100) -> int:
    """Send what waits, at most so many; return how many arrived."""
    due = Q(sent_at=None, failed_at=None, webhook__active=True)
    keys = (
        Delivery.objects.filter(due, not_before__lte=timezone.now())
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return sum(_attempt(key) for key in list(keys[:most]))


def of_comment(comment: Comment) -> None:
    """Tell that a comment came, as it was taken."""
    tell(_OF_STATE[State(comment.state)], _comment(comment.pk, comment.kind, comment.state, comment.article))


def of_act(act: Act) -> None:
    """Tell that an act changed whether a comment is shown."""
    if act.subject not in ("comment", "challenge") or act.subject_id is None or act.before in ("", act.after):
        return
    if act.after in State.values:
        told = _comment(act.subject_id, act.subject, act.after, act.article)
        tell(_OF_STATE[State(act.after)], {**told, "act": act.act, "clause": act.clause, "log": act.seq})


def of_report(report: Report) -> None:
    """Tell that something was reported, and why; not by whom."""
    comment = report.comment
    told = _comment(comment.pk, comment.kind, comment.state, comment.article)
    tell("report.made", {**told, "reason": report.reason})


def of_appeal(appeal: Appeal) -> None:
    """Tell that a writer appeals."""
    comment = appeal.comment
    tell("appeal.made", _comment(comment.pk, comment.kind, comment.state, comment.article))


def of_version(version: Version) -> None:
    """Tell that an article has a new version; drafts are nobody's business."""
    if version.article.state != Article.State.DRAFT:
        slug = version.article.slug
        tell(
            "article.version",
            {
                "article": slug,
                "version": version.n,
                "correction": version.correction,
                "url": places.whole(places.article(slug)),
            },
        )


def _comment(key: int, kind: str, state: str, article: Article | None) -> dict[str, Any]:
    return {
        "comment": key,
        "kind": kind,
        "state": state,
        "article": article.slug if article is not None else None,
        "url": places.whole(places.comment(key)),
    }


def _attempt(key: int) -> int:
    with transaction.atomic():
        free = Delivery.objects.select_for_update(of=("self",)).select_related("webhook")
        found = free.filter(pk=key, sent_at=None, failed_at=None, not_before__lte=timezone.now()).first()
        if found is None:
            return 0
        found.attempts += 1
        found.not_before = timezone.now() + LEASE  # another worker leaves it alone meanwhile
        found.save(update_fields=("attempts", "not_before"))
    try:
        status = _send(found)
        if not 200 <= status < 300:
            raise Refusal(
                f"answered {status}" + (": redirects are not followed" if 300 <= status < 400 else "")
            )
    except Refusal as fault:
        return _failed(found, str(fault))
    Delivery.objects.filter(pk=key).update(sent_at=timezone.now(), error="")
    Webhook.objects.filter(pk=found.webhook_id).update(failures=0)
    return 1


def _send(found: Delivery) -> int:
    target = resolved(found.webhook.url, private=settings.PARLEY_WEBHOOKS_PRIVATE)
    told = {
        "event": found.event,
        "id": found.pk,
        "at": found.created.isoformat(),
        "site": settings.PARLEY_URL,
    }
    body = json.dumps({**told, **found.body}, sort_keys=True).encode()
    now = int(time.time())
    return post(
        target,
        body,
        {
            "Content-Type": "application/json",
            "User-Agent": f"Parley/{parley.__version__}",
            "Parley-Delivery": str(found.pk),
            "Parley-Timestamp": str(now),
            "Parley-Signature": signature(found.webhook.secret, now, body),
        },
    )


def _failed(found: Delivery, fault: str) -> int:
    Webhook.objects.filter(pk=found.webhook_id).update(failures=F("failures") + 1)
    now = timezone.now()
    rows = Delivery.objects.filter(pk=found.pk)
    if found.attempts > len(PAUSES):
        rows.update(failed_at=now, error=fault[:300])
    else:
        pause = timedelta(minutes=PAUSES[found.attempts - 1])
        rows.update(not_before=now + pause, error=fault[:300])
    return 0
