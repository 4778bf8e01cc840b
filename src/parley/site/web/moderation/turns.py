"""One at a time: acts of the same account follow each other, and each sees what the one before left.

What lives here: the lock of an account, and whether it may still write. What may not: the log's own lock
(``journal``).

SQLite has one writer at a time anyway. On PostgreSQL the account's lock is no lock of its row: decisions
write points to that row while they hold the log's lock, and the two must not wait for each other. Whoever
takes both takes this one first.
"""

from __future__ import annotations

from django.db import connection

from parley.site.web.models import Account
from parley.site.web.moderation.acts import Refused
from parley.site.web.prepared import Prepared, moment

__all__ = ["alone", "speaks"]

_NAMESPACE = 0x70726C79  # of PostgreSQL's advisory locks with two numbers


def alone(account: Account) -> None:
    """Wait until no other act of the account runs, and keep others waiting until this transaction ends."""
    assert connection.in_atomic_block, "an act is one transaction"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_NAMESPACE, account.pk % 2**31])


def speaks(account: Account) -> None:
    """Take the account's turn, and read anew what it may do.

    A request is let in before it has its turn. While it waits an editor may silence the account, remove all
    that it wrote, or the account may be deleted: what it says after that must not appear.

    Raises
    ------
    Refused
        The account may not write any more.
    """
    alone(account)
    rows = _STANDING.rows(key=account.pk)
    if not rows:
        raise Refused("your account may not write at present")
    active, banned, muted, account.role, account.points, account.approved, account.removed = rows[0]
    account.is_active = bool(active)
    account.banned_at, account.muted_until = banned and moment(banned), muted and moment(muted)
    if not account.is_active or account.silenced():
        raise Refused("your account may not write at present")


_COLUMNS = ("is_active", "banned_at", "muted_until", "role", "points", "approved", "removed")
_STANDING = Prepared(lambda key: Account.objects.filter(pk=key).values_list(*_COLUMNS))
