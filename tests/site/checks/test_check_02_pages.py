"""Check 2: hostile text in every field of a page stays text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from parley.site.model.setting import Setting
from parley.site.render.compose import article_page
from parley.site.render.environment import render
from parley.site.render.safe import Safe
from parley.site.render.views import FrontItem, FrontPage
from tests.site.render import samples
from tests.site.text.corpus import vectors

# Every other field of the page's records gets a vector: one page takes as many as it has fields.
_ADDRESSES = {"href", "log_href", "claim_href", "reset_href", "src", "source", "sweep", "key", "kind"}


class Live(HTMLParser):
    """Collects what in a page could run or load."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        for name, value in attrs:
            if name.startswith("on") or name == "style" or name == "srcdoc":
                self.found.append(f"{tag} {name}={value}")
        if tag in ("iframe", "object", "embed", "base", "style", "math", "applet", "frame", "marquee"):
            self.found.append(tag)
        if tag == "script" and given.get("type") not in ("module", "application/ld+json"):
            self.found.append(f"script {attrs}")

    handle_startendtag = handle_starttag


def live(page: str) -> list[str]:
    reader = Live()
    reader.feed(page)
    reader.close()
    return reader.found


def shape(page: str) -> list[str]:
    """The elements of a page in their order: text that stays text adds none."""
    reader = Live()
    reader.feed(page)
    reader.close()
    return reader.tags


def poisoned(thing: Any, texts: Iterator[str], name: str = "") -> Any:
    """Put a hostile text into every text of a record, however deep; addresses are the site's own."""
    if isinstance(thing, Safe) or thing is None or isinstance(thing, bool | int | float | date | datetime):
        return thing
    if isinstance(thing, str):
        return thing if name in _ADDRESSES or not thing else next(texts)
    if isinstance(thing, tuple):
        return tuple(poisoned(each, texts, name) for each in thing)
    if is_dataclass(thing):
        return replace(
            thing,  # type: ignore[type-var]
            **{each.name: poisoned(getattr(thing, each.name), texts, each.name) for each in fields(thing)},
        )
    return thing


def endless() -> Iterator[str]:
    while True:
        yield from vectors()


KEPT = ("status", "chip", "form", "canonical", "value", "author", "href", "slug", "data", "standing")


def whole_page() -> Any:
    setting = Setting((("q_other", 0.5),))
    effect = samples.effect("q_other=0.5", chip="flips")
    return article_page(
        samples.edition(byline="A. Writer"),
        samples.around(),
        samples.numbers(),
        setting=setting,
        effect=effect,
        problem="refused",
    )


def hostile(texts: Iterator[str]) -> Any:
    page = whole_page()
    made = poisoned(page, texts)
    # Words that choose a style or a number format are the site's own, not readers'.
    cards = tuple(
        replace(
            card,
            kind=old.kind,
            controls=tuple(
                replace(each, name=was.name, form=was.form, value=was.value, author=was.author)
                for each, was in zip(card.controls, old.controls, strict=True)
            ),
        )
        for card, old in zip(made.cards, page.cards, strict=True)
    )
    challenges = tuple(
        replace(each, chip=was.chip) for each, was in zip(made.challenges, page.challenges, strict=True)
    )
    return replace(
        made,
        cards=cards,
        challenges=challenges,
        canonical=page.canonical,
        href=page.href,
        answer=replace(made.answer, status=page.answer.status),
    )


@pytest.mark.parametrize("start", range(0, len(vectors()), 40))
def test_check_02_no_field_of_an_article_becomes_markup(start: int) -> None:
    texts = endless()
    for _ in range(start):
        next(texts)
    page = render("article.html", page=hostile(texts))
    assert live(page) == []
    assert shape(page) == shape(render("article.html", page=whole_page()))


def test_check_02_no_field_of_the_other_pages_becomes_markup() -> None:
    for text in vectors():
        item = FrontItem("/a/x/", text, text, date(2013, 10, 22), text, text, text)
        pages = [
            render("front.html", page=FrontPage((item,))),
            render("message.html", title=text, text=text),
            render("error.html", code=404, title=text, text=text),
            render("policy.html", welcome=(text,), clauses=()),
        ]
        assert [found for page in pages for found in live(page)] == [], text


def test_check_02_the_judge_sees_what_is_alive() -> None:
    for bad in ("<img src=x onerror=alert(1)>", "<script>alert(1)</script>", '<p style="x">', "<iframe>"):
        assert live(f"<p>{bad}</p>") != [], bad
