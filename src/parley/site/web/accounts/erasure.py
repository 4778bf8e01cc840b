"""Deleting an account: asked for, taken back within a day, and then carried out.

What lives here: what goes and what stays. What may not: pages.

What goes: name, address, password, factors, profile, sessions, sign-ins, marks, follows, mails, copies of
data, notes about the person, the text of reports and appeals, networks and fingerprints of comments. Texts go
too,
or stay without a name (visible ones only), as the person chose. What stays: rows of the public log, which
name
nobody, and an empty account row that sanctions and log details no longer point to. ``erased`` is sent so that
indices can
follow.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.dispatch import Signal
from django.utils import timezone

from parley.errors import ParleyError
from parley.site.web import journal
from parley.site.web.accounts import letters, sessions
from parley.site.web.models import (
    Account,
    ActDetail,
    Appeal,
    Article,
    Bucket,
    Challenge,
    Comment,
    CommentEdit,
    DataExport,
    Job,
    Mark,
    Note,
    Notice,
    Outbox,
    Report,
    Role,
    Sanction,
    SignIn,
    State,
    Subscription,
    Version,
)
from parley.site.web.moderation import quotes
from parley.site.web.moderation.decide import decide
from parley.site.web.moderation.turns import alone
from parley.site.web.revisions import touch, touch_site

__all__ = ["DeletionError", "ask", "carry_out", "erased", "run_due", "take_back"]

erased = Signal()
"""Sent inside the transaction with ``account`` and ``comments``: the numbers of what changed."""


class DeletionError(ParleyError):
    """The account cannot be deleted."""


def ask(account: Account, *, unsign: bool) -> None:
    """Note that an account is to be deleted once the day for taking it back is over, and send a mail.

    Parameters
    ----------
    unsign
        Whether visible texts stay, without a name; else they go.

    Raises
    ------
    DeletionError
        It is the only administrator's.
    """
    if account.role == Role.ADMIN and not _other_admin(account):
        raise DeletionError(
            "this is the only administrator: appoint another one first (`parley admin role NAME admin`)"
        )
    with transaction.atomic():
        account.deletion_due = timezone.now() + timedelta(hours=settings.PARLEY_RULES.deletion_hours)
        account.deletion_unsigns = unsign
        account.save(update_fields=("deletion_due", "deletion_unsigns"))
        if account.email:
            link = f"{settings.PARLEY_URL}/account/"
            letters.post("parley/deletion_asked", account.email, {"link": link})


def take_back(account: Account) -> None:
    """Keep the account after all."""
    account.deletion_due = None
    account.deletion_unsigns = False
    account.save(update_fields=("deletion_due", "deletion_unsigns"))


def run_due() -> int:
    """Carry out every deletion whose time has come; returns how many (for the worker's housekeeping)."""
    due = Account.objects.filter(deletion_due__lte=timezone.now(), deleted_at=None).values_list(
        "pk", flat=True
    )
    return sum(carry_out(key) for key in list(due))


def carry_out(key: int) -> bool:
    """Delete what belongs to an account, in one transaction; False if it was taken back meanwhile."""
    with transaction.atomic():
        alone(Account(pk=key))
        journal.begin()  # before any row: decisions take the log first, then write points to this row
        account = Account.objects.select_for_update().get(pk=key)
        if account.deleted_at is not None or account.deletion_due is None:
            return False
        if account.deletion_due > timezone.now() or (
            account.role == Role.ADMIN and not _other_admin(account)
        ):
            return False
        _lock_comments(key)
        address, unsign = account.email, account.deletion_unsigns
        changed = _texts(account, unsign=unsign)
        _marks(account)
        _reports(account)
        _thanks(account)
        _records(account, address)
        _empty(account)
        journal.append(
            journal.Entry("erase", "system", "account", public={"texts": "unsigned" if unsign else "removed"})
        )
        erased.send(sender=Account, comments=changed, account=key)
        touch_site()
        if address:
            letters.post("parley/deletion_done", address, {})
    sessions.erase(account)  # all sessions are read for it: not while others wait to write
    return True


def _lock_comments(key: int) -> None:
    """Lock all comments that change before the first article is touched, in the order in which marks do."""
    keys = set(Comment.objects.filter(author=key).values_list("pk", flat=True))
    keys.update(Mark.objects.filter(account=key).values_list("comment_id", flat=True))
    list(Comment.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))


