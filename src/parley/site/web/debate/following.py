"""Accounts follow articles, and the answers to what they wrote.

What lives here: subscriptions, made and ended. What may not: mail, and the link by which one is confirmed.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from parley.site.web.models import Account, Article, Subscription
from parley.site.web.moderation.acts import Refused

__all__ = ["follow", "unfollow"]


def follow(account: Account, article: Article | None, pace: str = Subscription.Pace.DAILY) -> Subscription:
    """Follow an article, or (None) the answers to one's own comments; again changes the pace.

    Raises
    ------
    Refused
        There is no such pace.
    """
    if pace not in Subscription.Pace.values:
        raise Refused(
            _("there is no pace called “%(name)s”; there are %(all)s")
            % {"name": pace[:20], "all": ", ".join(Subscription.Pace.values)}
        )
    with transaction.atomic():
        found, _made = Subscription.objects.update_or_create(
            account=account, article=article, defaults={"pace": pace}
        )
    return found


def unfollow(account: Account, article: Article | None) -> bool:
    """Follow no longer; return whether it was followed."""
    return Subscription.objects.filter(account=account, article=article).delete()[0] > 0
