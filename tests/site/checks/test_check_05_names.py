"""Check 5: names that deceive are refused; deceiving text is kept to itself."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from parley.errors import TextError
from parley.site.text.markdown import render
from parley.site.text.names import LONGEST, SHORTEST, checked_name, skeleton
from tests.site.text.corpus import vectors

AUTHORS = ("Jane Doe", "Parley Gazette")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("safe\u202egnp.exe", "unseen"),
        ("a\u200bb", "unseen"),
        ("a\u2066b\u2069", "unseen"),
        ("a\ufeffb", "unseen"),
        ("a\u00adb", "unseen"),
        ("a\tb", "unseen"),
        ("a\ud800b", "unseen"),
        ("a\ue000b", "unseen"),
        ("Editor", "reserved"),
        ("the EDITOR", "reserved"),
        ("Ed1tor", "reserved"),
        ("3ditor", "reserved"),
        ("E d i t o r", "reserved"),
        ("edltor", "reserved"),
        ("É́ditor", "reserved"),
        ("admin99", "reserved"),
        ("M0DERATOR", "reserved"),
        ("Site-Admin", "reserved"),
        ("Parley", "reserved"),
        ("jane doe", "reserved"),
        ("JaneDoe", "reserved"),
        ("Jane D0e", "reserved"),
        ("real Jane Doe", "reserved"),
        ("Parley Gazette Desk", "reserved"),
        ("Еditor", "scripts"),
        ("pаul", "scripts"),
        ("Αthena", "scripts"),
        ("x", "length"),
        ("x" * 41, "length"),
        ("   ", "length"),
        ("1234", "letters"),
        ("--", "letters"),
        ("-ann", "start"),
        ("<b>ann</b>", "character"),
        ("ann & co", "character"),
        ("ann\u2764", "character"),
        ("a/b", "character"),
        ("a@b", "character"),
        ("a\u0301\u0301\u0301\u0301\u0301", "marks"),
        ("buy.example.com", "address"),
        ("www ann", "address"),
    ],
)
def test_check_05_names_that_deceive_are_refused(name: str, code: str) -> None:
    with pytest.raises(TextError) as refused:
        checked_name(name, reserved=AUTHORS)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "name",
    [
        "brotherkenny4",
        "Zaneera",
        "J.K. Rowling",
        "O'Brien",
        "José Müller",
        "Паша",
        "王小明",
        "山田 Taro",
        "김철수",
        "محمد",
        "अनिल",
        "Nguyễn Văn An",
        "Modesty Blaise",
        "Eddie Torres",
        "creditor",
        "Robot",
        "Jane Dolan",
    ],
)
def test_check_05_people_may_bear_their_names(name: str) -> None:
    assert checked_name(name, reserved=AUTHORS) == unicodedata.normalize("NFKC", name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paul", "Pаul"),
        ("paypal", "paypaI"),
        ("Bill", "BiII"),
        ("modern", "modem"),
        ("0liver", "Oliver"),
        ("J. Smith", "jsmith"),
        ("Ann Lee", "ann_lee"),
        ("ﬁona", "fiona"),
        ("Ｚａｎｅｅｒａ", "Zaneera"),
        ("сосо", "coco"),
        ("José", "Jose"),
    ],
)
def test_check_05_names_that_look_alike_have_one_key(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_check_05_names_that_differ_have_two_keys() -> None:
    assert (
        len({skeleton(name) for name in ("Paul", "Paula", "Saul", "王小明", "王大明", "Паша", "Маша")}) == 7
    )


@pytest.mark.parametrize("vector", vectors())
def test_check_05_no_markup_is_a_name(vector: str) -> None:
    with pytest.raises(TextError):
        checked_name(vector[:LONGEST] if any(c in vector[:LONGEST] for c in '<>&[]()/\\"`*~:\u202e') else "<")


@given(some.text(max_size=60))
def test_check_05_an_accepted_name_is_plain_and_stays_accepted(name: str) -> None:
    try:
        shown = checked_name(name)
    except TextError:
        return
    assert checked_name(shown) == shown
    assert SHORTEST <= len(shown) <= LONGEST
    assert not set(shown) & set('<>&"/\\\n\r\t')
    assert skeleton(shown)
    assert skeleton(shown.upper()) == skeleton(shown) or not shown.isascii() or "I" in shown.upper()


def test_check_05_text_that_turns_the_direction_is_isolated() -> None:
    html = render("see \u202e`edoc` [\u202etxet](https://example.org) and on").html
    assert html.startswith('<p dir="auto">')
    assert "<code><bdi>" in html
    assert '"><bdi>\u202etxet</bdi></a>' in html
    assert "\u202e" not in render("a \u202eb").plain