def _other_admin(account: Account) -> bool:
    others = Account.objects.filter(role=Role.ADMIN, is_active=True, deleted_at=None, deletion_due=None)
    return others.exclude(pk=account.pk).exists()


def _texts(account: Account, *, unsign: bool) -> list[int]:
    """Remove or unsign what the account wrote; returns the numbers of the comments."""
    own = list(Comment.objects.filter(author=account).order_by("pk"))
    for comment in own:
        if comment.state != State.WITHDRAWN and not (unsign and comment.state == State.VISIBLE):
            decide(comment, "withdraw", account, None)
    keys = [comment.pk for comment in own]
    comments = Comment.objects.filter(pk__in=keys)
    gone = comments.filter(state=State.WITHDRAWN)
    CommentEdit.objects.filter(Q(comment__in=gone) | Q(comment__in=keys, shown=False)).delete()
    Challenge.objects.filter(comment__in=gone).update(reasons={}, sources={})
    Appeal.objects.filter(comment__in=keys).update(text="")
    gone.update(source="", html="", quote="", held_reasons=[])
    comments.update(author=None, network="", fingerprint="", key=None)
    for comment in comments.exclude(quoted_by=None).distinct():
        quotes.renew(comment)
    for article in Article.objects.filter(comments__in=keys).distinct():
        touch(article)
    return keys


def _marks(account: Account) -> None:
    """Take the account's marks away, and count those that are left."""
    marked = list(Mark.objects.filter(account=account).values_list("comment_id", flat=True))
    Mark.objects.filter(account=account).delete()
    counts = Comment.objects.filter(pk__in=marked).annotate(
        left=Count("marks", filter=Q(marks__kind=Mark.Kind.ADVANCES, marks__counted=True), distinct=True),
        moved=Count("marks", filter=Q(marks__kind=Mark.Kind.CONVINCED, marks__counted=True), distinct=True),
    )
    articles = set()
    for comment in counts:
        Comment.objects.filter(pk=comment.pk).update(advances=comment.left, convinced=comment.moved)
        articles.add(comment.article_id)
    for key in articles:
        touch(key)


def _reports(account: Account) -> None:
    Report.objects.filter(reporter=account).update(
        reporter=None, text="", contact_name="", contact_mail="", network="", tell_me=False
    )


def _thanks(account: Account) -> None:
    """Take the name from the thanks to a reader whose challenge was adopted."""
    thanked = Version.objects.filter(thanks=account.name)
    articles = set(thanked.values_list("article_id", flat=True))
    thanked.update(thanks="")
    for key in articles:
        touch(key)


def _records(account: Account, address: str | None) -> None:
    """Delete what only serves the account, and cut what points to it."""
    for model in (SignIn, Subscription, DataExport, Sanction, Notice):
        model.objects.filter(account=account).delete()
    _unaddressed([address] if address else [])
    _unaddressed(EmailAddress.objects.filter(user_id=account.pk).values_list("email", flat=True))
    Outbox.objects.filter(account=account).delete()
    for owned in (EmailAddress, Authenticator, SocialAccount):
        owned.objects.filter(user_id=account.pk).delete()
    Note.objects.filter(account=account).delete()
    ActDetail.objects.filter(actor=account).update(actor=None, undo=None)
    Job.objects.filter(account=account).update(account=None, network="")
    Bucket.objects.filter(key__regex=rf":[akt]:{account.pk}(:|$)").delete()
    Article.objects.filter(owner=account).update(owner=None)


def _unaddressed(addresses: Iterable[str]) -> None:
    for address in addresses:
        Outbox.objects.filter(to__iexact=address).delete()
        Report.objects.filter(contact_mail__iexact=address).update(contact_mail="", contact_name="")


def _empty(account: Account) -> None:
    """Leave a row that says only that there was an account."""
    Account.objects.filter(pk=account.pk).update(
        name=f"deleted {account.pk}",
        skeleton=f"-{account.pk}",  # no name has a skeleton with a hyphen
        email=None,
        password="",
        bio="",
        role=Role.READER,
        is_active=False,
        last_login=None,
        points=0,
        approved=0,
        removed=0,
        judged=0,
        upheld=0,
        muted_until=None,
        mute_step=0,
        banned_at=None,
        deletion_due=None,
        deleted_at=timezone.now(),
    )
