"""From findings to pictures of the answer and the claims: one count in words, in dots, in the table."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from parley.errors import FindingsError
from parley.findings import Findings, assess
from parley.report import words
from parley.report.document import Figure
from parley.report.figures.answer import comparisons, dot_plots
from parley.report.figures.claims import strip
from tests.findings.synthetic import POLICIES, results
from tests.report import pages
from tests.report.pictures.answers import SVG, inside

Values = NDArray[np.float64]  # [draw]


def found(margin: Values, *, higher: bool = True) -> Findings:
    """Findings in which the short list beats the status quo by so much, by the first criterion alone."""
    base = results(len(margin))
    signed = margin if higher else -margin
    values = {"status quo": 0 * margin, "short list": signed, "pause": 0 * margin, "uncommitted": 0 * margin}
    comparison = base.scenario.comparison
    assert comparison is not None
    by = (replace(comparison.by[0], higher=higher),)
    scenario = replace(base.scenario, comparison=replace(comparison, by=by))
    criteria = {(0, policy): values[policy] for policy in POLICIES}
    return assess(replace(base, scenario=scenario, criteria=criteria))


def only(figures: tuple[Figure, ...]) -> Figure:
    (figure,) = figures
    inside(figure.svg)
    return figure


def written(figure: Figure) -> str:
    """The words of a picture, in one line."""
    return " ".join(each.text or "" for each in inside(figure.svg).iter(f"{SVG}text"))


def counted(figure: Figure) -> tuple[int, int, int]:
    """Dots in favour, against, and level, as the description has them."""
    said = inside(figure.svg).findtext(f"{SVG}desc") or ""
    numbers = re.match(r"\d+ dots: (\d+) for .*?, (\d+) for .*?(?:, (\d+) at no difference)?\.(?: |$)", said)
    assert numbers is not None, said
    right, left, level = (int(each or 0) for each in numbers.groups())
    return right, left, level


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 300), st.floats(-3, 3), st.sampled_from([20, 50]), st.booleans(), st.integers(0, 999))
def test_dots_count_what_the_words_count(size: int, shift: float, dots: int, higher: bool, seed: int) -> None:
    margin = np.random.default_rng(seed).standard_normal(size) + shift
    findings = found(margin, higher=higher)
    figure = only(dot_plots(findings, dots))
    right, left, level = counted(figure)
    share = float(np.mean(margin > 0))
    assert level == 0
    assert right + left == dots
    # The nearest number of dots, but for where a quantile falls between two readings.
    assert abs(right / dots - share) <= 0.5 / dots + (0 if dots == 50 else 0.02) + 1 / size
    assert findings.verdict is not None
    against = findings.verdict.answers[0].against_baseline
    assert against is not None
    assert words.readings(against).partition(" (")[0].capitalize() in written(figure)


def test_the_words_are_those_of_the_verdict() -> None:
    first, second = dot_plots(pages.divided())
    assert 'In 97 of 100 readings "short list" does better than "status quo"' in written(first)
    assert 'In 18 of 100 readings "short list" does better than "status quo"' in written(second)
    assert "each dot is 5 of 100 readings" in first.caption
    assert (first.name, second.name) == ("answer-1", "answer-2")


@pytest.mark.parametrize(("losing", "said"), [(20, True), (40, True), (60, False)])
def test_what_is_less_than_a_dot_is_said(losing: int, said: bool) -> None:
    margin = np.where(np.arange(1000) < losing, -1.0, 1.0)
    text = written(only(dot_plots(found(margin))))
    assert ("in fewer than 5 of 100 readings, less than one dot" in text) is said
    assert ("in fewer than 2 of 100" in written(only(dot_plots(found(margin), 50)))) is False


def test_ties_lie_on_the_line_and_count_as_half() -> None:
    figure = only(dot_plots(found(np.repeat([-1.0, 0.0, 1.0], [100, 200, 100]))))
    assert counted(figure) == (5, 5, 10)
    text = written(figure)
    assert "In 50 of 100 readings" in text
    assert "Equal in 50 of 100 readings: each counts as half." in text
    level = only(dot_plots(found(np.zeros(64))))
    assert counted(level) == (0, 0, 20)
    assert 'In all 64 readings "short list" and "status quo" are equal' in written(level)


def test_a_dot_between_two_readings_is_no_tie() -> None:
    """The quantile at a quarter of -1, 1, 3 is 0, and yet no reading is level."""
    findings = found(np.array([-1.0, 1.0, 3.0]))
    assert findings.verdict is not None
    margin = findings.verdict.answers[0].margin
    assert margin is not None
    assert margin.dots is not None
    assert 0.0 in margin.dots
    right, left, level = counted(only(dot_plots(findings, 50)))
    assert (right + left, level) == (50, 0)


def test_undefined_readings_have_no_dot_and_are_counted() -> None:
    margin = np.ones(200)
    margin[:50] = np.nan
    figure = only(dot_plots(found(margin)))
    assert "Undefined in 50 of 200 readings, which have no dot." in written(figure)
    assert dot_plots(found(np.full(8, np.nan))) == ()


def test_the_baseline_is_held_against_the_best_of_the_others() -> None:
    base = results()
    comparison = base.scenario.comparison
    assert comparison is not None
    scenario = replace(base.scenario, comparison=replace(comparison, recommend="status quo"))
    first, _ = dot_plots(assess(replace(base, scenario=scenario)))
    assert '"status quo" is the best of 3' in written(first)
    assert "minus the best of the others" in written(first)


def test_the_table_has_the_quantiles() -> None:
    margin = np.linspace(-1, 2, 1001)
    table = only(dot_plots(found(margin))).table
    assert table is not None
    levels = [float(row[0]) / 100 for row in table.rows]
    assert [float(row[1]) for row in table.rows] == pytest.approx(np.quantile(margin, levels), abs=0.006)


def test_nothing_is_counted_where_the_verdict_is_withheld() -> None:
    findings = pages.withheld()
    assert dot_plots(findings) == ()
    first, second = comparisons(findings)
    assert written(first).count("withheld") == len(POLICIES)
    assert "reading by reading" not in written(first) + written(second)


def test_without_a_comparison_there_is_nothing() -> None:
    findings = pages.nothing_compared()
    assert dot_plots(findings) == comparisons(findings) == ()


def test_files_of_before_have_no_dots_but_a_comparison() -> None:
    content = json.loads(pages.divided().to_json())

    def older(value: object) -> object:
        if isinstance(value, dict):
            return {key: older(each) for key, each in value.items() if key not in ("dots", "pairs")}
        return [older(each) for each in value] if isinstance(value, list) else value

    findings = Findings.from_json(json.dumps(older(content)))
    assert dot_plots(findings) == ()
    first, _ = comparisons(findings)
    assert first.table is not None
    assert [row[2] for row in first.table.rows] == ["n/a"] * 4


def test_dots_that_nobody_wrote_are_refused() -> None:
    findings = pages.divided()
    content = json.loads(findings.to_json())
    for part in (content["verdict"]["answers"][0]["margin"], content["measures"][0]["spread"]["pause"]):
        part["dots"] = part["dots"][:7]
    damaged = Findings.from_json(json.dumps(content))
    for draw in (dot_plots, comparisons):
        with pytest.raises(FindingsError, match="7 dots, not 50"):
            draw(damaged)


def test_policies_are_shown_with_what_the_findings_say() -> None:
    first, _ = comparisons(pages.divided())
    text = written(first)
    assert 'By a clean failure, "pause" is most often the best: in 97 of 100 readings' in text
    assert text.count("(recommended)") == 1
    assert "no candidate" in text  # a policy that leaves the player free
    assert 'against "status quo"' in text
    assert 'against "pause"' in text
    table = first.table
    assert table is not None
    assert [row[0] for row in table.rows] == [
        "status quo",
        "short list (recommended)",
        "pause",
        "uncommitted",
        'against "status quo"',
        'against "pause"',
    ]
    clean = results().criteria[0, "short list"]
    quantiles = np.quantile(clean, [0.05, 0.25, 0.5, 0.75, 0.95])
    assert [float(each) for each in table.rows[1][1:6]] == pytest.approx(quantiles, abs=6e-4)


def test_equals_are_named_together() -> None:
    first, _ = comparisons(pages.tied())
    assert '"status quo" and "pause" are equally often the best' in written(first)


def test_a_strip_tells_every_claim_in_order() -> None:
    findings = pages.crowded()
    figure = only(strip(findings))
    assert figure.table is not None
    assert [row[0] for row in figure.table.rows] == [f"C{number}" for number in range(1, 27)]
    names = [each.text or "" for each in inside(figure.svg).iter(f"{SVG}text")]
    places = [names.index(f"C{number}") for number in range(1, 27)]
    assert all(before < after for before, after in pairwise(places))
    assert "The model tests 9 of 26 claims: 3 robust and 6 fails" in written(figure)


def test_a_strip_without_claims_or_measures() -> None:
    findings = pages.divided()
    assert strip(replace(findings, claims=())) == ()
    figure = only(strip(pages.one_policy()))
    assert "derived, not measured: 1" in written(figure)


def test_a_claim_fills_its_box_as_far_as_it_holds() -> None:
    findings = pages.divided()
    rects = [each.attrib for each in inside(only(strip(findings)).svg).iter(f"{SVG}rect")]
    wide = float(next(each["width"] for each in rects if each["class"] == "axis"))
    filled = [float(each["width"]) / wide for each in rects if each["class"].startswith("f")][:2]
    held = [claim.holds.share for claim in findings.claims if claim.holds is not None]
    assert filled == pytest.approx(held, abs=0.003)
