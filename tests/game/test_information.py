"""Who knows what: perfect recall, hidden moves, limited memory, reveals, signals."""

from __future__ import annotations

import parley
from parley.game.model import Game
from tests.game.stories import scenario

END = "  - outcomes: {end: otherwise}\npayoffs:\n  a: {end: 1}\n  b: {end: 1}\n"
HEAD = "players: {a: A, b: B}\nparameters: {p: {range: [0.2, 0.4]}}\n"


def _sets(game: Game, move: str) -> list[str]:
    return [label for label, name in zip(game.infoset_label, game.infoset_move, strict=True) if name == move]


def _game(story: str, extra: str = "") -> Game:
    return parley.compile(scenario(HEAD + extra + "story:\n" + story + END))


def test_what_is_not_seen_does_not_split_an_information_set() -> None:
    story = (
        "  - {nature: type, options: {x: p, y: rest}, seen by: [a]}\n"
        "  - {player: a, move: act, options: [l, r], seen by: nobody}\n"
        "  - {player: b, move: reply, options: [u, d]}\n"
    )
    game = _game(story)
    assert sorted(_sets(game, "act")) == ["type: x", "type: y"]
    assert _sets(game, "reply") == [""]


def test_simultaneous_moves_are_seen_after_all_are_made() -> None:
    story = (
        "  - simultaneous:\n"
        "      - {player: a, move: act, options: [l, r]}\n"
        "      - {player: b, move: reply, options: [u, d]}\n"
        "  - {player: b, move: again, options: [u, d]}\n"
    )
    game = _game(story)
    assert _sets(game, "reply") == [""]
    assert sorted(_sets(game, "again")) == [
        "reply: d, act: l",
        "reply: d, act: r",
        "reply: u, act: l",
        "reply: u, act: r",
    ]


def test_a_reveal_tells_later() -> None:
    story = (
        "  - {nature: type, options: {x: p, y: rest}, seen by: nobody}\n"
        "  - {player: a, move: act, options: [l, r], seen by: nobody}\n"
        "  - {reveal: [type], to: [b]}\n"
        "  - {player: b, move: reply, options: [u, d]}\n"
    )
    assert sorted(_sets(_game(story), "reply")) == ["type: x", "type: y"]


def test_a_player_always_knows_its_own_moves() -> None:
    story = (
        "  - {player: a, move: act, options: [l, r], seen by: nobody}\n"
        "  - {player: a, move: again, options: [l, r], seen by: nobody}\n"
    )
    assert sorted(_sets(_game(story), "again")) == ["act: l", "act: r"]


def test_limited_memory_merges_rounds_to_a_graph() -> None:
    story = (
        "  - repeat: 24\n    story:\n"
        "      - {player: a, move: act, options: [l, r]}\n"
        "      - {set: {mood: bad}, when: act is l}\n"
        "      - {player: b, move: reply, options: [u, d]}\n"
        "      - {set: {mood: good}, when: reply is u}\n"
    )
    state = "state: {mood: {start: good, values: [good, bad]}}\n"
    forgetful = HEAD.replace("a: A, b: B", "a: {text: A, remembers: [mood]}, b: {text: B, remembers: [mood]}")
    game = parley.compile(scenario(forgetful + state + "story:\n" + story + END))
    assert game.nodes < 24 * 6
    assert game.perfect_recall == (False, False)
    # the same memory in another round is another information set: everybody knows which round it is
    assert len(_sets(game, "act")) == 1 + 2 * 23


def test_forced_moves_are_not_decisions() -> None:
    story = (
        "  - {player: a, move: act, options: [l, r]}\n"
        "  - {player: b, move: reply, options: {u: always, d: act is l}}\n"
    )
    game = _game(story)
    assert _sets(game, "reply") == ["act: l"]
