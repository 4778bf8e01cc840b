"""Lists of comments do not load the numbers of the articles they stand under: two megabytes for each row."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parley.site.web.debate import reporting
from parley.site.web.editions import LARGE
from parley.site.web.models import Challenge, Comment, Kind, State, Subscription
from tests.site.debate.browser import Reader
from tests.site.moderation.desk import a_held_comment, an_editor, desk_of
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


def large_rows(path: str, client: object) -> list[str]:
    """Return the queries of a page that load large columns beside those of comments."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200  # type: ignore[attr-defined]
    columns = [f'"web_version"."{name}"' for name in LARGE]
    return [each["sql"] for each in caught if any(column in each["sql"] for column in columns)]


def test_the_pages_of_editors_load_no_numbers() -> None:
    article, editor, writer = an_article(), an_editor(), an_account(name="Zaneera")
    for number in range(3):
        a_held_comment(writer, article=article, source=f"Held {number}.")
    shown = a_comment(article, writer)
    reporting.report(shown, reporting.Complaint("attack"), an_account())
    desk = desk_of(editor)
    pages = ("/queue/", f"/queue/?article={article.slug}", f"/queue/{shown.pk}/", "/queue/articles/")
    for path in (*pages, "/queue/people/Zaneera/"):
        assert large_rows(path, desk) == [], path


def test_the_queue_reads_what_may_be_changed_once_for_all_challenges() -> None:
    article, editor = an_article(), an_editor()
    assert article.current is not None
    assumptions = [{"key": "a", "question": "How often?", "judgement": "3"}]
    article.current.edition = {**article.current.edition, "assumptions": assumptions}
    article.current.save()
    for _ in range(4):
        comment = a_held_comment(article=article, kind=Kind.CHALLENGE)
        Challenge.objects.create(comment=comment, setting="a=5")
    desk = desk_of(editor)
    found = large_rows("/queue/", desk)
    assert len(found) == 1
    assert "numbers" not in found[0]
    assert desk.get("/queue/").content.count(b"How often?") == 4


def test_ones_own_page_loads_no_numbers() -> None:
    own, article = an_account(points=10), an_article()
    for state in (State.VISIBLE, State.HELD, State.VISIBLE):
        a_comment(article, own, state)
    Subscription.objects.create(account=own, article=article)
    assert Comment.objects.count() == 3
    assert large_rows("/account/", Reader(own).client) == []
