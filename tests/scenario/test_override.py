"""Settings and challenges go through what the file's own values go through."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.errors import ScenarioError
from parley.scenario import Scenario, challenge, load, override, read
from parley.scenario.model import Draw, Judgement, Span
from parley.scenario.settings import written

WHOLE = load(Path(__file__).with_name("whole.md"))


def codes(settings: dict[str, str]) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        override(WHOLE, settings)
    return [item.code for item in caught.value.diagnostics]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "shape", "numbers"),
    [
        ("0.3", "fixed", (0.3,)),
        ("35%", "fixed", (0.35,)),
        ("range 1 2", "uniform", (1.0, 2.0)),
        ("range 1 2 4", "triangular", (1.0, 2.0, 4.0)),
        ("{range: [1, 20], scale: log}", "loguniform", (1.0, 20.0)),
        ("likelihood very unlikely", "likelihood", (0.05, 0.2)),
        ("beta 2 5", "beta", (2.0, 5.0)),
        ("one of 1 3", "choice", (1.0, 3.0, 0.5, 0.5)),
    ],
)
def test_a_parameter_is_set_to_a_judgement(text: str, shape: str, numbers: tuple[float, ...]) -> None:
    judgement = override(WHOLE, {"p": text}).parameters["p"].judgement
    assert (judgement.shape, judgement.numbers) == (shape, numbers)


def test_a_switch_is_set_to_an_option() -> None:
    changed = override(WHOLE, {"agency binds": "off", "doubt": "yes"})
    assert changed.switches["agency_binds"].default == "off"
    assert changed.switches["doubt"].weights is None
    assert changed.overrides["agency_binds"].option == "off"


def test_a_parameter_is_set_to_an_expression() -> None:
    changed = override(WHOLE, {"B": "2 * a"})
    assert changed.parameters["B"] == WHOLE.parameters["B"]
    expression = changed.overrides["B"].expression
    assert expression is not None
    assert expression.source == "2 * a"


def test_the_digest_follows_the_settings_and_nothing_else() -> None:
    changed = override(WHOLE, {"p": "0.3"})
    assert changed.digest != WHOLE.digest
    assert changed.digest == override(WHOLE, {"p": "30%"}).digest
    assert changed.digest != override(WHOLE, {"p": "0.31"}).digest


def test_settings_add_up_and_the_last_counts() -> None:
    twice = override(override(WHOLE, {"p": "0.3", "agency_binds": "off"}), {"p": "0.4"})
    assert twice.parameters["p"].judgement.numbers == (0.4,)
    assert twice.switches["agency_binds"].default == "off"


def test_settings_are_read_again_from_their_texts() -> None:
    changed = challenge(override(WHOLE, {"sigma": "{normal: [1, 2], truncate: [0, ~]}"}), "K4")
    again, _ = read(changed.text, changed.path, changed.override_texts)
    assert again is not None
    assert again.digest == changed.digest
    assert again.override_texts == changed.override_texts
    assert again.parameters["p"].judgement.numbers == changed.parameters["p"].judgement.numbers


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"q": "0.3"}, ["P705"]),
        ({"gain": "0.3"}, ["P705"]),
        ({"agency_binds": "maybe"}, ["P233"]),
        ({"p": "range 2 1"}, ["P408"]),
        ({"p": "0,3"}, ["P415"]),
        ({"p": "2 * unheard"}, ["P301"]),
        ({"p": "2 * score"}, ["P323"]),
        ({"p": "{range: [1, 2"}, ["P158"]),
        ({"p": "2 * p"}, ["P707"]),
        ({"p": "B + 1", "B": "2 * p"}, ["P707"]),
        ({"p": ""}, ["P211"]),
        ({"q": "1", "agency_binds": "maybe"}, ["P705", "P233"]),
    ],
)
def test_a_wrong_setting_is_refused_with_all_the_others(settings: dict[str, str], found: list[str]) -> None:
    assert codes(settings) == found


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("likely", "for a word of probability write `{likelihood: likely}`"),
        ("15% to 60%", "write a range as `{range: [15%, 60%]}`"),
        ("range: [0, 1]", "write `p={range: [0, 1]}`"),
    ],
)
def test_a_setting_in_words_is_told_its_form(text: str, hint: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        override(WHOLE, {"p": text})
    assert [item.hint for item in caught.value.diagnostics] == [hint]  # type: ignore[attr-defined]


def test_a_fault_in_a_setting_shows_the_setting() -> None:
    with pytest.raises(ScenarioError, match="did you mean `sigma`"):
        override(WHOLE, {"sigmaa": "1"})
    with pytest.raises(
        ScenarioError, match=r"--set p:1:9: error P301.*\n  1 \| p = 2 \* sigmma\n    \|         \^{6}"
    ):
        override(WHOLE, {"p": "2 * sigmma"})


def test_a_challenge_is_the_scenario_with_its_settings() -> None:
    changed = challenge(WHOLE, "K4")
    assert changed.switches["agency_binds"].default == "off"
    assert changed.parameters["p"].judgement.shape == "uniform"
    assert set(changed.overrides) == {"agency_binds", "B", "p"}
    by_hand = override(WHOLE, {"agency_binds": "off", "B": "a * 2", "p": "range 0 0.1"})
    assert changed.digest == by_hand.digest


def test_an_unknown_challenge_is_refused() -> None:
    with pytest.raises(ScenarioError, match="P706"):
        challenge(WHOLE, "K5")


HERE = Span("x.md", 1, 1)
NUMBERS = st.floats(0.001, 15)


@given(
    st.sampled_from(["uniform", "loguniform", "triangular", "logtriangular", "pert", "normal", "lognormal"]),
    st.lists(NUMBERS, min_size=3, max_size=3, unique=True),
)
def test_what_is_written_reads_back(shape: str, numbers: list[float]) -> None:
    count = 3 if shape in ("triangular", "logtriangular", "pert") else 2
    judgement = Judgement(shape, tuple(sorted(numbers)[:count]), None, None, None, HERE)
    text = written(Draw(judgement, None, None, HERE))
    read_back = override(WHOLE, {"p": text}).parameters["p"].judgement
    assert (read_back.shape, read_back.numbers) == (judgement.shape, judgement.numbers)


def _same(first: Scenario, second: Scenario) -> bool:
    return first == second


def test_no_setting_changes_nothing() -> None:
    assert _same(override(WHOLE, {}), WHOLE)
