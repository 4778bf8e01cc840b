"""Readers report what breaks the policy; anybody reports what is illegal.

What lives here: taking a report, its weight, and the rule that hides a comment until an editor has looked.
What may not: who reported, anywhere but in editors' hands.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from parley.errors import TextError
from parley.site.text.markdown import normalised
from parley.site.web import journal, limits
from parley.site.web.access import readable_comments
from parley.site.web.limits import TooOften
from parley.site.web.models import Account, Comment, Kind, Queue, Report, Standing, State
from parley.site.web.moderation.acts import Refused
from parley.site.web.moderation.consequences import open_item
from parley.site.web.moderation.decide import decide
from parley.site.web.moderation.turns import alone
from parley.site.web.sayings import saying

__all__ = ["FOR_CHALLENGES", "Complaint", "Taken", "report", "weight"]

Reason = Report.Reason
FOR_CHALLENGES = frozenset({Reason.NO_SOURCE, Reason.MISSTATES, Reason.DUPLICATE, Reason.OFF_MODEL})
_TRUST = {Standing.NEW: 0.0, Standing.RECOGNISED: 1.0, Standing.CONTRIBUTOR: 2.0}
_LONGEST = {"country": 60, "ground": 500, "contact_name": 120}
_NUMBER = re.compile(r"#?(\d{1,18})\b")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a report says.

    Attributes
    ----------
    reason
        One of :class:`Report.Reason`.
    text
        In the reader's words; needed for ``other``.
    duplicate_of
        For ``duplicate``: the number of the other challenge; if empty it is looked for in the text.
    tell_me
        Whether the reader wants to hear the outcome.
    country, ground, contact_name, contact_mail
        For ``illegal``: where and why it is illegal, and who says so, if they want to say.
    """

    reason: str
    text: str = ""
    duplicate_of: str = ""
    tell_me: bool = False
    country: str = ""
    ground: str = ""
    contact_name: str = ""
    contact_mail: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A report as it was taken; ``again`` where the account had reported the comment before."""

    report: Report
    again: bool = False


def report(comment: Comment, complaint: Complaint, reporter: Account | None, network: str = "") -> Taken:
    """Take a report, put it into the editors' queue, and hide the comment if the rule says so.

    Parameters
    ----------
    comment
        What is reported; shown, or hidden after other reports.
    complaint
        What is wrong with it.
    reporter
        Who reports; None only for what is illegal.
    network
        Of the request, for the limit.

    Raises
    ------
    TextError
        The complaint is incomplete; its ``values["field"]`` names the field.
    Refused
        The comment cannot be reported, or not by this reader.
    TooOften
        Too many reports.
    """
    _refuse_gone(comment)
    if reporter is not None and comment.author_id == reporter.pk:
        raise Refused("you cannot report your own comment; you can withdraw it")
    illegal = complaint.reason == Reason.ILLEGAL
    if reporter is None and not illegal:
        raise Refused("sign in to report this")
    row = _row(comment, complaint, reporter, network)
    with transaction.atomic():
        if reporter is not None:
            alone(reporter)
            already = Report.objects.filter(comment=comment, reporter=reporter).first()
            if already is not None:
                return Taken(already, again=True)
            _refuse_more_today(reporter)
        journal.begin()  # before the buckets: hiding writes to the log
        limits.take("illegal" if illegal else "report", network=network, account=reporter)
        _refuse_gone(Comment.objects.get(pk=comment.pk))  # an editor may have been quicker
        row.weight = weight(reporter)
        row.save(force_insert=True)
        _queue(comment, illegal)
        _hide(comment)
    return Taken(row)


def _refuse_gone(comment: Comment) -> None:
    if comment.state not in (State.VISIBLE, State.HIDDEN):
        raise Refused("only a comment that is shown can be reported")


def weight(reporter: Account | None) -> float:
    """Return what a report counts: 1, and more for standing and for reports that editors followed.

    1 + trust (0 to 2 by standing) + accuracy (-2 to 2 by the share of reports followed, once more than five
    were judged); never below 0. Without an account it is 0: it reaches the editors, and moves nothing else.

    Examples
    --------
    >>> weight(Account(points=10, judged=10, upheld=10)), weight(Account(judged=10, upheld=0)), weight(None)
    (4.0, 0.0, 0.0)
    """
    if reporter is None:
        return 0.0
    trust = 2.0 if reporter.role != "reader" else _TRUST[reporter.standing()]
    accuracy = 0.0
    if reporter.judged > settings.PARLEY_RULES.accuracy_judged:
        accuracy = 4.0 * reporter.upheld / reporter.judged - 2.0
    return max(0.0, 1.0 + trust + accuracy)


def _row(comment: Comment, complaint: Complaint, reporter: Account | None, network: str) -> Report:
    """Return the report, complete and checked, not yet saved."""
    reason, text = _checked_reason(comment, complaint)
    row = Report(
        comment=comment,
        reporter=reporter,
        reason=reason,
        text=text,
        network=network,
        tell_me=complaint.tell_me,
    )
    if reason == Reason.DUPLICATE:
        row.duplicate_of = _other(comment, complaint, reporter)
    if reason == Reason.ILLEGAL:
        for name, longest in _LONGEST.items():
            setattr(row, name, _line(name, getattr(complaint, name), longest))
        row.contact_mail = _mail(complaint.contact_mail)
        if not row.ground and not row.text:
            raise TextError(
                "needed", "Say what is illegal about it, and by which law if you know.", field="ground"
            )
        row.receipt = secrets.token_urlsafe(18)
    return row


def _checked_reason(comment: Comment, complaint: Complaint) -> tuple[str, str]:
    reason = complaint.reason
    if reason not in Reason.values:
        raise TextError("needed", "Choose what is wrong with the comment.", field="reason")
    if reason in FOR_CHALLENGES and comment.kind == Kind.COMMENT:
        raise TextError("needed", "This reason is for challenges alone. Choose another.", field="reason")
    text = _line("text", complaint.text, settings.PARLEY_RULES.report_characters)
    if reason == Reason.OTHER and not text:
        raise TextError("needed", "Say in words what is wrong.", field="text")
    return reason, text


def _line(field: str, text: str, longest: int) -> str:
    """Return a plain text of a form, or the reason why it cannot be taken."""
    if not text.strip():
        return ""
    try:
        return normalised(text, limit=longest).strip()
    except TextError as fault:
        raise TextError(fault.code, fault.template, **{**fault.values, "field": field}) from None


def _mail(text: str) -> str:
    address = text.strip()
    if address:
        try:
            validate_email(address)
        except ValidationError:
            raise TextError("mail", "This is no e-mail address.", field="contact_mail") from None
    return address


def _other(comment: Comment, complaint: Complaint, reporter: Account | None) -> Comment:
    number = _NUMBER.search(complaint.duplicate_of) or _NUMBER.search(complaint.text)
    if number is not None and reporter is not None and int(number[1]) < 2**63:
        others = readable_comments(reporter).filter(article=comment.article).exclude(pk=comment.pk)
        found = others.exclude(kind=Kind.COMMENT).filter(pk=int(number[1])).first()
        if found is not None:
            return found
    raise TextError("needed", "Give the number of the other challenge, such as #12.", field="duplicate_of")


def _refuse_more_today(reporter: Account) -> None:
    day = timedelta(days=1)
    own = Report.objects.filter(reporter=reporter, at__gt=timezone.now() - day).order_by("at")
    if own.count() >= settings.PARLEY_RULES.reports_a_day:
        first = own[0]
        raise TooOften("report", max(1, int((first.at + day - timezone.now()).total_seconds()) + 1))


def _queue(comment: Comment, illegal: bool) -> None:
    rows = Report.objects.filter(comment=comment, outcome=Report.Outcome.OPEN)
    why = [saying("reports", **Counter(rows.values_list("reason", flat=True)))]
    score = sum(rows.values_list("weight", flat=True))
    item = open_item(comment, Queue.ILLEGAL if illegal else Queue.REPORTED, why, score)
    item.why = why  # the newest count alone: the older ones are in it
    item.save(update_fields=("why",))


def _hide(comment: Comment) -> None:
    """Hide a comment that enough trusted readers reported, unless an editor approved it.

    Only accounts of a certain age weigh here, so that accounts made for the purpose hide nothing.
    """
    rules = settings.PARLEY_RULES
    now = Comment.objects.get(pk=comment.pk)
    if now.state != State.VISIBLE or now.approved:
        return
    old = Report.objects.filter(
        comment=comment,
        outcome=Report.Outcome.OPEN,
        reporter__joined__lte=timezone.now() - timedelta(days=rules.hide_account_days),
        reporter__banned_at=None,
        reporter__is_active=True,
    )
    weights = list(old.values_list("weight", flat=True))
    if len(weights) >= rules.hide_accounts and sum(weights) >= rules.hide_weight:
        why = saying("weight", count=len(weights), weight=f"{sum(weights):.1f}")
        decide(comment, "hide", None, None, why=[why])
