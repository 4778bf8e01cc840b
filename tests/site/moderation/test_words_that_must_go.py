"""Words that were taken away, or never shown, do not come back by what stands beside them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from parley.site.web.accounts import erasure
from parley.site.web.debate import writing
from parley.site.web.debate.drafts import Origin
from parley.site.web.models import Account, Comment, CommentEdit, Role, State
from parley.site.web.moderation.acts import Conflict
from parley.site.web.moderation.decide import decide
from tests.site.debate.browser import Reader, text_of
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
SECRET = "Her number is 0171 555 0199."
OWN = "Do not print such things."


def a_quoted_comment() -> tuple[Comment, Comment]:
    """Return a comment of the second level, and an answer to it, which quotes it."""
    article = an_article()
    first = a_comment(article, an_account())
    told = an_account(name="Loudmouth", points=10, approved=10)
    quoted = writing.reply(told, first, SECRET, Origin())
    answer = writing.reply(an_account(points=10, approved=10), quoted, OWN, Origin())
    assert SECRET in answer.source
    return quoted, answer


def public(article: str, *comments: Comment) -> str:
    pages = [f"/a/{article}/", f"/a/{article}/comments.json"]
    pages += [f"/c/{each.pk}/{what}" for each in comments for what in ("", "history")]
    return "".join(text_of(Reader().get(page)) for page in pages)


def test_what_a_removed_comment_said_goes_from_the_answers_that_quote_it_and_comes_back_with_it() -> None:
    quoted, answer = a_quoted_comment()
    answerer = answer.author
    assert answerer is not None
    answer = writing.change(answer, answerer, f"{answer.source} Ever.", answer.revision, Origin())
    editor, slug = an_account(Role.EDITOR), quoted.article.slug
    assert "0171" in public(slug, answer)
    decide(quoted.pk, "remove", editor, quoted.revision, clause=5)
    page = public(slug, answer)
    assert "0171" not in page
    assert "Loudmouth" not in page
    assert f"(#{quoted.pk})" in page
    assert f"{OWN} Ever." in page
    assert not Comment.objects.exclude(pk=quoted.pk).filter(source__contains="0171").exists()
    assert not CommentEdit.objects.filter(source__contains="0171").exists()
    decide(quoted.pk, "undo", editor, quoted.revision + 1)
    page = public(slug, answer)
    assert "0171" in page
    assert "Loudmouth" in page


def test_who_is_changing_an_answer_while_its_quotation_goes_has_to_look_again() -> None:
    quoted, answer = a_quoted_comment()
    assert answer.author is not None
    writing.take_back(quoted, Account.objects.get(name="Loudmouth"))
    with pytest.raises(Conflict):
        writing.change(answer, answer.author, f"{answer.source} Ever.", answer.revision, Origin())


def test_an_answer_to_an_answer_quotes_the_answers_own_words_alone() -> None:
    quoted, answer = a_quoted_comment()
    third = writing.reply(an_account(points=10, approved=10), answer, "Quite so.", Origin())
    assert OWN in third.source
    assert "0171" not in third.source
    decide(quoted.pk, "remove", an_account(Role.EDITOR), quoted.revision, clause=5)
    assert "0171" not in public(quoted.article.slug, answer, third)
    assert OWN in Comment.objects.get(pk=third.pk).source


def test_a_quotation_that_the_writer_of_the_answer_made_their_own_stays() -> None:
    quoted, answer = a_quoted_comment()
    assert answer.author is not None
    text = f"You gave a number (#{quoted.pk})\n\n{OWN}"
    answer = writing.change(answer, answer.author, text, answer.revision, Origin())
    decide(quoted.pk, "remove", an_account(Role.EDITOR), quoted.revision, clause=5)
    assert Comment.objects.get(pk=answer.pk).source == text


def test_a_deleted_accounts_name_goes_from_the_answers_that_quote_its_unsigned_words() -> None:
    _quoted, answer = a_quoted_comment()
    account = Account.objects.get(name="Loudmouth")
    erasure.ask(account, unsign=True)
    Account.objects.filter(pk=account.pk).update(deletion_due=timezone.now())
    assert erasure.carry_out(account.pk)
    now = Comment.objects.get(pk=answer.pk)
    assert "Loudmouth" not in now.source + now.html
    assert "0171" in now.source


def test_what_was_changed_before_anybody_saw_it_is_in_no_public_history() -> None:
    writer, editor, article = an_account(), an_account(Role.EDITOR), an_article()
    comment = writing.post(writer, article, SECRET, Origin())
    assert comment.state == State.HELD
    decide(comment.pk, "ask", editor, comment.revision, words="Take the number out.")
    comment.refresh_from_db()
    comment = writing.change(comment, writer, "I have her number.", comment.revision, Origin())
    decide(comment.pk, "approve", editor, comment.revision)
    assert "0171" not in public(article.slug, comment)
    assert f"/c/{comment.pk}/history" not in text_of(Reader().get(f"/a/{article.slug}/"))
    assert "0171" in text_of(Reader(writer).get(f"/c/{comment.pk}/history"))
    assert "0171" in text_of(Reader(editor).get(f"/c/{comment.pk}/history"))


def test_what_was_seen_and_changed_afterwards_stays_in_the_history() -> None:
    writer, editor, article = an_account(points=3), an_account(Role.EDITOR), an_article()
    comment = writing.post(writer, article, "It was red.", Origin())
    decide(comment.pk, "approve", editor, comment.revision)
    comment = writing.change(Comment.objects.get(pk=comment.pk), writer, "It was 0171.", None, Origin())
    assert comment.state == State.HELD  # a newcomer's change
    comment = writing.change(comment, writer, "It was blue.", None, Origin())
    decide(comment.pk, "approve", editor, comment.revision)
    page = text_of(Reader().get(f"/c/{comment.pk}/history"))
    assert "red" in page
    assert "0171" not in page
    assert f"/c/{comment.pk}/history" in text_of(Reader().get(f"/a/{article.slug}/"))


def test_what_nobody_saw_goes_with_the_account_even_where_its_words_stay() -> None:
    writer, editor = an_account(), an_account(Role.EDITOR)
    comment = writing.post(writer, an_article(), SECRET, Origin())
    comment = writing.change(comment, writer, "I have her number.", None, Origin())
    decide(comment.pk, "approve", editor, comment.revision)
    erasure.ask(writer, unsign=True)
    Account.objects.filter(pk=writer.pk).update(deletion_due=timezone.now())
    assert erasure.carry_out(writer.pk)
    assert Comment.objects.get(pk=comment.pk).state == State.VISIBLE
    assert not CommentEdit.objects.exists()
