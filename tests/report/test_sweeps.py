"""Sweeps shown: which curves share an axis, what is said of them, what hostile names do."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

import parley
from parley.report.pictures import LineChart, chart_table
from parley.report.sweeps import (
    render_sweep,
    sentences,
    sweep_chart,
    sweep_document,
    sweep_picture,
    sweep_rows,
)
from parley.report.sweeps.page import sparkline
from parley.report.sweeps.panels import groups
from parley.report.sweeps.sentences import gaps, moves
from parley.scenario import read_request
from parley.study import Sweep, sweep

FIRST = parley.load("which-event-first")


def asked(text: str, draws: int = 32) -> Sweep:
    return sweep(FIRST, read_request(FIRST, text), draws=draws)


def panels(found: Sweep) -> list[tuple[str, list[str]]]:
    return [(group.title, list(group.labels)) for group in groups(found)]


def test_a_quantity_of_several_policies_has_an_axis_of_its_own() -> None:
    found = asked("{vary: B, from: 0, to: 40, steps: 3, show: [tainted, length]}")
    policies = ["status quo", "short list", "pause"]
    assert panels(found) == [
        ("chance that a strike ends the talks", policies),
        ("months of talks", policies),
    ]


def test_chances_of_one_policy_share_an_axis_and_other_units_do_not() -> None:
    found = asked(
        "{vary: B, from: 0, to: 40, steps: 3, show: [tainted, peace, length, support], policies: pause}"
    )
    assert panels(found) == [
        ("chance", ["chance that a strike ends the talks", "chance of a settled peace"]),
        ("months of talks", [""]),
        ("support for force, given failure", [""]),
    ]


def test_what_the_author_puts_together_is_together() -> None:
    found = asked(
        "{vary: B, from: 0, to: 40, steps: 3, show: [[payoff(us), break-even], tainted], policies: [pause]}"
    )
    assert panels(found) == [
        (
            "net worth to Washington, in ordinary strikes",
            ["payoff(us)", "break-even"],  # their texts are too long to stand beside lines
        ),
        ("chance that a strike ends the talks", [""]),
    ]
    several = asked("{vary: B, from: 0, to: 40, steps: 3, show: [[payoff(us), break-even]]}")
    assert panels(several)[0][1] == ["status quo", "short list", "pause", "break-even"]


def test_numbers_alone_are_one_curve() -> None:
    found = asked("{vary: kappa, from: 0.1, to: 1, steps: 3, show: [break-even]}")
    assert [curve.policy for curve in found.curves] == [None]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0, 1, 2, 3], "rises from 0 to 3"),
        ([3, 2, 1, 0], "falls from 3 to 0"),
        ([1, 1, 1 + 1e-12, 1], "stays at 1"),
        ([0, 2, 1, 0], "rises from 0 to 2 (at 1), then falls to 0"),
        ([2, 1, 0, 2], "falls from 2 to 0 (at 2), then rises to 2"),
        ([0, 2, 1, 2], "moves between 0 and 2, from 0 to 2"),
        ([np.nan] * 4, "has no value anywhere"),
        ([np.nan, 1, 2, np.nan], "rises from 1 to 2"),
    ],
)
def test_how_a_curve_moves(values: list[float], said: str) -> None:
    assert moves(np.arange(4.0), np.array(values, dtype=float)) == said


def test_the_picture_and_its_table_are_of_one_mould() -> None:
    found = asked("{vary: B, from: 0, to: 40, steps: 5, show: payoff(us)}")
    chart = sweep_chart(found)
    assert isinstance(chart, LineChart)
    assert chart.judged is not None
    assert [chart.judged.low, chart.judged.middle] == pytest.approx([3.22, 12], abs=0.01)
    assert chart.panels[0].lines[0].values[-1] == pytest.approx(found.curves[0].mean[-1])
    assert len(chart.panels[0].lines[0].bands) == 1  # three lines: the narrow band alone
    assert "Shaded: where half of the readings lie." in chart.notes[0]
    for sentence in sentences(found):
        assert sentence in chart.description
    rows = chart_table(chart, "markdown", rows=5).splitlines()
    assert [row.split(" | ")[0] for row in rows[2:]] == ["| 0", "| 10", "| 20", "| 30", "| 40"]


def test_the_data_are_those_of_the_curves() -> None:
    found = asked("{vary: B, from: 0, to: 40, steps: 3, show: tainted, policies: [pause]}")
    document = sweep_document(found)
    rows = list(sweep_rows(found))
    assert document["curves"][0]["mean"] == found.curves[0].mean.tolist()
    assert [row[3] for row in rows[1:]] == document["curves"][0]["mean"]
    assert len(rows[0]) == len(rows[1])


GAPS = """
parley: 1
title: A chance above one, and one of nothing
players: {us: {text: We, stake: 1}}
parameters: {p: 0.5}
story:
  - nature: weather
    options: {rain: p, sun: rest}
  - {player: us, move: act, options: [wait, go]}
  - outcomes: [end]
payoffs: {us: 1 if act is go else 0}
quantities: {go: P(act is go), wet: P(act is go | weather is rain)}
"""


def test_what_has_no_value_is_said_with_its_place_and_reason() -> None:
    scenario = parley.loads(GAPS)
    found = sweep(scenario, read_request(scenario, "{vary: p, from: 0, to: 2, steps: 5}"))
    said = gaps(found)
    assert len(said) == 2  # what two curves lack for the same reason is said once
    assert said[0].startswith("Not solved with a certificate, so without a value: where p is 1 to 2 (")
    assert said[1].startswith("wet: no value where p is 0 (1 of ")
    assert said[1].endswith("as its condition cannot happen there.")


HOSTILE = """
parley: 1
title: "</title></svg><script>alert(1)</script>"
players: {us: We}
parameters: {gain: {value: 1, text: "<b>&amp;</b>", unit: "]]>"}}
story: [{player: us, move: act, options: [attack, wait]}, {outcomes: [end]}]
payoffs: {us: gain if act is attack else 0}
quantities: {"q\\u001b[31m": {quantity: P(act is attack), text: "\\u202e\\u001b]0;owned\\u0007"}}
sweep: {vary: gain, from: 0, to: 2, steps: 3, text: "<image href='https://example.org/x'/>"}
"""


def test_hostile_words_stay_words() -> None:
    found = sweep(parley.loads(HOSTILE))
    root = ET.fromstring(sweep_picture(found))
    assert not [each for each in root.iter() if "script" in each.tag or "image" in each.tag]
    page = render_sweep(found)
    assert "\x1b" not in page
    assert "\x07" not in page
    assert "<script" not in chart_table(sweep_chart(found), "html")


def test_a_page_has_a_dozen_rows_and_fits() -> None:
    found = asked("{vary: B, from: 0, to: 40}")
    for width in (60, 80, 120):
        lines = render_sweep(found, width).splitlines()
        assert max(map(len, lines)) <= width
        assert not any(line != line.rstrip() for line in lines)


def test_a_curve_in_signs() -> None:
    assert sparkline(np.linspace(0, 1, 8), 0.0, 1.0) == "▁▂▃▄▅▆▇█"
    assert sparkline(np.array([2.0, np.nan]), 2.0, 2.0) == "▅ "
