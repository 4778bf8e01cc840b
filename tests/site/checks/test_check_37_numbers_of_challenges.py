"""Check 37: numbers that cannot be are refused, each with its field, and nothing is stored."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from parley.site.model import edition
from parley.site.web.debate.challenging import Problems, composed
from parley.site.web.models import Article, Challenge, Comment, Job
from tests.site.debate.browser import Reader, text_of
from tests.site.operate.published import the_flagship
from tests.site.people import an_account

WHY = "Because of what was seen that year."
TALKS = edition("taliban-talks")


def fields_of(values: dict[str, list[str]], **more: Any) -> list[str]:
    with pytest.raises(Problems) as problems:
        composed(TALKS, values, dict.fromkeys(values, WHY), {}, **more)
    return [name for name, _ in problems.value.found]


@pytest.mark.parametrize(
    "value",
    [
        "nan",
        "NaN",
        "inf",
        "-inf",
        "Infinity",
        "1e308",
        "-1e308",
        "1e999",
        "2",
        "-0.1",
        "101%",
        "0,5",
        "half",
        "0x1p-1",
        "1_0",
        "0.5 per month",
        "0.5 km",
        "1 in 0",
        "\u0661",
        "0.5\x00",
        "0" * 500,
        "None",
        "true",
        "[0.5]",
        "0.5;kappa=1",
    ],
)
def test_check_37_a_value_that_cannot_be_names_its_field(value: str) -> None:
    assert fields_of({"t_ttp": [value]}) == ["v.t_ttp"]


@pytest.mark.parametrize("value", ["-0", "-0.0", "0", "0.00", "0%"])
def test_check_37_minus_nought_is_nought(value: str) -> None:
    made = composed(TALKS, {"t_ttp": [value]}, {"t_ttp": WHY}, {})
    assert made.setting.canonical() == "t_ttp=0"


def test_check_37_unknown_repeated_and_too_many_are_refused_with_their_field() -> None:
    assert fields_of({"t_tpp": ["0.5"]}) == ["v.t_tpp"]
    assert fields_of({"t_ttp": ["0.5", "0.6"]}) == ["v.t_ttp"]
    keys = [each.key for each in TALKS.assumptions if each.form == "chance"][:9]
    if len(keys) < 9:
        keys = [each.key for each in TALKS.assumptions if not each.options][:9]
    many = {key: [str(TALKS.assumption(key).least)] for key in keys}
    assert fields_of(many) == [""]
    assert fields_of({"t_ttp": ["0.5"], "t-ttp": ["0.6"]})
    assert fields_of({}) == [""]
    assert fields_of({"t_ttp": ["", "  "]}) == ["v.t_ttp"]  # a reason without a number


def test_check_37_several_faults_are_told_together() -> None:
    assert fields_of({"t_ttp": ["nan"], "kappa": ["99"], "nobody": ["1"], "pi_peace": ["0.5"]}) == [
        "v.t_ttp",
        "v.kappa",
        "v.nobody",
    ]


def test_check_37_a_wrong_unit_is_named_and_the_right_one_taken() -> None:
    assert fields_of({"kappa": ["0.5 per year"]}) == ["v.kappa"]
    made = composed(TALKS, {"kappa": ["0.5 per month"]}, {"kappa": WHY}, {})
    assert made.setting.canonical() == "kappa=0.5"


def test_check_37_every_change_needs_its_reason() -> None:
    with pytest.raises(Problems) as problems:
        composed(TALKS, {"t_ttp": ["0.5"], "kappa": ["0.5"]}, {"t_ttp": WHY}, {})
    assert [name for name, _ in problems.value.found] == ["why.kappa"]
    made = composed(TALKS, {"t_ttp": ["0.5"], "kappa": ["0.5"]}, {}, {}, complete=False)
    assert (made.setting.canonical(), dict(made.reasons)) == ("kappa=0.5;t_ttp=0.5", {})


@given(
    some.dictionaries(some.sampled_from(["t_ttp", "kappa", "S_now", "x", "", "v.v"]), some.text(max_size=20))
)
def test_check_37_whatever_is_typed_is_read_or_refused(values: dict[str, str]) -> None:
    try:
        made = composed(TALKS, {key: [text] for key, text in values.items()}, dict.fromkeys(values, WHY), {})
    except Problems as problems:
        made, found = None, problems.found
    else:
        found = ()
    assert (made is None) == bool(found)
    if made is not None:
        assert set(made.reasons) == {key for key, _value in made.setting.changes}


@pytest.mark.django_db
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=some.sampled_from(["nan", "1e308", "-1", "0.5 km"]))
def test_check_37_nothing_is_stored_and_the_page_says_where(value: str) -> None:
    article = Article.objects.filter(slug="taliban-talks").first() or the_flagship()
    answer = Reader(an_account(points=10)).post(
        f"/a/{article.slug}/challenge",
        **{"claim": "doomed", "v.t_ttp": value, "why.t_ttp": WHY, "text": "x", "do": "post"},
    )
    assert answer.status_code == 400
    assert 'href="#f-v.t_ttp"' in text_of(answer)
    assert [kind.objects.count() for kind in (Comment, Challenge, Job)] == [0, 0, 0]
