"""How often one may act: token buckets in the database, by account and by network.

What lives here: taking a token, or saying how long to wait. What may not: the numbers (``rules``), the
address of a client (``middleware.client``).

Buckets outlive a restart and are shared by all processes. A clock that is set back refills nothing and takes
nothing away.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from parley.errors import ParleyError
from parley.site.web.models import Account, Bucket
from parley.site.web.rules import Limit

__all__ = ["TooOften", "give_back", "purge", "take", "take_from"]

SKEW = timedelta(minutes=1)  # by how much the clocks of two machines may differ; more was set back


class TooOften(ParleyError):
    """The act was refused for its frequency; ``seconds`` says how long to wait."""

    def __init__(self, action: str, seconds: int) -> None:
        self.action = action
        self.seconds = seconds
        super().__init__(f"too often: try again in {seconds} s")


def take(action: str, *, network: str, account: Account | None = None) -> None:
    """Take one token for an action from the account's bucket and from that of its network.

    Both or neither: when one is empty nothing is taken. ``network`` is the key of the client's network
    (:func:`parley.site.text.addresses.network`); with no account it alone counts, and then without the
    factor that is granted to networks where many sit.

    Raises
    ------
    TooOften
        A bucket is empty.
    KeyError
        There is no limit of this name.
    """
    limit: Limit = settings.PARLEY_RULES.limits[action]
    factor = limit.network_factor if account is not None else 1.0
    asked = {f"n:{network}": factor}
    if account is not None:
        asked[f"a:{account.pk}"] = 1.0
    take_from(action, asked)


def take_from(action: str, asked: Mapping[str, float]) -> None:
    """Take one token from each of the named buckets of an action; all or none.

    Parameters
    ----------
    action
        The limit's name.
    asked
        Key of the bucket: how many times the limit it holds.

    Raises
    ------
    TooOften
        A bucket is empty.
    KeyError
        There is no limit of this name.
    """
    limit: Limit = settings.PARLEY_RULES.limits[action]
    with transaction.atomic():
        wait = 0.0
        taken: list[Bucket] = []
        for key, factor in sorted(asked.items()):
            bucket, missing = _refilled(f"{action}:{key}", limit.burst * factor, limit.per_hour * factor)
            wait = max(wait, missing)
            taken.append(bucket)
        if not wait:
            for bucket in taken:
                bucket.tokens -= 1.0
                bucket.save(update_fields=("tokens", "updated"))
    if wait:
        raise TooOften(action, max(1, math.ceil(wait)))


def give_back(action: str, asked: Mapping[str, float]) -> None:
    """Put back what :func:`take_from` took, when the act turned out not to be one that is counted."""
    limit: Limit = settings.PARLEY_RULES.limits[action]
    with transaction.atomic():
        for key, factor in sorted(asked.items()):
            bucket, _ = _refilled(f"{action}:{key}", limit.burst * factor, limit.per_hour * factor)
            bucket.tokens = min(limit.burst * factor, bucket.tokens + 1.0)
            bucket.save(update_fields=("tokens", "updated"))


def purge() -> int:
    """Forget buckets that have long been full again; returns how many.

    Buckets from a time that is still to come (the clock was ahead, and was set right) fill from now on:
    else they would wait for that time.
    """
    now = timezone.now()
    Bucket.objects.filter(updated__gt=now + SKEW).update(updated=now)
    return Bucket.objects.filter(updated__lt=timezone.now() - timedelta(days=2)).delete()[0]


def _refilled(key: str, burst: float, per_hour: float) -> tuple[Bucket, float]:
    """Return the bucket as it is now (unsaved), and the seconds until it holds a token."""
    now = timezone.now()
    Bucket.objects.get_or_create(key=key, defaults={"tokens": burst, "updated": now})
    bucket = Bucket.objects.select_for_update().get(key=key)
    passed = max(0.0, (now - bucket.updated).total_seconds())
    bucket.tokens = min(burst, bucket.tokens + passed * per_hour / 3600.0)
    bucket.updated = max(now, bucket.updated)
    return bucket, max(0.0, (1.0 - bucket.tokens) * 3600.0 / per_hour)
