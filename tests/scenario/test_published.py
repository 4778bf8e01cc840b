"""Published numbers: for which values they were published, and under which solution concept."""

from __future__ import annotations

import pytest

from parley.errors import ScenarioError
from parley.scenario import Scenario, loads

TEXT = """\
parley: 1
title: A threat
players: {us: We}
parameters: {cost of war: {range: [0, 1]}}
switches: {bluff: {options: [loud, soft], default: soft}}
story:
  - {player: us, move: act, options: [attack, wait]}
  - outcomes: {war: act is attack, peace: otherwise}
payoffs: {us: {war: (1 if bluff is loud else 0) - cost of war, peace: 0}}
expected:
  - {quantity: P(war), value: 0.3, tolerance: 1}
"""


def published(entry: str) -> Scenario:
    return loads(f"{TEXT}  - {{quantity: P(war), value: 1, tolerance: 1e-9, {entry}}}\n")


def test_a_plain_entry_is_a_number_of_every_run() -> None:
    (plain,) = loads(TEXT).expected
    assert (dict(plain.set), plain.concept, plain.text, plain.apart) == ({}, "quantal", None, False)


def test_an_entry_says_for_which_numbers_and_options() -> None:
    found = published('set: {cost_of_war: 35%, bluff: loud}, text: "when war is cheap"').expected[1]
    assert dict(found.set) == {"cost of war": 0.35, "bluff": "loud"}
    assert (found.concept, found.text, found.apart) == ("quantal", "when war is cheap", True)


def test_an_entry_says_for_which_concept() -> None:
    assert published("concept: limit").expected[1].apart
    assert not published("concept: quantal").expected[1].apart


@pytest.mark.parametrize(
    ("entry", "code", "said"),
    [
        ("set: {cost of wra: 1}", "P231", "did you mean `cost of war`?"),
        ("set: {act: attack}", "P231", "parameter or switch"),
        ("set: {cost of war: dear}", "P214", "must be a number"),
        ("set: {bluff: looud}", "P234", "did you mean `loud`?"),
        ("set: [bluff]", "P210", "must be a map"),
        ("concept: limt", "P217", "did you mean `limit`?"),
        ("set: {bluff: loud, bluff: soft}", "P148", "given twice"),
    ],
)
def test_what_cannot_be_set_is_refused(entry: str, code: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        published(entry)
    fault = caught.value
    assert f" {code}: " in str(fault)
    assert said in str(fault)
