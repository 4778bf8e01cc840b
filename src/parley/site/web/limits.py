"""How often one may act: token buckets in the database, by account and by network.

What lives here: taking a token, or saying how long to wait. What may not: the numbers (``rules``), the
address of a client (``middleware.client``).

Buckets outlive a restart and are shared by all processes. A clock that is set back refills nothing and takes
nothing away.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from parley.errors import ParleyError
from parley.site.web.models import Account, Bucket
from parley.site.web.prepared import Prepared, moment
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
        levels = _refilled(action, limit, asked)
        # Seconds until the emptiest holds a token, each refilled at its own pace.
        wait = max((1.0 - each.tokens) * 3600.0 / each.per_hour for each in levels)
        if wait <= 0:
            for each in levels:
                each.tokens -= 1.0
            _save(levels)
    if wait > 0:
        raise TooOften(action, max(1, math.ceil(wait)))


def give_back(action: str, asked: Mapping[str, float]) -> None:
    """Put back what :func:`take_from` took, when the act turned out not to be one that is counted."""
    limit: Limit = settings.PARLEY_RULES.limits[action]
    with transaction.atomic():
        levels = _refilled(action, limit, asked)
        for each in levels:
            each.tokens = min(each.full, each.tokens + 1.0)
        _save(levels)


def purge() -> int:
    """Forget buckets that have long been full again; returns how many.

    Buckets from a time that is still to come (the clock was ahead, and was set right) fill from now on:
    else they would wait for that time.
    """
    now = timezone.now()
    Bucket.objects.filter(updated__gt=now + SKEW).update(updated=now)
    return Bucket.objects.filter(updated__lt=timezone.now() - timedelta(days=2)).delete()[0]


@dataclass(slots=True)
class _Level:
    """A bucket as it is now: its row, its key within the action, its size, what is in it."""

    pk: int
    key: str
    full: float
    per_hour: float
    tokens: float
    updated: datetime


def _locked(keys: list[str]) -> QuerySet[Any, Any]:
    found = Bucket.objects.select_for_update().filter(key__in=keys).order_by("key")
    return found.values_list("pk", "key", "tokens", "updated")


_BUCKETS = Prepared(_locked)


def _refilled(action: str, limit: Limit, asked: Mapping[str, float]) -> list[_Level]:
    """Return the buckets as they are now, locked and unsaved; missing ones are made full."""
    now = timezone.now()
    full = {f"{action}:{key}": limit.burst * factor for key, factor in asked.items()}
    rows = _BUCKETS.rows(keys=sorted(full))
    missing = full.keys() - {row[1] for row in rows}
    if missing:
        made = [Bucket(key=key, tokens=full[key], updated=now) for key in sorted(missing)]
        Bucket.objects.bulk_create(made, ignore_conflicts=True)
        rows = _BUCKETS.rows(keys=sorted(full))
    levels = []
    for pk, key, tokens, at in rows:
        updated = moment(at)
        passed = max(0.0, (now - updated).total_seconds())
        per_hour = limit.per_hour * asked[key.partition(":")[2]]
        now_in_it = min(full[key], tokens + passed * per_hour / 3600.0)
        levels.append(_Level(pk, key, full[key], per_hour, now_in_it, max(now, updated)))
    return levels


def _save(levels: list[_Level]) -> None:
    adapted = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {Bucket._meta.db_table} SET tokens = %s, updated = %s WHERE id = %s",
            [(each.tokens, adapted(each.updated), each.pk) for each in levels],
        )
