"""Writers silenced for a time or for good, and let speak again: each one transaction with its row of the log.

What lives here: mutes in steps, bans (with everything removed, if asked), lifting. What may not:
sessions, forms.

The public log holds the number of the sanction, never the account: nobody can tell from it who was
banned. A lifted ban puts back what was removed with it, unless an editor or the writer has decided on it
since.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.site.web import journal
from parley.site.web.access import May, may
from parley.site.web.models import Account, Act, Comment, Notice, Role, Sanction, SanctionAppeal, State
from parley.site.web.moderation import consequences, notices, undo
from parley.site.web.moderation.acts import Conflict, Decision, Refused, refuse_long
from parley.site.web.moderation.decide import decide
from parley.site.web.moderation.turns import alone
from parley.site.web.rules import CLAUSES

__all__ = [
    "BAN",
    "BAN_AND_REMOVE",
    "LONGEST",
    "ban",
    "lift",
    "may_sanction",
    "mute",
    "next_mute",
    "sanctions_seen",
]

LONGEST = 300  # characters of a message to whom it concerns
BAN = "ban"  # what an editor types to ban
BAN_AND_REMOVE = "spam"  # ... and to remove everything with it
_SPAM = 3  # the clause of removals with a ban


def next_mute(account: Account) -> int | None:
    """Return the hours of the next mute by the steps of the rules; None once the next step is a ban."""
    steps = settings.PARLEY_RULES.mute_hours
    return steps[account.mute_step] if account.mute_step < len(steps) else None


def sanctions_seen(account: Account) -> int:
    """Return what a form says it has seen: it moves with every sanction, so that two can't cross."""
    found = Sanction.objects.filter(account=account).aggregate(made=Count("pk"), lifted=Count("lifted_at"))
    return int(found["made"] + found["lifted"])


def mute(
    account: Account, editor: Account, *, seen: int, clause: int, hours: int | None = None, text: str = ""
) -> Sanction:
    """Keep an account from writing for some hours: the next step of the rules, or another one of them.

    Parameters
    ----------
    account, editor
        Who is muted, and who does it.
    seen
        :func:`sanctions_seen` when the editor looked.
    clause
        Of the policy.
    hours
        One of the rules' steps; by default the next one.
    text
        To the account, at most 300 characters.

    Raises
    ------
    Refused
        Not an editor; not somebody whom this editor may sanction; no such step or clause.
    Conflict
        Another editor sanctioned the account meanwhile.
    """
    with transaction.atomic():
        found = _locked(account, editor, seen, clause, text)
        steps = settings.PARLEY_RULES.mute_hours
        chosen = hours if hours is not None else next_mute(found)
        if chosen is None:
            raise Refused("all steps of muting are used up: the next one is a ban")
        if chosen not in steps:
            raise Refused(
                _("mutes last %(steps)s hours, not %(hours)s")
                % {"steps": ", ".join(map(str, steps)), "hours": chosen}
            )
        if found.banned_at is not None:
            raise Refused("the account is banned already")
        until = timezone.now() + timedelta(hours=chosen)
        if found.muted_until is not None:
            until = max(until, found.muted_until)
        found.muted_until = until
        found.mute_step = max(found.mute_step, steps.index(chosen) + 1)
        found.save(update_fields=("muted_until", "mute_step"))
        made = Sanction.objects.create(
            account=found, kind=Sanction.Kind.MUTE, until=until, clause=clause, text=text, by=editor
        )
        row = _log("mute", made, editor, {"hours": chosen})
        notices.notify(
            found,
            Notice.Kind.MUTED,
            key=f"act:{row.seq}:account",
            clause=clause,
            words=text,
            until=until,
            seq=row.seq,
        )
    return made


def ban(
    account: Account,
    editor: Account,
    *,
    seen: int,
    clause: int,
    typed: str,
    everything: bool = False,
    text: str = "",
) -> Sanction:
    """Keep an account from writing for good; with ``everything`` remove all that it wrote as well.

    Parameters
    ----------
    account, editor, seen, clause, text
        As for :func:`mute`.
    typed
        What the editor typed to confirm: ``ban``, or ``spam`` with ``everything``.
    everything
        Remove all comments that are held, shown or hidden, as spam (clause 3).

    Raises
    ------
    Refused
        As for :func:`mute`; the word was not typed; the account is banned already.
    Conflict
        Another editor sanctioned the account meanwhile.
    """
    wanted = BAN_AND_REMOVE if everything else BAN
    if typed.strip().lower() != wanted:
        raise Refused(_("to confirm, type the word `%(word)s`") % {"word": wanted})
    with transaction.atomic():
        found = _locked(account, editor, seen, clause, text)
        if found.banned_at is not None:
            raise Refused("the account is banned already")
        found.banned_at = timezone.now()
        found.save(update_fields=("banned_at",))
        made = Sanction.objects.create(
            account=found, kind=Sanction.Kind.BAN, clause=clause, text=text, by=editor
        )
        removed = _remove_all(found, editor) if everything else []
        row = _log("ban", made, editor, {"removed": len(removed)}, {"removals": removed})
        notices.notify(
            found,
            Notice.Kind.BANNED,
            key=f"act:{row.seq}:account",
            clause=clause,
            words=text,
            seq=row.seq,
        )
    return made


