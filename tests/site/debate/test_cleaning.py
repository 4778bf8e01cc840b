"""After a change of the sanitiser's rules, stored HTML is made again from its source."""

from __future__ import annotations

import pytest

from parley.site.text.markdown import SANITISER
from parley.site.web import cleaning
from parley.site.web.models import Challenge, Comment, CommentEdit, State
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


def test_what_older_rules_made_is_made_anew_and_its_page_moves() -> None:
    article = an_article()
    old = a_comment(article, an_account(), source="*so*", kind="challenge")
    Comment.objects.update(sanitiser=SANITISER - 1, html="<script>let through</script>")
    CommentEdit.objects.create(comment=old, source="# was", html="<script>let through</script>")
    Challenge.objects.create(comment=old, answer_source="**no**", answer_html="<script>let through</script>")
    young = a_comment(article, an_account())
    before = article.revision
    assert cleaning.clean_again() == 1
    assert cleaning.clean_again() == 0
    old.refresh_from_db()
    article.refresh_from_db()
    assert (old.html, old.sanitiser) == ('<p dir="auto"><em>so</em></p>\n', SANITISER)
    assert CommentEdit.objects.get().html == '<p dir="auto"><strong>was</strong></p>\n'
    assert Challenge.objects.get().answer_html == '<p dir="auto"><strong>no</strong></p>\n'
    assert article.revision == before + 1
    young.refresh_from_db()
    assert young.html == f"<p>{young.source}</p>"


def test_a_text_that_the_rules_now_refuse_is_shown_as_it_was_typed() -> None:
    refused = a_comment(an_article(), an_account(), source="> " * 20 + "<b>deep</b>")
    Comment.objects.update(sanitiser=0)
    cleaning.clean_again()
    refused.refresh_from_db()
    assert "&lt;b&gt;deep" in refused.html
    assert "<blockquote" not in refused.html


def test_a_withdrawn_comment_stays_without_words() -> None:
    gone = a_comment(an_article(), an_account(), state=State.WITHDRAWN, source="x")
    Comment.objects.update(sanitiser=0, source="", html="")
    cleaning.clean_again()
    gone.refresh_from_db()
    assert (gone.html, gone.sanitiser) == ("", SANITISER)
