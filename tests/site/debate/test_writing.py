"""Comments are posted, answered, changed and withdrawn, through the forms of the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parley.site.web import journal
from parley.site.web.models import (
    Account,
    Act,
    Article,
    Comment,
    CommentEdit,
    Queue,
    ReviewItem,
    Role,
    State,
    WordListEntry,
)
from parley.site.web.moderation.decide import decide
from tests.site.debate.browser import Reader, an_edition, text_of
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
WORDS = "The army has *little* reason to keep its word."


@pytest.fixture
def article() -> Article:
    found = an_article()
    assert found.current is not None
    found.current.edition = an_edition()
    found.current.save()
    return found


@pytest.fixture
def known() -> Account:
    return an_account(points=10, approved=10)


def only() -> Comment:
    return Comment.objects.get()


def test_a_known_readers_comment_is_shown_at_once(article: Article, known: Account) -> None:
    answer = Reader(known).post(f"/a/{article.slug}/comment", text=WORDS)
    comment = only()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/a/{article.slug}/#c-{comment.pk}")
    assert (comment.state, comment.author, comment.version) == (State.VISIBLE, known, article.current)
    assert comment.html == '<p dir="auto">The army has <em>little</em> reason to keep its word.</p>\n'
    assert comment.shown_at is not None
    revision = article.revision
    article.refresh_from_db()
    assert article.revision == revision + 1
    assert not ReviewItem.objects.exists()


def test_a_newcomers_comment_waits_and_says_why(article: Article) -> None:
    answer = Reader(an_account()).post(f"/a/{article.slug}/comment", text=WORDS)
    comment = only()
    assert answer.headers["Location"] == f"/c/{comment.pk}/"
    assert comment.state == State.HELD
    assert comment.held_reasons == [
        {"rule": "newcomer", "code": "first-posts", "values": {"points": 0, "needed": 5}}
    ]
    assert ReviewItem.objects.get(open=True).queue == Queue.HELD
    row = Act.objects.get()
    assert (row.act, row.by, row.public) == ("hold", "rule", {"rules": ["newcomer"]})


def test_scripts_are_told_in_json(article: Article) -> None:
    answer = Reader(an_account()).post(f"/a/{article.slug}/comment", json=True, text=WORDS)
    told = answer.json()
    assert (told["id"], told["state"], told["reasons"]) == (
        only().pk,
        "held",
        ["first posts (0 of 5 approved)"],
    )


def test_the_composer_opens_previews_and_keeps_the_text_when_it_is_refused(
    article: Article, known: Account
) -> None:
    reader, path = Reader(known), f"/a/{article.slug}/comment"
    assert 'name="text"' in text_of(reader.get(path))
    preview = reader.post(path, text=WORDS, do="preview")
    assert "<em>little</em>" in text_of(preview)
    assert WORDS in text_of(preview)
    refused = reader.post(path, text="> " * 20 + "deep")
    assert refused.status_code == 400
    assert "nested more than" in text_of(refused)
    assert "deep</textarea>" in text_of(refused)
    assert reader.post(path, text="   ").status_code == 400
    assert reader.post(path, text="x" * 3001).status_code == 400
    assert not Comment.objects.exists()


def test_looking_at_a_text_first_does_not_make_it_hasty(article: Article, known: Account) -> None:
    """The form on the article's page has no stamp: what came from it was typed for nobody knows how long."""
    reader, path = Reader(known), f"/a/{article.slug}/comment"
    page = text_of(reader.post(path, text=WORDS, do="preview"))
    started = page.split('name="started" value="')[1].split('"')[0]
    reader.post(path, text=WORDS, started=started)
    assert only().held_reasons == []


def test_who_posts_signed_out_is_led_back_to_the_article(article: Article) -> None:
    client = Client()
    answer = client.post(
        f"/a/{article.slug}/comment",
        {"text": WORDS},
        headers={
            "Origin": "http://testserver",
            "Sec-Fetch-Site": "same-origin",
            "Referer": f"http://testserver/a/{article.slug}/?s=q%3D0.1",
        },
    )
    assert answer.headers["Location"] == f"/accounts/login/?next=%2Fa%2F{article.slug}%2F%3Fs%3Dq%253D0.1"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "led back to the article" in page
    elsewhere = {"Origin": "http://testserver", "Referer": "https://elsewhere.example/a/b/"}
    answer = client.post(f"/a/{article.slug}/comment", {"text": WORDS}, headers=elsewhere)
    assert answer.headers["Location"] == "/accounts/login/?next=%2F"


