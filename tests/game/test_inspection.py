"""Every fault that only the walk over the story shows."""

from __future__ import annotations

import pytest

from parley.game import inspect, size
from parley.scenario import override
from parley.scenario.codes.compiled import CODES
from tests.game.stories import ROUNDS, SIGNALS, scenario

BASE = """
players: {{a: A, b: B}}
parameters: {{p: {{range: [0.2, 0.4]}}, big: {{range: [1, 3]}}}}
{extra}
story:
{story}
payoffs:
  a: {{{payoff}}}
  b: {{otherwise: 0}}
{asked}
"""


def _codes(
    story: str, *, payoff: str = "otherwise: 1", extra: str = "", asked: str = "", limit: int = 10_000
) -> list[str]:
    text = BASE.format(story=story, payoff=payoff, extra=extra, asked=asked)
    return [each.code for each in inspect(scenario(text), limit=limit)]


GO = "  - {player: a, move: go, options: [yes, no]}\n"
END = "  - outcomes: {war: go is yes, peace: otherwise}\n"

FOREVER = """
  - repeat: forever
    discount: 0.9
    story:
      - {player: a, move: go, options: [yes, no]}
      - {player: b, move: r, options: [x, y]}
      - outcomes: {war: go is yes}
"""

CASES = {
    "P801": {
        "story": "  - {player: a, move: bid, options: [1, 2], when: go is yes}\n".join([GO, END]),
        "payoff": "otherwise: bid",
    },
    "P803": {"story": GO + "  - outcomes: {war: go is yes}\n"},
    "P804": {"story": GO + "  - {player: b, move: r, options: {x: go is yes, y: go is yes}}\n" + END},
    "P805": {
        "story": "  - {nature: w, options: [sun, rain], seen by: nobody}\n"
        "  - {player: a, move: go, options: {yes: w is sun, no: always, wait: always}}\n" + END
    },
    "P806": {
        "story": "  - {nature: w, options: [sun, rain], seen by: nobody}\n" + GO + END,
        "asked": "compare: {player: a, policies: {x: [{move: go, play: yes, when: w is sun}], y: free}, "
        "recommend: x, by: [payoff(a)]}",
    },
    "P807": {
        "story": "  - {nature: w, options: [sun, rain]}\n"
        "  - {player: a, move: go, options: {yes: w is sun, no: always, wait: always}}\n" + END,
        "asked": "compare: {player: a, policies: {x: {go: yes}, y: free}, recommend: x, by: [payoff(a)]}",
    },
    "P811": {
        "story": "  - {player: a, move: go, options: [yes, no, wait]}\n" + END,
        "extra": "errors: normal on endings\n",
    },
    "P808": {
        "story": GO
        + "  - {race: r, clocks: {t: {rate: big, when: go is yes}, u: {rate: p, when: go is yes}}}\n"
        + END
    },
    "P809": {
        "story": GO + "  - set: {n: n + 2}\n" + END,
        "extra": "state: {n: {start: 0, from: 0, to: 1}}",
    },
    "P810": {
        "story": "  - repeat: 20\n    story:\n      - {player: a, move: go, options: [yes, no]}\n" + END,
    },
    "P815": {
        "story": "  - {nature: w, options: [sun, rain], seen by: [a]}\n" + FOREVER,
        "payoff": "otherwise: 1 if w is sun else 0",
    },
    "P816": {"story": FOREVER, "payoff": "otherwise: times(go is no)"},
    "P817": {
        "story": FOREVER.replace("go is yes", "go is yes and go is no"),
        "asked": "quantities: {q: payoff(a | go is no)}",
    },
    "P820": {
        "story": GO + "  - {player: b, move: r, options: [x, y], when: go is yes and go is no}\n" + END,
    },
    "P821": {
        "story": GO
        + "  - {player: b, move: r, options: {x: go is yes and go is no, y: always, z: always}}\n"
        + END,
    },
    "P822": {"story": GO + "  - outcomes: {war: go is yes and go is no, peace: otherwise}\n"},
    "P830": {"story": "  - {nature: w, options: {s: 2 * big, r: rest}}\n" + GO + END},
    "P831": {"story": "  - {nature: w, options: {s: p * 2.6, r: rest}}\n" + GO + END},
    "P950": {
        "story": GO
        + "  - {player: b, move: r, options: [x, y], when: go is yes}\n"
        + "  - {player: a, move: after, options: {u: r is x, v: always, w: always}}\n"
        + END
    },
    "P840": {"story": GO + END, "asked": "claims: {c: {text: t, derives: P(war | go is no and war) > 0}}"},
    "P841": {"story": GO + END, "asked": "claims: {c: {text: t, derives: P(war | go is no) < 1}}"},
}


