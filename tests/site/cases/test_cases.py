"""The article with a reader's numbers: one address for each set of them, forms that work without a script."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client

from parley.site.model import edition
from parley.site.web.models import Article, Job, Solve
from tests.site.operate.published import SLUG, the_flagship

pytestmark = pytest.mark.django_db
PAGE = f"/a/{SLUG}/"


def get(query: dict[str, str] | str = "") -> Any:
    text = query if isinstance(query, str) else urlencode(query)
    return Client().get(f"{PAGE}?{text}")


@pytest.fixture(autouse=True)
def flagship() -> Article:
    return the_flagship()


def test_numbers_that_nobody_asked_for_are_shown_as_such_and_ask_for_nothing() -> None:
    answer = get({"s": "q_other=0.5"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "with numbers of a reader" in text
    assert "Nobody has asked this yet" in text
    assert f'action="{PAGE}solve"' in text
    assert answer["Cache-Control"] == "no-cache"
    assert not Job.objects.exists()
    assert not Solve.objects.exists()


@pytest.mark.parametrize("other", ["q_other=0.50", "q_other=50%25", " q_other = .5 "])
def test_every_writing_leads_to_the_one_address(other: str) -> None:
    answer = get(f"s={other.replace(' ', '%20')}")
    assert answer.status_code == 302
    assert answer["Location"] == f"{PAGE}?s=q_other=0.5"


def test_the_authors_own_numbers_are_the_authors_case() -> None:
    default = edition("taliban-talks").assumption("diversion").default
    assert get({"s": f"diversion={default}"})["Location"] == PAGE


@pytest.mark.parametrize(
    "bad", ["q_other=2", "q_othr=0.5", "q_other=nan", "q_other=0.5;q_other=0.6", "nonsense"]
)
def test_what_cannot_be_taken_is_refused_with_its_reason_on_the_authors_page(bad: str) -> None:
    answer = get({"s": bad})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "These numbers were not taken." in text
    assert "with numbers of a reader" not in text


def fields(text: str, card: str) -> dict[str, str]:
    """What a browser sends of the form of a card."""
    from html.parser import HTMLParser

    class Form(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.inside, self.select = False, ""
            self.found: dict[str, str] = {}

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            if given.get("id") == f"claim-{card}":
                self.inside = True
            elif tag == "details":
                self.inside = False
            if not self.inside:
                return
            if tag == "input":
                self.found[str(given["name"])] = given.get("value") or ""
            elif tag == "select":
                self.select = str(given["name"])
            elif tag == "option" and "selected" in given:
                self.found[self.select] = str(given["value"])

    form = Form()
    form.feed(text)
    return form.found


def test_the_form_of_a_card_sent_back_unchanged_leads_to_the_authors_case() -> None:
    sent = fields(get().content.decode(), "doomed")
    assert {"v.pi_peace", "r.pi_peace", "v.kappa"} <= sent.keys()
    assert get(sent)["Location"] == PAGE


def test_a_number_typed_into_a_card_leads_to_its_address() -> None:
    sent = fields(get().content.decode(), "strike-ends") | {"v.q_other": "50%"}
    assert get(sent)["Location"] == f"{PAGE}?s=q_other=0.5"
    more = fields(get({"s": "q_other=0.5"}).content.decode(), "doomed") | {"v.kappa": "0.4"}
    where = urlsplit(get(more)["Location"])
    assert dict(parse_qsl(where.query))["s"] == "kappa=0.4;q_other=0.5"


def test_a_step_button_moves_by_one_step() -> None:
    each = edition("taliban-talks").assumption("q_other")
    assert each.step is not None
    sent = fields(get({"s": "q_other=0.5"}).content.decode(), "strike-ends") | {"step": "q_other:1"}
    assert get(sent)["Location"] == f"{PAGE}?s=q_other={0.5 + each.step:.12g}"


def test_a_form_with_a_wrong_number_says_why_and_keeps_the_rest() -> None:
    sent = fields(get({"s": "kappa=0.4"}).content.decode(), "strike-ends") | {"v.q_other": "7"}
    answer = get(sent)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "q_other" in text.split("These numbers were not taken.")[1][:200]
    assert "with numbers of a reader" in text, "the numbers that were taken before stay"


@pytest.mark.parametrize("query", ["v.q_other=1&v.q_other=0", "step=q_other:1&step=q_other:-1"])
def test_a_field_given_twice_is_refused(query: str) -> None:
    assert get(query).status_code == 400


def test_a_solved_case_is_shown_and_kept() -> None:
    """Whatever is in the store for these numbers is what the page shows."""
    from parley.site.web.questions import question
    from tests.site.render import samples

    article = Article.objects.get(slug=SLUG)
    version = article.current
    assert version is not None
    effect = samples.effect("q_other=0.5", better=0.3, worse=0.6, chip="flips")
    names = ("status quo", "pause", "short list")
    first = effect.criteria[0]
    first = replace(
        first,
        policies=tuple(replace(each, policy=name) for each, name in zip(first.policies, names, strict=True)),
    )
    from django.conf import settings

    Solve.objects.create(
        digest=question(version, "q_other=0.5"),
        draws=settings.PARLEY_RULES.solve_draws,
        version=version,
        setting="q_other=0.5",
        seed=version.seed,
        status=Solve.Status.SOLVED,
        effect=json.loads(replace(effect, criteria=(first,)).to_json()),
    )
    answer = get({"s": "q_other=0.5"})
    text = answer.content.decode()
    assert "The advice flips: B to A." in text
    assert 'data-state="solved"' in text
    assert "must-revalidate" in answer["Cache-Control"]
    told = Client().get(f"/a/{SLUG}/solve", {"s": "q_other=0.5"}).json()
    assert told["runs"] == {each.policy: list(each.runs) for each in first.policies}
    assert {len(runs) for runs in told["runs"].values()} == {100}
    assert "In 30 of 100 runs B ends better than A" in text
