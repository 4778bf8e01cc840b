"""A copy of everything that is kept about an account, for its owner.

What lives here: what is in the copy, and how it is fetched. What may not: data of others (who reported,
editors' notes).

The copy is one zip: ``data.json`` with all of it, and a CSV table of each list, safe to open in a
spreadsheet. It is fetched once or more by its owner, signed in, with a link that holds for 24 hours.
"""

from __future__ import annotations

import hmac
import io
import json
import secrets
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.utils import timezone

from parley.site.text.csvsafe import table
from parley.site.web import sayings
from parley.site.web.models import (
    Account,
    Act,
    Appeal,
    Comment,
    DataExport,
    Mark,
    Notice,
    Report,
    Sanction,
    SignIn,
    Subscription,
)
from parley.site.web.rules import CLAUSES

__all__ = ["collect", "fetch", "make", "zipped"]

Row = dict[str, Any]


def make(account: Account) -> str:
    """Make a copy of an account's data, in place of an earlier one, and return the token of its link."""
    token = secrets.token_urlsafe(32)
    data = zipped(collect(account))
    DataExport.objects.filter(account=account).delete()
    DataExport.objects.create(
        account=account,
        expires=timezone.now() + timedelta(hours=settings.PARLEY_RULES.export_hours),
        token_hash=_hashed(token),
        data=data,
    )
    return token


def fetch(account: Account, token: str) -> bytes | None:
    """Return the copy that a link leads to; None if it is another's, expired, or not there."""
    found = DataExport.objects.filter(token_hash=_hashed(token), expires__gt=timezone.now()).first()
    if found is None or found.account_id != account.pk or found.data is None:
        return None
    return bytes(found.data)


def collect(account: Account) -> Row:
    """Return everything that is kept about an account, as JSON knows it."""
    parts: dict[str, Callable[[Account], list[Row]]] = {
        "addresses": _addresses,
        "comments": _comments,
        "edits": _edits,
        "challenges": _challenges,
        "decisions": _decisions,
        "appeals": _appeals,
        "notices": _notices,
        "marks": _marks,
        "reports": _reports,
        "follows": _follows,
        "sanctions": _sanctions,
        "sign_ins": _sign_ins,
        "sign_in_methods": _methods,
    }
    profile = {
        "name": account.name,
        "bio": account.bio,
        "role": account.role,
        "standing": str(account.standing()),
        "joined": account.joined.isoformat(),
        "last_sign_in": _time(account.last_login),
        "points": account.points,
        "comments_approved": account.approved,
        "comments_removed": account.removed,
        "reports_judged": account.judged,
        "reports_followed": account.upheld,
        "muted_until": _time(account.muted_until),
        "banned_at": _time(account.banned_at),
        "deletion_due": _time(account.deletion_due),
    }
    made = {"made": timezone.now().isoformat(), "account": profile}
    return made | {name: rows(account) for name, rows in parts.items()}


