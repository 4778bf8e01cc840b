"""Expressions: what they mean, and that no text breaks the parser."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.scenario.expression import (
    CHAIN_LIMIT,
    DEPTH_LIMIT,
    LENGTH_LIMIT,
    Context,
    references,
    subtrees,
    unparse,
)
from parley.scenario.model import Span
from parley.scenario.syntax import (
    Arithmetic,
    Both,
    Call,
    Compare,
    Conditional,
    Either,
    Is,
    Kind,
    Negate,
    Node,
    Not,
    Number,
    Reference,
)
from tests.scenario.vocabulary import NAMES, parsed, tree


def bare(node: Any) -> Any:
    """Return a tree as nested tuples, without offsets."""
    if not dataclasses.is_dataclass(node):
        return tuple(bare(each) for each in node) if isinstance(node, tuple) else node
    parts = [
        bare(getattr(node, each.name))
        for each in dataclasses.fields(node)
        if each.name not in ("start", "end")
    ]
    return (type(node).__name__, *parts)


# --- meaning -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "same"),
    [
        ("1 + 2 * 3", "1 + (2 * 3)"),
        ("1 - 2 - 3", "(1 - 2) - 3"),
        ("8 / 4 / 2", "(8 / 4) / 2"),
        ("2 ^ 3 ^ 2", "2 ^ (3 ^ 2)"),
        ("-2 ^ 2", "-(2 ^ 2)"),
        ("2 ^ -1", "2 ^ (-1)"),
        ("-cost * 2", "(-cost) * 2"),
        ("+cost", "cost"),
        ("war or clean failure and not war", "war or (clean failure and (not war))"),
        ("not round > 1", "not (round > 1)"),
        ("1 if war else 2 if clean failure else 3", "1 if war else (2 if clean failure else 3)"),
        ("1 + 2 if war else 0", "(1 + 2) if war else 0"),
        ("cost + 1 > B * 2", "(cost + 1) > (B * 2)"),
        ("posture is pause and answer is yes", "(posture is pause) and (answer is yes)"),
        ("v_senior", "v senior"),
        ("v_senior", "'v-senior'"),
        ("'first event' is strike", 'first_event is "strike"'),
        ("35%", "0.35"),
        ("35 %", ".35"),
        ("1e-3", "0.001"),
        ("score is -1", "score is '-1'"),
        ("score is +1", "score is 1"),
        ("round is 2", "round is 2.0"),
        ("offer is 25%", "offer is 0.25"),
        ("offer is 50%", "offer is 0.5"),
    ],
)
def test_two_ways_to_write_one_tree(source: str, same: str) -> None:
    assert bare(tree(source, Context.DEFINITION).root) == bare(tree(same, Context.DEFINITION).root)


@pytest.mark.parametrize(
    ("source", "other"),
    [
        ("1 - 2 - 3", "1 - (2 - 3)"),
        ("-2 ^ 2", "(-2) ^ 2"),
        ("not war or war", "not (war or war)"),
        ("posture is pause", "posture is not pause"),
        ("score is 1", "score is -1"),
        ("last(posture) is pause", "posture is pause"),
    ],
)
def test_two_trees_that_differ(source: str, other: str) -> None:
    assert bare(tree(source, Context.DEFINITION).root) != bare(tree(other, Context.DEFINITION).root)


def test_labels_are_matched_longest_first_and_in_their_declared_spelling() -> None:
    root = tree("posture is short_list and round = 2", Context.CONDITION).root
    assert isinstance(root, Both)
    assert isinstance(root.left, Is)
    assert root.left.label == "short list"
    assert isinstance(tree("posture is 'wait and see'", Context.CONDITION).root, Is)


def test_a_policy_is_found_behind_the_bar_only() -> None:
    root = tree("P(war | short list and posture is short list)", Context.QUANTITY).root
    assert isinstance(root, Call)
    assert isinstance(root.given, Both)
    assert isinstance(root.given.left, Reference)
    assert root.given.left.kind is Kind.POLICY
    assert isinstance(root.given.right, Is)
    assert parsed("short list > 1", Context.QUANTITY)[0] is None


def test_a_belief_can_be_asked_at_a_move() -> None:
    root = tree("belief(the army, war | careful and at answer)", Context.QUANTITY).root
    assert isinstance(root, Call)
    assert root.function == "belief"
    player, event = root.arguments
    assert isinstance(player, Reference)
    assert (player.kind, player.name) == (Kind.PLAYER, "the army")
    assert isinstance(event, Reference)
    assert event.kind is Kind.OUTCOME
    assert isinstance(root.given, Both)
    assert isinstance(root.given.right, Call)
    assert root.given.right.function == "at"


def test_offsets_point_into_the_source() -> None:
    source = "1 + v_senior * last(score)"
    found = {source[each.start : each.end] for each in subtrees(tree(source).root)}
    assert found == {source, "1", "v_senior * last(score)", "v_senior", "last(score)", "score"}
    assert [each.name for each in references(tree(source).root)] == ["v_senior", "score"]


def test_the_span_is_where_the_source_stands() -> None:
    expression = tree("1 + cost")
    assert expression.span == Span("a.md", 3, 10, 8)
    assert expression.source == "1 + cost"


# --- faults have their place -------------------------------------------------------------------------------


def test_every_unknown_name_is_reported_with_its_place() -> None:
    expression, faults = parsed("kost + 2 * min(unknwn, B) - costs")
    assert expression is None
    assert [(each.code, each.span.column, each.span.length) for each in faults] == [
        ("P301", 10, 4),
        ("P301", 25, 6),
        ("P301", 38, 5),
    ]
    assert [each.hint for each in faults][::2] == ["did you mean `cost`?", "did you mean `cost`?"]
    assert faults[0].render().splitlines()[1:3] == [
        "  3 |          kost + 2 * min(unknwn, B) - costs",
        "    |          ^^^^",
    ]


def test_different_faults_are_reported_together() -> None:
    _, faults = parsed("posture == pause && kost > 1", Context.CONDITION)
    assert [each.code for each in faults] == ["P307", "P321", "P307", "P301"]


# --- round trip --------------------------------------------------------------------------------------------

EXAMPLES: st.SearchStrategy[Node] = st.sampled_from(
    [
        Is(Reference(Kind.VARIABLE, "posture", 0, 0), "wait and see", False, 0, 0),
        Is(Reference(Kind.STATE, "score", 0, 0), "-1", True, 0, 0),
        Is(Reference(Kind.SWITCH, "agency_binds", 0, 0), "on", False, 0, 0),
        Is(Reference(Kind.VARIABLE, "offer", 0, 0), "25%", False, 0, 0),
        Reference(Kind.OUTCOME, "war and peace", 0, 0),
        Reference(Kind.OUTCOME, "clean failure", 0, 0),
        Reference(Kind.DEFINITION, "failure", 0, 0),
        Call("happened", (Reference(Kind.VARIABLE, "first event", 0, 0),), None, 0, 0),
    ]
)
NUMBERS: st.SearchStrategy[Node] = st.one_of(
    st.floats(0, 1e300, allow_subnormal=False).map(lambda value: Number(value, 0, 0)),
    st.integers(0, 10**15).map(lambda value: Number(float(value), 0, 0)),
    st.sampled_from(
        [
            Reference(Kind.PARAMETER, "cost", 0, 0),
            Reference(Kind.PARAMETER, "P", 0, 0),
            Reference(Kind.VARIABLE, "offer", 0, 0),
            Call("last", (Reference(Kind.STATE, "score", 0, 0),), None, 0, 0),
            Call("time", (Reference(Kind.VARIABLE, "first event", 0, 0),), None, 0, 0),
        ]
    ),
)


def conditions(numbers: st.SearchStrategy[Node], inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Return conditions over numbers and conditions."""
    return st.one_of(
        EXAMPLES,
        st.builds(
            Compare,
            st.sampled_from(["<", "<=", ">", ">=", "=", "!="]),
            numbers,
            numbers,
            st.just(0),
            st.just(0),
        ),
        st.builds(Both, inner, inner, st.just(0), st.just(0)),
        st.builds(Either, inner, inner, st.just(0), st.just(0)),
        st.builds(Not, inner, st.just(0), st.just(0)),
    )


