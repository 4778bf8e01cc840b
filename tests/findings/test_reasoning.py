"""Other ways of reasoning: verdicts that flip where closed forms say so, and such that depend on nothing."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import parley
from parley.findings import Dependence, Findings, Way, assess
from parley.findings.reasoning import PRECISIONS, reasoning
from parley.report import render
from parley.scenario import loads
from parley.study import Evaluator
from parley.study.results import Results

# They agree with odds exp(precision) to 1; going pays from odds of 3 to 1 on: from precision ln 3 = 1.0986.
REPLY = """
parley: 1
title: Whether the other side says yes
players: {{us: We, them: {{text: They{own}}}}}
parameters:
  care: {care}
  idle: {{range: [0, 1]}}
precision: care
story:
  - {{player: us, move: act, options: [stay, go]}}
  - outcomes: {{stayed: act is stay}}
  - {{player: them, move: answer, options: [agree, refuse]}}
  - outcomes: {{agreed: answer is agree, refused: otherwise}}
payoffs:
  us: {{stayed: 0 * idle, agreed: 1, refused: -3}}
  them: {{stayed: 0, agreed: 1, refused: 0}}
compare:
  player: us
  policies: {{stay: {{act: stay}}, go: {{act: go}}}}
  recommend: go
  by: [payoff(us)]
claims:
  agree: {{text: They agree, derives: "P(agreed | go) > 0.9"}}
"""

# A rival enters unless it fears a fight; who thinks one step ahead takes the firm to toss a coin.
ENTRY = """
parley: 1
title: A market
players: {us: {text: The ministry, stake: 1}, rival: A rival, firm: A firm}
precision: 40
parameters: {prize: {range: [1, 2]}}
story:
  - {player: us, move: market, options: [shut, open]}
  - outcomes: {shut off: market is shut}
  - {player: rival, move: entry, options: [enter, stay out]}
  - outcomes: {alone: entry is stay out}
  - {player: firm, move: reply, options: [fight, share]}
  - outcomes: {war: reply is fight, shared: otherwise}
payoffs:
  us: {shut off: 0, alone: -1, shared: prize, war: -2}
  rival: {shut off: 0, alone: 0, shared: 1, war: -3}
  firm: {shut off: 2, alone: 2, shared: 1, war: -1}
compare:
  player: us
  policies: {shut: {market: shut}, open: {market: open}}
  recommend: open
  by: [payoff(us)]
"""

ALONE = """
parley: 1
title: One who decides twice
players: {us: We}
parameters: {care: {range: [1, 8]}, worth: {range: [-1, 2]}}
precision: care
story:
  - {player: us, move: first, options: [stay, go]}
  - nature: weather
    options: {fair: 40%, foul: rest}
  - {player: us, move: then, options: [work, rest]}
  - outcomes: {done: first is go and then is work, idle: otherwise}
payoffs: {us: {done: worth if weather is fair else -worth, idle: 0.1}}
compare:
  player: us
  policies: {stay: {first: stay}, go: {first: go}}
  recommend: go
  by: [payoff(us)]
