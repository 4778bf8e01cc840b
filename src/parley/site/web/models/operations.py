"""What keeps the site running: rate-limit buckets, outgoing mail, exports of readers' data, webhooks.

What lives here: operators' records. What may not: readers' words.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from parley.site.web.models.accounts import Account

__all__ = ["Bucket", "DataExport", "Delivery", "Outbox", "Webhook"]


class Bucket(models.Model):
    """A token bucket: what is left under one key (action and account, or action and network)."""

    key = models.CharField(max_length=120, unique=True)
    tokens = models.FloatField()
    updated = models.DateTimeField()


class Outbox(models.Model):
    """A mail to be sent by the worker: text only, once (``key``), after the time for undoing.

    ``taken_at`` is written before it is handed to the mail server and ``sent_at`` after; a row that has the
    first
    alone was in the hands of a process that ended, and is not sent again. ``failed_at`` says that it was
    given up.
    """

    key = models.CharField(max_length=160, unique=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    headers = models.JSONField(default=dict)
    not_before = models.DateTimeField(default=timezone.now)
    created = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = (
            models.Index(
                fields=("not_before",),
                name="outbox_waiting",
                condition=Q(taken_at__isnull=True, sent_at__isnull=True, failed_at__isnull=True),
            ),
        )


class DataExport(models.Model):
    """A copy of an account's data: the requester's own, for 24 hours."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="exports")
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    token_hash = models.CharField(max_length=64, unique=True)
    data = models.BinaryField(null=True)


class Webhook(models.Model):
    """Where events are sent, signed with the secret; ``failures`` counts those in a row."""

    url = models.URLField(max_length=500)
    secret = models.CharField(max_length=80)
    events = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    created = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField(default=0)


class Delivery(models.Model):
    """An event on its way to a webhook: written with what happened, tried until it arrives."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    body = models.JSONField()
    created = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = (
            models.Index(
                fields=("not_before",),
                name="delivery_waiting",
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
            ),
        )
