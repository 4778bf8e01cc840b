"""Every fault of an expression: its code, its column, its hint."""

from __future__ import annotations

import pytest

from parley.scenario.codes.expression import CODES
from parley.scenario.expression import Context
from parley.scenario.syntax import Arithmetic, Call, Compare, Kind, Number, Reference
from tests.scenario.vocabulary import PLACE, parsed, tree, vocabulary

# source, context, code, 0-based column, part of message or hint
FAULTS: tuple[tuple[str, str, str, int, str], ...] = (
    ("1 - kost", "payoff", "P301", 4, "did you mean `cost`?"),
    ("Cost", "payoff", "P301", 0, "did you mean `cost`?"),
    ("true", "condition", "P301", 0, "there is no true or false"),
    ("war AND war", "event", "P304", 4, "write `and`"),
    ("warr AND war", "event", "P301", 0, "write `and` in small letters"),
    ("clean-failure", "event", "P301", 0, "in quotes: 'clean failure'"),
    ("1 + v-senior * 2", "payoff", "P301", 4, "`-` between names is a minus"),
    ("posture is short-list", "condition", "P311", 11, "posture is 'short list'"),
    ("1 +" + " " * 2_000 + "1", "payoff", "P302", 0, "2,004 characters"),
    ("1 \u2212 cost", "payoff", "P303", 2, "write `-`"),
    ("\u201cclean failure\u201d", "event", "P303", 0, 'write the straight quote "'),
    ("cost \u2264 3", "claim", "P303", 5, "write `<=`"),
    ("war'", "event", "P303", 3, "never closed"),
    ("1 + \x00", "payoff", "P303", 4, "U+0000"),
    ("cost\u200b", "payoff", "P303", 4, "cannot be seen"),
    ("\u20ac 5", "payoff", "P303", 0, "'\u20ac' has no meaning"),
    ("cost * (1 + B", "payoff", "P304", 13, "parenthesis in column 8"),
    ("cost)", "payoff", "P304", 4, "no parenthesis to close"),
    ("cost *", "payoff", "P304", 6, "ends too early"),
    ("* cost", "payoff", "P304", 0, "did not expect '*'"),
    ("2 cost", "payoff", "P304", 2, "`2 * cost`"),
    ("1,5", "payoff", "P304", 1, "decimal point"),
    ("cost overrun", "payoff", "P304", 5, "several words"),
    ("if war then 1", "payoff", "P304", 0, "a if condition else b"),
    ("1 + not war", "payoff", "P304", 4, "in parentheses"),
    ("war | clean failure", "event", "P304", 4, "write `or`"),
    ("P(war | careful | war)", "quantity", "P304", 16, "join conditions with `and`"),
    ("(" * 61 + "1", "payoff", "P305", 60, "60 deep"),
    ("", "payoff", "P306", 0, "missing"),
    ("   ", "condition", "P306", 0, "missing"),
    ("war && war", "event", "P307", 4, "write `and`"),
    ("war || war", "event", "P307", 4, "write `or`"),
    ("!war", "event", "P307", 0, "write `not`"),
    ("cost ** 2", "payoff", "P307", 5, "write `^`"),
    ("round == 2", "condition", "P307", 6, "write `=`"),
    ("round <> 2", "condition", "P307", 6, "write `!=`"),
    ("round => 2", "condition", "P307", 6, "write `>=`"),
    ("cost := 3", "payoff", "P307", 5, "nothing can be set"),
    ("cost.real", "payoff", "P307", 4, "names have no parts"),
    ("cost[0]", "payoff", "P307", 4, "no lists"),
    ("war ? 1 : 0", "payoff", "P307", 4, "a if condition else b"),
    ("1 if war", "payoff", "P308", 2, "else"),
    ("(1 if war) + 2", "payoff", "P308", 3, "else"),
    ("1 < round < 3", "condition", "P309", 10, "a < b and b < c"),
    ("posture is pause is pause", "condition", "P309", 17, "chained"),
    ("cost is 3", "payoff", "P310", 5, "compare numbers with `=`"),
    ("war is on", "event", "P310", 4, "`not war`"),
    ("P(war) is 1", "claim", "P310", 7, "compare numbers"),
    ("posture is paus", "condition", "P311", 11, "did you mean `pause`?"),
    ("posture is yes", "condition", "P311", 11, "its values are: as usual"),
    ("score is 2", "condition", "P311", 9, "-1, 0, 1"),
    ("round is 4", "condition", "P311", 9, "1, 2, 3"),
    ("posture is", "condition", "P311", 10, "must follow"),
    ("posture is (pause or answer is yes)", "condition", "P311", 11, "posture is as usual or posture is"),
    ("posture is short list or pause", "condition", "P312", 25, "write `posture is pause`"),
    ("answer is no or pause", "condition", "P312", 16, "write `answer is pause`"),
    ("breach", "condition", "P312", 0, "write `first event is breach`"),
    ("careful > 1", "claim", "P313", 0, "behind the bar"),
    ("average(cost, B)", "payoff", "P314", 0, "there are: min"),
    ("mx(cost, B)", "payoff", "P314", 0, "did you mean `max`?"),
    ("p(war)", "quantity", "P314", 0, "did you mean `P`?"),
    ("cost(1 + B)", "payoff", "P314", 0, "`cost * (...)`"),
    ("__import__('os')", "payoff", "P314", 0, "no function '__import__'"),
    ("max(cost | B)", "payoff", "P315", 9, "takes no condition"),
    ("max(cost)", "payoff", "P316", 0, "at least 2 arguments, not 1"),
    ("P()", "quantity", "P316", 0, "1 argument, not 0"),
    ("exp(1, 2)", "payoff", "P316", 0, "1 argument, not 2"),
    ("belief(us)", "quantity", "P316", 0, "2 arguments, not 1"),
    ("payoff(uss)", "quantity", "P317", 7, "did you mean `us`?"),
    ("belief(war, war)", "quantity", "P317", 7, "players are: us, the army"),
    ("payoff(1 + 2)", "quantity", "P317", 7, "no player"),
    ("1e999", "payoff", "P318", 0, "too large"),
    ("war and peace", "event", "P319", 0, "'war and peace' in quotes"),
    ("posture is wait and see", "condition", "P311", 11, "posture is 'wait and see'"),
    ("round", "condition", "P320", 0, "compare it"),
    ("round and posture is pause", "condition", "P320", 0, "compare it"),
    ("1 if round else 2", "payoff", "P320", 5, "compare it"),
    ("not 1", "event", "P320", 4, "number"),
    ("cost > 1 and B", "claim", "P320", 13, "number"),
    ("P(war)", "claim", "P320", 0, "a claim is true or false"),
    ("P(cost)", "quantity", "P320", 2, "number"),
    ("posture = pause", "condition", "P321", 8, "write `posture is pause`"),
    ("posture != short list", "condition", "P321", 8, "write `posture is not short list`"),
    ("posture = answer", "condition", "P321", 0, "`posture is ...`"),
    ("war", "claim", "P322", 0, "P(...)"),
    ("score + 1", "quantity", "P322", 0, "E(...)"),
    ("posture is pause", "claim", "P322", 0, "differs from ending to ending"),
    ("times(posture is pause) > 1", "claim", "P322", 0, "E(...)"),
    ("4 if posture is pause else 2", "constant", "P323", 5, "before the story begins"),
    ("round", "constant", "P323", 0, "before the story begins"),
    ("time(first event)", "constant", "P323", 0, "before the story begins"),
    ("war", "condition", "P324", 0, "when the story is over"),
    ("1 if war else 0", "reward", "P324", 5, "when the story is over"),
    ("cost > 3", "condition", "P325", 0, "uncertain"),
    ("cost", "update", "P325", 0, "uncertain"),
    ("time(first event) > 2", "condition", "P325", 0, "itself uncertain"),
    ("posture * 2", "payoff", "P326", 0, "`posture is as usual`"),
    ("agency_binds", "condition", "P326", 0, "`agency_binds is on`"),
    ("last(mood) + 1", "payoff", "P326", 0, "`last(mood) is ...`"),
    ("us > 1", "claim", "P327", 0, "`payoff(us)`"),
    ("P(war)", "condition", "P328", 0, "while the story still runs"),
    ("payoff(us)", "payoff", "P328", 0, "while the story still runs"),
    ("E(P(war))", "quantity", "P328", 2, "inside another quantity"),
    ("P(war | P(war) > 0)", "quantity", "P328", 8, "one bar"),
    ("P(war | at posture)", "quantity", "P328", 8, "behind the bar of a belief"),
    ("times(posture)", "payoff", "P329", 6, "times(move is option)"),
    ("times(posture is not pause)", "payoff", "P329", 6, "times(move is option)"),
    ("happened(war)", "event", "P329", 9, "no step of the story"),
    ("last(round)", "payoff", "P329", 5, "no step of the story"),
    ("time(posture)", "payoff", "P329", 5, "no race"),
    ("belief(us, war | at mood)", "quantity", "P329", 20, "name of a move"),
    ("P(war | not careful)", "quantity", "P330", 12, "beside `and`"),
    ("P(war | careful or posture is pause)", "quantity", "P330", 8, "beside `and`"),
    ("P(war | careful and short list)", "quantity", "P330", 20, "one policy"),
    ("P(time(first event) > 3)", "quantity", "P331", 2, "only the expected time"),
    ("payoff(us | time(first event) > 3)", "quantity", "P331", 12, "only the expected time"),
)


