"""Notes on a scenario that can be run: no faults, but worth a look."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES = (
    Code(
        "P910",
        "note",
        "one option only",
        "With a single option nothing is decided. That may be meant, for instance in a variant.",
        "options: [stay]",
        "options: [stay, leave]",
    ),
    Code(
        "P911",
        "note",
        "nobody moves",
        (
            "Everything is left to chance, so there is nothing to solve. Chances and payoffs are "
            "computed all the same."
        ),
        "story: [{nature: weather, options: [sun, rain]}, ...]",
        "story: [{player: us, move: go, options: [walk, ride]}, ...]",
    ),
    Code(
        "P920",
        "note",
        "a comment that may be text",
        "After a blank, # begins a comment in YAML. If it was meant as text, the value needs quotes.",
        "text: Strike #3 of the month",
        'text: "Strike #3 of the month"',
    ),
    Code(
        "P930",
        "note",
        "unused parameter",
        "No payoff, chance, rate, precision, claim or quantity depends on the parameter.",
        "parameters: {k: 3}   # and nothing else",
        "define: {cost: 2 * k}",
    ),
    Code(
        "P931",
        "note",
        "unused switch",
        "No condition or expression depends on the switch.",
        "switches: {binds: {default: on}}   # and nothing else",
        "when: binds is on",
    ),
    Code(
        "P932",
        "note",
        "unused definition",
        "No expression uses the definition.",
        "define: {S: 2 * k}   # and nothing else",
        "us: {war: -S}",
    ),
    Code(
        "P933",
        "note",
        "certain, yet varying",
        "A parameter that is certain cannot vary together with others.",
        "parameters: {a: 3}\ntogether: [{vary: [a, b], rank: 0.5}]",
        "parameters: {a: {range: [2, 4]}}",
    ),
    Code(
        "P934",
        "note",
        "chance that affects nothing",
        (
            "Chance decides something that no condition, payoff, chance, signal, memory or question asks "
            "for. A signal, moreover, is seen by nobody who moves."
        ),
        "story: [{nature: demand, options: [high, low]}, ...]   # and nobody asks for `demand`",
        "us: {war: 1 if demand is high else 0}",
    ),
    Code(
        "P935",
        "note",
        "a chance without a direction",
        (
            "Policies are compared by a chance, and whether more or less of it is better is not said; then "
            "more counts as better."
        ),
        "by: [P(war)]",
        "by: [{quantity: P(war), better: lower}]",
    ),
    Code(
        "P940",
        "note",
        "passage without anything",
        "A passage is marked, and no parameter, switch, claim or challenge refers to it.",
        "[Talks fail]{#fail}",
        "claims: {C5: {text: Talks fail, assumes: [p], from: fail}}",
    ),
    Code(
        "P941",
        "note",
        "numbers without a name",
        "Payoffs hold numbers other than 0 and 1. Each is an assumption that no reader can question.",
        "us: {war: -3.5 * c}",
        "parameters: {weight: 3.5}   # us: {war: -weight * c}",
    ),
    Code(
        "P942",
        "note",
        "evidence without a source",
        "A piece of evidence names neither a source nor data.",
        "evidence: {strikes: 12 strikes}",
        "evidence: {strikes: {text: 12 strikes, source: dawn}}",
    ),
    Code(
        "P943",
        "note",
        "a case that was used already",
        (
            "A case rests on evidence that a parameter rests on too. The model agrees with what it was made "
            "from, so this is no test of it."
        ),
        "parameters: {k: {range: [1, 2], evidence: deals}}   # and: c1: {..., evidence: deals}",
        "c1: {..., evidence: deals, used for: k}",
    ),
)