def test_a_quote_must_stand_in_the_article(article: Article, known: Account) -> None:
    reader, path = Reader(known), f"/a/{article.slug}/comment"
    refused = reader.post(path, text=WORDS, quote="America is to blame")
    assert refused.status_code == 400
    assert "do not stand in the article" in text_of(refused)
    assert reader.post(path, text=WORDS, passage="elsewhere").status_code == 400
    reader.post(path, text=WORDS, quote=' It will  fail, "nearly surely"', passage="blame")
    assert (only().quote, only().passage) == ("It will fail, “nearly surely”", "blame")


def test_nobody_writes_signed_out_silenced_or_under_a_closed_article(
    article: Article, known: Account
) -> None:
    path = f"/a/{article.slug}/comment"
    assert Reader().post(path, text=WORDS).headers["Location"].startswith("/accounts/login/")
    assert Reader().post(path, json=True, text=WORDS).status_code == 401
    known.muted_until = timezone.now() + timedelta(hours=1)
    known.save()
    assert Reader(known).post(path, text=WORDS).status_code == 403
    closed, draft = an_article(state=Article.State.CLOSED), an_article(state=Article.State.DRAFT)
    other = Reader(an_account(points=10))
    assert other.post(f"/a/{closed.slug}/comment", text=WORDS).status_code == 403
    assert other.post(f"/a/{draft.slug}/comment", text=WORDS).status_code == 404
    assert not Comment.objects.exists()


def test_a_banned_word_is_named_and_a_suspect_one_holds(article: Article, known: Account) -> None:
    WordListEntry.objects.create(kind="banned", phrase="darn")
    WordListEntry.objects.create(kind="suspect", phrase="heck*")
    reader, path = Reader(known), f"/a/{article.slug}/comment"
    refused = reader.post(path, text="Well, d@rn that.")
    assert refused.status_code == 400
    assert "“darn”" in text_of(refused)
    reader.post(path, text="What the heckling is this?")
    assert only().held_reasons == [
        {"rule": "words", "code": "words", "values": {"found": "heckling", "entry": "heck*"}}
    ]


def test_too_many_posts_are_refused_for_a_while(article: Article, known: Account) -> None:
    reader = Reader(known)
    statuses = [
        reader.post(f"/a/{article.slug}/comment", text=f"{WORDS} {number * 'word ' * 9}").status_code
        for number in range(7)
    ]
    assert statuses == [303] * 5 + [429] * 2
    assert Comment.objects.count() == 5


def test_the_trap_and_haste_hold(article: Article, known: Account) -> None:
    Reader(known).post(f"/a/{article.slug}/comment", text=WORDS, website="https://spam.example", typed="0.4")
    assert [each["rule"] for each in only().held_reasons] == ["trap", "hasty"]


def test_the_time_since_the_form_was_made_counts_as_typing_time(article: Article, known: Account) -> None:
    reader, path = Reader(known), f"/a/{article.slug}/comment"
    page = text_of(reader.get(path))
    started = page.split('name="started" value="')[1].split('"')[0]
    reader.post(path, text=WORDS, started=started)
    assert [each["rule"] for each in only().held_reasons] == ["hasty"]


@pytest.mark.parametrize("typed", ["nan", "inf", "-3", "soon", ""])
def test_a_typing_time_that_is_none_is_no_opinion(article: Article, known: Account, typed: str) -> None:
    Reader(known).post(f"/a/{article.slug}/comment", text=WORDS, typed=typed, started="forged")
    assert only().state == State.VISIBLE


def test_answers_have_two_levels_and_a_deeper_one_quotes(article: Article, known: Account) -> None:
    first = a_comment(article, an_account(name="Zaneera"), source="Talks *never* hold.")
    Reader(known).post(f"/c/{first.pk}/reply", text="They did in 1997.")
    second = Comment.objects.get(parent=first)
    other = an_account(points=10, approved=10)
    Reader(other).post(f"/c/{second.pk}/reply", text="Not for long.")
    third = Comment.objects.exclude(pk__in=(first.pk, second.pk)).get()
    assert third.parent == first
    assert third.source == f"> They did in 1997. (#{second.pk}, {known.name})\n\nNot for long."
    assert "<blockquote" in third.html


def test_a_quoted_text_cannot_become_markup(article: Article, known: Account) -> None:
    first = a_comment(article, an_account())
    second = a_comment(
        article, known, parent=first, source="\\*x\\* `<b>` [a](https://example.org) \\> # 1\n\n- z"
    )
    Reader(an_account(points=9)).post(f"/c/{second.pk}/reply", text="Indeed.")
    third = Comment.objects.latest("pk")
    assert "href" not in third.html
    assert "<em>" not in third.html
    assert "*x*" in third.html
    assert "&lt;b&gt;" in third.html