"""


def asked(
    text: str, draws: int = 1024, starts: int = 0, searched: int = 64
) -> tuple[Results, Dependence, Findings]:
    scenario = loads(text)
    results = parley.run(scenario, draws=draws, seed=7, starts=starts, searched=searched)
    findings = assess(results, Evaluator(scenario, results.policies, seed=7))
    assert findings.reasoning is not None
    return results, findings.reasoning, findings


def one(found: Dependence, **wanted: object) -> Way:
    (way,) = (each for each in found.ways if all(getattr(each, k) == v for k, v in wanted.items()))
    return way


def test_precision_flips_the_verdict_at_the_known_value() -> None:
    _, found, _ = asked(REPLY.format(own="", care="{range: [1.5, 3]}"))
    assert found.choosers == ("us", "them")
    for precision in PRECISIONS:
        way = one(found, kind="precision", precision=precision)
        share = way.answers[0].share.share
        assert share == (1.0 if precision > math.log(3) else 0.0)
        assert way.word == ("robust" if precision > math.log(3) else "fails")
        assert way.judged == "robust"
        named = [each.name for each in way.claims or ()]
        # as judged, ln 9 = 2.197 is reached in 535 of 1,000 readings, so the claim is open
        assert named == ["agree"]
        (claim,) = way.claims or ()
        assert claim.share.word == ("robust" if precision > math.log(9) else "fails")
        assert claim.judged.word == "open"
    assert found.survives is False


def test_bands_of_the_judged_precision_show_the_same() -> None:
    results, found, _ = asked(REPLY.format(own="", care="{range: [0.5, 3]}"), draws=2048)
    bands = [way for way in found.ways if way.kind == "band"]
    assert len(bands) == 5
    assert sum(way.readings for way in bands) == 2048
    lows, highs = [way.low or 0.0 for way in bands], [way.high or 0.0 for way in bands]
    assert lows == sorted(lows)
    assert all(high < low for high, low in zip(highs, lows[1:], strict=False))
    for way in bands:
        assert way.low is not None
        assert way.high is not None
        inside = (results.precision["them"] >= way.low) & (results.precision["them"] <= way.high)
        expected = np.mean(results.precision["them"][inside] > math.log(3))
        assert way.answers[0].share.share == pytest.approx(expected)
    assert [way.word for way in bands] == ["fails", "leans", "robust", "robust", "robust"]
    assert {way.judged for way in bands} == {"leans"}


def test_a_precision_of_ones_own_is_moved_alone_too() -> None:
    _, found, _ = asked(REPLY.format(own=", precision: 2", care="{range: [1.5, 3]}"))
    alone = {way.precision: way.word for way in found.ways if way.players == ("them",)}
    assert alone == {1.0: "fails", 4.0: "robust", 16.0: "robust"}
    assert one(found, players=("us", "them"), precision=1.0).word == "fails"
    assert [way.players for way in found.ways if way.kind == "band"] == [("us",)] * 5
    _, other, _ = asked(REPLY.format(own="", care="{range: [1.5, 3]}"))
    assert {way.players for way in other.ways if way.kind == "precision"} == {("us", "them")}


def test_who_thinks_one_step_ahead_comes_to_another_verdict() -> None:
    _, found, _ = asked(ENTRY)
    assert found.ways[0].word == "robust"
    words = {(way.level, way.noisy): way.word for way in found.ways if way.kind == "level"}
    assert words[1, False] == "fails"  # the rival fears a coin: 0.5 - 1.5 < 0, stays out
    assert words[2, False] == words[3, False] == "robust"
    assert words[1, True] == "fails"
    assert words[2, True] == "robust"
    level = one(found, level=1, noisy=False)
    assert level.largest_residual == 0.0
    assert level.unsolved == 0
    assert found.survives is False


def test_steps_ahead_change_nothing_for_one_who_decides_alone() -> None:
    results, found, _ = asked(ALONE)
    judged = found.ways[0].answers[0].share
    for level in (1, 2, 3):
        assert one(found, level=level, noisy=True).answers[0].share == judged
    first = results.criteria[0, "go"][: found.readings] > results.criteria[0, "stay"][: found.readings]
    assert judged.share == pytest.approx(first.mean())


def test_nothing_depends_on_reasoning_where_nobody_chooses() -> None:
    scenario = parley.load("which-event-first")
    found = reasoning(parley.run(scenario, draws=64, seed=7), Evaluator(scenario, seed=7))
    assert found is not None
    assert found.choosers == ()
    assert [way.kind for way in found.ways] == ["judged"]
    assert found.survives


def test_other_equilibria_stand_in_the_same_table() -> None:
    text = """
