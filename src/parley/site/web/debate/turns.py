"""One at a time: acts of the same account follow each other.

What lives here: the lock of an account. What may not: the log's own lock (``journal``).

SQLite has one writer at a time anyway. On PostgreSQL the account's lock is no lock of its row: decisions
write points to that row while they hold the log's lock, and the two must not wait for each other. Whoever
takes both takes this one first.
"""

from __future__ import annotations

from django.db import connection

from parley.site.web.models import Account

__all__ = ["alone"]

_NAMESPACE = 0x70726C79  # of PostgreSQL's advisory locks with two numbers


def alone(account: Account) -> None:
    """Wait until no other act of the account runs, and keep others waiting until this transaction ends."""
    assert connection.in_atomic_block, "an act is one transaction"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_NAMESPACE, account.pk % 2**31])
