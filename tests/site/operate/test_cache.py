"""The page cache: quick, and never older than the last change."""

from __future__ import annotations

import gzip

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parley.site.web.models import Article, Role
from parley.site.web.moderation.decide import decide
from parley.site.web.shared import KEEP
from tests.site.operate.published import SLUG, the_flagship
from tests.site.operate.wsgi import Server
from tests.site.people import a_comment, an_account

pytestmark = pytest.mark.django_db
PAGE = f"/a/{SLUG}/"


def test_a_second_reader_gets_the_kept_page() -> None:
    the_flagship()
    server = Server()
    first, second = server.ask(PAGE), server.ask(PAGE)
    assert first.status == second.status == 200
    assert first.body == second.body
    assert first.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert KEEP.lower() not in first.headers
    assert len(server.reached) == 1


def test_the_kept_page_carries_the_headers_that_defend_the_reader() -> None:
    the_flagship()
    server = Server()
    for _ in range(2):
        answer = server.ask(PAGE)
        assert answer.status == 200
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_reader_who_has_the_page_gets_three_hundred_and_four_without_a_body() -> None:
    the_flagship()
    server = Server()
    etag = server.ask(PAGE).headers["etag"]
    again = server.ask(PAGE, HTTP_IF_NONE_MATCH=f'"other", {etag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert "content-length" not in again.headers
    assert server.ask(PAGE, HTTP_IF_NONE_MATCH='"other"').status == 200


def test_an_unchanged_page_costs_one_look_at_the_database() -> None:
    article = the_flagship()
    for _ in range(100):
        a_comment(article, an_account())
    server = Server()
    etag = server.ask(PAGE).headers["etag"]
    with CaptureQueriesContext(connection) as asked:
        assert server.ask(PAGE, HTTP_IF_NONE_MATCH=etag).status == 304
    assert len(asked) <= 1, [each["sql"] for each in asked]
    assert len(server.reached) == 1  # for the first reader


def test_pages_go_out_compressed_to_those_who_take_it() -> None:
    the_flagship()
    server = Server()
    plain = server.ask(PAGE)
    zipped = server.ask(PAGE, HTTP_ACCEPT_ENCODING="br, gzip;q=0.8")
    assert gzip.decompress(zipped.body) == plain.body
    assert zipped.headers["content-encoding"] == "gzip"
    assert int(zipped.headers["content-length"]) == len(zipped.body) < len(plain.body) / 2
    assert "Accept-Encoding" in plain.headers["vary"]
    assert "content-encoding" not in server.ask(PAGE, HTTP_ACCEPT_ENCODING="gzip;q=0").headers


def test_head_is_get_without_the_body() -> None:
    the_flagship()
    server = Server()
    head, page = server.ask(PAGE, "HEAD"), server.ask(PAGE)
    assert head.body == b""
    assert head.headers["content-length"] == page.headers["content-length"]
    assert head.headers["etag"] == page.headers["etag"]


def test_the_language_is_the_readers_or_that_of_the_address() -> None:
    the_flagship()
    server = Server()
    for accepted, language in (("de-AT, en;q=0.5", "de"), ("xx, fr;q=0.1", "fr"), ("xx", "en"), ("", "en")):
        answer = server.ask(PAGE, HTTP_ACCEPT_LANGUAGE=accepted)
        assert (answer.status, answer.headers["content-language"]) == (200, language)
        assert "Accept-Language" in answer.headers["vary"]
    answer = server.ask(f"{PAGE}?hl=es", HTTP_ACCEPT_LANGUAGE="de")
    assert answer.headers["content-language"] == "es"
    assert "Accept-Language" not in answer.headers["vary"]


def test_memory_is_bounded_and_the_oldest_page_gives_way() -> None:
    article = the_flagship()
    for passage in ("strike-ends", "short-list"):
        a_comment(article, an_account(), passage=passage)
    size = len(Server().ask(PAGE).body)
    server = Server(limit=int(size * 2.9))
    for sort in ("newest", "oldest", "picks", "convincing"):
        server.ask(f"{PAGE}?sort={sort}")
    assert server.cache._size <= server.cache.limit
    before = len(server.reached)
    server.ask(f"{PAGE}?sort=convincing")
    assert len(server.reached) == before
    server.ask(f"{PAGE}?sort=newest")
    assert len(server.reached) == before + 1


def test_a_page_larger_than_the_cache_is_still_served() -> None:
    the_flagship()
    server = Server(limit=1000)
    assert server.ask(PAGE).status == server.ask(PAGE).status == 200
    assert len(server.reached) == 2


def test_posts_and_other_pages_go_to_django_as_they_are() -> None:
    the_flagship()
    server = Server()
    assert server.ask(PAGE, "POST", HTTP_SEC_FETCH_SITE="same-origin").status in (403, 405)
    assert server.ask("/healthz", HTTP_COOKIE="a=b").status == 200
    assert server.reached[-1]["HTTP_COOKIE"] == "a=b"


def test_a_withdrawn_article_is_gone_with_the_next_request() -> None:
    article = the_flagship()
    server = Server()
    assert server.ask(PAGE).status == 200
    Article.objects.filter(pk=article.pk).update(state=Article.State.WITHDRAWN)
    assert server.ask(PAGE).status == 404


def test_the_front_page_follows_every_article() -> None:
    article = the_flagship()
    comment = a_comment(article, an_account())
    server = Server()
    assert "1 comment<" in server.ask("/").text
    decide(comment, "remove", an_account(Role.EDITOR), comment.revision, clause=4)
    assert "0 comments<" in server.ask("/").text


def test_tomorrow_the_page_counts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    the_flagship()
    server = Server()
    server.ask(PAGE)
    monkeypatch.setattr("parley.site.web.shared.today", lambda: 800_000)
    server.ask(PAGE)
    assert len(server.reached) == 2
