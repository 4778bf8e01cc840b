"""Check 43 for feeds and JSON: each change shows on the very next request, under another ETag."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from parley.site.web import journal
from parley.site.web.models import Account, Article, Comment, Role, State
from parley.site.web.moderation.decide import decide
from parley.site.web.revisions import touch
from tests.site.operate.published import SLUG, the_flagship
from tests.site.operate.wsgi import Server
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
OF_COMMENTS = (
    *(f"/feeds/a/{SLUG}/comments.{form}" for form in ("atom", "rss", "json")),
    f"/a/{SLUG}/comments.json",
    "/u/Ann.json",
)


def changed(server: Server, address: str, act: Callable[[], object]) -> tuple[str, str]:
    """Do something between two requests of a reader who keeps what there was; return both answers."""
    first = server.ask(address)
    assert server.ask(address, HTTP_IF_NONE_MATCH=first.headers["etag"]).status == 304
    act()
    second = server.ask(address, HTTP_IF_NONE_MATCH=first.headers["etag"])
    assert second.status == 200, address
    assert second.headers["etag"] != first.headers["etag"]
    return first.text, second.text


@pytest.mark.parametrize("address", OF_COMMENTS)
def test_check_43_a_removal_shows_in_feed_and_json(address: str) -> None:
    article, writer = the_flagship(), an_account(name="Ann", points=9)
    comment = a_comment(article, writer, source="The words at stake.")
    editor = an_account(Role.EDITOR)
    before, after = changed(
        Server(), address, lambda: decide(comment, "remove", editor, comment.revision, clause=1)
    )
    assert "The words at stake." in before
    assert "The words at stake." not in after


def test_check_43_the_json_of_one_comment_follows_it() -> None:
    article = the_flagship()
    comment = a_comment(article, an_account(points=9), source="The words at stake.")
    other = a_comment(an_article(), an_account(points=9))
    server = Server()
    address = f"/c/{comment.pk}.json"
    editor = an_account(Role.EDITOR)
    before, after = changed(server, address, lambda: decide(comment, "pick", editor, comment.revision))
    assert '"pick": false' in before or '"pick":false' in before
    assert after != before
    etag = server.ask(address).headers["etag"]
    reached = len(server.reached)
    decide(other, "pick", editor, other.revision)  # under another article: this one is as it was
    assert server.ask(address, HTTP_IF_NONE_MATCH=etag).status == 304
    assert len(server.reached) == reached
    decide(comment, "remove", editor, comment.revision + 1, clause=1)
    assert server.ask(address).status == 404


def test_check_43_a_row_of_the_log_shows_in_its_feeds_and_json() -> None:
    def act() -> None:
        with transaction.atomic():
            journal.append(
                journal.Entry(act="remove", by="editor", subject="comment", subject_id=7, clause=3)
            )

    the_flagship()
    for address in ("/feeds/log.atom", "/feeds/log.rss", "/feeds/log.json", "/log.json"):
        changed(Server(), address, act)


def test_check_43_a_new_article_and_a_correction_show_in_the_lists() -> None:
    def correct() -> None:
        article.versions.create(
            n=2,
            digest="b" * 64,
            title="Two",
            source="",
            edition={},
            correction=True,
            note="A date was wrong.",
        )
        touch(article)

    article = the_flagship()
    for address in ("/feeds/articles.atom", "/articles.json"):
        changed(Server(), address, lambda: an_article())
    server = Server()
    server.ask(f"/feeds/a/{SLUG}/corrections.atom")
    _before, after = changed(server, "/feeds/corrections.rss", correct)
    assert "A date was wrong." in after
    assert "A date was wrong." in server.ask(f"/feeds/a/{SLUG}/corrections.atom").text


def test_check_43_an_article_taken_back_is_gone_from_the_cache() -> None:
    article = the_flagship()
    comment = a_comment(article, an_account())
    server = Server()
    addresses = [
        f"/a/{SLUG}.json",
        f"/a/{SLUG}/comments.json",
        f"/feeds/a/{SLUG}/comments.atom",
        f"/c/{comment.pk}.json",
    ]
    for address in addresses:
        assert server.ask(address).status == 200
    Article.objects.filter(pk=article.pk).update(state=Article.State.WITHDRAWN)
    for address in addresses:
        assert server.ask(address).status == 404, address


def test_check_43_a_standing_that_changes_elsewhere_shows_beside_the_name() -> None:
    article, writer = the_flagship(), an_account(name="Ann", points=4)
    a_comment(article, writer)
    held = a_comment(an_article(), writer, State.HELD)
    editor = an_account(Role.EDITOR)
    server = Server()
    page = server.ask(f"/a/{SLUG}/")
    before, after = changed(
        server, f"/a/{SLUG}/comments.json", lambda: decide(held, "approve", editor, held.revision)
    )
    assert ('"standing":"new"' in before.replace(" ", ""), '"recognised"' in after) == (True, True)
    assert Account.objects.get(pk=writer.pk).points == 5
    assert server.ask(f"/a/{SLUG}/").body != page.body


def test_check_43_without_a_touch_a_feed_is_kept_so_the_touch_is_needed() -> None:
    article = the_flagship()
    server = Server()
    server.ask(f"/a/{SLUG}/comments.json")
    Comment.objects.create(
        article=article, state=State.VISIBLE, source="x", html="<p>By the back door.</p>", sanitiser=1
    )
    assert "By the back door." not in server.ask(f"/a/{SLUG}/comments.json").text
    touch(article)
    assert "By the back door." in server.ask(f"/a/{SLUG}/comments.json").text