def zipped(data: Mapping[str, Any]) -> bytes:
    """Return the copy as a zip of ``data.json`` and a table of each list in it.

    Examples
    --------
    >>> import io, zipfile
    >>> made = zipped({"account": {"name": "Kim"}, "marks": [{"comment": 3, "kind": "advances"}]})
    >>> sorted(zipfile.ZipFile(io.BytesIO(made)).namelist())
    ['data.json', 'marks.csv']
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
        for name, rows in data.items():
            if isinstance(rows, list) and rows:
                head = list(rows[0])
                out.writestr(f"{name}.csv", table(head, [[_flat(row[key]) for key in head] for row in rows]))
    return stream.getvalue()


def _addresses(account: Account) -> list[Row]:
    rows = EmailAddress.objects.filter(user_id=account.pk).order_by("pk")
    found = [{"address": each.email, "confirmed": each.verified} for each in rows]
    if account.email and account.email not in [each["address"] for each in found]:
        found.insert(0, {"address": account.email, "confirmed": False})
    return found


def _comments(account: Account) -> list[Row]:
    rows = Comment.objects.filter(author=account).select_related("article").order_by("pk")
    return [
        {
            "id": each.pk,
            "article": each.article.slug,
            "kind": each.kind,
            "state": each.state,
            "text": each.source,
            "quote": each.quote,
            "answer_to": each.parent_id,
            "written": each.created.isoformat(),
            "shown": _time(each.shown_at),
            "edited": _time(each.edited_at),
            "clause": CLAUSES.get(each.clause or 0, ""),
            "held_because": [sayings.plainly(reason) for reason in each.held_reasons],
            "network": each.network,
        }
        for each in rows
    ]


def _edits(account: Account) -> list[Row]:
    comments = Comment.objects.filter(author=account).prefetch_related("edits").order_by("pk")
    return [
        {"comment": each.pk, "replaced": edit.at.isoformat(), "text": edit.source}
        for each in comments
        for edit in each.edits.all()
    ]


def _challenges(account: Account) -> list[Row]:
    rows = (
        Comment.objects.filter(author=account, challenge__isnull=False)
        .select_related("challenge")
        .order_by("pk")
    )
    return [
        {
            "comment": each.pk,
            "passage": each.challenge.passage,
            "setting": each.challenge.setting,
            "reasons": each.challenge.reasons,
            "sources": each.challenge.sources,
            "answer": each.challenge.answer,
            "answer_text": each.challenge.answer_source,
        }
        for each in rows
    ]


def _decisions(account: Account) -> list[Row]:
    own = Comment.objects.filter(author=account).values("pk")
    rows = Act.objects.filter(subject__in=("comment", "challenge"), subject_id__in=own).order_by("seq")
    return [
        {
            "log": each.seq,
            "at": each.at.isoformat(),
            "act": each.act,
            "by": each.by,
            "comment": each.subject_id,
            "clause": CLAUSES.get(each.clause or 0, ""),
        }
        for each in rows
    ]


def _appeals(account: Account) -> list[Row]:
    rows = Appeal.objects.filter(comment__author=account).order_by("pk")
    return [
        {
            "comment": each.comment_id,
            "at": each.at.isoformat(),
            "text": each.text,
            "outcome": each.outcome,
            "decision": each.decision,
            "decided": _time(each.decided_at),
        }
        for each in rows
    ]


def _notices(account: Account) -> list[Row]:
    rows = Notice.objects.filter(account=account).order_by("pk")
    return [
        {
            "at": each.at.isoformat(),
            "kind": each.kind,
            "comment": each.comment_id,
            "clause": CLAUSES.get(each.clause or 0, ""),
            "words": each.words,
            "until": _time(each.until),
            "outcome": each.outcome,
            "log": each.seq,
            "read": _time(each.read_at),
        }
        for each in rows
    ]


def _marks(account: Account) -> list[Row]:
    rows = Mark.objects.filter(account=account).order_by("pk")
    return [{"comment": each.comment_id, "kind": each.kind, "at": each.at.isoformat()} for each in rows]


def _reports(account: Account) -> list[Row]:
    rows = Report.objects.filter(reporter=account).order_by("pk")
    return [
        {
            "comment": each.comment_id,
            "at": each.at.isoformat(),
            "reason": each.reason,
            "text": each.text,
            "outcome": each.outcome,
            "contact_name": each.contact_name,
            "contact_mail": each.contact_mail,
        }
        for each in rows
    ]


def _follows(account: Account) -> list[Row]:
    rows = Subscription.objects.filter(account=account).select_related("article").order_by("pk")
    return [
        {
            "article": each.article.slug if each.article else "",
            "pace": each.pace,
            "since": each.created.isoformat(),
            "confirmed": _time(each.confirmed_at),
        }
        for each in rows
    ]


def _sanctions(account: Account) -> list[Row]:
    rows = Sanction.objects.filter(account=account).select_related("appeal").order_by("pk")
    return [
        {
            "kind": each.kind,
            "at": each.at.isoformat(),
            "until": _time(each.until),
            "clause": CLAUSES.get(each.clause, ""),
            "text": each.text,
            "lifted": _time(each.lifted_at),
            **_contested(each),
        }
        for each in rows
    ]


def _contested(sanction: Sanction) -> Row:
    appeal = getattr(sanction, "appeal", None)
    if appeal is None:
        return {}
    told = {"text": appeal.text, "at": appeal.at.isoformat(), "outcome": appeal.outcome}
    return {"appeal": {**told, "decided": _time(appeal.decided_at), "decision": appeal.decision}}


def _sign_ins(account: Account) -> list[Row]:
    rows = SignIn.objects.filter(account=account).order_by("pk")
    return [{"network": each.network, "at": each.at.isoformat()} for each in rows]


def _methods(account: Account) -> list[Row]:
    found: list[Row] = []
    if account.has_usable_password():
        found.append({"kind": "password", "name": "", "since": ""})
    for factor in Authenticator.objects.filter(user_id=account.pk).order_by("pk"):
        found.append({"kind": str(factor.type), "name": "", "since": factor.created_at.isoformat()})
    for other in SocialAccount.objects.filter(user_id=account.pk).order_by("pk"):
        found.append({"kind": other.provider, "name": other.uid, "since": other.date_joined.isoformat()})
    return found


def _flat(value: Any) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def _time(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def _hashed(token: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"export:" + token.encode(), sha256).hexdigest()
