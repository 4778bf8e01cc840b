"""Scenarios are found by name or path, and a wrong name says what may be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

import parley
from parley import catalog
from parley.errors import ParleyError, ScenarioError


def test_shipped_scenarios_are_found_by_any_spelling_of_their_name() -> None:
    assert {"taliban-talks", "which-event-first"} <= set(catalog.names())
    assert list(catalog.names()) == sorted(catalog.names())
    for spelling in ("which-event-first", "which_event_first", "Which event first"):
        assert catalog.locate(spelling).parent.name == "which-event-first"


@pytest.mark.parametrize("name", catalog.names())
def test_every_shipped_scenario_loads(name: str) -> None:
    scenario = parley.load(name)
    assert scenario.title
    assert Path(scenario.path) == catalog.locate(name)


def test_a_wrong_name_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(ParleyError, match="did you mean 'taliban-talks'"):
        catalog.load("taliban-talk")
    with pytest.raises(ParleyError, match=r"no scenario named 'nothing-like-it'(.|\n)*parley catalog search"):
        catalog.locate("nothing-like-it")


def test_a_wrong_path_is_answered_with_the_nearest_file(tmp_path: Path) -> None:
    (tmp_path / "argument.md").write_text("x", encoding="utf-8")
    with pytest.raises(ParleyError, match=r"no file .*arguments\.md'; did you mean .*argument\.md"):
        catalog.load(str(tmp_path / "arguments.md"))
    with pytest.raises(ParleyError, match="there is no folder"):
        catalog.load(str(tmp_path / "nowhere" / "argument.md"))


def test_a_folder_means_the_argument_in_it(tmp_path: Path) -> None:
    with pytest.raises(ParleyError, match=r"holds no argument\.md"):
        catalog.load(str(tmp_path))
    (tmp_path / "argument.md").write_bytes(catalog.template().read_bytes())
    assert catalog.load(tmp_path).title == catalog.load(catalog.template()).title


def test_a_name_is_a_name_first_and_a_path_with_a_slash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "which-event-first").mkdir()
    (tmp_path / "which-event-first" / "argument.md").write_bytes(catalog.template().read_bytes())
    monkeypatch.chdir(tmp_path)
    assert Path(catalog.load("which-event-first").path) == catalog.locate("which-event-first")
    assert catalog.load("./which-event-first").title == catalog.load(catalog.template()).title


def test_overrides_reach_the_scenario() -> None:
    template = catalog.load(catalog.template(), {"p_binds": "5%"})
    assert "p_binds" in template.overrides
    assert template.digest != catalog.load(catalog.template()).digest
    with pytest.raises(ScenarioError):
        catalog.load(catalog.template(), {"no such thing": "1"})


def test_there_is_one_template_and_a_wrong_name_says_so() -> None:
    assert catalog.template().is_file()
    with pytest.raises(ParleyError, match="there is: starter"):
        catalog.template("stater")


def test_the_template_is_short_and_has_what_a_first_argument_needs() -> None:
    text = catalog.template().read_text(encoding="utf-8")
    assert 40 <= len(text.splitlines()) <= 60
    scenario = catalog.load(catalog.template())
    assert len(scenario.players) == 2
    assert any(parameter.judgement.word for parameter in scenario.parameters.values())
    assert any(payoff.ranking for payoff in scenario.payoffs.values())
