"""Articles on other sites: what the provider answers, what stands in the frame."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.test import Client

from parley.site.model import Effect, edition
from parley.site.render.article import ArticlePage, Picture
from parley.site.render.opengraph import tags
from parley.site.web.models import Article, Version
from tests.site.operate.published import the_flagship
from tests.site.people import an_article
from tests.site.solver import numbers_for

pytestmark = pytest.mark.django_db
HERE = "http://localhost:8000/a/talks/"


@pytest.fixture
def talks() -> Article:
    article = an_article("talks")
    Version.objects.filter(article=article).update(title='Talks & <b>"more"</b>')
    return article


def asked(client: Client, url: str = HERE, **fields: Any) -> Any:
    return client.get("/oembed", {"url": url, **fields})


def test_an_article_can_be_embedded(client: Client, talks: Article) -> None:
    answer = asked(client)
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    found = answer.json()
    assert (found["type"], found["version"], found["title"]) == ("rich", "1.0", 'Talks & <b>"more"</b>')
    assert found["html"] == (
        '<iframe src="http://localhost:8000/embed/talks" title="Talks &amp; '
        '&lt;b&gt;&#34;more&#34;&lt;/b&gt;" width="600" height="560" loading="lazy"></iframe>'
    )
    xml = ElementTree.fromstring(asked(client, format="xml").content)
    assert {each.tag: each.text or "" for each in xml} == {name: str(value) for name, value in found.items()}


def test_it_is_no_larger_than_asked_for(client: Client, talks: Article) -> None:
    found = asked(client, maxwidth="300", maxheight="400").json()
    assert (found["width"], found["height"]) == (300, 400)
    assert 'width="300" height="400"' in found["html"]
    for size in ("0", "-1", "x", "1e3", "239", "999999"):
        assert asked(client, maxwidth=size).status_code == 400, size


@pytest.mark.parametrize(
    "url", [HERE, HERE.rstrip("/"), f"{HERE}v/1", f"{HERE}?s=a%3D1#claims", "http://testserver/a/talks/"]
)
def test_its_addresses(client: Client, talks: Article, url: str) -> None:
    assert asked(client, url).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/a/talks/",
        "http://localhost:8000@evil.example/a/talks/",
        "http://localhost:8000/a/other/",
        "http://localhost:8000/a/draft/",
        "http://localhost:8000/c/1/",
        "javascript:alert(1)",
        "//localhost:8000/a/talks/",
        "/a/talks/",
        "http://[",
    ],
)
def test_other_addresses_are_not_found(client: Client, talks: Article, url: str) -> None:
    an_article("draft", state=Article.State.DRAFT)
    assert asked(client, url).status_code == 404


def test_what_is_missing_or_repeated_is_refused(client: Client, talks: Article) -> None:
    assert client.get("/oembed").status_code == 400
    assert client.get("/oembed?url=").status_code == 400
    assert client.get(f"/oembed?url={quote(HERE)}&url={quote(HERE)}").status_code == 400
    assert asked(client, format="yaml").status_code == 501


def solved() -> Effect:
    """Return the author's own case, of few readings."""
    from parley.catalog import load
    from parley.site.model.solver import Solver

    return Solver(load("taliban-talks")).solve(draws=16, seed=1)


def test_the_frame_shows_the_advice_without_script_or_form(client: Client) -> None:
    article = the_flagship()
    assert "being computed" in client.get("/embed/taliban-talks").content.decode()
    numbers = replace(numbers_for(edition("taliban-talks")), effect=solved())
    stored = json.loads(numbers.to_json())
    Version.objects.filter(article=article).update(numbers=stored, status=Version.Status.READY)
    answer = client.get("/embed/taliban-talks")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert "<svg" in page
    assert " of 100 runs" in page
    assert 'href="http://localhost:8000/a/taliban-talks/" target="_top"' in page
    for live in ("<script", "<form", "style="):
        assert live not in page
    assert client.get("/a/taliban-talks/")["X-Frame-Options"] == "DENY"
    text = client.get("/a/taliban-talks/").content.decode()
    assert '<meta property="og:url" content="http://localhost:8000/a/taliban-talks/">' in text
    href = "/oembed?url=http%3A%2F%2Flocalhost%3A8000%2Fa%2Ftaliban-talks%2F"
    assert f'type="application/json+oembed" href="{href}"' in text
    assert client.get("/a/taliban-talks.json").json()["advice"]["policy"]


def test_a_draft_is_not_framed(client: Client) -> None:
    an_article("draft", state=Article.State.DRAFT)
    assert client.get("/embed/draft").status_code == 404


def test_the_first_picture_of_an_article_stands_on_its_card() -> None:
    pictures = tuple(Picture(f"/a/t/pictures/{n}.png", f"Alt {n}", "", "", 1200, 630, "Top") for n in "ab")
    page = ArticlePage("t", "/a/t/", "T", "", (), (), canonical="https://e.org/a/t/", pictures=pictures)
    found = dict(tags(page))
    assert found["og:image"] == "https://e.org/a/t/pictures/a.png"
    assert (found["og:image:width"], found["og:image:alt"]) == ("1200", "Alt a")
    assert "og:image" not in dict(tags(replace(page, canonical=""))), "a card needs whole addresses"
