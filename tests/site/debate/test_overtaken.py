"""A request is let in, and before it has its turn somebody else is quicker: what it saw no longer holds.

Each test hands an act the records as they were when its request came in, and changes them behind its back.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from parley.site.web import marks
from parley.site.web.accounts import erasure
from parley.site.web.accounts.adapter import Adapter
from parley.site.web.debate import answering, reporting, writing
from parley.site.web.debate.drafts import Origin
from parley.site.web.models import (
    Account,
    Article,
    Challenge,
    Comment,
    Kind,
    Mark,
    Report,
    ReviewItem,
    Role,
    State,
)
from parley.site.web.moderation import house, sanctions
from parley.site.web.moderation.acts import Refused
from parley.site.web.moderation.decide import decide
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
WORDS = "They kept the last one for a week."


def a_writer() -> Account:
    return an_account(points=10, approved=10)


def ban(account: Account, *, everything: bool = False) -> None:
    typed = sanctions.BAN_AND_REMOVE if everything else sanctions.BAN
    editor = an_account(Role.EDITOR)
    sanctions.ban(account, editor, seen=0, clause=3, typed=typed, everything=everything)


def removed(comment: Comment) -> None:
    decide(comment.pk, "remove", an_account(Role.EDITOR), comment.revision, clause=1)


def test_a_post_that_waited_for_its_turn_while_its_writer_was_banned_is_refused() -> None:
    article, writer = an_article(), a_writer()
    first = writing.post(writer, article, WORDS, Origin())
    seen = Account.objects.get(pk=writer.pk)
    ban(writer, everything=True)
    with pytest.raises(Refused):
        writing.post(seen, article, "Bought followers, cheap.", Origin())
    with pytest.raises(Refused):
        writing.reply(seen, a_comment(article), "Bought followers, cheap.", Origin())
    assert not Comment.objects.filter(author=writer, state=State.VISIBLE).exists()
    assert Comment.objects.get(pk=first.pk).state == State.REMOVED


def test_a_change_that_waited_while_its_writer_was_banned_is_refused() -> None:
    writer = a_writer()
    comment = writing.post(writer, an_article(), WORDS, Origin())
    seen = Account.objects.get(pk=writer.pk)
    ban(writer)
    with pytest.raises(Refused):
        writing.change(comment, seen, "Something worse.", comment.revision, Origin())
    assert Comment.objects.get(pk=comment.pk).source == WORDS


def test_a_post_that_waited_while_its_writer_lost_standing_is_held() -> None:
    article, writer = an_article(), a_writer()
    seen = Account.objects.get(pk=writer.pk)
    Account.objects.filter(pk=writer.pk).update(points=-2, removed=4)
    assert writing.post(seen, article, WORDS, Origin()).state == State.HELD


def test_a_post_that_waited_while_its_writers_account_was_deleted_is_refused() -> None:
    article, writer = an_article(), a_writer()
    seen = Account.objects.get(pk=writer.pk)
    erasure.ask(writer, unsign=False)
    Account.objects.filter(pk=writer.pk).update(deletion_due=timezone.now())
    assert erasure.carry_out(writer.pk)
    with pytest.raises(Refused):
        writing.post(seen, article, WORDS, Origin())
    assert not Comment.objects.exists()


@pytest.mark.parametrize(("switch", "outcome"), [("close", None), ("hold", State.HELD)])
def test_a_post_that_waited_while_the_article_was_closed_or_held(switch: str, outcome: str | None) -> None:
    article = an_article()
    seen = Article.objects.get(pk=article.pk)
    house.switch(article, an_account(Role.EDITOR), switch)
    if outcome is None:
        with pytest.raises(Refused):
            writing.post(a_writer(), seen, WORDS, Origin())
    else:
        assert writing.post(a_writer(), seen, WORDS, Origin()).state == outcome


def test_an_answer_to_what_was_removed_meanwhile_is_refused() -> None:
    article = an_article()
    answered = a_comment(article, a_writer(), parent=a_comment(article), source="Private words of somebody.")
    removed(answered)
    with pytest.raises(Refused):
        writing.reply(a_writer(), answered, WORDS, Origin())
    assert not Comment.objects.filter(source__contains="Private").exclude(pk=answered.pk).exists()


def test_a_report_of_what_was_removed_meanwhile_leaves_nothing_that_no_editor_could_close() -> None:
    comment = a_comment(an_article(), a_writer())
    removed(comment)
    with pytest.raises(Refused):
        reporting.report(comment, reporting.Complaint("attack"), an_account())
    assert not ReviewItem.objects.filter(open=True).exists()
    assert not Report.objects.exists()


def test_a_mark_on_what_was_removed_meanwhile_is_refused() -> None:
    comment = a_comment(an_article(), a_writer())
    removed(comment)
    with pytest.raises(Refused):
        marks.mark(an_account(), comment, Mark.Kind.ADVANCES)
    assert not Mark.objects.exists()


def test_an_authors_answer_to_what_was_removed_meanwhile_is_refused() -> None:
    owner = an_account(Role.AUTHOR)
    comment = a_comment(an_article(owner=owner), a_writer(), kind=Kind.CHALLENGE)
    Challenge.objects.create(comment=comment)
    removed(comment)
    with pytest.raises(Refused):
        answering.answer(comment, owner, Challenge.Answer.ADOPTED)
    assert Challenge.objects.get().answer == Challenge.Answer.NONE


def test_a_password_set_while_the_account_was_banned_lifts_no_ban(rf: Any) -> None:
    writer = a_writer()
    seen = Account.objects.get(pk=writer.pk)  # read before the password is hashed, which takes long
    ban(writer)
    Account.objects.filter(pk=writer.pk).update(points=-3)
    Adapter(rf.post("/")).set_password(seen, "another battery staple")
    now = Account.objects.get(pk=writer.pk)
    assert now.banned_at is not None
    assert now.points == -3
    assert now.check_password("another battery staple")
