"""A reader's numbers on the page, and the files of an article."""

from __future__ import annotations

import pytest
from django.test import Client

from parley.site.model import edition
from parley.site.model.errors import SettingError
from parley.site.model.setting import AUTHOR
from parley.site.render.forms import filled
from parley.site.web.cases import setting_of_form
from parley.site.web.models import Article, Job, Solve
from tests.site.operate.published import SLUG, the_flagship
from tests.site.operate.wsgi import Server
from tests.site.people import a_comment, an_account

PAGE = f"/a/{SLUG}/"


@pytest.mark.django_db
def test_a_form_without_script_leads_to_the_address_of_its_numbers() -> None:
    the_flagship()
    answer = Client().get(PAGE, {"s": "", "r.q_other": "0.11", "v.q_other": "0.5", "v.diversion": "on"})
    assert answer.status_code == 302
    assert answer["Location"] == f"{PAGE}?s=diversion=on;q_other=0.5"
    page = Client().get(answer["Location"])
    assert page.status_code == 200
    assert "numbers of a reader" in page.content.decode()
    assert 'value="diversion=on;q_other=0.5"' in page.content.decode()


def test_a_form_takes_the_box_then_the_slider_then_the_step() -> None:
    talks = edition("taliban-talks")
    known = talks.assumption("q_other")
    author = filled(known, AUTHOR)  # as the form shows it
    assert known.step is not None
    assert known.middle is not None
    assert setting_of_form({"v.q_other": "0.5", "r.q_other": author}, talks).canonical() == "q_other=0.5"
    assert setting_of_form({"v.q_other": author, "r.q_other": "0.4"}, talks).canonical() == "q_other=0.4"
    assert setting_of_form({"v.q_other": author, "r.q_other": author}, talks).is_author
    up = setting_of_form({"v.q_other": "0.5", "step": "q_other:1"}, talks)
    assert dict(up.changes)["q_other"] == pytest.approx(0.5 + known.step, abs=known.step / 1.9)
    back = setting_of_form({"s": "q_other=0.5", "v.q_other": author}, talks)
    assert back.canonical() == f"q_other={author}"
    kept = setting_of_form({"s": "q_other=0.5", "v.diversion": "on"}, talks)
    assert kept.canonical() == "diversion=on;q_other=0.5"
    with pytest.raises(SettingError, match="no such assumption"):
        setting_of_form({"v.nothing": "1"}, talks)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["q_other=nan", "q_other=7", "nothing=1", "q_other=0.1;q_other=0.2", "'"])
def test_numbers_that_cannot_be_taken_are_refused_with_a_reason(wrong: str) -> None:
    the_flagship()
    answer = Client().get(PAGE, {"s": wrong})
    assert answer.status_code == 400
    assert "These numbers were not taken." in answer.content.decode()
    assert Client().get(PAGE, {"v.q_other": "7"}).status_code == 400


@pytest.mark.django_db
def test_other_spellings_lead_to_the_one_address() -> None:
    the_flagship()
    for text in ("q_other=.5", "q_other=50%", "q_other=0.50"):
        answer = Client().get(PAGE, {"s": text, "sort": "oldest"})
        assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?s=q_other=0.5&sort=oldest")


@pytest.mark.django_db
def test_reading_a_page_asks_nothing_of_the_worker_and_an_open_answer_is_not_kept() -> None:
    the_flagship()
    server = Server()
    for _ in range(2):
        answer = server.ask(f"{PAGE}?s=q_other=0.5")
        assert answer.status == 200
        assert "etag" not in answer.headers
    assert len(server.reached) == 2
    assert not Job.objects.exists()
    assert not Solve.objects.exists()


@pytest.mark.django_db
def test_what_readers_set_stands_beside_the_assumption() -> None:
    from parley.site.web.models import Challenge, Kind

    article = the_flagship()
    for value in ("0.3", "0.5"):
        comment = a_comment(article, an_account(), kind=Kind.CHALLENGE)
        Challenge.objects.create(
            comment=comment, setting=f"q_other={value}", reasons={"q_other": "I saw it."}
        )
    page = Client().get(PAGE).content.decode()
    assert "2 readers moved this" in page
    assert "I saw it." in page


@pytest.mark.django_db
def test_a_claim_has_an_address_and_files_have_theirs() -> None:
    article = the_flagship()
    assert article.current is not None
    client = Client()
    answer = client.get(f"{PAGE}claims/strike-ends")
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}#claim-strike-ends")
    assert client.get(f"{PAGE}claims/none").status_code == 404
    key = f"1-{article.current.digest[:12]}"
    text = client.get(f"{PAGE}files/{key}/argument.md")
    assert text.status_code == 200
    assert text["Content-Disposition"] == 'attachment; filename="argument.md"'
    assert "immutable" in text["Cache-Control"]
    assert "sandbox" in text["Content-Security-Policy"]
    for wrong in (f"1-{'0' * 12}", "2-" + key[2:], "x", f"1-{key[2:-1]}"):
        assert client.get(f"{PAGE}files/{wrong}/argument.md").status_code == 404
    for path in (f"files/{key}/..%2fsecret.key", f"pictures/{key}/none.png", f"sweeps/{key}/q_other"):
        assert client.get(PAGE + path).status_code == 404
    Article.objects.update(state=Article.State.WITHDRAWN)
    assert client.get(f"{PAGE}files/{key}/argument.md").status_code == 404
