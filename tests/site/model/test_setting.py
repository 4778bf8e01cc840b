"""A reader's changes: one text for equal changes, and a refusal with the field for all that cannot be."""

from __future__ import annotations

import math
from functools import lru_cache
from urllib.parse import parse_qs, quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.scenario import loads
from parley.site.model import Edition, Setting, edition
from parley.site.model.errors import ModelError, SettingError
from parley.site.model.setting import AUTHOR, LENGTH_LIMIT, parse

TEXT = """
parley: 1
title: Odd names
players: {us: We}
parameters:
  p: {range: [20%, 50%], text: chance of rain}
  long name: {range: [-5, 5], unit: degrees}
  sure: 2
  größe: {lognormal: {median: 1, sigma: 1}}
switches:
  mode: {options: [on, off, "half way; or = so", "1", "-1"], default: off}
  odds: {options: [left, right], default: left}
story: [{player: us, move: act, options: [go, stay]}, {outcomes: [end]}]
payoffs: {us: p + sure if act is go else größe}
"""


@lru_cache
def odd() -> Edition:
    text = TEXT.replace(", weights: {left: 0.5, right: 0.5}", "")
    return edition(loads(text))


@lru_cache
def talks() -> Edition:
    return edition("taliban-talks")


def changes(of: Edition) -> st.SearchStrategy[dict[str, float | str]]:
    """Any changes that a reader of an edition may make."""
    one = {
        each.key: st.sampled_from(each.options)
        if each.kind == "switch"
        else st.floats(each.least, each.most, allow_nan=False)
        for each in of.assumptions
    }
    return st.lists(st.sampled_from(sorted(one)), max_size=8, unique=True).flatmap(
        lambda keys: st.fixed_dictionaries({key: one[key] for key in keys})
    )


@pytest.mark.parametrize("of", [talks, odd], ids=["talks", "odd"])
def test_what_is_written_reads_back_the_same(of: object) -> None:
    found = of()  # type: ignore[operator]

    @given(changes(found))
    def check(made: dict[str, float | str]) -> None:
        setting = parse(made, found)
        text = setting.canonical()
        assert parse(text, found) == setting
        assert parse(";".join(reversed(text.split(";"))), found) == setting
        assert unquote(quote(text, safe="=;")) == text
        assert parse(parse_qs(f"s={quote(text)}").get("s", [""])[0], found) == setting
        for key, value in made.items():
            certain = found.assumption(key)
            kept = dict(setting.changes).get(key)
            assert kept == value or (kept is None and certain.point)

    check()


@given(changes(odd()), changes(odd()))
@settings(max_examples=300)
def test_different_changes_never_have_one_text(
    one: dict[str, float | str], other: dict[str, float | str]
) -> None:
    first, second = parse(one, odd()), parse(other, odd())
    assert (first == second) == (first.canonical() == second.canonical())
    assert (first == second) == (first.digest("m") == second.digest("m"))
    assert first.digest("m") != first.digest("n")


SAME = (
    "q_other=0.5", "q_other=.5", "q_other=0.50", "q_other=50%", "q_other= 50 %", "q_other=5e-1",
    "q-other=0.5",
    "q_other=1/2", "q_other=1 in 2", "q other=+0.5", "q_other=50%25", "v_other=1;q_other=0.5",
    "diversion=off;q_other=.5",
)  # fmt: skip


@pytest.mark.parametrize("same", SAME)
def test_one_change_in_many_spellings_is_one(same: str) -> None:
    assert parse(same, talks()).canonical() == "q_other=0.5"


@pytest.mark.parametrize("zero", ["0", "-0", "0.0", "-0.0", "0%", "-0e5", ".0", 0, -0.0])
def test_there_is_one_nought(zero: str | float) -> None:
    found = parse({"q_other": zero}, talks())
    assert found.canonical() == "q_other=0"
    assert math.copysign(1, dict(found.changes)["q_other"]) == 1  # type: ignore[arg-type]


