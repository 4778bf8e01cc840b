"""A correct text becomes the scenario that it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from parley.errors import ScenarioError
from parley.scenario import Scenario, check, load, loads, read
from parley.scenario.model import (
    Endings,
    Group,
    Move,
    Nature,
    Race,
    Repeat,
    Reveal,
    Reward,
    Signal,
    Simultaneous,
    Update,
)

WHOLE = Path(__file__).with_name("whole.md")
SMALL = """\
parley: 1
title: A threat
players: {us: We}
parameters: {c: {range: [0, 1]}}
story:
  - {player: us, move: act, options: [attack, wait]}
  - outcomes: {war: act is attack, peace: otherwise}
payoffs: {us: {war: -c, peace: 0}}
"""


@pytest.fixture(scope="module")
def whole() -> Scenario:
    return load(WHOLE)


def test_nothing_is_wrong_with_the_whole() -> None:
    _, found = read(WHOLE.read_text(encoding="utf-8"), str(WHOLE))
    assert {item.severity for item in found} <= {"note"}


def test_front_matter_and_prose(whole: Scenario) -> None:
    assert whole.title == "Every kind of entry"
    assert whole.question == "Is everything read?"
    assert dict(whole.about) == {"author": "X"}
    assert whole.passages["fail"].text == "Talks fail"
    assert "```parley" not in whole.article
    assert "[Talks fail]{#fail} for sure." in whole.article


def test_players(whole: Scenario) -> None:
    assert whole.players["us"].text == "United States"
    assert whole.players["gov"].remembers == ("mood", "posture")
    assert whole.players["gov"].precision is not None
    assert whole.players["gov"].precision.source == "2 * a"
    assert whole.players["us"].stake is None


def test_judgements(whole: Scenario) -> None:
    shapes = {name: item.judgement.shape for name, item in whole.parameters.items()}
    assert shapes["B"] == shapes["p"] == "fixed"
    assert shapes["a"] == "uniform"
    assert shapes["e"] == "likelihood"
    assert whole.parameters["p"].judgement.numbers == (0.35,)
    assert whole.parameters["sigma"].judgement.truncate == (0.01, 5.0)
    assert whole.parameters["a"].passage == "fail"
    assert whole.parameters["a"].claims == ("C5",)
    assert whole.together[0].rank == 0.5


def test_switches_keep_words_that_other_yaml_takes_for_truth(whole: Scenario) -> None:
    assert whole.switches["agency_binds"].options == ("on", "off")
    assert whole.switches["agency_binds"].default == "on"
    assert whole.switches["doubt"].options == ("yes", "no")
    assert whole.switches["doubt"].weights == pytest.approx((0.3, 0.7))
    assert whole.switches["doubt"].default == "no"


def test_states(whole: Scenario) -> None:
    assert whole.states["mood"].values == ("calm", "angry")
    assert whole.states["mood"].seen_by == ("gov",)
    assert whole.states["score"].values == ("-2", "-1", "0", "1", "2", "3")
    assert whole.states["score"].start == "0"
    assert whole.states["score"].numeric


def test_steps(whole: Scenario) -> None:
    kinds = [type(step) for step in whole.story]
    assert kinds == [Nature, Move, Simultaneous, Signal, Signal, Repeat, Reward, Reveal, Endings]
    repeat = whole.story[5]
    assert isinstance(repeat, Repeat)
    assert (repeat.times, repeat.counter) == (3, "round")
    race, group = repeat.story
    assert isinstance(race, Race)
    assert [clock.label for clock in race.clocks] == ["strike", "breach"]
    assert race.otherwise == "nothing"
    assert isinstance(group, Group)  # two updates under one condition: the first must not undo it
    assert group.when is not None
    assert [type(step) for step in group.story] == [Update, Update]
    assert all(getattr(step, "when", None) is None for step in group.story)


def test_signals(whole: Scenario) -> None:
    report, rumour = whole.story[3], whole.story[4]
    assert isinstance(report, Signal)
    assert isinstance(rumour, Signal)
    assert [option.label for option in report.options] == ["reconcilable", "hostile"]
    assert report.error is not None
    assert [option.label for option in rumour.options] == ["soft", "hard"]
    assert rumour.chances is not None
    assert rumour.chances["hostile"][1] is None


def test_wishes(whole: Scenario) -> None:
    assert whole.outcomes == ("settled", "clean failure", "tainted failure")
    assert list(whole.payoffs["us"].by_outcome) == list(whole.outcomes)
    assert len(whole.payoffs["us"].add) == 1
    ranking = whole.payoffs["gov"].ranking
    assert ranking is not None
    assert ranking.tiers == (("settled",), ("clean failure", "tainted failure"))
    assert ranking.gaps == (True,)


def test_comparison(whole: Scenario) -> None:
    comparison = whole.comparison
    assert comparison is not None
    assert next(iter(comparison.policies)) == "status quo"
    assert comparison.policies["mixed"].rules[0].mix == pytest.approx({"pause": 0.3, "short list": 0.7})
    assert comparison.policies["secret"].intended
    assert comparison.policies["uncommitted"].rules == ()
    assert comparison.policies["careful"].rules[0].when is not None
    assert [criterion.higher for criterion in comparison.by] == [True, True, False]


def test_argument(whole: Scenario) -> None:
    assert whole.claims["C5"].assumes == ("e", "a")
    assert whole.claims["C24"].derives is not None
    assert whole.claims["C19"].unmodelled == "why"
    assert whole.cases["bajaur-2006"].given == {"posture": "as usual"}
    assert whole.cases["bajaur-2006"].date == "2006-10-30"
    assert whole.challenges["K4"].set["agency_binds"].option == "off"
    assert whole.challenges["K4"].set["B"].expression is not None
    assert whole.challenges["K4"].set["p"].judgement is not None
    assert whole.sources["dawn"].url == "https://x"
    assert whole.evidence["strikes-2013"].confidence == "A"
    assert whole.expected[0].tolerance == 1e-3


def test_spans_point_at_the_text(whole: Scenario) -> None:
    lines = whole.text.split("\n")
    for name, parameter in whole.parameters.items():
        span = parameter.span
        assert lines[span.line - 1][span.column - 1 :].startswith(name)
    for definition in whole.definitions.values():
        span = definition.expression.span
        assert lines[span.line - 1][span.column - 1 :].startswith(definition.expression.source)


def test_yaml_alone_with_and_without_a_name() -> None:
    assert loads(SMALL, "a.yaml").title == "A threat"
    assert loads(SMALL).title == "A threat"


def test_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    other = "\ufeff" + SMALL.replace("\n", "\r\n")
    assert loads(other, "a.yaml") == loads(SMALL, "a.yaml")


def test_several_blocks_are_one_model() -> None:
    head, rest = SMALL.split("players", 1)
    first, second = ("players" + rest).split("payoffs", 1)
    blocks = f"```parley\n{first}```\n\nProse.\n\n~~~ parley\nparameters: {{d: 2}}\npayoffs{second}~~~\n"
    scenario = loads(f"---\n{head}---\n{blocks}")
    assert list(scenario.parameters) == ["c", "d"]
    assert scenario.article == "Prose.\n"


def test_keys_and_names_in_any_spelling() -> None:
    text = SMALL.replace("options: [attack, wait]}", "options: [attack, wait], seen_by: nobody}")
    text = text.replace("{c: {range: [0, 1]}}", "{big_cost: {one-of: [1, 2]}}").replace("-c", "-big cost")
    scenario = loads(text)
    assert scenario.parameters["big_cost"].judgement.shape == "choice"
    move = scenario.story[0]
    assert isinstance(move, Move)
    assert move.seen_by == ()


def test_labels_that_are_numbers_keep_their_sign() -> None:
    text = SMALL.replace("[attack, wait]", "[-1, 0, 1]").replace("act is attack", "act = -1")
    move = loads(text).story[0]
    assert isinstance(move, Move)
    assert [option.number for option in move.options] == [-1.0, 0.0, 1.0]


def test_one_expression_for_all_endings() -> None:
    payoff = loads(SMALL.replace("{us: {war: -c, peace: 0}}", "{us: -c if war else 0}")).payoffs["us"]
    assert payoff.by_outcome == {}
    assert payoff.otherwise is not None


def test_an_ending_has_one_spelling() -> None:
    text = SMALL.replace(
        "- outcomes: {war: act is attack,",
        "- outcomes: {big_war: act is attack}\n  - outcomes: {big war: act is wait,",
    )
    text = text.replace("{war: -c", "{big-war: -c")
    scenario = loads(text)
    assert scenario.outcomes == ("big_war", "peace")
    assert list(scenario.payoffs["us"].by_outcome) == ["big_war", "peace"]


def test_a_fault_is_raised_with_all_the_others() -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(SMALL.replace("move: act", "mvoe: act").replace("-c", "-k"))
    codes = [item.code for item in caught.value.diagnostics]  # type: ignore[attr-defined]
    assert codes == ["P201", "P301"]
    assert "did you mean `move`?" in str(caught.value)


def test_faults_come_in_the_order_of_the_text() -> None:
    for path in sorted((Path(__file__).parents[1] / "corpus" / "broken").glob("17*.md")):
        places = [(item.span.line, item.span.column) for item in check(path.read_text(encoding="utf-8"))]
        assert places == sorted(places)


def test_a_folder_means_its_argument(tmp_path: Path) -> None:
    (tmp_path / "argument.md").write_text(WHOLE.read_text(encoding="utf-8"), encoding="utf-8")
    assert load(tmp_path).title == "Every kind of entry"


def test_reading_needs_no_numpy() -> None:
    code = (
        "import sys; from parley.scenario import check; check('a')\n"
        "heavy = {'numpy', 'scipy', 'numba', 'duckdb', 'rich', 'click'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
