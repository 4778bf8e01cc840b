"""Pages in four languages: chosen by address or browser, complete, with nothing lost in translation."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

import pytest
from django.test import Client

from scripts.messages import LANGUAGES, LOCALE, catalog, messages, missing, texts
from tests.site.people import a_comment, an_article

PERCENT = re.compile(r"%\((\w+)\)[sd]|%(s)")
MOST_MISSING = 0.03  # texts that somebody has just written


def fields(text: str) -> list[str]:
    """Return the places of a text that are filled in."""
    if PERCENT.search(text) or "{" not in text:
        return sorted("".join(found) for found in PERCENT.findall(text))
    return sorted(name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_are_complete_and_compiled(language: str) -> None:
    found = messages()
    made = catalog(language, found)
    lacking = missing(made)
    assert len(lacking) <= MOST_MISSING * len(found), lacking[:20]
    folder = LOCALE / language / "LC_MESSAGES"
    stored = catalog(language, {each.id: [] for each in _stored(language)})
    source, compiled = texts(stored)
    assert (folder / "django.po").read_bytes() == source, "python -m scripts.messages"
    assert (folder / "django.mo").read_bytes() == compiled, "python -m scripts.messages"


def _stored(language: str) -> list[Any]:
    from babel.messages.pofile import read_po

    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return [each for each in read_po(file, locale=language) if each.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_fills_in_the_same(language: str) -> None:
    for each in _stored(language):
        original = each.id if isinstance(each.id, str) else each.id[-1]
        translated = [each.string] if isinstance(each.string, str) else list(each.string)
        for text in filter(None, translated[-1:] if len(translated) > 1 else translated):
            assert fields(text) == fields(original), (original, text)
        for text in translated[:-1]:
            assert set(fields(text)) <= set(fields(original)), (original, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_hold_no_markup_of_their_own(language: str) -> None:
    for each in _stored(language):
        original = "".join(each.id)
        translated = "".join(each.string or "")
        assert ("<" in translated) == ("<" in original), each.id


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "accepted", "language", "words"),
    [
        ("", "", "en", "The whole site"),
        ("?hl=de", "", "de", "Die ganze Website"),
        ("?hl=fr", "es", "fr", "Tout le site"),
        ("", "es-MX,es;q=0.9,en;q=0.5", "es", "Todo el sitio"),
        ("", "pt,de;q=0.5", "de", "Die ganze Website"),
        ("", "*", "en", "The whole site"),
        ("?hl=xx", "de", "en", "The whole site"),
        ("?hl=../../etc", "de", "en", "The whole site"),
    ],
)
def test_the_language_of_a_page(client: Client, query: str, accepted: str, language: str, words: str) -> None:
    answer = client.get(f"/feeds/{query}", headers={"accept-language": accepted})
    page = answer.content.decode()
    assert words in page
    assert f'<html lang="{language}">' in page
    assert answer["Content-Language"] == language
    assert ("Accept-Language" in answer.get("Vary", "")) == (query == "")
    assert f'hreflang="{language}" lang="{language}" aria-current="true"' in page
    assert 'href="/feeds/?hl=de"' in page
    assert "The whole site" in client.get("/feeds/").content.decode(), "the next reader is asked anew"


@pytest.mark.django_db
def test_what_programs_read_depends_on_no_language(client: Client) -> None:
    a_comment(an_article("talks"))
    for path in ("/feeds/a/talks/comments.atom", "/a/talks/comments.json", "/feeds/log.rss"):
        plain = client.get(path)
        other = client.get(path, headers={"accept-language": "de"})
        assert plain.content == other.content
        assert "Accept-Language" not in other.get("Vary", "")
        assert "Content-Language" not in other


@pytest.mark.django_db
def test_numbers_and_days_are_said_in_the_language(client: Client) -> None:
    a_comment(an_article(), source="heron")
    page = client.get("/search/?q=heron&hl=de").content.decode()
    assert "1 Stelle" in page
    assert "Kommentar ·" in page
    assert 'href="/search/?q=heron&amp;hl=fr"' in page
