"""Faults of expressions."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES = (
    Code(
        "P301",
        "error",
        "unknown name",
        (
            "An expression uses a name that nothing declares. Names of several words are recognised where "
            "they are declared; blanks, `_` and `-` count as one blank, and case matters."
        ),
        "us: {war: -kost}",
        "us: {war: -cost}",
    ),
    Code(
        "P302",
        "error",
        "expression too long",
        (
            "An expression may have 2,000 characters. Long ones are hard to read and to check: give their "
            "parts names."
        ),
        "us: {war: a + a + a + ...}",
        "define: {costs: a + b}",
    ),
    Code(
        "P303",
        "error",
        "a character without meaning",
        (
            "Expressions are made of names, numbers, + - * / ^ < <= > >= = != and parentheses. Typographic "
            "quotes, dashes and other characters that word processors put in are refused, never guessed."
        ),
        "us: {war: \u2212cost}",
        "us: {war: -cost}",
    ),
    Code(
        "P304",
        "error",
        "expression not understood",
        "Something is missing or superfluous: an operator, a parenthesis, a word.",
        "us: {war: cost * (1 + p}",
        "us: {war: cost * (1 + p)}",
    ),
    Code(
        "P305",
        "error",
        "expression nested too deep",
        "An expression may be nested 60 deep.",
        "((((...))))",
        "define: {part: a + b}",
    ),
    Code(
        "P306",
        "error",
        "empty expression",
        "An expression is expected here and there is none.",
        "when: ''",
        "when: answer is yes",
    ),
    Code(
        "P307",
        "error",
        "a sign from a programming language",
        "The language has its own words: `and`, `or`, `not`, `is`, `^`.",
        "when: answer is yes && round > 1",
        "when: answer is yes and round > 1",
    ),
    Code(
        "P308",
        "error",
        "if without else",
        "A choice between two values needs both.",
        "us: {war: 1 if answer is yes}",
        "us: {war: 1 if answer is yes else 0}",
    ),
    Code(
        "P309",
        "error",
        "chained comparison",
        "Comparisons are made two by two.",
        "when: 1 < round < 3",
        "when: 1 < round and round < 3",
    ),
    Code(
        "P310",
        "error",
        "is without a move",
        "`is` asks which value a move, nature's choice, signal, race, state or switch has taken.",
        "when: cost is 3",
        "when: answer is yes",
    ),
    Code(
        "P311",
        "error",
        "no such value",
        "The name behind `is` is none of the values that this move, state or switch can take.",
        "when: answer is yess",
        "when: answer is yes",
    ),
    Code(
        "P312",
        "error",
        "a value on its own",
        "A value of a move means nothing alone: say which move it is a value of.",
        "when: answer is yes or no",
        "when: answer is yes or answer is no",
    ),
    Code(
        "P313",
        "error",
        "a policy out of place",
        "A policy can be named behind the bar of a quantity only.",
        "derives: careful > 1",
        "derives: payoff(us | careful) > 1",
    ),
    Code(
        "P314",
        "error",
        "unknown function",
        (
            "There are min, max, exp, log, sqrt, abs, Phi; last, times, happened, time; and the quantities P,"
            " E, payoff, belief, time."
        ),
        "us: {war: average(a, b)}",
        "us: {war: (a + b) / 2}",
    ),
    Code(
        "P315",
        "error",
        "a condition where none fits",
        "Only quantities take a condition behind a bar.",
        "us: {war: max(a | b)}",
        "derives: P(war | careful) > 10%",
    ),
    Code(
        "P316",
        "error",
        "wrong number of arguments",
        "The function takes another number of arguments.",
        "us: {war: max(a)}",
        "us: {war: max(a, b)}",
    ),
    Code(
        "P317",
        "error",
        "not a player",
        "`payoff(...)` and `belief(..., ...)` begin with a player.",
        "derives: payoff(uss) > 0",
        "derives: payoff(us) > 0",
    ),
    Code(
        "P318",
        "error",
        "number too large",
        "A number is beyond what can be computed with.",
        "us: {war: 1e999}",
        "us: {war: 1e9}",
    ),
    Code(
        "P319",
        "error",
        "a name with two meanings",
        (
            "The words can be read in two ways: a declared name contains `and`, `or`, `not`, `is`, `if` or "
            "`else`. Quotes make them a name, parentheses a condition."
        ),
        "when: war and peace   # there is an outcome called 'war and peace'",
        "when: \"'war and peace'\"",
    ),
    Code(
        "P320",
        "error",
        "a number where a condition is needed",
        "A condition is true or false: a comparison, an `is`, an outcome.",
        "when: round",
        "when: round > 1",
    ),
    Code(
        "P321",
        "error",
        "names compared with =",
        "`=` compares numbers; names are compared with `is`.",
        "when: answer = yes",
        "when: answer is yes",
    ),
    Code(
        "P322",
        "error",
        "not one number",
        (
            "What happened differs from ending to ending. A claim or criterion needs one number: a "
            "probability, an average, a payoff."
        ),
        "derives: war > 10%",
        "derives: P(war) > 10%",
    ),
    Code(
        "P323",
        "error",
        "not known yet",
        (
            "Precision, stakes and `set:` are fixed before the story begins; what happens in it cannot "
            "enter them."
        ),
        "precision: 4 if answer is yes else 2",
        "precision: careful",
    ),
    Code(
        "P324",
        "error",
        "an ending before the end",
        (
            "An outcome is known only when the story is over. A condition inside the story must say what "
            "brings it about."
        ),
        "when: war",
        "when: first event is strike",
    ),
    Code(
        "P325",
        "error",
        "the story may not depend on an uncertain number",
        (
            "The shape of the game (who moves when, with which options) is the same in all draws; chances "
            "and payoffs differ. Let chance decide with a probability that depends on the number, or a "
            "player whose payoff does."
        ),
        "when: cost > 3",
        "nature: reaction\noptions: {strong: p_strong, weak: rest}",
    ),
    Code(
        "P326",
        "error",
        "a name used as a number",
        (
            "This move, state or switch has names as values. Compare it with `is`, or give its options "
            "numbers as names."
        ),
        "us: {war: answer * 2}",
        "us: {war: 2 if answer is yes else 0}",
    ),
    Code(
        "P327",
        "error",
        "a player used as a number",
        "A player has a payoff, not a value.",
        "derives: us > gov",
        "derives: payoff(us) > payoff(gov)",
    ),
    Code(
        "P328",
        "error",
        "a quantity out of place",
        (
            "Probabilities, expectations, payoffs and beliefs are results. They can be asked in claims, "
            "comparisons and reports, not inside the story, nor inside one another."
        ),
        "when: P(war) > 10%",
        "derives: P(war) > 10%",
    ),
    Code(
        "P329",
        "error",
        "wrong kind of argument",
        "`last`, `happened` and `time` take the name of a step; `times` takes `step is value`.",
        "us: {war: times(strike)}",
        "us: {war: times(posture is strike)}",
    ),
    Code(
        "P330",
        "error",
        "a policy inside a condition",
        (
            "Behind the bar of a quantity one policy may be named, alone or joined to conditions with "
            "`and`. It says how the player acts; it is nothing that is true or false."
        ),
        "derives: P(war | not careful) > 10%",
        "derives: P(war | careful and posture is pause) > 10%",
    ),
    Code(
        "P331",
        "error",
        "an event that depends on time",
        (
            "The length of a race is itself uncertain, and only its expected value is computed. It can be "
            "asked for, and payoffs and averages can contain it; an event or a condition of a quantity "
            "cannot compare it with something."
        ),
        "derives: P(time(first event) > 3) > 10%",
        "derives: time(first event) > 3",
    ),
)
