"""People are told what was decided: writers with clause and how to appeal, reporters the outcome.

What lives here: making notices and the mails that say the same, once each, in the transaction of the act;
the words of both. What may not: sending mail (the worker does).

A mail waits until the time for undoing is over; a decision that is taken back takes its notices and its
mails that were not sent with it. No notice names an editor or who reported something.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as later
from django.utils.translation import override

from parley.site.text.mailsafe import subject
from parley.site.web.models import Account, Act, Comment, Notice, Outbox, Report
from parley.site.web.rules import CLAUSES

__all__ = ["SPAM", "headline", "notify", "paragraphs", "retract", "sanction_of", "tell", "unread"]

Kind = Notice.Kind
_OF_ACT = {
    "approve": Kind.APPROVED,
    "ask": Kind.ASK,
    "remove": Kind.REMOVED,
    "hide": Kind.HIDDEN,
    "restore": Kind.RESTORED,
    "uphold": Kind.UPHELD,
}
SPAM = later("Removed with everything that this account wrote, as spam.")  # kept so; said in any language
SANCTIONS = frozenset({Kind.MUTED, Kind.BANNED})
_GRACE = 5  # seconds beyond the time for undoing


def notify(
    account: Account,
    kind: str,
    *,
    key: str,
    comment: Comment | None = None,
    clause: int | None = None,
    words: str = "",
    until: datetime | None = None,
    outcome: str = "",
    seq: int | None = None,
) -> Notice:
    """Tell an account something, on its page and by mail; the same key a second time tells nothing new.

    Parameters
    ----------
    account
        Who is told. An account that was deleted, or that has no address, gets no mail.
    kind
        One of :class:`Notice.Kind`.
    key
        Unique to what is told, e.g. ``act:481:writer``; :func:`retract` finds notices by its beginning.
    comment, clause, words, until, outcome, seq
        What it is about; see :class:`Notice`.
    """
    notice, made = Notice.objects.get_or_create(
        key=key,
        defaults={
            "account": account,
            "kind": kind,
            "comment": comment,
            "clause": clause,
            "words": words,
            "until": until,
            "outcome": outcome,
            "seq": seq,
        },
    )
    if made and account.email and account.deleted_at is None:
        with override(settings.LANGUAGE_CODE):  # not the language of the editor who decided
            body = "\n\n".join([*paragraphs(notice), *_where(notice)])
            _mail(key, account.email, headline(notice), body, account)
    return notice


def tell(
    comment: Comment,
    act: str,
    row: Act,
    *,
    words: str = "",
    judged: Sequence[Report] = (),
    first: bool = False,
) -> None:
    """Tell the writer and the reporters what was decided about a comment.

    Parameters
    ----------
    comment, act, row
        What was done, and its row of the log.
    words
        The editor's, to the writer; in a decision on illegal content to its reporter as well.
    judged
        The reports that the act settled.
    first
        For ``approve``: whether no editor had approved the comment before; else its writer has no news.
    """
    kind = _OF_ACT.get(act)
    if kind == Kind.APPROVED and (not first or row.before == "visible"):
        kind = None
    if kind is not None and comment.author is not None:
        illegal = any(report.reason == Report.Reason.ILLEGAL for report in judged)
        notify(
            comment.author,
            kind,
            key=f"act:{row.seq}:writer",
            comment=comment,
            clause=row.clause if kind == Kind.REMOVED else comment.clause,
            words="" if illegal and kind == Kind.APPROVED else words,
            seq=row.seq,
        )
    for report in judged:
        _tell_reporter(comment, report, row)


def _tell_reporter(comment: Comment, report: Report, row: Act) -> None:
    key = f"act:{row.seq}:report:{report.pk}"
    if report.reporter is not None and report.tell_me:
        notify(
            report.reporter,
            Kind.REPORT,
            key=key,
            comment=comment,
            outcome=report.outcome,
            words=report.decision,
            seq=row.seq,
        )
    if report.contact_mail and report.receipt:
        with override(settings.LANGUAGE_CODE):
            lines = [
                _("You reported content as illegal. This is what was decided: %(outcome)s.")
                % {"outcome": Report.Outcome(report.outcome).label},
                report.decision,
                f"{settings.PARLEY_URL}/receipts/{report.receipt}/",
            ]
            body = "\n\n".join(line for line in lines if line)
            _mail(f"{key}:receipt", report.contact_mail, _("Your report of illegal content"), body, None)


def retract(comment: Comment, row: Act, done: Act) -> None:
    """Take back what was told of an act that is undone; who has had a mail already is told that too."""
    prefix = f"act:{row.seq}:"
    sent = Outbox.objects.filter(key__startswith=prefix, sent_at__isnull=False)
    told = list(sent.exclude(account=None).values_list("account_id", flat=True).distinct())
    Outbox.objects.filter(key__startswith=prefix, sent_at__isnull=True).delete()
    Notice.objects.filter(key__startswith=prefix).delete()
    for account in Account.objects.filter(pk__in=told):
        notify(account, Kind.UNDONE, key=f"act:{done.seq}:{account.pk}", comment=comment, seq=done.seq)


def unread(account: Account) -> int:
    """Return how many notices an account has not read."""
    return Notice.objects.filter(account=account, read_at=None).count()


def headline(notice: Notice) -> str:
    """Return what a notice says in one line."""
    label = str(Kind(notice.kind).label)
    return label[:1].upper() + label[1:]


def paragraphs(notice: Notice) -> list[str]:
    """Return what a notice says, as plain paragraphs: what, why, the editor's words, what can be done."""
    said: list[str] = []
    if notice.comment is not None:
        said.append(_("It concerns comment #%(id)s.") % {"id": notice.comment.pk})
    if notice.clause is not None and notice.kind in {
        Kind.REMOVED,
        Kind.UPHELD,
        Kind.MUTED,
        Kind.BANNED,
        Kind.STANDS,
    }:
        said.append(
            _("The reason: %(clause)s (clause %(number)s of the policy).")
            % {"clause": _(CLAUSES[notice.clause]), "number": notice.clause}
        )
    if notice.kind == Kind.REPORT:
        said.append(_("Your report: %(outcome)s.") % {"outcome": Report.Outcome(notice.outcome).label})
    if notice.words:
        said.append(_("An editor writes:") + "\n" + (_(SPAM) if notice.words == SPAM else notice.words))
    if notice.until is not None:
        until = f"{notice.until:%Y-%m-%d %H:%M} UTC"
        said.append(_("This ends on %(until)s.") % {"until": until})
    if (notice.kind == Kind.REMOVED and notice.comment is not None) or notice.kind in SANCTIONS:
        said.append(
            _("You can appeal within %(days)s days; another editor decides.")
            % {"days": settings.PARLEY_RULES.appeal_days}
        )
    if notice.kind == Kind.ASK:
        said.append(_("The comment waits until you have changed it, or an editor decides."))
    return said


