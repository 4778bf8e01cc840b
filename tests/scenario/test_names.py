"""Names: which spellings are one, what is found, what is suggested."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.scenario.model import Span
from parley.scenario.names import Names, Symbol, canonical, label_key, suggest
from parley.scenario.syntax import Kind, Number
from tests.scenario.vocabulary import NAMES

HERE = Span("a.md", 1, 1)


@given(st.text(alphabet="ab_- \t\n", max_size=12))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert canonical(canonical(name)) == canonical(name)
    assert not set(canonical(name)) & set("_-\t\n")


def test_case_is_kept() -> None:
    assert canonical("Short_List") == "Short List"
    assert canonical("Short_List") != canonical("short list")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("short_list", "short-list", True),
        ("-1", "1", False),
        ("1", "1.0", True),
        ("+1", "1", True),
        ("25%", "0.25", True),
        ("1e3", "1000", True),
        ("as usual", "as_usual", True),
        ("no", "No", False),
        ("1 a", "1a", False),
    ],
)
def test_labels_are_compared_as_names_or_as_numbers(one: str, other: str, same: bool) -> None:
    assert (label_key(one) == label_key(other)) == same


def test_a_name_is_taken_in_any_spelling() -> None:
    names = Names()
    assert names.add(Kind.PARAMETER, "short_list", HERE) is None
    taken = names.add(Kind.OUTCOME, "short list", Span("a.md", 9, 1))
    assert taken is not None
    assert (taken.kind, taken.name, taken.span) == (Kind.PARAMETER, "short_list", HERE)
    found = names.find("short-list")
    assert found is not None
    assert found.kind is Kind.PARAMETER


def test_policies_stand_beside_the_other_names() -> None:
    names = Names()
    assert names.add(Kind.OUTCOME, "strike", HERE) is None
    assert names.add(Kind.POLICY, "strike", HERE) is None
    assert names.add(Kind.POLICY, "strike", HERE) is not None
    ordinary, policy = names.find("strike"), names.find("strike", policies=True)
    assert ordinary is not None
    assert policy is not None
    assert (ordinary.kind, policy.kind) == (Kind.OUTCOME, Kind.POLICY)
    assert names.of(Kind.POLICY) == ("strike",)


def test_the_longest_name_is_found() -> None:
    names = Names()
    for name in ("short", "short list", "short list of names"):
        names.add(Kind.PARAMETER, name, HERE)
    assert names.longest(["short", "list", "of", "nothing"]) == 2
    assert names.longest(["short", "list", "of", "names", "more"]) == 4
    assert names.longest(["list"]) == 0
    assert names.longest(["short_list"]) == 1


def test_names_with_keywords_are_known_as_such() -> None:
    assert NAMES.swallowed(["war", "and", "peace", "now"]) == ("war and peace", 3)
    assert NAMES.swallowed(["war", "and", "war"]) is None


def test_labels_and_who_has_them() -> None:
    assert NAMES.labels_of("mood") == ("calm", "angry")
    assert NAMES.labels_of("cost") == ()
    assert NAMES.labels_of("nothing") == ()
    assert [each.name for each in NAMES.holders("pause")] == ["posture", "answer"]
    assert NAMES.holders("2") == ()  # a counter's numbers belong to nobody


def test_a_label_in_its_declared_spelling() -> None:
    symbol = Symbol(Kind.STATE, "x", HERE, ("as usual", "-1", "25%"))
    assert symbol.label("as_usual") == "as usual"
    assert symbol.label("-1.0") == "-1"
    assert symbol.label(".25") == "25%"
    assert symbol.label("1") is None


def test_definitions_keep_their_tree() -> None:
    names = Names()
    names.add(Kind.DEFINITION, "my gain", HERE)
    assert names.tree("my gain") is None
    names.define("my_gain", Number(1.0, 0, 1))
    assert names.tree("my gain") == Number(1.0, 0, 1)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("short_lst", "short list"),
        ("SHORT LIST", "short list"),
        ("pauze", "pause"),
        ("wxyz", None),
        ("", None),
        ("a" * 500, None),
    ],
)
def test_suggestions(word: str, found: str | None) -> None:
    assert suggest(word, ["short list", "pause", "a" * 500]) == found


@given(st.text(max_size=30), st.lists(st.text(max_size=10), max_size=6))
def test_a_suggestion_is_one_of_the_candidates(word: str, candidates: list[str]) -> None:
    found = suggest(word, candidates)
    assert found is None or found in candidates
