"""How often one may try to sign in, sign up, or have a mail sent.

What lives here: which buckets an attempt draws on. What may not: their numbers (``rules``).

An attempt draws on the bucket of the client's network and on that of the account (or, where there is none, of
the name that was tried: both are treated alike, so that the limit tells nothing). From a network that the
account signed in from before, it draws on a bucket of that pair alone: whoever tries elsewhere cannot lock
the owner
out.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest

from parley.site.web.accounts.find import account_of, keyed, known, network_of
from parley.site.web.limits import give_back, take_from
from parley.site.web.models import Account

__all__ = ["code", "login", "mail", "returned", "signup"]


def login(request: HttpRequest, who: str) -> Mapping[str, float]:
    """Take an attempt to sign in as ``who``; what is returned goes back by :func:`returned` on success.

    Raises
    ------
    TooOften
        There were too many.
    """
    return _taken("login", request, account_of(who), who, 1.0)


def code(request: HttpRequest, account: Account) -> Mapping[str, float]:
    """Take an attempt at an account's second factor.

    Raises
    ------
    TooOften
        There were too many.
    """
    pair = f":{network_of(request)}" if known(account, request) else ""
    asked = {f"t:{account.pk}{pair}": 1.0}
    take_from("login", asked)
    return asked


def mail(request: HttpRequest, address: str) -> None:
    """Take a mail to an address, whoever it belongs to.

    Raises
    ------
    TooOften
        There were too many to this address or from this network.
    """
    factor = settings.PARLEY_RULES.limits["mail"].network_factor
    _taken("mail", request, account_of(address) if "@" in address else None, address, factor)


def signup(request: HttpRequest) -> None:
    """Take a sign-up from the client's network.

    Raises
    ------
    TooOften
        There were too many.
    """
    take_from("signup", {f"n:{network_of(request)}": settings.PARLEY_RULES.limits["signup"].network_factor})


def returned(asked: Mapping[str, float]) -> None:
    """Give an attempt to sign in back: it went through."""
    give_back("login", asked)


def _taken(
    action: str, request: HttpRequest, account: Account | None, who: str, factor: float
) -> Mapping[str, float]:
    network = network_of(request)
    if account is not None and known(account, request):
        asked = {f"k:{account.pk}:{network}": 1.0}
    else:
        asked = {f"n:{network}": factor, f"a:{account.pk}" if account else f"x:{keyed(who)}": 1.0}
    take_from(action, asked)
    return asked
