"""A comment has a page of its own; so has an account, with what became of its comments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parley.site.web.models import Account, Appeal, Article, Queue, ReviewItem, Role, State
from parley.site.web.moderation.decide import decide
from tests.site.debate.browser import Reader, text_of
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
WORDS = "Words of a certain reader."


@pytest.fixture
def article() -> Article:
    return an_article()


@pytest.fixture
def writer() -> Account:
    return an_account()


def test_a_shown_comment_stands_with_what_it_answers_and_its_answers(
    article: Article, writer: Account
) -> None:
    first = a_comment(article, an_account(name="Zaneera"), source="The first.")
    second = a_comment(article, writer, parent=first, source=WORDS)
    page = text_of(Reader().get(f"/c/{second.pk}/"))
    assert WORDS in page
    assert "The first." in page
    assert f'href="/a/{article.slug}/#c-{second.pk}"' in page
    assert WORDS in text_of(Reader().get(f"/c/{first.pk}/"))
    assert Reader().get(f"/c/{first.pk}").headers["Location"] == f"/c/{first.pk}/"


@pytest.mark.parametrize("state", [State.HELD, State.HIDDEN, State.REMOVED, State.WITHDRAWN])
def test_words_that_are_not_shown_are_seen_by_their_writer_alone(
    article: Article, writer: Account, state: str
) -> None:
    never = a_comment(article, writer, state=state, source=WORDS)
    after = a_comment(article, writer, state=state, source=WORDS, shown_at=timezone.now())
    for other in (Reader(), Reader(an_account()), Reader(an_account(Role.EDITOR))):
        assert other.get(f"/c/{never.pk}/").status_code == 404
        gone = other.get(f"/c/{after.pk}/")
        assert gone.status_code == (404 if state == State.HELD else 200)
        assert WORDS not in text_of(gone)
    own = Reader(writer).get(f"/c/{never.pk}/")
    assert own.status_code == 200
    assert str(State(state).label) in text_of(own)


def test_the_writer_reads_why_it_waits_and_what_can_be_done(article: Article, writer: Account) -> None:
    Reader(writer).post(f"/a/{article.slug}/comment", text=WORDS)
    comment = writer.comments.get()
    page = text_of(Reader(writer).get(f"/c/{comment.pk}/"))
    assert "first posts (0 of 5 approved)" in page
    assert f"/c/{comment.pk}/edit" in page
    assert f"/c/{comment.pk}/withdraw" in page
    assert f"/c/{comment.pk}/appeal" not in page


def test_a_removed_comment_can_be_appealed_once_within_fourteen_days(
    article: Article, writer: Account
) -> None:
    comment, editor = a_comment(article, writer, source=WORDS), an_account(Role.EDITOR)
    decide(comment, "remove", editor, comment.revision, clause=4)
    reader, path = Reader(writer), f"/c/{comment.pk}/appeal"
    assert path in text_of(reader.get(f"/c/{comment.pk}/"))
    assert Reader(an_account()).get(path).status_code == 404
    assert Reader(an_account()).post(path, text="For a friend.").status_code == 404
    assert "does not advance the story" in text_of(reader.get(path))
    assert reader.post(path, text="  ").status_code == 400
    assert reader.post(path, text="x" * 1001).status_code == 400
    assert reader.post(path, text="It is about the second passage.").status_code == 303
    appeal = Appeal.objects.get()
    assert (appeal.comment, appeal.against.act) == (comment, "remove")
    assert ReviewItem.objects.get(open=True).queue == Queue.APPEAL
    assert reader.post(path, text="Once more.").status_code == 403
    assert Appeal.objects.count() == 1


def test_an_appeal_comes_too_late_after_fourteen_days(
    article: Article, writer: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = a_comment(article, writer)
    decide(comment, "remove", an_account(Role.EDITOR), comment.revision, clause=4)
    later = timezone.now() + timedelta(days=14, minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = Reader(writer).post(f"/c/{comment.pk}/appeal", text="Better late.")
    assert answer.status_code == 403
    assert not Appeal.objects.exists()


def test_a_banned_writer_may_still_appeal_and_withdraw(article: Article, writer: Account) -> None:
    first, second = a_comment(article, writer), a_comment(article, writer)
    decide(first, "remove", an_account(Role.EDITOR), first.revision, clause=4)
    writer.banned_at = timezone.now()
    writer.save()
    assert Reader(writer).post(f"/c/{first.pk}/appeal", text="I was misread.").status_code == 303
    assert Reader(writer).post(f"/c/{second.pk}/withdraw").status_code == 303


def test_an_own_mark_is_shown_and_can_be_taken_back(article: Article) -> None:
    comment, account = a_comment(article, an_account()), an_account()
    reader = Reader(account)
    reader.post(f"/c/{comment.pk}/mark", kind="convinced")
    page = text_of(reader.get(f"/c/{comment.pk}/"))
    assert "You marked it: changed my mind." in page
    assert "You marked it" not in text_of(Reader().get(f"/c/{comment.pk}/"))


def test_a_profile_has_statistics_and_only_what_is_shown(article: Article, writer: Account) -> None:
    writer.approved, writer.removed, writer.bio = 7, 1, "Reads <b>everything</b>"
    writer.save()
    a_comment(article, writer, source="Shown to all.", advances=3)
    a_comment(article, writer, source="Waits.", state=State.HELD)
    a_comment(an_article(state=Article.State.DRAFT), writer, source="Under a draft.")
    page = text_of(Reader().get(f"/u/{writer.name}/"))
    assert "Shown to all." in page
    assert "Waits." not in page
    assert "Under a draft." not in page
    assert "88%" in page
    assert "&lt;b&gt;" in page
    assert "<td>3</td>" in page


def test_deleted_and_unknown_accounts_have_no_profile(writer: Account) -> None:
    writer.deleted_at = timezone.now()
    writer.save()
    for path in (f"/u/{writer.name}/", "/u/nobody/", f"/u/{an_account().name}/?page=9", "/u/x/?page=a"):
        assert Reader().get(path).status_code == 404


def test_an_article_is_followed_and_followed_no_longer(article: Article, writer: Account) -> None:
    reader, path = Reader(writer), f"/a/{article.slug}/follow"
    assert reader.get(path).status_code == 200
    assert reader.post(path, json=True, pace="weekly").json()["following"] is True
    assert reader.post(path, json=True, pace="hourly").json()["pace"] == "hourly"
    assert reader.post(path, pace="each second").status_code == 403
    assert Reader().post(path).headers["Location"].startswith("/accounts/login/")
    assert reader.post(path, json=True, set="off").json()["following"] is False
