"""Signs of advertising and haste, each with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from parley.site.text.spam import Thresholds, fingerprint, likeness, signs

PROSE = (
    "The army has little reason to keep its word once the talks collapse, and the article says so itself in "
    "the passage on the second round; the price of a short list is higher than the two strikes it counts."
)


def codes(*arguments: object, **options: object) -> list[str]:
    return [sign.code for sign in signs(*arguments, **options)]  # type: ignore[arg-type]


def test_prose_has_no_sign() -> None:
    assert (
        signs(PROSE, ["https://example.org"], earlier=[fingerprint("another text altogether")], seconds=40)
        == []
    )


@pytest.mark.parametrize(
    ("text", "links", "seconds", "code"),
    [
        (PROSE, ["https://a.example"] * 3, None, "links"),
        (PROSE.upper(), [], None, "capitals"),
        (PROSE + "!" * 20, [], None, "stretched"),
        (PROSE, [], 2.9, "hasty"),
        (PROSE, [], -5.0, "hasty"),
    ],
)
def test_each_sign(text: str, links: list[str], seconds: float | None, code: str) -> None:
    assert codes(text, links, seconds=seconds) == [code]


def test_two_links_a_short_shout_and_three_seconds_are_no_signs() -> None:
    assert codes("WHAT NOW?", ["https://a.example"] * 2, seconds=3.0) == []


def test_a_text_said_again_is_a_repeat_though_words_are_changed() -> None:
    earlier = [fingerprint(PROSE)]
    assert codes(PROSE.replace("little", "no"), earlier=earlier) == ["repeated"]
    assert codes(PROSE + " Indeed.", earlier=earlier) == ["repeated"]
    assert (
        codes("A completely different remark about the price of oil in the last year", earlier=earlier) == []
    )


def test_texts_without_words_repeat_nothing() -> None:
    assert fingerprint("!!!") == fingerprint("") == 0
    assert codes("!!!", earlier=[0]) == []


def test_the_thresholds_can_be_set() -> None:
    assert codes(PROSE, ["x"], seconds=50, thresholds=Thresholds(links=0, seconds=60)) == ["links", "hasty"]


def test_reasons_hold_their_values() -> None:
    assert [str(sign) for sign in signs(PROSE.upper())] == [
        "100 % of the letters are capitals (more than 60 %)"
    ]


@given(some.text(), some.text())
def test_likeness_is_symmetric_and_between_0_and_1(one: str, other: str) -> None:
    a, b = fingerprint(one), fingerprint(other)
    assert 0 <= likeness(a, b) == likeness(b, a) <= 1
    assert likeness(a, a) == 1
