"""The pages that everybody reads."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parley.site.web import reading
from parley.site.web.models import Article, Kind, Role, State
from parley.site.web.moderation.decide import decide
from tests.site.operate.published import SLUG, the_flagship
from tests.site.people import a_comment, an_account

pytestmark = pytest.mark.django_db
PAGE = f"/a/{SLUG}/"


def text_of(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, answer.content[:500]
    return str(answer.content.decode())


def test_the_front_page_lists_what_is_published_and_how_much_is_said() -> None:
    article = the_flagship()
    a_comment(article, an_account())
    a_comment(article, an_account(), state=State.HELD)
    the_flagship("a-draft", state=Article.State.DRAFT)
    page = text_of("/")
    assert f'href="{PAGE}"' in page
    assert "Let the talks fail, but not by our hand" in page
    assert "1 comment<" in page
    assert "a-draft" not in page


def test_an_article_shows_text_claims_and_comments_before_it_is_solved() -> None:
    article = the_flagship()
    a_comment(article, an_account(name="Zaneera"), source="The drones came first.")
    page = text_of(PAGE)
    assert "The numbers are being computed" in page
    assert 'href="#claim-' in page
    assert "The drones came first." in page
    assert "Zaneera" in page


@pytest.mark.parametrize("state", [Article.State.DRAFT, Article.State.WITHDRAWN])
def test_what_is_not_published_is_not_there(state: str) -> None:
    the_flagship(state=state)
    assert Client().get(PAGE).status_code == 404


def test_a_page_with_a_hundred_comments_takes_at_most_six_queries() -> None:
    article = the_flagship()
    tops = [a_comment(article, an_account(points=9)) for _ in range(80)]
    for parent in tops[:20]:
        a_comment(article, an_account(), parent=parent)
    text_of(PAGE)  # reads the edition
    with CaptureQueriesContext(connection) as caught:
        page = text_of(PAGE)
    assert page.count('class="comment') == 100
    assert len(caught) <= 6, [each["sql"][:80] for each in caught]


def test_a_removed_comment_leaves_its_reason_and_the_number_of_its_log_row() -> None:
    article = the_flagship()
    gone = a_comment(article, an_account(name="Rude"), source="You are a fool.")
    decide(gone, "remove", an_account(Role.EDITOR), gone.revision, clause=1)
    page = text_of(PAGE)
    assert "Removed by an editor: personal attack (policy 1). Log #1" in page
    assert "fool" not in page
    assert "Rude" not in page
    assert "1 removed today" in page


def test_a_comment_that_was_never_shown_leaves_no_trace_when_it_is_removed() -> None:
    article = the_flagship()
    held = a_comment(article, an_account(), state=State.HELD, source="Never seen.")
    decide(held, "remove", an_account(Role.EDITOR), held.revision, clause=3)
    page = text_of(PAGE)
    assert "Never seen" not in page
    assert "Removed by" not in page
    assert "removed today" not in page


def test_comments_come_in_the_order_asked_for() -> None:
    article = the_flagship()
    a_comment(article, an_account(), source="Alpha words.")
    a_comment(article, an_account(), source="Omega words.", pick=True)
    newest, oldest, picks = (text_of(f"{PAGE}?sort={each}") for each in ("newest", "oldest", "picks"))
    assert newest.index("Omega") < newest.index("Alpha")
    assert oldest.index("Alpha") < oldest.index("Omega")
    assert picks.index("Omega") < picks.index("Alpha")
    assert Client().get(f"{PAGE}?sort=sideways").status_code == 400


def test_a_filter_shows_one_claim_alone() -> None:
    article = the_flagship()
    a_comment(article, an_account(), source="About the strikes.", passage="strike-ends")
    a_comment(article, an_account(), source="About the weather.")
    page = text_of(f"{PAGE}?claim=strike-ends")
    assert "About the strikes." in page
    assert "About the weather." not in page
    assert Client().get(f"{PAGE}?claim=nowhere").status_code == 404


def test_challenges_stand_apart_from_comments() -> None:
    article = the_flagship()
    a_comment(article, an_account(), kind=Kind.STRUCTURAL, source="A policy is missing.")
    page = text_of(PAGE)
    assert "asks for a change of the model" in page
    assert page.index("A policy is missing.") < page.index('id="comments"')


def test_long_debates_are_read_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.site.web.reading.PAGE", 3)
    for query in (reading._COMMENTS, reading._CHALLENGES):
        monkeypatch.setattr(query, "_kept", {})  # their SQL holds the length of a page
    article = the_flagship()
    for number in range(5):
        a_comment(article, an_account(), source=f"Comment {number} here.")
    assert "Comment 4 here." in text_of(PAGE)
    assert "Comment 0 here." not in text_of(PAGE)
    assert "Comment 0 here." in text_of(f"{PAGE}?page=2")
    for wrong in ("3", "0", "x", "-1", "٣"):
        assert Client().get(PAGE, {"page": wrong}).status_code == 404


def test_the_policy_has_ten_clauses_by_number() -> None:
    page = text_of("/policy/")
    assert page.count('id="clause-') == 10


@pytest.mark.parametrize("number", ["0", "00", "9999999", "99999999999999999999"])
def test_a_version_that_cannot_be_is_not_there(number: str) -> None:
    the_flagship()
    assert Client().get(f"{PAGE}v/{number}").status_code == 404
