"""An assumption in stages: where its strips stand, what they say, and that they can be read."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import parley
from parley.findings import Findings
from parley.findings.history_model import AssumptionShift, Quantiles
from parley.report.figures.priors import figures, of_assumption
from parley.report.pictures.prior import Prior, Strip, prior
from parley.scenario.estimates import JEFFREYS, STATED, Estimate
from parley.scenario.model import Judgement, Scenario
from tests.report.pictures.boxes import HOSTILE, SVG, assert_clear
from tests.report.pictures.charts import GOLDEN, judged


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_the_picture_is_known_byte_for_byte(theme: str) -> None:
    golden = (GOLDEN / f"judged-{theme}.svg").read_text(encoding="utf-8")
    assert prior(judged(), theme) == golden, "python -m tests.report.pictures.charts, and look at it"


def test_nothing_covers_anything() -> None:
    assert_clear(prior(judged()))


def bars(svg: str, line: int) -> list[tuple[float, float]]:
    """Return the ends of the bars of a strip, the thin one first."""
    found = [each for each in ET.fromstring(svg).iter(f"{SVG}rect") if each.attrib.get("class") == f"f{line}"]
    return [(float(e.attrib["x"]), float(e.attrib["x"]) + float(e.attrib["width"])) for e in found]


def test_bars_and_ring_stand_where_the_numbers_lie() -> None:
    judged_ = Strip("as judged", (0.0, 2.5, 5.0, 7.5, 10.0))
    svg = prior(Prior("t", "x", (judged_, Strip("counted", (5.0,)))))
    (low, high), (quarter, three) = bars(svg, 1)
    assert (quarter - low) / (high - low) == pytest.approx(0.25, abs=0.002)
    assert (three - low) / (high - low) == pytest.approx(0.75, abs=0.002)
    rings = [each for each in ET.fromstring(svg).iter(f"{SVG}circle") if each.attrib["r"] == "5"]
    assert float(rings[0].attrib["cx"]) == pytest.approx((low + high) / 2, abs=0.1)


def test_a_number_over_many_sizes_has_a_logarithmic_axis() -> None:
    wide = Strip("as judged", (0.01, 0.1, 1.0, 10.0, 100.0))
    (low, high), (quarter, three) = bars(prior(Prior("t", "x", (wide,))), 1)
    assert quarter - low == pytest.approx(high - three, abs=0.3)  # places have one decimal
    assert quarter - low == pytest.approx((high - low) / 4, abs=0.3)


def test_a_number_that_is_all_but_nothing_leaves_the_axis_even() -> None:
    (low, high), _ = bars(prior(Prior("t", "x", (Strip("as judged", (1e-305, 1.0, 5.0, 7.0, 10.0)),))), 1)
    assert high - low > 200
    assert_clear(prior(Prior("t", "x", (Strip("as judged", (1e-305, 1.0, 1.0, 1.0, 3285.0)),))))


def test_a_grade_is_a_letter_and_no_grade_is_an_empty_ring() -> None:
    def letters(grade: str | None) -> list[str]:
        root = ET.fromstring(prior(replace(judged(), grade=grade)))
        return [each.text or "" for each in root.iter(f"{SVG}text") if len(each.text or "") == 1]

    assert "B" in letters("B")
    assert not {"A", "B", "C"} & set(letters(None))


NUMBERS = st.one_of(
    st.just(()),
    st.tuples(st.floats(-1e5, 1e5)),
    st.lists(st.floats(-1e5, 1e5), min_size=5, max_size=5).map(lambda v: tuple(sorted(v))),
    st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3).map(lambda v: tuple(sorted(v))),
)
WORDS = st.text("abc defghij WM<&", max_size=80)


@settings(max_examples=80, deadline=None)
@given(WORDS, WORDS, st.lists(st.builds(Strip, WORDS, NUMBERS, WORDS), min_size=1, max_size=6))
def test_any_assumption_is_drawn_clear(title: str, axis: str, strips: list[Strip]) -> None:
    if not any(strip.values for strip in strips):
        return
    svg = prior(Prior(title, axis, tuple(strips), "A"))
    assert_clear(svg)
    assert len(svg.encode()) < 60_000


def test_it_asks_nothing_of_the_world() -> None:
    strip = Strip(HOSTILE, (1.0,), HOSTILE)
    assert_clear(prior(Prior(HOSTILE, HOSTILE, (strip,), HOSTILE, notes=(HOSTILE,), description=HOSTILE)))


@pytest.mark.parametrize(
    ("strips", "said"),
    [
        ((), "1 to 6 strips, not 0"),
        ((Strip("a", (1.0, 2.0)),), "2 numbers, not 0, 1, 3 or 5"),
        ((Strip("a", (float("inf"),)),), "not finite"),
        ((Strip("a", (2.0, 1.0, 3.0)),), "not in order"),
        ((Strip("a", ()),), "has a number"),
    ],
)
def test_what_cannot_be_drawn_is_refused(strips: tuple[Strip, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Prior("t", "x", strips)


@pytest.fixture(scope="module")
def counted() -> tuple[Scenario, Findings]:
    scenario = parley.load("which-event-first")
    return scenario, parley.assess(parley.run(scenario, draws=64))


def test_strips_are_the_quantiles_of_prior_and_posterior(counted: tuple[Scenario, Findings]) -> None:
    scenario, findings = counted
    item = next(each for each in findings.assumptions if each.name == "q_other")
    before, seen, after = of_assumption(item, scenario.parameters["q_other"]).strips
    shares = (0.05, 0.25, 0.5, 0.75, 0.95)
    assert before.values == pytest.approx(stats.beta.ppf(shares, 0.5, 0.5), rel=1e-5)
    assert seen.values == (2 / 12,)
    assert after.values == pytest.approx(stats.beta.ppf(shares, 2.5, 10.5), rel=1e-5)


def test_a_rate_with_a_stated_prior(counted: tuple[Scenario, Findings]) -> None:
    scenario, findings = counted
    item = next(each for each in findings.assumptions if each.name == "kappa")
    found = Estimate("rate", 3, 6, (3, 6), STATED, (2.0, 4.0), per="month")
    judgement = Judgement("gamma", (5.0, 0.1), None, None, None, scenario.parameters["kappa"].span, found)
    parameter = replace(scenario.parameters["kappa"], judgement=judgement)
    before, seen, after = of_assumption(item, parameter).strips
    shares = (0.05, 0.25, 0.5, 0.75, 0.95)
    assert before.values == pytest.approx(stats.gamma.ppf(shares, 2.0, scale=1 / 4), rel=1e-5)
    assert (seen.values, seen.detail) == ((0.5,), "3 in 6 months")
    assert after.values == pytest.approx(stats.gamma.ppf(shares, 5.0, scale=0.1), rel=1e-5)
    none = replace(judgement, estimate=replace(found, numbers=(0.5, 0.0), prior=JEFFREYS))
    assert of_assumption(item, replace(parameter, judgement=none)).strips[0].values == ()


def test_only_numbers_with_evidence_beside_the_judgement_have_a_picture(
    counted: tuple[Scenario, Findings],
) -> None:
    scenario, findings = counted
    found = figures(findings, scenario)
    assert [figure.name for figure in found] == ["prior-1"]
    assert found[0].caption.startswith("q_other")
    put = parley.load("which-event-first", {"q_other": "0.3"})
    assert figures(findings, put) == ()


def test_a_judgement_alone_is_one_strip_and_cases_add_another(counted: tuple[Scenario, Findings]) -> None:
    scenario, findings = counted
    item = next(each for each in findings.assumptions if each.name == "kappa")
    parameter = scenario.parameters["kappa"]
    assert [strip.label for strip in of_assumption(item, parameter).strips] == ["as judged"]
    middle = Quantiles(0.1, 0.2, 0.4)
    shift = AssumptionShift("kappa", "parameter", None, None, middle, middle, {}, -0.2, 0.05)
    strips = of_assumption(item, parameter, shift).strips
    assert strips[-1] == Strip("weighted by the cases", (0.1, 0.2, 0.4))
    assert all(a <= b for a, b in pairwise(strips[0].values))


def test_it_takes_30_ms() -> None:
    shown = judged()
    prior(shown)
    began = time.process_time()
    for _ in range(20):
        prior(shown)
    assert (time.process_time() - began) / 20 < 0.030
