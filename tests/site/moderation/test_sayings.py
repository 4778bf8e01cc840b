"""What the site says of a case: kept as a code with values, said in the language of whoever reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from parley.site.text.spam import Thresholds, signs
from parley.site.web.models import ActDetail, Comment, Outbox, Report, ReviewItem, State
from parley.site.web.moderation.decide import decide
from parley.site.web.moderation.house import switch
from parley.site.web.moderation.sanctions import ban, sanctions_seen
from parley.site.web.sayings import SAYINGS, packed, plainly, said, saying
from parley.site.web.views.me import _beside
from tests.site.moderation.desk import a_held_comment, an_editor, desk_of
from tests.site.people import a_comment, an_account, an_article

GERMAN = "erste Beiträge (2 von 5 freigegeben)"
CASE = {"rule": "newcomer", **saying("first-posts", points=2, needed=5)}


def a_new_one(**fields: Any) -> Comment:
    """Let the rules hold a comment today, not as an older release did."""
    return a_comment(an_article(), an_account(), State.HELD, held_reasons=[CASE], **fields)


def test_a_case_is_said_in_the_readers_language() -> None:
    assert said(CASE) == "first posts (2 of 5 approved)"
    with override("de"):
        assert said(CASE) == GERMAN
        assert plainly(CASE) == "first posts (2 of 5 approved)"
        assert said(saying("reports", attack=2, spam=1)) == "Spam oder Werbung 1, persönlicher Angriff 2"


def test_rows_of_an_older_release_stay_readable() -> None:
    with override("de"):
        assert said({"rule": "newcomer", "text": "first posts (2 of 5)"}) == "first posts (2 of 5)"
        assert said("personal attack 2") == "personal attack 2"
        assert said({"code": "of-a-newer-one", "values": {}}) == "of-a-newer-one"


def test_a_fault_of_a_setting_is_translated_with_its_field() -> None:
    kept = packed(
        {"field": "q", "template": "the option has more than {limit} characters", "values": {"limit": 9}}
    )
    with override("de"):
        found = said(kept)
    assert found.startswith("q: ")
    assert "9" in found
    assert found != said(kept)


def test_nothing_is_kept_that_cannot_be_said() -> None:
    with pytest.raises(KeyError):
        saying("unheard-of")


def test_signs_of_a_text_have_the_same_words_here() -> None:
    found = signs("A" * 60, ["https://a.example"] * 3, seconds=1.0, thresholds=Thresholds())
    assert {each.code for each in found} == {"links", "capitals", "stretched", "hasty"}
    for each in found:
        assert SAYINGS[each.code] == each.template
        assert said(saying(each.code, **each.values)) == str(each)


@pytest.mark.django_db
def test_writer_and_editor_read_why_in_their_own_language() -> None:
    comment = a_new_one()
    assert comment.author is not None
    ReviewItem.objects.create(comment=comment, queue="held", why=[saying("first-posts", points=2, needed=5)])
    client = Client()
    client.force_login(comment.author)
    for address in (f"/c/{comment.pk}/?hl=de", "/account/?hl=de"):
        assert GERMAN in client.get(address).content.decode(), address
    with override("de"):
        assert _beside(comment.author, comment.article)["unseen"][0]["reasons"] == [GERMAN]
    page = desk_of(an_editor()).get("/queue/?hl=de").content.decode()
    assert page.count(GERMAN) == 1


@pytest.mark.django_db
def test_why_a_rule_acted_stands_in_the_history_translated_and_in_the_table_in_english() -> None:
    comment = a_comment(an_article(), an_account())
    decide(comment, "hide", None, None, why=[saying("weight", count=3, weight="4.5")])
    assert ActDetail.objects.get().note == ""
    client = desk_of(an_editor())
    page = client.get(f"/queue/{comment.pk}/?hl=de").content.decode()
    assert page.count("3 Meldungen vom Gewicht 4.5") == 2  # why it waits, and the row of the log
    table = client.get("/queue/export/decisions.csv?hl=de").getvalue().decode()
    assert "3 reports of weight 4.5" in table


@pytest.mark.django_db
def test_the_log_names_rules_lists_and_switches_in_words() -> None:
    a_held_comment()
    switch(an_article(), an_editor(), "hold")
    page = Client().get("/log/?hl=de").content.decode()
    assert "erste Beiträge liest die Redaktion, bevor sie erscheinen" in page
    assert "alle Kommentare werden zurückgehalten" in page
    table = Client().get("/log.csv").getvalue().decode()
    assert json.dumps('{"switch":"hold"}')[1:-1].replace('\\"', '""') in table


@pytest.mark.django_db
def test_a_mail_is_not_in_the_language_of_the_editor_who_decided() -> None:
    comment = a_comment(an_article(), an_account())
    with override("de"):
        decide(comment, "remove", an_editor(), comment.revision, clause=1)
    mail = Outbox.objects.get()
    assert "was removed" in mail.subject
    assert "You can appeal" in mail.body


@pytest.mark.django_db
def test_words_of_the_site_in_a_notice_are_translated_and_an_editors_are_not() -> None:
    writer = an_account()
    a_comment(an_article(), writer)
    ban(
        writer,
        an_editor(),
        seen=sanctions_seen(writer),
        clause=3,
        typed="spam",
        everything=True,
        text="As warned.",
    )
    client = Client()
    client.force_login(writer)
    page = client.get("/account/notices/?hl=de").content.decode()
    assert "als Werbung" in page
    assert "As warned." in page


@pytest.mark.django_db
def test_a_refusal_with_a_value_is_translated() -> None:
    assert Report.objects.count() == 0
    comment = a_comment(an_article(), an_account())
    answer = desk_of(an_editor()).post(
        f"/queue/{comment.pk}/decide?hl=de",
        {"act": "remove", "clause": "99", "revision": comment.revision},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 400
    assert "Regel der Richtlinie, 1 bis" in answer.json()["error"]