def lift(sanction: Sanction, editor: Account, *, text: str = "") -> list[Decision]:
    """Let an account write again; what was removed with a ban is put back as it was.

    Returns
    -------
    list of Decision
        The comments put back. Those on which somebody decided since are not among them.

    Raises
    ------
    Refused
        Not an editor; not somebody whom this editor may sanction; lifted already.
    """
    with transaction.atomic():
        journal.begin()
        found = Sanction.objects.select_for_update(of=("self",)).get(pk=sanction.pk)
        account = Account.objects.select_for_update().get(pk=found.account_id)
        may_sanction(account, editor)
        if found.lifted_at is not None:
            raise Refused("it has been lifted already")
        found.lifted_at = timezone.now()
        found.save(update_fields=("lifted_at",))
        SanctionAppeal.objects.filter(sanction=found, outcome=SanctionAppeal.Outcome.OPEN).update(
            outcome=SanctionAppeal.Outcome.LIFTED,
            decided_at=found.lifted_at,
            decided_by=editor,
            decision=text,
        )
        back: list[Decision] = []
        if found.kind == Sanction.Kind.BAN:
            account.banned_at = None
            account.save(update_fields=("banned_at",))
            back = _put_back_all(found, editor)
        else:
            _unmute(account)
        row = _log(
            "unban" if found.kind == Sanction.Kind.BAN else "unmute", found, editor, {"restored": len(back)}
        )
        notices.notify(account, Notice.Kind.LIFTED, key=f"act:{row.seq}:account", words=text, seq=row.seq)
    return back


def _unmute(account: Account) -> None:
    """Leave the longest of the mutes that are not lifted."""
    left = Sanction.objects.filter(
        account=account, kind=Sanction.Kind.MUTE, lifted_at=None, until__gt=timezone.now()
    ).order_by("-until")
    longest = left.first()
    account.muted_until = longest.until if longest is not None else None
    account.mute_step = max(0, account.mute_step - 1)
    account.save(update_fields=("muted_until", "mute_step"))


def _locked(account: Account, editor: Account, seen: int, clause: int, text: str) -> Account:
    alone(account)  # what the account is about to post comes before this, or is refused
    journal.begin()
    found = Account.objects.select_for_update().get(pk=account.pk)
    may_sanction(found, editor)
    if clause not in CLAUSES:
        raise Refused(_("a sanction names a clause of the policy, 1 to %(last)s") % {"last": len(CLAUSES)})
    refuse_long(text, LONGEST, _("message to the writer"))
    if seen != sanctions_seen(found):
        last = Sanction.objects.filter(account=found).select_related("by").order_by("-pk").first()
        raise Conflict(last.by.name if last is not None and last.by is not None else "")
    return found


def may_sanction(account: Account, editor: Account) -> None:
    """Refuse an editor who may not mute or ban an account, or lift that.

    Raises
    ------
    Refused
        Not an editor; the own account; an editor's, for anybody but an administrator.
    """
    if not may(editor, May.MODERATE):
        raise Refused("only an editor may mute or ban")
    if account.pk == editor.pk:
        raise Refused("nobody mutes or bans themselves")
    if account.role in (Role.EDITOR, Role.ADMIN) and not may(editor, May.ADMINISTER):
        raise Refused("only an administrator may mute or ban an editor")


def _remove_all(account: Account, editor: Account) -> list[int]:
    """Remove all that an account wrote; return the numbers of the rows of the log."""
    shown = (State.HELD, State.VISIBLE, State.HIDDEN)
    rows: list[int] = []
    comments = Comment.objects.select_for_update(of=("self",)).filter(author=account, state__in=shown)
    for comment in comments.order_by("pk"):
        done = decide(
            comment,
            "remove",
            editor,
            comment.revision,
            clause=_SPAM,
            words=notices.SPAM,
        )
        if done.act is not None:
            rows.append(done.act.seq)
    return rows


def _put_back_all(sanction: Sanction, editor: Account) -> list[Decision]:
    row = (
        Act.objects.filter(act="ban", subject="account", subject_id=sanction.pk)
        .select_related("detail")
        .first()
    )
    detail = getattr(row, "detail", None) if row is not None else None
    removals = (detail.undo or {}).get("removals", []) if detail is not None else []
    back: list[Decision] = []
    for removal in Act.objects.filter(seq__in=removals).select_related("detail").order_by("seq"):
        comment = (
            Comment.objects.select_for_update(of=("self",))
            .select_related("author", "article")
            .filter(state=State.REMOVED, removal=removal)
            .first()
        )
        last = consequences.last_act(comment) if comment is not None else None
        # An appeal that nobody has decided is granted by this; whatever else was done since stands.
        if comment is not None and last is not None and (last.seq == removal.seq or last.act == "appeal"):
            back.append(undo.reinstate(comment, removal, editor))
    return back


def _log(
    act: str,
    sanction: Sanction,
    editor: Account,
    public: dict[str, int],
    kept: dict[str, list[int]] | None = None,
) -> Act:
    return journal.append(
        journal.Entry(
            act=act,
            by="editor",
            subject="account",
            subject_id=sanction.pk,
            clause=sanction.clause,
            public=public,
            actor=editor,
            undo=kept,
        )
    )
