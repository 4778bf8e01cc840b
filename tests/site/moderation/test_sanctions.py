"""Mutes in steps, bans, what is removed with them and comes back when they are lifted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parley.site.web import journal
from parley.site.web.models import Account, Act, Comment, Notice, Outbox, Report, Role, Sanction, State
from parley.site.web.moderation.acts import Conflict, Refused
from parley.site.web.moderation.decide import decide
from parley.site.web.moderation.sanctions import ban, lift, mute, next_mute, sanctions_seen
from tests.site.moderation.desk import a_held_comment, a_report, an_editor, desk_of
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


def test_mutes_grow_by_the_steps_and_then_comes_a_ban() -> None:
    writer, editor = an_account(), an_editor()
    for hours in (24, 72, 168, 720):
        assert next_mute(writer) == hours
        made = mute(writer, editor, seen=sanctions_seen(writer), clause=1)
        writer.refresh_from_db()
        assert made.until is not None
        assert abs((made.until - timezone.now()).total_seconds() - hours * 3600) < 60
    assert writer.silenced()
    with pytest.raises(Refused, match="next one is a ban"):
        mute(writer, editor, seen=sanctions_seen(writer), clause=1)


def test_a_shorter_mute_never_ends_a_longer_one_and_lifting_leaves_the_others() -> None:
    writer, editor = an_account(), an_editor()
    long = mute(writer, editor, seen=0, clause=1, hours=720)
    short = mute(writer, editor, seen=1, clause=1, hours=24)
    writer.refresh_from_db()
    assert writer.muted_until == long.until == short.until
    lift(long, editor)
    writer.refresh_from_db()
    assert writer.muted_until == short.until
    lift(short, editor)
    writer.refresh_from_db()
    assert not writer.silenced()
    with pytest.raises(Refused, match="lifted already"):
        lift(short, editor)


def test_a_sanction_tells_the_account_clause_words_and_end_and_the_log_names_nobody() -> None:
    writer, editor = an_account(name="Zaneera"), an_editor(name="Kim")
    mute(writer, editor, seen=0, clause=2, text="Calm down.")
    mail = Outbox.objects.get(account=writer)
    for piece in ("hate or incitement (clause 2", "Calm down.", "This ends on"):
        assert piece in mail.body
    row = Act.objects.get()
    text = str(journal.fields(row))
    assert (row.act, row.subject, row.public) == ("mute", "account", {"hours": 24})
    assert "Zaneera" not in text
    assert "Kim" not in text
    assert row.subject_id == Sanction.objects.get().pk


def test_a_ban_needs_the_typed_word_and_with_everything_another_one() -> None:
    writer, editor = an_account(), an_editor()
    for typed, everything in (("", False), ("spam", False), ("ban", True), ("yes", True)):
        with pytest.raises(Refused, match="type the word"):
            ban(writer, editor, seen=0, clause=3, typed=typed, everything=everything)
    ban(writer, editor, seen=0, clause=3, typed=" Ban ")
    writer.refresh_from_db()
    assert writer.banned_at is not None
    with pytest.raises(Refused, match="banned already"):
        ban(writer, editor, seen=1, clause=3, typed="ban")


def test_ban_and_remove_everything_is_one_act_and_lifting_restores_all_as_it_was() -> None:
    writer, editor, reporter = an_account(points=9), an_editor(), an_account()
    shown = a_comment(an_article(), writer, approved=True, pick=True)
    held = a_held_comment(writer)
    gone = decide(a_comment(an_article(), writer), "remove", an_editor(), 1, clause=1).comment
    report = a_report(shown, reporter)
    illegal = Report.objects.create(comment=shown, reason=Report.Reason.ILLEGAL, receipt="r" * 20)
    writer.refresh_from_db()
    before = (writer.points, writer.removed, writer.approved)
    made = ban(writer, editor, seen=0, clause=3, typed="spam", everything=True)
    states = dict(Comment.objects.values_list("pk", "state"))
    assert set(states.values()) == {State.REMOVED}
    illegal.refresh_from_db()
    assert "everything" in illegal.decision
    back = lift(made, editor)
    assert {each.comment.pk for each in back} == {shown.pk, held.pk}
    for each in (shown, held, gone, report, writer, reporter):
        each.refresh_from_db()
    assert (shown.state, shown.pick, held.state, gone.state) == ("visible", True, "held", "removed")
    assert (writer.points, writer.removed, writer.approved) == before
    assert (report.outcome, reporter.judged, writer.banned_at) == ("open", 0, None)
    assert journal.faults() == []


def test_what_was_decided_since_the_ban_is_not_put_back() -> None:
    writer, editor = an_account(), an_editor()
    comment = a_comment(an_article(), writer)
    made = ban(writer, editor, seen=0, clause=3, typed="spam", everything=True)
    comment.refresh_from_db()
    decide(comment, "withdraw", writer, None)
    assert lift(made, editor) == []
    comment.refresh_from_db()
    assert comment.state == State.WITHDRAWN


def test_a_ban_that_can_not_be_finished_leaves_nothing_done(monkeypatch: pytest.MonkeyPatch) -> None:
    from parley.site.web.moderation import sanctions

    writer, editor = an_account(), an_editor()
    comments = [a_comment(an_article(), writer) for _ in range(3)]

    def breaks(comment: Comment, *args: object, **kwargs: object) -> object:
        if comment.pk == comments[2].pk:
            raise RuntimeError("power cut")
        return decide(comment, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(sanctions, "decide", breaks)
    with pytest.raises(RuntimeError):
        ban(writer, editor, seen=0, clause=3, typed="spam", everything=True)
    writer.refresh_from_db()
    assert writer.banned_at is None
    assert set(Comment.objects.values_list("state", flat=True)) == {State.VISIBLE}
    assert not Act.objects.exists()
    assert not Sanction.objects.exists()


def test_who_may_be_sanctioned_by_whom() -> None:
    editor, other, admin = an_editor(), an_editor(), an_account(Role.ADMIN)
    with pytest.raises(Refused, match="only an administrator"):
        ban(other, editor, seen=0, clause=1, typed="ban")
    with pytest.raises(Refused, match="themselves"):
        mute(editor, editor, seen=0, clause=1)
    with pytest.raises(Refused, match="only an editor"):
        mute(editor, an_account(), seen=0, clause=1)
    ban(other, admin, seen=0, clause=1, typed="ban")
    other.refresh_from_db()
    assert other.banned_at is not None


def test_two_editors_do_not_mute_the_same_account_twice_for_one_thing() -> None:
    writer = an_account()
    mute(writer, an_editor(name="Kim"), seen=0, clause=1)
    with pytest.raises(Conflict) as caught:
        mute(writer, an_editor(), seen=0, clause=1)
    assert caught.value.by == "Kim"


def test_the_forms_mute_ban_and_lift_and_lead_back() -> None:
    writer, client = an_account(name="Zaneera"), desk_of(an_editor())
    where = "/queue/people/Zaneera/"
    assert (
        client.post(f"{where}mute", {"seen": 0, "clause": 1, "hours": 72}).headers["Location"]
        == f"{where}?ok=1"
    )
    assert client.post(f"{where}mute", {"clause": 1}).status_code == 400
    assert client.post(f"{where}mute", {"seen": 0, "clause": 1}).status_code == 409
    assert client.post(f"{where}ban", {"seen": 1, "clause": 3, "typed": "no"}).status_code == 400
    client.post(f"{where}ban", {"seen": 1, "clause": 3, "typed": "spam", "everything": "1"})
    writer.refresh_from_db()
    assert writer.banned_at is not None
    text = client.get(where).content.decode()
    assert "banned" in text
    made = Sanction.objects.get(kind="ban")
    client.post(f"{where}lift/{made.pk}")
    writer.refresh_from_db()
    assert writer.banned_at is None
    assert Notice.objects.filter(account=writer, kind="lifted").exists()


def test_the_forms_say_which_sanctions_were_seen() -> None:
    writer, editor = an_account(name="Zaneera"), an_editor()
    made = mute(writer, editor, seen=0, clause=1)
    client = desk_of(editor)
    assert 'name="seen" value="1"' in client.get("/queue/people/Zaneera/").content.decode()
    lift(made, editor)
    assert 'name="seen" value="2"' in client.get("/queue/people/Zaneera/").content.decode()


def test_an_ended_mute_does_not_silence() -> None:
    writer = an_account()
    mute(writer, an_editor(), seen=0, clause=1)
    Account.objects.filter(pk=writer.pk).update(muted_until=timezone.now() - timedelta(seconds=1))
    writer.refresh_from_db()
    assert not writer.silenced()
