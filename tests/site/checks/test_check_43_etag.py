"""Check 43: the ETag changes with every visible change, on the very next request."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from parley.site.web.models import Article, Comment, Role, State
from parley.site.web.moderation.decide import decide
from parley.site.web.revisions import touch, touch_site
from tests.site.operate.published import SLUG, the_flagship
from tests.site.operate.wsgi import Server
from tests.site.people import a_comment, an_account

pytestmark = pytest.mark.django_db
PAGE = f"/a/{SLUG}/"


def by(
    act: str, state: str = State.VISIBLE, clause: int | None = None
) -> Callable[[Article], Callable[[], object]]:
    def prepare(article: Article) -> Callable[[], object]:
        comment = a_comment(article, an_account(points=9), state=state, source="The words at stake.")
        editor = an_account(Role.EDITOR)
        return lambda: decide(comment, act, editor, comment.revision, clause=clause)

    return prepare


@pytest.mark.parametrize(
    ("prepare", "before", "after"),
    [
        (by("remove", clause=1), True, False),
        (by("approve", State.HELD), False, True),
        (by("pick"), True, True),
    ],
    ids=["removal", "approval", "pick"],
)
def test_check_43_a_decision_shows_on_the_next_request(
    prepare: Callable[[Article], Callable[[], object]], before: bool, after: bool
) -> None:
    act = prepare(the_flagship())
    server = Server()
    first = server.ask(PAGE)
    assert ("The words at stake." in first.text) is before
    act()
    second = server.ask(PAGE, HTTP_IF_NONE_MATCH=first.headers["etag"])
    assert second.status == 200
    assert second.headers["etag"] != first.headers["etag"]
    assert ("The words at stake." in second.text) is after


def test_check_43_the_writers_own_withdrawal_too() -> None:
    article, writer = the_flagship(), an_account()
    comment = a_comment(article, writer, source="I take this back.")
    server = Server()
    assert "I take this back." in server.ask(PAGE).text
    decide(comment, "withdraw", writer, comment.revision)
    assert "I take this back." not in server.ask(PAGE).text


def test_check_43_each_address_of_the_article_follows() -> None:
    article = the_flagship()
    comment = a_comment(article, an_account(), source="The words at stake.")
    server = Server()
    addresses = [PAGE, f"{PAGE}?sort=oldest", f"{PAGE}?hl=de", f"{PAGE}?page=1"]
    for each in addresses:
        assert "The words at stake." in server.ask(each).text
    decide(comment, "remove", an_account(Role.EDITOR), comment.revision, clause=2)
    for each in addresses:
        assert "The words at stake." not in server.ask(each).text


def test_check_43_a_change_that_is_rolled_back_changes_nothing() -> None:
    from django.db import transaction

    article = the_flagship()
    server = Server()
    etag = server.ask(PAGE).headers["etag"]
    with transaction.atomic():
        a_comment(article, an_account())
        touch(article)
        transaction.set_rollback(True)
    assert server.ask(PAGE, HTTP_IF_NONE_MATCH=etag).status == 304


def test_check_43_what_concerns_the_whole_site_concerns_every_page() -> None:
    the_flagship()
    touch_site()
    server = Server()
    for path in (PAGE, "/", "/policy/"):
        server.ask(path)
    before = len(server.reached)
    touch_site()
    for path in (PAGE, "/", "/policy/"):
        assert server.ask(path).status == 200
    assert len(server.reached) == before + 3


def test_check_43_without_a_touch_the_page_is_kept_so_the_touch_is_needed() -> None:
    article = the_flagship()
    server = Server()
    server.ask(PAGE)
    Comment.objects.create(
        article=article, state=State.VISIBLE, source="x", html="<p>By the back door.</p>", sanitiser=1
    )
    assert "By the back door." not in server.ask(PAGE).text
    touch(article)
    assert "By the back door." in server.ask(PAGE).text
