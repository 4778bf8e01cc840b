"""What was counted, in words: the counts, the rows, the prior, and where the number then lies."""

from __future__ import annotations

import pytest
from scipy import stats

import parley
from parley.findings.judgements import in_words

TEXT = """
parley: 1
title: A threat
players: {us: We}
parameters: {c: FORM}
story: [{player: us, move: act, options: [attack, wait]}, {outcomes: [end]}]
payoffs: {us: -c if act is attack else 0}
compare: {player: us, policies: {wait: {act: wait}, attack: {act: attack}}, recommend: attack}
"""
TABLE = "won,n,days,over\nyes,1,10,yes\nno,0,20,no\n,2,30,yes\n"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("{rate: 1 in 1 months}", "1 event in 1 month, Jeffreys' prior: in 9 of 10 readings 0.176 to 3.91"),
        ("{rate: 12 in 6 centuries}", "12 events in 6 centuries, Jeffreys' prior: in 9 of 10 readings 1.22"),
        (
            "{proportion: {successes: 2, trials: 12, prior: {beta: [1, 4]}, discount: 50%}}",
            "2 of 12, at 50% of their weight, prior beta 1, 4: in 9 of 10 readings 3.68% to 39.4%",
        ),
        (
            "{proportion: {data: t.csv, successes: won is yes, missing: exclude}}",
            "1 of 2 (2 of 3 rows of t.csv; 1 left out for a missing value), Jeffreys' prior: ",
        ),
        (
            "{rate: {data: t.csv, duration: days, ended: over is yes, prior: uniform, "
            "discount: 1 if n > 0 else 0.5}}",
            "2 events in 60 (3 of 3 rows of t.csv; 1 not ended yet), rows weighted, 83.3% in all, uniform ",
        ),
        ("{rate: 12 in 6, truncate: [1, ~]}", "in 9 of 10 readings 1.26 to 3.14, kept at or above 1"),
    ],
)  # fmt: skip
def test_a_count_in_words(form: str, said: str) -> None:
    scenario = parley.loads(TEXT.replace("FORM", form), data={"t.csv": TABLE})
    words = in_words(scenario.parameters["c"].judgement)
    assert said in words
    found = parley.assess(parley.run(scenario, draws=16, seed=1))
    assert next(each for each in found.assumptions if each.name == "c").judgement == words


def test_the_range_is_that_of_the_posterior() -> None:
    low, high = stats.gamma(12.5, scale=1 / 6).ppf([0.05, 0.95])
    assert f"{low:.2f} to {high:.2f}" == "1.22 to 3.14"
    low, high = stats.beta(1 + 1, 4 + 5).ppf([0.05, 0.95])
    assert f"{100 * low:.2f}% to {100 * high:.1f}%" == "3.68% to 39.4%"
