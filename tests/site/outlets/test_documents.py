"""The JSON beside the pages: what it says, what it keeps to itself, its description."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parley.site.web.models import (
    Article,
    Challenge,
    ChallengeEffect,
    Comment,
    Kind,
    Role,
    Solve,
    State,
    Version,
)
from parley.site.web.moderation.decide import decide
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db

EDITION: dict[str, Any] = {
    "question": "Which posture?",
    "summary": None,
    "byline": "A. Writer",
    "date": "2013-11-02",
    "language": "en",
    "claims": [{"name": "C5", "text": "Talks fail", "kind": "assumed", "passage": "p1", "reason": None}],
    "assumptions": [
        {
            "name": "kappa", "question": "How often?", "unit": "a month", "judgement": ".3", "low": 0.1,
            "middle": 0.3, "high": 0.9, "options": [], "default": None, "confidence": "A", "passage": None,
        }
    ],
    "policies": [{"name": "pause"}, {"name": "short list"}],
}  # fmt: skip
EFFECT = {
    "advice": "pause",
    "recommended": "short list",
    "verdict": "fails",
    "leading": 1,
    "criteria": [{"share": 0.9}, {"criterion": "worth", "share": 0.4, "error": 0.02, "before": 0.6}],
}


def json_of(client: Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.content)
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    return answer.json()


def solved_article(slug: str) -> Article:
    article = an_article(slug)
    Version.objects.filter(article=article).update(edition=EDITION, numbers={"effect": EFFECT})
    return article


def test_an_article(client: Client) -> None:
    article = solved_article("one")
    a_comment(article)
    a_comment(article, state=State.HELD)
    found = json_of(client, "/a/one.json")
    assert found["question"] == "Which posture?"
    assert found["date"] == "2013-11-02"
    assert found["claims"] == [{"name": "C5", "text": "Talks fail", "kind": "assumed", "passage": "p1"}]
    assert found["assumptions"][0]["middle"] == 0.3
    assert found["policies"] == ["pause", "short list"]
    assert found["advice"] == {
        "policy": "pause", "recommended": "short list", "verdict": "fails", "criterion": "worth", "share":
        0.4, "error": 0.02,
    }  # fmt: skip
    assert (found["comments"], found["challenges"]) == (1, 0)
    assert [each["n"] for each in found["versions"]] == [1]


def test_an_article_that_is_not_solved_has_no_advice(client: Client) -> None:
    an_article("bare")
    assert json_of(client, "/a/bare.json")["advice"] is None


def test_lists_come_in_pages(client: Client) -> None:
    article = an_article("long")
    for _ in range(53):
        a_comment(article)
    first = json_of(client, "/a/long/comments.json")
    assert (len(first["items"]), first["pages"], first["total"]) == (50, 2, 53)
    second = json_of(client, first["next"].removeprefix("http://localhost:8000"))
    assert len(second["items"]) == 3
    assert second["next"] is None
    assert json_of(client, "/a/long/comments.json?page=9")["items"] == []
    assert json_of(client, "/articles.json")["items"][0]["comments"] == 53


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=", "page=1&page=2", "page=-1", "page=%D9%A1", "page=1e3"]
)
def test_a_page_that_is_no_number_is_refused(client: Client, query: str) -> None:
    answer = client.get(f"/articles.json?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert "page" in answer.json()["detail"]


def test_the_place_of_a_removed_comment_is_left_without_its_words(client: Client) -> None:
    article = an_article("gone")
    comment = a_comment(article, an_account(name="Cy"), source="Secret words")
    never = a_comment(article, an_account(), state=State.HELD, source="Never shown")
    editor = an_account(Role.EDITOR)
    for each in (comment, never):
        decide(each, "remove", editor, each.revision, clause=2)
    found = json_of(client, "/a/gone/comments.json")["items"]
    assert [each["id"] for each in found] == [comment.pk]
    assert found[0]["state"] == "removed"
    assert found[0]["clause"] == 2
    assert found[0]["log"] == 1
    assert found[0]["html"] is None
    assert found[0]["author"] is None
    assert client.get(f"/c/{comment.pk}.json").status_code == 404


def test_a_challenge_says_what_it_changes_and_does(client: Client) -> None:
    article = solved_article("disputed")
    version = article.current
    assert version is not None
    comment = a_comment(article, an_account(name="Di"), kind=Kind.CHALLENGE)
    challenge = Challenge.objects.create(
        comment=comment, setting="kappa=0.5", reasons={"kappa": "It was more."}
    )
    solve = Solve.objects.create(
        version=version, setting="kappa=0.5", digest="c" * 64, draws=1024, seed=1, engine="0.7", effect=EFFECT
    )
    ChallengeEffect.objects.create(challenge=challenge, version=version, solve=solve, chip="flips")
    later = article.versions.create(n=2, digest="d" * 64, title="Later", source="", edition={})
    ChallengeEffect.objects.create(challenge=challenge, version=later, inapplicable="kappa is gone")
    found = json_of(client, "/a/disputed/challenges.json")["items"][0]
    assert found["setting"] == "kappa=0.5"
    assert found["reasons"] == {"kappa": "It was more."}
    assert found["comment"]["author"]["name"] == "Di"
    solved, gone = found["effects"]
    assert (solved["version"], solved["chip"], solved["share"], solved["draws"]) == (1, "flips", 0.4, 1024)
    assert (gone["version"], gone["chip"], gone["inapplicable"]) == (2, None, "kappa is gone")


def test_a_readers_page(client: Client) -> None:
    reader = an_account(name="Eve", points=12, approved=3, removed=1)
    shown = a_comment(an_article(), reader)
    a_comment(an_article(), reader, state=State.HELD)
    found = json_of(client, "/u/eve.json")
    assert (found["name"], found["standing"], found["approved"], found["removed"]) == (
        "Eve",
        "recognised",
        3,
        1,
    )
    assert [each["id"] for each in found["comments"]["items"]] == [shown.pk]
    assert "@" not in str(found)
    assert "email" not in found
    reader.deleted_at = timezone.now()
    reader.save()
    assert client.get("/u/Eve.json").status_code == 404


def test_the_log_and_the_rules(client: Client) -> None:
    editor = an_account(Role.EDITOR, name="Secret Editor")
    draft = an_article("unseen", state=Article.State.DRAFT)
    for article in (an_article("seen"), draft):
        decide(a_comment(article, an_account()), "remove", editor, 1, clause=4)
    found = json_of(client, "/log.json")
    assert [(each["seq"], each["slug"], each["clause"]) for each in found["items"]] == [
        (2, None, 4),
        (1, "seen", 4),
    ]
    assert found["items"][0]["previous"] == found["items"][1]["hash"]
    assert "Secret Editor" not in str(found)
    rules = json_of(client, "/policy.json")
    assert rules["clauses"][0] == {"number": 1, "title": "personal attack"}
    assert rules["rules"]["newcomer_until"] == 5
    assert rules["limits"][0]["act"] == "post"


def test_few_queries_whatever_the_length(client: Client, django_assert_max_num_queries: Any) -> None:
    article = an_article("busy")
    for _ in range(30):
        comment = a_comment(article, an_account(), kind=Kind.CHALLENGE)
        Challenge.objects.create(comment=comment)
    for path in (
        "/a/busy/comments.json",
        "/a/busy/challenges.json",
        "/articles.json",
        "/feeds/a/busy/comments.atom",
    ):
        with django_assert_max_num_queries(6):
            client.get(path)


def test_hidden_comments_leave_a_place_and_unsigned_ones_no_name(client: Client) -> None:
    article = an_article("quiet")
    hidden = a_comment(article, an_account())
    unsigned = a_comment(article)
    Comment.objects.filter(pk=hidden.pk).update(state=State.HIDDEN)
    found = json_of(client, "/a/quiet/comments.json")["items"]
    assert [(each["id"], each["state"], each["html"] is None) for each in found] == [
        (hidden.pk, "hidden", True),
        (unsigned.pk, "visible", False),
    ]
    assert found[1]["author"] is None