parley: 1
title: Which side of the road
players: {us: {text: We, stake: 1}, left: {text: One, stake: 1}, right: {text: Another, stake: 1}}
precision: 12
parameters: {tilt: {range: [0.1, 0.2]}}
story:
  - {player: us, move: act, options: [stay, go]}
  - outcomes: {stayed: act is stay}
  - simultaneous:
      - {player: left, move: x, options: [a, b]}
      - {player: right, move: y, options: [a, b]}
  - outcomes: {both a: x is a and y is a, both b: x is b and y is b, crash: otherwise}
payoffs:
  us: {stayed: 0, both a: 1, both b: -1, crash: -1}
  left: {stayed: 0, both a: 1 + tilt, both b: 1, crash: 0}
  right: {stayed: 0, both a: 1 + tilt, both b: 1, crash: 0}
compare:
  player: us
  policies: {stay: {act: stay}, go: {act: go}}
  recommend: go
  by: [payoff(us)]
"""
    _, found, findings = asked(text, draws=256, starts=16)
    assert findings.multiplicity is not None
    assert findings.multiplicity.several
    worst, best = one(found, kind="worst"), one(found, kind="best")
    assert (found.ways[0].word, worst.judged, worst.word, best.word) == (
        "robust",
        "robust",
        "fails",
        "robust",
    )
    assert worst.answers[0].share == findings.multiplicity.criteria[0].against_baseline.worst  # type: ignore[union-attr]
    assert worst.claims is None
    assert worst.readings == 64
    assert found.survives is False


def test_what_was_found_is_written_and_read_back() -> None:
    _, found, findings = asked(REPLY.format(own="", care="{range: [1.5, 3]}"), draws=64)
    again = Findings.from_json(findings.to_json())
    assert again.reasoning == found
    old = findings.to_json().replace('"reasoning"', '"unheard of"')
    assert Findings.from_json(replace(findings, reasoning=None).to_json()).reasoning is None
    with pytest.raises(parley.ParleyError, match="unknown"):
        Findings.from_json(old)


def test_a_run_with_gaps_asks_only_what_it_holds() -> None:
    scenario = loads(REPLY.format(own="", care="{range: [1.5, 3]}"))
    whole = parley.run(scenario, draws=128, seed=7)
    probe = Evaluator(scenario, seed=7)
    kept = np.r_[0:40, 80:128]
    gaps = replace(
        whole,
        draw=whole.draw[kept],
        criteria={key: values[kept] for key, values in whole.criteria.items()},
        claims={key: values[kept] for key, values in whole.claims.items()},
        precision={key: values[kept] for key, values in whole.precision.items()},
        proofs={
            name: replace(proof, status=proof.status[kept], residual=proof.residual[kept])
            for name, proof in whole.proofs.items()
        },
    )
    found = reasoning(gaps, probe)
    assert found is not None
    assert found.readings == 32
    late = replace(gaps, draw=gaps.draw + 5)
    assert reasoning(late, probe) is None


def test_the_page_says_it_in_a_table() -> None:
    _, _, findings = asked(REPLY.format(own="", care="{range: [1.5, 3]}"))
    page = render(findings, 100, show=["reasoning"])
    section = page[page.index("\nREASONING") : page.index("\nPROOF")]
    lines = [" ".join(line.split()) for line in section.splitlines()]
    assert "as judged robust 100" in lines
    assert "precision 0.5 to 1 fails 0 agree fails" in lines
    assert "precision 2 robust 100 agree fails" in lines
    assert "precision 4 to 32 robust 100 agree robust" in lines
    assert len(section.splitlines()) <= 20
    brief = render(findings, 100)
    assert "The verdict depends on how people reason: in 2 of 18 other ways" in " ".join(brief.split())
    assert "precision 2 robust 100" not in " ".join(brief.split())
    for width in (60, 80):
        assert max(map(len, render(findings, width, show=["reasoning"]).splitlines())) <= width
