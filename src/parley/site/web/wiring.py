"""Rows that make work: a mail in the outbox is sent, a new subscription is asked about, events are told.

What lives here: connecting. What may not: the work itself.

All of it happens in the transaction of the row that caused it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models.signals import post_save
from django.utils import timezone

from parley.site.web.models import Act, Appeal, Comment, Delivery, Outbox, Report, Subscription, Version

__all__ = ["connect"]


def connect() -> None:
    """Connect the receivers; a second time changes nothing."""
    post_save.connect(_mail, sender=Outbox, dispatch_uid="outbox")
    post_save.connect(_asked, sender=Subscription, dispatch_uid="subscription")
    for sender in (Comment, Act, Report, Appeal, Version):
        post_save.connect(_happened, sender=sender, dispatch_uid=f"webhook-{sender.__name__}")
    post_save.connect(_told, sender=Delivery, dispatch_uid="delivery")


def _mail(instance: Outbox, created: bool, raw: bool = False, **_: Any) -> None:
    if created and not raw:
        from parley.site.web.jobs.queue import enqueue

        wait = instance.not_before - timezone.now()
        enqueue("mail", key=f"mail:{instance.pk}", after=max(wait, wait * 0), again=True)


def _asked(instance: Subscription, created: bool, raw: bool = False, **_: Any) -> None:
    if created and not raw and instance.confirmed_at is None:
        from parley.site.web.outlets.letters import confirmation

        confirmation(instance)


def _happened(instance: Any, created: bool, raw: bool = False, **_: Any) -> None:
    if created and not raw:
        from parley.site.web.outlets import webhooks

        of: dict[type[Any], Callable[[Any], None]] = {
            Comment: webhooks.of_comment,
            Act: webhooks.of_act,
            Report: webhooks.of_report,
            Appeal: webhooks.of_appeal,
            Version: webhooks.of_version,
        }
        of[type(instance)](instance)


def _told(instance: Delivery, created: bool, raw: bool = False, **_: Any) -> None:
    if created and not raw and instance.event != "test":
        from parley.site.web.jobs.queue import enqueue

        enqueue("webhook", key=f"webhook:{instance.pk}")
