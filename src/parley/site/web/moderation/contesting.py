"""Whoever is muted or banned appeals, once for each sanction; another editor decides.

What lives here: taking such an appeal, deciding it, what the queue shows of those that are open. What may
not: appeals for comments (``debate.appealing``, ``decide``), pages.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.site.render.desk import ContestLine
from parley.site.text.markdown import normalised
from parley.site.web import journal, limits
from parley.site.web.access import May, may
from parley.site.web.models import Account, Act, Notice, Sanction, SanctionAppeal
from parley.site.web.moderation import notices, sanctions
from parley.site.web.moderation.acts import Refused, overdue, refuse_long
from parley.site.web.moderation.people import clause_words, person

__all__ = ["LONGEST", "contest", "contestable", "open_lines", "opened", "settle"]

LONGEST = 1_000  # characters
Outcome = SanctionAppeal.Outcome


def contestable(sanction: Sanction, account: Account) -> str:
    """Return why an account cannot appeal against a sanction now; the empty text if it can."""
    if sanction.account_id != account.pk:
        return _("only who is muted or banned can appeal against it")
    if SanctionAppeal.objects.filter(sanction=sanction).exists():
        return _("there has been an appeal already; each mute or ban has one")
    if sanction.lifted_at is not None or (sanction.until is not None and sanction.until <= timezone.now()):
        return _("it is over: you may write again")
    return overdue(sanction.at)


def contest(sanction: Sanction, account: Account, text: str, network: str = "") -> SanctionAppeal:
    """Appeal against an own mute or ban.

    Raises
    ------
    TextError
        The text is empty, too long or not readable.
    Refused
        It is not the account's, is over, or there was an appeal already.
    TooOften
        Too many appeals.
    """
    words = normalised(text, limit=LONGEST).strip()
    with transaction.atomic():
        journal.begin()
        found = Sanction.objects.select_for_update(of=("self",)).get(pk=sanction.pk)
        why = contestable(found, account)
        if why:
            raise Refused(why)
        limits.take("appeal", network=network, account=account)
        made = SanctionAppeal.objects.create(sanction=found, text=words)
        against = Act.objects.filter(act__in=("mute", "ban"), subject="account", subject_id=found.pk).first()
        _log("appeal", "writer", found, account, {"against": against.seq} if against is not None else {})
    return made


def settle(appeal: SanctionAppeal, editor: Account, *, lifted: bool, text: str = "") -> SanctionAppeal:
    """Decide an appeal: lift the mute or ban, or let it stand. The account is told, with the editor's words.

    Raises
    ------
    Refused
        Not an editor, or the one who set it; nobody whom this editor may sanction; decided already; the words
        have more than 300 characters.
    """
    if not may(editor, May.MODERATE):
        raise Refused("only an editor may decide")
    refuse_long(text, sanctions.LONGEST, _("message to the writer"))
    with transaction.atomic():
        journal.begin()
        found = SanctionAppeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
        sanction = Sanction.objects.select_related("account").get(pk=found.sanction_id)
        if found.outcome != Outcome.OPEN:
            raise Refused("this appeal is decided already")
        if editor.pk in (sanction.by_id, sanction.account_id):
            raise Refused("an appeal is decided by another editor than the one who muted or banned")
        if lifted:
            sanctions.lift(sanction, editor, text=text)  # which closes the appeal
            found.refresh_from_db()
        else:
            _uphold(found, sanction, editor, text)
    return found


def _uphold(appeal: SanctionAppeal, sanction: Sanction, editor: Account, text: str) -> None:
    sanctions.may_sanction(sanction.account, editor)
    appeal.outcome, appeal.decision = Outcome.UPHELD, text
    appeal.decided_at, appeal.decided_by = timezone.now(), editor
    appeal.save()
    row = _log("stand", "editor", sanction, editor, {})
    notices.notify(
        sanction.account,
        Notice.Kind.STANDS,
        key=f"act:{row.seq}:account",
        clause=sanction.clause,
        words=text,
        until=sanction.until,
        seq=row.seq,
    )


def opened() -> QuerySet[SanctionAppeal]:
    """Return the appeals that wait, the oldest first."""
    return SanctionAppeal.objects.filter(outcome=Outcome.OPEN).order_by("at", "pk")


def open_lines(editor: Account) -> tuple[ContestLine, ...]:
    """Return the appeals that wait, as the queue shows them to an editor."""
    return tuple(
        ContestLine(
            id=each.pk,
            person=person(each.sanction.account),
            kind=each.sanction.get_kind_display(),
            since=each.sanction.at,
            until=each.sanction.until,
            clause=clause_words(each.sanction.clause),
            said=each.sanction.text,
            by=each.sanction.by.name if each.sanction.by is not None else _("a former editor"),
            text=each.text,
            at=each.at,
            mine=editor.pk in (each.sanction.by_id, each.sanction.account_id),
        )
        for each in opened().select_related("sanction__account", "sanction__by")
    )


def _log(act: str, by: str, sanction: Sanction, actor: Account, public: dict[str, int]) -> Act:
    """Write the row of the log: it has the number of the sanction, no account's."""
    return journal.append(
        journal.Entry(
            act=act,
            by=by,
            subject="account",
            subject_id=sanction.pk,
            clause=sanction.clause,
            public=public,
            actor=actor,
        )
    )
