"""Each arrow: who may follow it, what it brings, what it tells whom, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parley.site.web import journal
from parley.site.web.models import (
    Act,
    Appeal,
    Challenge,
    Comment,
    CommentEdit,
    Notice,
    Outbox,
    Queue,
    Report,
    ReviewItem,
    Role,
    State,
)
from parley.site.web.moderation.acts import ARROWS, Conflict, Refused
from parley.site.web.moderation.consequences import open_item
from parley.site.web.moderation.decide import decide, enter
from tests.site.moderation.desk import a_report, an_appeal
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


def test_a_held_post_waits_and_the_log_names_the_rule_but_not_the_text() -> None:
    article = an_article()
    comment = Comment(
        article=article, author=an_account(), source="Secret.", html="<p>Secret.</p>", sanitiser=1
    )
    enter(comment, [{"rule": "words", "text": "the word `Secret` is on the list"}])
    row = Act.objects.get()
    assert (row.act, row.by, row.after, row.public) == ("hold", "rule", State.HELD, {"rules": ["words"]})
    assert ReviewItem.objects.get().why == ["the word `Secret` is on the list"]
    assert "Secret" not in str(journal.fields(row))


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("act", sorted(ARROWS))
def test_an_act_is_refused_in_every_state_that_it_has_no_arrow_from(act: str, state: str) -> None:
    if state in ARROWS[act]:
        return
    comment = a_comment(an_article(), an_account(), state=state)
    with pytest.raises(Refused):
        decide(comment, act, an_account(Role.EDITOR), comment.revision, clause=1, words="Please.")
    comment.refresh_from_db()
    assert (comment.state, comment.revision, Act.objects.count()) == (state, 1, 0)


def test_an_editor_says_which_revision_and_never_decides_on_an_own_comment() -> None:
    editor = an_account(Role.EDITOR)
    comment = a_comment(an_article(), an_account(), state=State.HELD)
    with pytest.raises(Refused, match="revision"):
        decide(comment, "approve", editor, None)
    own = a_comment(an_article(), editor, state=State.HELD)
    with pytest.raises(Refused, match="own comment"):
        decide(own, "approve", editor, own.revision)


def test_a_first_approval_is_credited_once_and_its_writer_told_once() -> None:
    writer, editor = an_account(), an_account(Role.EDITOR)
    comment = a_comment(an_article(), writer, state=State.HELD)
    comment = decide(comment, "approve", editor, 1).comment
    comment = decide(comment, "approve", editor, 2).comment
    writer.refresh_from_db()
    assert (writer.points, writer.approved, comment.shown_at is not None) == (1, 1, True)
    assert [each.kind for each in Notice.objects.filter(account=writer)] == ["approved"]


def test_a_removal_tells_the_writer_clause_words_and_how_to_appeal_but_no_names() -> None:
    writer, editor = an_account(), an_account(Role.EDITOR, name="Kim")
    comment = a_comment(an_article(), writer)
    reporter = an_account(name="Quentin")
    a_report(comment, reporter, tell_me=True)
    decide(comment, "remove", editor, 1, clause=1, words="Speak to the point.", note="Third time.")
    mail = Outbox.objects.get(account=writer)
    assert "personal attack (clause 1 of the policy)" in mail.body
    assert "Speak to the point." in mail.body
    assert f"/c/{comment.pk}/appeal" in mail.body
    assert "14 days" in mail.body
    for hidden in ("Kim", "Quentin", "Third time.", comment.source):
        assert hidden not in mail.body
    assert mail.not_before > timezone.now()
    assert "followed" in Outbox.objects.get(account=reporter).body


def test_an_appeal_is_decided_by_another_editor_and_gives_the_points_back() -> None:
    writer, first, second = an_account(points=6), an_account(Role.EDITOR), an_account(Role.EDITOR)
    comment = decide(a_comment(an_article(), writer), "remove", first, 1, clause=4).comment
    appeal = an_appeal(comment)
    with pytest.raises(Refused, match="another editor"):
        decide(comment, "restore", first, comment.revision)
    restored = decide(comment, "restore", second, comment.revision, words="You are right.").comment
    writer.refresh_from_db()
    appeal.refresh_from_db()
    assert (restored.state, restored.clause, restored.removal) == (State.VISIBLE, None, None)
    assert (appeal.outcome, appeal.decision) == (Appeal.Outcome.RESTORED, "You are right.")
    assert (writer.points, writer.removed, writer.approved) == (7, 0, 1)
    with pytest.raises(Refused, match="stands"):
        decide(restored, "undo", second, restored.revision)


def test_reports_count_for_and_against_their_senders() -> None:
    editor, right, wrong = an_account(Role.EDITOR), an_account(), an_account()
    bad, good = a_comment(an_article(), an_account()), a_comment(an_article(), an_account())
    a_report(bad, right)
    a_report(good, wrong)
    decide(bad, "remove", editor, 1, clause=1)
    decide(good, "approve", editor, 1)
    right.refresh_from_db()
    wrong.refresh_from_db()
    assert (right.judged, right.upheld, wrong.judged, wrong.upheld) == (1, 1, 1, 0)


def test_illegal_content_needs_a_decision_in_words_which_its_sender_is_mailed() -> None:
    editor = an_account(Role.EDITOR)
    comment = a_comment(an_article(), an_account())
    report = Report.objects.create(
        comment=comment, reason=Report.Reason.ILLEGAL, receipt="r" * 20, contact_mail="who@example.org"
    )
    open_item(comment, Queue.ILLEGAL, ["illegal"])
    with pytest.raises(Refused, match="decision in words"):
        decide(comment, "remove", editor, 1, clause=6)
    decide(comment, "remove", editor, 1, clause=6, words="It breaks § 130.")
    report.refresh_from_db()
    assert (report.outcome, report.decision) == (Report.Outcome.UPHELD, "It breaks § 130.")
    mail = Outbox.objects.get(to="who@example.org")
    assert "/receipts/" + "r" * 20 in mail.body
    assert "§ 130" in mail.body


def test_a_withdrawal_takes_all_words_and_settles_what_waits_without_blaming_anybody() -> None:
    writer, editor = an_account(), an_account(Role.EDITOR)
    comment = a_comment(an_article(), writer, kind="challenge", quote="As you said")
    Challenge.objects.create(
        comment=comment, setting="q=0.5", reasons={"q": "my private reason"}, sources={"q": "x"}
    )
    CommentEdit.objects.create(comment=comment, source="Earlier.", html="<p>Earlier.</p>")
    report = a_report(comment)
    comment = decide(comment, "remove", editor, 1, clause=1).comment
    appeal = an_appeal(comment)
    comment = decide(comment, "withdraw", writer, None).comment
    appeal.refresh_from_db()
    report.refresh_from_db()
    assert (comment.source, comment.html, comment.quote, comment.edits.count()) == ("", "", "", 0)
    challenge = Challenge.objects.get()
    assert (challenge.reasons, challenge.sources, challenge.setting) == ({}, {}, "q=0.5")
    assert appeal.outcome == Appeal.Outcome.DROPPED
    assert not ReviewItem.objects.filter(open=True).exists()


def test_reports_on_a_withdrawn_comment_judge_nobody() -> None:
    writer, reporter = an_account(), an_account()
    comment = a_comment(an_article(), writer)
    report = a_report(comment, reporter)
    decide(comment, "withdraw", writer, 1)
    report.refresh_from_db()
    reporter.refresh_from_db()
    assert (report.outcome, reporter.judged) == (Report.Outcome.MOOT, 0)


def test_an_undone_removal_takes_back_points_notices_mails_and_judgements() -> None:
    writer, reporter, editor = an_account(points=6), an_account(), an_account(Role.EDITOR)
    comment = a_comment(an_article(), writer, pick=True)
    report = a_report(comment, reporter, tell_me=True)
    comment = decide(comment, "remove", editor, 1, clause=1).comment
    comment = decide(comment, "undo", editor, comment.revision).comment
    for each in (writer, reporter, report):
        each.refresh_from_db()
    assert (comment.state, comment.pick, comment.clause, comment.removal) == (State.VISIBLE, True, None, None)
    assert (writer.points, writer.removed, reporter.judged, reporter.upheld) == (6, 0, 0, 0)
    assert (report.outcome, ReviewItem.objects.filter(open=True).count()) == (Report.Outcome.OPEN, 1)
    assert not Notice.objects.exists()
    assert not Outbox.objects.exists()


def test_who_was_mailed_of_an_undone_decision_is_told_that_it_was_undone() -> None:
    writer, editor = an_account(), an_account(Role.EDITOR)
    comment = decide(a_comment(an_article(), writer), "remove", editor, 1, clause=1).comment
    Outbox.objects.update(sent_at=timezone.now())
    decide(comment, "undo", editor, comment.revision)
    assert [each.kind for each in Notice.objects.filter(account=writer)] == ["undone"]


def test_undo_copes_with_a_report_that_came_between() -> None:
    editor = an_account(Role.EDITOR)
    comment = a_comment(an_article(), an_account())
    a_report(comment)
    comment = decide(comment, "approve", editor, 1).comment
    a_report(comment)
    decide(comment, "undo", editor, comment.revision)
    assert ReviewItem.objects.filter(comment=comment, queue=Queue.REPORTED, open=True).count() == 1
    assert comment.reports.filter(outcome=Report.Outcome.OPEN).count() == 2


def test_undoing_a_removal_settles_the_appeal_against_it() -> None:
    editor = an_account(Role.EDITOR)
    comment = decide(a_comment(an_article(), an_account()), "remove", editor, 1, clause=1).comment
    appeal = an_appeal(comment)
    decide(comment, "undo", editor, comment.revision)
    appeal.refresh_from_db()
    assert appeal.outcome == Appeal.Outcome.RESTORED
    assert not ReviewItem.objects.filter(open=True).exists()


def test_undo_is_for_the_same_editor_the_last_act_and_some_seconds() -> None:
    first, second = an_account(Role.EDITOR), an_account(Role.EDITOR)
    comment = decide(a_comment(an_article(), an_account()), "remove", first, 1, clause=1).comment
    with pytest.raises(Refused, match="no decision of yours"):
        decide(comment, "undo", second, comment.revision)
    with pytest.raises(Conflict):
        decide(comment, "undo", first, comment.revision - 1)
    Act.objects.update(at=timezone.now() - timedelta(seconds=11))
    with pytest.raises(Refused, match="time for undoing"):
        decide(comment, "undo", first, comment.revision)


def test_asking_for_a_change_leaves_the_comment_waiting_and_tells_the_writer() -> None:
    writer, editor = an_account(), an_account(Role.EDITOR)
    comment = a_comment(an_article(), writer, state=State.HELD)
    open_item(comment, Queue.HELD, ["first posts"])
    with pytest.raises(Refused, match="what should be changed"):
        decide(comment, "ask", editor, 1)
    comment = decide(comment, "ask", editor, 1, words="Name the source.").comment
    assert comment.state == State.HELD
    assert ReviewItem.objects.filter(open=True).count() == 1
    mail = Outbox.objects.get(account=writer)
    assert "Name the source." in mail.body
    assert f"/c/{comment.pk}/edit" in mail.body


def test_words_that_are_too_long_are_refused_with_their_length() -> None:
    comment = a_comment(an_article(), an_account(), state=State.HELD)
    with pytest.raises(Refused, match="501 characters; 500 are allowed"):
        decide(comment, "ask", an_account(Role.EDITOR), 1, words="x" * 501)


def test_an_edit_by_its_writer_is_named_as_such_to_the_editor_who_was_late() -> None:
    editor = an_account(Role.EDITOR)
    comment = a_comment(an_article(), an_account(), state=State.HELD)
    Comment.objects.filter(pk=comment.pk).update(revision=2, edited_at=timezone.now())
    with pytest.raises(Conflict) as caught:
        decide(comment, "approve", editor, 1)
    assert caught.value.by == "its writer"