def sanction_of(notice: Notice) -> int | None:
    """Return the number of the mute or ban that a notice tells of; None for other notices."""
    if notice.kind not in SANCTIONS or notice.seq is None:
        return None
    return Act.objects.filter(seq=notice.seq).values_list("subject_id", flat=True).first()


def _where(notice: Notice) -> list[str]:
    """Return the lines of a mail that lead to the site."""
    lines = []
    if notice.comment is not None:
        step = {Kind.REMOVED: "appeal", Kind.ASK: "edit"}.get(Kind(notice.kind), "")
        lines.append(f"{settings.PARLEY_URL}/c/{notice.comment.pk}/{step}")
    if (sanction := sanction_of(notice)) is not None:
        lines.append(f"{settings.PARLEY_URL}/account/sanctions/{sanction}/appeal")
    if notice.seq is not None:
        lines.append(
            _("The public log, entry %(seq)s: %(address)s")
            % {"seq": notice.seq, "address": f"{settings.PARLEY_URL}/log/#{notice.seq}"}
        )
    return lines


def _mail(key: str, to: str, about: str, body: str, account: Account | None) -> None:
    wait = timedelta(seconds=settings.PARLEY_RULES.undo_seconds + _GRACE)
    Outbox.objects.get_or_create(
        key=key,
        defaults={
            "account": account,
            "to": to,
            "subject": subject(about),
            "body": body,
            "not_before": timezone.now() + wait,
        },
    )
