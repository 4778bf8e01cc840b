"""Check 34: points cannot be farmed, by own approval, by loops, or by changing what was approved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parley.site.web import journal
from parley.site.web.models import Account, Comment, Queue, ReviewItem, Role, State
from parley.site.web.moderation.decide import Refused, decide
from parley.site.web.sayings import said, saying
from tests.site.debate.browser import Reader
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
LONG = (
    "Everything in this article has been said before, and better, by people who were there when the first "
    "talks failed and who wrote down what each side had asked for and what it was given."
)


def points(account: Account) -> tuple[int, int]:
    account.refresh_from_db()
    return account.points, account.approved


def post(account: Account, text: str) -> Comment:
    article = an_article()
    Reader(account).post(f"/a/{article.slug}/comment", text=text)
    return Comment.objects.get(article=article)


def test_check_34_an_editor_does_not_approve_an_own_comment() -> None:
    editor = an_account(Role.EDITOR)
    comment = a_comment(an_article(), editor, state=State.HELD)
    with pytest.raises(Refused, match="own comment"):
        decide(comment, "approve", editor, comment.revision)
    assert points(editor) == (0, 0)


def test_check_34_a_newcomers_change_of_an_approved_text_is_held_again_and_earns_nothing_more() -> None:
    writer, editor = an_account(), an_account(Role.EDITOR)
    comment = post(writer, "Harmless words that an editor likes.")
    decide(comment, "approve", editor, comment.revision)
    comment.refresh_from_db()
    assert (comment.state, points(writer)) == (State.VISIBLE, (1, 1))
    Reader(writer).post(f"/c/{comment.pk}/edit", text="Buy cheap watches.", revision=comment.revision)
    comment.refresh_from_db()
    assert (comment.state, comment.approved) == (State.HELD, False)
    item = ReviewItem.objects.get(open=True)
    assert (item.queue, item.why) == (Queue.HELD, [saying("edit")])
    decide(comment, "approve", editor, comment.revision)
    assert points(writer) == (1, 1)
    assert journal.faults() == []


def test_check_34_a_known_readers_changed_text_no_longer_counts_as_approved() -> None:
    writer, editor = an_account(points=10, approved=10), an_account(Role.EDITOR)
    comment = post(writer, "Words that an editor likes.")
    decide(comment, "approve", editor, comment.revision)
    comment.refresh_from_db()
    assert comment.approved
    Reader(writer).post(f"/c/{comment.pk}/edit", text="Words that no editor has seen.")
    comment.refresh_from_db()
    assert (comment.state, comment.approved) == (State.VISIBLE, False)


def test_check_34_approved_withdrawn_and_posted_again_earns_each_time_only_by_an_editor() -> None:
    writer, editor = an_account(), an_account(Role.EDITOR)
    comment = post(writer, "The same words again.")
    decide(comment, "approve", editor, comment.revision)
    Reader(writer).post(f"/c/{comment.pk}/withdraw")
    assert points(writer) == (1, 1)
    again = post(writer, "The same words again.")
    assert again.state == State.HELD
    assert points(writer) == (1, 1)
    with pytest.raises(Refused):
        decide(comment, "approve", editor, None)
    assert points(writer) == (1, 1)


def test_check_34_the_same_text_within_minutes_is_held_even_of_known_readers() -> None:
    writer = an_account(points=10, approved=10)
    assert post(writer, LONG).state == State.VISIBLE
    assert [each["rule"] for each in post(writer, f"{LONG} Indeed.").held_reasons] == ["repeat"]
    Comment.objects.update(created=timezone.now() - timedelta(minutes=6))
    assert post(writer, LONG).state == State.VISIBLE


def test_check_34_recent_removals_hold_again_and_withdrawing_the_removed_does_not_help() -> None:
    writer, editor = an_account(points=20, approved=20), an_account(Role.EDITOR)
    article = an_article()
    for number in range(4):
        comment = a_comment(article, writer)
        if number < 2:
            decide(comment, "remove", editor, comment.revision, clause=1)
            Reader(writer).post(f"/c/{comment.pk}/withdraw")
        else:
            decide(comment, "approve", editor, comment.revision)
    held = post(writer, "Something quite different this time.")
    assert [said(each) for each in held.held_reasons] == ["2 of 4 comments removed in 7 days"]
    assert points(writer)[0] == 16  # 20 - 2 × 3 + 2


def test_check_34_a_change_while_hidden_or_removed_is_refused() -> None:
    writer = an_account(points=10)
    for state in (State.HIDDEN, State.REMOVED, State.WITHDRAWN):
        comment = a_comment(an_article(), writer, state=state)
        assert Reader(writer).post(f"/c/{comment.pk}/edit", text="Other words.").status_code in (403, 404)
