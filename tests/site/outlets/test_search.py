"""Search: the index follows every change in its transaction, however it is made."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from parley.site.web.models import Article, Challenge, Comment, Kind, Role, State, Version
from parley.site.web.moderation.decide import decide
from parley.site.web.search.find import PAGE, search
from parley.site.web.search.index import TABLE, install, rebuild
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


def found(text: str, kind: str = "") -> list[str]:
    return [hit.href for hit in search(text, kind).hits]


def indexed() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        return int(cursor.fetchone()[0])


def written(slug: str, words: str) -> Article:
    article = an_article(slug)
    version = article.current
    assert version is not None
    blocks = [f"<p>{words}</p>", "<p>drones &amp; <em>markets</em></p>"]
    version.edition = {"blocks": [{"html": each} for each in blocks]}
    version.title = f"On {slug}"
    version.save()
    return article


def test_words_phrases_and_what_must_not_be_there() -> None:
    written("talks", "The talks will fail in winter")
    written("fish", "Fishing will fail in summer")
    assert sorted(found("will fail")) == ["/a/fish/", "/a/talks/"]
    assert found("talk") == ["/a/talks/"], "by the beginning"
    assert found('"fail in winter"') == ["/a/talks/"]
    assert found('"winter fail"') == []
    assert found("fail -fishing") == ["/a/talks/"]
    assert found("TALKS winter") == ["/a/talks/"]
    assert found("talks summer") == [], "all words must be there"
    assert found("-talks") == [] == found("") == found('""')
    assert sorted(found("drones markets")) == ["/a/fish/", "/a/talks/"]


def test_a_title_counts_for_more_than_the_text() -> None:
    written("other", "talks " * 3)
    written("talks", "something else")
    assert found("talks") == ["/a/talks/", "/a/other/"]


def test_comments_come_and_go_with_their_state() -> None:
    article = an_article()
    comment = a_comment(article, an_account(), source="A heron stands there")
    place = [f"/c/{comment.pk}/"]
    assert found("heron") == place
    assert found("heron", "comment") == place
    assert found("heron", "article") == []
    editor = an_account(Role.EDITOR)
    decide(comment, "remove", editor, 1, clause=1)
    assert (found("heron"), indexed()) == ([], 1)
    decide(comment, "undo", editor, 2)
    assert found("heron") == place
    Comment.objects.filter(pk=comment.pk).update(source="An egret stands there")
    assert (found("heron"), found("egret")) == ([], place)
    Comment.objects.filter(pk=comment.pk).update(state=State.HELD)
    assert (found("egret"), indexed()) == ([], 1)
    comment.delete()
    assert indexed() == 1, "the article"


def test_a_challenge_is_found_by_its_reasons() -> None:
    comment = a_comment(an_article(), kind=Kind.CHALLENGE, source="See the number")
    challenge = Challenge.objects.create(comment=comment, reasons={"kappa": "Naïve estimates of heroes"})
    assert found("heroes") == [f"/c/{comment.pk}/"]
    challenge.reasons = {"kappa": "Something else"}
    challenge.save()
    assert (found("heroes"), found("else")) == ([], [f"/c/{comment.pk}/"])


def test_an_article_is_found_as_it_is_now() -> None:
    article = written("talks", "winter")
    new = article.versions.create(
        n=2, digest="e" * 64, title="Two", source="", edition={"blocks": [{"html": "<p>spring</p>"}]}
    )
    assert (found("winter"), found("spring")) == (["/a/talks/"], [])
    Article.objects.filter(pk=article.pk).update(current=new)
    assert (found("winter"), found("spring")) == ([], ["/a/talks/"])
    Article.objects.filter(pk=article.pk).update(state=Article.State.WITHDRAWN)
    assert (found("spring"), indexed()) == ([], 0)
    Article.objects.filter(pk=article.pk).update(state=Article.State.CLOSED)
    assert found("spring") == ["/a/talks/"]
    Version.objects.filter(pk=new.pk).update(title="Renamed")
    assert found("renamed") == ["/a/talks/"]


def test_comments_on_a_withdrawn_article_are_not_found() -> None:
    article = an_article()
    a_comment(article, source="heron")
    Article.objects.filter(pk=article.pk).update(state=Article.State.WITHDRAWN)
    assert found("heron") == []


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_found() -> None:
    article = an_article()
    with transaction.atomic():
        a_comment(article, source="heron")
        assert found("heron")
        transaction.set_rollback(True)
    assert found("heron") == []


def test_it_can_be_filled_anew() -> None:
    article = written("talks", "winter")
    a_comment(article, source="heron")
    a_comment(article, source="heron", state=State.HELD)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
    assert found("heron winter") == found("heron") == []
    install()
    assert rebuild() == 2
    assert (len(found("heron")), found("winter")) == (1, ["/a/talks/"])


@pytest.mark.parametrize(
    ("written_as", "asked"),
    [("Müller", "Muller"), ("Muller", "Müller"), ("café", "CAFE"), ("naïve", "naive"), ("Nguyễn", "nguyen")],
)
def test_accents_count_for_nothing_in_words_phrases_and_what_must_not_be_there(
    written_as: str, asked: str
) -> None:
    comment = a_comment(an_article(), source=f"Here {written_as} sits")
    place = [f"/c/{comment.pk}/"]
    assert found(asked) == found(asked[:4]) == found(f'"{asked} sits"') == found(written_as) == place
    assert found(f"sits -{asked}") == []
    hit = search(asked).hits[0]
    assert [piece.text for piece in hit.pieces if piece.hit] == [written_as]


def test_every_accented_latin_letter_is_found_by_the_letter() -> None:
    from parley.site.render.excerpt import fold

    letters = [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]
    folded = {chr(each): fold(chr(each)) for each in letters if fold(chr(each)) != chr(each)}
    assert len(folded) > 400
    words = {letter: f"q{at}{letter}x" for at, letter in enumerate(folded)}
    a_comment(an_article(), source=" ".join(words.values()))
    lost = [letter for letter in folded if not found(words[letter].replace(letter, folded[letter]))]
    assert set(lost) <= {"Ǡ", "ǡ"}, "SQLite does not know these two"


def test_other_scripts_keep_their_marks() -> None:
    a_comment(an_article(), source="Это мой край, Ελλάδα")
    assert found("край") == found("Ελλάδα") != []
    assert found("краи") == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's index never minded accents")
def test_an_index_of_an_older_release_is_made_anew_with_what_is_in_it() -> None:
    from django.core.management import call_command

    comment = a_comment(an_article(), source="Müller")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN vector")
        cursor.execute(
            f"ALTER TABLE {TABLE} ADD COLUMN vector tsvector "
            "GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED"
        )
    assert found("Muller") == []
    call_command("migrate", verbosity=0)
    assert found("Muller") == [f"/c/{comment.pk}/"]
    a_comment(an_article(), source="Möller")
    assert len(found("Moller")) == 1


def test_hits_come_in_pages() -> None:
    article = an_article()
    for _ in range(PAGE + 3):
        a_comment(article, source="heron")
    first, second = search("heron"), search("heron", page=2)
    assert (len(first.hits), len(second.hits), first.total, first.pages) == (PAGE, 3, PAGE + 3, 2)
    assert not {hit.href for hit in first.hits} & {hit.href for hit in second.hits}
    assert search("heron", page=3).hits == ()


def test_the_page_marks_what_was_found(client: Client) -> None:
    a_comment(an_article(), an_account(name="Ann"), source="A <b>heron</b> stands")
    page = client.get("/search/", {"q": "heron"}).content.decode()
    assert "<mark>heron</mark>" in page
    assert "1 result" in page
    assert "Comment by Ann" in page
    assert "Nothing found" in client.get("/search/", {"q": "egret"}).content.decode()
    assert client.get("/search/").status_code == 200
    for query in ("q=a&q=b", "q=a&kind=other", "q=a&page=x"):
        assert client.get(f"/search/?{query}").status_code == 400


def test_one_network_may_not_search_without_end(client: Client) -> None:
    answers = [client.get("/search/", {"q": "heron"}) for _ in range(21)]
    assert [each.status_code for each in answers] == [200] * 20 + [429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_an_index_without_triggers_is_mended_by_a_migration(settings: Any) -> None:
    from django.core.management import call_command

    with connection.cursor() as cursor:
        where = " ON web_comment" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {TABLE}_comment_new{where}")
    article = an_article()
    a_comment(article, source="heron")
    assert found("heron") == []
    call_command("migrate", verbosity=0)
    a_comment(article, source="egret")
    assert len(found("egret")) == 1