def test_only_what_is_shown_can_be_answered(article: Article, known: Account) -> None:
    for state in (State.HELD, State.HIDDEN, State.REMOVED, State.WITHDRAWN):
        found = a_comment(article, an_account(), state=state)
        assert Reader(known).get(f"/c/{found.pk}/reply").status_code == 404
        assert Reader(known).post(f"/c/{found.pk}/reply", text=WORDS).status_code == 404
    assert Reader(known).get("/c/99999999999999999999999/reply").status_code == 404


def test_a_change_keeps_the_earlier_text_for_everybody(article: Article, known: Account) -> None:
    comment, reader = a_comment(article, known, source="It will fail."), Reader(known)
    assert "It will fail.</textarea>" in text_of(reader.get(f"/c/{comment.pk}/edit"))
    answer = reader.post(f"/c/{comment.pk}/edit", text="It may fail.", revision=comment.revision)
    comment.refresh_from_db()
    assert answer.status_code == 303
    assert (comment.source, comment.revision, comment.state) == ("It may fail.", 2, State.VISIBLE)
    assert comment.edited_at is not None
    page = text_of(Reader().get(f"/c/{comment.pk}/history"))
    assert "<del>will</del><ins>may</ins>" in page


def test_a_change_is_for_ten_minutes_and_for_the_writer(article: Article, known: Account) -> None:
    old = a_comment(article, known, created=timezone.now() - timedelta(minutes=11))
    young = a_comment(article, known)
    assert Reader(known).post(f"/c/{old.pk}/edit", text="Other words.").status_code == 403
    assert Reader(an_account(points=10)).post(f"/c/{young.pk}/edit", text="Other words.").status_code == 404
    assert Reader(an_account(Role.EDITOR)).post(f"/c/{young.pk}/edit", text="Other words.").status_code == 404
    assert not CommentEdit.objects.exists()


def test_a_change_of_another_revision_is_a_conflict(article: Article, known: Account) -> None:
    comment, reader = a_comment(article, known), Reader(known)
    reader.post(f"/c/{comment.pk}/edit", text="One change.", revision=1)
    assert reader.post(f"/c/{comment.pk}/edit", text="Another change.", revision=1).status_code == 409
    comment.refresh_from_db()
    assert comment.source == "One change."


def test_an_editor_may_ask_for_a_change_later(article: Article) -> None:
    writer, editor = an_account(), an_account(Role.EDITOR)
    comment = a_comment(article, writer, state=State.HELD, created=timezone.now() - timedelta(hours=3))
    assert Reader(writer).get(f"/c/{comment.pk}/edit").status_code == 403
    decide(comment, "ask", editor, comment.revision, words="Give a source, please.")
    comment.refresh_from_db()
    changed = Reader(writer).post(f"/c/{comment.pk}/edit", text="With a source.", revision=comment.revision)
    assert changed.status_code == 303
    assert Reader(writer).get(f"/c/{comment.pk}/edit").status_code == 403
    comment.refresh_from_db()
    assert comment.state == State.HELD


def test_a_withdrawn_comment_leaves_its_place_and_no_words(article: Article, known: Account) -> None:
    comment, reader = a_comment(article, known, source="Regretted."), Reader(known)
    reader.post(f"/c/{comment.pk}/edit", text="Still regretted.")
    assert "deleted for good" in text_of(reader.get(f"/c/{comment.pk}/withdraw"))
    assert Reader(an_account()).post(f"/c/{comment.pk}/withdraw").status_code == 404
    assert reader.post(f"/c/{comment.pk}/withdraw").status_code == 303
    comment.refresh_from_db()
    assert (comment.state, comment.source, comment.html) == (State.WITHDRAWN, "", "")
    assert not CommentEdit.objects.exists()
    assert journal.faults() == []
    assert reader.post(f"/c/{comment.pk}/withdraw").status_code == 404


def test_editors_and_the_articles_author_are_not_held(article: Article) -> None:
    owner = an_account(Role.AUTHOR)
    article.owner, article.premoderate = owner, True
    article.save()
    for account in (owner, an_account(Role.EDITOR)):
        Reader(account).post(f"/a/{article.slug}/comment", text=f"{WORDS} {account.name}")
    Reader(an_account(points=50, approved=50)).post(
        f"/a/{article.slug}/comment", text="Something else to say."
    )
    states = Comment.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.VISIBLE, State.VISIBLE, State.HELD]