def test_what_the_author_says_is_the_authors_case() -> None:
    for same in ("", " ", "v_other=1", "diversion=off", "sure=2"):
        assert parse(same, odd() if "sure" in same else talks()) == AUTHOR
    assert AUTHOR.is_author
    assert AUTHOR.canonical() == ""
    # The middle of a range is no more certain than the rest of it: to say so is a change.
    middle = talks().assumption("q_other").middle
    assert middle is not None
    assert not parse({"q_other": middle}, talks()).is_author


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ("q_othr=0.5", "q_othr", "did you mean q_other"),
        ("nothing_like_it=0.5", "nothing_like_it", "no such assumption"),
        ("posture=pause", "posture", "no such assumption"),
        ("q_other=nan", "q_other", "not finite"),
        ("q_other=inf", "q_other", "not finite"),
        ("q_other=-Infinity", "q_other", "not finite"),
        ("q_other=1e999", "q_other", "not finite"),
        ("q_other=1e308", "q_other", "out of range; give a number from 0 to 1"),
        ("q_other=1.0000001", "q_other", "out of range"),
        ("q_other=-0.1", "q_other", "out of range"),
        ("kappa=30%", "kappa", "another unit than per month"),
        ("kappa=0.3 per year", "kappa", "another unit"),
        ("ground=0.1 EUR", "ground", "EUR is a unit, and it has none"),
        ("q_other=0,5", "q_other", r"write 0\.5, with a point"),
        ("q_other=five", "q_other", "is no number"),
        ("q_other=0x1", "q_other", "unit"),
        ("q_other=1_0", "q_other", "unit"),
        ("q_other=\u0660\u0661", "q_other", "is no number"),
        ("q_other=1 in 0", "q_other", "is no number"),
        ("q_other=", "q_other", "value is missing"),
        ("q_other", "q_other", "write a name"),
        ("=0.5", "=0.5", "write a name"),
        (";", "", "write a name"),
        ("q_other=0.5;;kappa=0.3", "", "write a name"),
        ("q_other=0.5;q_other=0.5", "q_other", "given twice"),
        ("q_other=0.5;q-other=0.4", "q-other", "given twice"),
        ("diversion=maybe", "diversion", "choose one of: on, off"),
        ("diversion=", "diversion", "choose one of"),
        ("diversion=0.5", "diversion", "choose one of"),
        ("q_other=" + "1" * 81, "q_other", "more than 80 characters"),
        ("x" * 81 + "=1", "x" * 80, "more than 80 characters"),
        ("a=1;" * LENGTH_LIMIT, "", "more than 2,000 characters"),
        ({"q_other": None}, "q_other", "no text and no number"),
        ({"q_other": True}, "q_other", "no text and no number"),
        ({"q_other": {"a": 1}}, "q_other", "no text and no number"),
        ({"q_other": ["0.5", "0.4"]}, "q_other", "given 2 times"),
        ({"q_other": []}, "q_other", "given 0 times"),
        ({"q_other": float("nan")}, "q_other", "not finite"),
        ({"q_other": float("inf")}, "q_other", "not finite"),
        ({"q_other": 10**400}, "q_other", "too long"),
        ({"q_other": "0.5\0"}, "q_other", "unit"),
        ({"q_other": "{least}"}, "q_other", "{least} is no number"),
        ({f"k{n}": "1" for n in range(9)}, "", "9 things are changed; change at most 8"),
        ({f"k{n}": "1" for n in range(100_000)}, "", "change at most 8"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_field(given: object, field: str, said: str) -> None:
    with pytest.raises(SettingError, match=said.replace("{", r"\{")) as caught:
        parse(given, talks())  # type: ignore[arg-type]
    assert caught.value.field == field
    assert caught.value.template.format(**caught.value.values) == caught.value.reason


@given(st.text(max_size=300))
def test_no_text_does_anything_but_read_or_be_refused(text: str) -> None:
    try:
        found = parse(text, odd())
    except SettingError:
        return
    assert parse(found.canonical(), odd()) == found


@given(
    st.dictionaries(
        st.text(max_size=20), st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.lists(st.text()))
    )
)
def test_no_form_does_anything_but_read_or_be_refused(form: dict[str, object]) -> None:
    try:
        parse(form, odd())
    except SettingError:
        return
    assert not form


def test_what_is_changed_is_said_in_words() -> None:
    first, second = parse("non_cooperation=on;q_other=1 in 4", talks()).put(talks())
    assert (first.name, first.author, first.reader, first.after) == (
        "non cooperation",
        "off (not on)",
        "on",
        None,
    )
    assert (second.reader, second.after) == ("0.25", 0.25)
    assert second.author.startswith("2 of 12")
    with pytest.raises(ModelError):
        Setting((("gone", 1.0),)).put(talks())