def test_every_code_has_a_case() -> None:
    assert set(CASES) == {each.code for each in CODES}


@pytest.mark.parametrize("code", CASES)
def test_each_fault_is_found_and_nothing_else(code: str) -> None:
    case = dict(CASES[code])
    found = _codes(**case, limit=500 if code == "P810" else 10_000)
    assert found
    assert set(found) - ({"P822"} if code == "P817" else set()) == {code}


@pytest.mark.parametrize("text", [SIGNALS, ROUNDS])
def test_sound_stories_have_no_faults(text: str) -> None:
    assert [each.render() for each in inspect(scenario(text)) if each.severity == "error"] == []


def test_the_message_says_how_the_story_came_there() -> None:
    text = BASE.format(
        story=GO + "  - outcomes: {war: go is yes}\n", payoff="otherwise: 1", extra="", asked=""
    )
    (fault,) = inspect(scenario(text))
    assert "go: no" in fault.message


def test_what_a_switch_makes_possible_is_possible() -> None:
    found = _codes(
        GO + "  - {player: b, move: r, options: [x, y], when: go is yes and law is off}\n" + END,
        extra="switches: {law: {default: on}}",
        asked="claims: {c: {text: t, derives: P(r is x | r is x or r is y) > 0}}",
    )
    assert found == []


def test_the_estimate_of_histories_is_right_for_a_regular_tree() -> None:
    story = "  - repeat: 5\n    story:\n      - {player: a, move: go, options: [yes, no]}\n" + END
    text = BASE.format(story=story, payoff="otherwise: times(go is yes)", extra="", asked="")
    measured = size(scenario(text))
    assert measured.histories == 2**6 - 1
    assert measured.nodes < measured.histories


def test_a_chance_above_one_is_called_that() -> None:
    story = "  - {nature: w, options: {s: 35 * p, r: rest}}\n" + GO + END
    (fault,) = inspect(scenario(BASE.format(story=story, payoff="otherwise: 1", extra="", asked="")))
    assert "a chance here is 10.5, which is not between 0 and 1" in fault.message
    assert fault.hint is not None
    assert "write 10.5%" in fault.hint


def test_readings_at_fault_are_named() -> None:
    story = "  - {nature: w, options: {s: p * 2.6, r: rest}}\n" + GO + END
    (fault,) = inspect(scenario(BASE.format(story=story, payoff="otherwise: 1", extra="", asked="")))
    assert "when `p` is 0.3998" in fault.message


def test_definitions_of_definitions_do_not_double() -> None:
    chain = ", ".join(f"d{n}: d{n - 1} + d{n - 1}" for n in range(1, 80))
    text = BASE.format(
        story=GO + END, payoff="otherwise: d79 / 2 ^ 79", extra=f"define: {{d0: big, {chain}}}", asked=""
    )
    assert inspect(scenario(text)) == ()


def test_parameters_in_the_place_of_others_do_not_double() -> None:
    more = ", ".join(f"q{n}: 1" for n in range(60))
    base = BASE.replace("big: {{range: [1, 3]}}", f"big: {{{{range: [1, 3]}}}}, {more}")
    story = scenario(base.format(story=GO + END, payoff="otherwise: q59", extra="", asked=""))
    chain = {f"q{n}": f"q{n - 1} + q{n - 1}" for n in range(1, 60)}
    assert inspect(override(story, chain)) == ()


@pytest.mark.parametrize(
    ("race", "said"),
    [
        ("{race: r, clocks: {u: 1, v: 2}, horizon: p - 1, otherwise: none}", "the horizon here is -0.7"),
        ("{race: r, clocks: {u: p - p}}", "no clock runs here"),
        ("{race: r, clocks: {u: p - 1}, horizon: 3, otherwise: none}", "a rate here is -0.7"),
    ],
)
def test_races_that_are_none(race: str, said: str) -> None:
    text = BASE.format(story=f"  - {race}\n" + GO + END, payoff="otherwise: 1", extra="", asked="")
    faults = inspect(scenario(text))
    assert {fault.code for fault in faults} == {"P830"}
    assert said in faults[0].message