@pytest.mark.parametrize(("source", "context", "code", "column", "words"), FAULTS)
def test_fault(source: str, context: str, code: str, column: int, words: str) -> None:
    expression, faults = parsed(source, Context(context))
    assert expression is None
    first = next((each for each in faults if each.code == code), None)
    assert first is not None, [each.render() for each in faults]
    assert first.span.column == PLACE.column + column
    assert words in f"{first.message} {first.hint}"


def test_every_code_is_tested() -> None:
    assert {code for _, _, code, _, _ in FAULTS} == {each.code for each in CODES}


# --- what may stand where ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "contexts"),
    [
        ("cost * 2", "payoff reward chance quantity constant definition"),
        ("1 if posture is pause else 0", "payoff reward chance update definition condition event"),
        ("posture is pause", "payoff reward chance update definition condition event"),
        (
            "agency_binds is on",
            "payoff reward chance update quantity claim constant definition condition event",
        ),
        ("war", "payoff definition event"),
        ("score + 1", "payoff reward chance update definition"),
        ("last(score) > 0", "payoff reward chance update definition condition event"),
        ("happened(answer)", "payoff reward chance update definition condition event"),
        ("cost * time(first event)", "payoff reward chance quantity definition"),
        ("P(war | careful)", "quantity definition"),
        ("P(war) > P(war | careful)", "quantity claim definition"),
        ("E(score | war and careful)", "quantity definition"),
        ("E(cost * time(first event))", "quantity definition"),
        ("time(first event | careful)", "quantity definition"),
        ("P(cost > 3 and war)", "quantity definition"),
        ("belief(us, war | careful and at answer) > cost", "quantity claim definition"),
        ("us", ""),
    ],
)
def test_what_may_stand_where(source: str, contexts: str) -> None:
    allowed = {each.value for each in Context if parsed(source, each)[0] is not None}
    if source.startswith("1 if"):  # a number is no condition
        contexts = contexts.replace("condition event", "").strip()
    assert allowed == set(contexts.split())


