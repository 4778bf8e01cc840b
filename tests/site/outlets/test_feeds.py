"""Feeds: found, well formed, in three forms, with what everybody may see and nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from parley.site.web import journal
from parley.site.web.models import Article, Kind, State
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def atom_of(client: Client, path: str) -> ElementTree.Element:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def titles(feed: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed.findall(f"{ATOM}entry")]


def test_articles_are_listed_newest_first(client: Client) -> None:
    old = an_article()
    Article.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=3))
    new = an_article()
    an_article(state=Article.State.DRAFT)
    feed = atom_of(client, "/feeds/articles.atom")
    assert titles(feed) == [new.current.title, old.current.title]  # type: ignore[union-attr]
    links = {each.get("rel"): each.get("href") for each in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": "http://localhost:8000/feeds/articles.atom",
        "alternate": "http://localhost:8000/",
    }
    ids = [each.text for each in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)) == 3


def test_the_three_forms_say_the_same(client: Client) -> None:
    article = an_article("one")
    comment = a_comment(article, an_account(name="Ann"), source="Five < six")
    a_comment(article, state=State.HELD)
    feed = atom_of(client, "/feeds/a/one/comments.atom")
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    channel = ElementTree.fromstring(client.get("/feeds/a/one/comments.rss").content).find("channel")
    assert channel is not None
    items = channel.findall("item")
    parsed = json.loads(client.get("/feeds/a/one/comments.json").content)
    assert len(items) == len(parsed["items"]) == 1
    item = parsed["items"][0]
    html = [entry.findtext(f"{ATOM}content"), items[0].findtext("description"), item["content_html"]]
    assert html == [comment.html] * 3
    address = f"http://localhost:8000/c/{comment.pk}/"
    assert [entry.findtext(f"{ATOM}id"), items[0].findtext("guid"), item["id"]] == [address] * 3
    assert item["authors"] == [{"name": "Ann"}]
    assert item["title"] == "Comment by Ann"


def test_challenges_and_corrections_have_their_own(client: Client) -> None:
    article = an_article("two")
    a_comment(article, kind=Kind.CHALLENGE, signed="a reader of the column")
    a_comment(article)
    assert titles(atom_of(client, "/feeds/a/two/challenges.atom")) == ["Challenge by a reader of the column"]
    assert titles(atom_of(client, "/feeds/a/two/corrections.atom")) == []
    article.versions.create(
        n=2, digest="b" * 64, title="Two", source="", edition={}, correction=True, note="A date was wrong."
    )
    for path in ("/feeds/a/two/corrections.atom", "/feeds/corrections.atom"):
        feed = atom_of(client, path)
        assert titles(feed) == ["Two, version 2"]
        assert feed.findtext(f"{ATOM}entry/{ATOM}content") == "A date was wrong."


def test_an_authors_articles(client: Client) -> None:
    author = an_account(name="Bo Li", role="author")
    assert client.get("/feeds/u/Bo%20Li.atom").status_code == 404
    article = an_article(owner=author)
    assert titles(atom_of(client, "/feeds/u/bo%20li.atom")) == [article.current.title]  # type: ignore[union-attr]
    author.deleted_at = timezone.now()
    author.save()
    assert client.get("/feeds/u/Bo%20Li.atom").status_code == 404


def test_the_log_names_clause_and_row(client: Client, db: Any) -> None:
    from django.db import transaction

    with transaction.atomic():
        journal.append(journal.Entry(act="remove", by="editor", subject="comment", subject_id=7, clause=3))
    feed = atom_of(client, "/feeds/log.atom")
    assert titles(feed) == ["#1 removed"]
    assert "spam or advertising (3)" in (feed.findtext(f"{ATOM}entry/{ATOM}content") or "")


def test_a_feed_is_sent_once(client: Client) -> None:
    article = an_article("three")
    first = client.get("/feeds/a/three/comments.json")
    again = client.get("/feeds/a/three/comments.json", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    a_comment(article)
    changed = client.get("/feeds/a/three/comments.json", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_the_page_lists_every_feed(client: Client) -> None:
    an_article("four")
    page = client.get("/feeds/").content.decode()
    for path in ("/feeds/articles", "/feeds/corrections", "/feeds/log", "/feeds/a/four/comments"):
        for form in ("atom", "rss", "json"):
            assert f'href="{path}.{form}"' in page
            assert client.get(f"{path}.{form}").status_code == 200
    assert '<link rel="alternate" type="application/atom+xml" href="/feeds/articles.atom"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/a/none/comments.atom",
        "/feeds/a/draft/comments.atom",
        "/feeds/articles.xml",
        "/feeds/none.atom",
    ],
)
def test_there_is_no_feed_of_what_is_not_there(client: Client, path: str) -> None:
    an_article("draft", state=Article.State.DRAFT)
    assert client.get(path).status_code == 404
