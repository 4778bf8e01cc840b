"""Objections: what moves, in which order, with what error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import parley
from parley.errors import FindingsError, ScenarioError
from parley.findings import Challenged, Debate, assess, debate, objection
from parley.report import render_debate, render_objection
from parley.scenario import challenge, object_to
from parley.scenario.model import Scenario
from parley.study import Results

STORY = """
parley: 1
title: Buy or keep
players: {us: We}
parameters: {worth: {range: [0, 10]}, price: 4, weather: {range: [0, 1]}}
story: [{player: us, move: act, options: [keep, buy]}, {outcomes: [end]}]
payoffs: {us: worth - price if act is buy else 0}
compare:
  player: us
  policies: {keep: {act: keep}, buy: {act: buy}}
  recommend: buy
  by: [payoff(us)]
claims:
  good: {text: Buying is worth it, derives: payoff(us | buy) > payoff(us | keep)}
challenges:
  rain: {text: It will rain, set: {weather: 1}}
  dear: {text: It costs eight, set: {price: 8}, against: good, why: inflation}
  dearer: {text: It costs nine, set: {price: 9}}
  dull: {text: It is worth less, set: {worth: {range: [0, 9]}}}
"""


@pytest.fixture(scope="module")
def story() -> Scenario:
    return parley.loads(STORY)


def solve(scenario: Scenario) -> Results:
    return parley.run(scenario, draws=512, seed=3)


def test_who_moves_most_comes_first_and_who_moves_nothing_last(story: Scenario) -> None:
    found = debate(story, solve)
    assert [item.name for item in found.objections] == ["dearer", "dear", "dull", "rain"]
    dearer, dear, dull, rain = found.objections
    assert dearer.moves[0].share.change == pytest.approx(0.1 - 0.6, abs=0.005)
    assert dear.moves[0].share.change == pytest.approx(0.2 - 0.6, abs=0.005)
    assert dull.moves[0].share.change == pytest.approx(5 / 9 - 0.6, abs=0.005)
    assert (dear.reverses, dull.reverses, rain.reverses) == (True, False, False)
    assert rain.moves[0].share.change == 0.0
    assert rain.furthest == 0.0
    assert dear.moves[0].margin.change == pytest.approx(-4.0)
    assert dear.moves[0].margin.error == pytest.approx(0.0, abs=1e-12)  # the same in every reading
    assert [(claim.name, claim.before.word, claim.after.word) for claim in dear.claims] == [
        ("good", "open", "fails")
    ]


def test_the_error_is_that_of_the_difference(story: Scenario) -> None:
    (dull,) = (item for item in debate(story, solve).objections if item.name == "dull")
    move = dull.moves[0]
    assert move.share.error is not None
    assert move.before.error is not None
    truth = 5 / 9 - 0.6
    assert abs((move.share.change or 0) - truth) <= move.share.error
    assert move.share.error < 0.02


def test_pairs_that_set_the_same_are_skipped_and_named(story: Scenario) -> None:
    found = debate(story, solve, pairs=True)
    assert found.skipped == {"dear + dearer": "price"}
    assert len(found.objections) == 4 + 5
    (both,) = (item for item in found.objections if item.name == "dear + dull")
    assert both.moves[0].share.after == pytest.approx(1 / 9, abs=0.005)
    assert "dear + dearer are not granted together: both set price." in " ".join(render_debate(found).split())


def test_what_is_put_in_place_is_said_in_words(story: Scenario) -> None:
    changed = challenge(story, "dull")
    item = objection(changed.challenges["dull"], solve(story), solve(changed))
    text = render_objection(item, 100)
    assert "worth: 0 to 9 instead of 0 to 10 (middle 5.00 -> 4.50)" in text
    assert "better in 60 of 100 -> 5" in text
    assert "open as before" in " ".join(text.split())


def test_an_objection_in_a_file_is_as_good_as_one_in_the_scenario(story: Scenario, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("text: It costs eight\nset: {price: 8}\nagainst: good\n", encoding="utf-8")
    mine, theirs = object_to(story, file), challenge(story, "dear")
    assert mine.challenges["mine"].text == "It costs eight"
    assert mine.digest == theirs.digest
    np.testing.assert_array_equal(solve(mine).criteria[0, "buy"], solve(theirs).criteria[0, "buy"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("text: nothing\n", "a challenge needs `set`"),
        ("text: a\nset: {pirce: 8}\n", "did you mean `price`?"),
        ("text: a\nset: {price: 8}\nagainst: bad\n", "no passage or claim"),
        ("text: a\nset: {price: [8}\n", "mine.yaml:2:"),
        ("- 1\n", "mine.yaml:1:1"),
    ],
)
def test_faults_of_an_objection_have_their_place(
    story: Scenario, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        object_to(story, file)
    assert said in str(caught.value)
    assert "mine.yaml" in str(caught.value)


def test_a_file_that_is_no_text_is_refused(story: Scenario, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(b"text: \xff\xfe\n")
    with pytest.raises(ScenarioError, match="not UTF-8"):
        object_to(story, file)
    file.write_bytes(b"text: " + b"a" * 1_000_001)
    with pytest.raises(ScenarioError, match="more than 1,000,000 bytes"):
        object_to(story, file)


def test_no_objections_and_no_comparison_are_said(story: Scenario) -> None:
    with pytest.raises(FindingsError, match="states no objection"):
        debate(parley.loads(STORY[: STORY.index("challenges")]), solve)
    lone = STORY[: STORY.index("compare")] + STORY[STORY.index("challenges") :].replace(", against: good", "")
    with pytest.raises(FindingsError, match="nothing is compared"):
        debate(parley.loads(lone), solve)
    with pytest.raises(FindingsError, match="the same readings"):
        objection(story.challenges["dear"], solve(story), parley.run(story, draws=64, seed=3))


def test_json_holds_all_of_it(story: Scenario) -> None:
    found = debate(story, solve, pairs=True)
    assert Debate.from_json(found.to_json()) == found
    changed = challenge(story, "dear")
    before, after = solve(story), solve(changed)
    whole = Challenged(objection(changed.challenges["dear"], before, after), assess(before), assess(after))
    assert Challenged.from_json(whole.to_json()) == whole


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_keep_the_width_and_nothing_drives_the_terminal(story: Scenario, width: int) -> None:
    text = render_debate(debate(story, solve), width)
    assert max(map(len, text.splitlines())) <= width
    assert "\x1b" not in text
