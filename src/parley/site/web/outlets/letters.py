"""The mails about what readers follow: their words, and putting them into the outbox.

What lives here: links that are signed, confirming, digests' text. What may not: what is new (``digests``),
sending.

No mail holds a link that a reader made, or a reader's HTML. Words of readers are quoted as plain text, with
addresses made unusable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from parley.site.text.mailsafe import quoted, subject
from parley.site.web.models import Account, Outbox, Site, Subscription
from parley.site.web.outlets import places

__all__ = [
    "Item",
    "confirmation",
    "digest",
    "follow_token",
    "followed",
    "leave_path",
    "unfollow_headers",
    "unfollowed",
    "writer",
]

_CONFIRM = signing.TimestampSigner(salt="parley.follow")
_LEAVE = signing.Signer(salt="parley.unsubscribe")
CONFIRM_SECONDS = 48 * 3600
MOST_A_DAY = (
    10  # questions of this kind to one account: who follows and unfollows without end floods a mailbox
)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a digest: what happened, where it stands, and a reader's words if there are any."""

    title: str
    path: str
    words: str = ""


def follow_token(found: Subscription) -> str:
    """Return the token that confirms one subscription, as it was made."""
    return _CONFIRM.sign(f"{found.pk}:{found.created.timestamp():.6f}")


def followed(token: str) -> Subscription | None:
    """Return the subscription that a token confirms; None when it is forged, old, or for nothing."""
    try:
        key, made = _CONFIRM.unsign(token, max_age=CONFIRM_SECONDS).split(":")
    except (signing.BadSignature, ValueError):
        return None
    found = Subscription.objects.select_related("account", "article__current").filter(pk=key).first()
    return found if found is not None and f"{found.created.timestamp():.6f}" == made else None


def unfollowed(token: str) -> Account | None:
    """Return the account whose digests a token ends; None when it is forged or the account is gone."""
    try:
        key, joined = _LEAVE.unsign(token).split(":")
    except (signing.BadSignature, ValueError):
        return None
    found = Account.objects.filter(pk=key, deleted_at=None).first()
    return found if found is not None and _joined(found) == joined else None


def leave_path(account: Account) -> str:
    """Return the path of the page that ends all digests of an account."""
    return f"/unsubscribe/{_LEAVE.sign(f'{account.pk}:{_joined(account)}')}"


def unfollow_headers(account: Account) -> dict[str, str]:
    """Return the headers by which a mail program unsubscribes at one click (RFC 2369, RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{places.whole(leave_path(account))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def confirmation(found: Subscription) -> None:
    """Put the mail into the outbox that asks whether the reader wants to follow something."""
    account = found.account
    asked = Outbox.objects.filter(
        account=account, key__startswith="follow:", created__gt=timezone.now() - timedelta(days=1)
    )
    if not account.email or account.deleted_at is not None or asked.count() >= MOST_A_DAY:
        return
    with override(settings.LANGUAGE_CODE):
        what = _subject_of(found)
        body = "\n\n".join(
            [
                _("Somebody, probably you, asked that news be sent to this address: %(what)s")
                % {"what": what},
                _("To get it, open this page and confirm:"),
                f"    {places.whole(f'/follow/confirm/{follow_token(found)}')}",
                _(
                    "The link holds for two days. If it was not you, you need do nothing: nothing will be "
                    "sent."
                ),
            ]
        )
        _post(
            f"follow:{found.pk}:{found.created.timestamp():.6f}",
            account,
            _("Do you want to follow this?"),
            body,
        )


def digest(key: str, account: Account, sections: Sequence[tuple[str, Sequence[Item]]], count: int) -> None:
    """Put a digest into the outbox: sections with their items, and how to end them all."""
    with override(settings.LANGUAGE_CODE):
        parts: list[str] = []
        for title, items in sections:
            parts.append(subject(title))
            parts.extend(_line(item) for item in items)
        parts.append(
            "-- \n"
            + _("You follow this. Change it on your account's page, or end all of these mails here:")
            + f"\n{places.whole('/account/')}\n{places.whole(leave_path(account))}"
        )
        title = _("What is new: %(count)s") % {"count": count}
        _post(key, account, title, "\n\n".join(parts), unfollow_headers(account))


def writer(name: str) -> str:
    """Return a name as it stands in a mail: on one line, unusable as a link."""
    return quoted(name)[2:]


def _joined(account: Account) -> str:
    """Tell an account from a later one that got its number (SQLite gives numbers anew)."""
    return str(int(account.joined.timestamp()))


def _line(item: Item) -> str:
    lines = [f"* {item.title}", f"  {places.whole(item.path)}"]
    if item.words:
        lines.append("\n".join(f"  {line}" for line in quoted(item.words, longest=300).splitlines()))
    return "\n".join(lines)


def _subject_of(found: Subscription) -> str:
    if found.article is None:
        return _("answers to your comments, and news of your challenges")
    current = found.article.current
    return subject(current.title if current is not None else found.article.slug)


def _post(key: str, account: Account, title: str, body: str, headers: dict[str, str] | None = None) -> None:
    site = Site.objects.filter(pk=1).values_list("name", flat=True).first() or "Parley"
    Outbox.objects.get_or_create(
        key=key,
        defaults={
            "account": account,
            "to": account.email,
            "subject": subject(f"{site}: {title}"),
            "body": f"{body.rstrip()}\n",
            "headers": headers or {},
        },
    )
