"""Check 8: what is typed into search is never a statement: no SQL, no LIKE wildcard, no language of the
index."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.site.web.models import Comment
from parley.site.web.search.find import search
from tests.site.people import a_comment, an_article

pytestmark = pytest.mark.django_db
HOSTILE = (
    "' OR 1=1 --",
    "'; DROP TABLE web_comment; --",
    '" OR 1=1 --',
    "heron' UNION SELECT email, 1 FROM web_account --",
    "%",
    "_",
    "%heron%",
    "her_n",
    "her?n",
    "[a-z]",
    "*",
    '"',
    '""" " "',
    "heron AND",
    "NOT",
    "heron NOT",
    "OR OR",
    "NEAR(heron stands, 5)",
    "NEAR",
    "title: heron",
    "body:heron",
    "{title body} : heron",
    "target:1",
    "kind:article",
    "-kind:comment",
    "^heron ^",
    "heron*stands*",
    "(heron",
    "heron)",
    "heron + stands",
    "\\",
    "\\'",
    "'heron':*",
    "heron & !stands",
    "heron <-> stands",
    "heron | 'x",
    "!!",
    ":*",
    "\x00heron",
    "\ud7ff\ufdd0",
    "𞤀 ﷺ ‮heron",
    "-" * 300,
    '"' * 301,
    "(" * 1000,
    "q " * 1000,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_check_08_hostile_text_is_words(client: Client, text: str) -> None:
    shown = a_comment(an_article(), source="A heron stands there")
    a_comment(an_article(), source="Another bird")
    answer = client.get("/search/", {"q": text})
    assert answer.status_code == 200
    hits = [hit.href for hit in search(text.replace("\x00", " ")).hits]
    assert hits in ([], [f"/c/{shown.pk}/"])
    assert Comment.objects.count() == 2


def test_check_08_wildcards_and_operators_are_only_characters() -> None:
    comment = a_comment(an_article(), source="A heron stands there")
    a_comment(an_article(), source="An egret walks")
    for text in ("%", "_", "*", "her_n", "her%n", "?", "heron OR egret", "heron NEAR egret", "title:egret"):
        assert search(text).total == 0, text
    assert search("heron AND").total == 0, "AND is a word"
    assert [hit.href for hit in search("heron*").hits] == [f"/c/{comment.pk}/"]


@given(text=st.text(max_size=60), kind=st.sampled_from(("", "article", "comment")))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_check_08_no_text_breaks_the_index(db: None, text: str, kind: str) -> None:
    assert search(text.replace("\x00", " "), kind).total == 0


def test_check_08_excerpts_are_escaped(client: Client) -> None:
    comment = a_comment(an_article(), source="x")
    Comment.objects.filter(pk=comment.pk).update(
        source="heron <script>alert(1)</script>",
        html="<p>heron &lt;script&gt;alert(1)&lt;/script&gt; &lt;mark&gt;</p>",
    )
    page = client.get("/search/", {"q": 'heron "><script>'}).content.decode()
    assert "<mark>heron</mark> &lt;<mark>script</mark>&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert 'value="heron &#34;&gt;&lt;script&gt;"' in page
