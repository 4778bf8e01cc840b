"""What passes between rounds without a last one, and who must see it."""

from __future__ import annotations

import pytest

import parley
from parley.errors import GameError
from parley.game import inspect, restrict, size
from parley.game.efg import to_efg
from parley.game.heads import HEAD_LIMIT
from parley.game.model import Game
from parley.game.nfg import to_nfg
from parley.solve import tabulate

STORY = """
parley: 1
title: Rounds
players: {{a: A, b: B}}
parameters: {{d: 0.9}}
{more}
story:
{before}
  - repeat: forever
    discount: d
    story:
{round}
payoffs: {{a: {pay}, b: 0}}
{asked}
"""

ROUND = """
      - {player: a, move: act, options: [stay, leave]}
      - {player: b, move: answer, options: [yes, no]}
      - {outcomes: {over: act is leave}}
"""

MEMORY = "{yes: always, no: last(answer) is not no, maybe: always}"


def compiled(
    round_: str = ROUND, *, before: str = "", more: str = "", pay: str = "0", asked: str = ""
) -> Game:
    text = STORY.format(round=round_, before=before, more=more, pay=pay, asked=asked)
    return parley.compile(parley.loads(text, "story.yaml"))


def heads(*args: str, **more: str) -> list[str]:
    game = compiled(*args, **more)
    assert game.loop is not None
    return list(game.loop.head_label)


def test_without_memory_all_rounds_are_alike() -> None:
    assert heads() == ["any round"]


def test_what_a_round_asks_of_the_last_passes() -> None:
    asks = ROUND.replace("[yes, no]", MEMORY)
    assert heads(asks) == [
        "last answer: nothing",
        "last answer: yes",
        "last answer: no",
        "last answer: maybe",
    ]


def test_a_state_passes_and_what_is_never_read_again_does_not() -> None:
    state = "state: {mood: {start: 0, from: 0, to: 3}}"
    idle = ROUND + "      - {set: {mood: 'min(mood + 1, 3)'}}\n"
    assert heads(idle, more=state) == ["mood: 0", "mood: 1", "mood: 2", "mood: 3"]
    fresh = "      - {set: {mood: 2}}\n" + ROUND + "      - {reward: {a: mood}}\n"
    assert heads(fresh, more=state) == ["any round"]


def test_a_step_before_the_rounds_passes_where_it_is_asked_for() -> None:
    before = "  - {nature: weather, options: [sun, rain]}"
    assert heads(before=before) == ["any round"]
    assert heads(before=before, pay="1 if weather is sun else 0") == ["weather: sun", "weather: rain"]


def test_what_somebody_cannot_see_may_not_pass() -> None:
    hidden = "  - {nature: weather, options: [sun, rain], seen by: [a]}"
    with pytest.raises(GameError, match=r"'weather' passes .* b does not always see it"):
        compiled(before=hidden, pay="1 if weather is sun else 0")
    shown = hidden + "\n  - {reveal: [weather]}"
    assert heads(before=shown, pay="1 if weather is sun else 0") == ["weather: sun", "weather: rain"]
    maybe = hidden + "\n  - {reveal: [weather], when: weather is sun}"
    with pytest.raises(GameError, match="weather"):
        compiled(before=maybe, pay="1 if weather is sun else 0")


def test_what_is_only_measured_may_be_hidden_but_no_belief_asked() -> None:
    leak = "      - {signal: leak, of: act, error: 10%, seen by: [b], when: answer is yes}\n"
    signal = ROUND.replace("      - {outcomes", leak + "      - {outcomes")
    compiled(signal, asked="quantities: {q: P(leak is stay)}")
    with pytest.raises(GameError, match="leak"):
        compiled(signal, asked="quantities: {q: 'belief(b, leak is stay)'}")


def test_counts_do_not_pass() -> None:
    with pytest.raises(GameError, match="grows without end"):
        compiled(pay="times(answer is no)")


def test_a_race_may_be_timed_before_the_rounds_only() -> None:
    clock = "  - {race: first, clocks: {x: 1, y: 2}}"
    assert heads(before=clock, pay="time(first)") != []
    inside = "      - {race: first, clocks: {x: 1, y: 2}}\n" + ROUND
    with pytest.raises(GameError, match="grows without end"):
        compiled(inside, pay="time(first)")


def test_too_many_states_are_refused_with_advice() -> None:
    state = f"state: {{count: {{start: 0, from: 0, to: {HEAD_LIMIT}}}}}"
    with pytest.raises(GameError, match="different states can pass"):
        compiled(ROUND + f"      - {{set: {{count: 'min(count + 1, {HEAD_LIMIT})'}}}}\n", more=state)


def test_no_information_set_spans_two_head_states() -> None:
    asks = ROUND.replace("[yes, no]", MEMORY)
    game = compiled(asks)
    assert game.loop is not None
    begun: dict[int, int] = {}
    for head in range(game.loop.heads):
        stack = [int(game.edge_child[1 + head])]
        while stack:
            node = stack.pop()
            stack += game.edge_child[game.node_first_edge[node] : game.node_first_edge[node + 1]].tolist()
            if game.node_infoset[node] >= 0:
                assert begun.setdefault(int(game.node_infoset[node]), head) == head
    assert len(begun) == game.infosets


def test_steps_may_follow_the_rounds() -> None:
    paid = ROUND.replace("outcomes: {over: act is leave}", "reward: {a: 1}")
    text = STORY.format(round=paid, before="", more="", pay="2", asked="")
    text = text.replace("    story:\n", "    until: act is leave\n    story:\n", 1)
    after = "  - {player: b, move: shrug, options: [yes, no]}\n  - outcomes: [over]\n"
    scenario = parley.loads(text.replace("payoffs:", after + "payoffs:"), "story.yaml")
    assert inspect(scenario) == ()
    assert size(scenario).movers == ("a", "b")
    assert "shrug" in parley.compile(scenario).infoset_move


def test_a_policy_keeps_the_rounds() -> None:
    policies = (
        "compare: {player: a, policies: {go: {act: leave}, free: free}, recommend: go, by: [payoff(a)]}"
    )
    game = compiled(asked=policies)
    cut = restrict(game, "go").game
    assert cut.loop is not None
    assert (cut.loop.next_head >= 0).sum() == 1  # the story's entry: no round leads to another
    assert len(cut.loop.next_head) == cut.nodes < game.nodes


def test_there_is_no_finite_tree_to_export() -> None:
    text = STORY.format(round=ROUND, before="", more="", pay="0", asked="")
    scenario = parley.loads(text, "story.yaml")
    game = parley.compile(scenario)
    tables = tabulate(game, parley.sample(scenario, 1))
    for export in (to_efg, to_nfg):
        with pytest.raises(GameError, match="no finite tree"):
            export(game, tables.chance[:, 0], tables.payoff[:, :, 0])
