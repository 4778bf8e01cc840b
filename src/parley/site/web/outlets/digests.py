"""Digests: what happened to what a reader follows, at most one mail an hour.

What lives here: who is due, what is new for whom. What may not: the words of mails (``letters``), sending
(``mail``).

A digest and the note of how far it reached are one transaction: after a crash it is either in the outbox
with the note moved, or neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from parley.site.render.words import plain
from parley.site.web.access import readable_articles
from parley.site.web.models import Account, ChallengeEffect, Comment, Kind, Mark, Subscription, Version
from parley.site.web.outlets import letters, places
from parley.site.web.outlets.exchange import PUBLIC, public_comments
from parley.site.web.outlets.letters import Item

__all__ = ["HOUR", "LAG", "PACES", "digest_due"]

HOUR = timedelta(hours=1)
LAG = timedelta(minutes=2)  # what is younger waits for the next: a transaction may not have ended yet
MOST = 20  # lines of one section
PACES: Mapping[str, timedelta] = MappingProxyType(
    {
        Subscription.Pace.HOURLY: HOUR,
        Subscription.Pace.DAILY: timedelta(days=1),
        Subscription.Pace.WEEKLY: timedelta(days=7),
    }
)


def digest_due(now: datetime | None = None) -> int:
    """Write the digests that are due into the outbox; return how many."""
    until = (now or timezone.now()) - LAG
    due = Q()
    for pace, pause in PACES.items():
        due |= Q(pace=pace) & (Q(sent_until=None) | Q(sent_until__lte=until - pause))
    accounts = (
        Subscription.objects.filter(due, confirmed_at__isnull=False, confirmed_at__lt=until)
        .filter(account__deleted_at=None, account__is_active=True, account__email__isnull=False)
        .values_list("account", flat=True)
        .distinct()
    )
    return sum(_written(key, until, due) for key in list(accounts))


def _written(key: int, until: datetime, due: Q) -> int:
    """Write one account's digest, whole or not at all; 0 where there is nothing new or one was just sent."""
    with transaction.atomic(), override(settings.LANGUAGE_CODE):
        account = Account.objects.select_for_update().get(pk=key)
        own = Subscription.objects.filter(account=account, confirmed_at__isnull=False)
        last = own.aggregate(last=Max("sent_until"))["last"]
        if last is not None and until - last < HOUR:
            return 0
        sections: list[tuple[str, list[Item]]] = []
        count = 0
        for each in own.filter(due).select_related("article__current").order_by("article__slug", "pk"):
            since = max(filter(None, (each.sent_until, each.confirmed_at)))
            items = _news(account, each, since, until)
            if not items:
                continue
            count += len(items)
            more = len(items) - MOST
            shown = items[:MOST]
            if more > 0:
                shown.append(Item(_("and %(count)s more") % {"count": more}, _page(each)))
            sections.append((_title(each), shown))
            Subscription.objects.filter(pk=each.pk).update(sent_until=until)
        if not sections:
            return 0
        letters.digest(f"digest:{account.pk}:{until.isoformat()}", account, sections, count)
        return 1


def _news(account: Account, each: Subscription, since: datetime, until: datetime) -> list[Item]:
    if each.article is None:
        return [*_answers(account, since, until), *_still(account, since, until)]
    return [*_versions(each, since, until), *_comments(account, each, since, until)]


def _comments(account: Account, each: Subscription, since: datetime, until: datetime) -> Iterable[Item]:
    new = _seen_by(account, since, until).filter(article=each.article).order_by("shown_at", "pk")
    for found in new:
        if found.kind == Kind.CHALLENGE:
            title = _("%(name)s challenges the argument") % {"name": _name(found)}
        else:
            title = _("%(name)s comments") % {"name": _name(found)}
        yield Item(title, places.comment(found.pk), plain(found.html))


def _answers(account: Account, since: datetime, until: datetime) -> Iterable[Item]:
    new = _seen_by(account, since, until).filter(parent__author=account).order_by("shown_at", "pk")
    for found in new:
        title = _("%(name)s answers you") % {"name": _name(found)}
        yield Item(title, places.comment(found.pk), plain(found.html))


def _still(account: Account, since: datetime, until: datetime) -> Iterable[Item]:
    """Say what the account's own challenges do to versions that are newer than they are."""
    solved = (
        ChallengeEffect.objects.filter(challenge__comment__in=public_comments().filter(author=account))
        .filter(solve__finished__gt=since, solve__finished__lte=until)
        .exclude(chip="")
        .select_related("challenge__comment__version", "version__article")
        .defer(
            *(f"{name}__{field}" for name in _VERSIONS for field in ("edition", "numbers", "source", "words"))
        )
        .order_by("version__n", "pk")
    )
    for effect in solved:
        comment, n = effect.challenge.comment, effect.version.n
        if comment.version is None or comment.version.n >= n:
            continue
        said = {
            "flips": _("Your challenge #%(id)s flips the advice in version %(n)s too"),
            "weakens": _("Your challenge #%(id)s weakens the advice in version %(n)s"),
            "strengthens": _("Your challenge #%(id)s strengthens the advice in version %(n)s"),
            "no change": _("Your challenge #%(id)s does not change the advice in version %(n)s"),
            "withheld": _("Your challenge #%(id)s could not be solved well enough for version %(n)s"),
        }[effect.chip]
        yield Item(said % {"id": comment.pk, "n": n}, places.comment(comment.pk))


_VERSIONS = ("version", "challenge__comment__version")


def _versions(each: Subscription, since: datetime, until: datetime) -> Iterable[Item]:
    new = Version.objects.filter(article=each.article, at__gt=since, at__lte=until, n__gt=1).order_by("n")
    for found in new.filter(article__in=readable_articles(PUBLIC)).defer(
        "edition", "numbers", "source", "words"
    ):
        title = _("Correction: version %(n)s") if found.correction else _("Version %(n)s")
        yield Item(title % {"n": found.n}, _page(each), found.note)


def _seen_by(account: Account, since: datetime, until: datetime) -> QuerySet[Comment]:
    hidden = Mark.objects.filter(account=account, kind=Mark.Kind.HIDE).values("comment")
    return (
        public_comments()
        .filter(shown_at__gt=since, shown_at__lte=until)
        .exclude(author=account)
        .exclude(pk__in=hidden)
    )


def _name(found: Comment) -> str:
    return letters.writer(found.author.name if found.author is not None else found.signed) or _("A reader")


def _title(each: Subscription) -> str:
    if each.article is None:
        return _("Answers to you, and your challenges")
    current = each.article.current
    return current.title if current is not None else each.article.slug


def _page(each: Subscription) -> str:
    return places.article(each.article.slug) if each.article is not None else "/account/"
