"""Check 3: hostile text in pictures and in structured data stays text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from parley.site.render.compose import article_page
from parley.site.render.dots import Row, dot_picture
from parley.site.render.jsonld import described, structured
from parley.site.render.marks import dumbbell
from tests.site.render import samples
from tests.site.text.corpus import vectors

_BARE = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@pytest.mark.parametrize("text", vectors())
def test_check_03_a_policys_name_in_a_picture(text: str) -> None:
    name = _BARE.sub("", text)
    drawn = dot_picture([Row(name[:1] or "A", name, True, (1.0, 2.0))], name, name)
    root = ElementTree.fromstring(drawn)
    assert {each.tag for each in root.iter()} == {
        "svg",
        "title",
        "desc",
        "g",
        "line",
        "text",
        "tspan",
        "path",
    }
    ElementTree.fromstring(dumbbell(0.1, 0.9, name, name, name))


@pytest.mark.parametrize("text", vectors())
def test_check_03_structured_data_cannot_leave_its_element(text: str) -> None:
    around = samples.around(2, 0, canonical="https://parley.example/a/talks/")
    page = article_page(samples.edition(title=text, summary=text, byline=text), around)
    first = page.comments[0]
    assert first.author is not None
    page = replace(page, comments=(replace(first, author=replace(first.author, name=text)),))
    written = structured(page)
    assert written.count("<") == 2
    assert written.count(">") == 2
    assert "\u2028" not in written
    inside = written.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    data = json.loads(inside)
    assert data["headline"] == text
    assert data["comment"][0]["author"]["name"] == text


def test_check_03_removed_words_are_not_described() -> None:
    page = article_page(samples.edition(), samples.around(2, 0))
    data = described(page)
    assert "Removed by an editor" not in json.dumps(data)
    assert data["commentCount"] == 2
