"""Finding the account that somebody means, and whether it is known from a network.

What lives here: look-ups, and freeing an address of who never confirmed it. What may not: passwords, limits.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from hashlib import sha256

from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from parley.site.text.addresses import UNKNOWN, kept
from parley.site.web.models import Account, Role, SignIn

__all__ = ["account_of", "free_address", "keyed", "known", "network_of", "remember"]


def account_of(text: str) -> Account | None:
    """Return the account with this address or name (whatever the case), or None."""
    wanted = text.strip()
    found = (
        Account.objects.filter(email=wanted.lower())
        if "@" in wanted
        else Account.objects.filter(name__iexact=wanted)
    )
    return found.first()


def keyed(text: str) -> str:
    """Return a keyed hash of a name or an address, for buckets of what has no account."""
    return hmac.new(
        settings.SECRET_KEY.encode(), b"who:" + text.strip().lower().encode(), sha256
    ).hexdigest()[:32]


def network_of(request: HttpRequest | None) -> str:
    """Return the key of the client's network; ``unknown`` without a client."""
    return getattr(request, "network", UNKNOWN)


def known(account: Account, request: HttpRequest) -> bool:
    """Whether the account signed in from the client's network in the days that networks are kept."""
    since = timezone.now() - timedelta(days=settings.PARLEY_RULES.address_days)
    return SignIn.objects.filter(account=account, network=network_of(request), at__gte=since).exists()


def remember(account: Account, request: HttpRequest) -> None:
    """Note where an account signed in from; a request without a client leaves no trace."""
    address = getattr(request, "address", None)
    if address is None:
        return
    form = kept(address, settings.SECRET_KEY.encode())
    SignIn.objects.update_or_create(
        account=account, digest=form.digest, defaults={"network": form.network, "at": timezone.now()}
    )


def free_address(address: str, keep: int | None) -> None:
    """Delete accounts that named an address, never confirmed it, and never signed in."""
    squatters = Account.objects.filter(email=address.lower(), last_login=None, comments=None).exclude(
        pk=keep or 0
    )
    confirmed = EmailAddress.objects.filter(verified=True).values("user_id")
    squatters.exclude(pk__in=confirmed).exclude(role__in=(Role.EDITOR, Role.ADMIN, Role.AUTHOR)).delete()