def numbers(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Return numbers over numbers and conditions."""
    truth = conditions(NUMBERS, EXAMPLES)
    return st.one_of(
        NUMBERS,
        truth,
        st.builds(Arithmetic, st.sampled_from("+-*/^"), inner, inner, st.just(0), st.just(0)),
        st.builds(Negate, inner, st.just(0), st.just(0)),
        st.builds(Conditional, truth, inner, inner, st.just(0), st.just(0)),
        st.builds(
            Call,
            st.sampled_from(["min", "max"]),
            st.tuples(inner, inner),
            st.none(),
            st.just(0),
            st.just(0),
        ),
        st.builds(
            Call,
            st.sampled_from(["exp", "log", "sqrt", "abs"]),
            st.tuples(inner),
            st.none(),
            st.just(0),
            st.just(0),
        ),
    )


TREES: st.SearchStrategy[Node] = st.recursive(NUMBERS | EXAMPLES, numbers, max_leaves=12)
TRUTHS: st.SearchStrategy[Node] = st.recursive(EXAMPLES, lambda inner: conditions(TREES, inner), max_leaves=8)


@given(TREES | TRUTHS)
def test_what_is_written_parses_to_the_same_tree(node: Node) -> None:
    text = unparse(node)
    assert bare(tree(text, Context.DEFINITION).root) == bare(node)


@given(TRUTHS, st.sampled_from(["P", "E", "belief"]), st.none() | TRUTHS, st.booleans())
def test_quantities_too(event: Node, function: str, condition: Node | None, policy: bool) -> None:
    given_parts: Node | None = Reference(Kind.POLICY, "short list", 0, 0) if policy else None
    if condition is not None:
        given_parts = condition if given_parts is None else Both(given_parts, condition, 0, 0)
    arguments: tuple[Node, ...] = (event,)
    if function == "belief":
        arguments = (Reference(Kind.PLAYER, "the army", 0, 0), event)
    node = Call(function, arguments, given_parts, 0, 0)
    text = unparse(node)
    expression, faults = parsed(text, Context.QUANTITY)
    if (
        expression is None
    ):  # time inside an event is refused, and so are policies that only look like conditions
        assert {each.code for each in faults} <= {"P331"}
    else:
        assert bare(expression.root) == bare(node)


# --- hostile text ------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *"+-*/^()<>=|,!&%.:;[]{}'\"?~@#$\\`\n\t\x00\x7f\u200b\u2212\u201c\u2019\ud800",
        *("<=", "!=", "==", "&&", "**", ":=", " is ", " is not ", " and ", " or ", " not ", " if ", " else "),
        *("posture", "short list", "pause", "first event", "cost", "war", "war and peace", "us", "careful"),
        *("P(", "E(", "belief(", "payoff(", "time(", "last(", "times(", "happened(", "min(", "at ", "round"),
        *("1", "35%", "1e999", "1.2.3", "0x10", "1_000", "\u0664", "\u00b2", "__import__('os')", "lambda: 0"),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=80), st.sampled_from(list(Context)))
def test_no_text_raises(source: str, context: Context) -> None:
    expression, faults = parsed(source, context)
    assert (expression is None) == bool(faults)
    for each in faults:
        assert each.severity == "error"
        assert each.message
        assert 10 <= each.span.column <= 10 + len(source)
        assert each.span.length >= 1
        assert each.render().startswith("a.md:3:")
    if expression is not None:
        for node in subtrees(expression.root):
            assert 0 <= node.start <= node.end <= len(source)
        again = unparse(expression.root)
        assert bare(tree(again, context).root) == bare(expression.root)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("(" * DEPTH_LIMIT + "1" + ")" * DEPTH_LIMIT, None),
        ("(" * (DEPTH_LIMIT + 1) + "1" + ")" * (DEPTH_LIMIT + 1), "P305"),
        ("-" * 1_500 + "1", "P305"),
        ("not " * 400 + "war", "P305"),
        ("abs(" * 400, "P305"),
        ("2" + "^2" * 900, "P305"),
        ("1 if war else " * 100 + "1", "P305"),
        ("+".join("1" * CHAIN_LIMIT), None),
        ("+".join("1" * (CHAIN_LIMIT + 1)), "P305"),
        ("+".join("1" * 1_000), "P305"),
        (" and ".join(["war"] * 200), "P305"),
        ("1" * LENGTH_LIMIT, "P318"),
        ("0" * LENGTH_LIMIT, None),
        ("0" * (LENGTH_LIMIT + 1), "P302"),
        ("1" * 1_000_000, "P302"),
        ("x " * 1_000, "P301"),
        ("1e400", "P318"),
        ("1e-400", None),
    ],
)
def test_sizes_have_limits(source: str, code: str | None) -> None:
    started = time.perf_counter()
    expression, faults = parsed(source)
    assert time.perf_counter() - started < 1
    if code is None:
        assert expression is not None
        assert bare(tree(unparse(expression.root)).root) == bare(expression.root)
    else:
        assert [each.code for each in faults] == [code]


def test_a_typical_expression_parses_quickly() -> None:
    source = "P(clean failure | short list) > P(clean failure | posture is as usual)"
    best = min(_seconds(source) for _ in range(20))
    assert best < 500e-6  # about 60 microseconds on an idle machine of 2024


def _seconds(source: str) -> float:
    started = time.perf_counter()
    for _ in range(10):
        parsed(source, Context.CLAIM)
    return (time.perf_counter() - started) / 10


def test_the_parser_leaves_the_table_of_names_alone() -> None:
    before = NAMES.every(policies=True)
    parsed("nothing + known * here is no")
    assert NAMES.every(policies=True) == before
