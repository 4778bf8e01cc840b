"""Pages speak of runs: the study's word for them is put into theirs, the author's own words are not."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from parley.site.model.effect import Numbers
from parley.site.render.article import ArticlePage
from parley.site.render.compose import article_page
from parley.site.render.environment import render
from parley.site.render.wording import in_runs
from tests.site.render import samples

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="img"><title>In all readings</title>'
    '<text x="1" y="1">reading by reading</text></svg>'
)
NOTE = "A run: one complete set of values for everything uncertain."


def with_a_picture() -> Numbers:
    numbers = samples.numbers()
    kept = replace(
        numbers.pictures[0],
        svg=PICTURE,
        caption="Over 1,024 readings.",
        head=("readings up to here, in %",),
        rows=(("in 9 of 10 readings 4% to 39%",),),
    )
    return replace(numbers, pictures=(kept,))


def made(edition: object = None) -> ArticlePage:
    return article_page(edition or samples.edition(), samples.around(), with_a_picture())  # type: ignore[arg-type]


def test_pictures_captions_and_tables_speak_of_runs() -> None:
    figure = made().figures[0]
    assert "In all runs" in str(figure.svg)
    assert "run by run" in str(figure.svg)
    assert (figure.caption, figure.head, figure.rows) == (
        "Over 1,024 runs.",
        ("runs up to here, in %",),
        (("in 9 of 10 runs 4% to 39%",),),
    )


def test_the_page_speaks_of_nothing_else_and_explains_the_word_once_where_it_first_stands() -> None:
    text = re.sub(r"<[^>]*>", " ", render("article.html", page=made()))
    assert not re.search(r"\breadings?\b", text.replace("You are reading this", ""))
    assert text.count(NOTE) == 1
    assert NOTE in text[re.search(r"\d of 100 runs", text).end() :][:400]  # type: ignore[union-attr]


def test_a_name_with_the_word_in_it_stays_as_the_author_wrote_it() -> None:
    edition = samples.edition()
    first = replace(edition.assumptions[0], question="How far do reading scores rise?")
    edition = replace(edition, assumptions=(first, *edition.assumptions[1:]))
    figure = made(edition).figures[0]
    assert figure.caption == "Over 1,024 readings."
    assert figure.rows == (("in 9 of 10 runs 4% to 39%",),)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Readings", "Runs"),
        ("READING", "Run"),
        ("proofreadings", "proofreadings"),
        (
            "<text class='reading'>nine readings in ten</text>",
            "<text class='reading'>nine runs in ten</text>",
        ),
    ],
)
def test_words_and_nothing_but_words(said: str, wanted: str) -> None:
    assert in_runs(samples.edition())(said) == wanted
