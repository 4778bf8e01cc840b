"""Three arguments of today's kind: short, readable, and each with another fate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import parley
from parley import catalog
from parley.findings.model import Findings
from parley.scenario import challenge
from parley.scenario.reader import check
from parley.study.sweeping import sweep
from tests.docs.blocks import ROOT, read_blocks
from tests.docs.test_blocks import check_scenario

TODAY = ("fishing-quota", "prisoner-exchange", "price-war")
GUIDES = {
    "fishing-quota": "shared-resource",
    "prisoner-exchange": "staged-exchange",
    "price-war": "price-war",
}
# The recommendation against the baseline, and as the best of all.
VERDICTS = {
    "fishing-quota": ("leans", "fails"),
    "prisoner-exchange": ("open", "open"),
    "price-war": ("fails", "fails"),
}
CLAIMS = {
    "fishing-quota": {"collapse": "robust", "follow": "robust", "little": "leans", "gift": "open"},
    "prisoner-exchange": {"incomplete": "fails"},
    "price-war": {"works": "fails", "announce": "robust"},
}
GRANTED = {
    ("fishing-quota", "coin toss"): "leans",
    ("fishing-quota", "nothing else"): "robust",
    ("prisoner-exchange", "quiet front"): "robust",
    ("prisoner-exchange", "open camps"): "fails",
    ("prisoner-exchange", "closed camps"): "leans",
    ("price-war", "nobody follows"): "leans",
    ("price-war", "rich"): "fails",
}
# A pattern for each part of the language, and the scenarios that show it. A new one belongs here.
FEATURES: Mapping[str, tuple[str, frozenset[str]]] = {
    "range": (r"range: \[", frozenset(TODAY)),
    "range in orders of magnitude": (r"scale: log", frozenset({"price-war"})),
    "word of probability": (r"likelihood: ", frozenset(TODAY)),
    "counted proportion": (r"proportion: \d+ of", frozenset({"fishing-quota", "prisoner-exchange"})),
    "distribution": (r"lognormal: ", frozenset({"price-war"})),
    "doubts that go together": (r"^together: ", frozenset({"price-war"})),
    "precision as a judgement": (r"precision: [a-z]", frozenset({"price-war"})),
    "rank of endings": (r"rank: \[[a-z\[]", frozenset({"fishing-quota", "prisoner-exchange"})),
    "hidden type": (r"nature: .*seen by: \[\w+\]", frozenset(TODAY)),
    "hidden move": (r"player: .*seen by: nobody", frozenset({"fishing-quota", "prisoner-exchange"})),
    "simultaneous moves": (r"simultaneous: ", frozenset(TODAY)),
    "signal with an error": (r"signal: .*error: ", frozenset({"fishing-quota", "price-war"})),
    "signal with chances": (r"signal: .*chances: ", frozenset({"prisoner-exchange"})),
    "reveal": (r"reveal: ", frozenset({"prisoner-exchange"})),
    "rounds": (r"repeat: \d", frozenset({"fishing-quota", "price-war"})),
    "state that changes by chance": (r"set: \{stock: \{", frozenset({"fishing-quota"})),
    "option with a condition": (r"options: \{stay: ", frozenset({"price-war"})),
    "group of steps": (r"^  - when: ", frozenset({"prisoner-exchange"})),
    "reward on the way": (r"reward: ", frozenset({"fishing-quota", "price-war"})),
    "switch": (r"default: on", frozenset({"fishing-quota"})),
    "switch with chances": (r"on: 50%", frozenset({"prisoner-exchange"})),
    "definition": (r"^define:", frozenset({"price-war"})),
    "policy with rules": (r"\[\{move: ", frozenset(TODAY)),
    "policy without commitment": (r": free$", frozenset({"fishing-quota"})),
    "policy that is not announced": (r"intended: true", frozenset({"price-war"})),
    "evidence with a source": (r"^evidence:", frozenset({"fishing-quota"})),
    "challenge": (r"^challenges:", frozenset(TODAY)),
    "sweep": (r"^sweep: ", frozenset(TODAY)),
}


def text_of(name: str) -> str:
    return catalog.locate(name).read_text(encoding="utf-8")


def parts_of(text: str) -> tuple[str, Any]:
    """Return front matter with prose, and the model as data."""
    before, _, rest = text.partition("```parley\n")
    return before.strip(), YAML(typ="safe", pure=True).load(rest.partition("```\n")[0])


@cache
def findings(name: str, seed: int, granted: str | None = None) -> Findings:
    scenario = parley.load(name)
    return parley.assess(
        parley.run(challenge(scenario, granted) if granted else scenario, draws=512, seed=seed)
    )


# --- the files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TODAY)
def test_a_scenario_stays_below_eighty_lines(name: str) -> None:
    assert len(text_of(name).splitlines()) < 80


@pytest.mark.parametrize("name", TODAY)
def test_the_argument_is_prose_that_can_be_read_in_a_minute(name: str) -> None:
    article = re.sub(r"\]\{#[^}]*\}", "]", parley.load(name).article)
    assert 100 <= len(re.findall(r"[A-Za-z0-9’'-]+", article)) <= 200


@pytest.mark.parametrize("name", TODAY)
def test_nothing_is_left_to_remark_on(name: str) -> None:
    assert check(text_of(name), name) == ()


@pytest.mark.parametrize("name", TODAY)
def test_every_number_is_a_judgement_with_a_grade_or_certain(name: str) -> None:
    for parameter in parley.load(name).parameters.values():
        assert parameter.text, parameter.name
        assert parameter.confidence in {"A", "B", "C"} or parameter.name in {"fare", "span"}


@pytest.mark.parametrize("feature", FEATURES)
def test_together_the_three_show_the_range_of_the_language(feature: str) -> None:
    pattern, shown_by = FEATURES[feature]
    assert {name for name in TODAY if re.search(pattern, text_of(name), re.MULTILINE)} == shown_by


@pytest.mark.parametrize("name", TODAY)
def test_the_guide_ends_with_the_scenario_that_ships(name: str, tmp_path: Path) -> None:
    """A reader who follows the page types exactly this model, in this order of its parameters."""
    made = None
    for block in read_blocks(ROOT / "docs" / "how-to" / f"{GUIDES[name]}.md"):
        if block.language in {"markdown", "yaml"}:
            check_scenario(block, tmp_path)
            made = made or block.mark("save as")
    assert made is not None
    prose, model = parts_of((tmp_path / made).read_text(encoding="utf-8"))
    shipped_prose, shipped = parts_of(text_of(name))
    assert prose == shipped_prose
    assert model == shipped
    assert list(model["parameters"]) == list(shipped["parameters"])


# --- what they say --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("name", TODAY)
def test_the_verdict_does_not_hang_on_the_seed(name: str, seed: int) -> None:
    found = findings(name, seed)
    assert found.verdict is not None
    assert (found.verdict.word, found.verdict.best_word) == VERDICTS[name]
    assert found.certification.sufficient
    words = {claim.name: claim.holds.word for claim in found.claims if claim.holds is not None}
    assert words.items() >= CLAIMS[name].items()


@pytest.mark.parametrize(("name", "granted"), GRANTED)
def test_what_an_objection_does_to_the_verdict(name: str, granted: str) -> None:
    found = findings(name, 7, granted)
    assert found.verdict is not None
    assert found.verdict.word == GRANTED[name, granted]


def test_every_objection_is_tried() -> None:
    assert {(name, objection) for name in TODAY for objection in parley.load(name).challenges} == set(GRANTED)


def test_reports_that_tell_nothing_deter_nobody() -> None:
    """Without inspectors the other side's reaction to an answer cannot be told from none."""
    assert holds("fishing-quota", "follow") > 0.85
    assert 0.3 < holds("fishing-quota", "follow", "coin toss") < 0.6


def test_a_list_that_nobody_checks_is_short_more_often() -> None:
    assert holds("prisoner-exchange", "incomplete", "open camps") == 0
    assert holds("prisoner-exchange", "incomplete", "closed camps") > 0.35


@pytest.mark.parametrize(
    ("name", "overtaken", "overtakes", "low", "high"),
    [
        ("fishing-quota", "fish on", "repay", 2, 4),
        ("fishing-quota", "repay", "hold back", 2.5, 5),
        ("prisoner-exchange", "in stages", "all at once", 0.12, 0.22),
        ("price-war", "fight", "hold", 0.15, 0.35),
    ],
)
def test_the_picture_shows_one_crossing(
    name: str, overtaken: str, overtakes: str, low: float, high: float
) -> None:
    found = sweep(parley.load(name), draws=64)
    assert found.unsolved == 0
    (crossing,) = (
        item
        for item in found.crossings
        if (found.curves[item.lower].policy, found.curves[item.upper].policy) == (overtaken, overtakes)
    )
    assert low < crossing.at < high


def holds(name: str, claim: str, granted: str | None = None) -> float:
    share = next(found.holds for found in findings(name, 7, granted).claims if found.name == claim)
    assert share is not None
    assert share.share is not None
    return share.share
