"""The rules by which a comment waits for an editor, one by one and together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from parley.site.text.spam import fingerprint
from parley.site.text.words import Match
from parley.site.web.debate.holding import PUBLISHED, Facts, Reason, holds
from parley.site.web.rules import Rules

PLAIN = "The army has little reason to keep its word once the talks collapse, as the article itself says."
KNOWN = Facts(PLAIN, points=10, approved=10)
NEW = Facts(PLAIN, points=0, approved=0, first=True)
THREE = ("https://a.example", "https://b.example", "https://c.example")


def rules_of(facts: Facts, **numbers: Any) -> list[str]:
    return [reason.rule for reason in holds(facts, replace(Rules(), **numbers))]


def test_a_known_reader_is_shown_at_once() -> None:
    assert rules_of(KNOWN) == []


@pytest.mark.parametrize(
    ("points", "held"), [(-1, True), (0, True), (4, True), (5, False), (6, False), (100, False)]
)
def test_newcomers_are_held_until_five_points(points: int, held: bool) -> None:
    assert rules_of(replace(KNOWN, points=points)) == (["newcomer"] if held else [])


def test_the_words_say_why_a_newcomer_is_held() -> None:
    assert holds(replace(NEW, points=2, approved=2), Rules()) == [
        Reason("newcomer", "first-posts", {"points": 2, "needed": 5})
    ]
    assert (
        holds(replace(NEW, points=-2, approved=1), Rules())[0].text == "after removals (-2 points, 5 needed)"
    )
    assert holds(replace(NEW, points=3, approved=9), Rules())[0].text == "3 of 5 points after removals"


@pytest.mark.parametrize(
    ("judged", "removed", "held"),
    [(4, 1, False), (4, 2, True), (3, 3, False), (10, 3, True), (10, 2, False), (0, 0, False)],
)
def test_removals_of_the_last_days_hold(judged: int, removed: int, held: bool) -> None:
    assert rules_of(replace(KNOWN, judged=judged, removed=removed)) == (["history"] if held else [])


def test_many_links_hold_a_newcomer_alone() -> None:
    assert rules_of(replace(NEW, links=THREE)) == ["links", "newcomer"]
    assert rules_of(replace(NEW, links=THREE[:2])) == ["newcomer"]
    assert rules_of(replace(KNOWN, links=THREE * 9)) == []


def test_only_a_first_post_is_held_for_haste() -> None:
    assert rules_of(replace(NEW, seconds=1.0)) == ["hasty", "newcomer"]
    assert rules_of(replace(NEW, seconds=3.0)) == ["newcomer"]
    assert rules_of(replace(KNOWN, seconds=1.0)) == []
    assert rules_of(replace(KNOWN, seconds=1.0, first=True)) == ["hasty"]


def test_a_word_of_the_list_holds_and_is_shown() -> None:
    held = holds(replace(KNOWN, matches=(Match("darn*", "darned"),)), Rules())
    assert held == [Reason("words", "words", {"found": "darned", "entry": "darn*"})]


def test_a_repeat_holds() -> None:
    assert rules_of(replace(KNOWN, earlier=(fingerprint(PLAIN + " Indeed."),))) == ["repeat"]
    assert rules_of(replace(KNOWN, earlier=(fingerprint("Something else altogether, and longer."),))) == []
    assert rules_of(replace(KNOWN, plain="?!", earlier=(0,))) == []


def test_the_trap_and_the_article_hold() -> None:
    assert rules_of(replace(KNOWN, trapped=True, premoderated=True)) == ["trap", "article"]


def test_capitals_are_told_but_hold_nothing_alone() -> None:
    assert rules_of(replace(KNOWN, plain=PLAIN.upper())) == []
    assert rules_of(replace(NEW, plain=PLAIN.upper())) == ["capitals", "newcomer"]


def test_a_newcomers_change_of_an_approved_text_holds() -> None:
    assert rules_of(replace(NEW, edited=True)) == ["edit"]
    assert rules_of(replace(KNOWN, edited=True)) == []


def test_editors_and_the_articles_author_are_never_held() -> None:
    everything = Facts(
        PLAIN.upper(), THREE, staff=True, points=-9, judged=9, removed=9, trapped=True, premoderated=True
    )
    assert rules_of(everything) == []
    assert len(rules_of(replace(everything, staff=False))) == 6


def test_the_numbers_can_be_set() -> None:
    assert rules_of(replace(NEW, first=False), newcomer_until=0) == []
    assert rules_of(replace(KNOWN, judged=2, removed=1), removed_judged=2, removed_share=0.5) == ["history"]


def test_every_rule_has_published_words() -> None:
    everything = Facts(
        PLAIN.upper() + "!" * 30, THREE, points=0, first=True, judged=9, removed=9, trapped=True,
        premoderated=True, seconds=0.1, matches=(Match("a", "a"),), earlier=(fingerprint(PLAIN),),
    )  # fmt: skip
    found = {reason.rule for reason in holds(everything, Rules())}
    assert found | {"edit"} == set(PUBLISHED)
