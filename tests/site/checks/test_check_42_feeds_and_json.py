"""Check 42 for feeds and JSON: nothing of one reader's request shows in what another gets from the cache."""

from __future__ import annotations

import pytest
from django.test import Client

from parley.site.web.models import Article, Role
from tests.site.checks.test_check_42_cache_poisoning import HOSTILE
from tests.site.operate.published import SLUG, the_flagship
from tests.site.operate.wsgi import Server
from tests.site.people import a_comment, an_account

pytestmark = pytest.mark.django_db


def addresses(article: Article) -> list[str]:
    """Return one address of each kind that the cache keeps, with something in it."""
    writer = an_account(name="Ann", points=9)
    Article.objects.filter(pk=article.pk).update(owner=writer)
    comment = a_comment(article, writer)
    feeds = [f"/feeds/{name}" for name in ("articles", "corrections", "log", "u/Ann")]
    feeds += [f"/feeds/a/{SLUG}/{name}" for name in ("comments", "challenges", "corrections")]
    lists = [f"/a/{SLUG}/comments.json", f"/a/{SLUG}/challenges.json", "/articles.json", "/log.json"]
    single = [f"/a/{SLUG}.json", f"/c/{comment.pk}.json", "/u/Ann.json", "/policy.json", "/openapi.json"]
    return [f"{feed}.{form}" for feed in feeds for form in ("atom", "rss", "json")] + lists + single


def test_check_42_feeds_and_json_are_kept_and_are_what_the_view_says() -> None:
    found = addresses(the_flagship())
    server = Server()
    for address in found:
        first, second = server.ask(address), server.ask(address)
        assert (first.status, second.body) == (200, first.body), address
        assert first.body == Client().get(address).content, address
        assert "x-parley-keep" not in first.headers, address
        assert server.ask(address, HTTP_IF_NONE_MATCH=first.headers["etag"]).status == 304, address
    assert len(server.reached) == len(found)


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_check_42_no_header_reaches_a_feed_or_json(name: str) -> None:
    found = addresses(the_flagship())
    clean = Server()
    server = Server()
    for address in found:
        first = server.ask(address, **{name: HOSTILE[name]})
        assert (first.status, first.body) == (200, clean.ask(address).body), address
    assert "evil" not in str(server.reached)


def test_check_42_they_are_one_in_all_languages_for_all_readers_and_unknown_parameters() -> None:
    found = addresses(the_flagship())
    client = Client()
    client.force_login(an_account(Role.EDITOR, name="Visible"))
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    server = Server()
    for address in found:
        first = server.ask(address, HTTP_ACCEPT_LANGUAGE="de", HTTP_COOKIE=cookie)
        assert "Visible" not in first.text, address
        assert first.headers["vary"] == "Accept-Encoding", address
        assert "content-language" not in first.headers
        for query in ("hl=fr", "utm_source=evil", "s=1", ";page=2"):
            assert server.ask(f"{address}?{query}").body == first.body, (address, query)
    assert len(server.reached) == len(found)


def test_check_42_scripts_of_other_sites_may_read_the_kept_json_without_cookies() -> None:
    the_flagship()
    server = Server()
    for _ in range(2):
        answer = server.ask(f"/a/{SLUG}/comments.json", HTTP_ORIGIN="https://other.example")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=1&page=2", "page=", "page[]=1"])
def test_check_42_a_refused_page_of_json_is_not_kept(query: str) -> None:
    the_flagship()
    server = Server()
    for count in (1, 2):
        answer = server.ask(f"/a/{SLUG}/comments.json?{query}")
        if query == "page[]=1":  # another name: the view never looks at it
            assert answer.status == 200
            continue
        assert answer.status == 400
        assert len(server.reached) == count


@pytest.mark.parametrize(
    "address",
    ["/c/0.json", "/c/99999999999999999.json", "/c/01.json", "/u/%00.json", "/u/nobody.json", "/a/x.json"],
)
def test_check_42_what_is_not_there_is_not_kept(address: str) -> None:
    server = Server()
    for count in (1, 2):
        assert server.ask(address).status == 404
        assert len(server.reached) == count
