"""Scenarios with a planted truth: who goes gains what an expression says, who stays gains nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import parley
from parley.findings import CriterionFlips, Flip, Flips
from parley.findings.flips import flips
from parley.findings.ledger import assumptions, claims
from parley.scenario.model import Scenario
from parley.study.evaluator import Evaluator

PLANTED = """---
parley: 1
title: A planted truth
question: Shall we go?
---
Going gains something and costs something.

```parley
players: {us: We, them: They}
parameters:
  PARAMETERS
MORE
story:
  - {player: us, move: act, options: [stay, go]}
  - {player: them, move: reply, when: act is go, options: [yes, no]}
  - outcomes: {stayed: act is stay, gone: reply is yes, lost: otherwise}
payoffs:
  us: {stayed: 0, gone: "GONE", lost: "LOST"}
  them: {stayed: 0, gone: THEIRS, lost: 0}
compare:
  player: us
  policies: {stay: {act: stay}, go: {act: go}}
  recommend: go
  by: [BY]
```
"""

Plant = Callable[..., Scenario]


@pytest.fixture(name="plant")
def planted(tmp_path: Path) -> Plant:
    """Return a function that writes and loads a scenario with the given parameters and payoffs."""

    def write(
        *parameters: str,
        gone: str,
        lost: str | None = None,
        theirs: str = "0",
        by: str = "payoff(us)",
        more: str = "",
    ) -> Scenario:
        text = PLANTED.replace("PARAMETERS", "\n  ".join(parameters)).replace("GONE", gone)
        text = text.replace("LOST", lost or gone).replace("THEIRS", theirs).replace("[BY]", f"[{by}]")
        path = tmp_path / "planted.md"
        path.write_text(text.replace("MORE\n", more), encoding="utf-8")
        return parley.load(path)

    return write


def found(scenario: Scenario, draws: int = 256, readings: int | None = None, seed: int = 7) -> Flips:
    results = parley.run(scenario, draws=draws, seed=seed)
    probe = Evaluator(scenario, seed=seed)
    said = flips(results, probe, claims(results, assumptions(results)), readings=readings)
    assert said is not None
    return said


def first(scenario: Scenario, draws: int = 256) -> CriterionFlips:
    return found(scenario, draws).criteria[0]


def flip_of(criterion: CriterionFlips, name: str) -> Flip:
    return next(each for each in criterion.flips if each.name == name)


def drawn(scenario: Scenario, name: str, draws: int = 256) -> np.ndarray:
    return np.asarray(parley.run(scenario, draws=draws, seed=7).parameters[name])