def test_definitions_are_looked_through() -> None:
    names = vocabulary()
    assert tree("failure", Context.CONDITION, names)  # nothing is known about it yet
    names.define("failure", tree("cost > 3", Context.DEFINITION, names).root)
    _, faults = parsed("answer is yes and failure", Context.CONDITION, names)
    assert [(each.code, each.span.column) for each in faults] == [("P325", PLACE.column + 18)]
    assert faults[0].message.startswith("'failure' cannot stand here: 'cost' is uncertain")
    assert parsed("failure", Context.CLAIM, names)[0] is not None
    names.define("failure", tree("P(war)", Context.DEFINITION, names).root)
    assert [each.code for each in parsed("failure", Context.CLAIM, names)[1]] == ["P320"]
    assert [each.code for each in parsed("failure", Context.PAYOFF, names)[1]] == ["P328"]


def test_a_definition_that_contains_itself_ends() -> None:
    names = vocabulary()
    names.define("failure", tree("failure + 1", Context.DEFINITION, names).root)
    assert parsed("failure", Context.PAYOFF, names)[0] is not None
    names.define("failure", Reference(Kind.DEFINITION, "failure", 0, 7))
    assert parsed("failure", Context.CONDITION, names)[0] is not None


def test_kinds_of_steps_matter_only_where_they_are_known() -> None:
    names = vocabulary()
    names.add(Kind.VARIABLE, "clash", PLACE, ("early", "late"))
    assert isinstance(tree("time(clash)", Context.PAYOFF, names).root, Call)


def test_parentheses_make_two_outcomes_of_one_name() -> None:
    names = vocabulary()
    names.add(Kind.OUTCOME, "peace", PLACE)
    assert [each.code for each in parsed("war and peace", Context.EVENT, names)[1]] == ["P319"]
    tree("(war) and peace", Context.EVENT, names)
    assert isinstance(tree("'war and peace'", Context.EVENT, names).root, Reference)


def test_numbers_and_conditions_may_be_mixed_as_one_and_zero() -> None:
    root = tree("2 * (posture is pause) + (war = 1)", Context.PAYOFF).root
    assert isinstance(root, Arithmetic)
    assert isinstance(root.right, Compare)
    assert isinstance(root.right.right, Number)
