"""The description of an article for machines."""

from __future__ import annotations

from typing import Any

from parley.site.render.compose import article_page
from parley.site.render.jsonld import COMMENTS, described, structured
from tests.site.render import samples


def data(comments: int = 3) -> Any:
    return described(
        article_page(samples.edition(byline="A. Writer"), samples.around(comments, 1), samples.numbers())
    )


def test_the_article_its_pictures_claims_and_comments() -> None:
    found = data()
    assert found["@type"] == "OpinionNewsArticle"
    assert found["datePublished"] == "2013-10-22"
    assert found["dateModified"] == "2013-11-02"
    assert found["author"] == {"@type": "Person", "name": "A. Writer"}
    assert found["image"][0]["contentUrl"] == "https://parley.example/a/talks/pictures/strikes.png"
    assert found["image"][0]["creditText"] == "PARLEY/own drawing"
    assert [each["@type"] for each in found["hasPart"]] == ["Claim"] * 5
    assert found["hasPart"][1]["appearance"]["url"] == "https://parley.example/a/talks/#p-strike"
    assert found["comment"][1]["url"] == "https://parley.example/c/20/"
    assert found["commentCount"] == 4
    assert "ClaimReview" not in str(found)


def test_words_are_plain() -> None:
    assert "<p>" not in str(data()["comment"])
    assert data()["comment"][0]["text"]


def test_many_comments_are_counted_but_not_all_described() -> None:
    found = data(COMMENTS + 30)
    assert len(found["comment"]) == COMMENTS
    assert found["commentCount"] == COMMENTS + 31


def test_without_an_address_there_is_nothing_to_describe() -> None:
    page = article_page(samples.edition(), samples.around(canonical=""))
    assert structured(page) == ""
