"""How heavy a page is, and how long it takes to write one."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace

from parley.site.render.article import ArticlePage
from parley.site.render.compose import article_page
from parley.site.render.environment import STATIC, render
from scripts.frontend import stale
from tests.site.render import samples


def long_page() -> ArticlePage:
    """An article with a hundred comments, half of them replies."""
    page = article_page(samples.edition(), samples.around(0, 0), samples.numbers())
    comments = tuple(samples.comment(20 + each, replies=1) for each in range(50))
    return replace(page, comments=comments, comment_count=100)


def test_the_first_view_is_below_120_kilobytes() -> None:
    page = gzip.compress(render("article.html", page=long_page()).encode(), 6)
    style, script = ((STATIC / name).read_bytes() for name in ("parley.css", "parley.js"))
    first = len(page) + len(gzip.compress(style, 6)) + len(gzip.compress(script, 6))
    assert first < 60_000  # bytes as they travel; the bar is 120 KB


def test_the_script_is_below_12_kilobytes() -> None:
    assert len(gzip.compress((STATIC / "parley.js").read_bytes(), 9)) <= 12 * 1024


def test_what_was_built_is_built_from_what_is_there() -> None:
    assert stale() == []


def test_a_hundred_comments_take_a_few_milliseconds() -> None:
    page = long_page()
    render("article.html", page=page)
    best = min(_took(page) for _ in range(15))
    assert best < 6e-3  # seconds of processor time; 2.5 ms where nothing else runs


def _took(page: ArticlePage) -> float:
    began = time.process_time()
    for _ in range(5):
        render("article.html", page=page)
    return (time.process_time() - began) / 5


def test_what_is_kept_between_pages_is_never_another_articles() -> None:
    one = article_page(samples.edition(), samples.around(), samples.numbers())
    other = article_page(samples.edition(title="Other"), samples.around(), samples.numbers())
    cards = tuple(replace(card, text="Another claim") for card in other.cards)
    there = '<span class="words">Another claim</span>'
    assert there not in render("article.html", page=one)
    assert there in render("article.html", page=replace(one, cards=cards))
    assert there not in render("article.html", page=one)
    assert "Challenge this claim" not in render("article.html", page=replace(one, open=False))
