"""Faults that only the walk over the story shows."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES = (
    Code(
        "P801",
        "error",
        "used where it has not happened",
        "An expression reads the number of something that, on some path of the story, has not"
        " happened yet or has a name as its value there.",
        "us: {peace: offer * 2}   # peace can come before any offer",
        "us: {peace: offer * 2 if happened(offer) else 0}",
    ),
    Code(
        "P803",
        "error",
        "a path without an ending",
        "Some path through the story runs out of steps without reaching an outcome. The message says which.",
        "- outcomes: {war: answer is no}",
        "- outcomes: {war: answer is no, peace: otherwise}",
    ),
    Code(
        "P804",
        "error",
        "no option left",
        "On some path all options of a step have conditions that fail.",
        "options: {stay: round is 1, go: round is 1}",
        "options: {stay: always, go: round is 1}",
    ),
    Code(
        "P805",
        "error",
        "options depend on what the player cannot have seen",
        "A player would learn something hidden from which options it is given. Who cannot "
        "tell two situations apart must have the same options in both.",
        "- {nature: weather, options: [sun, rain], seen by: nobody}\n"
        "- {player: us, move: go, options: {walk: weather is sun, ride: always}}",
        "- {nature: weather, options: [sun, rain], seen by: [us]}",
    ),
    Code(
        "P806",
        "error",
        "a policy depends on what the player cannot have seen",
        "A rule of a policy has a condition that the focal player cannot know at that move.",
        "policies: {sly: [{move: act, play: wait, when: type is hostile}]}",
        "- {nature: type, options: [hostile, mild], seen by: [us]}",
    ),
    Code(
        "P807",
        "error",
        "a policy wants an option that is not on offer",
        "At some point of the story the option that a policy prescribes is not available.",
        "policies: {hard: {answer: strike}}   # strike: round > 1",
        "policies: {hard: [{move: answer, play: strike, when: round > 1}]}",
    ),
    Code(
        "P808",
        "error",
        "no clock can ring",
        "On some path every clock of a race is stopped by its condition, or has rate 0, and "
        "there is no horizon.",
        "race: first\nclocks: {strike: {rate: s, when: posture is active}}",
        "horizon: 6\notherwise: nothing",
    ),
    Code(
        "P809",
        "error",
        "a state leaves its range",
        "A numeric state is set to a number outside `from:` to `to:`. Nothing is clipped in silence.",
        "set: {score: score + 1}",
        "set: {score: min(score + 1, 3)}",
    ),
    Code(
        "P810",
        "error",
        "the game is too large",
        "The story has too many different situations, even after identical futures are "
        "merged. Each hidden or remembered detail multiplies them.",
        "repeat: 40",
        "repeat: 3",
    ),
    Code(
        "P811",
        "error",
        "shocks on endings, and more than two options",
        "Errors that are normal on endings are worked out for moves of two options.",
        "players: {us: {errors: normal on endings}}   # and us chooses among three",
        "players: {us: {errors: normal}}",
    ),
    Code(
        "P815",
        "error",
        "something hidden passes from round to round",
        "In a `repeat: forever` players carry from one round to the next what everybody has seen, nothing "
        "else. What a later round asks of an earlier one, or of the steps before, must be seen by everybody.",
        "- {nature: type, options: [hard, soft], seen by: [a]}\n"
        "- {repeat: forever, discount: 0.9, story: [...]}",
        "- {nature: type, options: [hard, soft]}\n- {repeat: forever, discount: 0.9, story: [...]}",
    ),
    Code(
        "P816",
        "error",
        "a count passes from round to round",
        "`times(...)` and `time(...)` grow without end in a `repeat: forever`, so no round can ask for them.",
        "when: times(strike is yes) > 2",
        "set: {strikes: min(strikes + 1, 3)}   # a state from 0 to 3",
    ),
    Code(
        "P817",
        "error",
        "no value where the story may never end",
        "Where rounds can go on for ever there is no last one. Chances are then weighed by the discount, "
        "which must be the same for all players; payoffs can't be asked under a condition.",
        "quantities: {q: P(move is yes)}   # discount: {a: 0.9, b: 0.8}",
        "discount: 0.9",
    ),
    Code(
        "P820",
        "warning",
        "never happens",
        "No path of the story meets this step or condition.",
        "when: posture is pause   # pause was ruled out before",
        "when: posture is short list",
    ),
    Code(
        "P821",
        "warning",
        "an option that is never possible",
        "The condition of this option or clock is true on no path.",
        "options: {wait: round > 3, act: always}   # repeat: 2",
        "options: {wait: round > 1, act: always}",
    ),
    Code(
        "P822",
        "warning",
        "an ending that is never reached",
        "No path of the story ends so.",
        "- outcomes: {war: otherwise, peace: answer is yes}",
        "- outcomes: {peace: answer is yes, war: otherwise}",
    ),
    Code(
        "P830",
        "error",
        "chances that are none",
        "With every judgement at its middle, the chances of a step do not add up to one, or "
        "one of them is not between 0 and 1, or a rate is negative.",
        "options: {hostile: 60%, mild: 60%}",
        "options: {hostile: 60%, mild: rest}",
    ),
    Code(
        "P831",
        "warning",
        "chances that are none in some readings",
        "At an end of some judgement the chances of a step leave their bounds. Those draws "
        "will be marked ill-posed and counted.",
        "p: {normal: {mean: 0.9, sd: 0.2}}",
        "p: {normal: {mean: 0.9, sd: 0.2}, truncate: [0, 1]}",
    ),
    Code(
        "P840",
        "error",
        "conditioned on the impossible",
        "A quantity has a condition that no ending meets, under the policy it is asked for.",
        "derives: P(war | pause and posture is strike) > 0",
        "derives: P(war | pause) > 0",
    ),
    Code(
        "P841",
        "warning",
        "an event that cannot happen",
        "The chance of this event is zero for certain: no ending that meets the condition has it.",
        "derives: P(first event is strike | pause) < 10%",
        "derives: P(war | pause) < 10%",
    ),
    Code(
        "P950",
        "note",
        "an option that is missing where something has not happened",
        "Of something that has not happened every `is` is false. On some path an option is therefore "
        "missing, not because its condition was decided against it, but because it was never decided. "
        "That may be meant.",
        "options: {fly: ministry is lifts, stop: always}   # the ministry is not always asked",
        "options: {fly: ministry is lifts or not happened(ministry), stop: always}",
    ),
)
