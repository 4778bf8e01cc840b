"""Check 36: a double click, a retry, or a second window post one comment.

At the same moment: `tests/site/debate/test_at_once.py`.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parley.site.web.models import Comment, State
from tests.site.debate.browser import Reader, text_of
from tests.site.people import a_comment, an_account, an_article

WORDS = "Said once, sent often."


@pytest.mark.django_db
@pytest.mark.parametrize("points", [0, 10])
def test_check_36_the_same_form_sent_twice_is_one_comment(points: int) -> None:
    article, reader = an_article(), Reader(an_account(points=points, approved=points))
    path = f"/a/{article.slug}/comment"
    key = text_of(reader.get(path)).split('name="key" value="')[1].split('"')[0]
    answers = [reader.post(path, text=WORDS, key=key) for _ in range(4)]
    answers.append(reader.post(path, text=f"{WORDS} Changed before the second try.", key=key))
    assert Comment.objects.count() == 1
    assert {answer.headers["Location"] for answer in answers} == {answers[0].headers["Location"]}


@pytest.mark.django_db
def test_check_36_the_same_words_without_a_key_are_one_comment_for_ten_minutes() -> None:
    article, reader = an_article(), Reader(an_account(points=10))
    path = f"/a/{article.slug}/comment"
    for text in (WORDS, WORDS, f"{WORDS}\r\n", WORDS):
        assert reader.post(path, text=text.strip("\r\n")).status_code == 303
    assert Comment.objects.count() == 1
    Comment.objects.update(created=timezone.now() - timedelta(minutes=11))
    reader.post(path, text=WORDS)
    assert Comment.objects.count() == 2


@pytest.mark.django_db
def test_check_36_a_retry_takes_nothing_from_the_limit() -> None:
    article, reader = an_article(), Reader(an_account(points=10))
    for _ in range(20):
        assert reader.post(f"/a/{article.slug}/comment", text=WORDS, key="k").status_code == 303


@pytest.mark.django_db
def test_check_36_a_key_is_bound_to_its_writer_and_its_place() -> None:
    article, other = an_article(), an_article()
    answered = a_comment(article, an_account())
    first, second = Reader(an_account(points=10)), Reader(an_account(points=10))
    for reader in (first, second):
        reader.post(f"/a/{article.slug}/comment", text=WORDS, key="k")
    first.post(f"/a/{other.slug}/comment", text="Other words under another article.", key="k")
    first.post(f"/c/{answered.pk}/reply", text="Other words as an answer here.", key="k")
    assert Comment.objects.count() == 5


@pytest.mark.django_db
def test_check_36_after_withdrawing_the_same_words_may_be_said_again() -> None:
    article, reader = an_article(), Reader(an_account(points=10))
    reader.post(f"/a/{article.slug}/comment", text=WORDS)
    reader.post(f"/c/{Comment.objects.get().pk}/withdraw")
    reader.post(f"/a/{article.slug}/comment", text=WORDS)
    assert Comment.objects.filter(state=State.VISIBLE).count() == 1
